import { type Bytes, equalBytes, latin1FromBytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import { bytesFromUtf8, utf8FromBytes } from '../core/utf8.js';
import { CRLF } from './base64-groups.js';
import { chooserOf, passing } from './native-choice.js';

/** The part of Node's `Buffer` that is used here, so that no platform's types are needed. */
interface NativeBuffer {
  toString(encoding: 'latin1' | 'base64', start: number, end: number): string;
  write(text: string, offset: number, length: number, encoding: 'base64' | 'latin1'): number;
}
interface NativeBufferConstructor {
  from(memory: ArrayBuffer, offset: number, length: number): NativeBuffer;
}

/** Base64 of ECMAScript itself, where arrays have it. */
interface ArrayMethods {
  setFromBase64(
    this: Uint8Array,
    text: string,
    options: { lastChunkHandling: 'strict' },
  ): { readonly written: number };
  toBase64(this: Uint8Array): string;
}

/** Where {@link nativeBase64Of} looks. */
export interface NativeScope {
  readonly Buffer?: unknown;
  readonly Uint8Array: { readonly prototype: object };
}

/** How far {@link NativeBase64.decodeLines} came. */
export interface DecodedLines {
  /** How many characters were read. */
  readonly characters: number;
  /** How many octets were written. */
  readonly octets: number;
}

/** Base64 as the runtime does it. */
export interface NativeBase64 {
  /**
   * Decodes lines from `from` on into `out` from `at` on, up to the first that
   * differs in any way from the one at `from`: in length, in its line end, by
   * padding or by anything outside the alphabet.
   */
  decodeLines(input: Bytes, from: number, out: Bytes, at: number): DecodedLines;
  /**
   * Decodes a text without line ends into `content`, which has just the length
   * that it stands for. `false` for all that is not the canonical form of its
   * value; what `content` holds then means nothing.
   */
  decode(text: string | Bytes, content: Bytes): boolean;
  encode(octets: Bytes): string;
  /**
   * Encodes whole lines of `lineOctets` octets each, a multiple of 3, into `out` from `at` on, each with CRLF behind it.
   * Gives the next place in `out`.
   */
  encodeLines(octets: Bytes, lineOctets: number, out: DataView, at: number): number;
}

/** From so many characters on the runtime's calls are worth their price. */
export const WORTH_NATIVE = 1024;
/** Characters for one call: their string still stands in the collector's first generation. */
const PIECE = 40_000;
const PIECE_OCTETS = (PIECE / 4) * 3;
const LF = 0x0a;
const CR = 0x0d;

const choose = /* @__PURE__ */ chooserOf('base64', () => nativeBase64Of(globalThis));

/**
 * The runtime's base64 where `engine` lets it be used and it passed its
 * known-answer test.
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where there is none; `usage` for an unknown engine.
 */
export function chooseNativeBase64(engine: Engine = 'auto'): NativeBase64 | undefined {
  return choose(engine);
}

/**
 * The base64 of a runtime whose global objects are those: its Buffer's, or that
 * of its arrays, if one passes the known-answer test.
 */
export function nativeBase64Of(scope: NativeScope): NativeBase64 | undefined {
  const madeOf = (calls: RuntimeCalls): NativeBase64 => new RuntimeBase64(calls);
  return (
    passing(() => bufferCalls(scope.Buffer), madeOf, knowsItsAnswers) ??
    passing(() => arrayCalls(scope.Uint8Array.prototype), madeOf, knowsItsAnswers)
  );
}

/** What runtimes can do, each in its own way. */
interface RuntimeCalls {
  /** Gives the characters of ASCII octets; what is not ASCII may give anything but base64. */
  read(input: Bytes, start: number, end: number): string;
  /** Gives how many octets of `text` it wrote to `out` from `at` on, `length` of them at most; damage may throw. */
  decode(text: string, out: Bytes, at: number, length: number): number;
  encode(octets: Bytes): string;
  /** Writes ASCII characters to `out` from `at` on. */
  write(text: string, out: Bytes, at: number): void;
}

function bufferCalls(found: unknown): RuntimeCalls | undefined {
  if (typeof found !== 'function') return undefined;
  const buffers = found as unknown as NativeBufferConstructor;
  const of = ({ buffer, byteOffset, length }: Bytes) => buffers.from(buffer, byteOffset, length);
  return {
    read: (input, start, end) => of(input).toString('latin1', start, end),
    decode: (text, out, at, length) => of(out).write(text, at, length, 'base64'),
    encode: (octets) => of(octets).toString('base64', 0, octets.length),
    write: (text, out, at) => of(out).write(text, at, text.length, 'latin1'),
  };
}

function arrayCalls(prototype: object): RuntimeCalls | undefined {
  const { setFromBase64, toBase64 } = prototype as Partial<ArrayMethods>;
  if (typeof setFromBase64 !== 'function' || typeof toBase64 !== 'function') return undefined;
  const strict = { lastChunkHandling: 'strict' } as const;
  return {
    read: (input, start, end) => utf8FromBytes(input.subarray(start, end)),
    decode: (text, out, at, length) =>
      setFromBase64.call(out.subarray(at, at + length), text, strict).written,
    encode: (octets) => toBase64.call(octets),
    write: (text, out, at) => out.set(bytesFromUtf8(text), at),
  };
}

class RuntimeBase64 implements NativeBase64 {
  readonly #calls: RuntimeCalls;

  constructor(calls: RuntimeCalls) {
    this.#calls = calls;
  }

  encode(octets: Bytes): string {
    return this.#calls.encode(octets);
  }

  decode(text: string | Bytes, content: Bytes): boolean {
    let at = 0;
    for (let from = 0; from < text.length; from += PIECE) {
      const end = Math.min(text.length, from + PIECE);
      const piece = typeof text === 'string' ? text.slice(from, end) : this.#calls.read(text, from, end);
      const length = Math.min(PIECE_OCTETS, content.length - at);
      if (this.#written(piece, content, at, length) !== length) return false;
      // Native decoders pass over junk and stray bits: the canonical form is the one that encoding gives.
      if (this.#calls.encode(content.subarray(at, at + length)) !== piece) return false;
      at += length;
    }
    return at === content.length;
  }

  #written(text: string, out: Bytes, at: number, length: number): number {
    try {
      return this.#calls.decode(text, out, at, length);
    } catch {
      return -1;
    }
  }

  encodeLines(octets: Bytes, lineOctets: number, out: DataView, at: number): number {
    const length = (lineOctets / 3) * 4;
    const most = Math.ceil(PIECE / length) * lineOctets;
    let to = at;
    for (let from = 0; from < octets.length; from += most) {
      const piece = octets.subarray(from, from + most);
      const text = this.#calls.encode(piece);
      const some = piece.length / lineOctets;
      // At the end of their room the characters are in nobody's way while lines are moved to its beginning.
      const room = new Uint8Array(out.buffer as ArrayBuffer, out.byteOffset + to, some * (length + 2));
      this.#calls.write(text, room, 2 * some);
      to = spreadLines(out, to, some, length);
    }
    return to;
  }

  decodeLines(input: Bytes, from: number, out: Bytes, at: number): DecodedLines {
    let end = from;
    while (end < input.length && end - from < WORTH_NATIVE && input[end] !== LF) end++;
    const lineEnd = input[end] !== LF ? 0 : end > from && input[end - 1] === CR ? 2 : 1;
    // Text without line ends is one line after another all the same.
    const length = lineEnd === 0 ? WORTH_NATIVE : end + 1 - from - lineEnd;
    if (length === 0 || length % 4 !== 0) return { characters: 0, octets: 0 };
    const stride = length + lineEnd;
    const lineOctets = (length / 4) * 3;
    const most = Math.ceil(PIECE / stride);
    let next = from;
    let to = at;
    for (;;) {
      const wanted = Math.min(most, Math.floor((input.length - next) / stride));
      const lines = wholeLines(input, next, wanted, length, lineEnd);
      if (lines === 0) break;
      const text = this.#calls.read(input, next, next + lines * stride);
      // Native decoders pass over what is no base64, and take base64url: they must not decide what is damage.
      if (text.includes('-') || text.includes('_')) break;
      if (this.#written(text, out, to, lines * lineOctets) !== lines * lineOctets) break;
      next += lines * stride;
      to += lines * lineOctets;
      if (lines < wanted) break;
    }
    return { characters: next - from, octets: to - at };
  }
}

/** Gives lines that stand two octets for each of them behind `at` their places and line ends; gives the place behind. */
function spreadLines(out: DataView, at: number, lines: number, length: number): number {
  let from = at + 2 * lines;
  let to = at;
  for (let line = 0; line < lines; line++) {
    let left = length;
    // Eight at once: octets below 128 are a number whatever stands there, and no NaN that could change on the way.
    for (; left >= 8; left -= 8) {
      out.setFloat64(to, out.getFloat64(from, true), true);
      from += 8;
      to += 8;
    }
    if (left === 4) {
      out.setInt32(to, out.getInt32(from, true), true);
      from += 4;
      to += 4;
    }
    out.setUint16(to, CRLF, true);
    to += 2;
  }
  return to;
}

/** How many of the lines from `from` on end where they should. */
function wholeLines(input: Uint8Array, from: number, lines: number, length: number, lineEnd: number): number {
  if (lineEnd === 0) return lines;
  let lf = from + length + lineEnd - 1;
  for (let line = 0; line < lines; line++) {
    if (input[lf] !== LF || (lineEnd === 2 && input[lf - 1] !== CR)) return line;
    lf += length + lineEnd;
  }
  return lines;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Whether all characters get their values, and every octet that is none is noticed. */
function knowsItsAnswers(base64: NativeBase64): boolean {
  const line = Uint8Array.from({ length: 66 }, (_, i) => alphabet.charCodeAt(i) || (i === 64 ? CR : LF));
  const lines = new Uint8Array(3 * 66);
  for (let i = 0; i < 3; i++) lines.set(line, i * 66);
  const out = new Uint8Array(3 * 48 + 2);
  const { characters, octets } = base64.decodeLines(lines, 0, out, 1);
  if (characters !== lines.length || octets !== 3 * 48) return false;
  for (let i = 0; i < octets; i += 3) {
    const group = (out[i + 1]! << 16) | (out[i + 2]! << 8) | out[i + 3]!;
    const first = ((i / 3) * 4) % 64;
    if (group !== ((first << 18) | ((first + 1) << 12) | ((first + 2) << 6) | (first + 3))) return false;
  }
  if (out[0] !== 0 || out[octets + 1] !== 0) return false;
  for (let octet = 0; octet < 256; octet++) {
    if (alphabet.includes(String.fromCharCode(octet))) continue;
    lines[66 + 21] = octet;
    if (base64.decodeLines(lines, 0, out, 1).characters > 66) return false;
  }
  return knowsTexts(base64) && encodesLines(base64);
}

/** Whether lines come out with their ends, and nothing changes around them. */
function encodesLines(base64: NativeBase64): boolean {
  const out = new DataView(new ArrayBuffer(2 * 66 + 2));
  const octets = Uint8Array.from({ length: 97 }, (_, at) => at * 3);
  if (base64.encodeLines(octets.subarray(1), 48, out, 1) !== 2 * 66 + 1) return false;
  const lines = [octets.subarray(1, 49), octets.subarray(49)].map((line) => `${base64.encode(line)}\r\n`);
  return latin1FromBytes(new Uint8Array(out.buffer)) === `\0${lines.join('')}\0`;
}

/** The same of texts without lines: each octet, each length of the last group, and what is not canonical. */
function knowsTexts(base64: NativeBase64): boolean {
  for (const [at, text] of ['TQ==', 'TWE=', 'TWFp'].entries()) {
    const content = new Uint8Array(at + 1);
    if (!base64.decode(text, content) || latin1FromBytes(content) !== 'Mai'.slice(0, at + 1)) return false;
    if (base64.encode(content) !== text) return false;
  }
  for (const text of ['TR==', 'TWF=', 'TW-p', 'TWF ', 'TWF\u0170', 'T===', 'TQ=A']) {
    const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    if (base64.decode(text, new Uint8Array(3 - pads))) return false;
  }
  const octets = Uint8Array.from({ length: 258 }, (_, at) => at - 1).subarray(1);
  const again = new Uint8Array(octets.length);
  return base64.decode(base64.encode(octets), again) && equalBytes(again, octets);
}
