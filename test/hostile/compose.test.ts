import { describe, test } from 'vitest';
import { composeMessage } from '../../src/mime/compose/compose.js';
import type { MessageContent } from '../../src/mime/compose/compose-content.js';
import { MessageEditor } from '../../src/mime/compose/edit.js';
import { parseMessage } from '../../src/mime/message.js';
import { expectLinear } from '../support/linear-time.js';
import { octets } from '../support/mime.js';

const base = { from: 'a@b.test', date: new Date(0) };
const repeated = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length));

describe('composing takes time in proportion to what is given', () => {
  test.each<[string, (size: number) => Partial<MessageContent>]>([
    ['a text of short lines', (size) => ({ text: repeated('some text\n', size) })],
    ['a text of one line', (size) => ({ text: repeated('some té ', size) })],
    ['a text of Japanese', (size) => ({ text: repeated('日本語の文章、', size) })],
    ['a text of blanks', (size) => ({ text: `a${repeated(' ', size)}b` })],
    ['lines that might be delimiters', (size) => ({ text: 'x', html: repeated('--=_0\n', size) })],
    ['quote marks', (size) => ({ text: repeated('>', size) })],
    ['a subject of words', (size) => ({ subject: repeated('wörd word ', size) })],
    ['a subject of blanks', (size) => ({ subject: `a${repeated(' ', size)}b` })],
    ['what looks like encoded words', (size) => ({ subject: repeated('=?a?q?', size) })],
    ['the beginnings of encoded words', (size) => ({ subject: repeated('=?', size) })],
    ['a long file name', (size) => ({ attachments: [{ content: '', filename: repeated('名', size) }] })],
    [
      'addresses',
      (size) => ({
        to: Array.from({ length: size / 40 }, () => ({ name: '山田', address: 'a@example.jp' })),
      }),
    ],
    [
      'addresses as text',
      (size) => ({ to: Array.from({ length: size / 40 }, () => 'Alice <a@example.jp>') }),
    ],
    ['ids', (size) => ({ references: repeated('<a@b> ', size) })],
    [
      'attachments',
      (size) => ({
        attachments: Array.from({ length: size / 400 }, () => ({ content: 'x', filename: 'y' })),
      }),
    ],
  ])('for %s', (_, make) => {
    expectLinear((size) => {
      const content = { ...base, ...make(size) };
      return () => composeMessage({ ...content, flowed: true });
    }, 60_000);
  });

  test.each<[string, (size: number) => string]>([
    ['a domain of hyphens', (size) => `a@${repeated('a-', size)}`],
    ['a domain of dots', (size) => `a@${repeated('a.', size)}-`],
    ['a local part of dots', (size) => `${repeated('a.', size)} @b`],
    ['a quoted local part', (size) => `"${repeated('\\\\', size)}@b`],
    ['at signs', (size) => repeated('@', size)],
  ])('for %s, which is refused', (_, make) => {
    expectLinear((size) => {
      const address = make(size);
      return () => {
        try {
          composeMessage({ ...base, to: { address } });
        } catch {
          return;
        }
        throw new Error('was not refused');
      };
    }, 200_000);
  });
});

describe('editing takes time in proportion to message and edits', () => {
  const limits = { headers: 1e6, headerOctets: 1e9, parts: 1e6 };

  test('for fields', () => {
    expectLinear((size) => {
      const message = parseMessage(octets(`${repeated('A: b\r\n', size)}\r\n`), { limits });
      return () => {
        const editor = new MessageEditor(message);
        [...message.headers].forEach((field, i) => {
          if (i % 2 === 0) editor.removeField(field);
          else editor.replaceField(field, 'c');
        });
        editor.finish();
      };
    }, 60_000);
  });

  test('for parts', () => {
    expectLinear((size) => {
      const parts = repeated('--b\r\nA: b\r\n\r\nx\r\n', size);
      const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`;
      const message = parseMessage(octets(text), { limits });
      return () => {
        const editor = new MessageEditor(message);
        message.parts.forEach((part, i) => {
          if (i % 3 === 0) editor.removePart(part);
          else if (i % 3 === 1) editor.addField(part, 'X', '1');
          else editor.replacePart(part, octets('\r\nnew'));
          if (i % 1000 === 0) editor.addPart(message, octets('\r\nnew'), part);
        });
        editor.finish();
      };
    }, 40_000);
  });
});
