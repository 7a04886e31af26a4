import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../core/bytes.js';
import { octetsOfText } from '../text.js';
import type { ImapSection } from '../values/section.js';
import { bodyParameter, type PlacedPart } from './walk.js';

/** Why a section may not be the octets of the message. */
export interface SectionDoubt {
  readonly code:
    | 'section-missing'
    | 'header-unterminated'
    | 'boundary-differs'
    | 'parts-differ'
    | 'length-differs'
    | 'end-ambiguous';
  /** The section that gives rise to it. */
  readonly section: ImapSection;
  /** A sentence for people. */
  readonly message: string;
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** Whether the octets of a header end in its blank line. */
export function endsHeader(header: Bytes): boolean {
  const { length } = header;
  if (header[length - 1] !== LF) return false;
  const before = header[length - 2] === CR ? length - 2 : length - 1;
  return before === 0 || header[before - 1] === LF;
}

/**
 * Whether the last line is a close delimiter. Where it is followed at once by
 * the delimiter of a multipart around it, RFC 2046 §5.1.1 gives the line end
 * between to that, Dovecot and Cyrus to both: nobody can tell whether it was signed.
 */
export function endsInDelimiter(octets: Bytes): boolean {
  const { length } = octets;
  if (octets[length - 1] !== LF) return false;
  const end = octets[length - 2] === CR ? length - 2 : length - 1;
  const start = octets.lastIndexOf(LF, end - 1) + 1;
  return (
    end - start > 4 &&
    octets[start] === DASH &&
    octets[start + 1] === DASH &&
    octets[end - 1] === DASH &&
    octets[end - 2] === DASH
  );
}

/** Holds the body of a part that was fetched whole against what the structure tells of it. */
export function checkContainer(place: PlacedPart, octets: Bytes): SectionDoubt[] {
  const { body, bodySection: section } = place;
  if (body.kind !== 'multipart') {
    const doubt = lengthDoubt(body.octets, octets.length, section);
    return doubt === undefined ? [] : [doubt];
  }
  const boundary = bodyParameter(body.parameters, 'boundary') ?? '';
  // BODY tells no boundary, and some servers none in BODYSTRUCTURE: then nothing can be held against it.
  if (boundary.length === 0) return [];
  const found = splitAtDelimiters(octets, octetsOfText(boundary));
  if (found.length !== body.parts.length) {
    const message = `the structure tells of ${body.parts.length} parts, and ${found.length} stand between the delimiters`;
    return [{ code: 'parts-differ', section, message }];
  }
  const doubts: SectionDoubt[] = [];
  body.parts.forEach((part, at) => {
    if (part.kind === 'multipart') return;
    const { start, end } = found[at]!;
    const doubt = lengthDoubt(part.octets, end - bodyStart(octets, start, end), {
      part: [...section.part, at + 1],
    });
    if (doubt !== undefined) doubts.push(doubt);
  });
  return doubts;
}

/** 0 is what servers say, too, that do not know it. */
function lengthDoubt(told: number, length: number, section: ImapSection): SectionDoubt | undefined {
  if (told === 0 || told === length) return undefined;
  const message = `the structure tells of ${told} octets, and there are ${length}`;
  return { code: 'length-differs', section, message };
}

/** Where the parts stand in the body of a multipart: between delimiters, without the line end that belongs to the next. */
function splitAtDelimiters(octets: Bytes, boundary: Bytes): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const text = latin1FromBytes(octets);
  const delimiter = `--${latin1FromBytes(boundary)}`;
  let start = -1;
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    if (at > 0 && octets[at - 1] !== LF) continue;
    let rest = at + delimiter.length;
    const isClose = octets[rest] === DASH && octets[rest + 1] === DASH;
    if (isClose) rest += 2;
    while (octets[rest] === 0x20 || octets[rest] === 0x09) rest++;
    if (octets[rest] === CR) rest++;
    if (rest < octets.length && octets[rest] !== LF) continue;
    if (start >= 0) {
      const end = at - (octets[at - 2] === CR ? 2 : 1);
      parts.push({ start, end: Math.max(start, end) });
    }
    start = isClose ? -1 : rest + 1;
    if (isClose) break;
  }
  if (start >= 0) parts.push({ start: Math.min(start, octets.length), end: octets.length });
  return parts;
}

const BLANK_LINES: readonly Bytes[] = [bytesFromLatin1('\r\n'), bytesFromLatin1('\n')];

/** Where the body of a part begins: behind its blank line. */
function bodyStart(octets: Bytes, start: number, end: number): number {
  let line = start;
  while (line < end) {
    for (const blank of BLANK_LINES) {
      if (blank.every((octet, at) => octets[line + at] === octet)) return Math.min(line + blank.length, end);
    }
    const lf = octets.indexOf(LF, line);
    if (lf < 0 || lf >= end) return end;
    line = lf + 1;
  }
  return end;
}
