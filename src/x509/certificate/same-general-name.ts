import { encodeHex } from '../../encoding/hex.js';
import type { GeneralName } from './general-name.js';
import { comparableDomain, comparableMailbox, comparableUri } from './internet-names.js';

/** A text that is the same for names that are the same by {@link sameGeneralName}: many are compared with many in linear time. */
export function comparableGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'rfc822Name':
    case 'smtpUtf8Mailbox':
      return `mailbox ${comparableMailbox(name.value)}`;
    case 'dNSName':
      return `${name.kind} ${comparableDomain(name.value)}`;
    case 'uniformResourceIdentifier':
      return `${name.kind} ${comparableUri(name.value)}`;
    case 'directoryName':
      return `${name.kind} ${name.value.normalized}`;
    case 'registeredID':
      return `${name.kind} ${name.value}`;
    case 'otherName':
      return `${name.kind} ${name.type} ${encodeHex(name.value)}`;
    default:
      return `${name.kind} ${encodeHex(name.value)}`;
  }
}

/**
 * Whether two GeneralNames are the same as RFC 5280 §7 has each kind compared:
 * directory names by attributes, domains and hosts in any letter case, mailboxes
 * by {@link sameMailbox}, the rest octet by octet. An rfc822Name and a
 * SmtpUTF8Mailbox are both mailboxes.
 *
 * @throws MailsealError the codes of `parseName` for a damaged directory name
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
  return a === b || comparableGeneralName(a) === comparableGeneralName(b);
}
