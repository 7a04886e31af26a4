import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import { authority, type Holder, person } from '../../support/chains.js';
import { complaints, pathOf, route } from '../support.js';

const root = authority(undefined, 'Root');
const upper = authority(root, 'Upper');
const lower = authority(upper, 'Lower');
const alice = person(lower, 'Alice');

/** A directory of certificates by subject, and whose issuers were asked for. */
function directory(...holders: readonly Holder[]): {
  readonly asked: string[];
  readonly findIssuers: (certificate: Certificate) => Promise<readonly Certificate[]>;
} {
  const asked: string[] = [];
  return {
    asked,
    findIssuers: async ({ subject, issuer }) => {
      asked.push(subject.commonName ?? '-');
      return holders.map(({ certificate }) => certificate).filter((each) => each.subject.equals(issuer));
    },
  };
}

describe('issuers that the caller looks up', () => {
  test('are asked for where what is at hand leads nowhere, one after the other', async () => {
    const { asked, findIssuers } = directory(upper, lower);
    const path = await pathOf(alice, [root], [], { findIssuers });
    expect([route(path), complaints(path), asked]).toEqual([
      'Alice < Lower < Upper <- Root',
      [],
      ['Alice', 'Lower'],
    ]);
  });

  test('are not asked for where a path is at hand, even a bad one', async () => {
    const { asked, findIssuers } = directory(upper, lower);
    expect(complaints(await pathOf(alice, [root], [upper, lower], { findIssuers }))).toEqual([]);
    const expired = authority(upper, 'Lower', { to: '2021-01-01T00:00:00Z' });
    expect(complaints(await pathOf(alice, [root], [upper, expired], { findIssuers }))).toEqual([
      'expired: Lower',
    ]);
    expect(asked).toEqual([]);
  });

  test('are asked for above what is at hand', async () => {
    const { asked, findIssuers } = directory(upper);
    const path = await pathOf(alice, [root], [lower], { findIssuers });
    expect([complaints(path), asked]).toEqual([[], ['Lower']]);
  });

  test('are asked for beside one of the right name that leads nowhere', async () => {
    const stray = authority(authority(undefined, 'Elsewhere'), 'Lower');
    const { asked, findIssuers } = directory(upper, lower);
    const path = await pathOf(alice, [root], [stray], { findIssuers });
    expect([route(path), complaints(path)]).toEqual(['Alice < Lower < Upper <- Root', []]);
    expect(asked).toEqual(['Lower', 'Alice', 'Lower']);
  });

  test('are not asked for a certificate that signs itself', async () => {
    const { asked, findIssuers } = directory(root);
    const self = person(undefined, 'Self');
    const path = await pathOf(self, [root], [], { findIssuers });
    expect([complaints(path), asked]).toEqual([['root-untrusted: Self'], []]);
  });

  test('that are not found leave the path as it is', async () => {
    const { asked, findIssuers } = directory();
    const path = await pathOf(alice, [root], [], { findIssuers });
    expect([complaints(path), asked]).toEqual([['issuer-missing: Alice'], ['Alice']]);
  });

  test('of another name are not used', async () => {
    const path = await pathOf(alice, [root], [], { findIssuers: async () => [upper.certificate] });
    expect(complaints(path)).toEqual(['issuer-missing: Alice']);
  });

  test('are no roots for being looked up', async () => {
    const other = authority(undefined, 'Lower', { key: lower.key });
    const { findIssuers } = directory(other);
    expect(complaints(await pathOf(alice, [root], [], { findIssuers }))).toEqual(['root-untrusted: Lower']);
  });

  test('who cannot be asked fail the search with what was thrown', async () => {
    const findIssuers = async (): Promise<Certificate[]> => {
      throw new RangeError('offline');
    };
    await expect(pathOf(alice, [root], [], { findIssuers })).rejects.toThrow('offline');
  });
});
