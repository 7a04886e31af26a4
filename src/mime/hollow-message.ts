import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { MessageOctets } from './message-octets.js';
import type { FilledParseOptions } from './parse-options.js';
import { Part } from './part.js';
import type { MimeEvent } from './reader.js';
import { withLfForCr } from './structure/bare-cr.js';
import { newEntity } from './structure/entity.js';
import { entityStructure } from './structure/entity-kind.js';
import { StructureFields } from './structure/structure-fields.js';
import { TreeBuilder } from './structure/tree-builder.js';

/** An entity whose header was read, while its body is still to come. */
interface OpenEntity {
  /** Where its header begins among the octets that are kept. */
  readonly start: number;
  readonly inDigest: boolean;
  readonly index: number;
  readonly fields: StructureFields;
  readonly places: number[];
  part: Part | undefined;
  isDigest: boolean;
  children: number;
}

/**
 * A message from the events of a `MimeReader`, of which some bodies are left out: the tree of parts is that of
 * `parseMessage`, but with offsets into the octets that were kept. Offsets in defects are those of the whole message.
 *
 * It has to be told of each event after the octets up to the event's end were kept or left out; those of headers and
 * delimiters have to be kept, and of an epilogue the first two.
 */
export class HollowMessage {
  readonly #options: FilledParseOptions;
  readonly #most: number;
  readonly #builder = new TreeBuilder(new Uint8Array(0));
  readonly #open: OpenEntity[] = [];
  #octets: Bytes = new Uint8Array(0);
  #length = 0;
  #crEndsLines = false;

  /** @param most octets that may be kept; one more is `limit-octets` */
  constructor(options: FilledParseOptions, most: number) {
    this.#options = options;
    this.#most = most;
  }

  /** How many octets are kept. */
  get length(): number {
    return this.#length;
  }

  /** Octets that are kept; a view, valid until the next call. */
  octets(start: number, end: number = this.#length): Bytes {
    return this.#octets.subarray(start, end);
  }

  /** Keeps octets. */
  keep(octets: Bytes): void {
    const length = this.#length + octets.length;
    if (length > this.#most) {
      throw new MailsealError(
        'limit-octets',
        `more than ${this.#most} octets of a message besides its bodies; raise limits.structureOctets to read it`,
      );
    }
    if (length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(4096, 2 * length));
      larger.set(this.#octets.subarray(0, this.#length));
      this.#octets = larger;
    }
    this.#octets.set(octets, this.#length);
    this.#length = length;
  }

  /** Leaves out again what was kept from `length` on. */
  cut(length: number): void {
    this.#length = length;
  }

  /**
   * Takes an event. At `headers-end` gives the entity whose header that is, as a part without body and children, but
   * with a place: enough to say what it is.
   */
  take(event: MimeEvent): Part | undefined {
    const at = this.#length;
    const top = this.#open.at(-1);
    switch (event.type) {
      case 'part-begin':
        this.#begin(top);
        break;
      case 'header-field': {
        // It was kept, so that it ends where the octets end.
        const shift = at - event.end;
        const bytes = this.#crEndsLines ? withLfForCr(event.bytes) : event.bytes;
        const place = [event.start, event.nameEnd, event.valueStart, event.end] as const;
        top!.fields.take(
          bytes,
          0,
          event.nameEnd - event.start,
          event.valueStart - event.start,
          event.end - event.start,
        );
        top!.places.push(...place.map((offset) => offset + shift - top!.start));
        this.#builder.headerField(place[0] + shift, place[1] + shift, place[2] + shift, place[3] + shift);
        break;
      }
      case 'headers-end':
        return this.#headersEnd(top!, event);
      case 'delimiter':
        this.#builder.boundary(at - (event.end - event.start), at, event.isClose);
        break;
      case 'part-end':
        this.#builder.move(this.#octets);
        this.#builder.partEnd(at);
        this.#open.pop();
        break;
      case 'defect':
        if (event.code === 'line-ends-cr') this.#crEndsLines = true;
        this.#builder.defect(event.code, event.offset);
        break;
      default:
    }
    return undefined;
  }

  /** The message; everything has to be over. */
  finish(): Part {
    const source = this.#octets.slice(0, this.#length);
    this.#octets = source;
    const octets = new MessageOctets(source, this.#crEndsLines ? withLfForCr(source) : source);
    return new Part(octets, this.#builder.root!, undefined, 0, this.#options);
  }

  #begin(around: OpenEntity | undefined): void {
    const inDigest = around?.isDigest === true;
    if (around !== undefined) around.children++;
    this.#open.push({
      start: this.#length,
      inDigest,
      index: around === undefined || around.part?.isMessage === true ? 0 : around.children,
      fields: new StructureFields(this.#options.limits.parameters),
      places: [],
      part: undefined,
      isDigest: false,
      children: 0,
    });
    this.#builder.partBegin(this.#length, inDigest);
  }

  #headersEnd(top: OpenEntity, event: Extract<MimeEvent, { type: 'headers-end' }>): Part {
    const bodyStart = this.#length;
    const headersEnd = bodyStart - (event.bodyStart - event.headersEnd);
    const { transferEncoding = '7bit' } = top.fields;
    top.isDigest =
      event.kind === 'multipart' && entityStructure(top.fields, top.inDigest, this.#options.limits).isDigest;
    this.#builder.headersEnd(headersEnd, bodyStart, event.kind, transferEncoding);
    const source = this.#octets.slice(top.start, bodyStart);
    const entity = newEntity(0, top.inDigest);
    entity.fields.push(...top.places);
    entity.headersEnd = headersEnd - top.start;
    entity.bodyStart = source.length;
    entity.end = source.length;
    entity.kind = event.kind;
    entity.transferEncoding = transferEncoding;
    const lines = this.#crEndsLines ? withLfForCr(source) : source;
    const parent = this.#open.at(-2)?.part;
    top.part = new Part(new MessageOctets(source, lines), entity, parent, top.index, this.#options);
    return top.part;
  }
}
