import { describe, expect, test } from 'vitest';
import { allLabels, lookupCharset } from '../../src/charset/label.js';

describe('labels', () => {
  test('those of the table find their charset, in upper case and without punctuation too', () => {
    let labels = 0;
    for (const [label, name] of allLabels()) {
      expect(lookupCharset(label)?.name, label).toBe(name);
      expect(lookupCharset(` ${label.toUpperCase()}\t`)?.name, label).toBe(name);
      expect(lookupCharset(label.replace(/[^a-z0-9]/g, ''))?.name, label).toBe(name);
      labels++;
    }
    expect(labels).toBeGreaterThan(280);
  });

  test('agree with the platform, but for those that it folds into others', () => {
    const own = new Set(['us-ascii', 'utf-16', 'utf-7']);
    let agreed = 0;
    for (const [label, name] of allLabels()) {
      let platform: string;
      try {
        platform = new TextDecoder(label).encoding;
      } catch {
        continue;
      }
      if (own.has(name)) continue;
      expect(platform, label).toBe(name);
      agreed++;
    }
    expect(agreed).toBeGreaterThan(200);
  });

  test.each([
    ['UTF8', 'utf-8'],
    ['utf_8', 'utf-8'],
    ['"utf-8"', 'utf-8'],
    ['X-UTF-8', 'utf-8'],
    ['Shift JIS', 'shift_jis'],
    ['Shift_JIS', 'shift_jis'],
    ['x-sjis', 'shift_jis'],
    ['cp932', 'shift_jis'],
    ['CP-932', 'shift_jis'],
    ['ISO-2022-JP', 'iso-2022-jp'],
    ['iso2022jp', 'iso-2022-jp'],
    ['ISO_2022_JP', 'iso-2022-jp'],
    ['iso-2022-jp-1', 'iso-2022-jp'],
    ['ISO-2022-JP-2', 'iso-2022-jp'],
    ['iso-2022-jp-3', 'iso-2022-jp'],
    ['iso-2022-jp-2004', 'iso-2022-jp'],
    ['iso-2022-jp-ms', 'iso-2022-jp'],
    ['cp50220', 'iso-2022-jp'],
    ['cp50221', 'iso-2022-jp'],
    ['cp50222', 'iso-2022-jp'],
    ['csISO2022JP', 'iso-2022-jp'],
    ['iso2022-jp', 'iso-2022-jp'],
    ["'iso-2022-jp'", 'iso-2022-jp'],
    ['X-ISO-2022-JP', 'iso-2022-jp'],
    ['x-windows-50220', 'iso-2022-jp'],
    ['ISO-2002-JP', 'iso-2022-jp'],
    ['iso-2022jis', 'iso-2022-jp'],
    ['JIS7', 'iso-2022-jp'],
    ['eucJP', 'euc-jp'],
    ['ISO8859_1', 'windows-1252'],
    ['ISO 8859-1', 'windows-1252'],
    ['iso-8859-11', 'windows-874'],
    ['windows1251', 'windows-1251'],
    ['x-windows-1251', 'windows-1251'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['gb2312', 'gbk'],
    ['gb_18030', 'gb18030'],
    ['US-ASCII', 'us-ascii'],
    ['ASCII', 'us-ascii'],
    ['ANSI_X3.4-1968', 'us-ascii'],
  ])('%s is %s', (label, name) => {
    expect(lookupCharset(label)?.name).toBe(name);
  });

  test.each([
    '',
    'x',
    'x-unknown',
    'unknown-8bit',
    '8bit',
    'default',
    'charset',
    'utf',
    '漢字',
    'iso-2022-cn',
    `utf-8${' '.repeat(200)}`,
    'constructor',
    '__proto__',
  ])('%j is none', (label) => {
    expect(lookupCharset(label)).toBe(undefined);
  });
});
