import { asBytes, type Bytes, bytesFromLatin1, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { HeaderField } from '../fields/header-fields.js';
import { Part } from '../part.js';
import type { WriteOptions } from './compose-charset.js';
import { type FieldValue, writeField } from './compose-field.js';
import { type FieldOptions, fillFieldOptions } from './compose-options.js';
import { missingCloses, refuseBoundaries, refuseDelimiters } from './edit-boundaries.js';
import { Delimiters } from './edit-delimiters.js';
import { endOfLead, LONGEST_MARK, partWithHeader, strayFolds, strayLines } from './edit-fields.js';
import { EditLineEnds } from './edit-line-ends.js';
import { type AddedPart, byMultipart, outermostFirst, refuseLostEdits } from './edit-parts.js';
import { refuseUneditable } from './edit-source.js';
import { Splices } from './splices.js';

const LF = 0x0a;

/**
 * Edits a parsed message: adds, replaces and removes header fields and parts.
 * What is not edited stays octet for octet, so signatures over other parts
 * hold, and so does what is malformed. What is added has the line ends of the
 * message: where those are LF, all CRLF of an entity become LF; where they are
 * CRLF, the LF of an entity do whose first line ends in LF alone. Edits are
 * told in any order, all by the parts and fields of the message as it was
 * parsed; {@link finish} gives the octets.
 *
 * Editing inside a part that is signed, or the Content fields above its body,
 * breaks its signature; nobody is asked.
 *
 * @example
 * ```ts
 * import { MessageEditor, parseMessage } from 'mailseal/mime';
 *
 * const octets = new TextEncoder().encode('Bcc: c@example.jp\r\nSubject: old\r\n\r\nbody\r\n');
 * const message = parseMessage(octets);
 * const editor = new MessageEditor(message);
 * for (const field of message.headers.all('bcc')) editor.removeField(field);
 * editor.replaceField(message.headers.get('subject')!, 'new');
 * console.log(JSON.stringify(new TextDecoder().decode(editor.finish()))); // "Subject: new\r\n\r\nbody\r\n"
 * ```
 */
export class MessageEditor {
  readonly #message: Part;
  readonly #source: Bytes;
  readonly #writing: WriteOptions;
  readonly #dateOffset: number;
  readonly #lineEnds: EditLineEnds;
  readonly #splices = new Splices();
  readonly #removedFields: Set<number> = new Set();
  readonly #removedParts: Map<Part, Set<Part>> = new Map();
  readonly #addedParts: AddedPart[] = [];
  readonly #opened: Set<Part> = new Set();
  /** Parts whose lines above the first field went, since a field comes there. */
  readonly #unfolded: Set<Part> = new Set();
  /** Where multiparts end that nothing closes and that got a last part, which has the line ends that are wanted there. */
  readonly #lengthenedAt: Set<number> = new Set();
  /** Multiparts that got a last part. */
  readonly #lengthened: Set<Part> = new Set();
  /** Multiparts that nothing closed and an edit closes. */
  readonly #closed: Set<Part> = new Set();
  /** Fields that come after a line without line end, by where they come, and what that line gets. */
  readonly #afterLine: Map<number, { readonly fields: string[]; readonly lineEnd: string }> = new Map();
  readonly #replacedParts: Set<Part> = new Set();
  /** Parts with an edit that takes up no octets of theirs, so that it overlaps with no other. */
  readonly #grown: Set<Part> = new Set();
  readonly #delimiters: Map<Part, Delimiters> = new Map();
  #done = false;

  /**
   * @param message what `parseMessage` gave: the message itself, not a part of it
   * @param options how fields are written
   * @throws MailsealError `usage` for a part, for a message parsed with `onLimit: 'truncate'` of which entities or
   *   fields are beyond the limits, and for one whose lines end in CR alone
   */
  constructor(message: Part, options: FieldOptions = {}) {
    if (!(message instanceof Part)) throw usage('the editor takes a message that `parseMessage` gave');
    if (message.parent !== undefined) {
      throw usage(`the editor takes the whole message, not its part "${message.path}"`);
    }
    refuseUneditable(message);
    this.#message = message;
    this.#source = message.source;
    this.#writing = fillFieldOptions(options);
    this.#dateOffset = options.dateOffset ?? 0;
    this.#lineEnds = new EditLineEnds(this.#source);
  }

  /**
   * Adds a field to a part, or to the message itself. Lines above its first field that begin with a blank, and so
   * would go on in a field that comes first, are removed then.
   *
   * @param value as `formatHeaderField` takes it
   * @param place before which field, or before all or after all others; default `last`. Fields that are
   *   added at one place stand in the order in which they were added.
   * @throws MailsealError as `formatHeaderField` does; `usage` where part or field is none of the message.
   */
  addField(
    part: Part,
    name: string,
    value: FieldValue,
    place: 'first' | 'last' | HeaderField = 'last',
  ): void {
    this.#check(part);
    const field = this.#field(part, name, value);
    const { headers, headersEnd, start } = part;
    const first = headers.at(0);
    const top = endOfLead(part);
    let at = headersEnd;
    if (first === undefined) this.#openHeader(part);
    else if (place === 'first') at = top;
    else if (place !== 'last') {
      this.#checkField(place);
      if (place.start < start || place.end > headersEnd) {
        throw usage(`the field ${place.name} is no field of that part`);
      }
      at = place.start === first.start ? top : place.start;
    }
    this.#grown.add(part);
    if (first !== undefined && at === top) this.#removeFolds(part);
    // Where the last line has no line end, that is of a delimiter, or the message ends. Where an entity has no octets
    // at all, it is the line of the delimiter before it.
    const isEmptyPart = at === start && start > 0;
    const isAfterLine =
      at === headersEnd && (first !== undefined || isEmptyPart || at > start + LONGEST_MARK);
    if (isAfterLine && this.#source[at - 1] !== LF) {
      const fields = this.#afterLine.get(at)?.fields;
      const lineEnd = isEmptyPart ? this.#lineEnds.before(at) : this.#lineEnds.own;
      if (fields === undefined) this.#afterLine.set(at, { fields: [field], lineEnd });
      else fields.push(field);
      // The place is taken; what comes there depends on whether that line stays.
      this.#insert(at, '');
    } else this.#insert(at, field);
  }

  /** Removes what would go on in a field that comes first. */
  #removeFolds(part: Part): void {
    const folds = strayFolds(part);
    if (folds === undefined || this.#unfolded.has(part)) return;
    this.#unfolded.add(part);
    this.#splices.replace(folds.start, folds.end, new Uint8Array(0));
  }

  /**
   * Gives a field another value. Its name stays as it is written.
   *
   * @throws MailsealError as `formatHeaderField` does; `usage` where it is no field of the message.
   */
  replaceField(field: HeaderField, value: FieldValue): void {
    this.#checkField(field);
    let text = this.#field(partWithHeader(this.#message, field.start), field.name, value);
    if (this.#source[field.end - 1] !== LF) text = text.slice(0, -this.#lineEnds.own.length);
    this.#splices.replace(field.start, field.end, bytesFromLatin1(text));
  }

  /**
   * Removes a field. Lines after it that are no fields go with it where one
   * would be the first line, since then nothing after it would be a header.
   *
   * @throws MailsealError `usage` where it is no field of the message.
   */
  removeField(field: HeaderField): void {
    this.#checkField(field);
    this.#removedFields.add(field.start);
    this.#splices.replace(field.start, field.end, new Uint8Array(0));
  }

  /**
   * Puts an entity in the place of a part of a multipart, or of the message
   * inside a message/rfc822.
   *
   * @param entity fields, blank line and body, as `composeEntity` gives it
   * @throws MailsealError `usage` where it is no part of the message or was replaced before, or the entity has
   *   the delimiter of a multipart that it would stand in, or a multipart whose boundary begins like that of one, or
   *   has a CR before a line end or at its end where the lines of the message end in LF.
   */
  replacePart(part: Part, entity: Uint8Array): void {
    this.#check(part);
    const { parent, start, end } = part;
    if (parent === undefined) throw usage('the message itself cannot be replaced');
    let text = this.#entity(parent, entity);
    if (this.#replacedParts.has(part)) throw usage(`the part "${part.path}" is replaced twice`);
    this.#replacedParts.add(part);
    const hasBlankLine = parent.isMultipart || parent.bodyStart > parent.headersEnd;
    text = this.#lineEnds.before(start) + (hasBlankLine ? '' : this.#lineEnds.own) + text;
    this.#splices.replace(start, end, bytesFromLatin1(this.#lineEnds.closed(text, end)));
  }

  /**
   * Adds a part to a multipart.
   *
   * @param entity fields, blank line and body, as `composeEntity` gives it
   * @param before the part that it shall stand before; default after all others
   * @throws MailsealError `usage` where it is no multipart of the message or has no boundary that a line can hold,
   *   or the entity is one that {@link replacePart} refuses.
   */
  addPart(multipart: Part, entity: Uint8Array, before?: Part): void {
    this.#check(multipart);
    // Refuses what is no multipart or has no boundary.
    this.#delimitersOf(multipart).boundary;
    const text = this.#entity(multipart, entity);
    const index = before === undefined ? multipart.parts.length : multipart.parts.indexOf(before);
    if (index < 0) throw usage(`the part "${before?.path}" is no part of that multipart`);
    this.#addedParts.push({ multipart, text, index });
    this.#grown.add(multipart);
  }

  /**
   * Removes a part of a multipart with its delimiter.
   *
   * @throws MailsealError `usage` where it is no part of a multipart of the message; from {@link finish}
   *   where no part of a multipart would be left.
   */
  removePart(part: Part): void {
    this.#check(part);
    const { parent } = part;
    if (parent === undefined || !parent.isMultipart) {
      throw usage('only a part of a multipart can be removed');
    }
    const removed = this.#removedParts.get(parent);
    if (removed === undefined) this.#removedParts.set(parent, new Set([part]));
    else removed.add(part);
  }

  /**
   * Gives the octets of the edited message. It can be called once.
   *
   * @throws MailsealError `usage` where edits overlap, something is edited inside a part that is removed or
   *   replaced, no part of a multipart would be left, a CR that stands alone would come before an LF, or a part behind a line
   *   end of which the LF is missing.
   */
  finish(): Bytes {
    this.#checkOpen();
    this.#done = true;
    refuseLostEdits(this.#grown, this.#replacedParts, this.#removedParts);
    if (this.#removedFields.size > 0) {
      for (const part of this.#message.walk()) {
        for (const { start, end } of strayLines(part, this.#removedFields, this.#splices)) {
          this.#splices.replace(start, end, new Uint8Array(0));
        }
      }
    }
    for (const [at, { fields, lineEnd }] of this.#afterLine) {
      const text = fields.join('').slice(0, -this.#lineEnds.own.length);
      this.#insert(at, this.#splices.removesBefore(at) ? text : lineEnd + text);
    }
    const added = byMultipart(this.#addedParts);
    for (const [multipart, parts] of added) this.#insertParts(multipart, parts);
    for (const [multipart, removed] of this.#removedParts) {
      if (removed.size === multipart.parts.length && !added.has(multipart)) {
        throw usage('a multipart has at least one part: remove the multipart itself');
      }
    }
    this.#removeParts();
    // After all fields that were added to an entity without header comes the blank line that it lacked.
    for (const part of this.#opened) this.#insert(part.headersEnd, this.#lineEnds.own);
    return this.#splices.apply(this.#source);
  }

  /** Outer multiparts first: what follows an inner one is seen when it is known what of them goes. */
  #removeParts(): void {
    const goesTo: Map<number, number> = new Map();
    for (const [multipart, removed] of outermostFirst(this.#removedParts)) {
      const { end } = multipart;
      let next = end;
      for (let after = goesTo.get(next); after !== undefined; after = goesTo.get(next)) next = after;
      const lacksLineEnd = !this.#lengthenedAt.has(end) && this.#lineEnds.isMissingAt(next);
      for (const range of this.#delimitersOf(multipart).rangesOf(removed, lacksLineEnd)) {
        goesTo.set(range.start, range.end);
        this.#splices.replace(range.start, range.end, new Uint8Array(0));
      }
    }
  }

  #insertParts(multipart: Part, added: readonly AddedPart[]): void {
    const delimiters = this.#delimitersOf(multipart);
    const line = `--${delimiters.boundary}${this.#lineEnds.own}`;
    const removed = this.#removedParts.get(multipart);
    const { end, bodyStart, headersEnd, parts } = multipart;
    // Where nothing closes the multipart, the new parts are its last if all from there on goes.
    let lastKept = parts.length - 1;
    while (lastKept >= 0 && removed?.has(parts[lastKept]!)) lastKept--;
    const last: string[] = [];
    for (const { text, index } of added) {
      // Parts in a row go in one piece; what is added among them stands before it.
      let place = index;
      while (place > 0 && removed?.has(parts[place]!) && removed.has(parts[place - 1]!)) place--;
      const at = delimiters.lineStart(place);
      const isLast = delimiters.count === parts.length && index > lastKept;
      if (at === undefined || isLast) last.push(line + text);
      else this.#insert(at, line + text + this.#lineEnds.own);
    }
    if (last.length === 0) return;
    if (delimiters.count === parts.length) {
      const chain = this.#lastChain(parts[lastKept]);
      last.unshift(...missingCloses(chain, delimiters.boundary, this.#closed));
    }
    // A line end before a delimiter is the delimiter's, so the last part keeps its own.
    const atLineStart = end === bodyStart && bodyStart > headersEnd;
    let opened =
      (atLineStart ? this.#lineEnds.before(end) : this.#lineEnds.own) + last.join(this.#lineEnds.own);
    if (end === headersEnd) opened = this.#lineEnds.own + opened;
    if (delimiters.count === 0) {
      opened += `${this.#lineEnds.own}--${delimiters.boundary}--${this.#lineEnds.own}`;
      this.#closed.add(multipart);
    }
    this.#insert(end, this.#lineEnds.closed(opened, end));
    this.#lengthened.add(multipart);
    this.#lengthenedAt.add(end);
  }

  /** A part, the last that stays in it, the last in that, and so on, as far as they are those of the message. */
  #lastChain(outermost: Part | undefined): Part[] {
    const chain: Part[] = [];
    for (let part = outermost; part !== undefined && !this.#replacedParts.has(part); ) {
      chain.push(part);
      // The delimiter of what is added to it ends all that is open in it.
      if (this.#lengthened.has(part)) break;
      const removed = this.#removedParts.get(part);
      part = part.parts.findLast((each) => removed?.has(each) !== true);
    }
    return chain;
  }

  #insert(at: number, text: string): void {
    this.#splices.replace(at, at, bytesFromLatin1(text));
  }

  /** Notes that an entity all of which is body gets a header. */
  #openHeader(part: Part): void {
    if (part.bodyStart === part.headersEnd && part.end > part.bodyStart) this.#opened.add(part);
  }

  #field(part: Part, name: string, value: FieldValue): string {
    // Everything is put together as octets, one character each.
    const text = latin1FromBytes(bytesFromUtf8(writeField(name, value, this.#writing, this.#dateOffset)));
    // A line of a header may be a delimiter of the part itself, too.
    refuseDelimiters(text, this.#boundariesAround(part));
    if (part.parent !== undefined) refuseBoundaries(text, part.parent, this.#boundariesAround(part.parent));
    return this.#lineEnds.ofField(text);
  }

  #entity(parent: Part, entity: Uint8Array): string {
    const text = latin1FromBytes(asBytes(entity));
    const around = this.#boundariesAround(parent);
    refuseDelimiters(text, around);
    refuseBoundaries(text, parent, around);
    return this.#lineEnds.ofEntity(text);
  }

  #checkOpen(): void {
    if (this.#done) throw usage('the editor has finished; make another for the new octets');
  }

  #check(part: Part): void {
    this.#checkOpen();
    if (!(part instanceof Part)) throw usage(`a part of the message is wanted, not ${shown(part)}`);
    let root = part;
    while (root.parent !== undefined) root = root.parent;
    if (root === this.#message && part.source === this.#source) return;
    throw usage(`the part "${part.path}" is none of the message that is edited`);
  }

  #checkField(field: HeaderField): void {
    this.#checkOpen();
    if (!(field instanceof HeaderField)) throw usage(`a field of the message is wanted, not ${shown(field)}`);
    const { raw } = field;
    const { buffer, byteOffset } = this.#source;
    if (raw.buffer === buffer && raw.byteOffset === byteOffset + field.start) return;
    throw usage(`the field ${field.name} is none of the message that is edited`);
  }

  /** The boundaries of a part and of all that it stands in. */
  #boundariesAround(innermost: Part): string[] {
    const boundaries: string[] = [];
    for (let part: Part | undefined = innermost; part !== undefined; part = part.parent) {
      const boundary = part.isMultipart ? this.#delimitersOf(part).knownBoundary : undefined;
      if (boundary !== undefined) boundaries.push(boundary);
    }
    return boundaries;
  }

  #delimitersOf(multipart: Part): Delimiters {
    let delimiters = this.#delimiters.get(multipart);
    if (delimiters === undefined) {
      delimiters = new Delimiters(multipart);
      this.#delimiters.set(multipart, delimiters);
    }
    return delimiters;
  }
}
