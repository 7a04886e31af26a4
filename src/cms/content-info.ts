import { decodeOid } from '../asn1/oid.js';
import { type BerLimits, type BerNode, readBer, Tag } from '../asn1/reader.js';
import { asBytes, type Bytes, latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { decodePem } from '../encoding/pem.js';
import { ContentTypeOid, contentTypeName } from './oids.js';

/** The outermost structure of CMS (RFC 5652 §3): a type and what it is of. */
export interface ContentInfo {
  /** Dotted OID; `contentTypeName` gives the word. */
  readonly contentType: string;
  /** The content's element, the explicit [0] taken off. */
  readonly content: BerNode;
  /** Octets that follow the structure; nothing in it covers them. */
  readonly trailingOctets: number;
}

/** Bounds on reading CMS. */
export interface CmsLimits extends BerLimits {
  /** SignerInfos in one SignedData; default 64. One more is `limit-signers`. */
  readonly signers?: number;
  /** Certificates in one SignedData or EnvelopedData; default 1,000. One more is `limit-certificates`. */
  readonly certificates?: number;
  /** CRLs and OCSP responses in one SignedData or EnvelopedData; default 1,000. One more is `limit-revocation-infos`. */
  readonly revocationInfos?: number;
  /** Recipients of one EnvelopedData, each key of a key agreement being one; default 10,000. One more is `limit-recipients`. */
  readonly recipients?: number;
}

/** {@link CmsLimits.recipients} where nothing else is said. */
export const mostRecipients = 10_000;

/** The option that functions which read CMS take. */
export interface CmsLimitOptions {
  readonly limits?: CmsLimits;
}

/**
 * Reads the ContentInfo of a CMS object: BER, DER, or PEM (RFC 7468 §8, §9).
 *
 * @throws MailsealError `cms-malformed` when it is no ContentInfo, `pem-malformed`,
 * an `asn1-*` code or a limit where it cannot be read.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { contentTypeName, parseContentInfo } from 'mailseal/cms';
 *
 * const { contentType } = parseContentInfo(readFileSync('test/vectors/demo/smime.p7s'));
 * console.log(contentTypeName(contentType)); // signedData
 * ```
 */
export function parseContentInfo(octets: Uint8Array, options: CmsLimitOptions = {}): ContentInfo {
  const bytes = unwrapPem(octets);
  const node = readBer(bytes, {
    allowTrailing: true,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  if (!node.is(Tag.Sequence)) throw notContentInfo();
  const [type, wrapped] = node.children;
  if (type?.is(Tag.ObjectIdentifier) !== true || wrapped?.is(0xa0) !== true) throw notContentInfo();
  const content = wrapped.children[0];
  if (content === undefined) throw notContentInfo();
  return { contentType: decodeOid(type), content, trailingOctets: bytes.length - node.end };
}

const pemStart = /^\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----/;

/** First octets of a file by which PEM is told. */
export const octetsToTellPem = 200;

/** Whether octets that are a CMS object begin as one in PEM does. */
export function isPem(octets: Bytes): boolean {
  if (octets[0] === Tag.Sequence) return false;
  return pemStart.test(latin1FromBytes(octets, 0, Math.min(octets.length, octetsToTellPem)));
}

function unwrapPem(octets: Uint8Array): Uint8Array {
  const bytes = asBytes(octets);
  if (!isPem(bytes)) return bytes;
  const [block] = decodePem(bytes);
  if (block === undefined) throw notContentInfo();
  return block.octets;
}

/** The refusal of octets that are no CMS object. */
export function notContentInfo(): MailsealError {
  return new MailsealError('cms-malformed', 'this is not a CMS object: no ContentInfo stands at its start', {
    offset: 0,
  });
}

/** @throws MailsealError `cms-wrong-type` unless it is of that type. */
export function checkType({ contentType }: ContentInfo, wanted: keyof typeof ContentTypeOid): void {
  if (contentType === ContentTypeOid[wanted]) return;
  throw new MailsealError('cms-wrong-type', `${wanted} is wanted, this is ${contentTypeName(contentType)}`);
}
