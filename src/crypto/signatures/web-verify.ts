import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { keptImport } from '../engines/native-web.js';
import {
  type WebCrypto,
  type WebCryptoAlgorithm,
  type WebCryptoKey,
  webCrypto,
} from '../engines/native-web-crypto.js';

/** A signature as WebCrypto takes it. */
export interface WebSignature {
  readonly algorithm: WebCryptoAlgorithm;
  /** The raw key: an uncompressed point, or the 32 octets of an Ed25519 key. */
  readonly key: Bytes;
  /** For ECDSA the two numbers, each as long as a coordinate. */
  readonly signature: Bytes;
  readonly data: Bytes;
}

/** The outcome of every known-answer test that was made in this process, by what it tested. */
const outcomes = /* @__PURE__ */ new Map<string, Promise<boolean>>();
const importedKeys = /* @__PURE__ */ new WeakMap<object, Promise<WebCryptoKey>>();

/**
 * What WebCrypto says about a signature; `undefined` where it is missing,
 * fails its known-answer test, or throws for this key.
 *
 * @param id what is tested once per process
 * @param owner the key object that the imported key is kept with
 * @param known a good signature; any other data must make it a bad one
 */
export async function webAnswer(
  engine: Engine | undefined,
  id: string,
  owner: object,
  asked: WebSignature,
  known: () => WebSignature,
): Promise<boolean | undefined> {
  const subtle = engine === 'typescript' ? undefined : webCrypto();
  if (subtle === undefined) return undefined;
  let outcome = outcomes.get(id);
  if (outcome === undefined) {
    outcome = answersRightly(subtle, known);
    outcomes.set(id, outcome);
  }
  if (!(await outcome)) return undefined;
  try {
    const key = keptImport(importedKeys, owner, () => importKey(subtle, asked));
    return (await subtle.verify(asked.algorithm, await key, asked.signature, asked.data)) === true;
  } catch {
    return undefined;
  }
}

function importKey(subtle: WebCrypto, { key, algorithm }: WebSignature): Promise<WebCryptoKey> {
  return subtle.importKey('raw', key, algorithm, false, ['verify']);
}

async function answersRightly(subtle: WebCrypto, known: () => WebSignature): Promise<boolean> {
  try {
    const good = known();
    const key = await importKey(subtle, good);
    const ask = (data: Bytes) => subtle.verify(good.algorithm, key, good.signature, data);
    return (await ask(good.data)) === true && (await ask(new Uint8Array(3))) === false;
  } catch {
    return false;
  }
}
