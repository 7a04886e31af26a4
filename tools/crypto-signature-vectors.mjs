// Prints test/vectors/signatures.mjs: node tools/crypto-signature-vectors.mjs
//
// One signature by OpenSSL for every kind of key and common digest. Keys are
// made afresh each time and their private halves thrown away; the checked-in
// file needs no renewal.
import { constants, generateKeyPairSync, sign } from 'node:crypto';

const data = Buffer.from('The octets that every signature in this file is over.\r\n');
const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  // Beyond 4,096 bits TypeScript does the work, whatever the runtime has.
  'rsa 4104': generateKeyPairSync('rsa', { modulusLength: 4104 }),
  'P-224': generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
  brainpoolP256r1: generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
  brainpoolP384r1: generateKeyPairSync('ec', { namedCurve: 'brainpoolP384r1' }),
  brainpoolP512r1: generateKeyPairSync('ec', { namedCurve: 'brainpoolP512r1' }),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
  'DSA 1024': generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
  'DSA 2048': generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
};

const lines = [];
function add(key, algorithm, options = {}) {
  const digest = algorithm.digest ?? null;
  const signature = sign(digest, data, { key: pairs[key].privateKey, ...options }).toString('hex');
  lines.push(`  { key: '${key}', algorithm: ${JSON.stringify(algorithm)}, signature: '${signature}' },`);
}

for (const digest of ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-256']) {
  add('rsa', { name: 'rsa-pkcs1', digest });
}
for (const [digest, saltLength] of [
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
]) {
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  add('rsa', { name: 'rsa-pss', digest, mgfDigest: digest, saltLength }, options);
}
for (const curve of Object.keys(pairs).filter((name) => /^P-|^brainpool/.test(name))) {
  for (const digest of ['sha1', 'sha256', 'sha384', 'sha512']) add(curve, { name: 'ecdsa', digest });
}
add('ed25519', { name: 'ed25519' });
add('ed448', { name: 'ed448' });
for (const digest of ['sha1', 'sha256']) {
  add('DSA 1024', { name: 'dsa', digest });
  add('DSA 2048', { name: 'dsa', digest });
}

add('rsa 4104', { name: 'rsa-pkcs1', digest: 'sha256' });
add(
  'rsa 4104',
  { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
  { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
);

const keys = Object.entries(pairs).map(
  ([name, { publicKey }]) =>
    `  '${name}': '${publicKey.export({ format: 'der', type: 'spki' }).toString('hex')}',`,
);
console.log(`// Written by tools/crypto-signature-vectors.mjs.

/** What all the signatures are over, as hexadecimal digits. */
export const data = '${data.toString('hex')}';

/** SubjectPublicKeyInfos. @type {Readonly<Record<string, string>>} */
export const keys = {
${keys.join('\n')}
};

/** @type {readonly { key: string, algorithm: { name: string, digest?: string, mgfDigest?: string, saltLength?: number }, signature: string }[]} */
export const signatures = [
${lines.join('\n')}
];`);
