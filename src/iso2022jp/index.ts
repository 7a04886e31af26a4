/**
 * ISO-2022-JP, the charset of Japanese mail (RFC 1468): decoding as the
 * Encoding Standard's state machine has it, with its table embedded.
 *
 * @module
 */

export { type DecodeOptions, Decoder, decode } from './decode.js';
export { type DetectedCharset, type Detection, detectCharset } from './detect.js';
