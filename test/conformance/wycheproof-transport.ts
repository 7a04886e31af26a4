import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import type { RsaPrivateKey } from '../../src/crypto/keys/private-key.js';
import { isRepresentative } from '../../src/crypto/rsa-operations.js';
import { blindedPrivateOperation } from '../../src/crypto/rsa-private-operation.js';
import { decryptKey } from '../../src/crypto/transport/decrypt-key.js';
import { encryptKey } from '../../src/crypto/transport/encrypt-key.js';
import { type OaepAlgorithm, unpadOaep } from '../../src/crypto/transport/oaep-padding.js';
import { unpadPkcs1 } from '../../src/crypto/transport/pkcs1-padding.js';
import { rejectionKey } from '../../src/crypto/transport/rejection-key.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { readCorpusJson } from '../support/corpus.js';
import { digestNamed } from './wycheproof-support.js';

interface DecryptionTest {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly ct: string;
  readonly label?: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

export interface DecryptionGroup {
  readonly keySize: number;
  readonly sha: string;
  readonly mgfSha: string;
  readonly privateKeyPkcs8: string;
  readonly tests: readonly DecryptionTest[];
}

interface DecryptionFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly DecryptionGroup[];
}

/** What a case came to: right, wrong, or that this engine says that it cannot. */
type Outcome = 'right' | 'wrong' | 'unavailable';

interface FileOptions {
  /** Keys that are tested; others belong to another suite. Default all. */
  readonly keySizes?: (bits: number) => boolean;
  /** The groups whose keys this engine says that it cannot decrypt; default none. */
  readonly unavailable?: (group: DecryptionGroup) => boolean;
}

function testFile(
  file: string,
  engine: Engine,
  { keySizes = () => true, unavailable = () => false }: FileOptions,
  check: (tested: DecryptionTest, key: RsaPrivateKey, group: DecryptionGroup) => Promise<Outcome>,
): void {
  test(`${file}, ${engine}`, { timeout: 30 * 60_000 }, async () => {
    const { numberOfTests, testGroups } = readCorpusJson<DecryptionFile>(`wycheproof/${file}`);
    const wrong: string[] = [];
    const cannot: number[] = [];
    const count = { valid: 0, invalid: 0, acceptable: 0, elsewhere: 0 };
    for (const group of testGroups) {
      if (!keySizes(group.keySize)) {
        count.elsewhere += group.tests.length;
        continue;
      }
      const key = (await parsePrivateKey(decodeHex(group.privateKeyPkcs8))) as RsaPrivateKey;
      for (const tested of group.tests) {
        const outcome = await check(tested, key, group);
        if (outcome === 'unavailable') cannot.push(tested.tcId);
        else count[tested.result]++;
        // A ciphertext that is none of the modulus is refused before any engine is asked.
        const right = outcome === 'unavailable' ? unavailable(group) : outcome === 'right';
        const could = outcome !== 'unavailable' && unavailable(group) && tested.result !== 'invalid';
        if (!right || could) wrong.push(`${tested.tcId} (${tested.comment})`);
      }
    }
    expect(wrong).toEqual([]);
    const { valid, invalid, acceptable, elsewhere } = count;
    expect(valid + invalid + acceptable + cannot.length + elsewhere).toBe(numberOfTests);
    console.log(
      `${file} ${engine}: ${valid} valid and ${acceptable} acceptable decrypted, ${invalid} invalid refused, ${cannot.length} said to be unavailable${listed(cannot)}, ${elsewhere} with keys that another suite tests`,
    );
  });
}

function listed(tcIds: readonly number[]): string {
  return tcIds.length === 0 ? '' : ` (tcIds ${tcIds.join(' ')})`;
}

/** A promise's octets in hexadecimal digits, or the code of its MailsealError. */
async function outcomeOf(promise: Promise<Uint8Array>): Promise<string> {
  try {
    return encodeHex(await promise);
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

/** All lengths that a key in so long an encoding could have. */
function* lengths(encoded: Uint8Array): Generator<number> {
  for (let length = 0; length <= encoded.length; length++) yield length;
}

/**
 * RSAES-PKCS1-v1_5: a valid padding gives the message; an invalid one gives,
 * for any length, the key that stands in and never the message. The message is
 * encrypted and decrypted once more, too.
 */
export function testPkcs1File(file: string, engine: Engine, options: FileOptions = {}): void {
  const algorithm = { name: 'rsa-pkcs1' } as const;
  testFile(file, engine, options, async ({ msg, ct, result }, privateKey) => {
    const [message, encryptedKey] = [decodeHex(msg), decodeHex(ct)];
    const keyLength = message.length;
    const shared = { privateKey, algorithm, engine };
    const found = await outcomeOf(decryptKey({ ...shared, encryptedKey, keyLength }));
    if (result === 'valid') {
      const again = await encryptKey({ publicKey: privateKey.publicKey, algorithm, key: message, engine });
      const back = await outcomeOf(decryptKey({ ...shared, encryptedKey: again, keyLength }));
      return found === msg && back === msg ? 'right' : 'wrong';
    }
    const instead = encodeHex(rejectionKey(privateKey, encryptedKey, keyLength, { engine }));
    if (found !== instead || found === msg) return 'wrong';
    if (!isRepresentative(privateKey.publicKey, encryptedKey)) return 'right';
    const encoded = blindedPrivateOperation(privateKey, encryptedKey, {});
    for (const length of lengths(encoded)) {
      const other = new Uint8Array(length).fill(0x5a);
      if (encodeHex(unpadPkcs1(encoded, length, other)) !== encodeHex(other)) return 'wrong';
    }
    return 'right';
  });
}

/** RSAES-OAEP: a valid padding gives the message; an invalid one the one error, for any length. */
export function testOaepFile(file: string, engine: Engine, options: FileOptions = {}): void {
  testFile(file, engine, options, async ({ msg, ct, label = '', result }, privateKey, { sha, mgfSha }) => {
    const algorithm: OaepAlgorithm = {
      name: 'rsa-oaep',
      digest: digestNamed(sha),
      mgfDigest: digestNamed(mgfSha),
      label: decodeHex(label),
    };
    const [message, encryptedKey] = [decodeHex(msg), decodeHex(ct)];
    const keyLength = message.length;
    const shared = { privateKey, algorithm, engine };
    const found = await outcomeOf(decryptKey({ ...shared, encryptedKey, keyLength }));
    if (found === 'crypto-engine-unavailable') return 'unavailable';
    if (result !== 'invalid') {
      const again = await encryptKey({ publicKey: privateKey.publicKey, algorithm, key: message, engine });
      const back = await outcomeOf(decryptKey({ ...shared, encryptedKey: again, keyLength }));
      return found === msg && back === msg ? 'right' : 'wrong';
    }
    if (found !== 'crypto-decryption-failed') return 'wrong';
    if (!isRepresentative(privateKey.publicKey, encryptedKey)) return 'right';
    const encoded = blindedPrivateOperation(privateKey, encryptedKey, {});
    for (const length of lengths(encoded)) {
      if (unpadOaep(algorithm, encoded.slice(), length, {}) !== undefined) return 'wrong';
    }
    return 'right';
  });
}
