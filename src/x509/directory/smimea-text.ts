import { type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { decodeHex } from '../../encoding/hex.js';
import { smimeaMalformed } from './smimea-malformed.js';

/** Names that RFC 7218 lets stand for the numbers, in lower case. */
const acronyms: Readonly<Record<'usage' | 'selector' | 'matching', ReadonlyMap<string, number>>> = {
  usage: /* @__PURE__ */ new Map([
    ['pkix-ta', 0],
    ['pkix-ee', 1],
    ['dane-ta', 2],
    ['dane-ee', 3],
    ['privcert', 255],
  ]),
  selector: /* @__PURE__ */ new Map([
    ['cert', 0],
    ['spki', 1],
    ['privsel', 255],
  ]),
  matching: /* @__PURE__ */ new Map([
    ['full', 0],
    ['sha2-256', 1],
    ['sha2-512', 2],
    ['privmatch', 255],
  ]),
};

/** The RDATA that a presentation form stands for (RFC 6698 §2.2, RFC 3597 §5). */
export function smimeaRdata(form: string): Bytes {
  // RFC 1035 §5.1: a comment goes to the end of its line. Blanks in its place keep the offsets.
  const text = form.replace(/;[^\r\n]*/g, (comment) => ' '.repeat(comment.length));
  const unknown = /^[\s()]*\\#[\s()]+(\d{1,5})(?:[\s()]+|$)/.exec(text);
  if (unknown !== null) {
    const octets = hexOctets(text, unknown[0].length);
    if (octets.length === Number(unknown[1])) return octets;
    throw smimeaMalformed(`there are ${octets.length} octets, not the ${unknown[1]} that are announced`, 0);
  }
  const found = /^[\s()]*([\w-]+)[\s()]+([\w-]+)[\s()]+([\w-]+)[\s()]+(?=[0-9A-Fa-f])/.exec(text);
  if (found === null)
    throw smimeaMalformed('three numbers and hexadecimal digits are wanted, as in "3 0 0 3082…"', 0);
  const numbers = Uint8Array.of(
    numberOf(found[1]!, acronyms.usage),
    numberOf(found[2]!, acronyms.selector),
    numberOf(found[3]!, acronyms.matching),
  );
  return concatBytes([numbers, hexOctets(text, found[0].length)]);
}

function hexOctets(text: string, start: number): Bytes {
  try {
    return decodeHex(text.slice(start).replace(/[\s()]+/g, ''));
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'hex-malformed') throw error;
    throw smimeaMalformed('the data are no hexadecimal digits in pairs', start);
  }
}

function numberOf(word: string, names: ReadonlyMap<string, number>): number {
  const value = names.get(word.toLowerCase()) ?? (/^\d{1,3}$/.test(word) ? Number(word) : 256);
  if (value > 255) throw smimeaMalformed(`"${word.slice(0, 20)}" is no number from 0 to 255`, 0);
  return value;
}
