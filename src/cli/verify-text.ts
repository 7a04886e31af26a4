import type { Seal, SealSigner, VerificationReport } from '../smime/report.js';
import type { Certificate } from '../x509/certificate.js';
import { safe, type Tone } from './terminal.js';

type Paint = (tone: Tone, text: string) => string;

/** The report as a person reads it. */
export function reportText(report: VerificationReport, at: Date, paint: Paint): string {
  const { headers } = report.message;
  const lines = [headline(report.verified, paint), ''];
  for (const name of ['From', 'Sender', 'Subject', 'Date']) {
    for (const field of headers.all(name)) lines.push(row(name, safe(field.text)));
  }
  for (const seal of report.seals) lines.push('', ...sealLines(seal, at, paint));
  for (const other of report.others) {
    const what = other.kind === 'unreadable' ? `cannot be read: ${other.error?.message ?? ''}` : other.kind;
    lines.push('', `${paint('strong', `Part ${place(other.part)}`)}  ${safe(what)}${advice(other.kind)}`);
  }
  if (report.reasons.length > 0) lines.push('');
  for (const reason of report.reasons) lines.push(`${paint('bad', '✘')} ${safe(reason.message)}`);
  return `${lines.join('\n')}\n`;
}

/** The report on a signature file. */
export function sealText(seal: Seal, at: Date, paint: Paint): string {
  return `${[headline(seal.verified, paint), '', ...sealLines(seal, at, paint)].join('\n')}\n`;
}

function headline(verified: boolean, paint: Paint): string {
  return verified ? paint('good', '✔ Verified') : paint('bad', '✘ Not verified');
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`;
}

function place(part: string): string {
  return part === '' ? 'the message itself' : part;
}

function advice(kind: string): string {
  return /enveloped|encrypted/i.test(kind) ? ' (what is inside can be seen only after decrypting)' : '';
}

function sealLines(seal: Seal, at: Date, paint: Paint): string[] {
  const where = seal.part === '' ? '' : ` of part ${seal.part}`;
  const covers =
    seal.coverage === 'message' ? 'covers the whole message' : `covers only part ${place(seal.covers)}`;
  const lines = [`${paint('strong', `Seal${where}`)}  ${seal.form}, ${covers}`];
  for (const signer of seal.signers) lines.push(...signerLines(signer, at, paint));
  for (const reason of seal.reasons)
    lines.push(`  ${mark(reason.severity === 'note' ? 'note' : 'bad', paint)} ${safe(reason.message)}`);
  return lines;
}

function signerLines(signer: SealSigner, at: Date, paint: Paint): string[] {
  const answer = (label: string, good: boolean, value: string, detail: string): string =>
    `  ${mark(good ? 'good' : value === 'not-checked' || value === 'valid-at-signing-time' ? 'note' : 'bad', paint)} ` +
    `${label.padEnd(10)}${value}${detail === '' ? '' : paint('faint', `  ${safe(detail)}`)}`;
  const lines = [
    row('Signer', signer.certificate === undefined ? 'unknown' : safe(titleOf(signer.certificate))),
    answer(
      'content',
      signer.content === 'intact',
      signer.content,
      signer.digestAlgorithm?.toUpperCase() ?? '',
    ),
    answer('signature', signer.signature === 'valid', signer.signature, algorithmName(signer)),
    answer('trust', signer.trust === 'trusted', signer.trust, chainOf(signer)),
    answer('time', signer.time === 'valid', signer.time, timeDetail(signer, at)),
    answer('identity', signer.identity === 'match', signer.identity, addressesOf(signer)),
  ];
  for (const { severity, message } of signer.reasons) {
    lines.push(
      `      ${severity === 'note' ? paint('warn', 'note:') : paint('bad', 'why:')} ${safe(message)}`,
    );
  }
  return lines;
}

function mark(tone: 'good' | 'bad' | 'note', paint: Paint): string {
  if (tone === 'good') return paint('good', '✔');
  return tone === 'bad' ? paint('bad', '✘') : paint('warn', '•');
}

function titleOf(certificate: Certificate): string {
  return readable(() => {
    const name = certificate.subject.commonName;
    const address = certificate.emailAddresses[0];
    if (name !== undefined && address !== undefined) return `${name} <${address}>`;
    return name ?? address ?? `${certificate.subject}`;
  });
}

function readable(get: () => string): string {
  try {
    return get();
  } catch {
    return '(unreadable)';
  }
}

function algorithmName({ signatureAlgorithm: algorithm }: SealSigner): string {
  if (algorithm === undefined) return '';
  const name = algorithm.name
    .toUpperCase()
    .replace('RSA-PKCS1', 'RSA PKCS #1 v1.5')
    .replace('RSA-PSS', 'RSASSA-PSS');
  return 'digest' in algorithm ? `${name} with ${algorithm.digest.toUpperCase()}` : name;
}

function chainOf({ path }: SealSigner): string {
  if (path === undefined) return '';
  const { certificates, anchor } = path;
  const chain =
    anchor === undefined || certificates.includes(anchor) ? certificates : [...certificates, anchor];
  return chain.map((each) => readable(() => each.subject.commonName ?? `${each.subject}`)).join(' ← ');
}

function timeDetail({ certificate, signingTime }: SealSigner, at: Date): string {
  const claimed = signingTime === undefined ? '' : `; signed, by the signer's word, ${minute(signingTime)}`;
  if (certificate === undefined) return claimed.slice(2);
  const validity = readable(() => `${day(certificate.notBefore)} to ${day(certificate.notAfter)}`);
  return `judged at ${minute(at)}; certificate ${validity}${claimed}`;
}

function addressesOf({ certificate }: SealSigner): string {
  return certificate === undefined ? '' : readable(() => certificate.emailAddresses.join(', '));
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
