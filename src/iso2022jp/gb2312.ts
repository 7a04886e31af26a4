import { CharacterSet } from './character-set.js';
import { packed } from './gb2312.generated.js';
import { unpack } from './unpack.js';

let set: CharacterSet | undefined;

/** GB 2312-80, simplified Chinese. */
export function gb2312(): CharacterSet {
  set ??= new CharacterSet('gb2312', unpack(packed));
  return set;
}
