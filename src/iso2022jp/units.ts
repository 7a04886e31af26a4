/** The part of the platform's decoder that is used here, so that no platform's types are needed. */
interface Utf16Decoder {
  decode(units: Uint16Array): string;
}
type Utf16DecoderConstructor = new (label: string, options: { ignoreBOM: boolean }) => Utf16Decoder;

/** Below so many units the call into the platform costs more than it saves. */
const worthwhile = 32;
/** `apply` puts its arguments on the stack, so there is a limit; this is well below every engine's. */
const mostArguments = 4096;

let native: Utf16Decoder | false | undefined;

/** The string of the first `length` UTF-16 units, whose surrogates, if any, are whole pairs. */
export function stringFromUnits(units: Uint16Array, length: number): string {
  if (length >= worthwhile) {
    native ??= findNative();
    if (native) return native.decode(units.subarray(0, length));
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

/** The platform's UTF-16 decoder, if there is one and it reads this machine's octet order. */
function findNative(): Utf16Decoder | false {
  const { TextDecoder } = globalThis as unknown as { TextDecoder?: Utf16DecoderConstructor };
  try {
    if (TextDecoder === undefined) return false;
    const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
    return decoder.decode(Uint16Array.of(0x3042, 0xfeff)) === '\u3042\ufeff' && decoder;
  } catch {
    return false;
  }
}
