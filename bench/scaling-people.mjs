// The people of the scaling page: their keys and certificates, and as many
// recipients as are asked for.

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from './common.mjs';

/** @typedef {'rsa' | 'p256'} KeyKind */

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01') };
/** Keys that recipients share, since a key of RSA for each of 100,000 would take hours. */
const keysMade = 8;

const cache = fileURLToPath(new URL('../.cache/bench/', import.meta.url));

/**
 * A key of RSA-2048 or P-256 for the benches, kept in .cache, since making one takes longer than what is measured.
 *
 * @param {KeyKind} kind
 * @param {number} which
 * @returns {Promise<{ privateKey: any, publicKey: any }>}
 */
async function benchKey(kind, which) {
  const { parsePrivateKey } = await load('crypto');
  const path = `${cache}scaling-${kind}-${which}.p8`;
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    const { privateKey } =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'der' }));
  }
  const privateKey = await parsePrivateKey(new Uint8Array(readFileSync(path)));
  return { privateKey, publicKey: privateKey.publicKey };
}

/**
 * What is made once in a process.
 *
 * @template T
 * @param {() => Promise<T>} make
 * @returns {() => Promise<T>}
 */
function once(make) {
  /** @type {Promise<T> | undefined} */
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

const authority = once(async () => {
  const { issueRoot } = await load('pki');
  const { privateKey: key } = await benchKey('rsa', 0);
  const root = await issueRoot({ key, subject: { commonName: 'Example Root' }, ...validity });
  return { root, key };
});

/** A person of RSA-2048, as who signs, who is written to and who reads. */
export const makePeople = once(async () => {
  const { issueIntermediate, issueMailCertificate } = await load('pki');
  const { root, key: rootKey } = await authority();
  const [between, person] = [await benchKey('rsa', 1), await benchKey('rsa', 2)];
  const intermediate = await issueIntermediate({
    issuer: { certificate: root, key: rootKey },
    publicKey: between.publicKey,
    subject: { commonName: 'Example Mail CA' },
    ...validity,
  });
  const certificate = await issueMailCertificate({
    issuer: { certificate: intermediate, key: between.privateKey },
    publicKey: person.publicKey,
    addresses: ['hanako@example.jp'],
    ...validity,
  });
  const { privateKey } = person;
  return {
    root,
    signer: { certificate, privateKey, chain: [intermediate] },
    recipient: { certificate },
    keys: [{ certificate, privateKey }],
  };
});

/** @param {KeyKind} kind */
async function makePatterns(kind) {
  const { issueMailCertificate } = await load('pki');
  const { root, key } = await authority();
  const patterns = [];
  for (let i = 0; i < keysMade; i++) {
    const { privateKey, publicKey } = await benchKey(kind, i);
    const { bytes, serialNumber } = await issueMailCertificate({
      issuer: { certificate: root, key },
      publicKey,
      addresses: [`member${i}@example.jp`],
      ...validity,
    });
    /** @type {Uint8Array} */
    const octets = bytes;
    const [first, second] = serialNumber;
    const serialAt = octets.findIndex((octet, at) => octet === first && octets[at + 1] === second);
    patterns.push({ octets, serialAt, privateKey });
  }
  return patterns;
}

const patternsOf = { rsa: once(() => makePatterns('rsa')), p256: once(() => makePatterns('p256')) };

/**
 * Certificates that differ in their serial numbers; the signature below is not
 * made anew, since encrypting to one that is at hand does not look at it.
 *
 * @param {number} count
 * @param {KeyKind} kind
 * @returns {Promise<{ certificates: any[], lastKey: any }>}
 */
export async function manyCertificates(count, kind) {
  const { parseCertificate } = await load('x509');
  const patterns = await patternsOf[kind]();
  const certificates = Array.from({ length: count }, (_, i) => {
    const { octets, serialAt } = /** @type {typeof patterns[0]} */ (patterns[i % keysMade]);
    const own = octets.slice();
    new DataView(own.buffer).setUint32(serialAt + 2, i);
    return parseCertificate(own);
  });
  return { certificates, lastKey: patterns[(count - 1) % keysMade]?.privateKey };
}
