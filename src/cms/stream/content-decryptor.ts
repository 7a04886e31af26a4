import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { type MailsealError, usage } from '../../core/errors.js';
import { createAeadVerifier, createVerifiedDecryptor } from '../../crypto/ciphers/aead-stream.js';
import { createCbcDecryptor, decryptionFailed, type RunningCipher } from '../../crypto/ciphers/cbc.js';
import { type ContentCipher, isAead } from '../../crypto/ciphers/content-cipher.js';
import {
  type ContentKeyOptions,
  checkAuthenticatedType,
  cipherOf,
  engineOf,
  type FoundContentKey,
  findContentKey,
  mostAttempts,
  type OpenBudget,
} from '../enveloped/content-key.js';
import type { AuthEnvelopedData } from '../enveloped/enveloped-data.js';
import type { RecipientInfo } from '../enveloped/recipient-info.js';
import type { CmsStructure } from './cms-events.js';
import type { EncryptedDataHead, EnvelopedDataHead } from './cms-head.js';
import { GatheringSpool } from './gathering-spool.js';

/**
 * A place for ciphertext until its tag was checked: a file, or memory. It never gets plaintext. What it gives has to
 * be what it got; a difference is found, but only after the octets before it were handed on.
 */
export interface CiphertextSpool {
  /** Takes the next octets; the array may be reused as soon as the promise is fulfilled, or at once where there is none. */
  write(octets: Bytes): void | Promise<void>;
  /** Gives all octets from the first on, in pieces of any size. Asked for twice. */
  read(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What {@link createContentDecryptor} takes. */
export interface ContentDecryptorOptions extends Omit<ContentKeyOptions, 'limits'> {
  /** Where ciphertext waits for its tag. Default: in memory, up to `limits.gathered`. */
  readonly spool?: CiphertextSpool;
  readonly limits?: ContentKeyOptions['limits'] & {
    /** The most octets of ciphertext that wait in memory where there is no spool; default 16 MiB. One more is `limit-octets`. */
    readonly gathered?: number;
  };
}

/**
 * Decrypts the content of an envelope that is read in pieces. {@link createContentDecryptor} makes it.
 *
 * @example
 * ```ts
 * import { CmsReader, type ContentDecryptor, createContentDecryptor, createEnvelopedData } from 'mailseal/cms';
 *
 * const password = 'eight friendly herons wading';
 * const content = new TextEncoder().encode('秘密');
 * const p7m = await createEnvelopedData({ content, recipients: [{ password }], cipher: 'aes128-cbc' });
 *
 * const reader = new CmsReader();
 * let decryptor: ContentDecryptor | undefined;
 * let text = '';
 * for (const event of [...reader.push(p7m), ...reader.end()]) {
 *   if (event.type === 'head' && 'encryptedContent' in event.head)
 *     decryptor = await createContentDecryptor(event.head, { keys: [{ password }] });
 *   else if (event.type === 'content') text += new TextDecoder().decode(await decryptor?.update(event.octets));
 *   else if (event.type === 'end')
 *     for await (const piece of decryptor?.finish(event.structure) ?? []) text += new TextDecoder().decode(piece);
 * }
 * console.log(text); // 秘密
 * ```
 */
export interface ContentDecryptor {
  /**
   * Whether the cipher shows that nobody changed the content. Then `finish` gives all of it, after the tag was
   * checked. Where it is `false` (CBC), `update` gives it as it comes, and anybody on the way may have put octets of
   * his own in (EFAIL): show no part of it together with others, and fetch nothing that it refers to.
   */
  readonly authenticated: boolean;
  /** The cipher with its vector or nonce. */
  readonly cipher: ContentCipher;
  /** As whom it was opened; `undefined` with a `contentKey`. */
  readonly recipient: RecipientInfo | undefined;
  /** Which of `keys` opened it. */
  readonly keyIndex: number;
  /** Takes the next octets of the ciphertext; the chunk may be reused when the promise is fulfilled. */
  update(ciphertext: Uint8Array): Promise<Bytes>;
  /**
   * Gives what is left: of CBC the last block, of an authenticated cipher everything. Once only.
   *
   * @param structure what `CmsReader` told at its end: the tag, and what it covers besides
   * @throws MailsealError `crypto-decryption-failed` for a wrong key, tag or padding alike; `cms-malformed`.
   */
  finish(structure: CmsStructure): AsyncGenerator<Bytes, void>;
  /** Overwrites the key. Done by `finish`; for who stops before. */
  wipe(): void;
}

/**
 * Finds the content key of an envelope of which the head was read, and starts to decrypt its content.
 *
 * What has a tag is kept as ciphertext until that was checked: the attributes that it covers stand after the content.
 *
 * @param head what `CmsReader` told before the content
 * @throws MailsealError as `openEnveloped`; from `update` `limit-octets` where there is no spool and too much to keep.
 * @example
 * ```ts
 * import { CmsReader, createContentDecryptor, createEnvelopedData } from 'mailseal/cms';
 *
 * const password = 'eight friendly herons wading';
 * const p7m = await createEnvelopedData({ content: new Uint8Array(9), recipients: [{ password }] });
 * const [head] = new CmsReader().push(p7m);
 * if (head?.type === 'head' && 'encryptedContent' in head.head) {
 *   const { cipher, authenticated } = await createContentDecryptor(head.head, { keys: [{ password }] });
 *   console.log(cipher.name, authenticated); // aes256-gcm true
 * }
 * ```
 */
export async function createContentDecryptor(
  head: EnvelopedDataHead | EncryptedDataHead,
  options: ContentDecryptorOptions,
): Promise<ContentDecryptor> {
  return contentDecryptorSharing(head, options, { attempts: mostAttempts });
}

/** As {@link createContentDecryptor}, for one of several envelopes in a message. */
export async function contentDecryptorSharing(
  head: EnvelopedDataHead | EncryptedDataHead,
  options: ContentDecryptorOptions,
  budget: OpenBudget,
): Promise<ContentDecryptor> {
  throwIfAborted(options?.signal);
  const cipher = cipherOf(head);
  const found = await findContentKey(head, cipher, options, budget);
  return isAead(cipher) ? withheld(found, cipher, options) : running(found, cipher, options);
}

/** CBC: handed on as it comes. */
function running(
  found: FoundContentKey,
  cipher: Exclude<ContentCipher, { nonce: unknown }>,
  options: ContentDecryptorOptions,
): ContentDecryptor {
  let decryptor: RunningCipher | undefined = createCbcDecryptor(cipher, found.key, engineOf(options));
  const open = (): RunningCipher => {
    if (decryptor === undefined) throw finished();
    return decryptor;
  };
  return {
    ...factsOf(found, cipher),
    async update(ciphertext) {
      throwIfAborted(options.signal);
      return open().update(ciphertext);
    },
    async *finish() {
      const ending = open();
      decryptor = undefined;
      found.key.fill(0);
      yield ending.finish();
    },
    wipe() {
      decryptor = undefined;
      found.key.fill(0);
    },
  };
}

/** A cipher with a tag: nothing is handed on before that was checked. */
function withheld(
  found: FoundContentKey,
  cipher: Extract<ContentCipher, { nonce: unknown }>,
  options: ContentDecryptorOptions,
): ContentDecryptor {
  const spool = options.spool ?? new GatheringSpool(options.limits?.gathered ?? 16 << 20);
  let isOpen = true;
  const assertOpen = (): void => {
    if (!isOpen) throw finished();
  };
  return {
    ...factsOf(found, cipher),
    async update(ciphertext) {
      assertOpen();
      throwIfAborted(options.signal);
      if (ciphertext.length > 0) await spool.write(asBytes(ciphertext));
      return new Uint8Array(0);
    },
    async *finish(structure) {
      assertOpen();
      isOpen = false;
      try {
        yield* verifiedContent(spool, cipher, found.key, authEnveloped(structure), options);
      } finally {
        found.key.fill(0);
      }
    },
    wipe() {
      isOpen = false;
      found.key.fill(0);
    },
  };
}

/** RFC 5083 §2.2: first the tag over everything, then what it is over. */
async function* verifiedContent(
  spool: CiphertextSpool,
  cipher: Extract<ContentCipher, { nonce: unknown }>,
  key: Bytes,
  enveloped: AuthEnvelopedData,
  options: ContentDecryptorOptions,
): AsyncGenerator<Bytes, void> {
  checkAuthenticatedType(enveloped);
  const { mac } = enveloped;
  const by = { aad: enveloped.additionalData, ...engineOf(options) };
  const verifier = createAeadVerifier(cipher, key, by);
  for await (const octets of spool.read()) {
    throwIfAborted(options.signal);
    verifier.update(asBytes(octets));
  }
  if (!verifier.finish(mac)) throw decryptionFailed();
  const decryptor = createVerifiedDecryptor(cipher, key, by);
  for await (const octets of spool.read()) {
    throwIfAborted(options.signal);
    yield decryptor.update(asBytes(octets));
  }
  decryptor.finish(mac);
}

function authEnveloped(structure: CmsStructure): AuthEnvelopedData {
  if (structure.kind === 'authEnvelopedData' && structure.enveloped.kind === 'authEnvelopedData')
    return structure.enveloped;
  throw usage(`the structure is of the kind ${structure.kind}, the head was of authEnvelopedData`);
}

function factsOf({ recipient, keyIndex }: FoundContentKey, cipher: ContentCipher) {
  return { cipher, recipient, keyIndex, authenticated: isAead(cipher) };
}

function finished(): MailsealError {
  return usage('this ContentDecryptor is finished; make another for another envelope');
}
