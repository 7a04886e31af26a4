import type { Part } from '../part.js';

/**
 * The root of a multipart/related (RFC 2387 §3): the part whose Content-ID its
 * `start` parameter names; else the first one, unless `type` names another
 * type that a later part has. `undefined` where it has no parts.
 *
 * @param related the multipart
 * @example
 * ```ts
 * import { parseMessage, relatedRoot } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode(
 *     'Content-Type: multipart/related; boundary=b; start="<page>"\n\n' +
 *       '--b\nContent-Type: image/gif\nContent-ID: <dot>\n\n\n' +
 *       '--b\nContent-Type: text/html\nContent-ID: <page>\n\n<img src="cid:dot">\n--b--\n',
 *   ),
 * );
 * console.log(relatedRoot(message)?.contentType.mediaType); // text/html
 * ```
 */
export function relatedRoot(related: Part): Part | undefined {
  const { parts } = related;
  const { parameters } = related.contentType;
  const id = withoutBrackets(parameters.get('start') ?? '');
  const named = id === '' ? undefined : parts.find((part) => contentIdOf(part) === id);
  if (named !== undefined) return named;
  const type = parameters.get('type')?.toLowerCase();
  // A multipart is what it holds, and `type` names that as often as the multipart.
  const fits = (part: Part): boolean => part.contentType.mediaType === type || part.isMultipart;
  return (type === undefined ? undefined : parts.find(fits)) ?? parts[0];
}

/** The Content-ID of a part without its angle brackets (RFC 2045 §7); `undefined` where there is none. */
export function contentIdOf(part: Part): string | undefined {
  const field = part.headers.get('content-id');
  return field === undefined ? undefined : withoutBrackets(field.value) || undefined;
}

function withoutBrackets(value: string): string {
  const start = value.indexOf('<');
  const end = value.indexOf('>', start + 1);
  // Programs that forget the brackets are many.
  return (start >= 0 && end > start ? value.slice(start + 1, end) : value).trim();
}

/**
 * Finds the parts that HTML refers to, by `cid:` (RFC 2392) and by
 * Content-Location (RFC 2557), within a part and all inside it but embedded
 * messages. Of two parts with one id the first counts.
 *
 * @example
 * ```ts
 * import { parseMessage, PartReferences } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode(
 *     'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:a%2Bb">\n' +
 *       '--b\nContent-Type: image/gif\nContent-ID: <a+b>\n\n\n--b--\n',
 *   ),
 * );
 * console.log(new PartReferences(message).resolve('cid:a%2Bb')?.contentType.mediaType); // image/gif
 * ```
 */
export class PartReferences {
  readonly #byId = new Map<string, Part>();
  readonly #byLocation = new Map<string, Part>();

  /**
   * @param root the message, or the multipart to look in
   * @param apart parts that nothing refers to, with all inside them; default none
   */
  constructor(root: Part, apart?: ReadonlySet<Part>) {
    for (const part of leavesOf(root, apart)) {
      const id = contentIdOf(part);
      if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, part);
      const location = part.headers.get('content-location')?.value;
      const url = location === undefined ? '' : withoutBlanks(location);
      if (url !== '' && !this.#byLocation.has(url)) this.#byLocation.set(url, part);
    }
  }

  /** How many ids and locations there are to refer to. */
  get size(): number {
    return this.#byId.size + this.#byLocation.size;
  }

  /**
   * The part that a reference in HTML means; `undefined` where it is none of the message's.
   *
   * @param url the value of `src`, `href` or `url()`, with character references of HTML undone
   */
  resolve(url: string): Part | undefined {
    const bare = withoutBlanks(url);
    const id = contentIdOfUrl(bare);
    if (id === undefined) return this.#byLocation.get(bare);
    return this.#byId.get(id) ?? this.#byId.get(bare.slice(4));
  }
}

/** The Content-ID that a `cid:` names (RFC 2392 §2); `undefined` for any other URL. */
export function contentIdOfUrl(url: string): string | undefined {
  const bare = withoutBlanks(url);
  return /^cid:/i.test(bare) ? withoutPercents(bare.slice(4)) : undefined;
}

/** The parts that are no multiparts (or empty ones) within a part, embedded messages as one, in their order; not those `apart`. */
export function* leavesOf(root: Part, apart?: ReadonlySet<Part>): Generator<Part> {
  const waiting: Part[] = [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (apart !== undefined && part !== root && apart.has(part)) continue;
    if (!part.isMultipart || part.parts.length === 0) {
      yield part;
      continue;
    }
    for (let i = part.parts.length - 1; i >= 0; i--) waiting.push(part.parts[i]!);
  }
}

/** RFC 2557 §4.4.1: blanks of a long URL that was folded are no part of it. */
function withoutBlanks(url: string): string {
  return url.replace(/\s+/g, '');
}

function withoutPercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % stands for itself.
    return text;
  }
}
