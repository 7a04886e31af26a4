import { type MimeDefect, mimeDefect } from '../defects.js';
import type { HeaderFields } from './header-fields.js';

/** The fields that RFC 5322 §3.6, RFC 2045, RFC 2183, RFC 3282, RFC 2369 §3, RFC 2919 and RFC 8058 allow once. */
const ONCE: readonly string[] = [
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references'],
  ...['subject', 'date', 'mime-version', 'content-type', 'content-transfer-encoding', 'content-id'],
  ...['content-description', 'content-disposition', 'content-language', 'list-id', 'list-help'],
  ...[
    'list-subscribe',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'list-post',
    'list-owner',
    'list-archive',
  ],
];

/** A defect for each name that stands there again though it may stand once, at its second field. */
export function duplicateFields(headers: HeaderFields): MimeDefect[] {
  const defects: MimeDefect[] = [];
  for (const name of ONCE) {
    const second = headers.all(name)[1];
    if (second !== undefined) defects.push(mimeDefect('header-duplicate', second.start, second.name));
  }
  return defects;
}
