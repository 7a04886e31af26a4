import { type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { HeaderField, HeaderFields } from '../fields/header-fields.js';
import type { Part } from '../part.js';
import { readFieldBlock } from './field-block.js';

/** What a message/partial says of itself (RFC 2046 §5.2.2). */
export interface PartialMessage {
  /** The same for all fragments of one message. */
  readonly id: string;
  /** From 1. */
  readonly number: number;
  /** How many there are; only the last fragment has to tell it. */
  readonly total: number | undefined;
}

/**
 * Reads the parameters of a message/partial; `undefined` when the part is none,
 * or lacks `id` or a `number` from 1 on.
 *
 * @example
 * ```ts
 * import { parseMessage, partialOf } from 'mailseal/mime';
 *
 * const fragment = parseMessage(
 *   new TextEncoder().encode('Content-Type: message/partial; id="a@b"; number=1; total=2\n\nSubject: half\n\nHel'),
 * );
 * console.log(partialOf(fragment)); // { id: 'a@b', number: 1, total: 2 }
 * ```
 */
export function partialOf(part: Part): PartialMessage | undefined {
  const { mediaType, parameters } = part.contentType;
  if (mediaType !== 'message/partial') return undefined;
  const id = parameters.get('id');
  const number = countOf(parameters.get('number'));
  if (id === undefined || id === '' || number === undefined) return undefined;
  return { id, number, total: countOf(parameters.get('total')) };
}

function countOf(value: string | undefined): number | undefined {
  return value !== undefined && /^0*[1-9][0-9]{0,8}$/.test(value) ? Number(value) : undefined;
}

/** RFC 2046 §5.2.2.1: these are the inner message's, all other fields the first fragment's. */
const INNER = /^(?:content-.*|subject|message-id|encrypted|mime-version)$/i;

/**
 * Joins the fragments of one message (RFC 2046 §5.2.2) and gives its octets,
 * ready to be parsed. The order in which the fragments come does not matter; a
 * fragment that is there twice counts once.
 *
 * The header is put together as §5.2.2.1 says: Content-*, Subject, Message-ID,
 * Encrypted and MIME-Version from the message inside the first fragment, at the
 * place where the fragment has its own; everything else from the first fragment
 * itself. Bodies are joined octet for octet.
 *
 * @param fragments all parts of the type message/partial with one `id`
 * @throws MailsealError `mime-incomplete` when fragments are missing, none tells the total, or they contradict each
 * other; `usage` when one is no message/partial, or of another `id`; `limit-headers`, `limit-header-octets` for the
 * inner header by the limits of the first fragment, whatever its `onLimit` is
 * @example
 * ```ts
 * import { joinPartialMessages, parseMessage } from 'mailseal/mime';
 *
 * const fragments = ['number=2; total=2\n\nlo\n', 'number=1\n\nSubject: whole\n\nHel'].map((text) =>
 *   parseMessage(new TextEncoder().encode(`To: a@b.example\nContent-Type: message/partial; id=x; ${text}`)),
 * );
 * const message = parseMessage(joinPartialMessages(fragments));
 * console.log(message.headers.get('to')?.text, message.headers.get('subject')?.text); // a@b.example whole
 * console.log(message.text()); // Hello
 * ```
 */
export function joinPartialMessages(fragments: readonly Part[]): Bytes {
  const ordered = inOrder(fragments);
  const first = ordered[0]!;
  const contents = ordered.map((fragment) => fragment.content());
  const head = contents[0]!;
  // Fields past a limit would be missing from the message in silence.
  const inner = readFieldBlock(head, { ...first.options, onLimit: 'throw' });
  const lineEnd = lineEndOf(first);
  const header = [...joinedFields(first, inner.headers)].flatMap((field) => {
    const isEnded = field.raw.at(-1) === 0x0a || field.raw.at(-1) === 0x0d;
    return isEnded ? [field.raw] : [field.raw, lineEnd];
  });
  return concatBytes([...header, lineEnd, head.subarray(inner.end), ...contents.slice(1)]);
}

function inOrder(fragments: readonly Part[]): Part[] {
  const byNumber = new Map<number, Part>();
  let id: string | undefined;
  let total: number | undefined;
  for (const fragment of fragments) {
    const partial = partialOf(fragment);
    if (partial === undefined || (id !== undefined && partial.id !== id)) {
      const what = partial === undefined ? 'is no message/partial with id and number' : 'has another id';
      throw usage(`a fragment ${what}; pass those of one message only`);
    }
    id = partial.id;
    if (!byNumber.has(partial.number)) byNumber.set(partial.number, fragment);
    if (partial.total === undefined) continue;
    if (total !== undefined && total !== partial.total) {
      throw new MailsealError('mime-incomplete', `fragments claim ${total} and ${partial.total} in all`);
    }
    total = partial.total;
  }
  if (total === undefined) {
    throw new MailsealError(
      'mime-incomplete',
      'no fragment tells how many there are; the last one is missing',
    );
  }
  const numbers = [...byNumber.keys()].sort((a, b) => a - b);
  const missing = numbers.findIndex((number, i) => number !== i + 1);
  if (numbers.length !== total || missing >= 0) {
    const number = missing >= 0 ? missing + 1 : Math.min(numbers.length, total) + 1;
    const problem =
      numbers.length > total
        ? `there are fragments past the total of ${total}`
        : `fragment ${number} of ${total} is missing`;
    throw new MailsealError('mime-incomplete', problem);
  }
  return numbers.map((number) => byNumber.get(number)!);
}

function* joinedFields(outer: Part, inner: HeaderFields): Generator<HeaderField> {
  const waiting = new Map<string, HeaderField[]>();
  for (const field of inner) {
    const name = field.name.toLowerCase();
    if (!INNER.test(name)) continue;
    const fields = waiting.get(name);
    if (fields === undefined) waiting.set(name, [field]);
    else fields.push(field);
  }
  for (const field of outer.headers) {
    const name = field.name.toLowerCase();
    if (!INNER.test(name)) yield field;
    else {
      yield* waiting.get(name) ?? [];
      waiting.delete(name);
    }
  }
  for (const fields of waiting.values()) yield* fields;
}

/** The line end that the fragment itself uses. */
function lineEndOf(fragment: Part): Bytes {
  const header = latin1FromBytes(fragment.headerBytes.subarray(0, 4096));
  return Uint8Array.from(/\r\n|\n|\r/.exec(header)?.[0] ?? '\r\n', (character) => character.charCodeAt(0));
}
