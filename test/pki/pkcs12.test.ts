import { describe, expect, test } from 'vitest';
import { Tag } from '../../src/asn1/reader.js';
import {
  der,
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
} from '../../src/asn1/writer.js';
import { encryptPrivateKey } from '../../src/crypto/keys/encrypted-private-key.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { Pkcs12Oid } from '../../src/pki/pkcs12/pkcs12-oids.js';
import { Certificate } from '../../src/x509/certificate/certificate.js';
import { rejection } from '../crypto/support.js';
import { cheapestOf } from '../support/cpu-time.js';
import { issue, testKey } from '../support/pki.js';
import { macOver } from './pkcs12-support.js';

type Octets = Uint8Array<ArrayBuffer>;

const data = derOid(Pkcs12Oid.data);

/** A PFX over SafeContents that are not encrypted, with no MAC or the one that is given. */
function pfx(bags: readonly Octets[], macData?: Octets): Octets {
  const part = derSequence(data, derExplicit(0, derOctetString(derSequence(...bags))));
  return pfxOfParts([part], macData);
}

function pfxOfParts(parts: readonly Octets[], macData?: Octets): Octets {
  const authSafe = derSequence(data, derExplicit(0, derOctetString(derSequence(...parts))));
  return derSequence(derInteger(3), authSafe, ...(macData === undefined ? [] : [macData]));
}

function bag(oid: string, value: Octets, ...attributes: Octets[]): Octets {
  const set = attributes.length === 0 ? [] : [derSetOf(...attributes)];
  return derSequence(derOid(oid), derExplicit(0, value), ...set);
}

function typed(oid: string, type: string, value: Octets, ...attributes: Octets[]): Octets {
  return bag(oid, derSequence(derOid(type), derExplicit(0, value)), ...attributes);
}

function localKeyId(octet: number): Octets {
  return derSequence(derOid(Pkcs12Oid.localKeyId), derSetOf(derOctetString(Uint8Array.of(octet))));
}

const taro = issue({ name: 'Taro', key: testKey('p256', 'pkcs12 taro') });
const jiro = issue({ name: 'Jiro', key: testKey('p256', 'pkcs12 jiro') });
const certificateBag = (octets: Octets, ...attributes: Octets[]): Octets =>
  typed(Pkcs12Oid.certBag, Pkcs12Oid.x509Certificate, derOctetString(octets), ...attributes);

const hmacMac = (iterations: number | bigint): Octets =>
  derSequence(
    derSequence(derSequence(derOid('1.3.14.3.2.26'), derNull()), derOctetString(new Uint8Array(20))),
    derOctetString(new Uint8Array(8)),
    derInteger(iterations),
  );

function pbkdf2(iterations: number | bigint, keyLength?: number | bigint): Octets {
  const length = keyLength === undefined ? [] : [derInteger(keyLength)];
  const parameters = derSequence(derOctetString(new Uint8Array(8)), derInteger(iterations), ...length);
  return derSequence(derOid('1.2.840.113549.1.5.12'), parameters);
}

function pbmac1(kdf: Octets): Octets {
  const scheme = derSequence(derOid('1.2.840.113549.2.9'), derNull());
  const algorithm = derSequence(derOid(Pkcs12Oid.pbmac1), derSequence(kdf, scheme));
  return derSequence(
    derSequence(algorithm, derOctetString(new Uint8Array(32))),
    derOctetString(new Uint8Array(8)),
  );
}

function pbes2(kdf: Octets): Octets {
  const aes = derSequence(derOid('2.16.840.1.101.3.4.1.42'), derOctetString(new Uint8Array(16)));
  return derSequence(derOid('1.2.840.113549.1.5.13'), derSequence(kdf, aes));
}

function scrypt(cost: number | bigint, r: number, p: number): Octets {
  const parameters = derSequence(
    derOctetString(new Uint8Array(8)),
    derInteger(cost),
    derInteger(r),
    derInteger(p),
  );
  return derSequence(derOid('1.3.6.1.4.1.11591.4.11'), parameters);
}

const shrouded = (algorithm: Octets): Octets =>
  bag(Pkcs12Oid.shroudedKeyBag, derSequence(algorithm, derOctetString(new Uint8Array(32))));

async function codeOf(file: Octets, options: Parameters<typeof parsePkcs12>[1] = { password: 'x' }) {
  return (await rejection(parsePkcs12(file, options))).code;
}

describe('keys and their certificates', () => {
  const keyBag = (octets: Octets, ...attributes: Octets[]): Octets =>
    bag(Pkcs12Oid.keyBag, octets, ...attributes);
  const generated = async (): Promise<Octets> =>
    (await generateKeyPair({ kind: 'ec', curve: 'P-256' })).privateKey.pkcs8;

  test('belong together by the public key, whatever the localKeyId says', async () => {
    const file = pfx([
      keyBag(await generated(), localKeyId(1)),
      certificateBag(taro.certificate.bytes, localKeyId(1)),
      certificateBag(jiro.certificate.bytes, localKeyId(2)),
    ]);
    const { keys, certificates, integrity } = await parsePkcs12(file);
    expect(integrity).toEqual({ kind: 'none' });
    expect(keys[0]!.certificate).toBeUndefined();
    expect(keys[0]!.localKeyId).toEqual(Uint8Array.of(1));
    expect(certificates.length).toBe(2);
  });

  test('of several certificates for one key, that with the same localKeyId is taken', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    if (privateKey.kind !== 'ed25519') throw new Error('no Ed25519 key');
    const old = selfMade(privateKey.publicKey.key, 'Old');
    const renewed = selfMade(privateKey.publicKey.key, 'Renewed');
    const bags = [certificateBag(old, localKeyId(1)), certificateBag(renewed, localKeyId(2))];
    for (const [id, name] of [
      [1, 'Old'],
      [2, 'Renewed'],
      [3, 'Old'],
    ] as const) {
      const { keys } = await parsePkcs12(pfx([...bags, keyBag(privateKey.pkcs8, localKeyId(id))]));
      expect(keys[0]!.certificate?.subject.commonName).toBe(name);
    }
  });

  test('what cannot be read stands in others and keeps nobody from the rest', async () => {
    const secret = new Uint8Array(40).fill(0x5e);
    const file = pfx([
      keyBag(derSequence(derInteger(0), derSequence(derOid('1.2.3.4')), derOctetString(secret))),
      keyBag(derSequence(derInteger(0), derSequence(derOid('1.3.101.112')), derOctetString(secret))),
      bag('1.2.3.5', derOctetString(secret)),
      typed(Pkcs12Oid.certBag, '1.2.840.113549.1.9.22.2', derOctetString(secret)),
      certificateBag(derOctetString(secret)),
      keyBag(await generated()),
    ]);
    const { keys, certificates, others } = await parsePkcs12(file);
    expect([keys.length, certificates.length]).toEqual([1, 0]);
    expect(others.map(({ bag: oid, problem }) => [oid, problem.code])).toEqual([
      [Pkcs12Oid.keyBag, 'crypto-unsupported'],
      [Pkcs12Oid.keyBag, 'crypto-key-malformed'],
      ['1.2.3.5', 'crypto-unsupported'],
      [Pkcs12Oid.certBag, 'crypto-unsupported'],
      [Pkcs12Oid.certBag, others[4]!.problem.code],
    ]);
    expect(others[4]!.problem.code).toMatch(/^(?:x509|pki)-malformed$/);
    for (const { problem } of others)
      expect(`${problem.message} ${problem.cause ?? ''}`).not.toMatch(/5e|94,/i);
    expect(JSON.stringify(others)).not.toContain('94');
  });

  test('bags in a bag and attributes of any kind are read', async () => {
    const attribute = derSequence(
      derOid('1.3.6.1.4.1.311.17.1'),
      derSetOf(der(Tag.BmpString, Uint8Array.of(0, 0x43))),
    );
    const inner = bag(
      Pkcs12Oid.safeContentsBag,
      derSequence(certificateBag(taro.certificate.bytes, attribute)),
    );
    const { certificates } = await parsePkcs12(pfx([bag(Pkcs12Oid.safeContentsBag, derSequence(inner))]));
    const [first] = certificates;
    expect(first?.certificate.subject.commonName).toBe('Taro');
    expect(
      first?.attributes.map(({ oid, values }) => [oid, values.map((value) => encodeHex(value))]),
    ).toEqual([['1.3.6.1.4.1.311.17.1', ['1e020043']]]);
    expect(first?.friendlyName).toBeUndefined();
  });

  test('octet strings in pieces and lengths of the indefinite form are read', async () => {
    const whole = pfx([certificateBag(taro.certificate.bytes)]);
    const safe = derSequence(
      derSequence(data, derExplicit(0, derOctetString(derSequence(certificateBag(taro.certificate.bytes))))),
    );
    const half = safe.length >> 1;
    const pieces = der(0x24, derOctetString(safe.subarray(0, half)), derOctetString(safe.subarray(half)));
    for (const octets of [pieces, toIndefinite(safe)]) {
      const file = derSequence(derInteger(3), derSequence(data, derExplicit(0, octets)));
      expect((await parsePkcs12(file)).certificates.length).toBe(1);
    }
    expect((await parsePkcs12(new Uint8Array([...whole, 0x0d, 0x0a]))).certificates.length).toBe(1);
  });
});

/** An OCTET STRING of indefinite length in pieces of 100 octets. */
function toIndefinite(octets: Octets): Octets {
  const pieces: number[] = [0x24, 0x80];
  for (let at = 0; at < octets.length; at += 100)
    pieces.push(...derOctetString(octets.subarray(at, at + 100)));
  return Uint8Array.from([...pieces, 0, 0]);
}

/** A certificate of an Ed25519 key whose signature is none: nobody here verifies it. */
function selfMade(key: Octets, name: string): Octets {
  const algorithm = derSequence(derOid('1.3.101.112'));
  const bits = (octets: Octets): Octets => der(Tag.BitString, Uint8Array.of(0), octets);
  const text = der(Tag.Utf8String, new TextEncoder().encode(name));
  const subject = derSequence(derSetOf(derSequence(derOid('2.5.4.3'), text)));
  const time = der(Tag.UtcTime, new TextEncoder().encode('260101000000Z'));
  const tbs = derSequence(
    derExplicit(0, derInteger(2)),
    derInteger(1),
    algorithm,
    subject,
    derSequence(time, time),
    subject,
    derSequence(algorithm, bits(key)),
  );
  return derSequence(tbs, algorithm, bits(new Uint8Array(64)));
}

describe('passwords', () => {
  test('wrong, missing and of another part have their codes', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    const file = await createPkcs12({ keys: [{ privateKey }] }, { password: '合言葉', iterations: 10 });
    expect(await codeOf(file, { password: '相言葉' })).toBe('crypto-password-wrong');
    expect(await codeOf(file, {})).toBe('crypto-password-missing');
    expect(await codeOf(file, { password: '' })).toBe('crypto-password-missing');
    expect((await parsePkcs12(file, { password: new TextEncoder().encode('合言葉') })).keys.length).toBe(1);
    // Without a MAC the first part that cannot be decrypted tells.
    const encrypted = await encryptPrivateKey(privateKey, { password: 'a', iterations: 10 });
    const noMac = pfx([bag(Pkcs12Oid.shroudedKeyBag, encrypted)]);
    expect((await parsePkcs12(noMac, { password: 'a' })).keys.length).toBe(1);
    expect(await codeOf(noMac, { password: 'b' })).toBe('crypto-password-wrong');
    expect(await codeOf(noMac, {})).toBe('crypto-password-missing');
  });

  test('that open the MAC and not a part are told from wrong ones', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    const encrypted = await encryptPrivateKey(privateKey, { password: 'of the key', iterations: 10 });
    const part = derSequence(
      data,
      derExplicit(0, derOctetString(derSequence(bag(Pkcs12Oid.shroudedKeyBag, encrypted)))),
    );
    const safe = derSequence(part);
    const file = derSequence(
      derInteger(3),
      derSequence(data, derExplicit(0, derOctetString(safe))),
      await macOver(safe, 'of the file'),
    );
    expect(await codeOf(file, { password: 'of the file' })).toBe('crypto-decryption-failed');
    expect(await codeOf(file, { password: 'of the key' })).toBe('crypto-password-wrong');
  });

  test('of octets that OpenSSL before 1.1.0 took for characters open the file', async () => {
    const safe = derSequence();
    const latin = [...new TextEncoder().encode('é花')].map((octet) => String.fromCharCode(octet)).join('');
    const file = derSequence(
      derInteger(3),
      derSequence(data, derExplicit(0, derOctetString(safe))),
      await macOver(safe, latin),
    );
    expect((await parsePkcs12(file, { password: 'é花' })).integrity.kind).toBe('hmac');
  });

  test('that are no password are a fault of the caller', async () => {
    expect(await codeOf(pfx([]), { password: 7 as unknown as string })).toBe('usage');
  });
});

describe('files that ask for too much', () => {
  const bombs: Readonly<Record<string, Octets>> = {
    'a MAC of two thousand million iterations': pfx([], hmacMac(2_000_000_000)),
    'a MAC of 2^200 iterations': pfx([], hmacMac(2n ** 200n)),
    'PBMAC1 of two thousand million iterations': pfx([], pbmac1(pbkdf2(2_000_000_000, 32))),
    'PBES2 of two thousand million iterations': pfx([shrouded(pbes2(pbkdf2(2_000_000_000)))]),
    'PBES2 of 2^64 iterations': pfx([shrouded(pbes2(pbkdf2(2n ** 64n)))]),
    'scrypt of a gigabyte': pfx([shrouded(pbes2(scrypt(2 ** 20, 8, 1)))]),
    'scrypt of many passes': pfx([shrouded(pbes2(scrypt(2, 1, 1_000_000)))]),
    'scrypt of long blocks': pfx([shrouded(pbes2(scrypt(2, 2 ** 30, 1)))]),
  };
  for (const [what, file] of Object.entries(bombs)) {
    test(`${what} are refused before they are made`, async () => {
      expect(await codeOf(file)).toBe('limit-iterations');
    });
  }

  test('a wrong password of a file at the limit is a wrong password, and each form of it has the limit', async () => {
    const part = (salt: number): Octets => {
      const parameters = derSequence(derOctetString(Uint8Array.of(salt)), derInteger(100));
      const kdf = derSequence(derOid('1.2.840.113549.1.5.12'), parameters);
      const info = derSequence(data, pbes2(kdf), der(0x80, new Uint8Array(16)));
      return derSequence(derOid(Pkcs12Oid.encryptedData), derExplicit(0, derSequence(derInteger(0), info)));
    };
    // A key of 32 octets takes two blocks of SHA-1: 200 runs.
    const file = pfxOfParts([part(1), part(2)]);
    expect(await codeOf(file, { password: 'x', limits: { iterations: 199 } })).toBe('limit-iterations');
    expect(await codeOf(file, { password: 'x', limits: { iterations: 200 } })).toBe('crypto-password-wrong');
    expect(await codeOf(file, { password: 'é', limits: { iterations: 200 } })).toBe('crypto-password-wrong');
    for (const iterations of [0, -1, 1.5, Number.NaN]) {
      expect(await codeOf(file, { password: 'x', limits: { iterations } })).toBe('usage');
    }
  });

  test('many parts that each ask for what is allowed share one limit', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    const options = { password: 'x', iterations: 100 };
    const bags = [
      bag(Pkcs12Oid.shroudedKeyBag, await encryptPrivateKey(privateKey, options)),
      bag(Pkcs12Oid.shroudedKeyBag, await encryptPrivateKey(privateKey, options)),
    ];
    const opened = await parsePkcs12(pfx(bags), { password: 'x', limits: { iterations: 200 } });
    expect(opened.keys.length).toBe(2);
    expect(await codeOf(pfx(bags), { password: 'x', limits: { iterations: 199 } })).toBe('limit-iterations');
  });

  test('no iterations, keys of impossible lengths and impossible scrypt are unsupported', async () => {
    for (const file of [
      pfx([], hmacMac(0)),
      pfx([], pbmac1(pbkdf2(1))),
      pfx([], pbmac1(pbkdf2(1, 0))),
      pfx([], pbmac1(pbkdf2(1, 15))),
      pfx([], pbmac1(pbkdf2(1, 1_000_000))),
      pfx([shrouded(pbes2(pbkdf2(1, 16)))]),
      pfx([shrouded(pbes2(scrypt(3, 8, 1)))]),
      pfx([shrouded(pbes2(scrypt(1, 8, 1)))]),
      pfx([shrouded(pbes2(scrypt(16, 0, 1)))]),
    ]) {
      expect(await codeOf(file)).toBe('crypto-unsupported');
    }
    expect(await codeOf(pfx([], hmacMac(-5)))).toBe('pki-malformed');
  });

  test('more bags than the limit', async () => {
    const bags = Array.from({ length: 20 }, () => certificateBag(taro.certificate.bytes));
    expect((await parsePkcs12(pfx(bags), { limits: { bags: 20 } })).certificates.length).toBe(20);
    expect(await codeOf(pfx(bags), { limits: { bags: 19 } })).toBe('limit-bags');
    const many = Array.from({ length: 2001 }, () => bag('1.2.3', derNull()));
    expect(await codeOf(pfx(many))).toBe('limit-bags');
  });

  test('limits that are no numbers are a fault of the caller', async () => {
    for (const limit of [Number.NaN, -1, '5' as unknown as number]) {
      expect(await codeOf(pfx([]), { limits: { bags: limit } })).toBe('usage');
      expect(await codeOf(pfx([]), { limits: { keys: limit } })).toBe('usage');
    }
  });

  test('more private keys than the limit are refused before one is read', async () => {
    const { pkcs8 } = (await generateKeyPair({ kind: 'ed25519' })).privateKey;
    const key = bag(Pkcs12Oid.keyBag, pkcs8);
    expect((await parsePkcs12(pfx(Array(3).fill(key)), { limits: { keys: 3 } })).keys.length).toBe(3);
    expect(await codeOf(pfx(Array(3).fill(key)), { limits: { keys: 2 } })).toBe('limit-bags');
    expect(await codeOf(pfx(Array(201).fill(key)))).toBe('limit-bags');
  });

  test('every certificate is looked into once, however many keys there are', async () => {
    const { pkcs8 } = (await generateKeyPair({ kind: 'ed25519' })).privateKey;
    let asked = 0;
    const property = Object.getOwnPropertyDescriptor(Certificate.prototype, 'publicKey')!;
    Object.defineProperty(Certificate.prototype, 'publicKey', {
      ...property,
      get(this: Certificate) {
        asked++;
        return property.get!.call(this) as unknown;
      },
    });
    try {
      const keys = Array<Octets>(20).fill(bag(Pkcs12Oid.keyBag, pkcs8));
      const certificates = Array<Octets>(30).fill(certificateBag(taro.certificate.bytes));
      await parsePkcs12(pfx([...keys, ...certificates]));
    } finally {
      Object.defineProperty(Certificate.prototype, 'publicKey', property);
    }
    expect(asked).toBe(30);
  });

  test('numbers that make no DSA group are not worked with', async () => {
    const big = (octets: number, fill: number): Octets => new Uint8Array(octets).fill(fill);
    const numbers = [big(512, 0xff), big(32, 0x8f), big(511, 0x77)].map((number) => derInteger(number));
    const key = derSequence(
      derInteger(0),
      derSequence(derOid('1.2.840.10040.4.1'), derSequence(...numbers)),
      derOctetString(derInteger(big(31, 0x7f))),
    );
    const { keys, others } = await parsePkcs12(pfx([bag(Pkcs12Oid.keyBag, key)]));
    expect(keys).toEqual([]);
    expect(others[0]!.problem.message).toContain('DSA private key do not fit together');
  });

  test('bags in bags without end', async () => {
    let nested = certificateBag(taro.certificate.bytes);
    for (let i = 0; i < 40; i++) nested = bag(Pkcs12Oid.safeContentsBag, derSequence(nested));
    expect(await codeOf(pfx([nested]))).toBe('limit-depth');
  });

  test('other content types and versions are unsupported, and what is no file is malformed', async () => {
    const of = (type: string): Octets =>
      derSequence(derInteger(3), derSequence(derOid(type), derExplicit(0, derOctetString(derSequence()))));
    expect(await codeOf(of(Pkcs12Oid.signedData))).toBe('crypto-unsupported');
    expect(await codeOf(of('1.2.3'))).toBe('pki-malformed');
    expect(await codeOf(derSequence(derInteger(2), derSequence()))).toBe('crypto-unsupported');
    const enveloped = derSequence(derOid(Pkcs12Oid.envelopedData), derExplicit(0, derSequence()));
    expect(await codeOf(pfxOfParts([enveloped]))).toBe('crypto-unsupported');
    for (const octets of [new Uint8Array(0), Uint8Array.of(0x30, 5, 1), taro.certificate.bytes.slice()]) {
      expect(await codeOf(octets)).toBe('pki-malformed');
    }
  });

  test('time grows with the number of bags', async () => {
    const cost = async (count: number): Promise<number> => {
      const bags = Array.from({ length: count }, () => bag('1.2.3', derNull(), localKeyId(1)));
      const file = pfx(bags);
      return cheapestOf(() => parsePkcs12(file, { limits: { bags: count } }), 4);
    };
    await cost(2000);
    // Quadratic work would cost sixteen times as much.
    expect((await cost(32_000)) / (await cost(8000))).toBeLessThan(10);
  });
});
