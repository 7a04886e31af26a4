import { ecdsa } from '@noble/curves/abstract/weierstrass.js';
import type { CHash } from '@noble/hashes/utils.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { integerFromBytes } from '../big-integer.js';
import { type DigestName, digest, digestLength } from '../digests/digest.js';
import { type HmacDigestName, hmacDigest, hmacOf } from '../digests/hmac.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { encodeDssSignature, knownMessage } from '../engines/known-answers.js';
import { nativePrivateKey } from '../engines/native-private-keys.js';
import { webHashes } from '../engines/native-web-crypto.js';
import { type CurveName, pointsOf } from '../keys/curves.js';
import { type EcPrivateKey, ecPrivateKey } from '../keys/private-key.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import { type RandomOptions, randomOctets } from '../random.js';
import { verifyEcdsa } from './ecdsa.js';
import { webSignature } from './web-sign.js';

/**
 * ECDSA (FIPS 186-5 §6.4.1), the two numbers in DER.
 *
 * Native code draws its nonces itself: a `random` source signs in TypeScript.
 * There the nonce is that of RFC 6979 with fresh random octets added
 * (§3.6): a weak random number generator does not give the key away, nor do
 * two signatures over one message of which one has a fault in it.
 */
export async function signEcdsa(
  key: EcPrivateKey,
  digestName: DigestName,
  data: Bytes,
  options: EngineOptions & RandomOptions,
): Promise<Bytes> {
  const { engine } = options;
  const { curve } = key.publicKey;
  const id = `ECDSA signing on ${curve} with ${digestName}`;
  // Verification in TypeScript is the judge of the known answer: nonces are random, so there is no other.
  const isRight = (known: EcPrivateKey, signature: Bytes): Promise<boolean> =>
    verifyEcdsa(known.publicKey, digestName, signature, knownMessage, 'typescript');
  const native = trustedNative(engine, id, ({ sign, createPrivateKey }) =>
    [sign, createPrivateKey].every((member) => typeof member === 'function'),
  );
  const drawsItself = options.random === undefined;
  if (native !== undefined && drawsItself) {
    const sign = (by: EcPrivateKey, octets: Bytes): Bytes =>
      asBytes(native.sign!(digestName, octets, nativePrivateKey(native, by)));
    try {
      let right = nativeOutcomes.get(id);
      if (right === undefined) {
        const known = knownKey(curve);
        right = await isRight(known, sign(known, knownMessage));
        nativeOutcomes.set(id, right);
      }
      if (right) return sign(key, data);
    } catch {
      // A runtime without this curve or digest, or one that refuses this key: the next may do it.
    }
  }
  const hash = webHashes[digestName];
  if (hash !== undefined && curve.startsWith('P-') && drawsItself) {
    const algorithm = { name: 'ECDSA', namedCurve: curve, hash } as const;
    const signature = await webSignature(
      engine,
      id,
      algorithm,
      key,
      () => key.pkcs8,
      data,
      async (sign) => {
        const known = knownKey(curve);
        return isRight(known, encodeNumbers(await sign(known.pkcs8, knownMessage)));
      },
    );
    if (signature !== undefined) return encodeNumbers(signature);
  }
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  assertNotWiped(key);
  const octets = digest(digestName, data, engine === undefined ? {} : { engine });
  return signDigest(key, digestName, octets, randomOctets(options.random, digestLength(digestName)));
}

const nativeOutcomes = /* @__PURE__ */ new Map<string, boolean>();

/** The key of the known answers: 2, on every curve. */
function knownKey(curve: CurveName): EcPrivateKey {
  return ecPrivateKey(curve, Uint8Array.of(2));
}

/** The two numbers as WebCrypto gives them, each as long as the order, in DER. */
function encodeNumbers(numbers: Bytes): Bytes {
  const half = numbers.length / 2;
  return encodeDssSignature(
    integerFromBytes(numbers.subarray(0, half)),
    integerFromBytes(numbers.subarray(half)),
  );
}

/** RFC 6979 §3.2 wants the generator's digest to be that of the data; SHA-3 and SHAKE have SHA-512 instead. */
const generatorDigests: readonly string[] = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

/**
 * The signature of a digest, in TypeScript; without `extra` octets it is
 * RFC 6979's own, the same each time.
 */
export function signDigest(key: EcPrivateKey, digestName: DigestName, octets: Bytes, extra?: Bytes): Bytes {
  const name = generatorDigests.includes(digestName) ? (digestName as HmacDigestName) : 'sha512';
  const hmac = (mac: Uint8Array, message: Uint8Array): Bytes => {
    const made = hmacOf(name, asBytes(mac), asBytes(message), { engine: 'typescript' });
    // Noble joins it for this call alone, the private key in it (RFC 6979 §3.2 d and f).
    message.fill(0);
    return made;
  };
  const signature = ecdsa(pointsOf(key.publicKey.curve), nobleShape(name), { hmac }).sign(
    octets,
    key.scalar,
    {
      prehash: false,
      lowS: false,
      format: 'compact',
      ...(extra === undefined ? {} : { extraEntropy: extra }),
    },
  );
  return encodeNumbers(asBytes(signature));
}

/** What noble wants a digest to look like. It asks for the lengths: HMACs are made by ours, and it is given digests. */
function nobleShape(name: HmacDigestName): CHash {
  const { length, blockLength, noble } = hmacDigest(name);
  const refuse = (): never => {
    throw usage('a digest is signed here, not a message');
  };
  return (
    noble ??
    (Object.assign(refuse, { outputLen: length, blockLen: blockLength, create: refuse }) as unknown as CHash)
  );
}
