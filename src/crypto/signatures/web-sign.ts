import { asBytes, type Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import {
  type WebCrypto,
  type WebCryptoKey,
  type WebSigningAlgorithm,
  webCrypto,
} from '../engines/native-web-crypto.js';
import type { PrivateKey } from '../keys/private-key.js';
import { assertNotWiped, keptImportedForm } from '../keys/wiped-keys.js';

const outcomes = /* @__PURE__ */ new Map<string, Promise<boolean>>();

/**
 * A signature by WebCrypto; `undefined` where it is missing, fails its
 * known-answer test, or throws for this key. Throws `usage` for a key that was wiped.
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
  // It may have been wiped while the test ran.
  assertNotWiped(key);
  try {
    // WebCrypto's keys are for one algorithm and digest each: kept by these.
    const imported = keptImportedForm(key, id, () => {
      const octets = pkcs8();
      const importing = importKey(subtle, algorithm, octets);
      // WebCrypto has copied them (W3C Web Cryptography §14.3.9 step 3); what was made for it alone goes.
      if (octets !== key.pkcs8) octets.fill(0);
      return importing;
    });
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
