import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import type { Engine, EngineOptions } from '../core/engine.js';
import { type FindPair, pairFinder } from '../core/find-pair.js';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** The CR that was held back behind a dot, since the LF that ends the reply could have followed. */
const HELD_CR: Bytes = /* @__PURE__ */ Uint8Array.of(CR);

/** What the octets so far end with. */
const Place = {
  /** Within a line. */
  line: 0,
  /** CR. */
  cr: 1,
  /** CRLF, or nothing at all. */
  lineStart: 2,
  /** CRLF and the dot that may end the reply. */
  dot: 3,
  /** The same and CR. */
  dotCr: 4,
} as const;

type Place = (typeof Place)[keyof typeof Place];

/** How dots before lines are undone. */
export interface DotUnstuffOptions extends EngineOptions {
  /**
   * Whether a line may begin behind a bare LF, too, and LF, dot, LF end the
   * reply: for servers that send LF alone everywhere. A message of which one
   * server sends the octets as they are can then end early, and what follows in
   * it pass for the server's own words: never on without need. Default false.
   */
  readonly bareLf?: boolean;
}

/**
 * Finds the end of a multi-line reply (RFC 1939 §3) and takes the dots away
 * that were put before lines. The end is CRLF, dot, CRLF and nothing else; each
 * octet is looked at once, however it is divided into chunks.
 *
 * @example
 * ```ts
 * import { DotUnstuffer } from 'mailseal/pop3';
 *
 * const unstuffer = new DotUnstuffer();
 * const octets = new TextEncoder().encode('a\r\n..b\r\n.\r\n+OK');
 * const pieces = unstuffer.update(octets).map((piece) => new TextDecoder().decode(piece));
 * console.log(pieces, unstuffer.isEnded, octets.length - unstuffer.consumed); // [ 'a\r\n', '.b\r\n' ] true 3
 * ```
 */
export class DotUnstuffer {
  readonly #find: FindPair;
  readonly #bareLf: boolean;
  #place: Place = Place.lineStart;
  #isEnded = false;
  #consumed = 0;

  constructor(options: DotUnstuffOptions = {}) {
    this.#find = lineDotFinder(options.engine ?? 'auto');
    this.#bareLf = options.bareLf ?? false;
  }

  /** Whether the end was found. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether a line begins with the next octet, so that a dot there would be one of the wire. */
  get isAtLineStart(): boolean {
    return this.#place === Place.lineStart && !this.#isEnded;
  }

  /** How many octets of the last chunk were taken: those behind the end were not. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Takes the next octets; gives the message's, as views of the chunk. */
  update(chunk: Uint8Array): Bytes[] {
    const octets = asBytes(chunk);
    const pieces: Bytes[] = [];
    const { length } = octets;
    let at = 0;
    /** Where the octets begin that were not given yet. */
    let from = 0;
    if (this.#isEnded) {
      this.#consumed = 0;
      return pieces;
    }
    while (at < length) {
      switch (this.#place) {
        case Place.lineStart:
          if (octets[at] === DOT) {
            give(pieces, octets, from, at);
            at++;
            from = at;
            this.#place = Place.dot;
          } else this.#place = Place.line;
          break;
        case Place.dot:
          // RFC 1939 §3: any other line that begins with a dot had one put before it.
          if (octets[at] === CR) {
            at++;
            from = at;
            this.#place = Place.dotCr;
          } else if (this.#bareLf && octets[at] === LF) return this.#end(pieces, at + 1);
          else this.#place = Place.line;
          break;
        case Place.dotCr:
          if (octets[at] === LF) return this.#end(pieces, at + 1);
          pieces.push(HELD_CR);
          this.#place = Place.cr;
          break;
        case Place.cr:
          if (octets[at] === LF) {
            at++;
            this.#place = Place.lineStart;
          } else this.#place = Place.line;
          break;
        default:
          at = this.#line(octets, at);
      }
    }
    give(pieces, octets, from, length);
    this.#consumed = length;
    return pieces;
  }

  /** Goes on within a line: to the next dot that begins one, or to the end of the chunk. */
  #line(octets: Bytes, from: number): number {
    const { length } = octets;
    for (let at = this.#find(octets, from); at >= 0; at = this.#find(octets, at + 1)) {
      if (this.#bareLf || (at > from && octets[at - 1] === CR)) {
        this.#place = Place.lineStart;
        return at + 1;
      }
    }
    const last = octets[length - 1];
    if (last === CR) this.#place = Place.cr;
    else if (last === LF && (this.#bareLf || (length - 1 > from && octets[length - 2] === CR))) {
      this.#place = Place.lineStart;
    }
    return length;
  }

  #end(pieces: Bytes[], consumed: number): Bytes[] {
    this.#isEnded = true;
    this.#consumed = consumed;
    return pieces;
  }
}

function give(pieces: Bytes[], octets: Bytes, from: number, to: number): void {
  if (to > from) pieces.push(octets.subarray(from, to));
}

const finders = /* @__PURE__ */ new Map<Engine, FindPair>();

function lineDotFinder(engine: Engine): FindPair {
  let find = finders.get(engine);
  if (find === undefined) {
    find = pairFinder(LF, DOT, engine);
    finders.set(engine, find);
  }
  return find;
}

const DOT_OCTET: Bytes = /* @__PURE__ */ Uint8Array.of(DOT);
const END: Bytes = /* @__PURE__ */ Uint8Array.of(DOT, CR, LF);
const LINE_END_AND_END: Bytes = /* @__PURE__ */ Uint8Array.of(CR, LF, DOT, CR, LF);
const LF_LINE_END_AND_END: Bytes = /* @__PURE__ */ Uint8Array.of(LF, DOT, CR, LF);

/**
 * Puts a dot before each line that begins with one, and the end behind the
 * last (RFC 1939 §3). A line begins behind CRLF. A message that does not end
 * with one gets one: without it there is no way to tell where it ends.
 *
 * @example
 * ```ts
 * import { DotStuffer } from 'mailseal/pop3';
 *
 * const stuffer = new DotStuffer();
 * const octets = new TextEncoder().encode('a\r\n.b');
 * const text = [...stuffer.update(octets), ...stuffer.finish()].map((piece) => new TextDecoder().decode(piece));
 * console.log(text.join('')); // 'a\r\n..b\r\n.\r\n'
 * ```
 */
export class DotStuffer {
  readonly #find: FindPair;
  #place: Place = Place.lineStart;

  constructor(options: EngineOptions = {}) {
    this.#find = lineDotFinder(options.engine ?? 'auto');
  }

  /** Takes the next octets of the message; gives what goes on the wire, as views where that can be. */
  update(chunk: Uint8Array): Bytes[] {
    const octets = asBytes(chunk);
    const pieces: Bytes[] = [];
    const { length } = octets;
    if (length === 0) return pieces;
    let from = 0;
    let next = 0;
    if (this.#place === Place.cr && octets[0] === LF) {
      next = 1;
      this.#place = Place.lineStart;
    }
    if (this.#place === Place.lineStart && octets[next] === DOT) {
      give(pieces, octets, 0, next);
      pieces.push(DOT_OCTET);
      from = next;
    }
    for (let at = this.#find(octets, next); at >= 0; at = this.#find(octets, at + 1)) {
      if (at === 0 || octets[at - 1] !== CR) continue;
      give(pieces, octets, from, at + 1);
      pieces.push(DOT_OCTET);
      from = at + 1;
    }
    give(pieces, octets, from, length);
    this.#place = placeAfter(octets, next, this.#place);
    return pieces;
  }

  /** Ends the message. */
  finish(): Bytes[] {
    if (this.#place === Place.lineStart) return [END];
    return [this.#place === Place.cr ? LF_LINE_END_AND_END : LINE_END_AND_END];
  }
}

function placeAfter(octets: Bytes, next: number, before: Place): Place {
  const { length } = octets;
  if (length === next) return before;
  const last = octets[length - 1];
  if (last === CR) return Place.cr;
  return last === LF && length >= 2 && octets[length - 2] === CR ? Place.lineStart : Place.line;
}

/**
 * A whole message as it goes on the wire, its end included.
 *
 * @example
 * ```ts
 * import { dotStuff } from 'mailseal/pop3';
 *
 * console.log(new TextDecoder().decode(dotStuff(new TextEncoder().encode('.\r\n')))); // '..\r\n.\r\n'
 * ```
 */
export function dotStuff(message: Uint8Array, options?: EngineOptions): Bytes {
  const stuffer = new DotStuffer(options);
  return concatBytes([...stuffer.update(message), ...stuffer.finish()]);
}
