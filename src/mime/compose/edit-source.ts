import { MailsealError } from '../../core/errors.js';
import type { Part } from '../part.js';
import { LineEndProbe } from '../structure/bare-cr.js';

const LIMITS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'limit-depth',
  'limit-parts',
  'limit-headers',
  'limit-header-octets',
]);

/**
 * Refuses a message in which what an edit has to know was not read: the parts
 * and fields beyond a limit would go, or come to stand elsewhere, with those
 * before it; and where a CR alone ends lines, what is added would not.
 *
 * @throws MailsealError `usage`
 */
export function refuseUneditable(message: Part): void {
  const { source, options } = message;
  const cut = cutPart(message);
  if (cut !== undefined) {
    throw new MailsealError(
      'usage',
      `the part "${cut.path}" was read up to a limit alone; parse the message with higher limits to edit it`,
      { offset: cut.start },
    );
  }
  if (new LineEndProbe(options.limits.headerOctets).look(source, true) !== true) return;
  throw new MailsealError(
    'usage',
    'the lines of the message end in CR alone; give them CRLF before it is parsed to edit it',
    { offset: 0 },
  );
}

/** The first part of which something was left unread because of a limit of the message's structure. */
export function cutPart(message: Part): Part | undefined {
  // Otherwise a limit that is hit throws when the message is parsed.
  if (message.options.onLimit !== 'truncate') return undefined;
  for (const part of message.walk()) {
    if (part.defects.some(({ code }) => LIMITS.has(code))) return part;
  }
  return undefined;
}
