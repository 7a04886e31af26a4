import { Tag } from '../../asn1/reader.js';
import {
  derIa5String,
  derOfPieces,
  derOid,
  derPrintableString,
  derSequence,
  derSetOf,
  derUtf8String,
} from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { domainToAscii } from '../../encoding/domain.js';
import { Name, parseName } from '../../x509/certificate/name.js';
import { givenObject, givenText } from './given.js';

/** The fields of a distinguished name, written in this order from the least to the most specific. */
export interface NameFields {
  /** A domain such as `example.jp`, as domainComponents (RFC 4519 §2.4); other scripts become A-labels. */
  readonly domain?: string;
  /** Two capital letters (ISO 3166). */
  readonly country?: string;
  readonly state?: string;
  readonly locality?: string;
  readonly organization?: string;
  /** One unit, or several from the outermost in. */
  readonly organizationalUnit?: string | readonly string[];
  readonly title?: string;
  readonly surname?: string;
  readonly givenName?: string;
  readonly pseudonym?: string;
  /** What tells holders of one name apart: letters, digits and the few signs of PrintableString. */
  readonly serialNumber?: string;
  readonly commonName?: string;
}

/** A name to be written: its fields, or one that was read elsewhere, octet for octet. */
export type NameInput = NameFields | Name;

interface AttributeForm {
  readonly oid: string;
  /** The upper bound of RFC 5280 appendix A.1, in characters. */
  readonly most: number;
  readonly write: (text: string) => Bytes;
}

/** RFC 5280 §4.1.2.4: UTF8String, but for the attributes whose syntax is another. */
const forms: Readonly<Record<Exclude<keyof NameFields, 'domain'>, AttributeForm>> = {
  country: { oid: '2.5.4.6', most: 2, write: derPrintableString },
  state: { oid: '2.5.4.8', most: 128, write: derUtf8String },
  locality: { oid: '2.5.4.7', most: 128, write: derUtf8String },
  organization: { oid: '2.5.4.10', most: 64, write: derUtf8String },
  organizationalUnit: { oid: '2.5.4.11', most: 64, write: derUtf8String },
  title: { oid: '2.5.4.12', most: 64, write: derUtf8String },
  surname: { oid: '2.5.4.4', most: 32_768, write: derUtf8String },
  givenName: { oid: '2.5.4.42', most: 32_768, write: derUtf8String },
  pseudonym: { oid: '2.5.4.65', most: 128, write: derUtf8String },
  serialNumber: { oid: '2.5.4.5', most: 64, write: derPrintableString },
  commonName: { oid: '2.5.4.3', most: 64, write: derUtf8String },
};
const domainComponentOid = '0.9.2342.19200300.100.1.25';

/**
 * Writes a distinguished name (RFC 5280 §4.1.2.4): one attribute for each
 * RDN, texts as UTF8String.
 *
 * @throws MailsealError `usage` for a field that it does not know, is empty, too long (RFC 5280
 * appendix A.1), or holds control characters; `domain-malformed`.
 * @example
 * ```ts
 * import { createName } from 'mailseal/pki';
 *
 * const name = createName({ country: 'JP', organization: '例示商事', commonName: '山田花子' });
 * console.log(`${name}`); // CN=山田花子,O=例示商事,C=JP
 * ```
 */
export function createName(fields: NameInput): Name {
  return fields instanceof Name
    ? fields
    : parseName(encodeFields(givenObject(fields, 'the fields of a name')));
}

function encodeFields(fields: NameFields): Bytes {
  const rdns: Bytes[] = [];
  const add = (oid: string, value: Bytes): void => {
    rdns.push(derSetOf(derSequence(derOid(oid), value)));
  };
  checkFields(fields);
  const { domain } = fields;
  if (domain !== undefined) {
    const ascii = domainToAscii(givenText(domain, 'domain'));
    if (ascii.startsWith('[') || ascii.endsWith('.')) {
      throw usage('the domain of a name is labels with dots between them, none of which is empty');
    }
    for (const label of ascii.split('.').toReversed()) {
      add(domainComponentOid, derIa5String(label));
    }
  }
  for (const [field, { oid, most, write }] of Object.entries(forms)) {
    const given = fields[field as keyof typeof forms];
    const texts = Array.isArray(given) && field === 'organizationalUnit' ? given : [given];
    for (const text of given === undefined ? [] : texts) {
      checkText(field, text, most);
      add(oid, write(text));
    }
  }
  return derOfPieces(Tag.Sequence, rdns);
}

/** A field that is misspelt is not left out of the name. */
function checkFields(fields: NameFields): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && field !== 'domain' && !Object.hasOwn(forms, field)) {
      throw usage(`a name has no field ${shown(field)}: there are domain, ${Object.keys(forms).join(', ')}`);
    }
  }
}

function checkText(field: string, text: string, most: number): void {
  const { length } = [...givenText(text, `${field} of a name`)];
  if (length === 0 || length > most) {
    throw usage(`${field} of a name has 1 to ${most} characters, this has ${length}`);
  }
  if (field === 'country' && !/^[A-Z]{2}$/.test(text)) {
    throw usage('country is the two capital letters of ISO 3166');
  }
  // A reader that stops at NUL would see another name.
  if (/\p{Cc}|\p{Cs}/u.test(text)) {
    throw usage(`${field} of a name holds control characters or halves of characters`);
  }
}
