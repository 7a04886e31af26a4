import { describe, expect, test } from 'vitest';
import { decode } from '../../src/iso2022jp/decode.js';
import { type CodecName, codecs, eachReadBy } from '../support/iso2022jp-programs.js';
import { describeProgram } from '../support/programs.js';

/** Octets that senders of mail have really written, E for ESC; what we read, and what the programs read otherwise. */
interface Oddity {
  readonly what: string;
  readonly octets: string;
  readonly ours: string;
  readonly otherwise: Partial<Record<CodecName, string>>;
}

const compared = [
  'nkf',
  'iconv',
  'iconv2',
  'iconv3',
  'uconv',
  'uconv2',
  'uconvJis7',
  'uconvJis8',
  'python',
  'python2',
  'pythonExt',
  'python2004',
] as const satisfies readonly CodecName[];

/** The same answer from several. */
function all(names: readonly CodecName[], answer: string): Partial<Record<CodecName, string>> {
  return Object.fromEntries(names.map((name) => [name, answer]));
}
const iconvs = ['iconv', 'iconv2', 'iconv3'] as const;
const uconvs = ['uconv', 'uconv2', 'uconvJis7', 'uconvJis8'] as const;
const pythons = ['python', 'python2', 'pythonExt', 'python2004'] as const;

const oddities: readonly Oddity[] = [
  {
    what: 'an escape sequence twice',
    octets: 'E$BE$B4A;zE(B',
    ours: '漢字',
    otherwise: { uconv: '\ufffd漢字' },
  },
  {
    what: 'escape sequences with nothing between them',
    octets: 'E$BE(Ba',
    ours: 'a',
    otherwise: { uconv: '\ufffda' },
  },
  { what: 'text that ends in JIS', octets: 'E$B4A;z', ours: '漢字', otherwise: {} },
  {
    what: 'a line end inside JIS: uconv switches to ASCII there',
    octets: 'E$B4A\n;zE(B!',
    ours: '漢\n字!',
    otherwise: all(uconvs, '漢\n;z!'),
  },
  {
    what: 'a tab inside JIS',
    octets: 'E$B4A\t;zE(B',
    ours: '漢\t字',
    otherwise: all(uconvs, '漢\ufffd字'),
  },
  {
    what: 'a space inside JIS',
    octets: 'E$B4A ;zE(B',
    ours: '漢 字',
    otherwise: { ...all(uconvs, '漢\ufffd字'), ...all(pythons, '漢\ufffd\ufffd\ufffd') },
  },
  {
    what: 'half-width katakana after ESC ( I',
    octets: 'E(I1_E(B1',
    ours: 'ｱﾟ1',
    otherwise: { iconv: '\x1b(I1_1', ...all(['python', 'python2', 'python2004'], '\ufffd1_1') },
  },
  {
    what: 'half-width katakana between SO and SI: nkf and uconv as jis7 only',
    octets: 'a\x0e1_\x0f1',
    ours: 'aｱﾟ1',
    otherwise: {
      ...all([...iconvs, ...pythons], 'a\x0e1_\x0f1'),
      ...all(['uconv', 'uconv2', 'uconvJis8'], 'a\ufffd1_\ufffd1'),
    },
  },
  {
    what: 'half-width katakana in eight bits: uconv as jis8 only; nkf takes them for EUC-JP',
    octets: 'a\xb1\xdf1',
    ours: 'aｱﾟ1',
    otherwise: {
      nkf: 'a円1',
      ...all(iconvs, 'a1'),
      ...all(['uconv', 'uconv2', 'uconvJis7', ...pythons], 'a\ufffd\ufffd1'),
    },
  },
  {
    what: 'Roman: nkf reads it as ASCII',
    octets: 'E(J\\~E(B\\~',
    ours: '¥‾\\~',
    otherwise: { nkf: '\\~\\~', python2004: '\ufffd\\~\\~' },
  },
  {
    what: 'ESC ( H for Roman',
    octets: 'E(H\\~aE(B',
    ours: '¥‾a',
    otherwise: { nkf: '\\~a', ...all(iconvs, '\x1b(H\\~a'), ...all(pythons, '\ufffd\\~a') },
  },
  {
    what: 'ESC & @ that announces JIS X 0208-1990',
    octets: 'E&@E$B4AE(B',
    ours: '漢',
    otherwise: { ...all(iconvs, '\x1b&@漢'), uconv: '\ufffd漢' },
  },
  {
    what: 'ESC $ ( B for ESC $ B',
    octets: 'E$(B4AE(B',
    ours: '漢',
    otherwise: { ...all(iconvs, '\x1b$(B4A'), ...all(uconvs, '\ufffd4A') },
  },
  {
    what: 'ISO 8859-1 by ESC . A and ESC N, for those who know ISO-2022-JP-2',
    octets: 'a E.AENi E(B',
    ours: 'a é ',
    otherwise: {
      nkf: 'a  ',
      ...all(['iconv', 'iconv3'], 'a \x1b.A\x1bNi '),
      uconv: 'a \ufffd\ufffdNi ',
      ...all(['python', 'pythonExt', 'python2004'], 'a \ufffd\x1bNi '),
    },
  },
  {
    what: 'a cell that is empty: nkf has one of NEC there, iconv leaves out an octet and reads the next two',
    octets: 'E$B)!4AE(B',
    ours: '\ufffd漢',
    otherwise: { nkf: '①漢', ...all(iconvs, 'ヾ') },
  },
  {
    what: 'half a character before an escape sequence',
    octets: 'E$B4E(Ba',
    ours: '\ufffda',
    otherwise: { nkf: '', ...all(iconvs, 'a'), ...all(pythons, '\ufffd\ufffd\ufffd') },
  },
  {
    what: 'an octet that ends no character',
    octets: 'E$B4\x7f4AE(B',
    ours: '\ufffd漢',
    otherwise: { nkf: '漢', ...all(iconvs, '\x7f漢') },
  },
  {
    what: 'an escape sequence that there is not: Python takes ESC $ C for Korean in iso2022_jp_2, and leaves it out elsewhere',
    octets: 'E$C4A',
    ours: '\ufffd$C4A',
    otherwise: {
      ...all(['nkf', ...iconvs], '\x1b$C4A'),
      python2: '늑',
      ...all(['python', 'pythonExt', 'python2004'], '\ufffd4A'),
    },
  },
  {
    what: 'ESC at the end',
    octets: 'aE',
    ours: 'a\ufffd',
    otherwise: { nkf: 'a\x1b', ...all(iconvs, 'a') },
  },
];

const octetsOf = (octets: string) => Buffer.from(octets.replaceAll('E', '\x1b'), 'latin1');

describe('what senders do', () => {
  for (const { what, octets, ours } of oddities) {
    test(`${what}: ${JSON.stringify(ours)}`, () => {
      expect(decode(octetsOf(octets))).toBe(ours);
    });
  }
});

for (const program of ['nkf', 'iconv', 'uconv', 'python3'] as const) {
  describeProgram(program, () => {
    for (const name of compared.filter((codec) => codecs[codec].program === program)) {
      const { charset } = codecs[name];
      let answers: string[] | undefined;
      oddities.forEach(({ what, octets, ours, otherwise }, at) => {
        const theirs = otherwise[name];
        const how =
          theirs === undefined ? 'as we do' : `${JSON.stringify(theirs)}, not ${JSON.stringify(ours)}`;
        test(`${charset}, ${what} (${JSON.stringify(octets)}): ${how}`, () => {
          answers ??= eachReadBy(
            codecs[name],
            oddities.map((oddity) => octetsOf(oddity.octets)),
          );
          expect(answers[at]).toBe(theirs ?? ours);
        });
      });
    }
  });
}
