import { describe, expect, test } from 'vitest';
import { derNull, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { validatePath } from '../../src/x509/path/path-validation.js';
import { pathWork } from '../../src/x509/path/path-work.js';
import {
  type Attribute,
  authority,
  authorityExtensions,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  issue,
  nameOf,
  oids,
  person,
  subjectAltName,
} from '../support/chains.js';
import { expectLinear } from '../support/linear-time.js';
import { at, pathOf } from './support.js';

const root = authority(undefined, 'Root');
const long = (size: number) => 'x'.repeat(size);

/** A certificate of about so many octets, whatever its extensions are. */
function bulky(size: number, extensions: readonly Uint8Array[]): Holder {
  return issue(root, { name: nameOf(long(size)), key: chainKey('bulky'), extensions });
}

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('a certificate full of something is judged in linear time', () => {
  const kinds: Readonly<Record<string, (count: number) => Uint8Array[]>> = {
    'unknown critical extensions': (n) => many(n, (i) => extension(`1.2.3.${i}`, true, derNull())),
    'unknown extensions': (n) => many(n, (i) => extension(`1.2.3.${i}`, false, derNull())),
    'one extension again and again': (n) => many(n, () => extension('1.2.3', false, derNull())),
    purposes: (n) => [extendedKeyUsage(...many(n, (i) => `1.2.3.${i}`))],
    addresses: (n) => [subjectAltName(...many(n, (i) => `a${i}@example.com`))],
  };
  test.each(Object.entries(kinds))('%s, with a name as long', (_, make) => {
    expectLinear((size) => {
      const { bytes } = bulky(size * 10, make(size)).certificate;
      return () => {
        const certificate = parseCertificate(bytes);
        validatePath([certificate], undefined, { at }, pathWork(64));
      };
    }, 2_000);
  });

  test('names of many RDNs', () => {
    expectLinear((size) => {
      const rdn = (i: number): Attribute => [oids.organization, derUtf8String(`${i}`)];
      const bytes = [many(size, rdn), many(size, (i) => rdn(i + 1))].map(
        (rdns) => issue(root, { name: nameOf(...rdns), key: chainKey('bulky') }).certificate.bytes,
      );
      return () => {
        const [a, b] = bytes.map((each) => parseCertificate(each));
        expect(a!.subject.equals(b!.subject)).toBe(false);
        validatePath([a!, b!], undefined, { at }, pathWork(64));
      };
    }, 2_000);
  });
});

describe('problems stay readable', () => {
  test('many unknown extensions make one', async () => {
    const path = await pathOf(
      bulky(
        10,
        many(500, (i) => extension(`1.2.3.${i}`, true, derNull())),
      ),
      [root],
    );
    expect(path.problems.map(({ code }) => code)).toEqual(['unknown-critical-extension']);
    expect(path.problems[0]!.message).toContain('1.2.3.0, which is not processed and 499 more such');
  });

  test('a long name is shown by its beginning', async () => {
    const [problem] = (await pathOf(person(bulky(1_000_000, authorityExtensions()), 'Alice'), [root]))
      .problems;
    expect([problem!.code, problem!.message.length < 400]).toEqual(['issuer-missing', true]);
    const [other] = (await pathOf(bulky(1_000_000, [extendedKeyUsage()]), [root])).problems;
    expect([other!.code, other!.message.length < 400]).toEqual(['extended-key-usage', true]);
  });
});

describe('a crowd of authorities', () => {
  test('2,500 cross-certificates of one name: bounded, and the way out is found by its name', async () => {
    const key = chainKey('crossed');
    const hub = { ...root, name: nameOf('Hub'), key };
    const crowd = many(2_500, (i) =>
      authority(hub, i % 2 === 0 ? 'Hub' : 'Spoke', { key: chainKey(`spoke ${i % 7}`) }),
    );
    const leaf = person({ ...root, name: nameOf('Spoke'), key: chainKey('spoke 1') }, 'Alice');
    const lost = await pathOf(leaf, [root], crowd);
    expect(lost.problems.map(({ code }) => code)).toEqual(['search-limit']);
    const way = authority(root, 'Spoke', { key: chainKey('spoke 1') });
    expect((await pathOf(leaf, [root], [...crowd, way])).problems).toEqual([]);
  });

  test('a policy full of nothing', async () => {
    const policies = extension(
      '2.5.29.32',
      true,
      derSequence(...many(10_000, () => derSequence(derOid('1.2.3')))),
    );
    const strange = authority(root, 'Strange', { extensions: [...authorityExtensions(), policies] });
    const { problems } = await pathOf(person(strange, 'Alice'), [root], [strange]);
    expect(problems.map(({ code }) => code)).toEqual(['certificate-malformed']);
  });
});
