import type { Bytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';

/** The part of Node's `Buffer` that is used here, so that no platform's types are needed. */
interface NativeBuffer {
  toString(encoding: 'latin1', start: number, end: number): string;
  write(text: string, offset: number, length: number, encoding: 'base64'): number;
}
interface NativeBufferConstructor {
  from(memory: ArrayBuffer, offset: number, length: number): NativeBuffer;
}

/** How far {@link NativeBase64.decodeLines} came. */
export interface DecodedLines {
  /** How many characters were read. */
  readonly characters: number;
  /** How many octets were written. */
  readonly octets: number;
}

/** Base64 as the runtime decodes it. */
export interface NativeBase64 {
  /**
   * Decodes lines from `from` on into `out` from `at` on, up to the first that
   * differs in any way from the one at `from`: in length, in its line end, by
   * padding or by anything outside the alphabet.
   */
  decodeLines(input: Bytes, from: number, out: Bytes, at: number): DecodedLines;
}

/** From so many characters on the runtime's calls are worth their price. */
export const WORTH_NATIVE = 1024;
/** Characters for one call: their string still stands in the collector's first generation. */
const PIECE = 40_000;
const LF = 0x0a;
const CR = 0x0d;

let found: NativeBase64 | undefined;
let looked = false;

/**
 * The runtime's base64 where `engine` lets it be used and it passed its
 * known-answer test.
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where there is none; `usage` for an unknown engine.
 */
export function chooseNativeBase64(engine: Engine = 'auto'): NativeBase64 | undefined {
  if (engine === 'typescript') return undefined;
  if (engine !== 'auto' && engine !== 'native') {
    throw new MailsealError('usage', `"${String(engine)}" is no engine; give native, typescript or auto`);
  }
  if (!looked) {
    looked = true;
    found = lookFor();
  }
  if (found === undefined && engine === 'native') {
    throw new MailsealError(
      'crypto-engine-unavailable',
      'base64 is not available natively: this runtime lacks it or fails its known-answer test; take the engine auto or typescript',
      { fault: 'usage' },
    );
  }
  return found;
}

function lookFor(): NativeBase64 | undefined {
  try {
    const { Buffer } = globalThis as unknown as { Buffer?: NativeBufferConstructor };
    if (Buffer === undefined) return undefined;
    const base64 = new BufferBase64(Buffer);
    return knowsItsAnswers(base64) ? base64 : undefined;
  } catch {
    // A runtime's Buffer may be a stub that throws: then it is not used.
    return undefined;
  }
}

class BufferBase64 implements NativeBase64 {
  readonly #buffer: NativeBufferConstructor;

  constructor(buffer: NativeBufferConstructor) {
    this.#buffer = buffer;
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
    const source = this.#buffer.from(input.buffer, input.byteOffset, input.length);
    const target = this.#buffer.from(out.buffer, out.byteOffset, out.length);
    let next = from;
    let to = at;
    for (;;) {
      const wanted = Math.min(most, Math.floor((input.length - next) / stride));
      const lines = wholeLines(input, next, wanted, length, lineEnd);
      if (lines === 0) break;
      const text = source.toString('latin1', next, next + lines * stride);
      // Native decoders pass over what is no base64, and take base64url: they must not decide what is damage.
      if (text.includes('-') || text.includes('_')) break;
      if (target.write(text, to, lines * lineOctets, 'base64') !== lines * lineOctets) break;
      next += lines * stride;
      to += lines * lineOctets;
      if (lines < wanted) break;
    }
    return { characters: next - from, octets: to - at };
  }
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
  return true;
}
