import { type BerNode, readBer } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { Certificate, parseCertificates } from '../certificate/certificate.js';
import { onlyChild, taggedFields } from '../certificate/extension-syntax.js';
import { type CertificateList, parseCrls } from '../revocation/crl.js';
import { LdapAttribute } from './ldap-names.js';
import type { LdifAttribute } from './ldif-record.js';

/** What the attributes of a directory's entry hold for us. */
export interface LdapCertificates {
  /** Those of people and authorities, and of cross-certificate pairs, in the order of the attributes. */
  readonly certificates: readonly Certificate[];
  readonly crls: readonly CertificateList[];
  /** Values of these attributes that could not be read. */
  readonly unreadable: readonly { readonly attribute: string; readonly error: MailsealError }[];
}

type Kind = 'certificate' | 'certs-only' | 'pair' | 'crl';

/** By name in lower case and by OID (RFC 4523 §2, RFC 2798 §2.8). */
const kinds: ReadonlyMap<string, Kind> = /* @__PURE__ */ new Map<string, Kind>([
  ['usercertificate', 'certificate'],
  ['2.5.4.36', 'certificate'],
  ['cacertificate', 'certificate'],
  ['2.5.4.37', 'certificate'],
  ['authorityrevocationlist', 'crl'],
  ['2.5.4.38', 'crl'],
  ['certificaterevocationlist', 'crl'],
  ['2.5.4.39', 'crl'],
  ['crosscertificatepair', 'pair'],
  ['2.5.4.40', 'pair'],
  ['deltarevocationlist', 'crl'],
  ['2.5.4.53', 'crl'],
  ['usersmimecertificate', 'certs-only'],
  ['2.16.840.1.113730.3.1.40', 'certs-only'],
]);

/**
 * Takes certificates and CRLs out of the attributes of an entry, as a search of
 * a directory gives them or an LDIF file has them. Names count in any letter
 * case, with and without `;binary`; other attributes and URLs are passed over.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { ldapAttributes, parseCertificate, readLdapCertificates } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const attributes = ldapAttributes({ mail: ['hanako@example.jp'], userCertificates: [certificate] });
 * console.log(readLdapCertificates(attributes).certificates[0]?.equals(certificate)); // true
 * ```
 */
export function readLdapCertificates(attributes: readonly LdifAttribute[]): LdapCertificates {
  const certificates: Certificate[] = [];
  const crls: CertificateList[] = [];
  const unreadable: { attribute: string; error: MailsealError }[] = [];
  for (const { name, value } of attributes) {
    const kind = kinds.get(name.toLowerCase().split(';', 1)[0]!);
    if (kind === undefined || !(value instanceof Uint8Array)) continue;
    try {
      if (kind === 'crl') for (const each of someOf(parseCrls(value), 'CRL')) crls.push(each);
      else for (const each of certificatesIn(kind, asBytes(value))) certificates.push(each);
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      unreadable.push({ attribute: name, error });
    }
  }
  return { certificates, crls, unreadable };
}

function certificatesIn(kind: Exclude<Kind, 'crl'>, value: Bytes): Certificate[] {
  switch (kind) {
    case 'certificate':
      return someOf(parseCertificates(value), 'certificate');
    case 'pair':
      // RFC 4523 §2.3: each of the two under a tag of its own.
      return taggedFields(readBer(value), 2, 'a CertificatePair').flatMap((each) =>
        each === undefined ? [] : [new Certificate(onlyChild(each))],
      );
    case 'certs-only':
      return certificatesOfSignedData(readBer(value));
  }
}

/** PEM text without a block is no error of its parser, and holds nothing here. */
function someOf<T>(found: T[], what: string): T[] {
  if (found.length > 0) return found;
  throw new MailsealError('x509-malformed', `the value holds no ${what}`, { offset: 0 });
}

/** RFC 2798 §2.8: a PKCS #7 SignedData, of which the certificates count. Other kinds of certificates stand under tags. */
function certificatesOfSignedData(node: BerNode): Certificate[] {
  const [, content] = sequenceOf(node, 'a ContentInfo');
  if (content?.isContext(0) !== true) throw unexpected(node, 'a ContentInfo');
  const fields = sequenceOf(onlyChild(content), 'a SignedData');
  const list = fields.find((each) => each.isContext(0));
  return (list?.children ?? [])
    .filter((each) => (each.identifier & 0xc0) === 0)
    .map((each) => new Certificate(each));
}

/** What {@link ldapAttributes} writes. */
export interface LdapContents {
  /** `local@domain` each. */
  readonly mail?: readonly string[];
  readonly userCertificates?: readonly Certificate[];
  readonly caCertificates?: readonly Certificate[];
  readonly crls?: readonly CertificateList[];
}

/**
 * The attributes of an entry for a person or an authority, to be written with
 * `encodeLdif` or sent to a directory (RFC 4523).
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { encodeLdif, ldapAttributes, parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const attributes = ldapAttributes({ mail: ['hanako@example.jp'], userCertificates: [certificate] });
 * const ldif = encodeLdif([{ kind: 'entry', dn: 'cn=Hanako,dc=example,dc=jp', attributes }]);
 * console.log(ldif.split('\n')[3]); // mail: hanako@example.jp
 * ```
 */
export function ldapAttributes(contents: LdapContents): LdifAttribute[] {
  const { mail = [], userCertificates = [], caCertificates = [], crls = [] } = contents;
  return [
    ...mail.map((address) => ({ name: LdapAttribute.mail, value: bytesFromUtf8(address) })),
    ...userCertificates.map(({ bytes }) => ({ name: LdapAttribute.userCertificate, value: bytes })),
    ...caCertificates.map(({ bytes }) => ({ name: LdapAttribute.caCertificate, value: bytes })),
    ...crls.map(({ bytes }) => ({ name: LdapAttribute.certificateRevocationList, value: bytes })),
  ];
}
