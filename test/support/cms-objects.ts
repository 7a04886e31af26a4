import type { Bytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';

/** What may be a CMS object in a file: the file itself, or what parts of a message hold. */
export function* objectsIn(octets: Bytes): Generator<Bytes, undefined> {
  if (octets[0] === 0x30) {
    yield octets;
    return;
  }
  for (const part of parseMessage(octets).walk()) {
    if (part.parts.length > 0) continue;
    const content = part.content();
    if (content[0] === 0x30) yield content;
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
