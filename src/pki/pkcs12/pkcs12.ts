import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import type { HmacDigestName } from '../../crypto/digests/hmac.js';
import type { PrivateKey } from '../../crypto/keys/private-key.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { CertificateList } from '../../x509/revocation/crl.js';

/** An attribute of a bag that has no name here: its OID and the DER or BER of its values. */
export interface Pkcs12Attribute {
  readonly oid: string;
  readonly values: readonly Bytes[];
}

/** What stands beside everything in a PKCS#12 file (RFC 7292 §4.2). */
export interface Pkcs12Labels {
  /** What a person calls it. */
  readonly friendlyName?: string;
  /** What a key and its certificate have in common; mostly a SHA-1. */
  readonly localKeyId?: Bytes;
  /** All other attributes, in the order of the file. */
  readonly attributes: readonly Pkcs12Attribute[];
}

/** A private key of a PKCS#12 file. */
export interface Pkcs12Key extends Pkcs12Labels {
  readonly privateKey: PrivateKey;
  /**
   * The certificate of the file for this key's public key; of several, one
   * with the same `localKeyId`. Absent where no certificate is for this key,
   * whatever their `localKeyId` says.
   */
  readonly certificate?: Certificate;
}

/** A certificate of a PKCS#12 file. */
export interface Pkcs12Certificate extends Pkcs12Labels {
  readonly certificate: Certificate;
}

/** A CRL of a PKCS#12 file. */
export interface Pkcs12Crl extends Pkcs12Labels {
  readonly crl: CertificateList;
}

/** A secret of a PKCS#12 file, such as a symmetric key (RFC 7292 §4.2.5). */
export interface Pkcs12Secret extends Pkcs12Labels {
  /** OID of what it is. */
  readonly type: string;
  /** Its value as it stands, mostly an OCTET STRING in DER. Not shown by JSON or a console. */
  readonly value: Bytes;
}

/** A bag that nothing else could be made of. */
export interface Pkcs12Other extends Pkcs12Labels {
  /** OID of the bag. */
  readonly bag: string;
  /** The DER or BER of its value, decrypted where it was a private key. Not shown by JSON or a console. */
  readonly value: Bytes;
  /** Why it is here. */
  readonly problem: MailsealError;
}

/** How a file is protected against change, told apart by `kind`. */
export type Pkcs12Integrity =
  /** HMAC with a key from PKCS#12's own derivation (RFC 7292 §4). */
  | { readonly kind: 'hmac'; readonly digest: DigestName; readonly iterations: number }
  /** HMAC with a key from PBKDF2 (RFC 9579). */
  | {
      readonly kind: 'pbmac1';
      readonly digest: HmacDigestName;
      readonly derivationDigest: HmacDigestName;
      readonly iterations: number;
    }
  /** Nothing: anybody could have put it together. */
  | { readonly kind: 'none' };

/** The contents of a PKCS#12 file, each kind in the order of the file. */
export interface Pkcs12 {
  readonly integrity: Pkcs12Integrity;
  readonly keys: readonly Pkcs12Key[];
  readonly certificates: readonly Pkcs12Certificate[];
  readonly crls: readonly Pkcs12Crl[];
  readonly secrets: readonly Pkcs12Secret[];
  /** What could not be read: keys and certificates of kinds that are not known here, and damaged ones. */
  readonly others: readonly Pkcs12Other[];
}

/** What a PKCS#12 file is made of. What a file was read to is taken as it is. */
export interface Pkcs12Contents {
  /** Private keys, each with the certificate that was issued for it. */
  readonly keys?: readonly {
    readonly privateKey: PrivateKey;
    readonly certificate?: Certificate;
    /** What a person calls it; programs show it in a list. */
    readonly friendlyName?: string;
  }[];
  /** Further certificates, mostly those that lead to a root. One that a key has already is not written twice. */
  readonly certificates?: readonly { readonly certificate: Certificate; readonly friendlyName?: string }[];
  readonly crls?: readonly { readonly crl: CertificateList; readonly friendlyName?: string }[];
  /** Values in DER with the OID of what they are. */
  readonly secrets?: readonly {
    readonly type: string;
    readonly value: Uint8Array;
    readonly friendlyName?: string;
  }[];
}
