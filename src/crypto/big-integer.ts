import type { Bytes } from '../core/bytes.js';

const hexDigits = /* @__PURE__ */ Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

/** Octets as hexadecimal digits. */
export function hexOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += hexDigits[octet]!;
  return text;
}

/**
 * The unsigned integer that octets stand for, most significant first; 0 for none. Neighbours are joined, then pairs of
 * them and so on, in half the time that hexadecimal digits of them would take.
 */
export function integerFromBytes(octets: Uint8Array): bigint {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let at = octets.length % 8;
  let first = 0n;
  for (let i = 0; i < at; i++) first = first * 256n + BigInt(octets[i]!);
  let parts = [first];
  for (; at < octets.length; at += 8) parts.push(view.getBigUint64(at));
  // All but the first have the full width.
  for (let width = 64n; parts.length > 1; width *= 2n) {
    const odd = parts.length % 2;
    const joined = odd === 0 ? [] : [parts[0]!];
    for (let i = odd; i < parts.length; i += 2) joined.push((parts[i]! << width) + parts[i + 1]!);
    parts = joined;
  }
  return parts[0]!;
}

/** The unsigned integer that octets stand for, least significant first. */
export function integerFromBytesReversed(octets: Uint8Array): bigint {
  return integerFromBytes(octets.toReversed());
}

/** An unsigned integer in that many octets, most significant first; it must fit. */
export function bytesFromInteger(value: bigint, length: number): Bytes {
  const text = value.toString(16);
  const octets = new Uint8Array(length);
  // Digit by digit: a number parsed for each octet takes three times as long.
  for (let at = length - 1, i = text.length - 1; i >= 0; at--, i -= 2) {
    octets[at] = (i === 0 ? 0 : digitAt(text, i - 1) << 4) | digitAt(text, i);
  }
  return octets;
}

/** What a digit of {@link BigInt.toString} stands for, of any radix. */
export function digitAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  // Letters stand 39 behind the digits. A branch would be taken at random.
  return code - 0x30 - (((0x39 - code) >> 31) & 39);
}

/** Number of bits of an unsigned integer given without leading zero octets. */
export function bitLength(octets: Uint8Array): number {
  const first = octets[0];
  return first === undefined ? 0 : octets.length * 8 - (Math.clz32(first) - 24);
}

/** A quotient step on leading bits is exact in the numbers of JavaScript up to here. */
const leadingBits = 50;

/** The inverse modulo a number, `undefined` where there is none. For public values, and such as are used once. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  // Euclid's algorithm: of a and b, x and u are the multiples of the value that leave them modulo the modulus.
  let [a, b] = [modulus, value % modulus];
  let [x, u] = [0n, 1n];
  let shift = Math.max(0, 4 * modulus.toString(16).length - leadingBits);
  while (b !== 0n) {
    // Lehmer: the leading bits of both tell a dozen quotients, whose steps are then done at once.
    let top = Number(a >> BigInt(shift));
    for (; shift > 0 && top < 2 ** (leadingBits - 1); top = Number(a >> BigInt(shift))) {
      shift = Math.max(0, shift - (leadingBits - Math.ceil(Math.log2(top + 1))));
    }
    const { aa, ab, ba, bb } = leadingSteps(top, Number(b >> BigInt(shift)));
    if (ab === 0) {
      const quotient = a / b;
      [a, b] = [b, a - quotient * b];
      [x, u] = [u, x - quotient * u];
      continue;
    }
    const [p, q, r, s] = [BigInt(aa), BigInt(ab), BigInt(ba), BigInt(bb)];
    [a, b] = [p * a + q * b, r * a + s * b];
    [x, u] = [p * x + q * u, r * x + s * u];
  }
  if (a !== 1n) return undefined;
  const inverse = x % modulus;
  return inverse < 0n ? inverse + modulus : inverse;
}

/** What the quotients make of two numbers: aa · a + ab · b and ba · a + bb · b. */
interface Steps {
  readonly aa: number;
  readonly ab: number;
  readonly ba: number;
  readonly bb: number;
}

/** The steps of Euclid's algorithm that the leading bits of two numbers make certain. */
function leadingSteps(a: number, b: number): Steps {
  let [aa, ab, ba, bb] = [1, 0, 0, 1];
  let [upper, lower] = [a, b];
  while (lower + ba > 0 && lower + bb > 0) {
    // What was cut off is less than one of the last place: the least and the greatest quotient have to agree.
    const quotient = Math.floor((upper + aa) / (lower + ba));
    if (quotient !== Math.floor((upper + ab) / (lower + bb))) break;
    [aa, ba] = [ba, aa - quotient * ba];
    [ab, bb] = [bb, ab - quotient * bb];
    [upper, lower] = [lower, upper - quotient * lower];
  }
  return { aa, ab, ba, bb };
}
