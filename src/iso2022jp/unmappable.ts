import { MailsealError, usage } from '../core/errors.js';
import { isKeyOf } from '../core/is-key-of.js';
import { shown } from '../core/shown.js';

/**
 * What to do with a character that cannot be written:
 *
 * - `error`: throw;
 * - `replace`: write a question mark;
 * - `geta`: write 〓, as Japanese printers do for a sort that they lack;
 * - a function: write the text that it gives for the character (one code
 *   point, or a lone surrogate) and its position in UTF-16 units from the start
 *   of the text. That text must itself be encodable, so it cannot hold escapes.
 */
export type OnUnmappable = 'error' | 'replace' | 'geta' | ((character: string, position: number) => string);

const fixed: Readonly<Record<string, string>> = { replace: '?', geta: '〓' };

/** What a text could use to switch sets by itself: SO, SI, ESC. */
const switching = /^[\x0e\x0f\x1b]/;

/** Refuses an option that is none of those there are. */
export function checkOnUnmappable(onUnmappable: OnUnmappable): void {
  if (onUnmappable === 'error' || typeof onUnmappable === 'function') return;
  if (isKeyOf(fixed, onUnmappable)) return;
  throw usage(`onUnmappable is 'error', 'replace', 'geta' or a function, not ${shown(onUnmappable)}`);
}

/**
 * Gives the text to write for a character that cannot be written, or throws.
 *
 * @param web - whether to tell of ESC, SO and SI as U+FFFD and replace them, as the Encoding Standard
 *   does. For mail they are an error whatever the option says.
 */
export function replacementFor(
  character: string,
  position: number,
  onUnmappable: OnUnmappable,
  web: boolean,
): string {
  const switches = switching.test(character);
  if (onUnmappable === 'error' || (switches && !web)) throw refusal(character, position);
  if (typeof onUnmappable === 'string') return fixed[onUnmappable]!;
  return textOf(onUnmappable(switches ? '\ufffd' : character, position), position);
}

function textOf(replacement: unknown, position: number): string {
  if (typeof replacement === 'string') return replacement;
  throw new MailsealError(
    'usage',
    `onUnmappable gave ${typeof replacement} in place of a string for the character at ${position}`,
    { offset: position },
  );
}

function refusal(character: string, position: number): MailsealError {
  const why = switching.test(character)
    ? 'would switch the character set from inside the text; remove it'
    : 'is not in the character sets of this profile; choose another, or say with onUnmappable what to write';
  return new MailsealError('charset-unencodable', `${nameOf(character)} at ${position} ${why}`, {
    offset: position,
  });
}

/** The error for a replacement that cannot be written either, found at a place in it. */
export function unmappableReplacement(replacement: string, at: number, position: number): MailsealError {
  const name = nameOf(characterAt(replacement, at));
  return new MailsealError(
    'usage',
    `what onUnmappable gave for the character at ${position} holds ${name}, which cannot be encoded either`,
    { offset: position },
  );
}

/** The code point at a place, as a string: a lone surrogate where there is one. */
export function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at)!);
}

function nameOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
