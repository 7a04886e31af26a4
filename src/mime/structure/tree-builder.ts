import type { Bytes } from '../../core/bytes.js';
import type { MimeDefectCode } from '../defects.js';
import { addChild, addDefect, addDelimiter, type Entity, endDelimiterAt, newEntity } from './entity.js';
import type { EntityKind } from './entity-kind.js';
import type { BodyRegion, ScanHandler } from './scan-state.js';

/** Notes what the scanner tells, as entities inside each other. */
export class TreeBuilder implements ScanHandler {
  root: Entity | undefined;
  #source: Bytes;
  readonly #open: Entity[] = [];
  /** The fields of the innermost entity. */
  #fields: number[] = [];

  constructor(source: Bytes) {
    this.#source = source;
  }

  /** Says that the octets are in another memory now, where they stand at the same offsets. */
  move(source: Bytes): void {
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
