import { describe, expect, test } from 'vitest';
import { withoutLegacyHtml, withoutLegacyText } from '../../../src/mime/bodies/legacy-display.js';
import { readableContent } from '../../../src/mime/bodies/readable-content.js';
import { parseMessage } from '../../../src/mime/message.js';
import { cheapest } from '../../support/cpu-time.js';
import { expectLinear } from '../../support/linear-time.js';

const element = '<div class="header-protection-legacy-display"><pre>Subject: s</pre></div>';
const opening = '<body><div class="header-protection-legacy-display">';

describe('the copy of header fields in HTML (RFC 9788 §4.5.3.3)', () => {
  test.each([
    [`<html><body>${element}<p>x</p></body></html>`, '<html><body><p>x</p></body></html>'],
    [`<BODY\nclass="a>b">\n ${element}<p>x</p>`, '<BODY\nclass="a>b"><p>x</p>'],
    [`${element}x`, 'x'],
    [
      `<body>${element.replace('<pre>', '<div title="</div>"><pre>').replace(/<.div>$/, '</div></div >')}x`,
      '<body>x',
    ],
    ['<body><div class=header-protection-legacy-display>a</div>x', '<body>x'],
  ])('%j', (html, shown) => {
    expect(withoutLegacyHtml(html)).toBe(shown);
  });

  test.each([
    `<body>x${element}`,
    `${opening}never closed`,
    `${opening}<div><div `,
    `<bodyguard>x${element}`,
    '<body ',
    '',
  ])('%j has none', (html) => {
    expect(withoutLegacyHtml(html)).toBe(html);
  });
});

describe('the copy of header fields in plain text (RFC 9788 §4.5.3.2)', () => {
  test.each([
    ['Subject: s\r\n\r\nx', 'x'],
    ['Subject: s\n \t\nx\n\ny', 'x\n\ny'],
    ['\r\nx', 'x'],
    [`a\n${' '.repeat(5000)}\nx`, 'x'],
    ['Subject: s\r\nx\r\n', 'Subject: s\r\nx\r\n'],
    ['a\n \r', 'a\n \r'],
    ['', ''],
  ])('case %#', (text, shown) => {
    expect(withoutLegacyText(text)).toBe(shown);
  });
});

describe('what hides nothing costs little', () => {
  const cases: readonly [string, (size: number) => string, (text: string) => string][] = [
    ['<body without end', (size) => '<body '.repeat(size / 6), withoutLegacyHtml],
    ['<div without end', (size) => opening + '<div '.repeat(size / 5), withoutLegacyHtml],
    ['</div without end', (size) => opening + '</div '.repeat(size / 6), withoutLegacyHtml],
    ['quotes without end', (size) => opening + '<div a="'.repeat(size / 8), withoutLegacyHtml],
    ['open elements', (size) => opening + '<div>'.repeat(size / 5), withoutLegacyHtml],
    [
      'lines that begin with blanks',
      (size) => `a\n${' '.repeat(998)}`.repeat(size / 1000),
      withoutLegacyText,
    ],
    ['blanks', (size) => ' '.repeat(size), withoutLegacyText],
    ['CR', (size) => '\r'.repeat(size), withoutLegacyText],
  ];

  test.each(cases)('%s: linear', (_, make, strip) => {
    expectLinear((size) => {
      const text = make(size);
      return () => void strip(text);
    }, 200_000);
  });

  // A tag that had its whole limit looked through anew took three hundred times as long as looking at each character.
  test.each(cases)('%s: no more than some looks at each character', (_, make, strip) => {
    const text = make(400_000);
    const look = (): void => {
      let sum = 0;
      for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
      expect(sum).toBeGreaterThan(0);
    };
    look();
    const once = Math.max(cheapest(look, 3), 0.5);
    expect(cheapest(() => void strip(text), 3) / once).toBeLessThan(60);
  });
});

test('the text is cut once, however often it is asked for', () => {
  const message = parseMessage(
    new TextEncoder().encode(`Content-Type: text/html; hp-legacy-display=1\r\n\r\n<body>${element}x`),
  );
  const content = readableContent(message, { withoutLegacyDisplay: true });
  expect([content.html, content.html, content.text]).toEqual(['<body>x', '<body>x', 'x']);
  expect(readableContent(message).html).toContain('Subject: s');
});
