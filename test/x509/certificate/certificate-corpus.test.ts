import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
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
  });
}
