import { MailsealError } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { domainToAscii } from '../../encoding/domain.js';
import { parseAddressList } from '../fields/address.js';
import type { WriteOptions } from './compose-charset.js';
import { listGiven } from './compose-keys.js';
import { quotedString } from './compose-parameters.js';
import { LIKE_ENCODED_WORD, wordPieces } from './encode-words.js';
import { checkFieldText } from './field-check.js';
import { FOLD_WIDTH, type Piece } from './fold.js';

/**
 * A mailbox to write: `local@domain` with or without a name. What
 * `parseAddressList` gives fits. A string is one mailbox as people write it,
 * `Alice <alice@example.jp>` or `alice@example.jp`; never a list, so that no
 * text that comes from elsewhere can add a recipient.
 */
export type MailboxInput = string | { readonly name?: string | undefined; readonly address: string };

/** A mailbox, or a group of them (RFC 5322 §3.4), which may be empty. */
export type AddressInput =
  | MailboxInput
  | { readonly name: string; readonly members: readonly MailboxInput[] };

/** A mailbox whose address was looked at. */
export interface CheckedMailbox {
  readonly name: string;
  readonly local: string;
  readonly domain: string;
}

/** Names that are longer are encoded, so that they can be divided. */
const LONGEST_QUOTED = 60;
const ATEXT = "!#$%&'*+\\-/=?^_`{|}~0-9A-Za-z";
const ATOM = /* @__PURE__ */ new RegExp(`^[${ATEXT}]+$`);
const DOT_ATOM = /* @__PURE__ */ new RegExp(`^[${ATEXT}]+(?:\\.[${ATEXT}]+)*$`);
/** Dots where none may be (`a..b`, `a.`), which some Japanese providers gave out; they are right in quotes. */
const LOOSE_LOCAL = /* @__PURE__ */ new RegExp(`^[${ATEXT}.]+$`);
const QUOTED_LOCAL = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/;
const DOMAIN =
  /^[0-9A-Za-z_](?:[0-9A-Za-z_-]*[0-9A-Za-z_])?(?:\.[0-9A-Za-z_](?:[0-9A-Za-z_-]*[0-9A-Za-z_])?)*$/;
const DOMAIN_LITERAL = /^\[[!-Z^-~]+\]$/;
const UTF8_ATOM = /* @__PURE__ */ new RegExp(`^[${ATEXT}\\u{a0}-\\u{10ffff}]+$`, 'u');
const UTF8_DOT_ATOM = /* @__PURE__ */ new RegExp(
  `^[${ATEXT}\\u{a1}-\\u{10ffff}]+(?:\\.[${ATEXT}\\u{a1}-\\u{10ffff}]+)*$`,
  'u',
);
const UTF8_SPACE_OR_SURROGATE = /[\p{Cs}\p{Z}]/u;

/** Whether it is a group. */
export function isGroup(address: AddressInput): address is Exclude<AddressInput, MailboxInput> {
  return typeof address === 'object' && address !== null && 'members' in address;
}

/**
 * Takes a mailbox apart and refuses what is none.
 *
 * @throws MailsealError `mime-address-malformed`; `mime-field-unsafe` for CR, LF and NUL.
 */
export function checkMailbox(field: string, mailbox: MailboxInput, eai: boolean): CheckedMailbox {
  if (typeof mailbox === 'string') {
    checkFieldText(field, mailbox);
    const list = parseAddressList(mailbox);
    const only = list[0];
    if (list.length !== 1 || list.defects.length > 0 || only === undefined || 'members' in only) {
      throw malformed(field, mailbox, 'is not one mailbox such as "Alice <alice@example.jp>"');
    }
    return checkMailbox(field, only, eai);
  }
  if (mailbox === null || typeof mailbox !== 'object') {
    throw malformed(field, mailbox, 'is neither text nor { name, address }');
  }
  const { name = '', address } = mailbox;
  checkFieldText(field, name);
  checkFieldText(field, address);
  const at = address.lastIndexOf('@');
  if (at < 0) throw malformed(field, address, 'has no @');
  return {
    name,
    local: checkLocal(field, address, address.slice(0, at), eai),
    domain: checkDomain(field, address, address.slice(at + 1), eai),
  };
}

function checkLocal(field: string, address: string, local: string, eai: boolean): string {
  if (DOT_ATOM.test(local) || QUOTED_LOCAL.test(local)) return local;
  if (LOOSE_LOCAL.test(local)) return quotedString(local);
  if (eai && UTF8_DOT_ATOM.test(local) && !UTF8_SPACE_OR_SURROGATE.test(local)) return local;
  if (!eai && /^[^\0-\x7f]/.test(local.replace(/[\0-\x7f]+/g, ''))) {
    throw malformed(field, address, 'has a local part outside ASCII; with `eai: true` it can be written');
  }
  throw malformed(field, address, 'has a local part that has to be in quotes, or is none');
}

function checkDomain(field: string, address: string, domain: string, eai: boolean): string {
  if (DOMAIN.test(domain) || DOMAIN_LITERAL.test(domain)) return domain;
  if (eai && UTF8_DOT_ATOM.test(domain) && !UTF8_SPACE_OR_SURROGATE.test(domain)) return domain;
  if (/[^\0-\x7f]/.test(domain)) {
    try {
      const ascii = domainToAscii(domain);
      if (DOMAIN.test(ascii)) return ascii;
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      throw malformed(field, address, `has a domain that is none: ${error.message}`, error);
    }
  }
  throw malformed(field, address, 'has a domain that is none');
}

function malformed(field: string, address: unknown, why: string, cause?: MailsealError): MailsealError {
  return new MailsealError(
    'mime-address-malformed',
    `${shown(address)}, given for the field ${field}, ${why}`,
    {
      fault: 'usage',
      cause,
    },
  );
}

/**
 * The pieces of an address list.
 *
 * @throws MailsealError `mime-address-malformed`; `mime-field-unsafe` for CR, LF and NUL;
 *   `charset-unencodable` for a name that no charset has.
 */
export function addressPieces(
  field: string,
  addresses: readonly AddressInput[],
  options: WriteOptions,
): Piece[] {
  const pieces: Piece[] = [];
  addresses.forEach((address, index) => {
    const own = isGroup(address)
      ? groupPieces(field, address, options)
      : mailboxPieces(field, address, options);
    pieces.push(...(index < addresses.length - 1 ? withSuffix(own, ',') : own));
  });
  return pieces;
}

function groupPieces(
  field: string,
  { name, members }: { readonly name: string; readonly members: readonly MailboxInput[] },
  options: WriteOptions,
): Piece[] {
  checkFieldText(field, name);
  if (name === '') throw malformed(field, name, 'is no name of a group');
  const phrase = phrasePieces(field, name, options);
  if (phrase.length === 0) throw malformed(field, name, 'has nothing left that can be written as a name');
  // RFC 2047 §5 (3): blanks stand between an encoded word and a special.
  const encoded = phrase.at(-1)!.text.endsWith('?=');
  const pieces = encoded ? [...phrase, { blanks: ' ', text: ':' }] : withSuffix(phrase, ':');
  listGiven('members', members).forEach((member, index) => {
    const own = mailboxPieces(field, member, options);
    pieces.push(...(index < members.length - 1 ? withSuffix(own, ',') : own));
  });
  return withSuffix(pieces, ';');
}

function mailboxPieces(field: string, mailbox: MailboxInput, options: WriteOptions): Piece[] {
  const { name, local, domain } = checkMailbox(field, mailbox, options.eai);
  if (name === '') return [{ blanks: ' ', text: `${local}@${domain}` }];
  return [...phrasePieces(field, name, options), { blanks: ' ', text: `<${local}@${domain}>` }];
}

/** A name: atoms as they are, else a quoted string, else encoded words (RFC 5322 §3.2.5, RFC 2047 §5 (3)). */
function phrasePieces(field: string, name: string, options: WriteOptions): Piece[] {
  const { eai } = options;
  const atom = eai ? UTF8_ATOM : ATOM;
  const words = name.split(' ');
  const plain = !LIKE_ENCODED_WORD.test(name) && !(eai && /[\p{Cs}\u2028\u2029]/u.test(name));
  if (plain && words.every((word) => word.length <= LONGEST_QUOTED && atom.test(word))) {
    return words.map((text) => ({ blanks: ' ', text }));
  }
  // Some readers take a quoted pair of a backslash for the end of the string.
  const quotable = eai ? /^[ -[\]-~\u{a0}-\u{10ffff}]*$/u : /^[ -[\]-~]*$/;
  if (plain && name.length <= LONGEST_QUOTED && quotable.test(name)) {
    return [{ blanks: ' ', text: quotedString(name) }];
  }
  return wordPieces(field, name, FOLD_WIDTH - field.length - 2, options);
}

function withSuffix(pieces: readonly Piece[], suffix: string): Piece[] {
  const last = pieces.length - 1;
  return pieces.map((piece, index) =>
    index === last ? { blanks: piece.blanks, text: piece.text + suffix } : piece,
  );
}
