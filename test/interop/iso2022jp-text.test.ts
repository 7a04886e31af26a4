import { expect, test } from 'vitest';
import { decode } from '../../src/iso2022jp/decode.js';
import { type EncodeOptions, encode } from '../../src/iso2022jp/encode.js';
import { jisx0208 } from '../../src/iso2022jp/jisx0208.js';
import { jisx0212 } from '../../src/iso2022jp/jisx0212.js';
import { jisx0213Plane1, jisx0213Plane2 } from '../../src/iso2022jp/jisx0213.js';
import { type CodecName, codecs, linesReadBy, linesWrittenBy } from '../support/iso2022jp-programs.js';
import { randomNumbers } from '../support/japanese-samples.js';
import { describeProgram } from '../support/programs.js';

interface Cells {
  decode(lead: number, trail: number): string | undefined;
}

/** The characters of a set in these rows, from 1. */
function charactersOf(set: Cells, ...ranges: readonly (readonly [first: number, last: number])[]): string[] {
  const characters: string[] = [];
  for (const [first, last] of ranges) {
    for (let row = first; row <= last; row++) {
      for (let cell = 1; cell <= 94; cell++) {
        const character = set.decode(row + 0x20, cell + 0x20);
        if (character !== undefined) characters.push(character);
      }
    }
  }
  return characters;
}

const basic = charactersOf(jisx0208(), [1, 8], [16, 84]);
const repertoires = {
  strict: basic,
  ms: [...new Set([...basic, ...charactersOf(jisx0208(), [13, 13], [89, 92])])],
  jis0212: [...new Set([...basic, ...charactersOf(jisx0212(), [1, 84])])],
  jis2004: [
    ...new Set([...charactersOf(jisx0213Plane1(), [1, 94]), ...charactersOf(jisx0213Plane2(), [1, 94])]),
  ].filter((character) => character > '\x7f'),
} as const;

/** What one program and we do with one profile of the encoder. */
interface Agreement {
  readonly codec: CodecName;
  readonly profile: NonNullable<EncodeOptions['profile']>;
  /** Characters that the program does not read as we wrote them, with what it reads. */
  readonly misread: Readonly<Record<string, string>>;
  /** Characters that the program writes in another way, with that; `''` for not at all. */
  readonly written: Readonly<Record<string, string>>;
  /** The program writes another charset's escapes throughout; so only reading is compared. */
  readonly readOnly?: string;
  /** The octets of ~ after a character of JIS X 0212, where they are those of its wide form. */
  readonly tilde?: string;
}

const vendors = { '～': '〜', '∥': '‖', '－': '−', '￠': '¢', '￡': '£', '￢': '¬' };
const notWritten = { '～': '', '∥': '', '－': '', '￠': '', '￡': '', '￢': '' };
const nkfReads = {
  '￣': '‾',
  '―': '—',
  '～': '〜',
  '∥': '‖',
  '－': '−',
  '￥': '¥',
  '￠': '¢',
  '￡': '£',
  '￢': '¬',
};

const agreements: readonly Agreement[] = [
  { codec: 'nkf', profile: 'strict', misread: nkfReads, written: {} },
  { codec: 'nkfMs', profile: 'strict', misread: {}, written: {} },
  { codec: 'iconv', profile: 'strict', misread: vendors, written: notWritten },
  { codec: 'uconv', profile: 'strict', misread: {}, written: {} },
  { codec: 'python', profile: 'strict', misread: vendors, written: notWritten },
  { codec: 'nkf', profile: 'ms', misread: { ...nkfReads, '￤': '¦' }, written: {} },
  { codec: 'nkfMs', profile: 'ms', misread: {}, written: {} },
  { codec: 'uconv', profile: 'ms', misread: {}, written: {}, readOnly: 'writes none of the IBM extensions' },
  {
    codec: 'nkf1',
    profile: 'jis0212',
    misread: nkfReads,
    written: {},
    readOnly: 'writes NEC and IBM extensions instead',
  },
  {
    codec: 'iconv2',
    profile: 'jis0212',
    misread: vendors,
    written: {
      '～': '\x1b$(D"7\x1b(B',
      '∥': '\x1b$A!N\x1b(B',
      '－': '\x1b$A#-\x1b(B',
      '￠': '\x1b$A!i\x1b(B',
      '￡': '\x1b$A!j\x1b(B',
      '￢': '\x1b$(C!~\x1b(B',
    },
    tilde: '"7',
  },
  { codec: 'uconv1', profile: 'jis0212', misread: {}, written: { '№': '\x1b$B-b\x1b(B' }, tilde: '"7' },
  { codec: 'python1', profile: 'jis0212', misread: vendors, written: notWritten },
  {
    codec: 'nkf2004',
    profile: 'jis2004',
    misread: { '￣': '‾', '―': '—', '￥': '¥', '－': '−', '∥': '‖', '⦅': '｟', '⦆': '｠' },
    written: {},
    readOnly: 'writes JIS X 0213 for what JIS X 0208 has as well',
  },
  {
    codec: 'iconv3',
    profile: 'jis2004',
    misread: { '－': '−', '∥': '‖', '⦅': '｟', '⦆': '｠' },
    written: {},
    readOnly: 'writes ESC $ ( O of 2000',
  },
  {
    codec: 'python2004',
    profile: 'jis2004',
    misread: { '－': '−', '∥': '‖' },
    written: { '－': '\x1b$(Q"1\x1b(B', '∥': '\x1b$(Q"T\x1b(B' },
  },
];

const bytesOf = (line: string) => Buffer.from(line, 'latin1');

/** 200 lines of 1 to 40 characters: a character of the repertoire, or one of ASCII in four. */
function randomLines(characters: readonly string[], seed: number): string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 200 }, () => {
    let line = '';
    for (let length = 1 + random(40); length > 0; length--) {
      line +=
        random(4) === 0 ? String.fromCharCode(0x20 + random(95)) : characters[random(characters.length)]!;
    }
    return line;
  });
}

for (const program of ['nkf', 'iconv', 'uconv', 'python3'] as const) {
  describeProgram(program, () => {
    for (const agreement of agreements.filter(({ codec }) => codecs[codec].program === program)) {
      const { profile, misread, written, readOnly, tilde } = agreement;
      const codec = codecs[agreement.codec];
      const characters = repertoires[profile];
      const ours = (line: string) => Buffer.from(encode(line, { profile })).toString('latin1');
      const name = `${codec.charset} and the profile ${profile}`;

      test(`${name}: reads each of the ${characters.length} characters as we wrote it${but(misread)}`, () => {
        const theirs = linesReadBy(codec, characters.map(ours));
        const others = characters.flatMap((one, at) => (theirs[at] === one ? [] : [[one, theirs[at]]]));
        expect(Object.fromEntries(others)).toEqual(misread);
      });

      if (readOnly === undefined) {
        test(`${name}: writes each of them as the octets that we write${but(written)}`, () => {
          const theirs = linesWrittenBy(codec, characters);
          const others = characters.flatMap((one, at) => {
            const octets = theirs[at]!;
            if (octets === ours(one)) return [];
            return [[one, /^\x1b/.test(octets) ? octets : '']];
          });
          expect(Object.fromEntries(others)).toEqual(written);
        });
      } else
        test(`${name}: ${program} ${readOnly}`, () => {
          const theirs = linesWrittenBy(codec, characters);
          expect(characters.filter((one, at) => theirs[at] !== ours(one)).length).toBeGreaterThan(0);
        });

      test(`${name}: 200 lines of random text in what both have, both ways`, () => {
        // Of the six disputed cells we write both readings, and read one.
        const shared = characters.filter(
          (one) => !(one in misread) && !(one in written) && decode(bytesOf(ours(one))) === one,
        );
        const lines = randomLines(shared, shared.length).map((line) =>
          tilde === undefined ? line : line.replaceAll('~', '-'),
        );
        expect(linesReadBy(codec, lines.map(ours))).toEqual(lines);
        if (readOnly !== undefined) return;
        const theirs = linesWrittenBy(codec, lines);
        expect(theirs.map((line) => decode(bytesOf(line), { fatal: true }))).toEqual(lines);
        expect(theirs).toEqual(lines.map(ours));
      });
      if (tilde !== undefined) {
        test(`${name}: ${program} writes ~ after a character of JIS X 0212 as ESC $ ( D ${tilde}, we as ~`, () => {
          expect(linesWrittenBy(codec, ['趕~'])).toEqual([`\x1b$(D_Q${tilde}\x1b(B`]);
          expect(ours('趕~')).toBe('\x1b$(D_Q\x1b(B~');
        });
      }
    }
  });
}

function but(differences: Readonly<Record<string, string>>): string {
  const named = Object.entries(differences).map(
    ([ours, theirs]) => `${ours} (${theirs === '' ? 'not at all' : theirs})`,
  );
  return named.length === 0 ? '' : `, but ${named.join(', ').replaceAll('\x1b', 'ESC ')}`;
}
