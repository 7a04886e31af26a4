import { MailsealError, usage } from '../../core/errors.js';
import { DEFAULT_IMAP_LIMITS } from '../limits.js';
import { SyntaxReader } from '../syntax/reader.js';

const NO_OCTETS = /* @__PURE__ */ new Uint8Array(0);

/** What a reader makes of a text that a caller has, without any quirks; literals cannot stand in it. Places in errors count from `offset` on. */
export function valueFromText<Value>(text: string, read: (reader: SyntaxReader) => Value, offset = 0): Value {
  if (typeof text !== 'string') throw usage(`a string is wanted, not ${typeof text}`);
  const lineEnd = text.indexOf('\n');
  if (lineEnd >= 0) {
    throw new MailsealError('imap-malformed', 'a line end stands in what is one line', {
      offset: offset + lineEnd,
    });
  }
  const frame = { text, octets: NO_OCTETS, start: 0, end: text.length, offset };
  const reader = new SyntaxReader(frame, { limits: DEFAULT_IMAP_LIMITS, quirks: new Set(), utf8: false });
  const value = read(reader);
  reader.expectEnd();
  return value;
}
