import type { CharacterSet, CharacterSetName } from './character-set.js';
import { FIRST_DOUBLE } from './character-set.js';
import { gb2312 } from './gb2312.js';
import { jisx0208 } from './jisx0208.js';
import { jisx0212 } from './jisx0212.js';
import { jisx0213Plane1, jisx0213Plane2 } from './jisx0213.js';
import { ksx1001 } from './ksx1001.js';
import { ascii, katakana, pairTable, roman } from './reading-tables.js';
import { kanji } from './runs.js';

/** A set as the mail decoder reads it. */
export interface MailSet {
  readonly name: CharacterSetName | 'user-defined';
  /** Whether a character takes two octets. */
  readonly double: boolean;
  /** As in reading-tables.ts: by one octet or by two, 0 for what needs a closer look. */
  readonly table: Uint16Array;
  /** What has the characters that take two units; only for sets of two octets. */
  readonly characters?: CharacterSet;
}

const sets = /* @__PURE__ */ new Map<MailSet['name'], MailSet>();

/** The set of this name; `undefined` if there is none. Made at first use. */
export function mailSet(name: MailSet['name']): MailSet | undefined {
  let set = sets.get(name);
  if (set === undefined) {
    set = makeSet(name);
    if (set !== undefined) sets.set(name, set);
  }
  return set;
}

function makeSet(name: MailSet['name']): MailSet | undefined {
  switch (name) {
    case 'ascii':
      return { name, double: false, table: withKatakana(ascii()) };
    case 'jisx0201-roman':
      return { name, double: false, table: withKatakana(roman()) };
    case 'jisx0201-katakana':
      return { name, double: false, table: withControls(withKatakana(katakana())) };
    case 'jisx0208':
      return { name, double: true, table: kanji(), characters: jisx0208() };
    case 'user-defined':
      return {
        name,
        double: true,
        table: pairTable(Uint16Array.from({ length: 20 * 94 }, (_, i) => 0xe000 + i)),
      };
    case 'jisx0212':
      return pairs(jisx0212());
    case 'jisx0213-1':
      return pairs(jisx0213Plane1());
    case 'jisx0213-2':
      return pairs(jisx0213Plane2());
    case 'gb2312':
      return pairs(gb2312());
    case 'ksx1001':
      return pairs(ksx1001());
    default:
      return undefined;
  }
}

function pairs(characters: CharacterSet): MailSet {
  const units = characters.units.map((unit) => (unit >= FIRST_DOUBLE && unit < 0xe000 ? 0 : unit));
  return { name: characters.name, double: true, table: pairTable(units), characters };
}

/** Half-width katakana in eight bits, which senders put beside any set. */
function withKatakana(table: Uint16Array): Uint16Array {
  const wider = table.slice();
  for (let octet = 0xa1; octet <= 0xdf; octet++) wider[octet] = octet - 0xa1 + 0xff61;
  return wider;
}

/** Control characters and the space are not part of a set and mean themselves in every one. */
function withControls(table: Uint16Array): Uint16Array {
  table.set(ascii().subarray(0, 0x21));
  table[0x7f] = 0x7f;
  return table;
}

let shiftedTable: Uint16Array | undefined;

/** Katakana between SO and SI, where a line end needs a closer look. */
export function shiftedKatakana(): Uint16Array {
  if (shiftedTable === undefined) {
    shiftedTable = withControls(withKatakana(katakana()));
    shiftedTable[0x0a] = 0;
    shiftedTable[0x0d] = 0;
  }
  return shiftedTable;
}

/** ISO 8859-7, 0xA0 on; a space where it has nothing. */
const greek =
  '\u00a0‘’£€₯¦§¨©ͺ«¬\u00ad ―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ ΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ ';

/** The character of ISO 8859-1 or ISO 8859-7 at an octet from 0xA0 on; 0 if there is none. */
export function rightHalf(set: 'latin' | 'greek', octet: number): number {
  if (octet < 0xa0) return 0;
  if (set === 'latin') return octet;
  const unit = greek.charCodeAt(octet - 0xa0);
  return unit === 0x20 ? 0 : unit;
}
