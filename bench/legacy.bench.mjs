// The ciphers of old mail in TypeScript: what is padded is decrypted or encrypted in one piece.
// The peer takes and gives strings of one character an octet, and is spared making them.

import { Buffer } from 'node:buffer';
import { createDecipheriv } from 'node:crypto';
import { defineBench, from, mailSizes } from './bench.mjs';
import { expect, load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/** @param {Uint8Array} octets */
const characters = (octets) => Buffer.from(octets).toString('latin1');

/**
 * Everything that the contenders of one cipher need, when they agree.
 *
 * @param {{ name: 'des-ede3-cbc' | 'rc2-cbc', iv: Uint8Array, effectiveKeyBits?: number }} algorithm
 * @param {number} keyLength
 * @param {number} size
 */
async function setup(algorithm, keyLength, size) {
  const { createCbcDecryptor, createCbcEncryptor } = await load('crypto');
  const { default: forge } = await loadPeer('node-forge');
  const octets = new Uint8Array(size);
  for (let i = 0; i < size; i++) octets[i] = Math.imul(i, i) >>> 3;
  const key = Uint8Array.from({ length: keyLength }, (_, i) => 37 * i + 5);
  const [text, keyText, ivText] = [octets, key, algorithm.iv].map(characters);
  /**
   * @param {any} create
   * @param {Uint8Array} input
   * @returns {number}
   */
  const ours = (create, input) => {
    const cipher = create(algorithm, key, { engine: 'typescript' });
    return cipher.update(input).length + cipher.finish().length;
  };
  const start = {
    /** @param {boolean} forwards */
    'des-ede3-cbc': (forwards) => {
      const cipher = forge.cipher[forwards ? 'createCipher' : 'createDecipher']('3DES-CBC', keyText);
      cipher.start({ iv: ivText });
      return cipher;
    },
    /** @param {boolean} forwards */
    'rc2-cbc': (forwards) => {
      const bits = algorithm.effectiveKeyBits;
      const cipher = forge.rc2[forwards ? 'createEncryptionCipher' : 'createDecryptionCipher'](keyText, bits);
      cipher.start(ivText);
      return cipher;
    },
  }[algorithm.name];
  /**
   * @param {boolean} forwards
   * @param {string} input
   * @returns {string}
   */
  const forges = (forwards, input) => {
    const cipher = start(forwards);
    cipher.update(forge.util.createBuffer(input));
    if (!cipher.finish()) throw new Error('the padding is wrong');
    return cipher.output.getBytes();
  };
  const encryptor = createCbcEncryptor(algorithm, key, { engine: 'typescript' });
  const encrypted = Buffer.concat([encryptor.update(octets), encryptor.finish()]);
  const encryptedText = characters(encrypted);
  // The peer takes longer for what is larger than all that is measured of it.
  if (size <= 65_536) {
    if (forges(true, text ?? '') !== encryptedText) throw new Error('it is encrypted in two ways');
    if (forges(false, encryptedText) !== text) throw new Error('it is decrypted in two ways');
  }
  return {
    algorithm,
    key,
    octets,
    text,
    encrypted: new Uint8Array(encrypted),
    encryptedText,
    decrypt: (/** @type {Uint8Array} */ input) => ours(createCbcDecryptor, input),
    encrypt: (/** @type {Uint8Array} */ input) => ours(createCbcEncryptor, input),
    forges,
  };
}

const iv = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const tripleDes = /** @type {const} */ ({ name: 'des-ede3-cbc', iv });
const rc2 = /** @type {const} */ ({ name: 'rc2-cbc', iv, effectiveKeyBits: 40 });

export default [
  defineBench({
    name: 'triple-des-decrypt',
    title: 'Decrypt triple DES in CBC mode, in TypeScript; the peer takes and gives a string.',
    sizes: mailSizes,
    setup: (size) => setup(tripleDes, 24, size),
    contenders: {
      ours: ({ decrypt, encrypted, octets }) => expect(decrypt(encrypted), octets.length),
      'node-forge': ({ forges, encryptedText, octets }) =>
        expect(forges(false, encryptedText).length, octets.length),
      'node:crypto': ({ key, encrypted, octets }) => {
        const cipher = createDecipheriv('des-ede3-cbc', key, iv);
        expect(cipher.update(encrypted).length + cipher.final().length, octets.length);
      },
    },
    native: ['node:crypto'],
    goals: { 'node-forge': from('64KB', 1.2) },
  }),
  defineBench({
    name: 'triple-des-encrypt',
    title:
      'Encrypt triple DES in CBC mode, in TypeScript; the peer takes and gives a string. Of 25 MB it takes five seconds, as to decrypt, and is left out.',
    upTo: { 'node-forge': '1MB' },
    sizes: mailSizes,
    setup: (size) => setup(tripleDes, 24, size),
    contenders: {
      ours: ({ encrypt, encrypted, octets }) => expect(encrypt(octets), encrypted.length),
      'node-forge': ({ forges, text, encrypted }) =>
        expect(forges(true, text ?? '').length, encrypted.length),
    },
    goals: { 'node-forge': from('64KB', 1.2) },
  }),
  defineBench({
    name: 'rc2-decrypt',
    title:
      'Decrypt RC2 of 40 bits in CBC mode, in TypeScript; the peer takes and gives a string. Its time grows with the square: it takes most of a minute for 1 MB, and is left out there.',
    sizes: mailSizes,
    upTo: { 'node-forge': '64KB' },
    setup: (size) => setup(rc2, 5, size),
    contenders: {
      ours: ({ decrypt, encrypted, octets }) => expect(decrypt(encrypted), octets.length),
      'node-forge': ({ forges, encryptedText, octets }) =>
        expect(forges(false, encryptedText).length, octets.length),
    },
    goals: { 'node-forge': 5 },
  }),
];
