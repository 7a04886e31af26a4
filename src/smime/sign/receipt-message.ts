import { type CreateReceiptOptions, createReceipt } from '../../cms/ess/receipt.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';
import { pkcs7Mime } from '../entity/sealed-entity.js';
import { outerHeader, splitMessage, withVersion } from '../entity/split-message.js';
import type { Seal } from '../verify/report.js';

/** What {@link receiptMessage} takes. */
export interface ReceiptMessageOptions extends Omit<CreateReceiptOptions, 'verdicts'> {
  /** The seal of the message whose signers ask for a receipt, as `verifyMessage` or `openMessage` reports it. */
  readonly seal: Seal;
  /** A message whose header fields stand above the receipt; its content is left out. Default: no fields. */
  readonly message?: Uint8Array | Part;
}

/**
 * A message that is a signed receipt (RFC 2634 §2.4): an
 * application/pkcs7-mime with `smime-type=signed-receipt`. It is sent to whom
 * the request names in `receiptsTo`, not to whoever stands in From.
 *
 * @throws MailsealError codes of `createReceipt`, `usage` where no valid signature asks for a receipt; limits of
 * `parseMessage`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { receiptRequest } from 'mailseal/cms';
 * import { parseMessage } from 'mailseal/mime';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { receiptMessage, signMessage, verifyMessage } from 'mailseal/smime';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), { password: '花子の合言葉' });
 * const { privateKey, certificate } = keys[0]!;
 * const signer = { certificate: certificate!, privateKey };
 * const request = receiptRequest({
 *   contentIdentifier: new Uint8Array([1, 2, 3]),
 *   from: 'all',
 *   to: [[{ kind: 'rfc822Name', value: 'hanako@example.jp' }]],
 * });
 * const message = new TextEncoder().encode('From: hanako@example.jp\r\n\r\nAt nine.\r\n');
 * const signed = await signMessage(message, { signers: [{ ...signer, signedAttributes: [request] }] });
 *
 * // The recipient, who has a key of his own.
 * const { seals } = await verifyMessage(signed, { at: new Date('2027-01-01') });
 * const receipt = await receiptMessage({
 *   seal: seals[0]!,
 *   signer,
 *   message: new TextEncoder().encode('To: hanako@example.jp\r\nSubject: Receipt\r\n\r\n'),
 * });
 * console.log(parseMessage(receipt).contentType.parameters.get('smime-type')); // signed-receipt
 * ```
 */
export async function receiptMessage(options: ReceiptMessageOptions): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const { message, seal, ...rest } = options;
  if (!Array.isArray(seal?.signers)) throw usage('`seal` is wanted: that of the message, out of its report');
  const header = message === undefined ? withVersion('', false) : outerHeader(splitMessage(message));
  // Reasons of a seal speak of more than those of a signature do; a receipt asks for none of them.
  const verdicts = seal.signers.map((signer) => ({ ...signer, reasons: [] }));
  return pkcs7Mime(header, 'signed-receipt', await createReceipt({ ...rest, verdicts }));
}
