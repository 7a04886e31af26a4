import { type BerNode, Tag } from '../../asn1/reader.js';
import { isDer, toDer } from '../../asn1/to-der.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CmsAttribute, readAttributes } from '../attributes.js';
import {
  type CertificateIdentifier,
  namesCertificate,
  readCertificateIdentifier,
} from '../certificate-identifier.js';

/** How a signer's certificate is named (RFC 5652 §5.3). */
export type SignerIdentifier = CertificateIdentifier;

/** One form of the octets that a signature over signed attributes may be over. */
export interface SignedAttributesForm {
  /**
   * `der`: the SET OF in DER, as RFC 5652 §5.4 demands; `received-order`: DER
   * but for the order of the attributes; `as-received`: the very octets.
   */
  readonly form: 'der' | 'received-order' | 'as-received';
  readonly octets: Bytes;
}

/**
 * One SignerInfo of a SignedData (RFC 5652 §5.3). Its frame is checked when it
 * is made; other fields are decoded at first use.
 *
 * @throws MailsealError from its getters: `asn1-*` where what they read is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData } from 'mailseal/cms';
 *
 * const { certificates, signers } = parseSignedData(readFileSync('test/vectors/demo/smime.p7s'));
 * const certificate = certificates.find((each) => signers[0]?.names(each));
 * console.log(certificate?.emailAddresses); // [ 'hanako@example.jp' ]
 * ```
 */
export class SignerInfo {
  /** 1 with an issuer and serial number, 3 with a key identifier. */
  readonly version: number;
  /** DER of the AlgorithmIdentifier of the content's digest. */
  readonly digestAlgorithm: Bytes;
  /** DER of the AlgorithmIdentifier of the signature. */
  readonly signatureAlgorithm: Bytes;
  private readonly sid: BerNode;
  private readonly signatureNode: BerNode;
  private readonly signedNode: BerNode | undefined;
  private readonly unsignedNode: BerNode | undefined;
  private attributes: readonly CmsAttribute[] | undefined;
  private named: SignerIdentifier | undefined;

  /** @internal Made by `parseSignedData`. */
  constructor(node: BerNode) {
    const fields = sequenceOf(node, 'a SignerInfo');
    const [version, sid, digestAlgorithm] = fields;
    const signedNode = fields[3]?.is(0xa0) === true ? fields[3] : undefined;
    const [signatureAlgorithm, signature, unsignedNode] = fields.slice(signedNode === undefined ? 3 : 4);
    if (version === undefined || sid === undefined || digestAlgorithm === undefined)
      throw unexpected(node, 'a SignerInfo');
    if (signatureAlgorithm === undefined || signature === undefined) throw unexpected(node, 'a SignerInfo');
    this.version = decodeInteger(version);
    this.sid = sid;
    this.digestAlgorithm = digestAlgorithm.bytes;
    this.signatureAlgorithm = signatureAlgorithm.bytes;
    this.signatureNode = signature;
    this.signedNode = signedNode;
    this.unsignedNode = unsignedNode?.is(0xa1) === true ? unsignedNode : undefined;
    this.attributes = undefined;
    this.named = undefined;
  }

  /** How the signer's certificate is named. */
  get identifier(): SignerIdentifier {
    this.named ??= readCertificateIdentifier(this.sid);
    return this.named;
  }

  /** Whether {@link identifier} names this certificate. */
  names(certificate: Certificate): boolean {
    return namesCertificate(this.identifier, certificate);
  }

  /** The signature value. */
  get signature(): Bytes {
    return octetString(this.signatureNode, 'a SignatureValue');
  }

  /** Whether there are signed attributes. */
  get hasSignedAttributes(): boolean {
    return this.signedNode !== undefined;
  }

  /** The signed attributes in the order received; none where the field is absent. */
  get signedAttributes(): readonly CmsAttribute[] {
    this.attributes ??= this.signedNode === undefined ? [] : readAttributes(this.signedNode);
    return this.attributes;
  }

  /** The unsigned attributes in the order received. */
  get unsignedAttributes(): readonly CmsAttribute[] {
    return this.unsignedNode === undefined ? [] : readAttributes(this.unsignedNode);
  }

  /**
   * The octets that a signature over the signed attributes may be over, the
   * right form first. RFC 5652 §5.4: the DER encoding with an EXPLICIT SET OF
   * tag. Some signers sign what they send, unsorted or in BER.
   */
  *signedAttributesForms(): Generator<SignedAttributesForm, undefined> {
    const node = this.signedNode;
    if (node === undefined) return;
    const received = node.bytes.slice();
    received[0] = Tag.Set;
    const inDer = isDer(node);
    const der = inDer ? received : toDer(node, { identifier: Tag.Set });
    yield { form: 'der', octets: der };
    if (inDer) return;
    const ordered = toDer(node, { identifier: Tag.Set, sortSets: false });
    if (!equalBytes(ordered, der)) yield { form: 'received-order', octets: ordered };
    if (!equalBytes(received, ordered)) yield { form: 'as-received', octets: received };
  }
}
