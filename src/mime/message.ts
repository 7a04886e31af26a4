import { asBytes } from '../core/bytes.js';
import { MessageOctets } from './message-octets.js';
import { fillParseOptions, type ParseOptions } from './parse-options.js';
import { Part } from './part.js';
import { LineEndProbe, withLfForCr } from './structure/bare-cr.js';
import { Scanner } from './structure/scanner.js';
import { TreeBuilder } from './structure/tree-builder.js';

/**
 * Parses a message (RFC 5322, RFC 2045–2046) into a tree of parts with exact
 * octet ranges. It is lenient: what is wrong is in each part's `defects`. CRLF
 * and bare LF both end a line; a bare CR does only where no LF comes before the
 * header block is over. The octets are kept, not copied (shared memory is): they
 * must not be changed while the tree is in use.
 *
 * Rules where mail is ambiguous: of fields and parameters that stand twice the
 * first counts; a delimiter line is the boundary with nothing but blanks after
 * it (up to 998); a delimiter of an outer multipart ends all inside it; a line
 * that is the delimiter of two open multiparts belongs to the innermost; after
 * its close delimiter a multipart has no more parts; a line of the header block
 * that is no field is passed over; an entity whose first line is no field is
 * all body, but for a message whose second line is a field that is well known.
 *
 * @param octets the message as it was on the wire
 * @returns the message itself, with its parts inside
 * @throws MailsealError `limit-depth`, `limit-parts`, `limit-headers`, `limit-header-octets`; `crypto-engine-unavailable` for the engine `native` where the runtime has none; `usage` when `octets` are none
 * @example
 * ```ts
 * import { parseMessage } from 'mailseal/mime';
 *
 * const message = parseMessage(
 *   new TextEncoder().encode('Subject: =?utf-8?Q?caf=C3=A9?=\r\n\r\nTwo at nine.\r\n'),
 * );
 * console.log(message.headers.get('subject')?.text, message.bodyStart); // café 34
 * console.log(message.text()); // Two at nine.
 * ```
 */
export function parseMessage(octets: Uint8Array, options?: ParseOptions): Part {
  const source = asBytes(octets);
  const filled = fillParseOptions(options);
  const crEndsLines = new LineEndProbe(filled.limits.headerOctets).look(source, true) === true;
  const lines = crEndsLines ? withLfForCr(source) : source;
  const builder = new TreeBuilder(lines);
  const scanner = new Scanner(builder, filled);
  if (crEndsLines) scanner.endLinesWithCr(source.indexOf(CR));
  scanner.scan(lines, true);
  return new Part(new MessageOctets(source, lines), builder.root!, undefined, 0, filled);
}

const CR = 0x0d;
