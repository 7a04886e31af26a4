import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { der } from '../../src/asn1/writer.js';
import { generalName } from '../../src/x509/certificate/general-name.js';
import { checkNameConstraints } from '../../src/x509/path/name-constraints.js';
import { matcherOf, prepareName } from '../../src/x509/path/name-forms.js';
import type { PathProblem } from '../../src/x509/path/path-problem.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  type Holder,
  nameOf,
  person,
  subjectAltName,
} from '../support/chains.js';
import { general, nameConstraints, type Subtrees } from '../support/constraints.js';

const root = authority(undefined, 'Root');
const key = chainKey('quick', 'ed25519');

const label = fc.constantFrom('a', 'b', 'example', 'EXAMPLE', 'com', 'xn--r8jz45g');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const local = fc.constantFrom('root', 'Root', '"root"', 'a.b', 'x+y');
const mailbox = fc.tuple(local, host).map(([name, domain]) => `${name}@${domain}`);
const octet = fc.constantFrom(0, 1, 127, 128, 255);

const name = fc.oneof(
  mailbox.map(general.mail),
  mailbox.map(general.smtpUtf8),
  host.map(general.dns),
  host.map((each) => general.dns(`*.${each}`)),
  host.map((each) => general.uri(`https://${each}/`)),
  fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => general.ip(...octets)),
  fc.array(label, { maxLength: 3 }).map((names) => general.directory(nameOf(...names))),
);
const base = fc.oneof(
  mailbox.map(general.mail),
  host.map(general.mail),
  host.map((each) => general.mail(`.${each}`)),
  host.map(general.dns),
  host.map(general.uri),
  host.map((each) => general.uri(`.${each}`)),
  fc
    .tuple(fc.array(octet, { minLength: 4, maxLength: 4 }), fc.nat(32))
    .map(([octets, ones]) => general.ip(...octets, ...mask(ones))),
  fc.array(label, { maxLength: 2 }).map((names) => general.directory(nameOf(...names))),
);
const bases = fc.array(base, { minLength: 1, maxLength: 4 });
const subtrees: fc.Arbitrary<Subtrees> = fc.oneof(
  bases.map((permitted) => ({ permitted })),
  bases.map((excluded) => ({ excluded })),
  fc.record({ permitted: bases, excluded: bases }),
);

function mask(ones: number): number[] {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, ones - start))));
}

function narrow(constraints: Subtrees): Holder {
  return authority(root, 'Narrow', {
    key,
    keyIdentifiers: false,
    extensions: [...authorityExtensions(), nameConstraints(constraints)],
  });
}

/** Whether all names of a leaf are allowed by authorities with these constraints above each other. */
function allowed(names: readonly Uint8Array[], ...above: readonly Subtrees[]): boolean {
  const leaf = person(root, 'Leaf', {
    key,
    // The subject shall not be under constraints of directory names beside those in the list.
    name: nameOf(),
    keyIdentifiers: false,
    extensions: [subjectAltName(...names)],
  });
  const problems: PathProblem[] = [];
  const path = [leaf, ...above.map(narrow)].map(({ certificate }) => certificate);
  // The authorities have one name, and the topmost is not its own issuer.
  const budget = { nameComparisons: 1e6 };
  checkNameConstraints(path, undefined, budget, problems);
  const ofLeaf = problems.filter(({ certificate }) => certificate === leaf.certificate);
  expect(ofLeaf.every(({ code }) => code === 'name-constraints')).toBe(true);
  return ofLeaf.length === 0;
}

describe('name constraints', () => {
  test('of several authorities hold each for itself, whatever their order', () => {
    const seen = { allowed: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), subtrees, subtrees, (names, a, b) => {
        const each = allowed(names, a) && allowed(names, b);
        expect(allowed(names, a, b)).toBe(each);
        expect(allowed(names, b, a)).toBe(each);
        seen[each ? 'allowed' : 'refused']++;
      }),
      { numRuns: 400 },
    );
    expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(30);
  });

  test('of names hold for each name by itself', () => {
    fc.assert(
      fc.property(name, name, subtrees, (a, b, constraints) => {
        expect(allowed([a, b], constraints)).toBe(allowed([a], constraints) && allowed([b], constraints));
      }),
      { numRuns: 300 },
    );
  });

  test('exclude what they would permit, and never allow more when there are more', () => {
    fc.assert(
      fc.property(name, bases, bases, (one, first, second) => {
        const isPermitted = allowed([one], { permitted: first });
        if (!isPermitted) expect(allowed([one], { permitted: first, excluded: second })).toBe(false);
        if (!allowed([one], { excluded: first }))
          expect(allowed([one], { excluded: [...first, ...second] })).toBe(false);
        // What is excluded is refused, permitted or not.
        expect(allowed([one], { permitted: first, excluded: first })).toBe(
          isPermitted && allowed([one], { excluded: first }),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('a mailbox is within itself, its host and, below a domain, that domain', () => {
    const within = (constraint: string, address: string): boolean | undefined => {
      const prepared = prepareName(generalName(readBer(general.mail(address))));
      return prepared && matcherOf(generalName(readBer(general.mail(constraint))))?.(prepared, false);
    };
    fc.assert(
      fc.property(mailbox, label, (address, below) => {
        const [localPart, domain] = address.split('@') as [string, string];
        expect(within(address, address)).toBe(true);
        expect(within(domain.toUpperCase(), address)).toBe(true);
        expect(within(`.${domain}`, address)).toBe(false);
        expect(within(`.${domain}`, `${localPart}@${below}.${domain}`)).toBe(true);
        expect(within(domain, `${localPart}@${below}.${domain}`)).toBe(false);
      }),
    );
  });
});

describe('garbage', () => {
  const garbage = fc
    .tuple(fc.constantFrom(0x81, 0x82, 0x86, 0x87), fc.string({ unit: 'binary-ascii', maxLength: 20 }))
    .map(([tag, text]) =>
      der(
        tag,
        Uint8Array.from(text, (character) => character.charCodeAt(0)),
      ),
    );

  test('as names and bases is allowed or refused, and refused when it is its own permission’s opposite', () => {
    fc.assert(
      fc.property(garbage, garbage, (one, constraint) => {
        const verdicts = [
          allowed([one], { permitted: [constraint] }),
          allowed([one], { excluded: [constraint] }),
        ];
        expect(verdicts.every((each) => typeof each === 'boolean')).toBe(true);
        // Nothing is allowed by what excludes the very same name.
        expect(allowed([one], { excluded: [one] }) && isHostless(one)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

/** Whether a name as a constraint stands for itself: a host name and one mailbox do, a URI and an address are written otherwise. */
function isHostless(encoded: Uint8Array): boolean {
  return encoded[0] === 0x82 || (encoded[0] === 0x81 && encoded.includes(0x40));
}
