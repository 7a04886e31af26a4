// Prints src/crypto/engines/known-answer-vectors.ts: node tools/crypto-known-answers.mjs
//
// Keys are made afresh each time, so the output differs; the checked-in file
// needs no renewal. The private keys are thrown away, but for one that is known to everybody.
import { createECDH, generateKeyPairSync, sign } from 'node:crypto';

const hex = (base64url) => Buffer.from(base64url, 'base64url').toString('hex');

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaSignature = sign('sha256', Buffer.from('abc'), rsa.privateKey).toString('hex');

const decrypting = generateKeyPairSync('rsa', { modulusLength: 1536 }).privateKey.export({ format: 'jwk' });

// The Dss-Parms of a DSA key in SPKI form are three INTEGERs that follow the OID.
function dsaParameters() {
  const { publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const found = [];
  let at = der.indexOf(Buffer.from('06072a8648ce380401', 'hex')) + 9;
  at += der[at + 1] === 0x82 ? 4 : 3;
  for (let i = 0; i < 3; i++) {
    const long = der[at + 1] >= 0x80 ? der[at + 1] & 0x7f : 0;
    const length = long === 0 ? der[at + 1] : der.readUIntBE(at + 2, long);
    const start = at + 2 + long;
    found.push(
      der
        .subarray(start, start + length)
        .toString('hex')
        .replace(/^(00)+/, ''),
    );
    at = start + length;
  }
  return found;
}

const curves = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  brainpoolP256r1: 'brainpoolP256r1',
  brainpoolP384r1: 'brainpoolP384r1',
  brainpoolP512r1: 'brainpoolP512r1',
};
const [p, q, g] = dsaParameters();
const points = Object.entries(curves).map(([name, openssl]) => {
  const ecdh = createECDH(openssl);
  ecdh.setPrivateKey(Uint8Array.of(2));
  return `  ${name.includes('-') ? `'${name}'` : name}: '${ecdh.getPublicKey('hex')}',`;
});

console.log(`// Written by tools/crypto-known-answers.mjs.
import type { CurveName } from './curves.js';

/** An RSA key of 2,048 bits (exponent 65,537) and its PKCS#1 v1.5 signature over the octets \`abc\` with SHA-256. */
export const rsaVector = {
  modulus: '${hex(rsa.publicKey.export({ format: 'jwk' }).n)}',
  signature: '${rsaSignature}',
} as const;

/** The primes of an RSA key of 1,536 bits (exponent 65,537) that encrypts nothing but known answers. */
export const rsaPrimes = {
  p: '${hex(decrypting.p)}',
  q: '${hex(decrypting.q)}',
} as const;

/** DSA parameters of 1,024 and 160 bits. */
export const dsaVector = {
  p: '${p}',
  q: '${q}',
  g: '${g}',
} as const;

/** Twice the base point of each curve. */
export const doubledBasePoints: Readonly<Record<CurveName, string>> = {
${points.join('\n')}
};

/** RFC 8032 §7.1, TEST 2. */
export const ed25519Vector = {
  seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
} as const;

/** RFC 8032 §7.4, "1 octet". */
export const ed448Vector = {
  seed: 'c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e',
  key: '43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480',
  message: '03',
  signature:
    '26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00',
} as const;`);
