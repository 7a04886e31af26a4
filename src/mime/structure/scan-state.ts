import type { Bytes } from '../../core/bytes.js';
import { type FindOctet, octetFinder, portableFinder } from '../../core/find-octet.js';
import type { MimeDefectCode } from '../defects.js';
import type { FilledParseOptions } from '../parse-options.js';
import type { EntityKind } from './entity-kind.js';
import { OpenBoundaries } from './open-boundaries.js';

/** What body octets are: of an entity that holds no others, or of a multipart outside its parts. */
export type BodyRegion = 'body' | 'preamble' | 'epilogue';

/**
 * What the scanner tells as it goes. All offsets are absolute, ends exclusive.
 * Together the ranges of header fields, other header lines, the blank line
 * (between `headersEnd` and `bodyStart`), bodies and boundaries are the input.
 */
export interface ScanHandler {
  /** An entity begins here: the message, a part, or an embedded message. */
  partBegin(start: number, inDigest: boolean): void;
  /** A header field with its folds and line end; `nameEnd` before the colon and blanks, `valueStart` after the colon. */
  headerField(start: number, nameEnd: number, valueStart: number, end: number): void;
  /** A line of the header block that is no field. */
  headerOther(start: number, end: number): void;
  headersEnd(headersEnd: number, bodyStart: number, kind: EntityKind, transferEncoding: string): void;
  /** Octets of the innermost entity outside its parts. */
  body(region: BodyRegion, start: number, end: number): void;
  /** A delimiter of the multipart that is now innermost, from the line end before it to its own line end (a close delimiter: before that). */
  boundary(start: number, end: number, close: boolean): void;
  /** The innermost entity ends here. */
  partEnd(end: number): void;
  defect(code: MimeDefectCode, offset: number): void;
}

/** The window ended before anything could be told. */
export const MORE = 0;
/** A header block ended: see {@link ScanState.endOfHeaders}. */
export const HEADERS_END = 1;
/** A delimiter line was come upon: see {@link ScanState.delimiter}. */
export const DELIMITER = 2;
/** What a half of the scanner stopped at. */
export type ScanStop = typeof MORE | typeof HEADERS_END | typeof DELIMITER;

/** What the halves of the scanner share: the octets at hand, and what they told. Offsets are absolute unless said otherwise. */
export class ScanState {
  readonly handler: ScanHandler;
  readonly options: FilledParseOptions;
  readonly open: OpenBoundaries = new OpenBoundaries();
  readonly find: FindOctet;
  /** Whether {@link find} goes through long stretches so fast that nothing is gained by passing over them. */
  readonly findsFast: boolean;
  /** The octets at hand, and where the first of them stands. */
  window: Bytes = new Uint8Array(0);
  base = 0;
  /** Whether the input ends with the window. */
  final = false;
  /** What is before was told to the handler. */
  at = 0;

  /** Of a header block that ended: where its fields end and its body begins; the same where there is no blank line. */
  readonly endOfHeaders: { line: number; next: number } = { line: 0, next: 0 };
  /**
   * Of a delimiter line: whose it is ({@link OpenBoundaries.match}), where the
   * line end before it begins, where the line begins and its line feed stands (-1 for none).
   */
  readonly delimiter: { match: number; end: number; line: number; lf: number } = {
    match: 0,
    end: 0,
    line: 0,
    lf: 0,
  };

  constructor(handler: ScanHandler, options: FilledParseOptions) {
    this.handler = handler;
    this.options = options;
    this.find = octetFinder(options.engine);
    this.findsFast = this.find !== portableFinder;
  }

  /** Stops at a header block's end. */
  stopAtEnd(line: number, next: number): ScanStop {
    this.endOfHeaders.line = line;
    this.endOfHeaders.next = next;
    return HEADERS_END;
  }

  /** Stops at a delimiter line; `lf` is -1 for none. */
  stopAtDelimiter(match: number, end: number, line: number, lf: number): ScanStop {
    const { delimiter } = this;
    delimiter.match = match;
    delimiter.end = end;
    delimiter.line = line;
    delimiter.lf = lf;
    return DELIMITER;
  }

  /** Where the line end begins that stands before `line`; `line` itself where none does from `floor` on. */
  lineEndBefore(line: number, floor: number): number {
    const { window, base } = this;
    if (line <= floor || window[line - base - 1] !== LF) return line;
    return line - 1 > floor && window[line - base - 2] === CR ? line - 2 : line - 1;
  }
}

const LF = 0x0a;
const CR = 0x0d;
