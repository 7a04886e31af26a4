import type { ImapSection } from '../values/section.js';
import type { SignedPart } from './find-parts.js';
import type { PlacedPart } from './walk.js';

/** What is fetched of a part. */
export type PlannedPart =
  /** Its header and all of its body; `isSigned` where a signature is over that to the last octet. */
  | { readonly kind: 'whole'; readonly place: PlacedPart; readonly isSigned: boolean }
  /** Its header, and something of what stands in it. */
  | { readonly kind: 'opened'; readonly place: PlacedPart; readonly parts: readonly PlannedPart[] }
  /** Nothing: no signature in question is over it. */
  | { readonly kind: 'outside' };

const OUTSIDE: PlannedPart = { kind: 'outside' };

/** What is to be fetched to verify these signatures, from the message itself on. */
export function planVerification(root: PlacedPart, signed: readonly SignedPart[]): PlannedPart {
  const wanted = new Map<string, boolean>();
  for (const { container, signed: content, signature } of signed) {
    // A container of the two alone is fetched as it stands, with its own delimiters.
    if (content === undefined || signature === undefined || container.parts.length === 2) {
      wanted.set(container.path, false);
    } else {
      wanted.set(content.path, true);
      wanted.set(signature.path, false);
    }
  }
  return plan(root, wanted);
}

function plan(place: PlacedPart, wanted: ReadonlyMap<string, boolean>): PlannedPart {
  const isSigned = wanted.get(place.path);
  if (isSigned !== undefined) return { kind: 'whole', place, isSigned };
  const parts = place.parts.map((part) => plan(part, wanted));
  if (parts.every(({ kind }) => kind === 'outside')) return OUTSIDE;
  // All of the message in a message/rfc822 is the body of that.
  if (place.body.kind === 'message' && parts[0]?.kind === 'whole') return { ...parts[0], place };
  return { kind: 'opened', place, parts };
}

/** The sections that a plan needs, in the order in which they stand in the message. */
export function sectionsOfPlan(planned: PlannedPart): ImapSection[] {
  if (planned.kind === 'outside') return [];
  const { place } = planned;
  if (planned.kind === 'opened') return [place.headerSection, ...planned.parts.flatMap(sectionsOfPlan)];
  return place.parent === undefined ? [{ part: [] }] : [place.headerSection, place.bodySection];
}

/** The same for the same section, whatever object tells it. */
export function sectionKey({ part, text }: ImapSection): string {
  return `${part.join('.')} ${text ?? ''}`;
}
