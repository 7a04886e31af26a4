import { Rekeying, type RekeyOptions } from '../../cms/stream/rekeying.js';
import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { OneRun } from '../../core/one-run.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import { MimeBase64Decoder } from '../../encoding/mime-base64-decoder.js';
import type { MimeLimits } from '../../mime/limits.js';
import { parseMessage } from '../../mime/message.js';
import type { ParseOptions } from '../../mime/parse-options.js';
import { Part } from '../../mime/part.js';
import { type MimeEvent, MimeReader } from '../../mime/reader.js';
import { isCmsPart } from '../cms-part.js';
import type { RecipientChecking } from '../encrypt/check-recipients.js';
import { envelopeRecipient } from '../encrypt/envelope.js';
import { type MessageRecipient, recipientList } from '../encrypt/message-recipient.js';
import { type RecipientAcceptance, refuseRecipients } from '../encrypt/refuse-recipients.js';
import { mimeOptions } from '../verify/find-seals.js';
import { Base64Output } from './base64-output.js';
import { EvenPieces } from './even-pieces.js';
import { type PieceOutput, pieceOutput } from './piece-output.js';
import { type TransferDecoder, transferDecoder } from './transfer-decoder.js';

/** Who is to be able to read an encrypted message from now on, beside `keys`, which open it now. */
export interface RekeyMessageOptions
  extends Omit<RekeyOptions, 'recipients' | 'limits'>,
    RecipientChecking,
    RecipientAcceptance {
  /** Those who are added, or take the place of those who were. */
  readonly recipients: readonly MessageRecipient[];
  readonly limits?: RekeyOptions['limits'] & {
    /** Limits on reading the message. */
    readonly mime?: MimeLimits;
  };
}

const CR = 0x0d;

/** What `MimeBase64Decoder` wants of an output beyond the length of its input. */
const MORE_DECODED = 8;

/** Octets of a message that are read at once where it is there as a whole. */
const STEP = 256 << 10;

/**
 * Gives an encrypted message other readers without decrypting it (RFC 5652 §6.2): its content key is decrypted once and
 * encrypted anew, and the octets that it encrypted stay the very same. For archives, gateways and mailing lists whose
 * readers change; see `Rekeyer` for what that **cannot** take away from a former reader.
 *
 * The header stays octet for octet, but for line ends, which become CRLF, and for what would be false afterwards:
 * the transfer encoding becomes base64, and Content-MD5, Content-Length and Lines go. To and Cc are not touched, and a
 * DKIM-Signature over the body fits no more. Everybody who has the message sees whom it is encrypted for.
 *
 * The new body is the new structure and nothing else. What stood behind the old one, within its transfer encoding or
 * after it, is left out without a word: nothing encrypted it, and it is no part of what was sent in secret. A footer
 * that a relay put there goes so.
 *
 * New recipients' certificates are looked at as by `encryptMessage`, except that the address of one is compared only
 * where he brings it. The cipher stays what it was, whatever they say that they can read.
 *
 * @param message the octets, or what `parseMessage` gave
 * @throws MailsealError `smime-not-encrypted` for a message that is not encrypted as a whole, or has a signature around
 * the encryption, which would break; `smime-recipient-refused`; the codes of `Rekeyer`; `usage`, also for a message
 * whose lines end in CR alone; limits of `parseMessage`; `aborted`.
 * @example
 * ```ts
 * import { decryptMessage, encryptMessage, rekeyMessage } from 'mailseal/smime';
 *
 * const [old, fresh] = ['eight friendly herons wading', 'nine quiet otters asleep'].map((password) => ({ password }));
 * const at = new Date('2027-01-01');
 * const message = new TextEncoder().encode('To: list@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, { recipients: [old!], at });
 *
 * const rekeyed = await rekeyMessage(sealed!.message, { keys: [old!], recipients: [fresh!], at });
 * const opened = await decryptMessage(rekeyed, { keys: [fresh!] });
 * console.log(new TextDecoder().decode(opened.message).split('\r\n').at(-2)); // At nine.
 * ```
 */
export async function rekeyMessage(message: Uint8Array | Part, options: RekeyMessageOptions): Promise<Bytes> {
  if (message instanceof Part && message.parent !== undefined) {
    throw usage(`a whole message is re-keyed, not its part "${message.path}"; pass the octets of the part`);
  }
  const octets = message instanceof Part ? message.bytes : asBytes(message);
  const rekeying = new MessageRekeying(options);
  const { output } = rekeying;
  // About what the new message takes: it is long already, so that it need not be moved.
  output.reserve(octets.length + OCTETS_OF_RECIPIENT * options.recipients.length + 4096);
  for (let at = 0; at < octets.length; at += STEP) {
    throwIfAborted(options.signal);
    await rekeying.update(octets.subarray(at, at + STEP));
  }
  await rekeying.finish();
  return output.take();
}

/** Octets of base64 that a recipient takes whose key is RSA-2048. */
const OCTETS_OF_RECIPIENT = 600;

/**
 * {@link rekeyMessage} for a message that comes in pieces: any split gives the same octets, but for those that are
 * random. Memory does not grow with the message, only with the number of recipients.
 *
 * @throws MailsealError from the constructor `usage` where the options do not fit together; from `update` and `finish`
 * as `rekeyMessage`; `usage` for a call before the promise of the last is fulfilled, or after an error or `finish`. Nothing that was given before an error is a message.
 * @example
 * ```ts
 * import { decryptMessage, encryptMessage, MessageRekeyer } from 'mailseal/smime';
 *
 * const [old, fresh] = ['eight friendly herons wading', 'nine quiet otters asleep'].map((password) => ({ password }));
 * const at = new Date('2027-01-01');
 * const message = new TextEncoder().encode('To: list@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, { recipients: [old!], at });
 *
 * const rekeyer = new MessageRekeyer({ keys: [old!], recipients: [fresh!], mode: 'add', at });
 * const pieces: Uint8Array[] = [];
 * for (let from = 0; from < sealed!.message.length; from += 100) {
 *   pieces.push(await rekeyer.update(sealed!.message.subarray(from, from + 100)));
 * }
 * pieces.push(await rekeyer.finish());
 * const rekeyed = new Uint8Array(pieces.flatMap((piece) => [...piece]));
 * const { envelope } = await decryptMessage(rekeyed, { keys: [fresh!] });
 * console.log(envelope.recipients.length); // 2
 * ```
 */
export class MessageRekeyer {
  readonly #run: OneRun;
  readonly #rekeying: MessageRekeying;

  constructor(options: RekeyMessageOptions) {
    this.#rekeying = new MessageRekeying(options);
    this.#run = new OneRun('MessageRekeyer', options.signal);
  }

  /** Takes the next octets of the message and gives those of the new one; the chunk may be reused when the promise is fulfilled. */
  async update(chunk: Uint8Array, options?: PieceOutput): Promise<Bytes> {
    const output = pieceOutput(options, chunk);
    return this.#run.step(false, async () => {
      const octets = asBytes(chunk);
      this.#rekeying.output.writeTo(output);
      this.#rekeying.output.reserve(octets.length);
      await this.#rekeying.update(octets);
      return this.#rekeying.output.take();
    });
  }

  /** Gives the rest. Once only, `usage` a second time. */
  finish(): Promise<Bytes> {
    return this.#run.step(true, async () => {
      await this.#rekeying.finish();
      return this.#rekeying.output.take();
    });
  }
}

/** The work of both, which writes to one output. */
class MessageRekeying {
  readonly output: Base64Output = new Base64Output();
  readonly #options: RekeyMessageOptions;
  readonly #parsing: ParseOptions;
  readonly #reader: MimeReader;
  readonly #rekeying: Rekeying;
  readonly #pieces = new EvenPieces();
  /** The fields, and lines that are none, until the header is whole. */
  readonly #header: HeaderPiece[] = [];
  #decoder: TransferDecoder | undefined;
  /** Where content is decoded to, again and again. */
  #decoded: Bytes = new Uint8Array(0);
  /** The new header, until there is content after it. */
  #start: Bytes | undefined;

  constructor(options: RekeyMessageOptions) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    const recipients = recipientList('recipients', options.recipients);
    const { mime: _mime, ...limits } = options.limits ?? {};
    this.#options = options;
    this.#parsing = mimeOptions(options.limits ?? {});
    this.#reader = new MimeReader(this.#parsing);
    this.#rekeying = new Rekeying({ ...options, recipients: recipients.map(envelopeRecipient), limits });
  }

  async update(octets: Bytes): Promise<void> {
    for (const event of this.#reader.push(octets)) await this.#read(event);
  }

  async finish(): Promise<void> {
    for (const event of this.#reader.end()) await this.#read(event);
    if (this.#decoder === undefined) throw notEncrypted();
    await this.#rekey(this.#decoder.finish());
    await this.#write((given) => this.#rekeying.update(this.#pieces.end(), given));
    await this.#write((given) => this.#rekeying.finish(given));
    this.output.finish();
  }

  async #read(event: MimeEvent): Promise<void> {
    switch (event.type) {
      case 'header-field':
      case 'header-other': {
        const { bytes, type } = event;
        const nameEnd = type === 'header-field' ? event.nameEnd - event.start : 0;
        const name = latin1FromBytes(bytes.subarray(0, Math.min(nameEnd, 100))).toLowerCase();
        this.#header.push({ name, bytes: bytes.slice() });
        return;
      }
      case 'headers-end':
        if (event.kind !== 'leaf') throw notEncrypted();
        await this.#begin();
        return;
      case 'body':
        return this.#rekey(this.#decode(this.#decoder!, event.bytes));
      default:
    }
  }

  async #begin(): Promise<void> {
    if (this.#header.at(-1)?.bytes.at(-1) === CR) {
      throw usage('the lines of the message end in CR alone; give them CRLF before it is re-keyed');
    }
    const header = parseMessage(
      concatBytes([...this.#header.map(({ bytes }) => bytes), bytesFromLatin1('\r\n')]),
      this.#parsing,
    );
    if (!isCmsPart(header)) throw notEncrypted();
    this.#start = rekeyedHeader(this.#header, header.transferEncoding);
    this.#decoder = transferDecoder(header.transferEncoding);
    await refuseRecipients(this.#options.recipients, this.#options, () => []);
  }

  #decode(decoder: TransferDecoder, octets: Bytes): Bytes {
    if (!(decoder instanceof MimeBase64Decoder)) return decoder.update(octets);
    const most = octets.length + MORE_DECODED;
    if (this.#decoded.length < most) this.#decoded = new Uint8Array(most);
    return decoder.update(octets, { output: this.#decoded });
  }

  async #rekey(octets: Bytes): Promise<void> {
    for (const piece of this.#pieces.push(octets)) {
      await this.#write((given) => this.#rekeying.update(piece, given));
    }
  }

  async #write(work: (given: Uint8Array[]) => Promise<void>): Promise<void> {
    const given: Uint8Array[] = [];
    try {
      await work(given);
    } catch (error) {
      // For the CMS another type is another object; for the message it is that it is not encrypted.
      if (error instanceof MailsealError && error.code === 'cms-wrong-type') throw notEncrypted(error);
      throw error;
    }
    for (const octets of given) {
      if (octets.length === 0) continue;
      if (this.#start !== undefined) this.output.add(this.#start);
      this.#start = undefined;
      this.output.encode(octets as Bytes);
    }
  }
}

/** A header field, or a line that is none. */
interface HeaderPiece {
  /** In lower case; of a line that is no field nothing. */
  readonly name: string;
  readonly bytes: Bytes;
}

/** What would be false of the new body. */
const ABOUT_BODY: ReadonlySet<string> = /* @__PURE__ */ new Set(['content-md5', 'content-length', 'lines']);

function rekeyedHeader(pieces: readonly HeaderPiece[], encoding: string): Bytes {
  const written: Uint8Array[] = [];
  let hasEncoding = false;
  for (const { name, bytes } of pieces) {
    if (ABOUT_BODY.has(name)) continue;
    if (name === 'content-transfer-encoding') {
      // Of several the first counts, and readers differ in that.
      if (!hasEncoding) written.push(encoding === 'base64' ? bytes : bytesFromLatin1(BASE64));
      hasEncoding = true;
    } else written.push(bytes);
  }
  if (!hasEncoding) written.push(bytesFromLatin1(BASE64));
  return canonicalLineEnds(concatBytes([...written, bytesFromLatin1('\r\n')]));
}

const BASE64 = 'Content-Transfer-Encoding: base64\r\n';

function notEncrypted(cause?: MailsealError): MailsealError {
  return new MailsealError(
    'smime-not-encrypted',
    'the message is not encrypted as a whole, so there is no key of it to encrypt anew; what a signature covers cannot be re-keyed',
    cause === undefined ? {} : { cause },
  );
}
