import type { Reason } from '../cms/verify/reason.js';
import type { TrustedTime } from '../cms/verify/verdict.js';
import type { SealReasonCode } from '../smime/verify/reason.js';
import type { OtherCmsPart, Seal, SealSigner, VerificationReport } from '../smime/verify/report.js';
import {
  type AnswerName,
  answers,
  explains,
  isEncrypted,
  isGood,
  mainReason,
  sealReason,
  timeHint,
} from './headline.js';
import { beside, pad, wrap } from './layout.js';
import { revocationOf } from './revocation-text.js';
import { safe, type Terminal, type Tone } from './terminal.js';
import {
  algorithmTitle,
  certificateTitle,
  day,
  digestTitle,
  minute,
  moment,
  readable,
  shortName,
} from './words.js';

/** What a report is judged by and how it is shown. */
export interface TextOptions extends Terminal {
  readonly at: Date;
  /** Whether `at` is the present, because nobody gave another time. */
  readonly isNow: boolean;
  /** Whether the claimed signing time was accepted. */
  readonly acceptSigningTime: boolean;
  /** Whether the signer had to be the sender. */
  readonly requireIdentity: boolean;
  /** Whether to show who the message says that it is from, and its subject. Default `true`. */
  readonly header?: boolean;
}

/** The report on a message, as a person reads it. */
export function reportText(report: VerificationReport, options: TextOptions): string {
  const lines = [
    ...headline(report.verified, report.verified ? goodNews(report.seals) : mainReason(report), options),
  ];
  if (options.header !== false) lines.push('', ...headerLines(report, options));
  for (const seal of report.seals) lines.push('', ...sealLines(seal, options));
  for (const other of report.others) lines.push('', ...otherLines(other, options));
  // That no signer is verified is what the answers above say.
  const left = report.reasons.filter(({ code }) => code !== 'signer-not-verified' && code !== 'unsigned');
  if (left.length > 0) lines.push('');
  for (const reason of left) lines.push(...reasonLines(reason, '', options));
  return `${lines.join('\n')}\n`;
}

function headerLines({ message, seals }: VerificationReport, options: TextOptions): string[] {
  const lines = ['From', 'Sender', 'Subject', 'Date'].flatMap((name) =>
    message.headers.all(name).flatMap((field) => row(name, safe(field.text), options)),
  );
  if (seals.length === 0) return lines;
  // People take a good verdict for one on the subject too.
  const remark = beside(
    '  ',
    '(The signature does not cover the header; only From is checked, below.)',
    options.width,
  );
  return [...lines, ...remark.map((line) => options.paint('faint', line))];
}

/** The report on a signature file. */
export function sealText(seal: Seal, options: TextOptions): string {
  const news = seal.verified ? goodNews([seal]) : sealReason(seal);
  return `${[...headline(seal.verified, news, options), '', ...sealLines(seal, options)].join('\n')}\n`;
}

/** The report on a CMS file that is no signature. */
export function notSignedText(kind: string, options: TextOptions): string {
  const why = isEncrypted(kind)
    ? 'it is encrypted, and only what is inside can be signed'
    : 'it is no signature';
  return `${[...headline(false, why, options), '', ...row('Type', kind, options)].join('\n')}\n`;
}

function headline(verified: boolean, news: string, { width, paint }: TextOptions): string[] {
  const [title, tone] = verified ? ['✔ Verified', 'good' as const] : ['✘ Not verified', 'bad' as const];
  const [first, ...rest] = beside(`${title}: `, news, width);
  return [`${paint(tone, title)}${first!.slice(title.length)}`, ...rest];
}

function goodNews(seals: readonly Seal[]): string {
  const signers = seals.flatMap((seal) => (seal.verified ? seal.signers : []));
  const names = signers.flatMap(({ certificate }) =>
    certificate === undefined ? [] : [safe(certificateTitle(certificate))],
  );
  return `signed by ${[...new Set(names)].join(' and ')}, and unchanged since`;
}

function row(label: string, text: string, { width }: TextOptions): string[] {
  return beside(`  ${pad(label, labelWidth)}`, text, width);
}

/** Columns of the labels (Signer, signature, …) and of the answers beside them. */
const labelWidth = 12;
const answerWidth = 14;

function sealLines(seal: Seal, options: TextOptions): string[] {
  const { paint, width } = options;
  const [first, ...rest] = wrap(`${sealTitle(seal)} (${seal.form})`, width);
  const lines = [paint('strong', first!), ...rest.map((line) => paint('strong', line))];
  for (const signer of seal.signers) {
    lines.push('', ...signerLines(signer, options));
  }
  const reasons = seal.reasons.filter(({ code }) => code !== 'unsigned');
  if (reasons.length > 0) lines.push('');
  for (const reason of reasons) lines.push(...reasonLines(reason, '  ', options));
  return lines;
}

function sealTitle({ entity, coverage, covers, part }: Seal): string {
  if (coverage === 'part') return `Signature over part ${covers.replace(/\/$/, '')} only`;
  if (part.includes('/')) return 'Signature inside that, over the whole content';
  return entity === undefined ? 'Signature' : 'Signature over the whole message';
}

function otherLines({ part, kind, error }: OtherCmsPart, options: TextOptions): string[] {
  const where = part === '' ? 'The message' : `Part ${part}`;
  const what =
    kind === 'unreadable'
      ? `cannot be read: ${error?.message ?? 'it is damaged'}`
      : isEncrypted(kind)
        ? `is encrypted (${kind}); what is inside can be seen only after decrypting`
        : kind === 'certs-only'
          ? 'holds certificates only'
          : `holds ${kind}`;
  return wrap(safe(`${where} ${what}`), options.width);
}

/** What is shown beside an answer, and the tone of its mark. */
interface Shown {
  readonly tone: Tone;
  readonly value: string;
  readonly details: readonly string[];
}

function signerLines(signer: SealSigner, options: TextOptions): string[] {
  const { certificate } = signer;
  const lines = row(
    'Signer',
    certificate === undefined ? 'unknown' : safe(certificateTitle(certificate)),
    options,
  );
  for (const answer of answers) lines.push(...answerLines(answer, shown(answer, signer, options), options));
  for (const reason of signer.reasons) {
    if (explains[reason.code] === undefined || reason.severity === 'note')
      lines.push(...reasonLines(reason, '  ', options));
  }
  return lines;
}

function answerLines(answer: AnswerName, { tone, value, details }: Shown, options: TextOptions): string[] {
  const { paint, width } = options;
  const label = `  ${marks[tone]} ${pad(answer, labelWidth - 2)}${pad(value, answerWidth)}`;
  const [first = [], ...rest] = details.map((each) => wrap(safe(each), width - label.length));
  const under = [...first.slice(1), ...rest.flat()].map((line) => ' '.repeat(label.length) + line);
  const head = `  ${paint(tone, marks[tone])} ${pad(answer, labelWidth - 2)}${tone === 'good' ? value : paint(tone, value)}`;
  const tail =
    first[0] === undefined ? '' : `${' '.repeat(Math.max(0, answerWidth - value.length))}${first[0]}`;
  return [`${head}${tail}`, ...under];
}

const marks: Readonly<Record<Tone, string>> = { good: '✔', bad: '✘', warn: '•', faint: '•', strong: '•' };

function shown(answer: AnswerName, signer: SealSigner, options: TextOptions): Shown {
  const why = signer.reasons.flatMap(({ code, severity, message }) =>
    severity === 'failure' && explains[code] === answer ? [message] : [],
  );
  const value = signer[answer];
  const tone = isGood(signer, answer) ? 'good' : value === 'not-checked' ? 'warn' : 'bad';
  const words = value.replaceAll('-', ' ');
  switch (answer) {
    case 'content':
      return {
        tone,
        value: words,
        details: [
          ...why,
          ...(signer.digestAlgorithm === undefined || why.length > 0
            ? []
            : [digestTitle(signer.digestAlgorithm)]),
        ],
      };
    case 'signature':
      return {
        tone,
        value: words,
        details: [
          ...why,
          ...(signer.signatureAlgorithm === undefined || why.length > 0
            ? []
            : [algorithmTitle(signer.signatureAlgorithm)]),
        ],
      };
    case 'trust':
      return { tone, value: words, details: [...why, ...chainOf(signer), ...revocationOf(signer)] };
    case 'time':
      return timeShown(signer, why, options);
    case 'identity':
      return identityShown(signer, why, { tone, value: words, details: [] }, options);
  }
}

function chainOf({ path }: SealSigner): string[] {
  if (path === undefined) return [];
  const { certificates, anchor } = path;
  const chain =
    anchor === undefined || certificates.includes(anchor) ? certificates : [...certificates, anchor];
  return [chain.map(shortName).join(' ← ')];
}

function timeShown(signer: SealSigner, why: readonly string[], options: TextOptions): Shown {
  const { certificate, signingTime } = signer;
  const hint = timeHint(signer);
  if (hint !== undefined) {
    // The first certificate that expired says enough; nothing else is to blame.
    const since = why.slice(0, 1);
    return options.acceptSigningTime
      ? { tone: 'good', value: 'valid then', details: [hint, '--at signing accepts that', ...since] }
      : { tone: 'bad', value: 'expired', details: [hint, 'accept that with --at signing', ...since] };
  }
  if (signer.time === 'valid-at-trusted-time' && signer.trustedTime !== undefined)
    return { tone: 'good', value: 'valid then', details: trustedDetails(signer.trustedTime) };
  const tone = signer.time === 'valid' ? 'good' : signer.time === 'not-checked' ? 'warn' : 'bad';
  const when = options.isNow ? 'now' : `at ${moment(options.at)}`;
  const details = [...why];
  if (signer.time !== 'valid') details.push(`judged ${options.isNow ? 'as of now' : when}`);
  else if (certificate !== undefined)
    details.push(
      readable(() => `${when}, within ${day(certificate.notBefore)} to ${day(certificate.notAfter)}`),
    );
  if (signingTime !== undefined) details.push(`signed at ${minute(signingTime)} by the signer’s clock`);
  return { tone, value: signer.time.replaceAll('-', ' '), details };
}

/** Who vouches for the time that stands in for now. */
function trustedDetails({ time, source }: TrustedTime): string[] {
  const who = source === 'timestamp' ? 'by a trusted time stamp' : 'as --trusted-time says';
  return [`the signature existed at ${minute(time)}, ${who}`];
}

function identityShown(
  signer: SealSigner,
  why: readonly string[],
  shownSoFar: Shown,
  options: TextOptions,
): Shown {
  if (signer.identity === 'match' || why.length === 0) {
    const addresses =
      signer.certificate === undefined ? '' : readable(() => signer.certificate!.emailAddresses.join(', '));
    return { ...shownSoFar, details: addresses === '' ? [] : [addresses] };
  }
  return options.requireIdentity
    ? { ...shownSoFar, details: why }
    : { ...shownSoFar, tone: 'warn', details: [...why, 'which does not count with --any-signer'] };
}

function reasonLines(
  { severity, message }: Reason<SealReasonCode>,
  indent: string,
  options: TextOptions,
): string[] {
  const tone = severity === 'note' ? 'warn' : 'bad';
  const [first, ...rest] = beside(`${indent}${marks[tone]} `, safe(message), options.width);
  return [`${indent}${options.paint(tone, marks[tone])}${first!.slice(indent.length + 1)}`, ...rest];
}
