import { octetString } from '../../asn1/values.js';
import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { contentTypeAttribute, singleValue } from '../attributes.js';
import { AttributeOid, ContentTypeOid } from '../oids.js';
import type { SignedData } from '../signed/signed-data.js';
import type { SignerInfo } from '../signed/signer-info.js';
import type { SignerVerdict, VerifySignedDataOptions } from '../verify/verdict.js';
import { verifySignedData } from '../verify/verify.js';
import { type Receipt, receiptOf, signatureDigestOf } from './receipt.js';
import { receiptRequestAttribute } from './receipt-request.js';

/** What {@link checkReceipt} takes, beside what `verifySignedData` takes for the receipt's signature. */
export interface CheckReceiptOptions extends Omit<VerifySignedDataOptions, 'content'> {
  /** The SignedData that came as `smime-type=signed-receipt`. */
  readonly receipt: SignedData;
  /** The SignedData for which it should be, as the sender made it. */
  readonly original: SignedData;
}

/**
 * Why a receipt is not one for the message: it is none or damaged; it is for another signature;
 * nobody asked for it; it names another content or type; it does not show that the recipient
 * computed the digest that was signed.
 */
export type ReceiptProblem =
  | 'no-receipt'
  | 'other-signature'
  | 'not-requested'
  | 'other-content-identifier'
  | 'other-content-type'
  | 'signature-digest-missing'
  | 'signature-digest-differs';

/** What {@link checkReceipt} finds. */
export interface ReceiptReport {
  /** What the receipt says, where it can be read. */
  readonly receipt: Receipt | undefined;
  /** The signer of the original whose signature it names. */
  readonly originator: SignerInfo | undefined;
  /** Why it is no receipt for that message; none where it is. */
  readonly problems: readonly ReceiptProblem[];
  /** Whose signature the receipt has, and what that is worth: without a valid one nothing was receipted. */
  readonly signers: readonly SignerVerdict[];
}

/**
 * Checks a signed receipt against the message that it is for (RFC 2634 §2.6). It counts where
 * there are no problems, and a signer who is valid and trusted is one whom a receipt was wanted from.
 *
 * @throws MailsealError as `verifySignedData`.
 * @example
 * ```ts
 * import { checkReceipt, type SignedData } from 'mailseal/cms';
 * import type { Certificate } from 'mailseal/x509';
 *
 * async function hasRead(receipt: SignedData, original: SignedData, roots: Certificate[]): Promise<boolean> {
 *   const { problems, signers } = await checkReceipt({ receipt, original, roots, at: new Date('2027-01-01') });
 *   return problems.length === 0 && signers.some((each) => each.signature === 'valid' && each.trust === 'trusted');
 * }
 * ```
 */
export async function checkReceipt(options: CheckReceiptOptions): Promise<ReceiptReport> {
  const { receipt: signedData, original, ...verification } = options;
  const signers = await verifySignedData(signedData, verification);
  const found = new Set<ReceiptProblem>();
  const receipt = orUndefined(() => receiptOf(signedData));
  if (receipt === undefined) {
    return { receipt, originator: undefined, problems: ['no-receipt'], signers };
  }
  const originator = original.signers.find((each) => equalBytes(each.signature, receipt.originatorSignature));
  if (originator === undefined) return { receipt, originator, problems: ['other-signature'], signers };
  const request = orUndefined(() => receiptRequestAttribute(originator.signedAttributes));
  if (request === undefined) found.add('not-requested');
  else if (!equalBytes(request.contentIdentifier, receipt.contentIdentifier)) {
    found.add('other-content-identifier');
  }
  const contentType = orUndefined(() => contentTypeAttribute(originator.signedAttributes));
  if ((contentType ?? ContentTypeOid.data) !== receipt.contentType) found.add('other-content-type');
  for (const signer of signedData.signers) {
    const value = orUndefined(() => singleValue(signer.signedAttributes, AttributeOid.msgSigDigest));
    const given = value && orUndefined(() => octetString(value));
    if (given === undefined) found.add('signature-digest-missing');
    else if (!fitsSignature(given, originator, options)) found.add('signature-digest-differs');
  }
  return { receipt, originator, problems: [...found], signers };
}

/** Whether a digest is that of the signed attributes, in any of the forms that the signature may be over. */
function fitsSignature(given: Uint8Array, originator: SignerInfo, options: CheckReceiptOptions): boolean {
  for (const { form } of originator.signedAttributesForms()) {
    const wanted = orUndefined(() => signatureDigestOf(originator, form, options));
    if (wanted !== undefined && equalBytes(wanted, given)) return true;
  }
  return false;
}

/** What cannot be read or is not known counts as not there. */
function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MailsealError && error.code !== 'crypto-engine-unavailable') return undefined;
    throw error;
  }
}
