import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { FilledImapLimits } from '../limits.js';
import type { ImapQuirk } from '../quirks.js';
import { characterClass } from './characters.js';
import type { Frame } from './frame.js';

/** What the readers of one stream share. */
export interface SyntaxOptions {
  readonly limits: FilledImapLimits;
  readonly quirks: ReadonlySet<ImapQuirk>;
  /** Whether mailbox names are UTF-8 on the wire (RFC 9051, or UTF8=ACCEPT enabled) instead of modified UTF-7. */
  readonly utf8: boolean;
}

const NO_OCTETS: Bytes = new Uint8Array(0);
const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * A place in one frame, which moves from left to right: what stands there, what
 * is wrong with it, how many lists and departures from the grammar were met.
 */
export class FrameCursor {
  readonly text: string;
  readonly octets: Bytes;
  /** The place behind the last character; {@link attempt} moves it. */
  end: number;
  readonly options: SyntaxOptions;
  /** The place of the next character. */
  at: number;
  protected readonly frame: Frame;
  #depth = 0;
  #elements = 0;
  #quirks: ImapQuirk[] | undefined;

  constructor(frame: Frame, options: SyntaxOptions) {
    this.frame = frame;
    this.text = frame.text;
    this.octets = frame.octets;
    this.at = frame.start;
    this.end = frame.end;
    this.options = options;
  }

  /** The quirks that were met so far, each once. */
  get quirks(): readonly ImapQuirk[] {
    return this.#quirks ?? [];
  }

  /** Where the next character is in the stream. */
  get offset(): number {
    return this.frame.offset + this.at - this.frame.start;
  }

  /** The next character's code; -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** Whether the rest begins with these characters, in any case of letters. */
  startsWith(word: string): boolean {
    const to = this.at + word.length;
    return to <= this.end && this.text.substring(this.at, to).toUpperCase() === word.toUpperCase();
  }

  /** Takes the character if it is the next one. */
  skip(code: number): boolean {
    if (this.peek() !== code) return false;
    this.at++;
    return true;
  }

  /** Takes the words if they come next, in any case of letters. */
  skipWord(word: string): boolean {
    if (!this.startsWith(word)) return false;
    this.at += word.length;
    return true;
  }

  expect(code: number): void {
    if (this.peek() !== code) this.fail(`"${String.fromCharCode(code)}"`);
    this.at++;
  }

  /** Takes exactly one space. */
  space(): void {
    if (this.peek() !== SPACE) this.fail('" "');
    this.at++;
  }

  expectEnd(): void {
    if (this.at < this.end) this.fail('the end of the line');
  }

  /**
   * What `read` makes of everything up to `end`; `undefined`, with nothing
   * taken, where it finds that malformed or leaves something over.
   */
  attempt<Value>(end: number, read: (reader: this) => Value): Value | undefined {
    const { at, end: wholeEnd } = this;
    const depth = this.#depth;
    const noted = this.#quirks?.length ?? 0;
    this.end = end;
    try {
      const value = read(this);
      this.expectEnd();
      return value;
    } catch (error) {
      if (!(error instanceof MailsealError && error.code === 'imap-malformed')) throw error;
      this.at = at;
      this.#depth = depth;
      if (this.#quirks !== undefined) this.#quirks.length = noted;
      return undefined;
    } finally {
      this.end = wholeEnd;
    }
  }

  /** What stands between two places, as a frame that may be read after this one's octets were given back. */
  span(from: number, to: number): Frame {
    const { literals, offset, start } = this.frame;
    const isAscii = this.frame.isAscii === true;
    // Without its octets: the text holds all but literals of arrays of their own.
    return {
      text: this.text,
      octets: NO_OCTETS,
      start: from,
      end: to,
      offset: offset + from - start,
      isAscii,
      literals,
    };
  }

  /** Throws `imap-malformed`: what was wanted at this place, and what is there. */
  fail(wanted: string, at: number = this.at): never {
    const found =
      at >= this.end
        ? 'the line ends'
        : `${printable(this.text.substring(at, Math.min(at + 20, this.end)))} stands`;
    const offset = this.frame.offset + at - this.frame.start;
    throw new MailsealError('imap-malformed', `${wanted} is wanted at octet ${offset}, but ${found} there`, {
      offset,
    });
  }

  /** Whether a departure from the grammar is to be read; it is noted if so. */
  quirk(name: ImapQuirk): boolean {
    if (!this.options.quirks.has(name)) return false;
    this.#quirks ??= [];
    if (!this.#quirks.includes(name)) this.#quirks.push(name);
    return true;
  }

  /** Takes all characters of the classes (bits of {@link CharacterBit}); may be none. */
  run(bits: number): string {
    const from = this.at;
    const { text, end } = this;
    let at = from;
    while (at < end && (characterClass[text.charCodeAt(at)]! & bits) !== 0) at++;
    this.at = at;
    return text.substring(from, at);
  }

  /** A list in parentheses, its elements apart by one space; `()` is empty. */
  list<Element>(element: (reader: this) => Element): Element[] {
    const elements: Element[] = [];
    this.open();
    while (!this.skip(CLOSE)) {
      if (elements.length > 0) this.space();
      const next = this.peek();
      if (next === SPACE || next === CLOSE) {
        if (!this.quirk('extra-blanks')) this.fail('an element of the list');
        while (this.skip(SPACE));
        if (this.peek() === CLOSE) continue;
      }
      elements.push(element(this));
      this.count();
    }
    this.close();
    return elements;
  }

  /** Takes the parenthesis that opens a list; each needs a {@link close} after its own parenthesis was taken. */
  open(): void {
    this.expect(OPEN);
    if (++this.#depth > this.options.limits.depth) {
      throw new MailsealError(
        'limit-depth',
        `more than ${this.options.limits.depth} lists inside each other; raise limits.depth if that is meant`,
        {
          offset: this.frame.offset + this.at - this.frame.start,
        },
      );
    }
  }

  close(): void {
    this.#depth--;
  }

  /** Counts one more element of a list. */
  count(): void {
    if (++this.#elements > this.options.limits.listLength) {
      throw new MailsealError(
        'limit-list',
        `more than ${this.options.limits.listLength} elements in lists; raise limits.listLength if that is meant`,
        {
          offset: this.frame.offset + this.at - this.frame.start,
        },
      );
    }
  }
}

/** Where credentials may stand, readers fail by way of command/untold.ts. */
function printable(text: string): string {
  // Behind a line end of a CR alone another command may stand.
  return JSON.stringify(/^[^\r\n]*[\r\n]?/.exec(text)?.[0]);
}
