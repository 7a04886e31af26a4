import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { parseListId } from '../../src/mime/fields/list-fields.js';
import { splitMessage } from '../../src/smime/entity/split-message.js';
import { markOfList } from '../../src/smime/list/list-header.js';

const label = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,10}[a-zA-Z0-9])?$/);
const identifier = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const blanks = fc.constantFrom('', ' ', '  ', '\t', '\r\n ', ' \r\n\t', '\r\n \r\n ');

/** RFC 5322 §3.2.2: comments inside one another, quoted pairs, and what would mean something elsewhere. */
const { comment } = fc.letrec<{ comment: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', '<o.example>', '"', ',', '\\)', '\\(', '\\\\', '=?utf-8?Q?x?=', ' ', '\r\n '),
    tie('comment'),
  ),
  comment: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => `(${pieces.join('')})`),
}));
const cfws = fc
  .array(fc.oneof({ weight: 3, arbitrary: blanks }, comment), { maxLength: 3 })
  .map((pieces) => pieces.join(''));

const quoted = fc
  .array(fc.constantFrom('a', 'コーラス', '<o.example>', '(', ')', ',', '\\"', '\\\\', ' ', '=?', '\r\n '), {
    maxLength: 6,
  })
  .map((pieces) => `"${pieces.join('')}"`);
const word = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/^_`{|}~.-]{1,10}$/),
  quoted,
  fc.constantFrom(
    '=?utf-8?Q?Ch=C3=B6r?=',
    '=?utf-8?B?44Kz44O8?=',
    '=?iso-2022-jp?B?GyRCJTMhPBsoQg==?=',
    '=?utf-8?Q?<o.example>?=',
  ),
);
const phrase = fc
  .array(fc.tuple(word, cfws, fc.constantFrom(' ', '\r\n ', '\t')), { maxLength: 4 })
  .map((words) => words.map((each) => each.join('')).join(''));

/** What relays and other lists make of a List-Id (RFC 2919 §3) without making it another. */
const rewritten = identifier.chain((id) =>
  // The brackets in an encoded word, as Python's email package writes long ones (against RFC 2047 §5).
  fc.oneof(
    { weight: 4, arbitrary: inBrackets(id) },
    fc.tuple(quoted, blanks).map(([name, after]) => ({
      id,
      value: `${name.replaceAll('=?', '')} =?utf-8?Q?=3C${id}=3E?=${after}`,
    })),
  ),
);

function inBrackets(id: string): fc.Arbitrary<{ id: string; value: string }> {
  return fc
    .record({
      before: cfws,
      phrase,
      inside: fc.tuple(blanks, blanks),
      dot: fc.constantFrom('', '.'),
      letters: fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.toLowerCase(),
      ),
      after: cfws,
    })
    .map(({ before, phrase: name, inside, dot, letters, after }) => ({
      id,
      value: `${before}${name}<${inside[0]}${letters(id)}${dot}${inside[1]}>${after}`,
    }));
}

const ownNames = fc.constantFrom('', 'Choir ', '"The <o.example> choir" ', '=?utf-8?Q?Ch=C3=B6r?= ');

function markIn(value: string, own: string): string | undefined {
  const message = splitMessage(bytesFromUtf8(`From: a@example.jp\r\nList-Id: ${value}\r\n\r\nHello\r\n`));
  return markOfList(message, { fields: [['List-Id', own]] });
}

test('a list knows its own List-Id again, however it was rewritten', () => {
  fc.assert(
    fc.property(rewritten, ownNames, ({ id, value }, name) => {
      // A header field that begins with nothing but folds is no field that a relay would write.
      fc.pre(/^(?:[ \t]|\r\n[ \t])*[^ \t\r\n]/.test(value));
      expect(parseListId(value)?.id.replace(/\.$/, '').toLowerCase()).toBe(id.toLowerCase());
      expect(markIn(value, `${name}<${id}>`)).toBe(`list-id: ${id.toLowerCase()}`);
    }),
    { numRuns: 1500 },
  );
});

test('and takes no other for it', () => {
  fc.assert(
    fc.property(rewritten, identifier, ({ id, value }, own) => {
      fc.pre(id.toLowerCase() !== own.toLowerCase() && own.toLowerCase() !== 'o.example');
      expect(markIn(value, `Choir <${own}>`)).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

test('a mark of words is known again with other blanks between them', () => {
  const words = fc.array(fc.stringMatching(/^[!-~]{1,12}$/), { minLength: 1, maxLength: 6 });
  const between = fc.constantFrom(' ', '\t', '\r\n ', ' \r\n\t', '  ');
  fc.assert(
    fc.property(words, fc.array(between, { minLength: 6, maxLength: 6 }), (own, blank) => {
      fc.pre(!own.join(' ').includes('=?'));
      const value = own.map((each, i) => each + blank[i]).join('');
      const message = splitMessage(bytesFromUtf8(`From: a@example.jp\r\nX-Loop: ${value}\r\n\r\nHello\r\n`));
      expect(markOfList(message, { fields: [['X-Loop', own.join(' ')]] })).toBe(
        `x-loop: ${own.join(' ').toLowerCase()}`,
      );
    }),
    { numRuns: 1000 },
  );
});
