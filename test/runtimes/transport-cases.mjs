// Content keys there and back, and ciphers for content: right whatever the
// runtime's own code does, or a refusal where it may refuse.

import {
  createDecryptor,
  decryptAead,
  decryptKey,
  encryptAead,
  encryptKey,
  generateKeyPair,
} from 'mailseal/crypto';
import { decodeHex, encodeHex } from 'mailseal/encoding';
import { equal } from './suite.mjs';

/**
 * @typedef {import('mailseal/crypto').KeyTransportAlgorithm} KeyTransportAlgorithm
 * @typedef {import('mailseal/crypto').Engine} Engine
 */

const engines = /** @type {const} */ (['auto', 'typescript', 'native']);
const key = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);

/** @type {readonly KeyTransportAlgorithm[]} */
const transports = [
  { name: 'rsa-pkcs1' },
  { name: 'rsa-oaep', digest: 'sha1', mgfDigest: 'sha1' },
  { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256', label: key },
  { name: 'rsa-oaep', digest: 'sha512', mgfDigest: 'sha1' },
];

/** @type {ReturnType<typeof generateKeyPair> | undefined} */
let made;
const pair = () => {
  made ??= generateKeyPair({ kind: 'rsa', bits: 2048 });
  return made;
};

/**
 * What native code may refuse to do, and `auto` where big integers are not wanted.
 *
 * @template T
 * @param {Engine} engine
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>}
 */
async function orRefused(engine, promise) {
  try {
    return await promise;
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    if (engine === 'typescript' || code !== 'crypto-engine-unavailable') throw error;
    return undefined;
  }
}

/** AES-GCM: McGrew and Viega's test case 4, cut to what all engines share; ChaCha20-Poly1305: RFC 8439 §2.8.2. */
const ciphers = /** @type {const} */ ([
  {
    name: 'aes128-gcm',
    key: 'feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    content:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091' +
      '5bc94fbc3221a5db94fae95ae7121a47',
  },
  {
    name: 'chacha20-poly1305',
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    content:
      '4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e',
    sealed:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116' +
      '1ae10b594f09e26a7e902ecbd0600691',
  },
]);

/** @type {import('./suite.mjs').Case[]} */
export const transportCases = engines.flatMap((engine) => [
  ...transports.map((algorithm) => ({
    name: `a key by ${JSON.stringify(algorithm)} (${engine})`,
    run: async () => {
      const { privateKey, publicKey } = await pair();
      const shared = { privateKey, algorithm, keyLength: key.length };
      const encryptedKey = await orRefused(engine, encryptKey({ publicKey, algorithm, key, engine }));
      if (encryptedKey === undefined) return;
      const found = await orRefused(engine, decryptKey({ ...shared, encryptedKey, engine }));
      if (found !== undefined) equal(encodeHex(found), encodeHex(key));
      const own = createDecryptor(privateKey, { engine: 'typescript' });
      const again = await own.decryptKey?.(algorithm, encryptedKey, key.length);
      equal(encodeHex(again ?? new Uint8Array(0)), encodeHex(key));
    },
  })),
  {
    name: `a wrong padding gives the key that stands in (${engine})`,
    run: async () => {
      const { privateKey } = await pair();
      const encryptedKey = new Uint8Array(256).fill(1);
      const shared = /** @type {const} */ ({
        privateKey,
        algorithm: { name: 'rsa-pkcs1' },
        encryptedKey,
        keyLength: 16,
      });
      const found = await orRefused(engine, decryptKey({ ...shared, engine }));
      const own = await decryptKey({ ...shared, engine: 'typescript' });
      if (found !== undefined) equal(encodeHex(found), encodeHex(own));
    },
  },
  ...ciphers.map(({ name, ...hex }) => ({
    name: `${name} (${engine})`,
    run: async () => {
      const algorithm = { name, nonce: decodeHex(hex.nonce) };
      const options = { aad: decodeHex(hex.aad), engine };
      const content = decodeHex(hex.content);
      const sealed = await orRefused(engine, encryptAead(algorithm, decodeHex(hex.key), content, options));
      if (sealed === undefined) return;
      equal(encodeHex(sealed.ciphertext) + encodeHex(sealed.tag), hex.sealed);
      const opened = await decryptAead(algorithm, decodeHex(hex.key), sealed.ciphertext, sealed.tag, options);
      equal(encodeHex(opened), hex.content);
      sealed.tag[0] = (sealed.tag[0] ?? 0) ^ 1;
      const refused = await decryptAead(
        algorithm,
        decodeHex(hex.key),
        sealed.ciphertext,
        sealed.tag,
        options,
      ).catch((/** @type {{ code: string }} */ error) => error.code);
      equal(refused, 'crypto-decryption-failed');
    },
  })),
]);
