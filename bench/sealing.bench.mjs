// Sealing and opening 3 kB, RSA-2048, a chain of three: against nothing but the
// primitives that it needs, and encrypting to many against pkijs.

import { Buffer } from 'node:buffer';
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineBench } from './bench.mjs';
import { expect, load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/** @param {string} name */
const vector = (name) => new Uint8Array(readFileSync(new URL(`./vectors/signed/${name}`, import.meta.url)));

const content = vector('content.bin');
const p7s = vector('smime.p7s');
const root = vector('root.der');
const at = new Date('2026-11-01T00:00:00Z');
const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01') };

const pkcs1 = /** @type {const} */ ({ type: 'pkcs1', format: 'der' });

/** What is checked of a p7s, cut out of it: three signatures, a digest. */
async function signaturesOf() {
  const { parseSignedData } = await load('cms');
  const { certificates, signers } = parseSignedData(p7s);
  const [signer] = signers;
  const leaf = certificates.find((/** @type {any} */ each) => signer.names(each));
  const intermediate = certificates.find((/** @type {any} */ each) => leaf.issuer.equals(each.subject));
  const [attributes] = signer.signedAttributesForms();
  /** The key as PKCS #1, which is imported in the shortest time. @param {Uint8Array} der */
  const key = (der) => Buffer.from(new X509Certificate(der).publicKey.export(pkcs1));
  /** @param {any} certificate @param {Uint8Array} issuer */
  const signed = ({ tbsBytes, signature }, issuer) => ({ data: tbsBytes, signature, key: key(issuer) });
  return [
    { data: attributes.octets, signature: signer.signature, key: key(leaf.bytes) },
    signed(leaf, intermediate.bytes),
    signed(intermediate, root),
  ];
}

/** @param {any} verdict */
function checkVerdict([signer]) {
  expect(signer.content, 'intact');
  expect(signer.signature, 'valid');
  expect(signer.trust, 'trusted');
  expect(signer.time, 'valid');
}

const verifyParsed = defineBench({
  name: 'seal-verify',
  title: 'Verify a detached signature over 3 kB and its chain of three, the certificates parsed before.',
  async setup() {
    const cms = await load('cms');
    const { parseCertificate } = await load('x509');
    const checks = (await signaturesOf()).map((each) => ({
      ...each,
      key: createPublicKey({ key: each.key, ...pkcs1 }),
    }));
    return { cms, signedData: cms.parseSignedData(p7s), roots: [parseCertificate(root)], checks };
  },
  contenders: {
    async ours({ cms, signedData, roots }) {
      checkVerdict(await cms.verifySignedData(signedData, { content, roots, at }));
    },
    primitives({ checks }) {
      expect(createHash('sha256').update(content).digest().length, 32);
      for (const { data, key, signature } of checks) expect(verify('sha256', data, key, signature), true);
    },
  },
  // 1 / 1.4: at most 1.4 times the time of the primitives.
  native: ['primitives'],
  goals: { primitives: 0.714 },
});

const verifyCold = defineBench({
  name: 'seal-verify-cold',
  title: 'The same with all but the root read anew.',
  async setup() {
    const { parseCertificate } = await load('x509');
    const checks = await signaturesOf();
    const rootKey = createPublicKey({ key: checks[2]?.key ?? Buffer.of(), ...pkcs1 });
    return { cms: await load('cms'), roots: [parseCertificate(root)], checks, rootKey };
  },
  contenders: {
    async ours({ cms, roots }) {
      checkVerdict(await cms.verifySignedData(cms.parseSignedData(p7s), { content, roots, at }));
    },
    // All keys but the root's are new in each call, so that they are imported here, too.
    primitives({ checks, rootKey }) {
      expect(createHash('sha256').update(content).digest().length, 32);
      for (const [i, { data, key, signature }] of checks.entries()) {
        const own = i === 2 ? rootKey : createPublicKey({ key, ...pkcs1 });
        expect(verify('sha256', data, own, signature), true);
      }
    },
  },
  native: ['primitives'],
  goals: { primitives: 0.455 },
});

const cache = new URL('../.cache/bench/', import.meta.url);
const pkcs8 = /** @type {const} */ ({ type: 'pkcs8', format: 'der' });
let keysTaken = 0;

/**
 * A key of RSA-2048 that this process has not had yet, as both sides hold it. They are kept
 * beside the repository's other caches: making them takes longer than what is measured.
 */
async function newKey() {
  const { parsePrivateKey } = await load('crypto');
  const file = new URL(`sealing-${keysTaken++}.p8`, cache);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pkcs8));
  }
  const der = readFileSync(file);
  return {
    native: createPrivateKey({ key: der, ...pkcs8 }),
    own: await parsePrivateKey(new Uint8Array(der)),
  };
}

/** A person below an authority below a root, with the keys of all. */
async function newChain() {
  const { issueRoot, issueIntermediate, issueMailCertificate } = await load('pki');
  const [rootKey, key, person] = [await newKey(), await newKey(), await newKey()];
  const subject = { commonName: 'Example Root' };
  const top = await issueRoot({ key: rootKey.own, subject, ...validity });
  const intermediate = await issueIntermediate({
    issuer: { certificate: top, key: rootKey.own },
    publicKey: key.own.publicKey,
    subject: { commonName: 'Example Mail CA' },
    ...validity,
  });
  const issuer = { certificate: intermediate, key: key.own };
  const certificate = await issueMailCertificate({
    issuer,
    publicKey: person.own.publicKey,
    addresses: ['hanako@example.jp'],
    ...validity,
  });
  return { issuer, intermediate, certificate, person };
}

const signing = defineBench({
  name: 'seal-sign',
  title: 'Sign 3 kB, detached, with signed attributes and the chain.',
  async setup() {
    const { certificate, intermediate, person } = await newChain();
    const signer = { certificate, privateKey: person.own, chain: [intermediate], signingTime: at };
    return {
      cms: await load('cms'),
      smime: await load('smime'),
      signers: [signer],
      key: createPrivateKey({
        key: person.native.export({ type: 'pkcs1', format: 'der' }),
        type: 'pkcs1',
        format: 'der',
      }),
      attributes: randomBytes(200),
    };
  },
  contenders: {
    async ours({ cms, signers }) {
      const signed = await cms.createSignedData({ content, detached: true, signers });
      expect(signed.length > 2000, true);
    },
    async 'ours, a whole message'({ smime, signers }) {
      const signed = await smime.signMessage(content, { signers });
      expect(signed.length > 6000, true);
    },
    primitives({ key, attributes }) {
      expect(createHash('sha256').update(content).digest().length, 32);
      expect(sign('sha256', attributes, key).length, 256);
    },
  },
  native: ['primitives'],
  goals: { primitives: 0.667 },
});

const decrypting = defineBench({
  name: 'seal-decrypt',
  title: 'Decrypt 3 kB in AES-256-CBC with a key of RSA-2048, PKCS #1 v1.5.',
  async setup() {
    const { certificate, person } = await newChain();
    const cms = await load('cms');
    const envelope = await cms.createEnvelopedData({
      content,
      recipients: [{ certificate }],
      cipher: 'aes256-cbc',
    });
    const key = randomBytes(32);
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return {
      cms,
      envelope,
      keys: [{ privateKey: person.own, certificate }],
      native: person.native,
      encryptedKey: publicEncrypt(
        { key: createPublicKey(person.native), padding: constants.RSA_PKCS1_PADDING },
        key,
      ),
      iv,
      encrypted: Buffer.concat([cipher.update(content), cipher.final()]),
    };
  },
  contenders: {
    async ours({ cms, envelope, keys }) {
      const opened = await cms.openEnveloped(cms.parseEnvelopedData(envelope), { keys });
      expect(opened.content.length, content.length);
    },
    primitives({ native, encryptedKey, iv, encrypted }) {
      const padded = privateDecrypt({ key: native, padding: constants.RSA_NO_PADDING }, encryptedKey);
      const decipher = createDecipheriv('aes-256-cbc', padded.subarray(-32), iv);
      expect(decipher.update(encrypted).length + decipher.final().length, content.length);
    },
  },
  native: ['primitives'],
  goals: { primitives: 0.5 },
});

/** Keys that the recipients share, since making a thousand takes minutes: each certificate is one of its own. */
const keysMade = 8;

/** @param {number} count @param {Record<string, number>} goals */
const encryptingTo = (count, goals) =>
  defineBench({
    name: `seal-encrypt-${count}`,
    title: `Encrypt 3 kB in AES-256-CBC to ${count} certificate${count === 1 ? '' : 's'} of RSA-2048 at hand.`,
    async setup() {
      const { issueMailCertificate } = await load('pki');
      const { issuer } = await newChain();
      const keys = [];
      for (let i = 0; i < Math.min(count, keysMade); i++) keys.push(await newKey());
      const recipients = [];
      for (let i = 0; i < count; i++) {
        const key = keys[i % keys.length];
        recipients.push({
          certificate: await issueMailCertificate({
            issuer,
            publicKey: key?.own.publicKey,
            addresses: [`member${i}@example.jp`],
            ...validity,
          }),
        });
      }
      const pkijs = await loadPeer('pkijs');
      const octets = recipients.map(({ certificate }) => certificate.bytes);
      return {
        cms: await load('cms'),
        recipients,
        pkijs,
        theirs: octets.map((der) => pkijs.Certificate.fromBER(der)),
        natives: octets.map((der) =>
          createPublicKey({ key: new X509Certificate(der).publicKey.export(pkcs1), ...pkcs1 }),
        ),
      };
    },
    contenders: {
      async ours({ cms, recipients }) {
        const envelope = await cms.createEnvelopedData({ content, recipients, cipher: 'aes256-cbc' });
        expect(envelope.length > content.length + 256 * count, true);
      },
      // Each key is imported, as in ours where a certificate is used again; the content is left out.
      'key wraps'({ natives }) {
        const key = randomBytes(32);
        for (const each of natives)
          expect(publicEncrypt({ key: each, padding: constants.RSA_PKCS1_PADDING }, key).length, 256);
      },
      'key wraps and AES'({ natives }) {
        const key = randomBytes(32);
        const cipher = createCipheriv('aes-256-cbc', key, randomBytes(16));
        expect(cipher.update(content).length + cipher.final().length > content.length, true);
        for (const each of natives)
          expect(publicEncrypt({ key: each, padding: constants.RSA_PKCS1_PADDING }, key).length, 256);
      },
      async pkijs({ pkijs, theirs }) {
        const enveloped = new pkijs.EnvelopedData();
        // It has no PKCS #1 v1.5; OAEP takes as long but for two digests.
        for (const each of theirs)
          enveloped.addRecipientByCertificate(each, { oaepHashAlgorithm: 'SHA-256' }, 1);
        await enveloped.encrypt({ name: 'AES-CBC', length: 256 }, content.buffer);
        expect(enveloped.recipientInfos.length, count);
      },
    },
    native: ['key wraps', 'key wraps and AES'],
    goals,
  });

// 1 / 1.3: at most 1.3 times the time of the key wraps alone.
const wraps = { 'key wraps': 0.769 };

export default [
  verifyParsed,
  verifyCold,
  signing,
  decrypting,
  encryptingTo(1, wraps),
  encryptingTo(10, wraps),
  encryptingTo(100, wraps),
  encryptingTo(1000, { ...wraps, pkijs: 30 }),
];
