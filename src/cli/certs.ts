import { parseContentInfo } from '../cms/content-info.js';
import { signedDataOf } from '../cms/signed/signed-data.js';
import { latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { digest } from '../crypto/digests/digest.js';
import type { PublicKey } from '../crypto/keys/public-key.js';
import { encodeHex } from '../encoding/hex.js';
import { encodePem } from '../encoding/pem.js';
import { parseMessage } from '../mime/message.js';
import { findSeals } from '../smime/verify/find-seals.js';
import { type Certificate, parseCertificates } from '../x509/certificate/certificate.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, looksLikeCms, readInput, UsageError } from './files/input.js';
import { beside, pad, wrap } from './report/layout.js';
import { safe, safeJson, type Terminal, terminal } from './report/terminal.js';
import { certificateTitle, minute, readable } from './report/words.js';

/** `mailseal certs`. */
export async function certs(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { pem: { type: 'boolean' }, json: { type: 'boolean' } });
  if (line.values['json'] === true && line.values['pem'] === true)
    throw new UsageError('--pem and --json are two forms of what is printed; give one of them');
  const certificates = distinct(certificatesIn(await readInput(fileOf(line))));
  const out = process.stdout;
  if (line.values['json'] === true) out.write(safeJson(certificates.map(certificateJson)));
  else if (line.values['pem'] === true)
    out.write(certificates.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join(''));
  else out.write(certificates.map((each) => certificateText(each, terminal(out))).join('\n'));
  if (certificates.length > 0) return 0;
  process.stderr.write('mailseal: there is no certificate in it\n');
  return 1;
}

/** The certificates of a message, a CMS file, or a DER or PEM file. */
function certificatesIn(input: Uint8Array): readonly Certificate[] {
  if (looksLikeCms(input)) return signedDataOf(parseContentInfo(input)).certificates;
  if (input[0] === 0x30 || /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(latin1FromBytes(input))) {
    return parseCertificates(input);
  }
  const message = parseMessage(input);
  if (message.headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is neither a message nor certificates', { offset: 0 });
  }
  const { seals, others } = findSeals(message);
  const signed = [...seals, ...others].map((each) => each.signedData);
  return signed.flatMap((each) => (each !== undefined && 'certificates' in each ? each.certificates : []));
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  const byOctets = new Map(certificates.map((each) => [latin1FromBytes(each.bytes), each]));
  return [...byOctets.values()];
}

function certificateJson(certificate: Certificate): unknown {
  return Object.fromEntries(
    Object.entries(facts).map(([name, get]) => {
      try {
        return [name, get(certificate) ?? null];
      } catch {
        // A field that is damaged must not hide the others.
        return [name, null];
      }
    }),
  );
}

const facts: Readonly<Record<string, (certificate: Certificate) => unknown>> = {
  subject: (each) => `${each.subject}`,
  issuer: (each) => `${each.issuer}`,
  serialNumber: (each) => each.serialHex,
  notBefore: (each) => each.notBefore.toISOString(),
  notAfter: (each) => each.notAfter.toISOString(),
  addresses: (each) => each.emailAddresses,
  key: (each) => keyTitle(each.publicKey),
  keyUsage: (each) => each.keyUsage && [...each.keyUsage],
  extendedKeyUsage: (each) => each.extendedKeyUsage,
  ca: (each) => each.basicConstraints?.ca ?? false,
  pathLength: (each) => each.basicConstraints?.pathLength,
  sha256: (each) => encodeHex(digest('sha256', each.bytes)),
};

function keyTitle(key: PublicKey): string {
  if (key.kind === 'rsa') return `RSA, ${key.bits} bits`;
  if (key.kind === 'ec') return `EC, ${key.curve}`;
  return key.kind.replace(/^./, (first) => first.toUpperCase()).replace('Dsa', 'DSA');
}

const purposes: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'any'],
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
]);

const rows: readonly (readonly [string, (certificate: Certificate) => string])[] = [
  ['subject', (each) => `${each.subject}`],
  ['issuer', (each) => (each.isSelfIssued ? 'itself' : `${each.issuer}`)],
  ['serial', (each) => each.serialHex],
  ['valid', (each) => `${minute(each.notBefore)} to ${minute(each.notAfter)}`],
  ['addresses', (each) => each.emailAddresses.join(', ') || 'none'],
  ['key', (each) => keyTitle(each.publicKey)],
  ['usage', (each) => (each.keyUsage === undefined ? 'any' : [...each.keyUsage].join(', ') || 'none')],
  ['purposes', (each) => each.extendedKeyUsage?.map((oid) => purposes.get(oid) ?? oid).join(', ') ?? 'any'],
  ['authority', authority],
  ['SHA-256', (each) => encodeHex(digest('sha256', each.bytes))],
];

function authority({ basicConstraints }: Certificate): string {
  if (basicConstraints?.ca !== true) return 'no';
  const { pathLength } = basicConstraints;
  return pathLength === undefined ? 'yes' : `yes, with at most ${pathLength} more below it`;
}

function certificateText(certificate: Certificate, { width, paint }: Terminal): string {
  const title = wrap(safe(certificateTitle(certificate)), width).map((line) => paint('strong', line));
  const lines = rows.flatMap(([label, get]) =>
    beside(`  ${pad(label, 11)}`, safe(readable(() => get(certificate))), width),
  );
  return `${[...title, ...lines].join('\n')}\n`;
}
