import { ContentTypeOid } from '../../cms/oids.js';
import type { CmsStructure } from '../../cms/stream/cms-events.js';
import type { EncryptedDataHead, EnvelopedDataHead } from '../../cms/stream/cms-head.js';
import {
  type CiphertextSpool,
  type ContentDecryptor,
  contentDecryptorSharing,
} from '../../cms/stream/content-decryptor.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { ReceiveBuffer } from '../../core/receive-buffer.js';
import { affordable, isCallers, type OpenKeys, type OpenWork, senders } from '../open/open-envelope.js';
import type { PassedEnvelope } from '../verify/passed-parts.js';

/** What opens the envelopes of a message that is read in pieces. */
export interface EnvelopeOpening {
  readonly options: OpenKeys;
  readonly work: OpenWork;
  /** Where ciphertext waits for its tag. */
  readonly spool: ((part: string) => CiphertextSpool | Promise<CiphertextSpool>) | undefined;
  /** The most octets that wait in memory where there is no spool. */
  readonly withheld: number;
  /** Those at work, to be wiped where the message does not come to its end. */
  readonly running: Set<ContentDecryptor>;
}

/** Decrypts one envelope while it goes by; that it cannot be opened is an answer. */
export class EnvelopeReader {
  readonly #opening: EnvelopeOpening;
  readonly #head: EnvelopedDataHead | EncryptedDataHead;
  #decryptor: ContentDecryptor | undefined;
  #error: MailsealError | undefined;
  /** What is in it where that is no MIME entity, as long as it is short. */
  #gathered: ReceiveBuffer | undefined;
  #length = 0;

  constructor(opening: EnvelopeOpening, head: EnvelopedDataHead | EncryptedDataHead) {
    this.#opening = opening;
    this.#head = head;
    if (!this.holdsEntity) this.#gathered = new ReceiveBuffer();
  }

  /** Whether it says that it holds a MIME entity. */
  get holdsEntity(): boolean {
    return this.#contentType === ContentTypeOid.data;
  }

  /** Whether what is given shows by nothing that it was not changed. */
  get unauthenticated(): boolean {
    return this.#decryptor?.authenticated !== true;
  }

  /** Why it is not opened. */
  get error(): MailsealError | undefined {
    if (this.#error !== undefined || this.holdsEntity || this.#gathered !== undefined) return this.#error;
    return new MailsealError(
      'limit-octets',
      `what is encrypted is a CMS object without MIME around it, of more than ${mostGathered} octets; open the message at once, with openMessage`,
    );
  }

  get #contentType(): string {
    return this.#head.encryptedContent.contentType;
  }

  /** Finds the key; gives whether there is one. */
  async begin(place: string, hasContent: boolean): Promise<boolean> {
    await this.#trying(async () => {
      if (!hasContent)
        throw new MailsealError('cms-malformed', 'the encrypted content is not in the structure');
      const { options, work, spool, withheld, running } = this.#opening;
      const { engine, signal, certificates, limits } = options;
      const head = this.#head;
      const keys = affordable(options.keys, head.kind === 'encryptedData' ? [] : head.recipients, work);
      const iterations = limits?.iterations;
      const decryptor = await contentDecryptorSharing(
        head,
        {
          keys,
          ...(engine === undefined ? {} : { engine }),
          ...(signal === undefined ? {} : { signal }),
          ...senders(head, certificates),
          limits: { gathered: withheld, ...(iterations === undefined ? {} : { iterations }) },
          ...(spool === undefined || head.kind !== 'authEnvelopedData' ? {} : { spool: await spool(place) }),
        },
        work,
      );
      running.add(decryptor);
      this.#decryptor = decryptor;
    });
    return this.#error === undefined;
  }

  /** Takes ciphertext; gives what it was made of as far as that may be given by now. */
  async update(ciphertext: Bytes): Promise<Bytes> {
    let plaintext: Bytes = new Uint8Array(0);
    if (this.#error !== undefined) return plaintext;
    await this.#trying(async () => {
      plaintext = await this.#decryptor!.update(ciphertext);
    });
    return this.#taken(plaintext);
  }

  /** Gives the rest, to each piece its turn. */
  async finish(structure: CmsStructure, take: (plaintext: Bytes) => Promise<void>): Promise<void> {
    if (this.#error !== undefined) return;
    const pieces = this.#decryptor!.finish(structure);
    for (;;) {
      let piece: Bytes | undefined;
      await this.#trying(async () => {
        const next = await pieces.next();
        piece = next.done === true ? undefined : next.value;
      });
      if (piece === undefined) break;
      await take(this.#taken(piece));
    }
    this.#opening.running.delete(this.#decryptor!);
  }

  /** Overwrites the key. */
  wipe(): void {
    if (this.#decryptor === undefined) return;
    this.#decryptor.wipe();
    this.#opening.running.delete(this.#decryptor);
  }

  /** What became of it. */
  outcome(content: Bytes | undefined): PassedEnvelope {
    const head = this.#head;
    const decryptor = this.#decryptor;
    const common = {
      type: head.kind,
      recipients: head.kind === 'encryptedData' ? [] : head.recipients,
      contentType: this.#contentType,
    };
    const { error } = this;
    if (decryptor === undefined || error !== undefined)
      return { ...common, decrypted: undefined, content: undefined, error };
    const { authenticated, cipher, recipient, keyIndex } = decryptor;
    const { isKeyBound } = head.encryptedContent;
    const decrypted = { authenticated, cipher, recipient, keyIndex, isKeyBound };
    const gathered = this.#gathered?.append(new Uint8Array(0)).slice();
    return { ...common, decrypted, content: content ?? gathered, error };
  }

  #taken(plaintext: Bytes): Bytes {
    this.#length += plaintext.length;
    if (this.#length > mostGathered) this.#gathered = undefined;
    this.#gathered?.append(plaintext);
    this.#gathered?.keep(0);
    return plaintext;
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.wipe();
      if (!(error instanceof MailsealError) || isCallers(error)) throw error;
      this.#error = error;
    }
  }
}

/** Octets of a CMS object without MIME around it that are kept. */
const mostGathered = 1 << 20;
