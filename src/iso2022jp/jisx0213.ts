import { CharacterSet, FIRST_DOUBLE } from './character-set.js';
import { beyond1, beyond2, pairs1, plane1, plane2 } from './jisx0213.generated.js';
import { unpack } from './unpack.js';

let first: CharacterSet | undefined;
let second: CharacterSet | undefined;

/**
 * Plane 1 of JIS X 0213:2004: what JIS X 0208 has, the six disputed cells as
 * Unicode's own names have them (U+301C, U+2016, U+2212, U+00A2, U+00A3,
 * U+00AC), and more in its empty cells. The edition of 2000 lacks ten of them.
 */
export function jisx0213Plane1(): CharacterSet {
  first ??= make('jisx0213-1', plane1, beyond1, pairs1);
  return first;
}

/** Plane 2 of JIS X 0213. */
export function jisx0213Plane2(): CharacterSet {
  second ??= make('jisx0213-2', plane2, beyond2, '');
  return second;
}

function make(name: 'jisx0213-1' | 'jisx0213-2', plane: string, beyond: string, pairs: string): CharacterSet {
  const units = unpack(plane);
  let doubles = '';
  const add = (place: number, double: string) => {
    units[place] = FIRST_DOUBLE + doubles.length / 2;
    doubles += double;
  };
  const beyondUnits = unpack(beyond);
  for (let place = 0; place < units.length; place++) {
    const codePoint = beyondUnits[place]!;
    if (codePoint !== 0) add(place, String.fromCodePoint(0x20000 + codePoint));
  }
  const list = pairs === '' ? [] : pairs.split(' ');
  for (let at = 0; at < list.length; at += 2) add(Number(list[at]), list[at + 1]!);
  return new CharacterSet(name, units, doubles);
}
