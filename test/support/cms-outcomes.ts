import { BerNode } from '../../src/asn1/reader.js';
import { compressedDataOf } from '../../src/cms/compressed/compressed-data.js';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { digestedDataOf } from '../../src/cms/digested/digested-data.js';
import { encryptedDataOf } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../../src/cms/enveloped/enveloped-data.js';
import { contentTypeName } from '../../src/cms/oids.js';
import { signedDataOf } from '../../src/cms/signed/signed-data.js';
import type { CmsEvent } from '../../src/cms/stream/cms-events.js';
import { kindOf } from '../../src/cms/stream/cms-head.js';
import { CmsReader } from '../../src/cms/stream/cms-reader.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { overwrittenChunks } from './cms-objects.js';

/** What both ways of reading are held to. */
export interface Outcome {
  readonly kind: string;
  /** In hexadecimal. */
  readonly content: string | undefined;
  readonly fields: unknown;
  readonly trailingOctets: number;
}

/** What the function that reads it at once gives, or the code of its error. */
export function inOnePiece(octets: Bytes): Outcome | string {
  try {
    const info = parseContentInfo(octets);
    const kind = kindOf(info.contentType);
    const { trailingOctets } = info;
    switch (kind) {
      case undefined:
        return `cms-wrong-type ${contentTypeName(info.contentType)}`;
      case 'signedData': {
        const signedData = signedDataOf(info);
        return { kind, content: hexOf(signedData.content), fields: fieldsOf(signedData), trailingOctets };
      }
      case 'encryptedData': {
        const encrypted = encryptedDataOf(info);
        return {
          kind,
          content: hexOf(encrypted.encryptedContent.octets),
          fields: fieldsOf(encrypted),
          trailingOctets,
        };
      }
      case 'digestedData': {
        const digested = digestedDataOf(info);
        return { kind, content: hexOf(digested.content), fields: fieldsOf(digested), trailingOctets };
      }
      case 'compressedData': {
        const compressed = compressedDataOf(info);
        return {
          kind,
          content: hexOf(compressed.compressedContent),
          fields: fieldsOf(compressed),
          trailingOctets,
        };
      }
      default: {
        const enveloped = envelopedDataOf(info);
        return {
          kind,
          content: hexOf(enveloped.encryptedContent.octets),
          fields: fieldsOf(enveloped),
          trailingOctets,
        };
      }
    }
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error.code;
  }
}

const hexOf = (octets: Bytes | undefined): string | undefined =>
  octets === undefined ? undefined : encodeHex(octets);

/** Where content stands, or offsets, which differ with and without it. */
const notCompared: ReadonlySet<string> = new Set([
  'node',
  'contentNode',
  'encapsulated',
  'cache',
  'trailingOctets',
]);

/** Everything that a structure holds beside its content, as text. */
function fieldsOf(structure: object): string {
  return JSON.stringify(structure, (key, value: unknown) => {
    if (notCompared.has(key)) return undefined;
    if (value instanceof BerNode) return encodeHex(value.bytes);
    return value instanceof Uint8Array ? encodeHex(value) : value;
  });
}

/** Pushes in chunks of those lengths, the last one for all that is left; each chunk is overwritten before the next. */
export function inPieces(octets: Bytes, lengths: () => number): Outcome | string {
  const reader = new CmsReader();
  const content: Bytes[] = [];
  let hasContent = false;
  let outcome: Outcome | undefined;
  const take = (events: readonly CmsEvent[]): void => {
    for (const event of events) {
      if (event.type === 'head') hasContent = event.hasContent;
      else if (event.type === 'content') content.push(event.octets.slice());
      else if (event.type === 'end') {
        const { kind, ...rest } = event.structure;
        outcome = {
          kind,
          content: hexOf(hasContent ? concatBytes(content) : undefined),
          fields: fieldsOf(Object.values(rest)[0]!),
          trailingOctets: event.trailingOctets,
        };
      }
    }
  };
  try {
    for (const chunk of overwrittenChunks(octets, lengths)) take(reader.push(chunk));
    take(reader.end());
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error.code === 'cms-wrong-type' ? `cms-wrong-type ${error.message.split(' ').at(-1)}` : error.code;
  }
  return outcome!;
}
