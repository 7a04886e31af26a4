import { describe, expect, test } from 'vitest';
import { decode } from '../../src/iso2022jp/decode.js';
import { type CodecName, codecs, linesReadBy } from '../support/iso2022jp-programs.js';
import { describeProgram } from '../support/programs.js';

/** What a program makes of a set of 94 × 94 cells. */
interface Reading {
  readonly codec: CodecName;
  /** ESC and these begin the set. */
  readonly escape: string;
  /** Cells that both read as the same. */
  readonly same: number;
  /** Cells that only we read, and why. */
  readonly onlyOurs?: readonly [cells: number, why: string];
  readonly onlyTheirs?: readonly [cells: number, why: string];
  /** Cells that both read, but not as the same: the octets, the program's character, ours. */
  readonly differences?: readonly (readonly [cell: string, theirs: string, ours: string])[];
}

type Difference = readonly [cell: string, theirs: string, ours: string];

const privateUse = [940, 'rows 85 to 94 as private use'] as const;
const appleRows: Difference[] = [
  ['7532', '︳', '\ue011'],
  ['753d', '︱', '\ue01c'],
  ['7545', '︰', '\ue024'],
  ['754a', '︵', '\ue029'],
  ['754b', '︶', '\ue02a'],
  ['754c', '︹', '\ue02b'],
  ['754d', '︺', '\ue02c'],
  ['7550', '︷', '\ue02f'],
  ['7551', '︸', '\ue030'],
  ['7552', '︿', '\ue031'],
  ['7553', '﹀', '\ue032'],
  ['7554', '︽', '\ue033'],
  ['7555', '︾', '\ue034'],
  ['7556', '﹁', '\ue035'],
  ['7557', '﹂', '\ue036'],
  ['7558', '﹃', '\ue037'],
  ['7559', '﹄', '\ue038'],
  ['755a', '︻', '\ue039'],
  ['755b', '︼', '\ue03a'],
];
/** The six cells that the vendors read in another way than JIS X 0221 does; as the Encoding Standard, we follow the vendors. */
const disputed: Difference[] = [
  ['2141', '〜', '～'],
  ['2142', '‖', '∥'],
  ['215d', '−', '－'],
  ['2171', '¢', '￠'],
  ['2172', '£', '￡'],
  ['224c', '¬', '￢'],
];
const nkfOnly = [204, 'NEC rows 9 to 12 and Apple rows'] as const;

const readings: readonly Reading[] = [
  {
    codec: 'nkf',
    escape: '$B',
    same: 7326,
    onlyOurs: [547, 'user-defined cells in rows 85 to 94, and two more'],
    onlyTheirs: nkfOnly,
    differences: [
      ['2131', '‾', '￣'],
      ['213d', '—', '―'],
      ...disputed.slice(0, 3),
      ['216f', '¥', '￥'],
      ...disputed.slice(3),
      ...appleRows,
      ['7c7c', '¦', '￤'],
    ],
  },
  {
    codec: 'nkfMs',
    escape: '$B',
    same: 7336,
    onlyOurs: [547, 'user-defined cells in rows 85 to 94, and two more'],
    onlyTheirs: nkfOnly,
    differences: appleRows,
  },
  { codec: 'nkf1', escape: '$(D', same: 6067, onlyOurs: privateUse, onlyTheirs: [106, 'IBM extensions'] },
  {
    codec: 'nkf2004',
    escape: '$(Q',
    same: 8791,
    onlyTheirs: [10, 'unassigned cells'],
    differences: [
      ['2131', '‾', '￣'],
      ['213d', '—', '―'],
      ['216f', '¥', '￥'],
      ['2232', '～', '~'],
      ['2256', '｟', '⦅'],
      ['2257', '｠', '⦆'],
    ],
  },
  { codec: 'nkf2004', escape: '$(P', same: 2436, onlyTheirs: [6067, 'the cells of JIS X 0212'] },
  {
    codec: 'iconv',
    escape: '$B',
    same: 6873,
    onlyOurs: [1023, 'NEC row 13, IBM extensions, user-defined cells'],
    differences: disputed,
  },
  { codec: 'iconv2', escape: '$(D', same: 6067, onlyOurs: privateUse },
  {
    codec: 'iconv2',
    escape: '$A',
    same: 7443,
    differences: [
      ['2124', '・', '·'],
      ['212a', '―', '—'],
    ],
  },
  { codec: 'iconv2', escape: '$(C', same: 8226, onlyTheirs: [1, 'a sign added in 2002'] },
  {
    codec: 'iconv3',
    escape: '$(O',
    same: 8793,
    differences: [
      ['213d', '—', '―'],
      ['2232', '～', '~'],
      ['2256', '｟', '⦅'],
      ['2257', '｠', '⦆'],
    ],
  },
  { codec: 'iconv3', escape: '$(P', same: 2436 },
  { codec: 'uconv', escape: '$B', same: 7336, onlyOurs: [566, 'user-defined cells in rows 85 to 94'] },
  {
    codec: 'uconv1',
    escape: '$(D',
    same: 6066,
    onlyOurs: privateUse,
    differences: [['2237', '~', '～']],
  },
  {
    codec: 'uconv2',
    escape: '$A',
    same: 7442,
    differences: [
      ['2124', '・', '·'],
      ['212a', '―', '—'],
      ['2327', '´', '＇'],
    ],
  },
  { codec: 'uconv2', escape: '$(C', same: 8226, onlyTheirs: [188, 'user-defined cells in rows 41 and 94'] },
  {
    codec: 'python',
    escape: '$B',
    same: 6873,
    onlyOurs: [1023, 'NEC row 13, IBM extensions, user-defined cells'],
    differences: disputed,
  },
  {
    codec: 'python1',
    escape: '$(D',
    same: 6066,
    onlyOurs: privateUse,
    differences: [['2237', '~', '～']],
  },
  {
    codec: 'python2',
    escape: '$A',
    same: 7443,
    differences: [
      ['2124', '・', '·'],
      ['212a', '―', '—'],
    ],
  },
  { codec: 'python2', escape: '$(C', same: 8226 },
  { codec: 'python3', escape: '$(O', same: 8787, onlyOurs: [10, 'the ten kanji added in 2004'] },
  { codec: 'python3', escape: '$(P', same: 2436 },
  { codec: 'python2004', escape: '$(Q', same: 8797 },
  { codec: 'python2004', escape: '$(P', same: 2436 },
];

const cells: string[] = [];
for (let lead = 0x21; lead < 0x7f; lead++) {
  for (let trail = 0x21; trail < 0x7f; trail++) cells.push((lead * 256 + trail).toString(16));
}

/** U+FFFD or a control for what has no meaning, nothing for what is left out, the octets for an unknown escape sequence. */
const isRead = (text: string) => text !== '' && !/[\ufffd\u001a]/.test(text) && [...text].length <= 2;

const nameOf = (character: string) =>
  `${character} (${[...character].map((one) => `U+${one.codePointAt(0)!.toString(16).toUpperCase()}`).join(' ')})`;

for (const program of ['nkf', 'iconv', 'uconv', 'python3'] as const) {
  describeProgram(program, () => {
    for (const reading of readings.filter(({ codec }) => codecs[codec].program === program)) {
      const { codec, escape: set, same, onlyOurs, onlyTheirs, differences = [] } = reading;
      const lines = cells.map((cell) => `\x1b${set}${Buffer.from(cell, 'hex').toString('latin1')}\x1b(B`);
      let answers: { ours: string; theirs: string }[] | undefined;
      const compare = () => {
        if (answers !== undefined) return answers;
        const theirs = linesReadBy(codecs[codec], lines);
        expect(theirs.length).toBe(lines.length);
        answers = lines.map((line, at) => ({
          ours: decode(Buffer.from(line, 'latin1')),
          theirs: theirs[at]!,
        }));
        return answers;
      };

      describe(`${codecs[codec].charset}, every cell after ESC ${set}`, () => {
        test(`${same} are read as the same, and only those named here are not`, () => {
          let equal = 0;
          const others: string[] = [];
          compare().forEach(({ ours, theirs }, at) => {
            if (!isRead(ours) || !isRead(theirs)) return;
            if (ours === theirs) equal++;
            else others.push(cells[at]!);
          });
          expect(equal).toBe(same);
          expect(others).toEqual(differences.map(([cell]) => cell));
        });

        test(`only we read ${onlyOurs?.join(': ') ?? 'none'}`, () => {
          const found = compare().filter(({ ours, theirs }) => isRead(ours) && !isRead(theirs));
          expect(found.length).toBe(onlyOurs?.[0] ?? 0);
        });

        test(`only ${program} reads ${onlyTheirs?.join(': ') ?? 'none'}`, () => {
          const found = compare().filter(({ ours, theirs }) => !isRead(ours) && isRead(theirs));
          expect(found.length).toBe(onlyTheirs?.[0] ?? 0);
        });

        for (const [cell, theirs, ours] of differences) {
          test(`${cell} is ${nameOf(theirs)} there and ${nameOf(ours)} here`, () => {
            expect(compare()[cells.indexOf(cell)]).toEqual({ ours, theirs });
          });
        }
      });
    }
  });
}
