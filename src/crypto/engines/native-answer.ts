import type { Engine } from '../../core/engine.js';
import { engineUnavailable } from './engine-choice.js';

/**
 * What native code says about a signature; `undefined` where it throws for
 * this key and TypeScript is to decide.
 *
 * @throws MailsealError `crypto-engine-unavailable` where only native code is
 * allowed and it refuses a key that is sound.
 */
export function nativeAnswer(
  engine: Engine | undefined,
  id: string,
  ask: () => boolean,
  isSound: () => boolean,
): boolean | undefined {
  try {
    return ask() === true;
  } catch (cause) {
    if (engine !== 'native') return undefined;
    if (!isSound()) return false;
    throw engineUnavailable(id, 'refused', cause);
  }
}
