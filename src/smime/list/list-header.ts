import { latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { formatHeaderField } from '../../mime/compose/compose-field.js';
import { decodeEncodedWords } from '../../mime/fields/encoded-words.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { trimBlanks } from '../../mime/fields/lexer.js';
import { parseListId } from '../../mime/fields/list-fields.js';
import { asciiLower } from '../../x509/certificate/internet-names.js';
import { outerField } from '../entity/safe-fields.js';
import { type SplitMessage, withVersion } from '../entity/split-message.js';

/** What a list does to the header outside of all layers; no signature of S/MIME covers that. */
export interface ListHeader {
  /**
   * Fields that the list writes, as names and ready values, in place of those of that name that were there; X-Loop and
   * X-BeenThere beside them. A List-Id among them takes the `List-*` fields of other lists away. Default: none.
   */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Names of fields that are left out, whatever their case. Default: none but Bcc and what fits no more. */
  readonly without?: readonly string[];
}

/** Fields that a list writes to know its own messages again. */
const MARKS = /^(?:list-id|x-loop|x-beenthere)$/;
/** Marks of which every list that a message came by leaves its own. */
const GATHERED = /^(?:x-loop|x-beenthere)$/;
/** What is said about octets, or a delivery, that are others now; and what is no list's to write. */
const STALE = /^(?:dkim-signature|x-google-dkim-signature|domainkey-signature|return-path|content-.*|lines)$/;
const NOT_ITS_OWN = /^(?:content-.*|mime-version|(?:resent-)?bcc|received|return-path)$/;

/** A field of a stranger's with too many encoded words is none of ours, and no reason to refuse the message. */
const WITHIN_LIMITS = { onLimit: 'truncate' } as const;

/** The header of what a list passes on, as text. */
export function listHeader({ fields, isEntity }: SplitMessage, header: ListHeader): string {
  const written = writtenFields(header);
  const names = new Set(written.map(({ name }) => name).filter((name) => !GATHERED.test(name)));
  const without = namesWithout(header);
  const isKept = ({ name: own }: HeaderField): boolean => {
    const name = own.toLowerCase();
    if (STALE.test(name) || without.has(name) || names.has(name)) return false;
    // RFC 2369 §4, RFC 2919 §5: of lists inside one another the last one speaks.
    return !(names.has('list-id') && name.startsWith('list-'));
  };
  const text = fields.filter(isKept).map(outerField).join('') + written.map((each) => each.text).join('');
  return withVersion(text, isEntity && written.length === 0);
}

/**
 * The mark of the list that a message bears already; `undefined` where it was not here before.
 *
 * @throws MailsealError `usage` for fields that no list writes, codes of `formatHeaderField`.
 */
export function markOfList({ fields }: SplitMessage, header: ListHeader): string | undefined {
  const own = new Set<string | undefined>();
  for (const { name, value } of writtenFields(header)) if (MARKS.test(name)) own.add(markOf(name, value));
  if (own.size === 0) return undefined;
  for (const { name, value } of fields) {
    const lower = name.toLowerCase();
    if (!MARKS.test(lower)) continue;
    // What a list writes is text, of which an encoded word is one spelling; a caller may have given that for the text.
    const mark = markOf(lower, lower === 'list-id' ? value : decoded(value));
    if (mark !== undefined && own.has(mark)) return mark;
  }
  return undefined;
}

/** The form of a mark in which equal ones are the same string; `undefined` for a field that marks nothing. */
function markOf(name: string, value: string): string | undefined {
  // Relays fold elsewhere, with other blanks (RFC 5322 §2.2.3).
  const text =
    name === 'list-id' ? identifierIn(value) : trimBlanks(decoded(value)).replace(/[ \t\r\n]+/g, ' ');
  return text === '' ? undefined : `${name}: ${asciiLower(text)}`;
}

/** RFC 2919 §6: lists are told apart by what stands in the brackets alone. A dot at its end names the same domain. */
function identifierIn(value: string): string {
  return parseListId(value, WITHIN_LIMITS)?.id.replace(/\.$/, '') ?? '';
}

function decoded(value: string): string {
  return decodeEncodedWords(value, WITHIN_LIMITS).text;
}

interface WrittenField {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

function writtenFields(header: ListHeader): readonly WrittenField[] {
  if (typeof header !== 'object' || header === null)
    throw usage(`\`header\` is an object, not ${shown(header)}`);
  const { fields = [] } = header;
  if (!Array.isArray(fields)) throw usage('`header.fields` is an array of pairs of a name and a value');
  return fields.map((pair) => {
    const [name, value] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    if (typeof name !== 'string' || typeof value !== 'string')
      throw usage('`header.fields` is an array of pairs of a name and a value');
    const lower = name.toLowerCase();
    if (NOT_ITS_OWN.test(lower)) throw usage(`the field ${name} is not a list’s to write`);
    if (MARKS.test(lower) && markOf(lower, value) === undefined)
      throw usage(`the field ${name} names no list, which would not know its own messages by it`);
    return { name: lower, value, text: latin1FromBytes(formatHeaderField(name, value)) };
  });
}

function namesWithout({ without = [] }: ListHeader): ReadonlySet<string> {
  if (!Array.isArray(without) || !without.every((each) => typeof each === 'string'))
    throw usage('`header.without` is an array of names');
  return new Set(without.map((each) => each.toLowerCase()));
}
