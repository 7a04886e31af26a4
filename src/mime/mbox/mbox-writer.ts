import { asBytes, type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { LineEndCanonicalizer } from '../../encoding/line-ends.js';
import { formatDate } from '../compose/format-date.js';
import { findFrom, LONGEST_MARKER, type MboxFormat, UNDECIDED } from './mbox-line.js';

/** What an {@link MboxWriter} may be told. */
export interface MboxWriterOptions {
  /** Default `mboxrd`, the one that gives every message back as it was. */
  readonly format?: MboxFormat;
  /**
   * How lines end: `lf` as other programs on Unix expect it (CRLF becomes LF),
   * `crlf` (a bare LF becomes CRLF), `keep` as they stand in the message. The
   * writer’s own lines end with LF but for `crlf`; a Content-Length ends as the
   * header’s other lines do. Default `keep`.
   */
  readonly lineEnds?: 'keep' | 'lf' | 'crlf';
}

/** What stands in the line before a message (RFC 4155 appendix A). */
export interface MboxEnvelope {
  /** When the message was delivered; written as UTC. */
  readonly date: Date;
  /** The envelope sender, without blanks. Default `MAILER-DAEMON`, as for the empty one. */
  readonly sender?: string;
}

const LF = 0x0a;
const CR = 0x0d;
const GREATER = Uint8Array.of(0x3e);

/**
 * Writes messages as a mailbox file: for each `begin`, `update` as often as
 * octets come, `finish`; what they give, one after the other, is the file. Any
 * split of a message gives the same octets.
 *
 * A message that does not end with a line end gets one. With mboxcl and mboxcl2
 * a message is held back until `finish`, since the Content-Length before its
 * body counts it; such a field that it has already is left out.
 *
 * @example
 * ```ts
 * import { MboxWriter } from 'mailseal/mime';
 *
 * const writer = new MboxWriter();
 * const octets = (text: string) => new TextEncoder().encode(text);
 * const file = [
 *   writer.begin({ sender: 'joe@example.org', date: new Date(Date.UTC(1998, 10, 20, 13, 3, 23)) }),
 *   writer.update(octets('Subject: a\n\nFr')),
 *   writer.update(octets('om here on\n')),
 *   writer.finish(),
 * ].map((piece) => new TextDecoder().decode(piece));
 * console.log(file[0]?.trim()); // From joe@example.org Fri Nov 20 13:03:23 1998
 * console.log(file.slice(1).join('').split('\n')); // [ 'Subject: a', '', '>From here on', '', '' ]
 * ```
 */
export class MboxWriter {
  readonly #format: MboxFormat;
  readonly #lineEnds: 'keep' | 'lf' | 'crlf';
  #inMessage = false;
  #lines: LineEndCanonicalizer = new LineEndCanonicalizer();
  /** What cannot be told yet: a CR that may be part of a line end, a line that may begin with `From `. */
  #carry: Bytes = new Uint8Array(0);
  #atLineStart = true;
  #last = LF;
  /** For mboxcl and mboxcl2: the message so far, quoted. */
  #held: Bytes[] = [];

  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: MboxWriterOptions = {}) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    const { format = 'mboxrd', lineEnds = 'keep' } = options;
    if (!['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'].includes(format)) {
      throw usage(`format is mboxo, mboxrd, mboxcl or mboxcl2, not ${shown(format)}`);
    }
    if (lineEnds !== 'keep' && lineEnds !== 'lf' && lineEnds !== 'crlf') {
      throw usage(`lineEnds is keep, lf or crlf, not ${shown(lineEnds)}`);
    }
    this.#format = format;
    this.#lineEnds = lineEnds;
  }

  /**
   * Begins a message; gives its marker line.
   *
   * @throws MailsealError `usage` for a sender with blanks or control characters, for a date that is none, and
   *   when the message before is not finished.
   */
  begin(envelope: MboxEnvelope): Bytes {
    if (this.#inMessage) throw usage('the message before this one was not finished');
    if (typeof envelope !== 'object' || envelope === null)
      throw usage(`the envelope is wanted as an object, not ${shown(envelope)}`);
    const { date, sender = 'MAILER-DAEMON' } = envelope;
    if (!/^[^\p{White_Space}\p{Cc}]+$/u.test(sender)) {
      throw usage('the sender of a mailbox file’s line is one word, without control characters');
    }
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
      throw usage('the date of a mailbox file’s line is a Date that is valid');
    }
    const line = bytesFromUtf8(`From ${sender} ${asctime(date)}`);
    if (line.length >= LONGEST_MARKER) {
      throw usage('the sender of a mailbox file’s line is too long for one line');
    }
    this.#inMessage = true;
    this.#lines = new LineEndCanonicalizer();
    this.#carry = new Uint8Array(0);
    this.#atLineStart = true;
    this.#last = LF;
    this.#held = [];
    return concatBytes([line, this.#lineEnd()]);
  }

  /**
   * Takes the next octets of the message; gives what is settled by them.
   *
   * @throws MailsealError `usage` outside of a message.
   */
  update(chunk: Uint8Array): Bytes {
    return this.#hold(this.#convert(asBytes(chunk), false));
  }

  /**
   * Ends the message; gives the rest of it and the empty line behind it.
   *
   * @throws MailsealError `usage` outside of a message; `mime-malformed` for mboxcl2 when a line of the header
   *   block begins with `From `, since nothing is quoted there and a Content-Length counts the body only.
   */
  finish(): Bytes {
    const pieces = [this.#convert(new Uint8Array(0), true)];
    this.#inMessage = false;
    if (this.#last !== LF) pieces.push(this.#lineEnd());
    if (this.#format === 'mboxcl' || this.#format === 'mboxcl2') {
      const message = concatBytes([...this.#held, ...pieces]);
      this.#held = [];
      const counted = withContentLength(message, {
        lineEnd: this.#lineEnd(),
        asNeighbours: this.#lineEnds === 'keep',
        refusesMarkers: this.#format === 'mboxcl2',
      });
      return concatBytes([...counted, this.#lineEnd()]);
    }
    return concatBytes([...pieces, this.#lineEnd()]);
  }

  #lineEnd(): Bytes {
    return this.#lineEnds === 'crlf' ? Uint8Array.of(CR, LF) : Uint8Array.of(LF);
  }

  #hold(octets: Bytes): Bytes {
    if (this.#format === 'mboxrd' || this.#format === 'mboxo') return octets;
    // The caller may reuse the chunk that this may be a view of.
    this.#held.push(octets.slice());
    return new Uint8Array(0);
  }

  /** Line ends made as they have to be, and lines quoted. */
  #convert(chunk: Bytes, final: boolean): Bytes {
    if (!this.#inMessage) throw usage('a message begins with begin()');
    const lines = this.#lineEnds === 'crlf' ? this.#lines.update(chunk) : chunk;
    const input = this.#carry.length === 0 ? lines : concatBytes([this.#carry, lines]);
    const pieces: Bytes[] = [];
    const told = this.#quote(input, pieces, final);
    this.#carry = input.slice(told);
    const output = concatBytes(pieces);
    if (output.length > 0) this.#last = output.at(-1)!;
    return output;
  }

  /** Puts what is settled of the input into pieces; how far that is. */
  #quote(input: Bytes, pieces: Bytes[], final: boolean): number {
    const { length } = input;
    let told = 0;
    let line = this.#atLineStart ? 0 : -1;
    for (;;) {
      if (line >= 0) {
        if (line === length) break;
        const from = this.#format === 'mboxcl2' ? -1 : findFrom(input, line, length);
        if (from === UNDECIDED && !final) {
          this.#atLineStart = true;
          pieces.push(input.subarray(told, line));
          return line;
        }
        if (from >= 0 && (from === line || this.#format !== 'mboxo')) {
          pieces.push(input.subarray(told, line), GREATER);
          told = line;
        }
      }
      const lf = input.indexOf(LF, Math.max(line, 0));
      if (lf < 0) {
        line = -1;
        break;
      }
      line = lf + 1;
      if (this.#lineEnds === 'lf' && lf > 0 && input[lf - 1] === CR) {
        pieces.push(input.subarray(told, lf - 1));
        told = lf;
      }
    }
    this.#atLineStart = line >= 0;
    // A CR at the end goes if an LF comes.
    const end =
      this.#lineEnds === 'lf' && !final && length > 0 && input[length - 1] === CR ? length - 1 : length;
    pieces.push(input.subarray(told, end));
    return end;
  }
}

/** How {@link withContentLength} writes. */
interface ContentLengthRules {
  readonly lineEnd: Bytes;
  /** Whether the field ends as the line before or behind it does, where there is one. */
  readonly asNeighbours: boolean;
  /** Whether a line of the header block that looks like a marker is refused. */
  readonly refusesMarkers: boolean;
}

/** The message with the octets of its body in a Content-Length at the end of its header block. */
function withContentLength(
  message: Bytes,
  { lineEnd, asNeighbours, refusesMarkers }: ContentLengthRules,
): Bytes[] {
  const pieces: Bytes[] = [];
  let told = 0;
  let dropping = false;
  for (let line = 0; ; ) {
    const lf = message.indexOf(LF, line);
    const end = lf < 0 ? message.length : lf + 1;
    const first = message[line];
    if (refusesMarkers && findFrom(message, line, end) === line) {
      throw new MailsealError(
        'mime-malformed',
        `a line of the header block begins with "From " (octet ${line} of what is written), which mboxcl2 cannot hold; use another format`,
        { offset: line },
      );
    }
    const atEnd = line === end || first === LF || (first === CR && line + 2 === end);
    const drop: boolean =
      !atEnd && (isContentLength(message, line, end) || (dropping && (first === 0x20 || first === 0x09)));
    if (drop !== dropping) {
      if (drop) pieces.push(message.subarray(told, line));
      else told = line;
      dropping = drop;
    }
    if (atEnd) {
      const length = message.length - end;
      const neighbours = asNeighbours ? lineEndBehind(message, line > 0 ? line : end) : undefined;
      const own = neighbours ?? lineEnd;
      pieces.push(message.subarray(told, line), bytesFromUtf8(`Content-Length: ${length}`), own);
      pieces.push(line === end ? own : message.subarray(line, end), message.subarray(end));
      return pieces;
    }
    line = end;
  }
}

/** The line end that stands before an offset, if there is one. */
function lineEndBehind(message: Bytes, offset: number): Bytes | undefined {
  if (message[offset - 1] !== LF) return undefined;
  return message[offset - 2] === CR ? Uint8Array.of(CR, LF) : Uint8Array.of(LF);
}

function isContentLength(message: Bytes, line: number, end: number): boolean {
  return /^content-length[ \t]*:/i.test(latin1FromBytes(message, line, Math.min(end, line + 998)));
}

/** C’s asctime of the moment in UTC. */
function asctime(date: Date): string {
  const [weekday, day, month, year, time] = formatDate(date, 0).replace(',', '').split(' ');
  return `${weekday} ${month} ${day!.replace(/^0/, ' ')} ${time} ${year}`;
}

/**
 * Writes one message as a mailbox file has it: its marker line, itself, and the
 * empty line behind it; for many or for long ones there is {@link MboxWriter}.
 *
 * @throws MailsealError `usage` for an option, a sender or a date that is none; `mime-malformed` as {@link MboxWriter} does.
 * @example
 * ```ts
 * import { readMbox, writeMboxMessage } from 'mailseal/mime';
 *
 * const message = new TextEncoder().encode('Subject: a\r\n\r\nFrom here on\r\n');
 * const written = writeMboxMessage(message, { date: new Date(0) });
 * console.log(written.length, [...readMbox(written)][0]?.octets.length === message.length); // 74 true
 * ```
 */
export function writeMboxMessage(
  octets: Uint8Array,
  envelope: MboxEnvelope,
  options: MboxWriterOptions = {},
): Bytes {
  const writer = new MboxWriter(options);
  return concatBytes([writer.begin(envelope), writer.update(octets), writer.finish()]);
}
