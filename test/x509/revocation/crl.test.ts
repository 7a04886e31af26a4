import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { toDer } from '../../../src/asn1/to-der.js';
import { der, derInteger, derSequence, derTime } from '../../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { parseCrl, parseCrls } from '../../../src/x509/revocation/crl.js';
import { authority, extension, nameOf, person } from '../../support/chains.js';
import {
  crlEntry,
  crlOctets,
  crlOf,
  directoryName,
  freshestPoints,
  Reason,
  unknownExtension,
  uri,
} from '../../support/crls.js';

const root = authority(undefined, 'Root');
const alice = person(root, 'Alice');
const serial = (n: number): Uint8Array => derInteger(n).subarray(2);

describe('fields', () => {
  const crl = crlOf(root, {
    number: 4711,
    scope: {
      names: [uri('http://crl.example/a.crl')],
      only: 'users',
      reasons: ['keyCompromise'],
      indirect: true,
    },
    extensions: [freshestPoints({ names: [uri('http://crl.example/delta.crl')] })],
    revoked: [alice],
  });

  test('are read by name', () => {
    expect(crl.version).toBe(2);
    expect(`${crl.issuer}`).toBe('CN=Root');
    expect(crl.thisUpdate.toISOString()).toBe('2026-05-15T00:00:00.000Z');
    expect(crl.nextUpdate?.toISOString()).toBe('2026-06-15T00:00:00.000Z');
    expect([crl.crlNumber, crl.baseCrlNumber, crl.count]).toEqual([4711n, undefined, 1]);
    expect(crl.signatureAlgorithmsAgree).toBe(true);
    expect(crl.unknownCriticalExtensions).toEqual([]);
    expect(crl.freshestCrl.length).toBe(1);
    expect(crl.authorityKeyIdentifier?.keyIdentifier).toEqual(root.certificate.subjectKeyIdentifier);
    expect(crl.issuingDistributionPoint).toMatchObject({
      name: {
        kind: 'fullName',
        names: [{ kind: 'uniformResourceIdentifier', value: 'http://crl.example/a.crl' }],
      },
      onlyContainsUserCerts: true,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCrl: true,
      onlySomeReasons: new Set(['keyCompromise']),
    });
  });

  test('are left out in version 1', () => {
    const old = crlOf(root, { version: 1, to: null, revoked: [alice] });
    expect([old.version, old.nextUpdate, old.crlNumber, old.extensions.length]).toEqual([
      1,
      undefined,
      undefined,
      0,
    ]);
    expect(old.entriesOf(alice.certificate.serialNumber).length).toBe(1);
  });

  test('the base number makes a delta CRL', () => {
    expect(crlOf(root, { number: 7, base: 5 }).baseCrlNumber).toBe(5n);
  });

  test('expiredCertsOnCRL is read', () => {
    const since = extension('2.5.29.60', false, der(0x18, bytesFromLatin1('20200101000000Z')));
    expect(crlOf(root, { extensions: [since] }).expiredCertsOnCrl?.getUTCFullYear()).toBe(2020);
  });
});

describe('entries', () => {
  test('are found by serial number, with their extensions', () => {
    const crl = crlOf(root, {
      revoked: [
        { certificate: serial(1) },
        {
          certificate: serial(300),
          reason: 'keyCompromise',
          invalidity: '2026-01-02T03:04:05Z',
          date: '2026-03-01T00:00:00Z',
        },
        {
          certificate: serial(5),
          extensions: [
            extension('2.5.29.23', false, der(0x06, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x38, 2, 1))),
          ],
          reason: 'certificateHold',
        },
      ],
    });
    const [found, ...more] = crl.entriesOf(serial(300));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ reason: 'keyCompromise', certificateIssuer: undefined });
    expect(found?.revocationDate.toISOString()).toBe('2026-03-01T00:00:00.000Z');
    expect(found?.invalidityDate?.toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(crl.entriesOf(serial(1))[0]?.reason).toBeUndefined();
    expect(crl.entriesOf(serial(5))[0]?.holdInstruction).toBe('1.2.840.10040.2.1');
    expect(crl.entriesOf(serial(2))).toEqual([]);
    expect(crl.entriesOf(new Uint8Array())).toEqual([]);
  });

  test('all reasons have their names, unknown numbers none', () => {
    for (const [name, number] of Object.entries(Reason)) {
      const crl = crlOf(root, { revoked: [{ certificate: serial(9), reason: number }] });
      expect(crl.entriesOf(serial(9))[0]?.reason).toBe(name);
    }
    for (const number of [7, 11, 99]) {
      const crl = crlOf(root, { revoked: [{ certificate: serial(9), reason: number }] });
      expect(crl.entriesOf(serial(9))[0]?.reason).toBeUndefined();
    }
  });

  test('serial numbers are compared by value: negative, long, with octets that only repeat the sign', () => {
    const numbers = [
      [0x80],
      [0x00, 0x80],
      [0xff],
      [0x00],
      [0x7f],
      Array.from({ length: 20 }, (_, n) => n + 1),
    ];
    const crl = crlOf(root, { revoked: numbers.map((each) => ({ certificate: Uint8Array.from(each) })) });
    for (const each of numbers) expect(crl.entriesOf(Uint8Array.from(each)).length).toBe(1);
    expect(crl.entriesOf(Uint8Array.of(0xff, 0xff)).length).toBe(1);
    expect(crl.entriesOf(Uint8Array.of(0, 0, 0x7f)).length).toBe(1);
    expect(crl.entriesOf(Uint8Array.of(0, 0xff)).length).toBe(0);
    expect(crl.entriesOf(Uint8Array.of(0x81)).length).toBe(0);
  });

  test('the same serial number of several issuers gives several entries, in their order', () => {
    const [a, b] = [nameOf('A'), nameOf('B')];
    const crl = crlOf(root, {
      scope: { indirect: true },
      revoked: [
        { certificate: serial(1) },
        { certificate: serial(1), issuer: a },
        { certificate: serial(2) },
        { certificate: serial(1), issuer: b },
        { certificate: serial(3) },
      ],
    });
    const issuers = (n: number): (string | undefined)[] =>
      crl.entriesOf(serial(n)).map(({ certificateIssuer }) => {
        const name = certificateIssuer?.[0];
        return name?.kind === 'directoryName' ? `${name.value}` : undefined;
      });
    expect(issuers(1)).toEqual([undefined, 'CN=A', 'CN=B']);
    expect(issuers(2)).toEqual(['CN=A']);
    expect(issuers(3)).toEqual(['CN=B']);
    expect(Array.from({ length: 5 }, (_, n) => crl.entryAt(n)?.certificateIssuer?.length)).toEqual([
      undefined,
      1,
      1,
      1,
      1,
    ]);
    expect([crl.entryAt(5), crl.entryAt(-1), crl.entryAt(0.5)]).toEqual([undefined, undefined, undefined]);
  });

  test('critical extensions that are not known are named, wherever they stand', () => {
    const bad = {
      certificate: serial(77),
      reason: 'keyCompromise' as const,
      extensions: [unknownExtension(true)],
    };
    const good = Array.from({ length: 50 }, (_, n) => ({
      certificate: serial(n),
      extensions: [unknownExtension(false)],
    }));
    expect(crlOf(root, { revoked: good }).unknownCriticalExtensions).toEqual([]);
    expect(crlOf(root, { revoked: [...good, bad] }).unknownCriticalExtensions).toEqual(['1.2.3.4.5']);
    expect(crlOf(root, { extensions: [unknownExtension(true)] }).unknownCriticalExtensions).toEqual([
      '1.2.3.4.5',
    ]);
    expect(crlOf(root, { extensions: [unknownExtension(false)] }).unknownCriticalExtensions).toEqual([]);
    // Known ones may be critical.
    const criticalReason = extension('2.5.29.21', true, der(0x0a, Uint8Array.of(1)));
    expect(
      crlOf(root, { revoked: [{ certificate: serial(1), extensions: [criticalReason] }] })
        .unknownCriticalExtensions,
    ).toEqual([]);
  });

  test('are found in 5,000 by an index, each of them', () => {
    const revoked = Array.from({ length: 5000 }, (_, n) => ({ certificate: serial(n * 7919) }));
    const crl = crlOf(root, { revoked });
    expect(crl.count).toBe(5000);
    expect(revoked.every(({ certificate }) => crl.entriesOf(certificate).length === 1)).toBe(true);
    expect(crl.entriesOf(serial(3)).length).toBe(0);
  });
});

describe('BER', () => {
  /** A constructed element in the indefinite form, and those inside it. */
  const indefinite = (octets: Uint8Array): Uint8Array => {
    const node = readBer(octets);
    if (!node.constructed) return octets;
    const inside = node.children.map((child) => indefinite(child.bytes));
    return Buffer.concat([Uint8Array.of(node.identifier, 0x80), ...inside, Uint8Array.of(0, 0)]);
  };

  test('in indefinite lengths gives the same entries', () => {
    const octets = crlOctets(root, {
      revoked: [
        { certificate: serial(1), reason: 'superseded' },
        { certificate: serial(2), issuer: nameOf('A') },
      ],
    });
    const crl = parseCrl(indefinite(octets));
    expect([crl.count, crl.entriesOf(serial(1))[0]?.reason]).toEqual([2, 'superseded']);
    expect(crl.entriesOf(serial(2))[0]?.certificateIssuer?.length).toBe(1);
    expect(toDer(readBer(crl.bytes))).toEqual(octets);
  });

  test('one entry in the indefinite form is enough to be met', () => {
    const entry = Buffer.concat([
      Uint8Array.of(0x30, 0x80),
      derInteger(6),
      derTime(new Date('2026-01-01')),
      Uint8Array.of(0, 0),
    ]);
    const crl = crlOf(root, {
      entries: [crlEntry({ certificate: serial(5) }), entry, crlEntry({ certificate: serial(7) })],
    });
    expect([5, 6, 7, 8].map((n) => crl.entriesOf(serial(n)).length)).toEqual([1, 1, 1, 0]);
  });
});

describe('PEM', () => {
  const octets = crlOctets(root);

  test('one CRL, as text and as octets', () => {
    const pem = encodePem('X509 CRL', octets);
    expect(parseCrl(pem).bytes).toEqual(octets);
    expect(parseCrl(bytesFromLatin1(pem)).bytes).toEqual(octets);
    expect(parseCrl(Buffer.from(octets)).bytes).toEqual(octets);
  });

  test('several, with other blocks between them', () => {
    const pem =
      encodePem('X509 CRL', octets) +
      encodePem('CERTIFICATE', root.certificate.bytes) +
      encodePem('X509 CRL', crlOctets(root, { number: 2 }));
    expect(parseCrls(pem).map(({ crlNumber }) => crlNumber)).toEqual([undefined, 2n]);
  });

  test('none', () => {
    expect(parseCrls('')).toEqual([]);
    expect(() => parseCrl('')).toThrow(expect.objectContaining({ code: 'x509-malformed' }));
  });
});

describe('damage', () => {
  const refused = (entries: readonly Uint8Array[]): void => {
    expect(() => crlOf(root, { entries }).count).toThrow(expect.objectContaining({ name: 'MailsealError' }));
  };

  test('no CRL at all', () => {
    expect(() => parseCrl(root.certificate.bytes)).toThrow(
      expect.objectContaining({ name: 'MailsealError' }),
    );
    expect(() => parseCrl(derSequence())).toThrow(expect.objectContaining({ code: 'x509-malformed' }));
    expect(() => parseCrl(new Uint8Array())).toThrow(expect.objectContaining({ code: 'x509-malformed' }));
  });

  test('entries that are none', () => {
    refused([derInteger(1)]);
    refused([derSequence()]);
    refused([derSequence(derInteger(1))]);
    refused([derSequence(derInteger(1), derInteger(1))]);
    refused([derSequence(der(0x02, new Uint8Array()), derTime(new Date(0)))]);
    refused([derSequence(derInteger(1), derTime(new Date(0)), derInteger(1))]);
    refused([derSequence(derInteger(1), derTime(new Date(0)), derSequence(derInteger(1)))]);
    refused([derSequence(derInteger(1), derTime(new Date(0)), derSequence(), derSequence())]);
    refused([Uint8Array.of(0x30, 0x05, 0x02, 0x01, 0x01, 0x17, 0x7f)]);
  });

  test('extensions that stand twice, or in version 1, and numbers that cannot be', () => {
    const number = extension('2.5.29.20', false, derInteger(1));
    expect(() => crlOf(root, { extensions: [number, number] }).crlNumber).toThrow(/stands twice/);
    const huge = extension('2.5.29.20', false, der(0x02, new Uint8Array(100).fill(1)));
    expect(() => crlOf(root, { extensions: [huge] }).crlNumber).toThrow(/too large/);
    const negative = extension('2.5.29.20', false, derInteger(-1));
    expect(() => crlOf(root, { extensions: [negative] }).crlNumber).toThrow(/negative/);
  });

  test('a name as certificateIssuer is read only when asked for', () => {
    const broken = crlEntry({
      certificate: serial(1),
      extensions: [extension('2.5.29.29', true, derInteger(1))],
    });
    const crl = crlOf(root, { entries: [broken, crlEntry({ certificate: serial(2), issuer: nameOf('A') })] });
    expect(crl.count).toBe(2);
    expect(() => crl.entriesOf(serial(1))).toThrow(expect.objectContaining({ code: 'asn1-unexpected' }));
    expect(crl.entriesOf(serial(2)).length).toBe(1);
    expect(directoryName(nameOf('A')).length).toBeGreaterThan(2);
  });
});
