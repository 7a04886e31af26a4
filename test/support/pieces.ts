import fc from 'fast-check';
import { concatBytes } from '../../src/core/bytes.js';

/** Octets cut into pieces at random places, empty pieces included. */
export function pieces(octets: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> {
  return fc
    .tuple(octets, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }))
    .map(([whole, places]) => cut(whole, places));
}

/** Octets cut at places between 0 and 1. */
export function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [
    ...places.map((place) => Math.round(place * whole.length)).sort((a, b) => a - b),
    whole.length,
  ];
  let start = 0;
  return ends.map((end) => {
    const piece = whole.subarray(start, end);
    start = end;
    return piece;
  });
}

/** Octets of which most come from `alphabet`, so that the places that matter are hit often. */
export function octetsOf(alphabet: string, maxLength = 200): fc.Arbitrary<Uint8Array> {
  const octet = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...alphabet).map((character) => character.charCodeAt(0)) },
    { weight: 1, arbitrary: fc.nat(255) },
  );
  return fc.array(octet, { maxLength }).map((octets) => Uint8Array.from(octets));
}

/** What a transformer with `update` and `finish` gives for pieces, in one array. */
export function transform(
  transformer: { update(chunk: Uint8Array): Uint8Array; finish(): Uint8Array },
  chunks: readonly Uint8Array[],
): Uint8Array {
  return concatBytes([...chunks.map((chunk) => transformer.update(chunk)), transformer.finish()]);
}

/** One array of all pieces. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return concatBytes(chunks);
}

/** One piece for every octet. */
export function singly(octets: Uint8Array): Uint8Array[] {
  return [...octets].map((octet) => Uint8Array.of(octet));
}
