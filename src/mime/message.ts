import { asBytes, type Bytes } from '../core/bytes.js';
import type { MimeDefectCode } from './defects.js';
import { MessageOctets } from './message-octets.js';
import { fillParseOptions, type ParseOptions } from './parse-options.js';
import { Part } from './part.js';
import { LineEndProbe, withLfForCr } from './structure/bare-cr.js';
import {
  addChild,
  addDefect,
  addDelimiter,
  type Entity,
  endDelimiterAt,
  newEntity,
} from './structure/entity.js';
import type { EntityKind } from './structure/entity-kind.js';
import type { BodyRegion, ScanHandler } from './structure/scan-state.js';
import { Scanner } from './structure/scanner.js';

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

/** Notes what the scanner tells, as entities inside each other. */
class TreeBuilder implements ScanHandler {
  root: Entity | undefined;
  readonly #source: Bytes;
  readonly #open: Entity[] = [];
  /** The fields of the innermost entity. */
  #fields: number[] = [];

  constructor(source: Bytes) {
    this.#source = source;
  }

  #top(): Entity {
    return this.#open[this.#open.length - 1]!;
  }

  partBegin(start: number, inDigest: boolean): void {
    const entity = newEntity(start, inDigest);
    if (this.root === undefined) this.root = entity;
    else addChild(this.#top(), entity);
    this.#open.push(entity);
    this.#fields = entity.fields;
  }

  headerField(start: number, nameEnd: number, valueStart: number, end: number): void {
    this.#fields.push(start, nameEnd, valueStart, end);
  }

  headerOther(): void {
    // Not a field; it is seen in headerBytes and by its defect.
  }

  headersEnd(headersEnd: number, bodyStart: number, kind: EntityKind, transferEncoding: string): void {
    const entity = this.#top();
    entity.headersEnd = headersEnd;
    entity.bodyStart = bodyStart;
    entity.kind = kind;
    entity.transferEncoding = transferEncoding;
  }

  body(region: BodyRegion, start: number): void {
    // Other bodies are what lies between the other ranges.
    if (region !== 'epilogue') return;
    const entity = this.#top();
    if (!entity.closed && entity.rest < 0) entity.rest = start;
  }

  boundary(start: number, end: number, close: boolean): void {
    const entity = this.#top();
    addDelimiter(entity, start, end);
    entity.closed = close;
  }

  partEnd(end: number): void {
    const entity = this.#open.pop()!;
    entity.end = end;
    if (!entity.closed) return;
    // RFC 2046 §5.1.1: `close-delimiter transport-padding [CRLF epilogue]`. The line end is the
    // close delimiter's here, unless an outer delimiter needs it.
    let at = entity.delimiters.at(-1)!;
    if (at < end && this.#source[at] === 0x0d) at++;
    if (at < end && this.#source[at] === 0x0a) at++;
    endDelimiterAt(entity, at);
  }

  defect(code: MimeDefectCode, offset: number): void {
    addDefect(this.#top(), code, offset);
  }
}
