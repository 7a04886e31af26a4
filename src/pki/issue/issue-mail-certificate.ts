import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { emailProtectionOid, type KeyUsage } from '../../x509/certificate/extensions.js';
import type { CertificateRequest } from './certificate-request.js';
import { type CertificateOptions, writeCertificate } from './certificate-writer.js';
import {
  authorityKeyIdentifier,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from './extension-writer.js';
import { givenObject } from './given.js';
import { provenKey } from './issue-authority.js';
import { authoritySigner, type Issuer, keyIdentifierOf } from './issuer.js';
import { mailboxNames } from './mailbox-writer.js';
import { createName, type NameInput } from './name-writer.js';

/** What a person does with the key: sign mail, have mail encrypted to it, or both. */
export type MailUse = 'sign' | 'encrypt' | 'both';

/** What {@link issueMailCertificate} takes. */
export interface IssueMailCertificateOptions extends CertificateOptions {
  readonly issuer: Issuer;
  /** The person's key, or a request, of which the key is taken once its signature is found good, and nothing else. */
  readonly publicKey: PublicKey | CertificateRequest;
  /** The person's mail addresses, at least one, in any script. */
  readonly addresses: readonly string[];
  /** Who it is; default nobody but the addresses. */
  readonly subject?: NameInput;
  /** Default: all that the kind of key can do. */
  readonly use?: MailUse;
  /** Whether signatures shall bind the signer, too (nonRepudiation); default `false`. */
  readonly nonRepudiation?: boolean;
}

/**
 * Issues a certificate for mail (RFC 8550 §4.4): addresses in subjectAltName,
 * emailProtection, a keyUsage that fits the key (RSA: digitalSignature and
 * keyEncipherment; on a curve: digitalSignature and keyAgreement; Ed25519 and
 * Ed448 sign only, X25519 and X448 agree only), both key identifiers. An
 * address is rfc822Name where its local part is ASCII, else SmtpUTF8Mailbox
 * (RFC 9598 §3), its domain in A-labels.
 *
 * Whether the person has these addresses is for the caller to find out.
 *
 * @throws MailsealError `usage` for options that make no sensible certificate
 * (an address twice, a key that is no point of its curve) or one that the
 * issuer's certificate forbids (names outside of its constraints, no time at
 * which both are valid), `domain-malformed` for an address; `pki-malformed` for a request whose
 * signature is not good; from the signing, what `signData` of `mailseal/crypto` throws.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { issueMailCertificate, issueRoot } from 'mailseal/pki';
 *
 * const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01') };
 * const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const certificate = await issueRoot({ key, subject: { commonName: 'Example Choir' }, ...validity });
 *
 * const { publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const hanako = await issueMailCertificate({
 *   issuer: { certificate, key },
 *   publicKey,
 *   subject: { commonName: '山田花子' },
 *   addresses: ['hanako@例え.jp'],
 *   ...validity,
 * });
 * console.log(hanako.emailAddresses); // [ 'hanako@xn--r8jz45g.jp' ]
 * ```
 */
export async function issueMailCertificate(options: IssueMailCertificateOptions): Promise<Certificate> {
  const { issuer, addresses } = givenObject(options, 'options');
  const signer = authoritySigner(issuer, 'keyCertSign', options);
  const names = mailboxNames(addresses);
  if (names.length === 0) throw usage('a mail certificate is for at least one address (RFC 8550 §3)');
  const publicKey = await provenKey(options.publicKey, options);
  const usages = mailUsages(publicKey, options.use);
  if (options.nonRepudiation === true) {
    if (!usages.has('digitalSignature')) {
      throw usage('nonRepudiation is for keys that sign');
    }
    usages.add('nonRepudiation');
  }
  const { certificate } = issuer;
  const subject = createName(options.subject ?? {});
  return writeCertificate(
    signer,
    {
      issuer: certificate,
      subject,
      publicKey,
      extensions: [
        keyUsage(usages),
        extendedKeyUsage([emailProtectionOid]),
        // RFC 5280 §4.1.2.6: critical where it alone says whose certificate it is.
        subjectAltName(names, subject.isEmpty),
        subjectKeyIdentifier(keyIdentifierOf(publicKey)),
        authorityKeyIdentifier(certificate.subjectKeyIdentifier ?? keyIdentifierOf(signer.publicKey)),
      ],
    },
    options,
  );
}

/** RFC 8550 §4.4.2; RFC 3279 §2.3.1, RFC 8813 §3 and RFC 8410 §5 say what each kind of key can. */
export function mailUsages(key: PublicKey, use: MailUse | undefined): Set<KeyUsage> {
  if (use !== undefined && use !== 'sign' && use !== 'encrypt' && use !== 'both') {
    throw usage(`use is "sign", "encrypt" or "both", not ${shown(use)}`);
  }
  const signs = key.kind !== 'x25519' && key.kind !== 'x448';
  const encrypts = key.kind !== 'ed25519' && key.kind !== 'ed448' && !(key.kind === 'rsa' && key.pssOnly);
  if (
    (use === 'encrypt' && !encrypts) ||
    (use === 'sign' && !signs) ||
    (use === 'both' && !(signs && encrypts))
  ) {
    throw usage(`a key of the kind ${key.kind} cannot do what "${use}" asks of it`);
  }
  const usages = new Set<KeyUsage>();
  if (use !== 'encrypt' && signs) usages.add('digitalSignature');
  if (use !== 'sign' && encrypts) usages.add(key.kind === 'rsa' ? 'keyEncipherment' : 'keyAgreement');
  return usages;
}
