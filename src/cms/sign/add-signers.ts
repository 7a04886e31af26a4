import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { CmsLimitOptions } from '../content-info.js';
import { parseSignedData, SignedData } from '../signed/signed-data.js';
import { partsOf, writeSignedData } from './signed-data-parts.js';
import type { SigningKey, SignOptions } from './signing-key.js';
import { writeSigners } from './write-signer.js';

/** What {@link addSigners} takes beside the SignedData. */
export interface AddSignersOptions extends SignOptions, CmsLimitOptions {
  /** The content of a detached signature, in the form that was signed. Default: what is embedded. */
  readonly content?: Uint8Array;
  /** Who signs, too; one at least. */
  readonly signers: readonly SigningKey[];
}

/**
 * Adds signatures to a SignedData. The signatures that are there stay, octet
 * for octet, and are not verified: `verifySignedData` does that. In what they
 * cover the new ones are their equals; `counterSign` signs a signature.
 *
 * @param signedData the octets of the ContentInfo (BER, DER or PEM), or what `parseSignedData` made of them
 * @returns the new ContentInfo; what was not in DER before is not in DER after.
 * @throws MailsealError as `createSignedData` and `parseSignedData`; `usage`
 * where the content is detached and not given, or another one is embedded.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { addSigners, parseSignedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const both = await addSigners(readFileSync('test/vectors/demo/smime.p7s'), {
 *   content: readFileSync('test/vectors/demo/signed-content.bin'),
 *   signers: [{ certificate: certificate!, privateKey }],
 * });
 * console.log(parseSignedData(both).signers.length); // 2
 * ```
 */
export async function addSigners(
  signedData: Uint8Array | SignedData,
  options: AddSignersOptions,
): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const before = givenSignedData(signedData, options);
  const parts = partsOf(before);
  const content = contentOf(before, options.content);
  const subject = { content, contentType: parts.contentType, withoutSignedAttributes: false };
  const added = await writeSigners(options.signers, subject, options);
  return writeSignedData({
    ...parts,
    digestAlgorithms: [...parts.digestAlgorithms, ...added.digestAlgorithms],
    certificates: [...parts.certificates, ...added.certificates],
    signers: [...parts.signers, ...added.signers],
  });
}

/** A SignedData that is read, or is yet to be read. */
export function givenSignedData(
  signedData: Uint8Array | SignedData,
  { limits }: CmsLimitOptions,
): SignedData {
  if (signedData instanceof SignedData) return signedData;
  return parseSignedData(signedData, limits === undefined ? {} : { limits });
}

function contentOf({ content: embedded }: SignedData, given: Uint8Array | undefined): Bytes {
  if (given === undefined) {
    if (embedded === undefined) throw usage('the signature is detached: give the `content` that it is over');
    return embedded;
  }
  const content = asBytes(given);
  // One more signature over something else would make two messages of one.
  if (embedded !== undefined && !equalBytes(embedded, content)) {
    throw usage('the SignedData embeds other content than the `content` given');
  }
  return content;
}
