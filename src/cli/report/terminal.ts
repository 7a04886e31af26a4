import { styleText } from 'node:util';
import { asBytes } from '../../core/bytes.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { encodeBase64 } from '../../encoding/base64.js';

/** Colours of the report. */
export type Tone = 'good' | 'bad' | 'warn' | 'faint' | 'strong';

/** Paints text, or leaves it as it is where there are no colours. */
export type Paint = (tone: Tone, text: string) => string;

/** How to write to a stream: its width in columns, and its colours. */
export interface Terminal {
  readonly width: number;
  readonly paint: Paint;
}

const styles = {
  good: ['green', 'bold'],
  bad: ['red', 'bold'],
  warn: ['yellow'],
  faint: ['gray'],
  strong: ['bold'],
} as const;

/** Reads how wide a stream is and whether it wants colours (no-color.org: NO_COLOR turns them off). */
export function terminal(stream: NodeJS.WriteStream): Terminal {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM, COLUMNS } = process.env;
  const wanted = FORCE_COLOR !== '' ? FORCE_COLOR !== '0' : stream.isTTY === true && TERM !== 'dumb';
  const colours = NO_COLOR === '' && wanted;
  const width = stream.isTTY === true ? stream.columns : Number(COLUMNS);
  return {
    // Wider lines are hard to read, narrower ones cannot hold the labels.
    width: Math.max(40, Math.min(120, Number.isFinite(width) && width > 0 ? width : 80)),
    paint: (tone, text) =>
      colours
        ? styles[tone].reduce((s, style) => styleText(style, s, { validateStream: false }), text)
        : text,
  };
}

// Variation selectors choose among glyphs of one character (names in Japanese have them) and may stay.
const unsafe = /(?![\uFE00-\uFE0F\u{E0100}-\u{E01EF}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;

/**
 * Text from a message as it may be shown in a terminal: control characters,
 * those that reorder text and those that nobody sees become visible escapes,
 * so that a name cannot draw its own verdict. A tab becomes a blank.
 */
export function safe(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(unsafe, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** JSON in which such characters are escaped too: quoting alone leaves CSI and marks of direction as they are. */
export function safeJson(value: unknown): string {
  return `${escaped(JSON.stringify(value, undefined, 2))}\n`;
}

/**
 * Prints a line of such JSON, for what a decoder gives: octets are text where
 * they are UTF-8, else base64, and what may pass the range of numbers is a string.
 */
export async function printLine(value: unknown): Promise<void> {
  const line = `${escaped(JSON.stringify(value, wireValue))}\n`;
  const out = process.stdout;
  // Whoever reads may have had enough: what is left is for nobody.
  if (out.destroyed || out.write(line)) return;
  await new Promise<void>((done) => {
    const go = (): void => {
      out.off('drain', go).off('close', go);
      done();
    };
    out.on('drain', go).on('close', go);
  });
}

function wireValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Uint8Array)) return value;
  const text = strictUtf8FromBytes(asBytes(value));
  return text === undefined ? { base64: encodeBase64(value) } : { text };
}

function escaped(text: string): string {
  return text.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    // By UTF-16 units, which is how JSON escapes.
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
