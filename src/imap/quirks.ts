import { usage } from '../core/errors.js';
import { assertObject } from '../core/limits.js';

/** What is known of a departure from the grammar that some server makes. */
export interface ImapQuirkFacts {
  /** What is on the wire, and what it is read as. */
  readonly what: string;
  /** Where it is seen. */
  readonly seen: string;
}

/** The name of a quirk; {@link imapQuirks} tells what each is. */
export type ImapQuirk =
  | 'bare-lf'
  | 'extra-blanks'
  | 'flag-characters'
  | 'date-time-form'
  | 'empty-address-list'
  | 'nil-address'
  | 'short-envelope'
  | 'origin-with-length'
  | 'missing-space'
  | 'rfc822-brackets'
  | 'preview-algorithm'
  | 'quota-without-list'
  | 'flag-strings'
  | 'mailbox-unquoted'
  | 'code-without-status'
  | 'esearch-modseq-list'
  | 'internaldate-nil'
  | 'body-nil'
  | 'body-numbers'
  | 'body-empty-multipart'
  | 'body-message'
  | 'body-disposition'
  | 'body-quotes'
  | 'body-parameters';

/**
 * Departures from the grammar that are read all the same. All are on unless
 * they are turned off by name: none of them changes how the grammar's own words
 * are read, nor where a response ends.
 */
export const imapQuirks: Readonly<Record<ImapQuirk, ImapQuirkFacts>> = {
  'bare-lf': {
    what: 'a line that ends in LF without CR',
    seen: 'proxies, test servers, old Courier',
  },
  'extra-blanks': {
    what: 'several spaces for one, or spaces where none belong: behind "(", before ")", between addresses, at the end of a command',
    seen: 'Yahoo (* SEARCH 1 ), iCloud (behind capabilities), hMailServer',
  },
  'flag-characters': {
    what: 'a flag with characters that no atom has, such as "]" or "*", control characters, or UTF-8',
    seen: 'Gmail (OIB-Seen-[Gmail]/Trash), Fastmail ([EXPUNGED]), Dovecot with a damaged index',
  },
  'date-time-form': {
    what: 'a moment whose day has one digit or is 00 (read as 01), in the form of the header field Date, with words behind its zone, or without a zone (read as +0000)',
    seen: 'Domino (00-Jan-0000), asimap; Apple Mail, imapflow and node-imap in APPEND ("9-Mar-2025 …")',
  },
  'empty-address-list': {
    what: 'a list of addresses that is () instead of NIL',
    seen: 'mail.ru, hydroxide',
  },
  'nil-address': {
    what: 'NIL in a list of addresses, which is passed over',
    seen: 'a server in front of broken From fields, whose name is not known',
  },
  'short-envelope': {
    what: 'an envelope that ends before its last fields, which are read as NIL',
    seen: 'QQ and Tencent Exmail, for a message without Message-ID',
  },
  'origin-with-length': {
    what: 'a partial that is echoed whole, BODY[]<0.512>, where only its origin belongs',
    seen: 'WildDuck of 2017',
  },
  'missing-space': {
    what: 'no space where one belongs, next to a parenthesis or a quotation mark',
    seen: 'Exchange, GroupWise, Gmail',
  },
  'rfc822-brackets': {
    what: 'brackets behind RFC822, RFC822.HEADER or RFC822.TEXT: RFC822[]',
    seen: 'servers that echo BODY[] under an old name',
  },
  'preview-algorithm': {
    what: 'PREVIEW (FUZZY "text"), as drafts of RFC 8970 had it',
    seen: 'Dovecot up to 2.3',
  },
  'quota-without-list': {
    what: 'QUOTA without the list of resources, for a root that has none',
    seen: 'Courier (* QUOTA "ROOT")',
  },
  'flag-strings': {
    what: 'a flag in quotation marks ("\\\\Deleted"), or NIL for no flags',
    seen: 'InterMail of Openwave',
  },
  'mailbox-unquoted': {
    what: 'the name of a mailbox in LIST that has blanks or tabs without quotation marks, or quotation marks without backslashes',
    seen: 'Exchange, GreenMail',
  },
  'code-without-status': {
    what: 'a response code that stands alone in its line, read as an untagged OK',
    seen: 'Exchange 2013 ([COPYUID 124 10 233] for UID MOVE)',
  },
  'esearch-modseq-list': {
    what: 'MODSEQ in parentheses in ESEARCH, where it stands only in SEARCH',
    seen: 'servers that had CONDSTORE before ESEARCH',
  },
  'internaldate-nil': {
    what: 'INTERNALDATE NIL, as if it had not been asked for',
    seen: 'Zarafa 7.2',
  },
  'body-nil': {
    what: 'NIL in a body where a string must be (a parameter’s value, the type, the encoding), read as empty or as what MIME assumes; or no Content-MD5 before the disposition',
    seen: 'mail.ru (`"boundary" NIL`), Exchange, Yandex',
  },
  'body-numbers': {
    what: 'a number of octets or lines that is −1, −2, NIL, missing or in quotes, read as 0 or that; one that is a floating-point number; lines of what is no text, which are passed over',
    seen: 'Exchange and Outlook.com (−1), SmarterMail (−2), mail.ru (1.86931e+06), Yandex',
  },
  'body-empty-multipart': {
    what: 'a multipart without parts: its subtype alone, or NIL or () before it',
    seen: 'Panda, Gmail, Oracle Messaging, Domino',
  },
  'body-message': {
    what: 'a message/rfc822 that lacks its envelope or its body, or has NIL for one of them, read as a part of any type; another part of type message that has an envelope and a body all the same: those are not kept',
    seen: 'Oracle Messaging, mail.ru, Domino (`()` for the body), Dovecot for message/global; dbmail',
  },
  'body-disposition': {
    what: 'a disposition that is a string, a list without parameters, or behind a NIL too many',
    seen: 'Exchange; IceWarp',
  },
  'body-quotes': {
    what: 'a quotation mark within a quoted string without its backslash',
    seen: '163.com, QQ, Exchange',
  },
  'body-parameters': {
    what: 'parameters that are () or "" instead of NIL, or a last one without value',
    seen: 'iCloud, hMailServer, small servers',
  },
};

/** Which quirks are read: `true` for all (the default), `false` for none, or some turned off and on by name. */
export type ImapQuirkOptions = boolean | Readonly<Partial<Record<ImapQuirk, boolean>>>;

/**
 * The quirks that are on.
 *
 * @throws MailsealError `usage` for a name that is none.
 */
export function fillQuirks(options: ImapQuirkOptions = true): ReadonlySet<ImapQuirk> {
  const all = Object.keys(imapQuirks) as ImapQuirk[];
  if (typeof options === 'boolean') return new Set(options ? all : []);
  assertObject(options, 'the quirks');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(imapQuirks, name)) throw usage(`"${name}" is the name of no quirk`);
  }
  return new Set(all.filter((name) => options[name] !== false));
}
