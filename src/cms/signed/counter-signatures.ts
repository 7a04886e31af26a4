import type { BerNode } from '../../asn1/reader.js';
import { AttributeOid } from '../oids.js';
import { SignerInfo } from './signer-info.js';

/**
 * The counter-signatures of a signer (RFC 5652 §11.4): signatures over his
 * signature value, each of which may have some of its own. Anybody may have
 * added them; `verifySignedData` verifies them.
 *
 * @throws MailsealError an `asn1-*` code where one or the unsigned attributes are damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { counterSignatures, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && counterSignatures(signer).length); // 0
 * ```
 */
export function counterSignatures(signer: SignerInfo): SignerInfo[] {
  return counterSignatureNodes(signer).map((node) => new SignerInfo(node));
}

/** The elements of counter-signatures; RFC 5652 §11.4 lets the attribute stand several times and have several values. */
export function counterSignatureNodes(signer: SignerInfo): BerNode[] {
  return signer.unsignedAttributes.flatMap(({ type, values }) =>
    type === AttributeOid.counterSignature ? values : [],
  );
}
