import {
  generateKeyPair,
  type KeyPair,
  type KeyPairKind,
} from '../../../src/crypto/keys/generate-key-pair.js';
import { issueIntermediate, issueRoot } from '../../../src/pki/issue/issue-authority.js';
import { issueMailCertificate } from '../../../src/pki/issue/issue-mail-certificate.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';

/** The people of the interop tests, each called by the kind of his key. */
export const personNames = [
  'rsa',
  'rsa2',
  'p256',
  'p384',
  'p521',
  'brainpool',
  'ed25519',
  'ed448',
  'x25519',
  'x448',
] as const;
export type PersonName = (typeof personNames)[number];

const kinds: Readonly<Record<PersonName, KeyPairKind>> = {
  rsa: { kind: 'rsa', bits: 2048 },
  rsa2: { kind: 'rsa', bits: 2048 },
  p256: { kind: 'ec', curve: 'P-256' },
  p384: { kind: 'ec', curve: 'P-384' },
  p521: { kind: 'ec', curve: 'P-521' },
  brainpool: { kind: 'ec', curve: 'brainpoolP256r1' },
  ed25519: { kind: 'ed25519' },
  ed448: { kind: 'ed448' },
  x25519: { kind: 'x25519' },
  x448: { kind: 'x448' },
};

/** Somebody with a key and a certificate under the {@link People.authority}. */
export interface Person extends KeyPair {
  readonly name: PersonName;
  readonly address: string;
  readonly certificate: Certificate;
}

/** All people and the chain above them. */
export interface People extends Readonly<Record<PersonName, Person>> {
  readonly root: Certificate;
  readonly authority: Certificate;
}

/** What programs that only know the present clock hold for valid. */
const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') };

/** Makes the people with `mailseal/pki`; the authorities have RSA keys, the only ones that every peer knows. */
export async function makePeople(): Promise<People> {
  const rootPair = await generateKeyPair({ kind: 'rsa', bits: 2048 });
  const authorityPair = await generateKeyPair({ kind: 'rsa', bits: 2048 });
  const root = await issueRoot({
    key: rootPair.privateKey,
    subject: { country: 'JP', organization: 'Example', commonName: 'Interop Root' },
    ...validity,
  });
  const authority = await issueIntermediate({
    issuer: { certificate: root, key: rootPair.privateKey },
    publicKey: authorityPair.publicKey,
    subject: { country: 'JP', organization: 'Example', commonName: 'Interop Authority' },
    ...validity,
  });
  const issuer = { certificate: authority, key: authorityPair.privateKey };
  const people: Partial<Record<PersonName, Person>> = {};
  for (const name of personNames) {
    const pair = await generateKeyPair(kinds[name]);
    const address = `${name}@example.jp`;
    const certificate = await issueMailCertificate({
      issuer,
      publicKey: pair.publicKey,
      subject: { commonName: `Interop ${name}` },
      addresses: [address],
      ...validity,
    });
    people[name] = { ...pair, name, address, certificate };
  }
  return { ...(people as Record<PersonName, Person>), root, authority };
}
