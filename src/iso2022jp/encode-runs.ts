// The encoder's inner loop and the memory that it works on; as in runs.ts, arrays
// that are constants of the file, which the runtime compiles into the loop.

/** The part of the platform that is used here, so that no platform's types are needed. */
interface NativeBuffer {
  write(text: string, offset: number, length: number, encoding: 'utf16le'): number;
}
interface Platform {
  Buffer?: { from(octets: ArrayBufferLike, offset: number, length: number): NativeBuffer };
}

/** Units that are encoded at once. */
export const encodeWindow = 4096;
/** Below so many units the call into `Buffer` costs more than it saves. */
const worthwhile = 48;
/** Half a page further than needed, for the reason that runs.ts gives. */
const octetsStart = 2 * encodeWindow + 2048;
/** ASCII and JIS X 0208 in turn take nine octets for two units. */
const mostOctets = 5 * encodeWindow;

const memory = /* @__PURE__ */ new ArrayBuffer(octetsStart + mostOctets);
const units = /* @__PURE__ */ new Uint16Array(memory, 0, encodeWindow);
const octets = /* @__PURE__ */ new Uint8Array(memory, octetsStart);
let native: NativeBuffer | false | undefined;

/** Takes the units of a text from `start` to `end`, at most {@link encodeWindow}, for {@link encodeRuns}. */
export function loadUnits(text: string, start: number, end: number): void {
  if (end - start >= worthwhile) {
    native ??= nativeUnits();
    if (native) {
      const piece = start === 0 && end === text.length ? text : text.slice(start, end);
      native.write(piece, 0, 2 * (end - start), 'utf16le');
      return;
    }
  }
  for (let at = start; at < end; at++) units[at - start] = text.charCodeAt(at);
}

/** A `Buffer` over the units, if the platform has it and writes this machine's octet order. */
function nativeUnits(): NativeBuffer | false {
  const { Buffer } = globalThis as unknown as Platform;
  if (Buffer === undefined) return false;
  const buffer = Buffer.from(memory, 0, 2 * encodeWindow);
  buffer.write('\u3042\ud800', 0, 4, 'utf16le');
  return units[0] === 0x3042 && units[1] === 0xd800 && buffer;
}

/** How far the encoder is in the units, how many octets it wrote, and in which of the two sets that nearly all text is in. */
export interface EncodeProgress {
  at: number;
  to: number;
  inKanji: boolean;
}

/**
 * Writes ASCII and JIS X 0208, and the escape sequences between them, from
 * `progress.at` up to `end` or to a unit that is in neither.
 *
 * @param codes - as a repertoire has them.
 */
export function encodeRuns(progress: EncodeProgress, end: number, codes: Int16Array): void {
  let { at, to, inKanji } = progress;
  while (at < end) {
    const begun = at;
    if (inKanji) {
      at = writeKanji(at, end, to, codes);
      to += 2 * (at - begun);
    } else {
      at = writeAscii(at, end, to, codes);
      to += at - begun;
    }
    if (at >= end || codes[units[at]!]! < 0x80) break;
    // ESC ( B or ESC $ B
    octets[to] = 0x1b;
    octets[to + 1] = inKanji ? 0x28 : 0x24;
    octets[to + 2] = 0x42;
    to += 3;
    inKanji = !inKanji;
  }
  progress.at = at;
  progress.to = to;
  progress.inKanji = inKanji;
}

// As runs.ts has it, a function for each kind of run. What they write of the unit that they stop at is overwritten.

function writeKanji(from: number, end: number, to: number, codes: Int16Array): number {
  let at = from;
  let next = to;
  while (at < end) {
    const code = codes[units[at]!]!;
    octets[next] = code >> 8;
    octets[next + 1] = code;
    if (code <= 0xff) return at;
    next += 2;
    at++;
  }
  return at;
}

function writeAscii(from: number, end: number, to: number, codes: Int16Array): number {
  let at = from;
  let next = to;
  while (at < end) {
    const code = codes[units[at]!]!;
    octets[next] = code & 0x7f;
    if (code < 0x80 || code > 0xff) return at;
    next++;
    at++;
  }
  return at;
}

/** The first octets that {@link encodeRuns} wrote; a view of them until it is called again. */
export function encodedOctets(length: number): Uint8Array {
  return octets.subarray(0, length);
}
