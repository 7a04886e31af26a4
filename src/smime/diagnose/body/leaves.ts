import type { Bytes } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { parseMessage } from '../../../mime/message.js';
import type { Part } from '../../../mime/part.js';

/** Leaves of an entity that families look at one by one; more are left as they are. */
const mostLeaves = 50;

/** An entity as a tree; `undefined` where it is over a limit of MIME. */
export function entityOf(octets: Bytes): Part | undefined {
  try {
    return parseMessage(octets);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return undefined;
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
