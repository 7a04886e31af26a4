import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { decryptionFailed } from '../../crypto/ciphers/cbc.js';
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
import type { EncryptedContent } from './encrypted-content.js';
import type { AuthEnvelopedData } from './enveloped-data.js';
import type { EnvelopeContext, KeyPath } from './key-path.js';
import type { OriginatorInfo } from './originator-info.js';
import { guessedPaths, namedPaths } from './private-key-paths.js';
import type { RecipientInfo } from './recipient-info.js';
import { SenderCertificates } from './sender-certificates.js';
import { contentKeyPath, kekPaths, passwordPaths } from './shared-key-paths.js';

/** What opens an envelope. */
export interface ContentKeyOptions extends EngineOptions {
  /**
   * What may open it, tried in this order, for each the recipients in theirs. Private keys without a
   * certificate that no recipient names come last, and only where there is one recipient they can be.
   */
  readonly keys: readonly DecryptionKey[];
  /** Certificates of senders, for those who agreed on a key with theirs. Default: those that came along. */
  readonly certificates?: readonly Certificate[];
  /** `iterations`: what recipients with a password may cost, for each password 10,000,000 by default. */
  readonly limits?: PasswordLimits;
  /** Ends the work between one step and the next. */
  readonly signal?: AbortSignalLike;
}

/** What is needed of an envelope to find its content key: all that stands before the content. */
export type AnyEnvelope =
  | {
      readonly kind: 'envelopedData' | 'authEnvelopedData';
      readonly encryptedContent: EncryptedContent;
      readonly recipients: readonly RecipientInfo[];
      readonly originatorInfo: OriginatorInfo;
    }
  | { readonly kind: 'encryptedData'; readonly encryptedContent: EncryptedContent };

/** Private keys used, keys unwrapped and passwords tried for one envelope: nobody is named in one more often than by mistake or malice. */
export const mostAttempts = 64;

/** How many keys may still be unwrapped, for all envelopes of one message together. */
export interface OpenBudget {
  attempts: number;
}

/** A content key, and as whom it was found. */
export interface FoundContentKey {
  /** What the content is encrypted with, the binding to the cipher (RFC 9709) done. To be wiped by who gets it. */
  readonly key: Bytes;
  /** `undefined` with a `contentKey`. */
  readonly recipient: RecipientInfo | undefined;
  /** Which of `keys` it was. */
  readonly keyIndex: number;
}

/**
 * Finds the content key of an envelope.
 *
 * @throws MailsealError as `openEnveloped`, but for what the content itself may fail with.
 */
export async function findContentKey(
  enveloped: AnyEnvelope,
  cipher: ContentCipher,
  options: ContentKeyOptions,
  budget: OpenBudget,
): Promise<FoundContentKey> {
  const { isKeyBound, algorithm } = enveloped.encryptedContent;
  const found = await findTransportedKey(enveloped, cipher, options, budget);
  if (!isKeyBound) return found;
  try {
    return { ...found, key: boundContentKey(found.key, algorithm, engineOf(options)) };
  } finally {
    found.key.fill(0);
  }
}

/** As {@link findContentKey}, for the key that recipients are given, which is not the cipher's where it is bound to that. */
export async function findTransportedKey(
  enveloped: AnyEnvelope,
  cipher: ContentCipher,
  options: ContentKeyOptions,
  budget: OpenBudget,
): Promise<FoundContentKey> {
  const { keys, limits, signal } = checked(options);
  const by = engineOf(options);
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
    keyLength: contentKeyLength(cipher),
    derivations,
    engine: by,
    named: new Set(),
    unusable: [],
  };
  try {
    return await firstKey(keys, context, cipher, signal, budget);
  } finally {
    await derivations.wipe();
  }
}

/** The engine that options name, to hand on. */
export function engineOf({ engine }: EngineOptions): EngineOptions {
  return engine === undefined ? {} : { engine };
}

/** @throws MailsealError `usage` where there are no keys. */
export function checked(options: ContentKeyOptions): ContentKeyOptions {
  if (typeof options !== 'object' || options === null || !Array.isArray(options.keys))
    throw usage('`keys` is wanted, a list of what may open the envelope');
  return options;
}

/**
 * The cipher of an envelope.
 *
 * @throws MailsealError `cms-unsupported` for one that is not known here, or that has no place in an envelope of that type.
 */
export function cipherOf({ encryptedContent, kind }: AnyEnvelope): ContentCipher {
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

/** @throws MailsealError `cms-malformed` where the tag covers another type of content than the one in the open. */
export function checkAuthenticatedType(enveloped: AuthEnvelopedData): void {
  // RFC 5083 §2.1: a content-type attribute says the type of what is encrypted; without attributes, which
  // nothing but id-data may lack, anybody could have written another type over the one in the open.
  const attributes = enveloped.authenticatedAttributes;
  const type = attributes.length === 0 ? ContentTypeOid.data : contentTypeAttribute(attributes);
  if (type !== enveloped.contentType)
    throw new MailsealError('cms-malformed', 'the authenticated content type is not the one of the content');
}

async function firstKey(
  keys: readonly DecryptionKey[],
  context: EnvelopeContext,
  cipher: ContentCipher,
  signal: AbortSignalLike | undefined,
  budget: OpenBudget,
): Promise<FoundContentKey> {
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
    if (typeof key !== 'object' || key === null) throw usage('each of `keys` has to be an object');
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
      recipients.length === 0
        ? 'it is encrypted for no recipient: who opens it gives the key of its content, which is not among the keys given'
        : `none of the ${recipients.length} recipients is one of the keys given`,
    );
  }
  if (/^(?:usage|cms-|limit-)/.test(first.code)) return first;
  return new MailsealError('cms-unsupported', `the recipient that fits cannot be read: ${first.message}`, {
    cause: first,
  });
}
