import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CertificationPath, findPath } from '../../src/x509/find-path.js';
import type { PathProblemCode } from '../../src/x509/path/path-problem.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { knownDifferences } from '../support/known-differences.js';
import { type OpensslError, opensslVerdicts } from '../support/openssl-verify.js';
import { describeProgram } from '../support/programs.js';
import { judgedAt, type RandomChain, randomChain } from '../support/random-chains.js';
import { seededDraw } from '../support/seeded.js';

/** CI judges all of them; a smaller number shows whether something broke. */
const whole = process.env['CI'] === 'true';
const count = whole ? 2000 : 300;
const seed = 900_000;

interface Outcome {
  readonly chain: RandomChain;
  readonly path: CertificationPath;
  /** The codes of our problems; empty where we accept. */
  readonly ours: readonly PathProblemCode[];
  /** Empty where OpenSSL accepts. */
  readonly theirs: readonly OpensslError[];
}

/** Why one of the two refuses and the other does not. */
interface Difference {
  readonly name: string;
  /** Some of these must be odd about the chain; a text ending in a blank stands for all that begin so. */
  readonly traits: readonly string[];
  /** And all of these. */
  readonly along?: readonly string[];
  /** X509_V_ERR_… of OpenSSL's that this explains. */
  readonly theirs?: readonly number[];
  /** Whether OpenSSL's complaint must be about the root. */
  readonly ofRoot?: true;
  /** Our problems that this explains. */
  readonly ours?: readonly PathProblemCode[];
}

const differences: readonly Difference[] = [
  {
    name: 'OpenSSL looks at time, extensions and uses of the root; RFC 5280 §6.1.1 (d) takes from it a name and a key',
    traits: ['root '],
    theirs: [9, 10, 24, 26, 32, 34, 79],
    ofRoot: true,
  },
  {
    name: 'OpenSSL does not let anyExtendedKeyUsage stand for emailProtection; RFC 8550 §4.4.4 does',
    traits: ['authority for any purpose', 'leaf for any purpose'],
    theirs: [26],
  },
  {
    name: 'for OpenSSL the last second of a certificate is over at its begin; RFC 5280 §4.1.2.5 includes it',
    traits: ['authority ends now', 'leaf ends now'],
    theirs: [10],
  },
  {
    name: 'OpenSSL folds the case of ASCII letters only; RFC 5280 §7.1 that of all',
    traits: ['issuer named in other case beyond ASCII'],
    theirs: [20],
  },
  {
    name: 'our algorithm policy refuses SHA-1; OpenSSL’s level for verify asks nothing of digests',
    traits: ['SHA-1 signature'],
    ours: ['algorithm-weak'],
  },
  {
    name: 'OpenSSL uses a delta only where the complete CRL says that there are some; RFC 5280 §6.3.3 (c) where there is one',
    traits: ['delta CRL that the base does not name'],
    theirs: [23],
    ours: ['revoked', 'on-hold'],
  },
  {
    name: 'OpenSSL passes over a delta for a later complete CRL; RFC 5280 §5.2.4 lets nobody complete a CRL with it, but its signer says that the certificate is revoked',
    traits: ['delta to a later base'],
    ours: ['revoked', 'on-hold'],
  },
  {
    name: 'for OpenSSL a CRL without nextUpdate is the latest for ever; RFC 5280 §5.1.2.5 wants it there, and where good is required we ask for maxAge then',
    traits: ['CRL without nextUpdate'],
    ours: ['revocation-unknown'],
  },
  {
    name: 'OpenSSL asks for the root’s own revocation, and its CRL is for other certificates; RFC 5280 §6.1 asks nothing of a trust anchor',
    traits: ['CRL '],
    theirs: [3, 44],
    ofRoot: true,
  },
  {
    name: 'OpenSSL chooses a CRL by names and identifiers and takes no other where its signature or its signer is no good',
    traits: ['CRL forged', 'CRL by another key', 'authority without cRLSign'],
    theirs: [8, 35],
  },
  {
    name: 'OpenSSL holds SmtpUTF8Mailbox against constraints by RFC 8398, with U-labels and no subdomains; RFC 9598 §6 has A-labels and the rules of rfc822Name',
    traits: ['mailbox beyond ASCII'],
    theirs: [47, 48],
    ours: ['name-constraints'],
  },
  {
    name: 'OpenSSL takes user information in a URI for a part of the host; RFC 3986 §3.2 ends it at the @',
    traits: ['URI with user information'],
    theirs: [47],
    ours: ['name-constraints'],
  },
  {
    name: 'OpenSSL takes a dNSName constraint that begins with a dot for one on subdomains; RFC 5280 §4.2.1.10 has no such form, and what cannot be processed is refused',
    traits: ['dNSName constraint that begins with a dot'],
    ours: ['name-constraints'],
  },
  {
    name: 'without key identifiers OpenSSL takes the first of an issuer’s certificates, or one that is self-issued for self-signed; RFC 5280 §3.2 keeps these apart, and we try the keys',
    traits: ['self-issued authority', 'another key of an authority’s name'],
    along: ['no key identifiers'],
    theirs: [7, 8, 19],
  },
  {
    name: 'OpenSSL lets a mapping begin at anyPolicy where that is inhibited; RFC 5280 §6.1.4 (b)(1) needs an anyPolicy node for it',
    traits: ['initially inhibits anyPolicy', 'root inhibits anyPolicy', 'authority inhibits anyPolicy'],
    along: ['policy mapping'],
    ours: ['policy-required'],
  },
  {
    name: 'OpenSSL forgets a mapping of what anyPolicy stood for when the next certificate has anyPolicy; RFC 5280 §6.1.3 (d)(2) goes by the expected policies',
    traits: ['policy mapping'],
    theirs: [43],
  },
];
/** A bad signature, a root in the middle, no issuer, a CRL's signer without a path: of ways that lead nowhere. */
const noWayUp = [7, 19, 20, 54];
/** What {@link retried} tells of. */
const firstWay =
  'OpenSSL goes up by the first issuer of the right name and does not go back; given our path alone it agrees';

const isOdd = ({ traits: odd }: RandomChain, { traits, along = [] }: Difference): boolean =>
  along.every((each) => odd.has(each)) &&
  [...odd].some((trait) =>
    traits.some((each) => (each.endsWith(' ') ? trait.startsWith(each) : trait === each)),
  );

/** The difference that explains an error of OpenSSL's where we accept. */
function explainsError(chain: RandomChain, { number, depth }: OpensslError): Difference | undefined {
  return differences.find(
    (each) =>
      each.theirs?.includes(number) === true &&
      isOdd(chain, each) &&
      (each.ofRoot !== true || depth === chain.rootDepth),
  );
}

/** The difference that explains a problem of ours where OpenSSL accepts. */
function explainsProblem(chain: RandomChain, problem: PathProblemCode): Difference | undefined {
  return differences.find((each) => each.ours?.includes(problem) === true && isOdd(chain, each));
}

/** Every complaint has its explanation; `undefined` where one has none. */
function explanations({ chain, ours, theirs }: Outcome): readonly Difference[] | undefined {
  const found = [
    ...theirs.map((error) => explainsError(chain, error)),
    ...ours.map((problem) => explainsProblem(chain, problem)),
  ];
  return found.every((each) => each !== undefined) ? found : undefined;
}

async function judge(chain: RandomChain, pool = chain.pool): Promise<CertificationPath> {
  const { crls, policies, roots, leaf } = chain;
  return findPath(leaf.certificate, {
    roots: roots.map(({ certificate }) => certificate),
    pool: pool.map(({ certificate }) => certificate),
    at: judgedAt,
    policies,
    ...(crls === undefined ? {} : { revocation: { mode: 'require' as const, crls: crls.map(parseCrl) } }),
  });
}

const codes = ({ problems }: CertificationPath): PathProblemCode[] => problems.map(({ code }) => code);

const differs = ({ ours, theirs }: Outcome): boolean => (ours.length === 0) !== (theirs.length === 0);

const say = ({ chain, ours, theirs }: Outcome): string =>
  `chain ${chain.index} (${[...chain.traits].join('; ') || 'nothing odd'}), ${chain.pool.length} between: ` +
  `ours ${ours.join(', ') || 'ok'}, theirs ${theirs.map(({ number, depth }) => `${number} at ${depth}`).join(', ') || 'ok'}`;

describeProgram('openssl', () => {
  describe(`openssl verify and ${count} random chains`, () => {
    const known = knownDifferences();
    const outcomes: Outcome[] = [];
    /** Chains that differ, each with what explains it; `undefined` where nothing does. */
    const explained = new Map<Outcome, readonly string[] | undefined>();

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailseal-paths-'));
      try {
        const random = Array.from({ length: count }, (_, i) => randomChain(i, seededDraw(seed + i)));
        const chains = [...random, ...known];
        const verdicts = await opensslVerdicts(folder, chains);
        for (const chain of chains) {
          const path = await judge(chain);
          outcomes.push({ chain, path, ours: codes(path), theirs: verdicts.get(chain)! });
        }
        const unclear: Outcome[] = [];
        for (const outcome of outcomes.filter(differs)) {
          const found = explanations(outcome);
          if (found === undefined) unclear.push(outcome);
          explained.set(
            outcome,
            found?.map(({ name }) => name),
          );
        }
        const again = join(folder, 'again');
        mkdirSync(again);
        for (const [outcome, names] of await retried(again, unclear)) explained.set(outcome, names);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }, 300_000);

    /**
     * Asks again without the rival of an authority: OpenSSL about the path that
     * we found, and us about the pool without it. What differs then has to have
     * an explanation of its own.
     */
    async function retried(
      folder: string,
      unclear: readonly Outcome[],
    ): Promise<Map<Outcome, readonly string[]>> {
      const alone = new Map<Outcome, RandomChain>();
      for (const outcome of unclear) {
        const { chain, path } = outcome;
        const used = (list: RandomChain['pool']) =>
          list.filter(
            ({ certificate }) => path.certificates.includes(certificate) || path.anchor === certificate,
          );
        if (chain.rival === undefined && !chain.traits.has('self-issued authority')) continue;
        alone.set(
          outcome,
          path.problems.length === 0
            ? { ...chain, pool: used(chain.pool), roots: used(chain.roots) }
            : { ...chain, pool: chain.pool.filter((each) => each !== chain.rival) },
        );
      }
      const verdicts = await opensslVerdicts(folder, [...alone.values()]);
      const result = new Map<Outcome, readonly string[]>();
      for (const [outcome, chain] of alone) {
        const path = await judge(chain);
        const second = { chain, path, ours: codes(path), theirs: verdicts.get(chain)! };
        const found = differs(second) ? explanations(second) : [];
        if (found !== undefined) result.set(outcome, [firstWay, ...found.map(({ name }) => name)]);
      }
      return result;
    }

    test('a third is good, and a third is not', () => {
      const valid = outcomes.filter(({ ours }) => ours.length === 0).length;
      console.log(`${valid} of ${count} chains are good`);
      expect(outcomes.length).toBe(count + known.length);
      expect(valid).toBeGreaterThan(0.3 * count);
      expect(valid).toBeLessThan(0.7 * count);
    });

    test('they agree on all but those that are explained below', () => {
      const agreeing = outcomes.filter((outcome) => !differs(outcome)).length;
      console.log(`openssl verify agrees on ${agreeing} of ${count} chains, the others differ as explained`);
      expect(
        [...explained].filter(([, names]) => names === undefined).map(([outcome]) => say(outcome)),
      ).toEqual([]);
      expect(agreeing).toBeGreaterThan(0.9 * count);
    });

    test('OpenSSL accepts nothing that we refuse, but where a difference below says why', () => {
      const stricter = [...explained]
        .filter(([{ ours }]) => ours.length > 0)
        .flatMap(([, names]) => names ?? []);
      const expected = [
        ...differences.filter(({ ours }) => ours !== undefined).map(({ name }) => name),
        firstWay,
      ];
      expect(stricter.filter((name) => !expected.includes(name))).toEqual([]);
    });

    test('what both refuse is revoked for both, or for neither', () => {
      const both = outcomes.filter(({ ours, theirs }) => ours.length > 0 && theirs.length > 0);
      const revocation = both.filter(({ ours }) =>
        ours.every((code) => code === 'revoked' || code === 'on-hold'),
      );
      // What OpenSSL blames beside, and we do not, is one of the differences, or it found no way up at all.
      const otherwise = revocation.filter(
        ({ chain, theirs }) =>
          chain.rival === undefined &&
          theirs.every(
            (error) =>
              error.number !== 23 &&
              !noWayUp.includes(error.number) &&
              explainsError(chain, error) === undefined,
          ),
      );
      expect(otherwise.map(say)).toEqual([]);
      console.log(`${revocation.length} chains are refused for revocation alone`);
    });

    const names = [...differences.map(({ name }) => name), firstWay];

    test('each difference has a chain that is made to show it', () => {
      expect(known.length).toBe(names.length);
    });

    test.each(names.map((name, n) => [name, n] as const))('%s', (name, n) => {
      const found = [...explained].filter(([, all]) => all?.includes(name) === true);
      console.log(`${found.length - 1} of ${count}, and the one made for it: ${name}`);
      expect(found.map(([{ chain }]) => chain)).toContain(known[n]);
    });
  });
});
