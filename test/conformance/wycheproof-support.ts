import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { type DigestName, digest } from '../../src/crypto/digests/digest.js';
import { parsePublicKey } from '../../src/crypto/keys/public-key.js';
import type { SignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../src/crypto/signatures/verify.js';
import { digestSignatureFits } from '../../src/crypto/signatures/verify-digest.js';
import { decodeHex } from '../../src/encoding/hex.js';
import { readCorpusJson } from '../support/corpus.js';

interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

/** The fields of the groups of all signature files; each file has some of them. */
export interface WycheproofGroup {
  readonly publicKeyDer?: string;
  /** An RSAPublicKey, in the files that hold private keys as well. */
  readonly keyAsn?: string;
  readonly sha: string;
  readonly mgfSha?: string;
  readonly sLen?: number;
  readonly tests: readonly WycheproofTest[];
}

interface WycheproofFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly WycheproofGroup[];
}

/** Wycheproof writes SHA-256, SHA-512/256, SHA3-256, SHAKE256. */
export function digestNamed(sha: string): DigestName {
  return sha.toLowerCase().replace(/^sha-/, 'sha').replace('/', '-') as DigestName;
}

const rsaEncryption = '300d06092a864886f70d0101010500';

function spkiOf(group: WycheproofGroup): Uint8Array {
  if (group.publicKeyDer !== undefined) return decodeHex(group.publicKeyDer);
  // A BIT STRING around the RSAPublicKey, written with two length octets throughout.
  const size = (octets: number): string => `82${octets.toString(16).padStart(4, '0')}`;
  const bits = `03${size(group.keyAsn!.length / 2 + 1)}00${group.keyAsn!}`;
  return decodeHex(`30${size((rsaEncryption.length + bits.length) / 2)}${rsaEncryption}${bits}`);
}

/**
 * Declares one test per engine over a file: every valid signature is accepted,
 * every invalid one refused. `acceptable` says how many of those are taken.
 */
export function testSignatureFile(
  file: string,
  algorithmOf: (group: WycheproofGroup) => SignatureAlgorithm,
  acceptable: number,
  engines: readonly Engine[] = ['native', 'typescript'],
): void {
  for (const engine of engines) {
    test(`${file}, ${engine}`, async () => {
      const { numberOfTests, testGroups } = readCorpusJson<WycheproofFile>(`wycheproof/${file}`);
      const wrong: string[] = [];
      const count = { valid: 0, invalid: 0, acceptable: 0, taken: 0 };
      for (const group of testGroups) {
        const publicKey = parsePublicKey(spkiOf(group));
        const algorithm = algorithmOf(group);
        for (const { tcId, comment, msg, sig, result } of group.tests) {
          const answer = await verifySignature({
            algorithm,
            publicKey,
            signature: decodeHex(sig),
            data: decodeHex(msg),
            engine,
          });
          // By a digest that was made before, as of content that went by in pieces.
          if (engine === 'typescript' && 'digest' in algorithm) {
            const hash = digest(algorithm.digest, decodeHex(msg));
            const byDigest = digestSignatureFits({
              algorithm,
              publicKey,
              signature: decodeHex(sig),
              hash,
              engine,
            });
            if (byDigest !== answer) wrong.push(`${tcId} (${comment}) gave ${byDigest} by the digest`);
          }
          count[result]++;
          if (result === 'acceptable') count.taken += Number(answer);
          else if (answer !== (result === 'valid')) wrong.push(`${tcId} (${comment}) gave ${answer}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(count.valid + count.invalid + count.acceptable).toBe(numberOfTests);
      expect(count.taken).toBe(acceptable);
      console.log(
        `${file} ${engine}: ${numberOfTests} tests, ${count.valid} valid accepted, ${count.invalid} invalid refused, ${count.taken} of ${count.acceptable} acceptable taken`,
      );
    });
  }
}
