import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readChunks, UsageError } from '../../src/cli/files/input.js';
import { temporaryFolder } from './support.js';

const folder = temporaryFolder();

test('a file that becomes shorter while it is read is an error', async () => {
  const name = join(folder, 'shrinks');
  writeFileSync(name, Buffer.alloc(1 << 20, 'a'));
  let length = 0;
  const read = async () => {
    for await (const chunk of readChunks(name)) {
      if (length === 0) truncateSync(name, 300_000);
      length += chunk.length;
    }
  };
  const failure = await read().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect(String(failure)).toContain('shorter while it was read: 300000 octets came of 1048576');
});

test('one that becomes longer is read to its end', async () => {
  const name = join(folder, 'grows');
  writeFileSync(name, Buffer.alloc(600_000, 'a'));
  let length = 0;
  for await (const chunk of readChunks(name)) {
    if (length === 0) writeFileSync(name, 'b'.repeat(1000), { flag: 'a' });
    length += chunk.length;
  }
  expect(length).toBe(601_000);
});
