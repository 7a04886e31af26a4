import type { MimeDefectCode } from './defects.js';
import type { EntityKind } from './entity-kind.js';

/** Where one entity of a message stands: all that parsing notes of it. Offsets are absolute, ends exclusive. */
export interface Entity {
  readonly start: number;
  headersEnd: number;
  bodyStart: number;
  end: number;
  kind: EntityKind;
  /** Whether its multipart is a digest, so that it is a message when it does not say what it is. */
  readonly inDigest: boolean;
  /** Start, end of the name, start of the value and end of each header field. */
  readonly fields: number[];
  readonly children: Entity[];
  /** Start and end of each delimiter of a multipart. */
  readonly delimiters: number[];
  /** Whether the last delimiter is the close delimiter. */
  closed: boolean;
  /** Of a multipart of which parts were beyond a limit: where the octets begin that are left of it; -1 of all others. */
  rest: number;
  readonly defects: { readonly code: MimeDefectCode; readonly offset: number }[];
}

/** An entity that begins at `start` and holds nothing yet. */
export function newEntity(start: number, inDigest: boolean): Entity {
  return {
    start,
    headersEnd: start,
    bodyStart: start,
    end: start,
    kind: 'leaf',
    inDigest,
    fields: [],
    children: [],
    delimiters: [],
    closed: false,
    rest: -1,
    defects: [],
  };
}
