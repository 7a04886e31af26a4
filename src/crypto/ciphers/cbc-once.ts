import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { trustedWeb } from '../engines/native-web.js';
import type { WebCiphers } from '../engines/native-web-ciphers.js';
import { decryptCbc, decryptionFailed, encryptCbc, encryptCbcPieces } from './cbc.js';
import { assertCbc, type CbcAlgorithm, cbcKeyLength, isCbcNative } from './cbc-blocks.js';

/**
 * Encrypts octets in one piece, in CBC mode with the padding of RFC 5652 §6.3.
 * What {@link createCbcEncryptor} gives; where the runtime has no
 * `node:crypto`, WebCrypto does AES.
 *
 * @param algorithm the cipher, and an initialization vector that nobody could guess before
 * @param key as many octets as the cipher wants
 * @throws MailsealError as {@link createCbcEncryptor}.
 * @example
 * ```ts
 * import { decryptWithCbc, encryptWithCbc } from 'mailseal/crypto';
 *
 * const algorithm = { name: 'aes128-cbc', iv: crypto.getRandomValues(new Uint8Array(16)) } as const;
 * const key = crypto.getRandomValues(new Uint8Array(16));
 * const encrypted = await encryptWithCbc(algorithm, key, new TextEncoder().encode('秘密'));
 * console.log(encrypted.length); // 16
 * console.log(new TextDecoder().decode(await decryptWithCbc(algorithm, key, encrypted))); // 秘密
 * ```
 */
export async function encryptWithCbc(
  algorithm: CbcAlgorithm,
  key: Uint8Array,
  octets: Uint8Array,
  options: EngineOptions = {},
): Promise<Bytes> {
  return concatBytes(await encryptCbcInPieces(algorithm, asBytes(key), asBytes(octets), options));
}

/** {@link encryptWithCbc} for who joins the pieces with others; without a promise where WebCrypto is not asked. */
export function encryptCbcInPieces(
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  options: EngineOptions,
): Uint8Array[] | Promise<Uint8Array[]> {
  // Names and lengths that cannot be are refused in one place, by whichever engine.
  assertCbc(algorithm, key);
  const here = (): Uint8Array[] => encryptCbcPieces(algorithm, key, octets, options);
  if (asksNoWeb(algorithm, options)) return here();
  return onWebOr(here, algorithm, async (subtle) => {
    const encrypted = await webEncrypt(subtle, algorithm, key, octets);
    return encrypted === undefined ? undefined : [encrypted];
  });
}

/**
 * Decrypts octets in one piece, in CBC mode, and takes the padding of RFC 5652
 * §6.3 off. CBC protects nothing against change: what comes out has to be
 * checked by other means before it is used.
 *
 * @throws MailsealError as {@link createCbcDecryptor} and its `finish`:
 * `crypto-decryption-failed` where the padding is wrong or the input is not of whole blocks.
 * @example
 * ```ts
 * import { decryptWithCbc } from 'mailseal/crypto';
 *
 * const algorithm = { name: 'aes128-cbc', iv: new Uint8Array(16) } as const;
 * try {
 *   await decryptWithCbc(algorithm, new Uint8Array(16), new Uint8Array(15));
 * } catch (error) {
 *   console.log((error as { code: string }).code); // crypto-decryption-failed
 * }
 * ```
 */
export async function decryptWithCbc(
  algorithm: CbcAlgorithm,
  key: Uint8Array,
  octets: Uint8Array,
  options: EngineOptions = {},
): Promise<Bytes> {
  const [secret, encrypted] = [asBytes(key), asBytes(octets)];
  assertCbc(algorithm, secret);
  const here = (): Bytes => decryptCbc(algorithm, secret, encrypted, options);
  if (asksNoWeb(algorithm, options)) return here();
  return onWebOr(here, algorithm, (subtle) => webDecrypt(subtle, algorithm, secret, encrypted));
}

/** WebCrypto where it does the cipher rightly, else our own code, which asks `node:crypto` by itself. */
async function onWebOr<Result>(
  here: () => Result,
  { name }: CbcAlgorithm,
  onWeb: (subtle: WebCiphers) => Promise<Result | undefined>,
): Promise<Result> {
  const subtle = await trustedWeb<WebCiphers>(name, (asked) => answersRightly(asked, name));
  return (subtle === undefined ? undefined : await onWeb(subtle)) ?? here();
}

/** Whether WebCrypto is not asked: it has no other cipher than AES, and is slower than native code that is at hand. */
function asksNoWeb(algorithm: CbcAlgorithm, { engine }: EngineOptions): boolean {
  return engine === 'typescript' || !algorithm.name.startsWith('aes') || isCbcNative(algorithm);
}

function parameters({ iv }: CbcAlgorithm): { readonly name: 'AES-CBC'; readonly iv: Uint8Array } {
  return { name: 'AES-CBC', iv };
}

/** `undefined` where it cannot. */
async function webEncrypt(
  subtle: WebCiphers,
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
): Promise<Bytes | undefined> {
  try {
    const imported = await subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
    return new Uint8Array(await subtle.encrypt(parameters(algorithm), imported, octets));
  } catch {
    // It passed its test, so it may lack the memory for so much: another may do it.
    return undefined;
  }
}

/** `undefined` where it cannot; throws `crypto-decryption-failed`. */
async function webDecrypt(
  subtle: WebCiphers,
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
): Promise<Bytes | undefined> {
  try {
    const imported = await subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt']);
    return new Uint8Array(await subtle.decrypt(parameters(algorithm), imported, octets));
  } catch (error) {
    // W3C Web Cryptography, “Decrypt” of AES-CBC: an OperationError for what is not of whole blocks, or
    // ends with no padding; anything else is a way that it cannot go.
    const name = (error as { readonly name?: unknown } | undefined)?.name;
    if (name === 'OperationError') throw decryptionFailed();
    return undefined;
  }
}

/** Both ways against TypeScript; a padding that is wrong only before its last octet has to be refused. */
async function answersRightly(subtle: WebCiphers, name: CbcAlgorithm['name']): Promise<boolean> {
  const algorithm = { name, iv: Uint8Array.from({ length: 16 }, (_, i) => 13 * i + 5) } as CbcAlgorithm;
  const key = Uint8Array.from({ length: cbcKeyLength(algorithm) }, (_, i) => 31 * i + 7);
  const octets = Uint8Array.from({ length: 37 }, (_, i) => 5 * i);
  const own = { engine: 'typescript' } as const;
  const known = encryptCbc(algorithm, key, octets, own);
  const encrypted = await webEncrypt(subtle, algorithm, key, octets);
  const decrypted = await webDecrypt(subtle, algorithm, key, known);
  if (encrypted === undefined || decrypted === undefined) return false;
  if (!equalBytes(encrypted, known) || !equalBytes(decrypted, octets)) return false;
  // The block before the last is added to the last one: its second last octet spoils the padding's.
  const spoilt = known.map((octet, i) => octet ^ Number(i === 30));
  try {
    await webDecrypt(subtle, algorithm, key, spoilt);
    return false;
  } catch {
    return true;
  }
}
