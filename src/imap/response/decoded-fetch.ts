import type { BodyStructure } from '../structure/body-structure.js';
import { readBodyStructure } from '../structure/read-body-structure.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { Frame } from '../syntax/frame.js';
import { SyntaxReader } from '../syntax/reader.js';
import { type ImapEnvelope, readEnvelope } from '../values/envelope.js';
import type { FetchResponse } from './response.js';
import type { Writable } from './writable.js';

/** What a FETCH holds that is read when it is asked for. */
export type DecodedFetchItem = 'envelope' | 'bodyStructure' | 'body';

/** Where a value stands that was not read yet. */
interface Unread {
  readonly frame: Frame;
  readonly options: SyntaxOptions;
}

type Late = {
  envelope?: Unread | { readonly value: ImapEnvelope | undefined };
  bodyStructure?: Unread | { readonly value: BodyStructure | undefined };
  body?: Unread | { readonly value: BodyStructure | undefined };
};

/** A FETCH as it was decoded: most who fetch flags never look at an envelope. */
export class DecodedFetch implements FetchResponse {
  readonly type: FetchResponse['type'];
  readonly number: number;
  #late: Late | undefined;

  constructor(type: FetchResponse['type'], number: number) {
    this.type = type;
    this.number = number;
  }

  get envelope(): ImapEnvelope | undefined {
    const late = this.#late?.envelope;
    if (late === undefined) return undefined;
    if ('value' in late) return late.value;
    const value = readNullable(late, readEnvelope);
    this.setLate('envelope', { value });
    return value;
  }

  get bodyStructure(): BodyStructure | undefined {
    return this.#body('bodyStructure');
  }

  get body(): BodyStructure | undefined {
    return this.#body('body');
  }

  #body(item: 'bodyStructure' | 'body'): BodyStructure | undefined {
    const late = this.#late?.[item];
    if (late === undefined) return undefined;
    if ('value' in late) return late.value;
    const value = readNullable(late, readBodyStructure);
    this.setLate(item, { value });
    return value;
  }

  /** Whether the response holds the item, which need not be read to know. */
  holds(item: DecodedFetchItem): boolean {
    return this.#late?.[item] !== undefined;
  }

  /** Puts in a value, or where it stands. */
  setLate<Item extends DecodedFetchItem>(item: Item, late: NonNullable<Late[Item]>): void {
    this.#late ??= {};
    this.#late[item] = late;
  }
}

function readNullable<Value>(late: Unread, read: (reader: SyntaxReader) => Value): Value | undefined {
  const reader = new SyntaxReader(late.frame, late.options);
  if (reader.nil()) return undefined;
  const value = read(reader);
  reader.expectEnd();
  return value;
}

/**
 * Whether a FETCH holds an envelope or a structure, without reading it.
 *
 * @example
 * ```ts
 * import { fetchHolds } from 'mailseal/imap';
 *
 * console.log(fetchHolds({ type: 'FETCH', number: 1, flags: [] }, 'envelope')); // false
 * ```
 */
export function fetchHolds(response: FetchResponse, item: DecodedFetchItem): boolean {
  return response instanceof DecodedFetch ? response.holds(item) : response[item] !== undefined;
}

/**
 * A FETCH as plain data, with everything read that a decoder left for later:
 * to be compared, printed or cloned. Other objects are given back as they are.
 *
 * @throws MailsealError `imap-malformed` where an envelope or a structure is not what it should be.
 *
 * @example
 * ```ts
 * import { plainFetch } from 'mailseal/imap';
 *
 * console.log(plainFetch({ type: 'FETCH', number: 1, uid: 7 })); // { type: 'FETCH', number: 1, uid: 7 }
 * ```
 */
export function plainFetch(response: FetchResponse): FetchResponse {
  if (!(response instanceof DecodedFetch)) return response;
  const plain: Writable<FetchResponse> = { ...response };
  if (response.envelope !== undefined) plain.envelope = response.envelope;
  if (response.bodyStructure !== undefined) plain.bodyStructure = response.bodyStructure;
  if (response.body !== undefined) plain.body = response.body;
  return plain;
}
