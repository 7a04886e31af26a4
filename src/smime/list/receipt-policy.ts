import type { MailListReceiptPolicy } from '../../cms/ess/mail-list.js';

/**
 * The receipt policy that a list writes, where another list was before it: recipients look at the last one only, so
 * it has to hold what the earlier one wanted (RFC 2634 §4.3, the table).
 *
 * @param earlier that of the list before
 * @param own that of the list itself
 */
export function unitedReceiptPolicy(
  earlier: MailListReceiptPolicy | undefined,
  own: MailListReceiptPolicy | undefined,
): MailListReceiptPolicy | undefined {
  if (earlier === undefined || own === undefined) return earlier ?? own;
  // Nobody may undo that there are none, and no list has to ask another before it says so.
  if (earlier.kind === 'none' || own.kind === 'none') return { kind: 'none' };
  if (own.kind === 'instead-of') return own;
  // *1 and *2 of the table: additions go to whom the earlier list named, who stay what they were.
  return { kind: earlier.kind, to: [...earlier.to, ...own.to] };
}
