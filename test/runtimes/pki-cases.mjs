// PKCS#12 files and all that they take: ciphers old and new, HMAC, derivations
// from passwords.

import { createCbcDecryptor, createCbcEncryptor, generateKeyPair, hmac, pbkdf2 } from 'mailseal/crypto';
import { decodeBase64, encodeHex } from 'mailseal/encoding';
import { createPkcs12, parsePkcs12 } from 'mailseal/pki';
import { legacy, modern, password } from '../vectors/pki/pkcs12.mjs';
import { equal } from './suite.mjs';

/** @typedef {import('mailseal/crypto').HmacDigestName} HmacDigestName */

const engines = /** @type {const} */ (['auto', 'typescript', 'native']);
const octets = Uint8Array.from({ length: 40 }, (_, i) => i);

/** Of these 40 octets: HMAC with them as key, and PBKDF2 of 3 iterations with them as password and salt, 40 octets. */
const known = {
  sha1: [
    '210c660f2c1eb4ce169a0ce2a3c0212cf1e3385b',
    'ac9b345c2351da5ef91e755d42672c0cfcec7bc592a40cf9c82639917fb146bb91b72b42aae302f4',
  ],
  sha256: [
    '3b908dbe44efaaad44a43d2a48b22a99136b6b02f70eb47b09e27a6040efcf56',
    '3d3692b5100d2b49bb5996a1c1d27899e15c59a507e7a1797bebe834702290535d384f2478e950db',
  ],
  sha512: [
    '0afa76ede34c671dc31f9ad1a4b971597e20d16bb3348338a1843f9086329c3257aee1f5cef7498b5bcac36a1956aac4afbe891125f1c22fa5ad9a6f869563a7',
    '367fe1b42da5ed237c896c0880c9556eb8171d85896cba246acf5989564331ddecd1f30cf9554be6',
  ],
};

/**
 * What a call gives, or its error's code; that of native code alone, which may refuse but not err, counts as right.
 *
 * @param {string} engine
 * @param {() => Promise<string>} run
 * @param {string} expected
 */
async function gives(engine, run, expected) {
  const answer = await run().catch((error) => String(error.code));
  if (engine !== 'native' || answer !== 'crypto-engine-unavailable') equal(answer, expected);
}

/** @type {import('./suite.mjs').Case[]} */
export const pkiCases = engines.flatMap((engine) => [
  ...Object.entries({ modern, legacy }).map(([name, file]) => ({
    name: `a ${name} PKCS#12 file opens (${engine})`,
    run: () =>
      gives(
        engine,
        async () => {
          const { keys, certificates } = await parsePkcs12(decodeBase64(file), { password, engine });
          return `${keys[0]?.friendlyName} ${keys[0]?.certificate?.emailAddresses} ${certificates.length}`;
        },
        '花子 hanako@example.jp 2',
      ),
  })),
  ...['hmac', 'pbmac1'].map((kind) => ({
    name: `a PKCS#12 file that is written opens again, ${kind} (${engine})`,
    run: () =>
      gives(
        engine,
        async () => {
          const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
          const mac = { kind: /** @type {'hmac' | 'pbmac1'} */ (kind) };
          const options = { password, iterations: 10, mac, engine };
          const { keys } = await parsePkcs12(await createPkcs12({ keys: [{ privateKey }] }, options), {
            password,
          });
          return String(keys.length);
        },
        '1',
      ),
  })),
  ...Object.entries(known).flatMap(([name, [mac, derived]]) => {
    const digest = /** @type {HmacDigestName} */ (name);
    return [
      {
        name: `HMAC with ${name} (${engine})`,
        run: () =>
          gives(engine, async () => encodeHex(await hmac(digest, octets, octets, { engine })), mac ?? ''),
      },
      {
        name: `PBKDF2 with ${name} (${engine})`,
        run: () => {
          const options = { digest, salt: octets, iterations: 3, length: 40, engine };
          return gives(engine, async () => encodeHex(await pbkdf2(octets, options)), derived ?? '');
        },
      },
    ];
  }),
  ...Object.entries({ 'aes128-cbc': 16, 'aes192-cbc': 24, 'aes256-cbc': 32, 'des-ede3-cbc': 24 }).map(
    ([name, keyLength]) => ({
      name: `${name} in pieces (${engine})`,
      run: () =>
        gives(
          engine,
          async () => {
            const algorithm = {
              name: /** @type {'aes128-cbc'} */ (name),
              iv: octets.slice(0, name.startsWith('aes') ? 16 : 8),
            };
            const key = octets.slice(0, keyLength);
            const encryptor = createCbcEncryptor(algorithm, key, { engine });
            const decryptor = createCbcDecryptor(algorithm, key, { engine: 'typescript' });
            let text = '';
            for (const chunk of [octets.subarray(0, 7), octets.subarray(7)]) {
              text += encodeHex(decryptor.update(encryptor.update(chunk)));
            }
            return text + encodeHex(decryptor.update(encryptor.finish())) + encodeHex(decryptor.finish());
          },
          encodeHex(octets),
        ),
    }),
  ),
]);
