import { MailsealError } from '../../core/errors.js';
import { decodeText, type ImapText } from '../text.js';
import type { ImapSection } from '../values/section.js';
import type { BodyParameter, BodyStructure } from './body-structure.js';

/** A part of a {@link BodyStructure}, with its place in the message. */
export interface PlacedPart {
  readonly body: BodyStructure;
  /**
   * Its place, numbered as `Part.path` of mailseal/mime is: `''` for the message
   * itself, `1.2` for a part, `2.0` for the message inside the message/rfc822 `2`.
   */
  readonly path: string;
  /** The section that is its header: HEADER of a message, MIME of a part. */
  readonly headerSection: ImapSection;
  /** The section that is its body, still transfer-encoded. */
  readonly bodySection: ImapSection;
  /** What it stands in; `undefined` for the message itself. */
  readonly parent: PlacedPart | undefined;
  /** What stands in it, in its order; made when it is asked for. */
  readonly parts: readonly PlacedPart[];
}

const NO_PARTS: readonly PlacedPart[] = /* @__PURE__ */ Object.freeze([]);

/** Whether something is a message, of which HEADER and TEXT can be asked for, or a part with a number of its own. */
type Role = 'message' | 'part';

/** More entities inside each other are in no structure that was read, and no call stack has to bear them. */
export const DEEPEST_STRUCTURE = 1000;

class Placed implements PlacedPart {
  readonly body: BodyStructure;
  readonly parent: Placed | undefined;
  readonly #role: Role;
  /** From 1 among the parts of a multipart. */
  readonly #number: number;
  readonly #depth: number;
  #parts: readonly PlacedPart[] | undefined;

  constructor(body: BodyStructure, parent: Placed | undefined, role: Role, number: number) {
    this.body = body;
    this.parent = parent;
    this.#role = role;
    this.#number = number;
    this.#depth = parent === undefined ? 1 : parent.#depth + 1;
    if (this.#depth > DEEPEST_STRUCTURE) {
      const message = `more than ${DEEPEST_STRUCTURE} bodies inside each other, which is more than any limit allows`;
      throw new MailsealError('limit-depth', message);
    }
  }

  /** Of a message the numbers of the message/rfc822 that it is in, none for the outermost. Made anew each time: they are as many as it is deep. */
  #numbers(): number[] {
    const numbers: number[] = [];
    let place: Placed = this;
    for (let { parent } = place; parent !== undefined; parent = place.parent) {
      if (place.#role === 'part') numbers.push(place.#number);
      // RFC 9051 §6.4.5.1: a message that is no multipart has its body as part 1.
      else if (parent.#role === 'message') numbers.push(1);
      place = parent;
    }
    return numbers.reverse();
  }

  get path(): string {
    const path = this.#numbers().join('.');
    return this.#role === 'message' && this.parent !== undefined ? `${path}.0` : path;
  }

  get headerSection(): ImapSection {
    return { part: this.#numbers(), text: this.#role === 'message' ? 'HEADER' : 'MIME' };
  }

  get bodySection(): ImapSection {
    const part = this.#numbers();
    return this.#role === 'message' ? { part, text: 'TEXT' } : { part };
  }

  get parts(): readonly PlacedPart[] {
    this.#parts ??= this.#place();
    return this.#parts;
  }

  #place(): readonly PlacedPart[] {
    const { body } = this;
    if (body.kind === 'multipart')
      return body.parts.map((part, at) => new Placed(part, this, 'part', at + 1));
    return body.kind === 'message' ? [new Placed(body.body, this, 'message', 0)] : NO_PARTS;
  }
}

/**
 * A structure with places: the message itself, with all its parts inside.
 *
 * @param body what BODYSTRUCTURE or BODY gave.
 * @throws MailsealError `limit-depth` for more than 1,000 bodies inside each
 *   other, once those inside are asked for; as do all functions that walk them.
 *
 * @example
 * ```ts
 * import { type BodyStructure, placeParts } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [], octets: 10 };
 * const body: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'MIXED',
 *   parts: [{ ...common, kind: 'text', type: 'TEXT', subtype: 'PLAIN', lines: 1 }],
 * };
 * console.log(placeParts(body).parts[0]?.bodySection); // { part: [ 1 ] }
 * ```
 */
export function placeParts(body: BodyStructure): PlacedPart {
  return new Placed(body, undefined, 'message', 0);
}

/**
 * All parts of a structure, outermost first, in the order in which they stand
 * in the message; a message inside a message/rfc822 is one of its own, behind it.
 *
 * @example
 * ```ts
 * import { type BodyStructure, walkParts } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [], octets: 10 };
 * const body: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'MIXED',
 *   parts: [
 *     { ...common, kind: 'text', type: 'TEXT', subtype: 'PLAIN', lines: 1 },
 *     { ...common, kind: 'basic', type: 'IMAGE', subtype: 'PNG' },
 *   ],
 * };
 * console.log([...walkParts(body)].map(({ path }) => path)); // [ '', '1', '2' ]
 * ```
 */
export function* walkParts(body: BodyStructure | PlacedPart): Generator<PlacedPart, void, undefined> {
  const waiting: PlacedPart[] = ['kind' in body ? placeParts(body) : body];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    yield part;
    const { parts } = part;
    for (let at = parts.length - 1; at >= 0; at--) waiting.push(parts[at]!);
  }
}

/**
 * `type/subtype` of a part in small letters.
 *
 * @example
 * ```ts
 * import { mediaTypeOf } from 'mailseal/imap';
 *
 * console.log(mediaTypeOf({ kind: 'multipart', subtype: 'MIXED', parts: [] })); // multipart/mixed
 * ```
 */
export function mediaTypeOf(body: BodyStructure): string {
  const type = body.kind === 'multipart' ? 'multipart' : decodeText(body.type);
  return `${type}/${decodeText(body.subtype)}`.toLowerCase();
}

/**
 * The value of a parameter, whatever the letters of its name are in; of one
 * that stands twice the first. Nothing in it is decoded: RFC 2231 and encoded
 * words are the business of mailseal/mime.
 *
 * @example
 * ```ts
 * import { bodyParameter } from 'mailseal/imap';
 *
 * console.log(bodyParameter([{ name: 'CHARSET', value: 'utf-8' }], 'charset')); // utf-8
 * ```
 */
export function bodyParameter(
  parameters: readonly BodyParameter[] | undefined,
  name: string,
): ImapText | undefined {
  const wanted = name.toLowerCase();
  return parameters?.find((each) => typeof each.name === 'string' && each.name.toLowerCase() === wanted)
    ?.value;
}

/** A parameter as text, `''` where there is none. */
export function parameterText(parameters: readonly BodyParameter[] | undefined, name: string): string {
  return decodeText(bodyParameter(parameters, name) ?? '');
}

/**
 * The name of the file that a part is to be saved under, as it stands there:
 * `filename` of the disposition, else `name` of the type, also where they are
 * in the forms of RFC 2231 (`filename*`, `filename*0`), of which the first is given.
 *
 * @example
 * ```ts
 * import { bodyFileName } from 'mailseal/imap';
 *
 * const name = bodyFileName({
 *   kind: 'basic', type: 'APPLICATION', subtype: 'PDF', id: undefined, description: undefined,
 *   encoding: 'BASE64', octets: 100, parameters: [{ name: 'NAME', value: 'a.pdf' }],
 * });
 * console.log(name); // a.pdf
 * ```
 */
export function bodyFileName(body: BodyStructure): ImapText | undefined {
  for (const [parameters, name] of [
    [body.disposition?.parameters, 'filename'],
    [body.parameters, 'name'],
  ] as const) {
    const found =
      bodyParameter(parameters, name) ??
      bodyParameter(parameters, `${name}*`) ??
      bodyParameter(parameters, `${name}*0*`) ??
      bodyParameter(parameters, `${name}*0`);
    if (found !== undefined) return found;
  }
  return undefined;
}
