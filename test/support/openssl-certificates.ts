import {
  derExplicit,
  derInteger,
  derOfPieces,
  derOid,
  derSequence,
  derSetOf,
} from '../../src/asn1/writer.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { AccessMethodOid } from '../../src/x509/certificate/access-descriptions.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import type { DistributionPoint, ReasonFlag } from '../../src/x509/certificate/distribution-points.js';
import type { GeneralName } from '../../src/x509/certificate/general-name.js';
import type { GeneralSubtree } from '../../src/x509/certificate/general-subtrees.js';
import type { Name } from '../../src/x509/certificate/name.js';
import type { NetscapeCertType } from '../../src/x509/certificate/other-extensions.js';
import { anyPolicyOid, type PolicyQualifier } from '../../src/x509/certificate/policy-extensions.js';
import { outputOf } from './programs.js';

/** The extensions of one certificate as text, by the name that OpenSSL has for each. */
export type ExtensionTexts = Readonly<Record<string, string>>;

/** What OpenSSL prints of many certificates, in one run. */
export function opensslTexts(certificates: readonly Certificate[]): string[] {
  const list = derOfPieces(
    0xa0,
    certificates.map(({ bytes }) => bytes),
  );
  const signedData = derSequence(
    derInteger(1),
    derSetOf(),
    derSequence(derOid('1.2.840.113549.1.7.1')),
    list,
    derSetOf(),
  );
  const bundle = derSequence(derOid('1.2.840.113549.1.7.2'), derExplicit(0, signedData));
  return outputOf(
    ['openssl', 'pkcs7', '-inform', 'DER', '-print_certs', '-text', '-noout'],
    new Uint8Array(bundle),
  )
    .toString('utf8')
    .split(/^Certificate:$/m)
    .slice(1);
}

/** Blanks differ between kinds of names and between versions. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The extensions in one text of OpenSSL's. Blanks are taken out. */
export function extensionsInText(text: string): ExtensionTexts {
  const body = /^ {8}X509v3 extensions:\n(.*?)^ {4}Signature Algorithm:/ms.exec(text)?.[1] ?? '';
  const parts = body.split(/^ {12}(?=\S[^\n]*: (?:critical)?\n)/m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const end = part.indexOf('\n');
      const title = part.slice(0, end).replace(/: (critical)?$/, '');
      return [title, squeezed(part.slice(end))];
    }),
  );
}

const usages: Readonly<Record<string, string>> = {
  digitalSignature: 'Digital Signature',
  nonRepudiation: 'Non Repudiation',
  keyEncipherment: 'Key Encipherment',
  dataEncipherment: 'Data Encipherment',
  keyAgreement: 'Key Agreement',
  keyCertSign: 'Certificate Sign',
  cRLSign: 'CRL Sign',
  encipherOnly: 'Encipher Only',
  decipherOnly: 'Decipher Only',
};

const purposes: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'TLS Web Server Authentication',
  '1.3.6.1.5.5.7.3.2': 'TLS Web Client Authentication',
  '1.3.6.1.5.5.7.3.3': 'Code Signing',
  '1.3.6.1.5.5.7.3.4': 'E-mail Protection',
  '1.3.6.1.5.5.7.3.8': 'Time Stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP Signing',
  '2.5.29.37.0': 'Any Extended Key Usage',
};

const reasons: Readonly<Record<ReasonFlag, string>> = {
  unused: 'Unused',
  keyCompromise: 'Key Compromise',
  cACompromise: 'CA Compromise',
  affiliationChanged: 'Affiliation Changed',
  superseded: 'Superseded',
  cessationOfOperation: 'Cessation Of Operation',
  certificateHold: 'Certificate Hold',
  privilegeWithdrawn: 'Privilege Withdrawn',
  aACompromise: 'AA Compromise',
};

const netscapeTypes: Readonly<Record<NetscapeCertType, string>> = {
  sslClient: 'SSL Client',
  sslServer: 'SSL Server',
  smime: 'S/MIME',
  objectSigning: 'Object Signing',
  reserved: 'Unused',
  sslCA: 'SSL CA',
  smimeCA: 'S/MIME CA',
  objectSigningCA: 'Object Signing CA',
};

const accessMethods: Readonly<Record<string, string>> = {
  [AccessMethodOid.ocsp]: 'OCSP',
  [AccessMethodOid.caIssuers]: 'CA Issuers',
  [AccessMethodOid.caRepository]: 'CA Repository',
};

const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** The order of the encoding, as OpenSSL's one-line forms have it. */
function attributesOf(name: Name): string[] {
  return name.rdns.map((rdn) =>
    rdn.map(({ type, value }) => `${attributeNames[type] ?? type}=${value}`).join('+'),
  );
}

/** X509_NAME_oneline: a slash before each, what is not ASCII as octets. */
function slashes(name: Name): string {
  const text = attributesOf(name)
    .map((each) => `/${each}`)
    .join('');
  return [...bytesFromUtf8(text)]
    .map((octet) => (octet > 0x7e ? `\\x${octet.toString(16).toUpperCase()}` : String.fromCharCode(octet)))
    .join('');
}

function address(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from(
    { length: octets.length / 2 },
    (_, n) => (octets[2 * n]! << 8) | octets[2 * n + 1]!,
  );
  return groups.map((group) => group.toString(16).toUpperCase()).join(':');
}

function addressAndMask(octets: Uint8Array): string {
  const half = octets.length / 2;
  return `${address(octets.subarray(0, half))}/${address(octets.subarray(half))}`;
}

function generalName(name: GeneralName): string {
  switch (name.kind) {
    case 'rfc822Name':
      return `email:${name.value}`;
    case 'dNSName':
      return `DNS:${name.value}`;
    case 'uniformResourceIdentifier':
      return `URI:${name.value}`;
    case 'directoryName':
      return `DirName:${slashes(name.value)}`;
    case 'iPAddress':
      return `IP Address:${address(name.value)}`;
    case 'registeredID':
      return `Registered ID:${name.value}`;
    case 'smtpUtf8Mailbox':
      return `othername: SmtpUTF8Mailbox::${name.value}`;
    case 'otherName':
      return `othername: ${name.type === '1.3.6.1.4.1.311.20.2.3' ? 'UPN' : name.type}::${new TextDecoder().decode(name.value.subarray(2))}`;
    default:
      return name.kind;
  }
}

/** Names in distribution points and constraints have a form of their own. */
function pointName(name: GeneralName): string {
  return name.kind === 'directoryName' ? `DirName:${attributesOf(name.value).join(',')}` : generalName(name);
}

function subtree({ base, minimum, maximum }: GeneralSubtree): string {
  if (minimum !== 0 || maximum !== undefined) return 'with a distance';
  return base.kind === 'iPAddress' ? `IP:${addressAndMask(base.value)}` : pointName(base);
}

function subtrees(title: string, list: readonly GeneralSubtree[]): string {
  return list.length === 0 ? '' : `${title}:${list.map(subtree).join('')}`;
}

function point(each: DistributionPoint, relative: (octets: Uint8Array) => string): string {
  const name =
    each.name === undefined
      ? ''
      : each.name.kind === 'fullName'
        ? `Full Name:${each.name.names.map(pointName).join('')}`
        : `Relative Name:${relative(each.name.relativeName)}`;
  const why =
    each.reasons === undefined ? '' : `Reasons:${[...each.reasons].map((one) => reasons[one]).join(', ')}`;
  const issuer = each.crlIssuer.length === 0 ? '' : `CRL Issuer:${each.crlIssuer.map(pointName).join('')}`;
  return name + why + issuer;
}

function policyName(policy: string): string {
  return policy === anyPolicyOid ? 'X509v3 Any Policy' : policy;
}

function qualifier(each: PolicyQualifier): string {
  if (each.kind === 'cps') return `CPS:${each.uri}`;
  if (each.kind === 'other') return each.type;
  const organization = each.organization === undefined ? '' : `Organization:${each.organization}`;
  const numbers =
    each.noticeNumbers.length === 0
      ? ''
      : `Number${each.noticeNumbers.length > 1 ? 's' : ''}:${each.noticeNumbers.join(',')}`;
  const text = each.explicitText === undefined ? '' : `Explicit Text:${each.explicitText}`;
  return `User Notice:${organization}${numbers}${text}`;
}

/** A positive INTEGER as OpenSSL shows it: without the octet that keeps DER's from being negative (X.690 §8.3.2). */
const magnitude = (serial: Uint8Array): Uint8Array =>
  serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial;

function colons(octets: Uint8Array): string {
  return (encodeHex(octets).toUpperCase().match(/../g) ?? []).join(':');
}

function time(date: Date): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const clock = date.toISOString().slice(11, 19);
  return `${months[date.getUTCMonth()]}${date.getUTCDate()}${clock}${date.getUTCFullYear()}GMT`;
}

/**
 * The extensions of a certificate as we read them, in OpenSSL's words without
 * blanks; a relative name through the function given.
 */
export function extensionsAsOpenssl(
  certificate: Certificate,
  relative: (octets: Uint8Array) => string,
): ExtensionTexts {
  const c = certificate;
  const texts: Record<string, string> = {};
  const say = (title: string, text: string | undefined): void => {
    if (text !== undefined) texts[title] = squeezed(text);
  };
  const list = (values: readonly unknown[], text: () => string): string | undefined =>
    values.length === 0 ? undefined : text();
  const ca = c.basicConstraints;
  say(
    'X509v3 Basic Constraints',
    ca && `CA:${ca.ca ? 'TRUE' : 'FALSE'}${ca.pathLength === undefined ? '' : `,pathlen:${ca.pathLength}`}`,
  );
  say('X509v3 Key Usage', c.keyUsage && [...c.keyUsage].map((each) => usages[each]).join(','));
  say('X509v3 Extended Key Usage', c.extendedKeyUsage?.map((each) => purposes[each] ?? each).join(','));
  say('X509v3 Subject Key Identifier', c.subjectKeyIdentifier && colons(c.subjectKeyIdentifier));
  const aki = c.authorityKeyIdentifier;
  if (aki !== undefined) {
    const id = aki.keyIdentifier === undefined ? '' : colons(aki.keyIdentifier);
    // The prefix stands only where there is more.
    const prefix = id !== '' && aki.issuer.length > 0 ? 'keyid:' : '';
    say(
      'X509v3 Authority Key Identifier',
      `${prefix}${id}${aki.issuer.map(generalName).join(',')}${aki.serialNumber === undefined ? '' : `serial:${colons(magnitude(aki.serialNumber))}`}`,
    );
  }
  say(
    'X509v3 Subject Alternative Name',
    list(c.subjectAltName, () => c.subjectAltName.map(generalName).join(',')),
  );
  say(
    'X509v3 Issuer Alternative Name',
    list(c.issuerAltName, () => c.issuerAltName.map(generalName).join(',')),
  );
  say(
    'X509v3 Certificate Policies',
    c.certificatePolicies
      ?.map(({ policy, qualifiers }) => `Policy:${policyName(policy)}${qualifiers.map(qualifier).join('')}`)
      .join(''),
  );
  say(
    'X509v3 Policy Mappings',
    list(c.policyMappings, () =>
      c.policyMappings
        .map(
          ({ issuerDomainPolicy, subjectDomainPolicy }) =>
            `${policyName(issuerDomainPolicy)}:${policyName(subjectDomainPolicy)}`,
        )
        .join(','),
    ),
  );
  const limits = c.policyConstraints;
  say(
    'X509v3 Policy Constraints',
    limits &&
      [
        ...(limits.requireExplicitPolicy === undefined
          ? []
          : [`Require Explicit Policy:${limits.requireExplicitPolicy}`]),
        ...(limits.inhibitPolicyMapping === undefined
          ? []
          : [`Inhibit Policy Mapping:${limits.inhibitPolicyMapping}`]),
      ].join(','),
  );
  say('X509v3 Inhibit Any Policy', c.inhibitAnyPolicy?.toString());
  const names = c.nameConstraints;
  say(
    'X509v3 Name Constraints',
    names && subtrees('Permitted', names.permitted) + subtrees('Excluded', names.excluded),
  );
  const points = (some: readonly DistributionPoint[]): string | undefined =>
    list(some, () => some.map((each) => point(each, relative)).join(''));
  say('X509v3 CRL Distribution Points', points(c.crlDistributionPoints));
  say('X509v3 Freshest CRL', points(c.freshestCrl));
  const access = (some: Certificate['authorityInfoAccess']): string | undefined =>
    list(some, () =>
      some
        .map(({ method, location }) => `${accessMethods[method] ?? method}-${generalName(location)}`)
        .join(''),
    );
  say('Authority Information Access', access(c.authorityInfoAccess));
  say('Subject Information Access', access(c.subjectInfoAccess));
  say(
    'Netscape Cert Type',
    c.netscapeCertType && [...c.netscapeCertType].map((each) => netscapeTypes[each]).join(','),
  );
  say('Netscape Comment', c.netscapeComment);
  if (c.ocspNoCheck) say('OCSP No Check', '');
  const period = c.privateKeyUsagePeriod;
  say(
    'X509v3 Private Key Usage Period',
    period &&
      [
        ...(period.notBefore === undefined ? [] : [`Not Before: ${time(period.notBefore)}`]),
        ...(period.notAfter === undefined ? [] : [`Not After: ${time(period.notAfter)}`]),
      ].join(','),
  );
  return texts;
}
