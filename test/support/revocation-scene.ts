import type { Bytes } from '../../src/core/bytes.js';
import { type CertificateList, parseCrl } from '../../src/x509/revocation/crl.js';
import type { Holder } from './chains.js';
import { type CrlSpec, crlOctets, type EntrySpec } from './crls.js';
import { signatureIdentifier, type TestCertificate } from './pki.js';
import { intermediate, root } from './sign-scene.js';

/** A certificate of one kind of test support as one of the other kind. */
export function holderOf({ certificate, subject, key }: TestCertificate): Holder {
  return {
    certificate,
    name: subject,
    key: {
      privateKey: key.privateKey,
      spki: key.spki,
      algorithm: signatureIdentifier(key),
      digest: 'sha256',
    },
  };
}

/** How somebody was revoked. */
export type Revoked = Omit<EntrySpec, 'certificate'> & { readonly of: TestCertificate };

/** The octets of a CRL of 2026 by an authority. */
export function crlBy(
  issuer: TestCertificate,
  revoked: readonly Revoked[] = [],
  more: Partial<CrlSpec> = {},
): Bytes {
  return crlOctets(holderOf(issuer), {
    from: '2026-02-01T00:00:00Z',
    to: '2026-04-01T00:00:00Z',
    revoked: revoked.map(({ of, ...entry }) => ({ certificate: holderOf(of), ...entry })),
    ...more,
  });
}

/** CRLs of the intermediate authority, with these entries, and of the root, with none. */
export function crlsWith(...revoked: readonly Revoked[]): CertificateList[] {
  return [crlBy(intermediate, revoked), crlBy(root)].map((each) => parseCrl(each));
}
