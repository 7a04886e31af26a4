import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { FetchItem } from '../command/fetch-item.js';
import { parsedEntityOf } from '../message-structure.js';
import { octetsOfText } from '../text.js';
import type { ImapSection } from '../values/section.js';
import type { BodyMultipart, BodyStructure } from './body-structure.js';
import { findSignedParts, type SignedPart } from './find-parts.js';
import {
  doubtsAboutMade,
  endsHeader,
  endsInDelimiter,
  type MadeEntity,
  type SectionDoubt,
} from './section-doubts.js';
import { type PlannedPart, planVerification, sectionKey, sectionsOfPlan } from './verify-plan.js';
import { bodyParameter, type PlacedPart, placeParts } from './walk.js';

/** What to fetch to verify the signatures of a message. */
export interface VerificationSections {
  /** The signatures in question. Empty where the structure tells of none. */
  readonly signed: readonly SignedPart[];
  /** The sections that are needed, in the order of the message. */
  readonly sections: readonly ImapSection[];
  /** The same as items of FETCH, with PEEK. */
  readonly items: readonly FetchItem[];
  /** Whether that is all of the message, `BODY[]`: where the outermost part is signed. */
  readonly isWhole: boolean;
}

/** Which signatures are meant. */
export interface SectionsToVerifyOptions {
  /** Some of those that {@link findSignedParts} found. Default: all of S/MIME. */
  readonly signed?: readonly SignedPart[];
}

/**
 * Lists exactly the sections that verifying the signatures of a message needs:
 * the header of the message, the headers of the parts around what is signed,
 * and what is signed with its signature. Parts beside that are never fetched.
 *
 * @param body what BODYSTRUCTURE gave.
 *
 * @example
 * ```ts
 * import { type BodyStructure, formatSection, sectionsToVerify } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [], octets: 10 };
 * const signed: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'SIGNED',
 *   parts: [
 *     { ...common, kind: 'text', type: 'TEXT', subtype: 'PLAIN', lines: 1 },
 *     { ...common, kind: 'basic', type: 'APPLICATION', subtype: 'PKCS7-SIGNATURE' },
 *   ],
 * };
 * const video: BodyStructure = { ...common, kind: 'basic', type: 'VIDEO', subtype: 'MP4', octets: 9e8 };
 * const { sections } = sectionsToVerify({ kind: 'multipart', subtype: 'MIXED', parts: [signed, video] });
 * console.log(sections.map(formatSection)); // [ 'HEADER', '1.MIME', '1' ]
 * ```
 */
export function sectionsToVerify(
  body: BodyStructure,
  options: SectionsToVerifyOptions = {},
): VerificationSections {
  const root = placeParts(body);
  const signed = options.signed ?? defaultSigned(root);
  const sections = sectionsOfPlan(planVerification(root, signed));
  return {
    signed,
    sections,
    items: sections.map((section) => ({ item: 'BODY', section, peek: true })),
    isWhole: sections.length === 1 && sections[0]!.part.length === 0 && sections[0]!.text === undefined,
  };
}

function defaultSigned(root: PlacedPart): SignedPart[] {
  return findSignedParts(root).filter(({ kind }) => kind !== 'pgp');
}

/** A section as a server gave it; `FetchResponse.sections` has them so. */
export interface GivenSection {
  readonly section: ImapSection;
  readonly origin?: number;
  readonly octets: Uint8Array | undefined;
}

/** A message for verifying, made from sections of it. */
export interface MessageFromSections {
  /** What `verifyMessage` of mailseal/smime takes. */
  readonly octets: Bytes;
  /** What speaks against the sections being the message's own octets. */
  readonly doubts: readonly SectionDoubt[];
  /**
   * What to fetch and verify instead, `BODY[]`, where there are doubts. It is
   * to be fetched, too, where with no doubt before a signature turns out broken,
   * or none is found: only the whole tells whether the message is at fault or
   * the server.
   */
  readonly fallback: ImapSection | undefined;
}

/** What else is known of the message. */
export interface MessageFromSectionsOptions extends SectionsToVerifyOptions {
  /** RFC822.SIZE; compared where the whole message was fetched. */
  readonly size?: number;
}

/**
 * Makes a message from the sections that {@link sectionsToVerify} lists. Its
 * parts have the places that they have in the whole one. Where a part was not
 * fetched an empty one stands, so that the report of verifying says, as it does
 * for the whole message, that only a part of it is signed.
 *
 * A server may lie, in the structure and in the sections. What was made is
 * parsed and held against the structure; where it is anything else there is a
 * doubt. Show what was verified from these octets (the report has the parts),
 * and not from sections that are fetched another time.
 *
 * @param body the same structure.
 * @param sections what FETCH gave; in any order, and more of them do no harm.
 *   With `BODY[]` among them that is the message.
 * @throws MailsealError `usage` where nothing in the structure is signed.
 *
 * @example
 * ```ts
 * import { type BodyStructure, messageFromSections } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [] };
 * const body: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'MIXED',
 *   parameters: [{ name: 'boundary', value: 'b' }],
 *   parts: [
 *     { ...common, kind: 'basic', type: 'VIDEO', subtype: 'MP4', octets: 9e8 },
 *     { ...common, kind: 'basic', type: 'APPLICATION', subtype: 'PKCS7-MIME', octets: 4 },
 *   ],
 * };
 * const text = (octets: string) => new TextEncoder().encode(octets);
 * const { octets, doubts } = messageFromSections(body, [
 *   { section: { part: [], text: 'HEADER' }, octets: text('Content-Type: multipart/mixed; boundary=b\r\n\r\n') },
 *   { section: { part: [2], text: 'MIME' }, octets: text('Content-Type: application/pkcs7-mime\r\n\r\n') },
 *   { section: { part: [2] }, octets: text('MIIB') },
 * ]);
 * console.log(octets.length, doubts.length); // 138 0
 * ```
 */
export function messageFromSections(
  body: BodyStructure,
  sections: readonly GivenSection[],
  options: MessageFromSectionsOptions = {},
): MessageFromSections {
  const root = placeParts(body);
  const planned = planVerification(root, options.signed ?? defaultSigned(root));
  if (planned.kind === 'outside') {
    throw usage('nothing in this structure says that it is signed: sectionsToVerify lists no section');
  }
  const assembly = new Assembly(sections);
  const whole = assembly.given({ part: [] });
  if (whole !== undefined) return assembly.finishWhole(whole, options.size);
  return assembly.finish(assembly.entity(planned));
}

/** Puts pieces one behind the other. */
class Assembly {
  readonly #sections: Map<string, Bytes> = new Map();
  readonly #pieces: Bytes[] = [];
  #length = 0;
  readonly #doubts: SectionDoubt[] = [];

  constructor(sections: readonly GivenSection[]) {
    for (const { section, origin, octets } of sections) {
      // A part of a section is none that octets can be taken from.
      if (octets !== undefined && origin === undefined)
        this.#sections.set(sectionKey(section), asBytes(octets));
    }
  }

  given(section: ImapSection): Bytes | undefined {
    return this.#sections.get(sectionKey(section));
  }

  finishWhole(octets: Bytes, size: number | undefined): MessageFromSections {
    const doubts: SectionDoubt[] = [];
    if (size !== undefined && size > 0 && size !== octets.length) {
      doubts.push({
        code: 'length-differs',
        section: { part: [] },
        message: `the message has ${octets.length} octets, and RFC822.SIZE says ${size}`,
      });
    }
    // There is nothing more exact to fetch.
    return { octets, doubts, fallback: undefined };
  }

  finish(made: MadeEntity): MessageFromSections {
    const doubts = this.#doubts;
    const octets = concatBytes(this.#pieces);
    if (doubts.length === 0) doubts.push(...doubtsAbout(octets, made));
    return { octets, doubts, fallback: doubts.length === 0 ? undefined : { part: [] } };
  }

  #put(piece: Bytes | string): void {
    const octets = typeof piece === 'string' ? bytesFromLatin1(piece) : piece;
    this.#pieces.push(octets);
    this.#length += octets.length;
  }

  #take(section: ImapSection): Bytes {
    const octets = this.given(section);
    if (octets !== undefined) return octets;
    this.#doubts.push({
      code: 'section-missing',
      section,
      message: 'the server did not give this section, or only a part of it',
    });
    return new Uint8Array(0);
  }

  entity(planned: PlannedPart): MadeEntity {
    const start = this.#length;
    if (planned.kind === 'outside') {
      // With a type, since parts without one are messages in a multipart/digest.
      this.#put('Content-Type: text/plain\r\n\r\n');
      return { planned, start, bodyStart: this.#length, end: this.#length, parts: [] };
    }
    const { place } = planned;
    if (planned.kind === 'whole' && place.parent === undefined) {
      this.#put(this.#take({ part: [] }));
      return { planned, start, bodyStart: start, end: this.#length, parts: [] };
    }
    this.#header(place.headerSection);
    const bodyStart = this.#length;
    let parts: MadeEntity[] = [];
    if (planned.kind === 'whole') this.#whole(place.bodySection, planned.isSigned);
    else if (place.body.kind === 'multipart') parts = this.#multipart(place.body, planned.parts);
    else parts = planned.parts.map((part) => this.entity(part));
    return { planned, start, bodyStart, end: this.#length, parts };
  }

  #header(section: ImapSection): void {
    const header = this.#take(section);
    this.#put(header);
    if (endsHeader(header)) return;
    if (header.length > 0) {
      this.#doubts.push({
        code: 'header-unterminated',
        section,
        message: 'the header does not end in a blank line',
      });
    }
    this.#put('\r\n');
  }

  #whole(section: ImapSection, isSigned: boolean): void {
    const octets = this.#take(section);
    if (isSigned && endsInDelimiter(octets)) {
      this.#doubts.push({
        code: 'end-ambiguous',
        section,
        message: 'it ends in a close delimiter with a line end, which some servers take from what follows',
      });
    }
    this.#put(octets);
  }

  #multipart(body: BodyMultipart, planned: readonly PlannedPart[]): MadeEntity[] {
    const boundary = latin1FromBytes(octetsOfText(bodyParameter(body.parameters, 'boundary') ?? ''));
    const parts = planned.map((part) => {
      this.#put(`--${boundary}\r\n`);
      const made = this.entity(part);
      this.#put('\r\n');
      return made;
    });
    this.#put(`--${boundary}--\r\n`);
    return parts;
  }
}

/** Whether verifying will find what was put together. */
function doubtsAbout(octets: Bytes, made: MadeEntity): readonly SectionDoubt[] {
  try {
    return doubtsAboutMade(made, parsedEntityOf(octets));
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    const message = `put together the sections are no message that can be parsed: ${error.message}`;
    return [{ code: 'structure-differs', section: { part: [] }, message }];
  }
}
