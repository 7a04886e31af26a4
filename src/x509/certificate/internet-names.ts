import { MailsealError } from '../../core/errors.js';
import { domainToAscii, domainToUnicode } from '../../encoding/domain.js';

/** Only A–Z: other foldings would join different names (K and the Kelvin sign). */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a text is ASCII, as an IA5String is to be. */
export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

/**
 * The form of a domain in which equal ones are the same string (RFC 5280 §7.2,
 * RFC 9549): A-labels, in lower case. What is no domain is only put into lower
 * case, and so is equal to nothing but itself.
 */
export function comparableDomain(domain: string): string {
  if (isAscii(domain)) return domain.toLowerCase();
  try {
    return domainToAscii(domain);
  } catch (error) {
    if (error instanceof MailsealError) return asciiLower(domain);
    throw error;
  }
}

/**
 * The form of a mailbox, `local@domain`, in which equal ones are the same
 * string (RFC 5280 §7.5, RFC 9598 §5): the local part as it is, the domain in
 * A-labels and lower case.
 */
export function comparableMailbox(mailbox: string): string {
  // A quoted local part may hold an @, a domain may not.
  const at = mailbox.lastIndexOf('@') + 1;
  return at === 0 ? mailbox : mailbox.slice(0, at) + comparableDomain(mailbox.slice(at));
}

/**
 * The form of a mailbox that is the same for an A-label (`xn--…`) and its own text alone: text is not mapped, so that
 * one address never stands for another that only looks like it.
 */
export function readableMailbox(mailbox: string): string {
  const at = mailbox.lastIndexOf('@') + 1;
  return at === 0 ? mailbox : mailbox.slice(0, at) + domainToUnicode(asciiLower(mailbox.slice(at)));
}

/**
 * Whether two mail addresses are the same as certificates compare them
 * (RFC 5280 §7.5, RFC 9598 §5): the local part octet by octet, the domain in
 * any letter case and with A-labels (`xn--…`) the same as the text that they
 * stand for.
 *
 * @param a `local@domain`, as in rfc822Name or SmtpUTF8Mailbox
 * @example
 * ```ts
 * import { sameMailbox } from 'mailseal/x509';
 *
 * console.log(sameMailbox('花子@例え.jp', '花子@XN--R8JZ45G.JP')); // true
 * console.log(sameMailbox('Hanako@example.jp', 'hanako@example.jp')); // false
 * ```
 */
export function sameMailbox(a: string, b: string): boolean {
  return a === b || comparableMailbox(a) === comparableMailbox(b);
}

/**
 * The form of a URI in which equal ones are the same string (RFC 5280 §7.4):
 * scheme and host in lower case, the host in A-labels, all else as it is.
 */
export function comparableUri(uri: string): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(uri)?.[0];
  if (scheme === undefined) return uri;
  const rest = uri.slice(scheme.length);
  if (!rest.startsWith('//')) return scheme.toLowerCase() + rest;
  // RFC 3986 §3.2: the authority ends at the first of these, and user information before its last @.
  const end = rest.slice(2).search(/[/?#]/);
  const authority = end < 0 ? rest.slice(2) : rest.slice(2, end + 2);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const user = authority.slice(0, authority.length - host.length);
  return `${scheme.toLowerCase()}//${user}${comparableHost(host)}${end < 0 ? '' : rest.slice(end + 2)}`;
}

/** A host with its port, which is not a part of the name. */
function comparableHost(host: string): string {
  const port = /:\d*$/.exec(host)?.[0] ?? '';
  return comparableDomain(host.slice(0, host.length - port.length)) + port;
}
