import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, sameEncoding } from '../../asn1/reader.js';
import { decodeString, isString, sequenceOf, setOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { comparableDomain } from './internet-names.js';
import { showable } from './showable.js';

/** One attribute of a distinguished name: a type and its value. */
export interface NameAttribute {
  /** Dotted object identifier of the type. */
  readonly type: string;
  /** The value as text; `#` and the hex of its encoding where it is no character string (RFC 4514 §2.4). */
  readonly value: string;
  /** Whether the value was a character string. */
  readonly isText: boolean;
}

/** Short names of attribute types (RFC 4514 §3, RFC 4519) and what certificates use beside. */
const shortNames: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** OID of the emailAddress attribute (RFC 5280 §4.1.2.6: legacy, but found in old certificates). */
export const emailAddressOid = '1.2.840.113549.1.9.1';

/**
 * A distinguished name (RFC 5280 §4.1.2.4), decoded at first use.
 *
 * @example
 * ```ts
 * import { derOid, derSequence, derSetOf, derUtf8String } from 'mailseal/asn1';
 * import { parseName } from 'mailseal/x509';
 *
 * const attribute = derSequence(derOid('2.5.4.3'), derUtf8String('山田太郎'));
 * const name = parseName(derSequence(derSetOf(attribute)));
 * console.log(`${name}`); // CN=山田太郎
 * ```
 */
export class Name {
  private readonly node: BerNode;
  private parsed: readonly (readonly NameAttribute[])[] | undefined;
  private normal: string | undefined;
  private readonly normalRdns: (string | undefined)[] = [];
  private text: string | undefined;

  /** @internal Made by {@link parseName} and by certificates. */
  constructor(node: BerNode) {
    this.node = node;
    this.parsed = undefined;
    this.normal = undefined;
    this.text = undefined;
  }

  /** The encoded name, a view. */
  get bytes(): Bytes {
    return this.node.bytes;
  }

  /** The relative distinguished names in the order encoded, each of one or more attributes. */
  get rdns(): readonly (readonly NameAttribute[])[] {
    this.parsed ??= sequenceOf(this.node, 'a Name').map((rdn) =>
      setOf(rdn, 'a RelativeDistinguishedName').map(attribute),
    );
    return this.parsed;
  }

  /** The values of one attribute type, by dotted OID. */
  values(type: string): string[] {
    return this.rdns.flat().flatMap((each) => (each.type === type ? [each.value] : []));
  }

  /** The last commonName, or `undefined`. */
  get commonName(): string | undefined {
    return this.values('2.5.4.3').at(-1);
  }

  /** Whether the name has no attributes at all. */
  get isEmpty(): boolean {
    return this.rdns.length === 0;
  }

  /**
   * Whether two names are the same by RFC 5280 §7.1: attribute by attribute,
   * letter case and runs of white space aside, whatever the string types.
   */
  equals(other: Name): boolean {
    if (this === other || sameEncoding(this.node, other.node)) return true;
    const own = sequenceOf(this.node, 'a Name');
    const others = sequenceOf(other.node, 'a Name');
    if (own.length !== others.length) return false;
    // Names that differ do so in the last RDN mostly; one that is encoded alike in both need not be decoded.
    for (let place = own.length - 1; place >= 0; place--) {
      if (sameEncoding(own[place]!, others[place]!)) continue;
      if (this.normalRdn(place) !== other.normalRdn(place)) return false;
    }
    return true;
  }

  /** One RDN alone, normalized. */
  private normalRdn(place: number): string {
    let normal = this.normalRdns[place];
    if (normal === undefined) {
      const rdn = sequenceOf(this.node, 'a Name')[place]!;
      normal = normalizedRdn(setOf(rdn, 'a RelativeDistinguishedName').map(attribute));
      this.normalRdns[place] = normal;
    }
    return normal;
  }

  /** A string that is equal for names that {@link equals} holds to be the same. */
  get normalized(): string {
    this.normal ??= this.rdns.map(normalizedRdn).join('\u0004');
    return this.normal;
  }

  /** The name as RFC 4514 writes it: the last RDN first, special characters escaped. */
  toString(): string {
    this.text ??= this.rdns
      .toReversed()
      .map((rdn) =>
        rdn
          .map(
            ({ type, value, isText }) =>
              `${shortNames.get(type) ?? type}=${isText ? escapeValue(value) : value}`,
          )
          .join('+'),
      )
      .join(',');
    return this.text;
  }
}

/**
 * Reads a distinguished name (RFC 5280 §4.1.2.4) from its DER; BER is taken too.
 *
 * @throws MailsealError the codes of `readBer`, and `asn1-unexpected` when it is no Name.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate, parseName } from 'mailseal/x509';
 *
 * const { subject } = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const name = parseName(subject.bytes);
 * console.log(name.values('2.5.4.10'), name.equals(subject)); // [ '例示商事' ] true
 * ```
 */
export function parseName(octets: Uint8Array): Name {
  const name = new Name(readBer(octets));
  // Damage shows here rather than in a getter far away.
  void name.rdns;
  return name;
}

function attribute(node: BerNode): NameAttribute {
  const [type, value, ...more] = sequenceOf(node, 'an AttributeTypeAndValue');
  if (type === undefined || value === undefined || more.length > 0)
    throw unexpected(node, 'an AttributeTypeAndValue');
  const isText = isString(value);
  return { type: decodeOid(type), value: isText ? decodeString(value) : hexForm(value), isText };
}

function hexForm(node: BerNode): string {
  let hex = '#';
  for (const octet of node.bytes) hex += octet.toString(16).padStart(2, '0');
  return hex;
}

/** RFC 4518 §2.2: what is mapped to nothing, as Unicode's properties have it today. */
const ignored = /(?![\t-\r\x85])[\p{Cc}\p{Cf}\p{Variation_Selector}]|\u034f|\u1806|\ufffc/gu;

/** Longer values are compared without NFKC, whose cost grows with the square of a run of combining marks. */
const longestNormalized = 1024;

/** OID of the domainComponent attribute (RFC 4519 §2.4). */
const domainComponentOid = '0.9.2342.19200300.100.1.25';

function normalizedRdn(attributes: readonly NameAttribute[]): string {
  if (attributes.length === 1) return normalizedAttribute(attributes[0]!);
  return attributes.map(normalizedAttribute).sort().join('\u0003');
}

/** A text that looks like the hex of something is still a text. Control characters part what is joined: normalizing leaves none in a value. */
function normalizedAttribute({ type, value, isText }: NameAttribute): string {
  if (!isText) return `${type}\u0002${value}`;
  // RFC 5280 §7.3: a label of the DNS, compared as its A-label.
  return `${type}\u0001${normalize(type === domainComponentOid ? comparableDomain(value) : value)}`;
}

/** RFC 5280 §7.1 by way of RFC 4518: what is ignorable away, NFKC, case folded, white space trimmed and compressed. */
function normalize(value: string): string {
  // Most values are ASCII words with single spaces: nothing but letter case to fold.
  if (/^[!-~]+(?: [!-~]+)*$/.test(value)) return value.toLowerCase();
  const mapped = value.replace(ignored, '');
  const composed = mapped.length > longestNormalized ? mapped : mapped.normalize('NFKC');
  // Where lower case alone is not folding: the two lower-case sigmas, and ß, whose capital is SS.
  const folded = composed.toLowerCase().replaceAll('ς', 'σ').replaceAll('ß', 'ss');
  return folded.replace(/[\s\x85]+/gu, ' ').trim();
}

/** RFC 4514 §2.4; what cannot be shown too, as the hex of its UTF-8. */
function escapeValue(value: string): string {
  // Letters, digits and single blanks are nearly all there is.
  if (/^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/.test(value)) return value;
  return showable(value.replace(/[\\"+,;<>]/g, '\\$&').replace(/^[ #]| $/g, '\\$&'));
}
