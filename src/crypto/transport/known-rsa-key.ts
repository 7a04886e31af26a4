import { derInteger, derSequence } from '../../asn1/writer.js';
import { decodeHex } from '../../encoding/hex.js';
import { bytesFromInteger, integerFromBytes, inverseModulo } from '../big-integer.js';
import { rsaPrimes } from '../engines/known-answer-vectors.js';
import { type RsaPrivateKey, rsaPrivateKey } from '../keys/private-key.js';

/** The RSA key of the known answers, made anew each time: whoever asks keeps nothing of it. */
export function knownRsaKey(): RsaPrivateKey {
  const [p, q] = [integerFromBytes(decodeHex(rsaPrimes.p)), integerFromBytes(decodeHex(rsaPrimes.q))];
  const d = inverseModulo(65537n, (p - 1n) * (q - 1n))!;
  const modulus = bytesFromInteger(p * q, 192);
  const exponent = Uint8Array.of(1, 0, 1);
  const pkcs1 = derSequence(derInteger(modulus), derInteger(exponent));
  return rsaPrivateKey(
    { kind: 'rsa', modulus, exponent, bits: 1536, pkcs1, pssOnly: false },
    {
      d: bytesFromInteger(d, 192),
      p: bytesFromInteger(p, 96),
      q: bytesFromInteger(q, 96),
      dp: bytesFromInteger(d % (p - 1n), 96),
      dq: bytesFromInteger(d % (q - 1n), 96),
      qInv: bytesFromInteger(inverseModulo(q, p)!, 96),
    },
  );
}
