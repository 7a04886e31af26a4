import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { derOid, derSequence } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { hash, type KeyKind, testKey } from '../support/pki.js';
import { describeProgram } from '../support/programs.js';
import {
  attribute,
  contentType,
  messageDigest,
  Oid,
  type SignedDataSpec,
  type SignerSpec,
  signedData,
  signingCertificate,
  type UsualAttributes,
} from '../support/sign.js';
import { textEntity } from '../support/sign-message.js';
import { alice, aliceWith, intermediate, now, root, roots } from '../support/sign-scene.js';
import { content } from '../support/sign-verdicts.js';

describeProgram('openssl', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-openssl-'));
    write('root.pem', pem('CERTIFICATE', root.der));
    write('intermediate.pem', pem('CERTIFICATE', intermediate.der));
    write('content.bin', content);
    write('entity.txt', textEntity());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string): string => join(folder, name);
  const write = (name: string, octets: string | Uint8Array): void => writeFileSync(file(name), octets);
  const pem = (label: string, octets: Uint8Array): string =>
    `-----BEGIN ${label}-----\n${Buffer.from(octets)
      .toString('base64')
      .replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
  const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: folder, timeout: 30_000 });

  /** What openssl says about a signature over {@link content}. */
  function opensslAccepts(p7s: Uint8Array, isEmbedded: boolean): boolean {
    write('signature.p7s', p7s);
    const detached = isEmbedded ? [] : ['-content', file('content.bin')];
    const at = String(now.getTime() / 1000);
    const { status, stdout } = openssl(
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', file('signature.p7s'), ...detached],
      ...['-CAfile', file('root.pem'), '-attime', at, '-purpose', 'smimesign'],
    );
    if (status === 0) expect(Buffer.compare(stdout, Buffer.from(content))).toBe(0);
    return status === 0;
  }

  /** What we say: content, signature, trust and time of every signer. */
  async function weAccept(p7s: Uint8Array, isEmbedded: boolean): Promise<boolean> {
    const given = isEmbedded ? {} : { content };
    const found = await verifySignedData(parseSignedData(p7s), {
      roots,
      at: now,
      algorithms: algorithmPolicyOldMail,
      ...given,
    });
    return (
      found.length > 0 &&
      found.every(
        (each) =>
          each.content === 'intact' &&
          each.signature === 'valid' &&
          each.trust === 'trusted' &&
          each.time === 'valid',
      )
    );
  }

  const byKind = (kind: KeyKind) => aliceWith({ key: testKey(kind) });
  const keys: [string, Partial<SignerSpec>][] = [
    ['RSA', { by: byKind('rsa') }],
    ['RSA with SHA-512', { by: byKind('rsa'), digest: 'sha512' }],
    ['RSA with SHA-1', { by: byKind('rsa'), digest: 'sha1' }],
    ['rsaEncryption', { by: byKind('rsa'), bareRsa: true }],
    ['RSA-PSS', { by: byKind('rsa'), pss: true }],
    ['RSA-PSS with SHA-384', { by: byKind('rsa'), pss: true, digest: 'sha384' }],
    ['P-256', {}],
    ['P-384 with SHA-384', { by: byKind('p384'), digest: 'sha384' }],
    ['P-521 with SHA-512', { by: byKind('p521'), digest: 'sha512' }],
    // OpenSSL 3.0 can neither make nor check CMS with Ed25519.
  ];
  const frames: [string, Partial<SignedDataSpec>][] = [
    ['detached', {}],
    ['opaque', { embed: true }],
    ['in BER', { embed: true, form: 'indefinite' }],
  ];
  const changes: [string, Partial<SignerSpec>][] = [
    ['with usual attributes', {}],
    ['without attributes', { attributes: 'none' }],
    ['spoilt', { spoil: true }],
    ['by key identifier', { sid: 'subjectKeyIdentifier' }],
  ];
  const matrix = keys.flatMap(([key, signer]) =>
    frames.flatMap(([frame, data]) =>
      changes.map(([change, more]) => [`${key}, ${frame}, ${change}`, { ...signer, ...more }, data] as const),
    ),
  );

  test(`agrees on ${matrix.length} signatures that we made`, async () => {
    let accepted = 0;
    for (const [name, signer, data] of matrix) {
      const spec = { by: alice, ...signer };
      const p7s = signedData({ content, signers: [spec], certificates: [spec.by, intermediate], ...data });
      const isEmbedded = data.embed === true;
      const ours = await weAccept(p7s, isEmbedded);
      expect([name, opensslAccepts(p7s, isEmbedded)]).toEqual([name, ours]);
      if (ours) accepted++;
    }
    expect(accepted).toBe((matrix.length * 3) / 4);
  }, 120_000);

  const other = aliceWith({ name: 'Another' });
  const attributes: [string, Partial<SignerSpec>, Partial<SignedDataSpec>?][] = [
    ['unsorted attributes, signed so', { attributes: reversed, sent: 'as-given', signs: 'as-sent' }],
    ['BER attributes, signed in DER', { sent: 'indefinite', attributes: sorted }],
    ['no content-type', { attributes: (usual) => [usual.messageDigest, usual.signingTime] }],
    ['no message-digest', { attributes: (usual) => [usual.contentType, usual.signingTime] }],
    ['no signing-time', { attributes: (usual) => [usual.contentType, usual.messageDigest] }],
    [
      'another digest',
      { attributes: (usual) => [usual.contentType, messageDigest(hash('sha256', new Uint8Array()))] },
    ],
    [
      'two message-digests',
      {
        attributes: (usual) => [
          usual.contentType,
          usual.messageDigest,
          messageDigest(hash('sha256', new Uint8Array())),
        ],
      },
    ],
    [
      'an attribute that nobody knows',
      { attributes: (usual) => [...Object.values(usual), attribute('1.2.3.4', derOid('1.2'))] },
    ],
    [
      'the right signingCertificate',
      { attributes: (usual) => [...Object.values(usual), signingCertificate('v1', alice, true)] },
    ],
    [
      'the right signingCertificateV2',
      { attributes: (usual) => [...Object.values(usual), signingCertificate('v2', alice, true)] },
    ],
    ['an unknown digest', { announcedDigest: derSequence(derOid('1.2.3.4')) }],
    ['another eContentType with attributes', {}, { eContentType: Oid.tstInfo, embed: true }],
    ['the signer’s certificate missing', {}, { certificates: [intermediate] }],
    ['the intermediate certificate missing', {}, { certificates: [alice] }],
    ['unsigned attributes', { unsignedAttributes: [attribute('1.2.3.4', derOid('1.2'))] }],
    ['an expired certificate', { by: aliceWith({ notAfter: '2025-01-01T00:00:00Z' }) }],
    ['a certificate for servers', { by: aliceWith({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }) }],
  ];

  function reversed(usual: UsualAttributes): Uint8Array[] {
    return [usual.signingTime, usual.messageDigest, usual.contentType];
  }

  /** DER's order, of which the lengths decide here. */
  function sorted(usual: UsualAttributes): Uint8Array[] {
    return [usual.contentType, usual.signingTime, usual.messageDigest];
  }

  test(`agrees on ${attributes.length} signatures with right and wrong attributes`, async () => {
    const results: [string, boolean, boolean][] = [];
    for (const [name, signer, data = {}] of attributes) {
      const spec = { by: alice, ...signer };
      const p7s = signedData({ content, signers: [spec], certificates: [spec.by, intermediate], ...data });
      const isEmbedded = data.embed === true;
      results.push([name, opensslAccepts(p7s, isEmbedded), await weAccept(p7s, isEmbedded)]);
    }
    expect(results.filter(([, theirs, ours]) => theirs !== ours)).toEqual([]);
    // Right and wrong ones are both among them.
    expect(results.filter(([, , ours]) => ours).length).toBeGreaterThan(5);
    expect(results.filter(([, , ours]) => !ours).length).toBeGreaterThan(5);
  }, 60_000);

  test('is stricter than openssl where the specifications are', async () => {
    const stricter: [string, Partial<SignerSpec>, Partial<SignedDataSpec>][] = [
      // RFC 5652 §5.3: attributes are a must unless the content is id-data.
      ['no attributes for another type', { attributes: 'none' }, { eContentType: Oid.tstInfo, embed: true }],
      // RFC 5652 §11.1: the content-type attribute names the type of the content; openssl only wants one to be there.
      [
        'another content-type',
        { attributes: (usual) => [contentType(Oid.tstInfo), usual.messageDigest] },
        {},
      ],
      // openssl goes by the key's own algorithm.
      ['an unknown signature algorithm', { announcedSignature: derSequence(derOid('1.2.3.4')) }, {}],
      // RFC 5035 §5.4; openssl compares these only for time stamps and with -cades.
      [
        'a signingCertificateV2 of another',
        { attributes: (usual) => [...Object.values(usual), signingCertificate('v2', other)] },
        {},
      ],
    ];
    for (const [name, signer, data] of stricter) {
      const p7s = signedData({
        content,
        signers: [{ by: alice, ...signer }],
        certificates: [alice, intermediate],
        ...data,
      });
      const isEmbedded = data.embed === true;
      expect([name, opensslAccepts(p7s, isEmbedded), await weAccept(p7s, isEmbedded)]).toEqual([
        name,
        true,
        false,
      ]);
    }
  });

  test('and sorts attributes before it checks them, as RFC 5652 §5.4 has it, which openssl does not', async () => {
    const p7s = signedData({
      content,
      signers: [{ by: alice, attributes: reversed, sent: 'as-given' }],
      certificates: [alice, intermediate],
    });
    expect([opensslAccepts(p7s, false), await weAccept(p7s, false)]).toEqual([false, true]);
  });

  test('what openssl signs verifies here', async () => {
    let count = 0;
    for (const kind of ['rsa', 'p256', 'p384', 'p521'] as const) {
      const by = byKind(kind);
      write('alice.pem', pem('CERTIFICATE', by.der));
      write('alice.key', by.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
      const options: string[][] = [
        [],
        ['-nodetach'],
        ['-noattr'],
        ['-keyid'],
        ['-nodetach', '-indef'],
        ['-binary'],
      ];
      if (kind === 'rsa') options.push(['-keyopt', 'rsa_padding_mode:pss'], ['-md', 'sha512']);
      for (const option of options) {
        const { status, stdout, stderr } = openssl(
          ...['cms', '-sign', '-in', file('entity.txt'), '-signer', file('alice.pem')],
          ...['-inkey', file('alice.key'), '-certfile', file('intermediate.pem')],
          ...['-from', 'alice@example.jp', '-to', 'bob@example.net', '-subject', 'x', ...option],
        );
        expect([option, String(stderr), status]).toEqual([option, '', 0]);
        for (const engine of ['native', 'typescript'] as const) {
          // What openssl signs it dates with its own clock.
          const at = new Date(Date.now() + 60_000);
          const report = await verifyMessage(new Uint8Array(stdout), { roots, at, engine });
          expect([kind, option, report.verified]).toEqual([kind, option, true]);
        }
        count++;
      }
    }
    console.log(`openssl made ${count} messages, all of which verify`);
    expect(count).toBe(26);
  }, 120_000);
});
