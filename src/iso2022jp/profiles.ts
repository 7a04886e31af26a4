import { isKeyOf } from '../core/is-key-of.js';
import { jisx0212 } from './jisx0212.js';
import { jisx0213Plane1, jisx0213Plane2 } from './jisx0213.js';
import {
  addCells,
  BEGINS_PAIR,
  FLAG,
  mailCodes,
  plainRepertoire,
  type Repertoire,
  THIRD,
} from './repertoire.js';

/**
 * Which characters an encoder writes, and so which label the text may have:
 *
 * - `strict`: ASCII, ¥, ‾ and the 6,879 characters of JIS X 0208 (RFC 1468),
 *   which every reader of `iso-2022-jp` knows;
 * - `ms`: also NEC row 13 and the NEC-selected IBM extensions (①, ㈱, 髙, 﨑),
 *   which Windows and the Web read under `iso-2022-jp`; the exact label is
 *   `cp50220`;
 * - `jis0212`: `strict` and JIS X 0212, for the label `iso-2022-jp-1` (RFC 2237);
 * - `jis2004`: `strict` and JIS X 0213:2004, for the label `iso-2022-jp-2004`.
 */
export type EncodeProfile = 'strict' | 'ms' | 'jis0212' | 'jis2004';

const makers: Readonly<Record<EncodeProfile, () => Repertoire>> = {
  strict: () => plainRepertoire(mailCodes(false), false),
  ms: () => plainRepertoire(mailCodes(true), false),
  jis0212: makeJis0212,
  jis2004: makeJis2004,
};

const made: Partial<Record<EncodeProfile, Repertoire>> = {};

/** What a profile writes, or `undefined` when it is none. Made at first use. */
export function profileRepertoire(profile: EncodeProfile): Repertoire | undefined {
  if (!isKeyOf(makers, profile)) return undefined;
  made[profile] ??= makers[profile]();
  return made[profile];
}

function makeJis0212(): Repertoire {
  const codes = mailCodes(false);
  addCells(codes, jisx0212(), FLAG);
  return { ...plainRepertoire(codes, false), second: jisx0212() };
}

function makeJis2004(): Repertoire {
  const second = jisx0213Plane1();
  const third = jisx0213Plane2();
  const codes = mailCodes(false);
  addCells(codes, second, FLAG);
  addCells(codes, third, FLAG | THIRD);
  const alone = new Map<number, number>();
  const { doubles } = second;
  for (let at = 0; at < doubles.length; at += 2) {
    const unit = doubles.charCodeAt(at);
    // What two units stand for is a surrogate pair, or a character with one that combines with it.
    if ((unit & 0xf800) === 0xd800 || alone.has(unit)) continue;
    alone.set(unit, codes[unit]!);
    codes[unit] = FLAG | BEGINS_PAIR;
  }
  const double = (units: string): number => {
    const inFirst = second.encodeDouble(units);
    if (inFirst !== 0) return FLAG | inFirst;
    const inSecond = third.encodeDouble(units);
    return inSecond === 0 ? 0 : FLAG | THIRD | inSecond;
  };
  return { codes, second, third, double, alone, web: false };
}
