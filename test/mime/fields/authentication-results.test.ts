import { describe, expect, test } from 'vitest';
import { parseAuthenticationResults } from '../../../src/mime/fields/authentication-results.js';
import { expectLinear } from '../../support/linear-time.js';

/** `method=result type.name=value …` of each. */
function shown(value: string): string[] {
  return parseAuthenticationResults(value).results.map(({ method, version, result, reason, properties }) =>
    [
      `${method}${version === 1 ? '' : `/${version}`}=${result}`,
      ...(reason === undefined ? [] : [`reason=${reason}`]),
      ...properties.map((each) => `${each.type}.${each.name}=${each.value}`),
    ].join(' '),
  );
}

describe('well-formed fields', () => {
  // The first ones are those of RFC 8601, appendix B.
  test.each([
    ['example.org 1; none', 'example.org', []],
    [
      'example.com; spf=pass smtp.mailfrom=example.net',
      'example.com',
      ['spf=pass smtp.mailfrom=example.net'],
    ],
    [
      'example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net',
      'example.com',
      ['auth=pass smtp.auth=sender@example.net', 'spf=pass smtp.mailfrom=example.net'],
    ],
    [
      'example.com; dkim=pass reason="good signature"\r\n header.i=@mail-router.example.net; dkim=fail reason="bad signature" header.i=@newyork.example.com',
      'example.com',
      [
        'dkim=pass reason=good signature header.i=@mail-router.example.net',
        'dkim=fail reason=bad signature header.i=@newyork.example.com',
      ],
    ],
    [
      "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462",
      'foo.example.net',
      ['dkim=fail policy.expired=1362471462'],
    ],
    ['"mx example"; dkim=pass header.b="ab c"', 'mx example', ['dkim=pass header.b=ab c']],
    ['a; DKIM/2=Pass Header.D=Example.NET', 'a', ['dkim/2=pass header.d=Example.NET']],
    ['a; spf=pass smtp.mailfrom="b c"@d.example', 'a', ['spf=pass smtp.mailfrom=b c@d.example']],
    ['a; dkim=pass header.b=xyz=', 'a', ['dkim=pass header.b=xyz=']],
    ['a', 'a', []],
    ['a;', 'a', []],
  ])('%s', (value, authservId, expected) => {
    expect(shown(value)).toEqual(expected);
    expect(parseAuthenticationResults(value)).toMatchObject({ authservId, version: 1, defects: [] });
  });

  test('comments are told with their result', () => {
    const { results } = parseAuthenticationResults('a (x); dkim=pass (2048 (bits)) header.d=b (y); spf=none');
    expect(results.map(({ comments }) => comments)).toEqual([['2048 (bits)', 'y'], []]);
  });
});

describe('fields with something wrong', () => {
  test.each([
    ['spf=pass smtp.mailfrom=b; dkim=none', '', ['spf=pass smtp.mailfrom=b', 'dkim=none']],
    ['a x; spf=pass', 'a', ['spf=pass']],
    ['a; spf; dkim=pass', 'a', ['dkim=pass']],
    ['a; none of it; dkim=pass', 'a', ['dkim=pass']],
    ['a; dkim=pass junk header.d=b', 'a', ['dkim=pass header.d=b']],
    ['a; dkim=pass bare=b', 'a', ['dkim=pass']],
    ['a; =pass; dkim=fail', 'a', ['dkim=fail']],
    ['a; dkim=pass (open header.d=b', 'a', ['dkim=pass header.d=b']],
    ['', '', []],
    ['; dkim=pass', '', ['dkim=pass']],
  ])('%s', (value, authservId, expected) => {
    expect(shown(value)).toEqual(expected);
    const parsed = parseAuthenticationResults(value);
    expect(parsed.authservId).toBe(authservId);
    expect(parsed.defects.map(({ code }) => code)).toEqual(['authentication-results-malformed']);
  });
});

test('results and properties count as parameters do', () => {
  const value = 'a; b=c d.e=f; g=h';
  expect(() => parseAuthenticationResults(value, { limits: { parameters: 2 } })).toThrow(
    expect.objectContaining({ code: 'limit-parameters', offset: 14 }),
  );
  const parsed = parseAuthenticationResults(value, { limits: { parameters: 1 }, onLimit: 'truncate' });
  expect(parsed.results.map(({ method, properties }) => [method, properties.length])).toEqual([['b', 0]]);
  expect(parsed.defects.map(({ code }) => code)).toEqual(['limit-parameters']);
});

test.each([
  ['results', ';a=b'],
  ['properties', ' a.b=c'],
  ['semicolons', ';'],
  ['open comments', '('],
  ['comments', '(a)'],
  ['open quotes', '"'],
  ['equals signs', '='],
  ['slashes', '/'],
  ['dots', ' .'],
])('many %s cost linear time', (_, piece) => {
  expectLinear((size) => {
    const value = `a; b=c${piece.repeat(size / piece.length)}`;
    return () => parseAuthenticationResults(value, { limits: { parameters: size } });
  }, 60_000);
});
