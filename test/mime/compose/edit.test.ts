import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { composeEntity } from '../../../src/mime/compose/compose.js';
import { MessageEditor } from '../../../src/mime/compose/edit.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import { crlf, latin1, octets } from '../../support/mime.js';

const mail = crlf(
  'Received: by b',
  'Received: by a',
  'From: a@example.jp',
  'subject :  old',
  '  and folded',
  'Content-Type: multipart/mixed; boundary="b 1"',
  '',
  'preamble',
  '--b 1',
  'Content-Type: text/plain',
  '',
  'one',
  '--b 1  ',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  '',
  'two',
  '--c--',
  '--b 1--',
  'epilogue',
);

/** The message after some edits, and the editor's message parsed anew. */
function edited(source: Uint8Array, edit: (editor: MessageEditor, message: Part) => void): string {
  const message = parseMessage(source);
  const before = latin1(source);
  const editor = new MessageEditor(message);
  edit(editor, message);
  const result = latin1(editor.finish());
  expect(latin1(source)).toBe(before);
  return result;
}

function refusal(
  edit: (editor: MessageEditor, message: Part) => void,
  source: Uint8Array = mail,
): MailsealError {
  try {
    edited(source, edit);
  } catch (error) {
    if (error instanceof MailsealError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const whole = latin1(mail);

describe('fields', () => {
  test('of which none is edited stay as they are', () => {
    expect(edited(mail, () => {})).toBe(whole);
  });

  test('are replaced where they stand', () => {
    expect(
      edited(mail, (editor, { headers }) => {
        editor.replaceField(headers.get('subject')!, '新しい');
        editor.replaceField(headers.all('received')[1]!, 'by someone else');
      }),
    ).toBe(
      whole
        .replace('subject :  old\r\n  and folded\r\n', 'subject: =?utf-8?B?5paw44GX44GE?=\r\n')
        .replace('Received: by a\r\n', 'Received: by someone else\r\n'),
    );
  });

  test('are added first, last, or before another', () => {
    expect(
      edited(mail, (editor, message) => {
        editor.addField(message, 'X-Last', 'z');
        editor.addField(message, 'Received', 'by c', 'first');
        editor.addField(
          message,
          'To',
          [{ name: '山田', address: 'y@example.jp' }],
          message.headers.get('subject')!,
        );
        editor.addField(message.parts[0]!, 'X-Part', '1', 'first');
        editor.addField(message.parts[1]!.parts[0]!, 'X-Part', '2');
      }),
    ).toBe(
      whole
        .replace('Received: by b', 'Received: by c\r\nReceived: by b')
        .replace('subject', 'To: =?utf-8?B?5bGx55Sw?= <y@example.jp>\r\nsubject')
        .replace('"b 1"\r\n', '"b 1"\r\nX-Last: z\r\n')
        .replace('Content-Type: text/plain', 'X-Part: 1\r\nContent-Type: text/plain')
        .replace('\r\n\r\ntwo', '\r\nX-Part: 2\r\n\r\ntwo'),
    );
  });

  test('are removed', () => {
    expect(
      edited(mail, (editor, message) => {
        for (const field of message.headers.all('received')) editor.removeField(field);
        editor.removeField(message.parts[0]!.headers.get('content-type')!);
      }),
    ).toBe(whole.replace(/Received: .*\r\n/g, '').replace('Content-Type: text/plain\r\n', ''));
  });

  test('take the line ends of the message', () => {
    const source = octets('A: b\nC: d\n\nbody\n');
    const text = 'word '.repeat(30).trim();
    const result = edited(source, (editor, message) => editor.addField(message, 'Subject', text));
    expect(result).not.toContain('\r');
    expect(parseMessage(octets(result)).headers.get('subject')?.text).toBe(text);
  });

  test('can be added where there are none, and where the blank line is missing', () => {
    const add = (editor: MessageEditor, message: Part): void => {
      editor.addField(message, 'X-One', '1');
      editor.addField(message, 'X-Two', '2');
    };
    expect(edited(octets('\r\nbody'), add)).toBe('X-One: 1\r\nX-Two: 2\r\n\r\nbody');
    expect(edited(octets('no field\r\nbody'), add)).toBe('X-One: 1\r\nX-Two: 2\r\n\r\nno field\r\nbody');
    expect(edited(octets(''), add)).toBe('X-One: 1\r\nX-Two: 2\r\n');
    expect(edited(octets('From me\r\n\r\nbody'), add)).toBe('From me\r\nX-One: 1\r\nX-Two: 2\r\n\r\nbody');
    const addFirst = (editor: MessageEditor, message: Part): void =>
      editor.addField(message, 'X', '1', 'first');
    expect(edited(octets('\xef\xbb\xbfA: b\r\n\r\n'), addFirst)).toBe('\xef\xbb\xbfX: 1\r\nA: b\r\n\r\n');
    expect(edited(octets('\xef\xbb\xbfno field'), addFirst)).toBe('\xef\xbb\xbfX: 1\r\n\r\nno field');
    const inPart = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nFrom me\r\n--b--';
    expect(edited(octets(inPart), (editor, { parts }) => add(editor, parts[0]!))).toBe(
      inPart.replace('From', 'X-One: 1\r\nX-Two: 2\r\n\r\nFrom'),
    );
    expect(edited(octets('A: b'), add)).toBe('A: b\r\nX-One: 1\r\nX-Two: 2');
    expect(edited(octets('A: b\r\n'), add)).toBe('A: b\r\nX-One: 1\r\nX-Two: 2\r\n');
    expect(
      edited(octets('From me\r\nA: b\r\n\r\n'), (editor, message) =>
        editor.addField(message, 'X', '1', 'first'),
      ),
    ).toBe('From me\r\nX: 1\r\nA: b\r\n\r\n');
  });

  test('that go take the lines after them that are none, which could not begin a message', () => {
    const source = octets('A: b\r\njunk\r\nC: d\r\njunk\r\n\r\nbody');
    expect(edited(source, (editor, { headers }) => editor.removeField(headers.get('a')!))).toBe(
      'C: d\r\njunk\r\n\r\nbody',
    );
    expect(edited(source, (editor, { headers }) => editor.removeField(headers.get('c')!))).toBe(
      'A: b\r\njunk\r\njunk\r\n\r\nbody',
    );
  });

  test('cannot bring a field of their own, nor end a part', () => {
    expect(refusal((editor, message) => editor.addField(message, 'X', 'a\r\nBcc: c')).code).toBe(
      'mime-field-unsafe',
    );
    expect(refusal((editor, message) => editor.addField(message, 'X\r\nBcc', 'c')).code).toBe(
      'mime-field-unsafe',
    );
    expect(refusal((editor, message) => editor.addField(message.parts[1]!.parts[0]!, '--c', 'x')).code).toBe(
      'usage',
    );
  });
});

describe('parts', () => {
  const entity = composeEntity({ text: 'new' });
  const added = latin1(entity);

  test('are replaced, and their neighbours’ octets stay', () => {
    expect(edited(mail, (editor, { parts }) => editor.replacePart(parts[0]!, entity))).toBe(
      whole.replace('Content-Type: text/plain\r\n\r\none', added),
    );
    expect(edited(mail, (editor, { parts }) => editor.replacePart(parts[1]!.parts[0]!, entity))).toBe(
      whole.replace('--c\r\n\r\ntwo', `--c\r\n${added}`),
    );
  });

  test('may have octets above 127', () => {
    const eight = octets('X: \xe9\r\n\r\n\xff\x80');
    expect(edited(mail, (editor, message) => editor.addPart(message, eight, message.parts[0]!))).toContain(
      '--b 1\r\nX: \xe9\r\n\r\n\xff\x80\r\n--b 1',
    );
  });

  test('are added at the end or before another', () => {
    expect(
      edited(mail, (editor, message) => {
        editor.addPart(message, entity);
        editor.addPart(message, entity, message.parts[0]!);
      }),
    ).toBe(
      whole
        .replace('preamble\r\n', `preamble\r\n--b 1\r\n${added}\r\n`)
        .replace('--b 1--', `--b 1\r\n${added}\r\n--b 1--`),
    );
  });

  test('are removed with their delimiters', () => {
    expect(edited(mail, (editor, { parts }) => editor.removePart(parts[0]!))).toBe(
      whole.replace('--b 1\r\nContent-Type: text/plain\r\n\r\none\r\n', ''),
    );
    expect(edited(mail, (editor, { parts }) => editor.removePart(parts[1]!))).toBe(
      whole.replace(/--b 1 {2}\r\n.*--c--\r\n/s, ''),
    );
  });

  test('of a multipart that is not closed', () => {
    const open = octets('Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n');
    expect(edited(open, (editor, message) => editor.addPart(message, octets('\r\nthree')))).toBe(
      `${latin1(open)}\n--b\n\nthree`,
    );
    expect(edited(open, (editor, { parts }) => editor.removePart(parts[1]!))).toBe(
      latin1(open).replace('\n--b\n\ntwo\n', ''),
    );
    const none = octets('Content-Type: multipart/mixed; boundary=b\r\n\r\ntext\r\n');
    const result = edited(none, (editor, message) => editor.addPart(message, octets('\r\none')));
    expect(parseMessage(octets(result)).parts.map((part) => latin1(part.bodyBytes))).toEqual(['one']);
  });

  test('inside an embedded message, and that message itself', () => {
    const source = crlf('Content-Type: message/rfc822', '', 'Subject: inner', '', 'body');
    expect(
      edited(source, (editor, { parts }) => editor.replacePart(parts[0]!, octets('A: b\r\n\r\nc'))),
    ).toBe('Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nc');
    expect(edited(source, (editor, { parts }) => editor.addField(parts[0]!, 'X', '1'))).toBe(
      latin1(source).replace('inner\r\n', 'inner\r\nX: 1\r\n'),
    );
    expect(refusal((editor, { parts }) => editor.removePart(parts[0]!), source).code).toBe('usage');
  });

  test.each<[string, (editor: MessageEditor, message: Part) => void]>([
    [
      'no part is left',
      (editor, { parts }) => {
        for (const part of parts) editor.removePart(part);
      },
    ],
    [
      'a part goes that is edited',
      (editor, { parts }) => {
        editor.addField(parts[0]!, 'X', '1');
        editor.removePart(parts[0]!);
      },
    ],
    [
      'a field is edited twice',
      (editor, { headers }) => {
        editor.removeField(headers.at(0)!);
        editor.replaceField(headers.at(0)!, 'x');
      },
    ],
    [
      'a part has the delimiter in it',
      (editor, { parts }) => editor.replacePart(parts[0]!, octets('\r\n--b 1--\r\n')),
    ],
    [
      'an inner part has an outer delimiter in it',
      (editor, { parts }) => editor.replacePart(parts[1]!.parts[0]!, octets('\r\n--b 1x')),
    ],
    ['the message itself is replaced', (editor, message) => editor.replacePart(message, entity)],
    ['a part goes into a text', (editor, { parts }) => editor.addPart(parts[0]!, entity)],
    [
      'a field is of another message',
      (editor) => editor.removeField(parseMessage(mail.slice()).headers.at(0)!),
    ],
    ['a part is of another message', (editor) => editor.removePart(parseMessage(mail.slice()).parts[0]!)],
    [
      'the editor is done',
      (editor, message) => {
        editor.finish();
        editor.addField(message, 'X', '1');
      },
    ],
  ])('are refused where %s', (_, edit) => {
    expect(refusal(edit).code).toBe('usage');
  });
});

/** A multipart that nothing closes, whose last part has no octets: the delimiter around it has no line end of its own. */
const glued = (lineEnd = '\r\n', inner = `first${lineEnd}`): Uint8Array =>
  octets(
    [
      'Content-Type: multipart/mixed; boundary=o',
      '',
      '--o',
      'Content-Type: multipart/alternative; boundary=i',
      '',
      '--i',
      '',
      `${inner}--i`,
      '--o',
      'Content-Disposition: attachment; filename=a.exe',
      '',
      'MZ',
      '--o--',
      '',
    ].join(lineEnd),
  );

describe('a delimiter without a line end of its own', () => {
  const bodies = (text: string): string[] =>
    [...parseMessage(octets(text)).walk()]
      .filter(({ parts }) => parts.length === 0)
      .map((part) => latin1(part.bodyBytes));

  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ])('stays one when the part before it goes, %s', (_, lineEnd) => {
    for (const inner of [`first${lineEnd}`, `first${lineEnd}${lineEnd}`]) {
      const text = edited(glued(lineEnd, inner), (editor, { parts }) =>
        editor.removePart(parts[0]!.parts[1]!),
      );
      // The line end before the delimiter that went is that of the one that follows now.
      expect(bodies(text)).toEqual([inner.slice(0, -lineEnd.length), 'MZ']);
      expect(parseMessage(octets(text)).parts[1]!.filename).toBe('a.exe');
    }
  });

  test('stays when the part before it goes and one comes', () => {
    const text = edited(glued(), (editor, { parts }) => {
      editor.removePart(parts[0]!.parts[1]!);
      editor.addPart(parts[0]!, octets('\r\nnew\r\n'));
    });
    expect(bodies(text)).toEqual(['first', 'new\r\n', 'MZ']);
  });

  test('goes with its part, and then the part before has no line end more', () => {
    const source = glued().subarray(0, glued().length - '\r\n--o--\r\n'.length);
    const text = edited(source, (editor, { parts }) => {
      editor.removePart(parts[0]!.parts[1]!);
      editor.removePart(parts[1]!);
    });
    expect(bodies(text)).toEqual(['first']);
  });

  test.each(['p: v\r\n\r\nline\r\n', 'p: v\r\n\r\nline', 'p: v\r\n\r\n'])(
    'takes no line end of %j in the place of the part before it, or behind that',
    (entity) => {
      const body = entity.slice(entity.indexOf('\r\n\r\n') + 4);
      const replaced = edited(glued(), (editor, { parts }) =>
        editor.replacePart(parts[0]!.parts[1]!, octets(entity)),
      );
      expect(bodies(replaced)).toEqual(['first', body, 'MZ']);
      const added = edited(glued(), (editor, { parts }) => editor.addPart(parts[0]!, octets(entity)));
      expect(bodies(added)).toEqual(['first', '', body, 'MZ']);
    },
  );

  test('at the end of the message gets one before a field of its part', () => {
    const source = crlf('Content-Type: multipart/mixed; boundary=o', '', '--o', '', 'first', '--o');
    const open = source.subarray(0, source.length - 2);
    const text = edited(open, (editor, { parts }) => editor.addField(parts[1]!, 'X-A', 'v'));
    const { parts } = parseMessage(octets(text));
    expect(parts.map(({ headers }) => headers.get('x-a')?.value)).toEqual([undefined, 'v']);
    expect(latin1(parts[0]!.bodyBytes)).toBe('first');
  });
});

describe('a first line that begins with a blank', () => {
  const source = octets(' ; dkim=pass header.d=bank.example\r\nFrom: a@bank.example\r\n\r\nhello\r\n');

  test.each<[string, (editor: MessageEditor, message: Part) => void]>([
    ['first', (editor, message) => editor.addField(message, 'X-Result', 'fail', 'first')],
    ['before the first', (editor, m) => editor.addField(m, 'X-Result', 'fail', m.headers.at(0))],
  ])('does not go on in a field that is added %s', (_, add) => {
    const text = edited(source, (editor, message) => {
      add(editor, message);
      add(editor, message);
    });
    expect(text).toBe('X-Result: fail\r\nX-Result: fail\r\nFrom: a@bank.example\r\n\r\nhello\r\n');
  });

  test('stays where nothing comes above it', () => {
    expect(edited(source, (editor, message) => editor.addField(message, 'X-A', 'v'))).toBe(
      latin1(source).replace('\r\n\r\n', '\r\nX-A: v\r\n\r\n'),
    );
  });

  test('goes when the first field goes and another comes', () => {
    const text = edited(source, (editor, message) => {
      editor.addField(message, 'X-A', 'v', 'first');
      editor.removeField(message.headers.at(0)!);
    });
    expect(text).toBe('X-A: v\r\n\r\nhello\r\n');
  });
});

describe('edits at one place', () => {
  const head = 'Content-Type: multipart/mixed; boundary=a\r\n\r\n';
  const bodies = (text: string): string[] =>
    parseMessage(octets(text)).parts.map((part) => latin1(part.bodyBytes));
  const entity = (text: string): Uint8Array => octets(`\r\n${text}`);

  test.each([
    ['nothing after the header', head],
    ['no blank line', head.slice(0, -2)],
    ['no line end', head.slice(0, -4)],
    ['a preamble', `${head}text`],
    ['a close delimiter alone', `${head}--a--`],
    ['a close delimiter and an epilogue', `${head}--a--\r\nepilogue`],
    ['a part that is not closed', `${head}--a\r\n\r\nzero`],
  ])('add two parts to a multipart with %s, which is closed once', (_, source) => {
    const before = bodies(source);
    const result = edited(octets(source), (editor, message) => {
      editor.addPart(message, entity('one'));
      editor.addPart(message, entity('two'));
    });
    expect(bodies(result)).toEqual([...before, 'one', 'two']);
    expect(result.split('--a--').length).toBe(before.length === 0 ? 2 : 1);
  });

  test('remove the last field, which has no line end, and add one', () => {
    const addAll = (editor: MessageEditor, part: Part): void => {
      editor.removeField([...part.headers].at(-1)!);
      editor.addField(part, 'Y', '1');
      editor.addField(part, 'Z', '2');
    };
    const inPart = `${head}--a\r\nX: y\r\n--a--`;
    expect(edited(octets(inPart), (editor, { parts }) => addAll(editor, parts[0]!))).toBe(
      `${head}--a\r\nY: 1\r\nZ: 2\r\n--a--`,
    );
    expect(edited(octets('Subject: s'), addAll)).toBe('Y: 1\r\nZ: 2');
    expect(edited(octets('A: b\nSubject: s'), addAll)).toBe('A: b\nY: 1\nZ: 2');
    expect(edited(octets('A: b\r\njunk'), addAll)).toBe('Y: 1\r\nZ: 2');
    // In whatever order they are told.
    expect(
      edited(octets('Subject: s'), (editor, message) => {
        editor.addField(message, 'Z', '2');
        editor.removeField(message.headers.at(0)!);
      }),
    ).toBe('Z: 2');
  });

  const open = octets(
    `${head}--a\r\n\r\none\r\n--a\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n`,
  );
  test.each<[string, (editor: MessageEditor, message: Part) => void]>([
    [
      'a part is added to a multipart that is removed',
      (editor, { parts }) => {
        editor.removePart(parts[1]!);
        editor.addPart(parts[1]!, entity('new'));
      },
    ],
    [
      'a part is added to a multipart that is replaced',
      (editor, { parts }) => {
        editor.addPart(parts[1]!, entity('new'));
        editor.replacePart(parts[1]!, entity('other'));
      },
    ],
    [
      'a part without octets is replaced inside one that is removed',
      (editor, { parts }) => {
        editor.replacePart(parts[1]!.parts[0]!, entity('new'));
        editor.removePart(parts[1]!);
      },
    ],
    [
      'a part without octets is replaced and removed',
      (editor, { parts }) => {
        editor.addPart(parts[1]!, entity('other'));
        editor.replacePart(parts[1]!.parts[0]!, entity('new'));
        editor.removePart(parts[1]!.parts[0]!);
      },
    ],
    [
      'a part without octets is replaced twice',
      (editor, { parts }) => {
        editor.replacePart(parts[1]!.parts[0]!, entity('new'));
        editor.replacePart(parts[1]!.parts[0]!, entity('new'));
      },
    ],
    [
      'a part without octets that is replaced gets a field',
      (editor, { parts }) => {
        editor.addField(parts[1]!.parts[0]!, 'X', '1');
        editor.replacePart(parts[1]!.parts[0]!, entity('new'));
      },
    ],
  ])('are refused where %s', (_, edit) => {
    expect(refusal(edit, open).code).toBe('usage');
  });
});

describe('boundaries', () => {
  const outer = octets(
    'Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\none\r\n--b1\r\n\r\ntwo\r\n--b1--\r\n',
  );
  const digest = octets(latin1(outer).replace('mixed', 'digest'));
  const multipart = (boundary: string): string =>
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\nzz`;

  test.each(['b1', 'b1--', 'b12', 'b', 'b1  '])('like %j inside one with "b1" are refused', (boundary) => {
    const type = `multipart/mixed; boundary="${boundary}"`;
    const nested = [
      multipart(boundary),
      `Content-Type: multipart/mixed; boundary=other\r\n\r\n--other\r\n${multipart(boundary)}\r\n--other--`,
      `Content-Type: message/rfc822\r\n\r\n${multipart(boundary)}`,
      `A: b\r\rc\nContent-Type: multipart/mixed; boundary="${boundary}"\n\nzz`,
    ].map(octets);
    for (const entity of nested) {
      expect(refusal((editor, { parts }) => editor.replacePart(parts[0]!, entity), outer).code).toBe('usage');
      expect(refusal((editor, message) => editor.addPart(message, entity), outer).code).toBe('usage');
    }
    // A part of a digest is a message when it does not say what it is.
    const inMessage = octets(`\r\n${multipart(boundary)}`);
    expect(refusal((editor, message) => editor.addPart(message, inMessage), digest).code).toBe('usage');
    expect(
      refusal((editor, { parts }) => editor.addField(parts[0]!, 'Content-Type', type, 'first'), outer).code,
    ).toBe('usage');
    expect(
      refusal((editor, { parts }) => editor.replaceField(parts[0]!.headers.at(0)!, type), outer).code,
    ).toBe('usage');
  });

  test('that are told apart are let pass, and so are those that no part has', () => {
    const source = latin1(outer);
    for (const entity of [
      multipart('c'),
      'Subject: boundary=b1\r\n\r\nboundary="b1"',
      `\r\n${multipart('b1')}`,
    ]) {
      expect(edited(outer, (editor, { parts }) => editor.replacePart(parts[0]!, octets(entity)))).toBe(
        source.replace('Content-Type: text/plain\r\n\r\none', entity),
      );
    }
    const type = 'multipart/mixed; boundary="b1"';
    expect(edited(outer, (editor, { headers }) => editor.replaceField(headers.at(0)!, type))).toBe(
      source.replace('boundary=b1', 'boundary="b1"'),
    );
  });

  test('that are empty are none', () => {
    const source = octets('Content-Type: multipart/mixed; boundary=""\r\n\r\ntext');
    expect(edited(source, (editor, message) => editor.addField(message, 'X', '1', 'first'))).toBe(
      `X: 1\r\n${latin1(source)}`,
    );
    expect(refusal((editor, message) => editor.addPart(message, octets('\r\none')), source).code).toBe(
      'usage',
    );
  });

  test('more than are looked through are refused', () => {
    const deep = 'Content-Type: message/rfc822\r\n\r\n'.repeat(101) + multipart('b1');
    expect(refusal((editor, message) => editor.addPart(message, octets(deep)), outer).code).toBe('usage');
  });
});

describe('line ends of an entity', () => {
  test('become those of the message, but for LF in the body of one with CRLF', () => {
    const lf = 'A: b\n\none\r\ntwo\n';
    expect(edited(mail, (editor, { parts }) => editor.replacePart(parts[0]!, octets(lf)))).toBe(
      whole.replace('Content-Type: text/plain\r\n\r\none', 'A: b\r\n\r\none\r\ntwo\r\n'),
    );
    const binary = 'A: b\r\n\r\none\ntwo';
    expect(edited(mail, (editor, { parts }) => editor.replacePart(parts[0]!, octets(binary)))).toBe(
      whole.replace('Content-Type: text/plain\r\n\r\none', binary),
    );
    const inLf = octets(whole.replaceAll('\r\n', '\n'));
    expect(edited(inLf, (editor, { parts }) => editor.replacePart(parts[0]!, octets(binary)))).toBe(
      latin1(inLf).replace('Content-Type: text/plain\n\none', 'A: b\n\none\ntwo'),
    );
  });

  test('are not made of a CR at its end and the LF behind it', () => {
    const entity = octets('A: b\r\n\r\none\r');
    expect(edited(mail, (editor, { parts }) => editor.addPart(parts[0]!.parent!, entity))).toContain(
      'one\r\r\n',
    );
    const inLf = octets(whole.replaceAll('\r\n', '\n'));
    for (const edit of [
      (editor: MessageEditor, { parts }: Part) => editor.replacePart(parts[0]!, entity),
      (editor: MessageEditor, message: Part) => editor.addPart(message, entity),
    ])
      expect(refusal(edit, inLf)).toMatchObject({ code: 'usage', message: expect.stringContaining('CR') });
    // A line end that was made twice.
    const twice = octets('A: b\r\n\r\none\r\r\n');
    const adding = (editor: MessageEditor, message: Part) => editor.addPart(message, twice);
    expect(refusal(adding, inLf)).toMatchObject({ code: 'usage', message: expect.stringContaining('CR') });
  });

  test('are not made of a CR of the message and what comes behind it', () => {
    const open = 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\r';
    const entity = octets('A: b\n\ntwo');
    const tail = 'A: b\nC: d\r';
    for (const [source, edit] of [
      [open, (editor: MessageEditor, message: Part) => editor.addPart(message, entity)],
      [tail, (editor: MessageEditor, message: Part) => editor.addField(message, 'X', 'y')],
    ] as const) {
      expect(refusal(edit, octets(source))).toMatchObject({ code: 'usage', offset: source.length });
    }
  });
});

describe('messages', () => {
  test.each([
    ['parts', { parts: 2 }],
    ['depth', { depth: 1 }],
    ['headers', { headers: 1 }],
    ['headerOctets', { headerOctets: 60 }],
  ])('that were cut at limits.%s are refused', (_, limits) => {
    const source = crlf(
      'X: 1',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      `X: ${'long '.repeat(20)}`,
      'Y: 2',
      '',
      'one',
      '--b',
      '',
      'two',
      '--b--',
    );
    expect(() => new MessageEditor(parseMessage(source, { onLimit: 'truncate' }))).not.toThrow();
    const cut = parseMessage(source, { onLimit: 'truncate', limits });
    expect(() => new MessageEditor(cut)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('whose lines end in CR alone are refused', () => {
    for (const text of ['A: 1\rB: 2\r\rbody\r', 'A: 1\rB: 2\r\rbody\nbody\n', 'A: 1\r']) {
      expect(refusal(() => {}, octets(text)).code).toBe('usage');
    }
  });

  test('that hold a CR which ends no line are edited, and no two fields become one', () => {
    const source = octets('A: 1\rx\r\nB: 2\r\n\r\nbody\r');
    expect(
      edited(source, (editor, message) => editor.addField(message, 'C', '3', message.headers.at(1)!)),
    ).toBe('A: 1\rx\r\nC: 3\r\nB: 2\r\n\r\nbody\r');
    const open = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nA: 1\r';
    const result = edited(octets(open), (editor, { parts }) => editor.addField(parts[0]!, 'C', '3'));
    expect([...parseMessage(octets(result)).parts[0]!.headers].map(({ name }) => name)).toEqual(['A', 'C']);
  });

  test('that are cut within a line end get nothing behind that', () => {
    const entity = octets('A: b\r\n\r\nhi');
    const outer = 'Content-Type: multipart/mixed; boundary=b\r\n\r';
    expect(refusal((editor, message) => editor.addPart(message, entity), octets(outer)).code).toBe('usage');
    const inner = octets('Content-Type: message/rfc822\r\n\r');
    const cut = expect.stringContaining('between the CR and the LF');
    expect(refusal((editor, { parts }) => editor.replacePart(parts[0]!, entity), inner).message).toEqual(cut);
    expect(refusal((editor, { parts }) => editor.addField(parts[0]!, 'A', '1'), inner).message).toEqual(cut);
    expect(edited(inner, (editor, message) => editor.addField(message, 'A', '1'))).toBe(
      'Content-Type: message/rfc822\r\nA: 1\r\n\r',
    );
  });

  test('get no part that would be one of another multipart, or none', () => {
    const entity = octets('A: b\r\n\r\nhi');
    const twice = (end: string): Uint8Array =>
      octets(
        `Content-Type: multipart/mixed; boundary=a1\n\n--a1\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nbody\n${end}`,
      );
    const add = (editor: MessageEditor, message: Part): void => editor.addPart(message, entity);
    for (const end of ['', '--a--\n']) {
      const { parts } = parseMessage(octets(edited(twice(end), add)));
      expect(parts.map((part) => latin1(part.bodyBytes))).toEqual([expect.stringContaining('body'), 'hi']);
    }
    // What nothing closed is closed first, innermost first, and its octets stay.
    const same = 'Content-Type: multipart/mixed; boundary=a\n\n--a\n';
    const source = octets(`${same.repeat(3)}\nbody\n`);
    const grown = edited(source, (editor, message) => {
      for (const part of message.walk()) if (part.isMultipart) editor.addPart(part, entity);
    });
    expect(grown.startsWith(latin1(source))).toBe(true);
    const counts = [...parseMessage(octets(grown)).walk()].map((part) => part.parts.length);
    expect(counts).toEqual([2, 2, 2, 0, 0, 0, 0]);
    const removed = edited(source, (editor, message) => {
      const inner = message.parts[0]!;
      editor.addPart(message, entity);
      editor.addPart(inner, entity);
      editor.removePart(inner.parts[0]!);
    });
    const left = [...parseMessage(octets(removed)).walk()].map((part) => part.parts.length);
    expect(left).toEqual([2, 1, 0, 0]);
    const odd = octets('Content-Type: multipart/mixed; boundary="1\r"\n\nx\n');
    expect(refusal(add, odd).message).toContain('no boundary that a line can hold');
  });
});
