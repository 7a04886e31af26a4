// Every kind of key and common digest: right whatever the runtime's own code
// does. Seen: node:crypto that says false to good signatures, or throws.

import { parsePublicKey, verifySignature } from 'mailseal/crypto';
import { decodeHex } from 'mailseal/encoding';
import { data, keys, signatures } from '../vectors/signatures.mjs';
import { equal } from './suite.mjs';

const engines = /** @type {const} */ (['auto', 'typescript', 'native']);

/** @type {import('./suite.mjs').Case[]} */
export const cryptoCases = engines.flatMap((engine) =>
  signatures.flatMap(({ key, algorithm, signature }) =>
    [true, false].map((good) => ({
      name: `${key}, ${algorithm.name} ${algorithm.digest ?? ''}, a ${good ? 'good' : 'bad'} signature (${engine})`,
      run: async () => {
        const content = decodeHex(data);
        if (!good) content[0] = 0;
        const answer = await verifySignature({
          algorithm: /** @type {import('mailseal/crypto').SignatureAlgorithm} */ (algorithm),
          publicKey: parsePublicKey(decodeHex(/** @type {string} */ (keys[key]))),
          signature: decodeHex(signature),
          data: content,
          engine,
        }).catch((error) => error.code);
        // Native code alone may refuse, but not err.
        if (engine !== 'native' || answer !== 'crypto-engine-unavailable') equal(answer, good);
      },
    })),
  ),
);
