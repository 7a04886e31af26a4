import { type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { type DigestName, digest, digestLength } from '../digests/digest.js';
import { type HmacDigestName, hmacDigest } from '../digests/hmac.js';
import { iterateDigest } from '../digests/iterated-digest.js';

/** What a derivation is for: the ID octet of RFC 7292 appendix B.3. */
export type Pkcs12Purpose = 'key' | 'iv' | 'mac';

const purposeOctets = { key: 1, iv: 2, mac: 3 } as const;

/** The digests that this derivation is defined with: HMAC's but for SHA-512/224, which is no digest of ours. */
export type Pkcs12Digest = Exclude<HmacDigestName, 'sha512-224'>;

/** What {@link pkcs12Key} takes. */
export interface Pkcs12Derivation {
  readonly digest: Pkcs12Digest;
  /** As octets: a BMPString with two zero octets behind, or none at all. */
  readonly password: Bytes;
  readonly salt: Bytes;
  readonly iterations: number;
  readonly purpose: Pkcs12Purpose;
  readonly length: number;
}

/** How many runs of the digest a derivation takes, as a limit counts them. */
export function pkcs12Rounds(digestName: DigestName, iterations: number, length: number): number {
  return iterations * Math.ceil(length / digestLength(digestName));
}

/** The key derivation of PKCS#12 (RFC 7292 appendix B.2), which nothing else uses. */
export function pkcs12Key(asked: Pkcs12Derivation, options: EngineOptions = {}): Bytes {
  const { digest: name, password, salt, iterations, length } = asked;
  const u = digestLength(name);
  const v = hmacDigest(name).blockLength;
  const diversifier = new Uint8Array(v).fill(purposeOctets[asked.purpose]);
  const repeatedPassword = repeated(password, v);
  const input = concatBytes([repeated(salt, v), repeatedPassword]);
  const secrets = [repeatedPassword, input];
  const output = new Uint8Array(length);
  for (let at = 0; at < length; at += u) {
    const diversified = concatBytes([diversifier, input]);
    const first = digest(name, diversified, options);
    const block = iterateDigest(name, first, iterations - 1, options);
    output.set(block.subarray(0, length - at), at);
    const addend = repeated(block, v);
    if (at + u < length) addToBlocks(input, addend, v);
    secrets.push(diversified, first, block, addend);
  }
  for (const secret of secrets) secret.fill(0);
  return output;
}

/** Copies of octets one after the other, up to the next multiple of v; nothing stays nothing. */
function repeated(octets: Bytes, v: number): Bytes {
  const whole = new Uint8Array(Math.ceil(octets.length / v) * v);
  for (let at = 0; at < whole.length; at++) whole[at] = octets[at % octets.length]!;
  return whole;
}

/** Step 6 C: each block of v octets, as a number, becomes itself plus B plus 1, modulo 2 to the 8v. */
function addToBlocks(input: Bytes, b: Bytes, v: number): void {
  for (let at = 0; at < input.length; at += v) {
    let carry = 1;
    for (let i = v - 1; i >= 0; i--) {
      carry += input[at + i]! + b[i]!;
      input[at + i] = carry;
      carry >>= 8;
    }
  }
}
