import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseContentType } from '../../src/mime/fields/content-type.js';
import { Lexer } from '../../src/mime/fields/lexer.js';
import { parseParameters } from '../../src/mime/fields/parameters.js';
import { plainParameters } from '../../src/mime/fields/plain-parameters.js';

const piece = fc.constantFrom(
  ...['; charset=utf-8', ';name="a b.pdf"', ';\tx=y', '; X=Z', 'n=v', ';', '=', ' ', '\t', '"', '(', '\\'],
  ...['a*0=b', 'a*=c', "'", '%41', '=?utf-8?Q?a?=', '"=?utf-8?Q?a?="', '/', 'é', '\r\n ', 'boundary="=_a:b"'],
);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
);

test('what is read as plain parameters is what the full reader says, without defects', () => {
  let plain = 0;
  fc.assert(
    fc.property(value, (text) => {
      const parameters = plainParameters(text, 0, text.length, {});
      if (parameters === undefined) return;
      plain++;
      // A comment is never plain, and says nothing.
      const full = parseParameters(new Lexer(`${text} (full)`), 0, {});
      expect(parameters).toEqual(full.parameters.all);
      expect(full.defects).toEqual([]);
    }),
    { numRuns: 3000 },
  );
  expect(plain).toBeGreaterThan(300);
});

test('a type says the same with a comment behind it, which is never plain', () => {
  const type = fc.constantFrom(
    ...[
      'text/plain',
      'Multipart/Mixed',
      'text',
      'text/',
      '/plain',
      'a/b/c',
      'text /plain',
      'x/x/y',
      'text/plain ',
    ],
    ...['application/vnd.ms-excel', 'image/svg+xml', '', 'TEXT/HTML', 'té/xt', 'a*b/c'],
  );
  fc.assert(
    fc.property(type, value, (name, rest) => {
      if (/[;()"]\s*$|[("\\]/.test(rest)) return;
      const { defects, ...said } = parseContentType(name + rest);
      const { defects: fullDefects, ...full } = parseContentType(`${name}${rest} (full)`);
      expect(said).toEqual(full);
      expect(defects.map(({ code }) => code)).toEqual(fullDefects.map(({ code }) => code));
    }),
    { numRuns: 3000 },
  );
});

test('it gives up where a limit is passed', () => {
  expect(plainParameters(';a=1;b=2', 0, 8, { limits: { parameters: 2 } })?.length).toBe(2);
  expect(plainParameters(';a=1;b=2', 0, 8, { limits: { parameters: 1 } })).toBeUndefined();
});
