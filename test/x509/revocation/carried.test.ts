import { describe, expect, test } from 'vitest';
import { der, derSequence } from '../../../src/asn1/writer.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import { algorithmPolicyNow } from '../../../src/x509/path/algorithm-policy.js';
import { checkRevocation } from '../../../src/x509/revocation/check-revocation.js';
import { type CertificateList, parseCrl } from '../../../src/x509/revocation/crl.js';
import { parseOcspResponse } from '../../../src/x509/revocation/ocsp-response.js';
import { RevocationMemory } from '../../../src/x509/revocation/revocation-memory.js';
import type { RevocationContext } from '../../../src/x509/revocation/revocation-options.js';
import {
  authority,
  basicConstraints,
  chainKey,
  extension,
  type Holder,
  keyUsage,
  mailExtensions,
  nameOf,
  person,
  subjectKeyIdentifier,
} from '../../support/chains.js';
import { type CrlSpec, crlOctets, crlOf, crlPoints, directoryName, uri } from '../../support/crls.js';
import { ocspResponse } from '../../support/ocsp.js';
import { issue, testKey } from '../../support/pki.js';
import { holderOf, type Revoked } from '../../support/revocation-scene.js';
import { pathOf } from '../support.js';
import { ask } from './support.js';

// Who sends a message decides what it carries. Nothing of that may hide what revokes him, or since when.

const root = authority(undefined, 'Root');
const alice = person(root, 'Alice');
const scene = { leaf: alice, root };
const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const stale = { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
/** CRLs of nobody, all of which list Alice, or none. */
const forged = (count: number, spec: CrlSpec = {}, by = root) =>
  many(count, (number) => parseCrl(crlOctets(by, { forged: true, number, revoked: [alice], ...spec })));

function contextOf(
  crls: readonly CertificateList[],
  pool: readonly Holder[],
  findSignerPath: RevocationContext['findSignerPath'],
): RevocationContext {
  const options = { crls };
  return {
    options,
    at: new Date('2026-06-01T00:00:00Z'),
    certificates: pool.map(({ certificate }) => certificate),
    algorithms: algorithmPolicyNow,
    budget: { signatureChecks: 64 },
    memory: new RevocationMemory(options),
    findSignerPath,
  };
}

describe('work that is used up', () => {
  const revoking = crlOf(root, { ...stale, revoked: [alice] });
  const clear = crlOf(root, { from: '2026-05-10T00:00:00Z' });

  test('by forged CRLs that are carried is none that the caller’s need', async () => {
    const carriedCrls = [...forged(20), ...forged(20, { revoked: [] }), ...forged(20, stale), clear];
    const { status, codes } = await ask(scene, [revoking], { carriedCrls });
    expect([status, codes]).toEqual(['revoked', ['revoked']]);
  });

  test('clears nobody, in either mode', async () => {
    const carriedCrls = forged(17);
    for (const [mode, code] of [
      ['require', 'revocation-unknown'],
      ['check', 'search-limit'],
    ] as const) {
      const { status, codes, why } = await ask(scene, [clear], { carriedCrls, mode });
      expect([status, codes]).toEqual(['unknown', [code]]);
      expect(why).toContain('search-limit');
    }
    // Sixteen are looked at, all of them.
    expect((await ask(scene, [clear], { carriedCrls: forged(16) })).status).toBe('good');
  });

  test('by certificates of the name of a CRL’s signer does not make it a CRL that says nothing', async () => {
    const key = chainKey('crl signer', 'ed25519');
    const signer = authority(root, 'Root', { key, extensions: [keyUsage('cRLSign')] });
    const revoked = crlOf(root, { key, revoked: [alice] });
    const wrong = (count: number): Holder[] =>
      many(count, (n) =>
        authority(root, 'Root', {
          key: chainKey(`wrong signer ${n}`, 'ed25519'),
          keyIdentifiers: false,
          extensions: [
            keyUsage('cRLSign'),
            subjectKeyIdentifier(revoked.authorityKeyIdentifier!.keyIdentifier!),
          ],
        }),
      );
    const codes = async (count: number) =>
      (await ask({ ...scene, pool: [...wrong(count), signer] }, [clear, revoked], { mode: 'check' })).codes;
    expect(await codes(7)).toEqual(['revoked']);
    expect(await codes(8)).toEqual(['search-limit']);
    expect(await codes(60)).toEqual(['search-limit']);
  });

  test('by certificates of another key identifier does not keep the one that fits from being tried', async () => {
    const key = chainKey('fitting signer', 'ed25519');
    const signer = authority(root, 'Root', { key, extensions: [keyUsage('cRLSign')] });
    const wrong = many(60, (n) =>
      authority(root, 'Root', {
        key: chainKey(`unfitting ${n}`, 'ed25519'),
        keyIdentifiers: false,
        extensions: [keyUsage('cRLSign'), subjectKeyIdentifier(root.certificate.subjectKeyIdentifier!)],
      }),
    );
    const asked: Certificate[] = [];
    const [found] = await checkRevocation(
      [alice.certificate],
      root.certificate,
      contextOf([clear, crlOf(root, { key, revoked: [alice] })], [...wrong, signer], async (each) => {
        asked.push(each);
        return { publicKey: each.publicKey };
      }),
    );
    expect([found!.status, asked]).toEqual(['revoked', [signer.certificate]]);
  });

  test('by certificates of its name does not keep the anchor from being tried', async () => {
    const other = authority(root, 'Root', { key: chainKey('other key of the root') });
    const leaf = person(other, 'Below the other');
    const revoked = crlOf(root, { revoked: [leaf], keyIdentifiers: false });
    const wrong = many(8, (n) => authority(root, 'Root', { key: chainKey(`wrong anchor ${n}`) }));
    expect((await ask({ leaf, root, pool: [...wrong, other] }, [revoked])).status).toBe('revoked');
  });

  test('by a search for a signer’s path is told', async () => {
    const key = chainKey('deep signer', 'ed25519');
    const signer = authority(root, 'Root', { key, extensions: [keyUsage('cRLSign')] });
    const [found] = await checkRevocation(
      [alice.certificate],
      root.certificate,
      contextOf([crlOf(root, { key, revoked: [alice] }), clear], [signer], async () => 'search-limit'),
    );
    expect([found!.status, found!.problems.map((each) => each.code)]).toEqual(['unknown', ['search-limit']]);
  });

  test('carrying the CRL that is fetched does not make it one of those carried', async () => {
    const points = crlPoints({ names: [uri('http://crl.example/')] });
    const leaf = person(root, 'Fetched', { extensions: [...mailExtensions(), points] });
    const fetched = crlOctets(root, { revoked: [leaf] });
    const carriedCrls = [...forged(20, { revoked: [leaf], from: '2026-05-16T00:00:00Z' }), parseCrl(fetched)];
    const resolve = async () => fetched;
    expect((await ask({ leaf, root }, [], { carriedCrls, resolve })).status).toBe('revoked');

    const memory = new RevocationMemory({ carriedCrls });
    expect(memory.of(root.certificate.subject).every((known) => 'crl' in known && known.isCarried)).toBe(
      true,
    );
    memory.add([parseCrl(fetched)]);
    const [first, ...others] = memory.of(root.certificate.subject);
    expect([first, others.length]).toMatchObject([{ isCarried: false }, 20]);
    expect(memory.count).toBe(21);
    memory.add([parseCrl(fetched)], true);
    expect(memory.of(root.certificate.subject)[0]).toMatchObject({ isCarried: false });
  });
});

describe('since when somebody was revoked', () => {
  const authorityOfBoth = issue({ name: 'CA', key: testKey('p256', 'since ca'), ca: true });
  const bob = issue({ name: 'Bob', key: testKey('p256', 'since bob'), issuer: authorityOfBoth });
  const both = { leaf: holderOf(bob), root: holderOf(authorityOfBoth) };
  const list = (spec: Omit<Revoked, 'of'>, more: CrlSpec = {}) =>
    crlOf(both.root, { revoked: [{ certificate: both.leaf, ...spec }], ...more });
  const dates = ({ report }: Awaited<ReturnType<typeof ask>>) =>
    [report.revocationDate, report.invalidityDate].map((date) => date?.toISOString().slice(0, 10));
  const late = list({ date: '2026-05-20T00:00:00Z', reason: 'keyCompromise' });
  const early = list(
    { date: '2026-05-10T00:00:00Z', reason: 'keyCompromise', invalidity: '2026-05-01T00:00:00Z' },
    stale,
  );

  test('is the earliest that any CRL says, whoever brings which (RFC 5280 §5.3.2)', async () => {
    for (const [own, carried] of [
      [[early, late], []],
      [[early], [late]],
      [[late], [early]],
      [[], [early, late]],
    ]) {
      const answer = await ask(both, own!, { carriedCrls: carried! });
      expect([answer.status, ...dates(answer)]).toEqual(['revoked', '2026-05-10', '2026-05-01']);
    }
  });

  test('is looked for in CRLs although OCSP says `revoked`', async () => {
    const answer = ocspResponse({
      answers: [
        { about: bob, issuer: authorityOfBoth, status: { revoked: '2026-05-20T00:00:00Z', reason: 1 } },
      ],
      by: authorityOfBoth,
    });
    const carriedOcspResponses = [parseOcspResponse(answer)];
    expect(dates(await ask(both, [], { carriedOcspResponses }))).toEqual(['2026-05-20', undefined]);
    expect(dates(await ask(both, [early], { carriedOcspResponses }))).toEqual(['2026-05-10', '2026-05-01']);
  });

  test('is looked for where it can be fetched, when what says `revoked` was carried', async () => {
    const leaf = person(root, 'Fetching', {
      extensions: [...mailExtensions(), crlPoints({ names: [uri('http://crl.example/')] })],
    });
    const revoked = (spec: CrlSpec & { invalidity?: string }) =>
      crlOctets(root, {
        ...spec,
        revoked: [{ certificate: leaf, date: '2026-05-10T00:00:00Z', ...spec }],
      });
    let calls = 0;
    const resolve = async () => {
      calls++;
      return revoked({ invalidity: '2026-05-01T00:00:00Z' });
    };
    const carried = [parseCrl(revoked(stale))];
    expect(dates(await ask({ leaf, root }, [], { carriedCrls: carried, resolve }))).toEqual([
      '2026-05-10',
      '2026-05-01',
    ]);
    // What the caller has himself needs no second opinion.
    expect(dates(await ask({ leaf, root }, carried, { resolve }))).toEqual(['2026-05-10', undefined]);
    expect(calls).toBe(1);
  });

  test('costs no signature check where a CRL says nothing new', async () => {
    const archive = many(80, (number) => crlOf(root, { number, revoked: [alice] }));
    const { status, why } = await ask(scene, archive);
    expect([status, why]).toEqual(['revoked', []]);
  });
});

describe('a hold', () => {
  const hold = crlOf(root, {
    from: '2026-05-20T00:00:00Z',
    number: 7,
    revoked: [{ certificate: alice, reason: 'certificateHold' }],
  });
  const released = [{ certificate: alice, reason: 'removeFromCRL' as const }];

  test('is not lifted by what is older', async () => {
    const complete = crlOf(root, { from: '2026-05-01T00:00:00Z', number: 5 });
    const older = crlOf(root, { ...stale, number: 4, base: 3, revoked: released });
    for (const own of [[complete], [complete, older]])
      expect((await ask(scene, own, { carriedCrls: [hold] })).status).toBe('on-hold');
    expect((await ask(scene, [complete], { carriedCrls: [hold, older] })).status).toBe('on-hold');
  });

  test('is over when something newer does not know of it, also where the newer was carried', async () => {
    const newer = crlOf(root, { from: '2026-05-25T00:00:00Z', number: 8 });
    expect((await ask(scene, [hold], { carriedCrls: [newer] })).status).toBe('good');
  });

  test('is not over because a delta upon another complete CRL does not list it', async () => {
    const complete = crlOf(root, { from: '2026-05-20T00:00:00Z', number: 5, scope: { only: 'users' } });
    const delta = crlOf(root, {
      from: '2026-05-25T00:00:00Z',
      number: 7,
      base: 5,
      scope: { only: 'users' },
    });
    expect((await ask(scene, [hold, complete, delta])).status).toBe('on-hold');
  });

  test('is what removeFromCRL takes back, nothing else (RFC 5280 §5.3.1)', async () => {
    const complete = (reason: 'certificateHold' | 'keyCompromise') =>
      crlOf(root, { number: 5, revoked: [{ certificate: alice, reason }] });
    const delta = crlOf(root, { number: 6, base: 5, revoked: released });
    expect((await ask(scene, [complete('certificateHold'), delta])).status).toBe('good');
    expect((await ask(scene, [complete('keyCompromise'), delta])).status).toBe('revoked');
  });
});

describe('entries', () => {
  const bob = person(root, 'Bob');
  const status = async (spec: CrlSpec) => (await ask(scene, [crlOf(root, spec)])).status;

  test('of a CRL that is not indirect are about its issuer’s certificates (RFC 5280 §5.3.3)', async () => {
    const other = { certificate: bob, issuer: nameOf('Somebody') };
    expect(await status({ revoked: [other, alice] })).toBe('revoked');
    // Such a CRL is not to be relied on: it clears nobody.
    expect(await status({ revoked: [other] })).toBe('unknown');
    expect(await status({ revoked: [other], scope: { indirect: true } })).toBe('good');
    expect(await status({ revoked: [other, alice], scope: { indirect: true } })).toBe('good');
  });

  test('of an issuer without a directory name may be about anybody’s', async () => {
    const nameless = extension('2.5.29.29', true, derSequence(uri('http://ca.example/')));
    const revoked = [{ certificate: alice, extensions: [nameless] }];
    expect(await status({ revoked, scope: { indirect: true } })).toBe('revoked');
  });

  test('that contradict each other count as the worst says', async () => {
    const lifted = { certificate: alice, reason: 'removeFromCRL' as const };
    const held = { certificate: alice, reason: 'certificateHold' as const };
    const lost = { certificate: alice, reason: 'keyCompromise' as const };
    expect(await status({ revoked: [lifted, lost] })).toBe('revoked');
    expect(await status({ revoked: [held, lost, lifted] })).toBe('revoked');
    expect(await status({ revoked: [lifted, held] })).toBe('on-hold');
    // An extension that stands twice is as good as none.
    const twice = { ...lifted, extensions: [extension('2.5.29.21', false, der(10, Uint8Array.of(1)))] };
    expect(await status({ revoked: [twice] })).toBe('revoked');
  });

  test('with an unknown critical extension, also one whose OID ends as that of a known one (§5.3)', async () => {
    for (const oid of ['1.2.29.21', '1.2.29.24', '1.2.29.22']) {
      const odd = extension(oid, true, Uint8Array.of(5, 0));
      expect([oid, await status({ revoked: [{ certificate: bob, extensions: [odd] }] })]).toEqual([
        oid,
        'unknown',
      ]);
    }
  });

  test('thousands of one serial number cost nothing before the signature is checked', async () => {
    const names = derSequence(...many(2_000, (n) => uri(`u${n}`)));
    const sticky = extension('2.5.29.29', true, names);
    const revoked = [{ certificate: alice, extensions: [sticky] }, ...many(2_000, () => alice)];
    const crl = crlOf(root, { ...stale, forged: true, revoked, scope: { indirect: true } });
    expect(crl.timesListed(alice.certificate.serialNumber, 5)).toBe(5);
    const entries = crl.entriesOf(alice.certificate.serialNumber);
    expect(entries.length).toBe(2_001);
    // All of them share the names of the first, which are read once.
    expect(new Set(entries.map(({ certificateIssuer }) => certificateIssuer)).size).toBe(1);
    expect((await ask(scene, [crlOf(root)], { carriedCrls: [crl] })).status).toBe('good');
  });
});

test('a cRLIssuer of two names, one the issuer’s own: the other must sign an indirect CRL (RFC 5280 §6.3.3 (b)(1))', async () => {
  const key = chainKey('two names');
  const other = authority(root, 'Other', { key, extensions: [basicConstraints(true), keyUsage('cRLSign')] });
  const names = [directoryName(root.name), directoryName(other.name)];
  const issuers = der(0xa2, Uint8Array.from(names.flatMap((each) => [...each])));
  const point = derSequence(der(0xa0, der(0xa0, uri('http://crl.example/'))), issuers);
  const leaf = person(root, 'Two', {
    extensions: [...mailExtensions(), extension('2.5.29.31', false, derSequence(point))],
  });
  const status = async (indirect: boolean): Promise<string> => {
    const scope = { indirect, names: [uri('http://crl.example/')] };
    const path = await pathOf(leaf, [root], [other], {
      revocation: {
        mode: 'require',
        crls: [crlOf(other, { scope })],
        carriedCrls: [crlOf(root, { scope: { only: 'authorities' } })],
      },
    });
    return path.revocation[0]!.status;
  };
  expect(await status(false)).toBe('unknown');
  expect(await status(true)).toBe('good');
});
