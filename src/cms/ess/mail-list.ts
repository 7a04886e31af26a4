import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { der, derGeneralizedTime, derOctetString, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import { type CmsAttribute, singleValue } from '../attributes.js';
import {
  type CertificateIdentifier,
  issuerAndSerialNumber,
  readCertificateIdentifier,
} from '../certificate-identifier.js';
import { AttributeOid } from '../oids.js';
import type { AttributeInput } from '../sign/signing-key.js';
import { encodeGeneralNamesList, type GeneralNames, readGeneralNamesList } from './general-names.js';

/** Who gets receipts for what a mailing list passes on: nobody, others instead of the sender, or others as well. */
export type MailListReceiptPolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'instead-of' | 'in-addition-to'; readonly to: readonly GeneralNames[] };

/** MLData (RFC 2634 §4.4): one mailing list that passed the message on. */
export interface MailListExpansion {
  /** The list's certificate. */
  readonly list: CertificateIdentifier;
  readonly time: Date;
  readonly receipts?: MailListReceiptPolicy;
}

/** ub-ml-expansion-history of RFC 2634 §4.4. */
const mostExpansions = 64;

/**
 * The mlExpansionHistory attribute (RFC 2634 §4.4): the mailing lists that passed the message on, the
 * first one first; `undefined` where there is none. Only that of a signature that was verified
 * counts (§4.1).
 *
 * @throws MailsealError `cms-malformed` where it stands twice, has several values or more than 64 lists, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { mlExpansionHistoryAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && mlExpansionHistoryAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function mlExpansionHistoryAttribute(
  attributes: readonly CmsAttribute[],
): MailListExpansion[] | undefined {
  const value = singleValue(attributes, AttributeOid.mlExpansionHistory);
  if (value === undefined) return undefined;
  const elements = sequenceOf(value, 'an MLExpansionHistory');
  if (elements.length === 0 || elements.length > mostExpansions) {
    throw new MailsealError('cms-malformed', `a history has 1 to 64 mailing lists, not ${elements.length}`, {
      offset: value.start,
    });
  }
  return elements.map(readExpansion);
}

function readExpansion(node: BerNode): MailListExpansion {
  const [identifier, time, policy] = sequenceOf(node, 'an MLData');
  if (identifier === undefined || time === undefined) throw unexpected(node, 'an MLData');
  // EntityIdentifier: the key identifier has no tag of its own here.
  const list: CertificateIdentifier =
    (identifier.identifier & 0xdf) === Tag.OctetString
      ? { kind: 'subjectKeyIdentifier', keyIdentifier: octetString(identifier) }
      : readCertificateIdentifier(identifier);
  const expansion = { list, time: decodeTime(time) };
  return policy === undefined ? expansion : { ...expansion, receipts: readPolicy(policy) };
}

function readPolicy(node: BerNode): MailListReceiptPolicy {
  if (node.is(0x80)) return { kind: 'none' };
  if (node.is(0xa1)) return { kind: 'instead-of', to: readGeneralNamesList(node) };
  if (node.is(0xa2)) return { kind: 'in-addition-to', to: readGeneralNamesList(node) };
  throw unexpected(node, 'an MLReceiptPolicy');
}

/** An expansion to be written. */
export interface MailListExpansionInput {
  /** The list's certificate, or the key identifier in it. */
  readonly list: Certificate | Uint8Array;
  readonly time: Date;
  readonly receipts?: MailListReceiptPolicy;
}

/**
 * The mlExpansionHistory attribute for `signedAttributes` of a `SigningKey`, in the outermost
 * signature (RFC 2634 §1.3.4): a list appends itself to what it received (§4.1).
 *
 * @param earlier the attribute's value as it was received, DER; its records are kept octet for octet
 * @throws MailsealError `usage` for a time that is none, and for more than 64 lists.
 * @example
 * ```ts
 * import { mlExpansionHistory } from 'mailseal/cms';
 *
 * const attribute = mlExpansionHistory({ list: new Uint8Array(20), time: new Date('2026-11-22T00:00:00Z') });
 * console.log(attribute.type); // 1.2.840.113549.1.9.16.2.3
 * ```
 */
export function mlExpansionHistory(added: MailListExpansionInput, earlier?: BerNode): AttributeInput {
  const records = earlier === undefined ? [] : sequenceOf(earlier).map(({ bytes }) => bytes);
  if (records.length >= mostExpansions) {
    throw usage('the message went through 64 mailing lists already');
  }
  return { type: AttributeOid.mlExpansionHistory, values: [derSequence(...records, encodeExpansion(added))] };
}

function encodeExpansion({ list, time, receipts }: MailListExpansionInput): Bytes {
  if (!(list instanceof Uint8Array || isCertificate(list)))
    throw usage('the list is named by its certificate, or by the octets of a key identifier');
  const identifier = list instanceof Uint8Array ? derOctetString(asBytes(list)) : issuerAndSerialNumber(list);
  if (!(time instanceof Date)) throw usage('`time` has to be a Date');
  const policy = receipts === undefined ? [] : [encodePolicy(receipts)];
  // RFC 2634 §4.4 has GeneralizedTime for all years.
  return derSequence(identifier, derGeneralizedTime(time), ...policy);
}

function encodePolicy(policy: MailListReceiptPolicy): Bytes {
  switch (policy?.kind) {
    case 'none':
      return der(0x80);
    case 'instead-of':
      return encodeGeneralNamesList(policy.to, 0xa1);
    case 'in-addition-to':
      return encodeGeneralNamesList(policy.to, 0xa2);
    default:
      throw usage('receipts are none, instead-of or in-addition-to');
  }
}
