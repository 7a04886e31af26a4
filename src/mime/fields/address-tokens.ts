import { isBlank } from './lexer.js';

/** A piece of an address between the characters that divide addresses. */
export interface AddressToken {
  readonly kind: 'word' | 'quoted' | 'dot' | 'at' | 'literal';
  readonly text: string;
  /** Whether blanks or comments stand before it. */
  readonly spaced: boolean;
}

/** Whether a token belongs to the one before it: a dot is between them, or no blank is. */
export function clings(tokens: readonly AddressToken[], index: number): boolean {
  const token = tokens[index]!;
  const before = tokens[index - 1]!;
  return (
    token.kind !== 'at' &&
    (token.kind === 'dot' || before.kind === 'dot' || before.kind === 'at' || !token.spaced)
  );
}

/** The text of a phrase, with one blank where there were blanks or comments. */
export function spellPhrase(tokens: readonly AddressToken[]): string {
  return tokens.map((token, i) => (token.spaced && i > 0 ? ` ${token.text}` : token.text)).join('');
}

/**
 * The text of a local part or domain, in which blanks around dots mean nothing
 * (RFC 5322 §4.4). Words that no dot joins are kept apart by a blank, so that
 * `"ali"ce@example.jp` is never alice.
 */
export function spellAddress(tokens: readonly AddressToken[]): string {
  if (tokens.length === 1) return tokens[0]!.text;
  return tokens
    .map((token, i) => {
      const joined = i === 0 || isJoint(token) || isJoint(tokens[i - 1]!);
      return joined ? token.text : ` ${token.text}`;
    })
    .join('');
}

function isJoint(token: AddressToken): boolean {
  return token.kind === 'dot' || token.kind === 'at';
}

/** Whether nothing but dots and one @ stands between the words. */
export function isJoined(tokens: readonly AddressToken[]): boolean {
  let ats = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'at') ats++;
    else if (i > 0 && token.kind !== 'dot' && !isJoint(tokens[i - 1]!)) return false;
  }
  return ats === 1;
}

export function indexOfAt(tokens: readonly AddressToken[], from: number): number {
  for (let i = from; i < tokens.length; i++) if (tokens[i]!.kind === 'at') return i;
  return -1;
}

export function lastIndexOfAt(tokens: readonly AddressToken[], end: number = tokens.length): number {
  for (let i = end - 1; i >= 0; i--) if (tokens[i]!.kind === 'at') return i;
  return -1;
}

/** RFC 5321 §4.1.2: a local part is quoted where it is not atoms and dots. Two dots in a row are common in Japan, so they pass. */
export function quoteIfNeeded(localPart: string): string {
  let plain = localPart !== '';
  for (let i = 0; i < localPart.length && plain; i++) {
    const unit = localPart.charCodeAt(i);
    plain = unit > 0x20 && unit !== 0x7f && !isBlank(unit) && !'()<>[]:;@\\,"'.includes(localPart.charAt(i));
  }
  return plain ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`;
}
