import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { der, derExplicit, derIa5String, derOid, derUtf8String } from '../../../src/asn1/writer.js';
import { asBytes } from '../../../src/core/bytes.js';
import { type GeneralName, generalName } from '../../../src/x509/certificate/general-name.js';
import { printGeneralName } from '../../../src/x509/certificate/general-name-text.js';
import {
  comparableDomain,
  comparableMailbox,
  comparableUri,
  sameMailbox,
} from '../../../src/x509/certificate/internet-names.js';
import { parseName } from '../../../src/x509/certificate/name.js';
import { sameGeneralName } from '../../../src/x509/certificate/same-general-name.js';
import { nameOf } from '../../support/chains.js';
import { expectLinear } from '../../support/linear-time.js';

const mailbox = (value: string): GeneralName => ({ kind: 'rfc822Name', value });
const utf8Mailbox = (value: string): GeneralName => ({ kind: 'smtpUtf8Mailbox', value });
const dns = (value: string): GeneralName => ({ kind: 'dNSName', value });
const uri = (value: string): GeneralName => ({ kind: 'uniformResourceIdentifier', value });
const directory = (...names: string[]): GeneralName => ({
  kind: 'directoryName',
  value: parseName(nameOf(...names)),
});
const address = (...octets: number[]): GeneralName => ({ kind: 'iPAddress', value: Uint8Array.from(octets) });
const other = (type: string, value: Uint8Array): GeneralName => ({
  kind: 'otherName',
  type,
  value: asBytes(value),
});

describe('mailboxes (RFC 5280 §7.5, RFC 9598 §5)', () => {
  test.each([
    ['hanako@example.jp', 'hanako@EXAMPLE.jp'],
    ['花子@例え.jp', '花子@xn--r8jz45g.jp'],
    ['花子@例え.jp', '花子@XN--R8JZ45G.JP'],
    ['花子@例え。jp', '花子@例え.jp'],
    ['"a@b"@example.jp', '"a@b"@Example.JP'],
    ['hanako@[192.0.2.1]', 'hanako@[192.0.2.1]'],
    ['no mailbox', 'no mailbox'],
    ['a@\u2603\ud800', 'a@\u2603\ud800'],
  ])('%j is %j', (a, b) => {
    expect([sameMailbox(a, b), sameMailbox(b, a)]).toEqual([true, true]);
  });

  test.each([
    ['Hanako@example.jp', 'hanako@example.jp'],
    ['hanako@example.jp', 'hanako@example.jp.example'],
    ['hanako@example.jp', ' hanako@example.jp'],
    ['hanako@example.jp', 'hanako@example.jp\0'],
    ['é@example.jp', 'e\u0301@example.jp'],
    ['Hanako', 'hanako'],
    ['a@example.jp', 'a@b@example.jp'],
    ['k@\u212Aelvin.example', 'k@xn--kelvin.example'],
  ])('%j is not %j', (a, b) => {
    expect([sameMailbox(a, b), sameMailbox(b, a)]).toEqual([false, false]);
  });
});

test.each([
  ['Example.JP', 'example.jp'],
  ['例え.JP', 'xn--r8jz45g.jp'],
  ['a b.JP', 'a b.jp'],
  ['\u2603.JP', '\u2603.jp'],
  ['', ''],
])('the domain %j is compared as %j', (domain, form) => {
  expect(comparableDomain(domain)).toBe(form);
});

test.each([
  ['HTTP://User@Example.JP:80/Path?Query#Part', 'http://User@example.jp:80/Path?Query#Part'],
  ['https://例え.jp/', 'https://xn--r8jz45g.jp/'],
  ['ldap://[2001:DB8::1]:389/CN=x', 'ldap://[2001:db8::1]:389/CN=x'],
  ['LDAP:///CN=X', 'ldap:///CN=X'],
  ['http://A@B@C.example', 'http://A@B@c.example'],
  ['URN:Example:A', 'urn:Example:A'],
  ['//Example.JP/', '//Example.JP/'],
  ['http://Example.JP?A@B', 'http://example.jp?A@B'],
  ['', ''],
])('the URI %j is compared as %j (RFC 5280 §7.4)', (value, form) => {
  expect(comparableUri(value)).toBe(form);
});

const alike: readonly (readonly [GeneralName, GeneralName])[] = [
  [mailbox('a@Example.JP'), mailbox('a@example.jp')],
  [mailbox('a@xn--r8jz45g.jp'), utf8Mailbox('a@例え.jp')],
  [dns('Example.JP'), dns('example.jp')],
  [uri('http://Example.JP/a'), uri('HTTP://example.jp/a')],
  [directory('A', 'b  c'), directory('a', 'B C')],
  [address(192, 0, 2, 1), address(192, 0, 2, 1)],
  [
    { kind: 'registeredID', value: '1.2.3' },
    { kind: 'registeredID', value: '1.2.3' },
  ],
  [other('1.2.3', derUtf8String('a')), other('1.2.3', derUtf8String('a'))],
];

test.each(alike.map(([a, b]) => [printGeneralName(a), a, b] as const))('%s is the same name', (_, a, b) => {
  expect([sameGeneralName(a, b), sameGeneralName(b, a)]).toEqual([true, true]);
});

test('names of different kinds, and different names of one kind, are not the same', () => {
  const different = [
    ...alike.map(([a]) => a),
    mailbox('A@example.jp'),
    dns('example.jp.'),
    uri('http://example.jp/A'),
    directory('a'),
    address(192, 0, 2, 2),
    other('1.2.3', derUtf8String('A')),
    other('1.2.4', derUtf8String('a')),
    { kind: 'x400Address', value: Uint8Array.of(0xa3, 0) },
    { kind: 'ediPartyName', value: Uint8Array.of(0xa3, 0) },
  ] as const;
  for (const [n, a] of different.entries()) {
    expect(different.filter((b) => sameGeneralName(a, b))).toEqual([different[n]]);
  }
});

test.each([
  [mailbox('hanako@example.jp'), 'rfc822Name:hanako@example.jp'],
  [dns('www.XN--r8jz45g.jp'), 'dNSName:www.XN--r8jz45g.jp (www.例え.jp)'],
  [mailbox('a@xn--r8jz45g.jp'), 'rfc822Name:a@xn--r8jz45g.jp (a@例え.jp)'],
  [utf8Mailbox('花子@xn--r8jz45g.jp'), 'smtpUtf8Mailbox:花子@xn--r8jz45g.jp (花子@例え.jp)'],
  [dns('xn--a.jp'), 'dNSName:xn--a.jp'],
  [dns('a\u001b[31m.example'), 'dNSName:a\\1b[31m.example'],
  [directory('JP', 'Hanako'), 'directoryName:CN=Hanako,CN=JP'],
  [address(192, 0, 2, 1), 'iPAddress:192.0.2.1'],
  [address(10, 0, 0, 0, 255, 0, 0, 0), 'iPAddress:10.0.0.0/255.0.0.0'],
  [address(...new Array(16).fill(0)), 'iPAddress:::'],
  [address(...new Array(15).fill(0), 1), 'iPAddress:::1'],
  [address(0x20, 1, 0x0d, 0xb8, ...new Array(12).fill(0)), 'iPAddress:2001:db8::'],
  [address(0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1), 'iPAddress:2001:0:0:1::1'],
  [address(0x20, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1), 'iPAddress:2001:0:1:0:1:1:1:1'],
  [
    address(...new Array(16).fill(1), ...new Array(16).fill(255)),
    `iPAddress:${'101:'.repeat(7)}101/${'ffff:'.repeat(7)}ffff`,
  ],
  [address(1, 2, 3), 'iPAddress:#010203'],
  [{ kind: 'registeredID', value: '1.2.3' }, 'registeredID:1.2.3'],
  [other('1.2.3', derUtf8String('\u202e山')), 'otherName:1.2.3=\\e2\\80\\ae山'],
  [other('1.2.3', derOid('1.2')), 'otherName:1.2.3=#06012a'],
  [other('1.2.3', Uint8Array.of(0x0c, 5)), 'otherName:1.2.3=#0c05'],
  [{ kind: 'x400Address', value: Uint8Array.of(0xa3, 0) }, 'x400Address:#a300'],
] as readonly (readonly [GeneralName, string])[])('printed: $1', (name, text) => {
  expect(printGeneralName(name)).toBe(text);
});

describe('reading', () => {
  const read = (octets: Uint8Array): GeneralName => generalName(readBer(octets));

  test('SmtpUTF8Mailbox is a UTF8String; of another type it is any other name', () => {
    const wrapped = (value: Uint8Array): Uint8Array =>
      der(0xa0, derOid('1.3.6.1.5.5.7.8.9'), derExplicit(0, value));
    expect(read(wrapped(derUtf8String('花子@例え.jp')))).toEqual(utf8Mailbox('花子@例え.jp'));
    expect(read(wrapped(derIa5String('a@b'))).kind).toBe('otherName');
  });

  test('octets that are not ASCII in an rfc822Name are no UTF-8', () => {
    expect(read(der(0x81, Uint8Array.from([0xe8, 0x8a, 0xb1])))).toEqual(mailbox('\u00e8\u008a\u00b1'));
  });
});

describe('domain components (RFC 5280 §7.3)', () => {
  const component = (value: Uint8Array) => parseName(nameOf(['0.9.2342.19200300.100.1.25', value]));

  test('a label is the same as its A-label', () => {
    expect(component(derUtf8String('例え')).equals(component(derIa5String('XN--r8jz45g')))).toBe(true);
    expect(component(derUtf8String('例え')).equals(component(derIa5String('xn--r8jz45h')))).toBe(false);
  });

  test('of another type the letters stand for themselves', () => {
    expect(parseName(nameOf('例え')).equals(parseName(nameOf('xn--r8jz45g')))).toBe(false);
  });
});

test.each(['a@', 'http://', '例', '.', '@:', ':1'])('%j, many times, is compared in linear time', (unit) => {
  expectLinear((size) => {
    const text = unit.repeat(size);
    return () => void [comparableMailbox(text), comparableUri(`http://${text}`), comparableDomain(text)];
  }, 20_000);
});
