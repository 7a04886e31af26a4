import { describe, expect, test } from 'vitest';
import { parseReceived } from '../../src/mime/fields/received.js';
import { expectLinear } from '../support/linear-time.js';

const DATE = 'Tue, 1 Jul 2003 10:52:37 +0200';

describe('Received', () => {
  for (const bracket of [']', '>']) {
    test(`hosts with many ${bracket} inside them`, () => {
      expectLinear((size) => {
        const value = `from a by b${bracket.repeat(size)}x; ${DATE}`;
        return () => parseReceived(value);
      }, 3000);
      expectLinear((size) => {
        const value = `from a${bracket.repeat(size)}x by b; ${DATE}`;
        return () => parseReceived(value);
      }, 3000);
    });
  }

  test('a protocol with many slashes and a line separator after them', () => {
    expectLinear((size) => {
      const value = `from a by b with ${'/'.repeat(size)}\u2028x; ${DATE}`;
      return () => parseReceived(value);
    }, 3000);
  });

  test('brackets around hosts go, those inside them stay', () => {
    const { from, by } = parseReceived(`from <[a]b]> by [[]>; ${DATE}`);
    expect(from?.name).toBe('a]b');
    expect(by).toBe('');
  });

  test('what follows a slash is no part of a protocol', () => {
    expect(parseReceived(`by a with ESMTP/TLS/x; ${DATE}`).protocol).toBe('ESMTP');
    expect(parseReceived(`by a with local-[esmtp]/\u2028; ${DATE}`).protocol).toBe('ESMTP');
  });
});
