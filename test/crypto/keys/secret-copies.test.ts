import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import { encryptPrivateKey } from '../../../src/crypto/keys/encrypted-private-key.js';
import { generateKeyPair, type KeyPairKind } from '../../../src/crypto/keys/generate-key-pair.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { type PrivateKey, wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { signData } from '../../../src/crypto/signatures/sign.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { createPkcs12 } from '../../../src/pki/pkcs12/create-pkcs12.js';
import { parsePkcs12 } from '../../../src/pki/pkcs12/parse-pkcs12.js';

// Every array that our code makes is taken down, and looked into afterwards.
// What the libraries and the runtime make inside is theirs.

const Real = Uint8Array;
const realSlice = Real.prototype.slice;
let made: { readonly octets: Uint8Array; readonly where: string }[] = [];

function note<Octets extends Uint8Array>(octets: Octets): Octets {
  const lines = (new Error().stack ?? '').split('\n').slice(3, 7);
  made.push({ octets, where: lines.map((line) => line.trim()).join(' < ') });
  return octets;
}

beforeEach(() => {
  made = [];
  const Watched: typeof Real = new Proxy(Real, {
    construct: (target, given: unknown[], newTarget: unknown): Uint8Array =>
      note(
        Reflect.construct(
          target,
          given,
          newTarget === Watched ? target : (newTarget as typeof Real),
        ) as Uint8Array,
      ),
  });
  globalThis.Uint8Array = Watched;
  Real.prototype.slice = function slice(this: Uint8Array, ...given: [number?, number?]) {
    return note(realSlice.apply(this, given));
  } as typeof realSlice;
});

afterEach(() => {
  globalThis.Uint8Array = Real;
  Real.prototype.slice = realSlice;
});

/** Where arrays were made that hold the secret, beside those that are allowed to; libraries' own left out. */
function copiesOf(secret: Buffer, allowed: readonly Uint8Array[] = []): string[] {
  return made
    .filter(({ octets }) => !allowed.some((one) => one.buffer === octets.buffer))
    .filter(({ octets }) => Buffer.from(octets.buffer, octets.byteOffset, octets.length).includes(secret))
    .map(({ where }) => where)
    .filter((where) => !/^(?:at Proxy\.\w+ \(<anonymous>\) < )?[^<]*node_modules/.test(where));
}

function secretOf(key: PrivateKey): Buffer {
  const octets =
    key.kind === 'rsa' ? key.p : key.kind === 'ec' ? key.scalar : key.kind === 'dsa' ? key.x : key.seed;
  return Buffer.from(octets);
}

const kinds: readonly KeyPairKind[] = [
  { kind: 'rsa', bits: 2048 },
  { kind: 'ec', curve: 'P-256' },
  { kind: 'ed25519' },
  { kind: 'x448' },
];
const engines: readonly Engine[] = ['auto', 'typescript'];
const password = '合言葉は山と川';

for (const kind of kinds) {
  describe(`of the secret of a key of the kind ${kind.kind} no copy is left`, () => {
    for (const engine of engines) {
      if (kind.kind === 'rsa' && engine === 'typescript') continue;

      test(`when it is made by ${engine}, signs and is wiped`, async () => {
        const { privateKey } = await generateKeyPair(kind, { engine });
        const secret = secretOf(privateKey);
        expect(copiesOf(secret).length).toBeGreaterThan(0);
        if (kind.kind !== 'x448') await signData({ privateKey, data: new Real(3), engine });
        wipePrivateKey(privateKey);
        expect(copiesOf(secret)).toEqual([]);
      });

      test(`when it is written and read by ${engine}, as PKCS#8 and PKCS#12`, async () => {
        const { privateKey } = await generateKeyPair(kind);
        const secret = secretOf(privateKey);
        const options = { password, iterations: 2, engine };
        const files = [
          await encryptPrivateKey(privateKey, options),
          encodePem('ENCRYPTED PRIVATE KEY', await encryptPrivateKey(privateKey, options)),
        ];
        const pkcs12 = await createPkcs12({ keys: [{ privateKey }] }, options);
        wipePrivateKey(privateKey);
        for (const file of files) wipePrivateKey(await parsePrivateKey(file, options));
        wipePrivateKey((await parsePkcs12(pkcs12, options)).keys[0]!.privateKey);
        expect(copiesOf(secret)).toEqual([]);
      });
    }

    test('when it is read from PEM', async () => {
      const { privateKey } = await generateKeyPair(kind);
      const secret = secretOf(privateKey);
      const pem = encodePem('PRIVATE KEY', privateKey.pkcs8);
      wipePrivateKey(privateKey);
      made = [];
      wipePrivateKey(await parsePrivateKey(pem));
      expect(copiesOf(secret).filter((where) => !where.includes('encoding/'))).toEqual([]);
    });
  });
}

for (const engine of engines) {
  test(`no copy of a secret or of the password is left when a PKCS#12 file is written by ${engine}`, async () => {
    const text = 'SECRETSECRETSECR';
    const value = Real.from([4, 16, ...Buffer.from(text)]);
    const options = { password, iterations: 2, engine, mac: { kind: 'pbmac1' } } as const;
    const file = await createPkcs12({ secrets: [{ type: '1.2.3', value }] }, options);
    expect(Buffer.from(value).includes(text)).toBe(true);
    expect(copiesOf(Buffer.from(text), [value])).toEqual([]);
    expect(copiesOf(Buffer.from(password))).toEqual([]);
    expect(file.length).toBeGreaterThan(100);
  });
}
