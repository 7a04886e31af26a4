import * as nodeCrypto from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/core/bytes.js';
import type { Engine } from '../../../src/core/engine.js';
import type { DigestName } from '../../../src/crypto/digests/digest.js';
import { generateKeyPair, type KeyPair } from '../../../src/crypto/keys/generate-key-pair.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { type PrivateKey, type RsaPrivateKey, wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import type { PublicKey, RsaPublicKey } from '../../../src/crypto/keys/public-key.js';
import { publicOperation } from '../../../src/crypto/rsa-operations.js';
import { decryptKey } from '../../../src/crypto/transport/decrypt-key.js';
import { createDecryptor, type Decryptor, decryptKeyWith } from '../../../src/crypto/transport/decryptor.js';
import { encryptKey } from '../../../src/crypto/transport/encrypt-key.js';
import {
  encodeKeyTransportAlgorithm,
  type KeyTransportAlgorithm,
  parseKeyTransportAlgorithm,
} from '../../../src/crypto/transport/key-transport-algorithm.js';
import { rejectionKey } from '../../../src/crypto/transport/rejection-key.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { engines, octetsOf, plain, rejection } from '../support.js';

let pair: KeyPair;
let rsa: RsaPrivateKey;
let publicKey: RsaPublicKey;
let ec: KeyPair;

beforeAll(async () => {
  pair = await generateKeyPair({ kind: 'rsa', bits: 2048 });
  rsa = pair.privateKey as RsaPrivateKey;
  publicKey = rsa.publicKey;
  ec = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
});

const pkcs1 = { name: 'rsa-pkcs1' } as const;
const oaep = (
  digest: DigestName,
  mgfDigest: DigestName = digest,
  label?: Uint8Array,
): KeyTransportAlgorithm => ({
  name: 'rsa-oaep',
  digest,
  mgfDigest,
  ...(label === undefined ? {} : { label }),
});

const algorithms: readonly KeyTransportAlgorithm[] = [
  pkcs1,
  oaep('sha1'),
  oaep('sha256'),
  oaep('sha384'),
  oaep('sha512'),
  oaep('sha256', 'sha1'),
  oaep('sha1', 'sha512'),
  oaep('sha3-256'),
  oaep('sha256', 'sha256', octetsOf(9)),
];

describe.each(algorithms.map((each) => [JSON.stringify(each), each] as const))('%s', (_, algorithm) => {
  test.each([16, 24, 32])('a key of %i octets, every engine to every other', async (keyLength) => {
    const key = octetsOf(keyLength);
    for (const engine of engines) {
      const encryptedKey = await encryptKey({ publicKey, algorithm, key, engine });
      expect(encryptedKey.length).toBe(256);
      for (const other of engines) {
        const found = await decryptKey({
          privateKey: rsa,
          algorithm,
          encryptedKey,
          keyLength,
          engine: other,
        });
        expect(encodeHex(found)).toBe(encodeHex(key));
      }
    }
  });

  test('drawn from a given source it is the same by every engine', async () => {
    const random = (length: number) => octetsOf(length);
    const seen = new Set<string>();
    for (const engine of engines) {
      seen.add(encodeHex(await encryptKey({ publicKey, algorithm, key: octetsOf(16), engine, random })));
    }
    expect(seen.size).toBe(1);
  });

  test('is read as it is written', () => {
    expect(parseKeyTransportAlgorithm(encodeKeyTransportAlgorithm(algorithm))).toEqual(algorithm);
  });
});

test('what node:crypto encrypts is decrypted, and the other way round', async () => {
  const theirs = nodeCrypto.createPrivateKey({ key: Buffer.from(rsa.pkcs8), format: 'der', type: 'pkcs8' });
  const key = octetsOf(32);
  const fromThem = plain(nodeCrypto.publicEncrypt({ key: theirs, padding: 1 }, key));
  for (const engine of engines) {
    const found = await decryptKey({
      privateKey: rsa,
      algorithm: pkcs1,
      encryptedKey: fromThem,
      keyLength: 32,
      engine,
    });
    expect(found).toEqual(key);
    for (const [digest, label] of [
      ['sha1', undefined],
      ['sha256', Buffer.from('Bezeichner')],
      ['sha512', undefined],
    ] as const) {
      const algorithm = oaep(digest, digest, label);
      const options = { key: theirs, oaepHash: digest, ...(label === undefined ? {} : { oaepLabel: label }) };
      const encryptedKey = plain(nodeCrypto.publicEncrypt(options, key));
      const ours = await decryptKey({ privateKey: rsa, algorithm, encryptedKey, keyLength: 32, engine });
      expect(ours).toEqual(key);
      const back = nodeCrypto.privateDecrypt(
        options,
        await encryptKey({ publicKey, algorithm, key, engine }),
      );
      expect(plain(back)).toEqual(key);
    }
  }
});

/** The ciphertext of an encoding that nobody checks. */
const encrypted = (encoded: Uint8Array<ArrayBuffer>) => publicOperation(publicKey, encoded, 'auto');

/** An encoding of PKCS #1 v1.5 around a key of 16 octets, changed at one place. */
function encoding(change: (encoded: Uint8Array) => void = () => {}, keyLength = 16): Uint8Array<ArrayBuffer> {
  const encoded = concatBytes([
    Uint8Array.of(0, 2),
    new Uint8Array(256 - 3 - keyLength).fill(0x5a),
    Uint8Array.of(0),
    octetsOf(keyLength).fill(0xc3),
  ]);
  change(encoded);
  return encoded;
}

const set = (place: number, octet: number) => (encoded: Uint8Array) => {
  encoded[place] = octet;
};

describe('implicit rejection (RFC 8017 §7.2.2, RFC 3218 §2.3.2)', () => {
  const paddings: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
    'first octet 1': () => encoding(set(0, 1)),
    'block type 1': () => encoding(set(1, 1)),
    'block type 0': () => encoding(set(1, 0)),
    'a zero at the first octet of the padding': () => encoding(set(2, 0)),
    'a zero at its eighth octet': () => encoding(set(9, 0)),
    'a zero after eight octets: a longer key': () => encoding(set(10, 0)),
    'a zero one before its place: a key one octet longer': () => encoding(set(238, 0)),
    'no separator': () => encoding(set(239, 7)),
    'a separator one later: a key one octet shorter': () =>
      encoding((encoded) => {
        encoded[239] = 7;
        encoded[240] = 0;
      }),
    'a key of 24 octets': () => encoding(undefined, 24),
    'a key of 8 octets': () => encoding(undefined, 8),
    'nothing but zeros': () => new Uint8Array(256),
    'n − 1': () => {
      const most = publicKey.modulus.slice();
      most[255]! -= 1;
      return most;
    },
  };

  test.each(Object.keys(paddings))('%s', async (name) => {
    const encryptedKey = encrypted(paddings[name]!());
    const instead = encodeHex(rejectionKey(rsa, encryptedKey, 16, {}));
    for (const engine of engines) {
      const found = await decryptKey({
        privateKey: rsa,
        algorithm: pkcs1,
        encryptedKey,
        keyLength: 16,
        engine,
      });
      expect(encodeHex(found)).toBe(instead);
      expect(encodeHex(found)).not.toBe('c3'.repeat(16));
    }
  });

  test('a ciphertext that is none of this modulus gives a key, too', async () => {
    const more = concatBytes([Uint8Array.of(0), encrypted(encoding())]);
    for (const encryptedKey of [
      new Uint8Array(0),
      encrypted(encoding()).subarray(1),
      more,
      publicKey.modulus,
      new Uint8Array(256).fill(0xff),
      new Uint8Array(256),
    ]) {
      const seen = new Set<string>();
      for (const engine of engines) {
        seen.add(
          encodeHex(
            await decryptKey({ privateKey: rsa, algorithm: pkcs1, encryptedKey, keyLength: 16, engine }),
          ),
        );
      }
      expect([...seen]).toEqual([encodeHex(rejectionKey(rsa, Uint8Array.from(encryptedKey), 16, {}))]);
    }
  });

  test('the key that stands in is another for each ciphertext, key and length, and always the same', async () => {
    const other = (await generateKeyPair({ kind: 'rsa', bits: 2048 })).privateKey as RsaPrivateKey;
    const seen = [
      rejectionKey(rsa, octetsOf(256), 16, {}),
      rejectionKey(rsa, octetsOf(256), 32, {}),
      rejectionKey(rsa, octetsOf(255), 16, {}),
      rejectionKey(other, octetsOf(256), 16, {}),
      rejectionKey(rsa, octetsOf(256), 100, {}),
    ].map((key) => encodeHex(key));
    expect(new Set(seen.map((key) => key.slice(0, 32))).size).toBe(5);
    expect(seen.map((key) => key.length)).toEqual([32, 64, 32, 32, 200]);
    expect(encodeHex(rejectionKey(rsa, octetsOf(256), 16, { engine: 'typescript' }))).toBe(seen[0]);
  });

  test('is HMAC of HMAC of the ciphertext under the digest of the private exponent', async () => {
    const exponent = concatBytes([new Uint8Array(256 - rsa.d.length), rsa.d]);
    const secret = nodeCrypto.createHash('sha256').update(exponent).digest();
    const derivation = nodeCrypto.createHmac('sha256', secret).update(octetsOf(256)).digest();
    const input = concatBytes([
      Uint8Array.of(0, 0),
      new TextEncoder().encode('content key'),
      Uint8Array.of(0, 128),
    ]);
    const wanted = nodeCrypto.createHmac('sha256', derivation).update(input).digest('hex');
    expect(encodeHex(rejectionKey(rsa, octetsOf(256), 16, {}))).toBe(wanted.slice(0, 32));
  });

  test('a key that cannot be in so short a modulus', async () => {
    const short = await parsePrivateKey(
      plain(
        nodeCrypto
          .generateKeyPairSync('rsa', { modulusLength: 512 })
          .privateKey.export({ format: 'der', type: 'pkcs8' }),
      ),
    );
    const encryptedKey = octetsOf(64).fill(1, 0, 1);
    for (const engine of engines) {
      const shared = { privateKey: short, algorithm: pkcs1, encryptedKey, engine } as const;
      // RC2 of 1,024 bits, which somebody may name in a message, is longer than this modulus.
      for (const keyLength of [54, 64, 65, 128]) {
        expect((await decryptKey({ ...shared, keyLength })).length).toBe(keyLength);
        const failed = await rejection(decryptKey({ ...shared, algorithm: oaep('sha1'), keyLength }));
        expect(failed.code).toBe('crypto-decryption-failed');
      }
      const key = octetsOf(53);
      const sent = await encryptKey({ publicKey: short.publicKey, algorithm: pkcs1, key, engine });
      expect(await decryptKey({ ...shared, encryptedKey: sent, keyLength: 53 })).toEqual(key);
    }
    const tooLong = encryptKey({ publicKey: short.publicKey, algorithm: pkcs1, key: octetsOf(54) });
    expect((await rejection(tooLong)).code).toBe('crypto-unsupported');
  });
});

describe('OAEP tells nothing but that it failed', () => {
  test.each(engines)('%s', async (engine) => {
    const algorithm = oaep('sha256');
    const key = octetsOf(16);
    const good = await encryptKey({ publicKey, algorithm, key, engine });
    const changed = good.map((octet, i) => octet ^ Number(i === 200));
    const seen = new Set<string>();
    for (const [encryptedKey, keyLength, wanted] of [
      [changed, 16, algorithm],
      [good, 15, algorithm],
      [good, 17, algorithm],
      [good, 240, algorithm],
      [good, 16, oaep('sha1')],
      [good, 16, oaep('sha256', 'sha1')],
      [good, 16, oaep('sha256', 'sha256', Uint8Array.of(1))],
      [good.subarray(1), 16, algorithm],
      [new Uint8Array(256).fill(0xff), 16, algorithm],
      [new Uint8Array(0), 16, algorithm],
    ] as const) {
      const error = await rejection(
        decryptKey({ privateKey: rsa, algorithm: wanted, encryptedKey, keyLength, engine }),
      );
      seen.add(`${error.code}: ${error.message} ${String(error.cause)} ${error.offset}`);
    }
    expect([...seen]).toEqual([
      'crypto-decryption-failed: it cannot be decrypted: the key is wrong or it was changed undefined undefined',
    ]);
  });
});

describe('faults of the caller', () => {
  const none = undefined as never;
  const base = () => ({ privateKey: rsa, algorithm: pkcs1, encryptedKey: octetsOf(256), keyLength: 16 });
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'encryptKey without options': () => encryptKey(none),
    'encryptKey without a key': () => encryptKey({ publicKey: none, algorithm: pkcs1, key: octetsOf(16) }),
    'encryptKey to a key on a curve': () =>
      encryptKey({ publicKey: ec.publicKey, algorithm: pkcs1, key: octetsOf(16) }),
    'encryptKey to a key for PSS': () =>
      encryptKey({ publicKey: { ...publicKey, pssOnly: true }, algorithm: pkcs1, key: octetsOf(16) }),
    'encryptKey with no algorithm': () => encryptKey({ publicKey, algorithm: none, key: octetsOf(16) }),
    'encryptKey with another algorithm': () =>
      encryptKey({ publicKey, algorithm: { name: 'rsa' } as never, key: octetsOf(16) }),
    'decryptKey without options': () => decryptKey(none),
    'decryptKey with a key on a curve': () => decryptKey({ ...base(), privateKey: ec.privateKey }),
    'decryptKey with a length of −1': () => decryptKey({ ...base(), keyLength: -1 }),
    'decryptKey with a length that is none': () => decryptKey({ ...base(), keyLength: 16.5 }),
    'decryptKey with a length beyond all moduli': () => decryptKey({ ...base(), keyLength: 4097 }),
    'createDecryptor without a key': async () => createDecryptor(none),
  };
  test.each(Object.keys(calls))('%s', async (name) => {
    expect((await rejection(calls[name]!())).code).toBe('usage');
  });

  test('a wiped key decrypts no more, whatever was made of it before', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
    const options = { ...base(), privateKey };
    const decryptor = createDecryptor(privateKey);
    await decryptKey(options);
    wipePrivateKey(privateKey);
    for (const engine of engines) {
      expect((await rejection(decryptKey({ ...options, engine }))).code).toBe('usage');
    }
    expect((await rejection(decryptKeyWith(decryptor, pkcs1, octetsOf(256), 16))).code).toBe('usage');
    expect(() => createDecryptor(privateKey)).toThrow('wiped');
  });
});

describe('a decryptor', () => {
  test('of an RSA key decrypts keys', async () => {
    const decryptor = createDecryptor(rsa);
    const key = octetsOf(24);
    for (const algorithm of algorithms) {
      const encryptedKey = await encryptKey({ publicKey, algorithm, key });
      expect(await decryptKeyWith(decryptor, algorithm, encryptedKey, 24)).toEqual(key);
    }
    expect(decryptor.agree).toBe(undefined);
  });

  test('of a key on a curve agrees', async () => {
    for (const kind of [{ kind: 'ec', curve: 'P-256' }, { kind: 'x25519' }, { kind: 'x448' }] as const) {
      const [ours, theirs] = [await generateKeyPair(kind), await generateKeyPair(kind)];
      const decryptor = createDecryptor(ours.privateKey);
      const secret = await decryptor.agree!(theirs.publicKey);
      expect(secret).toEqual(await createDecryptor(theirs.privateKey).agree!(ours.publicKey));
      expect(decryptor.decryptKey).toBe(undefined);
      expect(decryptor.publicKey).toBe(ours.publicKey);
    }
    const signing = createDecryptor((await generateKeyPair({ kind: 'ed25519' })).privateKey);
    expect([signing.agree, signing.decryptKey]).toEqual([undefined, undefined]);
  });

  test('that rejects a padding, or gives another length, is not seen to', async () => {
    let answer: () => Promise<Uint8Array> = async () => octetsOf(16);
    const card: Decryptor = { publicKey: {} as PublicKey, decryptKey: () => answer() };
    const ask = async (octet: number, length = 16) =>
      encodeHex(await decryptKeyWith(card, pkcs1, octetsOf(256).fill(octet), length));
    expect(await ask(1)).toBe(encodeHex(octetsOf(16)));
    answer = () => Promise.reject(new Error('CKR_ENCRYPTED_DATA_INVALID'));
    const first = await ask(1);
    expect(first).not.toBe(encodeHex(octetsOf(16)));
    answer = async () => octetsOf(17);
    expect(await ask(1)).toBe(first);
    answer = async () => undefined as never;
    expect(await ask(1)).toBe(first);
    expect(await ask(2)).not.toBe(first);
    expect((await ask(1, 32)).length).toBe(64);
    // Made anew for each message, as some do it, it is the same; for another key it is another.
    const again: Decryptor = { ...card };
    expect(encodeHex(await decryptKeyWith(again, pkcs1, octetsOf(256).fill(1), 16))).toBe(first);
    const other: Decryptor = { ...card, publicKey: rsa.publicKey };
    expect(encodeHex(await decryptKeyWith(other, pkcs1, octetsOf(256).fill(1), 16))).not.toBe(first);
    const failed = await rejection(decryptKeyWith(card, oaep('sha256'), octetsOf(256), 16));
    expect(failed.code).toBe('crypto-decryption-failed');
  });
});

test('a random source of zeros is refused, one with many of them is not', async () => {
  const key = octetsOf(16);
  const zeros = encryptKey({ publicKey, algorithm: pkcs1, key, random: (length) => new Uint8Array(length) });
  expect((await rejection(zeros)).code).toBe('usage');
  let draws = 0;
  const random = (length: number) => {
    const octets = new Uint8Array(length);
    // Every third draw has one octet that is none.
    if (draws++ % 3 === 2) octets[length - 1] = 7;
    return octets;
  };
  const encryptedKey = await encryptKey({ publicKey, algorithm: pkcs1, key: octetsOf(237), random });
  expect(await decryptKey({ privateKey: rsa, algorithm: pkcs1, encryptedKey, keyLength: 237 })).toEqual(
    octetsOf(237),
  );
});

test('a card that writes over what it is given changes neither the message nor the key instead', async () => {
  const { publicKey } = rsa;
  const answers: string[] = [];
  for (const spoils of [false, true]) {
    const card: Decryptor = {
      publicKey,
      decryptKey: async (_, encryptedKey) => {
        if (spoils) encryptedKey.fill(0);
        return new Uint8Array(0);
      },
    };
    const encryptedKey = octetsOf(256);
    answers.push(encodeHex(await decryptKeyWith(card, pkcs1, encryptedKey, 16)));
    expect(encryptedKey).toEqual(octetsOf(256));
  }
  expect(answers[1]).toBe(answers[0]);
});

describe('algorithm identifiers', () => {
  test.each([
    // RFC 4055 §6: rSAES-OAEP-Default-Identifier, and with SHA-256.
    ['300d06092a864886f70d0101073000', oaep('sha1')],
    ['300b06092a864886f70d010107', oaep('sha1')],
    ['300d06092a864886f70d0101070500', oaep('sha1')],
    [
      '303c06092a864886f70d010107302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500',
      oaep('sha256'),
    ],
    ['300b06092a864886f70d010101', pkcs1],
    ['300d06092a864886f70d0101010500', pkcs1],
  ] as const)('%s', (hex, algorithm) => {
    expect(parseKeyTransportAlgorithm(decodeHex(hex))).toEqual(algorithm);
  });

  test('others are named', () => {
    expect(() => parseKeyTransportAlgorithm(decodeHex('300b06092a864886f70d01010a'))).toThrow(
      expect.objectContaining({
        code: 'crypto-unsupported',
        message: expect.stringContaining('1.2.840.113549.1.1.10') as string,
      }),
    );
  });
});

test('private keys of other kinds are no surprise', async () => {
  const kinds: PrivateKey[] = [ec.privateKey, (await generateKeyPair({ kind: 'x448' })).privateKey];
  for (const privateKey of kinds) {
    const engine: Engine = 'auto';
    const attempt = decryptKey({
      privateKey,
      algorithm: pkcs1,
      encryptedKey: octetsOf(256),
      keyLength: 16,
      engine,
    });
    expect((await rejection(attempt)).code).toBe('usage');
  }
});
