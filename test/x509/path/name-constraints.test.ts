import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { derIa5String, derNull, derUtf8String } from '../../../src/asn1/writer.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { generalName } from '../../../src/x509/certificate/general-name.js';
import { matcherOf, prepareName } from '../../../src/x509/path/name-forms.js';
import {
  type Attribute,
  authority,
  authorityExtensions,
  chainKey,
  type Holder,
  nameOf,
  oids,
  person,
  type Rdn,
  subjectAltName,
} from '../../support/chains.js';
import { general, nameConstraints, type Subtrees, subtree } from '../../support/constraints.js';
import { complaints, pathOf } from '../support.js';

const { directory, dns, ediParty, ip, mail, other, registered, smtpUtf8, uri, x400 } = general;

/** Whether a name is within a base; `unprocessable` where one of them cannot be held against the other. */
function within(base: Uint8Array, name: Uint8Array, ifExcluded = false): boolean | 'unprocessable' {
  const matches = matcherOf(generalName(readBer(base)));
  const prepared = prepareName(generalName(readBer(name)));
  return matches === undefined || prepared === undefined ? 'unprocessable' : matches(prepared, ifExcluded);
}

describe('mailboxes', () => {
  test.each<[string, string, boolean | 'unprocessable']>([
    // One mailbox.
    ['root@example.com', 'root@example.com', true],
    ['root@example.com', 'root@EXAMPLE.com', true],
    ['root@example.com', 'Root@example.com', false],
    ['root@example.com', 'root@mail.example.com', false],
    ['root@example.com', '"root"@example.com', true],
    ['root@example.com', '"r\\oot"@example.com', true],
    ['"a b"@example.com', '"a b"@example.com', true],
    ['"a@b"@example.com', '"a@b"@example.com', true],
    ['root@[192.0.2.1]', 'root@[192.0.2.1]', true],
    // All on a host.
    ['example.com', 'root@example.com', true],
    ['example.com', 'root@mail.example.com', false],
    ['example.com', 'root@badexample.com', false],
    ['Example.COM', '"quoted @ sign"@eXample.com', true],
    ['[192.0.2.1]', 'root@[192.0.2.1]', true],
    // All in a domain, not the domain itself.
    ['.example.com', 'root@mail.example.com', true],
    ['.example.com', 'root@a.b.example.com', true],
    ['.example.com', 'root@example.com', false],
    ['.example.com', 'root@mailexample.com', false],
    ['', 'root@example.com', true],
    // Dots where RFC 5321 has none, as mobile providers gave them out.
    ['docomo.example', 'taro..yamada.@docomo.example', true],
    // What is no mailbox or no constraint.
    ['example.com', 'example.com', 'unprocessable'],
    ['example.com', '@example.com', 'unprocessable'],
    ['example.com', 'root@', 'unprocessable'],
    ['example.com', 'a b@example.com', 'unprocessable'],
    ['example.com', 'a@b@example.com', 'unprocessable'],
    ['example.com', '"open@example.com', 'unprocessable'],
    ['example.com', 'root@example.com.', 'unprocessable'],
    ['example.com', 'root@example..com', 'unprocessable'],
    ['example.com', 'root@exa mple.com', 'unprocessable'],
    ['example.com', 'root@example.com\0.evil.org', 'unprocessable'],
    ['example.com.', 'root@example.com', 'unprocessable'],
    ['..example.com', 'root@example.com', 'unprocessable'],
    ['a@b@example.com', 'a@example.com', 'unprocessable'],
    ['*.example.com', 'root@mail.example.com', 'unprocessable'],
    ['@example.com', 'root@example.com', 'unprocessable'],
    ['exämple.com', 'root@exämple.com', true],
  ])('the constraint %j and the name %j: %s', (base, name, expected) => {
    expect(within(mail(base), mail(name))).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ['xn--r8jz45g.jp', '花子@例え.jp', true],
    ['xn--r8jz45g.jp', '花子@xn--r8jz45g.jp', true],
    ['XN--R8JZ45G.JP', '花子@例え。ＪＰ', true],
    ['.xn--r8jz45g.jp', '花子@mail.例え.jp', true],
    ['.jp', '花子@例え.jp', true],
    ['example.jp', '花子@例え.jp', false],
    ['hanako@xn--r8jz45g.jp', 'hanako@例え.jp', true],
    ['hanako@xn--r8jz45g.jp', '花子@例え.jp', false],
  ])('the constraint %j and the SmtpUTF8Mailbox %j (RFC 9598 §6): %s', (base, name, expected) => {
    expect(within(mail(base), smtpUtf8(name))).toBe(expected);
  });

  test.each<[string, string]>([
    ['root@example.com', 'ROOT@example.com'],
    ['Root@example.com', '"rooT"@EXAMPLE.com'],
    ['ROOT@xn--r8jz45g.jp', 'root@例え.jp'],
  ])(
    '%j excludes %j, which other programs show and deliver as the same, and does not permit it',
    (base, name) => {
      expect(within(mail(base), smtpUtf8(name), true)).toBe(true);
      expect(within(mail(base), smtpUtf8(name))).toBe(false);
    },
  );

  test.each<[string, string]>([
    ['root@example.com', 'roots@example.com'],
    // The Kelvin sign is no k to a mail server.
    ['k@example.com', '\u212a@example.com'],
  ])('%j does not exclude %j', (base, name) => {
    expect(within(mail(base), smtpUtf8(name), true)).toBe(false);
  });

  test('a SmtpUTF8Mailbox of no domain is nobody’s', () => {
    expect(within(mail('example.jp'), smtpUtf8('花子@例 え.jp'))).toBe('unprocessable');
  });
});

describe('host names', () => {
  test.each<[string, string, boolean | 'unprocessable', boolean | 'unprocessable']>([
    ['example.com', 'example.com', true, true],
    ['example.com', 'WWW.Example.Com', true, true],
    ['www.example.com', 'example.com', false, false],
    ['example.com', 'notexample.com', false, false],
    ['example.com', 'a_b.example.com', true, true],
    ['', 'example.com', true, true],
    // A wildcard is excluded with any name that it stands for, and permitted only with all.
    ['example.com', '*.example.com', true, true],
    ['www.example.com', '*.example.com', false, true],
    ['a.b.example.com', '*.example.com', false, true],
    ['example.org', '*.example.com', false, false],
    ['example.com', '*example.com', 'unprocessable', 'unprocessable'],
    ['example.com', 'a.*.example.com', 'unprocessable', 'unprocessable'],
    ['example.com', '.example.com', 'unprocessable', 'unprocessable'],
    ['example.com', 'example.com.', 'unprocessable', 'unprocessable'],
    ['example.com', '', 'unprocessable', 'unprocessable'],
    ['.example.com', 'www.example.com', 'unprocessable', 'unprocessable'],
    ['*.example.com', 'www.example.com', 'unprocessable', 'unprocessable'],
  ])('the constraint %j and the dNSName %j: permitted %s, excluded %s', (base, name, permitted, excluded) => {
    expect([within(dns(base), dns(name)), within(dns(base), dns(name), true)]).toEqual([permitted, excluded]);
  });

  test.each<[string, string, boolean | 'unprocessable']>([
    ['host.example.com', 'https://host.example.com/path?a@b', true],
    ['host.example.com', 'HTTPS://user:secret@HOST.example.com:8443', true],
    ['host.example.com', 'ldap://host.example.com#x', true],
    ['example.com', 'https://host.example.com/', false],
    ['.example.com', 'https://host.example.com/', true],
    ['.example.com', 'https://a.b.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['', 'https://example.com', true],
    // RFC 5280 §4.2.1.10: no authority, or none with a host name, is refused.
    ['example.com', 'mailto:root@example.com', 'unprocessable'],
    ['example.com', 'urn:uuid:0', 'unprocessable'],
    ['example.com', 'https://192.0.2.1/', 'unprocessable'],
    ['example.com', 'https://[2001:db8::1]/', 'unprocessable'],
    ['example.com', 'https:///path', 'unprocessable'],
    ['https://example.com', 'https://example.com', 'unprocessable'],
  ])('the constraint %j and the URI %j: %s', (base, name, expected) => {
    expect(within(uri(base), uri(name))).toBe(expected);
  });
});

describe('addresses', () => {
  test.each<[number[], number[], boolean | 'unprocessable']>([
    [[192, 0, 2, 0, 255, 255, 255, 0], [192, 0, 2, 255], true],
    [[192, 0, 2, 77, 255, 255, 255, 0], [192, 0, 2, 255], true],
    [[192, 0, 2, 0, 255, 255, 255, 0], [192, 0, 3, 0], false],
    [[10, 0, 0, 0, 254, 0, 0, 0], [11, 1, 2, 3], true],
    [[0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4], true],
    [[1, 2, 3, 4, 255, 255, 255, 255], [1, 2, 3, 4], true],
    [[1, 2, 3, 4, 255, 255, 255, 255], [1, 2, 3, 5], false],
    [[0, 0, 0, 0, 0, 0, 0, 0], Array(16).fill(0), false],
    [Array(32).fill(0), Array(16).fill(9), true],
    // A mask with a hole, and octets of no address.
    [[10, 0, 0, 0, 255, 0, 255, 0], [10, 0, 0, 1], 'unprocessable'],
    [[10, 0, 0, 0, 255, 253, 0, 0], [10, 0, 0, 1], 'unprocessable'],
    [[10, 0, 0, 0], [10, 0, 0, 0], 'unprocessable'],
    [[10, 0, 0, 0, 255, 0, 0, 0], [10, 0, 0], 'unprocessable'],
    [[10, 0, 0, 0, 255, 0, 0, 0], [], 'unprocessable'],
  ])('the constraint %j and the address %j: %s', (base, name, expected) => {
    expect(within(ip(...base), ip(...name))).toBe(expected);
  });
});

describe('directory names', () => {
  const o = (text: string): Attribute => [oids.organization, derUtf8String(text)];
  const c: Attribute = [oids.country, Uint8Array.of(0x13, 2, 0x4a, 0x50)];
  const lower: Attribute = [oids.country, derUtf8String('jp')];
  test.each<[Rdn[], Rdn[], boolean]>([
    [[c], [c, o('A')], true],
    [[lower], [c, o('A')], true],
    [[c, o('Example  Corp')], [lower, o(' example corp'), 'Alice'], true],
    [[c, o('A')], [c], false],
    [[c, o('A')], [c, o('AB'), 'Alice'], false],
    [[o('A')], [c, o('A')], false],
    [[[c, o('A')]], [[o('a'), lower], 'Alice'], true],
    [[c], [[c, o('A')]], false],
    [[], ['Alice'], true],
    [['Alice'], [], false],
  ])('%#', (base, name, expected) => {
    expect(within(directory(nameOf(...base)), directory(nameOf(...name)))).toBe(expected);
  });
});

describe('other forms have no meaning as constraints (RFC 5280 §4.2.1.10)', () => {
  test.each([
    ['registeredID', registered('1.2.3')],
    ['x400Address', x400()],
    ['ediPartyName', ediParty()],
    ['otherName', other('1.2.3', derNull())],
  ])('%s', (_, name) => {
    expect(within(name, name)).toBe('unprocessable');
  });
});

const root = authority(undefined, 'Root');
function narrow(constraints: Subtrees, issuer: Holder = root, name = 'Narrow'): Holder {
  return authority(issuer, name, { extensions: [...authorityExtensions(), nameConstraints(constraints)] });
}

/** What is wrong with a certificate of these names below an authority with these constraints. */
async function judge(
  constraints: Subtrees,
  names: readonly (string | Uint8Array)[],
  subject: string | Uint8Array = 'Alice',
): Promise<string[]> {
  const issuer = narrow(constraints);
  const extensions = names.length === 0 ? [] : [subjectAltName(...names)];
  const leaf = person(issuer, 'Alice', { name: subject, key: chainKey('Alice'), extensions });
  return complaints(await pathOf(leaf, [root], [issuer]));
}

describe('along a path', () => {
  const example = { permitted: [mail('example.com')] };
  const outside = nameOf('Alice', [oids.emailAddress, derIa5String('alice@example.org')]);
  const inside = nameOf('Alice', [oids.emailAddress, derIa5String('alice@Example.com')]);
  const refused = ['name-constraints: Alice'];

  test.each<[string, Subtrees, (string | Uint8Array)[], string | Uint8Array, string[]]>([
    ['a permitted mailbox', example, ['alice@example.com'], 'Alice', []],
    ['another mailbox', example, ['alice@example.org'], 'Alice', refused],
    ['one permitted, one not', example, ['a@example.com', 'a@example.org'], 'Alice', refused],
    ['no mailbox at all', example, [dns('example.org')], 'Alice', []],
    ['emailAddress of the subject alone', example, [], outside, refused],
    ['emailAddress of the subject beside subjectAltName', example, ['alice@example.com'], outside, refused],
    ['a permitted emailAddress', example, [], inside, []],
    ['a SmtpUTF8Mailbox elsewhere', example, [smtpUtf8('花子@例え.jp')], 'Alice', refused],
    ['a SmtpUTF8Mailbox there', example, [smtpUtf8('花子@example.com')], 'Alice', []],
    ['an excluded mailbox', { excluded: [mail('a@example.com')] }, ['a@example.com'], 'Alice', refused],
    ['its neighbour', { excluded: [mail('a@example.com')] }, ['b@example.com'], 'Alice', []],
    ['all mailboxes excluded', { excluded: [mail('')] }, ['a@example.com'], 'Alice', refused],
    ['all mailboxes excluded, and none there', { excluded: [mail('')] }, [], 'Alice', []],
    ['a subject elsewhere', { permitted: [directory(nameOf('Bob'))] }, [], 'Alice', refused],
    [
      'an empty subject under a constraint of subjects',
      { permitted: [directory(nameOf('Bob'))] },
      ['a@b.c'],
      nameOf(),
      [],
    ],
    ['a registeredID', { excluded: [registered('1.2.3')] }, [registered('1.2.4')], 'Alice', refused],
    ['a registeredID under other constraints', example, [registered('1.2.4')], 'Alice', []],
    [
      'another type of otherName',
      { excluded: [other('1.2.3', derNull())] },
      [other('1.2.4', derNull())],
      'Alice',
      [],
    ],
    [
      'the same type',
      { permitted: [other('1.2.3', derNull())] },
      [other('1.2.3', derNull())],
      'Alice',
      refused,
    ],
    ['a minimum', { permitted: [subtree(mail('example.com'), 1)] }, ['a@example.com'], 'Alice', refused],
    ['a maximum', { excluded: [subtree(mail('example.org'), 0, 3)] }, ['a@example.com'], 'Alice', refused],
    [
      'a maximum of another form',
      { excluded: [subtree(dns('example.org'), 0, 3)] },
      ['a@example.com'],
      'Alice',
      [],
    ],
    [
      'a minimum of zero, written out',
      { permitted: [subtree(mail('example.com'), 0)] },
      ['a@example.com'],
      'Alice',
      [],
    ],
    [
      'an address in UTF-8 octets where IA5 belongs',
      example,
      [Uint8Array.from([0x81, 18, ...bytesFromUtf8('花子@example.com')])],
      'Alice',
      [],
    ],
  ])('%s', async (_, constraints, names, subject, expected) => {
    const found = await judge(constraints, names, subject);
    expect(found.map((each) => each.replace(/: .*/, ': Alice'))).toEqual(expected);
  });

  test('each authority narrows what those above it permit', async () => {
    const wide = narrow({ permitted: [mail('example.com'), mail('example.org')] }, root, 'Wide');
    const slim = narrow({ permitted: [mail('example.org'), mail('example.net')] }, wide, 'Slim');
    const alice = (address: string): Holder =>
      person(slim, 'Alice', { extensions: [subjectAltName(address)] });
    const verdicts = ['a@example.org', 'a@example.com', 'a@example.net'].map(async (address) =>
      complaints(await pathOf(alice(address), [root], [wide, slim])),
    );
    expect(await Promise.all(verdicts)).toEqual([[], refused, refused]);
  });

  test('constraints of different forms do not narrow each other', async () => {
    const first = narrow({ permitted: [mail('example.com')] }, root, 'First');
    const second = narrow({ permitted: [dns('example.org')] }, first, 'Second');
    const leaf = person(second, 'Alice', {
      extensions: [subjectAltName('a@example.com', dns('www.example.org'))],
    });
    expect(complaints(await pathOf(leaf, [root], [first, second]))).toEqual([]);
  });

  test('those of the root hold too (RFC 5937 §3.2), but not for itself', async () => {
    const limited = narrow(example, undefined, 'Limited');
    const alice = (address: string): Holder =>
      person(limited, 'Alice', { extensions: [subjectAltName(address)] });
    expect(complaints(await pathOf(alice('a@example.com'), [limited]))).toEqual([]);
    expect(complaints(await pathOf(alice('a@example.org'), [limited]))).toEqual(refused);
    const self = person(undefined, 'Self', { extensions: [subjectAltName('a@example.org')] });
    expect(complaints(await pathOf(self, [self]))).toEqual([]);
  });

  test('a root whose constraints cannot be read is good for nothing below it', async () => {
    const odd = authority(undefined, 'Odd', {
      extensions: [...authorityExtensions(), nameConstraints({ permitted: [] })],
    });
    expect(complaints(await pathOf(person(odd, 'Alice'), [odd]))).toEqual(['certificate-malformed: Odd']);
  });

  test('they hold for authorities below, and the problem names whose they are', async () => {
    const first = narrow({ permitted: [directory(nameOf('Good'))] });
    const bad = authority(first, 'Bad');
    const path = await pathOf(person(bad, 'Good'), [root], [first, bad]);
    expect(complaints(path)).toEqual(['name-constraints: Bad']);
    expect(path.problems[0]).toMatchObject({
      message:
        'the certificate of "CN=Bad" is for directoryName:CN=Bad, which the name constraints of "CN=Narrow" do not permit',
      section: 'RFC 5280 §6.1.3 (b)',
    });
  });

  test('a way without the constraints is found', async () => {
    const constrained = narrow(example);
    const open = authority(root, 'Narrow');
    const leaf = person(open, 'Alice', { extensions: [subjectAltName('a@example.org')] });
    for (const pool of [
      [constrained, open],
      [open, constrained],
    ]) {
      expect(complaints(await pathOf(leaf, [root], pool))).toEqual([]);
    }
  });
});

describe('problems name what was found', () => {
  test.each([
    ['rfc822Name:a@example.org', mail('example.com'), mail('a@example.org')],
    ['iPAddress:10.0.0.1', ip(11, 0, 0, 0, 255, 0, 0, 0), ip(10, 0, 0, 1)],
    ['otherName:1.2.3=#0500', other('1.2.3', derNull()), other('1.2.3', derNull())],
    ['rfc822Name:\\1b[2J@example.org', mail('example.com'), mail('\u001b[2J@example.org')],
    ['x400Address:#a3023000', x400(), x400()],
    ['ediPartyName:#a509a1070c057061727479', ediParty(), ediParty()],
    ['registeredID:1.2.3', registered('1.2.4'), registered('1.2.3')],
  ])('%s', async (text, base, name) => {
    const issuer = narrow({ permitted: [base] });
    const leaf = person(issuer, 'Alice', { extensions: [subjectAltName(name)] });
    const path = await pathOf(leaf, [root], [issuer]);
    expect(path.problems[0]!.message).toContain(`is for ${text}, which`);
  });
});
