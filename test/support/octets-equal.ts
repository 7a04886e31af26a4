import { Buffer } from 'node:buffer';
import { expect } from 'vitest';

const told = Symbol.for('mailseal tests compare octets at once');

// toEqual and toStrictEqual take some microseconds for each octet. What is not the same stays theirs to judge and to
// tell. Files that share a process share the testers, too.
if (!Object.hasOwn(globalThis, told)) {
  Object.defineProperty(globalThis, told, { value: true });
  expect.addEqualityTesters([
    (a: unknown, b: unknown) =>
      a instanceof Uint8Array &&
      b instanceof Uint8Array &&
      a.constructor === b.constructor &&
      Buffer.compare(a, b) === 0
        ? true
        : undefined,
  ]);
}
