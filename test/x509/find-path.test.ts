import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derNull, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import { findPath } from '../../src/x509/find-path.js';
import {
  authority,
  authorityExtensions,
  basicConstraints,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  issue,
  keyUsage,
  mailExtensions,
  nameOf,
  oids,
  person,
  subjectAltName,
} from '../support/chains.js';
import { at, complaints, pathOf, route } from './support.js';

const root = authority(undefined, 'Root');
const middle = authority(root, 'Middle');
const alice = person(middle, 'Alice');

describe('a good chain', () => {
  test('is found, and its key given', async () => {
    const path = await pathOf(alice, [root], [middle]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- Root', []]);
    expect(path.publicKey).toEqual(alice.certificate.publicKey);
  });

  test('is found in a pool that holds everything twice, in the wrong order', async () => {
    const path = await pathOf(alice, [root, root], [alice, root, middle, alice, middle, root]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- Root', []]);
  });

  test('of ten authorities', async () => {
    const chain = [root];
    for (let i = 1; i <= 10; i++) chain.push(authority(chain.at(-1), `Authority ${i}`));
    const leaf = person(chain.at(-1), 'Deep');
    const path = await pathOf(leaf, [root], chain);
    expect([path.certificates.length, complaints(path)]).toEqual([11, []]);
  });

  test('may end at an authority that does not sign itself', async () => {
    const path = await pathOf(alice, [middle]);
    expect([route(path), complaints(path)]).toEqual(['Alice <- Middle', []]);
  });

  test('on the engine that is asked for', async () => {
    for (const engine of ['native', 'typescript'] as const) {
      expect(complaints(await pathOf(alice, [root], [middle], { engine }))).toEqual([]);
    }
  });
});

describe('the end entity is itself a root', () => {
  test('it needs no issuer', async () => {
    const path = await pathOf(alice, [alice]);
    expect([route(path), complaints(path)]).toEqual(['Alice <- Alice', []]);
  });

  test('also when it signs itself', async () => {
    const self = person(undefined, 'Self');
    expect(complaints(await pathOf(self, [self]))).toEqual([]);
  });

  test('its own time and uses count', async () => {
    const old = person(undefined, 'Old', {
      to: '2021-01-01T00:00:00Z',
      extensions: [keyUsage('keyEncipherment')],
    });
    expect(complaints(await pathOf(old, [old]))).toEqual(['key-usage: Old', 'expired: Old']);
  });
});

describe('no way up', () => {
  test('the intermediate is missing', async () => {
    const path = await pathOf(alice, [root]);
    expect([route(path), complaints(path)]).toEqual(['Alice <- ?', ['issuer-missing: Alice']]);
    expect(path.problems[0]!.message).toContain('"CN=Middle"');
  });

  test('there are no roots', async () => {
    const path = await pathOf(alice, [], [middle]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- ?', ['issuer-missing: Middle']]);
  });

  test('it signs itself and is not among the roots', async () => {
    const self = person(undefined, 'Self');
    expect(complaints(await pathOf(self, [root], [middle, self]))).toEqual(['root-untrusted: Self']);
  });

  test('the root was sent along and is not trusted', async () => {
    const other = authority(undefined, 'Other');
    const path = await pathOf(alice, [other], [middle, root]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle < Root <- ?', ['root-untrusted: Root']]);
  });

  test('an untrusted root has the name of a trusted one', async () => {
    const impostor = authority(undefined, 'Root', { key: chainKey('impostor') });
    const leaf = person(impostor, 'Mallory');
    const path = await pathOf(leaf, [root], [impostor]);
    expect(complaints(path)).toEqual(['root-untrusted: Root']);
    expect(path.anchor).toBeUndefined();
  });

  test('the same without key identifiers', async () => {
    const trusted = authority(undefined, 'Plain', { keyIdentifiers: false });
    const impostor = authority(undefined, 'Plain', { keyIdentifiers: false, key: chainKey('impostor') });
    const path = await pathOf(person(impostor, 'Mallory', { keyIdentifiers: false }), [trusted], [impostor]);
    expect(complaints(path)).toEqual(['root-untrusted: Plain']);
  });
});

describe('signatures', () => {
  test('of the end entity', async () => {
    const forged = person(middle, 'Forged', { forged: true });
    const path = await pathOf(forged, [root], [middle]);
    expect(complaints(path)).toEqual(['signature-invalid: Forged']);
  });

  test('of the intermediate', async () => {
    const forged = authority(root, 'Middle', { forged: true });
    expect(complaints(await pathOf(alice, [root], [forged]))).toEqual(['signature-invalid: Middle']);
  });

  test('made with another key of the issuer’s name', async () => {
    const stranger: Holder = { ...middle, key: chainKey('stranger') };
    const path = await pathOf(person(stranger, 'Mallory', { keyIdentifiers: false }), [root], [middle]);
    expect(complaints(path)).toEqual(['signature-invalid: Mallory']);
  });

  test('a certificate that names another issuer than the one who signed', async () => {
    const leaf = person(middle, 'Alice', { issuerName: nameOf('Nobody') });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual(['issuer-missing: Alice']);
  });

  test('an algorithm that nobody knows', async () => {
    const leaf = person(middle, 'Strange', { outerAlgorithm: derSequence(derOid('1.2.3.4')) });
    const found = complaints(await pathOf(leaf, [root], [middle]));
    expect(found).toEqual(['algorithm-unsupported: Strange', 'algorithms-differ: Strange']);
  });

  test('two algorithms, of which the outer one fits', async () => {
    const outerAlgorithm = derSequence(derOid('1.2.840.10045.4.3.2'), derNull());
    const leaf = person(middle, 'Twofold', { outerAlgorithm });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual(['algorithms-differ: Twofold']);
  });

  test('a key of an unknown kind', async () => {
    const spki = derSequence(derSequence(derOid('1.2.3.4')), readBer(middle.key.spki).children[1]!.bytes);
    const odd = authority(root, 'Odd', { spki });
    expect(complaints(await pathOf(person(odd, 'Alice'), [root], [odd]))).toEqual([
      'algorithm-unsupported: Alice',
    ]);
  });
});

describe('validity', () => {
  const early = { from: '2010-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
  const late = { from: '2030-01-01T00:00:00Z', to: '2040-01-01T00:00:00Z' };

  test.each([
    ['expired', early],
    ['not-yet-valid', late],
  ])('the end entity is %s', async (code, time) => {
    const path = await pathOf(person(middle, 'Alice', time), [root], [middle]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- Root', [`${code}: Alice`]]);
  });

  test.each([
    ['expired', early],
    ['not-yet-valid', late],
  ])('the intermediate is %s', async (code, time) => {
    const path = await pathOf(alice, [root], [authority(root, 'Middle', time)]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle <- Root', [`${code}: Middle`]]);
  });

  test('a root is believed whatever its own time (RFC 5280 §6.1.1 d)', async () => {
    const old = authority(undefined, 'Old', early);
    expect(complaints(await pathOf(person(old, 'Alice'), [old]))).toEqual([]);
  });

  test('all of them at once', async () => {
    const path = await pathOf(person(middle, 'Alice', early), [root], [authority(root, 'Middle', late)]);
    expect(complaints(path)).toEqual(['expired: Alice', 'not-yet-valid: Middle']);
  });

  test.each([
    ['2020-01-01T00:00:00.000Z', []],
    ['2019-12-31T23:59:59.999Z', ['not-yet-valid: Alice']],
    ['2024-02-29T23:59:59.000Z', []],
    ['2024-03-01T00:00:00.000Z', ['expired: Alice']],
  ])('both ends belong to it: %s', async (moment, expected) => {
    const wide = authority(undefined, 'Wide', { from: '2000-01-01T00:00:00Z' });
    const leaf = person(wide, 'Alice', { from: '2020-01-01T00:00:00Z', to: '2024-02-29T23:59:59Z' });
    expect(complaints(await pathOf(leaf, [wide], [], { at: new Date(moment) }))).toEqual(expected);
  });

  test('no time, or one that is none, is the caller’s fault and never a pass', async () => {
    const old = person(middle, 'Alice', early);
    for (const wrong of [new Date(Number.NaN), undefined, '2026-06-01', 0]) {
      const options = { roots: [root.certificate], pool: [middle.certificate], at: wrong as Date };
      await expect(findPath(old.certificate, options)).rejects.toMatchObject({ code: 'usage' });
    }
  });
});

describe('who may issue', () => {
  const noCa = 'not-a-ca: Middle';
  test.each<[string, Uint8Array[] | null, string[]]>([
    ['no extensions', null, [noCa]],
    ['no basicConstraints', [keyUsage('keyCertSign')], [noCa]],
    ['cA FALSE', [basicConstraints(false), keyUsage('keyCertSign')], [noCa]],
    ['a path length without cA', [basicConstraints(false, 3), keyUsage('keyCertSign')], [noCa]],
    ['basicConstraints that are not critical', [basicConstraints(true, undefined, false)], []],
    ['no keyUsage', [basicConstraints(true)], []],
    ['keyUsage without keyCertSign', [basicConstraints(true), keyUsage('cRLSign')], ['key-usage: Middle']],
    ['neither', [keyUsage('digitalSignature')], [noCa, 'key-usage: Middle']],
    ['keyUsage beyond the eighth bit', [basicConstraints(true), keyUsage('keyCertSign', 'decipherOnly')], []],
  ])('an intermediate with %s', async (_, extensions, expected) => {
    const path = await pathOf(alice, [root], [authority(root, 'Middle', { extensions })]);
    expect(complaints(path)).toEqual(expected);
  });

  test.each([1, 2, null])('an intermediate of version %s is no authority', async (version) => {
    const old = authority(root, 'Middle', { version, extensions: null });
    expect(complaints(await pathOf(alice, [root], [old]))).toEqual([noCa]);
  });

  test('an intermediate of version 1 with the extensions of one is damaged', async () => {
    const old = authority(root, 'Middle', { version: 1 });
    expect(complaints(await pathOf(alice, [root], [old]))).toEqual(['certificate-malformed: Middle']);
  });

  test('a person may not issue', async () => {
    const leaf = person(alice, 'Mallory');
    expect(complaints(await pathOf(leaf, [root], [middle, alice]))).toEqual([
      'not-a-ca: Alice',
      'key-usage: Alice',
    ]);
  });

  test('a root may be of version 1', async () => {
    const old = issue(undefined, { name: 'Old', version: null, extensions: null });
    expect(complaints(await pathOf(person(old, 'Alice'), [old]))).toEqual([]);
  });

  test.each<[string, Uint8Array[], string[]]>([
    ['basicConstraints without cA', [basicConstraints(false)], ['not-a-ca: Pinned']],
    ['the keyUsage of a person', [keyUsage('digitalSignature')], ['not-a-ca: Pinned']],
    [
      'a keyUsage that its basicConstraints go beyond',
      [basicConstraints(true), keyUsage('cRLSign')],
      ['not-a-ca: Pinned'],
    ],
    ['keyUsage only, which has keyCertSign', [keyUsage('keyCertSign')], []],
    ['neither, signed by itself', [], []],
    [
      'basicConstraints that cannot be read',
      [extension('2.5.29.19', true, Uint8Array.of(5, 0))],
      ['certificate-malformed: Pinned'],
    ],
  ])('a root that says that it is no authority is none: %s', async (_, extensions, expected) => {
    const pinned = issue(undefined, { name: 'Pinned', extensions });
    expect(complaints(await pathOf(person(pinned, 'Alice'), [pinned]))).toEqual(expected);
  });

  test('nor is a root that another issued and that says nothing; it is its own signer’s all the same', async () => {
    const pinned = issue(root, { name: 'Pinned', extensions: mailExtensions() });
    const leaf = person(pinned, 'Alice');
    expect(complaints(await pathOf(leaf, [pinned]))).toEqual(['not-a-ca: Pinned']);
    expect(complaints(await pathOf(pinned, [pinned]))).toEqual([]);
  });
});

describe('path length', () => {
  const chain = (lengths: readonly (number | undefined)[]): { leaf: Holder; pool: Holder[] } => {
    let issuer = root;
    const pool: Holder[] = [];
    lengths.forEach((pathLength, i) => {
      issuer = authority(issuer, `Authority ${i}`, pathLength === undefined ? {} : { pathLength });
      pool.push(issuer);
    });
    return { leaf: person(issuer, 'Alice'), pool };
  };

  test.each<[(number | undefined)[], string[]]>([
    [[0], []],
    [[1, 0], []],
    [[0, undefined], ['path-length-exceeded: Authority 0']],
    [[2, undefined, undefined], []],
    [[1, undefined, undefined], ['path-length-exceeded: Authority 0']],
    [[undefined, 0, 5], ['path-length-exceeded: Authority 1']],
    [
      [0, 0, 0],
      ['path-length-exceeded: Authority 1', 'path-length-exceeded: Authority 0'],
    ],
    [[5, 4, 3, 2, 1, 0], []],
    [[-1], ['certificate-malformed: Authority 0']],
    [[2 ** 47 - 1], []],
    [[2 ** 47], []],
  ])('from the root down %j', async (lengths, expected) => {
    const { leaf, pool } = chain(lengths);
    expect(complaints(await pathOf(leaf, [root], pool))).toEqual(expected);
  });

  test('self-issued certificates do not count', async () => {
    const narrow = authority(root, 'Narrow', { pathLength: 0 });
    const renewed = authority(narrow, 'Narrow', { pathLength: 0, key: chainKey('renewed') });
    const leaf = person(renewed, 'Alice');
    const path = await pathOf(leaf, [root], [narrow, renewed]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Narrow < Narrow <- Root', []]);
  });

  test('a self-issued end entity is the last certificate and does not count either', async () => {
    const narrow = authority(root, 'Narrow', { pathLength: 0 });
    const leaf = person(narrow, 'Narrow', { key: chainKey('leaf') });
    expect(complaints(await pathOf(leaf, [root], [narrow]))).toEqual([]);
  });

  test('an authority as the end entity does not count (RFC 5280 §4.2.1.9)', async () => {
    const narrow = authority(root, 'Narrow', { pathLength: 0 });
    const leaf = authority(narrow, 'Sub', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign', 'digitalSignature')],
    });
    expect(complaints(await pathOf(leaf, [root], [narrow]))).toEqual([]);
  });

  test('what a root says of path length is heeded (RFC 5937 §3.2)', async () => {
    const narrow = authority(undefined, 'Narrow', { pathLength: 0 });
    const below = authority(narrow, 'Below');
    expect(complaints(await pathOf(person(narrow, 'Alice'), [narrow]))).toEqual([]);
    expect(complaints(await pathOf(person(below, 'Alice'), [narrow], [below]))).toEqual([
      'path-length-exceeded: Narrow',
    ]);
  });
});

describe('the end entity’s uses', () => {
  test.each<[string, Uint8Array[], string[]]>([
    ['no extensions of use', [], []],
    ['digitalSignature', [keyUsage('digitalSignature')], []],
    ['nonRepudiation', [keyUsage('nonRepudiation')], []],
    ['both and more', [keyUsage('digitalSignature', 'nonRepudiation', 'keyEncipherment')], []],
    ['keyEncipherment', [keyUsage('keyEncipherment')], ['key-usage: Alice']],
    ['keyCertSign', [keyUsage('keyCertSign')], ['key-usage: Alice']],
    ['emailProtection', [extendedKeyUsage(oids.serverAuth, oids.emailProtection)], []],
    ['anyExtendedKeyUsage', [extendedKeyUsage(oids.anyPurpose)], []],
    ['serverAuth', [extendedKeyUsage(oids.serverAuth)], ['extended-key-usage: Alice']],
    ['no purpose at all', [extendedKeyUsage()], ['extended-key-usage: Alice']],
  ])('%s', async (_, extensions, expected) => {
    expect(complaints(await pathOf(person(middle, 'Alice', { extensions }), [root], [middle]))).toEqual(
      expected,
    );
  });

  test.each<[string, string, string[]]>([
    ['emailProtection', oids.emailProtection, []],
    ['serverAuth', oids.serverAuth, ['extended-key-usage: Middle']],
  ])('an intermediate that is for %s', async (_, purpose, expected) => {
    const extensions = [...authorityExtensions(), extendedKeyUsage(purpose)];
    expect(complaints(await pathOf(alice, [root], [authority(root, 'Middle', { extensions })]))).toEqual(
      expected,
    );
  });
});

describe('critical extensions', () => {
  const unknown = (critical: boolean) => extension('1.2.3.4', critical, derNull());
  test('an unknown one refuses, wherever it stands', async () => {
    const leaf = person(middle, 'Alice', { extensions: [...mailExtensions(), unknown(true)] });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual(['unknown-critical-extension: Alice']);
    const strict = authority(root, 'Middle', { extensions: [...authorityExtensions(), unknown(true)] });
    expect(complaints(await pathOf(alice, [root], [strict]))).toEqual(['unknown-critical-extension: Middle']);
  });

  test('one that is not critical may be unknown', async () => {
    const leaf = person(middle, 'Alice', { extensions: [...mailExtensions(), unknown(false)] });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual([]);
  });

  test.each([
    ['nameConstraints', '2.5.29.30'],
    ['policyMappings', '2.5.29.33'],
    ['policyConstraints', '2.5.29.36'],
    ['inhibitAnyPolicy', '2.5.29.54'],
    ['cRLDistributionPoints', '2.5.29.31'],
    ['freshestCRL', '2.5.29.46'],
  ])('%s that is critical and cannot be read refuses, wherever it stands', async (_, oid) => {
    const damaged = extension(oid, true, derNull());
    const strict = authority(root, 'Middle', { extensions: [...authorityExtensions(), damaged] });
    expect(complaints(await pathOf(alice, [root], [strict]))).toEqual(['certificate-malformed: Middle']);
    const leaf = person(middle, 'Alice', { extensions: [...mailExtensions(), damaged] });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual(['certificate-malformed: Alice']);
  });

  test('all that are processed may be critical', async () => {
    const critical = (each: Uint8Array): Uint8Array => {
      const [oid, ...rest] = readBer(each).children;
      return derSequence(oid!.bytes, Uint8Array.of(1, 1, 0xff), rest.at(-1)!.bytes);
    };
    const policies = extension('2.5.29.32', true, derSequence(derSequence(derOid('2.5.29.32.0'))));
    const issuerAltName = extension('2.5.29.18', true, derSequence(Uint8Array.of(0x81, 1, 0x61)));
    const extensions = [...mailExtensions().map(critical), policies, issuerAltName];
    expect(complaints(await pathOf(person(middle, 'Alice', { extensions }), [root], [middle]))).toEqual([]);
  });

  test('one that stands twice makes the certificate malformed', async () => {
    const leaf = person(middle, 'Alice', {
      extensions: [...mailExtensions(), subjectAltName('b@example.com')],
    });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual(['certificate-malformed: Alice']);
  });

  test.each([
    ['basicConstraints', '2.5.29.19'],
    ['keyUsage', '2.5.29.15'],
    ['extendedKeyUsage', '2.5.29.37'],
  ])('a damaged %s refuses the certificate that has it', async (_, oid) => {
    const damaged = authority(root, 'Middle', { extensions: [extension(oid, true, Uint8Array.of(0x30, 5))] });
    expect(complaints(await pathOf(alice, [root], [damaged]))).toContain('certificate-malformed: Middle');
  });
});

describe('names', () => {
  test('chain over string types, letter case and white space', async () => {
    const loud = issue(root, {
      name: nameOf([oids.organization, Uint8Array.of(0x13, 6, ...Buffer.from('A  b C'))], 'Mid  DLE'),
      extensions: authorityExtensions(),
    });
    const issuerName = nameOf([oids.organization, derUtf8String(' a B c ')], 'mid dle');
    expect(complaints(await pathOf(person(loud, 'Alice', { issuerName }), [root], [loud]))).toEqual([]);
  });

  test('an authority of another name with the same key is not the issuer', async () => {
    const twin = authority(root, 'Twin', { key: middle.key });
    expect(complaints(await pathOf(alice, [root], [twin]))).toEqual(['issuer-missing: Alice']);
  });
});

describe('the search', () => {
  test('several issuers of one name: each key is tried', async () => {
    const others = Array.from({ length: 8 }, (_, i) =>
      authority(root, 'Middle', { key: chainKey(`other ${i}`), keyIdentifiers: false }),
    );
    const leaf = person(middle, 'Alice', { keyIdentifiers: false });
    const path = await pathOf(leaf, [root], [...others, middle]);
    expect([complaints(path), path.certificates[1] === middle.certificate]).toEqual([[], true]);
  });

  test('several issuers of one name and one key identifier', async () => {
    const spec = { keyIdentifiers: false } as const;
    const identifier = extension('2.5.29.14', false, Uint8Array.of(4, 1, 7));
    const others = Array.from({ length: 8 }, (_, i) =>
      authority(root, 'Middle', {
        ...spec,
        key: chainKey(`other ${i}`),
        extensions: [...authorityExtensions(), identifier],
      }),
    );
    const right = authority(root, 'Middle', { ...spec, extensions: [...authorityExtensions(), identifier] });
    const akid = extension('2.5.29.35', false, derSequence(Uint8Array.of(0x80, 1, 7)));
    const leaf = person(right, 'Alice', { ...spec, extensions: [...mailExtensions(), akid] });
    expect(complaints(await pathOf(leaf, [root], [...others, right]))).toEqual([]);
  });

  test('an issuer whose key identifier differs is tried last, and still tried', async () => {
    const spec = {
      extensions: [
        ...mailExtensions(),
        extension('2.5.29.35', false, derSequence(Uint8Array.of(0x80, 1, 7))),
      ],
    };
    const leaf = person(middle, 'Alice', { ...spec, keyIdentifiers: false });
    expect(complaints(await pathOf(leaf, [root], [middle]))).toEqual([]);
  });

  test('a renewed intermediate is preferred to its expired forerunner, in either order', async () => {
    const expired = authority(root, 'Middle', { to: '2021-01-01T00:00:00Z' });
    for (const pool of [
      [expired, middle],
      [middle, expired],
    ]) {
      expect(complaints(await pathOf(alice, [root], pool))).toEqual([]);
    }
  });

  test('a cross-certificate leads to the root that is trusted', async () => {
    const second = authority(undefined, 'Second root');
    const cross = authority(second, 'Root', { key: root.key });
    const path = await pathOf(alice, [second], [middle, root, cross]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Middle < Root <- Second root', []]);
  });

  test('the path of fewer faults is given when none is valid', async () => {
    const expired = authority(root, 'Middle', { to: '2021-01-01T00:00:00Z' });
    const noCa = authority(root, 'Middle', { extensions: [] });
    const lost = authority(authority(undefined, 'Lost'), 'Middle');
    for (const pool of [
      [noCa, expired, lost],
      [lost, expired, noCa],
    ]) {
      expect(complaints(await pathOf(alice, [root], pool))).toEqual(['expired: Middle']);
    }
  });

  test('two authorities that certify each other end nowhere, and quickly', async () => {
    const a: Holder = { name: nameOf('A'), key: chainKey('A'), certificate: alice.certificate };
    const b: Holder = { name: nameOf('B'), key: chainKey('B'), certificate: alice.certificate };
    const aByB = authority(b, 'A');
    const bByA = authority(a, 'B');
    const path = await pathOf(person(a, 'Alice'), [root], [aByB, bByA]);
    expect(complaints(path)).toEqual(['issuer-missing: B']);
  });

  test('cross-certificates between twelve authorities are bounded, and a way out is found', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `Authority ${i}`);
    const holders = names.map((name): Holder => ({ ...alice, name: nameOf(name), key: chainKey(name) }));
    const all = holders.flatMap((issuer) =>
      names.filter((name) => chainKey(name) !== issuer.key).map((name) => authority(issuer, name)),
    );
    expect(all.length).toBe(132);
    const leaf = person(holders[0], 'Alice');
    const codes = (await pathOf(leaf, [root], all)).problems.map(({ code }) => code);
    expect(codes).toEqual(['search-limit']);
    const open = authority(root, 'Authority 0');
    expect(complaints(await pathOf(leaf, [root], [...all, open]))).toEqual([]);
  });

  test.each([false, true])(
    '1,000 candidates of one name are bounded (key identifiers: %s)',
    async (keyIdentifiers) => {
      const crowd = Array.from({ length: 1000 }, (_, i) =>
        authority(root, 'Middle', { key: chainKey(`crowd ${i}`, 'ed25519'), keyIdentifiers }),
      );
      const leaf = person(middle, 'Alice', { keyIdentifiers });
      const path = await pathOf(leaf, [root], crowd);
      expect(path.problems.map(({ code }) => code)).toEqual(['search-limit']);
      // The key identifier finds the right one among them; without it, one has to allow for more.
      expect(
        complaints(
          await pathOf(leaf, [root], [...crowd, middle], { maxSignatureChecks: keyIdentifiers ? 64 : 1002 }),
        ),
      ).toEqual([]);
    },
  );

  test('a path of more than 16 certificates below the root is not followed', async () => {
    const chain = [root];
    for (let i = 1; i <= 16; i++) chain.push(authority(chain.at(-1), `Authority ${i}`));
    const path = await pathOf(person(chain.at(-1), 'Deep'), [root], chain);
    expect(path.problems.map(({ code }) => code)).toEqual(['search-limit']);
    expect(complaints(await pathOf(person(chain.at(-2), 'Less deep'), [root], chain))).toEqual([]);
  });

  test('no checks allowed, none made', async () => {
    const path = await pathOf(alice, [root], [middle], { maxSignatureChecks: 0 });
    expect(complaints(path)).toEqual(['search-limit: Alice']);
  });
});

describe('DSA keys that inherit their parameters', () => {
  const bare = (spki: Uint8Array): Uint8Array => {
    const [algorithm, bits] = readBer(spki).children;
    return derSequence(derSequence(algorithm!.children[0]!.bytes), bits!.bytes);
  };
  const dsaRoot = authority(undefined, 'DSA root', { key: chainKey('dsa', 'dsa') });
  // Only one key has its root's parameters for certain: the root's own.
  const heir = authority(dsaRoot, 'Heir', { key: dsaRoot.key, spki: bare(dsaRoot.key.spki) });
  const leaf = person(heir, 'Alice', { key: dsaRoot.key, spki: bare(dsaRoot.key.spki) });

  test('along the path', async () => {
    const path = await pathOf(leaf, [dsaRoot], [heir]);
    expect([route(path), complaints(path)]).toEqual(['Alice < Heir <- DSA root', []]);
    expect(path.publicKey).toEqual(dsaRoot.certificate.publicKey);
  });

  test('another’s parameters give another key, and the signature is wrong', async () => {
    const other = authority(undefined, 'DSA root', { key: chainKey('other dsa', 'dsa') });
    const forged = authority(other, 'Heir', { key: dsaRoot.key, spki: bare(dsaRoot.key.spki) });
    const path = await pathOf(leaf, [other], [forged]);
    expect(complaints(path)).toEqual(['signature-invalid: Alice']);
  });

  test('there are none to inherit from a key of another kind', async () => {
    const strange = authority(root, 'Heir', { key: dsaRoot.key, spki: bare(dsaRoot.key.spki) });
    const path = await pathOf(leaf, [root], [strange]);
    expect([complaints(path), path.publicKey]).toEqual([['algorithm-unsupported: Alice'], undefined]);
  });

  test('a root without parameters has none to give', async () => {
    const poor = authority(undefined, 'Heir', { key: dsaRoot.key, spki: bare(dsaRoot.key.spki) });
    const path = await pathOf(leaf, [poor]);
    expect([complaints(path), path.publicKey]).toEqual([['algorithm-unsupported: Alice'], undefined]);
  });
});

test('problems say who, why and by which rule', async () => {
  const path = await pathOf(person(middle, 'Alice', { to: '2021-01-01T00:00:00Z' }), [root], [middle]);
  expect(path.problems[0]).toMatchObject({
    code: 'expired',
    message: 'the certificate of "CN=Alice" was valid until 2021-01-01T00:00:00Z',
    section: 'RFC 5280 §6.1.3 (a)(2)',
  });
  expect(at.getUTCFullYear()).toBe(2026);
});
