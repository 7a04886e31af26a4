import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import {
  der,
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../../src/asn1/writer.js';
import { issuerAndSerialNumber } from '../../../src/cms/certificate-identifier.js';
import { boundContentKey } from '../../../src/cms/enveloped/bound-key.js';
import type { DecryptionKey } from '../../../src/cms/enveloped/decryption-key.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../../src/cms/enveloped/open.js';
import { equalBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { deriveKek, encodeKeyAgreement } from '../../../src/crypto/agreement/key-agreement.js';
import { deriveSharedSecret } from '../../../src/crypto/agreement/shared-secret.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { pbkdf2 } from '../../../src/crypto/passwords/pbkdf2.js';
import { decryptKey } from '../../../src/crypto/transport/decrypt-key.js';
import { createDecryptor, type Decryptor } from '../../../src/crypto/transport/decryptor.js';
import { encryptKey } from '../../../src/crypto/transport/encrypt-key.js';
import { wrapKey } from '../../../src/crypto/wrap/key-wrap.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import {
  content,
  type Holder,
  holder,
  opened,
  putTogether,
  sealedFor,
  takeApart,
} from '../../support/envelopes.js';

const kek = new Uint8Array(32).fill(3);
const id = Uint8Array.of(1, 2);
const withKek = { recipient: { kek, id }, key: { kek, id } };

/** The code and the message of what fails; fails itself where nothing does. */
async function refusal(octets: Uint8Array, keys: readonly DecryptionKey[]): Promise<string> {
  try {
    await openEnveloped(parseEnvelopedData(octets), { keys });
  } catch (error) {
    if (error instanceof MailsealError)
      return `${error.code}: ${error.message} ${error.offset} ${error.cause}`;
    throw error;
  }
  throw new Error('it was opened');
}

/** A recipient info like the one of RSA v1.5 given, with another encrypted key. */
function withEncryptedKey(info: Uint8Array, encryptedKey: Uint8Array): Uint8Array {
  const fields = readBer(info).children.map(({ bytes }) => bytes);
  return derSequence(...fields.slice(0, 3), derOctetString(encryptedKey));
}

/** A keeper of a key that counts what it is asked. */
function counting({ privateKey }: Holder): { decryptor: Decryptor; asked: () => number } {
  const inner = createDecryptor(privateKey);
  let count = 0;
  const decryptor: Decryptor = {
    publicKey: inner.publicKey,
    decryptKey: (...given) => {
      count++;
      return inner.decryptKey!(...given);
    },
  };
  return { decryptor, asked: () => count };
}

describe('RSA v1.5 (RFC 3218)', () => {
  const algorithm = { name: 'rsa-pkcs1' } as const;

  test('wrong padding, a key of another length, another key and changed content fail alike', async () => {
    const rsa = await holder('rsa');
    const keys = [rsa];
    for (const cipher of ['aes256-gcm', 'chacha20-poly1305'] as const) {
      const parts = takeApart(await sealedFor([rsa], { cipher }));
      const info = parts.recipients[0]!;
      const encryptedTo = (key: Uint8Array) => encryptKey({ publicKey: rsa.publicKey, algorithm, key });
      const refusals = await Promise.all(
        [
          new Uint8Array(256),
          new Uint8Array(256).fill(255),
          Uint8Array.from({ length: 256 }, (_, i) => i),
          new Uint8Array(0),
          new Uint8Array(255).fill(9),
          new Uint8Array(300).fill(9),
          await encryptedTo(new Uint8Array(16)),
          await encryptedTo(new Uint8Array(32)),
          await encryptedTo(new Uint8Array(33)),
        ].map((each) => refusal(putTogether({ ...parts, recipients: [withEncryptedKey(info, each)] }), keys)),
      );
      const changed = parts.octets.map((octet, i) => octet ^ Number(i === 5));
      refusals.push(await refusal(putTogether({ ...parts, octets: changed }), keys));
      expect(new Set(refusals).size).toBe(1);
      expect(refusals[0]).toMatch(/^crypto-decryption-failed: .* undefined undefined$/);
    }
  });

  test('wrong padding gives the key of the private key and these octets, each time the same', async () => {
    const rsa = await holder('rsa');
    const bad = Uint8Array.from({ length: 256 }, (_, i) => (i * 7) & 255);
    const { privateKey } = rsa;
    const contentKey = await decryptKey({ privateKey, algorithm, encryptedKey: bad, keyLength: 16 });
    const random = (length: number) => (length === 16 ? contentKey : new Uint8Array(length));
    const parts = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes128-cbc', random }));
    const info = takeApart(await sealedFor([rsa], { cipher: 'aes128-cbc' })).recipients[0]!;
    const octets = putTogether({ ...parts, recipients: [withEncryptedKey(info, bad)] });
    for (let i = 0; i < 3; i++) expect(await opened(octets, [rsa])).toMatchObject({ content });
  });

  test('a recipient who fits is the last that is tried, and his key is used once', async () => {
    const rsa = await holder('rsa');
    const parts = takeApart(await sealedFor([rsa, withKek.recipient]));
    const infos = parts.recipients.map((info) =>
      info[0] === 0x30 ? withEncryptedKey(info, new Uint8Array(256).fill(1)) : info,
    );
    const bad = infos.find((info) => info[0] === 0x30)!;
    const octets = putTogether({ ...parts, recipients: [...infos, bad, bad] });
    const { decryptor, asked } = counting(rsa);
    expect(await opened(octets, [{ decryptor, certificate: rsa.certificate }, withKek.key])).toBe(
      'crypto-decryption-failed',
    );
    expect(asked()).toBe(1);
    // In the other order the key-encryption key has opened it before.
    expect(await opened(octets, [withKek.key, rsa])).toMatchObject({ content });
  });

  test('a keeper of a key that rejects fails as one that gives a wrong key', async () => {
    const rsa = await holder('rsa');
    const octets = await sealedFor([rsa], { cipher: 'aes256-cbc' });
    const { publicKey } = rsa;
    const keepers: Decryptor[] = [
      { publicKey, decryptKey: () => Promise.reject(new Error('CKR_ENCRYPTED_DATA_INVALID')) },
      {
        publicKey,
        decryptKey: () => {
          throw new Error('CKR_ENCRYPTED_DATA_INVALID');
        },
      },
      { publicKey, decryptKey: async () => new Uint8Array(5) },
      { publicKey, decryptKey: async () => 'nothing' as unknown as Uint8Array },
    ];
    for (const decryptor of keepers) {
      const outcome = await opened(octets, [{ decryptor, certificate: rsa.certificate }]);
      if (typeof outcome === 'string') expect(outcome).toBe('crypto-decryption-failed');
      else expect(outcome.content).not.toEqual(content);
    }
    expect(await opened(octets, [{ decryptor: { publicKey }, certificate: rsa.certificate }])).toBe('usage');
  });
});

describe('OAEP and agreements', () => {
  test('fail with the same words as changed content', async () => {
    const rsa = await holder('rsa');
    const ec = await holder('p256');
    const transport = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
    const words = new Set<string>();
    for (const [recipient, key] of [
      [{ certificate: rsa.certificate, transport }, rsa],
      [ec, ec],
      [withKek.recipient, withKek.key],
    ] as const) {
      const parts = takeApart(await sealedFor([recipient]));
      const [info] = parts.recipients;
      const damaged = info!.slice();
      damaged[damaged.length - 1]! ^= 1;
      words.add(await refusal(putTogether({ ...parts, recipients: [damaged] }), [key]));
      const octets = parts.octets.map((octet) => octet ^ 1);
      words.add(await refusal(putTogether({ ...parts, octets }), [key]));
    }
    expect(words.size).toBe(1);
  });

  test('a password over its limit does not tell a wrong padding from a wrong key', async () => {
    const [rsa, p256] = [await holder('rsa'), await holder('p256')];
    const transport = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
    const password = { password: 'x' };
    const limits = { iterations: 10 };
    for (const [recipient, key] of [
      [{ certificate: rsa.certificate, transport }, rsa],
      [p256, p256],
    ] as const) {
      const recipients = [recipient, { ...password, iterations: 11 }];
      const parts = takeApart(await sealedFor(recipients));
      const infos = parts.recipients.map((info) => {
        const damaged = info.slice();
        if (info[0] !== 0xa3) damaged[damaged.length - 1]! ^= 1;
        return damaged;
      });
      const wrongPadding = putTogether({ ...parts, recipients: infos });
      const wrongKey = putTogether({
        ...parts,
        recipients: takeApart(await sealedFor(recipients)).recipients,
      });
      for (const keys of [
        [key, password],
        [password, key],
      ]) {
        for (const octets of [wrongPadding, wrongKey])
          expect(await opened(octets, keys, { limits })).toBe('crypto-decryption-failed');
      }
      expect(await opened(wrongPadding, [password], { limits })).toBe('limit-iterations');
    }
  });

  test('another recipient is tried where one fails, 64 at most', async () => {
    const rsa = await holder('rsa');
    const transport = { name: 'rsa-oaep', digest: 'sha1', mgfDigest: 'sha1' } as const;
    const parts = takeApart(await sealedFor([{ certificate: rsa.certificate, transport }]));
    const [good] = parts.recipients as [Uint8Array];
    const bad = good.slice();
    bad[bad.length - 1]! ^= 1;
    const many = (count: number) =>
      putTogether({ ...parts, recipients: [...new Array<Uint8Array>(count).fill(bad), good] });
    const first = counting(rsa);
    expect(
      await opened(many(63), [{ decryptor: first.decryptor, certificate: rsa.certificate }]),
    ).toMatchObject({ content });
    expect(first.asked()).toBe(64);
    const second = counting(rsa);
    expect(await opened(many(64), [{ decryptor: second.decryptor, certificate: rsa.certificate }])).toBe(
      'crypto-decryption-failed',
    );
    expect(second.asked()).toBe(64);
  });

  test('a point that is not on the curve fails after the fact, another curve is not supported', async () => {
    const [p256, p384] = [await holder('p256'), await holder('p384')];
    const parts = takeApart(await sealedFor([p256]));
    const info = parts.recipients[0]!;
    const point = readBer(info).children[1]!.children[0]!.children[1]!;
    const damaged = info.slice();
    damaged[point.end - 1]! ^= 1;
    expect(await opened(putTogether({ ...parts, recipients: [damaged] }), [p256])).toBe(
      'crypto-decryption-failed',
    );
    let asked = 0;
    const decryptor: Decryptor = {
      publicKey: p256.publicKey,
      agree: async () => {
        asked++;
        return new Uint8Array(32);
      },
    };
    const kept = { decryptor, certificate: p256.certificate };
    expect(await opened(putTogether({ ...parts, recipients: [damaged] }), [kept])).toBe(
      'crypto-decryption-failed',
    );
    expect(asked).toBe(0);
    expect(await opened(putTogether(parts), [kept])).toBe('crypto-decryption-failed');
    expect(asked).toBe(1);
    // The sender's key of one curve in an info for somebody of another.
    const other = takeApart(await sealedFor([p384])).recipients[0]!;
    const fields = readBer(info).children.map(({ bytes }) => bytes);
    fields[1] = readBer(other).children[1]!.bytes;
    expect(await opened(putTogether({ ...parts, recipients: [der(0xa1, ...fields)] }), [p256])).toBe(
      'cms-unsupported',
    );
  });
});

test('a sender’s key is of whole octets', async () => {
  for (const name of ['x25519', 'p256'] as const) {
    const own = await holder(name);
    const parts = takeApart(await sealedFor([own]));
    const info = parts.recipients[0]!.slice();
    const bits = readBer(info).children[1]!.children[0]!.children[1]!;
    info[bits.end - bits.content.length] = 3;
    // The bits that are said not to be used must be zero.
    info[bits.end - 1]! &= 0xf8;
    const octets = putTogether({ ...parts, recipients: [info] });
    expect(await opened(octets, [own])).toBe('cms-unsupported');
  }
});

test('a sender who agrees on a key with his certificate, which is at hand or not', async () => {
  const [p256, sender, p384] = [await holder('p256'), await holder('p256b'), await holder('p384')];
  const random = () => new Uint8Array(16).fill(8);
  const sealed = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes128-cbc', random }));
  const scheme = { name: 'ecdh-std', kdf: 'x963', digest: 'sha256' } as const;
  const secret = await deriveSharedSecret({ privateKey: sender.privateKey, publicKey: p256.publicKey });
  const ukm = new Uint8Array(64).fill(2);
  const shared = deriveKek({ scheme, wrap: 'aes128-wrap', secret, ukm });
  const infoBy = async (originator: Uint8Array) =>
    der(
      0xa1,
      derInteger(3),
      derExplicit(0, originator),
      derExplicit(1, derOctetString(ukm)),
      encodeKeyAgreement(scheme, 'aes128-wrap'),
      derSequence(
        derSequence(
          issuerAndSerialNumber(p256.certificate),
          derOctetString(await wrapKey('aes128-wrap', shared, random())),
        ),
      ),
    );
  for (const originator of [
    issuerAndSerialNumber(sender.certificate),
    der(0x80, sender.certificate.subjectKeyIdentifier!),
  ]) {
    const octets = putTogether({ ...sealed, recipients: [await infoBy(originator)] });
    expect(await opened(octets, [p256])).toBe('cms-unsupported');
    const certificates = [p384.certificate, sender.certificate];
    expect(await opened(octets, [p256], { certificates })).toMatchObject({ content });
  }
  const other = putTogether({
    ...sealed,
    recipients: [await infoBy(issuerAndSerialNumber(p384.certificate))],
  });
  expect(await opened(other, [p256], { certificates: [p384.certificate] })).toBe('cms-unsupported');
});

describe('what a cipher authenticates', () => {
  test.each(['aes128-gcm', 'aes256-gcm', 'chacha20-poly1305'] as const)(
    '%s: no change to ciphertext, tag, nonce or attributes gives content',
    async (cipher) => {
      const octets = await sealedFor([withKek.recipient], {
        cipher,
        contentType: '1.2.840.113549.1.7.2',
        content: content.subarray(0, 20),
      });
      const parts = takeApart(octets);
      let start = octets.length - 200;
      for (let at = 0; at + parts.algorithm.length <= octets.length; at++) {
        if (equalBytes(octets.subarray(at, at + parts.algorithm.length), parts.algorithm)) start = at;
      }
      for (let at = start; at < octets.length; at++) {
        for (const bit of [1, 0x80]) {
          const changed = octets.slice();
          changed[at]! ^= bit;
          const outcome = await opened(changed, [withKek.key]).catch((error: unknown) => error);
          expect(typeof outcome === 'string' ? outcome : [at, bit, outcome]).toMatch(
            /^(?:crypto-decryption-failed|cms-malformed|cms-unsupported|cms-no-recipient|asn1-[a-z]+|crypto-unsupported|limit-nodes)$/,
          );
        }
      }
    },
  );

  test('a content type that is not the one under the tag is refused', async () => {
    const parts = takeApart(await sealedFor([withKek.recipient], { contentType: '1.2.840.113549.1.7.2' }));
    const other = putTogether({ ...parts, contentType: derOid('1.2.840.113549.1.7.1') });
    expect(await opened(other, [withKek.key])).toBe('cms-malformed');
  });

  test('RFC 5083 §2.1: another type than id-data without attributes under the tag is refused before a key is used', async () => {
    const rsa = await holder('rsa');
    const { asked, decryptor } = counting(rsa);
    const keys = [{ decryptor, certificate: rsa.certificate }];
    for (const contentType of ['1.2.840.113549.1.7.2', '1.2.840.113549.1.7.3', '1.2.3']) {
      const plain = takeApart(await sealedFor([rsa]));
      expect(await opened(putTogether({ ...plain, contentType: derOid(contentType) }), keys)).toBe(
        'cms-malformed',
      );
      // Nor does it help to take the attributes of one that has them away, or all out of them.
      const typed = takeApart(await sealedFor([rsa], { contentType }));
      for (const attributes of [[], [der(0xa1)]]) {
        const rest = [...attributes, ...typed.rest.slice(1)];
        expect(await opened(putTogether({ ...typed, rest }), keys)).toBe('cms-malformed');
      }
    }
    expect(asked()).toBe(0);
  });

  test('such a cipher belongs in AuthEnvelopedData, and no other does', async () => {
    const gcm = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes256-gcm' }));
    const cbc = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes256-cbc' }));
    expect(await opened(putTogether({ ...gcm, type: 'enveloped' }), [withKek.key])).toBe('cms-unsupported');
    const withTag = { ...cbc, type: 'authEnveloped' as const, rest: [derOctetString(new Uint8Array(16))] };
    expect(await opened(putTogether(withTag), [withKek.key])).toBe('cms-unsupported');
    expect(await opened(putTogether({ ...cbc, type: 'authEnveloped' }), [withKek.key])).toBe(
      'asn1-unexpected',
    );
  });
});

describe('RFC 9709', () => {
  test('the key of its example', () => {
    const algorithm = decodeHex('301b0609608648016503040106300e040c5c79058ba2f43447639d29e2');
    const key = boundContentKey(decodeHex('c702e7d0a9e064b09ba55245fb733cf3'), algorithm, {});
    expect(encodeHex(key)).toBe('2124ffb29fac4e0fbbc7d5d87492bff3');
    expect(boundContentKey(decodeHex('c702e7d0a9e064b09ba55245fb733cf3'), readBer(algorithm), {})).toEqual(
      key,
    );
  });

  test('an envelope whose cipher was replaced by another, bound or not, does not open to what it held', async () => {
    const parts = takeApart(
      await sealedFor([withKek.recipient], { cipher: 'aes256-gcm', bindAlgorithm: true }),
    );
    const cbc = derSequence(derOid('2.16.840.1.101.3.4.1.42'), derOctetString(new Uint8Array(16)));
    const bound = derSequence(derOid('1.2.840.113549.1.9.16.3.31'), cbc);
    for (const algorithm of [cbc, bound]) {
      const forged = putTogether({
        ...parts,
        type: 'enveloped',
        algorithm,
        octets: parts.octets.subarray(0, 48),
        rest: [],
      });
      const outcome = await opened(forged, [withKek.key]);
      if (typeof outcome === 'string') expect(outcome).toBe('crypto-decryption-failed');
      else expect(outcome.authenticated).toBe(false);
    }
    // The binding taken off, with everything else as it was.
    const inner = readBer(parts.algorithm).children[1]!.bytes;
    expect(await opened(putTogether({ ...parts, algorithm: inner }), [withKek.key])).toBe(
      'crypto-decryption-failed',
    );
    // Or put on twice: a cipher that is none.
    const twice = derSequence(derOid('1.2.840.113549.1.9.16.3.31'), parts.algorithm);
    expect(await opened(putTogether({ ...parts, algorithm: twice }), [withKek.key])).toBe('cms-unsupported');
    const none = derSequence(derOid('1.2.840.113549.1.9.16.3.31'));
    expect(await opened(putTogether({ ...parts, algorithm: none }), [withKek.key])).toBe('asn1-unexpected');
  });
});

describe('keys and recipients', () => {
  test('without a certificate a key is its identifier’s, or that of the only recipient of its kind', async () => {
    const [rsa, rsa2, p256] = [await holder('rsa'), await holder('rsa2'), await holder('p256')];
    const { privateKey } = rsa;
    expect(await opened(await sealedFor([rsa, p256]), [{ privateKey }])).toMatchObject({ content });
    expect(await opened(await sealedFor([rsa, rsa2]), [{ privateKey }])).toBe('cms-no-recipient');
    const named = await sealedFor([{ certificate: rsa.certificate, identifier: 'ski' }, rsa2]);
    expect(await opened(named, [{ privateKey }])).toMatchObject({ content });
  });

  test('keys that are named come before one that nothing names, wherever it stands', async () => {
    const [rsa, rsa2, p256] = [await holder('rsa'), await holder('rsa2'), await holder('p256')];
    const p256b = await holder('p256b');
    const guess = ({ privateKey }: Holder) => ({ privateKey });
    const cases = [
      // RSA v1.5 always gives a key, so the first that is tried is the last.
      [await sealedFor([rsa2]), [guess(rsa), rsa2]],
      [await sealedFor([rsa2]), [rsa2, guess(rsa)]],
      [await sealedFor([{ certificate: rsa2.certificate, identifier: 'ski' }]), [guess(rsa), guess(rsa2)]],
      [await sealedFor([p256]), [guess(p256b), p256]],
      [await sealedFor([rsa2, withKek.recipient]), [guess(rsa), withKek.key]],
      [await sealedFor([rsa2, { password: 'x', iterations: 1 }]), [guess(rsa), { password: 'x' }]],
    ] as const;
    for (const [octets, keys] of cases) {
      const found = await opened(octets, keys);
      expect(found).toMatchObject({
        content,
        keyIndex: 'privateKey' in keys[0] && 'certificate' in keys[0] ? 0 : 1,
      });
    }
    expect(await opened(await sealedFor([rsa]), [rsa2, guess(rsa)])).toMatchObject({ content, keyIndex: 1 });
  });

  test('a key that nothing names is not tried on a recipient that names another', async () => {
    const [rsa, rsa2, p256, p256b] = [
      await holder('rsa'),
      await holder('rsa2'),
      await holder('p256'),
      await holder('p256b'),
    ];
    const transport = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
    const { asked, decryptor } = counting(rsa);
    for (const [recipient, other] of [
      [{ certificate: rsa2.certificate, transport }, rsa2],
      [{ certificate: rsa2.certificate, transport, identifier: 'ski' }, { privateKey: rsa2.privateKey }],
    ] as const) {
      const parts = takeApart(await sealedFor([recipient]));
      const damaged = parts.recipients[0]!.slice();
      damaged[damaged.length - 1]! ^= 1;
      const octets = putTogether({ ...parts, recipients: [damaged] });
      expect(await opened(octets, [{ decryptor }, other])).toBe('crypto-decryption-failed');
      expect(await opened(octets, [other, { decryptor }])).toBe('crypto-decryption-failed');
    }
    let agreed = 0;
    const agree = async () => new Uint8Array(32).fill(++agreed);
    const parts = takeApart(await sealedFor([p256]));
    const damaged = parts.recipients[0]!.slice();
    damaged[damaged.length - 1]! ^= 1;
    const octets = putTogether({ ...parts, recipients: [damaged] });
    const keys = [{ decryptor: { publicKey: p256b.publicKey, agree } }, p256];
    expect(await opened(octets, keys)).toBe('crypto-decryption-failed');
    expect([asked(), agreed]).toEqual([0, 0]);
    // Where it is the only key, it is.
    await opened(octets, keys.slice(0, 1));
    expect(agreed).toBe(1);
  });

  test('no key fits', async () => {
    const [rsa, rsa2] = [await holder('rsa'), await holder('rsa2')];
    const octets = await sealedFor([rsa]);
    for (const key of [rsa2, await holder('p256'), withKek.key, { password: 'x' }])
      expect(await opened(octets, [key])).toBe('cms-no-recipient');
    expect(await opened(octets, [])).toBe('cms-no-recipient');
  });

  test('the recipient and the key that opened it are told', async () => {
    const p256 = await holder('p256');
    const octets = await sealedFor([
      await holder('rsa'),
      p256,
      withKek.recipient,
      { password: 'x', iterations: 1 },
    ]);
    const outcome = await opened(octets, [{ password: 'y' }, p256]);
    expect(outcome).toMatchObject({ keyIndex: 1, recipient: { kind: 'key-agreement', version: 3 } });
  });

  test('a content key opens without any recipient', async () => {
    const wrapped = await sealedFor([withKek.recipient], {
      cipher: 'aes128-gcm',
      random: (n) => new Uint8Array(n).fill(4),
    });
    const contentKey = new Uint8Array(16).fill(4);
    expect(await opened(wrapped, [{ contentKey }])).toMatchObject({ content, recipient: undefined });
    expect(await opened(wrapped, [{ contentKey: new Uint8Array(15) }])).toBe('cms-no-recipient');
    expect(await opened(wrapped, [{ contentKey: new Uint8Array(16) }])).toBe('crypto-decryption-failed');
  });

  test('misuse', async () => {
    const [rsa, p256] = [await holder('rsa'), await holder('p256')];
    const octets = await sealedFor([rsa]);
    const bad: unknown[] = [null, {}, 7, { certificate: rsa.certificate }, { kek: 'x' }, { password: 7 }];
    for (const key of bad) expect(await opened(octets, [key as DecryptionKey])).toBe('usage');
    expect(await opened(octets, [{ privateKey: p256.privateKey, certificate: rsa.certificate }])).toBe(
      'usage',
    );
    expect(await opened(octets, 7 as unknown as DecryptionKey[])).toBe('usage');
    const wiped = await parsePrivateKey(rsa.privateKey.pkcs8.slice());
    wipePrivateKey(wiped);
    expect(await opened(octets, [{ privateKey: wiped, certificate: rsa.certificate }])).toBe('usage');
    expect(await opened(octets, [rsa], { signal: { aborted: true } })).toBe('aborted');
  });

  test('recipients of unknown kinds, versions and algorithms are kept, and keep nobody out', async () => {
    const p256 = await holder('p256');
    const parts = takeApart(await sealedFor([withKek.recipient, p256]));
    const kekInfo = parts.recipients.find((info) => info[0] === 0xa2)!;
    const fields = readBer(kekInfo).children.map(({ bytes }) => bytes);
    const unknown = derSequence(derOid('1.2.3.4'), derNull());
    const recipients = [
      der(0xa4, derOid('1.2.840.113549.1.9.16.13.3'), derSequence(derInteger(0))),
      der(0xa4),
      der(0xa9, derInteger(1)),
      derNull(),
      derSequence(derInteger(0)),
      der(0xa1, derInteger(3)),
      der(0xa3, derInteger(0)),
      der(0xa2, derInteger(9), ...fields.slice(1, 2), unknown, ...fields.slice(3)),
      ...parts.recipients,
    ];
    const octets = putTogether({ ...parts, recipients });
    const parsed = parseEnvelopedData(octets);
    expect(parsed.recipients.map(({ kind }) => kind)).toEqual([
      ...new Array<string>(7).fill('other'),
      'kek',
      ...parts.recipients.map((info) => (info[0] === 0xa2 ? 'kek' : 'key-agreement')),
    ]);
    expect(parsed.recipients[0]).toMatchObject({ type: '1.2.840.113549.1.9.16.13.3' });
    expect(parsed.recipients[7]).toMatchObject({ version: 9 });
    expect(await opened(octets, [withKek.key])).toMatchObject({ content });
    expect(await opened(octets, [p256])).toMatchObject({ content });
    // Alone, the one of an unknown algorithm fits and is of no use.
    expect(await opened(putTogether({ ...parts, recipients: recipients.slice(0, 8) }), [withKek.key])).toBe(
      'cms-unsupported',
    );
  });

  test('a password whose key unwraps by AES, as some senders have it', async () => {
    const parts = takeApart(await sealedFor([{ password: 'x', iterations: 1 }], { cipher: 'aes128-cbc' }));
    const contentKey = new Uint8Array(16).fill(8);
    const random = () => contentKey;
    const sealed = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes128-cbc', random }));
    const salt = new Uint8Array(16).fill(1);
    const kek = await pbkdf2(new TextEncoder().encode('x'), {
      digest: 'sha1',
      salt,
      iterations: 2,
      length: 32,
    });
    const derivation = der(
      0xa0,
      derOid('1.2.840.113549.1.5.12'),
      derSequence(derOctetString(salt), derInteger(2)),
    );
    const wrap = derSequence(derOid('2.16.840.1.101.3.4.1.45'));
    const encryptedKey = derOctetString(await wrapKey('aes256-wrap', kek, contentKey));
    const info = der(0xa3, derInteger(0), derivation, wrap, encryptedKey);
    const octets = putTogether({ ...sealed, version: parts.version, recipients: [info] });
    expect(await opened(octets, [{ password: 'x' }])).toMatchObject({ content });
    expect(await opened(octets, [{ password: 'y' }])).toBe('crypto-decryption-failed');
    const without = der(0xa3, derInteger(0), wrap, encryptedKey);
    expect(await opened(putTogether({ ...sealed, recipients: [without] }), [{ password: 'x' }])).toBe(
      'cms-unsupported',
    );
  });

  test('a content cipher that is not known', async () => {
    const parts = takeApart(await sealedFor([withKek.recipient]));
    const algorithm = derSequence(derOid('1.2.3.4'), derNull());
    expect(await opened(putTogether({ ...parts, algorithm }), [withKek.key])).toBe('cms-unsupported');
  });
});

describe('what is passed over in reading', () => {
  test('another version, and elements that are not known at the end', async () => {
    const unknown = der(0xa5, derInteger(7));
    for (const cipher of ['aes256-gcm', 'aes256-cbc'] as const) {
      const parts = takeApart(await sealedFor([withKek.recipient], { cipher }));
      for (const version of [1, 2, 99]) {
        const octets = putTogether({ ...parts, version: derInteger(version) });
        expect(parseEnvelopedData(octets).version).toBe(version);
        expect(await opened(octets, [withKek.key])).toMatchObject({ content });
      }
      const octets = putTogether({ ...parts, rest: [...parts.rest, unknown, derNull()] });
      expect(await opened(octets, [withKek.key])).toMatchObject({ content });
      const found = parseEnvelopedData(octets);
      expect(
        found.kind === 'envelopedData' ? found.unprotectedAttributes : found.unauthenticatedAttributes,
      ).toEqual([]);
    }
  });

  test('not what stands in the place of the tag', async () => {
    const parts = takeApart(await sealedFor([withKek.recipient]));
    const octets = putTogether({ ...parts, rest: [der(0xa5, derInteger(7)), ...parts.rest] });
    expect(await opened(octets, [withKek.key])).toBe('asn1-unexpected');
  });
});

describe('BER', () => {
  const indefinite = (identifier: number, ...elements: readonly Uint8Array[]): Uint8Array =>
    Uint8Array.from([identifier, 0x80, ...elements.flatMap((each) => [...each]), 0, 0]);

  test('indefinite lengths, and octet strings in nested pieces', async () => {
    const rsa = await holder('rsa');
    for (const cipher of ['aes256-cbc', 'aes256-gcm'] as const) {
      const parts = takeApart(await sealedFor([rsa, withKek.recipient], { cipher }));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < parts.octets.length; at += 5) {
        const piece = derOctetString(parts.octets.subarray(at, at + 5));
        pieces.push(
          at % 2 === 0 ? piece : indefinite(0x24, indefinite(0x24, piece), derOctetString(new Uint8Array(0))),
        );
      }
      const type = derOid(cipher === 'aes256-cbc' ? '1.2.840.113549.1.7.3' : '1.2.840.113549.1.9.16.1.23');
      const encrypted = indefinite(0x30, parts.contentType, parts.algorithm, indefinite(0xa0, ...pieces));
      const infos = parts.recipients.map((info) => {
        const node = readBer(info);
        return indefinite(info[0]!, ...node.children.map(({ bytes }) => bytes));
      });
      const body = indefinite(0x30, parts.version, indefinite(0x31, ...infos), encrypted, ...parts.rest);
      const octets = indefinite(0x30, type, indefinite(0xa0, body));
      for (const key of [rsa, withKek.key]) expect(await opened(octets, [key])).toMatchObject({ content });
    }
  });

  test('content that is kept elsewhere', async () => {
    const parts = takeApart(await sealedFor([withKek.recipient], { cipher: 'aes128-cbc' }));
    const encrypted = derSequence(parts.contentType, parts.algorithm);
    const body = derSequence(parts.version, der(0x31, ...parts.recipients), encrypted);
    const octets = derSequence(derOid('1.2.840.113549.1.7.3'), derExplicit(0, body));
    expect(await opened(octets, [withKek.key])).toBe('cms-malformed');
    expect(await opened(octets, [withKek.key], { encryptedContent: parts.octets })).toMatchObject({
      content,
    });
  });
});
