import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import { findPath } from '../../src/x509/find-path.js';
import { type CertificateList, parseCrl } from '../../src/x509/revocation/crl.js';
import {
  authority,
  chainKey,
  type Holder,
  keyUsage,
  mailExtensions,
  nameOf,
  person,
} from '../support/chains.js';
import {
  type CrlSpec,
  crlOctets,
  crlPoints,
  freshestPoints,
  type PointSpec,
  type ScopeSpec,
  unknownExtension,
  uri,
} from '../support/crls.js';
import { describeProgram } from '../support/programs.js';
import { type Draw, seededDraw } from '../support/seeded.js';

const whole = process.env['CI'] === 'true';
const count = whole ? 3000 : 400;
const at = new Date('2026-06-01T12:00:00Z');
const root = authority(undefined, 'CRL root');
const key = chainKey('crl authority');
const crlKey = chainKey('crl issuer');

const compromise = ['keyCompromise', 'cACompromise', 'aACompromise'] as const;
const others = [
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
] as const;

interface Scene {
  readonly index: number;
  readonly leaf: Holder;
  readonly pool: readonly Holder[];
  readonly crls: readonly Bytes[];
  readonly traits: Set<string>;
}

interface Outcome {
  readonly scene: Scene;
  /** The codes of our problems; empty where we accept. */
  readonly ours: string;
  /** X509_V_ERR_… of OpenSSL's; none where it accepts. */
  readonly theirs: readonly number[];
}

/** Why one of the two refuses and the other does not. */
interface Difference {
  readonly name: string;
  /** What must be odd about the scene: one of these. */
  readonly traits: readonly string[];
  /** What we must say; nothing where we accept. */
  readonly ours?: readonly string[];
  /** What OpenSSL must say; nothing where it accepts. */
  readonly theirs?: readonly number[];
}

const differences: readonly Difference[] = [
  {
    name: 'OpenSSL leaves it at the reasons of the distribution points; RFC 5280 §6.3.3 goes on to other CRLs of the issuer',
    traits: ['point for some reasons'],
    theirs: [3, 44],
  },
  {
    name: 'where one CRL lists a certificate and another does not, OpenSSL goes by the one that fits best, and we by the one that revokes',
    // removeFromCRL takes back any revocation for OpenSSL, for us only a hold.
    traits: ['CRLs that contradict each other', 'only the delta lists', 'delta that lifts a hold'],
    ours: ['revoked', 'on-hold'],
  },
  {
    name: 'a CRL that is out of date or of the future revokes for us when it lists the certificate, for OpenSSL it says nothing',
    traits: ['stale', 'of the future'],
    ours: ['revoked', 'on-hold'],
  },
  {
    name: 'OpenSSL chooses a CRL by names and identifiers, and takes no other where it turns out to be forged, not yet valid, or with a critical extension that is not known',
    traits: ['forged', 'of the future', 'unknown critical extension'],
    theirs: [8, 11, 36],
  },
];

/** A leaf with its distribution points, and CRLs of its authority and of another, which fit more or less. */
function scene(index: number, draw: Draw): Scene {
  const traits = new Set<string>();
  const chance = (percent: number): boolean => draw(100) < percent;
  const odd = (percent: number, trait: string): boolean => chance(percent) && traits.add(trait).size > 0;
  const ca = authority(root, `CA ${index}`, { key });
  const signer = authority(root, `CRL issuer ${index}`, { key: crlKey, extensions: [keyUsage('cRLSign')] });
  const url = (n: number): Bytes => uri(`http://crl.example/${index}/${n}`);
  const relative = nameOf(`Part ${index}`).subarray(2);

  const points: PointSpec[] = [];
  const pointCount = draw(3);
  for (let n = 0; n < pointCount; n++) {
    const indirect = odd(30, 'point of another CRL issuer');
    points.push({
      ...(odd(20, 'relative point') ? { relative } : { names: [url(n), ...(chance(30) ? [url(7)] : [])] }),
      ...(odd(15, 'point for some reasons') ? { reasons: n === 0 ? compromise : others } : {}),
      ...(indirect ? { issuer: signer.name } : {}),
    });
  }
  const withDelta = chance(30);
  const leaf = person(ca, `Leaf ${index}`, {
    key: chainKey('crl leaf'),
    extensions: [
      ...mailExtensions(),
      ...(points.length === 0 ? [] : [crlPoints(...points)]),
      ...(withDelta ? [freshestPoints({ names: [url(9)] })] : []),
    ],
  });

  const scopeOf = (n: number): ScopeSpec | undefined => {
    if (chance(45)) return undefined;
    const spec: ScopeSpec = {
      ...(odd(50, 'CRL of a point')
        ? chance(20)
          ? { relative }
          : { names: [url(chance(80) ? n % 2 : 5)] }
        : {}),
      ...(odd(10, 'CRL for some kinds')
        ? { only: (['users', 'authorities', 'attributes'] as const)[draw(3)]! }
        : {}),
      ...(odd(25, 'CRL for some reasons') ? { reasons: n % 2 === 0 ? compromise : others } : {}),
      ...(odd(30, 'indirect CRL') ? { indirect: true } : {}),
    };
    return spec;
  };
  const all = [...compromise, ...others];
  const truth = chance(25) ? all[draw(all.length)] : undefined;
  /** The entry of a leaf that is revoked, where the reason is one of the CRL's. */
  const entriesOf = (reasons: readonly string[]): CrlSpec => {
    const isListed = truth !== undefined && reasons.includes(truth);
    if (isListed === odd(4, 'CRLs that contradict each other')) return {};
    traits.add('listed');
    const named = odd(30, 'entry with its issuer');
    // An entry of another issuer is one of another certificate.
    const isOurs = !named || !odd(20, 'CRLs that contradict each other');
    const reason = truth ?? all[draw(all.length)]!;
    return {
      revoked: [{ certificate: leaf, reason, ...(named ? { issuer: isOurs ? ca.name : root.name } : {}) }],
    };
  };
  const timesOf = (): CrlSpec => {
    if (odd(8, 'stale')) return { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
    if (odd(4, 'of the future')) return { from: '2026-07-01T00:00:00Z', to: '2026-08-01T00:00:00Z' };
    return {};
  };
  const crls: Bytes[] = [];
  const crlCount = 1 + draw(3);
  for (let n = 0; n < crlCount; n++) {
    const bySigner = odd(30, 'by another CRL issuer');
    const issuer = bySigner ? signer : ca;
    const scope = bySigner && chance(80) ? { ...scopeOf(n), indirect: true } : scopeOf(n);
    const common: CrlSpec = {
      ...(scope === undefined ? {} : { scope }),
      ...(odd(4, 'unknown critical extension') ? { extensions: [unknownExtension(true)] } : {}),
    };
    const wrong: CrlSpec = odd(3, 'forged') ? { forged: true } : {};
    const reasons = scope?.reasons ?? all;
    const entries = entriesOf(reasons);
    // A delta may tell of what the complete CRL does not know yet, and lift a hold.
    const late = withDelta && odd(30, 'only the delta lists') ? {} : entries;
    crls.push(crlOctets(issuer, { number: 5, ...common, ...timesOf(), ...late, ...wrong }));
    if (!withDelta || !chance(60)) continue;
    traits.add('delta CRL');
    const base = [3, 5, 6][draw(3)]!;
    crls.push(
      crlOctets(issuer, {
        number: 7,
        base,
        from: '2026-05-20T00:00:00Z',
        ...common,
        ...timesOf(),
        ...(odd(15, 'delta that lifts a hold')
          ? { revoked: [{ certificate: leaf, reason: 'removeFromCRL' }] }
          : entries),
      }),
    );
  }
  return { index, leaf, pool: [ca, signer], crls, traits };
}

/** What `openssl verify` says of each scene: X509_V_ERR_… numbers, none where it accepts. */
function opensslVerdicts(folder: string, scenes: readonly Scene[], rootCrl: Bytes): Map<number, number[]> {
  const pem = (label: string, list: readonly Bytes[]): string =>
    list.map((each) => encodePem(label, each)).join('');
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const verdicts = new Map<number, number[]>();
  for (let from = 0; from < scenes.length; from += 40) {
    const batch = scenes.slice(from, from + 40);
    const files = batch.map(({ index, leaf }) =>
      write(`leaf-${index}`, pem('CERTIFICATE', [leaf.certificate.bytes])),
    );
    const pool = batch.flatMap((each) => each.pool.map(({ certificate }) => certificate.bytes));
    const crls = [rootCrl, ...batch.flatMap((each) => each.crls)];
    const { stdout, stderr } = spawnSync(
      'openssl',
      [
        ...['verify', '-attime', String(at.getTime() / 1000), '-no-CApath', '-no-CAstore'],
        ...['-crl_check_all', '-extended_crl', '-use_deltas'],
        ...['-CAfile', write('root', pem('CERTIFICATE', [root.certificate.bytes]))],
        ...['-untrusted', write('pool', pem('CERTIFICATE', pool))],
        ...['-CRLfile', write('crls', pem('X509 CRL', crls))],
        ...files,
      ],
      { encoding: 'latin1', maxBuffer: 1 << 26 },
    );
    for (const [, index] of stdout.matchAll(/leaf-(\d+): OK$/gm)) verdicts.set(Number(index), []);
    let errors: number[] = [];
    for (const line of stderr.split('\n')) {
      const [, number] = /^error (\d+) at \d+ depth lookup/.exec(line) ?? [];
      if (number !== undefined) errors.push(Number(number));
      const [, index] = /^error \S*leaf-(\d+): verification failed$/.exec(line) ?? [];
      if (index === undefined) continue;
      verdicts.set(Number(index), errors);
      errors = [];
    }
  }
  return verdicts;
}

describeProgram('openssl', () => {
  describe(`openssl verify -extended_crl -use_deltas and ${count} leaves with random CRLs`, () => {
    const outcomes: Outcome[] = [];

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailseal-crls-'));
      try {
        const scenes = Array.from({ length: count }, (_, n) => scene(n, seededDraw(4242 + n)));
        const rootCrl = crlOctets(root);
        const verdicts = opensslVerdicts(folder, scenes, rootCrl);
        for (const each of scenes) {
          const crls: CertificateList[] = [rootCrl, ...each.crls].map((crl) => parseCrl(crl));
          const path = await findPath(each.leaf.certificate, {
            roots: [root.certificate],
            pool: each.pool.map(({ certificate }) => certificate),
            at,
            purpose: 'any',
            revocation: { mode: 'require', crls },
          });
          outcomes.push({
            scene: each,
            ours: path.problems.map(({ code }) => code).join(' '),
            theirs: verdicts.get(each.index)!,
          });
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }, 300_000);

    const differ = (): Outcome[] =>
      outcomes.filter(({ ours, theirs }) => (ours === '') !== (theirs.length === 0));
    const explains = ({ scene: { traits }, ours, theirs }: Outcome, each: Difference): boolean =>
      each.traits.some((trait) => traits.has(trait)) &&
      (each.ours === undefined ? ours === '' : each.ours.includes(ours)) &&
      (each.theirs === undefined
        ? theirs.length === 0
        : theirs.every((number) => each.theirs!.includes(number)));

    test('a third is good and a tenth is revoked, by our account', () => {
      const those = (codes: string): number => outcomes.filter(({ ours }) => ours === codes).length;
      console.log(
        `${those('')} of ${count} are good, ${those('revoked')} revoked, ${those('on-hold')} on hold`,
      );
      expect(those('')).toBeGreaterThan(count / 3);
      expect(those('revoked')).toBeGreaterThan(count / 10);
    });

    test('they agree on all but those that are explained below', () => {
      const unexplained = differ().filter((outcome) => !differences.some((each) => explains(outcome, each)));
      console.log(`openssl verify agrees on ${count - differ().length} of ${count} sets of CRLs`);
      const say = ({ scene: { index, traits }, ours, theirs }: Outcome): string =>
        `${index}: ours ${ours || 'ok'}, theirs ${theirs.join() || 'ok'} (${[...traits].join('; ')})`;
      expect(unexplained.map(say)).toEqual([]);
      expect(differ().length).toBeLessThan(0.06 * count);
    });

    test.each(differences.map((each) => [each.name, each] as const))('%s', (_, each) => {
      const found = differ().filter((outcome) => explains(outcome, each));
      console.log(`${found.length} of ${count}: ${each.name}`);
      expect(found.length).toBeGreaterThan(0);
    });
  });
});
