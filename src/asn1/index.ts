/**
 * ASN.1 as mail needs it: a zero-copy reader for BER (X.690), decoders for the
 * values inside, and a writer for DER.
 *
 * @module asn1
 */
export { decodeOid, oidContent, oidFromContent } from './oid.js';
export { type BerLimits, BerNode, type ReadBerOptions, readBer, Tag } from './reader.js';
export { decodeTime } from './time.js';
export { type ToDerOptions, toDer } from './to-der.js';
export {
  type BitString,
  bitAt,
  bitString,
  bitStringContent,
  decodeBoolean,
  decodeInteger,
  decodeString,
  integerBytes,
  isString,
  octetString,
  sequenceOf,
  setOf,
  stringOctets,
  unsignedBytes,
} from './values.js';
export {
  compareOctets,
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derIa5String,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derPrintableString,
  derSequence,
  derSetOf,
  derTime,
  derUtf8String,
} from './writer.js';
