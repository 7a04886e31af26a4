import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { decodeHex } from '../../../src/encoding/hex.js';
import { encode } from '../../../src/iso2022jp/encode.js';
import { bodyText } from '../../../src/mime/bodies/body-text.js';
import { charsetOfHtml } from '../../../src/mime/bodies/html-charset.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import { expectLinear } from '../../support/linear-time.js';
import { crlf, octets } from '../../support/mime.js';

function withBody(type: string, body: Uint8Array): Part {
  return parseMessage(concatBytes([crlf(`Content-Type: ${type}`, ''), body]));
}

const codes = (part: Part): string[] => part.defects.map((defect) => defect.code);
const mark8 = octets('\xef\xbb\xbf');
const utf16le = (text: string): Uint8Array =>
  bytesFromLatin1(
    [...text].map((c) => String.fromCharCode(c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8)).join(''),
  );
const shiftJis = octets(
  '\x82\xb1\x82\xea\x82\xcd\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x8f\xcd\x82\xc5\x82\xb7\x81\x42',
);
const eucJp = octets(
  '\xa4\xb3\xa4\xec\xa4\xcf\xc6\xfc\xcb\xdc\xb8\xec\xa4\xce\xca\xb8\xbe\xcf\xa4\xc7\xa4\xb9\xa1\xa3',
);
const japanese = 'これは日本語の文章です。';

describe('the charset of a body', () => {
  test.each<[string, string, Uint8Array, string, string, string[]]>([
    ['an alias of a label', 'text/plain; charset=x-sjis', shiftJis, japanese, 'shift_jis', []],
    ['a misspelt label', 'text/plain; charset="ISO 2022 JP"', encode(japanese), japanese, 'iso-2022-jp', []],
    ['no label, ASCII', 'text/plain', octets('plain'), 'plain', 'us-ascii', []],
    [
      'no label, UTF-8 mark',
      'text/plain',
      concatBytes([mark8, bytesFromUtf8('é')]),
      'é',
      'utf-8',
      ['charset-missing'],
    ],
    [
      'no label, UTF-16 mark',
      'text/plain',
      concatBytes([octets('\xff\xfe'), utf16le('é見')]),
      'é見',
      'utf-16le',
      ['charset-missing'],
    ],
    ['no label, Shift_JIS', 'text/plain', shiftJis, japanese, 'shift_jis', ['charset-missing']],
    ['no label, EUC-JP', 'text/plain', eucJp, japanese, 'euc-jp', ['charset-missing']],
    ['no label, JIS', 'text/plain', encode(japanese), japanese, 'iso-2022-jp', ['charset-missing']],
    [
      'us-ascii, Shift_JIS',
      'text/plain; charset=US-ASCII',
      shiftJis,
      japanese,
      'shift_jis',
      ['charset-missing'],
    ],
    [
      'unknown, Shift_JIS',
      'text/plain; charset=x-what',
      shiftJis,
      japanese,
      'shift_jis',
      ['charset-unknown'],
    ],
    [
      'unknown, ASCII',
      'text/plain; charset=x-what',
      octets('plain'),
      'plain',
      'us-ascii',
      ['charset-unknown'],
    ],
    [
      '8bit, no charset',
      'text/plain; charset=8bit',
      octets('\xe9'),
      'é',
      'windows-1252',
      ['charset-unknown'],
    ],
    [
      'UTF-8 mark against the label',
      'text/plain; charset=iso-8859-1',
      concatBytes([mark8, bytesFromUtf8('é')]),
      'é',
      'utf-8',
      ['charset-contradicted'],
    ],
    [
      'UTF-8 mark that is none',
      'text/plain; charset=iso-8859-1',
      concatBytes([mark8, octets('\xe9')]),
      'ï»¿é',
      'windows-1252',
      [],
    ],
    [
      'UTF-16 mark against the label',
      'text/plain; charset=utf-8',
      concatBytes([octets('\xfe\xff'), octets('\0a')]),
      'a',
      'utf-16be',
      ['charset-contradicted'],
    ],
    [
      'UTF-8 with its mark',
      'text/plain; charset=utf-8',
      concatBytes([mark8, bytesFromUtf8('é')]),
      'é',
      'utf-8',
      [],
    ],
    [
      'UTF-8 labelled Shift_JIS',
      'text/plain; charset=euc-jp',
      bytesFromUtf8('日本語で書いた本文'),
      '日本語で書いた本文',
      'utf-8',
      ['charset-contradicted'],
    ],
    [
      'Shift_JIS labelled JIS',
      'text/plain; charset=iso-2022-jp',
      shiftJis,
      japanese,
      'shift_jis',
      ['charset-contradicted'],
    ],
    [
      'JIS labelled UTF-8',
      'text/plain; charset=utf-8',
      encode(japanese),
      japanese,
      'iso-2022-jp',
      ['charset-contradicted'],
    ],
    [
      'damaged UTF-8 stays UTF-8',
      'text/plain; charset=utf-8',
      octets('a\xe9'),
      'a\ufffd',
      'utf-8',
      ['charset-damaged'],
    ],
    [
      'damaged Shift_JIS stays',
      'text/plain; charset=shift_jis',
      octets('\x82'),
      '\ufffd',
      'shift_jis',
      ['charset-damaged'],
    ],
  ])('%s', (_, type, body, text, charset, defects) => {
    const part = withBody(type, body);
    expect(part.text()).toBe(text);
    expect(part.charset).toBe(charset);
    expect(codes(part)).toEqual(defects);
  });
});

describe('ISO-2022-JP that lost its escape characters', () => {
  const type = 'text/plain; charset=iso-2022-jp';
  const lost = (text: string): Uint8Array => encode(text).filter((octet) => octet !== 0x1b);

  test.each([
    ['one line', japanese],
    ['lines', 'お世話になっております。\r\nPDFを送ります (see below)。\r\n$100 (B)\r\n'],
  ])('%s', (_, text) => {
    const part = withBody(type, lost(text));
    expect(part.text()).toBe(text);
    expect(codes(part)).toEqual(['charset-damaged']);
  });

  test.each(['It costs $B (B).', 'plain', '$B'])('%j is ASCII', (text) => {
    const part = withBody(type, octets(text));
    expect(part.text()).toBe(text);
    expect(codes(part)).toEqual([]);
  });

  test.each(['$B', '$B!!', '$B(B', '!!'])('in linear time: %j', (piece) => {
    expectLinear((size) => {
      const body = octets(`$B$3$l$O(B${piece.repeat(size / piece.length)}`);
      return () => void bodyText(body, { label: 'iso-2022-jp', mediaType: 'text/plain', offset: 0 });
    }, 50_000);
  });
});

describe('the charset that HTML names', () => {
  test.each([
    ['meta charset', '<META CHARSET="Shift_JIS">', 'shift_jis'],
    [
      'meta http-equiv',
      "<meta http-equiv='Content-Type' content='text/html;charset=shift_jis'>",
      'shift_jis',
    ],
    ['meta, unquoted', '<html><head><meta charset=windows-31j></head>', 'shift_jis'],
    ['meta after a comment that has one', '<!-- <meta charset=koi8-r> --><meta charset=sjis>', 'shift_jis'],
    ['meta after another', '<meta name=viewport content="width=1"><meta charset=sjis>', 'shift_jis'],
    ['XML declaration', '<?xml version="1.0" encoding="x-sjis"?><html>', 'shift_jis'],
    ['one that is not known', '<meta charset=x-what>', 'shift_jis'],
    ['a tag that is not closed', '<meta charset=koi8-r', 'shift_jis'],
    ['another tag', '<metal charset=koi8-r>', 'shift_jis'],
    ['a charset that all octets fit', '<meta charset=koi8-r>', 'koi8-r'],
    ['UTF-16, read as ASCII', '<meta charset=utf-16>', 'utf-8'],
  ])('%s', (_, html, charset) => {
    const part = withBody('text/html', concatBytes([octets(html), shiftJis]));
    part.text();
    expect(part.charset).toBe(charset);
    expect(codes(part).filter((code) => code !== 'charset-damaged')).toEqual(['charset-missing']);
  });

  test('the label of the message counts before it', () => {
    const part = withBody(
      'text/html; charset=shift_jis',
      concatBytes([octets('<meta charset=koi8-r>'), shiftJis]),
    );
    expect(part.text()).toContain(japanese);
    expect(codes(part)).toEqual([]);
  });

  test('in plain text it is text', () => {
    const part = withBody('text/plain', concatBytes([octets('<meta charset=koi8-r>'), shiftJis]));
    expect(part.charset).toBe('shift_jis');
  });
});

test.each([
  'Der Fluß führt über die Straße; schöne Grüße aus München, Köln und Düsseldorf.',
  'L’été dernier, nous étions à la montagne où il faisait très beau. Ça a été un succès.',
  'El niño comió piñas en la mañana; ¿cuándo vendrá el señor Núñez? ¡Qué lástima!',
  'Não há dúvida de que a situação é difícil; às vezes não são só três questões.',
  'På øen bor en gammel mand. Hvor mange år er han? Åse får også æbler.',
  'café',
  'Ärger',
  '“quoted” – dashed — €100',
  '£5 per 10°, 5½ × 3',
  'A ação do coração',
  'Hello Þór, see çà now',
  '20° über',
  'Isso é só uma ação.',
])('Latin text without a label is not taken for Japanese: %s', (text) => {
  const encoded = bytesFromLatin1(
    text.replace(
      /[’“”–—€]/g,
      (c) => ({ '’': '\x92', '“': '\x93', '”': '\x94', '–': '\x96', '—': '\x97', '€': '\x80' })[c]!,
    ),
  );
  const part = withBody('text/plain', encoded);
  expect(part.text()).toBe(text);
});

test.each([
  [
    'Russian in KOI8-R',
    'fac4d2c1d7d3d4d7d5cad4c52120f7d9d3d9ccc1c020d7c1cd20c4cfcbd5cdc5ced4d920d0cf20c4cfc7cfd7cfd2d520d0cfd3d4c1d7cbc9',
  ],
  [
    'Thai',
    'cac7d1cab4d5a4c3d1ba20bcc1cae8a7e0cda1cad2c3c1d2e3cbe9e1c5e9c720a1c3d8b3d2b5c3c7a8cacdbab4e9c7c2a4c3d1ba20a2cdbaa4d8b3a4c3d1ba',
  ],
  [
    'Korean',
    'bec8b3e7c7cfbcbcbfe42e20bfe4c3bbc7cfbdc520c0dab7e1b8a620c3b7bacec7cfbfa920bab8b3bbb5e5b8b3b4cfb4d92e',
  ],
])('%s without a label is not taken for Japanese', (_, hex) => {
  expect(withBody('text/plain', decodeHex(hex)).charset).toBe('windows-1252');
});

test.each([
  ['a word', '97b989f0', '了解'],
  ['a name in EUC-JP', 'bbb3c5c4c2c0cfba', '山田太郎'],
  ['a sentence with Latin letters', '504446a4f2c5bac9d5a4b7a4dea4b9', 'PDFを添付します'],
])('%s of Japanese without a label is read as such', (_, hex, text) => {
  expect(withBody('text/plain', decodeHex(hex)).text()).toBe(text);
});

describe('any body', () => {
  const label = fc.constantFrom(
    ...[
      undefined,
      'utf-8',
      'us-ascii',
      'iso-2022-jp',
      'shift_jis',
      'utf-16',
      'utf-7',
      'windows-1252',
      'cp437',
      'x-what',
      '',
    ],
  );
  const mediaType = fc.constantFrom('text/plain', 'text/html', 'application/xhtml+xml');
  const piece = fc.oneof(
    fc.constantFrom(
      '\xff\xfe',
      '\xef\xbb\xbf',
      '\x1b$B',
      '\x1b(B',
      '\x82\xb1',
      '\xe3\x81\x93',
      '<meta ',
      'charset=',
      '"',
      '>',
      'sjis',
      '<!--',
      '<?xml ',
    ),
    fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 8,
    }),
  );

  test('has a text, a charset that decodes to it, and a defect unless the label served', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), label, mediaType, (pieces, name, type) => {
        const source = { label: name, mediaType: type, offset: 7 };
        const whole = octets(pieces.join(''));
        const { text, charset, defects } = bodyText(whole, source);
        const again = bodyText(whole, { ...source, label: charset });
        if (charset !== 'us-ascii' && again.charset === charset) expect(again.text).toBe(text);
        expect(defects.every(({ code, offset }) => code.startsWith('charset-') && offset === 7)).toBe(true);
        if (name === 'x-what' || name === '') expect(defects.length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['\x1b', '\x1b$B', '\x82', '\xe3\x81', '\xff\xfe', '<meta ', '<!--', '\xa4$b'])(
    'in linear time: %j',
    (one) => {
      for (const name of [undefined, 'utf-8', 'iso-2022-jp']) {
        expectLinear((size) => {
          const whole = octets(one.repeat(size / one.length));
          return () => {
            bodyText(whole, { label: name, mediaType: 'text/html', offset: 0 });
            charsetOfHtml(whole);
          };
        }, 50_000);
      }
    },
  );
});
