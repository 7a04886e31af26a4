import { MailsealError } from '../../core/errors.js';
import { listGiven } from './compose-keys.js';
import { checkStructured } from './field-check.js';

/** An id (RFC 5322 §3.6.4) with its angle brackets. Nothing but what would end it is refused: ids come from other mail. */
export function messageIdText(field: string, id: string, eai: boolean): string {
  checkStructured(field, id, eai);
  const match = /^ *(?:<([^ \t<>]+)>|([^ \t<>]+)) *$/.exec(id);
  const inner = match?.[1] ?? match?.[2];
  if (inner !== undefined) return `<${inner}>`;
  throw new MailsealError(
    'mime-field-unsafe',
    `${JSON.stringify(id.slice(0, 80))}, given for the field ${field}, is no id such as "<left@right>"`,
    { fault: 'usage' },
  );
}

/** Ids from a list of them, or from text with several in angle brackets. */
export function messageIdsText(field: string, ids: string | readonly string[], eai: boolean): string {
  const list = typeof ids === 'string' ? ids.split(/(?<=>)/) : listGiven('ids', ids);
  return list
    .filter((id) => typeof id !== 'string' || !/^ *$/.test(id))
    .map((id) => messageIdText(field, id, eai))
    .join(' ');
}
