import { type PeerName, peerNames } from '../../support/peers/peer.js';
import { cellName, type Direction, type Row, refusals } from './row.js';
import { type Chapter, chapters } from './table.js';

/** What the table was last filled with; Debian 12 has the programs. */
export const peerVersions: Readonly<Record<PeerName, string>> = {
  OpenSSL: '3.0.19',
  GnuPG: '2.2.40',
  NSS: '3.87.1',
  pkijs: '4.0.0',
  'node-forge': '1.4.3',
};

const programs: Readonly<Record<PeerName, string>> = {
  OpenSSL: '`openssl cms`',
  GnuPG: '`gpgsm`',
  NSS: '`cmsutil`',
  pkijs: 'the package',
  'node-forge': 'the package',
};

/** Rows of which no peer reads, or makes, anything: what they are held to instead. */
export function rowsWithoutPeer(direction: Direction): string[] {
  return chapters.flatMap(({ rows }) =>
    rows
      .filter((row) => !(direction === 'ours' && row.notOurs !== undefined))
      .filter((row) => peerNames.every((name) => refusals[row.id]?.[name]?.[direction] !== undefined))
      .map(({ id }) => id),
  );
}

/** docs/interop.md. */
export function interopPage(): string {
  const cells = chapters.flatMap(({ rows }) => rows).flatMap((row) => (row.notOurs === undefined ? 2 : 1));
  const count = peerNames.length * cells.reduce((sum, each) => sum + each, 0);
  const refused = Object.values(refusals)
    .flatMap((row) => Object.values(row))
    .reduce((sum, cell) => sum + Object.keys(cell).length, 0);
  const first = chapters[0]!.rows[1]!;
  return `# Sealing, exchanged with others

What mailseal makes and what other implementations make, read by each other: ${count} cells, of which ${count - refused} work and
${refused} cannot, because the other side lacks what it takes. Each cell is a test. The peers:

| | version | reached by |
| --- | --- | --- |
${peerNames.map((name) => `| ${name} | ${peerVersions[name]} | ${programs[name]} |`).join('\n')}

A cell has two answers: whether **we read theirs**, and whether **they read ours**. Content is compared octet for
octet; a signature must be found good with a path to the root that both sides trust, all keys and certificates
having been made with \`mailseal/pki\`. \`n/a\` stands where the peer cannot, with its own words below the table, or with
what there is no way to ask it for; the test holds it to them, so that a peer that learned something makes a cell
to be filled. Where it refuses what we made, it is shown that it refuses what OpenSSL makes of that kind, too.

The test of a cell is called like its row: \`npx vitest run ${chapters[0]!.test} -t '${cellName(first, 'ours')}'\`.
This page is written by \`node tools/make-interop-page.mjs\` from the table that the tests read.

No peer here knows Ed25519, Ed448, X25519 and X448 in CMS, nor ChaCha20-Poly1305: what we make of them is held to
the RFCs' own examples, to Wycheproof, and the signatures to \`openssl pkeyutl\` over the signed attributes.

GnuPG does not encrypt to certificates for keyAgreement, which is what RFC 5480 §3 allows a key on a curve. It is not
for this alone: to one with keyEncipherment, too, it says \`ksba_cms_set_enc_val failed: Invalid S-expression\`.

Beside the tables, \`test/interop/sealing-more-signatures.test.ts\` adds signers and counter-signatures to what the
peers signed, and \`test/interop/sealing-openssl-messages.test.ts\` exchanges whole messages with OpenSSL's own MIME.

${chapters.map(chapterText).join('\n')}`;
}

function chapterText(chapter: Chapter): string {
  const notes: string[] = [];
  const mark = (note: string): string => {
    if (!notes.includes(note)) notes.push(note);
    return `n/a<sup>${notes.indexOf(note) + 1}</sup>`;
  };
  const answer = (row: Row, name: PeerName, direction: Direction): string => {
    if (direction === 'ours' && row.notOurs !== undefined) return '–';
    const words = refusals[row.id]?.[name]?.[direction];
    return words === undefined ? 'yes' : mark(`${name}: ${quoted(words)}`);
  };
  const line = (row: Row): string => {
    const answers = peerNames.map((name) => `${answer(row, name, 'theirs')} · ${answer(row, name, 'ours')}`);
    return `| ${row.title} | ${answers.join(' | ')} |`;
  };
  const table = [
    `| | ${peerNames.join(' | ')} |`,
    `| --- |${' --- |'.repeat(peerNames.length)}`,
    ...chapter.rows.map(line),
  ];
  const unmade = new Set(chapter.rows.flatMap(({ notOurs }) => notOurs ?? []));
  return [
    `## ${chapter.title}`,
    '',
    `Tests: \`${chapter.test}\`. We read theirs · they read ours.`,
    '',
    ...table,
    '',
    ...[...unmade].map((why) => `– ${why}.\n`),
    ...notes.map((note, index) => `${index + 1}. ${note}`),
    '',
  ].join('\n');
}

function quoted(words: string): string {
  return words.startsWith('no option') ? `${words}.` : `\`${words}\``;
}
