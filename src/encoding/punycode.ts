import { MailsealError } from '../core/errors.js';

/** RFC 3492 §5: the parameters of Punycode. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;

/** A label of the DNS has 63 octets. Each further character costs time in proportion to those before it, so there is an end. */
const LONGEST = 1024;

/**
 * Encodes text as Punycode (RFC 3492), without the `xn--` of a domain's label.
 * Letters keep their case. For domains there is `domainToAscii`.
 *
 * @param text at most 1,024 characters
 * @throws MailsealError `punycode-malformed` for longer text and for lone surrogates
 * @example
 * ```ts
 * import { encodePunycode } from 'mailseal/encoding';
 *
 * console.log(encodePunycode('bücher')); // bcher-kva
 * ```
 */
export function encodePunycode(text: string): string {
  const points = Array.from(
    text.length > LONGEST ? tooLong(text) : text,
    (character) => character.codePointAt(0)!,
  );
  const surrogate = points.findIndex((point) => point >= 0xd800 && point <= 0xdfff);
  if (surrogate >= 0) throw malformed('a lone surrogate is no character', surrogate);
  const basic = points.filter((point) => point < INITIAL_N);
  let output = String.fromCharCode(...basic);
  let handled = basic.length;
  if (handled > 0) output += '-';
  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  while (handled < points.length) {
    let next = 0x110000;
    for (const point of points) if (point >= n && point < next) next = point;
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return output;
}

/** RFC 3492 §3.3: a generalised variable-length integer. */
function variableLength(delta: number, bias: number): string {
  let digits = '';
  let q = delta;
  for (let k = BASE; ; k += BASE) {
    const t = threshold(k, bias);
    if (q < t) return digits + digit(q);
    digits += digit(t + ((q - t) % (BASE - t)));
    q = Math.floor((q - t) / (BASE - t));
  }
}

/**
 * Decodes Punycode (RFC 3492), without the `xn--` of a domain's label.
 * For domains there is `domainToUnicode`.
 *
 * @param text at most 1,024 characters
 * @throws MailsealError `punycode-malformed` where it is none
 * @example
 * ```ts
 * import { decodePunycode } from 'mailseal/encoding';
 *
 * console.log(decodePunycode('bcher-kva')); // bücher
 * ```
 */
export function decodePunycode(text: string): string {
  if (text.length > LONGEST) tooLong(text);
  const delimiter = text.lastIndexOf('-');
  const points: number[] = [];
  for (let i = 0; i < Math.max(delimiter, 0); i++) {
    const unit = text.charCodeAt(i);
    if (unit >= INITIAL_N) throw malformed('a character is not ASCII', i);
    points.push(unit);
  }
  let n = INITIAL_N;
  let i = 0;
  let bias = INITIAL_BIAS;
  for (let at = delimiter > 0 ? delimiter + 1 : 0; at < text.length; ) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const value = digitValue(text, at++);
      i += value * weight;
      const t = threshold(k, bias);
      if (value < t) break;
      weight *= BASE - t;
      // RFC 3492 §6.4: what overflows is refused. No code point is anywhere near.
      if (i > 0x7fffffff || weight > 0x7fffffff) throw malformed('a number is too large', at);
    }
    const length = points.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) throw malformed('it stands for no character', at);
    points.splice(i++, 0, n);
  }
  return String.fromCodePoint(...points);
}

function threshold(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX);
}

/** RFC 3492 §6.1. */
function adapt(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** a–z are 0–25, 0–9 are 26–35. */
function digit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 0x61 : value + 0x16);
}

function digitValue(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x16;
  const lower = unit | 0x20;
  if (unit < INITIAL_N && lower >= 0x61 && lower <= 0x7a) return lower - 0x61;
  throw malformed(at < text.length ? 'a character is no digit of it' : 'it ends within a number', at);
}

function tooLong(text: string): never {
  throw malformed(
    `it has ${text.length} characters, of which ${LONGEST} are the most that are read`,
    LONGEST,
  );
}

function malformed(what: string, offset: number): MailsealError {
  return new MailsealError('punycode-malformed', `Punycode cannot be read at character ${offset}: ${what}`, {
    offset,
  });
}
