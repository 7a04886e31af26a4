/**
 * From the labels that mail gives its charsets to text.
 *
 * @module
 */
export { type CharsetDecoder, createCharsetDecoder, type DecodedText, decodeCharset } from './decoder.js';
export { encodeCharset } from './encoder.js';
export { type Charset, lookupCharset } from './label.js';
export {
  decodeModifiedUtf7,
  encodeModifiedUtf7,
  ModifiedUtf7Decoder,
  ModifiedUtf7Encoder,
} from './modified-utf7.js';
