/** Characters that take two columns in a terminal (East Asian Width W and F, and emoji), by first and last code point. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26aa, 0x26ab],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Columns that one character takes. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}]/u.test(character)) return 0;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that text takes in a terminal. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** Fills text with blanks up to a width in columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Cuts text that is wider than so many columns, with an ellipsis at the end. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let columns = 0;
  let kept = '';
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** No line of a report needs more lines than this; a hostile header field would. */
const mostLines = 12;

/**
 * Breaks text into lines of at most so many columns: at blanks, and inside a
 * word that is wider than a line (Japanese text has no blanks).
 */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = (): void => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(/ +/)) {
    if (word === '') continue;
    const columns = displayWidth(word);
    if (line !== '' && used + 1 + columns > room) {
      // A word that fits nowhere begins where there is room for some of it.
      if (columns <= room || room - used < 8) flush();
    }
    if (line !== '') {
      line += ' ';
      used++;
    }
    for (const character of word) {
      const more = columnsOf(character);
      if (used + more > room) {
        flush();
        if (lines.length > mostLines) break;
      }
      line += character;
      used += more;
    }
    if (lines.length > mostLines) break;
  }
  flush();
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), shorten(`${lines[mostLines - 1]} …`, room)];
}

/** Lines of text beside a label: the first line after it, the others under the first. */
export function beside(label: string, text: string, width: number): string[] {
  const indent = displayWidth(label);
  const [first = '', ...rest] = wrap(text, width - indent);
  return [`${label}${first}`, ...rest.map((line) => `${' '.repeat(indent)}${line}`)];
}
