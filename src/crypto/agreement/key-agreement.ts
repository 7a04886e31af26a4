import { decodeOid } from '../../asn1/oid.js';
import type { BerNode } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { derExplicit, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { encodeKeyWrap, type KeyWrapName, readKeyWrap, wrapKeyLength } from '../wrap/key-wrap-algorithm.js';
import { hkdfOf } from './hkdf.js';
import { x963KdfOf } from './x963-kdf.js';

/**
 * How a key-encryption key comes from an agreement on an elliptic curve: RFC 5753 §7.1.4
 * with the KDF of X9.63, RFC 8418 §2.2 with HKDF. All curves here have the
 * cofactor 1 or, X25519 and X448, have it in the scalar: both schemes give the same.
 */
export type KeyAgreementScheme =
  | {
      readonly name: 'ecdh-std' | 'ecdh-cofactor';
      readonly kdf: 'x963';
      readonly digest: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
    }
  | { readonly name: 'ecdh-std'; readonly kdf: 'hkdf'; readonly digest: 'sha256' | 'sha384' | 'sha512' };

/** The keyEncryptionAlgorithm of a KeyAgreeRecipientInfo. */
export interface KeyAgreement {
  readonly scheme: KeyAgreementScheme;
  /** The wrap of the content key, which is the scheme's parameter. */
  readonly wrap: KeyWrapName;
  /** The DER of the wrap's AlgorithmIdentifier as it was received; it goes into the derivation. */
  readonly keyInfo: Bytes;
}

const x963Digests = ['sha224', 'sha256', 'sha384', 'sha512'] as const;

/** RFC 5753 §7.1.4, RFC 8418 §7. */
const schemes: readonly (readonly [oid: string, scheme: KeyAgreementScheme])[] = /* @__PURE__ */ (() => [
  ['1.3.133.16.840.63.0.2', { name: 'ecdh-std', kdf: 'x963', digest: 'sha1' }],
  ['1.3.133.16.840.63.0.3', { name: 'ecdh-cofactor', kdf: 'x963', digest: 'sha1' }],
  ...x963Digests.map(
    (digest, i) => [`1.3.132.1.11.${i}`, { name: 'ecdh-std', kdf: 'x963', digest }] as const,
  ),
  ...x963Digests.map(
    (digest, i) => [`1.3.132.1.14.${i}`, { name: 'ecdh-cofactor', kdf: 'x963', digest }] as const,
  ),
  ['1.2.840.113549.1.9.16.3.19', { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha256' }],
  ['1.2.840.113549.1.9.16.3.20', { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha384' }],
  ['1.2.840.113549.1.9.16.3.21', { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha512' }],
])();

/**
 * The scheme and the wrap that the AlgorithmIdentifier of a key agreement names.
 *
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the OID for
 * another scheme (1-pass ECMQV, finite-field Diffie-Hellman) or another wrap.
 */
export function readKeyAgreement(node: BerNode): KeyAgreement {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  const scheme = schemes.find(([each]) => each === oid)?.[1];
  if (scheme === undefined) {
    throw new MailsealError('crypto-unsupported', `the key agreement ${oid} is not known here`, {
      offset: node.start,
    });
  }
  if (parameters === undefined) throw unexpected(node, 'a key agreement that names its key wrap');
  return { scheme, wrap: readKeyWrap(parameters), keyInfo: toDer(parameters) };
}

/**
 * The DER of the AlgorithmIdentifier of a key agreement.
 *
 * @throws MailsealError `usage` for a scheme that is not known.
 */
export function encodeKeyAgreement(scheme: KeyAgreementScheme, wrap: KeyWrapName): Bytes {
  for (const [oid, { name, kdf, digest }] of schemes) {
    if (name === scheme.name && kdf === scheme.kdf && digest === scheme.digest) {
      return derSequence(derOid(oid), encodeKeyWrap(wrap));
    }
  }
  throw usage(`there is no ${scheme.name} with ${scheme.kdf} and ${scheme.digest}`);
}

/** What {@link deriveKek} takes. */
export interface DeriveKekOptions extends EngineOptions {
  readonly scheme: KeyAgreementScheme;
  readonly wrap: KeyWrapName;
  /** What was agreed upon; it is left as it is, for the caller to wipe. */
  readonly secret: Uint8Array;
  /** The user keying material of the KeyAgreeRecipientInfo. */
  readonly ukm?: Uint8Array;
  /** The DER of the wrap's AlgorithmIdentifier where it was received and may differ from ours. */
  readonly keyInfo?: Uint8Array;
}

/**
 * The key-encryption key of a shared secret, as long as the wrap wants it.
 *
 * @throws MailsealError `usage`, `crypto-engine-unavailable`.
 */
export function deriveKek(options: DeriveKekOptions): Bytes {
  const { scheme, wrap, ukm, engine } = options;
  const length = wrapKeyLength(wrap);
  const info = sharedInfo(options.keyInfo ?? encodeKeyWrap(wrap), ukm, length);
  const by = engine === undefined ? {} : { engine };
  const secret = asBytes(options.secret);
  if (scheme.kdf === 'x963') return x963KdfOf(secret, { digest: scheme.digest, info, length, ...by });
  // RFC 8418 §2.2: the ukm, where there is one, is the salt beside being in the SharedInfo.
  const salt = ukm === undefined ? {} : { salt: ukm };
  return hkdfOf(secret, { digest: scheme.digest, info, length, ...salt, ...by });
}

/** ECC-CMS-SharedInfo (RFC 5753 §7.2): the wrap, the ukm, and the length of the key in bits. */
function sharedInfo(keyInfo: Uint8Array, ukm: Uint8Array | undefined, length: number): Bytes {
  const bits = new Uint8Array(4);
  new DataView(bits.buffer).setUint32(0, 8 * length);
  const entity = ukm === undefined ? [] : [derExplicit(0, derOctetString(ukm))];
  return derSequence(keyInfo, ...entity, derExplicit(2, derOctetString(bits)));
}
