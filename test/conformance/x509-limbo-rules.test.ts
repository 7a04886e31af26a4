import { describe, expect, test } from 'vitest';
import { derNull } from '../../src/asn1/writer.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  keyUsage,
  mailExtensions,
  nameOf,
  oids,
  person,
  subjectAltName,
} from '../support/chains.js';
import { general, nameConstraints, policyConstraints, type Subtrees } from '../support/constraints.js';
import { at, complaints, pathOf, route } from '../x509/support.js';

/**
 * The rules that the test cases of x509-limbo stand for, in groups as there,
 * with certificates of our own: mail certificates where it has those of
 * servers.
 */
type Rule = readonly [rule: string, chain: Chain, verdict: 'valid' | readonly string[]];

/** From the root's certificate down; the last is the end entity. */
interface Chain {
  readonly root: Holder;
  readonly pool: readonly Holder[];
  readonly leaf: Holder;
  readonly moreRoots?: readonly Holder[];
}

let made = 0;
const fresh = (name: string): string => `${name} ${made++}`;

interface Link {
  readonly name?: string;
  readonly constraints?: Subtrees;
  readonly critical?: boolean;
  readonly names?: readonly (string | Uint8Array)[];
  readonly pathLength?: number;
  readonly extensions?: readonly Uint8Array[];
}

function link(issuer: Holder | undefined, { name, ...spec }: Link): Holder {
  return authority(issuer, name ?? fresh('Authority'), {
    extensions: [
      ...authorityExtensions(spec.pathLength),
      ...(spec.constraints === undefined ? [] : [nameConstraints(spec.constraints, spec.critical)]),
      ...(spec.names === undefined ? [] : [subjectAltName(...spec.names)]),
      ...(spec.extensions ?? []),
    ],
    ...(name === undefined ? {} : { key: chainKey(fresh(name)) }),
  });
}

function end(issuer: Holder, { name = 'Alice', names, extensions = [] }: Link): Holder {
  return person(issuer, name, {
    key: chainKey('Alice'),
    extensions: [
      keyUsage('digitalSignature'),
      ...(names === undefined ? [] : [subjectAltName(...names)]),
      ...extensions,
    ],
  });
}

/** A chain of links from the root down to an end entity. */
function chain(...links: readonly Link[]): Chain {
  let issuer: Holder | undefined;
  const pool: Holder[] = [];
  for (const each of links.slice(0, -1)) {
    issuer = link(issuer, each);
    pool.push(issuer);
  }
  return { root: pool[0]!, pool: pool.slice(1), leaf: end(issuer!, links.at(-1)!) };
}

/** A root with constraints, and an end entity below it with names. */
const direct = (constraints: Subtrees, ...names: readonly (string | Uint8Array)[]): Chain =>
  chain({ constraints }, { names });
/** The same with an authority between, which has the constraints. */
const between = (constraints: Subtrees, ...names: readonly (string | Uint8Array)[]): Chain =>
  chain({}, { constraints, name: 'Narrow' }, { names });

const { dns, mail, ip, directory, other } = general;
const foo = directory(nameOf('foo'));
const loopback6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const network = ip(192, 0, 2, 0, 255, 255, 255, 0);
const refused = ['name-constraints: Alice'];
const privateType = '1.3.6.1.4.1.55738.666.3';

/** A root of that name, an authority of the same name with names outside, and an end entity that is either's or its own. */
function selfIssued(name: string, ofLeaf: Link): Chain {
  const names = [dns('not-example.com')];
  const root = link(undefined, { name, names, constraints: { permitted: [dns('example.com')] } });
  const renewed = link(root, { name, names });
  return { root, pool: [renewed], leaf: end(renewed, ofLeaf) };
}

/** One authority certified by two: one way forbids its names, the other is as given. */
function twoWays(trustFirst: boolean): Chain {
  const narrowRoot = link(undefined, {});
  const otherRoot = link(undefined, {});
  const narrow = link(narrowRoot, { constraints: { excluded: [dns('forbidden.example.com')] } });
  const key = chainKey(fresh('Two ways'));
  const named = (issuer: Holder, names: readonly Uint8Array[]): Holder =>
    authority(issuer, 'Two ways', {
      key,
      extensions: [...authorityExtensions(), ...(names.length === 0 ? [] : [subjectAltName(...names)])],
    });
  const forbidden = [dns('forbidden.example.com')];
  if (trustFirst) {
    const first = named(narrow, forbidden);
    const second = named(otherRoot, [dns('unconstrained.example.com')]);
    return { root: narrowRoot, moreRoots: [otherRoot], pool: [narrow, first, second], leaf: end(first, {}) };
  }
  const first = named(otherRoot, forbidden);
  const second = named(narrow, []);
  return { root: narrowRoot, pool: [narrow, first, second], leaf: end(first, {}) };
}

const nameRules: readonly Rule[] = [
  ['permitted-dns-mismatch', direct({ permitted: [dns('example.com')] }, dns('not-example.com')), refused],
  ['excluded-dns-match', between({ excluded: [dns('example.com')] }, dns('example.com')), refused],
  ['permitted-dns-match', direct({ permitted: [dns('example.com')] }, dns('example.com')), 'valid'],
  [
    'permitted-dns-match-noncritical: processed all the same, as the CA/Browser Forum has it',
    chain(
      { constraints: { permitted: [dns('example.com')] }, critical: false },
      { names: [dns('example.com')] },
    ),
    'valid',
  ],
  [
    'permitted-dns-mismatch-noncritical',
    chain({ constraints: { permitted: [dns('example.com')] }, critical: false }, { names: [dns('a.org')] }),
    refused,
  ],
  [
    'permitted-dns-match-more',
    direct({ permitted: [dns('example.com')] }, dns('foo.bar.example.com')),
    'valid',
  ],
  [
    'excluded-dns-match-second',
    direct(
      { excluded: [dns('not-allowed.example.com')] },
      dns('example.com'),
      dns('not-allowed.example.com'),
    ),
    refused,
  ],
  ['permitted-ip-mismatch', direct({ permitted: [network] }, ip(192, 0, 3, 1)), refused],
  ['excluded-ipv4-match', direct({ excluded: [network] }, ip(192, 0, 2, 1)), refused],
  [
    'excluded-ipv6-match',
    direct({ excluded: [ip(...loopback6, ...loopback6.map(() => 255))] }, ip(...loopback6)),
    refused,
  ],
  ['permitted-ipv4-match', direct({ permitted: [network] }, ip(192, 0, 2, 1)), 'valid'],
  [
    'permitted-ipv6-match',
    direct({ permitted: [ip(...loopback6, ...loopback6.map(() => 255))] }, ip(...loopback6)),
    'valid',
  ],
  [
    'permitted-dn-mismatch',
    chain({ constraints: { permitted: [foo] } }, { name: 'Alice', names: [directory(nameOf('Alice'))] }),
    refused,
  ],
  [
    'excluded-dn-match',
    chain({ constraints: { excluded: [foo] } }, { name: 'foo', names: [foo] }),
    ['name-constraints: foo'],
  ],
  [
    'permitted-dn-match',
    chain({ constraints: { permitted: [foo] } }, { name: 'foo', names: [foo] }),
    'valid',
  ],
  [
    'permitted-dn-match-subject-san-mismatch',
    chain({ constraints: { permitted: [foo] } }, { names: [foo] }),
    refused,
  ],
  [
    'excluded-dn-match-sub-mismatch',
    chain({ constraints: { excluded: [foo] } }, { name: 'foo', names: [directory(nameOf('not-foo'))] }),
    ['name-constraints: foo'],
  ],
  ['permitted-self-issued', selfIssued('Self', { names: [dns('example.com')] }), 'valid'],
  [
    'excluded-self-issued-leaf',
    selfIssued('Self', { name: 'Self', names: [dns('not-example.com')] }),
    ['name-constraints: Self'],
  ],
  [
    'excluded-match-permitted-and-excluded',
    direct({ permitted: [dns('example.com')], excluded: [dns('example.com')] }, dns('example.com')),
    refused,
  ],
  ['permitted-different-constraint-type', direct({ permitted: [network] }, dns('example.com')), 'valid'],
  ['excluded-different-constraint-type', direct({ excluded: [network] }, dns('example.com')), 'valid'],
  [
    'invalid-dnsname-wildcard',
    direct({ permitted: [dns('*.example.com')] }, dns('foo.example.com')),
    refused,
  ],
  [
    'invalid-dnsname-leading-period',
    direct({ permitted: [dns('.example.com')] }, dns('foo.example.com')),
    refused,
  ],
  ['invalid-ipv4-address', direct({ permitted: [ip(127, 0, 0, 1)] }, ip(127, 0, 0, 1)), refused],
  ['invalid-ipv6-address', direct({ permitted: [ip(...loopback6)] }, ip(...loopback6)), refused],
  [
    'invalid-email-address',
    direct({ permitted: [mail('invalid@invalid@example.com')] }, 'example@example.com'),
    refused,
  ],
  [
    'not-allowed-in-ee-noncritical',
    chain({}, { extensions: [nameConstraints({ permitted: [dns('example.com')] }, false)] }),
    refused,
  ],
  [
    'not-allowed-in-ee-critical',
    chain({}, { extensions: [nameConstraints({ permitted: [dns('example.com')] })] }),
    refused,
  ],
  [
    'intermediate-with-san-rejected-by-intermediate-nc',
    chain(
      {},
      {
        constraints: { permitted: [dns('permitted.example.com')], excluded: [dns('forbidden.example.com')] },
      },
      { name: 'Second', names: [dns('forbidden.example.com')] },
      { names: [dns('permitted.example.com')] },
    ),
    ['name-constraints: Second'],
  ],
  [
    'intermediate-with-san-rejected-by-root-nc',
    chain(
      {
        constraints: { permitted: [dns('permitted.example.com')], excluded: [dns('forbidden.example.com')] },
      },
      {},
      { name: 'Second', names: [dns('forbidden.example.com')] },
      { names: [dns('permitted.example.com')] },
    ),
    ['name-constraints: Second'],
  ],
  [
    'restrictive-permits-in-intermediates-narrows',
    chain(
      {},
      { constraints: { permitted: [dns('foo.example.com'), dns('bar.example.com')] } },
      { constraints: { permitted: [dns('bar.example.com')] } },
      { names: [dns('foo.example.com')] },
    ),
    refused,
  ],
  [
    'restrictive-permits-in-intermediates-widens',
    chain(
      {},
      { constraints: { permitted: [dns('bar.example.com')] } },
      { constraints: { permitted: [dns('foo.example.com'), dns('bar.example.com')] } },
      { names: [dns('foo.example.com')] },
    ),
    refused,
  ],
  [
    'nc-permits-invalid-dns-san',
    between({ permitted: [dns('example.com')] }, dns('.example.com'), dns('foo.example.com')),
    refused,
  ],
  [
    'nc-permits-invalid-ip-san',
    between({ permitted: [network] }, ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2, 1)),
    refused,
  ],
  [
    'nc-permits-invalid-email-san',
    between({ permitted: [mail('example.com')] }, 'good@example.com', 'invalid@address@example.com'),
    refused,
  ],
  ['nc-forbids-alternate-chain-ica', twoWays(false), 'valid'],
  ['nc-forbids-same-chain-ica', twoWays(true), 'valid'],
  ['nc-permits-email-exact', between({ permitted: [mail('foo@example.com')] }, 'foo@example.com'), 'valid'],
  ['nc-permits-email-domain', between({ permitted: [mail('example.com')] }, 'foo@example.com'), 'valid'],
  [
    'nc-forbids-othername',
    between(
      { permitted: [dns('example.com')], excluded: [other(privateType, derNull())] },
      dns('example.com'),
      other(privateType, derNull()),
    ),
    refused,
  ],
  [
    'nc-forbids-othername-noop',
    between(
      { permitted: [dns('example.com')], excluded: [other(privateType, derNull())] },
      dns('example.com'),
    ),
    'valid',
  ],
  [
    'intermediate-permitted-excluded-subtrees-both-null',
    chain({}, { name: 'Nothing', constraints: {} }, {}),
    ['name-constraints: Nothing'],
  ],
  [
    'intermediate-permitted-excluded-subtrees-both-empty-sequences',
    chain({}, { name: 'Nothing', constraints: { permitted: [], excluded: [] } }, {}),
    ['certificate-malformed: Nothing'],
  ],
];

const pathLengthRules: readonly Rule[] = [
  ['ee-with-intermediate-pathlen-0', chain({}, { pathLength: 0 }, {}), 'valid'],
  ['ee-with-intermediate-pathlen-1', chain({}, { pathLength: 1 }, {}), 'valid'],
  ['ee-with-intermediate-pathlen-2', chain({}, { pathLength: 2 }, {}), 'valid'],
  [
    'validation-ignores-pathlen-in-leaf',
    ((): Chain => {
      const root = link(undefined, {});
      const first = link(root, { pathLength: 0 });
      const extensions = [...authorityExtensions(0).slice(0, 1), keyUsage('keyCertSign', 'digitalSignature')];
      return { root, pool: [first], leaf: authority(first, 'Second', { extensions }) };
    })(),
    'valid',
  ],
  [
    'intermediate-violates-pathlen-0',
    chain({}, { name: 'First', pathLength: 0 }, { pathLength: 0 }, {}),
    ['path-length-exceeded: First'],
  ],
  ['intermediate-pathlen-may-increase', chain({}, { pathLength: 1 }, { pathLength: 2 }, {}), 'valid'],
  [
    'intermediate-pathlen-too-long',
    chain({}, { name: 'First', pathLength: 1 }, { name: 'Second', pathLength: 0 }, { pathLength: 0 }, {}),
    ['path-length-exceeded: Second', 'path-length-exceeded: First'],
  ],
  [
    'self-issued-certs-pathlen',
    chain({}, { name: 'Same', pathLength: 1 }, { name: 'Same', pathLength: 1 }, { pathLength: 0 }, {}),
    'valid',
  ],
];

const policyRules: readonly Rule[] = [
  [
    'ica-noncritical-pc: processed all the same; RFC 5280 §6.1 refuses no path for that',
    chain({}, { extensions: [policyConstraints({ explicit: 3 }, false)] }, {}),
    'valid',
  ],
  [
    'ica-noncritical-pc that requires a policy',
    chain({}, { extensions: [policyConstraints({ explicit: 0 }, false)] }, {}),
    ['policy-required: Alice'],
  ],
];

const mailRules: readonly Rule[] = [
  ['ee-email-protection', chain({}, { extensions: [extendedKeyUsage(oids.emailProtection)] }), 'valid'],
  [
    'ee-missing-email-protection',
    chain({}, { extensions: [extendedKeyUsage(oids.serverAuth)] }),
    ['extended-key-usage: Alice'],
  ],
  [
    'intermediate-missing-email-protection',
    chain({}, { name: 'Server', extensions: [extendedKeyUsage(oids.serverAuth)] }, {}),
    ['extended-key-usage: Server'],
  ],
  ['exact-rfc822-san', chain({}, { names: ['user@example.com'] }), 'valid'],
  ['multiple-rfc822-sans', chain({}, { names: ['other@example.com', 'user@example.com'] }), 'valid'],
];

const groups = { names: nameRules, pathLength: pathLengthRules, policies: policyRules, mail: mailRules };

describe('the rules of x509-limbo', () => {
  describe.each(Object.entries(groups))('%s', (_, rules) => {
    test.each(rules)('%s', async (_rule, { root, moreRoots = [], pool, leaf }, verdict) => {
      for (const order of [pool, [...pool].reverse()]) {
        const path = await pathOf(leaf, [root, ...moreRoots], order);
        expect(complaints(path)).toEqual(verdict === 'valid' ? [] : verdict);
        if (verdict === 'valid') expect(path.anchor).toBeDefined();
      }
    });
  });

  test('all of its rules for name constraints and path length are here', () => {
    expect(Object.values(groups).map((rules) => rules.length)).toEqual([44, 8, 2, 5]);
  });
});

describe('pathological chains of x509-limbo', () => {
  test('multiple-chains-expired-intermediate: a root reached twice, once by way of what has expired', async () => {
    const first = link(undefined, { name: 'Old root' });
    const root = authority(undefined, 'New root');
    const expired = authority(first, 'New root', { key: root.key, to: '2021-01-01T00:00:00Z' });
    const leaf = person(root, 'Alice');
    for (const roots of [
      [root, first],
      [first, root],
    ]) {
      const path = await pathOf(leaf, roots, [expired]);
      expect([route(path), complaints(path)]).toEqual(['Alice <- New root', []]);
    }
  });

  test.each([
    ['intermediate-cycle-distinct-cas', 'Left', 'Right', 64],
    ['intermediate-cycle-distinct-cas-max-depth', 'Left', 'Right', 10_000],
    ['intermediate-cycle-same-logical-ca', 'Same', 'Same', 64],
  ])('%s', async (_, left, right, maxSignatureChecks) => {
    const root = link(undefined, {});
    const holder = (name: string, key: string): Holder => ({
      ...root,
      name: nameOf(name),
      key: chainKey(key),
    });
    const one = holder(left, 'cycle one');
    const two = holder(right, 'cycle two');
    const pool = [authority(two, left, { key: one.key }), authority(one, right, { key: two.key })];
    const leaf = person(one, 'Alice', { extensions: mailExtensions() });
    const path = await pathOf(leaf, [root], pool, { maxSignatureChecks });
    expect(complaints(path)).toEqual([`issuer-missing: ${right}`]);
  });

  test('the certificates are valid at the time that the tests ask about', () => {
    const { certificate } = link(undefined, { extensions: [extension('1.2.3', false, derNull())] });
    expect(certificate.notBefore < at && at < certificate.notAfter).toBe(true);
  });
});
