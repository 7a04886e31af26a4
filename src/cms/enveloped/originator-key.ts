import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { derBitString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { oidOfCurve } from '../../crypto/keys/curves.js';
import { type PublicKey, parsePublicKey } from '../../crypto/keys/public-key.js';
import { encodePublicKey } from '../../crypto/keys/public-key-info.js';
import type { KeyAgreementOriginator } from './key-agreement-recipient.js';
import type { SenderCertificates } from './sender-certificates.js';

/** id-ecPublicKey, and id-ecDH of RFC 5480 §2.1.2, for which some senders say that their key is. */
const ecOids: ReadonlySet<string> = /* @__PURE__ */ new Set(['1.2.840.10045.2.1', '1.3.132.1.12']);

/**
 * The sender's key of a key agreement, in the form that the recipient's own has.
 *
 * @param own the recipient's public key, which says what the sender leaves out
 * @param certificates where a sender is looked for who names his certificate
 * @throws MailsealError `cms-unsupported` where it is of another kind or curve or not at hand, `crypto-*` or `asn1-*` where it is none.
 */
export function originatorKey(
  originator: KeyAgreementOriginator,
  own: PublicKey,
  certificates: SenderCertificates,
): PublicKey {
  if (originator.kind === 'originatorKey') return sentKey(originator.algorithm, originator.publicKey, own);
  const certificate = certificates.find(originator);
  if (certificate !== undefined) return sameCurve(certificate.publicKey, own);
  throw new MailsealError(
    'cms-unsupported',
    'the key was agreed on with a certificate of the sender’s that is not at hand; give it in `certificates`',
  );
}

function sameCurve(key: PublicKey, own: PublicKey): PublicKey {
  const isSame = key.kind === 'ec' && own.kind === 'ec' ? key.curve === own.curve : key.kind === own.kind;
  if (isSame) return key;
  throw new MailsealError(
    'cms-unsupported',
    'the sender’s key is of another kind or curve than the recipient’s',
  );
}

function sentKey(algorithm: BerNode, publicKey: Bytes, own: PublicKey): PublicKey {
  const [identifier, parameters] = sequenceOf(algorithm, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(algorithm, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  const bits = derBitString(publicKey);
  if (own.kind !== 'ec') return parsePublicKey(derSequence(derSequence(derOid(oid)), bits));
  if (!ecOids.has(oid)) {
    throw new MailsealError('cms-unsupported', `the sender’s key is of the algorithm ${oid}, not on a curve`);
  }
  // RFC 5753 §3.1.1: the parameters are absent, NULL or the recipient's curve.
  const curve = oidOfCurve(own.curve);
  if (parameters?.is(Tag.ObjectIdentifier) === true && decodeOid(parameters) !== curve) {
    throw new MailsealError('cms-unsupported', 'the sender’s key is on another curve than the recipient’s');
  }
  return parsePublicKey(derSequence(derSequence(derOid('1.2.840.10045.2.1'), derOid(curve)), bits));
}

/** The DER of an OriginatorIdentifierOrKey that is a key (RFC 5753 §3.1.1, RFC 8418 §2). */
export function encodeOriginatorKey(key: PublicKey): Bytes {
  const spki = encodePublicKey(key);
  // A SubjectPublicKeyInfo under another tag.
  spki[0] = 0xa1;
  return spki;
}
