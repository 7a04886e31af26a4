import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { ReceiveBuffer } from '../../core/receive-buffer.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { parseMessage } from '../../mime/message.js';
import type { Part } from '../../mime/part.js';
import { type MimeEvent, MimeReader } from '../../mime/reader.js';
import type { EntityKind } from '../../mime/structure/entity-kind.js';
import { type EntityChanges, EntityWriter, isSealed } from '../entity/safe-entity.js';
import { BodyAsItIs, type LongBody, longBody } from './long-body.js';

/** Octets of a body that are kept to see in which transfer encoding it is safe; a longer one goes in base64. */
const GATHERED_OCTETS = 1 << 20;
const CR = 0x0d;
const LF = 0x0a;

/** What an {@link EntityStream} tells of. */
export type EntityEvent =
  /** The header of the message was read. `begin` is to be called before the next event is asked for. */
  | { readonly type: 'root'; readonly root: Part }
  /** Octets of the entity; a view, valid until the next event is asked for. */
  | { readonly type: 'octets'; readonly octets: Bytes };

/** An entity that is open: the message, a part, or an attached message. */
interface OpenEntity {
  readonly start: number;
  readonly path: string;
  /** The delimiters of the multiparts around it. */
  readonly around: readonly string[];
  readonly header: Bytes[];
  /** The entity with its header alone. */
  part: Part | undefined;
  kind: EntityKind;
  /** Of a multipart: its delimiter. */
  delimiter: string;
  /** How many entities were inside. */
  inside: number;
  isHeaderWritten: boolean;
  isClosed: boolean;
  /** Octets of its body, or around its parts, that were not written yet. */
  gathered: Bytes[];
  gatheredOctets: number;
  long: LongBody | undefined;
}

/**
 * `safeEntity` for a message that comes in pieces: its content as an entity that is ready to be sealed. A part's body of
 * up to 1 MiB is written as there; a longer one in base64, but for what is sealed. That another signature covers a
 * part is told by the type multipart/signed alone.
 *
 * @throws MailsealError from `push` and `end`: limits of `MimeReader`; `usage` for a message whose lines end in CR alone.
 */
export class EntityStream {
  readonly #reader = new MimeReader();
  readonly #buffer = new ReceiveBuffer();
  readonly #transport: '7bit' | '8bit';
  readonly #open: OpenEntity[] = [];
  #received = 0;
  /** Up to where events told of the octets. */
  #told = 0;
  #writer: EntityWriter | undefined;
  /** Of what is sealed: how many entities are open around it, and its octets. */
  #sealed: { readonly depth: number; readonly body: BodyAsItIs; readonly path: string } | undefined;
  #unsafe: string | undefined;

  constructor(transport: '7bit' | '8bit') {
    this.#transport = transport;
  }

  /** The place of the first part so far that could not be made safe. */
  get unsafe(): string | undefined {
    return this.#unsafe;
  }

  /** Says what is added to the entity. */
  begin(changes: EntityChanges): void {
    this.#writer = new EntityWriter(this.#transport, changes);
  }

  /** Takes the next octets of the message. */
  *push(chunk: Uint8Array): Generator<EntityEvent, undefined> {
    const octets = asBytes(chunk);
    this.#received += octets.length;
    const window = this.#buffer.append(octets);
    const base = this.#received - window.length;
    for (const event of this.#reader.push(octets)) yield* this.#read(event, window, base);
    this.#buffer.keep(this.#told - base);
  }

  /** Says that the message ends. */
  *end(): Generator<EntityEvent, undefined> {
    const window = this.#buffer.append(new Uint8Array(0));
    const base = this.#received - window.length;
    for (const event of this.#reader.end()) yield* this.#read(event, window, base);
  }

  *#read(event: MimeEvent, window: Bytes, base: number): Generator<EntityEvent, undefined> {
    const from = this.#told;
    const isInSealed = this.#sealed !== undefined;
    const ended = event.type === 'headers-end' ? event.bodyStart : 'end' in event ? event.end : from;
    this.#told = Math.max(from, ended);
    if (isInSealed) {
      const isBinary = event.type === 'body' && this.#open.at(-1)!.part?.transferEncoding === 'binary';
      const octets = window.subarray(from - base, this.#told - base);
      yield* octetEvents(this.#sealed!.body.update(octets, isBinary));
    }
    const entity = this.#open.at(-1);
    switch (event.type) {
      case 'part-begin':
        this.#open.push(this.#opened(event.start, entity));
        return;
      case 'header-field':
      case 'header-other':
        entity!.header.push(event.bytes.slice());
        return;
      case 'headers-end':
        yield* this.#headerRead(entity!, event.kind);
        break;
      case 'body':
      case 'preamble':
      case 'epilogue':
        if (!isInSealed) yield* this.#gather(entity!, event.bytes);
        break;
      case 'delimiter':
        if (!isInSealed) yield* this.#delimit(entity!, event.isClose, window[event.start - base]);
        break;
      case 'part-end':
        yield* this.#ended(entity!, event.end);
        this.#open.pop();
        break;
      default:
    }
    yield* this.#written();
  }

  #opened(start: number, parent: OpenEntity | undefined): OpenEntity {
    let path = '';
    let around: readonly string[] = [];
    if (parent !== undefined) {
      const { delimiter, path: above } = parent;
      const isInMessage = parent.kind === 'message';
      const number = isInMessage ? 0 : ++parent.inside;
      const place = above.replace(/\.?0$/, '');
      path = place === '' ? String(number) : `${place}.${number}`;
      around = isInMessage ? parent.around : [...parent.around, delimiter];
    }
    return {
      ...{ start, path, around, header: [], part: undefined, kind: 'leaf', delimiter: '', inside: 0 },
      ...{ isHeaderWritten: false, isClosed: false, gathered: [], gatheredOctets: 0, long: undefined },
    };
  }

  *#headerRead(entity: OpenEntity, kind: EntityKind): Generator<EntityEvent, undefined> {
    const isRoot = this.#open.length === 1;
    if (isRoot && entity.header.at(-1)?.at(-1) === CR) {
      throw usage('the lines of the message end in CR alone; give them CRLF before it is sealed');
    }
    entity.part = parseMessage(concatBytes([...entity.header, bytesFromLatin1('\r\n')]));
    entity.kind = kind;
    if (isRoot) yield { type: 'root', root: entity.part };
    if (this.#sealed !== undefined) return;
    if (isSealed(entity.part)) {
      this.#writeHeader(entity, undefined);
      this.#sealed = {
        depth: this.#open.length,
        body: new BodyAsItIs(this.#transport, true),
        path: entity.path,
      };
    } else if (kind === 'message') {
      this.#writer!.beginMessage(entity.part, isRoot);
      entity.isHeaderWritten = true;
    } else if (kind === 'multipart') {
      // As the scanner has it: a boundary does not end in blanks.
      const boundary = entity.part.contentType.parameters.get('boundary') ?? '';
      entity.delimiter = `--${latin1FromBytes(bytesFromUtf8(boundary)).replace(/[ \t]{1,998}$/, '')}`;
    }
  }

  #writeHeader(entity: OpenEntity, encoding: string | undefined): void {
    if (entity.isHeaderWritten) return;
    entity.isHeaderWritten = true;
    this.#writer!.header(entity.part!, this.#open.length === 1, encoding);
  }

  *#gather(entity: OpenEntity, octets: Bytes): Generator<EntityEvent, undefined> {
    if (entity.long !== undefined) {
      yield* octetEvents(entity.long.update(octets));
      return;
    }
    entity.gathered.push(octets.slice());
    entity.gatheredOctets += octets.length;
    if (entity.gatheredOctets <= GATHERED_OCTETS) return;
    const begun = takeGathered(entity);
    const part = entity.part!;
    // What stands around parts is passed on rather than kept; nobody is shown it.
    entity.long =
      entity.kind === 'multipart'
        ? new BodyAsItIs(this.#transport, false)
        : longBody(part, begun, this.#transport);
    this.#writeHeader(entity, entity.long.encoding);
    yield* this.#written();
    yield* octetEvents(entity.long.update(begun));
  }

  *#delimit(
    entity: OpenEntity,
    isClose: boolean,
    first: number | undefined,
  ): Generator<EntityEvent, undefined> {
    if (entity.long !== undefined) yield* octetEvents(entity.long.finish());
    this.#writeHeader(entity, this.#writer!.plainLabel(entity.part!));
    this.#endLong(entity);
    this.#writer!.around(takeGathered(entity));
    // The first delimiter may be the first line of the body; the others end the part before them.
    const lineEnd = entity.inside === 0 && first !== CR && first !== LF ? '' : '\r\n';
    // A multipart without parts stays as it came.
    const ownEnd = isClose && entity.inside === 0 ? '' : '\r\n';
    this.#writer!.text(`${lineEnd}${entity.delimiter}${isClose ? '--' : ''}${ownEnd}`);
    entity.isClosed ||= isClose;
  }

  *#ended(entity: OpenEntity, end: number): Generator<EntityEvent, undefined> {
    const isRoot = this.#open.length === 1;
    if (this.#sealed !== undefined) {
      if (this.#sealed.depth !== this.#open.length) return;
      yield* this.#written();
      const { body, path } = this.#sealed;
      yield* octetEvents(body.finish());
      if (body.isUnsafe) this.#unsafe ??= path;
      this.#sealed = undefined;
      return;
    }
    // What is not even a blank line stays so.
    if (entity.start === end && !isRoot) return;
    if (entity.long !== undefined) yield* octetEvents(entity.long.finish());
    if (entity.kind === 'message') this.#writer!.endMessage();
    else if (entity.kind === 'multipart') this.#multipartEnded(entity);
    else if (entity.long === undefined) {
      const leaf = parseMessage(concatBytes([entity.part!.source, takeGathered(entity)]));
      this.#writer!.leaf(leaf, entity.around, isRoot);
    }
    this.#endLong(entity);
  }

  #multipartEnded(entity: OpenEntity): void {
    if (entity.isClosed) {
      if (entity.long === undefined) this.#writer!.around(takeGathered(entity));
    } else if (entity.inside > 0) this.#writer!.text(`\r\n${entity.delimiter}--\r\n`);
    else {
      this.#writeHeader(entity, undefined);
      // RFC 2045 §6.4: a multipart is not encoded, also where its delimiters cannot be found.
      entity.long ??= new BodyAsItIs(this.#transport, false);
      this.#writer!.pieces.push(...entity.long.update(takeGathered(entity)), ...entity.long.finish());
    }
  }

  #endLong(entity: OpenEntity): void {
    if (entity.long?.isUnsafe === true) this.#unsafe ??= entity.path;
    entity.long = undefined;
  }

  /** What the writer wrote. */
  *#written(): Generator<EntityEvent, undefined> {
    const writer = this.#writer;
    if (writer === undefined) return;
    if (writer.unsafe !== undefined) this.#unsafe ??= this.#open.at(-1)?.path ?? '';
    writer.unsafe = undefined;
    yield* octetEvents(writer.pieces.splice(0).map(asBytes));
  }
}

function* octetEvents(pieces: readonly Bytes[]): Generator<EntityEvent, undefined> {
  for (const octets of pieces) if (octets.length > 0) yield { type: 'octets', octets };
}

function takeGathered(entity: OpenEntity): Bytes {
  const octets = concatBytes(entity.gathered);
  entity.gathered = [];
  entity.gatheredOctets = 0;
  if (!entity.isClosed || entity.inside === 0) return octets;
  // RFC 2046 §5.1.1: the line end after a close delimiter is its own, and was written with it.
  const afterCr = octets[0] === CR ? 1 : 0;
  return octets.subarray(octets[afterCr] === LF ? afterCr + 1 : afterCr);
}
