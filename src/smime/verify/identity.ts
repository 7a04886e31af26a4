import type { Reasons } from '../../cms/verify/reason.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { utf8FromBytes } from '../../core/utf8.js';
import { domainToUnicode } from '../../encoding/domain.js';
import { parseAddressList } from '../../mime/fields/address.js';
import { type Mailbox, mailboxesIn } from '../../mime/fields/mailbox.js';
import type { ValueOptions } from '../../mime/fields/value-options.js';
import type { Part } from '../../mime/part.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { SealReasonCode } from './reason.js';

/**
 * Is the signer the sender? `ambiguous` where the message does not name one
 * sender, `no-address` where the certificate names nobody.
 */
export type IdentityAnswer = 'match' | 'mismatch' | 'ambiguous' | 'no-address' | 'not-checked';

/** Who a message says that it is from, as RFC 8550 §3 has it compared. */
export interface ClaimedSender {
  /** How many From fields there are; more than one is no sender at all. */
  readonly fromFields: number;
  /** Addresses in From, `local@domain`. */
  readonly from: readonly string[];
  /** An address beside those in `from` that other programs may read in a From that is not written as it has to be. */
  readonly otherReading: string | undefined;
  /** An address that a display name in From looks like, though it is none of those in `from`. */
  readonly misleadingName: string | undefined;
  /** The address in Sender, where there is one field with one address. */
  readonly sender: string | undefined;
  /** Set where the caller says whom he expects; From and Sender do not count then. */
  readonly expected?: string;
}

/** Reads the sender from the header of a message. */
export function claimedSender(message: Part): ClaimedSender {
  const fields = message.headers.all('from');
  const boxes = fields.flatMap((field) => mailboxesOf(field.rawValue));
  const from = boxes.map(({ address }) => address);
  const known = new Set(from.map(asciiLower));
  const senders = message.headers.all('sender').flatMap((field) => mailboxesOf(field.rawValue));
  return {
    fromFields: fields.length,
    from,
    otherReading: fields
      .map((field) => otherReading(field.rawValue, known))
      .find((each) => each !== undefined),
    misleadingName: boxes
      .map(({ name = '' }) => otherAddress(name, known))
      .find((each) => each !== undefined),
    sender:
      message.headers.all('sender').length === 1 && senders.length === 1 ? senders[0]!.address : undefined,
  };
}

/** A field with more mailboxes than the limit names no one sender, whatever those are that are left out. */
const asManyAsFit: ValueOptions = { onLimit: 'truncate' };

function mailboxesOf(value: Uint8Array): Mailbox[] {
  return mailboxesIn(parseAddressList(value, asManyAsFit));
}

/** What looks like an address in a malformed field and is none of those that were read; not looked for in a sound field. */
function otherReading(value: Bytes, known: ReadonlySet<string>): string | undefined {
  const { defects } = parseAddressList(value, asManyAsFit);
  if (defects.length === 0) return undefined;
  // The octets of kanji hold an @ now and then; there only what is clearly an address counts.
  const isJis = defects.every(({ code }) => code === 'header-raw-jis');
  return otherAddress(utf8FromBytes(value), known, isJis ? /^[^@]+@[^@]+\.[A-Za-z]{2,}$/ : /^[^@]+@./);
}

/** The first word of a text that looks like an address and is none of these. */
function otherAddress(
  text: string,
  known: ReadonlySet<string>,
  looksLike: RegExp = /^[^@]+@./,
): string | undefined {
  return text.split(/[\s<>()",:;\0]+/).find((word) => looksLike.test(word) && !known.has(asciiLower(word)));
}

/** Compares the addresses of a signer's certificate with the sender that the message names. */
export function checkIdentity(
  certificate: Certificate | undefined,
  claimed: ClaimedSender | undefined,
  reasons: Reasons<SealReasonCode>,
): IdentityAnswer {
  if (certificate === undefined) return 'not-checked';
  if (claimed === undefined) {
    reasons.fail('sender-unknown', 'there is no From to compare the signer with, and no address was given');
    return 'not-checked';
  }
  const own = addressesOf(certificate);
  const matches = (address: string): boolean =>
    address !== '' && own.some((each) => sameAddress(each, address));
  // Also where the caller says whom he expects: a reader is shown one of them, and nobody knows which.
  if (claimed.fromFields > 1) {
    reasons.fail(
      'several-from-fields',
      `the message has ${claimed.fromFields} From fields: programs differ in which they show`,
    );
    return 'ambiguous';
  }
  if (claimed.expected !== undefined) return compare([claimed.expected.trim()], own, matches, reasons);
  if (claimed.from.length === 0) {
    reasons.fail('sender-unknown', 'the message names no sender in From');
    return 'not-checked';
  }
  if (claimed.from.length === 1) {
    const answer = compare(claimed.from, own, matches, reasons);
    if (answer === 'match' && claimed.otherReading !== undefined) {
      reasons.fail(
        'from-malformed',
        `From is not written as it has to be, and may be read as ${claimed.otherReading}`,
      );
      return 'ambiguous';
    }
    if (answer === 'match' && claimed.misleadingName !== undefined) {
      reasons.note(
        'display-name-misleading',
        `the display name in From looks like the address ${claimed.misleadingName}, and is not the signer’s`,
      );
    }
    if (answer === 'mismatch' && claimed.sender !== undefined && matches(claimed.sender)) {
      reasons.note(
        'sender-matches',
        `the Sender field, ${claimed.sender}, does match the signer; From is what counts`,
      );
    }
    return answer;
  }
  // RFC 5322 §3.6.2: with several authors, Sender names the one who sent it, and RFC 8550 §3 lets it count.
  if (claimed.sender === undefined) {
    reasons.fail(
      'several-from-mailboxes',
      'From names several mailboxes and no Sender says which of them sent it',
    );
    return 'ambiguous';
  }
  reasons.note('several-from-mailboxes', 'From names several mailboxes; the signer was compared with Sender');
  return compare([claimed.sender], own, matches, reasons);
}

function compare(
  [address = '']: readonly string[],
  own: readonly string[],
  matches: (address: string) => boolean,
  reasons: Reasons<SealReasonCode>,
): IdentityAnswer {
  if (own.length === 0) {
    reasons.fail('certificate-without-address', 'the signer’s certificate holds no mail address');
    return 'no-address';
  }
  if (matches(address)) return 'match';
  reasons.fail(
    'address-differs',
    `the message says that it is from ${address}, the signer is ${own.join(', ')}`,
  );
  return 'mismatch';
}

function addressesOf(certificate: Certificate): readonly string[] {
  try {
    return certificate.emailAddresses;
  } catch (error) {
    if (error instanceof MailsealError) return [];
    throw error;
  }
}

/**
 * Whether two addresses are the same mailbox as mail programs see it: the
 * domain in any letter case (RFC 5280 §7.5), and the local part too, since no
 * provider gives Alice@ and alice@ to two people. Blanks count: no other
 * program takes `alice@example.jp ` for Alice's.
 *
 * @example
 * ```ts
 * import { sameAddress } from 'mailseal/smime';
 *
 * console.log(sameAddress('Hanako@Example.JP', 'hanako@example.jp')); // true
 * console.log(sameAddress('hanako@example.jp', 'hanako@example.jp.example')); // false
 * console.log(sameAddress('hanako@例え.jp', 'hanako@xn--r8jz45g.jp')); // true
 * ```
 */
export function sameAddress(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

/**
 * The form of an address that is the same for all that {@link sameAddress} joins.
 * RFC 9598 §5: an A-label (`xn--…`) is the text that it stands for. Text itself
 * is not mapped as IDNA does it for what people type: ideographic full stops
 * and compatibility characters make look-alikes.
 */
export function comparable(address: string): string {
  const lower = asciiLower(address);
  const at = lower.lastIndexOf('@') + 1;
  const domain = lower.slice(at);
  return domain.includes('xn--') ? lower.slice(0, at) + domainToUnicode(domain) : lower;
}

/** Only A–Z: other foldings would join different addresses (K and the Kelvin sign). */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
