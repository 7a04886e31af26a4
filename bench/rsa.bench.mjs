// RSA of 2,048 bits in TypeScript, by what callers call: a signature is verified, a message signed, a key decrypted.

import { Buffer } from 'node:buffer';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { defineBench } from './bench.mjs';
import { load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

const engine = 'typescript';

async function setup() {
  const { encryptKey, decryptKey, parsePrivateKey, signData, verifySignature } = await load('crypto');
  const micro = await loadPeer('micro-rsa-dsa-dh/rsa.js');
  const { default: forge } = await loadPeer('node-forge');
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
  const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const privateKey = await parsePrivateKey(der);
  const { publicKey } = privateKey;
  const jwk = pair.privateKey.export({ format: 'jwk' });
  /** @param {string} [text] */
  const integer = (text = '') => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  const microPrivate = { n: integer(jwk.n), d: integer(jwk.d) };
  const microPublic = { n: microPrivate.n, e: integer(jwk.e) };
  const data = Uint8Array.from({ length: 200 }, (_, i) => i);
  const algorithm = { name: 'rsa-pkcs1', digest: 'sha256' };
  /** @type {Uint8Array} */
  const signature = await signData({ privateKey, algorithm, data, engine });
  const transport = { name: 'rsa-pkcs1' };
  const key = Uint8Array.from({ length: 24 }, (_, i) => i + 1);
  const encryptedKey = await encryptKey({ publicKey, algorithm: transport, key });
  if (Buffer.compare(signature, micro.PKCS1_SHA256.sign(microPrivate, data)) !== 0) {
    throw new Error('there are two signatures');
  }
  const forgeKey = forge.pki.privateKeyFromPem(pem);
  return {
    data,
    signature,
    key,
    verify: () => verifySignature({ publicKey, algorithm, data, signature, engine }),
    sign: () => signData({ privateKey, algorithm, data, engine }),
    decrypt: () =>
      decryptKey({ privateKey, algorithm: transport, encryptedKey, keyLength: key.length, engine }),
    microVerify: () => micro.PKCS1_SHA256.verify(microPublic, data, signature),
    microSign: () => micro.PKCS1_SHA256.sign(microPrivate, data),
    microDecrypt: () => micro.PKCS1_KEM.decrypt(microPrivate, encryptedKey),
    forgeVerify: () => {
      const digest = forge.md.sha256.create().update(Buffer.from(data).toString('latin1'));
      return forge.pki
        .setRsaPublicKey(forgeKey.n, forgeKey.e)
        .verify(digest.digest().bytes(), Buffer.from(signature).toString('latin1'));
    },
    forgeSign: () => forgeKey.sign(forge.md.sha256.create().update(Buffer.from(data).toString('latin1'))),
    nativeVerify: () => createVerify('sha256').update(data).verify(pair.publicKey, signature),
  };
}

/** @param {boolean} valid */
function expectValid(valid) {
  if (!valid) throw new Error('a right signature is refused');
}

/** @param {{ length: number }} found @param {number} length */
function expectLength(found, length) {
  if (found.length !== length) throw new Error(`${found.length} octets, not ${length}`);
}

export default [
  defineBench({
    name: 'rsa-verify',
    title: 'Verify an RSA signature of 2,048 bits with SHA-256, in TypeScript.',
    unit: 'signatures',
    amount: 1,
    setup,
    contenders: {
      ours: async ({ verify }) => expectValid(await verify()),
      'micro-rsa-dsa-dh': ({ microVerify }) => expectValid(microVerify()),
      'node-forge': ({ forgeVerify }) => expectValid(forgeVerify()),
      'node:crypto': ({ nativeVerify }) => expectValid(nativeVerify()),
    },
    native: ['node:crypto'],
    goals: { 'micro-rsa-dsa-dh': 1.5 },
  }),
  defineBench({
    name: 'rsa-sign',
    title: 'Sign with RSA of 2,048 bits and SHA-256, in TypeScript; ours blinds, and verifies what it made.',
    unit: 'signatures',
    amount: 1,
    setup,
    contenders: {
      ours: async ({ sign, signature }) => expectLength(await sign(), signature.length),
      'micro-rsa-dsa-dh': ({ microSign, signature }) => expectLength(microSign(), signature.length),
      'node-forge': ({ forgeSign, signature }) => expectLength(forgeSign(), signature.length),
    },
    goals: { 'micro-rsa-dsa-dh': 4 },
  }),
  defineBench({
    name: 'rsa-decrypt',
    title:
      'Decrypt a content key with RSA of 2,048 bits, padded as PKCS #1 v1.5, in TypeScript; ours blinds.',
    unit: 'keys',
    amount: 1,
    setup,
    contenders: {
      ours: async ({ decrypt, key }) => expectLength(await decrypt(), key.length),
      'micro-rsa-dsa-dh': ({ microDecrypt, key }) => expectLength(microDecrypt(), key.length),
    },
    goals: { 'micro-rsa-dsa-dh': 4 },
  }),
];
