import type { CmsAttribute } from '../../cms/attributes.js';
import {
  type ContentHints,
  type ContentReference,
  contentHintsAttribute,
  contentIdentifierAttribute,
  contentReferenceAttribute,
} from '../../cms/ess/content-attributes.js';
import { type MailListExpansion, mlExpansionHistoryAttribute } from '../../cms/ess/mail-list.js';
import { type Receipt, receiptOf } from '../../cms/ess/receipt.js';
import { type ReceiptRequest, receiptRequestAttribute } from '../../cms/ess/receipt-request.js';
import {
  equivalentLabelsAttribute,
  type SecurityLabel,
  securityLabelAttribute,
} from '../../cms/ess/security-label.js';
import { AttributeOid } from '../../cms/oids.js';
import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import { attempt } from '../verify/find-seals.js';
import type { Seal, SealSigner } from '../verify/report.js';
import { isVerified, type VerificationPolicy } from '../verify/verify-seal.js';

/** What one signer says by the enhanced security services (RFC 2634), where he says anything. */
export interface EnhancedServices {
  readonly seal: Seal;
  readonly signer: SealSigner;
  /**
   * Whether his signature is good, and his certificate trusted: without that nothing of it counts (RFC 2634 §2.3,
   * §3.1.1, §4.1). He need not be the sender: a mailing list signs, too.
   */
  readonly counts: boolean;
  /** That he wants signed receipts; it belongs to the innermost signature only (RFC 2634 §1.3.4). */
  readonly receiptRequest?: ReceiptRequest;
  /** What is sealed is a signed receipt, and no mail; `checkReceipt` holds it against what it is for. */
  readonly receipt?: Receipt;
  readonly securityLabel?: SecurityLabel;
  readonly equivalentLabels?: readonly SecurityLabel[];
  /** The mailing lists that passed the message on, the first one first; it belongs to the outermost signature only. */
  readonly mlExpansionHistory?: readonly MailListExpansion[];
  readonly contentHints?: ContentHints;
  readonly contentIdentifier?: Bytes;
  readonly contentReference?: ContentReference;
  /** Why something of it cannot be read; the first one. */
  readonly error: MailsealError | undefined;
}

const readers = {
  receiptRequest: [AttributeOid.receiptRequest, receiptRequestAttribute],
  securityLabel: [AttributeOid.securityLabel, securityLabelAttribute],
  equivalentLabels: [AttributeOid.equivalentLabels, equivalentLabelsAttribute],
  mlExpansionHistory: [AttributeOid.mlExpansionHistory, mlExpansionHistoryAttribute],
  contentHints: [AttributeOid.contentHints, contentHintsAttribute],
  contentIdentifier: [AttributeOid.contentIdentifier, contentIdentifierAttribute],
  contentReference: [AttributeOid.contentReference, contentReferenceAttribute],
} as const;

/** Reads what the signers of all seals say, outermost seal first; those who say nothing are left out. */
export function enhancedServices(seals: readonly Seal[], policy: VerificationPolicy): EnhancedServices[] {
  return seals.flatMap((seal) => {
    const receipt = seal.signedData === undefined ? undefined : attempt(() => receiptOf(seal.signedData!));
    return seal.signers.flatMap((signer) => {
      const found = servicesOf(signer, receipt);
      return found === undefined ? [] : [{ seal, signer, counts: isVerified(signer, policy), ...found }];
    });
  });
}

type Said = Omit<EnhancedServices, 'seal' | 'signer' | 'counts'>;

function servicesOf(signer: SealSigner, receipt: Receipt | MailsealError | undefined): Said | undefined {
  const attributes: readonly CmsAttribute[] | MailsealError = attempt(() => signer.signer.signedAttributes);
  // The verdict tells that they cannot be read.
  if (!Array.isArray(attributes)) return undefined;
  const types = new Set((attributes as readonly CmsAttribute[]).map(({ type }) => type));
  const said: Record<string, unknown> = {};
  let error: MailsealError | undefined;
  const put = (name: string, value: unknown): void => {
    if (value instanceof Error) error ??= value as MailsealError;
    else if (value !== undefined) said[name] = value;
  };
  put('receipt', receipt);
  for (const [name, [type, read]] of Object.entries(readers)) {
    if (types.has(type))
      put(
        name,
        attempt<unknown>(() => read(attributes as readonly CmsAttribute[])),
      );
  }
  return error === undefined && Object.keys(said).length === 0 ? undefined : ({ ...said, error } as Said);
}
