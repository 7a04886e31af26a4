import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { allExamples, withExpectations } from '../../tools/examples.mjs';

const folder = fileURLToPath(new URL('../../.cache/examples/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** What `console.log(...); // text` in an example becomes: a remark may follow what is printed. */
function expectPrinted(comment: string | undefined, ...values: unknown[]): void {
  if (comment === undefined) return;
  const printed = format(...values).trimEnd();
  const quoted = values.map((value) => inspect(value, { breakLength: Infinity })).join(' ');
  const fits = [printed, quoted].some(
    (text) => comment === text || (comment.startsWith(text) && /^[\s:;,.(]/.test(comment.slice(text.length))),
  );
  if (!fits) expect(quoted).toBe(comment);
}

Object.assign(globalThis, { expectPrinted });

const examples = allExamples();

test(`there are examples (${examples.length})`, () => {
  expect(examples.length).toBeGreaterThan(20);
});

for (const { file, line, code } of examples) {
  test(`the example at ${file}:${line} runs and prints what it says`, async () => {
    const module = join(folder, `${file.replaceAll(/[/.]/g, '-')}-${line}.ts`);
    writeFileSync(module, `${withExpectations(code)}\nexport {};\n`);
    await import(/* @vite-ignore */ module);
  });
}
