import { type Bytes, concatBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { assertObject } from '../core/limits.js';
import { shown } from '../core/shown.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { encodeBase64 } from '../encoding/base64.js';
import type { Pop3Data, Pop3Status } from './reply.js';
import { asciiWord, isText, isWhole, lineOctets } from './wire-octets.js';

/**
 * A status line, its CRLF included.
 *
 * @throws MailsealError `usage` for text with CR, LF or NUL, or a response code that is none.
 *
 * @example
 * ```ts
 * import { encodePop3Status } from 'mailseal/pop3';
 *
 * const octets = encodePop3Status({ isOk: false, code: 'IN-USE', text: 'somebody reads this mailbox' });
 * console.log(new TextDecoder().decode(octets)); // '-ERR [IN-USE] somebody reads this mailbox\r\n'
 * ```
 */
export function encodePop3Status(status: Pop3Status): Bytes {
  assertObject(status, 'the parts of a status');
  const { isOk, code, text } = status;
  let start = isOk ? '+OK' : '-ERR';
  if (code !== undefined) {
    if (!isText(code, /^[!-.0-Z^-~]+(?:\/[!-.0-Z^-~]+)*$/))
      throw usage(`a response code is made of words with "/" between them, not ${shown(code)}`);
    start += ` [${code}]`;
  }
  const octets = lineOctets(text, LINE_TEXT);
  // Behind a code the blank stays, so that text in brackets is not taken for one.
  if (octets.length === 0) return bytesFromUtf8(`${start}\r\n`);
  return concatBytes([bytesFromUtf8(`${start} `), octets, LINE_END]);
}

/**
 * A line of a list, its CRLF and the dot before a dot included.
 *
 * @throws MailsealError `usage` for what cannot stand in one.
 *
 * @example
 * ```ts
 * import { encodePop3ListLine } from 'mailseal/pop3';
 *
 * const octets = encodePop3ListLine({ type: 'listing', message: 1, size: 120 });
 * console.log(new TextDecoder().decode(octets)); // '1 120\r\n'
 * ```
 */
export function encodePop3ListLine(data: Pop3Data): Bytes {
  assertObject(data, 'the parts of a line');
  const octets = listOctets(data);
  return concatBytes(octets[0] === 0x2e ? [DOT, octets, LINE_END] : [octets, LINE_END]);
}

/** What ends a list (RFC 1939 §3). */
export const POP3_LIST_END: Bytes = /* @__PURE__ */ bytesFromUtf8('.\r\n');

/**
 * A continuation request of AUTH (RFC 5034 §4), its CRLF included.
 *
 * @example
 * ```ts
 * import { encodePop3Challenge } from 'mailseal/pop3';
 *
 * console.log(new TextDecoder().decode(encodePop3Challenge(new TextEncoder().encode('<1>')))); // '+ PDE+\r\n'
 * ```
 */
export function encodePop3Challenge(challenge: Uint8Array): Bytes {
  return bytesFromUtf8(`+ ${encodeBase64(challenge)}\r\n`);
}

function listOctets(data: Pop3Data): Bytes {
  switch (data.type) {
    case 'listing':
      return bytesFromUtf8(`${whole(data.message)} ${whole(data.size)}`);
    case 'unique-id':
      // RFC 1939 §7: 1 to 70 characters of 0x21 to 0x7E.
      return bytesFromUtf8(`${whole(data.message)} ${asciiWord(data.uid, 'a unique-id', 70)}`);
    case 'capability':
      if (!Array.isArray(data.parameters)) throw usage('the parameters of a capability are an array');
      return words([data.name, ...data.parameters]);
    case 'mechanism':
      return words([data.mechanism]);
    case 'language':
      return concatBytes([words([data.tag]), bytesFromUtf8(' '), lineOctets(data.description, LINE_TEXT)]);
    case 'mailbox':
      return bytesFromUtf8(`${whole(data.messages)} ${whole(data.size)}`);
    case 'line':
      return lineOctets(data.octets, LINE_TEXT);
    default:
      throw usage(`${shown((data as Pop3Data).type)} is no type of line`);
  }
}

/** What a text of a reply is called in errors. */
const LINE_TEXT = 'the text of a line';
const DOT: Bytes = /* @__PURE__ */ Uint8Array.of(0x2e);
const LINE_END: Bytes = /* @__PURE__ */ Uint8Array.of(0x0d, 0x0a);

function words(list: readonly string[]): Bytes {
  return bytesFromUtf8(list.map((word) => asciiWord(word, 'a word of a line', 512)).join(' '));
}

function whole(value: number): number {
  if (!isWhole(value)) throw usage(`a whole number is wanted, not ${shown(value)}`);
  return value;
}
