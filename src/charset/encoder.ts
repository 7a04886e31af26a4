import { type Bytes, isAscii } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { encode as encodeIso2022Jp } from '../iso2022jp/encode.js';
import { decodeCharset } from './decoder.js';
import { lookupCharset } from './label.js';

/** Charsets whose octets do not each stand for themselves: single octets of them say nothing. */
const STATEFUL: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'utf-7',
  'utf-16',
  'utf-16le',
  'utf-16be',
  'hz-gb-2312',
  'iso-2022-kr',
]);

/**
 * Encodes text in a charset: US-ASCII, UTF-8, ISO-2022-JP (its strict profile),
 * or one whose characters are single octets. It is for what an old server asks
 * for; messages are written in UTF-8 or ISO-2022-JP.
 *
 * @param label - see {@link lookupCharset}.
 * @throws MailsealError `charset-unknown` for a label that is not known, or a
 *   charset that is only read; `charset-unencodable` with the place of a
 *   character that the charset does not have.
 *
 * @example
 * ```ts
 * import { encodeCharset } from 'mailseal/charset';
 *
 * console.log(encodeCharset('ISO-8859-15', '€')); // Uint8Array(1) [ 164 ]
 * ```
 */
export function encodeCharset(label: string, text: string): Bytes {
  const name = lookupCharset(label)?.name;
  if (name === undefined || STATEFUL.has(name)) {
    throw new MailsealError('charset-unknown', `text cannot be encoded in the charset ${shown(label)}`);
  }
  if (name === 'iso-2022-jp') return encodeIso2022Jp(text);
  if (name === 'utf-8') {
    const half = /\p{Surrogate}/u.exec(text);
    if (half !== null) throw unencodable(text, half.index, name);
    return bytesFromUtf8(text);
  }
  const octets = bytesFromUtf8(text);
  if (isAscii(octets)) return octets;
  // A label of ISO 8859 is read as the code page of Windows that has more; what only that has is not written under it.
  const isWindows = !name.startsWith('windows-') || /^(x-)?(windows|cp)/i.test(label.trim());
  return encodeSingly(name, text, isWindows ? 0x80 : 0xa0);
}

function encodeSingly(name: string, text: string, least: number): Bytes {
  const table = tableOf(name);
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const octet = table.get(text.charAt(at));
    if (octet === undefined || (octet >= 0x80 && octet < least)) throw unencodable(text, at, name);
    octets[at] = octet;
  }
  return octets;
}

const tables = /* @__PURE__ */ new Map<string, ReadonlyMap<string, number>>();

/** The octet of each character that is one octet. */
function tableOf(name: string): ReadonlyMap<string, number> {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = new Map<string, number>();
  for (let octet = 0; octet < 256; octet++) {
    const { text, replacements } = decodeCharset(name, Uint8Array.of(octet));
    if (replacements === 0 && text.length === 1 && !table.has(text)) table.set(text, octet);
  }
  tables.set(name, table);
  return table;
}

function unencodable(text: string, at: number, name: string): MailsealError {
  const code = text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, '0');
  return new MailsealError('charset-unencodable', `${name} does not have U+${code}, which stands at ${at}`, {
    offset: at,
  });
}
