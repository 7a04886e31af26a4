import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf } from '../../asn1/values.js';
import { der, derExplicit, derIa5String, derOid, derSequence, derUtf8String } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type GeneralName, generalName, smtpUtf8MailboxOid } from '../../x509/certificate/general-name.js';

/** The names of one person, group or place (RFC 5280 §4.2.1.6). */
export type GeneralNames = readonly GeneralName[];

/** The elements of a SEQUENCE OF GeneralNames, whatever its tag. */
export function readGeneralNamesList(node: BerNode): GeneralNames[] {
  return node.children.map((each) => sequenceOf(each, 'GeneralNames').map(generalName));
}

/**
 * The DER of a SEQUENCE OF GeneralNames under an identifier octet.
 *
 * @throws MailsealError `usage` for an empty list, and for kinds of names that nobody is written to by.
 */
export function encodeGeneralNamesList(
  list: readonly GeneralNames[],
  identifier: number = Tag.Sequence,
): Bytes {
  if (!Array.isArray(list)) throw usage('names are given as a list of lists of GeneralName');
  return der(identifier, ...list.map(encodeGeneralNames));
}

function encodeGeneralNames(names: GeneralNames): Bytes {
  if (!Array.isArray(names) || names.length === 0) {
    throw usage('each entry is a list of one GeneralName or more');
  }
  return derSequence(...names.map(encodeGeneralName));
}

function encodeGeneralName(name: GeneralName): Bytes {
  switch (name.kind) {
    case 'rfc822Name': {
      const element = derIa5String(name.value);
      element[0] = 0x81;
      return element;
    }
    case 'smtpUtf8Mailbox':
      return der(0xa0, derOid(smtpUtf8MailboxOid), derExplicit(0, derUtf8String(name.value)));
    case 'directoryName':
      return derExplicit(4, name.value.bytes);
    default:
      throw usage(`a name is an rfc822Name, smtpUtf8Mailbox or directoryName here, not ${shown(name.kind)}`);
  }
}
