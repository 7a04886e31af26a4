/** What {@link parseFlowed} and {@link unflow} have to know. */
export interface FlowedOptions {
  /** The `DelSp` parameter is `yes`: the blank that marks a soft line break is no part of the text. Default false. */
  readonly delSp?: boolean;
}

/** One paragraph, or one line that stands for itself, of a format=flowed text. */
export interface FlowedParagraph {
  /** How many levels of quoting it stands in. */
  readonly quoteDepth: number;
  /** Its text on one line, without quote marks, stuffing and line end. */
  readonly text: string;
  /** The line end after it: CRLF, LF, or `''` at the end of a text that has none. */
  readonly lineEnd: string;
}

/**
 * Reads text/plain with `format=flowed` (RFC 3676): undoes soft line breaks,
 * quote marks and space-stuffing. A soft break before a line of another quote
 * depth is a hard one (§4.5), and so is one before the signature separator
 * `-- ` (§4.3).
 *
 * @param text the decoded text of the part
 * @example
 * ```ts
 * import { parseFlowed } from 'mailseal/mime';
 *
 * const [quoted, own] = parseFlowed('> How are \n> you?\nFine.\n');
 * console.log(quoted?.quoteDepth, quoted?.text, own?.text); // 1 How are you? Fine.
 * ```
 */
export function parseFlowed(text: string, options: FlowedOptions = {}): FlowedParagraph[] {
  const paragraphs: FlowedParagraph[] = [];
  let open: string[] = [];
  let openDepth = -1;
  let openEnd = '';
  const close = (): void => {
    if (openDepth >= 0) paragraphs.push({ quoteDepth: openDepth, text: open.join(''), lineEnd: openEnd });
    open = [];
    openDepth = -1;
  };
  for (let at = 0; at < text.length; ) {
    const lf = text.indexOf('\n', at);
    const next = lf < 0 ? text.length : lf + 1;
    const end = lf < 0 ? text.length : lf > at && text[lf - 1] === '\r' ? lf - 1 : lf;
    let from = at;
    while (from < end && text[from] === '>') from++;
    const quoteDepth = from - at;
    // §4.4: one blank after the quote marks is stuffing.
    if (from < end && text[from] === ' ') from++;
    let line = text.slice(from, end);
    const isSeparator = line === '-- ';
    const flows = line.endsWith(' ') && !isSeparator;
    if (flows && options.delSp === true) line = line.slice(0, -1);
    if (openDepth !== quoteDepth || isSeparator) close();
    open.push(line);
    openDepth = quoteDepth;
    openEnd = text.slice(end, next);
    if (!flows) close();
    at = next;
  }
  close();
  return paragraphs;
}

/**
 * The text of a format=flowed part (RFC 3676) with each paragraph on one line:
 * {@link parseFlowed}, with quoted lines under `> ` again (`>> ` for two levels).
 *
 * @param text the decoded text of the part
 * @example
 * ```ts
 * import { unflow } from 'mailseal/mime';
 *
 * console.log(unflow('It is \nlong.\n') === 'It is long.\n'); // true
 * console.log(unflow('こん \nにちは\n', { delSp: true }) === 'こんにちは\n'); // true
 * ```
 */
export function unflow(text: string, options: FlowedOptions = {}): string {
  const lines: string[] = [];
  for (const { quoteDepth, text: paragraph, lineEnd } of parseFlowed(text, options)) {
    const mark = quoteDepth === 0 ? '' : `${'>'.repeat(quoteDepth)}${paragraph === '' ? '' : ' '}`;
    lines.push(mark, paragraph, lineEnd);
  }
  return lines.join('');
}
