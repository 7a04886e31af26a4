import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { derSequence } from '../../../src/asn1/writer.js';
import { MailsealError } from '../../../src/core/errors.js';
import type { PublicKey } from '../../../src/crypto/keys/public-key.js';
import { findPathSharing } from '../../../src/x509/find-path.js';
import { pathWork, spendCheck } from '../../../src/x509/path/path-work.js';
import { parseCrl } from '../../../src/x509/revocation/crl.js';
import {
  authority,
  authorityExtensions,
  chainKey,
  type Holder,
  keyIdentifier,
  person,
  subjectKeyIdentifier,
} from '../../support/chains.js';
import { crlOctets } from '../../support/crls.js';
import { at, complaints, pathOf } from '../support.js';

function rsa(bits: number, exponentOctets: number): PublicKey {
  return {
    kind: 'rsa',
    modulus: new Uint8Array(bits / 8),
    exponent: new Uint8Array(exponentOctets),
    bits,
    pkcs1: new Uint8Array(),
    pssOnly: false,
  };
}

function dsa(p: number, q: number): PublicKey {
  const parameters = { p: new Uint8Array(p / 8), q: new Uint8Array(q / 8), g: new Uint8Array(p / 8) };
  return { kind: 'dsa', y: new Uint8Array(p / 8), parameters };
}

/** What a check with a key takes from the work that is left. */
function cost(key: PublicKey | undefined, signature: Uint8Array): number {
  const work = pathWork(100);
  expect(spendCheck(work, key, signature)).toBe(true);
  return 100 - work.signatureChecks;
}

describe('a signature check costs', () => {
  test.each([
    ['RSA with 2,048 bits', rsa(2048, 3), 1],
    ['RSA with 4,096 bits', rsa(4096, 3), 1],
    ['RSA with 4,096 bits and the longest exponent', rsa(4096, 8), 1],
    ['RSA with 8,192 bits', rsa(8192, 3), 2],
    ['RSA with 16,384 bits', rsa(16_384, 3), 6],
    ['RSA with 16,384 bits and the longest exponent', rsa(16_384, 8), 16],
    ['RSA with 3,072 bits and the longest exponent', rsa(3072, 32), 3],
    ['DSA with 1,024 bits', dsa(1024, 160), 1],
    ['DSA with 4,096 bits', dsa(4096, 256), 8],
  ] as const)('what its key asks for: %s', (_, key, expected) => {
    const octets = key.kind === 'rsa' ? key.bits / 8 : 64;
    expect(cost(key, new Uint8Array(octets))).toBe(expected);
  });

  test('one, where the signature has not the length of the modulus, or there is no key', () => {
    expect(cost(rsa(16_384, 8), new Uint8Array(256))).toBe(1);
    expect(cost(undefined, new Uint8Array(256))).toBe(1);
  });

  test('nothing more, once there is not enough left', () => {
    const work = pathWork(15);
    expect(spendCheck(work, rsa(16_384, 8), new Uint8Array(2048))).toBe(false);
    expect(spendCheck(work, rsa(2048, 3), new Uint8Array(256))).toBe(false);
    expect(work.revocation.signatureChecks).toBe(15);
  });
});

const root = authority(undefined, 'Root');
const middle = authority(root, 'Middle');
const alice = person(middle, 'Alice');
const bob = person(middle, 'Bob');
const options = { roots: [root.certificate], pool: [middle.certificate], at };

describe('searches that share their work', () => {
  test('check a signature once', async () => {
    const work = pathWork(3);
    expect(complaints(await findPathSharing(alice.certificate, options, work))).toEqual([]);
    expect(complaints(await findPathSharing(bob.certificate, options, work))).toEqual([]);
    expect(work.signatureChecks).toBe(0);
    expect(complaints(await findPathSharing(alice.certificate, options, work))).toEqual([]);
  });

  test('check a signature once whose key inherits its parameters', async () => {
    const key = chainKey('dsa', 'dsa');
    const [algorithm, bits] = readBer(key.spki).children;
    const bare = derSequence(derSequence(algorithm!.children[0]!.bytes), bits!.bytes);
    const top = authority(undefined, 'DSA Root', { key });
    const heir = authority(top, 'Heir', { key, spki: bare });
    const leaf = person(heir, 'Leaf');
    const work = pathWork(2);
    const given = { roots: [top.certificate], pool: [heir.certificate], at };
    for (let i = 0; i < 3; i++)
      expect(complaints(await findPathSharing(leaf.certificate, given, work))).toEqual([]);
  });

  test('end together', async () => {
    const work = pathWork(2);
    expect(complaints(await findPathSharing(alice.certificate, options, work))).toEqual([]);
    expect(complaints(await findPathSharing(bob.certificate, options, work))).toEqual(['search-limit: Bob']);
  });
});

describe('forged authorities that use up the work of the search', () => {
  const forgedBy = (count: number): Holder[] =>
    Array.from({ length: count }, (_, i) =>
      authority(authority(undefined, 'Root', { key: chainKey('forger', 'ed25519') }), 'Middle', {
        key: chainKey(`forged ${i}`, 'ed25519'),
        extensions: [...authorityExtensions(), subjectKeyIdentifier(keyIdentifier(middle.key))],
        keyIdentifiers: false,
      }),
    );
  const forged = forgedBy(63);
  const crls = [
    parseCrl(crlOctets(middle, { revoked: [{ certificate: alice }] })),
    parseCrl(crlOctets(root)),
  ];
  const revocation = { crls };

  test.each([60, 62])('leave the CRLs read: %i', async (count) => {
    for (const mode of ['check', 'require'] as const) {
      const path = await pathOf(alice, [root], [...forged.slice(0, count), middle], {
        revocation: { ...revocation, mode },
      });
      expect(complaints(path)).toEqual(['revoked: Alice']);
    }
  });

  test('or the path unfound', async () => {
    const path = await pathOf(alice, [root], [...forged, middle], { revocation });
    expect(complaints(path)[0]).toBe('search-limit: Middle');
  });
});

// What could not be looked at for want of work is not the same as a CRL of nobody's.
test.each([
  [3, 'revoked: Alice'],
  [2, 'search-limit: Alice'],
])(
  'no CRL is left unread in silence whose signer has a path of his own: %i checks',
  async (checks, expected) => {
    const newer = authority(root, 'Middle', { key: chainKey('newer') });
    const path = await pathOf(alice, [root], [middle, newer], {
      maxSignatureChecks: checks,
      revocation: { crls: [parseCrl(crlOctets(newer, { revoked: [{ certificate: alice }] }))] },
    });
    expect(complaints(path)).toEqual([expected]);
  },
);

describe('the caller’s signal', () => {
  test('ends a search', async () => {
    const controller = new AbortController();
    controller.abort('no longer wanted');
    const failure = await pathOf(alice, [root], [middle], { signal: controller.signal }).catch((e) => e);
    expect(failure).toBeInstanceOf(MailsealError);
    expect(failure).toMatchObject({ code: 'aborted', fault: 'usage', cause: 'no longer wanted' });
  });

  test('is asked before each signature check', async () => {
    let asked = 0;
    const signal = {
      get aborted(): boolean {
        return asked++ >= 2;
      },
    };
    await expect(pathOf(alice, [root], [middle], { signal })).rejects.toMatchObject({ code: 'aborted' });
    asked = Number.NEGATIVE_INFINITY;
    expect(complaints(await pathOf(alice, [root], [middle], { signal }))).toEqual([]);
  });
});
