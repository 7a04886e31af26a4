import type { Probe } from './probe.js';

/** A text body with that content type and transfer encoding. */
function body(
  type: string,
  encoding: string,
  text: string,
  expected: string,
): Pick<Probe, 'input' | 'expected'> {
  return {
    input: [`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', text],
    expected: type.startsWith('text/html') ? { html: expected } : { text: expected },
  };
}

/** Charsets of bodies. */
export const charsets: readonly Probe[] = [
  {
    id: 'body-jis',
    title: 'ISO-2022-JP, 7bit.',
    source: 'RFC 1468; nodemailer/mailparser #47',
    ...body('text/plain; charset=ISO-2022-JP', '7bit', '\x1b$B$3$s$K$A$O\x1b(B!', 'こんにちは!'),
  },
  {
    id: 'body-jis-base64',
    title: 'ISO-2022-JP in base64.',
    ...body(
      'text/plain; charset=iso-2022-jp',
      'base64',
      'GyRCJDMkcyRLJEEkTyEiQCQzJhsoQg==',
      'こんにちは、世界',
    ),
  },
  {
    id: 'body-jis-quoted-printable',
    title: 'ISO-2022-JP in quoted-printable.',
    source: 'nodemailer/mailparser #218',
    ...body('text/plain; charset="iso-2022-jp"', 'quoted-printable', '=1B$B$3$s=1B(B!', 'こん!'),
  },
  {
    id: 'body-jis-row-13-and-half-width',
    title: 'NEC’s row 13 and half-width katakana in ISO-2022-JP.',
    source: 'not in RFC 1468, but sent',
    ...body('text/plain; charset=iso-2022-jp', '7bit', '\x1b$B-!Bh\x1b(I12\x1b(B.', '①第ｱｲ.'),
  },
  {
    id: 'body-jis-no-charset',
    title: 'ISO-2022-JP without a charset.',
    source: 'zammad #6144',
    ...body('text/plain', '7bit', '\x1b$B$3$s$K$A$O\x1b(B', 'こんにちは'),
    defects: ['charset-missing'],
  },
  {
    id: 'body-jis-is-utf-8',
    title: 'UTF-8 under the label iso-2022-jp.',
    source: 'mikel/mail #1423',
    ...body('text/plain; charset=iso-2022-jp', '8bit', '\xe3\x81\xbb\xe3\x81\x92', 'ほげ'),
    defects: ['charset-contradicted'],
  },
  {
    id: 'body-sjis-8bit',
    title: 'Shift_JIS, 8bit, with backslashes as second octets.',
    ...body('text/plain; charset=Shift_JIS', '8bit', '\x83\\\x83t\x83g\x95\\', 'ソフト表'),
  },
  {
    id: 'body-sjis-extensions',
    title: 'Characters of NEC and IBM under the label x-sjis.',
    ...body('text/plain; charset=x-sjis', '8bit', '\x87@\xee\xe0', '①髙'),
  },
  {
    id: 'body-sjis-no-charset',
    title: 'Shift_JIS without a charset.',
    ...body(
      'text/plain',
      '8bit',
      '\x89\xef\x8bc\x82\xcc\x82\xa8\x92m\x82\xe7\x82\xb9\x82\xc5\x82\xb7\x81B',
      '会議のお知らせです。',
    ),
    defects: ['charset-missing'],
  },
  {
    id: 'body-euc-jp-quoted-printable',
    title: 'EUC-JP in quoted-printable.',
    ...body(
      'text/plain; charset=EUC-JP',
      'quoted-printable',
      '=C6=FC=CB=DC=B8=EC=A4=CE=CB=DC=CA=B8',
      '日本語の本文',
    ),
  },
  {
    id: 'body-utf-7',
    title: 'UTF-7.',
    ...body('text/plain; charset=utf-7', '7bit', 'Fran+AOc-ais +AKM-1 +- 1', 'Français £1 + 1'),
  },
  {
    id: 'body-gb2312-is-gbk',
    title: 'Characters of GBK under the label gb2312.',
    source: 'nodemailer/mailparser #161',
    ...body('text/plain; charset="gb2312"', '8bit', '\xe9F\xbb\xf9', '镕基'),
  },
  {
    id: 'body-big5',
    title: 'Big5, with a backslash as second octet.',
    ...body('text/plain; charset=Big5', '8bit', '\xa5\\\xbd\xd2', '功課'),
  },
  {
    id: 'body-koi8-r',
    title: 'KOI8-R.',
    ...body('text/plain; charset=koi8-r', '8bit', '\xf0\xd2\xc9\xd7\xc5\xd4', 'Привет'),
  },
  {
    id: 'body-latin-1-is-windows-1252',
    title: 'Quotation marks of windows-1252 under the label iso-8859-1.',
    ...body('text/plain; charset=iso-8859-1', '8bit', '\x93quoted\x94 \x96 \x80', '“quoted” – €'),
  },
  {
    id: 'body-ascii-is-utf-8',
    title: 'UTF-8 under the label us-ascii.',
    ...body('text/plain; charset=us-ascii', '8bit', 'caf\xc3\xa9', 'café'),
    defects: ['charset-missing'],
  },
  {
    id: 'body-no-charset-utf-8',
    title: 'UTF-8 without a charset.',
    ...body('text/plain', '8bit', 'caf\xc3\xa9', 'café'),
    defects: ['charset-missing'],
  },
  {
    id: 'body-no-charset-latin-1',
    title: 'ISO 8859-1 without a charset.',
    ...body('text/plain', '8bit', 'caf\xe9 cr\xe8me', 'café crème'),
    defects: ['charset-missing'],
  },
  {
    id: 'body-unknown-charset',
    title: 'A charset that nobody knows.',
    ...body('text/plain; charset=x-user-defined-42', '8bit', 'caf\xc3\xa9', 'café'),
    defects: ['charset-unknown'],
  },
  {
    id: 'body-label-in-quotes-with-blank',
    title: 'A label in quotes with a blank behind it.',
    ...body('text/plain; charset="ISO-8859-2 "', '8bit', '\xa9koda', 'Škoda'),
  },
  {
    id: 'body-bom',
    title: 'A byte order mark before UTF-8.',
    ...body('text/plain; charset=utf-8', '8bit', '\xef\xbb\xbfcaf\xc3\xa9', 'café'),
  },
  {
    id: 'body-bom-beats-label',
    title: 'UTF-8 with a byte order mark, under another label.',
    ...body('text/plain; charset=iso-8859-1', 'base64', '77u/Y2Fmw6k=', 'café'),
    defects: ['charset-contradicted'],
  },
  {
    id: 'body-utf-16',
    title: 'UTF-16 with a byte order mark, in base64.',
    ...body('text/plain; charset=utf-16', 'base64', '//7lZSxn', '日本'),
  },
  {
    id: 'body-html-meta',
    title: 'HTML that names its charset only itself.',
    source: 'nodemailer/mailparser #370',
    ...body(
      'text/html',
      'quoted-printable',
      '<meta http-equiv=3D"Content-Type" content=3D"text/html; charset=3Diso-8859-2"><p>=A9koda</p>',
      '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Škoda</p>',
    ),
    defects: ['charset-missing'],
  },
  {
    id: 'body-html-meta-short',
    title: 'HTML that names its charset only itself, the short way.',
    ...body(
      'text/html',
      '8bit',
      '<meta charset=Shift_JIS><p>\x83\\\x83t\x83g</p>',
      '<meta charset=Shift_JIS><p>ソフト</p>',
    ),
    defects: ['charset-missing'],
  },
  {
    id: 'body-truncated-character',
    title: 'The last character is cut.',
    ...body('text/plain; charset=utf-8', 'base64', 'Y2Fmw6njgQ==', 'café\ufffd'),
    defects: ['charset-damaged'],
  },
  {
    id: 'body-label-cp-850',
    title: 'A code page of DOS.',
    ...body('text/plain; charset=cp850', '8bit', '\x9aber', 'Über'),
  },
  {
    id: 'flowed-delsp',
    title: 'format=flowed with DelSp, for languages without blanks.',
    source: 'RFC 3676 §4.1; Apple Mail in Japan',
    input: [
      'Content-Type: text/plain; charset=iso-2022-jp; format=flowed; delsp=yes',
      '',
      '\x1b$B$3$s\x1b(B ',
      '\x1b$B$K$A$O\x1b(B',
    ],
    expected: { text: 'こんにちは' },
  },
  {
    id: 'flowed',
    title: 'format=flowed: soft line ends, quoting, stuffed blanks, a signature.',
    source: 'RFC 3676',
    input: [
      'Content-Type: text/plain; charset=us-ascii; format=flowed',
      '',
      'One line ',
      'of two.',
      '> quoted ',
      '> text',
      ' From here on',
      '-- ',
      'Me',
    ],
    expected: { text: 'One line of two.\n> quoted text\nFrom here on\n-- \nMe' },
  },
  {
    id: 'body-hebrew-logical',
    title: 'Hebrew under the label that tells its direction.',
    source: 'nodemailer/mailparser 3.9.12',
    ...body('text/plain; charset=iso-8859-8-i', '8bit', '\xf9\xec\xe5\xed', 'שלום'),
  },
  {
    id: 'body-html-bom-and-meta',
    title: 'HTML with a byte order mark, and a meta element that tells another charset.',
    ...body(
      'text/html',
      'base64',
      '77u/PG1ldGEgY2hhcnNldD1pc28tODg1OS0xPjxwPmNhZsOpPC9wPg==',
      '<meta charset=iso-8859-1><p>café</p>',
    ),
    defects: ['charset-missing'],
  },
  {
    id: 'body-label-utf8',
    title: 'UTF-8 without its hyphen.',
    ...body('text/plain; charset=UTF8', '8bit', 'caf\xc3\xa9', 'café'),
  },
  {
    id: 'flowed-depths',
    title:
      'format=flowed: paragraphs of different depth are not joined, nor are lines without a blank at their end.',
    source: 'RFC 3676 §4.5',
    input: ['Content-Type: text/plain; format=flowed', '', '> one ', '>> two ', '>> more', 'three', 'four'],
    expected: { text: '> one \n>> two more\nthree\nfour' },
  },
];
