import { expect, test } from 'vitest';
import { parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import type { SignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { decodeHex } from '../../../src/encoding/hex.js';
import { data, keys, signatures } from '../../vectors/signatures.mjs';
import { engines } from '../support.js';

const signed = decodeHex(data);
const changed = signed.with(5, signed[5]! ^ 1);

test.each(engines)(`OpenSSL’s signatures (${signatures.length}), engine %s`, async (engine) => {
  for (const { key, algorithm, signature } of signatures) {
    const options = {
      algorithm: algorithm as SignatureAlgorithm,
      publicKey: parsePublicKey(decodeHex(keys[key]!)),
      signature: decodeHex(signature),
      engine,
    };
    const name = `${key}, ${algorithm.name} with ${algorithm.digest}`;
    expect([name, await verifySignature({ ...options, data: signed })]).toEqual([name, true]);
    expect([name, await verifySignature({ ...options, data: changed })]).toEqual([name, false]);
  }
});
