import { type CreateCertsOnlyOptions, createCertsOnly } from '../../cms/sign/create-signed-data.js';
import type { Bytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import { pkcs7Mime } from '../entity/sealed-entity.js';
import { outerHeader, splitMessage, withVersion } from '../entity/split-message.js';

/** What {@link certsOnlyMessage} takes. */
export interface CertsOnlyMessageOptions extends CreateCertsOnlyOptions {
  /** A message whose header fields stand above the certificates; its content is left out. Default: no fields. */
  readonly message?: Uint8Array | Part;
}

/**
 * A message that hands certificates and CRLs over (RFC 8551 §3.8): an
 * application/pkcs7-mime with `smime-type=certs-only` and the file name
 * `smime.p7c`. Nothing vouches for them there.
 *
 * @throws MailsealError codes of `createCertsOnly`; limits of `parseMessage`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseMessage } from 'mailseal/mime';
 * import { certsOnlyMessage } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const certificates = parseCertificates(readFileSync('test/vectors/demo/signer.crt.pem'));
 * console.log(parseMessage(certsOnlyMessage({ certificates })).filename); // smime.p7c
 * ```
 */
export function certsOnlyMessage(options: CertsOnlyMessageOptions): Bytes {
  const contentInfo = createCertsOnly(options);
  const { message } = options;
  const header = message === undefined ? withVersion('', false) : outerHeader(splitMessage(message));
  return pkcs7Mime(header, 'certs-only', contentInfo);
}
