import type { Bytes } from '../../core/bytes.js';
import { type MimeDefect, mimeDefect } from '../defects.js';
import type { HeaderFields } from '../fields/header-fields.js';
import { DEFAULT_MIME_LIMITS } from '../limits.js';
import { parseMessage } from '../message.js';
import type { ParseOptions } from '../parse-options.js';
import type { Part } from '../part.js';
import { parseTransferEncoding, undoTransferEncoding } from '../transfer-encoding.js';

/** A block of fields that stands in a body and is read as a header block is. */
export interface FieldBlock {
  readonly headers: HeaderFields;
  /** Where what follows begins: after the blank line. 0 where the first line is no field. */
  readonly end: number;
}

/** One of several blocks. */
export interface NextFieldBlock {
  /** At least one field. */
  readonly headers: HeaderFields;
  /** Where it begins, in octets from the start of the body; of what was encoded, where that begins. */
  readonly start: number;
  /** The limits that it hit, with `onLimit: 'truncate'`. Offsets are octets from the start of the body. */
  readonly defects: readonly MimeDefect[];
}

/**
 * Reads the fields at the beginning of a body, up to the first blank line.
 *
 * @throws MailsealError `limit-headers`, `limit-header-octets` unless `onLimit` is `truncate`
 */
export function readFieldBlock(octets: Bytes, options?: ParseOptions): FieldBlock {
  const { headers, bodyStart } = parseBlock(octets.subarray(0, afterBlankLine(octets, 0)), options);
  return { headers, end: bodyStart };
}

/** Depth and number of parts are those of a message: of a block there is one, whatever type its fields tell. */
function parseBlock(octets: Bytes, options: ParseOptions = {}): Part {
  const { depth, parts } = DEFAULT_MIME_LIMITS;
  return parseMessage(octets, { ...options, limits: { ...options.limits, depth, parts } });
}

/**
 * The blocks of fields that a body consists of, with blank lines between them,
 * however many. A block after one that declares a transfer encoding (some
 * servers encode the second half of a report so) is undone. Each is read when it
 * is asked for: how many there may be is the caller's to say.
 *
 * @throws MailsealError `limit-headers`, `limit-header-octets` unless `onLimit` is `truncate`
 */
export function* fieldBlocks(octets: Bytes, options?: ParseOptions): Generator<NextFieldBlock> {
  let encoding = '7bit';
  for (let at = 0; at < octets.length; ) {
    if (octets[at] === CR || octets[at] === LF) {
      at++;
      continue;
    }
    const end = afterBlankLine(octets, at);
    const block = octets.subarray(at, end);
    if (encoding === 'base64' || encoding === 'quoted-printable') {
      yield* decodedBlocks(undoTransferEncoding(encoding, block, at).content, at, options);
      encoding = '7bit';
    } else {
      const part = parseBlock(block, options);
      const { headers } = part;
      if (headers.length > 0) {
        const hits = limitsHit(part).map(({ code, offset }) => mimeDefect(code, at + offset));
        yield { headers, start: at, defects: hits };
      }
      encoding = parseTransferEncoding(headers.get('content-transfer-encoding')?.value ?? '');
    }
    at = end;
  }
}

/** Blocks that are encoded no further, so that nobody can nest them. */
function* decodedBlocks(octets: Bytes, start: number, options?: ParseOptions): Generator<NextFieldBlock> {
  for (let at = 0; at < octets.length; ) {
    const end = afterBlankLine(octets, at);
    const part = parseBlock(octets.subarray(at, end), options);
    const { headers } = part;
    // Where something stood before it was decoded cannot be told.
    const defects = limitsHit(part).map(({ code }) => mimeDefect(code, start));
    if (headers.length > 0) yield { headers, start, defects };
    at = end;
  }
}

function limitsHit(part: Part): MimeDefect[] {
  return part.defects.filter(({ code }) => code.startsWith('limit-'));
}

const LF = 0x0a;
const CR = 0x0d;

function afterBlankLine(octets: Bytes, start: number): number {
  let at = start;
  for (;;) {
    const atLineStart = at;
    while (at < octets.length && octets[at] !== LF && octets[at] !== CR) at++;
    if (at === octets.length) return at;
    const isBlank = at === atLineStart;
    at += octets[at] === CR && octets[at + 1] === LF ? 2 : 1;
    if (isBlank) return at;
  }
}
