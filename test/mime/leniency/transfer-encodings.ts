import type { Probe } from './probe.js';

/** An attachment with that transfer encoding, and what it should decode to. */
function encoded(
  encoding: string,
  lines: readonly string[] | string,
  content: string,
): Pick<Probe, 'input' | 'expected'> {
  const head = [
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename=a.bin',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
  ];
  return {
    input: typeof lines === 'string' ? `${head.join('\r\n')}\r\n${lines}` : [...head, ...lines],
    expected: { attachments: [{ filename: 'a.bin', content }] },
  };
}

/** The same of a text in ISO 8859-1. */
function encodedText(encoding: string, lines: string, text: string): Pick<Probe, 'input' | 'expected'> {
  return {
    input: [
      'Content-Type: text/plain; charset=iso-8859-1',
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      lines,
    ],
    expected: { text },
  };
}

/** Transfer encodings (RFC 2045 §6). */
export const transferEncodings: readonly Probe[] = [
  {
    id: 'base64-junk',
    title: 'Characters that are not base64.',
    source: 'RFC 2045 §6.8: they are to be ignored; jhillyerd/enmime #52',
    ...encoded('base64', ['aGV!s', '*bG8='], 'hello'),
    defects: ['base64-damaged'],
  },
  {
    id: 'base64-no-padding',
    title: 'The padding is missing.',
    ...encoded('base64', ['aGVsbG8'], 'hello'),
    defects: ['base64-damaged'],
  },
  {
    id: 'base64-padding-inside',
    title: 'Several pieces of base64, each with its padding.',
    source: 'python/cpython #137687, staktrace/mailparse #95, roundcube #9290',
    ...encoded('base64', ['aGVsbG8=', 'LCB3b3JsZA==', 'IQ=='], 'hello, world!'),
    defects: ['base64-damaged'],
  },
  {
    id: 'base64-odd-lines',
    title: 'Lines whose length is not a multiple of four.',
    source: 'hypermail #96',
    ...encoded('base64', ['aGVsb', 'G8s', 'IHdvcmxk'], 'hello, world'),
  },
  {
    id: 'base64-blanks',
    title: 'Blanks and empty lines in base64.',
    ...encoded('base64', ['', ' aGVs bG8s ', '', '\tIHdvcmxk'], 'hello, world'),
  },
  {
    id: 'base64-one-long-line',
    title: 'One line of 4,000 characters.',
    ...encoded('base64', ['aGVs'.repeat(1000)], 'hel'.repeat(1000)),
  },
  {
    id: 'quoted-printable-lower-case',
    title: 'Lower-case digits.',
    source: 'RFC 2045 §6.7 wants upper case',
    ...encodedText('quoted-printable', 'caf=e9', 'café'),
  },
  {
    id: 'quoted-printable-bad-escape',
    title: 'An equals sign that begins no escape stays.',
    source: 'postal-mime #75',
    ...encodedText('quoted-printable', 'a=b,b =XY= z =4', 'a=b,b =XY= z =4'),
    defects: ['quoted-printable-damaged'],
  },
  {
    id: 'quoted-printable-soft-break-with-blanks',
    title: 'Blanks between the equals sign of a soft line break and the line end.',
    source: 'RFC 2045 §6.7 (3); runbox7 #393',
    ...encodedText('quoted-printable', 'one = \t\r\nline', 'one line'),
  },
  {
    id: 'quoted-printable-trailing-blanks',
    title: 'Blanks at the end of a line were added on the way.',
    source: 'RFC 2045 §6.7 (3); mathiasbynens/quoted-printable #8',
    ...encodedText('quoted-printable', 'one \t \r\ntwo=20\r\nthree', 'one\ntwo \nthree'),
  },
  {
    id: 'quoted-printable-soft-break-at-the-end',
    title: 'A soft line break ends the body.',
    source: 'mikel/mail #440',
    ...encodedText('quoted-printable', 'end=', 'end'),
  },
  {
    id: 'quoted-printable-lf',
    title: 'Soft line breaks with LF alone.',
    source: 'Enough-Software/enough_mail #22',
    ...encodedText('quoted-printable', 'one =\nline', 'one line'),
  },
  {
    id: 'quoted-printable-raw-8bit',
    title: 'Raw octets above 127.',
    ...encodedText('quoted-printable', 'caf\xe9 =E9', 'café é'),
    defects: ['quoted-printable-damaged'],
  },
  {
    id: 'encoding-comment',
    title: 'A comment behind the transfer encoding.',
    source: 'RFC 2045 §6.1',
    ...encoded('Base64 (it is)', ['aGVsbG8='], 'hello'),
  },
  {
    id: 'encoding-quoted',
    title: 'The transfer encoding in quotes.',
    ...encoded('"base64"', ['aGVsbG8='], 'hello'),
  },
  {
    id: 'encoding-semicolon',
    title: 'A semicolon and more behind the transfer encoding.',
    ...encoded('base64; charset=utf-8', ['aGVsbG8='], 'hello'),
  },
  {
    id: 'encoding-unknown',
    title: 'A transfer encoding that nobody knows: the octets as they are.',
    ...encodedText('x-nobody-knows', 'as it is', 'as it is'),
    defects: ['transfer-encoding-unknown'],
  },
  {
    id: 'encoding-7bit-line-ends',
    title: 'An attachment in 7bit keeps its line ends.',
    ...encoded('7bit', 'one\r\ntwo\r\n\r\n', 'one\r\ntwo\r\n\r\n'),
  },
  {
    id: 'encoding-8bit-octets',
    title: 'An attachment in 8bit keeps its octets.',
    ...encoded('8bit', 'caf\xe9\0\x1b\xff.', 'caf\xe9\0\x1b\xff.'),
  },
  {
    id: 'encoding-uuencode',
    title: 'uuencode as a transfer encoding.',
    source: 'old mailers',
    ...encoded('x-uuencode', ['begin 644 a.bin', '%:&5L;&\\ ', '`', 'end'], 'hello'),
  },
  {
    id: 'encoding-uuencode-blanks-lost',
    title: 'uuencode whose trailing blanks were lost.',
    source: 'relays',
    ...encoded('uuencode', ['begin 644 a.bin', '%:&5L;&\\', '', 'end'], 'hello'),
  },
  {
    id: 'encoding-of-multipart',
    title: 'A multipart that claims to be base64, and is not.',
    source: 'RFC 2045 §6.4 forbids it',
    input: [
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Transfer-Encoding: base64',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'hello',
      '--b--',
    ],
    expected: { text: 'hello', attachments: [] },
    defects: ['multipart-encoded'],
  },
  {
    id: 'encoding-twice',
    title: 'The transfer encoding stands there twice, the same.',
    input: [
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'caf=C3=A9=3D',
    ],
    expected: { text: 'café=' },
    defects: ['header-duplicate'],
  },
];
