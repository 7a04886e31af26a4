import type { ContentCipherName } from '../../cms/enveloped/recipient.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { OneRun } from '../../core/one-run.js';
import type { Part } from '../../mime/part.js';
import { type ChosenCipher, chooseCipher } from '../encrypt/choose-cipher.js';
import {
  type EncryptMessageOptions,
  protectedHeader,
  readersOf,
  refuseBad,
  withEngine,
  withoutTelltales,
} from '../encrypt/encrypt-message.js';
import { type EnvelopePlan, envelopeRecipient, planEnvelopes, type Readers } from '../encrypt/envelope.js';
import type { EntityChanges } from '../entity/safe-entity.js';
import { outerHeader, splitMessage, withVersion } from '../entity/split-message.js';
import { Base64Output } from './base64-output.js';
import { type EntityEvent, EntityStream } from './entity-stream.js';
import { type PieceOutput, pieceOutput } from './piece-output.js';
import { EnvelopeStage, SigningStage } from './seal-stages.js';

/** What {@link MessageEncryptor} takes: one envelope comes of it, so that there is no `bcc`. */
export type MessageEncryptorOptions = Omit<EncryptMessageOptions, 'bcc' | 'legacyDisplay'>;

/**
 * Encrypts a message that comes in pieces, as `encryptMessage` does, signed first where `sign` is given: any split gives
 * octets of the same lengths. Memory does not grow with the message.
 *
 * It writes one envelope, for all whom the header names; whoever shall not be seen by the others gets a
 * `MessageEncryptor` of his own. Hidden fields do not stand at the top of the text, too (no `legacyDisplay`). A body
 * longer than 1 MiB goes in base64, as with `MessageSigner`.
 *
 * @throws MailsealError from the constructor `usage`, `smime-no-common-cipher` and the codes of `SignedDataWriter`; from
 * `update` and `finish` as `encryptMessage`; after an error, or `finish`, `usage`. Nothing that was given before an
 * error is a message.
 * @example
 * ```ts
 * import { decryptMessage, MessageEncryptor } from 'mailseal/smime';
 *
 * const password = 'eight friendly herons wading';
 * const encryptor = new MessageEncryptor({ recipients: [{ password }], at: new Date('2027-01-01') });
 * const pieces: Uint8Array[] = [];
 * for (const text of ['To: hanako@example.jp\r\nSubject: Fri', 'day\r\n\r\nAt nine.\r\n']) {
 *   pieces.push(await encryptor.update(new TextEncoder().encode(text)));
 * }
 * pieces.push(await encryptor.finish());
 * const sealed = new Uint8Array(pieces.flatMap((piece) => [...piece]));
 * const { message } = await decryptMessage(sealed, { keys: [{ password }] });
 * console.log(new TextDecoder().decode(message).split('\r\n').at(-2)); // At nine.
 * ```
 */
export class MessageEncryptor {
  readonly #options: MessageEncryptorOptions;
  readonly #readers: Readers;
  readonly #plan: EnvelopePlan;
  readonly #chosen: ChosenCipher;
  readonly #run: OneRun;
  readonly #entity = new EntityStream('7bit');
  readonly #signing: SigningStage | undefined;
  readonly #output = new Base64Output();
  #envelope: EnvelopeStage | undefined;

  constructor(options: MessageEncryptorOptions) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    if ('bcc' in options && options.bcc !== undefined) {
      throw usage(
        'a MessageEncryptor writes one envelope, which shows all its readers to all of them: make another for each in `bcc`',
      );
    }
    const { originator, escrow, recipients, sign } = options;
    this.#options = options;
    this.#readers = readersOf({
      recipients,
      ...(originator === undefined ? {} : { originator }),
      ...(escrow === undefined ? {} : { escrow }),
    });
    this.#plan = planEnvelopes(this.#readers)[0]!;
    this.#chosen = chooseCipher(this.#plan.readers, options);
    this.#run = new OneRun('MessageEncryptor', options.signal, () => this.#envelope?.wipe());
    this.#signing = sign === undefined ? undefined : new SigningStage(withEngine(sign, options));
  }

  /** What the message is encrypted with. */
  get cipher(): ContentCipherName {
    return this.#chosen.cipher;
  }

  /** Takes the next octets of the message and gives those of the encrypted one; the chunk may be reused when the promise is fulfilled. */
  async update(chunk: Uint8Array, options?: PieceOutput): Promise<Bytes> {
    const output = pieceOutput(options, chunk);
    return this.#giving(false, () => {
      this.#output.writeTo(output);
      return this.#seal(this.#entity.push(chunk));
    });
  }

  /** Gives the rest. Once only, `usage` a second time. */
  finish(): Promise<Bytes> {
    return this.#giving(true, async () => {
      await this.#seal(this.#entity.end());
      if (this.#signing !== undefined) await this.#around((signed) => this.#signing!.finish(signed));
      await this.#envelope!.finish();
    });
  }

  /** Overwrites the content key. Done by `finish` and by an error; for who stops before. A call under way is rejected with `usage`. */
  wipe(): void {
    this.#run.stop();
  }

  #giving(isLast: boolean, work: () => Promise<void>): Promise<Bytes> {
    return this.#run.step(isLast, async () => {
      await work();
      return this.#output.take();
    });
  }

  async #seal(events: Iterable<EntityEvent>): Promise<void> {
    for (const event of events) {
      if (event.type === 'root') this.#entity.begin(await this.#begin(event.root));
      else if (this.#signing === undefined) await this.#envelope!.update(event.octets);
      else await this.#around((signed) => this.#signing!.update(event.octets, signed));
    }
  }

  /** What is signed goes on into the envelope. */
  async #around(sign: (signed: Uint8Array[]) => Promise<void>): Promise<void> {
    const signed: Uint8Array[] = [];
    await sign(signed);
    this.#signing?.takeEncoded(signed);
    for (const octets of signed) await this.#envelope!.update(octets as Bytes);
  }

  async #begin(root: Part): Promise<EntityChanges> {
    const options = this.#options;
    const split = withoutTelltales(splitMessage(root));
    await refuseBad(this.#readers, split, options);
    const { headerProtection = false, originatorInfo, wrapKeys, engine, random, signal } = options;
    const header =
      headerProtection === false
        ? undefined
        : protectedHeader(split, headerProtection, { ...options, legacyDisplay: false });
    const outside = header === undefined ? outerHeader(split) : withVersion(header.outside, split.isEntity);
    const envelope = {
      ...this.#chosen,
      recipients: this.#plan.readers.map(envelopeRecipient),
      ...(originatorInfo === undefined ? {} : { originatorInfo }),
      ...(wrapKeys === undefined ? {} : { wrapKeys }),
      ...(engine === undefined ? {} : { engine }),
      ...(random === undefined ? {} : { random }),
      ...(signal === undefined ? {} : { signal }),
    };
    this.#envelope = new EnvelopeStage(outside, envelope, this.#output);
    return header?.changes ?? {};
  }
}
