import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import { hkdf } from '../../src/crypto/agreement/hkdf.js';
import { deriveSharedSecret } from '../../src/crypto/agreement/shared-secret.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { ecPrivateKey, edwardsPrivateKey, type PrivateKey } from '../../src/crypto/keys/private-key.js';
import { type PublicKey, parsePublicKey } from '../../src/crypto/keys/public-key.js';
import { unwrapKey, wrapKey } from '../../src/crypto/wrap/key-wrap.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { readCorpusJson } from '../support/corpus.js';

type Result = 'valid' | 'invalid' | 'acceptable';

interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: Result;
}

interface WycheproofFile<Test> {
  readonly numberOfTests: number;
  readonly testGroups: readonly { readonly tests: readonly Test[] }[];
}

interface WrapTest extends WycheproofTest {
  readonly key: string;
  readonly msg: string;
  readonly ct: string;
}

interface AgreementTest extends WycheproofTest {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}

interface HkdfTest extends WycheproofTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}

/**
 * Declares one test per engine over a file. `right` says what a case gave: the outcome
 * that the file has, a refusal, or something wrong. A valid case has to give the first,
 * an invalid one the second; an acceptable one what its flags say here.
 */
export function testAgreementFile<Test extends WycheproofTest>(
  file: string,
  run: (tested: Test, engine: Engine) => Promise<'right' | 'wrong'>,
  acceptableTaken: (flags: readonly string[], tcId: number) => boolean,
  taken: number,
  engines: readonly Engine[],
): void {
  for (const engine of engines) {
    test(`${file}, ${engine}`, { timeout: 120_000 }, async () => {
      const { numberOfTests, testGroups } = readCorpusJson<WycheproofFile<Test>>(`wycheproof/${file}`);
      const wrong: string[] = [];
      const count = { valid: 0, invalid: 0, acceptable: 0, taken: 0 };
      for (const { tests } of testGroups) {
        for (const tested of tests) {
          const { tcId, comment, flags, result } = tested;
          count[result]++;
          const wanted = result === 'acceptable' ? acceptableTaken(flags, tcId) : result === 'valid';
          const got = await outcome(() => run(tested, engine));
          if (got !== (wanted ? 'right' : 'refused')) {
            wrong.push(`${tcId} (${comment}; ${flags}; ${result}): ${got}`);
          }
          if (result === 'acceptable' && wanted) count.taken++;
        }
      }
      expect(wrong).toEqual([]);
      expect(count.valid + count.invalid + count.acceptable).toBe(numberOfTests);
      expect(count.taken).toBe(taken);
      console.log(
        `${file} ${engine}: ${numberOfTests} tests, ${count.valid} valid right, ${count.invalid} invalid refused, ${count.taken} of ${count.acceptable} acceptable taken`,
      );
    });
  }
}

async function outcome(run: () => Promise<'right' | 'wrong'>): Promise<'right' | 'wrong' | 'refused'> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    return 'refused';
  }
}

/** Declares the tests of key wraps and agreements. */
export function testWrapsAndAgreements(engines: readonly Engine[]): void {
  // aes_kwp_test.json is not run: no algorithm of CMS pads keys (RFC 5649), so nothing here does.
  // ShortKey: keys of eight octets, for which RFC 3394 §2 has no wrap (at least two blocks).
  testAgreementFile<WrapTest>(
    'aes_wrap_test.json',
    async ({ key, msg, ct, result }, engine) => {
      const name = `aes${(key.length * 4) as 128 | 192 | 256}-wrap` as const;
      const unwrapped = await unwrapKey(name, decodeHex(key), decodeHex(ct), { engine });
      if (result !== 'valid') return 'right';
      const wrapped = await wrapKey(name, decodeHex(key), decodeHex(msg), { engine });
      return encodeHex(unwrapped) === msg && encodeHex(wrapped) === ct ? 'right' : 'wrong';
    },
    () => false,
    0,
    engines,
  );

  async function agreed(
    privateKey: PrivateKey,
    publicKey: PublicKey,
    shared: string,
    engine: Engine,
  ): Promise<'right' | 'wrong'> {
    return encodeHex(await deriveSharedSecret({ privateKey, publicKey, engine })) === shared
      ? 'right'
      : 'wrong';
  }

  // Of the acceptable ones compressed points pass (RFC 5480 §2.2). Curves that are not named never do
  // (RFC 5480 §2.1.1), nor what is no BER; what is BER and no DER does: certificates are signed as they
  // stand, and an OriginatorPublicKey may be BER. The cases of which that is:
  const takenBer: ReadonlySet<number> = new Set([
    // Lengths in more octets than needed: of the SEQUENCEs, the OID, the BIT STRING.
    ...[391, 392, 393, 394, 490, 491, 492, 493, 576, 577],
    // Indefinite lengths.
    ...[459, 460, 464],
    // Elements after the parameters in the AlgorithmIdentifier.
    ...[424, 474, 476, 478, 480, 486],
  ]);
  testAgreementFile<AgreementTest>(
    'ecdh_secp256r1_test.json',
    async ({ public: spki, private: scalar, shared }, engine) =>
      agreed(ecPrivateKey('P-256', decodeHex(scalar)), parsePublicKey(decodeHex(spki)), shared, engine),
    (flags, tcId) => flags.includes('CompressedPoint') || takenBer.has(tcId),
    20,
    engines,
  );

  testAgreementFile<AgreementTest>(
    'ecdh_secp256r1_ecpoint_test.json',
    async ({ public: point, private: scalar, shared }, engine) => {
      const publicKey: PublicKey = { kind: 'ec', curve: 'P-256', point: decodeHex(point) };
      return agreed(ecPrivateKey('P-256', decodeHex(scalar)), publicKey, shared, engine);
    },
    (flags) => flags.includes('CompressedPoint'),
    1,
    engines,
  );

  // Points on the twist and coordinates that are not reduced are as good as others (RFC 7748 §5);
  // an outcome of zeros is refused (RFC 7748 §6 allows it).
  const xTaken = (flags: readonly string[]): boolean => !flags.includes('ZeroSharedSecret');
  testAgreementFile<AgreementTest>(
    'x25519_test.json',
    async ({ public: key, private: seed, shared }, engine) => {
      const publicKey: PublicKey = { kind: 'x25519', key: decodeHex(key) };
      return agreed(edwardsPrivateKey('x25519', decodeHex(seed)), publicKey, shared, engine);
    },
    xTaken,
    223,
    engines,
  );

  testAgreementFile<AgreementTest>(
    'x25519_asn_test.json',
    async ({ public: spki, private: pkcs8, shared }, engine) =>
      agreed(await parsePrivateKey(decodeHex(pkcs8)), parsePublicKey(decodeHex(spki)), shared, engine),
    xTaken,
    222,
    engines,
  );
}

/** Declares the tests of HKDF. */
export function testHkdf(): void {
  for (const digest of ['sha1', 'sha256', 'sha512'] as const) {
    testAgreementFile<HkdfTest>(
      `hkdf_${digest}_test.json`,
      async ({ ikm, salt, info, size, okm }, engine) => {
        const [secret, s, i] = [decodeHex(ikm), decodeHex(salt), decodeHex(info)];
        const key = await hkdf(secret, { digest, salt: s, info: i, length: size, engine });
        return encodeHex(key) === okm ? 'right' : 'wrong';
      },
      () => false,
      0,
      ['native', 'typescript'],
    );
  }
}
