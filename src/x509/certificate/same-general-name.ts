import { equalBytes } from '../../core/bytes.js';
import type { GeneralName } from './general-name.js';
import { comparableDomain, comparableMailbox, comparableUri } from './internet-names.js';

/**
 * Whether two GeneralNames are the same as RFC 5280 §7 has each kind compared:
 * directory names by attributes, domains and hosts in any letter case, mailboxes
 * by {@link sameMailbox}, the rest octet by octet. An rfc822Name and a
 * SmtpUTF8Mailbox are both mailboxes.
 *
 * @example
 * ```ts
 * import { sameGeneralName } from 'mailseal/x509';
 *
 * const here = { kind: 'uniformResourceIdentifier', value: 'http://crl.example.jp/ca.crl' } as const;
 * const there = { kind: 'uniformResourceIdentifier', value: 'HTTP://CRL.example.jp/ca.crl' } as const;
 * console.log(sameGeneralName(here, there)); // true
 * ```
 */
export function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  switch (a.kind) {
    case 'rfc822Name':
    case 'smtpUtf8Mailbox':
      return (
        (b.kind === 'rfc822Name' || b.kind === 'smtpUtf8Mailbox') &&
        comparableMailbox(a.value) === comparableMailbox(b.value)
      );
    case 'dNSName':
      return b.kind === a.kind && comparableDomain(a.value) === comparableDomain(b.value);
    case 'uniformResourceIdentifier':
      return b.kind === a.kind && comparableUri(a.value) === comparableUri(b.value);
    case 'directoryName':
      return b.kind === a.kind && a.value.equals(b.value);
    case 'registeredID':
      return b.kind === a.kind && a.value === b.value;
    case 'otherName':
      return b.kind === a.kind && a.type === b.type && equalBytes(a.value, b.value);
    default:
      return b.kind === a.kind && equalBytes(a.value, b.value);
  }
}
