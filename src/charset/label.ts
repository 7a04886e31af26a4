/** A charset that can be decoded, whatever label it came under. */
export interface Charset {
  /**
   * Its name in lower case: that of the Encoding Standard, and beside those
   * `us-ascii` and `utf-16`, which the Standard folds into others, `utf-7`, `iso-2022-kr`, `hz-gb-2312`,
   * and `ibm437` to `ibm858`.
   */
  readonly name: string;
}

/**
 * Labels by charset. Those of the Encoding Standard first, then, after the bar,
 * what mail has beside them: IANA's aliases, code page numbers, misspellings
 * that {@link squeeze} does not reach.
 */
const labels: Record<string, string> = {
  'us-ascii':
    'ansi_x3.4-1968 ascii us-ascii | ansi_x3.4-1986 iso-ir-6 iso_646.irv:1991 iso646-us us ibm367 cp367 csascii 646',
  'utf-8':
    'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 x-unicode20utf8 | utf-8n utf8mb4 csutf8 cp65001',
  ibm437: '| ibm437 cp437 437 cspc8codepage437',
  ibm850: '| ibm850 cp850 850 cspc850multilingual',
  ibm852: '| ibm852 cp852 852 cspcp852',
  ibm858: '| ibm00858 ibm858 cp858 858 ccsid00858 cp00858 pcmultilingual850euro',
  ibm866: '866 cp866 csibm866 ibm866',
  'iso-8859-2':
    'csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 | cp28592',
  'iso-8859-3':
    'csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 | cp28593',
  'iso-8859-4':
    'csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 | cp28594',
  'iso-8859-5':
    'csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 | cp28595',
  'iso-8859-6':
    'arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i ' +
    'iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 | cp28596',
  'iso-8859-7':
    'csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 ' +
    'iso_8859-7:1987 sun_eu_greek | cp28597',
  'iso-8859-8':
    'csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 ' +
    'iso_8859-8:1988 visual | cp28598',
  'iso-8859-8-i': 'csiso88598i iso-8859-8-i logical | cp38598',
  'iso-8859-10': 'csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6',
  'iso-8859-13': 'iso-8859-13 iso8859-13 iso885913 | cp28603',
  'iso-8859-14': 'iso-8859-14 iso8859-14 iso885914',
  'iso-8859-15': 'csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 | latin9 cp28605',
  'iso-8859-16': 'iso-8859-16 | l10 latin10',
  'koi8-r': 'cskoi8r koi koi8 koi8-r koi8_r | cp20866',
  'koi8-u': 'koi8-ru koi8-u | cp21866',
  macintosh: 'csmacintosh mac macintosh x-mac-roman | macroman',
  'windows-874': 'dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 | cp874',
  'windows-1250': 'cp1250 windows-1250 x-cp1250 | 1250 win1250',
  'windows-1251': 'cp1251 windows-1251 x-cp1251 | 1251 win1251',
  'windows-1252':
    'cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 ' +
    'windows-1252 x-cp1252 | 1252 win1252 cp28591',
  'windows-1253': 'cp1253 windows-1253 x-cp1253 | 1253 win1253',
  'windows-1254':
    'cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 ' +
    'x-cp1254 | 1254 win1254 cp28599',
  'windows-1255': 'cp1255 windows-1255 x-cp1255 | 1255 win1255',
  'windows-1256': 'cp1256 windows-1256 x-cp1256 | 1256 win1256',
  'windows-1257': 'cp1257 windows-1257 x-cp1257 | 1257 win1257',
  'windows-1258': 'cp1258 windows-1258 x-cp1258 | 1258 win1258',
  'x-mac-cyrillic': 'x-mac-cyrillic x-mac-ukrainian',
  gbk: 'chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk | cp936 ms936 windows-936 euc-cn',
  gb18030: 'gb18030 | cp54936',
  big5: 'big5 big5-hkscs cn-big5 csbig5 x-x-big5 | cp950 ms950 windows-950',
  'euc-jp': 'cseucpkdfmtjapanese euc-jp x-euc-jp | ujis eucjp-ms eucjp-win cp51932 cp20932',
  // One charset for all of the family, since its decoder reads the whole of it.
  'iso-2022-jp':
    'csiso2022jp iso-2022-jp | iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ms ' +
    'iso-2022-jp-ext csiso2022jp2 cp50220 cp50221 cp50222 windows-50220 windows-50221 windows-50222 ' +
    'windows-iso2022jp cswindows50220 cswindows50221 jis jis7 jis8 jis_encoding csjisencoding junet ' +
    'iso-2022-jis iso-2022-jpn iso-2022-j iso-2022-jp-jis iso-2002-jp iso-2202-jp iso-2020-jp ' +
    'iso-20222-jp iso-202-jp is-2022-jp so-2022-jp 2022-jp',
  shift_jis:
    'csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis | cp932 windows-932 cswindows31j x-ms-cp932',
  'euc-kr':
    'cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 ' +
    '| cp949 ms949 uhc ks_c_5601',
  'iso-2022-kr': '| iso-2022-kr csiso2022kr',
  'hz-gb-2312': '| hz-gb-2312 hz',
  'utf-7': 'utf-7 | unicode-1-1-utf-7 csunicode11utf7 cp65000',
  'utf-16': 'utf-16 | unicode csutf16',
  'utf-16be': 'unicodefffe utf-16be | csutf16be cp1201',
  'utf-16le': 'csunicode iso-10646-ucs-2 ucs-2 unicodefeff utf-16le | csutf16le cp1200',
};

let byLabel: Map<string, Charset> | undefined;

/**
 * Finds the charset that a label of mail stands for (`charset=` of
 * Content-Type, the first field of an encoded word).
 *
 * Known are the labels of the Encoding Standard and those that mail has beside
 * them. Upper and lower case, white space, quotes and punctuation make no
 * difference (`Shift JIS`, `utf8`, `ISO_8859-1`, `x-cp932`).
 *
 * As in the Encoding Standard, `iso-8859-1` means windows-1252, since mail says
 * the one and means the other, and likewise for `iso-8859-9`, `gb2312`,
 * `ks_c_5601-1987` and `shift_jis`. Unlike there, `us-ascii` is a charset of its
 * own, in which octets from 0x80 on stand for nothing: that they are there is
 * worth knowing. `utf-16` without a byte order mark is big-endian (RFC 2781
 * §4.3).
 *
 * @returns `undefined` for a label that is not known.
 *
 * @example
 * ```ts
 * import { lookupCharset } from 'mailseal/charset';
 *
 * console.log(lookupCharset('X-SJIS')?.name, lookupCharset('x-unknown')); // 'shift_jis' undefined
 * ```
 */
export function lookupCharset(label: string): Charset | undefined {
  const known = lately.get(label);
  if (known !== undefined) return known;
  const found = find(label);
  // A longer one may be a view of a whole header block, which would be kept with it.
  if (found !== undefined && label.length <= 12) {
    if (lately.size === MOST_LATELY) lately.clear();
    lately.set(label, found);
  }
  return found;
}

/** Labels as they came, since a few of them are all that most mail has. */
const lately = /* @__PURE__ */ new Map<string, Charset>();
const MOST_LATELY = 200;

function find(label: string): Charset | undefined {
  byLabel ??= indexLabels();
  const squeezed = squeeze(label);
  return byLabel.get(squeezed) ?? (squeezed.startsWith('x') ? byLabel.get(squeezed.slice(1)) : undefined);
}

/** Every label of the table with the name of its charset. */
export function* allLabels(): Generator<readonly [label: string, name: string]> {
  for (const [name, list] of Object.entries(labels)) {
    for (const label of list.split(' ')) if (label !== '|') yield [label, name];
  }
}

function indexLabels(): Map<string, Charset> {
  const index = new Map<string, Charset>();
  const charsets = new Map<string, Charset>();
  for (const [label, name] of allLabels()) {
    const charset = charsets.get(name) ?? Object.freeze({ name });
    charsets.set(name, charset);
    index.set(squeeze(label), charset);
  }
  return index;
}

/** No two charsets have labels that differ in case and punctuation alone, so a label is known by the rest. */
function squeeze(label: string): string {
  // A label of such a length is none, and need not be gone through.
  if (label.length > 100) return '';
  return label.toLowerCase().replace(/[^a-z0-9]/g, '');
}
