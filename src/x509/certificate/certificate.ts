import { type BerNode, readBer, sameEncoding } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import {
  type BitString,
  bitString,
  bitStringContent,
  decodeInteger,
  integerBytes,
  sequenceOf,
  unexpected,
} from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type PublicKey, parsePublicKey } from '../../crypto/keys/public-key.js';
import { encodeHex } from '../../encoding/hex.js';
import { CertificateExtensions } from './certificate-extensions.js';
import { type CertificateFields, certificateFields, malformed } from './certificate-fields.js';
import { blocksOf } from './der-or-pem.js';
import { type Extension, hasRepetition, readExtensions } from './extensions.js';
import { mailAddresses } from './mail-addresses.js';
import { Name } from './name.js';

/**
 * An X.509 certificate (RFC 5280 §4.1). The frame is checked when it is made;
 * every field is decoded at its first use and may throw then.
 *
 * @throws MailsealError from its getters: `x509-malformed` or an `asn1-*` code
 * where a field is damaged, `crypto-unsupported` or `crypto-key-malformed`
 * from `publicKey`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * console.log(certificate.subject.commonName, certificate.emailAddresses); // 山田花子 [ 'hanako@example.jp' ]
 * console.log(certificate.issuer.commonName, certificate.publicKey.kind); // Example Mail CA rsa
 * ```
 */
export class Certificate extends CertificateExtensions {
  /** 1, 2 or 3. */
  readonly version: number;
  /** The serial number's octets, two's complement as encoded. */
  readonly serialNumber: Bytes;
  private readonly node: BerNode;
  private readonly fields: CertificateFields;
  private readonly cache: {
    issuer?: Name;
    subject?: Name;
    signature?: Bytes;
    validity?: { readonly from: number; readonly until: number };
    publicKey?: PublicKey;
    /** Why there is none: a key is as long to read that turns out to be of no use. */
    publicKeyError?: MailsealError;
    extensions?: readonly Extension[];
    emailAddresses?: readonly string[];
  } = {};

  /** @internal Made by {@link parseCertificate}. */
  constructor(node: BerNode) {
    super();
    const fields = certificateFields(node);
    this.node = node;
    this.fields = fields;
    this.version = fields.version === undefined ? 1 : decodeInteger(fields.version) + 1;
    if (this.version < 1 || this.version > 3) throw malformed(node, `it is of version ${this.version}`);
    this.serialNumber = integerBytes(fields.serialNumber);
  }

  /** The encoded certificate, a view of what was parsed. */
  get bytes(): Bytes {
    return this.node.bytes;
  }

  /** The octets that its issuer signed. */
  get tbsBytes(): Bytes {
    return this.fields.tbs.bytes;
  }

  /** DER of the AlgorithmIdentifier of the issuer's signature. */
  get signatureAlgorithm(): Bytes {
    return this.fields.signatureAlgorithm.bytes;
  }

  /** Who issued it. */
  get issuer(): Name {
    this.cache.issuer ??= new Name(this.fields.issuer);
    return this.cache.issuer;
  }

  /** Whose it is. */
  get subject(): Name {
    this.cache.subject ??= new Name(this.fields.subject);
    return this.cache.subject;
  }

  /** DER of the SubjectPublicKeyInfo. */
  get subjectPublicKeyInfo(): Bytes {
    return this.fields.spki.bytes;
  }

  /**
   * The serial number in hexadecimal, lower case, two digits for each octet,
   * a leading zero octet left out. RFC 5280 §4.1.2.2 forbids negative ones and
   * lets readers meet them: `-01` is one, `ff` is 255.
   */
  get serialHex(): string {
    const octets = this.serialNumber;
    if (octets[0]! < 0x80)
      return encodeHex(octets[0] === 0 && octets.length > 1 ? octets.subarray(1) : octets);
    const magnitude = (1n << BigInt(octets.length * 8)) - BigInt(`0x${encodeHex(octets)}`);
    const digits = magnitude.toString(16);
    return `-${digits.length % 2 === 0 ? digits : `0${digits}`}`;
  }

  /** The issuer's signature over {@link tbsBytes}. */
  get signature(): Bytes {
    if (this.cache.signature === undefined) {
      const { octets, unusedBits } = bitString(this.fields.signature);
      if (unusedBits !== 0) throw malformed(this.fields.signature, 'its signature ends inside an octet');
      this.cache.signature = octets;
    }
    return this.cache.signature;
  }

  /** Whether the AlgorithmIdentifiers inside and outside the signed part agree, as RFC 5280 §4.1.1.2 demands. */
  get signatureAlgorithmsAgree(): boolean {
    return sameEncoding(this.fields.tbsSignatureAlgorithm, this.fields.signatureAlgorithm);
  }

  /** First moment of validity. */
  get notBefore(): Date {
    // Made anew, since a Date can be changed and a verdict must not change with it.
    return new Date(this.validity.from);
  }

  /** Last moment of validity. */
  get notAfter(): Date {
    return new Date(this.validity.until);
  }

  /** @internal First and last moment of validity, in milliseconds since 1970. */
  get validity(): { readonly from: number; readonly until: number } {
    if (this.cache.validity === undefined) {
      const times = sequenceOf(this.fields.validity, 'a Validity');
      const [notBefore, notAfter] = times;
      if (notBefore === undefined || notAfter === undefined || times.length > 2)
        throw unexpected(this.fields.validity, 'a Validity');
      this.cache.validity = {
        from: decodeTime(notBefore).getTime(),
        until: decodeTime(notAfter).getTime(),
      };
    }
    return this.cache.validity;
  }

  /** The subject's public key. */
  get publicKey(): PublicKey {
    const { cache } = this;
    if (cache.publicKey !== undefined) return cache.publicKey;
    if (cache.publicKeyError !== undefined) throw cache.publicKeyError;
    try {
      cache.publicKey = parsePublicKey(this.subjectPublicKeyInfo);
      return cache.publicKey;
    } catch (error) {
      if (error instanceof MailsealError) cache.publicKeyError = error;
      throw error;
    }
  }

  /** The octets of the subjectPublicKey bit string, whose SHA-1 many key identifiers are. */
  get publicKeyBits(): Bytes {
    const key = sequenceOf(this.fields.spki, 'a SubjectPublicKeyInfo')[1];
    if (key === undefined) throw unexpected(this.fields.spki, 'a SubjectPublicKeyInfo');
    return bitString(key).octets;
  }

  /** issuerUniqueID (RFC 5280 §4.1.2.8: read, and of no use), if there; a version 1 with one is `x509-malformed`. */
  get issuerUniqueId(): BitString | undefined {
    return this.uniqueId(this.fields.issuerUniqueId);
  }

  /** subjectUniqueID, likewise. */
  get subjectUniqueId(): BitString | undefined {
    return this.uniqueId(this.fields.subjectUniqueId);
  }

  private uniqueId(node: BerNode | undefined): BitString | undefined {
    if (node !== undefined && this.version === 1)
      throw malformed(node, 'it has a unique identifier and is of version 1');
    return node && bitStringContent(node);
  }

  /**
   * All extensions, in their order. A type that stands twice (RFC 5280 §4.2
   * forbids it) is `x509-malformed`, as are extensions of a certificate that
   * is not of version 3 (§4.1.2.9).
   */
  get extensions(): readonly Extension[] {
    if (this.cache.extensions === undefined) {
      const node = this.fields.extensions;
      const extensions = node === undefined ? [] : readExtensions(node);
      if (node !== undefined) {
        if (hasRepetition(extensions)) throw malformed(node, 'one of its extensions stands twice');
        if (this.version !== 3) throw malformed(node, `it has extensions and is of version ${this.version}`);
      }
      this.cache.extensions = extensions;
    }
    return this.cache.extensions;
  }

  /**
   * The mail addresses that the certificate is for (RFC 8550 §3), each once:
   * rfc822Name and SmtpUTF8Mailbox (RFC 9598) of subjectAltName, and
   * emailAddress of the subject. Of these, SmtpUTF8Mailbox alone has a place
   * for what is not ASCII (RFC 9598 §3). Once is by what a reader sees: two
   * whose domains are one name in other characters both stand here, though
   * {@link sameMailbox}, which compares addresses, says that they are the same.
   */
  get emailAddresses(): readonly string[] {
    this.cache.emailAddresses ??= mailAddresses(this.subjectAltName, this.subject);
    return this.cache.emailAddresses;
  }

  /** Whether issuer and subject are the same name (RFC 5280 §3.2: self-issued, not always self-signed). */
  get isSelfIssued(): boolean {
    return this.issuer.equals(this.subject);
  }

  /** Whether it is, octet for octet, the same certificate. */
  equals(other: Certificate): boolean {
    return this === other || sameEncoding(this.node, other.node);
  }
}

/**
 * Reads one certificate, DER or PEM.
 *
 * @param octets DER (BER is taken too), or PEM text of which the first certificate counts.
 * @throws MailsealError `x509-malformed`, `pem-malformed` or an `asn1-*` code.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * console.log(`${certificate.subject}`); // CN=山田花子,O=例示商事,C=JP
 * ```
 */
export function parseCertificate(octets: Uint8Array | string): Certificate {
  const [first] = parseCertificates(octets);
  if (first === undefined)
    throw new MailsealError('x509-malformed', 'there is no certificate in the input', { offset: 0 });
  return first;
}

/**
 * Reads all certificates of a PEM text (other blocks are passed over), or the
 * one of a DER file. An empty list where PEM text holds none (RFC 7468 §5.1).
 *
 * @throws MailsealError as {@link parseCertificate}.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const files = ['root', 'intermediate'].map((name) => `test/vectors/demo/${name}.crt.pem`);
 * const bundle = files.map((file) => readFileSync(file, 'utf8')).join('');
 * console.log(parseCertificates(bundle).map(({ subject }) => subject.commonName));
 * ```
 */
export function parseCertificates(octets: Uint8Array | string): Certificate[] {
  return blocksOf(octets, certificateLabels).map(
    (block) =>
      new Certificate(readBer(block.octets, { allowTrailing: block.label === 'TRUSTED CERTIFICATE' })),
  );
}

/** RFC 7468 §5.1, and the labels of old OpenSSL; a TRUSTED CERTIFICATE has OpenSSL's own octets after it. */
const certificateLabels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'] as const;
