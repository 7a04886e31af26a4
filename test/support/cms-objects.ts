import { readBer, Tag } from '../../src/asn1/reader.js';
import { octetString } from '../../src/asn1/values.js';
import { isPem } from '../../src/cms/content-info.js';
import { type Bytes, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { decodePem } from '../../src/encoding/pem.js';
import { parseMessage } from '../../src/mime/message.js';
import { readCorpus } from './corpus.js';
import { listCorpus } from './mime-corpus.js';

/** The sets of the corpus in which there is CMS. */
export const cmsSets = [
  'openssl-generated',
  'thunderbird-smime',
  'rfc4134',
  'pkits',
  'mimekit',
  'nss-interop',
  'tutorial-1998',
  'pkcs12',
] as const;

/** What may be a CMS object in the files of a set of the corpus. */
export function objectsOf(set: string): readonly { readonly file: string; readonly octets: Bytes }[] {
  const files = listCorpus(set, (path) => !/\.(?:json|md|key|sh)$/.test(path));
  return files.flatMap((file) => [...objectsIn(readCorpus(file))].map((octets) => ({ file, octets })));
}

/**
 * What may be a CMS object in a file: the file itself, in PEM or not, what parts of a message hold, blocks of PEM behind
 * other text, and the ContentInfos of which a PKCS #12 file is made.
 */
export function* objectsIn(octets: Bytes): Generator<Bytes, undefined> {
  if (octets[0] === Tag.Sequence || isPem(octets)) {
    yield octets;
    yield* insidePkcs12(octets);
    return;
  }
  const text = latin1FromBytes(octets);
  if (text.includes('-----BEGIN CMS-----') || text.includes('-----BEGIN PKCS7-----')) {
    for (const block of decodePem(text)) if (/^(?:CMS|PKCS7)$/.test(block.label)) yield block.octets;
    return;
  }
  for (const part of parseMessage(octets).walk()) {
    if (part.parts.length > 0) continue;
    const content = part.content();
    if (content[0] === Tag.Sequence) yield content;
  }
}

/** RFC 7292 §4: the ContentInfo that a PFX holds, and those inside of it. */
function* insidePkcs12(octets: Bytes): Generator<Bytes, undefined> {
  const pfx = attempt(() => readBer(octets, { allowTrailing: true }).children);
  const [version, safe] = pfx ?? [];
  if (version?.is(Tag.Integer) !== true || safe?.is(Tag.Sequence) !== true) return;
  const inside = attempt(() => {
    const [string] = safe.children[1]!.children;
    return readBer(octetString(string!)).children.map(({ bytes }) => bytes);
  });
  if (inside === undefined) return;
  yield safe.bytes;
  yield* inside;
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Chunk lengths up to 700 that are the same in every run. */
export function seededLengths(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 16) % 700);
  };
}

/** The octets in chunks of those lengths, each overwritten when the next is asked for. */
export function* overwrittenChunks(octets: Bytes, length: () => number): Generator<Bytes, undefined> {
  for (let at = 0; at < octets.length; ) {
    const chunk = octets.slice(at, at + length());
    at += chunk.length;
    yield chunk;
    chunk.fill(0xa5);
  }
}

/** All that a writer gives for the octets in chunks of those lengths; what it gives is taken before the next chunk. */
export async function writtenInPieces(
  writer: { update(chunk: Bytes): Promise<Bytes>; finish(): Promise<Bytes> },
  octets: Bytes,
  lengths: () => number,
): Promise<Bytes> {
  const given: Bytes[] = [];
  for (const chunk of overwrittenChunks(octets, lengths)) given.push((await writer.update(chunk)).slice());
  given.push(await writer.finish());
  return concatBytes(given);
}
