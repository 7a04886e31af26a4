import { sign } from 'node:crypto';
import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derInteger,
  derNull,
  derSequence,
  derTime,
} from '../../src/asn1/writer.js';
import { asBytes, type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import {
  authorityKeyIdentifier,
  type ChainKey,
  chainKey,
  extension,
  type Holder,
  keyIdentifier,
} from './chains.js';
import type { Draw } from './seeded.js';

/** A CRL as DER. */
export type RandomCrl = Bytes;

/** What a CRL says; the rest is good. */
export interface CrlSpec {
  readonly issuer: Holder;
  readonly key?: ChainKey;
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | null;
  readonly number: number;
  readonly entries: readonly Bytes[];
  readonly extensions?: readonly Bytes[];
  readonly forged?: boolean;
}

const good = { thisUpdate: '2026-05-15T00:00:00Z', nextUpdate: '2026-07-15T00:00:00Z' } as const;

/** Signs a CRL of version 2. */
export function writeCrl(spec: CrlSpec): Bytes {
  const key = spec.key ?? spec.issuer.key;
  const nextUpdate = spec.nextUpdate === undefined ? good.nextUpdate : spec.nextUpdate;
  const tbs = derSequence(
    derInteger(1),
    key.algorithm,
    spec.issuer.name,
    derTime(new Date(spec.thisUpdate ?? good.thisUpdate)),
    ...(nextUpdate === null ? [] : [derTime(new Date(nextUpdate))]),
    ...(spec.entries.length === 0 ? [] : [derSequence(...spec.entries)]),
    derExplicit(
      0,
      derSequence(
        authorityKeyIdentifier(keyIdentifier(spec.issuer.key)),
        extension('2.5.29.20', false, derInteger(spec.number)),
        ...(spec.extensions ?? []),
      ),
    ),
  );
  const signature = asBytes(sign(key.digest, tbs, key.privateKey));
  if (spec.forged === true) signature[signature.length - 1]! ^= 1;
  return derSequence(tbs, key.algorithm, derBitString(signature));
}

export function crlEntry(
  serial: Uint8Array,
  reason: number | undefined,
  more: readonly Bytes[] = [],
  date = '2026-05-01T00:00:00Z',
): Bytes {
  const list = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', false, der(0x0a, Uint8Array.of(reason)))]),
    ...more,
  ];
  return derSequence(
    der(0x02, serial),
    derTime(new Date(date)),
    ...(list.length === 0 ? [] : [derSequence(...list)]),
  );
}

/** issuingDistributionPoint with one flag: 1 for end entities only, 2 for authorities only. */
export function crlScope(flag: 1 | 2): Bytes {
  const only = derBoolean(true);
  only[0] = 0x80 | flag;
  return extension('2.5.29.28', true, derSequence(only));
}

/**
 * The CRLs of all authorities of a chain, some revoking the next certificate,
 * some of no use. What is odd is added to the traits.
 */
export function randomCrls(
  draw: Draw,
  authorities: readonly Holder[],
  leaf: Holder,
  traits: Set<string>,
): RandomCrl[] {
  const list: RandomCrl[] = [];
  const trait = (percent: number, name: string): boolean => {
    const has = draw(100) < percent;
    if (has) traits.add(name);
    return has;
  };
  authorities.forEach((issuer, level) => {
    const subject = authorities[level + 1] ?? leaf;
    const { serialNumber } = subject.certificate;
    const others = Array.from({ length: draw(4) }, () =>
      crlEntry(Uint8Array.of(0x55, draw(256), draw(256)), draw(7)),
    );
    const entries: Bytes[] = [...others];
    if (trait(5, 'revoked')) {
      const date = trait(15, 'revocation date in the future') ? '2026-08-01T00:00:00Z' : undefined;
      const unknown = trait(8, 'unknown critical extension of an entry')
        ? [extension('1.2.3.6', true, derNull())]
        : [];
      entries.push(crlEntry(serialNumber, [undefined, 1, 3, 4, 6][draw(5)], unknown, date));
    }
    if (trait(3, 'CRL missing')) return;
    const base = { issuer, number: 10, entries };
    if (trait(2, 'CRL out of date')) list.push(writeCrl({ ...base, nextUpdate: '2026-05-20T00:00:00Z' }));
    else if (trait(2, 'CRL not yet valid'))
      list.push(writeCrl({ ...base, thisUpdate: '2026-06-10T00:00:00Z' }));
    else if (trait(2, 'CRL without nextUpdate')) list.push(writeCrl({ ...base, nextUpdate: null }));
    else if (trait(4, 'CRL forged')) list.push(writeCrl({ ...base, forged: true }));
    else if (trait(2, 'CRL by another key'))
      list.push(writeCrl({ ...base, key: chainKey('random stranger') }));
    else if (trait(2, 'CRL with an unknown critical extension')) {
      list.push(writeCrl({ ...base, extensions: [extension('1.2.3.7', true, derNull())] }));
    } else if (trait(6, 'CRL for a part')) {
      // Both parts are there more often than not.
      const users = writeCrl({ ...base, extensions: [crlScope(1)] });
      const cas = writeCrl({ ...base, number: 11, extensions: [crlScope(2)] });
      const parts = [[users, cas], [cas, users], [users], [cas]][draw(4)]!;
      list.push(...parts);
    } else if (trait(4, 'CRLs divided by reason')) {
      // keyCompromise in the one, all other reasons in the other; now and then only one of them is there.
      const only = (first: number, second: number): Bytes =>
        extension('2.5.29.28', true, derSequence(der(0x83, Uint8Array.of(7, first, second))));
      const one = writeCrl({ ...base, extensions: [only(0x40, 0)] });
      const other = writeCrl({ ...base, number: 11, entries: others, extensions: [only(0x3f, 0x80)] });
      list.push(...[[one, other], [other, one], [one], [other]][draw(4)]!);
    } else if (trait(8, 'CRL of a distribution point')) {
      const full = (uri: string): Bytes => derExplicit(0, der(0xa0, der(0x86, bytesFromLatin1(uri))));
      list.push(
        writeCrl({
          ...base,
          extensions: [extension('2.5.29.28', true, derSequence(full('http://a.jp/crl')))],
        }),
      );
    } else if (trait(9, 'delta CRL')) {
      // RFC 5280 §5.2.6: where the delta is.
      const point = derSequence(derExplicit(0, der(0xa0, der(0x86, bytesFromLatin1('http://a.jp/delta')))));
      const announced = !trait(40, 'delta CRL that the base does not name');
      const freshest = announced ? [extension('2.5.29.46', false, derSequence(point))] : [];
      list.push(writeCrl({ ...base, extensions: freshest }));
      const change = draw(3);
      const changes = [
        crlEntry(serialNumber, 1),
        crlEntry(serialNumber, 8),
        crlEntry(Uint8Array.of(9, 9), 1),
      ][change]!;
      if (change === 0) traits.add('revoked by the delta');
      if (change === 1) traits.add('removed by the delta');
      const indicator = extension(
        '2.5.29.27',
        true,
        derInteger(10 + (trait(10, 'delta to a later base') ? 1 : 0)),
      );
      list.push(
        writeCrl({
          issuer,
          number: 12,
          entries: [changes],
          thisUpdate: '2026-05-25T00:00:00Z',
          extensions: [indicator],
        }),
      );
    } else if (trait(4, 'two CRLs')) {
      // The newer one has all entries or none.
      list.push(writeCrl({ issuer, number: 9, entries: others, thisUpdate: '2026-05-10T00:00:00Z' }));
      list.push(writeCrl(base));
      if (draw(2) === 0) list.reverse();
    } else list.push(writeCrl(base));
  });
  return list;
}
