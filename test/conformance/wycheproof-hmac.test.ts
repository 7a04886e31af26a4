import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { createHmac, type HmacDigestName, hmac, verifyHmac } from '../../src/crypto/digests/hmac.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';

interface MacFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    /** In bits: the whole of the digest or half of it. */
    readonly tagSize: number;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly key: string;
      readonly msg: string;
      readonly tag: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

const names: readonly HmacDigestName[] = ['sha1', 'sha256', 'sha384', 'sha512'];
const engines: readonly Engine[] = ['native', 'typescript'];

describeCorpus('wycheproof', () => {
  test.each(names.flatMap((name) => engines.map((engine) => [name, engine] as const)))(
    'HMAC with %s, %s: every tag that is right is made and taken, every other refused',
    async (name, engine) => {
      const file = `hmac_${name}_test.json`;
      const { numberOfTests, testGroups } = readCorpusJson<MacFile>(`wycheproof/${file}`);
      const wrong: string[] = [];
      const count = { valid: 0, invalid: 0, acceptable: 0 };
      for (const { tagSize, tests } of testGroups) {
        const length = tagSize / 8;
        for (const { tcId, comment, result, ...fields } of tests) {
          const [key, octets, tag] = [decodeHex(fields.key), decodeHex(fields.msg), decodeHex(fields.tag)];
          const made = encodeHex((await hmac(name, key, octets, { engine })).subarray(0, length));
          const running = createHmac(name, key, { engine });
          const middle = octets.length >> 1;
          running.update(octets.subarray(0, middle)).update(octets.subarray(middle));
          const inPieces = encodeHex(running.finish().subarray(0, length));
          const answers = [
            await verifyHmac(name, key, octets, tag, { length, engine }),
            made === fields.tag,
            inPieces === fields.tag,
          ];
          count[result]++;
          if (answers.some((answer) => answer !== (result === 'valid')))
            wrong.push(`${tcId} (${comment}) gave ${answers.join(' ')}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(count.valid).toBe(66);
      expect(count).toEqual({ valid: 66, invalid: numberOfTests - 66, acceptable: 0 });
      console.log(`${file} ${engine}: ${count.valid} valid taken, ${count.invalid} invalid refused`);
    },
  );
});
