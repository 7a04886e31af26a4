import { derInteger, derOctetString, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import type { RsaPublicKey } from './public-key.js';

// Every layer of DER is a copy of what is inside it: of secrets none is left behind.

/** The numbers of an RSA private key that are secret. */
export interface RsaPrivateNumbers {
  readonly d: Bytes;
  readonly p: Bytes;
  readonly q: Bytes;
  readonly dp: Bytes;
  readonly dq: Bytes;
  readonly qInv: Bytes;
}

/** A SEQUENCE, whose elements are overwritten: they have to be copies of their own. */
export function wipingSequence(...elements: readonly Bytes[]): Bytes {
  const whole = derSequence(...elements);
  for (const element of elements) element.fill(0);
  return whole;
}

/** A PrivateKeyInfo (RFC 5208 §5, version 0); `privateKey` is overwritten. The caller wipes what it gets. */
export function privateKeyInfoDer(algorithm: Bytes, privateKey: Bytes): Bytes {
  const wrapped = derOctetString(privateKey);
  privateKey.fill(0);
  const whole = derSequence(derInteger(0), algorithm, wrapped);
  wrapped.fill(0);
  return whole;
}

/** RSAPrivateKey (RFC 8017 §A.1.2). The caller wipes it. */
export function rsaPrivateKeyDer(
  { modulus, exponent }: RsaPublicKey,
  { d, p, q, dp, dq, qInv }: RsaPrivateNumbers,
): Bytes {
  const numbers = [modulus, exponent, d, p, q, dp, dq, qInv];
  return wipingSequence(derInteger(0), ...numbers.map((number) => derInteger(number)));
}
