import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { derInteger, derOid, derPrintableString, derSequence } from '../../../src/asn1/writer.js';
import {
  type Certificate,
  parseCertificate,
  parseCertificates,
} from '../../../src/x509/certificate/certificate.js';
import { nameUnder } from '../../../src/x509/certificate/distribution-points.js';
import { parseName } from '../../../src/x509/certificate/name.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { listCorpus } from '../../support/mime-corpus.js';
import { extensionsAsOpenssl, extensionsInText, opensslTexts } from '../../support/openssl-certificates.js';
import { describeProgram } from '../../support/programs.js';

/** How many certificates there are, and how many of their extensions are compared. */
const sets: Readonly<Record<string, readonly [certificates: number, extensions: number]>> = {
  'pkits/certs': [405, 1937],
  'openssl-generated/certs': [36, 247],
  'openssl-generated/ca': [3, 10],
  rfc4134: [7, 31],
  'thunderbird-smime/smime': [1, 3],
  mimekit: [13, 58],
};

/** One RDN as it stands in OpenSSL's one-line form. */
const relative = (octets: Uint8Array): string => `${parseName(derSequence(octets))}`.replaceAll('\\', '');

/** Extensions of which OpenSSL 3.0 shows the octets only. */
const dumped = /^(?:[\d.]+|S\/MIME Capabilities|X509v3 Subject Directory Attributes|qcStatements)$/;

/** Compares all that OpenSSL prints of the extensions and gives how many there were. */
function compare(certificates: readonly Certificate[]): number {
  const texts = opensslTexts(certificates).map((text) =>
    Object.fromEntries(Object.entries(extensionsInText(text)).filter(([title]) => !dumped.test(title))),
  );
  expect(texts.length).toBe(certificates.length);
  let compared = 0;
  certificates.forEach((certificate, n) => {
    expect([`${certificate.subject}`, extensionsAsOpenssl(certificate, relative)]).toEqual([
      `${certificate.subject}`,
      texts[n],
    ]);
    compared += Object.keys(texts[n]!).length;
  });
  return compared;
}

describeProgram('openssl', () => {
  for (const [folder, [count, extensions]] of Object.entries(sets)) {
    describeCorpus(folder, () => {
      test(`the ${extensions} extensions of ${count} certificates say what OpenSSL prints of them`, () => {
        const certificates = listCorpus(
          folder,
          (path) => /\.(crt|cer|pem)$/.test(path) && !path.includes('crl'),
        ).flatMap((path) => parseCertificates(readCorpus(path)));
        expect(certificates.length).toBe(count);
        expect(compare(certificates)).toBe(extensions);
      });
    });
  }

  test('a certificate with every extension says what OpenSSL prints of it, and what was written', () => {
    const certificate = made();
    expect(compare([certificate])).toBe(20);
    expect(certificate.smimeCapabilities).toEqual([
      { algorithm: '2.16.840.1.101.3.4.1.42', parameters: undefined },
      { algorithm: '1.2.840.113549.3.2', parameters: derInteger(128) },
    ]);
    expect(certificate.subjectDirectoryAttributes).toEqual([
      { type: '1.3.6.1.5.5.7.9.4', values: [derPrintableString('JP')] },
    ]);
    expect(certificate.certificateTemplateName).toBe('Mail');
    expect(certificate.certificateTemplate).toEqual({
      template: '1.3.6.1.4.1.311.21.8.1',
      majorVersion: 100,
      minorVersion: 4,
    });
    expect(certificate.qcStatements).toEqual([
      { statement: '0.4.0.1862.1.1', info: undefined },
      { statement: '0.4.0.1862.1.6', info: derSequence(derOid('0.4.0.1862.1.6.1')) },
    ]);
    expect(certificate.ocspNoCheck).toBe(true);
    expect(certificate.emailAddresses).toEqual(['hanako@example.jp', '花子@example.jp']);
    const point = certificate.crlDistributionPoints[1]!.name;
    expect(point?.kind).toBe('nameRelativeToCRLIssuer');
    if (point?.kind !== 'nameRelativeToCRLIssuer') return;
    expect(`${nameUnder(certificate.issuer, point.relativeName)}`).toBe(`CN=Relative,${certificate.issuer}`);
  });
});

/** A certificate that OpenSSL makes of {@link configuration}. */
function made(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-'));
  try {
    writeFileSync(join(folder, 'all.cnf'), configuration);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
    const rest = ['-config', 'all.cnf', '-days', '100', '-out', 'all.pem'];
    execFileSync('openssl', ['req', '-x509', '-new', ...key, ...rest], { cwd: folder, stdio: 'ignore' });
    return parseCertificate(readFileSync(join(folder, 'all.pem')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const configuration = `
[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
string_mask = utf8only
utf8 = yes
[dn]
C = JP
O = 例示, "商事"
0.OU = First
CN = Every Extension
emailAddress = hanako@example.jp
[ext]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign, encipherOnly, decipherOnly
extendedKeyUsage = emailProtection, clientAuth, OCSPSigning, 1.2.3.4
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer:always
subjectAltName = @alt
issuerAltName = email:ca@example.jp, URI:http://ca.example.jp/
certificatePolicies = 1.2.3.4.5, anyPolicy, @pol
policyMappings = 1.2.3:1.2.4, 1.2.5:1.2.6
policyConstraints = requireExplicitPolicy:3, inhibitPolicyMapping:0
inhibitAnyPolicy = 2
nameConstraints = critical, @nc
crlDistributionPoints = dp1, dp2
freshestCRL = URI:http://example.jp/delta.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.jp/, caIssuers;URI:http://example.jp/ca.cer
subjectInfoAccess = 1.3.6.1.5.5.7.48.5;URI:http://example.jp/repository
nsCertType = client, email, objsign, sslCA, emailCA
nsComment = "A comment"
noCheck = ignored
1.2.840.113549.1.9.15 = ASN1:SEQUENCE:caps
2.5.29.16 = ASN1:SEQUENCE:pkup
2.5.29.9 = ASN1:SEQUENCE:sda
1.3.6.1.4.1.311.20.2 = ASN1:BMP:Mail
1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:tmpl
1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qcs
[alt]
email.1 = hanako@example.jp
DNS = example.jp
URI = https://example.jp/hanako
IP.1 = 192.0.2.1
IP.2 = 2001:db8::1
RID = 1.2.3.4
dirName = altdn
otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:hanako@ad.example.jp
otherName.2 = 1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:花子@example.jp
[altdn]
C = JP
CN = Hanako
[pol]
policyIdentifier = 1.3.5.8
CPS.1 = "http://example.jp/cps"
userNotice.1 = @notice
[notice]
explicitText = "UTF8:説明"
organization = "Example"
noticeNumbers = 1,2,3
[nc]
permitted;email.0 = example.jp
permitted;email.1 = .example.com
permitted;IP.0 = 192.0.2.0/255.255.255.0
permitted;IP.1 = 2001:db8::/ffff:ffff::
permitted;dirName = altdn
excluded;DNS.0 = .example.net
excluded;URI.0 = .example.org
[dp1]
fullname = URI:http://example.jp/1.crl, URI:ldap://example.jp/cn=1
CRLissuer = dirName:altdn
reasons = keyCompromise, CACompromise
[dp2]
relativename = rel
[rel]
CN = Relative
[caps]
a = SEQUENCE:cap1
b = SEQUENCE:cap2
[cap1]
o = OID:2.16.840.1.101.3.4.1.42
[cap2]
o = OID:1.2.840.113549.3.2
p = INTEGER:128
[pkup]
a = IMPLICIT:0,GENERALIZEDTIME:20200101000000Z
b = IMPLICIT:1,GENERALIZEDTIME:20210101000000Z
[sda]
a = SEQUENCE:attr
[attr]
o = OID:1.3.6.1.5.5.7.9.4
v = SET:cc
[cc]
c = PRINTABLESTRING:JP
[tmpl]
o = OID:1.3.6.1.4.1.311.21.8.1
a = INTEGER:100
b = INTEGER:4
[qcs]
a = SEQUENCE:q1
b = SEQUENCE:q2
[q1]
o = OID:0.4.0.1862.1.1
[q2]
o = OID:0.4.0.1862.1.6
v = SEQUENCE:q3
[q3]
o = OID:0.4.0.1862.1.6.1
`;
