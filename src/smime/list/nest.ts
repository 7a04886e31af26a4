/** One layer around the whole message, as RFC 2634 §4.2 tells them apart. */
export type NestLayer = 'enveloped' | 'signed' | 'signed-with-history';

/** What becomes of the layers of a message that a list passes on. */
export interface NestPlan {
  /** The signature whose attributes go on in the list's own; `undefined` where there is none. */
  readonly outer: number | undefined;
  /** The outermost layer that stays; the number of layers where the content alone does. All that are outside of it go. */
  readonly kept: number;
}

/**
 * What a mail list agent does with a message by its layers, outermost first (RFC 2634 §4.2). Whatever it is, the
 * list signs what stays in a new outermost layer.
 */
export function planNest(layers: readonly NestLayer[]): NestPlan {
  const envelope = layers.indexOf('enveloped');
  const isEnveloped = envelope !== -1;
  const seals = isEnveloped ? layers.slice(0, envelope) : layers;
  // §4.2: the "outer" signature is the first, from the outside, that has a history or is around an envelope directly.
  const withHistory = seals.indexOf('signed-with-history');
  const outer =
    withHistory !== -1 ? withHistory : isEnveloped && seals.length > 0 ? seals.length - 1 : undefined;
  // §4.2: signatures around an envelope go, all of them, since other readers make them invalid.
  if (isEnveloped) return { outer, kept: envelope };
  // §4.2, §4.2.3.2 step 2: a signature without history stays, and is signed as a whole.
  if (outer === undefined) return { outer, kept: 0 };
  // §4.2.3.2 step 3.2: an outer signature around another gives way to the list's, with those outside of it;
  // step 3.3: one around the content itself stays, since it may be the author's only one.
  const isLast = outer === seals.length - 1;
  return { outer, kept: isLast ? outer : outer + 1 };
}
