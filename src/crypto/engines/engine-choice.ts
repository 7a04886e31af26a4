import type { Engine } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type NativeCrypto, nativeCrypto } from './native-crypto.js';

/** The outcome of every known-answer test that was made in this process, by what it tested. */
const outcomes = /* @__PURE__ */ new Map<string, boolean>();

/**
 * The native module if it may do this piece of work, `undefined` if something
 * else is to do it.
 *
 * `knownAnswer` is asked once per process and `id`; a module that answers
 * wrongly or throws is not asked for that piece of work again.
 *
 * @throws MailsealError `usage` for an unknown engine.
 */
export function trustedNative(
  engine: Engine | undefined,
  id: string,
  knownAnswer: (native: NativeCrypto) => boolean,
): NativeCrypto | undefined {
  if (engine === 'typescript') return undefined;
  if (engine !== undefined && engine !== 'auto' && engine !== 'native') {
    throw usage(`${shown(engine)} is no engine; give native, typescript or auto`);
  }
  const native = nativeCrypto();
  if (native === undefined) return undefined;
  let right = outcomes.get(id);
  if (right === undefined) {
    right = passes(native, knownAnswer);
    outcomes.set(id, right);
  }
  return right ? native : undefined;
}

/**
 * Like {@link trustedNative}, where TypeScript is the only other way.
 *
 * @throws MailsealError `crypto-engine-unavailable` where only native code is
 * allowed and it is missing or failed.
 */
export function chooseNative(
  engine: Engine | undefined,
  id: string,
  knownAnswer: (native: NativeCrypto) => boolean,
): NativeCrypto | undefined {
  const native = trustedNative(engine, id, knownAnswer);
  if (native === undefined && engine === 'native') throw engineUnavailable(id, 'untrusted');
  return native;
}

function passes(native: NativeCrypto, knownAnswer: (native: NativeCrypto) => boolean): boolean {
  try {
    return knownAnswer(native);
  } catch {
    return false;
  }
}

/** The refusal of `engine: 'native'`. */
export function engineUnavailable(id: string, why: 'untrusted' | 'refused', cause?: unknown): MailsealError {
  const reason =
    why === 'refused'
      ? 'this runtime refuses this key'
      : 'this runtime lacks it or fails its known-answer test';
  return new MailsealError(
    'crypto-engine-unavailable',
    `${id} is not available natively: ${reason}; take the engine auto or typescript`,
    { fault: 'usage', cause },
  );
}
