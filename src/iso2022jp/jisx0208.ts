import { CharacterSet } from './character-set.js';
import { jis0208 } from './jis0208.js';

let set: CharacterSet | undefined;

/** JIS X 0208 with NEC row 13, NEC-selected and IBM extensions (rows 89–92), as in the Encoding Standard. */
export function jisx0208(): CharacterSet {
  set ??= new CharacterSet('jisx0208', jis0208());
  return set;
}
