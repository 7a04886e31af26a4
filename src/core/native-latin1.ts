import { isAscii, latin1FromBytes } from './bytes.js';
import type { Engine } from './engine.js';
import { MailsealError } from './errors.js';

/** Gives the characters U+0000–U+00FF of octets from `start` to `end`, one each. */
export type ReadLatin1 = (octets: Uint8Array, start: number, end: number) => string;

/** What is used of the runtime's Buffer: its reading takes any Uint8Array. */
interface Platform {
  readonly Buffer?: {
    readonly prototype?: {
      readonly latin1Slice?: (this: Uint8Array, start: number, end: number) => string;
    };
  };
  readonly process?: { readonly getBuiltinModule?: (name: string) => BufferModule | undefined };
}

interface BufferModule {
  readonly isAscii?: (octets: Uint8Array) => boolean;
}

/** Shorter stretches are read sooner than the call into the runtime is made. */
const SHORT = 24;

let best: ReadLatin1 | undefined;

/**
 * The quickest way from octets to characters: a Buffer's where it is there and
 * gives the right answers (`TextDecoder('latin1')` does not: it is windows-1252).
 *
 * @throws MailsealError `crypto-engine-unavailable` for `native` where it is not.
 */
export function latin1Reader(engine: Engine): ReadLatin1 {
  if (engine === 'typescript') return latin1FromBytes;
  best ??= platformReader() ?? latin1FromBytes;
  if (engine === 'native' && best === latin1FromBytes) {
    throw new MailsealError(
      'crypto-engine-unavailable',
      'this runtime has no way of its own from octets to characters, or one that fails its known-answer test; take the engine auto or typescript',
      { fault: 'usage' },
    );
  }
  return best;
}

function platformReader(): ReadLatin1 | undefined {
  const slice = (globalThis as unknown as Platform).Buffer?.prototype?.latin1Slice;
  if (typeof slice !== 'function') return undefined;
  try {
    const every = Uint8Array.from({ length: 257 }, (_, at) => at - 1).subarray(1);
    const expected = latin1FromBytes(every);
    if (slice.call(every, 0, 256) !== expected || slice.call(every, 7, 9) !== expected.slice(7, 9))
      return undefined;
  } catch {
    return undefined;
  }
  return (octets, start, end) =>
    end - start < SHORT ? latin1FromBytes(octets, start, end) : slice.call(octets, start, end);
}

let bestTest: ((octets: Uint8Array) => boolean) | undefined;

/** The quickest test whether all octets are below 128: the runtime's where it is there and gives the right answers. */
export function asciiTest(engine: Engine): (octets: Uint8Array) => boolean {
  if (engine === 'typescript') return isAscii;
  bestTest ??= platformTest() ?? isAscii;
  return bestTest;
}

function platformTest(): ((octets: Uint8Array) => boolean) | undefined {
  try {
    const test = (globalThis as unknown as Platform).process?.getBuiltinModule?.('node:buffer')?.isAscii;
    if (typeof test !== 'function') return undefined;
    const sample = new Uint8Array(100).fill(0x7f, 1, 99);
    if (!test(sample.subarray(1)) || !test(sample.subarray(0, 0))) return undefined;
    for (const at of [0, 31, 64, 99]) {
      const other = sample.slice();
      other[at] = 0x80;
      if (test(other) || !test(other.subarray(at + 1))) return undefined;
    }
    return test;
  } catch {
    return undefined;
  }
}
