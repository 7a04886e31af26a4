import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { decryptAead } from '../../crypto/ciphers/aead.js';
import { decryptWithCbc } from '../../crypto/ciphers/cbc-once.js';
import { type ContentCipher, isAead } from '../../crypto/ciphers/content-cipher.js';
import {
  type ContentKeyOptions,
  checkAuthenticatedType,
  checked,
  cipherOf,
  engineOf,
  findContentKey,
  mostAttempts,
  type OpenBudget,
} from './content-key.js';
import type { EncryptedData } from './encrypted-data.js';
import type { AuthEnvelopedData, EnvelopedData } from './enveloped-data.js';
import type { RecipientInfo } from './recipient-info.js';

/** What {@link openEnveloped} takes beside the envelope. */
export interface OpenEnvelopedOptions extends ContentKeyOptions {
  /** The encrypted octets where they are not in the structure. */
  readonly encryptedContent?: Uint8Array;
}

/** What {@link openEnveloped} gives. */
export interface OpenedContent {
  /** The content, octet for octet. */
  readonly content: Bytes;
  /** Dotted OID of its type, as the envelope says. */
  readonly contentType: string;
  /**
   * Whether the cipher showed that nobody changed the content since somebody
   * with the key encrypted it. It says nothing about who that was. Where it is
   * `false` (CBC), anybody on the way may have put octets of his own in (EFAIL):
   * show no part of it together with others, and fetch nothing that it refers to.
   */
  readonly authenticated: boolean;
  /** The cipher with its vector or nonce. */
  readonly cipher: ContentCipher;
  /** Whether the key was bound to the cipher (RFC 9709). */
  readonly isKeyBound: boolean;
  /** As whom it was opened; `undefined` with a `contentKey`. */
  readonly recipient: RecipientInfo | undefined;
  /** Which of `keys` opened it. */
  readonly keyIndex: number;
}

/**
 * Decrypts an EnvelopedData (RFC 5652 §6), an AuthEnvelopedData (RFC 5083) or
 * an EncryptedData (RFC 5652 §8).
 *
 * What is checked by a tag is given only after the tag was checked. Once a
 * private key was used, everything that fails does so with one code and one
 * message, and the content is decrypted once at most. A recipient of RSA
 * v1.5 who fits is the last that is tried: that padding gives a key in any case
 * (RFC 3218). At most 64 keys are unwrapped for one envelope.
 *
 * @throws MailsealError `cms-no-recipient` where no key fits, `cms-unsupported`
 * where the cipher or the algorithm of each recipient that fits is not known
 * here, `crypto-decryption-failed` for all that fails after that, also for a
 * wrong password; `limit-iterations`; `cms-malformed` or an `asn1-*` code
 * where the envelope is damaged; `usage` for a key that does not fit its
 * certificate or was wiped; `aborted`; `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { createEnvelopedData, openEnveloped, parseEnvelopedData } from 'mailseal/cms';
 *
 * const password = 'eight friendly herons wading';
 * const p7m = await createEnvelopedData({
 *   content: new TextEncoder().encode('秘密'),
 *   recipients: [{ password }],
 *   cipher: 'aes128-cbc',
 * });
 *
 * const opened = await openEnveloped(parseEnvelopedData(p7m), { keys: [{ password }] });
 * console.log(new TextDecoder().decode(opened.content)); // 秘密
 * console.log(opened.authenticated, opened.recipient?.kind); // false password
 * ```
 */
export async function openEnveloped(
  enveloped: EnvelopedData | AuthEnvelopedData | EncryptedData,
  options: OpenEnvelopedOptions,
): Promise<OpenedContent> {
  return openSharing(enveloped, options, { attempts: mostAttempts });
}

/** As {@link openEnveloped}, for one of several envelopes in a message. */
export async function openSharing(
  enveloped: EnvelopedData | AuthEnvelopedData | EncryptedData,
  options: OpenEnvelopedOptions,
  budget: OpenBudget,
): Promise<OpenedContent> {
  throwIfAborted(checked(options).signal);
  const sealed = sealedContent(enveloped, options.encryptedContent);
  const found = await findContentKey(enveloped, sealed.cipher, options, budget);
  try {
    throwIfAborted(options.signal);
    const content = await decryptContent(sealed, found.key, engineOf(options));
    return {
      content,
      contentType: enveloped.contentType,
      authenticated: isAead(sealed.cipher),
      cipher: sealed.cipher,
      isKeyBound: enveloped.encryptedContent.isKeyBound,
      recipient: found.recipient,
      keyIndex: found.keyIndex,
    };
  } finally {
    found.key.fill(0);
  }
}

/** What is encrypted, with all that has to be known before a key is used. */
interface SealedContent {
  readonly cipher: ContentCipher;
  readonly octets: Bytes;
  readonly mac: Bytes | undefined;
  readonly additionalData: Bytes | undefined;
}

function sealedContent(
  enveloped: EnvelopedData | AuthEnvelopedData | EncryptedData,
  given: Uint8Array | undefined,
): SealedContent {
  const { encryptedContent } = enveloped;
  const cipher = cipherOf(enveloped);
  const octets = encryptedContent.octets ?? (given === undefined ? undefined : asBytes(given));
  if (octets === undefined) {
    throw new MailsealError(
      'cms-malformed',
      'the encrypted content is not in the structure; give it as `encryptedContent` if it came beside it',
    );
  }
  if (enveloped.kind !== 'authEnvelopedData')
    return { cipher, octets, mac: undefined, additionalData: undefined };
  checkAuthenticatedType(enveloped);
  return { cipher, octets, mac: enveloped.mac, additionalData: enveloped.additionalData };
}

async function decryptContent(
  { cipher, octets, mac, additionalData }: SealedContent,
  key: Bytes,
  by: EngineOptions,
): Promise<Bytes> {
  if (!isAead(cipher)) return decryptWithCbc(cipher, key, octets, by);
  const aad = additionalData === undefined ? {} : { aad: additionalData };
  return decryptAead(cipher, key, octets, mac!, { ...aad, ...by });
}
