/** Text in lines that a reader may join again. */
export interface FlowedText {
  readonly text: string;
  /** Whether blanks were added where there were none, so that a reader has to delete them (`DelSp=yes`). */
  readonly delSp: boolean;
}

/** Columns of a line without the blanks that make it flow; RFC 3676 §4.2 wants at most 78. */
const COLUMNS = 72;

/** What takes two columns, and may be broken from its neighbours: Han, kana, hangul, full-width forms. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
/** What does not begin a line in Japanese: closing marks, small kana, marks of length. */
const NOT_FIRST =
  /[、。，．・：；？！゛゜ヽヾゝゞ々ー）」』】〕〉》’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ\p{M}]/u;

/**
 * Breaks the lines of a text for `format=flowed` (RFC 3676): lines of up to
 * about 72 columns, of which each that goes on ends in a blank. Lines that
 * begin with `>` are quotes and stay so. Blanks at the end of the given lines
 * are dropped, since they would say that the line goes on (§4.2); `-- ` stays.
 *
 * @param text - with CRLF line ends
 */
export function flowText(text: string): FlowedText {
  const lines = text.split('\r\n').map((line) => {
    const quote = /^>+/.exec(line)?.[0] ?? '';
    // One blank after the marks of a quote is space-stuffing, which is done anew here.
    const inner = quote === '' ? line : line.slice(quote.length).replace(/^ /, '');
    return { quote, inner: inner === '-- ' ? inner : withoutBlanksAtEnd(inner) };
  });
  const delSp = lines.some(({ quote, inner }) => breaksWithoutBlank(inner, COLUMNS - quote.length));
  const flowed = lines.flatMap(({ quote, inner }) => {
    if (inner === '-- ') return [stuffed(quote, inner)];
    const broken = breakLine(inner, COLUMNS - quote.length, delSp);
    return broken.map((piece, index) =>
      stuffed(quote, index < broken.length - 1 ? piece + (delSp ? ' ' : '') : piece),
    );
  });
  return { text: flowed.join('\r\n'), delSp };
}

/** In linear time, which `/ +$/` does not take. */
function withoutBlanksAtEnd(line: string): string {
  let end = line.length;
  while (line.charCodeAt(end - 1) === 0x20) end--;
  return line.slice(0, end);
}

/** RFC 3676 §4.4: a blank goes before what begins with a blank, `>` or `From `; after the marks of a quote it always may. */
function stuffed(quote: string, line: string): string {
  if (quote !== '') return line === '' ? quote : `${quote} ${line}`;
  return /^(?: |>|From )/.test(line) ? ` ${line}` : line;
}

/** The pieces of a line; a piece keeps the blanks after which it was broken. */
function breakLine(line: string, columns: number, wide: boolean): string[] {
  const pieces: string[] = [];
  let from = 0;
  let width = 0;
  // The last place where the line may be broken, and the columns before it.
  let place = 0;
  let widthAtPlace = 0;
  let before = '';
  for (let at = 0; at < line.length; ) {
    const character = String.fromCodePoint(line.codePointAt(at)!);
    const afterBlank = before === ' ' && character !== ' ';
    const betweenWide =
      wide &&
      before !== '' &&
      character !== ' ' &&
      (WIDE.test(before) || WIDE.test(character)) &&
      !NOT_FIRST.test(character);
    // A piece that is `-- ` would be read as the mark of a signature, which never flows; a break between wide characters adds the blank.
    const isMark = at - from <= 3 && /^-- ?$/.test(line.slice(from, at));
    if (at > from && (afterBlank || betweenWide) && !isMark) {
      place = at;
      widthAtPlace = width;
    }
    width += WIDE.test(character) ? 2 : 1;
    if (width > columns && place > from) {
      pieces.push(line.slice(from, place));
      from = place;
      width -= widthAtPlace;
    }
    before = character;
    at += character.length;
  }
  pieces.push(line.slice(from));
  return pieces;
}

/** Whether a line has to be broken where there is no blank. */
function breaksWithoutBlank(line: string, columns: number): boolean {
  return (
    WIDE.test(line) &&
    breakLine(line, columns, false).some((piece) => columnsOf(withoutBlanksAtEnd(piece)) > columns)
  );
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}
