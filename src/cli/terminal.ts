import { styleText } from 'node:util';

/** Colours of the report. */
export type Tone = 'good' | 'bad' | 'warn' | 'faint' | 'strong';

const styles = { good: 'green', bad: 'red', warn: 'yellow', faint: 'gray', strong: 'bold' } as const;

/** Whether to colour what goes to a stream (no-color.org: NO_COLOR turns it off). */
export function colours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}

/** Paints text, or leaves it as it is where there are no colours. */
export function painter(enabled: boolean): (tone: Tone, text: string) => string {
  return (tone, text) => (enabled ? styleText(styles[tone], text, { validateStream: false }) : text);
}

/**
 * Text from a message as it may be shown in a terminal: control characters and
 * those that reorder text become visible escapes, so that a name cannot draw
 * its own verdict.
 */
export function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
