import { derNull, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { type DigestName, digest } from '../digests/digest.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { nativePrivateKey } from '../engines/native-private-keys.js';
import { webHashes } from '../engines/native-web-crypto.js';
import type { RsaPrivateKey } from '../keys/private-key.js';
import { privateKeyInfoDer, rsaPrivateKeyDer } from '../keys/secret-der.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import { type RandomOptions, randomOctets } from '../random.js';
import { noPadding } from '../rsa-operations.js';
import { blindedPrivateOperation } from '../rsa-private-operation.js';
import { pkcs1Encoding, pssEncoding } from './emsa.js';
import type { PssParameters } from './pss-parameters.js';
import { verifyRsaPkcs1, verifyRsaPss } from './rsa.js';
import { webSignature } from './web-sign.js';

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1). */
export function signRsaPkcs1(
  key: RsaPrivateKey,
  digestName: DigestName,
  data: Bytes,
  options: EngineOptions & RandomOptions,
): Promise<Bytes> {
  const { engine } = options;
  return signEncoded(
    key,
    () =>
      pkcs1Encoding(digestName, digest(digestName, data, engineOf(options)), key.publicKey.modulus.length),
    (signature) => verifyRsaPkcs1(key.publicKey, digestName, signature, data, fallibleEngine(engine)),
    () => webSigned(key, 'RSASSA-PKCS1-v1_5', digestName, undefined, data, engine),
    options,
  );
}

/** RSASSA-PSS (RFC 8017 §8.1.1). The salt is drawn afresh each time. */
export async function signRsaPss(
  key: RsaPrivateKey,
  parameters: PssParameters,
  data: Bytes,
  options: EngineOptions & RandomOptions,
): Promise<Bytes> {
  const { engine } = options;
  // RFC 8017 §9.1.1 step 3, before as many octets are drawn.
  if (parameters.saltLength > key.publicKey.modulus.length) {
    throw new MailsealError(
      'crypto-unsupported',
      `the RSA key is too short for a salt of ${parameters.saltLength} octets`,
    );
  }
  return signEncoded(
    key,
    () => {
      const hash = digest(parameters.digest, data, engineOf(options));
      const salt = randomOctets(options.random, parameters.saltLength);
      return pssEncoding(key.publicKey.bits - 1, parameters, hash, salt, engineOf(options));
    },
    (signature) => verifyRsaPss(key.publicKey, parameters, signature, data, fallibleEngine(engine)),
    async () =>
      // WebCrypto has one digest for both, and salts of its own making.
      parameters.mgfDigest === parameters.digest && options.random === undefined
        ? webSigned(key, 'RSA-PSS', parameters.digest, parameters.saltLength, data, engine)
        : undefined,
    options,
  );
}

function engineOf({ engine }: EngineOptions): { engine?: Engine } {
  return engine === undefined ? {} : { engine };
}

/** The engine that checks a signature: where only WebCrypto signs natively, there may be no native check. */
function fallibleEngine(engine: Engine | undefined): Engine | undefined {
  return engine === 'native' ? 'auto' : engine;
}

const id = 'RSA signing';

/**
 * RSASP1 (RFC 8017 §5.2.1) of an encoded message. Whatever engine made it, a
 * signature is given out only when it verifies: one with a fault in it that
 * was made by way of the Chinese remainder theorem tells the primes to
 * everybody. That check is the engines' known-answer test, too.
 */
async function signEncoded(
  key: RsaPrivateKey,
  encode: () => Bytes,
  verifies: (signature: Bytes) => boolean,
  web: () => Promise<Bytes | undefined>,
  options: EngineOptions & RandomOptions,
): Promise<Bytes> {
  const { engine } = options;
  const native = trustedNative(engine, id, ({ privateEncrypt, createPrivateKey }) =>
    [privateEncrypt, createPrivateKey].every((member) => typeof member === 'function'),
  );
  if (native !== undefined) {
    try {
      const imported = nativePrivateKey(native, key);
      const signature = asBytes(native.privateEncrypt!({ key: imported, padding: noPadding }, encode()));
      if (verifies(signature)) return signature;
    } catch (error) {
      if (error instanceof MailsealError && error.code === 'crypto-unsupported') throw error;
      // A runtime without the bare operation, or one that refuses this key: the next may do it.
    }
  }
  const fromWeb = await web();
  if (fromWeb !== undefined && verifies(fromWeb)) return fromWeb;
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  assertNotWiped(key);
  const encoded = encode();
  const signature = blindedPrivateOperation(key, encoded, options);
  if (verifies(signature)) return signature;
  throw new MailsealError(
    'crypto-key-malformed',
    'the RSA signature does not verify with the public key, so it is not given out; the private key may be damaged',
  );
}

async function webSigned(
  key: RsaPrivateKey,
  name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS',
  digestName: DigestName,
  saltLength: number | undefined,
  data: Bytes,
  engine: Engine | undefined,
): Promise<Bytes | undefined> {
  const hash = webHashes[digestName];
  if (hash === undefined) return undefined;
  const algorithm = { name, hash, ...(saltLength === undefined ? {} : { saltLength }) };
  // Each signature is checked: no other test is due.
  return webSignature(
    engine,
    `${name} with ${hash}`,
    algorithm,
    key,
    () => plainPkcs8(key),
    data,
    async () => true,
  );
}

/** The key as `rsaEncryption`, without a restriction to PSS, which WebCrypto does not read. */
function plainPkcs8(key: RsaPrivateKey): Bytes {
  if (!key.publicKey.pssOnly) return key.pkcs8;
  const algorithm = derSequence(derOid('1.2.840.113549.1.1.1'), derNull());
  return privateKeyInfoDer(algorithm, rsaPrivateKeyDer(key.publicKey, key));
}
