import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { ContentTypeOid } from '../../src/cms/oids.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { content, opened, sealedFor } from '../support/envelopes.js';
import { describeProgram } from '../support/programs.js';
import { seededDraw } from '../support/seeded.js';

describeProgram('openssl', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-damaged-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const kek = new Uint8Array(16).fill(6);
  const id = Uint8Array.of(0xc0, 0xff, 0xee);

  /** What openssl gives for an envelope, `undefined` where it fails. */
  function theirs(octets: Uint8Array): Uint8Array | undefined {
    const file = join(folder, 'damaged.p7m');
    writeFileSync(file, octets);
    const { status, stdout } = spawnSync(
      'openssl',
      [
        ...['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file],
        ...['-secretkey', encodeHex(kek), '-secretkeyid', encodeHex(id)],
      ],
      { timeout: 30_000 },
    );
    return status === 0 ? new Uint8Array(stdout) : undefined;
  }

  function typeOf(octets: Uint8Array): string {
    return parseEnvelopedData(octets).contentType;
  }

  test.each(['aes128-gcm', 'aes128-cbc'] as const)(
    '%s: 60 damaged envelopes open to the same octets or not at all',
    async (cipher) => {
      const octets = await sealedFor([{ kek, id }], { cipher });
      expect(theirs(octets)).toEqual(content);
      const draw = seededDraw(20_261_122);
      const tally = { both: 0, neither: 0, ours: 0, theirs: 0, otherType: 0 };
      for (let i = 0; i < 60; i++) {
        const changed = octets.slice();
        changed[draw(changed.length)]! ^= 1 << draw(8);
        const outcome = await opened(changed, [{ kek, id }]);
        const mine = typeof outcome === 'string' ? undefined : outcome.content;
        const other = theirs(changed);
        if (mine !== undefined && other !== undefined) expect(mine).toEqual(other);
        if (cipher === 'aes128-gcm' && mine !== undefined) expect(mine).toEqual(content);
        // RFC 5083 §2.1: no tag covers the type here, so another than id-data is refused; OpenSSL takes it.
        const isOtherType = outcome === 'cms-malformed' && typeOf(changed) !== ContentTypeOid.data;
        if (isOtherType && other !== undefined && cipher === 'aes128-gcm') tally.otherType++;
        else tally[mine === undefined ? (other ? 'theirs' : 'neither') : other ? 'both' : 'ours']++;
      }
      console.log(`${cipher}: ${JSON.stringify(tally)}`);
      expect([tally.ours, tally.theirs]).toEqual([0, 0]);
      expect(tally.both + tally.neither + tally.otherType).toBe(60);
    },
    120_000,
  );
});
