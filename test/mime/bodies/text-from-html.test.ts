import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textFromHtml, withoutReferences } from '../../../src/mime/bodies/text-from-html.js';
import { expectLinear } from '../../support/linear-time.js';

describe('textFromHtml', () => {
  test.each([
    ['tags', '<b>one</b> <i>two</i>', 'one two'],
    ['blanks', '  one \r\n\t two  ', 'one two'],
    ['blanks between tags', '<b>one </b><i> two</i>', 'one two'],
    ['lines', '<div>one</div><div>two</div>three', 'one\ntwo\nthree'],
    ['paragraphs', '<p>one</p><p>two</p>', 'one\n\ntwo\n'],
    ['breaks', 'one<br>two<BR/>three<br><br><br>four', 'one\ntwo\nthree\n\nfour'],
    ['a table', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc\n'],
    ['a list', '<ul><li>one</li><li>two</li></ul>', 'one\ntwo\n'],
    ['pre', '<pre>a  b\n c</pre>d', 'a  b\n c\nd'],
    ['script and style', 'a<script>if (1 < 2) "</p>"</script>b<style>p > a {}</style>c', 'abc'],
    ['title and head', '<head><title>t</title><meta charset=x></head>body', 'body'],
    ['header is no head', '<header>top</header>', 'top\n'],
    ['a comment', 'a<!-- <p> > -->b<!doctype html><![if x]>c', 'abc'],
    ['a conditional comment', '<!--[if mso]><p>hidden</p><![endif]-->shown', 'shown'],
    ['references', '&lt;a&gt; &amp;amp; &eacute;&#233;&#xE9;&#150;&nbsp;&apos;&hearts;', "<a> &amp; ééé– '♥"],
    ['a sign that opens nothing', '1 < 2 and 3 <4', '1 < 2 and 3 <4'],
    ['a tag that is not closed', 'a<b', 'a'],
    ['a script that is not closed', 'a<script>b', 'a'],
    ['an attribute with a sign', '<a href="x">y</a>', 'y'],
    ['nothing', '', ''],
  ])('%s', (_, html, text) => {
    expect(textFromHtml(html)).toBe(text);
  });

  test('references that stand for nothing stay, or become U+FFFD', () => {
    expect(withoutReferences('&nothing; &; & &#; &#0; &#xd800; &#x110000; &#9999999;')).toBe(
      '&nothing; &; & &#; \ufffd \ufffd \ufffd \ufffd',
    );
    expect(withoutReferences('&Eacute;&eacute;&amp')).toBe('Éé&');
  });

  test('of any text without markup the words stay', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^\s<>&\u00a0]{1,8}$/)), (words) => {
        expect(textFromHtml(words.join(' \n')).split(/\s+/).join(' ').trim()).toBe(words.join(' ').trim());
      }),
    );
  });

  test.each([
    '<',
    '<!--',
    '<p>',
    '<p',
    '<script>',
    '<script></script>',
    '&',
    '&#1;',
    '<br>',
    ' ',
    '<pre>',
    '<td>a',
  ])('in linear time: %j', (piece) => {
    expectLinear((size) => {
      const html = piece.repeat(size / piece.length);
      return () => void textFromHtml(html);
    }, 100_000);
  });
});
