import { decodeOid } from '../../asn1/oid.js';
import { readBer } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derInteger, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import { contentTypeAttribute, singleValue } from '../attributes.js';
import { AttributeOid, ContentTypeOid } from '../oids.js';
import { createSignedData } from '../sign/create-signed-data.js';
import type { SigningKey, SignOptions } from '../sign/signing-key.js';
import type { SignedData } from '../signed/signed-data.js';
import type { SignerInfo } from '../signed/signer-info.js';
import type { SignerVerdict } from '../verify/verdict.js';
import { type ReceiptRequest, receiptRequestAttribute } from './receipt-request.js';

/** A Receipt (RFC 2634 §2.8): for which signature it is. */
export interface Receipt {
  /** Dotted OID of what the content was. */
  readonly contentType: string;
  readonly contentIdentifier: Bytes;
  /** The very signature that asked for the receipt. */
  readonly originatorSignature: Bytes;
}

/** ESSVersion v1. */
const receiptVersion = 1;

/**
 * The Receipt in a SignedData that is a signed receipt (RFC 2634 §2.8); `undefined`
 * for one of other content. Whether it is genuine `checkReceipt` says.
 *
 * @throws MailsealError `cms-malformed`, an `asn1-*` code where it is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, receiptOf } from 'mailseal/cms';
 *
 * console.log(receiptOf(parseSignedData(readFileSync('test/vectors/demo/smime.p7s')))); // undefined
 * ```
 */
export function receiptOf(signedData: SignedData): Receipt | undefined {
  if (signedData.eContentType !== ContentTypeOid.receipt) return undefined;
  const { content } = signedData;
  if (content === undefined) {
    throw new MailsealError('cms-malformed', 'a signed receipt has its content inside (RFC 2634 §2.4)');
  }
  const node = readBer(content);
  const [version, contentType, identifier, signature] = sequenceOf(node, 'a Receipt');
  if (version === undefined || contentType === undefined || identifier === undefined) {
    throw unexpected(node, 'a Receipt');
  }
  if (signature === undefined || decodeInteger(version) !== receiptVersion)
    throw unexpected(node, 'a Receipt of version 1');
  return {
    contentType: decodeOid(contentType),
    contentIdentifier: octetString(identifier),
    originatorSignature: octetString(signature),
  };
}

/** A signature that was verified and asks for a receipt. */
export interface RequestedReceipt {
  readonly verdict: SignerVerdict;
  readonly request: ReceiptRequest;
}

/**
 * The receipt that a message asks for, of the first signer whose signature is
 * valid over content that is intact (RFC 2634 §2.3); `undefined` where none asks. To
 * whom and whether to answer is the caller's choice: whoever answers tells that he has read.
 *
 * @throws MailsealError `cms-malformed` where valid signatures ask for different receipts, of
 * which none may be given then; as `receiptRequestAttribute`.
 * @example
 * ```ts
 * import { requestedReceipt, type SignerVerdict } from 'mailseal/cms';
 *
 * const verdicts: SignerVerdict[] = [];
 * console.log(requestedReceipt(verdicts)); // undefined
 * ```
 */
export function requestedReceipt(verdicts: readonly SignerVerdict[]): RequestedReceipt | undefined {
  let found: RequestedReceipt | undefined;
  let octets: Bytes | undefined;
  for (const verdict of verdicts) {
    // RFC 2634 §2.3: nothing that is not verified is processed.
    if (verdict.signature !== 'valid' || verdict.content !== 'intact') continue;
    const value = singleValue(verdict.signer.signedAttributes, AttributeOid.receiptRequest);
    if (value === undefined) continue;
    if (octets !== undefined && !equalBytes(octets, value.bytes)) {
      throw new MailsealError(
        'cms-malformed',
        'the signers ask for different receipts: none is given (RFC 2634 §2.3)',
      );
    }
    octets ??= value.bytes;
    found ??= { verdict, request: receiptRequestAttribute(verdict.signer.signedAttributes)! };
  }
  return found;
}

/** What {@link createReceipt} takes. */
export interface CreateReceiptOptions extends SignOptions {
  /** What `verifySignedData` said about the message: only what was verified is receipted. */
  readonly verdicts: readonly SignerVerdict[];
  /** Who signs the receipt: the recipient of the message. */
  readonly signer: SigningKey;
}

/**
 * Makes a signed receipt (RFC 2634 §2.4): the DER of a ContentInfo with a
 * SignedData, which goes, without an entity around it, as `smime-type=signed-receipt` to whom the request names.
 *
 * @throws MailsealError `usage` where no valid signature asks for a receipt; as `requestedReceipt` and `createSignedData`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { checkReceipt, createReceipt, createSignedData, parseSignedData, receiptRequest, verifySignedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), { password: '花子の合言葉' });
 * const { privateKey, certificate } = keys[0]!;
 * const at = new Date('2027-01-01');
 * const request = receiptRequest({
 *   contentIdentifier: new Uint8Array([1, 2, 3]),
 *   from: 'all',
 *   to: [[{ kind: 'rfc822Name', value: 'hanako@example.jp' }]],
 * });
 * const signer = { certificate: certificate!, privateKey };
 * const original = parseSignedData(
 *   await createSignedData({ content: new Uint8Array(3), signers: [{ ...signer, signedAttributes: [request] }] }),
 * );
 *
 * // The recipient, who has a key of his own.
 * const verdicts = await verifySignedData(original, { at });
 * const receipt = parseSignedData(await createReceipt({ verdicts, signer }));
 *
 * // The sender, who kept what he sent.
 * const { problems, signers } = await checkReceipt({ receipt, original, at });
 * console.log(problems, signers[0]?.signature); // [] valid
 * ```
 */
export async function createReceipt(options: CreateReceiptOptions): Promise<Bytes> {
  const { verdicts, signer: key, ...rest } = options;
  const found = requestedReceipt(verdicts);
  if (found === undefined) {
    throw usage('no valid signature over intact content asks for a receipt');
  }
  const { signer, attributesForm } = found.verdict;
  const receipt = derSequence(
    derInteger(receiptVersion),
    derOid(contentTypeAttribute(signer.signedAttributes) ?? ContentTypeOid.data),
    derOctetString(found.request.contentIdentifier),
    derOctetString(signer.signature),
  );
  const signatureDigest = {
    type: AttributeOid.msgSigDigest,
    values: [derOctetString(signatureDigestOf(signer, attributesForm, rest))],
  };
  return createSignedData({
    ...rest,
    content: receipt,
    contentType: ContentTypeOid.receipt,
    signers: [{ ...key, signedAttributes: [...(key.signedAttributes ?? []), signatureDigest] }],
  });
}

/** The digest that a signer's signature is over, which the receipt gives back (RFC 2634 §2.10). */
export function signatureDigestOf(
  signer: SignerInfo,
  attributesForm: SignerVerdict['attributesForm'],
  { engine }: EngineOptions,
): Bytes {
  for (const { form, octets } of signer.signedAttributesForms()) {
    if (form !== (attributesForm ?? 'der')) continue;
    const name = parseDigestAlgorithm(signer.digestAlgorithm);
    return digest(name, octets, engine === undefined ? {} : { engine });
  }
  throw usage('the signer has no signed attributes, and so asks for no receipt');
}
