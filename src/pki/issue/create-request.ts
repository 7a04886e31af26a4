import { readBer } from '../../asn1/reader.js';
import { der, derInteger, derOid, derSequence, derSetOf } from '../../asn1/writer.js';
import { encodePublicKey } from '../../crypto/keys/public-key-info.js';
import { type Extension, emailProtectionOid } from '../../x509/certificate/extensions.js';
import { CertificateRequest, extensionRequestOid } from './certificate-request.js';
import { encodeExtensions, extendedKeyUsage, keyUsage, subjectAltName } from './extension-writer.js';
import { givenList, givenObject } from './given.js';
import { type MailUse, mailUsages } from './issue-mail-certificate.js';
import { type SigningKey, type SigningOptions, signed, signerOf } from './issuer.js';
import { mailboxNames } from './mailbox-writer.js';
import { createName, type NameInput } from './name-writer.js';

/** What {@link createRequest} takes. */
export interface CreateRequestOptions extends SigningOptions {
  /** The key to be certified. It signs the request, so it must be one that signs. */
  readonly key: SigningKey;
  /** Whom the certificate shall name; default nobody but the addresses. */
  readonly subject?: NameInput;
  /** The mail addresses that the certificate shall be for, in any script. */
  readonly addresses?: readonly string[];
  /** What the key is for; asks for that keyUsage and for emailProtection. Default: the authority decides. */
  readonly use?: MailUse;
  /** More extensions to ask for. */
  readonly extensions?: readonly Extension[];
}

/**
 * Makes a request for a certificate (PKCS #10, RFC 2986), which an authority
 * answers with one. Only the request leaves the place where the key is.
 *
 * @throws MailsealError `usage` for options that make no sensible request,
 * `domain-malformed` for an address; from the signing, what `signData` of `mailseal/crypto` throws.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { encodePem } from 'mailseal/encoding';
 * import { createRequest } from 'mailseal/pki';
 *
 * const { privateKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const request = await createRequest({
 *   key: privateKey,
 *   subject: { commonName: '山田花子' },
 *   addresses: ['hanako@example.jp'],
 *   use: 'both',
 * });
 * console.log(encodePem('CERTIFICATE REQUEST', request.bytes).split('\n')[0]); // -----BEGIN CERTIFICATE REQUEST-----
 * ```
 */
export async function createRequest(options: CreateRequestOptions): Promise<CertificateRequest> {
  const signer = signerOf(givenObject(options, 'options').key, options);
  const subject = createName(options.subject ?? {});
  const names = mailboxNames(options.addresses ?? []);
  const extensions: Extension[] = [];
  if (options.use !== undefined) {
    extensions.push(
      keyUsage(mailUsages(signer.publicKey, options.use)),
      extendedKeyUsage([emailProtectionOid]),
    );
  }
  if (names.length > 0) extensions.push(subjectAltName(names, subject.isEmpty));
  const all = [...extensions, ...givenList(options.extensions ?? [], 'extensions')];
  const wanted = encodeExtensions(all);
  const attributes = all.length === 0 ? [] : [derSequence(derOid(extensionRequestOid), derSetOf(wanted))];
  const octets = await signed(
    signer,
    () =>
      derSequence(derInteger(0), subject.bytes, encodePublicKey(signer.publicKey), der(0xa0, ...attributes)),
    options,
  );
  return new CertificateRequest(readBer(octets));
}
