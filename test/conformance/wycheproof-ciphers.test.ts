import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import { decryptCbc, encryptCbc } from '../../src/crypto/ciphers/cbc.js';
import type { CbcAlgorithm } from '../../src/crypto/ciphers/cbc-blocks.js';
import { type HmacDigestName, hmac, verifyHmac } from '../../src/crypto/digests/hmac.js';
import {
  decryptWithPassword,
  encryptWithPassword,
  passwordForms,
} from '../../src/crypto/passwords/password-cipher.js';
import { Derivations } from '../../src/crypto/passwords/password-derivations.js';
import type { PasswordEncryption } from '../../src/crypto/passwords/password-encryption.js';
import { pbkdf2 } from '../../src/crypto/passwords/pbkdf2.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';

interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid';
}

interface WycheproofFile<Group> {
  readonly numberOfTests: number;
  readonly testGroups: readonly Group[];
}

interface CipherTest extends WycheproofTest {
  readonly key: string;
  readonly iv: string;
  readonly msg: string;
  readonly ct: string;
}

interface MacTest extends WycheproofTest {
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}

interface PbkdfTest extends WycheproofTest {
  readonly password: string;
  readonly salt: string;
  readonly iterationCount: number;
  readonly dkLen: number;
  readonly dk: string;
}

interface PbeTest extends PbkdfTest {
  readonly iv: string;
  readonly msg: string;
  readonly ct: string;
}

/** Declares one test per engine over a file; each case says whether what it found is what the file says. */
function testFile<Test extends WycheproofTest, Group extends { readonly tests: readonly Test[] }>(
  file: string,
  check: (tested: Test, group: Group, engine: Engine) => Promise<boolean>,
): void {
  for (const engine of ['native', 'typescript'] as const) {
    test(`${file}, ${engine}`, { timeout: 120_000 }, async () => {
      const { numberOfTests, testGroups } = readCorpusJson<WycheproofFile<Group>>(`wycheproof/${file}`);
      const wrong: string[] = [];
      const count = { valid: 0, invalid: 0 };
      for (const group of testGroups) {
        for (const tested of group.tests) {
          count[tested.result]++;
          if (!(await check(tested, group, engine))) wrong.push(`${tested.tcId} (${tested.comment})`);
        }
      }
      expect(wrong).toEqual([]);
      expect(count.valid + count.invalid).toBe(numberOfTests);
      console.log(`${file} ${engine}: ${count.valid} valid right, ${count.invalid} invalid refused`);
    });
  }
}

/** The octets, or `undefined` where they cannot be decrypted. */
async function decrypted(run: () => Promise<Uint8Array> | Uint8Array): Promise<string | undefined> {
  try {
    return encodeHex(await run());
  } catch (error) {
    if (error instanceof MailsealError && error.code === 'crypto-decryption-failed') return undefined;
    throw error;
  }
}

describeCorpus('wycheproof', () => {
  testFile<CipherTest, { keySize: 128 | 192 | 256; tests: CipherTest[] }>(
    'aes_cbc_pkcs5_test.json',
    async ({ key, iv, msg, ct, result }, { keySize }, engine) => {
      const algorithm: CbcAlgorithm = { name: `aes${keySize}-cbc`, iv: decodeHex(iv) };
      const plain = await decrypted(() => decryptCbc(algorithm, decodeHex(key), decodeHex(ct), { engine }));
      if (result === 'invalid') return plain === undefined;
      const again = encryptCbc(algorithm, decodeHex(key), decodeHex(msg), { engine });
      return plain === msg && encodeHex(again) === ct;
    },
  );

  for (const digest of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
    testFile<MacTest, { tagSize: number; tests: MacTest[] }>(
      `hmac_${digest}_test.json`,
      async ({ key, msg, tag, result }, { tagSize }, engine) => {
        const [k, m] = [decodeHex(key), decodeHex(msg)];
        const valid = await verifyHmac(digest, k, m, decodeHex(tag), { engine, length: tagSize / 8 });
        const cut = encodeHex(await hmac(digest, k, m, { engine })).slice(0, tagSize / 4);
        return valid === (result === 'valid') && (cut === tag) === (result === 'valid');
      },
    );
  }

  for (const digest of ['sha1', 'sha256'] as const) {
    testFile<PbkdfTest, { tests: PbkdfTest[] }>(
      `pbkdf2_hmac${digest}_test.json`,
      async ({ password, salt, iterationCount, dkLen, dk }, _, engine) => {
        // Sixteen million in TypeScript are left to test/slow.
        if (engine === 'typescript' && iterationCount > 1_000_000) return true;
        const asked = { digest, salt: decodeHex(salt), iterations: iterationCount, length: dkLen, engine };
        return encodeHex(await pbkdf2(decodeHex(password), asked)) === dk;
      },
    );
  }

  const pbes2: readonly (readonly [HmacDigestName, 128 | 256])[] = [
    ['sha1', 128],
    ['sha256', 128],
    ['sha256', 256],
    ['sha512', 256],
  ];
  for (const [digest, bits] of pbes2) {
    testFile<PbeTest, { tests: PbeTest[] }>(
      `pbes2_hmac${digest}_aes_${bits}_test.json`,
      async ({ password, salt, iterationCount, iv, msg, ct }, _, engine) => {
        const algorithm: PasswordEncryption = {
          name: 'pbes2',
          derivation: { name: 'pbkdf2', digest, salt: decodeHex(salt), iterations: iterationCount },
          cipher: { name: `aes${bits}-cbc`, iv: decodeHex(iv) },
        };
        const [forms] = passwordForms(decodeHex(password));
        const derivations = new Derivations({ engine });
        const plain = await decrypted(() =>
          decryptWithPassword(algorithm, forms!, decodeHex(ct), derivations),
        );
        const again = await encryptWithPassword(algorithm, forms!, decodeHex(msg), derivations);
        return plain === msg && encodeHex(again) === ct;
      },
    );
  }
});
