import { parseContentInfo } from '../cms/content-info.js';
import { signedDataOf } from '../cms/signed-data.js';
import { encodePem } from '../encoding/pem.js';
import { parseMessage } from '../mime/message.js';
import { findSeals } from '../smime/find-seals.js';
import { type Certificate, parseCertificates } from '../x509/certificate.js';
import { commandLine, looksLikeCms, readInput } from './input.js';
import type { ExitCode } from './main.js';
import { safe } from './terminal.js';

/** `mailseal certs`. */
export function certs(args: readonly string[]): ExitCode {
  const line = commandLine(args, { pem: { type: 'boolean' }, json: { type: 'boolean' } });
  const certificates = distinct(certificatesIn(readInput(line.positionals[0])));
  if (line.values.json === true) {
    process.stdout.write(`${JSON.stringify(certificates.map(certificateJson), undefined, 2)}\n`);
  } else if (line.values.pem === true) {
    for (const certificate of certificates) process.stdout.write(encodePem('CERTIFICATE', certificate.bytes));
  } else {
    process.stdout.write(certificates.map(certificateText).join('\n') || 'no certificates\n');
  }
  return 0;
}

/** The certificates of a message, a CMS file, or a DER or PEM file. */
function certificatesIn(input: Uint8Array): readonly Certificate[] {
  if (looksLikeCms(input)) return signedDataOf(parseContentInfo(input)).certificates;
  if (
    input[0] === 0x30 ||
    /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(new TextDecoder('latin1').decode(input.subarray(0, 4096)))
  ) {
    return parseCertificates(input);
  }
  const { seals, others } = findSeals(parseMessage(input));
  const signed = [...seals, ...others].map((each) => each.signedData);
  return signed.flatMap((each) => (each !== undefined && 'certificates' in each ? each.certificates : []));
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter((each, i) => certificates.findIndex((other) => other.equals(each)) === i);
}

function certificateJson(certificate: Certificate): unknown {
  return {
    subject: `${certificate.subject}`,
    issuer: `${certificate.issuer}`,
    serialNumber: certificate.serialHex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    addresses: certificate.emailAddresses,
    keyUsage: certificate.keyUsage === undefined ? null : [...certificate.keyUsage],
    extendedKeyUsage: certificate.extendedKeyUsage ?? null,
    ca: certificate.basicConstraints?.ca ?? false,
  };
}

function certificateText(certificate: Certificate): string {
  const usage = certificate.keyUsage;
  const rows: [string, string][] = [
    ['subject', `${certificate.subject}`],
    ['issuer', `${certificate.issuer}`],
    ['serial', certificate.serialHex],
    ['valid', `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`],
    ['addresses', certificate.emailAddresses.join(', ') || 'none'],
    ['usage', usage === undefined ? 'any' : [...usage].join(', ')],
  ];
  return rows.map(([label, text]) => `${label.padEnd(10)} ${safe(text)}\n`).join('');
}
