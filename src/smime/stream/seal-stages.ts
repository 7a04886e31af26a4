import {
  EnvelopedDataWriter,
  type EnvelopedDataWriterOptions,
} from '../../cms/stream/enveloped-data-writer.js';
import { SignedDataWriter } from '../../cms/stream/signed-data-writer.js';
import { type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { encodeMimeBase64 } from '../../encoding/mime-base64.js';
import { Boundaries } from '../../mime/compose/compose-boundary.js';
import { envelopeType } from '../encrypt/envelope.js';
import { pkcs7MimeHeader, type SignedFrame, signedFrame } from '../entity/sealed-entity.js';
import { micalgOfDigests } from '../sign/micalg.js';
import { type MessageSigning, withDefaults } from '../sign/sign-entity.js';
import { Base64Output } from './base64-output.js';
import { BoundaryWatch } from './boundary-watch.js';
import { EvenPieces, PIECE_OCTETS } from './even-pieces.js';

/**
 * A signature around an entity.
 *
 * @throws MailsealError `usage`, and the codes of `SignedDataWriter`.
 */
export class SigningStage {
  /** Whether the entity stands beside its signature, so that servers on the way see it. */
  readonly isDetached: boolean;
  readonly #writer: SignedDataWriter;
  readonly #frame: SignedFrame;
  readonly #watch: BoundaryWatch;
  readonly #pieces = new EvenPieces();
  readonly #output = new Base64Output();
  /** The header outside, until it is given. */
  #header: string | undefined = '';

  constructor(signing: MessageSigning) {
    const { form = 'detached', signers, signingTime } = signing;
    if (form !== 'detached' && form !== 'opaque') {
      throw usage(`a signature is 'detached' or 'opaque', not ${shown(form)}`);
    }
    if (!Array.isArray(signers)) throw usage('`signers` must be an array of signing keys');
    this.isDetached = form === 'detached';
    this.#writer = new SignedDataWriter({
      ...signing,
      detached: this.isDetached,
      signers: signers.map((signer) => withDefaults(signer, signingTime)),
    });
    const boundary = new Boundaries(signing.random).draw();
    this.#watch = new BoundaryWatch(boundary);
    this.#frame = signedFrame(boundary, micalgOfDigests(this.#writer.digests));
  }

  /** Says which fields stand outside, as text. To be called before there are octets. */
  begin(header: string): void {
    this.#header = header;
  }

  /** Has what is encoded written to memory that is lent, until it is taken. */
  writeTo(output: Bytes | undefined): void {
    if (!this.isDetached) this.#output.writeTo(output);
  }

  /** Takes the next octets; views of them may be given. */
  async update(octets: Bytes, given: Uint8Array[]): Promise<void> {
    this.#giveHeader(given);
    if (this.isDetached) {
      this.#watch.update(octets);
      await this.#writer.update(octets);
      given.push(octets);
      return;
    }
    reservePieces(this.#output, this.#pieces.whole(octets.length));
    for (const piece of this.#pieces.push(octets)) this.#output.encode(await this.#writer.update(piece));
  }

  /** Gives the rest. */
  async finish(given: Uint8Array[]): Promise<void> {
    this.#giveHeader(given);
    if (this.isDetached) {
      const { between, after } = this.#frame;
      const signature = encodeMimeBase64(await this.#writer.finish());
      given.push(bytesFromLatin1(between), signature, bytesFromLatin1(after));
      return;
    }
    this.#output.encode(await this.#writer.update(this.#pieces.end()));
    this.#output.encode(await this.#writer.finish());
    this.#output.finish();
  }

  /** Gives what was encoded since the last call, in one piece. */
  takeEncoded(given: Uint8Array[]): void {
    if (!this.isDetached) given.push(this.#output.take());
  }

  #giveHeader(given: Uint8Array[]): void {
    if (this.#header === undefined) return;
    if (this.isDetached) given.push(bytesFromLatin1(this.#header + this.#frame.before));
    else this.#output.add(bytesFromLatin1(this.#header + pkcs7MimeHeader('signed-data')));
    this.#header = undefined;
  }
}

/**
 * An envelope around an entity, as a message.
 *
 * @throws MailsealError the codes of `EnvelopedDataWriter`.
 */
export class EnvelopeStage {
  readonly #writer: EnvelopedDataWriter;
  readonly #pieces = new EvenPieces();
  readonly #output: Base64Output;
  #start: string | undefined;

  /**
   * @param header the fields outside, as text
   * @param output gets what is written
   */
  constructor(
    header: string,
    options: EnvelopedDataWriterOptions & Required<Pick<EnvelopedDataWriterOptions, 'cipher'>>,
    output: Base64Output,
  ) {
    this.#output = output;
    this.#start = header + pkcs7MimeHeader(envelopeType(options.cipher));
    this.#writer = new EnvelopedDataWriter(options);
  }

  /** Takes the next octets. */
  async update(octets: Bytes): Promise<void> {
    reservePieces(this.#output, this.#pieces.whole(octets.length));
    for (const piece of this.#pieces.push(octets)) this.#add(await this.#writer.update(piece));
  }

  /** Everything was there. */
  async finish(): Promise<void> {
    this.#add(await this.#writer.update(this.#pieces.end()));
    this.#add(await this.#writer.finish());
    this.#output.finish();
  }

  /** Overwrites the content key, for a message that is not written to its end. */
  wipe(): void {
    this.#writer.wipe();
  }

  #add(octets: Bytes): void {
    // Nobody is told anything before there are keys for all.
    if (this.#start !== undefined) this.#output.add(bytesFromLatin1(this.#start));
    this.#start = undefined;
    this.#output.encode(octets);
  }
}

/** Sees to room for so many pieces of content with their headers. */
function reservePieces(output: Base64Output, pieces: number): void {
  if (pieces > 0) output.reserveEncoded(pieces * (PIECE_OCTETS + 16));
}
