import { type Bytes, equalBytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import { chooserOf, passing, unlessItThrows } from './native-choice.js';

/** The part of Node's `Buffer` that is used here, so that no platform's types are needed. */
interface NativeBuffers {
  from(memory: ArrayBuffer): { write(text: string, encoding: 'hex'): number };
  readonly prototype: { hexSlice?(this: Uint8Array, start: number, end: number): string };
}

/** Hexadecimal digits of ECMAScript itself, where arrays have them. */
interface NativeArrays {
  fromHex?(text: string): Bytes;
  readonly prototype: { toHex?(this: Uint8Array): string };
}

/** Where {@link nativeHexOf} looks. */
export interface HexScope {
  readonly Buffer?: unknown;
  readonly Uint8Array: unknown;
}

/** Hexadecimal digits as the runtime does them. */
export interface NativeHex {
  /** In lower case. */
  encode(octets: Bytes): string;
  /** The octets of digits of either case, two each; `undefined` for all else. */
  decode(text: string): Bytes | undefined;
}

const choose = /* @__PURE__ */ chooserOf('hexadecimal', () => nativeHexOf(globalThis));

/**
 * The runtime's hexadecimal digits where `engine` lets them be used and they
 * passed their known-answer test.
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where there are none; `usage` for an unknown engine.
 */
export function chooseNativeHex(engine: Engine = 'auto'): NativeHex | undefined {
  return choose(engine);
}

/** The hexadecimal digits of a runtime whose global objects are those: its Buffer's, or those of its arrays. */
export function nativeHexOf(scope: HexScope): NativeHex | undefined {
  return (
    passing(() => bufferCalls(scope.Buffer), strictly, knowsItsAnswers) ??
    passing(() => arrayCalls(scope.Uint8Array), strictly, knowsItsAnswers)
  );
}

/** What runtimes can do, each in its own way. */
interface RuntimeCalls {
  encode(octets: Bytes): string;
  /** What it makes of a text; damage may throw, or give any octets. */
  decode(text: string): Bytes;
}

function bufferCalls(found: unknown): RuntimeCalls | undefined {
  if (typeof found !== 'function') return undefined;
  const buffers = found as unknown as NativeBuffers;
  const { hexSlice } = buffers.prototype;
  if (typeof hexSlice !== 'function') return undefined;
  return {
    encode: (octets) => hexSlice.call(octets, 0, octets.length),
    decode: (text) => {
      const octets = new Uint8Array(text.length >> 1);
      buffers.from(octets.buffer).write(text, 'hex');
      return octets;
    },
  };
}

function arrayCalls(found: unknown): RuntimeCalls | undefined {
  const arrays = found as NativeArrays;
  const { toHex } = arrays.prototype;
  if (typeof toHex !== 'function' || typeof arrays.fromHex !== 'function') return undefined;
  return { encode: (octets) => toHex.call(octets), decode: (text) => arrays.fromHex!(text) };
}

function strictly({ encode, decode }: RuntimeCalls): NativeHex {
  return {
    encode,
    decode: (text) => {
      const octets = unlessItThrows(() => decode(text));
      if (octets === undefined) return undefined;
      // Buffers stop at what is no digit, and take a character for one whose low octet is: only what they write is sure.
      // No character but A to F becomes one of a to f in lower case.
      const again = encode(octets);
      if (again === text || again === text.toLowerCase()) return octets;
      octets.fill(0);
      return undefined;
    },
  };
}

/** Whether each octet has its digits, each digit its value in either case, and everything else is refused. */
function knowsItsAnswers({ encode, decode }: NativeHex): boolean {
  const octets = Uint8Array.from({ length: 257 }, (_, at) => at - 1).subarray(1);
  const text = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
  if (encode(octets) !== text || encode(octets.subarray(7, 9)) !== '0708') return false;
  for (const digits of [text, text.toUpperCase()]) {
    const decoded = decode(digits);
    if (decoded === undefined || !equalBytes(decoded, octets)) return false;
  }
  return ['0g', 'g0', '0', '000', ' 0', '0x', '00 0', '0\u0130', '\u01300', '00\u00b1\u00b1'].every(
    (bad) => decode(bad) === undefined,
  );
}
