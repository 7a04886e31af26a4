import { describe, expect, test } from 'vitest';
import { derInteger, derOctetString, derOid, derSequence } from '../../../src/asn1/writer.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { Derivations } from '../../../src/crypto/passwords/password-derivations.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, rejection } from '../support.js';

describe('PBES1', () => {
  for (const [name, arc] of [
    ['MD5 and DES', 3],
    ['MD5 and RC2', 6],
    ['SHA-1 and DES', 10],
    ['SHA-1 and RC2', 11],
  ] as const) {
    test(`of ${name}: a wrong password of a file at the limit is a wrong password`, async () => {
      const parameters = derSequence(derOctetString(octetsOf(8)), derInteger(100));
      const algorithm = derSequence(derOid(`1.2.840.113549.1.5.${arc}`), parameters);
      const file = derSequence(algorithm, derOctetString(octetsOf(48)));
      for (const password of ['x', '合言葉']) {
        const codeAt = async (iterations: number): Promise<string> =>
          (await rejection(parsePrivateKey(file, { password, limits: { iterations } }))).code;
        expect(await codeAt(100)).toBe('crypto-password-wrong');
        expect(await codeAt(99)).toBe('limit-iterations');
      }
    });
  }
});

test('equal derivations are made once, and passwords of equal octets are one', async () => {
  const derivations = new Derivations({}, 10);
  const asked = { digest: 'md5', salt: octetsOf(8), iterations: 10 } as const;
  const first = await derivations.pbkdf1(Uint8Array.of(1, 2), asked);
  expect(await derivations.pbkdf1(Uint8Array.of(1, 2), asked)).toBe(first);
  const other = await rejection(
    (async () => derivations.pbkdf1(Uint8Array.of(1, 2), { ...asked, salt: octetsOf(9) }))(),
  );
  expect(other.code).toBe('limit-iterations');
  expect(encodeHex(await derivations.pbkdf1(Uint8Array.of(3), asked))).not.toBe(encodeHex(first));
});

test('a salt has 1,024 octets at most, whatever the derivation', async () => {
  const password = Uint8Array.of(1, 2);
  const ways = {
    pbkdf1: (made, salt) => made.pbkdf1(password, { digest: 'sha1', salt, iterations: 1 }),
    pbkdf2: (made, salt) => made.pbkdf2(password, { digest: 'sha256', salt, iterations: 1, length: 16 }),
    pkcs12: (made, salt) =>
      made.pkcs12({ digest: 'sha1', purpose: 'key', password, salt, iterations: 1, length: 16 }),
    scrypt: (made, salt) =>
      made.scrypt(password, { salt, cost: 2, blockSize: 1, parallelization: 1, length: 16 }),
  } satisfies Record<string, (made: Derivations, salt: ReturnType<typeof octetsOf>) => Promise<Uint8Array>>;
  for (const derive of Object.values(ways)) {
    const made = new Derivations({}, 100);
    expect((await derive(made, octetsOf(1024))).length).toBeGreaterThan(15);
    const refused = await rejection((async () => derive(made, octetsOf(1025)))());
    expect(refused.code).toBe('crypto-unsupported');
  }
});
