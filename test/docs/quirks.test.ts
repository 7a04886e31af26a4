import { expect, test } from 'vitest';
import { imapQuirks } from '../../src/imap/quirks.js';
import { pop3Quirks } from '../../src/pop3/quirks.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const page = `# Quirks of servers

Departures from the grammar of IMAP and POP3 that are read all the same, by the names that the option \`quirks\` takes.
A decoder tells with each response which of them it met. This page is written from the tables in the source by
\`npx vitest run test/docs/quirks.test.ts -u\`.

None of those of IMAP changes how the grammar's own words are read, nor where a response ends; all are on unless they are
turned off.

## IMAP

| quirk | on the wire, and what it is read as | seen |
| --- | --- | --- |
${Object.entries(imapQuirks)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, { what, seen }]) => `| \`${name}\` | ${cell(what)} | ${cell(seen)} |`)
  .join('\n')}

## POP3

| quirk | on the wire, and what it is read as | seen | default |
| --- | --- | --- | --- |
${Object.entries(pop3Quirks)
  .map(
    ([name, { what, seen, isDefault }]) =>
      `| \`${name}\` | ${cell(what)} | ${cell(seen)} | ${isDefault ? 'on' : 'off'} |`,
  )
  .join('\n')}
`;

test('docs/quirks.md has every quirk', async () => {
  expect(Object.keys(imapQuirks).length).toBeGreaterThan(20);
  await expect(page).toMatchFileSnapshot('../../docs/quirks.md');
});
