import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReadableOptions, readableContent } from '../../../src/mime/bodies/readable-content.js';
import { leavesOf, PartReferences, relatedRoot } from '../../../src/mime/bodies/related.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { crlf, latin1, leaf, multi, octets } from '../../support/mime.js';

function read(lines: string[], options?: ReadableOptions) {
  const content = readableContent(parseMessage(crlf(...lines)), options);
  return {
    text: content.text,
    html: content.html,
    inline: content.inline.map((file) => file.filename ?? file.contentId ?? file.mediaType),
    attachments: content.attachments.map((file) => file.filename ?? file.contentId ?? file.mediaType),
  };
}

const plain = leaf('text/plain', 'plain');
const html = leaf('text/html', '<b>html</b>');
const pdf = leaf('application/pdf', '%PDF', 'Content-Disposition: attachment; filename=a.pdf');
const image = (id: string, ...fields: string[]) => leaf('image/png', 'png', `Content-ID: <${id}>`, ...fields);

describe('readableContent', () => {
  test.each<[string, string[], object]>([
    ['text alone', ['Subject: x', '', 'plain'], { text: 'plain\r\n' }],
    ['HTML alone', html, { text: 'html', html: '<b>html</b>\r\n' }],
    ['alternatives', multi('alternative', 'b', plain, html), { text: 'plain', html: '<b>html</b>' }],
    [
      'alternatives within mixed, with a file',
      multi('mixed', 'm', multi('alternative', 'b', plain, html), pdf),
      { text: 'plain', html: '<b>html</b>', attachments: ['a.pdf'] },
    ],
    [
      'HTML with a picture that it shows',
      multi('related', 'r', leaf('text/html', '<img src="cid:a">'), image('a'), pdf),
      { text: '', html: '<img src="cid:a">', inline: ['a'], attachments: ['a.pdf'] },
    ],
    [
      'a picture that the HTML does not show is a file',
      multi('related', 'r', html, image('a', 'Content-Disposition: inline; filename=photo.png')),
      { text: 'html', html: '<b>html</b>', attachments: ['photo.png'] },
    ],
    [
      'a picture that is shown stands beside the HTML in mixed, as an attachment',
      multi(
        'mixed',
        'm',
        leaf('text/html', "<img src='cid:a@b'>"),
        image('a@b', 'Content-Disposition: attachment'),
      ),
      { text: '', html: "<img src='cid:a@b'>", inline: ['a@b'] },
    ],
    [
      'related within alternative',
      multi(
        'alternative',
        'b',
        plain,
        multi('related', 'r', leaf('text/html', '<img src=cid:a>'), image('a')),
      ),
      { text: 'plain', html: '<img src=cid:a>', inline: ['a'] },
    ],
    [
      'start names the root',
      multi(
        'related; start="<root>"',
        'r',
        image('a'),
        leaf('text/html', '<img src="cid:a">', 'Content-ID: <root>'),
      ),
      { text: '', html: '<img src="cid:a">', inline: ['a'] },
    ],
    [
      'photos between texts, named and not',
      multi(
        'mixed',
        'm',
        plain,
        leaf('image/jpeg; name=1.jpg', 'x', 'Content-Disposition: inline'),
        leaf('image/gif', 'x'),
        plain,
      ),
      { text: 'plain\nplain', inline: ['image/gif'], attachments: ['1.jpg'] },
    ],
    [
      'a text file is attached',
      multi('mixed', 'm', plain, leaf('text/plain; name=log.txt', 'log'), leaf('text/x-diff', 'diff')),
      { text: 'plain', attachments: ['log.txt', 'text/x-diff'] },
    ],
    [
      'the footer of a mailing list',
      multi('mixed', 'm', html, leaf('text/plain', 'a <b> footer')),
      {
        text: 'html\na <b> footer',
        html: '<b>html</b>\n<pre style="white-space: pre-wrap">a &lt;b&gt; footer</pre>',
      },
    ],
    [
      'an invitation',
      multi('alternative', 'b', plain, html, leaf('text/calendar; method=REQUEST', 'BEGIN:VCALENDAR')),
      { text: 'plain', html: '<b>html</b>', attachments: ['text/calendar'] },
    ],
    [
      'a forwarded message is a file, and its text is its own',
      multi('mixed', 'm', plain, leaf('message/rfc822', 'Subject: inner\r\n\r\ninner')),
      { text: 'plain', attachments: ['message/rfc822'] },
    ],
    [
      'a signed message',
      multi(
        'signed',
        's',
        multi('alternative', 'b', plain, html),
        leaf('application/pkcs7-signature; name=smime.p7s', 'MII'),
      ),
      { text: 'plain', html: '<b>html</b>', attachments: ['smime.p7s'] },
    ],
    [
      'without start the type names the root',
      multi('related; type="text/html"', 'r', image('a'), leaf('text/html', '<img src="cid:a">')),
      { text: '', html: '<img src="cid:a">', inline: ['a'] },
    ],
    [
      'a file whose type cannot be read',
      multi('mixed', 'm', leaf('application-x-gzip; name=a.gz', 'x'), plain),
      { text: 'plain', attachments: ['a.gz'] },
    ],
    [
      'a multipart without parts',
      ['Content-Type: multipart/mixed; boundary=b', '', 'text'],
      { text: 'text\r\n' },
    ],
    ['an empty text is a text', ['Content-Type: text/plain', ''], { text: '' }],
    ['nothing to read', leaf('application/pdf; name=a.pdf', ''), { attachments: ['a.pdf'] }],
    [
      'a text that is all of the message, and attached',
      leaf('text/plain', 'x', 'Content-Disposition: attachment'),
      { attachments: ['text/plain'] },
    ],
    ['format=flowed', leaf('text/plain; format=Flowed; delsp=Yes', 'one \r\ntwo'), { text: 'onetwo\r\n' }],
    [
      'Content-Location',
      multi(
        'related',
        'r',
        leaf('text/html', '<img src="http://a.test/b.png">'),
        leaf('image/png', 'x', 'Content-Location: http://a.test/', ' b.png'),
      ),
      { text: '', html: '<img src="http://a.test/b.png">', inline: ['image/png'] },
    ],
    [
      'a reference in a style, and an escaped one',
      multi(
        'related',
        'r',
        leaf('text/html', '<p style="background:url(\'cid:a\')"><img src="cid:b&amp;c">'),
        image('a'),
        image('b&c'),
      ),
      {
        text: '',
        html: '<p style="background:url(\'cid:a\')"><img src="cid:b&amp;c">',
        inline: ['a', 'b&c'],
      },
    ],
  ])('%s', (_, lines, expected) => {
    expect(read(lines)).toEqual({
      text: undefined,
      html: undefined,
      inline: [],
      attachments: [],
      ...expected,
    });
  });

  test('uuencoded files within the text, when asked for', () => {
    const lines = ['Content-Type: text/plain', '', 'Hi', 'begin 644 cat.txt', '#0V%T', '`', 'end', 'Bye'];
    expect(read(lines)).toMatchObject({ attachments: [] });
    expect(read(lines, { uuencode: true })).toMatchObject({
      text: 'Hi\r\nBye\r\n',
      attachments: ['cat.txt'],
    });
    const [file] = readableContent(parseMessage(crlf(...lines)), { uuencode: true }).attachments;
    expect(latin1(file!.content())).toBe('Cat');
    expect([file!.isUnpacked, file!.mediaType, file!.part.path]).toEqual([
      true,
      'application/octet-stream',
      '',
    ]);
  });

  test('format=flowed is kept when asked for', () => {
    const lines = leaf('text/plain; format=flowed', 'one \r\ntwo');
    expect(read(lines, { unflow: false }).text).toBe('one \r\ntwo\r\n');
  });

  test('resolves what the HTML refers to', () => {
    const page = leaf('text/html', '<img src="cid:a">');
    const content = readableContent(parseMessage(crlf(...multi('related', 'r', page, image('a'), pdf))));
    expect(content.resolve('cid:a')).toBe(content.inline[0]);
    expect(content.resolve('cid:b')).toBeUndefined();
    expect(content.resolve('https://a.example/')).toBeUndefined();
  });

  test('attachments give what parts give', () => {
    const content = readableContent(parseMessage(crlf(...multi('mixed', 'm', plain, pdf))));
    const [file] = content.attachments;
    expect([file!.isUnpacked, file!.mediaType, file!.contentId, latin1(file!.content())]).toEqual([
      false,
      'application/pdf',
      undefined,
      '%PDF',
    ]);
    expect(content.attachments).toBe(content.attachments);
  });
});

describe('multipart/related', () => {
  test('references', () => {
    const message = parseMessage(
      crlf(
        ...multi(
          'mixed',
          'm',
          html,
          image('a%b'),
          image('a%b'),
          image('c'),
          leaf('message/rfc822', 'Content-ID: <x>\r\n\r\n'),
        ),
      ),
    );
    const references = new PartReferences(message);
    expect(references.resolve('cid:a%b')).toBe(message.parts[1]);
    expect(references.resolve('CID:a%25b')).toBe(message.parts[1]);
    expect(references.resolve('cid:%63')).toBe(message.parts[3]);
    expect(references.resolve('cid:x')).toBeUndefined();
    expect(references.resolve('cid:')).toBeUndefined();
    expect(references.resolve('')).toBeUndefined();
  });

  test('a start that names nothing', () => {
    const message = parseMessage(crlf(...multi('related; start=none', 'r', html, image('a'))));
    expect(relatedRoot(message)).toBe(message.parts[0]);
    expect(
      relatedRoot(parseMessage(crlf('Content-Type: multipart/related; boundary=b', ''))),
    ).toBeUndefined();
  });
});

describe('of any message', () => {
  test('in linear time: many texts', () => {
    expectLinear((size) => {
      const body = `--b\r\n\r\n${'x'.repeat(200)}\r\n`.repeat(size);
      const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}--b--\r\n`;
      const message = parseMessage(octets(text), { limits: { parts: 1_000_000 } });
      return () => readableContent(message).text;
    }, 1_000);
  });

  test('however many alternatives it has', () => {
    const parts = '--b\r\nContent-Type: text/html\r\n\r\nx\r\n'.repeat(200_000);
    const text = `Content-Type: multipart/alternative; boundary=b\r\n\r\n${parts}--b--\r\n`;
    const message = parseMessage(octets(text), { limits: { parts: 1_000_000 } });
    expect(readableContent(message).textBody).toHaveLength(200_000);
  });

  const line = fc.constantFrom(
    ...[
      'Content-Type: multipart/alternative; boundary=a',
      'Content-Type: multipart/related; boundary=r; start=x',
    ],
    ...[
      'Content-Type: multipart/mixed; boundary=m',
      'Content-Type: text/html',
      'Content-Type: text/plain; name=x',
    ],
    ...[
      'Content-Type: image/png',
      'Content-Type: message/rfc822',
      'Content-ID: <x>',
      'Content-Disposition: attachment',
    ],
    ...['', '', '', '--a', '--r', '--m', '--a--', '<img src="cid:x">', 'begin 644 x', '#0V%T', 'end'],
  );

  test('every part that is no multipart is text, inline or attached, in one place only', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.boolean(), (lines, uuencode) => {
        const message = parseMessage(crlf(...lines));
        const content = readableContent(message, { uuencode });
        const texts = new Set(
          [...content.textBody, ...content.htmlBody].filter((part) => part.contentType.type !== 'image'),
        );
        const files = [...content.inline, ...content.attachments].filter((file) => !file.isUnpacked);
        const all = [...texts, ...files.map((file) => file.part)];
        expect(new Set(all).size).toBe(all.length);
        expect(new Set(all)).toEqual(new Set(leavesOf(message)));
        expect(typeof content.text === 'string' || content.text === undefined).toBe(true);
        expect(typeof content.html === 'string' || content.html === undefined).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('in linear time: many parts that HTML refers to', () => {
    expectLinear((size) => {
      const count = size / 100;
      const names = Array.from({ length: count }, (_, i) => `n${i}`);
      const page = leaf('text/html', names.map((name) => `<img src="cid:${name}">`).join(''));
      const source = crlf(...multi('related', 'r', page, ...names.map((name) => image(name))));
      return () => void readableContent(parseMessage(source, { limits: { parts: 1e6 } })).inline.length;
    }, 50_000);
  });

  test.each(['="', "='", 'url(', '=cid:x ', '= ', '<img src="cid:x">'])(
    'in linear time: HTML of %j',
    (piece) => {
      expectLinear((size) => {
        const page = leaf('text/html', piece.repeat(size / piece.length));
        const message = parseMessage(octets(multi('related', 'r', page, image('x')).join('\n')));
        return () => void readableContent(message).inline.length;
      }, 100_000);
    },
  );

  test('nested 5,000 deep', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => [
      `Content-Type: multipart/mixed; boundary=b${i}`,
      '',
      `--b${i}`,
    ]);
    const message = parseMessage(crlf(...lines.flat(), '', 'deep'), { limits: { depth: 10_000 } });
    expect(readableContent(message).text).toBe('deep\r\n');
  });
});
