import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromUtf8, utf8FromBytes } from '../../src/core/utf8.js';
import { readLdapCertificates } from '../../src/x509/directory/ldap-certificates.js';
import { escapeLdapFilter, parseLdapUrl } from '../../src/x509/directory/ldap-names.js';
import { parseLdif } from '../../src/x509/directory/ldif.js';
import type { LdifRecord, LdifValue } from '../../src/x509/directory/ldif-record.js';
import { encodeLdif } from '../../src/x509/directory/ldif-writer.js';
import { encodeSmimea, parseSmimea, printSmimea } from '../../src/x509/directory/smimea.js';
import { smimeaOwnerName } from '../../src/x509/directory/smimea-owner.js';
import { attempt } from '../support/every-field.js';

const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(' ', ':', '<', '#', '-', '\n', '\r', 'a', '花', '\0', '='),
    maxLength: 12,
  }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const octets = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((value) => Uint8Array.from(value)),
  text.map(bytesFromUtf8),
);
const value: fc.Arbitrary<LdifValue> = fc.oneof(
  { weight: 5, arbitrary: octets },
  fc.stringMatching(/^[!-~]{1,20}$/).map((url) => ({ url })),
);
const name = fc.stringMatching(
  /^(?:[A-Za-z][A-Za-z0-9-]{0,6}|[0-9](?:\.[0-9]{1,3}){0,3})(?:;[a-z-]{1,5}){0,2}$/,
);
/** The word that makes a record a change cannot be an attribute of an entry. */
const attributeName = name.filter((each) => !/^(?:changetype|control)$/i.test(each));
const attributes = fc.array(fc.record({ name: attributeName, value }), { minLength: 1, maxLength: 5 });
const controls = fc.array(
  fc.record({
    oid: fc.stringMatching(/^[0-9](?:\.[0-9]{1,4}){1,4}$/),
    critical: fc.boolean(),
    value: fc.option(value, { nil: undefined }),
  }),
  { maxLength: 2 },
);
const change = { dn: text, controls };
const entry: fc.Arbitrary<LdifRecord> = fc.record({
  kind: fc.constant('entry' as const),
  dn: text,
  attributes,
});
const changeRecord: fc.Arbitrary<LdifRecord> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), ...change, attributes }),
  fc.record({ kind: fc.constant('delete' as const), ...change }),
  fc.record({
    kind: fc.constant('modify' as const),
    ...change,
    modifications: fc.array(
      fc.oneof(
        fc.record({
          operation: fc.constantFrom('delete' as const, 'replace' as const),
          attribute: name,
          values: fc.array(value, { maxLength: 3 }),
        }),
        fc.record({
          operation: fc.constant('add' as const),
          attribute: name,
          values: fc.array(value, { minLength: 1, maxLength: 3 }),
        }),
      ),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constantFrom('modrdn' as const, 'moddn' as const),
    ...change,
    newRdn: text,
    deleteOldRdn: fc.boolean(),
    newSuperior: fc.option(text, { nil: undefined }),
  }),
);

describe('LDIF', () => {
  test('what is written is read as the same records, whatever the length of lines and their ends', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(entry, { maxLength: 4 }), fc.array(changeRecord, { maxLength: 4 })),
        fc.integer({ min: 2, max: 100 }),
        fc.boolean(),
        (records, lineLength, crlf) => {
          const file = encodeLdif(records, { lineLength });
          expect(file).toMatch(/^[\n -~]*$/);
          for (const line of file.split('\n'))
            expect(line.length).toBeLessThanOrEqual(Math.max(lineLength, 10));
          expect(parseLdif(crlf ? file.replaceAll('\n', '\r\n') : file)).toEqual(records);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any octets give records or a MailsealError, as octets and as text', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'version: 1',
        'dn: a',
        'changetype: modify',
        'changetype: add',
        'add: b',
        'b: c',
        ' d',
        '-',
        '',
        '#',
      ),
      text,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const file = lines.join('\n');
        const records = attempt(() => parseLdif(file));
        expect(attempt(() => parseLdif(bytesFromUtf8(file)))).toEqual(records);
        if (Array.isArray(records)) {
          const entries = records.flatMap((each) => (each.kind === 'entry' ? [each.attributes] : []));
          for (const each of entries) readLdapCertificates(each);
        }
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (file) => void attempt(() => parseLdif(file))),
      { numRuns: 500 },
    );
  });
});

describe('LDAP', () => {
  test('an escaped value has no character that ends it, and decodes to itself', () => {
    fc.assert(
      fc.property(text, (each) => {
        const escaped = escapeLdapFilter(each);
        expect(escaped).not.toMatch(/[()*\0]/);
        expect(escaped.replace(/\\(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))).toBe(
          each,
        );
      }),
    );
  });

  test('a name that is percent-encoded comes back', () => {
    fc.assert(
      fc.property(text, (dn) => {
        const whole = utf8FromBytes(bytesFromUtf8(dn));
        const url = `ldap://example.jp/${encodeURIComponent(whole)}?mail?sub`;
        expect(parseLdapUrl(url)).toMatchObject({ dn: whole, attributes: ['mail'], scope: 'sub' });
      }),
    );
  });

  test('any text gives a reference or a MailsealError', () => {
    const piece = fc.constantFrom(
      'ldap://',
      '/',
      '?',
      '%',
      '41',
      ':',
      '[',
      ']',
      '!',
      '=',
      ',',
      'sub',
      'x',
      '@',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }),
        (pieces) => void attempt(() => parseLdapUrl(`ldap://${pieces.join('')}`)),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('SMIMEA', () => {
  const octet = fc.nat(255);
  const data = fc.uint8Array({ minLength: 1, maxLength: 50 }).map((each) => Uint8Array.from(each));
  const smimea = fc.record({ usage: octet, selector: octet, matchingType: octet, data });

  test('records come back from both forms', () => {
    fc.assert(
      fc.property(smimea, (each) => {
        expect(parseSmimea(encodeSmimea(each))).toEqual(each);
        expect(parseSmimea(printSmimea(each))).toEqual(each);
      }),
    );
  });

  test('any octets and any text give a record, a name or a MailsealError', () => {
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 8 }), (each, rdata) => {
        attempt(() => parseSmimea(each));
        attempt(() => parseSmimea(`3 0 1 ${each}`));
        attempt(() => parseSmimea(rdata));
        const name = attempt(() => smimeaOwnerName(`${each}@example.jp`));
        if (typeof name === 'string') expect(name).toMatch(/^[0-9a-f]{56}\._smimecert\.example\.jp$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('quoting a local part changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }), (local) => {
        const quoted = `"${local.replace(/["\\]/g, '\\$&')}"@example.jp`;
        const escaped = `"${[...local].map((each) => `\\${each}`).join('')}"@example.jp`;
        expect(smimeaOwnerName(escaped)).toBe(smimeaOwnerName(quoted));
      }),
    );
  });
});
