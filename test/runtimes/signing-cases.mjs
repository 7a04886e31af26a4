// Signatures of every kind, made and checked; an authority that issues. What
// native code signs, TypeScript verifies.

import {
  createSigner,
  encodePublicKey,
  generateKeyPair,
  parsePublicKey,
  signData,
  verifySignature,
} from 'mailseal/crypto';
import { createRequest, issueCrl, issueMailCertificate, issueRoot, parseRequest } from 'mailseal/pki';
import { findPath } from 'mailseal/x509';
import { equal } from './suite.mjs';

/**
 * @typedef {import('mailseal/crypto').SignatureAlgorithm} SignatureAlgorithm
 * @typedef {import('mailseal/crypto').KeyPairKind} KeyPairKind
 */

const engines = /** @type {const} */ (['auto', 'typescript', 'native']);
const data = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);

/** @type {readonly (readonly [KeyPairKind, readonly SignatureAlgorithm[]])[]} */
const kinds = [
  [
    { kind: 'rsa', bits: 2048 },
    [
      { name: 'rsa-pkcs1', digest: 'sha256' },
      { name: 'rsa-pkcs1', digest: 'sha3-512' },
      { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
      { name: 'rsa-pss', digest: 'sha384', mgfDigest: 'sha1', saltLength: 20 },
    ],
  ],
  .../** @type {const} */ ([
    'P-224',
    'P-256',
    'P-384',
    'P-521',
    'brainpoolP256r1',
    'brainpoolP384r1',
    'brainpoolP512r1',
  ]).map(
    (curve) =>
      /** @type {const} */ ([
        { kind: 'ec', curve },
        [
          { name: 'ecdsa', digest: 'sha256' },
          { name: 'ecdsa', digest: 'sha512' },
          { name: 'ecdsa', digest: 'sha1' },
          { name: 'ecdsa', digest: 'shake256' },
        ],
      ]),
  ),
  [{ kind: 'ed25519' }, [{ name: 'ed25519' }]],
  [{ kind: 'ed448' }, [{ name: 'ed448' }]],
];

/** @type {Map<KeyPairKind, ReturnType<typeof generateKeyPair>>} */
const made = new Map();

/** @param {KeyPairKind} kind */
function pairOf(kind) {
  const pair = made.get(kind) ?? generateKeyPair(kind);
  made.set(kind, pair);
  return pair;
}

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };

/** @type {import('./suite.mjs').Case[]} */
export const signingCases = [
  ...engines.flatMap((engine) =>
    kinds.flatMap(([kind, algorithms]) =>
      algorithms.map((algorithm) => ({
        name: `${JSON.stringify(kind)} signs with ${JSON.stringify(algorithm)} (${engine})`,
        run: async () => {
          const { privateKey, publicKey } = await pairOf(kind);
          const signature = await signData({ privateKey, algorithm, data, engine }).catch((error) => {
            // Native code alone may refuse, but not err.
            if (engine === 'native' && error.code === 'crypto-engine-unavailable') return undefined;
            throw error;
          });
          if (signature === undefined) return;
          const read = parsePublicKey(encodePublicKey(publicKey));
          const asked = {
            publicKey: read,
            algorithm,
            signature,
            engine: /** @type {const} */ ('typescript'),
          };
          equal(await verifySignature({ ...asked, data }), true);
          equal(await verifySignature({ ...asked, data: data.subarray(1) }), false);
        },
      })),
    ),
  ),
  {
    name: 'an authority issues a certificate for a request, and revokes it',
    run: async () => {
      const { privateKey } = await pairOf({ kind: 'ec', curve: 'P-256' });
      const key = createSigner(privateKey);
      const certificate = await issueRoot({ key, subject: { commonName: 'Root' }, ...validity });
      const issuer = { certificate, key };
      const person = await generateKeyPair({ kind: 'ed25519' });
      const { bytes } = await createRequest({ key: person.privateKey, addresses: ['hanako@例え.jp'] });
      const request = parseRequest(bytes);
      const mail = await issueMailCertificate({
        issuer,
        publicKey: request,
        addresses: request.emailAddresses,
        ...validity,
      });
      equal(mail.emailAddresses, ['hanako@xn--r8jz45g.jp']);
      const crl = await issueCrl({
        issuer,
        thisUpdate: new Date('2027-05-01'),
        nextUpdate: new Date('2027-07-01'),
        number: 1,
        revoked: [{ certificate: mail, revocationDate: new Date('2027-04-01'), reason: 'keyCompromise' }],
      });
      const options = { roots: [certificate], at: new Date('2027-06-01') };
      equal((await findPath(mail, options)).problems, []);
      const { problems } = await findPath(mail, { ...options, revocation: { mode: 'require', crls: [crl] } });
      equal(
        problems.map(({ code }) => code),
        ['revoked'],
      );
    },
  },
];
