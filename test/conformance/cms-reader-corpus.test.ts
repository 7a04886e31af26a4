import { expect, test } from 'vitest';
import { BerNode } from '../../src/asn1/reader.js';
import { compressedDataOf } from '../../src/cms/compressed/compressed-data.js';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { digestedDataOf } from '../../src/cms/digested/digested-data.js';
import { encryptedDataOf } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../../src/cms/enveloped/enveloped-data.js';
import { contentTypeName } from '../../src/cms/oids.js';
import { signedDataOf } from '../../src/cms/signed/signed-data.js';
import { kindOf } from '../../src/cms/stream/cms-head.js';
import { type CmsEvent, CmsReader } from '../../src/cms/stream/cms-reader.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { objectsIn, overwrittenChunks, seededLengths } from '../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';

const sets: readonly (readonly [set: string, atLeast: number])[] = [
  ['openssl-generated', 140],
  ['thunderbird-smime', 60],
  ['rfc4134', 20],
  ['pkits', 1],
  ['mimekit', 1],
  ['nss-interop', 1],
  ['tutorial-1998', 1],
];

/** What both ways of reading are held to. */
interface Outcome {
  readonly kind: string;
  readonly content: Bytes | undefined;
  readonly fields: unknown;
  readonly trailingOctets: number;
}

function inOnePiece(octets: Bytes): Outcome | string {
  try {
    const info = parseContentInfo(octets);
    const kind = kindOf(info.contentType);
    const { trailingOctets } = info;
    switch (kind) {
      case undefined:
        return `cms-wrong-type ${contentTypeName(info.contentType)}`;
      case 'signedData': {
        const signedData = signedDataOf(info);
        return { kind, content: signedData.content, fields: fieldsOf(signedData), trailingOctets };
      }
      case 'encryptedData': {
        const encrypted = encryptedDataOf(info);
        return {
          kind,
          content: encrypted.encryptedContent.octets,
          fields: fieldsOf(encrypted),
          trailingOctets,
        };
      }
      case 'digestedData': {
        const digested = digestedDataOf(info);
        return { kind, content: digested.content, fields: fieldsOf(digested), trailingOctets };
      }
      case 'compressedData': {
        const compressed = compressedDataOf(info);
        return { kind, content: compressed.compressedContent, fields: fieldsOf(compressed), trailingOctets };
      }
      default: {
        const enveloped = envelopedDataOf(info);
        return {
          kind,
          content: enveloped.encryptedContent.octets,
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
function inPieces(octets: Bytes, lengths: () => number): Outcome | string {
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
          content: hasContent ? concatBytes(content) : undefined,
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

for (const [set, atLeast] of sets) {
  describeCorpus(set, () => {
    const objects = listCorpus(set, (path) => !/\.(?:json|md|txt|pem|key|sh)$/.test(path)).flatMap((file) =>
      [...objectsIn(readCorpus(file))].map((octets) => ({ file, octets })),
    );

    test(`${objects.length} objects read in pieces are those read whole`, () => {
      const kinds = new Map<string, number>();
      for (const { file, octets } of objects) {
        const whole = inOnePiece(octets);
        const kind = typeof whole === 'string' ? whole : whole.kind;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        expect(
          inPieces(octets, () => octets.length),
          file,
        ).toEqual(whole);
        expect(
          inPieces(octets, () => 1),
          file,
        ).toEqual(whole);
        for (let seed = 1; seed <= 3; seed++)
          expect(inPieces(octets, seededLengths(seed)), file).toEqual(whole);
      }
      console.log(`${set}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
      expect(objects.length).toBeGreaterThanOrEqual(atLeast);
    });
  });
}
