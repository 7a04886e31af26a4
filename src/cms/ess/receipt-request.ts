import type { BerNode } from '../../asn1/reader.js';
import { octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { der, derOctetString, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { type CmsAttribute, singleValue } from '../attributes.js';
import { AttributeOid } from '../oids.js';
import type { AttributeInput } from '../sign/signing-key.js';
import { encodeGeneralNamesList, type GeneralNames, readGeneralNamesList } from './general-names.js';

/** What a sender asks for who wants signed receipts (RFC 2634 §2.7). */
export interface ReceiptRequest {
  /** What the sender calls the content; it comes back in the receipt. */
  readonly contentIdentifier: Bytes;
  /** From whom: everybody, those to whom no mailing list passed it on, or who is named. */
  readonly from: 'all' | 'first-tier' | readonly GeneralNames[];
  /** To whom receipts go, 1 to 16. */
  readonly to: readonly GeneralNames[];
}

/** ub-receiptsTo of RFC 2634 §2.7. */
const mostReceivers = 16;

/**
 * The receiptRequest attribute (RFC 2634 §2.7): that the signer wants a signed
 * receipt; `undefined` where there is none. Only that of a signature that was verified counts (§2.3).
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, receiptRequestAttribute } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && receiptRequestAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function receiptRequestAttribute(attributes: readonly CmsAttribute[]): ReceiptRequest | undefined {
  const value = singleValue(attributes, AttributeOid.receiptRequest);
  if (value === undefined) return undefined;
  const [identifier, from, to] = sequenceOf(value, 'a ReceiptRequest');
  if (identifier === undefined || from === undefined || to === undefined) {
    throw unexpected(value, 'a ReceiptRequest');
  }
  sequenceOf(to, 'receiptsTo');
  const receivers = readGeneralNamesList(to);
  if (receivers.length === 0 || receivers.length > mostReceivers) {
    throw new MailsealError(
      'cms-malformed',
      `receipts go to 1 to ${mostReceivers}, not ${receivers.length}`,
      {
        offset: to.start,
      },
    );
  }
  return { contentIdentifier: octetString(identifier), from: receiptsFrom(from), to: receivers };
}

/** ReceiptsFrom: a number under [0], or names under [1]. */
function receiptsFrom(node: BerNode): ReceiptRequest['from'] {
  if (node.is(0xa1)) return readGeneralNamesList(node);
  const { content } = node;
  if (node.is(0x80) && content.length === 1 && content[0]! <= 1) {
    return content[0] === 0 ? 'all' : 'first-tier';
  }
  throw unexpected(node, 'ReceiptsFrom');
}

/**
 * The receiptRequest attribute for `signedAttributes` of a `SigningKey`. It
 * belongs into the innermost signature (RFC 2634 §1.3.4), equal for all signers (§2.2.1).
 *
 * @throws MailsealError `usage` for an empty identifier, and for names that are none.
 * @example
 * ```ts
 * import { receiptRequest } from 'mailseal/cms';
 *
 * const { type, values } = receiptRequest({
 *   contentIdentifier: crypto.getRandomValues(new Uint8Array(16)),
 *   from: 'all',
 *   to: [[{ kind: 'rfc822Name', value: 'hanako@example.jp' }]],
 * });
 * console.log(type, values.length); // 1.2.840.113549.1.9.16.2.1 1
 * ```
 */
export function receiptRequest(request: {
  /** One octet at least; no other message of the sender may have it. */
  readonly contentIdentifier: Uint8Array;
  readonly from: ReceiptRequest['from'];
  readonly to: ReceiptRequest['to'];
}): AttributeInput {
  const { contentIdentifier, from, to } = request;
  const identifier = asBytes(contentIdentifier);
  if (identifier.length === 0) throw usage('the contentIdentifier has no octets');
  if (!Array.isArray(to) || to.length === 0 || to.length > mostReceivers) {
    throw usage(`receipts go \`to\` 1 to ${mostReceivers}`);
  }
  const value = derSequence(derOctetString(identifier), encodeFrom(from), encodeGeneralNamesList(to));
  return { type: AttributeOid.receiptRequest, values: [value] };
}

function encodeFrom(from: ReceiptRequest['from']): Bytes {
  if (from === 'all') return der(0x80, Uint8Array.of(0));
  if (from === 'first-tier') return der(0x80, Uint8Array.of(1));
  return encodeGeneralNamesList(from, 0xa1);
}
