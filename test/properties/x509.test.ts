import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { der, derNull, derOctetString, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import { MailsealError } from '../../src/core/errors.js';
import {
  type Certificate,
  parseCertificate,
  parseCertificates,
} from '../../src/x509/certificate/certificate.js';
import { generalName } from '../../src/x509/certificate/general-name.js';
import { parseName } from '../../src/x509/certificate/name.js';
import { findPath } from '../../src/x509/find-path.js';
import {
  type Attribute,
  authority,
  extension,
  type Holder,
  mailExtensions,
  nameOf,
  oids,
  person,
  subjectAltName,
} from '../support/chains.js';
import { at, complaints, pathOf, route } from '../x509/support.js';

const root = authority(undefined, 'Root');
const middle = authority(root, 'Middle');
const leaf = person(middle, 'Alice', {
  extensions: [
    ...mailExtensions(),
    extension('2.5.29.32', false, derSequence(derSequence(derOid('2.5.29.32.0')))),
  ],
});

/** The value, or `undefined` for a MailsealError; anything else that is thrown fails the test. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

const getters: readonly ((certificate: Certificate) => unknown)[] = [
  (each) => each.version,
  (each) => each.serialHex,
  (each) => each.signature,
  (each) => each.signatureAlgorithmsAgree,
  (each) => each.notBefore,
  (each) => each.notAfter,
  (each) => each.publicKey,
  (each) => each.publicKeyBits,
  (each) => each.extensions,
  (each) => each.basicConstraints,
  (each) => each.keyUsage,
  (each) => each.extendedKeyUsage,
  (each) => each.subjectAltName,
  (each) => each.subjectKeyIdentifier,
  (each) => each.authorityKeyIdentifier,
  (each) => each.emailAddresses,
  (each) => each.isSelfIssued,
  (each) => `${each.subject} ${each.issuer}`,
  (each) => each.subject.normalized,
  (each) => each.subject.commonName,
];

function readAll(certificate: Certificate): void {
  for (const get of getters) attempt(() => get(certificate));
}

/** Damaged octets as a certificate, if they can be read as one at all. */
async function judge(damaged: Uint8Array, original: Holder): Promise<void> {
  const certificate = attempt(() => parseCertificate(damaged));
  if (certificate === undefined) return;
  readAll(certificate);
  const pool = original === leaf ? [middle.certificate] : [certificate];
  const end = original === leaf ? certificate : leaf.certificate;
  const path = await findPath(end, { roots: [root.certificate], pool, at });
  // Whatever changed, it was signed.
  if (!certificate.equals(original.certificate)) expect(path.problems).not.toEqual([]);
}

describe('a certificate with one octet changed or its end cut off', () => {
  test.each([
    ['the end entity', leaf],
    ['its issuer', middle],
  ])('%s is refused or malformed, everywhere', async (_, holder) => {
    const { bytes } = holder.certificate;
    for (let place = 0; place < bytes.length; place++) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const damaged = Uint8Array.from(bytes);
        damaged[place]! ^= bit;
        await judge(damaged, holder);
      }
      expect(attempt(() => parseCertificate(bytes.slice(0, place)))).toBeUndefined();
    }
  });
});

describe('garbage gives a value or a MailsealError', () => {
  const octet = fc.oneof(
    fc.constantFrom(0x30, 0x31, 0x06, 0xa0, 0xa3, 0x80, 0x02, 0x03, 0x0c, 0, 1),
    fc.nat(255),
  );
  const garbage = fc.array(octet, { maxLength: 60 }).map((octets) => Uint8Array.from(octets));

  test('as a certificate, a name or a GeneralName', () => {
    fc.assert(
      fc.property(garbage, (octets) => {
        const certificates = attempt(() => parseCertificates(octets));
        for (const each of certificates ?? []) readAll(each);
        const name = attempt(() => parseName(octets));
        if (name !== undefined) expect(typeof `${name}${name.normalized}`).toBe('string');
        attempt(() => generalName(readBer(octets, { allowTrailing: true })));
      }),
      { numRuns: 2000 },
    );
  });

  test('as the value of any extension of each certificate of a path', async () => {
    const kinds = ['14', '15', '17', '18', '19', '30', '31', '32', '33', '35', '36', '37', '46', '54'].map(
      (each) => `2.5.29.${each}`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.boolean(),
        fc.boolean(),
        garbage,
        async (oid, critical, above, value) => {
          const odd = extension(oid, critical, value);
          const issuer = above
            ? authority(root, 'Middle', { extensions: [odd], keyIdentifiers: false })
            : middle;
          const end = person(issuer, 'Alice', above ? {} : { extensions: [odd], keyIdentifiers: false });
          readAll(end.certificate);
          readAll(issuer.certificate);
          const path = await pathOf(end, [root], [issuer]);
          for (const { message, section } of path.problems) expect([message, section]).not.toContain('');
          // Without sound basicConstraints nobody is an authority.
          if (above && oid !== '2.5.29.19') expect(path.problems).not.toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('as fields of a certificate', () => {
    const fields = readBer(leaf.certificate.tbsBytes).children.map(({ bytes }) => bytes);
    const [, algorithm, signature] = readBer(leaf.certificate.bytes).children;
    fc.assert(
      fc.property(fc.nat(fields.length - 1), garbage, (place, octets) => {
        const list: Uint8Array[] = [...fields];
        list[place] = octets;
        const parts = [derSequence(...list), algorithm!.bytes, signature!.bytes];
        const certificate = attempt(() => parseCertificate(derSequence(...parts)));
        if (certificate !== undefined) readAll(certificate);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('names', () => {
  const value = fc.oneof(
    fc.string({
      unit: fc.constantFrom(' ', 'a', 'B', 'é', 'É', 'ﬁ', '\t', '\u0301', '#', ',', '+', '\\', '"', '\0'),
      maxLength: 8,
    }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const attribute = fc.oneof(
    fc.tuple(fc.constantFrom(oids.commonName, oids.organization, '1.2.3'), value.map(derUtf8String)),
    fc.tuple(
      fc.constant(oids.commonName),
      fc.uint8Array({ maxLength: 4 }).map((octets) => derOctetString(octets)),
    ),
  ) as fc.Arbitrary<Attribute>;
  const name = fc
    .array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 4 })
    .map((rdns) => parseName(nameOf(...rdns)));

  test('are equal to themselves, and equal names have one normal form', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(a.equals(parseName(Uint8Array.from(a.bytes)))).toBe(true);
        expect(a.equals(b)).toBe(b.equals(a));
        expect(a.equals(b)).toBe(a.normalized === b.normalized);
      }),
      { numRuns: 500 },
    );
  });

  test('are equal whatever the letter case and the white space around words', () => {
    const word = fc.stringMatching(/^[a-zA-Zа-яА-Я0-9]{1,6}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(3), (words, spaces) => {
        const a = parseName(nameOf(words.join(' ')));
        const b = parseName(
          nameOf(` ${words.map((each) => each.toUpperCase()).join(' '.repeat(1 + spaces))}  `),
        );
        expect(a.equals(b)).toBe(true);
        expect(a.equals(parseName(nameOf(`${words.join(' ')}x`)))).toBe(false);
      }),
    );
  });

  test('are printed without control characters, and different texts never print alike', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const printed = [a, b].map((text) => `${parseName(nameOf(text))}`);
        expect(printed[0]).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        if (a !== b) expect(printed[0]).not.toBe(printed[1]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('paths', () => {
  const others = [
    authority(root, 'Middle', { to: '2021-01-01T00:00:00Z' }),
    authority(authority(undefined, 'Elsewhere'), 'Middle'),
    authority(middle, 'Root', { key: root.key }),
    authority(middle, 'Middle'),
    person(root, 'Middle'),
  ];

  test('the verdict does not depend on the order of the pool, nor on what else is in it', async () => {
    const pool = fc.shuffledSubarray([...others, root, leaf], { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(pool, fc.nat(7), async (list, place) => {
        const mixed = [...list.slice(0, place), middle, ...list.slice(place)];
        const path = await pathOf(leaf, [root], mixed);
        expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- Root', []]);
        const without = await pathOf(leaf, [root], list);
        // The only other certificates with the right key have faults of their own.
        expect(without.problems).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('both engines judge alike', async () => {
    const end = [
      leaf,
      person(middle, 'Alice', { forged: true }),
      person(others[0], 'Alice'),
      person(leaf, 'Bob'),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...end),
        fc.shuffledSubarray([middle, leaf, ...others]),
        async (holder, pool) => {
          const [native, typescript] = await Promise.all(
            (['native', 'typescript'] as const).map((engine) => pathOf(holder, [root], pool, { engine })),
          );
          expect(complaints(native!)).toEqual(complaints(typescript!));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('addresses are those that were written', () => {
    const address = fc.stringMatching(/^[a-z]{1,5}@[a-z]{1,5}\.jp$/);
    fc.assert(
      fc.property(fc.uniqueArray(address, { minLength: 1, maxLength: 5 }), (list) => {
        const certificate = person(root, 'Alice', { extensions: [subjectAltName(...list)] }).certificate;
        expect(certificate.emailAddresses).toEqual(list);
      }),
      { numRuns: 30 },
    );
  });
});

test('an empty explicit tag holds no version', () => {
  const [, ...fields] = readBer(leaf.certificate.tbsBytes).children.map(({ bytes }) => bytes);
  const tbs = derSequence(der(0xa0), ...fields);
  expect(
    attempt(() => parseCertificate(derSequence(tbs, derSequence(derNull()), der(3, new Uint8Array(1))))),
  ).toBeUndefined();
});
