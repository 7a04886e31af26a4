import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import {
  alice,
  bob,
  carol,
  choir,
  content,
  historyOf,
  member,
  otherList,
  passOn,
  type SentLayer,
  sent,
} from '../support/list-scene.js';
import { withLf } from '../support/mime-corpus.js';
import type { TestCertificate } from '../support/pki.js';
import { describeProgram } from '../support/programs.js';
import { intermediate, now, root } from '../support/sign-scene.js';
import { privateKeyOf } from '../support/signing-people.js';

describeProgram('openssl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-list-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, octets: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, octets);
    return path;
  };
  const openssl = (...args: string[]): Uint8Array => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { maxBuffer: 1 << 26 });
    expect(status, `${args.join(' ')}\n${stderr.toString()}`).toBe(0);
    return stdout;
  };
  const trusted = write('root.pem', encodePem('CERTIFICATE', root.der));
  const chain = write('chain.pem', encodePem('CERTIFICATE', intermediate.der));

  /** A layer is a signature or an envelope; OpenSSL takes one off and gives what is in it. */
  const verified = (message: Uint8Array): Uint8Array =>
    openssl(
      ...['cms', '-verify', '-in', write('signed.eml', message), '-CAfile', trusted, '-certfile', chain],
      ...['-attime', String(now.getTime() / 1000)],
    );
  const decrypted = async (message: Uint8Array, by: TestCertificate): Promise<Uint8Array> => {
    const key = write('member.key', encodePem('PRIVATE KEY', (await privateKeyOf(by)).pkcs8));
    const certificate = write('member.pem', encodePem('CERTIFICATE', by.der));
    const input = write('sealed.eml', message);
    return openssl('cms', '-decrypt', '-in', input, '-inkey', key, '-recip', certificate);
  };

  const listed: SentLayer = { by: otherList, says: [historyOf(otherList)] };
  const nests: readonly (readonly [what: string, layers: readonly SentLayer[], inside: number])[] = [
    ['encrypted', [{ cipher: 'aes128-cbc' }], 0],
    ['signed and encrypted', [{ cipher: 'aes256-cbc' }, { by: alice }], 1],
    ['triple wrapped', [{ by: alice }, { cipher: 'aes256-cbc' }, { by: alice }], 1],
    ['passed on by another list', [listed, { cipher: 'aes128-cbc' }, { by: alice, form: 'opaque' }], 1],
    ['weakly encrypted', [{ cipher: 'des-ede3-cbc' }, { by: alice }], 1],
  ];
  for (const mode of ['re-key', 'decrypt-and-encrypt'] as const) {
    for (const [what, layers, inside] of nests) {
      test(`${mode}: members verify the list, decrypt, and verify the author, what was ${what}`, async () => {
        const { messages } = await passOn(await sent(layers), { mode });
        expect(messages).toHaveLength(1);
        for (const by of [bob, carol]) {
          let entity = await decrypted(verified(messages[0]!.message), by);
          for (let i = 0; i < inside; i++) entity = verified(entity);
          expect(latin1FromBytes(withLf(entity)).trimEnd()).toBe(latin1FromBytes(withLf(content)).trimEnd());
        }
      });
    }
  }

  test('members with different capabilities each decrypt the copy that is for them', async () => {
    const members = [member(bob, 'aes256-gcm'), member(carol)];
    const { messages } = await passOn(await sent([{ cipher: 'aes256-gcm' }, { by: alice }]), { members });
    expect(messages.map(({ cipher }) => cipher)).toEqual(['aes256-gcm', 'aes128-cbc']);
    for (const [i, by] of [bob, carol].entries()) {
      const entity = verified(await decrypted(verified(messages[i]!.message), by));
      expect(latin1FromBytes(entity)).toContain('At nine.');
    }
  });

  test('a message that OpenSSL encrypted for the list', async () => {
    const input = write('entity.txt', content);
    const recipient = write('choir.pem', encodePem('CERTIFICATE', choir.der));
    for (const cipher of ['-aes-128-cbc', '-aes-256-gcm']) {
      const fields = ['-from', 'alice@example.jp', '-to', 'choir@example.jp', '-subject', 'Friday'];
      const message = openssl('cms', '-encrypt', cipher, ...fields, '-in', input, recipient);
      const { messages } = await passOn(message);
      for (const by of [bob, carol]) {
        const copy = messages.find(({ members }) =>
          members.some((each) => 'certificate' in each && each.certificate === by.certificate),
        )!;
        expect(latin1FromBytes(await decrypted(verified(copy.message), by))).toContain('At nine.');
      }
    }
  });
});
