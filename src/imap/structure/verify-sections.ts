import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { FetchItem } from '../command/fetch-item.js';
import { octetsOfText } from '../text.js';
import type { ImapSection } from '../values/section.js';
import type { BodyStructure } from './body-structure.js';
import { findSignedParts, type SignedPart } from './find-parts.js';
import { checkContainer, endsHeader, endsInDelimiter, type SectionDoubt } from './section-doubts.js';
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
   * to be fetched, too, where a signature turns out broken with no doubt before:
   * only the whole tells whether the message is at fault or the server.
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
    throw new MailsealError(
      'usage',
      'nothing in this structure says that it is signed: sectionsToVerify lists no section',
    );
  }
  const assembly = new Assembly(sections);
  const whole = assembly.given({ part: [] });
  if (whole !== undefined) return assembly.finishWhole(whole, options.size);
  assembly.entity(planned);
  return assembly.finish();
}

/** Puts pieces one behind the other. */
class Assembly {
  readonly #sections: Map<string, Bytes> = new Map();
  readonly #pieces: Bytes[] = [];
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

  finish(): MessageFromSections {
    const doubts = this.#doubts;
    return {
      octets: concatBytes(this.#pieces),
      doubts,
      fallback: doubts.length === 0 ? undefined : { part: [] },
    };
  }

  #put(text: string): void {
    this.#pieces.push(bytesFromLatin1(text));
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

  entity(planned: PlannedPart): void {
    if (planned.kind === 'outside') {
      // With a type, since parts without one are messages in a multipart/digest.
      this.#put('Content-Type: text/plain\r\n\r\n');
      return;
    }
    const { place } = planned;
    if (planned.kind === 'whole' && place.parent === undefined) {
      this.#pieces.push(this.#take({ part: [] }));
      return;
    }
    const header = this.#header(place);
    if (planned.kind === 'whole') {
      const octets = this.#take(place.bodySection);
      if (octets.length > 0) this.#doubts.push(...checkContainer(place, octets));
      if (planned.isSigned && endsInDelimiter(octets)) {
        this.#doubts.push({
          code: 'end-ambiguous',
          section: place.bodySection,
          message: 'it ends in a close delimiter with a line end, which some servers take from what follows',
        });
      }
      this.#pieces.push(octets);
    } else if (place.body.kind === 'multipart') this.#multipart(place, header, planned.parts);
    else for (const part of planned.parts) this.entity(part);
  }

  #header(place: PlacedPart): Bytes {
    const section = place.headerSection;
    const header = this.#take(section);
    this.#pieces.push(header);
    if (!endsHeader(header)) {
      if (header.length > 0) {
        this.#doubts.push({
          code: 'header-unterminated',
          section,
          message: 'the header does not end in a blank line',
        });
      }
      this.#put('\r\n');
    }
    return header;
  }

  #multipart(place: PlacedPart, header: Bytes, parts: readonly PlannedPart[]): void {
    const boundary = latin1FromBytes(octetsOfText(bodyParameter(place.body.parameters, 'boundary') ?? ''));
    if (boundary === '' || !latin1FromBytes(header).includes(boundary)) {
      this.#doubts.push({
        code: 'boundary-differs',
        section: place.headerSection,
        message: 'the boundary of the structure does not stand in the header',
      });
    }
    for (const part of parts) {
      this.#put(`--${boundary}\r\n`);
      this.entity(part);
      this.#put('\r\n');
    }
    this.#put(`--${boundary}--\r\n`);
  }
}
