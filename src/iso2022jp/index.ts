/**
 * ISO-2022-JP, the charset of Japanese mail (RFC 1468): decoding as the
 * Encoding Standard's state machine has it, with its table embedded.
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
