import type { HeaderField } from '../../mime/fields/header-fields.js';
import type { OpenReport } from '../../smime/open/report.js';
import { shownSeals } from './headline.js';
import { reasonLines, remarkLines, row, type TextOptions } from './report-lines.js';
import { safe } from './terminal.js';

/** Who a message says that it is from, its subject, and what vouches for that. */
export function headerLines(report: OpenReport, options: TextOptions): string[] {
  const { headers, reasons } = report;
  if (headers.length === 0) return [];
  // To tells whom a signed text was for, where somebody passes it on as if it were for another.
  const names =
    headers.scheme === 'none'
      ? ['From', 'Sender', 'Subject', 'Date']
      : ['From', 'Sender', 'To', 'Cc', 'Subject', 'Date'];
  return [
    ...names.flatMap((name) => headers.all(name).flatMap((field) => row(name, safe(field.text), options))),
    ...remarksOn(report).flatMap((remark) => remarkLines(remark, options)),
    // RFC 9788 §4.4.2: a reader is warned where he sees the name, not somewhere below.
    ...reasons
      .filter(({ code }) => code === 'from-not-bound' || code === 'outer-from-differs')
      .flatMap((reason) => reasonLines(reason, '  ', options)),
  ];
}

/** People take a good verdict for one on the subject, too. */
function remarksOn(report: OpenReport): string[] {
  const { headers, seals } = report;
  if (headers.scheme === 'none') {
    return seals.length === 0
      ? []
      : ['The signature does not cover the header; only From is checked, below.'];
  }
  const innerFields = new Set(headers.inner);
  const inside = namesOf([...headers].filter((field) => innerFields.has(field)));
  const hidden = namesOf([...headers].filter((field) => /encrypted/.test(headers.protection(field))));
  const inner = shownSeals(report);
  const remarks =
    inner.length === 0
      ? ['No signature covers the header.']
      : inner.some(({ verified }) => verified)
        ? [`The signature covers these header fields: ${inside}.`]
        : [`These header fields stand in what was signed, but the signature is not verified: ${inside}.`];
  return hidden === '' ? remarks : [...remarks, `Only inside of the encryption: ${hidden}.`];
}

/** Each name once, as it is first written. */
function namesOf(fields: readonly HeaderField[]): string {
  const names = new Map<string, string>();
  for (const { name } of fields) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()].join(', ');
}
