import type { BerNode } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import { type CmsLimitOptions, type ContentInfo, checkType, parseContentInfo } from '../content-info.js';
import { type EncapsulatedContent, encapsulatedOctets, readEncapsulated } from '../encapsulated-content.js';

/**
 * A DigestedData (RFC 5652 §7): content and its digest. It tells of damage on
 * the way, not of change: who changes the content changes the digest.
 *
 * @example
 * ```ts
 * import { parseDigestAlgorithm } from 'mailseal/crypto';
 * import type { DigestedData } from 'mailseal/cms';
 *
 * function describe(digested: DigestedData): string {
 *   return `${digested.content?.length} octets with ${parseDigestAlgorithm(digested.digestAlgorithm)}`;
 * }
 * ```
 */
export class DigestedData {
  /** 0, or 2 where the content is not id-data. */
  readonly version: number;
  /** DER of the AlgorithmIdentifier of the digest. */
  readonly digestAlgorithm: Bytes;
  /** Dotted OID of what the content is. */
  readonly contentType: string;
  /** What the digest of the content has to be. */
  readonly digest: Bytes;
  /** Octets after the structure that nothing in it covers. */
  readonly trailingOctets: number;
  private readonly encapsulated: EncapsulatedContent;

  /** @internal Made by {@link parseDigestedData}. */
  constructor(node: BerNode, trailingOctets: number) {
    const [version, algorithm, content, octets] = sequenceOf(node, 'a DigestedData');
    if (version === undefined || algorithm === undefined || content === undefined || octets === undefined) {
      throw unexpected(node, 'a DigestedData');
    }
    this.version = decodeInteger(version);
    this.digestAlgorithm = algorithm.bytes;
    this.encapsulated = readEncapsulated(content);
    this.contentType = this.encapsulated.contentType;
    this.digest = octetString(octets, 'a Digest');
    this.trailingOctets = trailingOctets;
  }

  /** The content, or `undefined` where it is sent by other means. */
  get content(): Bytes | undefined {
    return encapsulatedOctets(this.encapsulated);
  }
}

/**
 * Reads a DigestedData, DER, BER or PEM.
 *
 * @throws MailsealError `cms-wrong-type` when it is another type of CMS,
 * `cms-malformed` or an `asn1-*` code when it cannot be read, `limit-depth`, `limit-nodes`.
 * @example
 * ```ts
 * import { checkDigestedData, parseDigestedData } from 'mailseal/cms';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const octets = decodeHex(
 *   '304506092a864886f70d010705a0383036020100300906052b0e03021a0500301006092a864886f70d010701a003' +
 *     '040161041486f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
 * );
 * const digested = parseDigestedData(octets);
 * console.log(checkDigestedData(digested)); // true
 * console.log(checkDigestedData(digested, { content: new Uint8Array([0x62]) })); // false
 * ```
 */
export function parseDigestedData(octets: Uint8Array, options: CmsLimitOptions = {}): DigestedData {
  return digestedDataOf(parseContentInfo(octets, options));
}

/** The DigestedData of a ContentInfo that was read already; throws as {@link parseDigestedData}. */
export function digestedDataOf(contentInfo: ContentInfo): DigestedData {
  checkType(contentInfo, 'digestedData');
  return new DigestedData(contentInfo.content, contentInfo.trailingOctets);
}

/** What {@link checkDigestedData} takes beside the DigestedData. */
export interface CheckDigestedDataOptions extends EngineOptions {
  /** The content where it was sent by other means, or is to be compared instead of what is inside. */
  readonly content?: Uint8Array;
}

/**
 * Whether the digest is that of the content.
 *
 * @throws MailsealError `crypto-unsupported` with the OID for a digest that is not known, `usage` where
 * the content is neither inside nor given, `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { checkDigestedData, type DigestedData } from 'mailseal/cms';
 *
 * function isUndamaged(digested: DigestedData): boolean {
 *   return checkDigestedData(digested, { engine: 'typescript' });
 * }
 * ```
 */
export function checkDigestedData(digested: DigestedData, options: CheckDigestedDataOptions = {}): boolean {
  const { engine } = options;
  const content = options.content === undefined ? digested.content : asBytes(options.content);
  if (content === undefined) {
    throw usage('the content is not inside the DigestedData; give `content`');
  }
  const name = parseDigestAlgorithm(digested.digestAlgorithm);
  return equalBytes(digest(name, content, engine === undefined ? {} : { engine }), digested.digest);
}
