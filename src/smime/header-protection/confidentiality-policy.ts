import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { WriteOptions } from '../../mime/compose/compose-charset.js';
import { writeField } from '../../mime/compose/compose-field.js';
import { formatDate } from '../../mime/compose/format-date.js';
import { parseAddressList } from '../../mime/fields/address.js';
import { parseDate } from '../../mime/fields/date.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { mailboxesIn } from '../../mime/fields/mailbox.js';
import { sameAddress } from '../verify/identity.js';

/**
 * What an encrypted message shows of its header on the outside (RFC 9788 §3):
 * given the name of a field and its value, unfolded and with encoded words as
 * they stand, the value to show instead, the same value to show it as it is, or
 * `undefined` to leave the field out. A function may hide neither From nor Date,
 * nor change the address in From.
 */
export type HeaderConfidentialityFunction = (name: string, value: string) => string | undefined;

/**
 * `baseline` hides Subject, Comments and Keywords (RFC 9788 §3.2.1), and
 * Thread-Topic, which repeats the subject; `shy` also the names in From, To and Cc and the sender's time zone (§3.2.2); `none`
 * hides nothing (§3.2.3).
 */
export type HeaderConfidentialityPolicy = 'baseline' | 'shy' | 'none' | HeaderConfidentialityFunction;

const asUtf8: WriteOptions = { charsets: ['utf-8'], iso2022jp: {}, eai: false };

/** The function of a policy. */
export function confidentialityFunction(policy: HeaderConfidentialityPolicy): HeaderConfidentialityFunction {
  if (typeof policy === 'function') return policy;
  switch (policy) {
    case 'baseline':
      return baseline;
    case 'shy':
      return shy;
    case 'none':
      return (_, value) => value;
    default:
      throw usage(`header confidentiality is 'baseline', 'shy', 'none' or a function, not ${shown(policy)}`);
  }
}

/** RFC 9788 §3.2.1; and Thread-Topic, in which some programs write the subject once more. */
function baseline(name: string, value: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'subject':
      return '[...]';
    case 'comments':
    case 'keywords':
    case 'thread-topic':
      return undefined;
    default:
      return value;
  }
}

/** RFC 9788 §3.2.2. */
function shy(name: string, value: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'from':
    case 'to':
    case 'cc': {
      const list = parseAddressList(value);
      if (list.defects.length > 0) return value;
      const addresses = mailboxesIn(list).map(({ address }) => address);
      // A group without members says nothing about anybody; addresses that are not ASCII are only written as they came.
      const canBeWritten = addresses.length > 0 && addresses.every((each) => /^[!-~]+$/.test(each));
      return canBeWritten ? addresses.join(', ') : value;
    }
    case 'date': {
      const date = parseDate(value);
      return date === undefined ? value : formatDate(date, 0);
    }
    default:
      return baseline(name, value);
  }
}

/**
 * A field as the outside of an encrypted message has it, as text; `undefined`
 * where it is left out.
 *
 * @param kept the field as it would be written unchanged
 * @throws MailsealError `usage` where a caller's function does what it may not; codes of `formatHeaderField` for a
 * value that cannot be written.
 */
export function outsideField(
  field: HeaderField,
  kept: string,
  hide: HeaderConfidentialityFunction,
): string | undefined {
  const { name, value } = field;
  const shown = hide(name, value);
  if (shown === value) return kept;
  const lower = name.toLowerCase();
  if (shown === undefined) {
    // RFC 5322 §3.6: a message has From and Date.
    if (lower === 'from' || lower === 'date') throw usage(`${name} may not be hidden`);
    return undefined;
  }
  if (typeof shown !== 'string') {
    throw usage('header confidentiality gives a text, or undefined to hide a field');
  }
  if (lower === 'from' && !sameMailboxes(value, shown)) {
    // RFC 9788 §3.1.1: readers compare the two, and warn where they differ.
    throw usage('the address in From may not be changed on the outside');
  }
  return writeField(name, shown, asUtf8);
}

function sameMailboxes(one: string, other: string): boolean {
  const [a, b] = [one, other].map((each) => mailboxesIn(parseAddressList(each)));
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every(({ address }, i) => address === b[i]!.address || sameAddress(address, b[i]!.address));
}
