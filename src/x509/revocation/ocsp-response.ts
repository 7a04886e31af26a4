import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { bitString, decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { decodePem } from '../../encoding/pem.js';
import { Certificate } from '../certificate/certificate.js';
import { type Extension, readExtensions } from '../certificate/extensions.js';
import { Name } from '../certificate/name.js';
import { type OcspSingleResponse, singleResponse } from './ocsp-single-response.js';

/** What a responder made of the request (RFC 6960 §4.2.1); all but `successful` carry no answer. */
export type OcspResponseStatus =
  | 'successful'
  | 'malformedRequest'
  | 'internalError'
  | 'tryLater'
  | 'sigRequired'
  | 'unauthorized';

/** The numbers of OCSPResponseStatus; 4 is not used. */
const statuses: readonly (OcspResponseStatus | undefined)[] = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  undefined,
  'sigRequired',
  'unauthorized',
];

/** Who signed a response: by name, or by the SHA-1 of the key's bits (RFC 6960 §4.2.1). */
export type OcspResponderId =
  | { readonly kind: 'byName'; readonly name: Name }
  | { readonly kind: 'byKey'; readonly keyHash: Bytes };

/** Extensions of OCSP (RFC 6960 §4.4), dotted. */
export const OcspExtensionOid = {
  nonce: '1.3.6.1.5.5.7.48.1.2',
  crlReferences: '1.3.6.1.5.5.7.48.1.3',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
} as const;

/** id-pkix-ocsp-basic (RFC 6960 §4.2.1), the one type of response in use. */
const basicResponse = '1.3.6.1.5.5.7.48.1.1';

/**
 * An OCSP response (RFC 6960 §4.2.1). Its frame is checked when it is made;
 * what is in it is decoded at first use and may throw then. Nothing says yet
 * that it is genuine: `findPath` checks who signed it.
 *
 * @throws MailsealError from its getters: `x509-malformed` or an `asn1-*` code where what
 * they read is damaged.
 * @example
 * ```ts
 * import { parseOcspResponse } from 'mailseal/x509';
 *
 * // What a responder sends that has no time: SEQUENCE { ENUMERATED tryLater }.
 * console.log(parseOcspResponse(new Uint8Array([0x30, 3, 0x0a, 1, 3])).status); // tryLater
 * ```
 */
export class OcspResponse {
  /** The encoded response, a view of what was parsed. */
  readonly bytes: Bytes;
  readonly status: OcspResponseStatus;
  private readonly basic: BasicFields | undefined;
  private readonly cache: {
    responses?: readonly OcspSingleResponse[];
    certificates?: readonly Certificate[];
    extensions?: readonly Extension[];
  } = {};

  /** @internal Made by {@link parseOcspResponse}. */
  constructor(node: BerNode) {
    const [status, wrapped, ...more] = sequenceOf(node, 'an OCSPResponse');
    if (status?.is(Tag.Enumerated) !== true || more.length > 0) throw unexpected(node, 'an OCSPResponse');
    this.bytes = node.bytes;
    this.status = statusOf(status);
    if (this.status === 'successful') {
      if (wrapped?.is(0xa0) !== true) throw malformed(node, 'it is successful and holds no answer');
      this.basic = basicFields(wrapped);
    } else this.basic = undefined;
  }

  /** The octets that the responder signed (ResponseData); `undefined` where there is no answer. */
  get tbsBytes(): Bytes | undefined {
    return this.basic?.tbs.bytes;
  }

  /** DER of the AlgorithmIdentifier of the signature. */
  get signatureAlgorithm(): Bytes | undefined {
    return this.basic?.signatureAlgorithm.bytes;
  }

  /** The responder's signature over {@link tbsBytes}. */
  get signature(): Bytes | undefined {
    return this.basic && bitString(this.basic.signature).octets;
  }

  /** Who signed it. */
  get responderId(): OcspResponderId | undefined {
    const node = this.basic?.responderId;
    const inner = node?.children[0];
    if (node === undefined || inner === undefined) return undefined;
    return node.is(0xa1)
      ? { kind: 'byName', name: new Name(inner) }
      : { kind: 'byKey', keyHash: octetString(inner, 'a KeyHash') };
  }

  /** When it was signed. */
  get producedAt(): Date | undefined {
    return this.basic && decodeTime(this.basic.producedAt);
  }

  /** What is said of each certificate; nothing where there is no answer. */
  get responses(): readonly OcspSingleResponse[] {
    this.cache.responses ??=
      this.basic === undefined ? [] : sequenceOf(this.basic.responses, 'responses').map(singleResponse);
    return this.cache.responses;
  }

  /** The extensions of the response as a whole. */
  get extensions(): readonly Extension[] {
    const node = this.basic?.extensions;
    this.cache.extensions ??= node === undefined ? [] : readExtensions(node);
    return this.cache.extensions;
  }

  /** The nonce that the responder repeated from the request (RFC 9654 §2.1), if there. */
  get nonce(): Bytes | undefined {
    const value = this.extensions.find(({ oid }) => oid === OcspExtensionOid.nonce)?.value;
    if (value === undefined) return undefined;
    // RFC 9654 §2.1 wants an OCTET STRING inside; responders of before RFC 6960 put the bare octets there.
    return value[0] === Tag.OctetString && value[1] === value.length - 2 ? value.subarray(2) : value;
  }

  /** The certificates sent along that can be read, the responder's among them. */
  get certificates(): readonly Certificate[] {
    this.cache.certificates ??= (this.basic?.certificates ?? []).flatMap((node) => {
      try {
        return [new Certificate(node)];
      } catch (error) {
        // One that is damaged must not hide an answer that another vouches for.
        if (error instanceof MailsealError) return [];
        throw error;
      }
    });
    return this.cache.certificates;
  }
}

/**
 * Reads an OCSP response: DER, as a responder sends it, or PEM (`OCSP RESPONSE`).
 *
 * @throws MailsealError `x509-malformed` when it is none or of a type that is
 * not in use, `pem-malformed`, or an `asn1-*` code.
 * @example
 * ```ts
 * import { parseOcspResponse } from 'mailseal/x509';
 *
 * const response = parseOcspResponse(new Uint8Array([0x30, 3, 0x0a, 1, 6]));
 * console.log(response.status, response.responses.length); // unauthorized 0
 * ```
 */
export function parseOcspResponse(octets: Uint8Array): OcspResponse {
  const bytes = asBytes(octets);
  if (bytes[0] === Tag.Sequence) return new OcspResponse(readBer(bytes));
  const block = decodePem(latin1FromBytes(bytes)).find(({ label }) => label === 'OCSP RESPONSE');
  if (block === undefined)
    throw new MailsealError('x509-malformed', 'there is no OCSP response in the input', { offset: 0 });
  return new OcspResponse(readBer(block.octets));
}

interface BasicFields {
  readonly tbs: BerNode;
  readonly responderId: BerNode;
  readonly producedAt: BerNode;
  readonly responses: BerNode;
  readonly extensions: BerNode | undefined;
  readonly signatureAlgorithm: BerNode;
  readonly signature: BerNode;
  readonly certificates: readonly BerNode[];
}

function statusOf(node: BerNode): OcspResponseStatus {
  const { content } = node;
  const status = content.length === 1 ? statuses[content[0]!] : undefined;
  if (status === undefined) throw malformed(node, 'its status is none that RFC 6960 has');
  return status;
}

/** Finds the fields of BasicOCSPResponse and ResponseData (RFC 6960 §4.2.1). */
function basicFields(wrapped: BerNode): BasicFields {
  const [type, response] = sequenceOf(wrapped.children[0] ?? wrapped, 'ResponseBytes');
  if (type === undefined || response === undefined) throw unexpected(wrapped, 'ResponseBytes');
  if (decodeOid(type) !== basicResponse)
    throw malformed(type, `its type is ${decodeOid(type)}, not the basic one`);
  const basic = readBer(octetString(response, 'a BasicOCSPResponse'));
  const [tbs, signatureAlgorithm, signature, certificates, ...more] = sequenceOf(
    basic,
    'a BasicOCSPResponse',
  );
  const isFrame = certificates === undefined || certificates.is(0xa0);
  if (tbs === undefined || signatureAlgorithm === undefined || signature === undefined)
    throw unexpected(basic, 'a BasicOCSPResponse');
  if (!isFrame || more.length > 0) throw unexpected(basic, 'a BasicOCSPResponse');
  const fields = [...sequenceOf(tbs, 'ResponseData')];
  const version = fields[0]?.is(0xa0) === true ? fields.shift() : undefined;
  // RFC 6960 §4.2.1: version 1 is the only one, and the default.
  if (version !== undefined && decodeInteger(version.children[0] ?? version) !== 0)
    throw malformed(version, 'it is of a version other than 1');
  const [responderId, producedAt, responses, extensions, ...others] = fields;
  if (responderId === undefined || producedAt === undefined || responses === undefined)
    throw unexpected(tbs, 'ResponseData');
  const isResponder = responderId.is(0xa1) || responderId.is(0xa2);
  const extensionsFit = extensions === undefined || (extensions.is(0xa1) && extensions.children.length === 1);
  if (!isResponder || responderId.children.length !== 1 || !extensionsFit || others.length > 0)
    throw unexpected(tbs, 'ResponseData');
  return {
    tbs,
    responderId,
    producedAt,
    responses,
    extensions: extensions?.children[0],
    signatureAlgorithm,
    signature,
    certificates:
      certificates === undefined
        ? []
        : sequenceOf(certificates.children[0] ?? certificates, 'certs of a BasicOCSPResponse'),
  };
}

function malformed(node: BerNode, what: string): MailsealError {
  return new MailsealError('x509-malformed', `the OCSP response cannot be right: ${what}`, {
    offset: node.start,
  });
}
