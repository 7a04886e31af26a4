import { derInteger, derSequence } from '../../asn1/writer.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { bytesFromInteger, integerFromBytes, inverseModulo } from '../big-integer.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { knownMessage } from '../engines/known-answers.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { webCrypto } from '../engines/native-web-crypto.js';
import { Modulus } from '../modulus.js';
import { type RandomOptions, type RandomSource, randomInteger, randomOctets } from '../random.js';
import { signRsaPkcs1 } from '../signatures/sign-rsa.js';
import { type PrivateKey, type RsaPrivateKey, rsaPrivateKey } from './private-key.js';
import { readPrivateKeyInfo } from './private-key-info.js';

type Options = EngineOptions & RandomOptions & { readonly signal?: AbortSignalLike };

const exponent = 65_537n;
const id = 'making an RSA key';

/** An RSA key of two probable primes; it has made one signature, which verified. */
export async function generateRsa(bits: number, options: Options): Promise<PrivateKey> {
  const key = await makeRsa(bits, options);
  // FIPS 140-3 asks for such a test of every new pair. What does not verify is not given out.
  const { engine } = options;
  await signRsaPkcs1(key, 'sha256', knownMessage, engine === 'typescript' ? { engine } : {});
  return key;
}

async function makeRsa(bits: number, options: Options): Promise<RsaPrivateKey> {
  if (!Number.isInteger(bits) || bits < 2048 || bits > 8192 || bits % 8 !== 0) {
    throw usage(`RSA keys of 2048 to 8192 bits are made here, in steps of 8, not of ${bits}`);
  }
  const { engine, random } = options;
  const native = trustedNative(engine, id, (module) => typeof module.generateKeyPair === 'function');
  if (random === undefined) {
    const pkcs8 = (native && (await nativePkcs8(native, bits))) ?? (await webPkcs8(bits, options));
    if (options.signal?.aborted === true) pkcs8?.fill(0);
    throwIfAborted(options.signal);
    if (pkcs8 !== undefined) {
      // Reading it checks that the numbers belong together.
      const key = readAndWipe(pkcs8);
      if (key.kind === 'rsa' && key.publicKey.bits === bits) return key;
    }
  }
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  return generateInTypeScript(bits, options);
}

function readAndWipe(pkcs8: Bytes): PrivateKey {
  try {
    return readPrivateKeyInfo(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

function nativePkcs8(native: NativeCrypto, bits: number): Promise<Bytes | undefined> {
  return new Promise((resolve) => {
    try {
      native.generateKeyPair!(
        'rsa',
        {
          modulusLength: bits,
          publicExponent: Number(exponent),
          publicKeyEncoding: { type: 'spki', format: 'der' },
          privateKeyEncoding: { type: 'pkcs8', format: 'der' },
        },
        (error, _, privateKey) =>
          resolve(error || privateKey === undefined ? undefined : asBytes(privateKey)),
      );
    } catch {
      // Then WebCrypto or TypeScript makes it.
      resolve(undefined);
    }
  });
}

async function webPkcs8(bits: number, { engine }: Options): Promise<Bytes | undefined> {
  const subtle = engine === 'typescript' ? undefined : webCrypto();
  if (subtle === undefined) return undefined;
  try {
    const algorithm = {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: bits,
      publicExponent: bytesFromInteger(exponent, 3),
    } as const;
    const { privateKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    return new Uint8Array(await subtle.exportKey('pkcs8', privateKey));
  } catch {
    return undefined;
  }
}

/** FIPS 186-5 §A.1.3: random probable primes, each of half the length. */
async function generateInTypeScript(bits: number, options: Options): Promise<RsaPrivateKey> {
  const half = bits / 2;
  const p = findPrime(half, options, () => true);
  // §A.1.3 step 5.4: primes that are near each other are found by Fermat's method.
  const q = findPrime(half, options, (candidate) => distance(candidate, p) >> BigInt(half - 100) !== 0n);
  const lambda = ((p - 1n) * (q - 1n)) / commonDivisor(p - 1n, q - 1n);
  const d = inverseModulo(exponent, lambda)!;
  const n = p * q;
  const modulus = octetsOf(n);
  const publicExponent = octetsOf(exponent);
  const numbers = {
    d: octetsOf(d),
    p: octetsOf(p),
    q: octetsOf(q),
    dp: octetsOf(d % (p - 1n)),
    dq: octetsOf(d % (q - 1n)),
    qInv: octetsOf(inverseModulo(q, p)!),
  };
  const key = rsaPrivateKey(
    {
      kind: 'rsa',
      modulus,
      exponent: publicExponent,
      bits,
      pkcs1: derSequence(derInteger(modulus), derInteger(publicExponent)),
      pssOnly: false,
    },
    numbers,
  );
  for (const secret of Object.values(numbers)) secret.fill(0);
  return key;
}

function octetsOf(value: bigint): Bytes {
  return bytesFromInteger(value, Math.ceil(value.toString(16).length / 2));
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function findPrime(bits: number, { random, signal }: Options, isFit: (candidate: bigint) => boolean): bigint {
  // One odd number in 0.35 · bits is prime: who has met none among so many draws from no random source.
  for (let draws = 0; draws < 20 * bits; draws++) {
    throwIfAborted(signal);
    const octets = randomOctets(random, bits / 8);
    // The two highest bits: n then has all its bits (§A.1.3 step 4.4 asks for √2 · 2^(bits − 1), which is less). The lowest: odd.
    octets[0]! |= 0xc0;
    octets[octets.length - 1]! |= 1;
    const candidate = integerFromBytes(octets);
    octets.fill(0);
    if (candidate % exponent === 1n || !isFit(candidate)) continue;
    if (smallPrimes().every((prime) => candidate % prime !== 0n) && isProbablePrime(candidate, random)) {
      return candidate;
    }
  }
  throw usage('`random` gives numbers among which there are no primes');
}

let primes: readonly bigint[] | undefined;

/** The odd primes below 2,000, by which most candidates fall. */
function smallPrimes(): readonly bigint[] {
  if (primes === undefined) {
    const found: number[] = [];
    for (let n = 3; n < 2000; n += 2) if (found.every((prime) => n % prime !== 0)) found.push(n);
    primes = found.map(BigInt);
  }
  return primes;
}

/** FIPS 186-5 table B.1 asks for 5 rounds at 1,024 bits and fewer above, for an error below 2^−112. */
const rounds = 8;

/** The test of Miller and Rabin with random bases (FIPS 186-5 §B.3.1). */
function isProbablePrime(candidate: bigint, random: RandomSource | undefined): boolean {
  const last = candidate - 1n;
  let odd = last;
  let twos = 0;
  while (odd % 2n === 0n) {
    odd /= 2n;
    twos++;
  }
  const modulus = new Modulus(candidate);
  for (let round = 0; round < rounds; round++) {
    let power = modulus.secretPower(randomInteger(random, 2n, candidate - 2n), odd);
    if (power === 1n || power === last) continue;
    let step = 1;
    for (; step < twos; step++) {
      power = (power * power) % candidate;
      if (power === last) break;
    }
    if (step >= twos) return false;
  }
  return true;
}
