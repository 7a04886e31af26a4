import type { Bytes } from '../../core/bytes.js';
import type { ImapSection } from '../values/section.js';
import type { BodyStructure } from './body-structure.js';
import type { PlannedPart } from './verify-plan.js';
import { mediaTypeOf, type PlacedPart, parameterText } from './walk.js';

/** Why a section may not be the octets of the message. */
export interface SectionDoubt {
  readonly code:
    | 'section-missing'
    | 'header-unterminated'
    /** The section is no single header, or no single body, of such a part as the structure tells of. */
    | 'structure-differs'
    | 'boundary-differs'
    | 'parts-differ'
    | 'length-differs'
    | 'end-ambiguous';
  /** The section that gives rise to it. */
  readonly section: ImapSection;
  /** A sentence for people. */
  readonly message: string;
}

/** An entity as the parser finds it that verifying uses. */
export interface ParsedEntity {
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  /** The parameter of its content type. */
  readonly boundary: string | undefined;
  /** What BODYSTRUCTURE would tell of it. */
  readonly body: BodyStructure;
  readonly parts: readonly ParsedEntity[];
}

/** An entity as sections were put together to be one. */
export interface MadeEntity {
  readonly planned: PlannedPart;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  /** Empty where its body is one section. */
  readonly parts: readonly MadeEntity[];
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

/**
 * What speaks against sections being what the structure tells, once they are
 * put together. Parsing has to find each header, each body and each delimiter
 * where it was put: a section that holds more than it is named for (a header
 * that goes on behind a blank line, a body with a delimiter of what is around
 * it) would have signatures stand where the structure has none of them.
 */
export function doubtsAboutMade(made: MadeEntity, parsed: ParsedEntity): SectionDoubt[] {
  return disagreement(made, parsed, { part: [] }) ?? [];
}

/** The first that is found, but for lengths, of which all are. */
function disagreement(
  made: MadeEntity,
  parsed: ParsedEntity,
  around: ImapSection,
): SectionDoubt[] | undefined {
  const { planned } = made;
  const isOutside = planned.kind === 'outside';
  const headerSection = isOutside ? around : planned.place.headerSection;
  const bodySection = isOutside ? around : planned.place.bodySection;
  if (parsed.start !== made.start || parsed.bodyStart !== made.bodyStart)
    return [structureDoubt(headerSection, 'the header does not end where the section does')];
  const type = isOutside ? 'text/plain' : mediaTypeOf(planned.place.body);
  if (!isSameType(type, planned, parsed.body)) {
    const message = `the structure tells of ${type}, and the header of ${mediaTypeOf(parsed.body)}`;
    return [structureDoubt(headerSection, message)];
  }
  if (planned.kind === 'opened' && planned.place.body.kind === 'multipart') {
    const told = parameterText(planned.place.body.parameters, 'boundary');
    if (told === '' || told !== parsed.boundary) {
      const message = 'the boundary of the structure is not that of the header';
      return [{ code: 'boundary-differs', section: headerSection, message }];
    }
  }
  if (parsed.end !== made.end)
    return [structureDoubt(bodySection, 'the body does not end where the section does')];
  if (planned.kind === 'whole') {
    const doubts: SectionDoubt[] = [];
    compareBodies(planned.place, parsed.body, doubts);
    return doubts.length === 0 ? undefined : doubts;
  }
  if (parsed.parts.length !== made.parts.length) {
    const message = `${made.parts.length} parts were put together, and there are ${parsed.parts.length}`;
    return [{ code: 'parts-differ', section: bodySection, message }];
  }
  const doubts = made.parts.map((part, at) => disagreement(part, parsed.parts[at]!, bodySection));
  const found = doubts.flatMap((each) => each ?? []);
  return found.length === 0 ? undefined : found;
}

function isSameType(type: string, planned: PlannedPart, body: BodyStructure): boolean {
  const kind = planned.kind === 'outside' ? 'text' : planned.place.body.kind;
  return kind === body.kind && type === mediaTypeOf(body);
}

/** Holds what the structure tells of a part that was fetched whole against what is there. */
function compareBodies(place: PlacedPart, body: BodyStructure, doubts: SectionDoubt[]): void {
  const { body: told, bodySection: section } = place;
  if (told.kind !== body.kind || mediaTypeOf(told) !== mediaTypeOf(body)) {
    const message = `the structure tells of ${mediaTypeOf(told)}, and ${mediaTypeOf(body)} is there`;
    doubts.push(structureDoubt(section, message));
    return;
  }
  if (told.kind === 'multipart' && body.kind === 'multipart') {
    if (told.parts.length !== body.parts.length) {
      const message = `the structure tells of ${told.parts.length} parts, and there are ${body.parts.length}`;
      doubts.push({ code: 'parts-differ', section, message });
      return;
    }
    place.parts.forEach((part, at) => {
      compareBodies(part, body.parts[at]!, doubts);
    });
    return;
  }
  // 0 is what servers say, too, that do not know it.
  if (
    told.kind !== 'multipart' &&
    body.kind !== 'multipart' &&
    told.octets !== 0 &&
    told.octets !== body.octets
  ) {
    const message = `the structure tells of ${told.octets} octets, and there are ${body.octets}`;
    doubts.push({ code: 'length-differs', section, message });
  }
  if (body.kind === 'message') compareBodies(place.parts[0]!, body.body, doubts);
}

function structureDoubt(section: ImapSection, message: string): SectionDoubt {
  return { code: 'structure-differs', section, message };
}
