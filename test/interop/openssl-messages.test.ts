import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { asBytes, type Bytes } from '../../src/core/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import { composeMessage } from '../../src/mime/compose/compose.js';
import { parseMessage } from '../../src/mime/message.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { safeEntity } from '../../src/smime/entity/safe-entity.js';
import { certsOnlyMessage } from '../../src/smime/sign/certs-only-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { sampleContent } from '../support/compose-samples.js';
import { withLf } from '../support/mime-corpus.js';
import { issue, testKey } from '../support/pki.js';
import { describeProgram } from '../support/programs.js';
import { alice, intermediate, now, root } from '../support/sign-scene.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

const RUNS = 8;

describeProgram('openssl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-messages-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, octets: Uint8Array | string): string => {
    writeFileSync(path(name), octets);
    return path(name);
  };
  const bob = issue({
    name: 'Bob',
    key: testKey('rsa', 'Bob reads'),
    issuer: intermediate,
    emails: ['bob@example.net'],
    keyUsage: ['keyEncipherment'],
  });
  const trusted = write('root.pem', encodePem('CERTIFICATE', root.der));
  const time = String(now.getTime() / 1000);

  const openssl = (...args: string[]): Bytes => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { maxBuffer: 1 << 26 });
    expect(status, stderr.toString()).toBe(0);
    return asBytes(stdout);
  };

  const messages = fc
    .sample(sampleContent, { seed: 9, numRuns: RUNS })
    .map((content) => composeMessage({ date: now, ...content, from: 'Alice <alice@example.jp>' }));

  for (const program of ['cms', 'smime'] as const) {
    test(`${program} verifies ${RUNS} signed messages in either form, with CRLF and with LF`, async () => {
      const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime: now })];
      for (const [i, message] of messages.entries()) {
        const form = i % 2 === 0 ? 'detached' : 'opaque';
        const signed = await signMessage(message, { signers, form, headerProtection: i % 3 === 0 });
        for (const octets of [signed, withLf(signed)]) {
          const content = openssl(
            ...[program, '-verify', '-in', write('signed.eml', octets), '-CAfile', trusted],
            ...['-attime', time],
          );
          if (i % 3 !== 0) expect(withLf(content)).toEqual(withLf(safeEntity(parseMessage(message)).octets));
          expect(content.length).toBeGreaterThan(0);
        }
      }
    });
  }

  test(`cms and smime decrypt ${RUNS} messages, signed inside or not`, async () => {
    const key = write('bob.key', encodePem('PRIVATE KEY', (await privateKeyOf(bob)).pkcs8));
    const certificate = write('bob.pem', encodePem('CERTIFICATE', bob.der));
    const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];
    for (const [i, message] of messages.entries()) {
      const signs = i % 2 === 0;
      const [sealed] = await encryptMessage(message, {
        recipients: [{ certificate: bob.certificate }],
        at: now,
        headerProtection: i % 3 === 0,
        ...(signs ? { sign: { signers } } : {}),
      });
      for (const octets of [sealed!.message, withLf(sealed!.message)]) {
        const file = write('sealed.eml', octets);
        for (const program of ['cms', 'smime']) {
          const content = openssl(program, '-decrypt', '-in', file, '-recip', certificate, '-inkey', key);
          if (signs) {
            openssl(
              'cms',
              '-verify',
              '-in',
              write('inside.eml', content),
              '-CAfile',
              trusted,
              '-attime',
              time,
            );
          } else if (i % 3 !== 0) {
            expect(content).toEqual(safeEntity(parseMessage(message)).octets);
          }
          expect(content.length).toBeGreaterThan(0);
        }
      }
    }
  });

  test('smime reads the certificates of a certs-only message', () => {
    const handed = certsOnlyMessage({ certificates: [bob.certificate, alice.certificate] });
    openssl('smime', '-pk7out', '-in', write('certs.eml', handed), '-out', path('certs.p7'));
    const text = openssl('pkcs7', '-in', path('certs.p7'), '-print_certs');
    expect(
      Buffer.from(text)
        .toString()
        .match(/BEGIN CERTIFICATE/g)?.length,
    ).toBe(2);
    expect(readFileSync(path('certs.p7')).length).toBeGreaterThan(100);
  });
});
