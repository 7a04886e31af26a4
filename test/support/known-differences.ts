import { der, derInteger, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import type { Bytes } from '../../src/core/bytes.js';
import type { PolicyOptions } from '../../src/x509/path/policy-graph.js';
import {
  basicConstraints,
  type CertificateSpec,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  issue,
  keyUsage,
  nameOf,
  oids,
} from './chains.js';
import { anyPolicies, judgedAt, otherName, type RandomChain, tagged } from './random-chains.js';
import { crlEntry, crlScope, type RandomCrl, writeCrl } from './random-crls.js';

const authority = [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')];
const person = [keyUsage('digitalSignature'), extendedKeyUsage(oids.emailProtection)];
const serial = Uint8Array.of(0x21, 7);
const anyPolicy = '2.5.29.32.0';

const alternativeName = (...names: Bytes[]): Bytes => extension('2.5.29.17', false, derSequence(...names));
const permitted = (...bases: Bytes[]): Bytes =>
  extension('2.5.29.30', true, derSequence(der(0xa0, ...bases.map((base) => derSequence(base)))));
const excluded = (...bases: Bytes[]): Bytes =>
  extension('2.5.29.30', true, derSequence(der(0xa1, ...bases.map((base) => derSequence(base)))));
const policies = (...list: string[]): Bytes =>
  extension('2.5.29.32', false, derSequence(...list.map((oid) => derSequence(derOid(oid)))));
const mapping = (from: string, to: string): Bytes =>
  extension('2.5.29.33', true, derSequence(derSequence(derOid(from), derOid(to))));

type Spec = Partial<CertificateSpec> & { readonly name: string };

let next = 1_000_000;

/** A chain of the certificates told, root first; each has the extensions of its place where it tells none. */
function chain(
  traits: readonly string[],
  specs: readonly Spec[],
  more: {
    crls?: (holders: readonly Holder[]) => RandomCrl[];
    policies?: Partial<PolicyOptions>;
  } = {},
): RandomChain {
  const index = next++;
  const holders: Holder[] = [];
  for (const [level, { name, ...spec }] of specs.entries()) {
    const isLeaf = level === specs.length - 1;
    const issuer = holders.at(-1);
    holders.push(
      issue(issuer, {
        extensions: isLeaf ? [...person, alternativeName(tagged(1, 'alice@example.jp'))] : authority,
        key: chainKey(`known ${level}`),
        ...(isLeaf ? { serial } : {}),
        ...spec,
        // A name of its own for each chain; what is called "same" is self-issued.
        name: name === 'same' ? issuer!.name : nameOf(`${name} ${index}`),
      }),
    );
  }
  const pool = holders.slice(1, -1);
  return {
    index,
    traits: new Set(traits),
    roots: [holders[0]!],
    pool,
    leaf: holders.at(-1)!,
    rival: undefined,
    rootDepth: specs.length - 1,
    crls: more.crls?.(holders),
    policies: { ...anyPolicies, ...more.policies },
  };
}

/** Complete CRLs with the number 1 of all authorities, on which nobody stands. */
const crls = (holders: readonly Holder[], ...extensions: Bytes[]): RandomCrl[] =>
  holders.slice(0, -1).map((issuer) => writeCrl({ issuer, number: 1, entries: [], extensions }));

/** A delta upon the CRL of a number, which revokes the leaf. */
const delta = (issuer: Holder, base: number): RandomCrl =>
  writeCrl({
    issuer,
    number: 3,
    entries: [crlEntry(serial, 1)],
    thisUpdate: '2026-05-25T00:00:00Z',
    extensions: [extension('2.5.29.27', true, derInteger(base))],
  });

/** freshestCRL: there are deltas. */
const freshest = extension(
  '2.5.29.46',
  false,
  derSequence(derSequence(der(0xa0, der(0xa0, tagged(6, 'http://a.jp/delta'))))),
);

/** Two authorities of one name, the second certified from elsewhere and out of date, which comes first. */
function certifiedTwice(): RandomChain {
  const plain = chain(
    ['an authority certified twice'],
    [{ name: 'Root' }, { name: 'Authority' }, { name: 'Alice' }],
  );
  const other = issue(undefined, { name: nameOf(`Other ${plain.index}`), extensions: authority });
  const [twin] = plain.pool;
  const rival = issue(other, { name: twin!.name, key: twin!.key, extensions: authority });
  return { ...plain, pool: [rival, ...plain.pool], rival };
}

/** A chain for each way in which OpenSSL and we differ, in the order in which the test tells them. */
export function knownDifferences(): RandomChain[] {
  const root = { name: 'Root' };
  const ca = { name: 'Authority' };
  const alice = { name: 'Alice' };
  return [
    chain(['root expired'], [{ ...root, to: '2021-01-01T00:00:00Z' }, ca, alice]),
    chain(
      ['leaf for any purpose'],
      [root, ca, { ...alice, extensions: [keyUsage('digitalSignature'), extendedKeyUsage(oids.anyPurpose)] }],
    ),
    chain(['leaf ends now'], [root, ca, { ...alice, to: judgedAt.toISOString() }]),
    beyondAscii(),
    sha1(),
    chain(['delta CRL that the base does not name'], [root, ca, alice], {
      crls: (holders) => [...crls(holders), delta(holders[1]!, 1)],
    }),
    chain(['delta to a later base'], [root, ca, alice], {
      crls: (holders) => [...crls(holders, freshest), delta(holders[1]!, 2)],
    }),
    chain(['CRL without nextUpdate'], [root, ca, alice], {
      crls: (holders) =>
        holders.slice(0, -1).map((issuer) => writeCrl({ issuer, number: 1, entries: [], nextUpdate: null })),
    }),
    chain(['CRL for a part'], [root, alice], {
      crls: ([issuer]) => [writeCrl({ issuer: issuer!, number: 1, entries: [], extensions: [crlScope(1)] })],
    }),
    chain(['CRL forged'], [root, ca, { name: 'same', extensions: authority }, alice], {
      // The new key's CRL is of no use; that of the old key is.
      crls: (holders) => {
        const [first, second, third] = holders as [Holder, Holder, Holder];
        const list = crls([first, second, third]);
        return [...list, writeCrl({ issuer: third, number: 1, entries: [], forged: true })];
      },
    }),
    chain(
      ['mailbox beyond ASCII'],
      [
        root,
        { ...ca, extensions: [...authority, permitted(tagged(1, '.example.jp'))] },
        {
          ...alice,
          extensions: [
            ...person,
            alternativeName(otherName('1.3.6.1.5.5.7.8.9', derUtf8String('花子@mail.example.jp'))),
          ],
        },
      ],
    ),
    chain(
      ['URI with user information'],
      [
        root,
        { ...ca, extensions: [...authority, excluded(tagged(6, 'example.jp'))] },
        { ...alice, extensions: [...person, alternativeName(tagged(6, 'http://user@example.jp/'))] },
      ],
    ),
    chain(
      ['dNSName constraint that begins with a dot'],
      [
        root,
        { ...ca, extensions: [...authority, excluded(tagged(2, '.example.jp'))] },
        { ...alice, extensions: [...person, alternativeName(tagged(2, 'example.jp'))] },
      ],
    ),
    chain(
      ['self-issued authority', 'no key identifiers'],
      [root, ca, { name: 'same', keyIdentifiers: false }, { ...alice, keyIdentifiers: false }],
    ),
    chain(
      ['initially inhibits anyPolicy', 'policy mapping'],
      [
        root,
        { ...ca, extensions: [...authority, policies('1.2.3.1')] },
        {
          name: 'Second authority',
          extensions: [...authority, policies(anyPolicy), mapping('1.2.3.1', '1.2.3.3')],
        },
        { ...alice, extensions: [...person, policies('1.2.3.3')] },
      ],
      { policies: { inhibitAny: true, requireExplicit: true } },
    ),
    chain(
      ['policy mapping'],
      [
        root,
        { ...ca, extensions: [...authority, policies('1.2.3.1')] },
        {
          name: 'Second authority',
          extensions: [...authority, policies(anyPolicy), mapping('1.2.3.1', '1.2.3.3')],
        },
        { name: 'Third authority', extensions: [...authority, policies(anyPolicy)] },
        { ...alice, extensions: [...person, policies('1.2.3.3')] },
      ],
      { policies: { requireExplicit: true } },
    ),
    certifiedTwice(),
  ];
}

function beyondAscii(): RandomChain {
  const index = next;
  const name = (text: string): Bytes => nameOf(`${text} ${index}`);
  return chain(
    ['issuer named in other case beyond ASCII'],
    [{ name: 'Root' }, { name: 'Autorité' }, { name: 'Alice', issuerName: name('AUTORITÉ') }],
  );
}

/** The leaf's signature is with SHA-1. */
function sha1(): RandomChain {
  const algorithm = derSequence(derOid('1.2.840.10045.4.1'));
  const key = { ...chainKey('known SHA-1'), digest: 'sha1', algorithm };
  return chain(['SHA-1 signature'], [{ name: 'Root' }, { name: 'Authority', key }, { name: 'Alice' }]);
}
