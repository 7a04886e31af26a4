import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { equalBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { type OpenMessageOptions, openMessage } from '../../src/smime/open/open-message.js';
import type { OpenReport } from '../../src/smime/open/report.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { readCorpus, readCorpusJson } from '../support/corpus.js';
import { opensslKeys, rfc4134Keys, thunderbirdKeys } from '../support/corpus-keys.js';
import { type Damage, damaged, type Tally } from './damage.js';

/** Sets of the corpus with encrypted messages, and the keys to them. */
export const encryptedSets: Readonly<Record<string, () => Promise<readonly DecryptionKey[]>>> = {
  'openssl-generated': opensslKeys,
  rfc4134: rfc4134Keys,
  'thunderbird-smime': thunderbirdKeys,
};

/** The files of a set with a layer that is encrypted or compressed. */
export function encryptedPaths(set: string): string[] {
  const { files } = readCorpusJson<{
    readonly files: readonly {
      readonly file: string;
      readonly form?: string;
      readonly layers?: readonly { readonly type: string }[];
    }[];
  }>(`${set}/expected.json`);
  return files
    .filter(({ file, form, layers }) => {
      const isSealed =
        layers?.some(({ type }) => /envelope|compress/.test(type)) ?? form === 'enveloped-data';
      // The bomb is a test of its own, and slow to damage.
      return isSealed && /\.(?:eml|env)$/.test(file) && !file.includes('bomb');
    })
    .map(({ file }) => `${set}/${file}`);
}

/** A good file that will be damaged, and what is in it. */
export interface OpenSubject {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly options: OpenMessageOptions;
  readonly good: OpenReport;
}

export async function openSubject(path: string, keys: readonly DecryptionKey[]): Promise<OpenSubject> {
  const octets = readCorpus(path);
  const first = await openMessage(octets, { at: new Date('2026-06-01T00:00:00Z'), keys });
  const carried = first.seals.flatMap(({ signedData }) => signedData?.certificates ?? []);
  const options: OpenMessageOptions = {
    // Its own certificates serve as roots: what is tested is damage, not whom to trust.
    roots: carried,
    at: new Date('2026-06-01T00:00:00Z'),
    algorithms: algorithmPolicyOldMail,
    requireIdentity: false,
    keys,
  };
  return { octets, options, good: await openMessage(octets, options) };
}

/** Damages a file, opens it, and holds what comes out against the good file. */
export async function openDamaged(
  { octets, options, good }: OpenSubject,
  cases: Iterable<Damage>,
  tally: Tally,
): Promise<void> {
  tally.files++;
  for (const damage of cases) {
    tally.cases++;
    try {
      const report = await openMessage(damaged(octets, damage), options);
      check(report, good, damage);
      tally[report.verified ? 'verified' : 'report']++;
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      tally.error++;
    }
  }
}

function check(report: OpenReport, good: OpenReport, damage: Damage): void {
  const known = (content: Uint8Array, all: readonly (Uint8Array | undefined)[]): boolean =>
    all.some((each) => each !== undefined && equalBytes(each, content));
  for (const { authenticated, content } of report.envelopes) {
    if (content === undefined || !authenticated) continue;
    if (
      known(
        content,
        good.envelopes.map((each) => each.content),
      )
    )
      continue;
    throw new Error(`${JSON.stringify(damage)}: content passes for authenticated that nobody encrypted`);
  }
  for (const { content, signers } of report.seals) {
    const counts = signers.some((each) => each.content === 'intact' && each.signature === 'valid');
    if (
      !counts ||
      known(
        content!,
        good.seals.map((each) => each.content),
      )
    )
      continue;
    throw new Error(`${JSON.stringify(damage)}: content passes for intact that was never signed`);
  }
  const texts = good.pieces.map(({ content }) => content.text);
  for (const { unauthenticated, encrypted, layers, content } of report.pieces) {
    const words = content.text;
    void [content.html, content.inline, content.attachments];
    // What is secret and was changed is marked, whatever else was.
    if (!encrypted || unauthenticated || layers.length === 0) continue;
    if (words !== undefined && !texts.includes(words))
      throw new Error(`${JSON.stringify(damage)}: changed text does not pass for unauthenticated`);
  }
  void [...report.headers].map(({ name, text }) => [name, text, report.headers.protection(name)]);
}
