import { describe, expect, test } from 'vitest';
import { der, derSequence } from '../../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import {
  authority,
  authorityExtensions,
  basicConstraints,
  chainKey,
  extension,
  keyUsage,
  mailExtensions,
  nameOf,
  person,
} from '../../support/chains.js';
import {
  type CrlSpec,
  crlOf,
  crlPoints,
  directoryName,
  issuingPoint,
  unknownExtension,
  uri,
} from '../../support/crls.js';
import { at, pathOf } from '../support.js';
import { ask } from './support.js';

const root = authority(undefined, 'Root');
const sub = authority(root, 'Sub');
const alice = person(root, 'Alice');
const bob = person(sub, 'Bob');
const scene = { leaf: alice, root };

describe('one complete CRL', () => {
  test('without the certificate: good, and how old it is', async () => {
    const { status, codes, report } = await ask(scene, [crlOf(root, { revoked: [bob] })]);
    expect([status, codes]).toEqual(['good', []]);
    expect(report).toMatchObject({ source: 'crl', references: [], problems: [] });
    expect(report.thisUpdate?.toISOString()).toBe('2026-05-15T00:00:00.000Z');
    expect(report.nextUpdate?.toISOString()).toBe('2026-06-15T00:00:00.000Z');
    expect(report.age).toBe(at.getTime() - Date.parse('2026-05-15T00:00:00Z'));
  });

  test('with it: revoked, with date, reason and since when the key is not to be trusted', async () => {
    const revoked = [
      { certificate: alice, reason: 'keyCompromise', invalidity: '2026-04-01T00:00:00Z' } as const,
    ];
    for (const mode of ['require', 'check'] as const) {
      const { status, codes, report } = await ask(scene, [crlOf(root, { revoked })], { mode });
      expect([status, codes]).toEqual(['revoked', ['revoked']]);
      expect(report.reason).toBe('keyCompromise');
      expect(report.revocationDate?.toISOString()).toBe('2026-05-01T00:00:00.000Z');
      expect(report.invalidityDate?.toISOString()).toBe('2026-04-01T00:00:00.000Z');
    }
  });

  test('without a reason it is unspecified, and so is a number that nobody knows', async () => {
    for (const revoked of [[alice], [{ certificate: alice, reason: 99 }]]) {
      const { status, report } = await ask(scene, [crlOf(root, { revoked })]);
      expect([status, report.reason, report.invalidityDate]).toEqual(['revoked', 'unspecified', undefined]);
    }
  });

  test('an entry whose extensions are damaged is no less revoked', async () => {
    const damaged = extension('2.5.29.21', false, Uint8Array.of(4, 0));
    const crl = crlOf(root, { revoked: [{ certificate: alice, extensions: [damaged] }] });
    expect((await ask(scene, [crl])).report).toMatchObject({ status: 'revoked', reason: 'unspecified' });
  });

  test('certificateHold is a status of its own', async () => {
    const crl = crlOf(root, { revoked: [{ certificate: alice, reason: 'certificateHold' }] });
    const { status, codes, report } = await ask(scene, [crl], { mode: 'check' });
    expect([status, codes, report.reason]).toEqual(['on-hold', ['on-hold'], 'certificateHold']);
  });

  test('removeFromCRL in a complete CRL revokes nothing (RFC 5280 §6.3.3 k)', async () => {
    const crl = crlOf(root, { revoked: [{ certificate: alice, reason: 'removeFromCRL' }] });
    expect((await ask(scene, [crl])).status).toBe('good');
  });

  test('one of version 1 counts', async () => {
    expect((await ask(scene, [crlOf(root, { version: 1 })])).status).toBe('good');
    expect((await ask(scene, [crlOf(root, { version: 1, revoked: [alice] })])).status).toBe('revoked');
  });

  test('every certificate of the path is asked about, each with the CRL of its own issuer', async () => {
    const deep = { leaf: bob, root, pool: [sub] };
    const crls = [crlOf(root), crlOf(sub)];
    expect((await ask(deep, crls)).statuses).toEqual(['good', 'good']);
    expect((await ask(deep, [crls[0]!])).statuses).toEqual(['unknown', 'good']);
    expect((await ask(deep, [crlOf(root, { revoked: [sub] }), crls[1]!])).statuses).toEqual([
      'good',
      'revoked',
    ]);
    // The same serial number under another issuer is another certificate.
    const twin = person(root, 'Twin', { serial: bob.certificate.serialNumber });
    expect((await ask(deep, [crlOf(root, { revoked: [twin] }), crls[1]!])).statuses).toEqual([
      'good',
      'good',
    ]);
  });
});

describe('modes', () => {
  test('nothing at hand: `require` refuses, `check` reports, `off` does not look', async () => {
    expect(await ask(scene, [])).toMatchObject({ codes: ['revocation-unknown'], why: ['nothing-at-hand'] });
    expect(await ask(scene, [], { mode: 'check' })).toMatchObject({ codes: [], status: 'unknown' });
    const revoked = [crlOf(root, { revoked: [alice] })];
    const off = await pathOf(alice, [root], [], { revocation: { mode: 'off', crls: revoked } });
    expect([off.problems, off.revocation]).toEqual([[], []]);
    const none = await pathOf(alice, [root]);
    expect([none.problems, none.revocation]).toEqual([[], []]);
  });

  test('without a mode it is `check`', async () => {
    const path = await pathOf(alice, [root], [], { revocation: {} });
    expect([path.problems.length, path.revocation[0]?.status]).toEqual([0, 'unknown']);
    const refused = await pathOf(alice, [root], [], {
      revocation: { crls: [crlOf(root, { revoked: [alice] })] },
    });
    expect(refused.problems.map(({ code }) => code)).toEqual(['revoked']);
  });

  test('a root that is the end entity has nobody above who could revoke it', async () => {
    const mailRoot = person(undefined, 'Self');
    const path = await pathOf(mailRoot, [mailRoot], [], { revocation: { mode: 'require' } });
    expect([path.problems, path.revocation]).toEqual([[], []]);
  });
});

describe('time', () => {
  test('a stale CRL does not say that a certificate is good', async () => {
    const crl = crlOf(root, { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' });
    expect(await ask(scene, [crl])).toMatchObject({
      status: 'unknown',
      why: ['stale'],
      codes: ['revocation-unknown'],
    });
  });

  test('a CRL from the future neither', async () => {
    const crl = crlOf(root, { from: '2026-06-10T00:00:00Z', to: '2026-07-10T00:00:00Z' });
    expect(await ask(scene, [crl])).toMatchObject({ status: 'unknown', why: ['not-yet-valid'] });
    // Clocks differ by minutes, and a CRL may be made while it is asked for.
    expect((await ask(scene, [crlOf(root, { from: '2026-06-01T12:04:00Z' })])).status).toBe('good');
    expect((await ask(scene, [crlOf(root, { from: '2026-06-01T12:06:00Z' })])).status).toBe('unknown');
  });

  test('but both say that one is revoked: that is not undone', async () => {
    for (const times of [
      { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' },
      { from: '2026-06-10T00:00:00Z', to: '2026-07-10T00:00:00Z' },
    ]) {
      const { status, codes } = await ask(scene, [crlOf(root, { ...times, revoked: [alice] })]);
      expect([status, codes]).toEqual(['revoked', ['revoked']]);
    }
    // Signed by somebody else it says nothing.
    const forged = {
      from: '2026-04-01T00:00:00Z',
      to: '2026-05-01T00:00:00Z',
      revoked: [alice],
      forged: true,
    };
    expect((await ask(scene, [crlOf(root, forged)])).status).toBe('unknown');
  });

  test('a timely CRL comes before a stale one, and a hold in the older is over', async () => {
    const stale = crlOf(root, {
      from: '2026-04-01T00:00:00Z',
      to: '2026-05-01T00:00:00Z',
      revoked: [{ certificate: alice, reason: 'certificateHold' }],
    });
    expect((await ask(scene, [stale])).status).toBe('on-hold');
    expect((await ask(scene, [stale, crlOf(root)])).status).toBe('good');
    expect((await ask(scene, [crlOf(root), stale])).status).toBe('good');
  });

  test('of two timely ones the newer counts, in any order, but what one revokes stays revoked', async () => {
    const of = (day: number, reason?: 'certificateHold' | 'superseded') =>
      crlOf(root, {
        from: `2026-05-${day}T00:00:00Z`,
        revoked: reason === undefined ? [] : [{ certificate: alice, reason }],
      });
    const status = async (...crls: ReturnType<typeof of>[]) => {
      const [given, reversed] = [await ask(scene, crls), await ask(scene, crls.toReversed())];
      expect(reversed.status).toBe(given.status);
      return given.status;
    };
    expect(await status(of(10), of(20, 'superseded'))).toBe('revoked');
    expect(await status(of(10, 'superseded'), of(20))).toBe('revoked');
    expect(await status(of(10), of(20, 'certificateHold'))).toBe('on-hold');
    expect(await status(of(10, 'certificateHold'), of(20))).toBe('good');
  });

  test('without nextUpdate (RFC 5280 §5.1.2.5) it clears nobody where good is required, unless the caller sets an age', async () => {
    const crl = crlOf(root, { from: '2021-01-01T00:00:00Z', to: null });
    expect(await ask(scene, [crl])).toMatchObject({ status: 'unknown', why: ['stale'] });
    expect((await ask(scene, [crl], { mode: 'check' })).status).toBe('good');
    const day = 86_400_000;
    expect((await ask(scene, [crl], { maxAge: 3650 * day })).status).toBe('good');
    expect((await ask(scene, [crlOf(root, { to: null, revoked: [alice] })])).status).toBe('revoked');
    expect(await ask(scene, [crl], { maxAge: day })).toMatchObject({ status: 'unknown', why: ['stale'] });
    expect((await ask(scene, [crlOf(root)], { maxAge: 18 * day })).status).toBe('good');
    expect((await ask(scene, [crlOf(root)], { maxAge: 17 * day })).status).toBe('unknown');
  });

  test('the moment for CRLs may be another than that of the path', async () => {
    const later = crlOf(root, { from: '2027-01-01T00:00:00Z', to: '2027-02-01T00:00:00Z' });
    expect((await ask(scene, [later])).status).toBe('unknown');
    expect((await ask(scene, [later], { at: new Date('2027-01-15T00:00:00Z') })).status).toBe('good');
  });

  test('a CRL made after the certificate expired may have dropped it (RFC 5280 §3.3)', async () => {
    const short = person(root, 'Short', { to: '2026-06-02T00:00:00Z' });
    const late: CrlSpec = { from: '2026-07-01T00:00:00Z', to: '2026-08-01T00:00:00Z' };
    const now = { at: new Date('2026-07-15T00:00:00Z') };
    expect(await ask({ leaf: short, root }, [crlOf(root, late)], now)).toMatchObject({
      status: 'unknown',
      why: ['scope'],
    });
    expect((await ask({ leaf: short, root }, [crlOf(root, { ...late, revoked: [short] })], now)).status).toBe(
      'revoked',
    );
    const since = (year: number) =>
      extension('2.5.29.60', false, der(0x18, bytesFromLatin1(`${year}0101000000Z`)));
    const keeps = (year: number) => [crlOf(root, { ...late, extensions: [since(year)] })];
    expect((await ask({ leaf: short, root }, keeps(2020), now)).status).toBe('good');
    expect((await ask({ leaf: short, root }, keeps(2027), now)).status).toBe('unknown');
  });
});

describe('who signed it', () => {
  test('a forged signature', async () => {
    const crl = crlOf(root, { forged: true, revoked: [alice] });
    expect(await ask(scene, [crl])).toMatchObject({ status: 'unknown', why: ['signature-invalid'] });
  });

  test('another key of the same name', async () => {
    const impostor = authority(undefined, 'Root', { key: chainKey('impostor') });
    const lies = crlOf(impostor, { revoked: [alice] });
    expect(await ask(scene, [lies])).toMatchObject({ status: 'unknown', why: ['signature-invalid'] });
    // It takes the place of no other.
    expect((await ask(scene, [lies, crlOf(root)])).status).toBe('good');
    // Its certificate at hand makes no difference: it does not lead to the trust anchor.
    expect(await ask({ ...scene, pool: [impostor] }, [lies])).toMatchObject({
      status: 'unknown',
      why: ['issuer-untrusted'],
    });
  });

  test('an algorithm outside that is not the one inside (RFC 5280 §5.1.1.2)', async () => {
    const crl = crlOf(root, { outerAlgorithm: chainKey('x', 'ed25519').algorithm });
    expect(await ask(scene, [crl])).toMatchObject({ status: 'unknown', why: ['malformed'] });
  });

  test('an authority without cRLSign (RFC 5280 §6.3.3 f)', async () => {
    const mute = authority(root, 'Mute', { extensions: [basicConstraints(true), keyUsage('keyCertSign')] });
    const carol = person(mute, 'Carol');
    const asked = { leaf: carol, root, pool: [mute] };
    const crls = [crlOf(root), crlOf(mute, { revoked: [carol] })];
    expect(await ask(asked, crls)).toMatchObject({ status: 'unknown', why: ['issuer-untrusted'] });
  });

  test('an authority without keyUsage may', async () => {
    const free = authority(root, 'Free', { extensions: [basicConstraints(true)] });
    const carol = person(free, 'Carol');
    expect((await ask({ leaf: carol, root, pool: [free] }, [crlOf(root), crlOf(free)])).statuses).toEqual([
      'good',
      'good',
    ]);
  });

  test('a key of its own for CRLs, with a certificate of that name below the same root', async () => {
    const keyless = authority(root, 'Split', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const dora = person(keyless, 'Dora');
    const crlKey = chainKey('split crl');
    const signer = authority(root, 'Split', { key: crlKey, extensions: [keyUsage('cRLSign')] });
    const asked = { leaf: dora, root, pool: [keyless, signer] };
    const crls = [crlOf(root), crlOf(keyless, { key: crlKey })];
    expect((await ask(asked, crls)).statuses).toEqual(['good', 'good']);
    expect(
      (await ask(asked, [crlOf(root), crlOf(keyless, { key: crlKey, revoked: [dora] })])).statuses,
    ).toEqual(['revoked', 'good']);
    // Without the signer's certificate, and with one that was revoked.
    expect((await ask({ ...asked, pool: [keyless] }, crls)).why).toEqual(['issuer-untrusted']);
    expect((await ask(asked, [crlOf(root, { revoked: [signer] }), crls[1]!])).why).toEqual([
      'issuer-untrusted',
    ]);
    // Expired.
    const expired = authority(root, 'Split', {
      key: crlKey,
      extensions: [keyUsage('cRLSign')],
      to: '2026-01-01T00:00:00Z',
    });
    expect((await ask({ ...asked, pool: [keyless, expired] }, crls)).why).toEqual(['issuer-untrusted']);
  });

  test('a signer below another root is none (RFC 5280 §6.3.3 f)', async () => {
    const other = authority(undefined, 'Other root');
    const keyless = authority(root, 'Split 2', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const dora = person(keyless, 'Dora 2');
    const crlKey = chainKey('split crl 2');
    const signer = authority(other, 'Split 2', { key: crlKey, extensions: [keyUsage('cRLSign')] });
    const crls = [crlOf(root), crlOf(other), crlOf(keyless, { key: crlKey })];
    const path = await pathOf(dora, [root, other], [keyless, signer], {
      revocation: { mode: 'require', crls },
    });
    expect(path.revocation[0]).toMatchObject({ status: 'unknown' });
    expect(path.revocation[0]?.problems.map(({ code }) => code)).toEqual(['issuer-untrusted']);
  });

  test('nobody vouches for himself: a signer whose own revocation only his CRL tells', async () => {
    const keyless = authority(root, 'Loop', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const crlKey = chainKey('loop crl');
    const signer = authority(keyless, 'Loop', { key: crlKey, extensions: [keyUsage('cRLSign')] });
    const erin = person(keyless, 'Erin');
    const crls = [crlOf(root), crlOf(keyless, { key: crlKey })];
    expect((await ask({ leaf: erin, root, pool: [keyless, signer] }, crls)).why).toEqual([
      'issuer-untrusted',
    ]);
    // As long as only what is known counts, he is believed.
    const lenient = await ask({ leaf: erin, root, pool: [keyless, signer] }, crls, { mode: 'check' });
    expect(lenient.statuses).toEqual(['good', 'good']);
    // His own certificate is never cleared by his own CRL.
    const own = await pathOf(signer, [root], [keyless], {
      purpose: 'any',
      revocation: { mode: 'require', crls },
    });
    expect(own.revocation.map(({ status }) => status)).toEqual(['unknown', 'good']);
  });

  test('two signers who vouch for each other have no path', async () => {
    const keyless = authority(root, 'Ring', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign')],
    });
    const [one, two] = [chainKey('ring 1'), chainKey('ring 2')];
    const point = (n: number) => ({ names: [uri(`http://crl.example/${n}`)] });
    const signerOf = (key: typeof one, n: number) =>
      authority(keyless, 'Ring', { key, extensions: [keyUsage('cRLSign'), crlPoints(point(n))] });
    const erin = person(keyless, 'Erin 2', { extensions: [...mailExtensions(), crlPoints(point(1))] });
    const crls = [
      crlOf(root),
      crlOf(keyless, { key: one, scope: point(1) }),
      crlOf(keyless, { key: two, scope: point(2) }),
    ];
    const pool = [keyless, signerOf(one, 2), signerOf(two, 1)];
    expect((await ask({ leaf: erin, root, pool }, crls)).statuses).toEqual(['unknown', 'good']);
  });
});

describe('scope (RFC 5280 §6.3.3 b)', () => {
  const carol = person(sub, 'Carol');
  const deep = { leaf: carol, root, pool: [sub] };
  const own = crlOf(sub);

  test('onlyContainsUserCerts covers no authority, onlyContainsCACerts nothing else', async () => {
    const users = crlOf(root, { scope: { only: 'users' } });
    const authorities = crlOf(root, { scope: { only: 'authorities' } });
    expect((await ask(deep, [users, own])).statuses).toEqual(['good', 'unknown']);
    expect((await ask(deep, [authorities, own])).statuses).toEqual(['good', 'good']);
    expect((await ask(scene, [users])).status).toBe('good');
    expect(await ask(scene, [authorities])).toMatchObject({ status: 'unknown', why: ['scope'] });
  });

  test('onlyContainsAttributeCerts covers no certificate, two kinds at once nothing', async () => {
    expect((await ask(scene, [crlOf(root, { scope: { only: 'attributes' } })])).why).toEqual(['scope']);
    const yes = Uint8Array.of(0xff);
    const both = extension('2.5.29.28', true, derSequence(der(0x81, yes), der(0x82, yes)));
    expect((await ask(scene, [crlOf(root, { extensions: [both] })])).why).toEqual(['scope']);
  });

  test('a revoked one that a CRL of another scope lists is not revoked by it', async () => {
    const crl = crlOf(root, { scope: { only: 'authorities' }, revoked: [alice] });
    expect((await ask(scene, [crl])).status).toBe('unknown');
  });

  test('a distribution point by URI, by directory name and relative to the issuer', async () => {
    const rdn = nameOf('Part').subarray(2);
    const full = nameOf('Root', 'Part');
    const points = [
      [{ names: [uri('http://crl.example/part.crl')] }, { names: [uri('HTTP://CRL.example/part.crl')] }],
      [{ names: [directoryName(full)] }, { names: [directoryName(full)] }],
      [{ relative: rdn }, { relative: rdn }],
      [{ relative: rdn }, { names: [directoryName(full)] }],
      [{ names: [directoryName(full)] }, { relative: rdn }],
      // One of the names is enough, and a CRL without a point covers all of them.
      [{ names: [uri('ldap://a/'), uri('http://b/')] }, { names: [uri('http://b/'), uri('http://c/')] }],
      [{ names: [uri('http://a/')] }, {}],
    ] as const;
    for (const [point, scope] of points) {
      const frank = person(root, 'Frank', { extensions: [...mailExtensions(), crlPoints(point)] });
      expect((await ask({ leaf: frank, root }, [crlOf(root, { scope })])).status).toBe('good');
      const lists = crlOf(root, { scope, revoked: [frank] });
      expect((await ask({ leaf: frank, root }, [lists])).status).toBe('revoked');
    }
  });

  test('a CRL of another distribution point says nothing', async () => {
    const point = { names: [uri('http://crl.example/part.crl')] };
    const frank = person(root, 'Frank 2', { extensions: [...mailExtensions(), crlPoints(point)] });
    const crl = crlOf(root, { scope: { names: [uri('http://crl.example/other.crl')] }, revoked: [frank] });
    expect(await ask({ leaf: frank, root }, [crl])).toMatchObject({ status: 'unknown', why: ['scope'] });
    // Nor one with a point for a certificate that names none.
    expect(await ask(scene, [crl])).toMatchObject({ status: 'unknown', why: ['scope'] });
    // Unless the point is the issuer's own name.
    const byName = crlOf(root, { scope: { names: [directoryName(root.name)] } });
    expect((await ask(scene, [byName])).status).toBe('good');
  });

  test('a complete CRL of the issuer serves when its distribution points do not', async () => {
    const frank = person(root, 'Frank 3', {
      extensions: [...mailExtensions(), crlPoints({ names: [uri('http://a/')] })],
    });
    expect((await ask({ leaf: frank, root }, [crlOf(root)])).status).toBe('good');
  });

  test('damaged distribution points are reported, and the issuer’s own CRL counts', async () => {
    const broken = extension('2.5.29.31', false, derSequence(der(0xa5, new Uint8Array())));
    const frank = person(root, 'Frank 4', { extensions: [...mailExtensions(), broken] });
    expect((await ask({ leaf: frank, root }, [crlOf(root)])).status).toBe('good');
    const { codes } = await ask({ leaf: frank, root }, []);
    expect(codes).toEqual(['revocation-unknown']);
  });
});

describe('critical extensions that are not known', () => {
  test('of the CRL, and of any entry', async () => {
    const stranger = person(root, 'Stranger');
    for (const spec of [
      { extensions: [unknownExtension(true)] },
      { revoked: [{ certificate: stranger, extensions: [unknownExtension(true)] }] },
      { revoked: [{ certificate: alice, extensions: [unknownExtension(true)] }] },
    ]) {
      const answer = await ask(scene, [crlOf(root, spec)]);
      expect(answer).toMatchObject({ status: 'unknown', why: ['unknown-critical-extension'] });
    }
  });

  test('that are not critical are passed over', async () => {
    const spec = {
      extensions: [unknownExtension(false)],
      revoked: [{ certificate: bob, extensions: [unknownExtension(false)] }],
    };
    expect((await ask(scene, [crlOf(root, spec)])).status).toBe('good');
  });

  test('a damaged CRL is reported, not thrown', async () => {
    const broken = crlOf(root, { entries: [derSequence()] });
    expect(await ask(scene, [broken])).toMatchObject({ status: 'unknown', why: ['malformed'] });
    const twice = issuingPoint({ only: 'users' });
    expect((await ask(scene, [crlOf(root, { extensions: [twice, twice] })])).why).toEqual(['malformed']);
    expect(authorityExtensions().length).toBe(2);
  });
});
