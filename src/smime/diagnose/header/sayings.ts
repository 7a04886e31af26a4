import { bytesFromLatin1, latin1FromBytes } from '../../../core/bytes.js';
import type { HeaderField } from '../../../mime/fields/header-fields.js';
import type { Part } from '../../../mime/part.js';
import { noOctets, type Replacement } from '../body/lines.js';

/** What the header of a leaf is to say. What is absent is left as it is. */
export interface Wanted {
  /** A charset, in the spelling that most programs use: `ISO-2022-JP`, `UTF-8`. */
  readonly charset?: string;
  /** A transfer encoding, lower case. */
  readonly transferEncoding?: string;
}

/** One way in which headers may have said it. */
export interface Saying {
  /** In ascending order, all in the header blocks of the parts. */
  readonly replacements: readonly Replacement[];
  /** What it adds to the cost of a guess: 0 for the commonest. */
  readonly cost: number;
}

type Spell = (word: string) => string | undefined;

const asItIs: Spell = (word) => word;
const lower: Spell = (word) => word.toLowerCase();
const upper: Spell = (word) => word.toUpperCase();
/** What stands for nothing said: RFC 2045 §6.1 takes it for 7bit, and a text without charset for US-ASCII. */
const unsaid: Spell = () => undefined;

const encodingSpells: readonly (readonly [Spell, number])[] = [
  [asItIs, 0],
  [unsaid, 1],
  [upper, 1],
  [(word) => word.replace(/[a-z]/, (letter) => letter.toUpperCase()), 2],
];
const charsetSpells: readonly (readonly [Spell, boolean, number])[] = [
  [asItIs, false, 0],
  [lower, false, 0],
  [asItIs, true, 1],
  [lower, true, 1],
  [upper, false, 1],
  [upper, true, 2],
  [unsaid, false, 2],
];

/**
 * The ways in which headers of parts may have said their charset and transfer
 * encoding, the same way in each, commonest first; as they are where they say it already.
 */
export function sayings(parts: readonly Part[], { charset, transferEncoding }: Wanted): Saying[] {
  const found: Saying[] = [];
  const seen = new Set<string>();
  const encodings = transferEncoding === undefined ? ([[asItIs, 0]] as const) : encodingSpells;
  const charsets = charset === undefined ? ([[asItIs, false, 0]] as const) : charsetSpells;
  for (const [spellCharset, toggle, charsetCost] of charsets) {
    for (const [spellEncoding, encodingCost] of encodings) {
      for (const place of ['after', 'before'] as const) {
        const replacements = parts.flatMap((part) => [
          ...(charset === undefined ? [] : sayCharset(part, spellCharset(charset), charset, toggle)),
          ...(transferEncoding === undefined
            ? []
            : sayEncoding(part, spellEncoding(transferEncoding), transferEncoding, place)),
        ]);
        const key = replacements
          .map(({ start, end, octets }) => `${start}-${end}:${latin1FromBytes(octets)}`)
          .join();
        if (seen.has(key)) continue;
        seen.add(key);
        const cost = charsetCost + encodingCost + (place === 'before' ? 1 : 0);
        found.push({ replacements: replacements.toSorted((a, b) => a.start - b.start), cost });
      }
    }
  }
  // What was not changed is likelier than any spelling of it.
  return found
    .map(({ replacements, cost }) => ({ replacements, cost: replacements.length === 0 ? 0 : cost }))
    .toSorted((a, b) => a.cost - b.cost);
}

function spokenBy(field: HeaderField): { readonly text: string; readonly start: number } {
  return { text: latin1FromBytes(field.rawValue), start: field.valueStart };
}

const charsetParameter = /;[ \t\r\n]{0,80}charset[ \t]{0,20}=[ \t]{0,20}(?:"([^"\r\n]*)"|([^\s;"]+))/i;

function sayCharset(
  part: Part,
  spelled: string | undefined,
  charset: string,
  toggle: boolean,
): Replacement[] {
  const field = part.headers.get('content-type');
  if (field === undefined) return [];
  const { text, start } = spokenBy(field);
  const found = charsetParameter.exec(text);
  if (found === null) {
    if (spelled === undefined) return [];
    const at = start + text.length;
    return [
      { start: at, end: at, octets: bytesFromLatin1(`; charset=${toggle ? `"${spelled}"` : spelled}`) },
    ];
  }
  const from = start + found.index;
  const to = from + found[0].length;
  if (spelled === undefined) return [{ start: from, end: to, octets: noOctets }];
  const quoted = found[1] !== undefined;
  const now = found[1] ?? found[2]!;
  // A label that was kept was kept as it was.
  if (now.toLowerCase() === charset.toLowerCase()) return [];
  const value = quoted === toggle ? spelled : `"${spelled}"`;
  const valueStart = to - now.length - (quoted ? 2 : 0);
  return [{ start: valueStart, end: to, octets: bytesFromLatin1(value) }];
}

function sayEncoding(
  part: Part,
  spelled: string | undefined,
  encoding: string,
  place: 'after' | 'before',
): Replacement[] {
  const field = part.headers.get('content-transfer-encoding');
  if (field !== undefined) {
    const { text, start } = spokenBy(field);
    const now = text.trim();
    if (now.toLowerCase() === encoding) return [];
    if (spelled === undefined) return [{ start: field.start, end: field.end, octets: noOctets }];
    const from = start + text.indexOf(now);
    return [{ start: from, end: from + now.length, octets: bytesFromLatin1(spelled) }];
  }
  if (spelled === undefined) return [];
  const type = part.headers.get('content-type');
  const at = type === undefined ? part.start : place === 'after' ? type.end : type.start;
  return [{ start: at, end: at, octets: bytesFromLatin1(`Content-Transfer-Encoding: ${spelled}\r\n`) }];
}
