import type { MimeDefectCode } from '../defects.js';
import type { EntityKind } from './entity-kind.js';

/** Where one entity of a message stands: all that parsing notes of it. Offsets are absolute, ends exclusive. */
export interface Entity {
  readonly start: number;
  headersEnd: number;
  bodyStart: number;
  end: number;
  kind: EntityKind;
  /** Lower case; `7bit` where it names none. */
  transferEncoding: string;
  /** Whether its multipart is a digest, so that it is a message when it does not say what it is. */
  readonly inDigest: boolean;
  /** Start, end of the name, start of the value and end of each header field. */
  readonly fields: number[];
  children: readonly Entity[];
  /** Start and end of each delimiter of a multipart. */
  delimiters: readonly number[];
  /** Whether the last delimiter is the close delimiter. */
  closed: boolean;
  /** Of a multipart of which parts were beyond a limit: where the octets begin that are left of it; -1 of all others. */
  rest: number;
  defects: readonly EntityDefect[];
}

/** Something wrong with an entity, and where. */
export interface EntityDefect {
  readonly code: MimeDefectCode;
  readonly offset: number;
}

// Most entities have none of these, and a message may have ten thousand entities.
const NO_CHILDREN: readonly Entity[] = [];
const NO_DELIMITERS: readonly number[] = [];
const NO_DEFECTS: readonly EntityDefect[] = [];

/** An entity that begins at `start` and holds nothing yet. */
export function newEntity(start: number, inDigest: boolean): Entity {
  return {
    start,
    headersEnd: start,
    bodyStart: start,
    end: start,
    kind: 'leaf',
    transferEncoding: '7bit',
    inDigest,
    fields: [],
    children: NO_CHILDREN,
    delimiters: NO_DELIMITERS,
    closed: false,
    rest: -1,
    defects: NO_DEFECTS,
  };
}

/** Adds an entity that stands inside another. */
export function addChild(entity: Entity, child: Entity): void {
  if (entity.children === NO_CHILDREN) entity.children = [child];
  else (entity.children as Entity[]).push(child);
}

/** Adds a delimiter of a multipart. */
export function addDelimiter(entity: Entity, start: number, end: number): void {
  if (entity.delimiters === NO_DELIMITERS) entity.delimiters = [start, end];
  else (entity.delimiters as number[]).push(start, end);
}

/** Moves the end of the last delimiter. */
export function endDelimiterAt(entity: Entity, end: number): void {
  (entity.delimiters as number[])[entity.delimiters.length - 1] = end;
}

/** Adds what is wrong with an entity. */
export function addDefect(entity: Entity, code: MimeDefectCode, offset: number): void {
  if (entity.defects === NO_DEFECTS) entity.defects = [{ code, offset }];
  else (entity.defects as EntityDefect[]).push({ code, offset });
}
