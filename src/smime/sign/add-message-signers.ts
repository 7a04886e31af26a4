import { addSigners } from '../../cms/sign/add-signers.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import { detachedParts, isCmsPart } from '../cms-part.js';
import { multipartSigned, pkcs7Mime } from '../entity/sealed-entity.js';
import { outerHeader, splitMessage } from '../entity/split-message.js';
import { micalgOf } from './micalg.js';
import { type MessageSigning, withDefaults } from './sign-entity.js';

/** What {@link addMessageSigners} takes beside the message. */
export type AddMessageSignersOptions = Pick<
  MessageSigning,
  'signers' | 'signingTime' | 'engine' | 'random' | 'signal'
>;

/**
 * Adds signatures to a signed message, over the same content. Those that are
 * there stay, octet for octet, and are not verified: `verifyMessage` does that.
 *
 * @param message the octets, or what `parseMessage` gave: a multipart/signed whose signature is the second of two
 * parts, or an application/pkcs7-mime with a SignedData
 * @throws MailsealError `usage` for a message that is not signed so; codes of `addSigners`; limits of `parseMessage`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { addMessageSigners, verifyMessage } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const both = await addMessageSigners(readFileSync('test/vectors/demo/signed.eml'), {
 *   signers: [{ certificate: certificate!, privateKey }],
 * });
 * const roots = parseCertificates(readFileSync('test/vectors/demo/root.crt.pem'));
 * const report = await verifyMessage(both, { roots, at: new Date('2027-01-01') });
 * console.log(report.seals[0]?.signers.map(({ signature }) => signature)); // [ 'valid', 'valid' ]
 * ```
 */
export async function addMessageSigners(
  message: Uint8Array | Part,
  options: AddMessageSignersOptions,
): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const split = splitMessage(message);
  const { signingTime, signers, ...others } = options;
  if (!Array.isArray(signers)) throw usage('`signers` must be an array of signing keys');
  const signing = { ...others, signers: signers.map((signer) => withDefaults(signer, signingTime)) };
  const { content } = split;
  const detached = detachedParts(content);
  if (detached?.alone === true) {
    const { signed, signature } = detached;
    // RFC 8551 §3.1.1: binary content is signed as it stands, all other with CRLF.
    const entity = signed.transferEncoding === 'binary' ? signed.bytes : canonicalLineEnds(signed.bytes);
    const added = await addSigners(signature.content(), { ...signing, content: entity });
    return multipartSigned(outerHeader(split), entity, added, micalgOf(added), options.random);
  }
  if (!isCmsPart(content)) {
    throw usage(
      'the message as a whole is not signed, so that no signature can be added: `signMessage` signs it',
    );
  }
  const added = await addSigners(content.content(), signing);
  return pkcs7Mime(outerHeader(split), 'signed-data', added);
}
