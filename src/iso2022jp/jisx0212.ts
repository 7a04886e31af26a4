import { CharacterSet } from './character-set.js';
import { packed } from './jisx0212.generated.js';
import { unpack } from './unpack.js';

let set: CharacterSet | undefined;

/** JIS X 0212-1990, supplementary kanji, with U+FF5E for its tilde as in the Encoding Standard. */
export function jisx0212(): CharacterSet {
  set ??= new CharacterSet('jisx0212', unpack(packed));
  return set;
}
