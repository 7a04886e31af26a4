import type { Bytes } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { parseMessage } from '../../../mime/message.js';
import type { Part } from '../../../mime/part.js';

/** Leaves of an entity that families look at one by one; more are left as they are. */
const mostLeaves = 50;

/** Each family asks about the same octets; parsing them anew each time took a third of a search. */
const parsed = /* @__PURE__ */ new WeakMap<Bytes, Part | MailsealError>();

/** An entity as a tree; `undefined` where it is over a limit of MIME. */
export function entityOf(octets: Bytes): Part | undefined {
  let entity = parsed.get(octets);
  if (entity === undefined) {
    entity = parseOrError(octets);
    parsed.set(octets, entity);
  }
  return entity instanceof MailsealError ? undefined : entity;
}

function parseOrError(octets: Bytes): Part | MailsealError {
  try {
    return parseMessage(octets);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error;
  }
}

/** The parts of an entity that have no parts themselves, in their order. */
export function leavesOf(octets: Bytes): Part[] {
  const entity = entityOf(octets);
  if (entity === undefined) return [];
  const leaves: Part[] = [];
  for (const part of entity.walk()) {
    if (leaves.length === mostLeaves) break;
    if (!part.isMultipart && !part.isMessage) leaves.push(part);
  }
  return leaves;
}

/** The leaves with text that people read. */
export function textLeavesOf(octets: Bytes): Part[] {
  return leavesOf(octets).filter(({ contentType }) => contentType.mediaType.startsWith('text/'));
}

/** Whether the body of a leaf stands there as it is. */
export function isPlain({ transferEncoding }: Part): boolean {
  return transferEncoding === '7bit' || transferEncoding === '8bit' || transferEncoding === 'binary';
}
