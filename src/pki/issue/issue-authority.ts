import { MailsealError, usage } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { Extension } from '../../x509/certificate/extensions.js';
import type { Name } from '../../x509/certificate/name.js';
import { CertificateRequest } from './certificate-request.js';
import { type CertificateOptions, writeCertificate } from './certificate-writer.js';
import { certifiedKey } from './certified-key.js';
import {
  authorityConstraints,
  authorityKeyIdentifier,
  extendedKeyUsage,
  keyUsage,
  type NameConstraintsInput,
  nameConstraints,
  type PolicyConstraintsInput,
  policyConstraints,
  policyMappings,
  subjectKeyIdentifier,
} from './extension-writer.js';
import { givenObject } from './given.js';
import { authoritySigner, type Issuer, keyIdentifierOf, type SigningKey, signerOf } from './issuer.js';
import { createName, type NameInput } from './name-writer.js';

/** What the certificate of an authority may say. */
export interface AuthorityOptions extends CertificateOptions {
  /** The name of the authority, which is not empty. */
  readonly subject: NameInput;
  /** How many authorities may stand between it and a person: 0 for none. */
  readonly pathLength?: number;
  /** Which names the certificates below it may have. */
  readonly nameConstraints?: NameConstraintsInput;
  readonly policyConstraints?: PolicyConstraintsInput;
  /** Pairs of a policy of the issuer's and the one of the subject's that counts for it. */
  readonly policyMappings?: readonly (readonly [issuer: string, subject: string])[];
  /** What the certificates below it may be for: dotted OIDs of key purposes; default: anything. */
  readonly purposes?: readonly string[];
}

/** What {@link issueRoot} takes. */
export interface IssueRootOptions extends AuthorityOptions {
  /** The key of the root, which signs its own certificate. */
  readonly key: SigningKey;
}

/** What {@link issueIntermediate} takes. */
export interface IssueIntermediateOptions extends AuthorityOptions {
  readonly issuer: Issuer;
  /** The key of the new authority, or a request, of which the key is taken once its signature is found good. */
  readonly publicKey: PublicKey | CertificateRequest;
}

/**
 * Issues the certificate of a root: an authority that vouches for itself
 * (RFC 5280 §3.2). Critical basicConstraints and keyUsage (keyCertSign,
 * cRLSign), subjectKeyIdentifier.
 *
 * @throws MailsealError `usage` for options that make no sensible
 * certificate; from the signing, what `signData` of `mailseal/crypto` throws.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { issueRoot } from 'mailseal/pki';
 *
 * const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-384' });
 * const root = await issueRoot({
 *   key: privateKey,
 *   subject: { country: 'JP', organization: 'Example Choir', commonName: 'Example Choir Root' },
 *   notBefore: new Date('2026-01-01'),
 *   notAfter: new Date('2046-01-01'),
 * });
 * console.log(root.isSelfIssued, root.basicConstraints?.ca); // true true
 * ```
 */
export async function issueRoot(options: IssueRootOptions): Promise<Certificate> {
  const signer = signerOf(givenObject(options, 'options').key, options);
  const publicKey = certifiedKey(signer.publicKey);
  const subject = authorityName(options.subject);
  return writeCertificate(
    signer,
    {
      issuer: undefined,
      subject,
      publicKey,
      extensions: authorityExtensions(publicKey, [], options),
    },
    options,
  );
}

/**
 * Issues the certificate of an authority below another. Beside what a root's
 * has, authorityKeyIdentifier; `pathLength` is 0 where nothing is said, for
 * most authorities issue to people only.
 *
 * @throws MailsealError `usage` for options that make no sensible certificate
 * (an issuer that is no authority, whose key it is not, or that may not issue
 * to authorities) or one that the issuer's certificate forbids (names outside
 * of its constraints, no time at which both are valid), `pki-malformed` for a request whose signature is not good;
 * from the signing, what `signData` of `mailseal/crypto` throws.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { issueIntermediate, issueRoot } from 'mailseal/pki';
 *
 * const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };
 * const { privateKey: rootKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const root = await issueRoot({ key: rootKey, subject: { commonName: 'Root' }, ...validity });
 *
 * const { publicKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const authority = await issueIntermediate({
 *   issuer: { certificate: root, key: rootKey },
 *   publicKey,
 *   subject: { commonName: 'Mail authority' },
 *   nameConstraints: { permitted: [{ kind: 'rfc822Name', value: 'example.jp' }] },
 *   ...validity,
 * });
 * console.log(`${authority.issuer}`, authority.basicConstraints?.pathLength); // CN=Root 0
 * ```
 */
export async function issueIntermediate(options: IssueIntermediateOptions): Promise<Certificate> {
  const { issuer } = givenObject(options, 'options');
  const signer = authoritySigner(issuer, 'keyCertSign', options);
  const { certificate } = issuer;
  if (certificate.basicConstraints?.pathLength === 0) {
    throw usage(
      `"${certificate.subject}" may not issue to authorities: its pathLength is 0 (RFC 5280 §4.2.1.9)`,
    );
  }
  const publicKey = await provenKey(options.publicKey, options);
  const identifier = authorityKeyIdentifier(
    certificate.subjectKeyIdentifier ?? keyIdentifierOf(signer.publicKey),
  );
  return writeCertificate(
    signer,
    {
      issuer: certificate,
      subject: authorityName(options.subject),
      publicKey,
      extensions: authorityExtensions(publicKey, [identifier], { pathLength: 0, ...options }),
    },
    options,
  );
}

/**
 * The key to certify; that of a request when its holder has shown to have the private key.
 *
 * @throws MailsealError `pki-malformed` for a request that does not show it, `usage` for a key that nobody should certify
 */
export async function provenKey(
  given: PublicKey | CertificateRequest,
  options: CertificateOptions,
): Promise<PublicKey> {
  if (!(given instanceof CertificateRequest)) return certifiedKey(given);
  if (!(await given.verify(options))) {
    throw new MailsealError('pki-malformed', 'the signature of the certificate request is not good');
  }
  return certifiedKey(given.publicKey);
}

/** RFC 5280 §4.1.2.4, §4.1.2.6: the name of an authority is not empty. */
function authorityName(given: NameInput): Name {
  const name = createName(given);
  if (name.isEmpty) throw usage('an authority has a name: give some fields of subject');
  return name;
}

function authorityExtensions(
  publicKey: PublicKey,
  identifiers: readonly Extension[],
  options: AuthorityOptions,
): Extension[] {
  const { purposes, nameConstraints: names, policyConstraints: policy, policyMappings: mappings } = options;
  return [
    authorityConstraints(options.pathLength),
    keyUsage(new Set(['keyCertSign', 'cRLSign'])),
    ...(purposes === undefined ? [] : [extendedKeyUsage(purposes)]),
    subjectKeyIdentifier(keyIdentifierOf(publicKey)),
    ...identifiers,
    ...(names === undefined ? [] : [nameConstraints(names)]),
    ...(mappings === undefined ? [] : [policyMappings(mappings)]),
    ...(policy === undefined ? [] : policyConstraints(policy)),
  ];
}
