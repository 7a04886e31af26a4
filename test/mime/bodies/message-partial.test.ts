import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { joinPartialMessages, partialOf } from '../../../src/mime/bodies/message-partial.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { ParseOptions } from '../../../src/mime/parse-options.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { crlf, latin1 } from '../../support/mime.js';
import { withCrlf } from '../../support/mime-corpus.js';

const fragment = (parameters: string, ...lines: string[]) =>
  parseMessage(
    crlf('To: a@b.test', `Content-Type: message/partial; id=x; ${parameters}`, 'X-Last: 1', '', ...lines),
  );
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
  }
  return 'none';
};

describe('message/partial', () => {
  const one = fragment(
    'number=1',
    'X-Inner: dropped',
    'Subject: s',
    'Content-Type: text/plain',
    ' ; charset=utf-8',
    '',
    'one',
  );
  const two = fragment('number=2', 'two');
  const three = fragment('number=03; total=3', 'three');

  test('goes by the limits of its fragments, and never drops a field', () => {
    const fields = 'Content-X: 1\r\n'.repeat(10_001);
    const source = crlf('Content-Type: message/partial; id=x; number=1; total=1', '', fields);
    const joined = (options: ParseOptions) => joinPartialMessages([parseMessage(source, options)]);
    expect(joined({ limits: { headers: 1e5 } }).length).toBeGreaterThan(fields.length);
    expect(codeOf(() => joined({}))).toBe('limit-headers');
    expect(codeOf(() => joined({ onLimit: 'truncate' }))).toBe('limit-headers');
  });

  test('is joined in order, whatever the order given, and twice counts once', () => {
    const joined = crlf(
      ...[
        'To: a@b.test',
        'Content-Type: text/plain',
        ' ; charset=utf-8',
        'X-Last: 1',
        'Subject: s',
        '',
        'one',
        'two',
        'three',
      ],
    );
    expect(latin1(joinPartialMessages([one, two, three]))).toBe(latin1(joined));
    expect(latin1(joinPartialMessages([three, two, one, two]))).toBe(latin1(joined));
  });

  test('one that has only a header, and that of the inner message in two lines', () => {
    const whole = fragment('number=1; total=1', 'Subject: s');
    expect(latin1(joinPartialMessages([whole]))).toBe('To: a@b.test\r\nX-Last: 1\r\nSubject: s\r\n\r\n');
    const cut = parseMessage(
      crlf('Content-Type: message/partial; id=x; number=1; total=1', '', 'Subject: s').slice(0, -2),
    );
    expect(latin1(joinPartialMessages([cut]))).toBe('Subject: s\r\n\r\n');
  });

  test.each([
    ['a missing fragment', [one, three], 'mime-incomplete'],
    ['no total', [one, two], 'mime-incomplete'],
    ['two totals', [one, two, three, fragment('number=2; total=2')], 'mime-incomplete'],
    ['too many', [fragment('number=1; total=1'), two], 'mime-incomplete'],
    ['none', [], 'mime-incomplete'],
    ['another id', [one, parseMessage(crlf('Content-Type: message/partial; id=y; number=1', ''))], 'usage'],
    ['no number', [fragment('total=3')], 'usage'],
    ['number 0', [fragment('number=0; total=3')], 'usage'],
    ['another type', [parseMessage(crlf('Content-Type: text/plain', ''))], 'usage'],
    ['a total of a billion', [fragment('number=1; total=999999999')], 'mime-incomplete'],
  ])('%s', (_, fragments, code) => {
    expect(codeOf(() => joinPartialMessages(fragments))).toBe(code);
  });

  test('parameters', () => {
    expect(partialOf(three)).toEqual({ id: 'x', number: 3, total: 3 });
    expect(partialOf(two)).toEqual({ id: 'x', number: 2, total: undefined });
    expect(partialOf(fragment('number=1e3'))).toBeUndefined();
  });
});

describeCorpus('mimekit/partial', () => {
  test.each([
    ['message-partial', 3],
    ['rfc2046', 2],
  ])('%s, joined of %i', (name, count) => {
    for (const convert of [withCrlf, (octets: Uint8Array<ArrayBuffer>) => octets]) {
      const fragments = Array.from({ length: count }, (_, i) =>
        parseMessage(convert(readCorpus(`mimekit/partial/${name}.${i}.eml`))),
      );
      const joined = joinPartialMessages(fragments);
      expect(latin1(joined)).toBe(latin1(convert(readCorpus(`mimekit/partial/${name}.eml`))));
    }
  });
});
