import { derBitString, derInteger, derNull, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { encodeSignatureAlgorithm } from '../signatures/signature-identifier.js';
import { oidOfCurve } from './curves.js';
import type { PublicKey } from './public-key.js';

/** RFC 8410 §3. */
const edwardsOids = {
  x25519: '1.3.101.110',
  x448: '1.3.101.111',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
} as const;

/**
 * The DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), what
 * {@link parsePublicKey} reads. A compressed point stays compressed.
 *
 * @example
 * ```ts
 * import { encodePublicKey, type PublicKey } from 'mailseal/crypto';
 *
 * const key: PublicKey = { kind: 'ed25519', key: new Uint8Array(32).fill(7) };
 * console.log(encodePublicKey(key).length); // 44
 * ```
 */
export function encodePublicKey(key: PublicKey): Bytes {
  switch (key.kind) {
    case 'rsa':
      return info(rsaIdentifier(key), key.pkcs1);
    case 'ec':
      return info(derSequence(derOid('1.2.840.10045.2.1'), derOid(oidOfCurve(key.curve))), key.point);
    case 'dsa': {
      const { parameters } = key;
      const values =
        parameters === undefined
          ? []
          : [derSequence(derInteger(parameters.p), derInteger(parameters.q), derInteger(parameters.g))];
      return info(derSequence(derOid('1.2.840.10040.4.1'), ...values), derInteger(key.y));
    }
    default:
      return info(derSequence(derOid(edwardsOids[key.kind])), key.key);
  }
}

function rsaIdentifier({ pssOnly, pssParameters }: Extract<PublicKey, { kind: 'rsa' }>): Bytes {
  if (!pssOnly) return derSequence(derOid('1.2.840.113549.1.1.1'), derNull());
  // RFC 4055 §1.2: a key for PSS only has the signature's identifier, without parameters where it restricts nothing.
  return pssParameters === undefined
    ? derSequence(derOid('1.2.840.113549.1.1.10'))
    : encodeSignatureAlgorithm({ name: 'rsa-pss', ...pssParameters });
}

function info(algorithm: Bytes, subjectPublicKey: Bytes): Bytes {
  return derSequence(algorithm, derBitString(subjectPublicKey));
}
