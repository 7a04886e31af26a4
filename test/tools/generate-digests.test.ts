import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedDigests } from '../../tools/generate-digests.mjs';

test('the generated block functions are what their script makes', () => {
  const files = Object.entries(generatedDigests());
  expect(files.length).toBe(3);
  for (const [path, text] of files) expect(readFileSync(path, 'utf8')).toBe(text);
});
