import type {
  Alteration,
  AlterationChange,
  AlterationDiagnosis,
  AlterationRemarkCode,
  AlteredSigner,
  Sentence,
} from '../../smime/diagnose/alteration.js';
import type { VerificationReport } from '../../smime/verify/report.js';
import { beside, wrap } from './layout.js';
import { safe, type Terminal } from './terminal.js';
import { certificateTitle } from './words.js';

/** The languages that a diagnosis is told in. */
export type Language = keyof Sentence;

const words = {
  altered: { en: 'Altered', ja: '改変あり' },
  intact: { en: 'Not altered', ja: '改変なし' },
  nothing: {
    en: 'no signature in it has content that was altered',
    ja: '内容が署名時と異なる署名はありません',
  },
  unsigned: { en: 'there is no signature in it', ja: '署名がありません' },
  unknown: { en: 'Not known', ja: '不明' },
  encrypted: {
    en: 'it is encrypted, and what is in it was not opened',
    ja: '暗号化されていて、内容を開けませんでした',
  },
  unreadable: {
    en: 'a signature in it cannot be read or checked',
    ja: '読み取りまたは検証ができない署名があります',
  },
  recovered: { en: 'the original was recovered', ja: '元の内容を復元できました' },
  lost: { en: 'the original was not recovered', ja: '元の内容は復元できませんでした' },
  signer: { en: 'Signer', ja: '署名者' },
  nobody: { en: 'unknown', ja: '不明' },
  trusted: { en: 'certificate trusted', ja: '証明書は信頼されています' },
  untrusted: { en: 'certificate not trusted', ja: '証明書は信頼されていません' },
  'not-checked': { en: 'not checked', ja: '未確認' },
  evidence: {
    en: 'That tells what was signed, not who signed it: mailseal verify does. The message as it came stays without a valid signature.',
    ja: 'これは署名された内容の証拠であり、署名者が誰であるかを示すものではありません（mailseal verify で確認できます）。届いたメールの署名が有効になるわけではありません。',
  },
  out: { en: '--out FILE writes the original.', ja: '--out FILE で元の内容を保存できます。' },
} as const satisfies Record<string, Sentence>;

/** The diagnosis, as a person reads it. */
export function diagnosisText(
  report: VerificationReport,
  diagnosis: AlterationDiagnosis,
  language: Language,
  terminal: Terminal,
): string {
  const { alterations, recovered, remarks } = diagnosis;
  const say = (name: keyof typeof words): string => words[name][language];
  const lines = headline(report, diagnosis, language, terminal);
  for (const alteration of alterations) lines.push('', ...alterationLines(alteration, language, terminal));
  // The headline says that already.
  const shown = remarks.filter(({ code }) => code !== 'not-signed');
  if (shown.length > 0) lines.push('');
  for (const { message } of shown) lines.push(...item(message[language], terminal));
  if (recovered) lines.push('', ...wrap(`${say('evidence')} ${say('out')}`, terminal.width));
  return `${lines.join('\n')}\n`;
}

/** Remarks after which nobody knows whether something was altered. */
const closing: ReadonlySet<AlterationRemarkCode> = new Set<AlterationRemarkCode>([
  'encrypted',
  'signature-unreadable',
  'content-unknown',
]);

function headline(
  report: VerificationReport,
  { alterations, recovered, remarks }: AlterationDiagnosis,
  language: Language,
  { width, paint }: Terminal,
): string[] {
  const say = (name: keyof typeof words): string => words[name][language];
  const isAltered = alterations.length > 0;
  const closed = remarks.find(({ code }) => closing.has(code))?.code;
  const intact = closed === undefined ? 'intact' : 'unknown';
  const title = isAltered ? `✘ ${say('altered')}` : `• ${say(intact)}`;
  const news = isAltered
    ? say(recovered ? 'recovered' : 'lost')
    : closed !== undefined
      ? say(closed === 'encrypted' ? 'encrypted' : 'unreadable')
      : say(report.seals.length === 0 ? 'unsigned' : 'nothing');
  const [first, ...rest] = beside(`${title}: `, news, width);
  return [`${paint(isAltered ? 'bad' : 'strong', title)}${first!.slice(title.length)}`, ...rest];
}

function alterationLines(alteration: Alteration, language: Language, terminal: Terminal): string[] {
  const lines = wrap(safe(alteration.message[language]), terminal.width);
  for (const signer of alteration.signers) {
    const answer = words[signer.trust][language];
    const name = `${safe(nameOf(signer, language))} (${answer})`;
    lines.push(...beside(`  ${words.signer[language]}  `, name, terminal.width));
  }
  for (const [i, change] of alteration.changes.entries())
    lines.push(
      ...beside(
        `  ${i + 1}. `,
        `${safe(change.message[language])} ${placesOf(change, language)}`,
        terminal.width,
      ),
    );
  for (const { message, signer } of alteration.remarks) {
    const isNamed = signer !== undefined && alteration.signers.length > 1;
    const about = isNamed ? `${nameOf(signer, language)}: ` : '';
    lines.push(...item(about + message[language], terminal));
  }
  return lines;
}

function nameOf({ certificate }: AlteredSigner, language: Language): string {
  return certificate === undefined ? words.nobody[language] : certificateTitle(certificate);
}

/** Where a change was found, in octets of the signed part. */
function placesOf({ ranges }: AlterationChange, language: Language): string {
  const first = ranges[0];
  if (first === undefined) return '';
  if (language === 'ja')
    return ranges.length === 1
      ? `(${first.start} オクテット目)`
      : `(${ranges.length} か所、最初は ${first.start} オクテット目)`;
  return ranges.length === 1
    ? `(at octet ${first.start})`
    : `(in ${ranges.length} places, the first at octet ${first.start})`;
}

function item(text: string, { width, paint }: Terminal): string[] {
  const [first, ...rest] = beside('  • ', safe(text), width);
  return [`  ${paint('warn', '•')}${first!.slice(3)}`, ...rest];
}
