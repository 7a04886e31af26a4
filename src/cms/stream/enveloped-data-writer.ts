import { Tag } from '../../asn1/reader.js';
import { derInteger, derOctetString } from '../../asn1/writer.js';
import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { OneRun } from '../../core/one-run.js';
import { createAeadEncryptor } from '../../crypto/ciphers/aead-stream.js';
import { createCbcEncryptor } from '../../crypto/ciphers/cbc.js';
import { type ContentCipher, isAead } from '../../crypto/ciphers/content-cipher.js';
import { paddingLength } from '../../crypto/transport/pkcs1-batch.js';
import { setPieces } from '../der-pieces.js';
import { engineOf } from '../enveloped/content-key.js';
import { type CreateEnvelopedDataOptions, versionFor } from '../enveloped/create.js';
import { newKeyAndCipher } from '../enveloped/new-cipher.js';
import { encodeOriginatorInfo } from '../enveloped/originator-info.js';
import { type SealHead, sealHead } from '../enveloped/seal-head.js';
import { recipientInfos } from '../enveloped/write-recipients.js';
import { ContentTypeOid } from '../oids.js';
import { keptOid } from '../sign/kept-encodings.js';
import { assertHeldOctets, ComingFrame, mostHeld } from './coming-frame.js';
import { ContentFrame } from './content-frame.js';

/** What {@link EnvelopedDataWriter} takes. */
export interface EnvelopedDataWriterOptions extends Omit<CreateEnvelopedDataOptions, 'content'> {
  /** How many octets of content will come. With it DER is written, else BER of indefinite lengths. */
  readonly length?: number;
  /**
   * Octets that may be held back while `wrapKeys` is at work, so that content is encrypted meanwhile: recipients stand
   * before it. Beyond them `update` waits for the keys. Default 16 MiB; without `wrapKeys` none are.
   */
  readonly heldOctets?: number;
}

/** What encrypts the content: ciphertext as it comes, and at the end the rest with the tag where there is one. */
interface RunningSeal {
  update(octets: Bytes): Bytes;
  finish(): { readonly rest: Bytes; readonly tag: Bytes | undefined };
}

/**
 * Encrypts content for recipients as `createEnvelopedData` does, in pieces: what it gives one after the other is the
 * ContentInfo. Memory does not grow with the content.
 *
 * @throws MailsealError from the constructor and the first `update` as `createEnvelopedData`; `usage` for more or less
 * content than `length` said, or for a call before the promise of the last is fulfilled, or after `finish` or an error.
 * @example
 * ```ts
 * import { EnvelopedDataWriter, openEnveloped, parseEnvelopedData } from 'mailseal/cms';
 *
 * const password = 'eight friendly herons wading';
 * const writer = new EnvelopedDataWriter({ recipients: [{ password }] });
 * const pieces = [
 *   await writer.update(new TextEncoder().encode('秘')),
 *   await writer.update(new TextEncoder().encode('密')),
 *   await writer.finish(),
 * ];
 * const p7m = new Uint8Array(pieces.flatMap((piece) => [...piece]));
 * const { content } = await openEnveloped(parseEnvelopedData(p7m), { keys: [{ password }] });
 * console.log(new TextDecoder().decode(content)); // 秘密
 * ```
 */
export class EnvelopedDataWriter {
  readonly #options: EnvelopedDataWriterOptions;
  readonly #key: Bytes;
  readonly #cipher: ContentCipher;
  readonly #head: SealHead;
  readonly #seal: RunningSeal;
  readonly #along: Bytes | undefined;
  readonly #spare: Bytes;
  readonly #run: OneRun;
  #frame: ComingFrame | undefined;

  constructor(options: EnvelopedDataWriterOptions) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    const { cipher: name = 'aes256-gcm', recipients, originatorInfo, length } = options;
    if (!Array.isArray(recipients) || recipients.length === 0)
      throw usage('`recipients` is wanted, a list of one at least');
    if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0))
      throw usage('`length` is a number of octets');
    assertHeldOctets(options.heldOctets);
    throwIfAborted(options.signal);
    this.#options = options;
    this.#run = new OneRun('EnvelopedDataWriter', options.signal, () => this.#wipe());
    this.#along = encodeOriginatorInfo(originatorInfo);
    const drawn = newKeyAndCipher(name, options.random, paddingLength(recipients.length));
    this.#key = drawn.key;
    this.#cipher = drawn.cipher;
    this.#spare = drawn.spare;
    const { contentType = ContentTypeOid.data, bindAlgorithm = false } = options;
    this.#head = sealHead(drawn.cipher, drawn.key, contentType, bindAlgorithm, engineOf(options));
    this.#seal = runningSeal(drawn.cipher, this.#head, engineOf(options));
  }

  /**
   * Takes the next octets of the content and gives those of the ContentInfo that are settled; the chunk may be reused
   * when the promise is fulfilled. The first call waits for the keys of all recipients, unless `wrapKeys` makes them.
   */
  async update(content: Uint8Array): Promise<Bytes> {
    const octets = asBytes(content);
    // Keys are wrapped while the first octets are encrypted, which have memory of their own.
    return this.#run.giving(false, (given) => this.#start().add(this.#seal.update(octets), given), true);
  }

  /** Gives the rest. Once only, `usage` a second time. */
  async finish(): Promise<Bytes> {
    const octets = await this.#run.giving(true, async (given) => {
      const frame = this.#start();
      const { rest, tag } = this.#seal.finish();
      const after = tag === undefined ? [] : [...this.#head.attributes, derOctetString(tag)];
      await frame.add(rest, given);
      await frame.end([[], after, [], []], given);
    });
    this.#wipe();
    return octets;
  }

  /** Overwrites the content key. Done by `finish`; for who stops before. A call under way is rejected with `usage`. */
  wipe(): void {
    this.#run.stop();
  }

  #wipe(): void {
    this.#key.fill(0);
    this.#head.key.fill(0);
  }

  #start(): ComingFrame {
    const { heldOctets, wrapKeys } = this.#options;
    this.#frame ??= new ComingFrame(this.#writeStart(), mostHeld(wrapKeys, heldOctets));
    return this.#frame;
  }

  async #writeStart(): Promise<ContentFrame> {
    const { recipients, length } = this.#options;
    const infos = await recipientInfos(recipients, this.#key, this.#spare, this.#options);
    const cipher = this.#cipher;
    const isAuthenticated = isAead(cipher);
    // RFC 5083 §2.1: the version is 0.
    const version = isAuthenticated ? 0 : versionFor(infos, this.#along !== undefined);
    const type = isAuthenticated ? ContentTypeOid.authEnvelopedData : ContentTypeOid.envelopedData;
    const along = this.#along === undefined ? [] : [this.#along];
    const before = [derInteger(version), ...along, ...setPieces(Tag.Set, infos)];
    const after = isAuthenticated ? tailLength(this.#head, cipher) : 0;
    const layers = [
      { identifier: Tag.Sequence, before: [keptOid(type)] },
      { identifier: 0xa0, before: [] },
      { identifier: Tag.Sequence, before, after },
      { identifier: Tag.Sequence, before: this.#head.head },
    ];
    return new ContentFrame(layers, 0x80, length === undefined ? undefined : sealedLength(cipher, length));
  }
}

function runningSeal(
  cipher: ContentCipher,
  { key, aad }: SealHead,
  engine: ReturnType<typeof engineOf>,
): RunningSeal {
  if (isAead(cipher)) {
    const encryptor = createAeadEncryptor(cipher, key, { ...aad, ...engine });
    return {
      update: (octets) => encryptor.update(octets),
      finish: () => ({ rest: new Uint8Array(0), tag: encryptor.finish() }),
    };
  }
  const encryptor = createCbcEncryptor(cipher, key, engine);
  return {
    update: (octets) => encryptor.update(octets),
    finish: () => ({ rest: encryptor.finish(), tag: undefined }),
  };
}

/** RFC 5652 §6.3: CBC fills up to whole blocks, by one at least. */
function sealedLength(cipher: ContentCipher, length: number): number {
  if (isAead(cipher)) return length;
  const block = cipher.iv.length;
  return length - (length % block) + block;
}

function tailLength({ attributes }: SealHead, cipher: ContentCipher): number {
  const tag = isAead(cipher) && 'tagLength' in cipher ? (cipher.tagLength ?? 16) : 16;
  return attributes.reduce((sum, each) => sum + each.length, 0) + 2 + tag;
}
