import { MailsealError } from '../../core/errors.js';
import { encodeHex } from '../../encoding/hex.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { CertificateIdentifier } from '../certificate-identifier.js';

/**
 * Certificates of senders, by what names them. An index, since whoever sends an
 * envelope makes both the certificates and the recipients that name one.
 */
export class SenderCertificates {
  private readonly certificates: () => readonly Certificate[];
  private index: ReadonlyMap<string, Certificate> | undefined;

  /** @param certificates asked for once, when one is looked for */
  constructor(certificates: () => readonly Certificate[]) {
    this.certificates = certificates;
    this.index = undefined;
  }

  /** The first that an identifier names; `undefined` where there is none. */
  find(identifier: CertificateIdentifier): Certificate | undefined {
    this.index ??= indexOf(this.certificates());
    return this.index.get(keyOf(identifier));
  }
}

function indexOf(certificates: readonly Certificate[]): ReadonlyMap<string, Certificate> {
  const index = new Map<string, Certificate>();
  for (const certificate of certificates) {
    for (const key of keysOf(certificate)) if (!index.has(key)) index.set(key, certificate);
  }
  return index;
}

function keysOf(certificate: Certificate): string[] {
  try {
    const { issuer, serialNumber, subjectKeyIdentifier: keyIdentifier } = certificate;
    const byIssuer = keyOf({ kind: 'issuerAndSerialNumber', issuer, serialNumber });
    if (keyIdentifier === undefined) return [byIssuer];
    return [byIssuer, keyOf({ kind: 'subjectKeyIdentifier', keyIdentifier })];
  } catch (error) {
    // One that is damaged is nobody's; the others stand.
    if (error instanceof MailsealError) return [];
    throw error;
  }
}

function keyOf(identifier: CertificateIdentifier): string {
  if (identifier.kind === 'subjectKeyIdentifier') return `k${encodeHex(identifier.keyIdentifier)}`;
  return `i${encodeHex(identifier.serialNumber)} ${identifier.issuer.normalized}`;
}
