import type { Engine } from '../core/engine.js';
import { MailsealError, usage } from '../core/errors.js';
import { shown } from '../core/shown.js';

/**
 * How one encoding of the runtime is chosen: looked for at the first call, and
 * given where `engine` lets it be used and it passed its known-answer test.
 *
 * @param what - its name, for the error.
 * @param find - gives what passed, `undefined` where nothing did.
 * @returns a function that throws MailsealError `crypto-engine-unavailable` for `native` where there is none, `usage` for an unknown engine.
 */
export function chooserOf<T>(what: string, find: () => T | undefined): (engine: Engine) => T | undefined {
  let found: T | undefined;
  let looked = false;
  return (engine) => {
    if (engine === 'typescript') return undefined;
    if (engine !== 'auto' && engine !== 'native') {
      throw usage(`${shown(engine)} is no engine; give native, typescript or auto`);
    }
    if (!looked) {
      looked = true;
      found = find();
    }
    if (found === undefined && engine === 'native') {
      throw new MailsealError(
        'crypto-engine-unavailable',
        `${what} is not available natively: this runtime lacks it or fails its known-answer test; take the engine auto or typescript`,
        { fault: 'usage' },
      );
    }
    return found;
  };
}

/**
 * What is made of a runtime's calls, where it has them and what is made passes
 * its known-answer test.
 */
export function passing<Calls, T>(
  calls: () => Calls | undefined,
  madeOf: (calls: Calls) => T,
  knowsItsAnswers: (made: T) => boolean,
): T | undefined {
  return unlessItThrows(() => {
    const found = calls();
    if (found === undefined) return undefined;
    const made = madeOf(found);
    return knowsItsAnswers(made) ? made : undefined;
  });
}

/** What a probe gives; `undefined` where it throws, since a runtime's Buffer may be a stub that does. */
export function unlessItThrows<T>(probe: () => T | undefined): T | undefined {
  try {
    return probe();
  } catch {
    return undefined;
  }
}
