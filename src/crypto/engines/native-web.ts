/**
 * The runtime's `SubtleCrypto`, of which `Part` is what the caller uses;
 * `undefined` where there is none, as on pages without TLS.
 */
export function webSubtle<Part>(): Part | undefined {
  return (globalThis as unknown as { readonly crypto?: { readonly subtle?: Part } }).crypto?.subtle;
}

const outcomes = /* @__PURE__ */ new Map<string, Promise<boolean>>();

/**
 * WebCrypto if it may do this piece of work: `knownAnswer` is asked once per
 * process and `id`, and what answers wrongly or throws is not asked again.
 */
export async function trustedWeb<Part>(
  id: string,
  knownAnswer: (subtle: Part) => Promise<boolean>,
): Promise<Part | undefined> {
  const subtle = webSubtle<Part>();
  if (subtle === undefined) return undefined;
  let outcome = outcomes.get(id);
  if (outcome === undefined) {
    outcome = passes(subtle, knownAnswer);
    outcomes.set(id, outcome);
  }
  return (await outcome) ? subtle : undefined;
}

async function passes<Part>(subtle: Part, knownAnswer: (subtle: Part) => Promise<boolean>): Promise<boolean> {
  try {
    return await knownAnswer(subtle);
  } catch {
    return false;
  }
}

/** A Map, or a WeakMap. */
interface Keeper<Key, Kept> {
  get(key: Key): Kept | undefined;
  set(key: Key, kept: Kept): unknown;
  delete(key: Key): unknown;
}

/**
 * What was imported before; else what `importIt` gives, which is kept. An import that fails is not: the next one may
 * do, as where the runtime was short of memory.
 */
export function keptImport<Key, Imported>(
  keeper: Keeper<Key, Promise<Imported>>,
  key: Key,
  importIt: () => Promise<Imported>,
): Promise<Imported> {
  const kept = keeper.get(key);
  if (kept !== undefined) return kept;
  const importing = importIt();
  keeper.set(key, importing);
  importing.catch(() => {
    if (keeper.get(key) === importing) keeper.delete(key);
  });
  return importing;
}
