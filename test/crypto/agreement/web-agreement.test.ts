import { diffieHellman, generateKeyPairSync } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { deriveSharedSecret } from '../../../src/crypto/agreement/shared-secret.js';
import { generateKeyPair } from '../../../src/crypto/keys/generate-key-pair.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import { unwrapKey, wrapKey } from '../../../src/crypto/wrap/key-wrap.js';
import { octetsOf, plain, rejection } from '../support.js';

// Without node:crypto the engine `native` means WebCrypto, as in a browser.
vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });

function nodePair(kind: string) {
  if (kind === 'x25519') return generateKeyPairSync('x25519');
  if (kind === 'x448') return generateKeyPairSync('x448');
  return generateKeyPairSync('ec', { namedCurve: kind });
}

test.each(['P-256', 'P-384', 'P-521', 'x25519', 'x448'])('WebCrypto agrees on %s', async (kind) => {
  const [own, other] = [nodePair(kind), nodePair(kind)];
  const known = plain(diffieHellman({ privateKey: own.privateKey, publicKey: other.publicKey }));
  const privateKey = await parsePrivateKey(plain(own.privateKey.export({ format: 'der', type: 'pkcs8' })));
  const publicKey = parsePublicKey(plain(other.publicKey.export({ format: 'der', type: 'spki' })));
  for (const engine of ['native', 'auto'] as const) {
    expect(await deriveSharedSecret({ privateKey, publicKey, engine })).toEqual(known);
  }
  wipePrivateKey(privateKey);
  for (const engine of ['native', 'auto'] as const) {
    const { code } = await rejection(deriveSharedSecret({ privateKey, publicKey, engine }));
    expect(code).toBe('usage');
  }
});

test('curves that WebCrypto has not are TypeScript’s, or nobody’s', async () => {
  const keys = await generateKeyPair({ kind: 'ec', curve: 'brainpoolP256r1' });
  expect((await deriveSharedSecret(keys)).length).toBe(32);
  const { code } = await rejection(deriveSharedSecret({ ...keys, engine: 'native' }));
  expect(code).toBe('crypto-engine-unavailable');
});

test('WebCrypto wraps keys of every length that AES wraps', async () => {
  for (const name of ['aes128-wrap', 'aes192-wrap', 'aes256-wrap'] as const) {
    const kek = octetsOf({ 'aes128-wrap': 16, 'aes192-wrap': 24, 'aes256-wrap': 32 }[name]);
    for (const length of [16, 24, 32, 40, 256, 8192]) {
      const wrapped = await wrapKey(name, kek, octetsOf(length), { engine: 'native' });
      expect(await unwrapKey(name, kek, wrapped, { engine: 'typescript' })).toEqual(octetsOf(length));
      expect(await unwrapKey(name, kek, wrapped, { engine: 'native' })).toEqual(octetsOf(length));
    }
  }
});
