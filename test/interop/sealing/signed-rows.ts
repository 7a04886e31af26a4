import type { PeerDigest } from '../../support/peers/peer.js';
import type { PersonName } from '../../support/peers/people.js';
import type { Row } from './row.js';

/** A way of signing; each is tried with the content embedded and detached. */
export interface SignedRow extends Row {
  readonly signers: readonly PersonName[];
  readonly digest: PeerDigest;
  readonly pss?: boolean;
  readonly withoutSignedAttributes?: boolean;
  readonly byKeyIdentifier?: boolean;
}

const digestNames = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

function rsa(digest: PeerDigest): SignedRow {
  return { id: `rsa-${digest}`, title: `RSA v1.5 with ${digestNames[digest]}`, signers: ['rsa'], digest };
}

function pss(digest: PeerDigest): SignedRow {
  return {
    id: `pss-${digest}`,
    title: `RSASSA-PSS with ${digestNames[digest]}`,
    signers: ['rsa'],
    digest,
    pss: true,
  };
}

function ecdsa(signer: PersonName, curve: string, digest: PeerDigest): SignedRow {
  const title = `ECDSA on ${curve} with ${digestNames[digest]}`;
  return { id: `${signer}-${digest}`, title, signers: [signer], digest };
}

export const signedRows: readonly SignedRow[] = [
  { ...rsa('sha1'), notOurs: 'mailseal does not sign with SHA-1' },
  rsa('sha256'),
  rsa('sha384'),
  rsa('sha512'),
  pss('sha256'),
  pss('sha384'),
  pss('sha512'),
  ecdsa('p256', 'P-256', 'sha256'),
  ecdsa('p384', 'P-384', 'sha384'),
  ecdsa('p521', 'P-521', 'sha512'),
  ecdsa('brainpool', 'brainpoolP256r1', 'sha256'),
  { id: 'ed25519', title: 'Ed25519', signers: ['ed25519'], digest: 'sha512' },
  { id: 'ed448', title: 'Ed448', signers: ['ed448'], digest: 'sha512' },
  { ...rsa('sha256'), id: 'two-signers', title: 'two signers', signers: ['rsa', 'rsa2'] },
  {
    ...rsa('sha256'),
    id: 'no-attributes',
    title: 'without signed attributes',
    withoutSignedAttributes: true,
  },
  {
    ...rsa('sha256'),
    id: 'signer-key-identifier',
    title: 'signer by subjectKeyIdentifier',
    byKeyIdentifier: true,
  },
];
