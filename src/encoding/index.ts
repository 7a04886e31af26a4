/**
 * The encodings of mail on the wire: base64 (strict, and MIME's lenient one),
 * quoted-printable, uuencode, hexadecimal, PEM, canonical line ends,
 * Punycode and the two forms of domains.
 *
 * @module
 */
export type { Engine, EngineOptions } from '../core/engine.js';
export { decodeBase64, encodeBase64 } from './base64.js';
export type { DecodedOctets, EncodingDefect, EncodingDefectCode } from './defects.js';
export { domainToAscii, domainToUnicode } from './domain.js';
export { decodeHex, encodeHex } from './hex.js';
export { canonicalLineEnds, LineEndCanonicalizer } from './line-ends.js';
export { encodeMimeBase64, MimeBase64Encoder, type MimeBase64Options } from './mime-base64.js';
export { decodeMimeBase64, MimeBase64Decoder } from './mime-base64-decoder.js';
export type { OutputOptions } from './output.js';
export { decodePem, encodePem, type PemBlock } from './pem.js';
export { decodePunycode, encodePunycode } from './punycode.js';
export { decodeQuotedPrintable, QuotedPrintableDecoder } from './quoted-printable.js';
export {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
  type QuotedPrintableOptions,
} from './quoted-printable-encoder.js';
export { type DecodedUuencode, decodeUuencode, UuencodeDecoder, type UuencodeHeader } from './uuencode.js';
