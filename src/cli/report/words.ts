import type { DigestName } from '../../crypto/digests/digest.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import type { Certificate } from '../../x509/certificate/certificate.js';

/** `SHA-256` for `sha256`. */
export function digestTitle(name: DigestName): string {
  return name.toUpperCase().replace(/^SHA(?=\d)(?!3-)/, 'SHA-');
}

const schemes: Readonly<Record<SignatureAlgorithm['name'], string>> = {
  'rsa-pkcs1': 'RSA PKCS #1 v1.5',
  'rsa-pss': 'RSA PSS',
  ecdsa: 'ECDSA',
  dsa: 'DSA',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
};

/** `RSA PSS with SHA-256`. */
export function algorithmTitle(algorithm: SignatureAlgorithm): string {
  const scheme = schemes[algorithm.name];
  return 'digest' in algorithm ? `${scheme} with ${digestTitle(algorithm.digest)}` : scheme;
}

/** Who a certificate says that its subject is, short. */
export function certificateTitle(certificate: Certificate): string {
  return readable(() => {
    const name = shortName(certificate);
    const address = certificate.emailAddresses[0];
    return address === undefined || address === name ? name : `${name} <${address}>`;
  });
}

/** The commonName, or what else there is to call a certificate by. */
export function shortName(certificate: Certificate): string {
  return readable(() => {
    const { subject } = certificate;
    return (
      subject.commonName ?? (subject.isEmpty ? (certificate.emailAddresses[0] ?? 'no name') : `${subject}`)
    );
  });
}

/** A text, or a word for it where the field is damaged. */
export function readable(get: () => string): string {
  try {
    return get();
  } catch {
    return '(unreadable)';
  }
}

/** `2026-06-01`, in UTC. */
export function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** `2026-06-01 09:30 UTC`. */
export function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A day where it begins then, else day and minute. */
export function moment(time: Date): string {
  return time.getTime() % 86_400_000 === 0 ? day(time) : minute(time);
}

/** `1 octet`, `2,500 octets`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? one : many}`;
}
