import { type Command, outputOf } from './programs.js';

/** How a program is told to read one charset of the family, and to write it; either gets and gives UTF-8. */
export interface Codec {
  readonly program: 'nkf' | 'iconv' | 'uconv' | 'python3';
  /** As the program calls it. */
  readonly charset: string;
  readonly read: Command;
  readonly write: Command;
}

// -m0: no encoded words; -x: half-width katakana stay what they are.
const nkf = (charset: string): Codec => ({
  program: 'nkf',
  charset,
  read: ['nkf', `--ic=${charset}`, '--oc=utf-8', '-m0', '-x'],
  write: ['nkf', '--ic=utf-8', `--oc=${charset}`, '-m0', '-x'],
});

// -c: what is wrong is left out.
const iconv = (charset: string): Codec => ({
  program: 'iconv',
  charset,
  read: ['iconv', '-c', '-f', charset, '-t', 'utf-8'],
  write: ['iconv', '-c', '-f', 'utf-8', '-t', charset],
});

const uconv = (charset: string): Codec => ({
  program: 'uconv',
  charset,
  read: ['uconv', '-f', charset, '-t', 'utf-8', '--from-callback', 'substitute'],
  write: ['uconv', '-f', 'utf-8', '-t', charset, '--to-callback', 'substitute'],
});

const script = `import sys
text = sys.stdin.buffer.read().decode(sys.argv[1], 'replace')
sys.stdout.buffer.write(text.encode(sys.argv[2], 'replace'))`;

const python = (charset: string): Codec => ({
  program: 'python3',
  charset,
  read: ['python3', '-c', script, charset, 'utf-8'],
  write: ['python3', '-c', script, 'utf-8', charset],
});

/** The codecs that the tests talk to; uconv's jis7 and jis8 read half-width katakana between SO and SI, and in eight bits. */
export const codecs = {
  nkf: nkf('iso-2022-jp'),
  nkfMs: nkf('cp50221'),
  nkf1: nkf('iso-2022-jp-1'),
  nkf2004: nkf('iso-2022-jp-2004'),
  iconv: iconv('iso-2022-jp'),
  iconv2: iconv('iso-2022-jp-2'),
  iconv3: iconv('iso-2022-jp-3'),
  uconv: uconv('iso-2022-jp'),
  uconv1: uconv('iso-2022-jp-1'),
  uconv2: uconv('iso-2022-jp-2'),
  uconvJis7: uconv('jis7'),
  uconvJis8: uconv('jis8'),
  python: python('iso2022_jp'),
  python1: python('iso2022_jp_1'),
  python2: python('iso2022_jp_2'),
  python3: python('iso2022_jp_3'),
  python2004: python('iso2022_jp_2004'),
  pythonExt: python('iso2022_jp_ext'),
} as const satisfies Record<string, Codec>;

export type CodecName = keyof typeof codecs;

function readBy(codec: Codec, octets: Uint8Array): string {
  return outputOf(codec.read, octets).toString('utf8');
}

const scriptForEach = `import sys
for line in sys.stdin:
    print(bytes.fromhex(line).decode(sys.argv[1], 'replace').encode('utf-8').hex())`;

/** What a program reads each of these texts as, each in a call of its own, or all in one where that may be. */
export function eachReadBy(codec: Codec, texts: readonly Buffer[]): string[] {
  // Python takes long to start.
  if (codec.program !== 'python3') return texts.map((octets) => readBy(codec, octets));
  const lines = texts.map((octets) => `${octets.toString('hex')}\n`).join('');
  return outputOf(['python3', '-c', scriptForEach, codec.charset], Buffer.from(lines))
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((hex) => Buffer.from(hex, 'hex').toString('utf8'));
}

/** What a program reads each of these lines as, all in one call. */
export function linesReadBy(codec: Codec, lines: readonly string[]): string[] {
  return readBy(codec, Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
    .split('\n')
    .slice(0, -1);
}

/** What a program writes for each of these lines, one character an octet. */
export function linesWrittenBy(codec: Codec, lines: readonly string[]): string[] {
  return outputOf(codec.write, Buffer.from(`${lines.join('\n')}\n`))
    .toString('latin1')
    .split('\n')
    .slice(0, -1);
}
