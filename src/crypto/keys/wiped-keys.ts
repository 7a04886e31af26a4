import { usage } from '../../core/errors.js';
import { keptImport } from '../engines/native-web.js';

// A key that was wiped must not go on through what was made of it before: an
// imported key of the runtime's holds secrets of its own.

const wiped = /* @__PURE__ */ new WeakSet<object>();
const forms = /* @__PURE__ */ new WeakMap<object, Map<string, unknown>>();

/**
 * What was made of a private key, made when it is first asked for and kept until the key is wiped.
 *
 * @param id names the form
 * @throws MailsealError `usage` for a key that was wiped, and what `make` throws.
 */
export function keptForm<Form>(key: object, id: string, make: () => Form): Form {
  const kept = formsOf(key);
  if (!kept.has(id)) kept.set(id, make());
  return kept.get(id) as Form;
}

/** {@link keptForm} of what has to be waited for, and is made anew where that failed. */
export function keptImportedForm<Form>(key: object, id: string, make: () => Promise<Form>): Promise<Form> {
  return keptImport(formsOf(key) as Map<string, Promise<Form>>, id, make);
}

function formsOf(key: object): Map<string, unknown> {
  assertNotWiped(key);
  let kept = forms.get(key);
  if (kept === undefined) {
    kept = new Map();
    forms.set(key, kept);
  }
  return kept;
}

/** Makes a key one that is refused from now on, and forgets what was made of it. */
export function markWiped(key: object): void {
  wiped.add(key);
  forms.delete(key);
}

/** @throws MailsealError `usage` for a key that was wiped. */
export function assertNotWiped(key: object): void {
  if (!wiped.has(key)) return;
  throw usage('the private key was wiped; read it anew to use it again');
}
