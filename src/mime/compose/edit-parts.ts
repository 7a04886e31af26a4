import { MailsealError, usage } from '../../core/errors.js';
import type { Part } from '../part.js';

/** An entity that goes into a multipart, before the part with that index. */
export interface AddedPart {
  readonly multipart: Part;
  /** One character an octet. */
  readonly text: string;
  readonly index: number;
}

/** What is added to each multipart. Where some that are not closed end together, what goes into the inner one stands first. */
export function byMultipart(addedParts: readonly AddedPart[]): Map<Part, AddedPart[]> {
  const added = addedParts.map((each) => ({ ...each, depth: depthOf(each.multipart) }));
  const found: Map<Part, AddedPart[]> = new Map();
  for (const each of added.sort((a, b) => b.depth - a.depth || a.index - b.index)) {
    const parts = found.get(each.multipart);
    if (parts === undefined) found.set(each.multipart, [each]);
    else parts.push(each);
  }
  return found;
}

/**
 * Refuses edits inside a part that goes. Those that overlap in octets are found when they are put together.
 *
 * @param grown parts into which something goes that takes up no octets of theirs
 * @param removed of each multipart the parts that are removed
 * @throws MailsealError `usage`
 */
export function refuseLostEdits(
  grown: ReadonlySet<Part>,
  replaced: ReadonlySet<Part>,
  removed: ReadonlyMap<Part, ReadonlySet<Part>>,
): void {
  const isRemoved = (part: Part): boolean =>
    part.parent !== undefined && removed.get(part.parent)?.has(part) === true;
  const refuseIn = (innermost: Part): void => {
    for (let part: Part | undefined = innermost; part !== undefined; part = part.parent) {
      if (!isRemoved(part) && !replaced.has(part)) continue;
      throw new MailsealError('usage', `something is edited inside the part "${part.path}", which goes`, {
        offset: part.start,
      });
    }
  };
  for (const part of grown) refuseIn(part);
  for (const part of replaced) {
    if (isRemoved(part)) throw usage(`the part "${part.path}" is both replaced and removed`);
    refuseIn(part.parent!);
  }
}

/** What is told of multiparts, those around others before them. */
export function outermostFirst<T>(ofMultiparts: ReadonlyMap<Part, T>): (readonly [Part, T])[] {
  return [...ofMultiparts].sort(([a], [b]) => depthOf(a) - depthOf(b));
}

function depthOf(part: Part): number {
  let depth = 0;
  for (let { parent } = part; parent !== undefined; parent = parent.parent) depth++;
  return depth;
}
