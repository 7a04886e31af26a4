import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  derExplicit,
  derInteger,
  derOfPieces,
  derOid,
  derSequence,
  derSetOf,
} from '../../../src/asn1/writer.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { type Certificate, parseCertificates } from '../../../src/x509/certificate/certificate.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { listCorpus } from '../../support/mime-corpus.js';

const sets: Readonly<Record<string, number>> = {
  'pkits/certs': 405,
  'openssl-generated/certs': 36,
  'openssl-generated/ca': 3,
  rfc4134: 7,
  'thunderbird-smime/smime': 1,
  mimekit: 13,
};

/** A Diffie-Hellman key, and one on a binary curve. */
const unreadKeys: Readonly<Record<string, number>> = { mimekit: 2 };

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What OpenSSL prints of one certificate's extensions. */
interface Printed {
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  readonly keyUsage: string | undefined;
  readonly basicConstraints: string | undefined;
}

for (const [folder, expected] of Object.entries(sets)) {
  describeCorpus(folder, () => {
    const certificates = listCorpus(
      folder,
      (path) => /\.(crt|cer|pem)$/.test(path) && !path.includes('crl'),
    ).flatMap((path) => parseCertificates(readCorpus(path)));
    const theirs = certificates.map(({ bytes }) => new X509Certificate(bytes));
    /** Runs over all certificates and names the one that fails. */
    const each = (check: (ours: Certificate, other: X509Certificate) => [unknown, unknown]): void => {
      certificates.forEach((ours, i) => {
        const [own, other] = check(ours, theirs[i]!);
        expect([`${ours.subject}`, own]).toEqual([`${ours.subject}`, other]);
      });
    };

    test(`count: ${expected} certificates`, () => {
      expect(certificates.length).toBe(expected);
    });

    test('names are printed as OpenSSL prints them, upside down', () => {
      const upsideDown = (name: string | undefined) => (name ?? '').split('\n').reverse().join(',');
      each((ours, other) => [
        [`${ours.subject}`, `${ours.issuer}`],
        [upsideDown(other.subject), upsideDown(other.issuer)],
      ]);
    });

    test('serial numbers and validity', () => {
      each((ours, other) => [
        [ours.serialHex, ours.notBefore.getTime(), ours.notAfter.getTime()],
        [other.serialNumber.toLowerCase(), Date.parse(other.validFrom), Date.parse(other.validTo)],
      ]);
    });

    test(`public keys; ${unreadKeys[folder] ?? 0} are of kinds that are not read`, () => {
      let unread = 0;
      each((ours, other) => {
        // Node cannot read a DSA key that inherits its parameters.
        const theirs = attempt(() => other.publicKey.asymmetricKeyType);
        const own = attempt(() => ours.publicKey.kind);
        if (own === undefined) unread++;
        return own === undefined || theirs === undefined ? [0, 0] : [own, theirs];
      });
      expect(unread).toBe(unreadKeys[folder] ?? 0);
    });

    test('extended key usage and mail addresses', () => {
      each((ours, other) => {
        const addresses = ours.subjectAltName.flatMap((name) =>
          name.kind === 'rfc822Name' ? [name.value] : [],
        );
        const printed = [...(other.subjectAltName ?? '').matchAll(/(?:^|, )email:([^,]+)/g)].map(
          ([, found]) => found,
        );
        // Node gives the purposes under the name of another extension.
        return [
          [ours.extendedKeyUsage ?? [], addresses],
          [other.keyUsage ?? [], printed],
        ];
      });
    });

    test('authorities', () => {
      each((ours, other) => {
        const maySign = ours.keyUsage?.has('keyCertSign') ?? true;
        return [maySign && ours.basicConstraints?.ca === true, other.ca];
      });
    });

    test('key identifiers, key usage and path lengths as OpenSSL prints them', () => {
      const printed = print(certificates);
      expect(printed.length).toBe(certificates.length);
      certificates.forEach((ours, i) => {
        expect([`${ours.subject}`, describe(ours)]).toEqual([`${ours.subject}`, printed[i]]);
      });
    });
  });
}

const usageNames: Readonly<Record<string, string>> = {
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

function colons(octets: Uint8Array | undefined): string | undefined {
  return (
    octets &&
    encodeHex(octets)
      .toUpperCase()
      .replace(/..(?=.)/g, '$&:')
  );
}

function describe(certificate: Certificate): Printed {
  const { basicConstraints: constraints, keyUsage, authorityKeyIdentifier: authority } = certificate;
  const length = constraints?.pathLength === undefined ? '' : `, pathlen:${constraints.pathLength}`;
  return {
    subjectKeyIdentifier: colons(certificate.subjectKeyIdentifier),
    authorityKeyIdentifier: colons(authority?.keyIdentifier),
    keyUsage: keyUsage && [...keyUsage].map((usage) => usageNames[usage]).join(', '),
    basicConstraints: constraints && `CA:${constraints.ca ? 'TRUE' : 'FALSE'}${length}`,
  };
}

/** Prints all certificates in one run of OpenSSL. */
function print(certificates: readonly Certificate[]): Printed[] {
  const signedData = derSequence(
    derInteger(1),
    derSetOf(),
    derSequence(derOid('1.2.840.113549.1.7.1')),
    derOfPieces(
      0xa0,
      certificates.map(({ bytes }) => bytes),
    ),
    derSetOf(),
  );
  const bundle = derSequence(derOid('1.2.840.113549.1.7.2'), derExplicit(0, signedData));
  const text = execFileSync('openssl', ['pkcs7', '-inform', 'DER', '-print_certs', '-text', '-noout'], {
    input: bundle,
    maxBuffer: 1 << 26,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString();
  return text
    .split(/^Certificate:$/m)
    .slice(1)
    .map((one) => {
      const line = (name: string): string | undefined =>
        new RegExp(`X509v3 ${name}:[^\\n]*\\n +(?:keyid:)?([^\\n]*?) *\\n`).exec(one)?.[1];
      return {
        subjectKeyIdentifier: line('Subject Key Identifier'),
        authorityKeyIdentifier: line('Authority Key Identifier'),
        keyUsage: line('Key Usage'),
        basicConstraints: line('Basic Constraints'),
      };
    });
}
