import { keyIdentifierOf } from '../../cms/certificate-identifier.js';
import { mlExpansionHistory } from '../../cms/ess/mail-list.js';
import type { AttributeInput, SigningKey } from '../../cms/sign/signing-key.js';
import { withEngine } from '../encrypt/encrypt-message.js';
import type { MessageSigning } from '../sign/sign-entity.js';
import type { ExplodeMessageOptions } from './list-options.js';
import type { OuterAttributes } from './outer-attributes.js';
import { unitedReceiptPolicy } from './receipt-policy.js';

/**
 * How the list signs: with the history, the list last in it (RFC 2634 §4.1), and what the outer signature said that its
 * own takes the place of. Each of several signers says the same.
 */
export function listSigning(outer: OuterAttributes, options: ExplodeMessageOptions): MessageSigning {
  const { sign, at } = options;
  const history = historyOf(outer, options);
  const signers = sign.signers.map((signer) => ({
    ...signer,
    signedAttributes: joined([history, ...(signer.signedAttributes ?? [])], outer.carried),
  }));
  return withEngine({ signingTime: at, ...sign, signers }, options);
}

function historyOf(
  { history, historyNode }: OuterAttributes,
  options: ExplodeMessageOptions,
): AttributeInput {
  const { sign, at, receipts, listIdentifier } = options;
  const policy = unitedReceiptPolicy(history.at(-1)?.receipts, receipts);
  const own = {
    list: listIdentifier ?? namedAs(sign.signers[0]!),
    time: at,
    ...(policy === undefined ? {} : { receipts: policy }),
  };
  return mlExpansionHistory(own, historyNode);
}

/** The history names the list as its signature does. */
function namedAs({
  certificate,
  identifier,
}: SigningKey): NonNullable<ExplodeMessageOptions['listIdentifier']> {
  return identifier === 'ski' ? keyIdentifierOf(certificate) : certificate;
}

function joined(
  own: readonly AttributeInput[],
  carried: readonly AttributeInput[],
): readonly AttributeInput[] {
  const types = new Set(own.map(({ type }) => type));
  return [...own, ...carried.filter(({ type }) => !types.has(type))];
}
