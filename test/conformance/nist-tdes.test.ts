import { expect, test } from 'vitest';
import type { EngineOptions } from '../../src/core/engine.js';
import { runCbcBlocks } from '../../src/crypto/ciphers/cbc-blocks.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { permutationOperation, substitutionTable, variableKey, variablePlaintext } from './nist-tdes.js';

interface KnownAnswer {
  readonly key: string;
  readonly plain: string;
  readonly cipher: string;
}

const zeros = '0000000000000000';
const oneBit = (bit: number): bigint => 1n << BigInt(63 - bit);
const hex = (value: bigint): string => value.toString(16).padStart(16, '0');

/** Rows of a table that stands in one list. */
function rows(table: readonly string[], columns: number): string[][] {
  return Array.from({ length: table.length / columns }, (_, i) =>
    table.slice(i * columns, (i + 1) * columns),
  );
}

/** Every bit of a key but those of parity, which are the last of each octet. */
const keyBits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => bit % 8 !== 7);

const tables: Readonly<Record<string, readonly KnownAnswer[]>> = {
  'variable plaintext': variablePlaintext.map((cipher, bit) => ({
    key: '01'.repeat(8),
    plain: hex(oneBit(bit)),
    cipher,
  })),
  // The answers in the other direction are the same table (SP 800-17 §2).
  'variable key': variableKey.map((cipher, i) => ({
    key: hex(BigInt(`0x${'01'.repeat(8)}`) | oneBit(keyBits[i]!)),
    plain: zeros,
    cipher,
  })),
  'permutation operation': rows(permutationOperation, 2).map(([key, cipher]) => ({
    key: key!,
    plain: zeros,
    cipher: cipher!,
  })),
  'substitution table': rows(substitutionTable, 3).map(([key, plain, cipher]) => ({
    key: key!,
    plain: plain!,
    cipher: cipher!,
  })),
};

const counts = {
  'variable plaintext': 64,
  'variable key': 56,
  'permutation operation': 32,
  'substitution table': 19,
};

for (const [name, answers] of Object.entries(tables)) {
  for (const [cipherName, engine, times] of [
    ['des-cbc', 'typescript', 1],
    ['des-ede3-cbc', 'typescript', 3],
    ['des-ede3-cbc', 'native', 3],
  ] as const) {
    test(`NIST SP 800-17, ${name}: ${answers.length} known answers, ${cipherName}, ${engine}`, () => {
      expect(answers.length).toBe(counts[name as keyof typeof counts]);
      const options: EngineOptions = { engine };
      for (const { key, plain, cipher } of answers) {
        const keys = decodeHex(key.repeat(times));
        // One block with a vector of zeros is the cipher itself.
        const algorithm = { name: cipherName, iv: new Uint8Array(8) };
        expect(encodeHex(runCbcBlocks('encrypt', algorithm, keys, decodeHex(plain), options))).toBe(cipher);
        expect(encodeHex(runCbcBlocks('decrypt', algorithm, keys, decodeHex(cipher), options))).toBe(plain);
      }
    });
  }
}
