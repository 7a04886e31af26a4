import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { messageDigestAttribute } from '../../src/cms/attributes.js';
import type { AlterationKind } from '../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import type { ThunderbirdMessages } from '../support/thunderbird-messages.js';

interface Entry {
  readonly file: string;
  readonly repair?: string;
}

/** What is recovered, and by undoing what; the files of the set that are not named are not recovered. */
const recovered: Readonly<Record<string, readonly AlterationKind[]>> = {
  'tampered-kanji-shift-jis': ['charset-converted', 'charset-relabelled'],
  'tampered-kanji-shift-jis-label-kept': ['charset-converted'],
  'tampered-kanji-euc-jp': ['charset-converted', 'charset-relabelled'],
  'tampered-kanji-euc-jp-label-kept': ['charset-converted'],
  'tampered-kanji-utf-8': ['charset-converted', 'charset-relabelled'],
  'tampered-kanji-utf-8-label-kept': ['charset-converted'],
  'tampered-jis-escape-1978': ['iso-2022-jp-escapes-changed'],
  'tampered-jis-escape-roman': ['iso-2022-jp-escapes-changed'],
  'tampered-trailing-blank-line-added': ['trailing-lines-added'],
  'tampered-trailing-blank-lines-removed': ['trailing-lines-removed'],
  'tampered-trailing-space-stripped': ['trailing-blanks-removed'],
  'tampered-from-escaped': ['from-line-quoted'],
  'tampered-cte-base64': ['transfer-encoding-changed'],
  'tampered-header-of-part': ['field-case-changed'],
  'tampered-header-folded': ['field-refolded'],
  'tampered-footer-inside': ['footer-added'],
  'signed-over-lf': ['line-ends-not-canonical'],
};

/** Changes of meaning, and of what is no content. */
const lost: readonly string[] = [
  'tampered-amount',
  'tampered-fullwidth-digits',
  'tampered-message-digest-attr',
  'tampered-opaque-content',
  'tampered-ed25519',
];

async function diagnose(octets: Uint8Array, foldWidth = false) {
  const report = await verifyMessage(octets, { roots: [], at: new Date('2026-06-01') });
  return { report, diagnosis: await diagnoseAlteration(octets, report, { foldWidth }) };
}

describeCorpus('openssl-generated', () => {
  const { files } = readCorpusJson<{ readonly files: readonly Entry[] }>('openssl-generated/expected.json');
  const path = (name: string): string => `openssl-generated/messages/${name}.eml`;

  test('each message that can be repaired is among those that are recovered', () => {
    const repairable = files.filter(({ repair }) => repair !== undefined);
    console.log(
      `${repairable.length} messages can be repaired, ${Object.keys(recovered).length} are recovered`,
    );
    expect(repairable).toHaveLength(9);
    for (const { file } of repairable)
      expect(Object.keys(recovered)).toContain(file.replace(/^messages\/|\.eml$/g, ''));
  });

  test.each(Object.entries(recovered))('%s: recovered to the octet, %j', async (name, kinds) => {
    const { report, diagnosis } = await diagnose(readCorpus(path(name)));
    expect(diagnosis.recovered).toBe(true);
    const [alteration, ...others] = diagnosis.alterations;
    expect(others).toEqual([]);
    expect(alteration!.changes.map(({ kind }) => kind)).toEqual(kinds);
    expect(alteration!.fitting).toHaveLength(report.seals[0]!.signers.length);
    for (const { digestAlgorithm, signer } of alteration!.fitting) {
      const digest = createHash(digestAlgorithm!).update(alteration!.original!).digest();
      expect(digest).toEqual(Buffer.from(messageDigestAttribute(signer.signedAttributes)!));
    }
    // The verdict stays.
    expect(report.verified).toBe(false);
    expect(report.seals[0]!.signers.map(({ content }) => content)).toEqual(['altered']);
  });

  test.each(lost)('%s: not recovered', async (name) => {
    const { diagnosis } = await diagnose(readCorpus(path(name)));
    expect(diagnosis.recovered).toBe(false);
    const [alteration] = diagnosis.alterations;
    expect(alteration).toMatchObject({ original: undefined, changes: [], fitting: [] });
    expect(alteration!.remarks.length).toBeGreaterThan(0);
  });

  test('full-width digits are folded for whoever asks', async () => {
    const { diagnosis } = await diagnose(readCorpus(path('tampered-fullwidth-digits')), true);
    expect(diagnosis.recovered).toBe(true);
    expect(diagnosis.alterations[0]!.changes.map(({ kind }) => kind)).toEqual(['width-changed']);
    const amount = await diagnose(readCorpus(path('tampered-amount')), true);
    expect(amount.diagnosis.recovered).toBe(false);
  });

  test('what is embedded is the original of what is shown', async () => {
    const { diagnosis } = await diagnose(readCorpus(path('tampered-content-embedded')));
    expect(diagnosis.alterations[0]!.remarks.map(({ code }) => code)).toContain('embedded-content-fits');
  });

  test('what is intact is left alone, whatever else is wrong with it', async () => {
    const known = new Set([...Object.keys(recovered), ...lost, 'tampered-content-embedded']);
    let number = 0;
    for (const { file } of files) {
      const name = file.replace(/^messages\/|\.eml$/g, '');
      if (!file.startsWith('messages/') || known.has(name)) continue;
      const { report, diagnosis } = await diagnose(readCorpus(path(name)));
      const altered = report.seals
        .flatMap(({ signers }) => signers)
        .filter(({ content }) => content === 'altered');
      expect([name, diagnosis.recovered, diagnosis.alterations.length]).toEqual([
        name,
        false,
        altered.length,
      ]);
      number++;
    }
    console.log(`${number} messages have nothing to recover`);
    expect(number).toBeGreaterThan(90);
  });
});

describeCorpus('thunderbird-smime', () => {
  const { files } = readCorpusJson<ThunderbirdMessages>('thunderbird-smime/expected.json');
  const overLf = files.filter(({ layers }) => layers.some(({ intactOverLf }) => intactOverLf === true));

  test('signatures over LF line ends are told as such', async () => {
    console.log(`${overLf.length} messages have a signature over LF line ends`);
    expect(overLf).toHaveLength(8);
    for (const { file } of overLf) {
      const { diagnosis } = await diagnose(readCorpus(`thunderbird-smime/${file}`));
      const changes = diagnosis.alterations.map((each) => each.changes.map(({ kind, from }) => [kind, from]));
      expect([file, changes]).toEqual([file, [[['line-ends-not-canonical', 'LF']]]]);
      expect(diagnosis.alterations[0]!.message.en).toContain('signed over LF line ends');
    }
  });

  test('no other is recovered, and none that is intact altered', async () => {
    let number = 0;
    for (const { file, layers } of files) {
      if (layers.some(({ intactOverLf }) => intactOverLf === true)) continue;
      const { diagnosis } = await diagnose(readCorpus(`thunderbird-smime/${file}`));
      const altered = layers.filter(({ intact }) => intact === false).length;
      expect([file, diagnosis.alterations.length <= altered, diagnosis.recovered]).toEqual([
        file,
        true,
        false,
      ]);
      number++;
    }
    console.log(`${number} other messages`);
    expect(number).toBeGreaterThan(50);
  });
});
