/**
 * ISO-2022-JP, the charset of Japanese mail (RFC 1468), and the charsets that
 * grew out of it: reading what mail has really contained, or exactly what the
 * Encoding Standard reads; writing in several profiles; telling the charsets of
 * Japanese text apart. The tables are embedded.
 *
 * @module
 */

export type { CharacterSetName } from './character-set.js';
export { type DecodeOptions, Decoder, decode } from './decode.js';
export { decodeWeb, type WebDecodeOptions, WebDecoder } from './decode-web.js';
export { type DetectedCharset, type Detection, detectCharset } from './detect.js';
export {
  type EncodeOptions,
  Encoder,
  encode,
} from './encode.js';
export { encodeChunks } from './encode-chunks.js';
export { encodeWeb } from './encode-web.js';
export type { EncodeProfile } from './profiles.js';
export { decoderStream, encoderStream, type PlatformTransformStream, type TransformEnds } from './streams.js';
export type { OnUnmappable } from './unmappable.js';
