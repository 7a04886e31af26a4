import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import {
  der,
  derIa5String,
  derInteger,
  derOctetString,
  derOid,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { MailsealError } from '../../src/core/errors.js';
import { readIssuingDistributionPoint } from '../../src/x509/certificate/distribution-points.js';
import { ExtensionOid } from '../../src/x509/certificate/extensions.js';
import { generalName } from '../../src/x509/certificate/general-name.js';
import { printGeneralName } from '../../src/x509/certificate/general-name-text.js';
import { sameGeneralName } from '../../src/x509/certificate/same-general-name.js';
import { extension, nameOf, person } from '../support/chains.js';
import { attempt, certificateFields, unreadableFields } from '../support/every-field.js';

const octet = fc.oneof(
  fc.constantFrom(0x30, 0x31, 0x06, 0xa0, 0xa1, 0xa2, 0x80, 0x81, 0x82, 0x86, 0x02, 0x03, 0x0c, 0, 1),
  fc.nat(255),
);
const garbage = fc.array(octet, { maxLength: 40 }).map((octets) => Uint8Array.from(octets));

/** Elements that fit into each other by chance, which octets hardly ever do. */
const { element } = fc.letrec<{ element: Uint8Array }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .constantFrom('1.2.3', '2.5.29.32.0', '1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2', '1.3.6.1.5.5.7.8.9')
      .map(derOid),
    fc.constantFrom(-1, 0, 1, 2 ** 40).map(derInteger),
    fc.constantFrom('a@b', 'http://例え.jp').map(derUtf8String),
    fc.constant(derIa5String('http://example.jp/')),
    fc.constant(nameOf('Name')),
    garbage.map((octets) => derOctetString(octets)),
    fc
      .tuple(fc.constantFrom(0x03, 0x80, 0x81, 0x82, 0x83, 0x86, 0x87, 0x88), garbage)
      .map(([tag, octets]) => der(tag, octets)),
    fc
      .tuple(
        fc.constantFrom(0x30, 0x31, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5),
        fc.array(tie('element'), { maxLength: 4 }),
      )
      .map(([tag, inner]) => der(tag, ...inner)),
  ),
}));

test(`a certificate has ${certificateFields.length} fields to read`, () => {
  expect(certificateFields.length).toBeGreaterThan(40);
  expect(unreadableFields(person(undefined, 'Alice').certificate)).toEqual([]);
});

describe('garbage as the value of an extension gives values or a MailsealError', () => {
  test.each(Object.entries(ExtensionOid))('%s', (_, oid) => {
    let unreadable = 0;
    fc.assert(
      fc.property(fc.oneof(garbage, element), (value) => {
        const { certificate } = person(undefined, 'Alice', {
          extensions: [extension(oid, false, value)],
          keyIdentifiers: false,
        });
        const first = unreadableFields(certificate);
        unreadable += first.length;
        // An error is kept and thrown again, so that damage shows every time.
        expect(unreadableFields(certificate)).toEqual(first);
        attempt(() => readIssuingDistributionPoint(value));
      }),
      { numRuns: 100 },
    );
    // Of these nobody asks for the value.
    const hasNoReader = oid === ExtensionOid.ocspNoCheck || oid === ExtensionOid.issuingDistributionPoint;
    if (!hasNoReader) expect(unreadable).toBeGreaterThan(0);
  });
});

test('every GeneralName that can be read is the same as itself, and can be printed', () => {
  fc.assert(
    fc.property(fc.oneof(garbage, element), (octets) => {
      const [a, b] = [0, 1].map(() => attempt(() => generalName(readBer(Uint8Array.from(octets)))));
      if (a instanceof MailsealError || b instanceof MailsealError) return;
      const same = attempt(() => sameGeneralName(a!, b!));
      expect(same instanceof MailsealError || same).toBe(true);
      const text = attempt(() => printGeneralName(a!));
      if (typeof text === 'string') expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    }),
    { numRuns: 2000 },
  );
});
