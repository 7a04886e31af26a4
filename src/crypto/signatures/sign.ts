import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { assertGiven } from '../given.js';
import type { CurveName } from '../keys/curves.js';
import type { PrivateKey } from '../keys/private-key.js';
import type { PublicKey } from '../keys/public-key.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import type { RandomOptions } from '../random.js';
import { signEcdsa } from './sign-ecdsa.js';
import { signEdwards } from './sign-eddsa.js';
import { signRsaPkcs1, signRsaPss } from './sign-rsa.js';
import { isSameAlgorithm, type SignatureAlgorithm } from './signature-algorithm.js';

/**
 * Whatever makes signatures: {@link createSigner} makes one of a private key;
 * for a smart card or a key server write your own.
 */
export interface Signer {
  /** How its signatures are made. */
  readonly algorithm: SignatureAlgorithm;
  /** The key that verifies them. */
  readonly publicKey: PublicKey;
  /** A signature over the octets, which are not digested yet; for ECDSA the DER of the two numbers. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** What {@link createSigner} takes beside the key. */
export interface CreateSignerOptions extends EngineOptions, RandomOptions {
  /** Default: see {@link defaultSignatureAlgorithm}. */
  readonly algorithm?: SignatureAlgorithm;
}

/** What {@link signData} takes. */
export interface SignDataOptions extends CreateSignerOptions {
  /** The signer's key, as {@link parsePrivateKey} reads it. Give the same object again: its native form is kept with it. */
  readonly privateKey: PrivateKey;
  /** The octets to sign, not their digest. */
  readonly data: Uint8Array;
}

/**
 * Signs octets.
 *
 * RSA and, in TypeScript, ECDSA signatures differ from one time to the next
 * where the scheme has a salt or a nonce. RSA signatures, and Edwards
 * signatures of native code, are checked with the public key before they are
 * given out. Native code signs where the runtime has it, but ECDSA with a
 * `random` source is made in TypeScript, since the runtime draws its nonces
 * itself. RSA in TypeScript is blinded, yet BigInt arithmetic is never constant
 * in time: prefer an engine of the runtime's for keys that matter.
 *
 * @throws MailsealError `usage` when the key was wiped, is of another kind than
 * the algorithm wants or is restricted to something else; `crypto-unsupported`
 * for DSA (it is read in old mail, not written), for keys that do not sign, a
 * digest that the scheme is not defined with, an RSA key too short for it;
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime cannot,
 * or a `random` source is given for ECDSA.
 * @example
 * ```ts
 * import { generateKeyPair, signData, verifySignature } from 'mailseal/crypto';
 *
 * const { privateKey, publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const data = new TextEncoder().encode('octets to sign');
 * const algorithm = { name: 'ecdsa', digest: 'sha256' } as const;
 * const signature = await signData({ privateKey, algorithm, data });
 * console.log(await verifySignature({ publicKey, algorithm, data, signature })); // true
 * ```
 */
export async function signData(options: SignDataOptions): Promise<Bytes> {
  assertGiven(options, 'the options');
  const { privateKey: key } = options;
  assertUsable(key);
  const algorithm = options.algorithm ?? defaultSignatureAlgorithm(key.publicKey);
  checkFits(algorithm, key.publicKey);
  const data = asBytes(options.data);
  if (key.kind === 'rsa') {
    if (algorithm.name === 'rsa-pkcs1') return signRsaPkcs1(key, algorithm.digest, data, options);
    if (algorithm.name === 'rsa-pss') return signRsaPss(key, algorithm, data, options);
  }
  if (key.kind === 'ec' && algorithm.name === 'ecdsa') return signEcdsa(key, algorithm.digest, data, options);
  if (key.kind !== 'rsa' && key.kind !== 'ec' && key.kind !== 'dsa') {
    if (algorithm.name === 'ed25519' || algorithm.name === 'ed448') {
      return signEdwards(algorithm.name, key, data, options.engine);
    }
  }
  throw new MailsealError('crypto-unsupported', `signatures of ${algorithm.name} are not made here`);
}

/**
 * A {@link Signer} of a private key.
 *
 * @throws MailsealError as {@link signData}, at once where key and algorithm do not fit.
 * @example
 * ```ts
 * import { createSigner, generateKeyPair } from 'mailseal/crypto';
 *
 * const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
 * const signer = createSigner(privateKey);
 * console.log((await signer.sign(new Uint8Array([1, 2, 3]))).length); // 64
 * ```
 */
export function createSigner(privateKey: PrivateKey, options: CreateSignerOptions = {}): Signer {
  assertUsable(privateKey);
  const { publicKey } = privateKey;
  const algorithm = options.algorithm ?? defaultSignatureAlgorithm(publicKey);
  checkFits(algorithm, publicKey);
  return {
    algorithm,
    publicKey,
    sign: (data) => signData({ ...options, algorithm, privateKey, data }),
  };
}

function assertUsable(key: PrivateKey): void {
  assertGiven(key, 'the private key');
  // Node's KeyObject and WebCrypto's CryptoKey have none.
  assertGiven(key.publicKey, 'the `publicKey` of the private key, as `parsePrivateKey` gives it,');
  assertNotWiped(key);
}

/** FIPS 186-5 §6.1.1: a digest at least as strong as the curve. */
const curveDigests: Readonly<Record<CurveName, 'sha256' | 'sha384' | 'sha512'>> = {
  'P-224': 'sha256',
  'P-256': 'sha256',
  'P-384': 'sha384',
  'P-521': 'sha512',
  brainpoolP256r1: 'sha256',
  brainpoolP384r1: 'sha384',
  brainpoolP512r1: 'sha512',
};

/**
 * How a key signs where nothing else is said: RSA by PKCS #1 v1.5 with
 * SHA-256, which every mail program reads (PSS, with the parameters that it
 * names, for a key that is restricted to that); on a curve ECDSA with the
 * digest of its strength; Edwards keys in their one way.
 *
 * @throws MailsealError `crypto-unsupported` for keys that do not sign here: DSA, X25519 and X448.
 * @example
 * ```ts
 * import { defaultSignatureAlgorithm, generateKeyPair } from 'mailseal/crypto';
 *
 * const { publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-384' });
 * console.log(defaultSignatureAlgorithm(publicKey)); // { name: 'ecdsa', digest: 'sha384' }
 * ```
 */
export function defaultSignatureAlgorithm(key: PublicKey): SignatureAlgorithm {
  switch (key.kind) {
    case 'rsa':
      if (!key.pssOnly) return { name: 'rsa-pkcs1', digest: 'sha256' };
      return {
        name: 'rsa-pss',
        ...(key.pssParameters ?? { digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 }),
      };
    case 'ec':
      return { name: 'ecdsa', digest: curveDigests[key.curve] };
    case 'ed25519':
    case 'ed448':
      return { name: key.kind };
    default:
      throw new MailsealError('crypto-unsupported', `a key of the kind ${key.kind} makes no signatures here`);
  }
}

/** A key signs in the ways of its kind only, and one restricted to PSS by those parameters (RFC 4055 §3.3). */
function checkFits(algorithm: SignatureAlgorithm, key: PublicKey): void {
  assertGiven(algorithm, 'the algorithm');
  if (
    algorithm.name === 'rsa-pss' &&
    !(Number.isInteger(algorithm.saltLength) && algorithm.saltLength >= 0)
  ) {
    throw usage('the saltLength of rsa-pss is a whole number of at least 0');
  }
  if (algorithm.name === 'dsa') {
    throw new MailsealError('crypto-unsupported', 'DSA signatures are verified in old mail and not made');
  }
  const wanted = { 'rsa-pkcs1': 'rsa', 'rsa-pss': 'rsa', ecdsa: 'ec', ed25519: 'ed25519', ed448: 'ed448' };
  if (wanted[algorithm.name] !== key.kind) {
    throw usage(`a key of the kind ${key.kind} cannot sign with ${algorithm.name}`);
  }
  if (key.kind !== 'rsa' || !key.pssOnly) return;
  const { pssParameters } = key;
  const atLeast =
    (algorithm.name === 'rsa-pss' ? algorithm.saltLength : 0) >= (pssParameters?.saltLength ?? 0);
  const allowed =
    algorithm.name === 'rsa-pss' &&
    atLeast &&
    (pssParameters === undefined ||
      isSameAlgorithm({ ...algorithm, saltLength: 0 }, { name: 'rsa-pss', ...pssParameters, saltLength: 0 }));
  if (!allowed) {
    throw usage('the RSA key is restricted to RSASSA-PSS with other parameters');
  }
}
