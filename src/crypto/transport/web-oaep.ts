import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { keptImport, trustedWeb } from '../engines/native-web.js';
import type { WebCipherKey, WebCiphers, WebOaep } from '../engines/native-web-ciphers.js';
import { webHashes } from '../engines/native-web-crypto.js';
import type { RsaPrivateKey } from '../keys/private-key.js';
import type { RsaPublicKey } from '../keys/public-key.js';
import { encodePublicKey } from '../keys/public-key-info.js';
import { assertNotWiped, keptImportedForm } from '../keys/wiped-keys.js';
import { publicOperation } from '../rsa-operations.js';
import { blindedPrivateOperation } from '../rsa-private-operation.js';
import { knownRsaKey } from './known-rsa-key.js';
import { type OaepAlgorithm, padOaep, unpadOaep } from './oaep-padding.js';

/**
 * WebCrypto's RSA-OAEP, if it may do this: it has one digest for label and
 * MGF1, and four to choose from.
 */
function trustedOaep(algorithm: OaepAlgorithm): Promise<WebCiphers | undefined> {
  const hash = webHashes[algorithm.digest];
  if (hash === undefined || algorithm.mgfDigest !== algorithm.digest) return Promise.resolve(undefined);
  return trustedWeb<WebCiphers>(`RSA-OAEP with ${hash}`, (subtle) => answersRightly(subtle, algorithm));
}

function parametersOf({ label }: OaepAlgorithm): WebOaep {
  return label === undefined ? { name: 'RSA-OAEP' } : { name: 'RSA-OAEP', label: asBytes(label) };
}

function importAlgorithm({ digest }: OaepAlgorithm): { readonly name: 'RSA-OAEP'; readonly hash: string } {
  return { name: 'RSA-OAEP', hash: webHashes[digest]! };
}

/** A key encrypted by WebCrypto; `undefined` where it cannot. */
export async function webEncryptOaep(
  publicKey: RsaPublicKey,
  algorithm: OaepAlgorithm,
  key: Bytes,
): Promise<Bytes | undefined> {
  const subtle = await trustedOaep(algorithm);
  if (subtle === undefined) return undefined;
  try {
    return await encryptWith(subtle, publicKey, algorithm, key);
  } catch {
    return undefined;
  }
}

async function encryptWith(
  subtle: WebCiphers,
  publicKey: RsaPublicKey,
  algorithm: OaepAlgorithm,
  key: Bytes,
): Promise<Bytes> {
  const imported = await importPublic(subtle, publicKey, algorithm);
  return new Uint8Array(await subtle.encrypt(parametersOf(algorithm), imported, key));
}

/** What became of a key for each digest. An import takes longer than an encryption. */
const importedKeys = /* @__PURE__ */ new WeakMap<RsaPublicKey, Map<string, Promise<WebCipherKey>>>();

/** The key as WebCrypto holds it, imported once; two that ask at once wait for one import. */
function importPublic(
  subtle: WebCiphers,
  publicKey: RsaPublicKey,
  algorithm: OaepAlgorithm,
): Promise<WebCipherKey> {
  let forms = importedKeys.get(publicKey);
  if (forms === undefined) {
    forms = new Map();
    importedKeys.set(publicKey, forms);
  }
  return keptImport(forms, algorithm.digest, () => {
    const spki = encodePublicKey(publicKey);
    return subtle.importKey('spki', spki, importAlgorithm(algorithm), false, ['encrypt']);
  });
}

/**
 * A key decrypted by WebCrypto; `undefined` where it cannot.
 *
 * @throws MailsealError `crypto-decryption-failed`, `usage` for a key that was wiped.
 */
export async function webDecryptOaep(
  privateKey: RsaPrivateKey,
  algorithm: OaepAlgorithm,
  encryptedKey: Bytes,
): Promise<Bytes | undefined> {
  const subtle = await trustedOaep(algorithm);
  if (subtle === undefined) return undefined;
  // It may have been wiped while the test ran.
  assertNotWiped(privateKey);
  const id = `RSA-OAEP with ${algorithm.digest}`;
  let imported: WebCipherKey;
  try {
    imported = await keptImportedForm(privateKey, id, () => importPrivate(subtle, privateKey, algorithm));
  } catch {
    return undefined;
  }
  try {
    return new Uint8Array(await subtle.decrypt(parametersOf(algorithm), imported, encryptedKey));
  } catch {
    throw decryptionFailed();
  }
}

function importPrivate(
  subtle: WebCiphers,
  { pkcs8 }: RsaPrivateKey,
  algorithm: OaepAlgorithm,
): Promise<WebCipherKey> {
  return subtle.importKey('pkcs8', pkcs8, importAlgorithm(algorithm), false, ['decrypt']);
}

/** Both ways against TypeScript, with and without a label. */
async function answersRightly(subtle: WebCiphers, { digest, mgfDigest }: OaepAlgorithm): Promise<boolean> {
  const privateKey = knownRsaKey();
  const { publicKey } = privateKey;
  const own = { engine: 'typescript' } as const;
  const key = Uint8Array.of(1, 0, 2);
  const imported = await importPrivate(subtle, privateKey, { name: 'rsa-oaep', digest, mgfDigest });
  for (const label of [undefined, Uint8Array.of(7, 8)]) {
    const algorithm: OaepAlgorithm = {
      name: 'rsa-oaep',
      digest,
      mgfDigest,
      ...(label === undefined ? {} : { label }),
    };
    const encoded = padOaep(algorithm, key, publicKey.modulus.length, own);
    const encrypted = publicOperation(publicKey, encoded, 'typescript');
    const decrypted = new Uint8Array(await subtle.decrypt(parametersOf(algorithm), imported, encrypted));
    if (!equalBytes(decrypted, key)) return false;
    const theirs = await encryptWith(subtle, publicKey, algorithm, key);
    const found = unpadOaep(algorithm, blindedPrivateOperation(privateKey, theirs, {}), key.length, own);
    if (found === undefined || !equalBytes(found, key)) return false;
  }
  return true;
}
