import { changeClause } from '../../../src/smime/diagnose/sentences.js';
import type { Row } from './row.js';
import { chapters } from './table.js';
import type { Tool } from './tools.js';

const programs: Readonly<Record<Tool, string>> = {
  nkf: 'nkf 2.1.5',
  iconv: 'iconv (glibc)',
  sed: 'sed',
  perl: 'perl, with MIME::Base64 and MIME::QuotedPrint',
  python3: 'python3, with its packages email, mailbox, quopri, textwrap',
  coreutils: 'fold, expand and unexpand of coreutils',
  Exim: 'Exim 4.96, which delivers into a mailbox file',
  maildrop: 'reformime of maildrop 2.9.3, the rewriting of Courier',
  altermime: 'altermime 0.3.10, which mail servers call',
  OpenSSL: 'openssl cms',
};

/** docs/alterations.md. */
export function alterationsPage(): string {
  const rows = chapters.flatMap((chapter) => chapter.rows);
  const recovered = rows.filter(({ found }) => found.length > 0).length;
  const kinds = [...new Set(rows.flatMap(({ found }) => found))].toSorted();
  return `# What alters signed mail, and what is found of it

\`diagnoseAlteration\` and \`mailseal diagnose\` undo what relays do to signed mail. Each row is a test: OpenSSL signs a
message, the tools named alter it, and the diagnosis names the changes and recovers what was signed, octet for octet.
There are ${rows.length} rows, of which ${recovered} are recovered; the others show what is told where nothing can be, or must be.
This page is written from the rows by \`npx vitest run test/interop/alterations-page.test.ts -u\`.

The verdict of \`verifyMessage\` is the same before and after: what was recovered is evidence of what was sent, and no
valid signature over what came. Of changes that do not touch one another nobody can tell which was first.

${chapters.map(({ title, rows: each }) => `## ${title}\n\n| done | by | found |\n| --- | --- | --- |\n${each.map(line).join('\n')}\n`).join('\n')}
## Kinds of changes

| kind | told as |
| --- | --- |
${kinds.map((kind) => `| \`${kind}\` | ${changeClause({ kind, from: '…', to: '…' }).en} |`).join('\n')}

## Tools

${Object.values(programs)
  .map((program) => `- ${program}`)
  .join('\n')}
`;
}

function line({ done, by, found, told = [], foldWidth }: Row): string {
  const kinds = found.map((kind) => `\`${kind}\``).join(', ');
  const asked = foldWidth === true ? ' (with `foldWidth`)' : '';
  const remarks = told.map((code) => `\`${code}\``).join(', ');
  const answer = found.length > 0 ? `${kinds}${asked}` : `not recovered; told: ${remarks}`;
  return `| ${done} | ${by.join(', ')} | ${answer} |`;
}
