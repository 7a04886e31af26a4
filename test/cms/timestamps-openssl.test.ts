import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { parseTimestampInfo } from '../../src/cms/signed/timestamp-info.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { encodePem } from '../../src/encoding/pem.js';
import { testKey } from '../support/pki.js';
import { describeProgram } from '../support/programs.js';
import { signedData } from '../support/sign.js';
import { aliceWith, intermediate, root, roots } from '../support/sign-scene.js';
import { content } from '../support/sign-verdicts.js';
import { stampAuthority, timestampToken, withTimestamps } from '../support/timestamp.js';

const authorities = {
  rsa: stampAuthority(root, { key: testKey('rsa', 'tsa') }),
  p256: stampAuthority(root),
  p384: stampAuthority(root, { key: testKey('p384', 'tsa') }),
};

const configuration = (digest: string, idDigest: string): string => `
[tsa]
default_tsa = t
[t]
dir = .
serial = ./serial
crypto_device = builtin
signer_digest = ${digest}
default_policy = 1.3.6.1.4.1.99999.7
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = ${idDigest}
`;

describeProgram('openssl', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? stdout : `failed: ${stderr}`;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-ts-'));
    for (const [name, { der, key }] of Object.entries(authorities)) {
      writeFileSync(path(`${name}.pem`), encodePem('CERTIFICATE', der));
      writeFileSync(path(`${name}.key`), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    }
    writeFileSync(path('root.pem'), encodePem('CERTIFICATE', root.der));
    writeFileSync(path('serial'), '01\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A time stamp that OpenSSL makes over octets, now. */
  function stamp(
    over: Uint8Array,
    by: keyof typeof authorities,
    digest: string,
    idDigest: string,
    ...query: string[]
  ): Uint8Array {
    writeFileSync(path('over.bin'), over);
    writeFileSync(path('ts.cnf'), configuration(digest, idDigest));
    openssl('ts', '-query', '-data', 'over.bin', `-${digest}`, '-out', 'query.tsq', ...query);
    const signer = ['-signer', `${by}.pem`, '-inkey', `${by}.key`];
    const made = openssl(
      'ts',
      '-reply',
      '-config',
      'ts.cnf',
      '-section',
      't',
      '-queryfile',
      'query.tsq',
      ...signer,
      '-token_out',
      '-out',
      'token.der',
    );
    expect(made).not.toContain('failed');
    return readFileSync(path('token.der'));
  }

  const expired = aliceWith({
    notBefore: '2024-01-01T00:00:00Z',
    notAfter: new Date(Date.now() + 60_000).toISOString(),
  });
  const signed = signedData({ content, signers: [{ by: expired }], certificates: [expired, intermediate] });
  /** A day from now, when the signer's certificate has expired. */
  const tomorrow = new Date(Date.now() + 86_400_000);

  test.each(
    (['rsa', 'p256', 'p384'] as const).flatMap((by) =>
      (['sha256', 'sha512'] as const).flatMap((digest) =>
        (['sha1', 'sha256'] as const).map((idDigest) => [by, digest, idDigest] as const),
      ),
    ),
  )('its time stamp by %s with %s, the certificate named by %s, serves us', async (by, digest, idDigest) => {
    const p7s = withTimestamps(signed, (over) => [stamp(over, by, digest, idDigest, '-cert')]);
    const [verdict] = await verifySignedData(parseSignedData(p7s), { content, roots, at: tomorrow });
    expect(
      verdict!.timestamps.map(({ status, reasons }) => [status, reasons.map(({ code }) => code)]),
    ).toEqual([['trusted', []]]);
    expect([verdict!.time, verdict!.trust]).toEqual(['valid-at-trusted-time', 'trusted']);
    const { info } = verdict!.timestamps[0]!;
    expect(info).toMatchObject({ policy: '1.3.6.1.4.1.99999.7', accuracy: 1501, ordering: true });
    expect(info!.tsa?.kind).toBe('directoryName');
    expect(info!.nonce?.length).toBeGreaterThan(0);
  });

  test('its time stamp without the certificate wants that from elsewhere', async () => {
    const p7s = withTimestamps(signed, (over) => [stamp(over, 'p256', 'sha256', 'sha256', '-no_nonce')]);
    const statusWith = async (certificates: Parameters<typeof verifySignedData>[1]['certificates']) => {
      const options = { content, roots, at: tomorrow, certificates: certificates ?? [] };
      const [verdict] = await verifySignedData(parseSignedData(p7s), options);
      return verdict!.timestamps.map(({ status }) => status);
    };
    expect(await statusWith([])).toEqual(['invalid']);
    expect(await statusWith([authorities.p256.certificate])).toEqual(['trusted']);
  });

  test('it reads and verifies the time stamps that our tests make', () => {
    const over = new Uint8Array([1, 2, 3]);
    writeFileSync(path('ours.bin'), over);
    const time = new Date(Date.now() - 60_000).toISOString();
    writeFileSync(
      path('ours.der'),
      timestampToken({ by: authorities.p256, over, time, accuracy: [1, 2, 3] }),
    );
    const verified = openssl(
      'ts',
      '-verify',
      '-data',
      'ours.bin',
      '-in',
      'ours.der',
      '-token_in',
      '-CAfile',
      'root.pem',
    );
    expect(verified).toContain('Verification: OK');
    const text = openssl('ts', '-reply', '-in', 'ours.der', '-token_in', '-text');
    expect(text).toContain('Accuracy: 0x01 seconds, 0x02 millis, 0x03 micros');
    expect(parseTimestampInfo(parseSignedData(readFileSync(path('ours.der'))).content!).accuracy).toBe(1003);
  });
});
