import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { derBitString, derInteger, derNull, derOid, derSequence } from '../../../src/asn1/writer.js';
import type { MailsealError } from '../../../src/core/errors.js';
import { type PublicKey, parsePublicKey, withDsaParameters } from '../../../src/crypto/keys/public-key.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { plain } from '../support.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const rsaSpki = plain(rsa.export({ format: 'der', type: 'spki' }));
const rsaEncryption = derSequence(derOid('1.2.840.113549.1.1.1'), derNull());
const ecPublicKey = derOid('1.2.840.10045.2.1');

function refusal(spki: Uint8Array): MailsealError {
  try {
    parsePublicKey(spki);
  } catch (error) {
    return error as MailsealError;
  }
  throw new Error('it was read');
}

function rsaKey(modulus: bigint, exponent: bigint): Uint8Array {
  return derSequence(rsaEncryption, derBitString(derSequence(derInteger(modulus), derInteger(exponent))));
}

describe('RSA', () => {
  test('modulus, exponent, bits and the PKCS#1 form', () => {
    const key = parsePublicKey(rsaSpki);
    if (key.kind !== 'rsa') throw new Error(key.kind);
    const jwk = rsa.export({ format: 'jwk' });
    expect(Buffer.from(key.modulus).toString('base64url')).toBe(jwk.n);
    expect(encodeHex(key.exponent)).toBe('010001');
    expect(key.bits).toBe(2048);
    expect(key.pssOnly).toBe(false);
    expect(encodeHex(key.pkcs1)).toBe(rsa.export({ format: 'der', type: 'pkcs1' }).toString('hex'));
    // A view of the caller's octets, not a copy.
    expect(key.pkcs1.buffer).toBe(rsaSpki.buffer);
  });

  test('BER and padded integers come out as DER', () => {
    const key = parsePublicKey(rsaSpki);
    if (key.kind !== 'rsa') throw new Error(key.kind);
    const padded = Uint8Array.of(0x02, 0x05, 0, 0, 1, 0, 1);
    const inside = derSequence(derInteger(key.modulus), padded);
    const indefinite = Uint8Array.of(0x30, 0x80, ...rsaEncryption, ...derBitString(inside), 0, 0);
    const again = parsePublicKey(indefinite);
    expect(again.kind === 'rsa' && encodeHex(again.pkcs1)).toBe(encodeHex(key.pkcs1));
  });

  test('a key for PSS only, with and without restrictions', () => {
    const free = generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).publicKey;
    const bound = generateKeyPairSync('rsa-pss', {
      modulusLength: 1024,
      hashAlgorithm: 'sha384',
      mgf1HashAlgorithm: 'sha256',
      // Node's types say string, Node itself wants a number.
      saltLength: 17 as unknown as string,
    }).publicKey;
    expect(parsePublicKey(free.export({ format: 'der', type: 'spki' }))).toMatchObject({ pssOnly: true });
    expect(parsePublicKey(free.export({ format: 'der', type: 'spki' }))).not.toHaveProperty('pssParameters');
    expect(parsePublicKey(bound.export({ format: 'der', type: 'spki' }))).toMatchObject({
      pssOnly: true,
      pssParameters: { digest: 'sha384', mgfDigest: 'sha256', saltLength: 17 },
    });
  });

  const odd = (bits: number): bigint => (1n << BigInt(bits - 1)) + 1n;
  test.each<[string, bigint, bigint, string]>([
    ['an even modulus', odd(2048) - 1n, 65537n, 'crypto-key-malformed'],
    ['modulus 1', 1n, 65537n, 'crypto-key-malformed'],
    ['modulus 0', 0n, 65537n, 'crypto-key-malformed'],
    ['a negative modulus', -odd(2048), 65537n, 'crypto-key-malformed'],
    ['511 bits', odd(511), 65537n, 'crypto-key-malformed'],
    ['exponent 1', odd(2048), 1n, 'crypto-key-malformed'],
    ['exponent 0', odd(2048), 0n, 'crypto-key-malformed'],
    ['an even exponent', odd(2048), 65536n, 'crypto-key-malformed'],
    ['an exponent longer than the modulus', odd(512), odd(513), 'crypto-key-malformed'],
    ['16,385 bits', odd(16_385), 65537n, 'crypto-unsupported'],
    ['an exponent of 257 bits', odd(2048), odd(257), 'crypto-unsupported'],
    ['an exponent of 65 bits at 3,073', odd(3073), odd(65), 'crypto-unsupported'],
  ])('%s is refused', (_, modulus, exponent, code) => {
    expect(refusal(rsaKey(modulus, exponent)).code).toBe(code);
  });

  test('the largest that are taken', () => {
    expect(parsePublicKey(rsaKey(odd(16_384), odd(64)))).toMatchObject({ bits: 16_384 });
    expect(parsePublicKey(rsaKey(odd(3072), odd(256)))).toMatchObject({ bits: 3072 });
  });
});

describe('EC', () => {
  test.each([
    ['secp224r1', 'P-224', 57],
    ['prime256v1', 'P-256', 65],
    ['secp384r1', 'P-384', 97],
    ['secp521r1', 'P-521', 133],
    ['brainpoolP256r1', 'brainpoolP256r1', 65],
    ['brainpoolP384r1', 'brainpoolP384r1', 97],
    ['brainpoolP512r1', 'brainpoolP512r1', 129],
  ])('%s', (namedCurve, curve, length) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    const key = parsePublicKey(publicKey.export({ format: 'der', type: 'spki' }));
    expect(key).toMatchObject({ kind: 'ec', curve });
    expect(key.kind === 'ec' && key.point.length).toBe(length);
  });

  test('explicit parameters and unknown curves are not supported, and the OID is named', () => {
    const explicit = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      paramEncoding: 'explicit',
    }).publicKey;
    expect(refusal(explicit.export({ format: 'der', type: 'spki' })).code).toBe('crypto-unsupported');
    const unknown = refusal(
      derSequence(derSequence(ecPublicKey, derOid('1.3.132.0.1')), derBitString(new Uint8Array(43))),
    );
    expect(unknown.code).toBe('crypto-unsupported');
    expect(unknown.message).toContain('1.3.132.0.1');
  });

  test.each([
    ['infinity', 0, 1],
    ['the hybrid form', 6, 65],
    ['too short', 4, 64],
    ['too long', 4, 66],
    ['a compressed one too long', 2, 34],
    ['nothing', 4, 0],
  ])('%s is no point', (_, form, length) => {
    const point = new Uint8Array(length);
    if (length > 0) point[0] = form;
    const p256 = derSequence(ecPublicKey, derOid('1.2.840.10045.3.1.7'));
    expect(refusal(derSequence(p256, derBitString(point))).code).toBe('crypto-key-malformed');
  });
});

test.each(['ed25519', 'ed448', 'x25519', 'x448'] as const)('%s', (kind) => {
  // The overloads of generateKeyPairSync take one literal each.
  const { publicKey } = generateKeyPairSync(kind as 'ed25519');
  const spki = plain(publicKey.export({ format: 'der', type: 'spki' }));
  const key = parsePublicKey(spki);
  expect(key).toMatchObject({ kind });
  expect('key' in key && encodeHex(key.key)).toBe(encodeHex(spki.subarray(12)));
  const short = derSequence(
    derSequence(
      derOid(
        { ed25519: '1.3.101.112', ed448: '1.3.101.113', x25519: '1.3.101.110', x448: '1.3.101.111' }[kind],
      ),
    ),
    derBitString(new Uint8Array(31)),
  );
  expect(refusal(short).code).toBe('crypto-key-malformed');
});

describe('DSA', () => {
  const { publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const spki = plain(publicKey.export({ format: 'der', type: 'spki' }));
  const idDsa = derOid('1.2.840.10040.4.1');

  test('its parameters', () => {
    const key = parsePublicKey(spki);
    if (key.kind !== 'dsa') throw new Error(key.kind);
    expect(key.parameters?.p.length).toBe(128);
    expect(key.parameters?.q.length).toBe(20);
  });

  test('inherited parameters, absent or NULL', () => {
    const issuer = parsePublicKey(spki);
    if (issuer.kind !== 'dsa') throw new Error(issuer.kind);
    for (const algorithm of [derSequence(idDsa), derSequence(idDsa, derNull())]) {
      const key = parsePublicKey(derSequence(algorithm, derBitString(derInteger(issuer.y))));
      expect(key).not.toHaveProperty('parameters');
      expect(withDsaParameters(key, issuer)).toEqual(issuer);
      expect(withDsaParameters(key, parsePublicKey(rsaSpki))).toBe(key);
    }
    expect(withDsaParameters(issuer, issuer)).toBe(issuer);
  });

  test('other subgroups, and numbers that do not fit, are refused', () => {
    const make = (p: bigint, q: bigint, g: bigint, y: bigint): Uint8Array =>
      derSequence(
        derSequence(idDsa, derSequence(derInteger(p), derInteger(q), derInteger(g))),
        derBitString(derInteger(y)),
      );
    const p = (1n << 1023n) + 1n;
    const q = (1n << 159n) + 1n;
    expect(refusal(make(p, q << 3n, 2n, 2n)).code).toBe('crypto-unsupported');
    expect(refusal(make(p + 1n, q, 2n, 2n)).code).toBe('crypto-key-malformed');
    expect(refusal(make(p, q, p << 1n, 2n)).code).toBe('crypto-key-malformed');
    expect(refusal(make(p << 8_000n, q, 2n, 2n)).code).toBe('crypto-unsupported');
    expect(refusal(make(p, q, 2n, p << 8_000n)).code).toBe('crypto-unsupported');
  });
});

test('every octet of a key cut off or changed gives a key or a MailsealError', () => {
  let read = 0;
  for (let at = 0; at < rsaSpki.length; at++) {
    for (const octets of [rsaSpki.subarray(0, at), rsaSpki.with(at, rsaSpki[at]! ^ 0x55)]) {
      let key: PublicKey | undefined;
      try {
        key = parsePublicKey(octets);
      } catch (error) {
        expect((error as MailsealError).name).toBe('MailsealError');
      }
      if (key !== undefined) read++;
    }
  }
  // Changes inside the modulus leave a key; nothing that is cut off does.
  expect(read).toBeGreaterThan(200);
  expect(read).toBeLessThan(rsaSpki.length);
});

test('a fault inside the BIT STRING is placed at it', () => {
  const error = refusal(derSequence(rsaEncryption, derBitString(derSequence(derInteger(3n)).subarray(0, 4))));
  expect(error).toMatchObject({ code: 'crypto-key-malformed', offset: 2 + rsaEncryption.length });
});

test('an unknown algorithm is named', () => {
  const error = refusal(
    derSequence(derSequence(derOid('1.2.840.113549.1.3.1')), derBitString(new Uint8Array(8))),
  );
  expect(error.code).toBe('crypto-unsupported');
  expect(error.message).toContain('1.2.840.113549.1.3.1');
});
