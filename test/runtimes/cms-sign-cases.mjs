// SignedData made and verified: signed, signed by another one too, counter-signed,
// by every kind of key that signs.

import { addSigners, counterSign, createSignedData, parseSignedData, verifySignedData } from 'mailseal/cms';
import { generateKeyPair } from 'mailseal/crypto';
import { issueMailCertificate, issueRoot } from 'mailseal/pki';
import { equal } from './suite.mjs';

/**
 * @typedef {import('mailseal/crypto').KeyPairKind} KeyPairKind
 * @typedef {import('mailseal/crypto').SignatureAlgorithm} SignatureAlgorithm
 * @typedef {import('mailseal/cms').SigningKey} SigningKey
 */

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };
const at = new Date('2027-01-01');
const content = Uint8Array.from({ length: 3000 }, (_, i) => i & 0xff);

/** @type {readonly (readonly [KeyPairKind, SignatureAlgorithm | undefined])[]} */
const kinds = [
  [{ kind: 'rsa', bits: 2048 }, undefined],
  [
    { kind: 'rsa', bits: 2048 },
    { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
  ],
  [{ kind: 'ec', curve: 'P-256' }, undefined],
  [{ kind: 'ec', curve: 'brainpoolP384r1' }, undefined],
  [{ kind: 'ed25519' }, undefined],
  [{ kind: 'ed448' }, undefined],
];

/** @type {Promise<Awaited<ReturnType<typeof makeAuthority>>> | undefined} */
let authority;

async function makeAuthority() {
  const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  return { key, certificate: await issueRoot({ key, subject: { commonName: 'Root' }, ...validity }) };
}

/**
 * @param {KeyPairKind} kind
 * @param {SignatureAlgorithm | undefined} algorithm
 * @returns {Promise<SigningKey>}
 */
async function signingKey(kind, algorithm) {
  authority ??= makeAuthority();
  const { privateKey, publicKey } = await generateKeyPair(kind);
  const certificate = await issueMailCertificate({
    issuer: await authority,
    publicKey,
    addresses: ['hanako@example.jp'],
    ...validity,
  });
  return { certificate, privateKey, signingTime: at, ...(algorithm === undefined ? {} : { algorithm }) };
}

/** @type {import('./suite.mjs').Case[]} */
export const cmsSignCases = /** @type {const} */ (['auto', 'typescript']).flatMap((engine) =>
  kinds.map(([kind, algorithm]) => ({
    name: `SignedData by ${JSON.stringify(algorithm ?? kind)} (${engine})`,
    run: async () => {
      const signers = [await signingKey(kind, algorithm)];
      const one = await createSignedData({ content, detached: true, signers, engine });
      const two = await addSigners(one, { content, signers, engine });
      const witnessed = await counterSign(two, { signers, of: 0, engine });
      const roots = [/** @type {NonNullable<typeof authority>} */ (authority)].map(
        async (each) => (await each).certificate,
      );
      const options = { roots: await Promise.all(roots), at, engine };
      const verdicts = await verifySignedData(parseSignedData(witnessed), { content, ...options });
      const all = [...verdicts, ...verdicts.flatMap(({ counterSignatures }) => counterSignatures)];
      equal(
        all.map(({ content: found, signature, trust }) => `${found} ${signature} ${trust}`),
        Array.from({ length: 3 }, () => 'intact valid trusted'),
      );
      const [other] = await verifySignedData(parseSignedData(one), {
        content: content.subarray(1),
        ...options,
      });
      equal(other?.content, 'altered');
    },
  })),
);
