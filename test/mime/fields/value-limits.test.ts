import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { parseAddressList } from '../../../src/mime/fields/address.js';
import { parseContentDisposition } from '../../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../../src/mime/fields/content-type.js';
import { decodeEncodedWords } from '../../../src/mime/fields/encoded-words.js';
import type { ValueOptions } from '../../../src/mime/fields/value-options.js';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from '../../../src/mime/limits.js';
import { parseMessage } from '../../../src/mime/message.js';
import { octets } from '../../support/mime.js';

const count = (most: number, make: (i: number) => string): string =>
  Array.from({ length: most }, (_, i) => make(i)).join('');

/** A value with so many of what a limit counts, what reads it, and what is seen of it. */
const CASES: readonly {
  readonly limit: keyof MimeLimits;
  readonly code: string;
  readonly value: (n: number) => string;
  readonly read: (value: string, options?: ValueOptions) => { seen: number; codes: string[] };
}[] = [
  {
    limit: 'addresses',
    code: 'limit-addresses',
    value: (n) => count(n, (i) => `a${i}@b.test, `),
    read(value, options) {
      const list = parseAddressList(value, options);
      return { seen: list.length, codes: list.defects.map(({ code }) => code) };
    },
  },
  {
    limit: 'addresses',
    code: 'limit-addresses',
    value: (n) => `g: ${count(n, (i) => `N <a${i}@b.test>, `)};`,
    read(value, options) {
      const list = parseAddressList(value, options);
      const seen = list.flatMap((each) => ('members' in each ? each.members : [])).length;
      return { seen, codes: list.defects.map(({ code }) => code) };
    },
  },
  {
    limit: 'encodedWords',
    code: 'limit-encoded-words',
    value: (n) => count(n, () => '=?utf-8?Q?a?= '),
    read(value, options) {
      const { text, defects } = decodeEncodedWords(value, options);
      return { seen: text.split('=?')[0]!.trim().length, codes: defects.map(({ code }) => code) };
    },
  },
  {
    limit: 'parameters',
    code: 'limit-parameters',
    value: (n) => `text/plain${count(n, (i) => `; a${i}=b`)}`,
    read(value, options) {
      const { parameters, defects } = parseContentType(value, 0, options);
      return { seen: parameters.all.length, codes: defects.map(({ code }) => code) };
    },
  },
  {
    limit: 'parameterSections',
    code: 'limit-parameter-sections',
    value: (n) => `attachment${count(n, (i) => `; filename*${i}=b`)}`,
    read(value, options) {
      const { filename = '', defects } = parseContentDisposition(value, 0, options);
      return { seen: filename.length, codes: defects.map(({ code }) => code) };
    },
  },
];

describe.each(CASES)('$limit', ({ limit, code, value, read }) => {
  const most = DEFAULT_MIME_LIMITS[limit];

  test('is on by default', () => {
    expect(read(value(most))).toEqual({ seen: most, codes: [] });
    const throws = (): unknown => read(value(most + 1));
    expect(throws).toThrow(MailsealError);
    expect(throws).toThrow(expect.objectContaining({ code, offset: expect.any(Number) }));
    expect(throws).toThrow(`limits.${limit}`);
  });

  test('can be raised and lowered', () => {
    expect(read(value(most + 1), { limits: { [limit]: most + 1 } })).toEqual({ seen: most + 1, codes: [] });
    expect(() => read(value(3), { limits: { [limit]: 2 } })).toThrow(expect.objectContaining({ code }));
  });

  test('is a defect where hits are not to throw, and the first ones are read', () => {
    const options: ValueOptions = { limits: { [limit]: 2 }, onLimit: 'truncate' };
    expect(read(value(2), options)).toEqual({ seen: 2, codes: [] });
    expect(read(value(5), options)).toEqual({ seen: 2, codes: [code] });
  });

  test('must be a number of 0 or more', () => {
    expect(() => read(value(1), { limits: { [limit]: Number.NaN } })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});

test('encoded words count over all names of an address field', () => {
  const value = count(5, (i) => `=?utf-8?Q?=C3=A4?= <a${i}@b.test>, `);
  const list = parseAddressList(value, { limits: { encodedWords: 3 }, onLimit: 'truncate' });
  expect(list.map(({ name }) => name)).toEqual(['ä', 'ä', 'ä', '=?utf-8?Q?=C3=A4?=', '=?utf-8?Q?=C3=A4?=']);
  expect(list.defects.map(({ code }) => code)).toEqual(['limit-encoded-words']);
});

describe('in a message', () => {
  const many = `Subject: ${'=?utf-8?Q?a?= '.repeat(4)}\nContent-Type: text/plain; a=1; b=2; c=3\n\n`;
  const limits: MimeLimits = { encodedWords: 3, parameters: 2 };

  test('a hit throws where the value is asked for, and its octets are there all the same', () => {
    const message = parseMessage(octets(many), { limits });
    const subject = message.headers.get('subject')!;
    expect(() => subject.text).toThrow(expect.objectContaining({ code: 'limit-encoded-words' }));
    expect(() => message.contentType).toThrow(expect.objectContaining({ code: 'limit-parameters' }));
    expect(subject.value).toBe('=?utf-8?Q?a?= =?utf-8?Q?a?= =?utf-8?Q?a?= =?utf-8?Q?a?=');
  });

  test('a hit is a defect with `truncate`, and what is beyond stays as it is written', () => {
    const message = parseMessage(octets(many), { limits, onLimit: 'truncate' });
    const subject = message.headers.get('subject')!;
    expect(subject.text).toBe('aaa =?utf-8?Q?a?=');
    expect(subject.defects.map(({ code }) => code)).toEqual(['limit-encoded-words']);
    expect(message.contentType.parameters.all.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(message.defects.map(({ code }) => code)).toEqual(['line-ends-lf', 'limit-parameters']);
  });
});

test('a parameter of which no section may be read is left out', () => {
  const options: ValueOptions = { limits: { parameterSections: 0 }, onLimit: 'truncate' };
  for (const value of ['text/plain; a*0=x; b=y', 'text/plain; a*0*=x; a*1=z; b=y']) {
    const { parameters, defects } = parseContentType(value, 0, options);
    expect(parameters.all.map(({ name }) => name)).toEqual(['b']);
    expect(defects.map(({ code }) => code)).toEqual(['limit-parameter-sections']);
  }
});
