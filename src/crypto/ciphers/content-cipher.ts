import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derInteger, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { assertGiven } from '../given.js';
import { type AeadAlgorithm, aeadKeyLength, isAeadName } from './aead.js';
import { encodeCbcAlgorithm, readCbcAlgorithm } from './cbc-algorithm.js';
import { type CbcAlgorithm, cbcKeyLength } from './cbc-blocks.js';

/** A cipher for the content of a message: in CBC mode, or one that authenticates. */
export type ContentCipher = CbcAlgorithm | AeadAlgorithm;

/** RFC 5084 §3.2, RFC 8103 §2. */
const aeadOids: Readonly<Record<AeadAlgorithm['name'], string>> = {
  'aes128-gcm': '2.16.840.1.101.3.4.1.6',
  'aes192-gcm': '2.16.840.1.101.3.4.1.26',
  'aes256-gcm': '2.16.840.1.101.3.4.1.46',
  'chacha20-poly1305': '1.2.840.113549.1.9.16.3.18',
};

const aeadNames: ReadonlyMap<string, AeadAlgorithm['name']> = /* @__PURE__ */ new Map(
  Object.entries(aeadOids).map(([name, oid]) => [oid, name as AeadAlgorithm['name']]),
);

/** Whether a cipher authenticates what it encrypts. */
export function isAead(cipher: ContentCipher): cipher is AeadAlgorithm {
  return isAeadName(cipher.name);
}

/** Octets of the key that a cipher takes; for RC2 as many as its bits fill, which is what senders use. */
export function contentKeyLength(cipher: ContentCipher): number {
  return isAead(cipher) ? aeadKeyLength(cipher.name) : cbcKeyLength(cipher);
}

/**
 * The cipher that an AlgorithmIdentifier names, with its vector or nonce:
 * AES-CBC (RFC 3565 §4.1), AES-GCM (RFC 5084 §3.2), ChaCha20-Poly1305
 * (RFC 8103 §2), and what old mail has (RFC 3370 §5).
 *
 * @param algorithmIdentifier the DER or BER of the AlgorithmIdentifier
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the
 * OID for another algorithm, or where its parameters cannot be.
 * @example
 * ```ts
 * import { parseContentCipher } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const identifier = decodeHex('301e060960864801650304012e3011040c' + '00'.repeat(12) + '020110');
 * console.log(parseContentCipher(identifier).name); // aes256-gcm
 * ```
 */
export function parseContentCipher(algorithmIdentifier: Uint8Array): ContentCipher {
  return readContentCipher(readBer(algorithmIdentifier));
}

/** {@link parseContentCipher} of an element that is already read. */
export function readContentCipher(node: BerNode): ContentCipher {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const name = aeadNames.get(decodeOid(identifier));
  if (name === undefined) return readCbcAlgorithm(node);
  if (parameters === undefined) throw unsupported(node, `${name} has no parameters, so no nonce`);
  if (name !== 'chacha20-poly1305') return readGcm(name, parameters);
  const nonce = octetString(parameters).slice();
  if (nonce.length !== 12) {
    throw unsupported(parameters, `the nonce of ${name} has ${nonce.length} octets, not 12`);
  }
  return { name, nonce };
}

/** GCMParameters (RFC 5084 §3.2): a nonce, and the octets of the tag, which are 12 where nothing is said. */
function readGcm(
  name: Exclude<AeadAlgorithm['name'], 'chacha20-poly1305'>,
  parameters: BerNode,
): ContentCipher {
  const [nonceNode, lengthNode, ...more] = sequenceOf(parameters, 'GCMParameters');
  if (nonceNode === undefined || more.length > 0) throw unexpected(parameters, 'GCMParameters');
  const nonce = octetString(nonceNode).slice();
  const length = lengthNode === undefined ? 12 : decodeInteger(lengthNode);
  if (nonce.length === 0) throw unsupported(nonceNode, `the nonce of ${name} is empty`);
  if (length !== 12 && length !== 13 && length !== 14 && length !== 15 && length !== 16) {
    throw unsupported(parameters, `a tag of ${length} octets is not allowed for ${name}, only 12 to 16`);
  }
  return { name, nonce, tagLength: length };
}

function unsupported(node: BerNode, what: string): MailsealError {
  return new MailsealError('crypto-unsupported', what, { offset: node.start });
}

/**
 * The DER of the AlgorithmIdentifier of a cipher, with its vector or nonce.
 * What {@link parseContentCipher} reads.
 *
 * @throws MailsealError `usage` for an unknown name, and for RC2 of another number of bits than 40, 64 or 128.
 * @example
 * ```ts
 * import { encodeContentCipher, parseContentCipher } from 'mailseal/crypto';
 *
 * const identifier = encodeContentCipher({ name: 'chacha20-poly1305', nonce: new Uint8Array(12) });
 * console.log(parseContentCipher(identifier).name); // chacha20-poly1305
 * ```
 */
export function encodeContentCipher(cipher: ContentCipher): Bytes {
  assertGiven(cipher, 'the cipher');
  if (!isAead(cipher)) return encodeCbcAlgorithm(cipher);
  const identifier = derOid(aeadOids[cipher.name]);
  const nonce = derOctetString(cipher.nonce);
  if (cipher.name === 'chacha20-poly1305') return derSequence(identifier, nonce);
  const { tagLength = 16 } = cipher;
  // X.690 §11.5: a DEFAULT is left out.
  const parameters = tagLength === 12 ? [nonce] : [nonce, derInteger(tagLength)];
  return derSequence(identifier, derSequence(...parameters));
}
