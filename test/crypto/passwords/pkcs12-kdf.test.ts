import { expect, test } from 'vitest';
import { type DigestName, digest, digestLength } from '../../../src/crypto/digests/digest.js';
import { iterateDigest } from '../../../src/crypto/digests/iterated-digest.js';
import { bmpPassword, widenedPassword } from '../../../src/crypto/passwords/password.js';
import { passwordForms } from '../../../src/crypto/passwords/password-cipher.js';
import { pkcs12Key } from '../../../src/crypto/passwords/pkcs12-kdf.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf } from '../support.js';

test('a digest of its own output is what so many digests give', () => {
  for (const name of ['sha1', 'sha256', 'sha512', 'md5'] as const satisfies readonly DigestName[]) {
    for (const engine of ['auto', 'native', 'typescript'] as const) {
      for (const times of [0, 1, 2, 7, 50]) {
        const start = octetsOf(digestLength(name));
        let known = start;
        for (let i = 0; i < times; i++) known = digest(name, known);
        expect(encodeHex(iterateDigest(name, start, times, { engine }))).toBe(encodeHex(known));
      }
    }
  }
});

test('the derivation of PKCS#12 gives what OpenSSL gives', () => {
  // Each from `openssl kdf -digest D -kdfopt hexpass:… -kdfopt hexsalt:… -kdfopt id:N -kdfopt iter:I PKCS12KDF`.
  for (const { digestName, purpose, password, salt, iterations, known } of knownDerivations) {
    for (const engine of ['native', 'typescript'] as const) {
      const asked = {
        digest: digestName,
        purpose,
        password: decodeHex(password),
        salt: decodeHex(salt),
        iterations,
        length: known.length / 2,
      };
      expect(encodeHex(pkcs12Key(asked, { engine }))).toBe(known);
    }
  }
});

test('passwords become UTF-16BE with two zero octets', () => {
  expect(encodeHex(bmpPassword('Beavis')!)).toBe('0042006500610076006900730000');
  expect(encodeHex(bmpPassword('花😀')!)).toBe('82b1d83dde000000');
  expect(encodeHex(bmpPassword('')!)).toBe('0000');
  expect(encodeHex(bmpPassword(new TextEncoder().encode('花😀'))!)).toBe('82b1d83dde000000');
  expect(encodeHex(widenedPassword('é'))).toBe('00c300a90000');
});

const knownDerivations = [
  {
    digestName: 'sha1',
    purpose: 'key',
    password: '0073006d006500670000',
    salt: '0a58cf64530d823f',
    iterations: 1,
    known: '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3',
  },
  {
    digestName: 'sha1',
    purpose: 'iv',
    password: '0073006d006500670000',
    salt: '642b99ab44fb4b1f',
    iterations: 1,
    known: 'c0a38d64a79bea1d',
  },
  {
    digestName: 'sha1',
    purpose: 'mac',
    password: '0071007500650065006700000000',
    salt: '05dec959acff72f7',
    iterations: 1000,
    known: 'ac17c1dc9d06ca6d7306e24a7e9ddce401808576',
  },
  {
    digestName: 'sha1',
    purpose: 'key',
    password: '0071007500650065006700000000',
    salt: '1682c0fc5b3f7ec5',
    iterations: 1000,
    known:
      'ae69ec1b7c8210be6696cde8ecf9c64edf2413ebe1f2b40a98bc7859b726c5dac75453d5203e9c2579f5e212d285c8063a4b6f4824d9dbc99c7bc710ed19a3ca0f18a772e8d521313f78c65f1c781ec58695e0d5849a77dd1cd13b1e6c8dc6c54b1dd813',
  },
  {
    digestName: 'sha1',
    purpose: 'mac',
    password: '82b15b500000',
    salt: '0102030405060708090a0b0c0d0e0f10',
    iterations: 3,
    known:
      '458912efda165745dce8799bb9eeb51cb86ee055b322a9a8a0c520c28d493fc4f62fe089160744481bbbcedd5cfcb49a00c423ee97223fc0f8142147ca0ad4c6',
  },
  {
    digestName: 'sha256',
    purpose: 'key',
    password: '0073006d006500670000',
    salt: '0a58cf64530d823f',
    iterations: 1,
    known: '27e90d7ed5a1c411ba878bc090f5cebe5e9d5fe3d62b73aa',
  },
  {
    digestName: 'sha256',
    purpose: 'iv',
    password: '0073006d006500670000',
    salt: '642b99ab44fb4b1f',
    iterations: 1,
    known: 'af4ab6750b7550f0',
  },
  {
    digestName: 'sha256',
    purpose: 'mac',
    password: '0071007500650065006700000000',
    salt: '05dec959acff72f7',
    iterations: 1000,
    known: 'c71c595c8a19b9b6920b9e8e8cb26b43555ba24d',
  },
  {
    digestName: 'sha256',
    purpose: 'key',
    password: '0071007500650065006700000000',
    salt: '1682c0fc5b3f7ec5',
    iterations: 1000,
    known:
      '082ff7c42ef5625046cd156258f3c91718e83a0d2bc7fd95514225b9f7c0d1e373655b16f69969428b7c3a41a7751e698daffabcb90673fdfbf37a2c489ddade9fb0a21a854339d2c3a8f2e24c4525610dcd8db86ffa13670ac572df05ab0d972ccb580a',
  },
  {
    digestName: 'sha256',
    purpose: 'mac',
    password: '82b15b500000',
    salt: '0102030405060708090a0b0c0d0e0f10',
    iterations: 3,
    known:
      'e70dc9a7eb9452ab48c8acd8a3d20691d935548a2a31c145767d4c87f9ee46a2762951da91e079b3c03bde1caac1757c552b5a1135ffc5825173e492256a787b',
  },
  {
    digestName: 'sha512',
    purpose: 'key',
    password: '0073006d006500670000',
    salt: '0a58cf64530d823f',
    iterations: 1,
    known: '1304a9f00153742524127d51d598bc047e64090309ca84eb',
  },
  {
    digestName: 'sha512',
    purpose: 'iv',
    password: '0073006d006500670000',
    salt: '642b99ab44fb4b1f',
    iterations: 1,
    known: 'af7ac9d317234793',
  },
  {
    digestName: 'sha512',
    purpose: 'mac',
    password: '0071007500650065006700000000',
    salt: '05dec959acff72f7',
    iterations: 1000,
    known: '82130dbc1331ed5d9bf6b1f4907810c0dcd356b8',
  },
  {
    digestName: 'sha512',
    purpose: 'key',
    password: '0071007500650065006700000000',
    salt: '1682c0fc5b3f7ec5',
    iterations: 1000,
    known:
      '3a3de431e7dd2c9578f9e3809ff48fa78140d28ba17c24e35dc934f677a58fc919a59c0a6e11047c86d0f33ec0697aa902e87cb76fabbcca44585f713a5f8e7f3c0f74335f58b47b4658fb4d32f31462970d1f8b332eb2272b58a2cb46a58ce0ce684e87',
  },
  {
    digestName: 'sha512',
    purpose: 'mac',
    password: '82b15b500000',
    salt: '0102030405060708090a0b0c0d0e0f10',
    iterations: 3,
    known:
      '2f9568d8d4c19a41593ec41625910631bb20898c4cbc60cb342f91abe5a0398687fcf5648e5a4dcb028ee26e1c8169d07bf9244d8c4bc1bdbd622995c4b23063',
  },
  {
    digestName: 'sha384',
    purpose: 'key',
    password: '0073006d006500670000',
    salt: '0a58cf64530d823f',
    iterations: 1,
    known: '17d50f1f218a3bc96e1041baecf0a1f2119956552bd03880',
  },
  {
    digestName: 'sha384',
    purpose: 'iv',
    password: '0073006d006500670000',
    salt: '642b99ab44fb4b1f',
    iterations: 1,
    known: 'f9cc9affe700b74c',
  },
  {
    digestName: 'sha384',
    purpose: 'mac',
    password: '0071007500650065006700000000',
    salt: '05dec959acff72f7',
    iterations: 1000,
    known: '3491de21ddeeed93da62a2c8bf98997f20db77cc',
  },
  {
    digestName: 'sha384',
    purpose: 'key',
    password: '0071007500650065006700000000',
    salt: '1682c0fc5b3f7ec5',
    iterations: 1000,
    known:
      'e34779a246e1faaf47d9ef530f3e2d49dd99b4e1a3a19f6f0d7323f3d00344e6a2c9f4c5f4639234390f7cf557f7d63ffe6ed87e30c09c68bf5be8192dc6f941b0600c5d76e06ddea18ed1d17c3fcdd0dd22d5e3ace822b4c96220df09ccf7a613838154',
  },
  {
    digestName: 'sha384',
    purpose: 'mac',
    password: '82b15b500000',
    salt: '0102030405060708090a0b0c0d0e0f10',
    iterations: 3,
    known:
      '847f3cbb4196d3b342a146d8742fd376a1c1e228b2246f9a09a504ce52d78a019198856c0c3918b2660438621fb9e56f006705431c6156d9f9931ed2534657d8',
  },
] as const;

test('octets that are no UTF-8 are each a password of their own', () => {
  for (const octet of [0xe9, 0xff]) {
    const forms = passwordForms(Uint8Array.of(octet));
    expect(forms.map(({ bmp }) => encodeHex(bmp))).toEqual([`00${octet.toString(16)}0000`]);
    expect(encodeHex(forms[0]!.octets)).toBe(octet.toString(16));
  }
});
