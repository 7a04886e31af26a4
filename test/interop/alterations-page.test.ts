import { expect, test } from 'vitest';
import { alterationsPage } from './alterations/page.js';
import { chapters } from './alterations/table.js';

test('docs/alterations.md has every row', async () => {
  const rows = chapters.flatMap((chapter) => chapter.rows);
  expect(rows.length).toBeGreaterThan(70);
  // Two tools may do the same.
  expect(new Set(rows.map(({ done, by }) => `${done} by ${by.join()}`)).size).toBe(rows.length);
  await expect(alterationsPage()).toMatchFileSnapshot('../../docs/alterations.md');
});
