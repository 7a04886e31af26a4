import { describe, expect, test } from 'vitest';
import { derInteger } from '../../../src/asn1/writer.js';
import type { Bytes } from '../../../src/core/bytes.js';
import { parseCrl } from '../../../src/x509/revocation/crl.js';
import {
  authority,
  basicConstraints,
  type ChainKey,
  chainKey,
  type Holder,
  keyUsage,
  mailExtensions,
  nameOf,
  person,
} from '../../support/chains.js';
import { cheapest } from '../../support/cpu-time.js';
import { crlEntry, crlOctets, crlOf, crlPoints, directoryName, uri } from '../../support/crls.js';
import { expectLinear } from '../../support/linear-time.js';
import { pathOf } from '../support.js';
import { ask } from './support.js';

const root = authority(undefined, 'Root');
const alice = person(root, 'Alice');
const serial = (n: number): Bytes => derInteger(n).subarray(2);
const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

describe('one huge CRL', () => {
  test('is walked and asked in linear time', () => {
    expectLinear((size) => {
      const octets = crlOctets(root, {
        entries: many(size, (n) =>
          crlEntry({ certificate: serial(n * 7), ...(n % 2 === 0 ? { reason: 'superseded' as const } : {}) }),
        ),
      });
      return () => {
        const crl = parseCrl(octets);
        for (let n = 0; n < 1000; n++) crl.entriesOf(serial(n * 7 + 1));
        expect(crl.count).toBe(size);
      };
    }, 8_000);
  });

  test('of one serial number, or with an issuer in every entry, too', () => {
    expectLinear((size) => {
      const octets = crlOctets(root, { entries: many(size, () => crlEntry({ certificate: serial(5) })) });
      return () => expect(parseCrl(octets).entriesOf(serial(6)).length).toBe(0);
    }, 8_000);
    expectLinear((size) => {
      const entries = many(size, (n) => crlEntry({ certificate: serial(n), issuer: nameOf(`CA ${n}`) }));
      const octets = crlOctets(root, { scope: { indirect: true }, entries });
      return () => expect(parseCrl(octets).entriesOf(serial(size - 1)).length).toBe(1);
    }, 3_000);
  });

  test('with 100,000 entries: a look-up decodes none but what it finds', () => {
    const crl = crlOf(root, {
      entries: many(100_000, (n) => crlEntry({ certificate: serial(n), reason: 'keyCompromise' })),
    });
    expect(crl.entriesOf(serial(99_999))[0]?.reason).toBe('keyCompromise');
    // With the index made, a thousand look-ups cost less than walking the list a few times would.
    for (let n = 0; n < 5; n++) crl.entriesOf(serial(n));
    const walk = cheapest(() => void parseCrl(crl.bytes).count, 3);
    const look = cheapest(() => {
      for (let n = 0; n < 1000; n++) crl.entriesOf(serial(n * 97));
    }, 3);
    expect(look).toBeLessThan(Math.max(20, walk * 10));
  });
});

describe('10,000 CRLs', () => {
  const other = authority(undefined, 'Root', { key: chainKey('another') });
  const one = crlOctets(other, { number: 1 });
  /** CRLs of the right name, all with a wrong signature, and each another. */
  const forged = many(10_000, (n) => {
    const octets = one.slice();
    octets[octets.length - 3] = n & 0xff;
    octets[octets.length - 4] = n >> 8;
    return parseCrl(octets);
  });

  test('of which none is right: bounded, and the report says so', async () => {
    const { status, why } = await ask({ leaf: alice, root }, forged);
    expect(status).toBe('unknown');
    expect(why).toEqual(['signature-invalid', 'search-limit']);
  });

  test('that came with a message do not keep the caller’s own from counting', async () => {
    const revoked = crlOf(root, { from: '2026-05-01T00:00:00Z', revoked: [alice] });
    expect((await ask({ leaf: alice, root }, [revoked], { carriedCrls: forged })).status).toBe('revoked');
    const clear = crlOf(root, { from: '2026-05-01T00:00:00Z' });
    expect((await ask({ leaf: alice, root }, [clear], { carriedCrls: forged })).status).toBe('good');
    // Those that came along count, where they are right.
    expect((await ask({ leaf: alice, root }, [], { carriedCrls: [revoked] })).status).toBe('revoked');
  });

  test('of other issuers cost nothing but a look at their names', async () => {
    const strangers = many(10_000, (n) =>
      parseCrl(crlOctets(root, { issuerName: nameOf(`CA ${n}`), forged: true })),
    );
    expect((await ask({ leaf: alice, root }, [...strangers, crlOf(root)])).status).toBe('good');
  }, 60_000);

  test('of one issuer, each for another distribution point', async () => {
    const parts = many(10_000, (n) => {
      const octets = crlOctets(root, {
        scope: { names: [uri(`http://crl.example/${n}`)] },
        keyIdentifiers: false,
      });
      return parseCrl(octets);
    });
    const leaf = person(root, 'Part', {
      extensions: [...mailExtensions(), crlPoints({ names: [uri('http://crl.example/9999')] })],
    });
    expect((await ask({ leaf, root }, parts)).status).toBe('good');
    // Ten thousand points for ten thousand CRLs are a hundred million pairs: they are not all compared.
    const points = many(10_000, (n) => ({ names: [uri(`http://none.example/${n}`)] }));
    const wide = person(root, 'Wide', { extensions: [...mailExtensions(), crlPoints(...points)] });
    const { status, why } = await ask({ leaf: wide, root }, parts);
    expect([status, why.includes('search-limit')]).toEqual(['unknown', true]);
  }, 60_000);
});

describe('names without end', () => {
  test('of a distribution point and of its CRL are compared in linear time', async () => {
    const names = (count: number, host: string) => many(count, (n) => directoryName(nameOf(`${host} ${n}`)));
    const leaf = person(root, 'Names', {
      extensions: [...mailExtensions(), crlPoints({ names: names(20_000, 'a') })],
    });
    const crl = crlOf(root, { scope: { names: names(20_000, 'b') } });
    expect((await ask({ leaf, root }, [crl])).status).toBe('unknown');
    const fits = crlOf(root, { scope: { names: [...names(20_000, 'b'), directoryName(nameOf('a 19999'))] } });
    expect((await ask({ leaf, root }, [fits])).status).toBe('good');
  }, 60_000);
});

describe('signers in circles', () => {
  const keyless = authority(root, 'Ring', { extensions: [basicConstraints(true), keyUsage('keyCertSign')] });
  const point = (n: number) => ({ names: [uri(`http://crl.example/${n}`)] });

  /** Signers of which each one's revocation is told by the CRL of the next. */
  function ring(size: number): { pool: Holder[]; keys: ChainKey[] } {
    const keys = many(size, (n) => chainKey(`ring ${n}`, 'ed25519'));
    const pool = keys.map((key, n) =>
      authority(keyless, 'Ring', {
        key,
        extensions: [keyUsage('cRLSign'), crlPoints(point((n + 1) % size))],
      }),
    );
    return { pool, keys };
  }

  test('of every length are found out, within the work allowed', async () => {
    const leaf = person(keyless, 'Leaf', { extensions: [...mailExtensions(), crlPoints(point(0))] });
    for (const size of [1, 2, 3, 10, 30]) {
      const { pool, keys } = ring(size);
      const crls = keys.map((key, n) => crlOf(keyless, { key, scope: point(n) }));
      const answer = await ask({ leaf, root, pool: [keyless, ...pool] }, [crlOf(root), ...crls]);
      expect([size, answer.status]).toEqual([size, 'unknown']);
    }
  }, 60_000);

  test('an open chain of signers is followed to its end', async () => {
    const leaf = person(keyless, 'Leaf 2', { extensions: [...mailExtensions(), crlPoints(point(0))] });
    const { pool, keys } = ring(4);
    const last = authority(root, 'Ring', { key: keys[3]!, extensions: [keyUsage('cRLSign')] });
    const crls = keys.map((key, n) => crlOf(keyless, { key, scope: point(n) }));
    const all = [keyless, ...pool.slice(0, 3), last];
    const path = await pathOf(leaf, [root], all, {
      revocation: { mode: 'require', crls: [crlOf(root), ...crls] },
    });
    expect(path.problems).toEqual([]);
  });
});
