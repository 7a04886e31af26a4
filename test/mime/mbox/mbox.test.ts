import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { readMbox } from '../../../src/mime/mbox/mbox.js';
import type { MboxEvent } from '../../../src/mime/mbox/mbox-event.js';
import type { MboxOptions } from '../../../src/mime/mbox/mbox-options.js';
import { MboxReader } from '../../../src/mime/mbox/mbox-reader.js';
import { MboxWriter, type MboxWriterOptions, writeMboxMessage } from '../../../src/mime/mbox/mbox-writer.js';
import { expectLinear } from '../../support/linear-time.js';
import { latin1, octets } from '../../support/mime.js';

const marker = 'From joe@example.org Fri Nov 20 13:03:23 1998\n';
const date = new Date('1998-11-20T13:03:23Z');

function read(file: string, options?: MboxOptions): string[] {
  return Array.from(readMbox(octets(file), options), (message) => latin1(message.octets));
}

/** Every event with its octets as text, pieces of one stretch joined. */
function tell(chunks: readonly Uint8Array[], options?: MboxOptions): unknown[] {
  const reader = new MboxReader(options);
  const told: (Omit<MboxEvent, 'bytes'> & { end?: number; text?: string })[] = [];
  const take = (events: readonly MboxEvent[]): void => {
    for (const event of events) {
      if (event.type !== 'octets') {
        told.push(event);
        continue;
      }
      const last = told.at(-1);
      const text = latin1(event.bytes);
      if (last?.text !== undefined && last.end === event.start) {
        last.end = event.end;
        last.text += text;
      } else told.push({ type: event.type, start: event.start, end: event.end, text } as never);
    }
  };
  for (const chunk of chunks) {
    const copy = chunk.slice();
    take(reader.push(copy));
    // The caller may use the chunk again.
    copy.fill(0x58);
  }
  take(reader.end());
  return told;
}

describe('messages', () => {
  test('are what stands between markers, without the empty line before each', () => {
    const file = `${marker}Subject: a\n\none\n\n\n${marker}Subject: b\n\ntwo\n`;
    const messages = [...readMbox(octets(file))];
    expect(messages.map(({ octets }) => latin1(octets))).toEqual([
      'Subject: a\n\none\n\n',
      'Subject: b\n\ntwo\n',
    ]);
    expect(messages.map(({ start, end }) => file.slice(start, end))).toEqual(
      messages.map(({ octets }) => latin1(octets)),
    );
    expect(messages[0]?.marker).toEqual({ text: marker.trimEnd(), sender: 'joe@example.org', date });
  });

  test('are views of the file where nothing is quoted', () => {
    const file = octets(`${marker}Subject: a\n\none\n\n`);
    const [message] = readMbox(file);
    expect(message?.octets.buffer).toBe(file.buffer);
  });

  test('with CRLF', () => {
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(read(crlf(`${marker}Subject: a\n\none\n\n${marker}b: c\n\n\n`))).toEqual([
      crlf('Subject: a\n\none\n'),
      crlf('b: c\n\n'),
    ]);
  });

  test('without an empty line between them', () => {
    expect(read(`${marker}a: b\n\none\n${marker}c: d\n\ntwo`)).toEqual(['a: b\n\none\n', 'c: d\n\ntwo']);
  });

  test.each([
    ['', []],
    ['\n\n\n', []],
    [marker, ['']],
    [marker.trimEnd(), ['']],
    [`${marker}\n${marker}\n`, ['', '']],
    [`\n\n${marker}a: b\n`, ['a: b\n']],
    [`\xef\xbb\xbf${marker}a: b\n`, ['a: b\n']],
    ['\xef\xbb', ['\xef\xbb']],
    ['Subject: a\n\none\n\n', ['Subject: a\n\none\n\n']],
    [`Subject: a\n\none\n\n${marker}b: c\n`, ['Subject: a\n\none\n', 'b: c\n']],
    ['>From joe\n', ['>From joe\n']],
    ['From joe@example.org\na: b\n', ['a: b\n']],
    [`${marker}a\n\r`, ['a\n\r']],
    [`${marker}a\n\r\n`, ['a\n']],
  ])('of %j', (file, messages) => {
    expect(read(file)).toEqual(messages);
  });

  test('come one by one', () => {
    const messages = readMbox(octets(`${marker}${'x'.repeat(200_000)}\n\n${marker}b\n`));
    expect(messages.next().value?.octets.length).toBe(200_001);
    expect(messages.next().value?.octets.length).toBe(2);
    expect(messages.next().done).toBe(true);
  });
});

describe('a line that begins with From', () => {
  test.each([
    ['From joe@example.org Fri Nov 20 13:03:23 1998', 'joe@example.org', date],
    ['From joe@example.org Fri Nov 20 22:03:23 +0900 1998', 'joe@example.org', date],
    ['From joe@example.org Fri, 20 Nov 1998 08:03:23 EST', 'joe@example.org', date],
    ['From joe Fri Nov 20 13:03 GMT 1998 remote from host', 'joe', undefined],
    ['From - Fri Nov 20 13:03:23 1998', undefined, date],
    ['From Fri Nov 20 13:03:23 1998', undefined, date],
    ['From - ', undefined, undefined],
    ['From ', undefined, undefined],
    ['From 1844347792267117879@xxx', '1844347792267117879@xxx', undefined],
    ['From p\xc3\xa9@example.org Fri Nov 20 13:03:23 1998', 'pé@example.org', date],
  ])('%j is a marker', (line, sender, delivered) => {
    const [, second] = readMbox(octets(`${marker}a: b\n\ntext\n\n${line}\nc: d\n\n`));
    expect(second).toMatchObject({ octets: octets('c: d\n') });
    expect(second?.marker?.sender).toBe(sender);
    if (delivered !== undefined) expect(second?.marker?.date).toEqual(delivered);
  });

  test.each([
    'From Russia with love',
    'From here on we go at 12:30',
    'From Fri to Mon',
    'From the desk of joe@example.org',
    'From: joe@example.org',
    'From',
    'Fromage Fri Nov 20 13:03:23 1998',
    ' From joe@example.org Fri Nov 20 13:03:23 1998',
    `From joe@example.org ${'x '.repeat(500)} Fri Nov 20 13:03:23 1998`,
  ])('%j is text', (line) => {
    const message = `a: b\n\ntext\n\n${line}\n\nmore\n`;
    expect(read(`${marker}${message}`)).toEqual([message]);
  });

  test('with an address alone needs an empty line before it', () => {
    expect(read(`${marker}a: b\n\ntext\nFrom joe@example.org\n`)).toHaveLength(1);
    expect(read(`${marker}a: b\n\ntext\n\nFrom joe@example.org\n`)).toHaveLength(2);
  });

  test('is a marker in any case, where the caller says so', () => {
    expect(read(`${marker}a: b\n\ntext\nFrom Russia with love\nc: d\n`, { markers: 'any' })).toEqual([
      'a: b\n\ntext\n',
      'c: d\n',
    ]);
  });
});

describe('quoting', () => {
  const body = 'a: b\n\nFrom a\n>From b\n>>From c\n>Frome\n> From d\n>';
  test.each([
    ['mboxrd', 'a: b\n\n>From a\n>>From b\n>>>From c\n>Frome\n> From d\n>\n', `${body}\n`],
    [
      'mboxo',
      'a: b\n\n>From a\n>From b\n>>From c\n>Frome\n> From d\n>\n',
      `${body}\n`.replace('>From b', 'From b'),
    ],
    ['mboxcl', 'a: b\nContent-Length: 45\n\n>From a\n>>From b\n>>>From c\n>Frome\n> From d\n>\n', undefined],
    ['mboxcl2', 'a: b\nContent-Length: 42\n\nFrom a\n>From b\n>>From c\n>Frome\n> From d\n>\n', undefined],
  ] as const)('of %s', (format, written, back) => {
    const file = latin1(writeMboxMessage(octets(body), { sender: 'joe@example.org', date }, { format }));
    expect(file).toBe(`${marker}${written}\n`);
    const [message] = read(file, { format });
    expect(message).toBe(back ?? `${body}\n`.replace('\n', `\n${written.split('\n')[1]}\n`));
  });

  test('is none behind a thousand of >', () => {
    const line = `${'>'.repeat(1000)}From a\n`;
    expect(read(`${marker}${line}`)).toEqual([line]);
    expect(latin1(writeMboxMessage(octets(line), { sender: 'joe@example.org', date }))).toBe(
      `${marker}${line}\n`,
    );
  });
});

describe('Content-Length', () => {
  const inner = `text\n\n${marker}c: d\n\nmore\n`;
  const message = `a: b\nContent-Length: ${inner.length}\n\n${inner}`;
  const next = `${marker}e: f\n\nlast\n`;
  const last = 'e: f\n\nlast\n';

  test.each([
    ['an empty line and a marker follow', `${marker}${message}\n${next}`, [message, last]],
    ['a marker follows', `${marker}${message}${next}`, [message, last]],
    ['an empty line with CRLF and a marker follow', `${marker}${message}\r\n${next}`, [message, last]],
    ['the file ends', `${marker}${message}`, [message]],
    ['the file ends with an empty line', `${marker}${message}\n`, [message]],
    [
      'a marker follows that does not look like one',
      `${marker}${message}From x\ny: z\n`,
      [message, 'y: z\n'],
    ],
  ])('counts where %s', (_, file, messages) => {
    expect(read(file, { format: 'mboxcl2' })).toEqual(messages);
    expect(read(file, { format: 'mboxrd' })).not.toEqual(messages);
  });

  test.each([
    ['too large', message.replace(/(Length: )\d+/, '$199')],
    ['larger than the file', message.replace(/(Length: )\d+/, '$1999999')],
    ['too small', message.replace(/(Length: )\d+/, '$13')],
    ['no number', message.replace(/(Length: )\d+/, '$1many')],
    ['in the body', `a: b\n\n${message}`],
  ])('counts not where it is %s', (_, damaged) => {
    const at = damaged.indexOf(marker);
    expect(read(`${marker}${damaged}\n${next}`, { format: 'mboxcl2' })).toEqual([
      damaged.slice(0, at - 1),
      'c: d\n\nmore\n',
      last,
    ]);
  });

  test('counts only so far', () => {
    const file = `${marker}${message}\n${next}`;
    expect(read(file, { format: 'mboxcl2', lookAhead: inner.length - 6 })).toHaveLength(2);
    expect(read(file, { format: 'mboxcl2', lookAhead: inner.length - 7 })).toHaveLength(3);
  });

  test('is written anew', () => {
    const old = 'content-length: 5\n folded\nSubject: a\nContent-Length : 7\n\n12345678';
    const file = latin1(
      writeMboxMessage(octets(old), { sender: 'joe@example.org', date }, { format: 'mboxcl2' }),
    );
    expect(file).toBe(`${marker}Subject: a\nContent-Length: 9\n\n12345678\n\n`);
  });

  test.each([
    ['', 'Content-Length: 0\n\n'],
    ['a: b', 'a: b\nContent-Length: 0\n\n'],
    ['a: b\n', 'a: b\nContent-Length: 0\n\n'],
    ['a: b\r\n\r\n', 'a: b\r\nContent-Length: 0\r\n\r\n'],
    ['a: b\r\n', 'a: b\r\nContent-Length: 0\r\n\r\n'],
    ['a: b\r\n\nc\n', 'a: b\r\nContent-Length: 2\r\n\nc\n'],
    ['\r\nc\r\n', 'Content-Length: 3\r\n\r\nc\r\n'],
    ['Content-Length: 9\r\n\r\nc\r\n', 'Content-Length: 3\r\n\r\nc\r\n'],
    ['a: b\nContent-Length: 9', 'a: b\nContent-Length: 0\n\n'],
    ['\nbody', 'Content-Length: 5\n\nbody\n'],
    ['a: b\r', 'a: b\r\nContent-Length: 0\r\n\r\n'],
  ])('of %j', (old, written) => {
    const file = latin1(
      writeMboxMessage(octets(old), { sender: 'joe@example.org', date }, { format: 'mboxcl' }),
    );
    expect(file).toBe(`${marker}${written}\n`);
  });

  test.each([
    ['lf', 'a: b\r\r\n\r\nx\r\n', 'a: b\r\nContent-Length: 2\n\nx\n\n'],
    ['lf', 'a: b\r', 'a: b\r\nContent-Length: 0\n\n\n'],
    ['crlf', 'a: b\n\nx\n', 'a: b\r\nContent-Length: 3\r\n\r\nx\r\n\r\n'],
  ] as const)('ends in %s where that is asked for', (lineEnds, old, written) => {
    const options = { format: 'mboxcl2', lineEnds } as const;
    const file = latin1(writeMboxMessage(octets(old), { sender: 'joe@example.org', date }, options));
    expect(file.slice(file.indexOf('\n') + 1)).toBe(written);
  });
});

describe('any split of the file gives the same', () => {
  const cl = `a: b\nContent-Length: ${marker.length + 12}\n\ntext\n\n${marker}more\n\n`;
  const files = [
    `\xef\xbb\xbf\r\n${marker}a: b\r\n\r\n>From x\r\n>>>From y\r\n>Fro\r\n\r\n${marker}c: d\n\nFrom Russia\n\n\n`,
    `${marker}${cl}${marker}${cl}\n${marker}a: b\nContent-Length: 50000\n\n\n${marker}x\n\n`,
    'no marker\n\r\n\r\n\rFrom \n',
  ];
  for (const format of ['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'] as const) {
    test(format, () => {
      for (const file of files) {
        const whole = tell([octets(file)], { format });
        expect(
          tell(
            Array.from(octets(file), (octet) => Uint8Array.of(octet)),
            { format },
          ),
        ).toEqual(whole);
        for (let at = 0; at < file.length; at++) {
          expect(tell([octets(file.slice(0, at)), octets(file.slice(at))], { format })).toEqual(whole);
        }
      }
    });
  }
});

describe('writing', () => {
  const envelope = { sender: 'joe@example.org', date };

  test.each([
    [{ lineEnds: 'keep' }, 'a: b\r\n\r\n>From x\nc\rd\r\n\n'],
    [{ lineEnds: 'lf' }, 'a: b\n\n>From x\nc\rd\n\n'],
    [{ lineEnds: 'crlf' }, 'a: b\r\n\r\n>From x\r\nc\rd\r\n\r\n'],
  ] as const)('line ends with %j', (options: MboxWriterOptions, written) => {
    const message = octets('a: b\r\n\r\nFrom x\nc\rd\r\n');
    const first = options.lineEnds === 'crlf' ? marker.replace('\n', '\r\n') : marker;
    expect(latin1(writeMboxMessage(message, envelope, options))).toBe(`${first}${written}`);
    const writer = new MboxWriter(options);
    const pieces = [
      writer.begin(envelope),
      ...Array.from(message, (octet) => writer.update(Uint8Array.of(octet))),
    ];
    expect([...pieces, writer.finish()].map((piece) => latin1(piece)).join('')).toBe(`${first}${written}`);
  });

  test('a CR at the end stays', () => {
    expect(latin1(writeMboxMessage(octets('a\r'), envelope, { lineEnds: 'lf' }))).toBe(`${marker}a\r\n\n`);
  });

  test('several messages', () => {
    const writer = new MboxWriter({ format: 'mboxcl2' });
    const file = ['a: b\n\none', 'c: d\n\ntwo\n'].flatMap((message) => [
      writer.begin(envelope),
      writer.update(octets(message)),
      writer.finish(),
    ]);
    expect(read(file.map((piece) => latin1(piece)).join(''), { format: 'mboxcl2' })).toEqual([
      'a: b\nContent-Length: 4\n\none\n',
      'c: d\nContent-Length: 4\n\ntwo\n',
    ]);
  });

  test('the sender and the date', () => {
    const line = (sender: string | undefined, moment: string): string =>
      Buffer.from(
        new MboxWriter().begin({ date: new Date(moment), ...(sender === undefined ? {} : { sender }) }),
      ).toString();
    expect(line(undefined, '2026-02-03T04:05:06Z')).toBe('From MAILER-DAEMON Tue Feb  3 04:05:06 2026\n');
    expect(line('pé@example.org', '2026-11-22T14:05:06Z')).toBe(
      'From pé@example.org Sun Nov 22 14:05:06 2026\n',
    );
  });

  test.each(['', ' ', 'a b', 'a\nb', 'a\rb', 'a\0b', 'a\tb', 'a\u2028b', 'a\x7f'])(
    'the sender %j is refused',
    (sender) => {
      expect(() => new MboxWriter().begin({ sender, date })).toThrow(
        expect.objectContaining({ code: 'usage' }) as MailsealError,
      );
    },
  );
});

describe('wrong use', () => {
  test.each([
    ['a format', () => new MboxReader({ format: 'mbx' as 'mboxo' })],
    ['markers', () => new MboxReader({ markers: 'some' as 'any' })],
    ['lookAhead', () => new MboxReader({ lookAhead: -1 })],
    ['lookAhead that is no number', () => new MboxReader({ lookAhead: Number.NaN })],
    ['a format to write', () => new MboxWriter({ format: 'mbx' as 'mboxo' })],
    ['line ends', () => new MboxWriter({ lineEnds: 'cr' as 'lf' })],
    ['no octets', () => readMbox('From ' as unknown as Uint8Array)],
    ['a date that is none', () => new MboxWriter().begin({ date: new Date(Number.NaN) })],
    ['an update before begin', () => new MboxWriter().update(octets('a'))],
    ['a finish before begin', () => new MboxWriter().finish()],
    [
      'a begin before finish',
      () => {
        const writer = new MboxWriter();
        writer.begin({ date });
        writer.begin({ date });
      },
    ],
    [
      'a push after end',
      () => {
        const reader = new MboxReader();
        reader.end();
        reader.push(octets('a'));
      },
    ],
  ])('%s', (_, use) => {
    let error: unknown;
    try {
      use();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MailsealError);
    expect((error as MailsealError).code).toBe('usage');
  });
});

describe('linear time', () => {
  const claim = `${marker}Content-Length: 1000000\n\n`;
  test.each([
    ['markers', marker, 40_000],
    ['quoted lines', '>From \n', 40_000],
    ['lines of >', `${'>'.repeat(900)}\n`, 400_000],
    ['empty lines', '\n', 400_000],
    ['From', 'From \n', 100_000],
    ['counts that are wrong', claim, 200_000],
  ])('for %s', (_, piece, size) => {
    expectLinear((length) => {
      const file = octets(marker + piece.repeat(length / piece.length));
      return () => {
        let messages = 0;
        for (const { octets } of readMbox(file, { format: 'mboxcl' })) messages += octets.length;
        return messages;
      };
    }, size);
  });

  test.each([
    ['wrong counts', claim],
    ['>', '>'],
    ['F', 'F'],
    ['From', 'From'],
    ['CR', '\r'],
  ])('for %s that come octet by octet', (_, piece) => {
    expectLinear((length) => {
      const file = octets(marker + piece.repeat(length / piece.length));
      return () => {
        const reader = new MboxReader({ format: 'mboxcl' });
        for (let i = 0; i < file.length; i++) reader.push(file.subarray(i, i + 1));
        reader.end();
      };
    }, 20_000);
  });

  test.each(['From', '>', '\r', 'From x\n'])('of writing %j octet by octet', (piece) => {
    expectLinear((length) => {
      const message = octets(piece.repeat(length / piece.length));
      return () => {
        const writer = new MboxWriter({ lineEnds: 'lf' });
        writer.begin({ date });
        for (let i = 0; i < message.length; i++) writer.update(message.subarray(i, i + 1));
        writer.finish();
      };
    }, 20_000);
  });
});
