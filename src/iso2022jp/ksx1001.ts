import { CharacterSet } from './character-set.js';
import { packed } from './ksx1001.generated.js';
import { unpack } from './unpack.js';

let set: CharacterSet | undefined;

/** KS X 1001:1998, Korean, with the euro and registered signs. */
export function ksx1001(): CharacterSet {
  set ??= new CharacterSet('ksx1001', unpack(packed));
  return set;
}
