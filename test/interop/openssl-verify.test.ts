import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { der, derNull, derUtf8String } from '../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import {
  authorityKeyIdentifier,
  basicConstraints,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  issue,
  keyIdentifier,
  keyUsage,
  nameOf,
  oids,
  subjectAltName,
  subjectKeyIdentifier,
} from '../support/chains.js';
import { type Draw, seededDraw } from '../support/seeded.js';
import { at, complaints, pathOf } from '../x509/support.js';

/** What is odd about a chain; the rest of it is as it should be. */
type Trait =
  | 'root expired'
  | 'root without extensions of use'
  | 'root path length'
  | 'root not for mail'
  | 'authority expired'
  | 'authority not yet valid'
  | 'authority without basicConstraints'
  | 'authority without extensions of use'
  | 'authority with cA FALSE'
  | 'authority without keyUsage'
  | 'authority without keyCertSign'
  | 'authority not for mail'
  | 'authority for mail'
  | 'authority for any purpose'
  | 'authority of version 1'
  | 'path length'
  | 'self-issued authority'
  | 'unknown critical extension'
  | 'unknown extension'
  | 'forged signature'
  | 'authority missing'
  | 'wrong authorityKeyIdentifier'
  | 'no key identifiers'
  | 'issuer named in other string types'
  | 'issuer named in other letter case'
  | 'issuer named in other case beyond ASCII'
  | 'issuer named otherwise'
  | 'leaf expired'
  | 'leaf not yet valid'
  | 'leaf ends now'
  | 'leaf begins now'
  | 'leaf without uses'
  | 'leaf for encryption only'
  | 'leaf with nonRepudiation'
  | 'leaf not for mail'
  | 'leaf for any purpose'
  | 'leaf with an extension twice';

const traits: readonly Trait[] = [
  'root expired',
  'root without extensions of use',
  'root path length',
  'root not for mail',
  'authority expired',
  'authority not yet valid',
  'authority without basicConstraints',
  'authority without extensions of use',
  'authority with cA FALSE',
  'authority without keyUsage',
  'authority without keyCertSign',
  'authority not for mail',
  'authority for mail',
  'authority for any purpose',
  'authority of version 1',
  'path length',
  'self-issued authority',
  'unknown critical extension',
  'unknown extension',
  'forged signature',
  'authority missing',
  'wrong authorityKeyIdentifier',
  'no key identifiers',
  'issuer named in other string types',
  'issuer named in other letter case',
  'issuer named in other case beyond ASCII',
  'issuer named otherwise',
  'leaf expired',
  'leaf not yet valid',
  'leaf ends now',
  'leaf begins now',
  'leaf without uses',
  'leaf for encryption only',
  'leaf with nonRepudiation',
  'leaf not for mail',
  'leaf for any purpose',
  'leaf with an extension twice',
];

interface Chain {
  readonly traits: ReadonlySet<Trait>;
  readonly root: Holder;
  readonly pool: readonly Holder[];
  readonly leaf: Holder;
}

const past = '2021-01-01T00:00:00Z';
const future = '2030-01-01T00:00:00Z';

/** A name whose octets depend on how its text is to be written. */
function written(text: string, has: (trait: Trait) => boolean): Uint8Array {
  if (has('issuer named otherwise')) return nameOf(`${text} of old`);
  if (has('issuer named in other case beyond ASCII')) return nameOf(text.replaceAll('é', 'É'));
  if (has('issuer named in other letter case'))
    return nameOf(`  ${text.replace('aut', 'AUT').replace(' ', '   ')} `);
  if (has('issuer named in other string types')) {
    const units = [...text].flatMap((character) => [
      character.charCodeAt(0) >> 8,
      character.charCodeAt(0) & 0xff,
    ]);
    return nameOf([oids.commonName, der(0x1e, Uint8Array.from(units))]);
  }
  return nameOf([oids.commonName, derUtf8String(text)]);
}

/** Builds a chain; what is odd about authorities is odd about one of them. */
function build(odd: ReadonlySet<Trait>, depth: number, draw: Draw): Chain {
  const has = (trait: Trait): boolean => odd.has(trait);
  const identifiers = has('no key identifiers') ? { keyIdentifiers: false } : {};
  const root = issue(undefined, {
    name: 'root autorité',
    ...identifiers,
    ...(has('root expired') ? { to: past } : {}),
    extensions: [
      ...(has('root without extensions of use')
        ? []
        : [
            basicConstraints(true, has('root path length') ? 0 : undefined),
            keyUsage('keyCertSign', 'cRLSign'),
          ]),
      ...(has('root not for mail') ? [extendedKeyUsage(oids.serverAuth)] : []),
    ],
  });
  const pool: Holder[] = [];
  const strange = draw(Math.max(depth, 1));
  let issuer = root;
  for (let level = 0; level < depth; level++) {
    const here = (trait: Trait): boolean => level === strange && has(trait);
    const bare = here('authority without extensions of use');
    const constraints = here('authority with cA FALSE')
      ? [basicConstraints(false)]
      : here('authority without basicConstraints') || bare
        ? []
        : [basicConstraints(true, has('path length') && level === 0 ? Math.max(0, depth - 2) : undefined)];
    const usage = here('authority without keyCertSign')
      ? [keyUsage('cRLSign')]
      : here('authority without keyUsage') || bare
        ? []
        : [keyUsage('keyCertSign', 'cRLSign')];
    const purpose = here('authority not for mail')
      ? [extendedKeyUsage(oids.serverAuth)]
      : here('authority for any purpose')
        ? [extendedKeyUsage(oids.anyPurpose)]
        : here('authority for mail')
          ? [extendedKeyUsage(oids.serverAuth, oids.emailProtection)]
          : [];
    const selfIssued = here('self-issued authority') && level > 0;
    const holder = issue(issuer, {
      name: selfIssued ? issuer.name : `autorité ${level}`,
      key: chainKey(`interop ${level}`),
      ...identifiers,
      ...(here('authority expired') ? { to: past } : here('authority not yet valid') ? { from: future } : {}),
      ...(here('authority of version 1')
        ? { version: 1, extensions: null }
        : {
            extensions: [
              ...constraints,
              ...usage,
              ...purpose,
              ...(here('unknown critical extension') ? [extension('1.2.3.4', true, derNull())] : []),
            ],
          }),
      forged: here('forged signature') && draw(2) === 0,
    });
    pool.push(holder);
    issuer = holder;
  }
  const uses = has('leaf without uses')
    ? []
    : [
        has('leaf for encryption only')
          ? keyUsage('keyEncipherment')
          : has('leaf with nonRepudiation')
            ? keyUsage('nonRepudiation')
            : keyUsage('digitalSignature'),
        has('leaf not for mail')
          ? extendedKeyUsage(oids.serverAuth)
          : has('leaf for any purpose')
            ? extendedKeyUsage(oids.anyPurpose)
            : extendedKeyUsage(oids.emailProtection),
      ];
  const wrongIdentifiers = [
    subjectKeyIdentifier(keyIdentifier(chainKey('interop leaf'))),
    authorityKeyIdentifier(bytesFromLatin1('another')),
  ];
  const forgedAbove = pool.some(({ certificate }) => certificate.signature.length === 0);
  const issuerText = issuer.certificate.subject.commonName!;
  const leaf = issue(issuer, {
    name: 'Alice',
    key: chainKey('interop leaf'),
    issuerName: written(issuerText, has),
    ...identifiers,
    ...(has('wrong authorityKeyIdentifier') ? { keyIdentifiers: false } : {}),
    ...(has('leaf expired')
      ? { to: past }
      : has('leaf not yet valid')
        ? { from: future }
        : has('leaf ends now')
          ? { to: at.toISOString() }
          : has('leaf begins now')
            ? { from: at.toISOString() }
            : {}),
    extensions: [
      ...uses,
      subjectAltName('alice@example.com'),
      ...(has('wrong authorityKeyIdentifier') ? wrongIdentifiers : []),
      ...(has('leaf with an extension twice') ? [subjectAltName('bob@example.com')] : []),
      ...(has('unknown critical extension') && depth === 0 ? [extension('1.2.3.4', true, derNull())] : []),
      ...(has('unknown extension') ? [extension('1.2.3.4', false, derNull())] : []),
    ],
    forged: has('forged signature') && !forgedAbove && draw(2) === 0,
  });
  const missing = has('authority missing') ? pool.splice(draw(Math.max(pool.length, 1)), 1) : [];
  if (missing.length > 0 && pool.length > 0) pool.reverse();
  return { traits: odd, root, pool, leaf };
}

/** Chains of which about a third have no fault: each has one or two odd traits, a few none. */
function chains(count: number): Chain[] {
  const draw = seededDraw(20_260_601);
  return Array.from({ length: count }, (_, i) => {
    // The first ones show every trait alone.
    const chosen =
      i < traits.length ? [traits[i]!] : Array.from({ length: draw(3) }, () => traits[draw(traits.length)]!);
    return build(new Set(chosen), i < traits.length ? 2 : draw(5), draw);
  });
}

/**
 * Where we accept what OpenSSL refuses, and on purpose. `-purpose smimesign` is the
 * question that S/MIME asks; `-x509_strict` would ask for more than RFC 5280's
 * validation does, and `-partial_chain` would trust what is no root.
 */
interface Difference {
  readonly name: string;
  readonly traits: readonly Trait[];
  /** What OpenSSL then blames, and whether it blames the root. */
  readonly errors: readonly number[];
  readonly ofRoot?: true;
}

const differences: readonly Difference[] = [
  {
    name: 'OpenSSL looks at time, extensions and uses of the root; RFC 5280 §6.1.1 (d) takes from it a name and a key',
    traits: ['root expired', 'root without extensions of use', 'root not for mail'],
    errors: [10, 26, 79],
    ofRoot: true,
  },
  {
    name: 'OpenSSL does not let anyExtendedKeyUsage stand for emailProtection; RFC 8550 §4.4.4 does',
    traits: ['leaf for any purpose', 'authority for any purpose'],
    errors: [26],
  },
  {
    name: 'OpenSSL finds no issuer whose key identifier differs; RFC 5280 §4.2.1.1 makes it a help for finding one',
    traits: ['wrong authorityKeyIdentifier'],
    errors: [20],
  },
  {
    name: 'OpenSSL folds the case of ASCII letters only; RFC 5280 §7.1 that of all',
    traits: ['issuer named in other case beyond ASCII'],
    errors: [20],
  },
  {
    name: 'for OpenSSL the last second of a certificate is over at its begin; RFC 5280 §4.1.2.5 includes it',
    traits: ['leaf ends now'],
    errors: [10],
  },
];

interface Outcome {
  readonly chain: Chain;
  readonly ours: readonly string[];
  /** Empty when OpenSSL accepts. */
  readonly theirs: string;
}

const run = promisify(execFile);

async function openssl(folder: string, index: number, { root, pool, leaf }: Chain): Promise<string> {
  const file = (name: string, holders: readonly Holder[]): string => {
    const path = join(folder, `${index}-${name}.pem`);
    writeFileSync(
      path,
      holders.map(({ certificate }) => encodePem('CERTIFICATE', certificate.bytes)).join(''),
    );
    return path;
  };
  const untrusted = pool.length === 0 ? [] : ['-untrusted', file('pool', pool)];
  const time = ['-attime', String(at.getTime() / 1000)];
  const trust = ['-no-CApath', '-no-CAstore', '-CAfile', file('root', [root])];
  try {
    await run('openssl', [
      'verify',
      '-purpose',
      'smimesign',
      ...time,
      ...trust,
      ...untrusted,
      file('leaf', [leaf]),
    ]);
    return '';
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    return /error \d+ at [^\n]*/.exec(`${stdout}\n${stderr}`)?.[0] ?? `failed: ${stderr}${stdout}`;
  }
}

describe('openssl verify', () => {
  const count = 140;
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailseal-verify-'));
    try {
      const all = chains(count);
      const theirs: string[] = [];
      const waiting = all.map((chain, index) => ({ chain, index }));
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          theirs[next.index] = await openssl(folder, next.index, next.chain);
        }
      };
      await Promise.all([worker(), worker(), worker()]);
      for (const [index, chain] of all.entries()) {
        const path = await pathOf(chain.leaf, [chain.root], chain.pool);
        outcomes.push({ chain, ours: complaints(path), theirs: theirs[index]! });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  const say = ({ chain, ours, theirs }: Outcome): string =>
    `${[...chain.traits].join(' + ') || 'nothing odd'}, ${chain.pool.length} between: ours ${ours.join('; ') || 'ok'}, theirs ${theirs || 'ok'}`;
  const differs = ({ ours, theirs }: Outcome): boolean => (ours.length === 0) !== (theirs === '');
  const explains = (difference: Difference, { chain, ours, theirs }: Outcome): boolean => {
    const [, error, depth] = /error (\d+) at (\d+) depth/.exec(theirs) ?? [];
    return (
      ours.length === 0 &&
      difference.traits.some((trait) => chain.traits.has(trait)) &&
      difference.errors.includes(Number(error)) &&
      (Number(depth) === chain.pool.length + 1) === (difference.ofRoot ?? false)
    );
  };

  test(`judges ${count} chains`, () => {
    expect(outcomes.length).toBe(count);
    expect(outcomes.filter(({ theirs }) => theirs.startsWith('failed')).map(say)).toEqual([]);
    const valid = outcomes.filter(({ ours }) => ours.length === 0).length;
    expect(valid).toBeGreaterThan(count / 4);
    expect(valid).toBeLessThan((3 * count) / 4);
  });

  test('accepts nothing that we refuse', () => {
    expect(outcomes.filter(({ ours, theirs }) => ours.length > 0 && theirs === '').map(say)).toEqual([]);
  });

  test('agrees with us but for the differences below', () => {
    const unexplained = outcomes.filter(
      (outcome) => differs(outcome) && !differences.some((difference) => explains(difference, outcome)),
    );
    expect(unexplained.map(say)).toEqual([]);
    const agreeing = outcomes.filter((outcome) => !differs(outcome)).length;
    console.log(`openssl verify agrees on ${agreeing} of ${count} chains, the others differ as explained`);
    expect(agreeing).toBeGreaterThan(0.75 * count);
  });

  test.each(differences.map((difference) => [difference.name, difference] as const))(
    '%s',
    (_, difference) => {
      const found = outcomes.filter((outcome) => differs(outcome) && explains(difference, outcome));
      // Every trait named makes the difference when it stands alone.
      const alone = found.flatMap(({ chain }) => (chain.traits.size === 1 ? [...chain.traits] : []));
      expect(difference.traits.filter((trait) => !alone.includes(trait))).toEqual([]);
    },
  );
});
