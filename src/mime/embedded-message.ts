import { limitHit } from './limits.js';
import { parseMessage } from './message.js';
import type { Part } from './part.js';

const MESSAGE_TYPE = /^message\/(?:rfc822|global|news)$/;

/**
 * The message that a message/rfc822, message/global or message/news holds,
 * also where it is transfer-encoded.
 *
 * As it stands there it is the part's one part. One that is encoded (RFC 6532
 * §3.7 lets message/global be, and old mail programs do it to message/rfc822) has no octets of its
 * own in the message: its content is parsed when this is called, into a tree
 * of its own. Then `source` is that content, offsets count from its beginning,
 * `parent` is `undefined` and `path` begins anew; no signature over the outer
 * message can be told in them. It is read with the options of the part, except
 * that the depth at which the part stands counts.
 *
 * @returns `undefined` where the part is no such type, or has no message in it
 * @throws MailsealError the limits that `parseMessage` throws for, unless `onLimit` is `truncate`
 * @example
 * ```ts
 * import { embeddedMessage, parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode(
 *     'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogYQ0KDQpi',
 *   ),
 * );
 * const inner = embeddedMessage(message);
 * console.log(inner?.headers.get('subject')?.value, inner?.text(), inner?.start); // a b 0
 * ```
 */
export function embeddedMessage(part: Part): Part | undefined {
  if (part.isMessage) return part.parts[0];
  if (!MESSAGE_TYPE.test(part.contentType.mediaType)) return undefined;
  const { options } = part;
  let depth = options.limits.depth;
  for (let each: Part | undefined = part; each !== undefined; each = each.parent) depth--;
  if (depth < 1) {
    if (options.onLimit === 'truncate') return undefined;
    const { depth: limit } = options.limits;
    throw limitHit('limit-depth', 'entities inside each other', 'depth', limit, part.bodyStart);
  }
  return parseMessage(part.content(), { ...options, limits: { ...options.limits, depth } });
}
