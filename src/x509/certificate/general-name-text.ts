import { readBer } from '../../asn1/reader.js';
import { decodeString, isString } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { domainToUnicode } from '../../encoding/domain.js';
import { encodeHex } from '../../encoding/hex.js';
import type { GeneralName } from './general-name.js';
import { showable } from './showable.js';

/**
 * A GeneralName for people: its kind as RFC 5280 §4.2.1.6 calls it, and the
 * value. Domains with A-labels (`xn--…`) have the text that they stand for behind
 * them in parentheses (§7.2); addresses are written as RFC 4291 and RFC 5952 do,
 * with `/` and the mask where there is one; what cannot be shown as `\` and hex.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate, printGeneralName } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * console.log(certificate.subjectAltName.map(printGeneralName)); // [ 'rfc822Name:hanako@example.jp' ]
 * ```
 */
export function printGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'directoryName':
      return `${name.kind}:${name.value}`;
    case 'iPAddress':
      return `${name.kind}:${addressText(name.value)}`;
    case 'otherName':
      return `${name.kind}:${name.type}=${otherValue(name.value)}`;
    case 'x400Address':
    case 'ediPartyName':
      return `${name.kind}:#${encodeHex(name.value)}`;
    case 'rfc822Name':
    case 'smtpUtf8Mailbox':
    case 'dNSName':
      return `${name.kind}:${withUnicode(name.value)}`;
    default:
      return `${name.kind}:${showable(name.value)}`;
  }
}

/** Both forms, since what looks alike need not be the same name. */
function withUnicode(name: string): string {
  const at = name.lastIndexOf('@') + 1;
  const unicode = name.slice(0, at) + domainToUnicode(name.slice(at));
  return unicode === name ? showable(name) : `${showable(name)} (${showable(unicode)})`;
}

/** The text of a value that is a character string, else `#` and the hex of its DER. */
function otherValue(value: Bytes): string {
  try {
    const node = readBer(value);
    if (isString(node)) return showable(decodeString(node));
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
  }
  return `#${encodeHex(value)}`;
}

/** 4 or 16 octets of an address, twice as many of an address with its mask (RFC 5280 §4.2.1.10). */
function addressText(octets: Bytes): string {
  switch (octets.length) {
    case 4:
      return octets.join('.');
    case 16:
      return version6(octets);
    case 8:
      return `${addressText(octets.subarray(0, 4))}/${addressText(octets.subarray(4))}`;
    case 32:
      return `${addressText(octets.subarray(0, 16))}/${addressText(octets.subarray(16))}`;
    default:
      return `#${encodeHex(octets)}`;
  }
}

/** RFC 5952 §4: groups without leading zeros, the first longest run of two or more zero groups as `::`. */
function version6(octets: Bytes): string {
  const groups = Array.from({ length: 8 }, (_, n) => (octets[2 * n]! << 8) | octets[2 * n + 1]!);
  let from = 0;
  let length = 1;
  for (let n = 0; n < 8; n++) {
    let end = n;
    while (groups[end] === 0) end++;
    if (end - n > length) {
      from = n;
      length = end - n;
    }
  }
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
}
