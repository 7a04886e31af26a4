import { asBytes, type Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import {
  type WebCrypto,
  type WebCryptoKey,
  type WebSigningAlgorithm,
  webCrypto,
} from '../engines/native-web-crypto.js';
import type { PrivateKey } from '../keys/private-key.js';

const outcomes = /* @__PURE__ */ new Map<string, Promise<boolean>>();
/** WebCrypto's keys are for one algorithm and digest each: kept by these. */
const importedKeys = /* @__PURE__ */ new WeakMap<PrivateKey, Map<string, Promise<WebCryptoKey>>>();

/**
 * A signature by WebCrypto; `undefined` where it is missing, fails its
 * known-answer test, or throws for this key.
 *
 * @param id names algorithm, curve and digest; what is tested once per process
 * @param pkcs8 the DER of the key as WebCrypto imports it
 * @param knownAnswer makes a signature with the function that it is given and tells whether it is right
 */
export async function webSignature(
  engine: Engine | undefined,
  id: string,
  algorithm: WebSigningAlgorithm,
  key: PrivateKey,
  pkcs8: () => Bytes,
  data: Bytes,
  knownAnswer: (sign: (pkcs8: Bytes, data: Bytes) => Promise<Bytes>) => Promise<boolean>,
): Promise<Bytes | undefined> {
  const subtle = engine === 'typescript' ? undefined : webCrypto();
  if (subtle === undefined) return undefined;
  let outcome = outcomes.get(id);
  if (outcome === undefined) {
    outcome = passes(
      knownAnswer(async (known, message) =>
        asBytes(
          new Uint8Array(await subtle.sign(algorithm, await importKey(subtle, algorithm, known), message)),
        ),
      ),
    );
    outcomes.set(id, outcome);
  }
  if (!(await outcome)) return undefined;
  try {
    let keys = importedKeys.get(key);
    if (keys === undefined) {
      keys = new Map();
      importedKeys.set(key, keys);
    }
    let imported = keys.get(id);
    if (imported === undefined) {
      imported = importKey(subtle, algorithm, pkcs8());
      keys.set(id, imported);
    }
    return new Uint8Array(await subtle.sign(algorithm, await imported, data));
  } catch {
    return undefined;
  }
}

function importKey(subtle: WebCrypto, algorithm: WebSigningAlgorithm, pkcs8: Bytes): Promise<WebCryptoKey> {
  return subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

async function passes(knownAnswer: Promise<boolean>): Promise<boolean> {
  try {
    return await knownAnswer;
  } catch {
    return false;
  }
}
