import type { Bytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import { decodePlainBase64, plainBase64Room } from '../encoding/plain-base64.js';
import { type DecodedContent, undoTransferEncoding } from './transfer-encoding.js';

/** What short bodies are decoded to whose text alone is wanted. It holds nothing between calls. */
const scratch: Bytes = /* @__PURE__ */ new Uint8Array(8192);
const scratchView: DataView = /* @__PURE__ */ new DataView(scratch.buffer);
/** A body that is as long as its encoding lets it be, with what decoders want beyond, fits the scratch memory. */
const SHORT = 8000;

/**
 * Undoes the transfer encoding of a short body for somebody who reads its
 * octets and keeps none of them: memory of its own costs as much as decoding.
 * `undefined` where the body is not encoded, or not short.
 *
 * @param offset of the body's first octet
 */
export function readShortContent<T>(
  encoding: string,
  body: Bytes,
  offset: number,
  engine: Engine,
  read: (decoded: DecodedContent) => T,
): T | undefined {
  if (body.length > SHORT || (encoding !== 'base64' && encoding !== 'quoted-printable')) return undefined;
  try {
    return read(shortContent(encoding, body, offset, engine));
  } finally {
    scratch.fill(0, 0, encoding === 'base64' ? plainBase64Room(body.length) : body.length);
  }
}

function shortContent(encoding: string, body: Bytes, offset: number, engine: Engine): DecodedContent {
  if (encoding === 'base64' && engine !== 'native') {
    const characters = new DataView(body.buffer, body.byteOffset, body.length);
    const length = decodePlainBase64(characters, 0, body.length, scratchView, 0);
    if (length >= 0) return { content: scratch.subarray(0, length), defects: NO_DEFECTS };
  }
  return undoTransferEncoding(encoding, body, offset, engine, scratch);
}

const NO_DEFECTS: DecodedContent['defects'] = /* @__PURE__ */ Object.freeze([]);
