import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromInteger } from '../big-integer.js';
import { type RandomOptions, randomInteger, randomOctets } from '../random.js';
import { type CurveName, coordinateLength, isCurve, orderOfCurve } from './curves.js';
import { generateRsa } from './generate-rsa.js';
import { ecPrivateKey, edwardsPrivateKey, type PrivateKey } from './private-key.js';
import type { EdwardsPublicKey, PublicKey } from './public-key.js';

/** Which key {@link generateKeyPair} makes. */
export type KeyPairKind =
  | {
      readonly kind: 'rsa';
      /** Length of the modulus: 2,048 to 8,192 in steps of 8, default 3,072. The exponent is 65,537. */
      readonly bits?: number;
    }
  | { readonly kind: 'ec'; readonly curve: CurveName }
  | { readonly kind: EdwardsPublicKey['kind'] };

/** What {@link generateKeyPair} takes beside the kind. */
export interface GenerateKeyPairOptions extends EngineOptions, RandomOptions {
  /** Ends the search for RSA primes; native code at work is not stopped, but what it finds is let go. */
  readonly signal?: AbortSignalLike;
}

/** A private key and the public key that belongs to it. */
export interface KeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

const seedLengths = { ed25519: 32, ed448: 57, x25519: 32, x448: 56 } as const;

/**
 * Makes a key pair.
 *
 * RSA primes are found by the runtime where it can, which then goes on with
 * other work: TypeScript blocks for a second or more (probable primes,
 * FIPS 186-5 §A.1.3). A `random` source makes everything in TypeScript, from
 * what the source gives.
 *
 * @throws MailsealError `usage` for a size or kind that is not made here, or a
 * `random` source that gives no primes; `aborted`; `crypto-engine-unavailable` when `engine` is
 * `native` and the runtime makes no RSA keys, a `random` source is given for one, or
 * the runtime does not know the curve.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 *
 * const { privateKey, publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * console.log(privateKey.kind, publicKey.kind === 'ec' && publicKey.curve); // ec P-256
 * ```
 */
export async function generateKeyPair(
  kind: KeyPairKind,
  options: GenerateKeyPairOptions = {},
): Promise<KeyPair> {
  throwIfAborted(options.signal);
  const privateKey = await makePrivateKey(kind, options);
  return { privateKey, publicKey: privateKey.publicKey };
}

async function makePrivateKey(wanted: KeyPairKind, options: GenerateKeyPairOptions): Promise<PrivateKey> {
  const engine = options.engine === undefined ? {} : { engine: options.engine };
  switch (wanted?.kind) {
    case 'rsa':
      return generateRsa(wanted.bits ?? 3072, options);
    case 'ec': {
      // FIPS 186-5 §A.2.1: a number from 1 to n − 1 out of 64 surplus bits.
      if (!isCurve(wanted.curve)) {
        throw usage(`${shown(wanted.curve)} is the name of no curve that is known here`);
      }
      const number = randomInteger(options.random, 1n, orderOfCurve(wanted.curve) - 1n);
      const scalar = bytesFromInteger(number, coordinateLength(wanted.curve));
      try {
        return ecPrivateKey(wanted.curve, scalar, engine);
      } finally {
        scalar.fill(0);
      }
    }
    case 'ed25519':
    case 'ed448':
    case 'x25519':
    case 'x448': {
      const seed = randomOctets(options.random, seedLengths[wanted.kind]);
      try {
        return edwardsPrivateKey(wanted.kind, seed, engine);
      } finally {
        seed.fill(0);
      }
    }
    default:
      throw usage('keys of the kinds rsa, ec, ed25519, ed448, x25519 and x448 are made here');
  }
}
