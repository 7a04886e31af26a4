import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';

/**
 * Refuses a value with which a caller's data could end a field and start
 * another: RFC 5322 §2.2 allows CR and LF in a value only as its folds, which
 * are made here alone, and NUL nowhere.
 *
 * @throws MailsealError `mime-field-unsafe` with the character's position; `usage` when it is no string.
 */
export function checkFieldText(field: string, text: string): void {
  if (typeof text !== 'string') {
    throw usage(`the field ${field} takes text, not a value of type ${typeof text}`);
  }
  const at = text.search(/[\r\n\0]/);
  if (at < 0) return;
  const what = text[at] === '\0' ? 'a NUL' : text[at] === '\r' ? 'a CR' : 'an LF';
  throw new MailsealError(
    'mime-field-unsafe',
    `what is given for the field ${field} has ${what} at ${at}, which could start another field; remove it`,
    { fault: 'usage', offset: at },
  );
}

/**
 * Refuses what is no field name (RFC 5322 §2.2: printable ASCII without blanks
 * and colon), and one that leaves no room for its value.
 *
 * @throws MailsealError `mime-field-unsafe`.
 */
export function checkFieldName(name: string): void {
  if (typeof name === 'string' && /^[!-9;-~]{1,76}$/.test(name)) return;
  throw new MailsealError(
    'mime-field-unsafe',
    `${shown(name)} is no name of a field: 1 to 76 printable ASCII characters without blanks and colon`,
    { fault: 'usage' },
  );
}

/**
 * Refuses what only encoded words could carry where there may be none:
 * controls, and characters above ASCII unless UTF-8 headers are asked for.
 *
 * @throws MailsealError `mime-field-unsafe` with the character's position.
 */
export function checkStructured(field: string, text: string, eai: boolean): void {
  checkFieldText(field, text);
  const at = text.search(eai ? /[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Cs}]/u : /[^\t -~]/);
  if (at < 0) return;
  throw new MailsealError(
    'mime-field-unsafe',
    `what is given for the field ${field} has at ${at} a character that cannot stand there as it is: U+${text
      .codePointAt(at)!
      .toString(16)
      .toUpperCase()
      .padStart(4, '0')}`,
    { fault: 'usage', offset: at },
  );
}
