import { describe, expect, test } from 'vitest';
import { createCbcDecryptor, createCbcEncryptor } from '../../src/crypto/ciphers/cbc.js';
import type { CbcAlgorithm } from '../../src/crypto/ciphers/cbc-blocks.js';
import {
  createDigest,
  createHmac,
  decryptAead,
  decryptWithCbc,
  digest,
  encryptAead,
  encryptPrivateKey,
  encryptWithCbc,
  generateKeyPair,
  hmac,
  parsePrivateKey,
  signData,
} from '../../src/crypto/index.js';
import { unwrapKey, wrapKey } from '../../src/crypto/wrap/key-wrap.js';
import { engines, octetsOf } from './support.js';

type Octets = Uint8Array<ArrayBuffer>;
/** Gives octets their class: an operation takes all of its octets through it. */
type Given = (octets: Octets) => Octets;

const plain: Given = (octets) => octets;

/** Node's `Buffer`, whose `slice` shares memory, somewhere within its memory. */
function asBuffer(octets: Octets, given: [Octets, string][]): Octets {
  const buffer = Buffer.concat([octetsOf(3), octets, octetsOf(5)]).subarray(3, 3 + octets.length);
  given.push([buffer as Octets, buffer.toString('hex')]);
  return buffer as Octets;
}

/** What an operation gives for Buffers is what it gives for plain octets, and it writes into none. */
async function sameForBuffers(operation: (given: Given) => unknown): Promise<void> {
  const given: [Octets, string][] = [];
  const result = await operation((octets) => asBuffer(octets, given));
  expect(given.map(([buffer]) => Buffer.from(buffer).toString('hex'))).toEqual(given.map(([, hex]) => hex));
  expect(result).toEqual(await operation(plain));
}

const octets = octetsOf(53);

describe.each(engines)('engine %s', (engine) => {
  const ciphers: [CbcAlgorithm['name'], number, number][] = [
    ['aes128-cbc', 16, 16],
    ['aes256-cbc', 32, 16],
    ['des-ede3-cbc', 24, 8],
    ['des-cbc', 8, 8],
    ['rc2-cbc', 16, 8],
  ];
  test.each(ciphers.filter(([name]) => engine !== 'native' || (name !== 'des-cbc' && name !== 'rc2-cbc')))(
    '%s',
    async (name, keyLength, blockLength) => {
      const algorithm = (given: Given): CbcAlgorithm => ({
        name: name as 'rc2-cbc',
        effectiveKeyBits: 40,
        iv: given(octetsOf(blockLength)),
      });
      const key = octetsOf(keyLength);
      const sealed = await encryptWithCbc(algorithm(plain), key, octets, { engine });
      await sameForBuffers((given) =>
        encryptWithCbc(algorithm(given), given(key), given(octets), { engine }),
      );
      await sameForBuffers((given) =>
        decryptWithCbc(algorithm(given), given(key), given(sealed), { engine }),
      );
      for (const [create, whole] of [
        [createCbcEncryptor, octets],
        [createCbcDecryptor, sealed],
      ] as const) {
        await sameForBuffers((given) => {
          const cipher = create(algorithm(given), given(key), { engine });
          const cut = [whole.slice(0, 11), whole.slice(11, 40), whole.slice(40)];
          return [...cut.map((piece) => [...cipher.update(given(piece))]), [...cipher.finish()]];
        });
      }
    },
  );

  test.each(['aes128-gcm', 'chacha20-poly1305'] as const)('%s', async (name) => {
    const key = octetsOf(name === 'aes128-gcm' ? 16 : 32);
    const nonce = octetsOf(12);
    const { ciphertext, tag } = await encryptAead({ name, nonce }, key, octets, { engine, aad: octetsOf(9) });
    await sameForBuffers((given) =>
      encryptAead({ name, nonce: given(nonce) }, given(key), given(octets), {
        engine,
        aad: given(octetsOf(9)),
      }),
    );
    await sameForBuffers((given) =>
      decryptAead({ name, nonce: given(nonce) }, given(key), given(ciphertext), given(tag), {
        engine,
        aad: given(octetsOf(9)),
      }),
    );
  });

  test('digests and codes', async () => {
    await sameForBuffers((given) => digest('sha256', given(octets), { engine }));
    await sameForBuffers((given) =>
      createDigest('sha1', { engine })
        .update(given(octets))
        .update(given(octetsOf(70)))
        .finish(),
    );
    await sameForBuffers((given) => hmac('sha256', given(octetsOf(20)), given(octets), { engine }));
    await sameForBuffers((given) =>
      createHmac('sha256', given(octetsOf(90)), { engine })
        .update(given(octets))
        .finish(),
    );
  });

  test.each(['aes128-wrap', 'aes256-wrap', 'des-ede3-wrap'] as const)('%s', async (name) => {
    const kek = octetsOf(name === 'aes128-wrap' ? 16 : name === 'aes256-wrap' ? 32 : 24);
    const options = { engine, random: octetsOf };
    const wrapped = await wrapKey(name, kek, octetsOf(24), options);
    await sameForBuffers((given) => wrapKey(name, given(kek), given(octetsOf(24)), options));
    await sameForBuffers((given) => unwrapKey(name, given(kek), given(wrapped), options));
  });
});

test.each([{ kind: 'ed25519' }, { kind: 'rsa', bits: 2048 }] as const)(
  'a private key of $kind',
  async (kind) => {
    const { privateKey } = await generateKeyPair(kind);
    const locked = await encryptPrivateKey(privateKey, { password: 'geheim', iterations: 10 });
    await sameForBuffers(async (given) => {
      const key = await parsePrivateKey(given(locked), {
        password: given(Uint8Array.from(Buffer.from('geheim'))),
      });
      return signData({ privateKey: key, data: given(octets) });
    });
  },
);
