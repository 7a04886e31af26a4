import { usage } from '../../core/errors.js';
import { refuseUneditable } from '../../mime/compose/edit-source.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { parseMessage } from '../../mime/message.js';
import { Part } from '../../mime/part.js';
import { outerField } from './safe-fields.js';

/** RFC 5322 §3.6.3: nobody is to see whom Bcc names, and what is sealed goes to everybody in one form. */
const HIDDEN = /^(?:resent-)?bcc$/;

/** A message as sealing sees it: its content, and the fields that stay outside. */
export interface SplitMessage {
  /** The message, whose Content fields and body are what is sealed. */
  readonly content: Part;
  /** All other fields but MIME-Version and Bcc, in their order. */
  readonly fields: readonly HeaderField[];
  /** Whether it has nothing but Content fields, so that it is a part of something rather than a message. */
  readonly isEntity: boolean;
}

/**
 * Divides a message into what is sealed and what stays outside of it (RFC 8551
 * §3.1).
 *
 * @throws MailsealError `usage` for a part of a message, and for a message of which not all could be read; the
 * limits of `parseMessage`.
 */
export function splitMessage(message: Uint8Array | Part): SplitMessage {
  const content = message instanceof Part ? message : parseMessage(message);
  if (content.parent !== undefined) {
    throw usage(`a whole message is sealed, not its part "${content.path}"; pass the octets of the part`);
  }
  refuseUneditable(content);
  const fields: HeaderField[] = [];
  let contentFields = 0;
  for (const field of content.headers) {
    const name = field.name.toLowerCase();
    if (name.startsWith('content-')) contentFields++;
    else if (name !== 'mime-version' && !HIDDEN.test(name)) fields.push(field);
  }
  return { content, fields, isEntity: contentFields > 0 && contentFields === content.headers.length };
}

/** The header outside of what is sealed, as text: the fields as they came, then MIME-Version unless it is a mere entity. */
export function outerHeader({ fields, isEntity }: SplitMessage): string {
  return withVersion(fields.map(outerField).join(''), isEntity);
}

/** Fields as text with MIME-Version after them (RFC 2045 §4), which a part of a message does not need. */
export function withVersion(fields: string, isEntity: boolean): string {
  return isEntity ? fields : `${fields}MIME-Version: 1.0\r\n`;
}
