import { bytesFromLatin1, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { parseMessage } from '../message.js';
import type { Part } from '../part.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';
import { cutPart } from './edit-source.js';

/** The boundary that a multipart names, one character an octet; `undefined` where it names none that a line can hold. */
export function declaredBoundary({ contentType }: Part): string | undefined {
  const given = contentType.parameters.get('boundary');
  if (given === undefined || given.length > LONGEST_LINE) return undefined;
  const boundary = given.replace(/[ \t]+$/, '');
  return boundary === '' ? undefined : latin1FromBytes(bytesFromUtf8(boundary));
}

/**
 * Refuses a line that is, or begins as, a delimiter of a multipart around it, whose part would end there.
 *
 * @param text one character an octet
 * @param around the boundaries of the multiparts that it stands in
 * @throws MailsealError `usage`
 */
export function refuseDelimiters(text: string, around: readonly string[]): void {
  for (const boundary of around) {
    const delimiter = `--${boundary}`;
    if (!text.startsWith(delimiter) && !text.includes(`\n${delimiter}`)) continue;
    throw usage(
      `what is added has the line ${JSON.stringify(delimiter)}, which ends a part of the multipart around it; compose it with other boundaries`,
    );
  }
}

/**
 * Refuses a multipart whose boundary begins with that of one around it, or
 * that with it: what follows it would be read as more parts of it.
 * RFC 2046 §5.1.2: the boundaries of nested multiparts are different ones.
 *
 * @param text an entity, or a field at its beginning; one character an octet
 * @param parent what the entity stands in
 * @param around the boundaries of that, and of the multiparts that it stands in
 * @throws MailsealError `usage`
 */
export function refuseBoundaries(text: string, parent: Part, around: readonly string[]): void {
  if (around.length === 0) return;
  for (const inner of boundariesIn(text, parent)) {
    const outer = around.find((each) => each.startsWith(inner) || inner.startsWith(each));
    if (outer === undefined) continue;
    throw usage(
      `what is added has the boundary ${JSON.stringify(inner)} inside a multipart with ${JSON.stringify(outer)}, so that their parts would be confused; compose it with other boundaries`,
    );
  }
}

/**
 * The close delimiters, innermost first, that have to stand before a delimiter: of multiparts which nothing closes and
 * of which it would be a delimiter, too, since theirs is the same or the beginning of it.
 *
 * @param last the part that the delimiter comes behind, its last part, the last of that, and so on
 * @param closed those that edits close; what is found is added
 */
export function missingCloses(last: readonly Part[], boundary: string, closed: Set<Part>): string[] {
  const closes: string[] = [];
  for (const part of last) {
    if (!part.isMultipart) continue;
    // What is closed has nothing open in it.
    if (closed.has(part) || isClosed(part)) break;
    const inner = declaredBoundary(part);
    if (inner === undefined || !boundary.startsWith(inner)) continue;
    closed.add(part);
    closes.unshift(`--${inner}--`);
  }
  return closes;
}

function isClosed(multipart: Part): boolean {
  return multipart.delimiters.length > multipart.parts.length;
}

/** The boundaries of all multiparts in an entity, as it is read where it stands. */
function boundariesIn(text: string, parent: Part): Set<string> {
  const found: Set<string> = new Set();
  if (!/boundary/i.test(text)) return found;
  const framed = parseMessage(bytesFromLatin1(frameFor(text, parent) + text), { onLimit: 'truncate' });
  if (cutPart(framed) !== undefined) {
    throw usage('what is added has more parts or fields than the default limits let pass');
  }
  // The first is the frame itself.
  for (const part of [...framed.walk()].slice(1)) {
    const boundary = part.isMultipart ? declaredBoundary(part) : undefined;
    if (boundary !== undefined) found.add(boundary);
  }
  return found;
}

/** What stands before an entity so that it is read as it is inside `parent`: what it is by default depends on that. */
function frameFor(text: string, parent: Part): string {
  if (!parent.isMultipart) return 'Content-Type: message/rfc822\r\n\r\n';
  const taken = new Set([...text.matchAll(/^--(\d{8})/gm)].map((match) => match[1]));
  let number = 10_000_000;
  while (taken.has(String(number))) number++;
  const subtype = parent.contentType.subtype === 'digest' ? 'digest' : 'mixed';
  return `Content-Type: multipart/${subtype}; boundary=${number}\r\n\r\n--${number}\r\n`;
}
