import { MailsealError } from '../core/errors.js';
import { decodePunycode, encodePunycode } from './punycode.js';

/** RFC 1035 §2.3.4, and RFC 5890 §2.3.2.1 for A-labels. */
const LONGEST_LABEL = 63;
const LONGEST_DOMAIN = 253;
/** IDNA2003's full stops, which UTS #46 keeps. */
const FULL_STOPS = /[.\u3002\uff0e\uff61]/;
/** RFC 5322 §3.4.1, without the blanks that may be folded there; RFC 5321 §4.1.3 has none that is empty. */
const LITERAL = /^\[[!-Z^-~]+\]$/;
/** What UTS #46 maps to nothing: soft hyphen, joiners of words, variation selectors. */
const IGNORED = /[\u00ad\u200b\u2060\u2064\ufeff]|\u034f|[\u180b-\u180d]|\u180f|[\ufe00-\ufe0f]/g;
/** RFC 5892: letters, marks and digits, and the few others that a rule of its appendix A allows. */
const ALLOWED = /^(?:[\p{L}\p{M}\p{N}\-\u00b7\u0375\u05f3\u05f4\u30fb\u06fd\u06fe\u0f0b]|\u200c|\u200d)+$/u;

/**
 * The domain in ASCII, as the DNS and mail without SMTPUTF8 need it: each label
 * with other characters becomes an A-label (`xn--…`, RFC 5890–5892), the rest
 * is in lower case. A domain literal stays as it is.
 *
 * Text is mapped first as people expect (RFC 5895, close to UTS #46, its
 * non-transitional form): to lower case and NFKC, ideographic full stops to
 * dots. Symbols and emoji are refused, as IDNA2008 has it; the rules for text
 * in both directions (RFC 5893) are not checked.
 *
 * @param domain at most 1,024 characters
 * @throws MailsealError `domain-malformed` for a label, domain or literal that is empty or too long, or holds a character that none may
 * @example
 * ```ts
 * import { domainToAscii } from 'mailseal/encoding';
 *
 * console.log(domainToAscii('メール。例え.JP')); // xn--4dkua4c.xn--r8jz45g.jp
 * ```
 */
export function domainToAscii(domain: string): string {
  if (domain.length > 1024) throw malformed(domain.slice(0, 40), 'it is too long');
  if (domain.startsWith('[')) {
    if (!LITERAL.test(domain)) throw malformed(domain, 'it begins as a domain literal and is none');
    return domain;
  }
  const labels = domain.split(FULL_STOPS);
  // The root's empty label may be written.
  const root = labels.length > 1 && labels.at(-1) === '' ? labels.pop() : undefined;
  const ascii = labels.map(labelToAscii).join('.');
  if (ascii.length > LONGEST_DOMAIN) throw malformed(domain, `it has more than ${LONGEST_DOMAIN} octets`);
  return root === undefined ? ascii : `${ascii}.`;
}

function labelToAscii(label: string): string {
  const mapped = mapLabel(label);
  const isAscii = /^[\x00-\x7f]*$/.test(mapped);
  if (isAscii && mapped.length > LONGEST_LABEL)
    throw malformed(label, `it has more than ${LONGEST_LABEL} octets`);
  // What the DNS holds beside hosts, such as underscores, passes; what would change an address's shape does not.
  if (isAscii && /^[\x21-\x7e]+$/.test(mapped) && !/[.()<>[\]:;@\\,"]/.test(mapped)) return mapped;
  if (isAscii)
    throw malformed(label, mapped === '' ? 'it is empty' : 'it holds a character that no domain may');
  const problem = problemOf(mapped);
  if (problem !== undefined) throw malformed(label, problem);
  const encoded = `xn--${encodePunycode(mapped)}`;
  if (encoded.length > LONGEST_LABEL)
    throw malformed(label, `it has more than ${LONGEST_LABEL} octets as an A-label`);
  return encoded;
}

/** RFC 5895 §2. A final sigma is a letter of its own (RFC 5894 §7.2), so every capital one becomes the other. */
function mapLabel(label: string): string {
  const plain = label.replace(IGNORED, '').normalize('NFKC').replaceAll('\u03a3', '\u03c3');
  return plain.toLowerCase().normalize('NFKC');
}

/** Why a mapped label that is not ASCII is none (RFC 5891 §4.2), `undefined` when it is one. */
function problemOf(label: string): string | undefined {
  if (!ALLOWED.test(label)) return 'it holds a character that no domain may';
  // The hyphen rules keep labels apart from A-labels.
  if (label.startsWith('-') || label.endsWith('-') || label.slice(2, 4) === '--')
    return 'its hyphens stand where none may';
  if (/^\p{M}/u.test(label)) return 'it begins with a combining mark';
  return undefined;
}

/**
 * The domain for people: A-labels (`xn--…`) become the text that they stand for
 * (U-labels, RFC 5890). A label that is not the one and only A-label of its
 * text stays as it is; so this never throws, and `domainToAscii` of what it
 * gives is the domain again.
 *
 * Names that look like others are shown all the same: who decides by a domain
 * compares the ASCII form.
 *
 * @param domain as it stands in an address
 * @example
 * ```ts
 * import { domainToUnicode } from 'mailseal/encoding';
 *
 * console.log(domainToUnicode('mail.xn--r8jz45g.jp')); // mail.例え.jp
 * ```
 */
export function domainToUnicode(domain: string): string {
  if (!/xn--/i.test(domain)) return domain;
  return domain
    .split('.')
    .map((label) => (/^xn--/i.test(label) ? labelToUnicode(label) : label))
    .join('.');
}

function labelToUnicode(label: string): string {
  if (label.length > LONGEST_LABEL) return label;
  try {
    const text = decodePunycode(label.slice(4).toLowerCase());
    // Joiners cannot be seen, so that two names would look alike.
    if (mapLabel(text) !== text || problemOf(text) !== undefined || /[\u200c\u200d]/.test(text)) return label;
    return labelToAscii(text) === label.toLowerCase() ? text : label;
  } catch (error) {
    if (error instanceof MailsealError) return label;
    throw error;
  }
}

function malformed(label: string, what: string): MailsealError {
  return new MailsealError(
    'domain-malformed',
    `the domain's label ${JSON.stringify(label)} cannot be used: ${what}`,
  );
}
