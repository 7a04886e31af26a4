import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { decryptAead } from '../../crypto/ciphers/aead.js';
import { decryptionFailed } from '../../crypto/ciphers/cbc.js';
import { decryptWithCbc } from '../../crypto/ciphers/cbc-once.js';
import {
  type ContentCipher,
  contentKeyLength,
  isAead,
  readContentCipher,
} from '../../crypto/ciphers/content-cipher.js';
import type { PasswordLimits } from '../../crypto/keys/parse-private-key.js';
import { Derivations } from '../../crypto/passwords/password-derivations.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { contentTypeAttribute } from '../attributes.js';
import { ContentTypeOid } from '../oids.js';
import { boundContentKey } from './bound-key.js';
import { type DecryptionKey, type KeyHolder, keyHolderOf } from './decryption-key.js';
import type { EncryptedData } from './encrypted-data.js';
import type { AuthEnvelopedData, EnvelopedData } from './enveloped-data.js';
import type { EnvelopeContext, KeyPath } from './key-path.js';
import { guessedPaths, namedPaths } from './private-key-paths.js';
import type { RecipientInfo } from './recipient-info.js';
import { SenderCertificates } from './sender-certificates.js';
import { contentKeyPath, kekPaths, passwordPaths } from './shared-key-paths.js';

/** What {@link openEnveloped} takes beside the envelope. */
export interface OpenEnvelopedOptions extends EngineOptions {
  /**
   * What may open it, tried in this order, for each the recipients in theirs. Private keys without a
   * certificate that no recipient names come last, and only where there is one recipient they can be.
   */
  readonly keys: readonly DecryptionKey[];
  /** The encrypted octets where they are not in the structure. */
  readonly encryptedContent?: Uint8Array;
  /** Certificates of senders, for those who agreed on a key with theirs. Default: those that came along. */
  readonly certificates?: readonly Certificate[];
  /** `iterations`: what recipients with a password may cost, for each password 10,000,000 by default. */
  readonly limits?: PasswordLimits;
  /** Ends the work between one step and the next. */
  readonly signal?: AbortSignalLike;
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

/** Private keys used, keys unwrapped and passwords tried for one envelope: nobody is named in one more often than by mistake or malice. */
const mostAttempts = 64;

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

/** How many keys may still be unwrapped, for all envelopes of one message together. */
export interface OpenBudget {
  attempts: number;
}

/** As {@link openEnveloped}, for one of several envelopes in a message. */
export async function openSharing(
  enveloped: EnvelopedData | AuthEnvelopedData | EncryptedData,
  options: OpenEnvelopedOptions,
  budget: OpenBudget,
): Promise<OpenedContent> {
  const { keys, engine, limits, signal } = checked(options);
  throwIfAborted(signal);
  const by = engine === undefined ? {} : { engine };
  const sealed = sealedContent(enveloped, options.encryptedContent);
  const derivations = new Derivations(
    { ...by, ...(signal === undefined ? {} : { signal }) },
    ...(limits?.iterations === undefined ? [] : [limits.iterations]),
  );
  const isEnveloped = enveloped.kind !== 'encryptedData';
  const context: EnvelopeContext = {
    recipients: isEnveloped ? enveloped.recipients : [],
    certificates: new SenderCertificates(
      () => options.certificates ?? (isEnveloped ? enveloped.originatorInfo.certificates : []),
    ),
    keyLength: contentKeyLength(sealed.cipher),
    derivations,
    engine: by,
    named: new Set(),
    unusable: [],
  };
  try {
    const found = await firstKey(keys, context, sealed.cipher, signal, budget);
    throwIfAborted(signal);
    const { isKeyBound, algorithm } = enveloped.encryptedContent;
    const key = isKeyBound ? boundContentKey(found.key, algorithm, by) : found.key;
    try {
      const content = await decryptContent(sealed, key, by);
      return {
        content,
        contentType: enveloped.contentType,
        authenticated: isAead(sealed.cipher),
        cipher: sealed.cipher,
        isKeyBound,
        recipient: found.recipient,
        keyIndex: found.keyIndex,
      };
    } finally {
      key.fill(0);
      found.key.fill(0);
    }
  } finally {
    await derivations.wipe();
  }
}

function checked(options: OpenEnvelopedOptions): OpenEnvelopedOptions {
  if (typeof options !== 'object' || options === null || !Array.isArray(options.keys))
    throw new MailsealError('usage', '`keys` is wanted, a list of what may open the envelope');
  return options;
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
  // RFC 5083 §2.1: a content-type attribute says the type of what is encrypted; without attributes, which
  // nothing but id-data may lack, anybody could have written another type over the one in the open.
  const attributes = enveloped.authenticatedAttributes;
  const type = attributes.length === 0 ? ContentTypeOid.data : contentTypeAttribute(attributes);
  if (type !== enveloped.contentType)
    throw new MailsealError('cms-malformed', 'the authenticated content type is not the one of the content');
  return { cipher, octets, mac: enveloped.mac, additionalData: enveloped.additionalData };
}

function cipherOf({
  encryptedContent,
  kind,
}: EnvelopedData | AuthEnvelopedData | EncryptedData): ContentCipher {
  let cipher: ContentCipher;
  try {
    cipher = readContentCipher(encryptedContent.algorithm);
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'crypto-unsupported') throw error;
    throw new MailsealError('cms-unsupported', error.message, { cause: error });
  }
  // RFC 5083 §2.1: only ciphers that authenticate; RFC 5084 §1: those nowhere else, for want of a place for the tag.
  if (isAead(cipher) !== (kind === 'authEnvelopedData'))
    throw new MailsealError('cms-unsupported', `${cipher.name} is not for a content of the type ${kind}`);
  return cipher;
}

interface FoundKey {
  readonly key: Bytes;
  readonly recipient: RecipientInfo | undefined;
  readonly keyIndex: number;
}

async function firstKey(
  keys: readonly DecryptionKey[],
  context: EnvelopeContext,
  cipher: ContentCipher,
  signal: AbortSignalLike | undefined,
  budget: OpenBudget,
): Promise<FoundKey> {
  const most = Math.min(mostAttempts, budget.attempts);
  let attempts = 0;
  let usedPrivateKey = false;
  let overLimit: MailsealError | undefined;
  for (const { keyIndex, path } of pathsOf(keys, context)) {
    throwIfAborted(signal);
    if (++attempts > most) throw decryptionFailed();
    budget.attempts--;
    usedPrivateKey ||= path.recipient?.kind === 'key-transport' || path.recipient?.kind === 'key-agreement';
    try {
      const key = await path.contentKey();
      if (fits(key, cipher, context.keyLength)) return { key, recipient: path.recipient, keyIndex };
      key.fill(0);
    } catch (error) {
      if (!(error instanceof MailsealError) || error.fault === 'usage') throw error;
      if (error.code === 'limit-iterations') overLimit ??= error;
    }
    if (path.isFinal) throw decryptionFailed();
  }
  // A code of its own would tell OAEP's failure from a wrong key, since whoever sends an envelope sets its iterations.
  if (overLimit !== undefined && !usedPrivateKey) throw overLimit;
  if (attempts > 0) throw decryptionFailed();
  throw noRecipient(context);
}

/** RC2 takes keys of other lengths than its bits, and some senders use them. */
function fits(key: Bytes, cipher: ContentCipher, keyLength: number): boolean {
  return cipher.name === 'rc2-cbc' ? key.length >= 1 && key.length <= 128 : key.length === keyLength;
}

/** A way with the place in `keys` of what goes it. */
interface NumberedPath {
  readonly keyIndex: number;
  readonly path: KeyPath;
}

function* pathsOf(
  keys: readonly DecryptionKey[],
  context: EnvelopeContext,
): Generator<NumberedPath, undefined> {
  const withoutCertificate: { readonly keyIndex: number; readonly holder: KeyHolder }[] = [];
  for (const [keyIndex, key] of keys.entries()) {
    if (typeof key !== 'object' || key === null)
      throw new MailsealError('usage', 'each of `keys` has to be an object');
    if ('contentKey' in key) yield* numbered(keyIndex, contentKeyPath(key.contentKey, context));
    else if ('kek' in key) yield* numbered(keyIndex, kekPaths(key.kek, key.id, context));
    else if ('password' in key) yield* numbered(keyIndex, passwordPaths(key.password, context));
    else {
      const holder = keyHolderOf(key);
      yield* numbered(keyIndex, namedPaths(holder, context));
      if (holder.certificate === undefined) withoutCertificate.push({ keyIndex, holder });
    }
  }
  // Last, since a guess at RSA v1.5 is final: made earlier it would keep the right key out.
  for (const { holder, keyIndex } of withoutCertificate)
    yield* numbered(keyIndex, guessedPaths(holder, context));
}

function* numbered(keyIndex: number, paths: Iterable<KeyPath>): Generator<NumberedPath, undefined> {
  for (const path of paths) yield { keyIndex, path };
}

function noRecipient({ recipients, unusable }: EnvelopeContext): MailsealError {
  const [first] = unusable;
  if (first === undefined) {
    return new MailsealError(
      'cms-no-recipient',
      `none of the ${recipients.length} recipients is one of the keys given`,
    );
  }
  if (/^(?:usage|cms-|limit-)/.test(first.code)) return first;
  return new MailsealError('cms-unsupported', `the recipient that fits cannot be read: ${first.message}`, {
    cause: first,
  });
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
