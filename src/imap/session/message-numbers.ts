import type { SequenceRange, SequenceSet } from '../values/sequence-set.js';

/** A message that went: the sequence number that it had, and its UID. */
export interface GoneMessage {
  /** As it was before the response that told it. */
  readonly sequence: number;
  readonly uid: number;
}

/** A message whose UID is known, with the messages of unknown UID right before it. */
interface Known {
  readonly uid: number;
  /** How many messages of unknown UID stand between the known one before and this one. */
  gap: number;
  /** Messages in the subtree, those in gaps included. */
  sum: number;
  left: Known | undefined;
  right: Known | undefined;
  parent: Known | undefined;
}

/**
 * Which UID each sequence number stands for, as far as the server told (RFC 9051 §2.3.1).
 *
 * UIDs ascend with sequence numbers, so that what is known is one ordered
 * list. It is kept as a splay tree: a server decides in which order messages
 * are told and expunged, and no order makes that quadratic.
 */
export class MessageNumbers {
  #root: Known | undefined;
  /** Messages behind the last one whose UID is known. */
  #trailing = 0;

  /** How many messages there are. */
  get count(): number {
    return sumOf(this.#root) + this.#trailing;
  }

  /** The UID of a message; `undefined` where it was not told. */
  uidOf(sequence: number): number | undefined {
    const offset = this.#seek(sequence);
    return offset !== undefined && offset === this.#root!.gap ? this.#root!.uid : undefined;
  }

  /** The sequence number of a message; `undefined` where no message with this UID was told. */
  sequenceOf(uid: number): number | undefined {
    const known = this.#firstFrom(uid);
    return known?.uid === uid ? sumOf(known.left) + known.gap + 1 : undefined;
  }

  /** Takes what EXISTS tells; `false` where messages went without being told. */
  setCount(count: number): boolean {
    const more = count - this.count;
    if (more >= -this.#trailing) this.#trailing += more;
    else {
      // Which ones went is not known, and so no number can be relied on.
      this.#root = undefined;
      this.#trailing = count;
    }
    return more >= 0;
  }

  /**
   * Takes what a FETCH tells; `false` where it cannot be true beside what was
   * told before. Then nothing is known any more but this.
   */
  setUid(sequence: number, uid: number): boolean {
    if (sequence < 1 || sequence > this.count) return true;
    if (this.#insert(sequence, uid)) return true;
    this.forgetUids();
    this.#insert(sequence, uid);
    return false;
  }

  /** Forgets all UIDs, and keeps how many messages there are. */
  forgetUids(): void {
    this.#trailing = this.count;
    this.#root = undefined;
  }

  #insert(sequence: number, uid: number): boolean {
    const offset = this.#seek(sequence);
    const next = offset === undefined ? undefined : this.#root;
    if (next !== undefined && offset === next.gap) return next.uid === uid;
    const before = next === undefined ? this.#root : next.left;
    const previous = before === undefined ? undefined : this.#splay(lastOf(before), next);
    const gap = offset ?? sequence - 1 - sumOf(this.#root);
    if ((previous?.uid ?? 0) + gap >= uid) return false;
    if (next === undefined) this.#trailing -= gap + 1;
    else {
      const rest = next.gap - gap - 1;
      if (uid + rest >= next.uid) return false;
      next.gap = rest;
      next.left = undefined;
      update(next);
    }
    const known: Known = { uid, gap, sum: 0, left: previous, right: next, parent: undefined };
    adopt(known);
    this.#root = known;
    return true;
  }

  /** Takes what EXPUNGE tells: the UID of the message that went, where it is known. */
  expunge(sequence: number): number | undefined {
    const offset = this.#seek(sequence);
    if (offset === undefined) {
      if (this.#trailing > 0) this.#trailing--;
      return undefined;
    }
    const known = this.#root!;
    if (offset < known.gap) {
      known.gap--;
      update(known);
      return undefined;
    }
    this.#join(detached(known.left), detached(known.right), known.gap);
    return known.uid;
  }

  /**
   * Takes what VANISHED tells (RFC 7162 §3.2.10): the messages that went
   * whose UIDs were known, in ascending order.
   */
  vanish(set: SequenceSet): GoneMessage[] {
    const gone: GoneMessage[] = [];
    if (set === '$') return gone;
    // From the highest down, so that what is told of a message is not changed by those behind it.
    const ranges = set.map(bounds).sort((a, b) => b.from - a.from);
    for (const { from, to } of ranges) this.#vanishRange(from, to, gone);
    return gone.reverse();
  }

  #vanishRange(from: number, to: number, gone: GoneMessage[]): void {
    const first = this.#firstFrom(from);
    const lower = first === undefined ? this.#root : detached(first.left);
    const before = lower === undefined ? undefined : this.#splay(lastOf(lower), undefined);
    if (first !== undefined) {
      first.left = undefined;
      update(first);
    }
    this.#root = first;
    const next = first === undefined ? undefined : this.#firstFrom(to + 1);
    const inside = next === undefined ? this.#root : detached(next.left);
    if (next !== undefined) {
      next.left = undefined;
      update(next);
    }
    const previous = before?.uid ?? 0;
    const after = next?.uid ?? Number.POSITIVE_INFINITY;
    const tail = next?.gap ?? this.#trailing;
    let gap: number;
    if (inside === undefined) {
      gap = tail - within(tail, to - from + 1, from - 1 - previous + (after - 1 - to));
    } else {
      const lead = firstOf(inside).gap;
      const leading = lead - within(lead, firstOf(inside).uid - from, from - 1 - previous);
      const last = lastOf(inside).uid;
      gap = leading + tail - within(tail, to - last, after - 1 - to);
      const numbersBefore = sumOf(before);
      tell(inside, numbersBefore, gone);
    }
    if (next === undefined) this.#trailing = gap;
    else {
      next.gap = gap;
      update(next);
    }
    this.#join(before, next, 0);
  }

  /** Makes one tree of two, with so many messages of unknown UID between them. */
  #join(left: Known | undefined, right: Known | undefined, gap: number): void {
    this.#root = right;
    if (right === undefined) {
      this.#trailing += gap;
      this.#root = left;
      return;
    }
    const first = this.#splay(firstOf(right), undefined);
    first.gap += gap;
    first.left = left;
    adopt(first);
  }

  /**
   * Brings the known message with this number, or the one that follows it, to
   * the root; gives how far into its gap the number lies (the gap's length for
   * the message itself), or `undefined` where it lies behind all of them.
   */
  #seek(sequence: number): number | undefined {
    let rest = sequence - 1;
    let at = this.#root;
    if (at === undefined || rest < 0 || rest >= at.sum) return undefined;
    for (;;) {
      const before = sumOf(at.left);
      if (rest < before) at = at.left!;
      else if (rest <= before + at.gap) break;
      else {
        rest -= before + at.gap + 1;
        at = at.right!;
      }
    }
    this.#splay(at, undefined);
    return sequence - 1 - sumOf(at.left);
  }

  /** Brings the first known message with this UID or a higher one to the root. */
  #firstFrom(uid: number): Known | undefined {
    let at = this.#root;
    let deepest: Known | undefined;
    let found: Known | undefined;
    while (at !== undefined) {
      deepest = at;
      if (at.uid >= uid) found = at;
      at = at.uid > uid ? at.left : at.uid < uid ? at.right : undefined;
    }
    // The way down is paid for by bringing its end up, whatever was found on it.
    if (deepest !== undefined) this.#splay(deepest, undefined);
    return found === undefined ? undefined : this.#splay(found, undefined);
  }

  /** Turns a node upwards until it is right below `top`, or the root. */
  #splay(node: Known, top: Known | undefined): Known {
    while (node.parent !== top) {
      const { parent } = node;
      const grand = parent!.parent;
      if (grand !== top) turnUp((parent!.left === node) === (grand!.left === parent) ? parent! : node);
      turnUp(node);
    }
    if (top === undefined) this.#root = node;
    return node;
  }
}

/** How many of a gap's messages went: those that were named, and those that find no other place. */
function within(gap: number, named: number, room: number): number {
  return Math.max(Math.min(gap, named), gap - room);
}

function bounds({ from, to }: SequenceRange): { from: number; to: number } {
  const a = from === '*' ? Number.MAX_SAFE_INTEGER - 1 : from;
  const b = to === '*' ? Number.MAX_SAFE_INTEGER - 1 : to;
  return a <= b ? { from: a, to: b } : { from: b, to: a };
}

/** Tells all messages of a tree from the last to the first. */
function tell(tree: Known, before: number, gone: GoneMessage[]): void {
  let sequence = before + tree.sum;
  let at: Known | undefined = lastOf(tree);
  while (at !== undefined) {
    gone.push({ sequence, uid: at.uid });
    sequence -= at.gap + 1;
    if (at.left !== undefined) at = lastOf(at.left);
    else {
      let child: Known = at;
      at = child.parent;
      while (at !== undefined && at.left === child) {
        child = at;
        at = child.parent;
      }
    }
  }
}

const sumOf = (tree: Known | undefined): number => tree?.sum ?? 0;

function firstOf(tree: Known): Known {
  let at = tree;
  while (at.left !== undefined) at = at.left;
  return at;
}

function lastOf(tree: Known): Known {
  let at = tree;
  while (at.right !== undefined) at = at.right;
  return at;
}

function update(node: Known): void {
  node.sum = sumOf(node.left) + node.gap + 1 + sumOf(node.right);
}

function detached(tree: Known | undefined): Known | undefined {
  if (tree !== undefined) tree.parent = undefined;
  return tree;
}

function adopt(node: Known): void {
  if (node.left !== undefined) node.left.parent = node;
  if (node.right !== undefined) node.right.parent = node;
  update(node);
}

/** One rotation, which takes a node to its parent's place. */
function turnUp(node: Known): void {
  const parent = node.parent!;
  const grand = parent.parent;
  if (parent.left === node) {
    parent.left = node.right;
    node.right = parent;
  } else {
    parent.right = node.left;
    node.left = parent;
  }
  if (grand !== undefined) {
    if (grand.left === parent) grand.left = node;
    else grand.right = node;
  }
  node.parent = grand;
  adopt(parent);
  adopt(node);
}
