import { decodeOid, oidFromContent } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeString, stringOctets, unexpected } from '../../asn1/values.js';
import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { Name } from './name.js';

/** OID of SmtpUTF8Mailbox (RFC 9598 §3), an otherName whose value is a UTF8String. */
export const smtpUtf8MailboxOid = '1.3.6.1.5.5.7.8.9';

/** A GeneralName (RFC 5280 §4.2.1.6). */
export type GeneralName =
  | { readonly kind: 'rfc822Name'; readonly value: string }
  | { readonly kind: 'smtpUtf8Mailbox'; readonly value: string }
  | { readonly kind: 'dNSName'; readonly value: string }
  | { readonly kind: 'uniformResourceIdentifier'; readonly value: string }
  | { readonly kind: 'directoryName'; readonly value: Name }
  | { readonly kind: 'iPAddress'; readonly value: Bytes }
  | { readonly kind: 'registeredID'; readonly value: string }
  | { readonly kind: 'otherName'; readonly type: string; readonly value: Bytes }
  | { readonly kind: 'x400Address' | 'ediPartyName'; readonly value: Bytes };

/** Reads one GeneralName element; `asn1-unexpected` when it is none. */
export function generalName(node: BerNode): GeneralName {
  if ((node.identifier & 0xc0) !== 0x80) throw unexpected(node, 'a GeneralName');
  switch (node.tagNumber) {
    case 0:
      return otherName(node);
    case 1:
      return { kind: 'rfc822Name', value: ia5(node) };
    case 2:
      return { kind: 'dNSName', value: ia5(node) };
    case 3:
      return { kind: 'x400Address', value: node.bytes };
    case 4: {
      // directoryName is tagged explicitly, Name being a CHOICE.
      const [name, ...more] = node.children;
      if (name === undefined || more.length > 0) throw unexpected(node, 'a Name');
      return { kind: 'directoryName', value: new Name(name) };
    }
    case 5:
      return { kind: 'ediPartyName', value: node.bytes };
    case 6:
      return { kind: 'uniformResourceIdentifier', value: ia5(node) };
    case 7:
      return { kind: 'iPAddress', value: stringOctets(node, Tag.OctetString) };
    case 8:
      if (node.constructed) throw unexpected(node, 'a registeredID');
      return {
        kind: 'registeredID',
        value: oidFromContent(node.document, node.contentStart, node.contentEnd),
      };
    default:
      throw unexpected(node, 'a GeneralName');
  }
}

function ia5(node: BerNode): string {
  return latin1FromBytes(stringOctets(node, Tag.Ia5String));
}

function otherName(node: BerNode): GeneralName {
  const [type, wrapped, ...more] = node.children;
  const [value, ...others] = wrapped?.isContext(0) === true ? wrapped.children : [];
  if (type === undefined || value === undefined || more.length + others.length > 0)
    throw unexpected(node, 'an OtherName');
  const oid = decodeOid(type);
  // RFC 9598 §3: a UTF8String; of any other type it is not that name.
  if (oid === smtpUtf8MailboxOid && (value.identifier & 0xdf) === Tag.Utf8String)
    return { kind: 'smtpUtf8Mailbox', value: decodeString(value) };
  return { kind: 'otherName', type: oid, value: value.bytes };
}
