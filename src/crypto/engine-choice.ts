import type { Engine } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import { type NativeCrypto, nativeCrypto } from './native-crypto.js';

/** The outcome of every known-answer test that was made in this process, by what it tested. */
const outcomes = /* @__PURE__ */ new Map<string, boolean>();

/**
 * The native module if it may do this piece of work, `undefined` if TypeScript
 * is to do it.
 *
 * `knownAnswer` is asked once per process and `id`; a module that answers
 * wrongly or throws is not asked for that piece of work again.
 *
 * @throws MailsealError `crypto-engine-unavailable` where only native code is
 * allowed and it is missing or failed, `usage` for an unknown engine.
 */
export function chooseNative(
  engine: Engine | undefined,
  id: string,
  knownAnswer: (native: NativeCrypto) => boolean,
): NativeCrypto | undefined {
  if (engine === 'typescript') return undefined;
  if (engine !== undefined && engine !== 'auto' && engine !== 'native') {
    throw new MailsealError('usage', `"${String(engine)}" is no engine; give native, typescript or auto`);
  }
  const native = nativeCrypto();
  if (native !== undefined) {
    let right = outcomes.get(id);
    if (right === undefined) {
      right = passes(native, knownAnswer);
      outcomes.set(id, right);
    }
    if (right) return native;
  }
  if (engine === 'native') throw engineUnavailable(id, native === undefined ? 'missing' : 'untrusted');
  return undefined;
}

function passes(native: NativeCrypto, knownAnswer: (native: NativeCrypto) => boolean): boolean {
  try {
    return knownAnswer(native);
  } catch {
    return false;
  }
}

/** The refusal of `engine: 'native'`. */
export function engineUnavailable(
  id: string,
  why: 'missing' | 'untrusted' | 'refused',
  cause?: unknown,
): MailsealError {
  const reason = {
    missing: 'this runtime has no node:crypto',
    untrusted: "this runtime's node:crypto lacks it or fails its known-answer test",
    refused: "this runtime's node:crypto refuses this key",
  }[why];
  return new MailsealError(
    'crypto-engine-unavailable',
    `${id} is not available natively: ${reason}; take the engine auto or typescript`,
    { fault: 'usage', cause },
  );
}
