import { decodeWords } from './encoded-words.js';
import type { Mailbox } from './mailbox.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

// What a character may stand for in an address that is read here.
const ATOM = 1;
const QUOTED = 2;
const kinds: Uint8Array = /* @__PURE__ */ makeKinds();

function makeKinds(): Uint8Array {
  const table = new Uint8Array(128).fill(QUOTED, 0x20, 0x7f);
  for (let unit = 0x21; unit < 0x7f; unit++) {
    // RFC 5322 §3.2.3, atext.
    if (/[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]/.test(String.fromCharCode(unit))) table[unit]! |= ATOM;
  }
  for (const character of '"\\') table[character.charCodeAt(0)] = 0;
  return table;
}

const DOT = 0x2e;
const AT = 0x40;

/**
 * Reads a list of mailboxes that are written as nearly all are: `local@domain`,
 * perhaps in angle brackets after a name of atoms, among them encoded words, or
 * a quoted string, in ASCII. It gives up (`undefined`) at all else: groups,
 * comments, quoted pairs and quoted local parts, blanks where few put them, more
 * than `most` addresses, encoded words with defects or beyond their limit. What
 * it does give is what `parseAddressList` says, without defects.
 */
export function plainAddresses(
  text: string,
  most: number,
  options: ValueOptions = {},
): Mailbox[] | undefined {
  const words = text.includes('=?')
    ? new ValueLimit('encodedWords', { ...options, onLimit: 'truncate' })
    : undefined;
  const mailboxes: Mailbox[] = [];
  let at = 0;
  for (;;) {
    at = afterBlanks(text, at);
    const start = at;
    let name: string | undefined;
    let mailbox: Mailbox | undefined;
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      do at++;
      while (is(text, at, QUOTED));
      if (text.charCodeAt(at) !== 0x22 || at === start + 1) return undefined;
      name = text.slice(start + 1, at);
      at = afterBlanks(text, at + 1);
    } else if (unit !== 0x3c) {
      at = afterAtoms(text, at);
      if (text.charCodeAt(at) === AT || text.charCodeAt(at) === DOT) {
        mailbox = readAddress(text, start, undefined);
      } else {
        // One blank between the words of a name, as it is told.
        while (text.charCodeAt(at) === 0x20 && is(text, at + 1, ATOM)) at = afterAtoms(text, at + 1);
        if (at === start) return undefined;
        name = text.slice(start, at);
        at = afterBlanks(text, at);
      }
    }
    if (mailbox === undefined) {
      if (text.charCodeAt(at) !== 0x3c) return undefined;
      mailbox = readAddress(text, at + 1, name);
      if (mailbox === undefined) return undefined;
      at += mailbox.address.length + 1;
      if (text.charCodeAt(at++) !== 0x3e) return undefined;
    } else at = start + mailbox.address.length;
    if (words !== undefined && name?.includes('=?')) {
      const { text: decoded, defects } = decodeWords(name, [], words);
      if (defects.length > 0 || words.hit !== undefined) return undefined;
      mailbox = { ...mailbox, name: decoded };
    }
    if (mailboxes.length >= most || mailbox.address.includes('=?')) return undefined;
    mailboxes.push(mailbox);
    at = afterBlanks(text, at);
    if (at === text.length) return mailboxes;
    if (text.charCodeAt(at++) !== 0x2c) return undefined;
  }
}

/** Reads `local@domain` of atoms and single dots. */
function readAddress(text: string, start: number, name: string | undefined): Mailbox | undefined {
  const sign = afterDotAtoms(text, start);
  if (sign < 0 || text.charCodeAt(sign) !== AT) return undefined;
  const end = afterDotAtoms(text, sign + 1);
  if (end < 0) return undefined;
  return {
    name,
    address: text.slice(start, end),
    localPart: text.slice(start, sign),
    domain: text.slice(sign + 1, end),
    comments: [],
  };
}

/** Where `atom *("." atom)` ends that begins there, -1 when it is none. */
function afterDotAtoms(text: string, start: number): number {
  for (let at = start; ; at++) {
    const end = afterAtoms(text, at);
    if (end === at) return -1;
    at = end;
    if (text.charCodeAt(at) !== DOT) return at;
  }
}

function afterAtoms(text: string, start: number): number {
  let at = start;
  while (is(text, at, ATOM)) at++;
  return at;
}

function afterBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at++;
  return at;
}

function is(text: string, at: number, kind: number): boolean {
  const unit = text.charCodeAt(at);
  // At the end of the text the unit is NaN, which is below nothing.
  return unit < 0x80 && (kinds[unit]! & kind) !== 0;
}
