import { type BerNode, Tag } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import { decodeInteger, octetString, sequenceOf, setOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type CmsAttribute, readAttributes } from '../attributes.js';
import {
  type CmsLimitOptions,
  type CmsLimits,
  type ContentInfo,
  mostRecipients,
  parseContentInfo,
} from '../content-info.js';
import { ContentTypeOid, contentTypeName } from '../oids.js';
import { EncryptedContent } from './encrypted-content.js';
import { checkOriginator, type OriginatorInfo, readOriginatorInfo } from './originator-info.js';
import { type RecipientInfo, readRecipientInfo, recipientCount } from './recipient-info.js';

/** What EnvelopedData and AuthEnvelopedData have in common. */
export abstract class AnyEnvelopedData {
  /** As encoded; none is refused. */
  readonly version: number;
  /** What is encrypted, by which cipher. */
  readonly encryptedContent: EncryptedContent;
  /** For whom it is, in the order received; kinds that are not known here and what is damaged have the kind `other`. */
  readonly recipients: readonly RecipientInfo[];
  /** Octets after the structure that nothing in it covers. */
  readonly trailingOctets: number;
  /** @internal The element of the structure. */
  readonly node: BerNode;
  /** What follows encryptedContentInfo. */
  protected readonly rest: readonly BerNode[];
  private readonly originatorNode: BerNode | undefined;
  private originator: OriginatorInfo | undefined;

  constructor(node: BerNode, name: string, trailingOctets: number, limits: CmsLimits) {
    const [version, ...fields] = sequenceOf(node, name);
    const originator = fields[0]?.is(0xa0) === true ? fields.shift() : undefined;
    const [recipientInfos, encryptedContentInfo, ...rest] = fields;
    if (version === undefined || recipientInfos === undefined || encryptedContentInfo === undefined)
      throw unexpected(node, name);
    this.version = decodeInteger(version);
    this.node = node;
    checkOriginator(originator, limits);
    this.originatorNode = originator;
    this.originator = undefined;
    this.recipients = readRecipients(recipientInfos, limits.recipients ?? mostRecipients);
    this.encryptedContent = new EncryptedContent(encryptedContentInfo);
    this.rest = rest;
    this.trailingOctets = trailingOctets;
  }

  /** Dotted OID of the type of what is encrypted. Nothing vouches for it. */
  get contentType(): string {
    return this.encryptedContent.contentType;
  }

  /** Certificates and CRLs that the sender sent along. */
  get originatorInfo(): OriginatorInfo {
    this.originator ??= readOriginatorInfo(this.originatorNode);
    return this.originator;
  }
}

function readRecipients(node: BerNode, limit: number): RecipientInfo[] {
  const recipients: RecipientInfo[] = [];
  const nodes = setOf(node, 'RecipientInfos');
  let count = nodes.length;
  for (const each of nodes) {
    // Before the rest is read, so that an excess costs no more than the limit.
    if (count > limit) throw tooManyRecipients(count, limit);
    const recipient = readRecipientInfo(each);
    count += recipientCount(recipient) - 1;
    recipients.push(recipient);
  }
  if (count > limit) throw tooManyRecipients(count, limit);
  return recipients;
}

function tooManyRecipients(count: number, limit: number): MailsealError {
  return new MailsealError('limit-recipients', `at least ${count} recipients, the limit is ${limit}`);
}

/**
 * An EnvelopedData (RFC 5652 §6.1): content encrypted for recipients, and
 * nothing that shows whether it was changed. Its frame is checked when it is
 * made; the rest is decoded at first use.
 *
 * @throws MailsealError from its getters: `asn1-*` where what they read is damaged.
 * @example
 * ```ts
 * import { createEnvelopedData, EnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const p7m = await createEnvelopedData({
 *   content: new TextEncoder().encode('秘密'),
 *   recipients: [{ password: 'eight friendly herons wading' }],
 *   cipher: 'aes128-cbc',
 * });
 * const enveloped = parseEnvelopedData(p7m);
 * console.log(enveloped instanceof EnvelopedData, enveloped.version); // true 3
 * ```
 */
export class EnvelopedData extends AnyEnvelopedData {
  readonly kind = 'envelopedData';

  /** @internal Made by {@link parseEnvelopedData}. */
  constructor(node: BerNode, trailingOctets: number, limits: CmsLimits = {}) {
    super(node, 'an EnvelopedData', trailingOctets, limits);
  }

  /** Attributes that are neither encrypted nor protected. */
  get unprotectedAttributes(): readonly CmsAttribute[] {
    const node = this.rest.find((each) => each.is(0xa1));
    return node === undefined ? [] : readAttributes(node);
  }
}

/**
 * An AuthEnvelopedData (RFC 5083 §2): content encrypted for recipients under a
 * cipher that shows every change. It does not show who sent it. Decoded as
 * {@link EnvelopedData} is.
 *
 * @throws MailsealError from its getters: `asn1-*` where what they read is damaged.
 * @example
 * ```ts
 * import { AuthEnvelopedData, createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const p7m = await createEnvelopedData({
 *   content: new TextEncoder().encode('秘密'),
 *   recipients: [{ password: 'eight friendly herons wading' }],
 * });
 * const enveloped = parseEnvelopedData(p7m);
 * console.log(enveloped instanceof AuthEnvelopedData && enveloped.mac.length); // 16
 * ```
 */
export class AuthEnvelopedData extends AnyEnvelopedData {
  readonly kind = 'authEnvelopedData';
  private readonly authNode: BerNode | undefined;
  private readonly macNode: BerNode;
  private readonly unauthNode: BerNode | undefined;

  /** @internal Made by {@link parseEnvelopedData}. */
  constructor(node: BerNode, trailingOctets: number, limits: CmsLimits = {}) {
    super(node, 'an AuthEnvelopedData', trailingOctets, limits);
    const rest = [...this.rest];
    this.authNode = rest[0]?.is(0xa1) === true ? rest.shift() : undefined;
    const [mac, unauth] = rest;
    if (mac === undefined) throw unexpected(node, 'an AuthEnvelopedData with its mac');
    this.macNode = mac;
    this.unauthNode = unauth?.is(0xa2) === true ? unauth : undefined;
  }

  /** The tag over content and attributes. */
  get mac(): Bytes {
    return octetString(this.macNode, 'a MessageAuthenticationCode');
  }

  /** Attributes that the tag covers. */
  get authenticatedAttributes(): readonly CmsAttribute[] {
    return this.authNode === undefined ? [] : readAttributes(this.authNode);
  }

  /** Attributes that nothing covers. */
  get unauthenticatedAttributes(): readonly CmsAttribute[] {
    return this.unauthNode === undefined ? [] : readAttributes(this.unauthNode);
  }

  /** What the tag covers beside the content (RFC 5083 §2.2): the attributes in DER as a SET OF; nothing where there are none. */
  get additionalData(): Bytes {
    return this.authNode === undefined ? new Uint8Array(0) : toDer(this.authNode, { identifier: Tag.Set });
  }
}

/**
 * Reads an EnvelopedData or AuthEnvelopedData: the octets of a `smime.p7m`
 * file, DER, BER or PEM. Recipients that cannot be read are kept as such.
 *
 * @throws MailsealError `cms-wrong-type` when it is another type of CMS,
 * `cms-malformed` or an `asn1-*` code when it cannot be read,
 * `limit-recipients`, `limit-certificates`, `limit-revocation-infos`, `limit-depth`, `limit-nodes`.
 * @example
 * ```ts
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const kek = crypto.getRandomValues(new Uint8Array(32));
 * const p7m = await createEnvelopedData({
 *   content: new TextEncoder().encode('秘密'),
 *   recipients: [{ kek, id: new TextEncoder().encode('archive 2026') }],
 * });
 * const enveloped = parseEnvelopedData(p7m);
 * console.log(enveloped.kind, enveloped.recipients.map(({ kind }) => kind)); // authEnvelopedData [ 'kek' ]
 * ```
 */
export function parseEnvelopedData(
  octets: Uint8Array,
  options: CmsLimitOptions = {},
): EnvelopedData | AuthEnvelopedData {
  return envelopedDataOf(parseContentInfo(octets, options), options);
}

/** The EnvelopedData or AuthEnvelopedData of a ContentInfo that was read already; throws as {@link parseEnvelopedData}. */
export function envelopedDataOf(
  { content, contentType, trailingOctets }: ContentInfo,
  options: CmsLimitOptions = {},
): EnvelopedData | AuthEnvelopedData {
  switch (contentType) {
    case ContentTypeOid.envelopedData:
      return new EnvelopedData(content, trailingOctets, options.limits);
    case ContentTypeOid.authEnvelopedData:
      return new AuthEnvelopedData(content, trailingOctets, options.limits);
    default:
      throw new MailsealError(
        'cms-wrong-type',
        `envelopedData or authEnvelopedData is wanted, this is ${contentTypeName(contentType)}`,
      );
  }
}
