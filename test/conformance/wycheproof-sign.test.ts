import { expect, test } from 'vitest';
import { readPrivateKeyInfo } from '../../src/crypto/keys/private-key-info.js';
import { signData } from '../../src/crypto/signatures/sign.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';
import { digestNamed } from './wycheproof-support.js';

interface SignatureGeneration {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly privateKeyPkcs8: string;
    readonly sha: string;
    readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string }[];
  }[];
}

describeCorpus('wycheproof', () => {
  for (const file of ['rsa_pkcs1_1024_sig_gen_test.json', 'rsa_pkcs1_2048_sig_gen_test.json']) {
    test.each(['native', 'typescript'] as const)(
      `${file}: what is signed is what is there, %s`,
      async (engine) => {
        const { numberOfTests, testGroups } = readCorpusJson<SignatureGeneration>(`wycheproof/${file}`);
        const wrong: number[] = [];
        let count = 0;
        for (const { privateKeyPkcs8, sha, tests } of testGroups) {
          const privateKey = readPrivateKeyInfo(decodeHex(privateKeyPkcs8));
          const algorithm = { name: 'rsa-pkcs1', digest: digestNamed(sha) } as const;
          for (const { tcId, msg, sig } of tests) {
            const signature = await signData({ privateKey, algorithm, data: decodeHex(msg), engine });
            if (encodeHex(signature) !== sig) wrong.push(tcId);
            count++;
          }
        }
        expect(wrong).toEqual([]);
        expect(count).toBe(numberOfTests);
        console.log(`${file} ${engine}: ${count} signatures made, all as expected`);
      },
    );
  }
});
