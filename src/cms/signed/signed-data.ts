import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, setOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { Certificate } from '../../x509/certificate/certificate.js';
import {
  type CmsLimitOptions,
  type CmsLimits,
  type ContentInfo,
  checkType,
  parseContentInfo,
} from '../content-info.js';
import { type RevocationInfo, readRevocationInfo } from './revocation-info.js';
import { SignerInfo } from './signer-info.js';

/**
 * A SignedData (RFC 5652 §5.1): content, certificates, signers. Its frame is
 * checked when it is made; the rest is decoded at first use.
 *
 * @throws MailsealError from its getters: `asn1-*` where what they read is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData } from 'mailseal/cms';
 *
 * const signedData = parseSignedData(readFileSync('test/vectors/demo/smime.p7s'));
 * console.log(signedData.content, signedData.certificates.length, signedData.signers.length); // undefined 2 1
 * ```
 */
export class SignedData {
  /** As encoded: 1, 3, 4 or 5. */
  readonly version: number;
  /** DER of the digest AlgorithmIdentifiers that the sender announced; a hint only. */
  readonly digestAlgorithms: readonly Bytes[];
  /** Dotted OID of the content's type; `1.2.840.113549.1.7.1` (id-data) in S/MIME. */
  readonly eContentType: string;
  /** Octets after the structure that nothing in it covers. */
  readonly trailingOctets: number;
  /** @internal The element as read, to write another one from. */
  readonly node: BerNode;
  private readonly contentNode: BerNode | undefined;
  private readonly certificateNodes: readonly BerNode[];
  private readonly crlNodes: readonly BerNode[];
  private readonly signerNodes: readonly BerNode[];
  private readonly cache: {
    content?: Bytes;
    certificates?: readonly Certificate[];
    signers?: readonly SignerInfo[];
    revocationInfo?: RevocationInfo;
  } = {};

  /** @internal Made by {@link parseSignedData}. */
  constructor(node: BerNode, trailingOctets: number, limits: CmsLimits = {}) {
    const fields = sequenceOf(node, 'a SignedData');
    const [version, digestAlgorithms, encapsulated, ...rest] = fields;
    if (version === undefined || digestAlgorithms === undefined || encapsulated === undefined)
      throw unexpected(node, 'a SignedData');
    this.node = node;
    this.version = decodeInteger(version);
    this.digestAlgorithms = setOf(digestAlgorithms, 'DigestAlgorithmIdentifiers').map((each) => each.bytes);
    const [type, wrapped] = sequenceOf(encapsulated, 'an EncapsulatedContentInfo');
    // RFC 5652 §5.2: eContent is tagged [0] and holds one element; another reader would see another content.
    const isFrame = wrapped === undefined || (wrapped.is(0xa0) && wrapped.children.length <= 1);
    if (type === undefined || !isFrame) throw unexpected(encapsulated, 'an EncapsulatedContentInfo');
    this.eContentType = decodeOid(type);
    this.contentNode = wrapped?.children[0];
    const signers = rest.pop();
    if (signers?.is(Tag.Set) !== true) {
      const { start } = node;
      throw new MailsealError('asn1-unexpected', 'the SignedData has no SignerInfos at its end', {
        offset: start,
      });
    }
    this.certificateNodes = rest.find((each) => each.isContext(0))?.children ?? [];
    this.crlNodes = rest.find((each) => each.isContext(1))?.children ?? [];
    this.signerNodes = signers.children;
    this.trailingOctets = trailingOctets;
    check('signers', this.signerNodes.length, limits.signers ?? 64);
    check('certificates', this.certificateNodes.length, limits.certificates ?? 1000);
    check('revocation-infos', this.crlNodes.length, limits.revocationInfos ?? 1000);
  }

  /**
   * The content that is embedded, or `undefined` where the signature is
   * detached. Version 1 of PKCS #7 let any type stand here, and its content
   * octets were signed (RFC 5652 §5.2.1); they are given then.
   */
  get content(): Bytes | undefined {
    const node = this.contentNode;
    if (node === undefined) return undefined;
    this.cache.content ??= (node.identifier & 0xdf) === Tag.OctetString ? octetString(node) : node.content;
    return this.cache.content;
  }

  /** The certificates that can be read as such, in the order sent; attribute certificates are left out. */
  get certificates(): readonly Certificate[] {
    this.cache.certificates ??= this.certificateNodes.flatMap((node) => {
      if (!node.is(Tag.Sequence)) return [];
      try {
        return [new Certificate(node)];
      } catch (error) {
        // One damaged certificate beside good ones must not hide the signature.
        if (error instanceof MailsealError) return [];
        throw error;
      }
    });
    return this.cache.certificates;
  }

  /** DER of the CRLs that were sent along. */
  get crls(): readonly Bytes[] {
    return this.crlNodes.flatMap((node) => (node.is(Tag.Sequence) ? [node.bytes] : []));
  }

  /** The CRLs and OCSP responses that were sent along; nothing vouches for them yet. */
  get revocationInfo(): RevocationInfo {
    this.cache.revocationInfo ??= readRevocationInfo(this.crlNodes);
    return this.cache.revocationInfo;
  }

  /** The signers; none in a certs-only message. */
  get signers(): readonly SignerInfo[] {
    this.cache.signers ??= this.signerNodes.map((node) => new SignerInfo(node));
    return this.cache.signers;
  }

  /** Whether it only carries certificates or CRLs: no signer and no content (RFC 8551 §3.8). */
  get isCertsOnly(): boolean {
    return this.signerNodes.length === 0;
  }
}

/**
 * Reads a SignedData: the octets of a `smime.p7s`, `.p7m` or `.p7c` file, DER,
 * BER or PEM.
 *
 * @throws MailsealError `cms-wrong-type` when it is another type of CMS,
 * `cms-malformed` or an `asn1-*` code when it cannot be read, `limit-signers`,
 * `limit-certificates`, `limit-revocation-infos`, `limit-depth`, `limit-nodes`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData } from 'mailseal/cms';
 *
 * const signedData = parseSignedData(readFileSync('test/vectors/demo/smime.p7s'));
 * for (const certificate of signedData.certificates) console.log(`${certificate.subject}`);
 * ```
 */
export function parseSignedData(octets: Uint8Array, options: CmsLimitOptions = {}): SignedData {
  return signedDataOf(parseContentInfo(octets, options), options);
}

/** The SignedData of a ContentInfo that was read already; throws as {@link parseSignedData}. */
export function signedDataOf(contentInfo: ContentInfo, options: CmsLimitOptions = {}): SignedData {
  checkType(contentInfo, 'signedData');
  return new SignedData(contentInfo.content, contentInfo.trailingOctets, options.limits);
}

function check(what: 'signers' | 'certificates' | 'revocation-infos', count: number, limit: number): void {
  if (count > limit)
    throw new MailsealError(`limit-${what}`, `${count} ${what.replace('-', ' ')}, the limit is ${limit}`);
}
