import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { hkdf } from '../../../src/crypto/agreement/hkdf.js';
import {
  deriveKek,
  encodeKeyAgreement,
  type KeyAgreementScheme,
  readKeyAgreement,
} from '../../../src/crypto/agreement/key-agreement.js';
import { x963Kdf } from '../../../src/crypto/agreement/x963-kdf.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { engines, errorCode, octetsOf, rejection } from '../support.js';

const schemes: readonly KeyAgreementScheme[] = [
  ...(['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const).flatMap((digest) =>
    (['ecdh-std', 'ecdh-cofactor'] as const).map((name) => ({ name, kdf: 'x963', digest }) as const),
  ),
  ...(['sha256', 'sha384', 'sha512'] as const).map(
    (digest) => ({ name: 'ecdh-std', kdf: 'hkdf', digest }) as const,
  ),
];

describe('AlgorithmIdentifier', () => {
  test('of each scheme is read as it was written', () => {
    expect(schemes).toHaveLength(13);
    for (const scheme of schemes) {
      for (const wrap of ['aes128-wrap', 'aes256-wrap', 'des-ede3-wrap'] as const) {
        const read = readKeyAgreement(readBer(encodeKeyAgreement(scheme, wrap)));
        expect(read.scheme).toEqual(scheme);
        expect(read.wrap).toBe(wrap);
      }
    }
  });

  test('dhSinglePass-stdDH-sha1kdf-scheme with AES-128, octet for octet', () => {
    const written = encodeKeyAgreement({ name: 'ecdh-std', kdf: 'x963', digest: 'sha1' }, 'aes128-wrap');
    expect(encodeHex(written)).toBe(
      '301806092b8105108648 3f0002300b0609608648016503040105'.replaceAll(' ', ''),
    );
  });

  test('what is not known is unsupported: ECMQV, finite fields', () => {
    const mqv = decodeHex('301806092b81051086483f0010300b0609608648016503040105');
    expect(errorCode(() => readKeyAgreement(readBer(mqv)))).toBe('crypto-unsupported');
    // id-alg-ESDH (RFC 3370 §4.1.1).
    const esdh = decodeHex('301a060b2a864886f70d0109100305300b0609608648016503040105');
    expect(errorCode(() => readKeyAgreement(readBer(esdh)))).toBe('crypto-unsupported');
    const bare = decodeHex('300b06092b81051086483f0002');
    expect(errorCode(() => readKeyAgreement(readBer(bare)))).toBe('asn1-unexpected');
    const none = { name: 'ecdh-cofactor', kdf: 'hkdf', digest: 'sha256' } as unknown as KeyAgreementScheme;
    expect(errorCode(() => encodeKeyAgreement(none, 'aes128-wrap'))).toBe('usage');
  });
});

describe('deriveKek', () => {
  const secret = octetsOf(32);
  // ECC-CMS-SharedInfo by hand: SEQUENCE, the wrap, [0] ukm, [2] 00000080.
  const aes128 = '300b0609608648016503040105';
  const without = decodeHex(`3015${aes128}a206040400000080`);
  const ukm = octetsOf(5);
  const withUkm = decodeHex(`301e${aes128}a0070405${encodeHex(ukm)}a206040400000080`);

  test('with X9.63 takes the SharedInfo of RFC 5753 §7.2', async () => {
    const scheme = { name: 'ecdh-std', kdf: 'x963', digest: 'sha256' } as const;
    const kek = deriveKek({ scheme, wrap: 'aes128-wrap', secret });
    expect(kek).toEqual(await x963Kdf(secret, { digest: 'sha256', info: without, length: 16 }));
    const bound = deriveKek({ scheme, wrap: 'aes128-wrap', secret, ukm });
    expect(bound).toEqual(await x963Kdf(secret, { digest: 'sha256', info: withUkm, length: 16 }));
    expect(bound).not.toEqual(kek);
  });

  test('with HKDF the ukm is the salt as well (RFC 8418 §2.2)', async () => {
    const scheme = { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha256' } as const;
    const kek = deriveKek({ scheme, wrap: 'aes128-wrap', secret });
    expect(kek).toEqual(await hkdf(secret, { digest: 'sha256', info: without, length: 16 }));
    const bound = deriveKek({ scheme, wrap: 'aes128-wrap', secret, ukm });
    expect(bound).toEqual(await hkdf(secret, { digest: 'sha256', salt: ukm, info: withUkm, length: 16 }));
  });

  test('takes the wrap’s identifier as it was received, so that NULL in it does no harm', () => {
    const scheme = { name: 'ecdh-std', kdf: 'x963', digest: 'sha1' } as const;
    const received = decodeHex(`301a06092b81051086483f0002${'300d06096086480165030401050500'}`);
    const { wrap, keyInfo } = readKeyAgreement(readBer(received));
    expect(encodeHex(keyInfo)).toBe('300d06096086480165030401050500');
    const theirs = deriveKek({ scheme, wrap, secret, keyInfo });
    expect(theirs).not.toEqual(deriveKek({ scheme, wrap, secret }));
    expect(theirs).toHaveLength(16);
  });

  test('leaves the secret as it is', () => {
    for (const scheme of schemes) deriveKek({ scheme, wrap: 'aes256-wrap', secret });
    expect(secret).toEqual(octetsOf(32));
  });
});

describe('key derivations', () => {
  // NIST CAVS ANSI X9.63 2001, without and with SharedInfo.
  test.each([
    ['sha256', '96c05619d56c328ab95fe84b18264b08725b85e33fd34f08', '', '443024c3dae66b95e6f5670601558f71'],
    [
      'sha256',
      '22518b10e70f2a3f243810ae3254139efbee04aa57c7af7d',
      '75eef81aa3041e33b80971203d2c0c52',
      'c498af77161cc59f2962b9a713e2b215152d139766ce34a776df11866a69bf2e52a13d9c7c6fc878c50c5ea0bc7b00e0da2447cfd874f6cf92f30d0097111485500c90c3af8b487872d04685d14c8d1dc8d7fa08beb0ce0ababc11f0bd496269142d43525a78e5bc79a17f59676a5706dc54d54d4d1f0bd7e386128ec26afc21',
    ],
  ] as const)('X9.63 with %s', async (digest, secret, info, key) => {
    for (const engine of engines) {
      const options = { digest, info: decodeHex(info), length: key.length / 2, engine };
      expect(encodeHex(await x963Kdf(decodeHex(secret), options))).toBe(key);
    }
  });

  // RFC 5869 appendix A.3, A.7.
  test.each([
    ['sha256', '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'],
    ['sha1', '2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5673a081d70cce7acfc48'],
  ] as const)('HKDF with %s and no salt', async (digest, key) => {
    const secret = new Uint8Array(22).fill(digest === 'sha1' ? 0x0c : 0x0b);
    for (const engine of engines) {
      expect(encodeHex(await hkdf(secret, { digest, length: 42, engine }))).toBe(key);
    }
  });

  test('lengths that cannot be are the caller’s fault', async () => {
    for (const length of [0, -1, 1.5, 255 * 32 + 1]) {
      expect((await rejection(hkdf(octetsOf(3), { digest: 'sha256', length }))).code).toBe('usage');
    }
    for (const length of [0, -1, 1.5, 1_048_577]) {
      expect((await rejection(x963Kdf(octetsOf(3), { digest: 'sha256', length }))).code).toBe('usage');
    }
  });
});
