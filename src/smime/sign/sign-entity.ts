import { createSignedData } from '../../cms/sign/create-signed-data.js';
import type { RevocationInfoInput } from '../../cms/sign/signed-data-parts.js';
import type { SigningKey, SignOptions } from '../../cms/sign/signing-key.js';
import { ownSmimeCapabilities } from '../../cms/smime-capabilities.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { assertGiven } from '../../crypto/given.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { SafeEntity } from '../entity/safe-entity.js';
import { multipartSigned, pkcs7Mime } from '../entity/sealed-entity.js';
import { micalgOf } from './micalg.js';

/** Who signs a message, and in which form. */
export interface MessageSigning extends SignOptions, RevocationInfoInput {
  /**
   * Who signs; one at least. A signer who says nothing of `capabilities`
   * announces `ownSmimeCapabilities()`: what this package can read (RFC 8551
   * §2.5.2). Where another program reads his mail, say what that one can, or
   * `[]` for nothing.
   */
  readonly signers: readonly SigningKey[];
  /**
   * `detached` (the default): multipart/signed, which every mail program shows.
   * `opaque`: application/pkcs7-mime, which only S/MIME programs can read and
   * no server on the way can break.
   */
  readonly form?: 'detached' | 'opaque';
  /** The signing-time attribute of signers who bring none of their own. Default: none, since there is no clock in here. */
  readonly signingTime?: Date;
  /** More certificates that go along; those of the signers and of their chains do. Default: none. */
  readonly certificates?: readonly Certificate[];
  /** Whether certificates of signers and their chains go along. Default `true`. */
  readonly includeCertificates?: boolean;
}

/**
 * Signs an entity that was prepared, and gives the message with its signature.
 *
 * @param header the fields outside, as text
 */
export async function signEntity(
  entity: SafeEntity,
  header: string,
  signing: MessageSigning,
): Promise<Bytes> {
  const { form = 'detached', signers, signingTime } = signing;
  if (form !== 'detached' && form !== 'opaque') {
    throw usage(`a signature is 'detached' or 'opaque', not ${shown(form)}`);
  }
  if (!Array.isArray(signers)) throw usage('`signers` must be an array of signing keys');
  const detached = form === 'detached';
  if (detached && entity.unsafe !== undefined) {
    // RFC 8551 §3.1.3: what is signed beside its signature must be 7-bit, and what is signed already cannot be encoded anew.
    throw new MailsealError(
      'smime-content-unsafe',
      `the part "${entity.unsafe}" cannot pass a server on the way unchanged and may not be encoded anew; sign with \`form: 'opaque'\`, or with \`transport: '8bit'\` if all servers take that`,
    );
  }
  const signature = await createSignedData({
    ...signing,
    content: entity.octets,
    detached,
    signers: signers.map((signer) => withDefaults(signer, signingTime)),
  });
  return detached
    ? multipartSigned(header, entity.octets, signature, micalgOf(signature), signing.random)
    : pkcs7Mime(header, 'signed-data', signature);
}

/** RFC 8551 §2.5: signing-time and SMIMECapabilities belong to every signature on mail. */
export function withDefaults(signer: SigningKey, signingTime: Date | undefined): SigningKey {
  assertGiven(signer, 'a signer');
  const { capabilities = ownSmimeCapabilities(), ...others } = signer;
  return {
    ...(signingTime === undefined ? {} : { signingTime }),
    ...others,
    ...(capabilities.length === 0 ? {} : { capabilities }),
  };
}
