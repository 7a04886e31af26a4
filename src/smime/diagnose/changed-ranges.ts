import type { Bytes } from '../../core/bytes.js';
import { equalBytes } from '../../core/bytes.js';
import type { OctetRange } from '../../mime/part.js';
import type { AlterationChange, ChangedRange } from './alteration.js';
import { entityOf } from './body/leaves.js';
import { editsBetween } from './edits.js';
import type { ChangeNote } from './guess.js';
import type { Step } from './search.js';
import { changeClause } from './sentences.js';

/** A place in what was received, and what it has become by what was undone so far. */
interface Place extends OctetRange {
  /** In the content that was made last. */
  readonly from: number;
  readonly to: number;
  /** The changes that it is of. */
  readonly owners: ReadonlySet<ChangeNote>;
  /** Changes whose places lie in one that was taken out or written anew as a whole. */
  readonly swallowed: ReadonlySet<ChangeNote>;
}

/** One edit of a content, and the changes that it is of. */
interface Edit extends ChangedRange {
  readonly owners: ReadonlySet<ChangeNote>;
}

/**
 * What was undone, told as it was done (what was undone last had been done first), with its ranges in what was
 * received. Places that several changes touched are one range of each of them.
 */
export function changesOf(last: Step): AlterationChange[] {
  const chain: Step[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.from) chain.unshift(step);
  const received = chain[0]!.octets;
  let places: Place[] = [];
  const notes: ChangeNote[] = [];
  for (const [i, step] of chain.entries()) {
    const previous = chain[i - 1];
    if (previous === undefined) continue;
    places = followed(places, ownedEdits(step, previous.octets));
    notes.unshift(...step.notes);
  }
  return notes.map((note) => ({
    kind: note.kind,
    from: note.from,
    to: note.to,
    ranges: rangesOf(note, places, received, last.octets),
    message: changeClause(note),
  }));
}

function rangesOf(
  note: ChangeNote,
  places: readonly Place[],
  received: Bytes,
  original: Bytes,
): ChangedRange[] {
  const own = places.filter(({ owners }) => owners.has(note));
  const told = own.length > 0 ? own : places.filter(({ swallowed }) => swallowed.has(note));
  return told.flatMap(({ start, end, from, to }) => {
    const before = original.slice(from, to);
    // What was changed and changed back is as it was.
    return equalBytes(before, received.subarray(start, end)) ? [] : [{ start, end, original: before }];
  });
}

/** The edits of one step, each with the changes that may have made it: those of headers, of bodies, or of both. */
function ownedEdits({ octets, notes }: Step, previous: Bytes): Edit[] {
  const headers = notes.some(({ region }) => region !== undefined) ? headersIn(previous) : [];
  const all = new Set(notes);
  return editsBetween(octets, previous).map((edit) => {
    const isHeader = headers.some(({ start, end }) => edit.start >= start && edit.end <= end);
    const owners = new Set(
      notes.filter(({ region }) => region === undefined || (region === 'header') === isHeader),
    );
    return { ...edit, owners: owners.size > 0 ? owners : all };
  });
}

/** The header blocks of an entity and of the parts in it. */
function headersIn(octets: Bytes): OctetRange[] {
  const entity = entityOf(octets);
  if (entity === undefined) return [];
  return [...entity.walk()].map(({ start, headersEnd: end }) => ({ start, end }));
}

/** The places after further edits of the content that they have led to; both are in ascending order, and so is the result. */
function followed(places: readonly Place[], edits: readonly Edit[]): Place[] {
  const result: Place[] = [];
  let i = 0;
  let j = 0;
  // How far what was received is ahead of the content, and the content after the edits of the one before.
  let behind = 0;
  let shift = 0;
  while (i < places.length || j < edits.length) {
    const firstPlace = i;
    const firstEdit = j;
    if (comesFirst(places[i], edits[j])) i++;
    else j++;
    for (;;) {
      const place = places[i];
      const edit = edits[j];
      if (place !== undefined && j > firstEdit && isOneWith(place, edits[j - 1]!)) i++;
      else if (edit !== undefined && i > firstPlace && isOneWith(places[i - 1]!, edit)) j++;
      else break;
    }
    const old = places.slice(firstPlace, i);
    const done = edits.slice(firstEdit, j);
    const from = Math.min(old[0]?.from ?? Infinity, done[0]?.start ?? Infinity);
    const to = Math.max(old.at(-1)?.to ?? 0, done.at(-1)?.end ?? 0);
    const [start, newFrom] = [from + behind, from + shift];
    const lastOld = old.at(-1);
    if (lastOld !== undefined) behind = lastOld.end - lastOld.to;
    for (const edit of done) shift += edit.original.length - (edit.end - edit.start);
    result.push({ start, end: to + behind, from: newFrom, to: to + shift, ...ownersOf(old, done) });
  }
  return result;
}

function comesFirst(place: Place | undefined, edit: Edit | undefined): boolean {
  if (place === undefined || edit === undefined) return edit === undefined;
  return place.from < edit.start || (place.from === edit.start && edit.start < edit.end);
}

/** Whether a place and an edit cannot be told apart in what was received. */
function isOneWith(place: Place, edit: Edit): boolean {
  const { from, to } = place;
  const { start, end } = edit;
  if (start === end) {
    const isNothing = place.start === place.end;
    return from === to || isNothing ? from <= start && start <= to : from < start && start < to;
  }
  return from === to ? start <= from && from < end : from < end && start < to;
}

function ownersOf(places: readonly Place[], edits: readonly Edit[]): Pick<Place, 'owners' | 'swallowed'> {
  const owners = new Set(edits.flatMap((edit) => [...edit.owners]));
  const swallowed = new Set<ChangeNote>();
  for (const place of places) {
    const isSwallowed = edits.some(({ start, end }) => start <= place.from && place.to <= end);
    for (const owner of place.owners) (isSwallowed ? swallowed : owners).add(owner);
    for (const owner of place.swallowed) swallowed.add(owner);
  }
  return { owners, swallowed };
}
