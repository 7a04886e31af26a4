import { describe, expect, test } from 'vitest';
import { Envelope } from '../../src/mime/envelope.js';
import { decodeEncodedWords } from '../../src/mime/fields/encoded-words.js';
import { parseListCommand } from '../../src/mime/fields/list-fields.js';
import { parseReceived } from '../../src/mime/fields/received.js';
import { DEFAULT_MIME_LIMITS } from '../../src/mime/limits.js';
import { parseMessage } from '../../src/mime/message.js';
import { fillParseOptions } from '../../src/mime/parse-options.js';
import { entityStructure } from '../../src/mime/structure/entity-kind.js';
import { StructureFields } from '../../src/mime/structure/structure-fields.js';
import { cheapest } from '../support/cpu-time.js';
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

test('base64 words that are never whole by themselves', () => {
  expectLinear((size) => {
    const value = `=?utf-8?B?A?=${` =?utf-8?B?${'A'.repeat(180)}?=`.repeat(size)}`;
    const options = { limits: { encodedWords: Number.POSITIVE_INFINITY } };
    return () => decodeEncodedWords(value, options);
  }, 750);
});

describe('what callers share', () => {
  test('a date that a caller changes is his own', () => {
    const message = parseMessage(new TextEncoder().encode(`Date: ${DATE}\r\n\r\n`));
    const envelope = new Envelope(message.headers);
    envelope.date?.setTime(0);
    expect(envelope.date?.toISOString()).toBe('2003-07-01T08:52:37.000Z');
  });

  test('defaults and the empty list of parts cannot be changed', () => {
    const { parts } = parseMessage(new TextEncoder().encode('Subject: a\r\n\r\n'));
    for (const shared of [DEFAULT_MIME_LIMITS, fillParseOptions(), parts]) {
      expect(Object.isFrozen(shared)).toBe(true);
    }
  });
});

test('a limit that is hit in the comments of a list field is told', () => {
  const value = '<http://a> (=?utf-8?Q?a?= x =?utf-8?Q?b?=)';
  const { urls, defects } = parseListCommand(value, { limits: { encodedWords: 1 }, onLimit: 'truncate' });
  expect(urls).toEqual([{ url: 'http://a', comment: 'a x =?utf-8?Q?b?=' }]);
  expect(defects.map(({ code }) => code)).toEqual(['limit-encoded-words']);
});

test('boundaries with blanks inside cost what others of their length do', () => {
  // A boundary is no longer than a line, so that it is the length that counts, not how many there are.
  const read = (filler: string): number => {
    const fields = new StructureFields(DEFAULT_MIME_LIMITS.parameters);
    fields.contentType = `multipart/mixed; boundary*="a${filler.repeat(995)}b"`;
    return cheapest(() => {
      for (let i = 0; i < 400; i++) entityStructure(fields, false, DEFAULT_MIME_LIMITS);
    }, 5);
  };
  expect(read('\t')).toBeLessThan(20 + 6 * read('c'));
});
