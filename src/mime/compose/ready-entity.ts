import { asBytes, type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import { type MailsealError, usage } from '../../core/errors.js';
import { parseMessage } from '../message.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';
import { octetFacts } from './compose-body.js';

const LF = 0x0a;

/**
 * Looks whether an entity can become the body of a message as it is: only
 * Content fields above a blank line, CRLF alone, lines of at most 998 octets.
 *
 * @returns its pieces, with a line end where the last line had none.
 * @throws MailsealError `usage` where it cannot.
 */
export function checkReadyEntity(given: Uint8Array, transport: '7bit' | '8bit'): Bytes[] {
  const entity = asBytes(given);
  const { forbidden, longestLine, eightBit } = octetFacts(entity);
  if (forbidden) throw refusal('has a NUL, or a CR or LF that is no CRLF');
  if (longestLine > LONGEST_LINE) throw refusal(`has a line of ${longestLine} octets`);
  if (eightBit > 0 && transport === '7bit') throw refusal("has octets above 127; pass `transport: '8bit'`");
  const part = parseMessage(entity);
  const isBlankLineThere = part.bodyStart > part.headersEnd;
  let octets = 0;
  for (const field of part.headers) {
    octets += field.raw.length;
    if (!/^content-/i.test(field.name))
      throw refusal(`has the field ${field.name}; only Content fields belong there`);
  }
  if (!isBlankLineThere || octets !== part.headersEnd)
    throw refusal('has no sound header block with a blank line after it');
  return entity.at(-1) === LF ? [entity] : [entity, bytesFromLatin1('\r\n')];
}

function refusal(why: string): MailsealError {
  return usage(`what is passed as \`entity\` ${why}`);
}
