import type { TrustedTime } from '../../cms/verify/verdict.js';
import type { Layer, OpenReport } from '../../smime/open/report.js';
import type { OtherCmsPart, Seal, SealSigner } from '../../smime/verify/report.js';
import { envelopeLines } from './envelope-text.js';
import { headerLines } from './header-text.js';
import {
  type AnswerName,
  answers,
  explains,
  isGood,
  mainReason,
  sealReason,
  shownSeals,
  timeHint,
} from './headline.js';
import { beside, wrap } from './layout.js';
import { answerLines, reasonLines, row, type Shown, type TextOptions, titleLines } from './report-lines.js';
import { revocationOf } from './revocation-text.js';
import { safe } from './terminal.js';
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

/** What the layers and the header say themselves. */
const saidElsewhere: ReadonlySet<string> = new Set([
  'signer-not-verified',
  'unsigned',
  'envelope-not-opened',
  'from-not-bound',
  'outer-from-differs',
]);

/** The report on a message, as a person reads it. */
export function reportText(report: OpenReport, options: TextOptions): string {
  const news = report.verified
    ? goodNews(shownSeals(report))
    : mainReason(report, (options.keys ?? []).length > 0);
  const lines = [...headline(report.verified, news, options)];
  const header = options.header === false ? [] : headerLines(report, options);
  if (header.length > 0) lines.push('', ...header);
  for (const layer of report.layers) lines.push('', ...layerLines(layer, report, options));
  const left = report.reasons.filter(({ code }) => !saidElsewhere.has(code));
  if (left.length > 0) lines.push('');
  for (const reason of left) lines.push(...reasonLines(reason, '', options));
  return `${lines.join('\n')}\n`;
}

function layerLines(layer: Layer, report: OpenReport, options: TextOptions): string[] {
  if (layer.kind === 'seal') return sealLines(layer.seal, options, layer.around !== undefined);
  if (layer.kind === 'envelope') return envelopeLines(layer, report, options);
  return otherLines(layer.other, options);
}

/** The report on a signature file. */
export function sealText(seal: Seal, options: TextOptions): string {
  const news = seal.verified ? goodNews([seal]) : sealReason(seal);
  return `${[...headline(seal.verified, news, options), '', ...sealLines(seal, options)].join('\n')}\n`;
}

/** The report on a CMS file that is no signature, nor anything around one. */
export function notSignedText(kind: string, options: TextOptions): string {
  const why = 'it is no signature';
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

function sealLines(seal: Seal, options: TextOptions, isInside = false): string[] {
  const lines = titleLines(`${sealTitle(seal, isInside)} (${seal.form})`, options);
  for (const signer of seal.signers) {
    lines.push('', ...signerLines(signer, options));
  }
  const reasons = seal.reasons.filter(({ code }) => code !== 'unsigned');
  if (reasons.length > 0) lines.push('');
  for (const reason of reasons) lines.push(...reasonLines(reason, '  ', options));
  return lines;
}

function sealTitle({ entity, coverage, covers }: Seal, isInside: boolean): string {
  if (coverage === 'part') return `Signature over part ${covers.replace(/\/$/, '')} only`;
  if (isInside) return 'Signature inside that, over the whole content';
  return entity === undefined ? 'Signature' : 'Signature over the whole message';
}

function otherLines({ part, kind, error }: OtherCmsPart, options: TextOptions): string[] {
  const where = part === '' ? 'The message' : `Part ${part}`;
  const what =
    kind === 'unreadable'
      ? `cannot be read: ${error?.message ?? 'it is damaged'}`
      : kind === 'certs-only'
        ? 'holds certificates only'
        : `holds ${kind}`;
  return wrap(safe(`${where} ${what}`), options.width);
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
