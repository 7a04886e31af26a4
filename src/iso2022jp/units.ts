import { units } from './runs.js';

/** The parts of the platform that are used here, so that no platform's types are needed. */
interface NativeBuffer {
  toString(encoding: 'utf16le', start: number, end: number): string;
}
interface Utf16Decoder {
  decode(units: Uint16Array): string;
}
interface Platform {
  Buffer?: { from(octets: ArrayBufferLike, offset: number, length: number): NativeBuffer };
  TextDecoder?: new (label: string, options: { ignoreBOM: boolean }) => Utf16Decoder;
}

/** Below so many units the call into `TextDecoder` costs more than it saves. */
const worthwhile = 32;
/** `apply` puts its arguments on the stack, so there is a limit; this is well below every engine's. */
const mostArguments = 4096;

let scratchBuffer: NativeBuffer | false | undefined;
let decoder: Utf16Decoder | false | undefined;

/** The string of the first `length` units of the decoders' memory. */
export function stringFromScratch(length: number): string {
  if (length === 0) return '';
  if (length === 1) return String.fromCharCode(units[0]!);
  scratchBuffer ??= bufferOf(units);
  if (scratchBuffer) return scratchBuffer.toString('utf16le', 0, 2 * length);
  return stringFromUnits(units, length);
}

/** The string of the first `length` UTF-16 units, whose surrogates, if any, are whole pairs. */
export function stringFromUnits(units: Uint16Array, length: number): string {
  if (length >= worthwhile) {
    decoder ??= findDecoder();
    if (decoder) return decoder.decode(units.subarray(0, length));
  }
  if (length <= mostArguments) return fromUnits(units.subarray(0, length));
  let text = '';
  for (let at = 0; at < length; at += mostArguments) {
    text += fromUnits(units.subarray(at, Math.min(at + mostArguments, length)));
  }
  return text;
}

function fromUnits(units: Uint16Array): string {
  // Spreading would walk the array's iterator, which is many times slower.
  return String.fromCharCode.apply(null, units as unknown as number[]);
}

/** A `Buffer` over the units, which is by far the quickest way to a string, if the platform has it and reads this machine's octet order. */
function bufferOf(units: Uint16Array): NativeBuffer | false {
  const { Buffer } = globalThis as unknown as Platform;
  if (Buffer === undefined) return false;
  const sample = Uint16Array.of(0x3042, 0xfeff);
  if (Buffer.from(sample.buffer, 0, 4).toString('utf16le', 0, 4) !== '\u3042\ufeff') return false;
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength);
}

/** The platform's UTF-16 decoder, if there is one and it reads this machine's octet order. */
function findDecoder(): Utf16Decoder | false {
  const { TextDecoder } = globalThis as unknown as Platform;
  try {
    if (TextDecoder === undefined) return false;
    const found = new TextDecoder('utf-16le', { ignoreBOM: true });
    return found.decode(Uint16Array.of(0x3042, 0xfeff)) === '\u3042\ufeff' && found;
  } catch {
    return false;
  }
}
