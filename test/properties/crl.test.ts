import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derInteger } from '../../src/asn1/writer.js';
import { MailsealError } from '../../src/core/errors.js';
import { findPath } from '../../src/x509/find-path.js';
import { type CertificateList, parseCrl, parseCrls } from '../../src/x509/revocation/crl.js';
import { authority, nameOf, person } from '../support/chains.js';
import { crlEntry, crlOctets, crlOf, directoryName, Reason, uri } from '../support/crls.js';

const root = authority(undefined, 'Root');
const alice = person(root, 'Alice');
const at = new Date('2026-06-01T12:00:00Z');

/** Reads everything that a CRL says; what is damaged may throw a MailsealError and nothing else. */
function readAll(crl: CertificateList): void {
  const getters: (() => unknown)[] = [
    () => crl.issuer.normalized,
    () => crl.thisUpdate,
    () => crl.nextUpdate,
    () => crl.signature,
    () => crl.extensions,
    () => crl.crlNumber,
    () => crl.baseCrlNumber,
    () => crl.issuingDistributionPoint,
    () => crl.freshestCrl,
    () => crl.authorityKeyIdentifier,
    () => crl.expiredCertsOnCrl,
    () => crl.unknownCriticalExtensions,
    () => crl.entriesOf(alice.certificate.serialNumber),
  ];
  for (let n = 0; n < 5; n++) {
    getters.push(
      () => crl.entryAt(n)?.revocationDate,
      () => crl.entryAt(n)?.reason,
      () => crl.entryAt(n)?.invalidityDate,
      () => crl.entryAt(n)?.holdInstruction,
      () => crl.entryAt(n)?.certificateIssuer,
    );
  }
  for (const get of getters) orMailsealError(get);
}

function orMailsealError(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(MailsealError);
  }
}

const full = crlOctets(root, {
  number: 12,
  scope: {
    names: [uri('http://crl.example/'), directoryName(root.name)],
    indirect: true,
    reasons: ['keyCompromise'],
  },
  revoked: [
    { certificate: alice, reason: 'keyCompromise', invalidity: '2026-01-01T00:00:00Z' },
    { certificate: Uint8Array.of(1), issuer: nameOf('Other') },
  ],
});

describe('octets', () => {
  test('of any kind give a CRL or a MailsealError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        orMailsealError(() => parseCrls(octets).forEach(readAll));
        orMailsealError(() =>
          readAll(parseCrl(Uint8Array.of(0x30, 0x82, octets.length >> 8, octets.length & 255, ...octets))),
        );
      }),
    );
  });

  test('of a CRL with some of them changed, too, and a path is found or not with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(full.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const octets = full.slice();
          for (const [place, octet] of changes) octets[place] = octet;
          let crl: CertificateList | undefined;
          orMailsealError(() => {
            crl = parseCrl(octets);
            readAll(crl);
          });
          if (crl === undefined) return;
          const { revocation } = await findPath(alice.certificate, {
            roots: [root.certificate],
            at,
            revocation: { mode: 'require', crls: [crl] },
          });
          // It is for one reason only, so that it can revoke and never clear.
          expect(revocation[0]?.status).not.toBe('good');
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('what stands in a CRL is found, and nothing else', () => {
  const entry = fc.record({
    serial: fc.oneof(fc.bigInt({ min: -300n, max: 300n }), fc.bigInt({ min: 0n, max: 1n << 159n })),
    reason: fc.option(fc.constantFrom(...(Object.keys(Reason) as (keyof typeof Reason)[])), {
      nil: undefined,
    }),
  });
  const octetsOf = (serial: bigint) => derInteger(serial).subarray(2);
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: ({ serial }) => serial, maxLength: 40 }),
      fc.bigInt(-400n, 400n),
      (entries, stranger) => {
        const crl = crlOf(root, {
          entries: entries.map(({ serial, reason }) =>
            crlEntry({ certificate: octetsOf(serial), ...(reason === undefined ? {} : { reason }) }),
          ),
        });
        expect(crl.count).toBe(entries.length);
        for (const { serial, reason } of entries) {
          expect(crl.entriesOf(octetsOf(serial)).map((each) => each.reason)).toEqual([reason]);
        }
        const listed = entries.some(({ serial }) => serial === stranger);
        expect(crl.entriesOf(octetsOf(stranger)).length).toBe(listed ? 1 : 0);
      },
    ),
    { numRuns: 50 },
  );
});

test('CRLs of somebody else never change the answer, in whatever order they come', async () => {
  const impostor = authority(undefined, 'Root', { key: person(undefined, 'Impostor').key });
  const noise = [
    crlOf(impostor, { revoked: [alice], from: '2026-05-30T00:00:00Z' }),
    crlOf(impostor, { number: 9, base: 1, revoked: [alice], from: '2026-05-31T00:00:00Z' }),
    crlOf(root, { forged: true, revoked: [alice] }),
    crlOf(root, {
      forged: true,
      number: 8,
      base: 3,
      revoked: [{ certificate: alice, reason: 'removeFromCRL' }],
    }),
    crlOf(root, { entries: [derInteger(1)], forged: true }),
    crlOf(authority(undefined, 'Stranger'), { revoked: [alice] }),
    crlOf(root, { from: '2026-06-10T00:00:00Z', to: '2026-07-10T00:00:00Z', forged: true }),
  ];
  const cases = [
    { crl: crlOf(root, { number: 5 }), wanted: 'good' },
    { crl: crlOf(root, { number: 5, revoked: [alice] }), wanted: 'revoked' },
    {
      crl: crlOf(root, { number: 5, revoked: [{ certificate: alice, reason: 'certificateHold' }] }),
      wanted: 'on-hold',
    },
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(noise),
      fc.constantFrom(...cases),
      fc.nat(7),
      async (others, { crl, wanted }, place) => {
        const crls = others.toSpliced(place, 0, crl);
        const { revocation } = await findPath(alice.certificate, {
          roots: [root.certificate],
          at,
          revocation: { crls },
        });
        expect(revocation[0]?.status).toBe(wanted);
      },
    ),
  );
});
