import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import { type AeadAlgorithm, decryptAead, encryptAead } from '../../src/crypto/ciphers/aead.js';
import { decryptWithCbc, encryptWithCbc } from '../../src/crypto/ciphers/cbc-once.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { readCorpusJson } from '../support/corpus.js';

interface AeadTest {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: 'valid' | 'invalid';
}

interface AeadGroup {
  readonly ivSize: number;
  readonly keySize: 128 | 192 | 256;
  readonly tagSize: number;
  readonly tests: readonly AeadTest[];
}

interface AeadFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly AeadGroup[];
}

/** aes_gcm_test.json, nonces of 257 octets: OpenSSL takes 128 at most, and `auto` does them in TypeScript. */
export const longNonces: readonly number[] = [268, 272, 276];

/** The same file, nonces of 1 to 10 octets as well: Node's WebCrypto takes 12 at least. */
export const unusualNonces: readonly number[] = [
  68, 69, 70, 268, 272, 276, 277, 278, 279, 280, 281, 282, 283, 284, 285, 286, 287, 288, 289, 290, 291, 292,
  293, 294, 295, 296, 297, 298, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310,
];

/** RFC 5084 §3.2: what CMS permits besides the whole tag of 16 octets. */
const shorterTags = [12, 13, 14, 15] as const;

/**
 * Declares a test of a file by one engine: what is valid decrypts, encrypts to
 * the same, and with AES also with every shorter tag; what is invalid is
 * refused, with a nonce that cannot be as the caller's fault.
 *
 * @param unavailable the tcIds of which this engine says that it cannot do them
 */
export function testAeadFile(
  file: string,
  nameOf: (group: AeadGroup) => AeadAlgorithm['name'],
  engine: Engine,
  unavailable: readonly number[] = [],
): void {
  test(`${file}, ${engine}`, async () => {
    const { numberOfTests, testGroups } = readCorpusJson<AeadFile>(`wycheproof/${file}`);
    const wrong: string[] = [];
    const cannot: number[] = [];
    const count = { valid: 0, invalid: 0, cut: 0 };
    for (const group of testGroups) {
      const name = nameOf(group);
      expect(group.tagSize).toBe(128);
      for (const { tcId, comment, result, ...hex } of group.tests) {
        const [key, nonce, aad] = [decodeHex(hex.key), decodeHex(hex.iv), decodeHex(hex.aad)];
        const [ciphertext, tag] = [decodeHex(hex.ct), decodeHex(hex.tag)];
        const algorithm: AeadAlgorithm = { name, nonce };
        const outcome = await outcomeOf(
          async () => await decryptAead(algorithm, key, ciphertext, tag, { aad, engine }),
        );
        if (outcome === 'crypto-engine-unavailable') {
          cannot.push(tcId);
          continue;
        }
        count[result]++;
        const badNonce = name === 'chacha20-poly1305' ? group.ivSize !== 96 : group.ivSize === 0;
        if (result === 'invalid') {
          if (outcome !== (badNonce ? 'usage' : 'crypto-decryption-failed'))
            wrong.push(`${tcId} (${comment})`);
          continue;
        }
        const sealed = await encryptAead(algorithm, key, decodeHex(hex.msg), { aad, engine });
        const same = encodeHex(sealed.ciphertext) === hex.ct && encodeHex(sealed.tag) === hex.tag;
        if (outcome !== hex.msg || !same) wrong.push(`${tcId} (${comment})`);
        if (name === 'chacha20-poly1305') continue;
        for (const tagLength of shorterTags) {
          const cut = await outcomeOf(
            async () =>
              await decryptAead({ name, nonce, tagLength }, key, ciphertext, tag.subarray(0, tagLength), {
                aad,
                engine,
              }),
          );
          count.cut++;
          if (cut !== hex.msg) wrong.push(`${tcId} (${comment}) with a tag of ${tagLength} octets`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(cannot).toEqual(unavailable);
    expect(count.valid + count.invalid + cannot.length).toBe(numberOfTests);
    console.log(
      `${file} ${engine}: ${count.valid} valid right, ${count.invalid} invalid refused, ${cannot.length} said to be unavailable, ${count.cut} with shorter tags right`,
    );
  });
}

interface CbcTest {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly iv: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: 'valid' | 'invalid';
}

interface CbcFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly { readonly keySize: 128 | 192 | 256; readonly tests: readonly CbcTest[] }[];
}

/** Declares a test of AES-CBC in one piece by one engine: what is valid both ways, what is invalid refused. */
export function testCbcFile(engine: Engine): void {
  test(`aes_cbc_pkcs5_test.json, ${engine}`, async () => {
    const { numberOfTests, testGroups } = readCorpusJson<CbcFile>('wycheproof/aes_cbc_pkcs5_test.json');
    const wrong: string[] = [];
    const count = { valid: 0, invalid: 0 };
    for (const { keySize, tests } of testGroups) {
      for (const { tcId, comment, key, iv, msg, ct, result } of tests) {
        count[result]++;
        const algorithm = { name: `aes${keySize}-cbc`, iv: decodeHex(iv) } as const;
        const found = await outcomeOf(() =>
          decryptWithCbc(algorithm, decodeHex(key), decodeHex(ct), { engine }),
        );
        const again =
          result === 'valid'
            ? encodeHex(await encryptWithCbc(algorithm, decodeHex(key), decodeHex(msg), { engine }))
            : ct;
        const right = result === 'valid' ? found === msg : found === 'crypto-decryption-failed';
        if (!right || again !== ct) wrong.push(`${tcId} (${comment})`);
      }
    }
    expect(wrong).toEqual([]);
    expect(count.valid + count.invalid).toBe(numberOfTests);
    console.log(
      `aes_cbc_pkcs5_test.json ${engine}: ${count.valid} valid right, ${count.invalid} invalid refused`,
    );
  });
}

async function outcomeOf(run: () => Promise<Uint8Array>): Promise<string> {
  try {
    return encodeHex(await run());
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}
