import { describe, expect, test } from 'vitest';
import {
  authority,
  basicConstraints,
  chainKey,
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
  type EntrySpec,
  unknownExtension,
  uri,
} from '../../support/crls.js';
import { pathOf } from '../support.js';
import { ask } from './support.js';

const root = authority(undefined, 'Root');
const alice = person(root, 'Alice');
const scene = { leaf: alice, root };

describe('delta CRLs (RFC 5280 §5.2.4)', () => {
  const complete = (spec: CrlSpec = {}) => crlOf(root, { number: 5, ...spec });
  const delta = (spec: CrlSpec = {}) =>
    crlOf(root, { number: 7, base: 5, from: '2026-05-25T00:00:00Z', to: '2026-06-05T00:00:00Z', ...spec });
  const held: readonly EntrySpec[] = [{ certificate: alice, reason: 'certificateHold' }];

  test('adds revocations to the complete one', async () => {
    const crls = [complete(), delta({ revoked: [{ certificate: alice, reason: 'superseded' }] })];
    expect((await ask(scene, crls)).report).toMatchObject({ status: 'revoked', reason: 'superseded' });
    const reversed = await ask(scene, crls.toReversed());
    expect(reversed.status).toBe('revoked');
  });

  test('takes one off hold, or makes the hold a revocation', async () => {
    expect((await ask(scene, [complete({ revoked: held })])).status).toBe('on-hold');
    const off = delta({ revoked: [{ certificate: alice, reason: 'removeFromCRL' }] });
    expect((await ask(scene, [complete({ revoked: held }), off])).status).toBe('good');
    const worse = delta({ revoked: [{ certificate: alice, reason: 'keyCompromise' }] });
    expect((await ask(scene, [complete({ revoked: held }), worse])).report).toMatchObject({
      status: 'revoked',
      reason: 'keyCompromise',
    });
  });

  test('says nothing about those that it does not list', async () => {
    expect((await ask(scene, [complete(), delta()])).status).toBe('good');
    expect((await ask(scene, [complete({ revoked: [alice] }), delta()])).status).toBe('revoked');
  });

  test('tells how old the answer is', async () => {
    const { report } = await ask(scene, [complete(), delta()]);
    expect(report.thisUpdate?.toISOString()).toBe('2026-05-25T00:00:00.000Z');
    expect(report.nextUpdate?.toISOString()).toBe('2026-06-05T00:00:00.000Z');
  });

  test('fits upon a complete one that is as new as its base, or newer', async () => {
    const off = (spec: CrlSpec = {}) =>
      delta({ revoked: [{ certificate: alice, reason: 'removeFromCRL' }], ...spec });
    const status = async (number: number | undefined, spec: CrlSpec = {}) => {
      const list = crlOf(root, { ...(number === undefined ? {} : { number }), revoked: held });
      return (await ask(scene, [list, off(spec)])).status;
    };
    expect(await status(5)).toBe('good');
    expect(await status(6)).toBe('good');
    // Number 5 lacks what happened between 5 and 6.
    expect(await status(5, { base: 6 })).toBe('on-hold');
    // The complete one is as new as the delta: it has it all.
    expect(await status(7)).toBe('on-hold');
    // Without numbers nothing can be put upon another.
    expect(await status(undefined)).toBe('on-hold');
  });

  test('revokes also where it fits upon no complete one', async () => {
    expect((await ask(scene, [complete(), delta({ base: 6, revoked: [alice] })])).status).toBe('revoked');
  });

  test('keeps a complete one in use that is itself out of date', async () => {
    const stale = { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
    expect((await ask(scene, [complete(stale)])).status).toBe('unknown');
    expect((await ask(scene, [complete(stale), delta()])).status).toBe('good');
    // But not one that lacks what came before the delta's base.
    expect(await ask(scene, [complete(stale), delta({ base: 6 })])).toMatchObject({
      status: 'unknown',
      why: ['delta-base', 'stale'],
    });
  });

  test('does not count when it is out of date, of the future, or signed by another key', async () => {
    const lifted = { revoked: [{ certificate: alice, reason: 'removeFromCRL' }] } as const;
    for (const spec of [
      { from: '2026-05-20T00:00:00Z', to: '2026-05-25T00:00:00Z' },
      { from: '2026-06-10T00:00:00Z' },
      { forged: true },
      { key: chainKey('stranger') },
      { extensions: [unknownExtension(true)] },
    ]) {
      const { status } = await ask(scene, [complete({ revoked: held }), delta({ ...lifted, ...spec })]);
      expect([spec, status]).toEqual([spec, 'on-hold']);
    }
  });

  test('must have the scope of the complete one (RFC 5280 §6.3.3 c)', async () => {
    const lifts = { revoked: [{ certificate: alice, reason: 'removeFromCRL' }] } as const;
    const users = { scope: { only: 'users' } } as const;
    const status = async (list: CrlSpec, change: CrlSpec) =>
      (await ask(scene, [complete({ revoked: held, ...list }), delta({ ...lifts, ...change })])).status;
    expect(await status({}, users)).toBe('on-hold');
    expect(await status(users, {})).toBe('on-hold');
    expect(await status(users, users)).toBe('good');
    const part = (path: string) => ({ scope: { names: [directoryName(root.name), uri(path)] } });
    expect(await status(part('a:'), part('b:'))).toBe('on-hold');
    expect(await status(part('a:'), part('a:'))).toBe('good');
  });

  test('alone does not say that one is good, but that one is revoked', async () => {
    expect(await ask(scene, [delta()])).toMatchObject({ status: 'unknown', why: ['delta-base'] });
    expect((await ask(scene, [delta({ revoked: [alice] })])).status).toBe('revoked');
    const lifted = delta({ revoked: [{ certificate: alice, reason: 'removeFromCRL' }] });
    expect((await ask(scene, [lifted])).status).toBe('unknown');
    // A hold in an older one, out of date, was lifted since.
    const stale = { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
    expect((await ask(scene, [crlOf(root, { ...stale, revoked: held })])).status).toBe('on-hold');
    expect((await ask(scene, [crlOf(root, { ...stale, revoked: held }), lifted])).status).toBe('unknown');
  });

  test('of several the newest that can be used counts', async () => {
    const crls = [
      complete(),
      delta({ number: 6, revoked: held, from: '2026-05-20T00:00:00Z' }),
      delta({ number: 7, revoked: [{ certificate: alice, reason: 'removeFromCRL' }] }),
      delta({ number: 8, revoked: [alice], forged: true, from: '2026-05-30T00:00:00Z' }),
    ];
    expect((await ask(scene, crls)).status).toBe('good');
    expect((await ask(scene, crls.slice(0, 2))).status).toBe('on-hold');
  });
});

describe('CRLs divided by reasons (RFC 5280 §6.3.3 d, e)', () => {
  const compromise = ['keyCompromise', 'cACompromise', 'aACompromise'] as const;
  const others = [
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'certificateHold',
    'privilegeWithdrawn',
  ] as const;
  const part = (reasons: readonly (typeof compromise | typeof others)[number][], spec: CrlSpec = {}) =>
    crlOf(root, { scope: { reasons }, ...spec });

  test('all of them together say that one is good', async () => {
    expect((await ask(scene, [part(compromise), part(others)])).status).toBe('good');
    for (const one of [part(compromise), part(others)]) {
      expect(await ask(scene, [one])).toMatchObject({ status: 'unknown', why: ['reasons-incomplete'] });
    }
  });

  test('one that lists the certificate is enough, whichever it is', async () => {
    const revoked = [{ certificate: alice, reason: 'superseded' }] as const;
    expect((await ask(scene, [part(others, { revoked })])).status).toBe('revoked');
    expect((await ask(scene, [part(compromise), part(others, { revoked })])).status).toBe('revoked');
  });

  test('the age is that of the older, the next is due when the earlier says', async () => {
    const crls = [
      part(compromise, { from: '2026-05-20T00:00:00Z', to: '2026-06-03T00:00:00Z' }),
      part(others, { from: '2026-05-10T00:00:00Z', to: '2026-06-20T00:00:00Z' }),
    ];
    const { report } = await ask(scene, crls);
    expect([report.thisUpdate?.getUTCDate(), report.nextUpdate?.getUTCDate()]).toEqual([10, 3]);
  });

  test('reasons of the distribution point and of the CRL are taken together', async () => {
    const point = (path: string, reasons: typeof compromise | typeof others) => ({
      names: [uri(path)],
      reasons,
    });
    const split = person(root, 'Split', {
      extensions: [...mailExtensions(), crlPoints(point('a:', compromise), point('b:', others))],
    });
    const of = (path: string) => crlOf(root, { scope: { names: [uri(path)] } });
    const asked = { leaf: split, root };
    expect((await ask(asked, [of('a:'), of('b:')])).status).toBe('good');
    // Each CRL has all reasons, but the certificate takes it for some of them.
    expect((await ask(asked, [of('a:')])).status).toBe('unknown');
    // One CRL in both places serves for both.
    expect((await ask(asked, [crlOf(root, { scope: { names: [uri('a:'), uri('b:')] } })])).status).toBe(
      'good',
    );
  });

  test('a CRL for no reason at all covers nothing', async () => {
    expect((await ask(scene, [crlOf(root, { scope: { reasons: [] } })])).status).toBe('unknown');
  });
});

describe('indirect CRLs (RFC 5280 §5.3.3, §6.3.3 b 1)', () => {
  const sub = authority(root, 'Sub');
  const crlIssuer = authority(root, 'CRL issuer', { extensions: [keyUsage('cRLSign')] });
  const point = { names: [uri('http://crl.example/all.crl')], issuer: crlIssuer.name };
  const carol = person(sub, 'Carol', { extensions: [...mailExtensions(), crlPoints(point)] });
  const asked = { leaf: carol, root, pool: [sub, crlIssuer] };
  const scope = { names: point.names, indirect: true };
  const rootCrl = crlOf(root);
  const statusWith = async (spec: CrlSpec, issuer = crlIssuer) =>
    (await ask(asked, [rootCrl, crlOf(issuer, { scope, ...spec })])).status;

  test('of the issuer that the certificate names', async () => {
    expect(await statusWith({})).toBe('good');
    expect(await statusWith({ revoked: [{ certificate: carol, issuer: sub.name }] })).toBe('revoked');
  });

  test('the entry must name the certificate’s issuer, itself or above it', async () => {
    // Without a name it is a certificate of the CRL's own issuer.
    expect(await statusWith({ revoked: [carol] })).toBe('good');
    expect(await statusWith({ revoked: [{ certificate: carol, issuer: root.name }] })).toBe('good');
    const before: EntrySpec = { certificate: Uint8Array.of(1), issuer: sub.name };
    expect(await statusWith({ revoked: [before, carol] })).toBe('revoked');
    const between: EntrySpec = { certificate: Uint8Array.of(2), issuer: root.name };
    expect(await statusWith({ revoked: [before, between, carol] })).toBe('good');
  });

  test('must say that it is indirect', async () => {
    expect(await statusWith({ scope: { names: point.names } })).toBe('unknown');
  });

  test('of another than the one that the certificate names says nothing', async () => {
    const other = authority(root, 'Other issuer', { extensions: [keyUsage('cRLSign')] });
    const spec = { scope, revoked: [{ certificate: carol, issuer: sub.name }] };
    const { status } = await ask({ ...asked, pool: [...asked.pool, other] }, [rootCrl, crlOf(other, spec)]);
    expect(status).toBe('unknown');
  });

  test('the names of the point may be left out for the name of the issuer', async () => {
    const plain = person(sub, 'Plain', {
      extensions: [...mailExtensions(), crlPoints({ issuer: crlIssuer.name })],
    });
    const crl = crlOf(crlIssuer, { scope: { names: [directoryName(crlIssuer.name)], indirect: true } });
    expect((await ask({ ...asked, leaf: plain }, [rootCrl, crl])).status).toBe('good');
    const elsewhere = crlOf(crlIssuer, { scope: { names: [uri('http://else/')], indirect: true } });
    expect((await ask({ ...asked, leaf: plain }, [rootCrl, elsewhere])).status).toBe('unknown');
  });

  test('a relative name goes behind the name of the CRL’s issuer', async () => {
    const relative = nameOf('Part').subarray(2);
    const rel = person(sub, 'Relative', {
      extensions: [...mailExtensions(), crlPoints({ relative, issuer: crlIssuer.name })],
    });
    const crl = crlOf(crlIssuer, {
      scope: { names: [directoryName(nameOf('CRL issuer', 'Part'))], indirect: true },
    });
    expect((await ask({ ...asked, leaf: rel }, [rootCrl, crl])).status).toBe('good');
  });

  test('the root may sign for those below it', async () => {
    const byRoot = person(sub, 'By root', {
      extensions: [...mailExtensions(), crlPoints({ names: point.names, issuer: root.name })],
    });
    const crl = (revoked: readonly EntrySpec[]) => crlOf(root, { scope, revoked });
    const scene = { leaf: byRoot, root, pool: [sub] };
    expect((await ask(scene, [rootCrl, crl([])])).statuses).toEqual(['good', 'good']);
    expect((await ask(scene, [rootCrl, crl([{ certificate: byRoot, issuer: sub.name }])])).status).toBe(
      'revoked',
    );
  });

  test('its signer must have a valid path, and not be revoked', async () => {
    const revokedIssuer = crlOf(root, { revoked: [crlIssuer] });
    expect((await ask(asked, [revokedIssuer, crlOf(crlIssuer, { scope })])).why).toEqual([
      'issuer-untrusted',
    ]);
    const noUse = authority(root, 'CRL issuer', { extensions: [keyUsage('digitalSignature')] });
    expect((await ask({ ...asked, pool: [sub, noUse] }, [rootCrl, crlOf(noUse, { scope })])).why).toEqual([
      'issuer-untrusted',
    ]);
    const stranger = authority(undefined, 'CRL issuer', { key: chainKey('a stranger') });
    expect(
      (await ask({ ...asked, pool: [sub, stranger] }, [rootCrl, crlOf(stranger, { scope })])).why,
    ).toEqual(['issuer-untrusted']);
    expect((await ask({ ...asked, pool: [sub] }, [rootCrl, crlOf(crlIssuer, { scope })])).why).toEqual([
      'issuer-missing',
    ]);
  });

  test('a signer may tell about himself only where his issuer named him for it (PKITS 4.14.30)', async () => {
    const named = authority(root, 'Own', {
      extensions: [keyUsage('cRLSign'), crlPoints({ names: point.names, issuer: nameOf('Own') })],
    });
    const dora = person(sub, 'Dora', {
      extensions: [...mailExtensions(), crlPoints({ names: point.names, issuer: named.name })],
    });
    const scene = { leaf: dora, root, pool: [sub, named] };
    const crl = (revoked: readonly EntrySpec[]) => crlOf(named, { scope, revoked });
    expect((await ask(scene, [rootCrl, crl([])])).status).toBe('good');
    // He may also say that he is revoked, and then nobody believes what else he says.
    const own = crl([{ certificate: named, issuer: root.name }]);
    expect((await ask(scene, [crlOf(root, { scope: { only: 'authorities' } }), own])).status).toBe('unknown');
  });

  test('lists of an issuer that also issues: own entries come without a name', async () => {
    const both = authority(root, 'Both', {
      extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')],
    });
    const erin = person(both, 'Erin');
    const crl = crlOf(both, {
      scope: { indirect: true },
      revoked: [erin, { certificate: carol, issuer: sub.name }],
    });
    const found = await pathOf(erin, [root], [both], { revocation: { mode: 'check', crls: [rootCrl, crl] } });
    expect(found.revocation[0]?.status).toBe('revoked');
    const clear = crlOf(both, {
      scope: { indirect: true },
      revoked: [{ certificate: erin, issuer: sub.name }],
    });
    const good = await pathOf(erin, [root], [both], {
      revocation: { mode: 'require', crls: [rootCrl, clear] },
    });
    expect(good.problems).toEqual([]);
  });
});
