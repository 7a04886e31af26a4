import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { domainToAscii } from '../../encoding/domain.js';
import type { GeneralName } from '../../x509/certificate/general-name.js';
import { comparableGeneralName } from '../../x509/certificate/same-general-name.js';
import { givenList } from './given.js';

/** A dot-atom or a quoted string (RFC 5321 §4.1.2; RFC 6531 §3.3 adds what is beyond ASCII). */
const localPart =
  /^(?:[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+)*|"(?:[ !#-[\]-~\x80-\u{10ffff}]|\\[ -~])*")$/u;

/**
 * A mail address as a certificate names it: rfc822Name where the part before
 * the @ is ASCII (RFC 5280 §4.2.1.6), else SmtpUTF8Mailbox (RFC 9598 §3); the
 * domain in A-labels in both, or an address in brackets.
 *
 * @throws MailsealError `usage` for what is no bare address (no angle
 * brackets, no name); `domain-malformed`.
 */
export function mailboxName(address: string): GeneralName {
  const at = typeof address === 'string' ? address.lastIndexOf('@') : -1;
  const local = at < 0 ? '' : address.slice(0, at);
  if (!localPart.test(local) || bytesFromUtf8(local).length > 64 || /\p{Cc}|\p{Cs}/u.test(local)) {
    throw usage(
      'a mail address of a certificate is local-part@domain, without brackets, name or comment, at most 64 octets before the @',
    );
  }
  const value = `${local}@${mailDomain(address.slice(at + 1))}`;
  return { kind: /^[\x00-\x7f]*$/.test(local) ? 'rfc822Name' : 'smtpUtf8Mailbox', value };
}

/** The addresses of a certificate or request, each once. */
export function mailboxNames(addresses: readonly string[]): GeneralName[] {
  const seen = new Set<string>();
  return givenList(addresses, 'addresses').map((address) => {
    const name = mailboxName(address);
    const comparable = comparableGeneralName(name);
    if (seen.has(comparable)) throw usage(`the address ${shown(address)} is given twice`);
    seen.add(comparable);
    return name;
  });
}

/** RFC 5321 §4.1.2: a Domain, which does not end with a dot, or an address-literal. */
function mailDomain(domain: string): string {
  if (!domain.startsWith('[')) {
    const ascii = domainToAscii(domain);
    if (ascii.endsWith('.')) throw usage('the domain of a mail address ends without a dot (RFC 5321 §4.1.2)');
    return ascii;
  }
  // Beside IPv6 no tag of a General-address-literal has been registered.
  const [, ipv6, text = ''] = /^\[(IPv6:)?([0-9A-Fa-f:.]{2,45})\]$/i.exec(domain) ?? [];
  if (!(ipv6 === undefined ? isIpv4(text) : isIpv6(text))) {
    throw usage(
      'in the brackets of a mail address stands an IPv4 address, or IPv6: and one of those (RFC 5321 §4.1.3)',
    );
  }
  return domain;
}

/** RFC 5321 §4.1.3, IPv4-address-literal: four Snum. */
function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])(?:\.(?!$)|$)){4}$/.test(text);
}

/** RFC 5321 §4.1.3, IPv6-addr: eight groups, of which the last two may be IPv4, and `::` once for two or more of zeros. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [n, half] of halves.entries()) {
    const words = half === '' ? [] : half.split(':');
    for (const [m, word] of words.entries()) {
      const isLast = n === halves.length - 1 && m === words.length - 1;
      if (/^[0-9A-Fa-f]{1,4}$/.test(word)) groups++;
      else if (isLast && isIpv4(word)) groups += 2;
      else return false;
    }
  }
  return halves.length === 1 ? groups === 8 : groups <= 6;
}
