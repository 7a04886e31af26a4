import { describe, expect, test } from 'vitest';
import { bytesFromUtf8, utf8FromBytes } from '../../../src/core/utf8.js';
import { encodeBase64 } from '../../../src/encoding/base64.js';
import { parseLdif } from '../../../src/x509/directory/ldif.js';
import type { LdifModification, LdifRecord, LdifValue } from '../../../src/x509/directory/ldif-record.js';
import { encodeLdif } from '../../../src/x509/directory/ldif-writer.js';
import { failure } from '../../asn1/support.js';
import { expectLinear } from '../../support/linear-time.js';

/** A record as one text, values in UTF-8. */
function told(record: LdifRecord): string[] {
  const text = (value: LdifValue): string =>
    value instanceof Uint8Array ? utf8FromBytes(value) : `<${value.url}>`;
  const lines = [`${record.kind} ${record.dn}`];
  if (record.kind !== 'entry')
    for (const { oid, critical, value } of record.controls)
      lines.push(`control ${oid} ${critical} ${value === undefined ? '-' : text(value)}`);
  if (record.kind === 'entry' || record.kind === 'add')
    lines.push(...record.attributes.map(({ name, value }) => `${name}=${text(value)}`));
  if (record.kind === 'modify')
    for (const { operation, attribute, values } of record.modifications)
      lines.push(`${operation} ${attribute}: ${values.map(text).join(', ')}`);
  if (record.kind === 'modrdn' || record.kind === 'moddn')
    lines.push(`${record.newRdn} ${record.deleteOldRdn} ${record.newSuperior ?? '-'}`);
  return lines;
}

const read = (...lines: readonly string[]): string[][] => parseLdif(lines.join('\n')).map(told);

describe('what the examples of RFC 2849 show', () => {
  test('1: two entries', () => {
    expect(
      read(
        'version: 1',
        'dn: cn=Hanako Yamada, ou=Product Development, dc=example, dc=jp',
        'objectclass: top',
        'objectclass: person',
        'cn: Hanako Yamada',
        'description: A big sailing fan.',
        '',
        'dn: cn=Taro Sato, ou=Accounting, dc=example, dc=jp',
        'sn: Sato',
        'telephonenumber: +81 3 5550 1212',
      ),
    ).toEqual([
      [
        'entry cn=Hanako Yamada, ou=Product Development, dc=example, dc=jp',
        'objectclass=top',
        'objectclass=person',
        'cn=Hanako Yamada',
        'description=A big sailing fan.',
      ],
      ['entry cn=Taro Sato, ou=Accounting, dc=example, dc=jp', 'sn=Sato', 'telephonenumber=+81 3 5550 1212'],
    ]);
  });

  test('2: folded values', () => {
    expect(
      read(
        'version: 1',
        'dn:cn=H',
        'description:A big sailing fan who sails bi',
        ' g boats.',
        'title:Manag',
        ' er, ',
        '  Sails',
      ),
    ).toEqual([
      ['entry cn=H', 'description=A big sailing fan who sails big boats.', 'title=Manager,  Sails'],
    ]);
  });

  test('3 and 4: base64, also of names in Japanese, and languages', () => {
    expect(
      read(
        'version: 1',
        '# dn:: ou=営業部,o=Example',
        `dn:: ${encodeBase64(bytesFromUtf8('ou=営業部,o=Example'))}`,
        `ou:: ${encodeBase64(bytesFromUtf8('営業部'))}`,
        'ou;lang-en: Sales',
        '# a comment that',
        '  goes on',
        `description:: ${encodeBase64(bytesFromUtf8('a\r\nb'))}`,
      ),
    ).toEqual([['entry ou=営業部,o=Example', 'ou=営業部', 'ou;lang-en=Sales', 'description=a\r\nb']]);
  });

  test('5: a reference to a file, which is not fetched', () => {
    expect(read('version: 1', 'dn: cn=H', 'jpegphoto:< file:///usr/local/photo.jpg')).toEqual([
      ['entry cn=H', 'jpegphoto=<file:///usr/local/photo.jpg>'],
    ]);
  });

  test('6: changes', () => {
    expect(
      read(
        'version: 1',
        '# Add an entry',
        'dn: cn=Fiona,dc=jp',
        'changetype: add',
        'objectclass: top',
        'jpegphoto:< file:///usr/local/fiona.jpg',
        '',
        'dn: cn=Robert,dc=jp',
        'changetype: delete',
        '',
        '',
        'dn: cn=Paul,dc=jp',
        'changetype: modrdn',
        'newrdn: cn=Paula',
        'deleteoldrdn: 1',
        '',
        'dn: ou=PD,dc=jp',
        'changetype: moddn',
        'newrdn: ou=PD',
        'deleteoldrdn: 0',
        'newsuperior: ou=Old,dc=jp',
        '',
        'dn: cn=Paula,dc=jp',
        'changetype: modify',
        'add: postaladdress',
        'postaladdress: 123 Anystreet $ Sunnyvale',
        '-',
        '',
        '# the same with several steps',
        'dn: cn=Paula,dc=jp',
        'changetype: Modify',
        'delete: description',
        '-',
        'replace: telephonenumber',
        'telephonenumber: 1',
        'TelephoneNumber: 2',
        '-',
        'replace: mail',
        '-',
      ),
    ).toEqual([
      ['add cn=Fiona,dc=jp', 'objectclass=top', 'jpegphoto=<file:///usr/local/fiona.jpg>'],
      ['delete cn=Robert,dc=jp'],
      ['modrdn cn=Paul,dc=jp', 'cn=Paula true -'],
      ['moddn ou=PD,dc=jp', 'ou=PD false ou=Old,dc=jp'],
      ['modify cn=Paula,dc=jp', 'add postaladdress: 123 Anystreet $ Sunnyvale'],
      ['modify cn=Paula,dc=jp', 'delete description: ', 'replace telephonenumber: 1, 2', 'replace mail: '],
    ]);
  });

  test('7: controls', () => {
    expect(
      read(
        'version: 1',
        'dn: ou=PD,dc=jp',
        'control: 1.2.840.113556.1.4.805 true',
        'control: 1.2.3',
        'control: 1.2.4 false: text',
        'control: 1.2.5:: YWI=',
        'changetype: delete',
      ),
    ).toEqual([
      [
        'delete ou=PD,dc=jp',
        'control 1.2.840.113556.1.4.805 true -',
        'control 1.2.3 false -',
        'control 1.2.4 false text',
        'control 1.2.5 false ab',
      ],
    ]);
  });
});

describe('leniency', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['CRLF', ['dn: a\r', 'b: c\r', ' d\r', ''], ['entry a', 'b=cd']],
    ['a byte order mark', ['\ufeffdn: a', 'b: c'], ['entry a', 'b=c']],
    ['no version', ['dn: a', 'b: c'], ['entry a', 'b=c']],
    ['empty lines first', ['', '', 'version: 1', '', 'dn: a', 'b: c'], ['entry a', 'b=c']],
    ['UTF-8 as it is', ['dn: cn=花子', 'b: 花'], ['entry cn=花子', 'b=花']],
    ['UTF-8 folded', ['DN: cn=花子', 'b: 花'], ['entry cn=花子', 'b=花']],
    ['empty values', ['dn:', 'b:', 'c: ', 'd::'], ['entry ', 'b=', 'c=', 'd=']],
    ['blanks behind base64', ['dn: a', 'b:: YQ==  '], ['entry a', 'b=a']],
    [
      'a last step without hyphen',
      ['dn: a', 'changetype: modify', 'add: b', 'b: c'],
      ['modify a', 'add b: c'],
    ],
    [
      'OIDs and underscores as names',
      ['dn: a', '2.5.4.3: b', 'x_y;binary: c'],
      ['entry a', '2.5.4.3=b', 'x_y;binary=c'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(read(...lines)).toEqual([expected]);
  });

  test('octets of one character may be folded apart', () => {
    const [first, second, third] = bytesFromUtf8('花');
    const file = Uint8Array.from([...bytesFromUtf8('dn: a\nb: '), first!, second!, 0x0a, 0x20, third!]);
    expect(parseLdif(file).map(told)).toEqual([['entry a', 'b=花']]);
  });

  test('nothing', () => {
    expect([read(''), read('version: 1'), read('# only this', '')]).toEqual([[], [], []]);
  });
});

test.each<[string, string, number]>([
  ['version 2', 'version: 2\ndn: a\nb: c', 0],
  ['a version later', 'dn: a\nb: c\n\nversion: 1\ndn: a\nb: c', 12],
  ['no dn', 'b: c', 0],
  ['no attributes', 'dn: a', 0],
  ['a fold of nothing', ' dn: a', 0],
  ['a line without colon', 'dn: a\nb', 6],
  ['a name that is none', 'dn: a\nb c: d', 6],
  ['no name', 'dn: a\n: d', 6],
  ['base64 that is none', 'dn: a\nb:: ?', 6],
  ['a dn that is no UTF-8', 'dn:: /w==\nb: c', 0],
  ['a dn by URL', 'dn:< file:a\nb: c', 0],
  ['a hyphen in an entry', 'dn: a\nb: c\n-', 11],
  ['an addition of nothing', 'dn: a\nchangetype: add', 6],
  ['a control of no change', 'dn: a\ncontrol: 1.2.3 true\nb: c', 6],
  ['a control within an entry', 'dn: a\nb: c\ncontrol: 1.2.3', 11],
  ['a changetype behind attributes', 'dn: a\nb: c\nchangetype: delete', 11],
  ['an unknown change', 'dn: a\nchangetype: x', 6],
  ['attributes of a deletion', 'dn: a\nchangetype: delete\nb: c', 25],
  ['a step without operation', 'dn: a\nchangetype: modify\nb: c', 25],
  ['a step without attribute', 'dn: a\nchangetype: modify\nadd:', 25],
  ['a hyphen too many', 'dn: a\nchangetype: modify\n-', 25],
  ['another attribute within a step', 'dn: a\nchangetype: modify\nadd: b\nc: d', 32],
  ['a renaming without a name', 'dn: a\nchangetype: modrdn', 6],
  ['a renaming that says no flag', 'dn: a\nchangetype: modrdn\nnewrdn: b\ndeleteoldrdn: 2', 6],
  ['a renaming with more', 'dn: a\nchangetype: modrdn\nnewrdn: b\ndeleteoldrdn: 1\nc: d', 6],
  ['a control without OID', 'dn: a\ncontrol: true\nchangetype: delete', 6],
])('%s is refused', (_, file, offset) => {
  expect(failure(() => parseLdif(file))).toEqual(['x509-ldif-malformed', offset]);
});

test('one line more than the limit', () => {
  const file = 'dn: a\nb: c\n d\n';
  expect(parseLdif(file, { limits: { lines: 3 } })).toHaveLength(1);
  expect(failure(() => parseLdif(file, { limits: { lines: 2 } }))).toEqual(['limit-nodes', 11]);
});

describe('writing', () => {
  const entry = (value: LdifValue, name = 'b'): LdifRecord => ({
    kind: 'entry',
    dn: 'a',
    attributes: [{ name, value }],
  });

  const octets = bytesFromUtf8('c');
  const modify = (step: LdifModification): LdifRecord => ({
    kind: 'modify',
    dn: 'a',
    controls: [],
    modifications: [step],
  });

  test.each<[string, string]>([
    ['plain', 'b: plain'],
    ['', 'b:'],
    [' x', 'b:: IHg='],
    ['x ', 'b:: eCA='],
    [':x', 'b:: Ong='],
    ['<x', 'b:: PHg='],
    ['x: <y', 'b: x: <y'],
    ['#x', 'b: #x'],
    ['x\n\ndn: evil', 'b:: eAoKZG46IGV2aWw='],
    ['花', 'b:: 6Iqx'],
    ['\0', 'b:: AA=='],
  ])('%j', (value, line) => {
    expect(encodeLdif([entry(bytesFromUtf8(value))])).toBe(`version: 1\n\ndn: a\n${line}\n`);
  });

  test('lines are folded', () => {
    const lines = encodeLdif([entry(bytesFromUtf8('x'.repeat(200)))]).split('\n');
    expect(lines.map(({ length }) => length)).toEqual([10, 0, 5, 76, 76, 53, 0]);
    expect(encodeLdif([entry(bytesFromUtf8('xyz'))], { lineLength: 2 })).toBe(
      'version: 1\n\ndn\n :\n  \n a\nb:\n  \n x\n y\n z\n',
    );
  });

  test.each<[string, () => unknown]>([
    ['a name with a line end', () => encodeLdif([entry(new Uint8Array(), 'b\nc')])],
    ['an empty name', () => encodeLdif([entry(new Uint8Array(), '')])],
    ['a URL with a blank', () => encodeLdif([entry({ url: 'file:a b' })])],
    ['a URL with a line end', () => encodeLdif([entry({ url: 'file:a\nb: c' })])],
    ['an entry without attributes', () => encodeLdif([{ kind: 'entry', dn: 'a', attributes: [] }])],
    [
      'a control that is no OID',
      () =>
        encodeLdif([
          { kind: 'delete', dn: 'a', controls: [{ oid: '1\n', critical: true, value: undefined }] },
        ]),
    ],
    [
      'an operation with a line end',
      () => encodeLdif([modify({ operation: 'x\ndn: evil' as 'add', attribute: 'b', values: [octets] })]),
    ],
    [
      'an operation that is none',
      () => encodeLdif([modify({ operation: 'increment' as 'add', attribute: 'b', values: [octets] })]),
    ],
    [
      'a step that adds nothing',
      () => encodeLdif([modify({ operation: 'add', attribute: 'b', values: [] })]),
    ],
    ['a kind that is none', () => encodeLdif([{ kind: 'x\ndn: evil' as 'delete', dn: 'a', controls: [] }])],
    ['entries and changes', () => encodeLdif([entry(octets), { kind: 'delete', dn: 'a', controls: [] }])],
    ['changes and entries', () => encodeLdif([{ kind: 'delete', dn: 'a', controls: [] }, entry(octets)])],
    [
      'an addition without attributes',
      () => encodeLdif([{ kind: 'add', dn: 'a', controls: [], attributes: [] }]),
    ],
    ['an entry that looks like a change', () => encodeLdif([entry(octets, 'ChangeType')])],
    ['an entry that looks like a control', () => encodeLdif([entry(octets, 'control')])],
    [
      'a control that is critical in words',
      () =>
        encodeLdif([
          {
            kind: 'delete',
            dn: 'a',
            controls: [{ oid: '1.2', critical: 'true\nb: c' as unknown as boolean, value: undefined }],
          },
        ]),
    ],
    ['a name too long to be read again', () => encodeLdif([entry(octets, 'b'.repeat(1025))])],
    ['a value that is none', () => encodeLdif([entry('c' as unknown as LdifValue)])],
    ['a dn that is none', () => encodeLdif([{ kind: 'delete', dn: 5 as unknown as string, controls: [] }])],
    ['a record that is none', () => encodeLdif([null as unknown as LdifRecord])],
    ['a change without controls', () => encodeLdif([{ kind: 'delete', dn: 'a' } as unknown as LdifRecord])],
    ['no list', () => encodeLdif(undefined as unknown as LdifRecord[])],
    ['a line of one character', () => encodeLdif([], { lineLength: 1 })],
  ])('%s is refused', (_, run) => {
    expect(failure(run)[0]).toBe('usage');
  });
});

describe('linear time', () => {
  test.each<[string, (size: number) => string]>([
    ['one value in many folds', (size) => `dn: a\nb: ${'x\n '.repeat(size / 3)}`],
    ['many values', (size) => `dn: a\n${'b: c\n'.repeat(size / 5)}`],
    ['many records', (size) => 'dn: a\nb: c\n\n'.repeat(size / 12)],
    ['many comments', (size) => `${'#\n'.repeat(size / 2)}dn: a\nb: c`],
    ['many steps', (size) => `dn: a\nchangetype: modify\n${'add: b\n-\n'.repeat(size / 9)}`],
    ['many controls', (size) => `dn: a\n${'control: 1.2\n'.repeat(size / 13)}changetype: delete`],
    ['a name without end', (size) => `dn: a\n${'b'.repeat(size)}`],
    ['blanks', (size) => `dn: a\nb:: ${' '.repeat(size)}`],
    ['digits and points', (size) => `dn: a\n${'1.'.repeat(size / 2)}: b`],
  ])('%s', (_, make) => {
    expectLinear((size) => {
      const file = bytesFromUtf8(make(size));
      return () => {
        const code = ((): string => {
          try {
            return `${parseLdif(file).length}`;
          } catch (error) {
            return `${(error as { code?: string }).code}`;
          }
        })();
        expect(code).toMatch(/^(?:\d+|x509-ldif-malformed)$/);
      };
    }, 150_000);
  });
});
