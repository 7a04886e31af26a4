import { oidContent } from '../../asn1/oid.js';
import { der, derExplicit, derIa5String, derOid, derSequence, derUtf8String } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { domainToAscii } from '../../encoding/domain.js';
import { type GeneralName, smtpUtf8MailboxOid } from '../../x509/certificate/general-name.js';

/** The DER of a GeneralName (RFC 5280 §4.2.1.6). */
export function encodeGeneralName(name: GeneralName): Bytes {
  switch (name.kind) {
    case 'rfc822Name':
      return retag(0x81, derIa5String(name.value));
    case 'dNSName':
      return retag(0x82, derIa5String(name.value));
    case 'uniformResourceIdentifier':
      return retag(0x86, derIa5String(name.value));
    case 'directoryName':
      return derExplicit(4, name.value.bytes);
    case 'iPAddress':
      return der(0x87, name.value);
    case 'registeredID':
      return der(0x88, oidContent(name.value));
    case 'smtpUtf8Mailbox':
      return otherName(smtpUtf8MailboxOid, derUtf8String(name.value));
    case 'otherName':
      return otherName(name.type, name.value);
    default:
      return name.value;
  }
}

/** An element under an implicit tag, which takes the place of its own. */
function retag(identifier: number, element: Bytes): Bytes {
  element[0] = identifier;
  return element;
}

function otherName(type: string, value: Bytes): Bytes {
  return der(0xa0, derOid(type), derExplicit(0, value));
}

/** A dot-atom or a quoted string (RFC 5321 §4.1.2; RFC 6531 §3.3 adds what is beyond ASCII). */
const localPart =
  /^(?:[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+)*|"(?:[ !#-[\]-~\x80-\u{10ffff}]|\\[ -~])*")$/u;

/**
 * A mail address as a certificate names it: rfc822Name where the part before
 * the @ is ASCII (RFC 5280 §4.2.1.6), else SmtpUTF8Mailbox (RFC 9598 §3); the
 * domain in A-labels in both.
 *
 * @throws MailsealError `usage` for what is no bare address (no brackets, no
 * name); `domain-malformed`.
 */
export function mailboxName(address: string): GeneralName {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  if (!localPart.test(local) || bytesFromUtf8(local).length > 64 || /\p{Cc}|\p{Cs}/u.test(local)) {
    throw new MailsealError(
      'usage',
      'a mail address of a certificate is local-part@domain, without brackets, name or comment, at most 64 octets before the @',
    );
  }
  const domain = address.slice(at + 1);
  const value = `${local}@${domain.startsWith('[') ? domain : domainToAscii(domain)}`;
  return { kind: /^[\x00-\x7f]*$/.test(local) ? 'rfc822Name' : 'smtpUtf8Mailbox', value };
}

/** GeneralNames. */
export function encodeGeneralNames(names: readonly GeneralName[]): Bytes {
  return derSequence(...names.map(encodeGeneralName));
}
