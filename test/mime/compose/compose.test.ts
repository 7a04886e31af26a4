import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { readableContent } from '../../../src/mime/bodies/readable-content.js';
import { composeEntity, composeMessage } from '../../../src/mime/compose/compose.js';
import type { MessageContent } from '../../../src/mime/compose/compose-content.js';
import type { ComposeOptions } from '../../../src/mime/compose/compose-options.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import { latin1, octets } from '../../support/mime.js';

/** Sources that give the same at each run: octets that count up, and one moment. */
function fixed(): ComposeOptions {
  let next = 0;
  return {
    random: (length) => Uint8Array.from({ length }, () => next++ & 0xff),
    now: () => new Date('2026-11-22T04:38:09.500Z'),
  };
}

const base: MessageContent = { from: 'Alice <alice@example.jp>', to: 'bob@example.jp', subject: 'Minutes' };

function composed(content: Partial<MessageContent>, options: ComposeOptions = {}): string {
  return latin1(composeMessage({ ...base, ...content }, { ...fixed(), ...options }));
}

function parsed(content: Partial<MessageContent>, options: ComposeOptions = {}): Part {
  const message = parseMessage(octets(composed(content, options)));
  expect([...message.walk()].flatMap((part) => part.defects)).toEqual([]);
  return message;
}

/** `type (type, type)`, so that a structure is read at a glance. */
function structure(part: Part): string {
  const { mediaType } = part.contentType;
  return part.parts.length === 0 ? mediaType : `${mediaType}(${part.parts.map(structure).join(', ')})`;
}

function refusal(act: () => unknown): MailsealError {
  try {
    act();
  } catch (error) {
    if (error instanceof MailsealError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a message of text', () => {
  test('is what one would write by hand', () => {
    expect(composed({ text: 'Two at nine.\nBye' })).toBe(
      [
        'Date: Sun, 22 Nov 2026 04:38:09 +0000',
        'From: Alice <alice@example.jp>',
        'To: bob@example.jp',
        'Subject: Minutes',
        'Message-ID: <000102030405060708090a0b0c0d0e0f@example.jp>',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'Two at nine.',
        'Bye',
        '',
      ].join('\r\n'),
    );
  });

  test('has its date from `date` before `now`, and needs one of them', () => {
    const date = new Date('2027-01-02T03:04:05Z');
    const text = composed({ date, dateOffset: 540 });
    expect(text).toContain('Date: Sat, 02 Jan 2027 12:04:05 +0900\r\n');
    expect(composed({ date, dateOffset: -210 })).toContain('Date: Fri, 01 Jan 2027 23:34:05 -0330\r\n');
    expect(refusal(() => composeMessage(base, { now: 5 } as unknown as ComposeOptions)).code).toBe('usage');
    const error = refusal(() => composeMessage(base));
    expect([error.code, error.fault]).toEqual(['usage', 'usage']);
    expect(error.message).toContain('date');
  });

  test.each([
    ['plain lines', 'a\r\nb\r\n', '7bit'],
    ['a trailing blank', 'a \r\nb', 'quoted-printable'],
    ['a trailing tab at the end', 'a\r\nb\t', 'quoted-printable'],
    ['From at the start of a line', 'a\r\nFrom here', 'quoted-printable'],
    ['From that was quoted', 'a\r\n>From here', 'base64'],
    ['a dot at the start of a line', '.', 'quoted-printable'],
    ['a line of 78', 'x'.repeat(78), '7bit'],
    ['a line of 79', 'x'.repeat(79), 'quoted-printable'],
    ['a few characters above ASCII', 'A café, and then some more.', 'quoted-printable'],
    ['many characters above ASCII', 'こんにちは', 'base64'],
    ['a NUL', 'a\0b', 'quoted-printable'],
  ])('with %s takes the cheapest encoding that is safe', (_, text, encoding) => {
    const message = parsed({ text });
    expect(message.transferEncoding).toBe(encoding);
    expect(message.text()).toBe(text.endsWith('\r\n') ? text : `${text}\r\n`);
  });

  test('goes as 8bit where that is allowed', () => {
    const message = parsed({ text: 'こんにちは' }, { transport: '8bit' });
    expect(message.transferEncoding).toBe('8bit');
    expect(message.text()).toBe('こんにちは\r\n');
    const around = parsed({ text: 'あ', attachments: [{ content: octets('x') }] }, { transport: '8bit' });
    expect(around.transferEncoding).toBe('8bit');
    expect(parsed({ text: 'A café \r\n' }, { transport: '8bit' }).transferEncoding).toBe('quoted-printable');
  });

  test('may be empty', () => {
    expect(parsed({ text: '' }).text()).toBe('');
    expect(structure(parsed({}))).toBe('text/plain');
  });

  test('in ISO-2022-JP', () => {
    const message = parsed({ subject: '日本語の件名', text: 'こんにちは\n', charset: 'iso-2022-jp' });
    expect(message.contentType.parameters.get('charset')).toBe('iso-2022-jp');
    expect(message.transferEncoding).toBe('7bit');
    expect(message.text()).toBe('こんにちは\r\n');
    expect(message.headers.get('subject')?.text).toBe('日本語の件名');
    expect(latin1(message.headers.get('subject')!.raw)).toBe(
      'Subject: =?iso-2022-jp?B?GyRCRnxLXDhsJE43b0w+GyhC?=\r\n',
    );
  });

  test('takes the first charset that has the characters, text by text', () => {
    const message = parsed({ subject: '件名', text: '絵文字 🍣', charset: ['iso-2022-jp', 'utf-8'] });
    expect(latin1(message.headers.get('subject')!.raw)).toContain('=?iso-2022-jp?B?');
    expect(message.contentType.parameters.get('charset')).toBe('utf-8');
    const error = refusal(() => composed({ text: '🍣', charset: 'iso-2022-jp' }));
    expect([error.code, error.offset]).toEqual(['charset-unencodable', 0]);
    expect(refusal(() => composed({ text: 'a\ud800' })).code).toBe('charset-unencodable');
  });
});

describe('the structure', () => {
  const file = { content: octets('a\0b'), filename: 'a.bin' };
  const logo = { content: octets('GIF'), contentType: 'image/gif', contentId: 'logo@example.jp' };
  const html = '<p>x <img src="cid:logo@example.jp">';
  test.each<[string, Partial<MessageContent>, string]>([
    ['text', { text: 'x' }, 'text/plain'],
    ['html', { html }, 'text/html'],
    ['both', { text: 'x', html }, 'multipart/alternative(text/plain, text/html)'],
    ['html and images', { html, inline: [logo] }, 'multipart/related(text/html, image/gif)'],
    [
      'both and images',
      { text: 'x', html, inline: [logo] },
      'multipart/alternative(text/plain, multipart/related(text/html, image/gif))',
    ],
    ['text and images', { text: 'x', inline: [logo] }, 'multipart/mixed(text/plain, image/gif)'],
    ['a file', { attachments: [file] }, 'multipart/mixed(application/octet-stream)'],
    [
      'everything',
      { text: 'x', html, inline: [logo], attachments: [file, file] },
      'multipart/mixed(multipart/alternative(text/plain, multipart/related(text/html, image/gif)), application/octet-stream, application/octet-stream)',
    ],
    [
      'a calendar',
      {
        text: 'x',
        html,
        alternatives: [{ content: 'BEGIN:VCALENDAR', contentType: 'text/calendar; method=REQUEST' }],
      },
      'multipart/alternative(text/plain, text/html, text/calendar)',
    ],
  ])('of %s', (_, content, expected) => {
    expect(structure(parsed(content))).toBe(expected);
  });

  test('of an entity alone, which has no fields of a message', () => {
    const entity = composeEntity({ text: 'x', attachments: [file] }, fixed());
    const part = parseMessage(entity);
    expect([...part.headers].map((field) => field.name)).toEqual(['Content-Type']);
    expect(structure(part)).toBe('multipart/mixed(text/plain, application/octet-stream)');
    const whole = composeMessage({ ...base, entity }, fixed());
    const message = parseMessage(whole);
    expect(structure(message)).toBe(structure(part));
    expect(latin1(message.bodyBytes)).toBe(latin1(part.bodyBytes));
  });

  test('has no boundary twice, and none that stands in the content', () => {
    const message = parsed({ text: '--=_00\r\n--=_01', html, inline: [logo], attachments: [file] });
    const boundaries = [...message.walk()].flatMap(
      (part) => part.contentType.parameters.get('boundary') ?? [],
    );
    expect(new Set(boundaries).size).toBe(3);
    const error = refusal(() =>
      composeMessage(
        { ...base, text: 'x', html, attachments: [file] },
        { ...fixed(), random: (n) => new Uint8Array(n) },
      ),
    );
    expect(error.code).toBe('usage');
  });
});

describe('what people see', () => {
  test('is text, HTML, images and files', () => {
    const message = parsed({
      text: 'plain',
      html: '<img src="cid:a@b">',
      inline: [{ content: octets('GIF'), contentType: 'image/gif', contentId: 'a@b' }],
      attachments: [{ content: octets('x'), filename: '表.csv', contentType: 'text/csv' }],
    });
    const seen = readableContent(message);
    expect(seen.text?.trimEnd()).toBe('plain');
    expect(seen.html?.trimEnd()).toBe('<img src="cid:a@b">');
    expect(seen.inline.map((each) => each.contentId)).toEqual(['a@b']);
    expect(seen.attachments.map((each) => each.filename)).toEqual(['表.csv']);
  });
});

describe('attachments', () => {
  test('keep every octet', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const message = parsed({
      attachments: [
        { content: all },
        { content: octets('a\nb \rc\r\n'), contentType: 'text/csv' },
        { content: 'かな\n', filename: 'kana.txt', contentType: 'text/plain' },
      ],
    });
    expect(message.parts.map((part) => latin1(part.content()))).toEqual([
      latin1(all),
      'a\nb \rc\r\n',
      latin1(new TextEncoder().encode('かな\n')),
    ]);
    expect(message.parts[2]!.text()).toBe('かな\n');
    expect(message.parts.map((part) => part.contentDisposition?.type)).toEqual(Array(3).fill('attachment'));
  });

  test.each([
    'report.pdf',
    'a b; "c".txt',
    '議事録.pdf',
    `${'とても長い名前'.repeat(20)}.txt`,
    'a\tb',
    "l'été.txt",
    '%41.txt',
    '=?utf-8?Q?a?=',
  ])('have the name %j', (filename) => {
    const message = parsed({ attachments: [{ content: octets('x'), filename }] });
    expect(message.parts[0]!.filename).toBe(filename);
    expect(
      Math.max(
        ...latin1(message.source)
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(79);
  });

  test('have a plain name for old mailers on request', () => {
    const filename = `${'議事録と資料'.repeat(8)}.pdf`;
    const message = parsedLoose({ attachments: [{ content: octets('x'), filename }], plainNames: true });
    expect(message.parts[0]!.contentType.parameters.get('name')).toBe(filename);
    expect(latin1(message.parts[0]!.headerBytes)).toContain('name="=?utf-8?B?');
  });

  test('have names in ISO-2022-JP where the message is', () => {
    const filename = '日本語の名前のとても長いファイル名の例.txt';
    const message = parsed({ attachments: [{ content: octets('x'), filename }], charset: 'iso-2022-jp' });
    const parameter = message.parts[0]!.contentDisposition!.parameters.all[0]!;
    expect([parameter.charset, parameter.value]).toEqual(['iso-2022-jp', filename]);
  });

  test('that are messages are not encoded, or are message/global', () => {
    const safe = octets('Subject: a\r\n\r\nb\r\n');
    const unsafe = octets('Subject: a\r\n\r\n-- \r\nb\xe9\n');
    const message = parseMessage(
      composeMessage(
        {
          ...base,
          attachments: [
            { content: safe, contentType: 'message/rfc822' },
            { content: unsafe, contentType: 'message/rfc822' },
          ],
        },
        fixed(),
      ),
    );
    expect(message.parts[0]!.parts[0]!.headers.get('subject')?.value).toBe('a');
    expect(message.parts[1]!.contentType.mediaType).toBe('message/global');
    expect(latin1(message.parts[1]!.content())).toBe(latin1(unsafe));
  });

  test('carry id, description and fields of their own', () => {
    const [part] = parsed({
      attachments: [
        {
          content: octets('x'),
          contentId: '<a@b>',
          description: '説明',
          headers: [['X-Origin', 'scanner 2']],
        },
      ],
    }).parts;
    expect(part!.headers.get('content-id')?.value).toBe('<a@b>');
    expect(part!.headers.get('content-description')?.text).toBe('説明');
    expect(part!.headers.get('x-origin')?.value).toBe('scanner 2');
  });
});

function parsedLoose(content: Partial<MessageContent>, options: ComposeOptions = {}): Part {
  return parseMessage(octets(composed(content, options)));
}

describe('nothing can start a header', () => {
  const unsafe = ['a\r\nBcc: x@y.test', 'a\nb', 'a\rb', 'a\0b'];
  const places: readonly [string, (value: string) => Partial<MessageContent>][] = [
    ['Subject', (subject) => ({ subject })],
    ['From', (name) => ({ from: { name, address: 'a@b.test' } })],
    ['From', (from) => ({ from })],
    ['From', (local) => ({ from: { address: `${local}@b.test` } })],
    ['To', (domain) => ({ to: [{ address: `a@${domain}` }] })],
    ['Cc', (name) => ({ cc: { name, members: [] } })],
    ['Message-ID', (messageId) => ({ messageId })],
    ['In-Reply-To', (id) => ({ inReplyTo: [id] })],
    ['References', (id) => ({ references: [id] })],
    ['X-Field', (value) => ({ headers: [['X-Field', value]] })],
    ['Content-Disposition', (filename) => ({ attachments: [{ content: '', filename }] })],
    ['Content-Type', (type) => ({ attachments: [{ content: '', contentType: `text/${type}` }] })],
    [
      'Content-Type',
      (value) => ({ attachments: [{ content: '', contentType: `text/plain; a="${value}"` }] }),
    ],
    ['Content-ID', (contentId) => ({ inline: [{ content: '', contentId }] })],
    ['Content-Description', (description) => ({ attachments: [{ content: '', description }] })],
  ];
  test.each(places)('from %s (%#)', (field, make) => {
    for (const value of unsafe) {
      for (const options of [{}, { eai: true }, { charset: 'iso-2022-jp' }] as const) {
        const error = refusal(() => composed({ ...make(value), ...options }));
        expect([error.code, error.fault]).toEqual(['mime-field-unsafe', 'usage']);
        expect(error.message).toContain(field);
        expect(error.offset).toBeTypeOf('number');
      }
    }
  });

  test.each(['', 'a b', 'a:b', 'a\r\nb', 'é', 'x'.repeat(80)])('from a name such as %j', (name) => {
    expect(refusal(() => composed({ headers: [[name, 'x']] })).code).toBe('mime-field-unsafe');
  });

  test('from what was misspelt or belongs elsewhere', () => {
    expect(refusal(() => composed({ headers: [['to', 'x@y.test']] })).code).toBe('usage');
    for (const wrong of [
      ...[
        { to: 5 },
        { to: null },
        { headers: {} },
        { headers: ['X: y'] },
        { headers: [['X', 5]] },
        { text: 5 },
      ],
      ...[{ attachments: {} }, { attachments: [null] }, { attachments: [{ content: 5 }] }, { inline: 'x' }],
      ...[
        { attachments: [{ content: '', fileName: 'x' }] },
        { references: 5 },
        { charset: 'latin1' },
        { charset: [] },
        { random: fixed().random },
        { cc: { name: 'x', members: 5 } },
      ],
      ...[
        { date: '2026' },
        { dateOffset: 0.5 },
        { date: new Date(Number.NaN) },
        { from: [] },
        { from: ['a@b', 'c@d'] },
      ],
      ...[
        { from: { name: 'x', members: [] } },
        { entity: octets('x') },
        { alternatives: [{ content: '', filename: 'x' }] },
      ],
      ...[
        { attachments: [{ content: '', contentType: 'pdf' }] },
        { attachments: [{ content: '', contentType: 'multipart/mixed' }] },
      ],
    ]) {
      expect([refusal(() => composed(wrong as Partial<MessageContent>)).fault, wrong]).toEqual([
        'usage',
        wrong,
      ]);
    }
    for (const wrong of [
      { charset: 'utf-8' },
      { transport: 'binary' },
      { random: () => new Uint8Array(1) },
      { random: 5 },
      { flow: true },
      null,
    ]) {
      expect(
        refusal(() => composeMessage({ ...base, date: new Date(0) }, wrong as ComposeOptions)).code,
      ).toBe('usage');
    }
    expect(refusal(() => composed({ atachments: [] } as Partial<MessageContent>)).message).toContain(
      'atachments',
    );
  });
});

describe('addresses', () => {
  test('are written so that they are read back', () => {
    const text = composed({
      from: { name: 'Müller, Jörg', address: 'j@example.de' },
      to: [
        { name: 'John Q. "Q" Public', address: 'john@example.com' },
        { address: '"a b"@example.com' },
        { name: 'Team', members: [{ address: 'x@example.com' }, 'Yuki <y@example.com>'] },
        { name: '', address: 'z..z@example.com' },
        { name: '=?utf-8?Q?no?=', address: 'w@[192.0.2.1]' },
      ],
    });
    expect(text).toContain('From: =?utf-8?B?TcO8bGxlciwgSsO2cmc=?= <j@example.de>\r\n');
    expect(text).toContain(
      [
        'To: "John Q. \\"Q\\" Public" <john@example.com>, "a b"@example.com, Team:',
        ' x@example.com, Yuki <y@example.com>;, "z..z"@example.com,',
        ' =?utf-8?B?PT91dGYtOD9RP25vPz0=?= <w@[192.0.2.1]>',
        '',
      ].join('\r\n'),
    );
  });

  test.each([
    '',
    'a',
    'a@',
    '@b',
    'a@b@c',
    'a b@c',
    'a@b c',
    'a@b, c@d',
    'x: a@b;',
    'a@b>',
    '<a@b> c',
    'あ@example.jp',
  ])('that are none are refused: %j', (to) => {
    const error = refusal(() => composed({ to }));
    expect([error.code, error.fault]).toEqual(['mime-address-malformed', 'usage']);
    expect(error.message).toContain('To');
    expect(refusal(() => composed({ to: { address: to } })).code).toBe('mime-address-malformed');
  });

  test('have international domains as A-labels', () => {
    expect(composed({ to: ['Taro <taro@例え.JP>', { address: 'a@bücher。example' }] })).toContain(
      'To: Taro <taro@xn--r8jz45g.jp>, a@xn--bcher-kva.example\r\n',
    );
    for (const domain of ['a@例え .jp', 'a@-é.jp', 'a@\u3002.jp', 'a@é<b>.jp', `a@${'é'.repeat(80)}.jp`]) {
      expect(refusal(() => composed({ to: { address: domain } })).code).toBe('mime-address-malformed');
    }
  });

  test('outside ASCII go as they are where asked for', () => {
    const bytes = composeMessage(
      {
        ...base,
        to: { name: '山田', address: '用户@例え.jp' },
        subject: '件名 =?utf-8?Q?x?=',
        messageId: 'あ@例え.jp',
        eai: true,
      },
      fixed(),
    );
    const message = parseMessage(bytes);
    expect(message.headers.get('to')?.value).toBe('山田 <用户@例え.jp>');
    expect(message.headers.get('subject')?.text).toBe('件名 =?utf-8?Q?x?=');
    expect(message.headers.get('message-id')?.value).toBe('<あ@例え.jp>');
  });
});

describe('fields', () => {
  test('of one’s own, in their order', () => {
    const message = parsed({
      headers: [
        ['X-One', '1'],
        ['X-Two', '二つ  目'],
        ['X-One', ' 3 '],
        ['List-Unsubscribe', '<https://example.com/?a=?b>, <mailto:u@example.com>'],
      ],
    });
    expect(message.headers.all('x-one').map((field) => field.text)).toEqual(['1', ' 3 ']);
    expect(message.headers.get('x-two')?.text).toBe('二つ  目');
    expect(message.headers.get('list-unsubscribe')?.value).toBe(
      '<https://example.com/?a=?b>, <mailto:u@example.com>',
    );
  });

  test('that cannot be folded are refused past 998 octets', () => {
    expect(composed({ headers: [['X-Long', 'x'.repeat(990)]] })).toContain('x'.repeat(990));
    const error = refusal(() => composed({ headers: [['X-Long', 'x'.repeat(1000)]] }));
    expect(error.code).toBe('mime-line-too-long');
    expect(error.message).toContain('X-Long');
  });

  test('with long words of text are divided all the same', () => {
    const subject = 'x'.repeat(2000);
    const message = parsed({ subject });
    expect(message.headers.get('subject')?.text).toBe(subject);
    expect(message.headers.get('subject')!.raw.length).toBeGreaterThan(2000);
  });

  test('with ids that are none are refused', () => {
    for (const references of ['a b', '<a', 'a>', '<a> b c', '<<a>>', '<a b>']) {
      expect(refusal(() => composed({ references })).code).toBe('mime-field-unsafe');
    }
    expect(composed({ references: '<a><b>  <c>' })).toContain('References: <a> <b> <c>\r\n');
  });

  test('with ids are folded between them', () => {
    const references = Array.from({ length: 20 }, (_, i) => `<${i}@a-long-name.example.jp>`);
    const message = parsed({ references, inReplyTo: references[19]! });
    expect(message.headers.get('references')?.value).toBe(references.join(' '));
    expect(message.headers.get('in-reply-to')?.value).toBe(references[19]);
  });
});

describe('format=flowed', () => {
  test('breaks long lines softly and keeps the blanks that say so', () => {
    const text = `${'word '.repeat(40)}end\n> ${'quote '.repeat(20)}end\n-- \n From\n`;
    const message = parsed({ text, flowed: true });
    expect(message.contentType.parameters.get('format')).toBe('flowed');
    expect(message.contentType.parameters.get('delsp')).toBeUndefined();
    expect(message.transferEncoding).toBe('quoted-printable');
    const lines = message.text().split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(79);
    expect(lines.filter((line) => line.startsWith('>')).every((line) => line.startsWith('> '))).toBe(true);
    expect(lines).toContain('-- ');
    expect(lines).toContain('  From');
  });

  test('deletes its blanks where there were none', () => {
    const text = 'こんにちは、世界。'.repeat(20);
    const message = parsed({ text, flowed: true, charset: 'iso-2022-jp' });
    expect(message.contentType.parameters.get('delsp')).toBe('yes');
    expect(message.text().replace(/ \r\n/g, '')).toBe(`${text}\r\n`);
  });
});
