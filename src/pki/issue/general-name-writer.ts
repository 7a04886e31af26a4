import { oidContent } from '../../asn1/oid.js';
import { Tag } from '../../asn1/reader.js';
import { der, derExplicit, derIa5String, derOfPieces, derOid, derUtf8String } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type GeneralName, smtpUtf8MailboxOid } from '../../x509/certificate/general-name.js';
import { Name } from '../../x509/certificate/name.js';
import { givenObject, givenSome, givenText } from './given.js';

/** The DER of a GeneralName (RFC 5280 §4.2.1.6). */
export function encodeGeneralName(name: GeneralName): Bytes {
  givenObject(name, 'the names of an extension');
  switch (name.kind) {
    case 'rfc822Name':
      return retag(0x81, derIa5String(text(name.value)));
    case 'dNSName':
      return retag(0x82, derIa5String(text(name.value)));
    case 'uniformResourceIdentifier':
      return retag(0x86, derIa5String(text(name.value)));
    case 'directoryName':
      if (!(name.value instanceof Name))
        throw usage('the value of a directoryName is a Name: see createName');
      return derExplicit(4, name.value.bytes);
    case 'iPAddress':
      return der(0x87, asBytes(name.value));
    case 'registeredID':
      return der(0x88, oidContent(text(name.value)));
    case 'smtpUtf8Mailbox':
      return otherName(smtpUtf8MailboxOid, derUtf8String(text(name.value)));
    case 'otherName':
      return otherName(text(name.type), asBytes(name.value));
    case 'x400Address':
    case 'ediPartyName':
      return asBytes(name.value);
    default:
      throw usage(`there is no kind of names ${shown((name as { kind: unknown }).kind)}`);
  }
}

/** The name of where something is, which is not relative (RFC 5280 §4.2.1.6). */
export function uriName(uri: string): Bytes {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(givenText(uri, 'a URI'))) {
    throw usage(`${shown(uri)} is no absolute URI of printable ASCII characters (RFC 3986)`);
  }
  return encodeGeneralName({ kind: 'uniformResourceIdentifier', value: uri });
}

function text(value: string): string {
  return givenText(value, 'the value of a name');
}

/** An element under an implicit tag, which takes the place of its own. */
function retag(identifier: number, element: Bytes): Bytes {
  element[0] = identifier;
  return element;
}

function otherName(type: string, value: Bytes): Bytes {
  return der(0xa0, derOid(type), derExplicit(0, value));
}

/** GeneralNames, one at least. */
export function encodeGeneralNames(names: readonly GeneralName[]): Bytes {
  return derOfPieces(Tag.Sequence, encodedNames(names, 'the names of an extension'));
}

/** What stands in a GeneralNames under whatever tag: one name at least (RFC 5280 §4.2.1.6). */
export function encodedNames(names: readonly GeneralName[], what: string): Bytes[] {
  return givenSome(names, what, '4.2.1.6').map(encodeGeneralName);
}
