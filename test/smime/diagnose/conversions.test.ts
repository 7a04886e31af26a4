import { describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { encode } from '../../../src/iso2022jp/encode.js';
import type { Alteration, AlterationKind } from '../../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { encodePaired } from '../../../src/smime/diagnose/text/japanese-octets.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { putBack } from '../../support/random-alterations.js';
import { detachedMessage } from '../../support/sign-message.js';
import { alice, now, roots, signedBy } from '../../support/sign-scene.js';

const head = (charset: string, encoding: string): string =>
  `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
const entity = (charset: string, encoding: string, body: Bytes): Bytes =>
  concatBytes([bytesFromLatin1(head(charset, encoding)), body]);
const sjis = (text: string): Bytes => encodePaired('shift_jis', text)!;

async function diagnosed(signed: Bytes, received: Bytes, foldWidth = false): Promise<Alteration> {
  const message = detachedMessage(received, signedBy(alice, signed));
  const report = await verifyMessage(message, { roots, at: now });
  const { alterations } = await diagnoseAlteration(message, report, { foldWidth });
  return alterations[0]!;
}

/** Expects that what was signed is recovered by these changes, and that their ranges give it. */
function expectFound(alteration: Alteration, signed: Bytes, kinds: readonly AlterationKind[]): void {
  expect(alteration.changes.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  expect(latin1FromBytes(alteration.original!)).toBe(latin1FromBytes(signed));
  expect(latin1FromBytes(putBack(alteration))).toBe(latin1FromBytes(signed));
}

const full = '請求額は１０，０００円です。\r\nカタカナのテスト(1)です。\r\n';
const half = full.replace('カタカナ', 'ｶﾀｶﾅ');

describe('half-width katakana', () => {
  const signed = entity('ISO-2022-JP', '7bit', encode(full));
  test.each([
    ['UTF-8', entity('ISO-2022-JP', '7bit', bytesFromUtf8(half)), ['charset-converted', 'width-changed']],
    [
      'Shift_JIS, and said so',
      entity('Shift_JIS', '8bit', sjis(half)),
      ['charset-converted', 'charset-relabelled', 'width-changed'],
    ],
    [
      'ISO-2022-JP with ESC ( I',
      entity('ISO-2022-JP', '7bit', encode(half, { profile: 'ms', halfwidth: 'escape' })),
      ['width-changed'],
    ],
  ] as const)(
    'that came in %s are full-width again only where that was asked for, and named',
    async (_, received, kinds) => {
      expect((await diagnosed(signed, received)).original).toBeUndefined();
      expectFound(await diagnosed(signed, received, true), signed, kinds);
    },
  );

  test('that a converter folded, as nkf does, are undone with the conversion, one run or all', async () => {
    const received = entity('ISO-2022-JP', '7bit', encode(full));
    const kinds = ['charset-converted', 'charset-relabelled', 'width-changed'] as const;
    for (const text of [
      half,
      half.replace('テスト', 'ﾃｽﾄ'),
      half.replace('テスト', 'ﾃｽﾄ').replaceAll('。', '｡'),
    ]) {
      const was = entity('Shift_JIS', '8bit', sjis(text));
      expectFound(await diagnosed(was, received, true), was, kinds);
      expect((await diagnosed(was, received)).original).toBeUndefined();
    }
  });

  test('that stayed as they are need no folding', async () => {
    const was = entity('ISO-2022-JP', '7bit', encode(half, { profile: 'ms', halfwidth: 'escape' }));
    const received = entity('Shift_JIS', '8bit', sjis(half));
    expectFound(await diagnosed(was, received), was, ['charset-converted', 'charset-relabelled']);
  });
});

describe('text parts of which only some were converted', () => {
  const parts = (plain: Bytes, html: Bytes): Bytes =>
    concatBytes([
      bytesFromLatin1('Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n'),
      plain,
      bytesFromLatin1('\r\n--b\r\n'),
      html,
      bytesFromLatin1('\r\n--b--\r\n'),
    ]);
  const html = (charset: string, encoding: string, body: Bytes): Bytes =>
    concatBytes([bytesFromLatin1(head(charset, encoding).replace('plain', 'html')), body]);
  const jis = encode('日本語の本文です。');
  const signed = parts(entity('ISO-2022-JP', '7bit', jis), html('ISO-2022-JP', '7bit', jis));

  test.each([
    ['Shift_JIS', sjis('日本語の本文です。')],
    ['UTF-8', bytesFromUtf8('日本語の本文です。')],
  ] as const)('to %s', async (charset, octets) => {
    const first = parts(entity(charset, '8bit', octets), html('ISO-2022-JP', '7bit', jis));
    expectFound(await diagnosed(signed, first), signed, ['charset-converted', 'charset-relabelled']);
    const second = parts(entity('ISO-2022-JP', '7bit', jis), html('ISO-2022-JP', '7bit', octets));
    expectFound(await diagnosed(signed, second), signed, ['charset-converted']);
  });

  test('of UTF-8 parts to ISO-2022-JP', async () => {
    const utf8 = bytesFromUtf8('日本語の本文です。');
    const both = parts(entity('UTF-8', '8bit', utf8), html('UTF-8', '8bit', utf8));
    const one = parts(entity('ISO-2022-JP', '7bit', jis), html('UTF-8', '8bit', utf8));
    expectFound(await diagnosed(both, one), both, ['charset-converted', 'charset-relabelled']);
  });
});

describe('what was signed over LF', () => {
  const lf = `${head('us-ascii', '7bit')}From now on\r\n.\r\nthe list\r\n`.replaceAll('\r\n', '\n');
  test.each([
    ['a footer', (text: string) => `${text}__\r\nfoot\r\n`, 'footer-added', '__\r\nfoot\r\n'],
    ['an empty line', (text: string) => `${text}\r\n`, 'trailing-lines-added', '\r\n'],
    ['a quoted From line', (text: string) => text.replace('From ', '>From '), 'from-line-quoted', '>'],
  ] as const)('with %s', async (_, alter, kind, added) => {
    const signed = bytesFromLatin1(lf);
    const received = alter(lf.replaceAll('\n', '\r\n'));
    const alteration = await diagnosed(signed, bytesFromLatin1(received));
    expectFound(alteration, signed, ['line-ends-not-canonical', kind]);
    const { ranges } = alteration.changes.find((change) => change.kind === kind)!;
    expect(ranges.map(({ start, end }) => received.slice(start, end))).toEqual([added]);
    expect(ranges.map(({ original }) => latin1FromBytes(original))).toEqual(['']);
  });
});
