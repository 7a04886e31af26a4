import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodePublicKey } from '../../src/crypto/keys/public-key-info.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import type { Pkcs12Certificate } from '../../src/pki/pkcs12/pkcs12.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedCertificate {
  readonly serialHex: string;
  readonly sha256: string;
  readonly friendlyName: string | null;
}

interface Expected {
  readonly file: string;
  readonly password: string;
  readonly key: { readonly type: string; readonly spkiSha256: string } | null;
  readonly certificate: ExpectedCertificate | null;
  readonly additional: readonly ExpectedCertificate[];
  readonly opensslInfo: readonly string[];
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** The serial in the corpus is a number in hexadecimal, without leading zeros. */
function summary({ certificate, friendlyName }: Pkcs12Certificate): ExpectedCertificate {
  return {
    serialHex: certificate.serialHex.replace(/^0+/, ''),
    sha256: sha256(certificate.bytes),
    friendlyName: friendlyName ?? null,
  };
}

describeCorpus('pkcs12', () => {
  const { pkcs12 } = readCorpusJson<{ pkcs12: readonly Expected[] }>('pkcs12/expected.json');

  for (const engine of ['auto', 'typescript'] as const) {
    test(`${pkcs12.length} PKCS#12 files open with everything that is expected of them, ${engine}`, async () => {
      let opened = 0;
      for (const { file, password, key, certificate, additional, opensslInfo } of pkcs12) {
        const octets = readCorpus(`pkcs12/${file}`);
        const { integrity, keys, certificates, crls, secrets, others } = await parsePkcs12(octets, {
          password,
          engine,
        });
        const iterations = Number(/Iteration (\d+)/.exec(opensslInfo[0]!)?.[1]);
        expect(integrity, file).toEqual({ kind: 'hmac', digest: 'sha1', iterations });
        expect([crls, secrets, others], file).toEqual([[], [], []]);
        expect(keys.length, file).toBe(key === null ? 0 : 1);
        const [own] = keys;
        if (own !== undefined) {
          expect(sha256(encodePublicKey(own.privateKey.publicKey)), file).toBe(key!.spkiSha256);
          expect(own.certificate && sha256(own.certificate.bytes), file).toBe(certificate?.sha256);
        }
        const rest = certificates.filter((item) => item.certificate !== own?.certificate);
        const mine = certificates.find((item) => item.certificate === own?.certificate && own !== undefined);
        // In these files sometimes the key has the name, sometimes the certificate, once each its own.
        const name = mine?.friendlyName ?? own?.friendlyName ?? null;
        if (certificate !== null) {
          expect({ ...summary(mine!), friendlyName: name }, file).toEqual({
            serialHex: certificate.serialHex,
            sha256: certificate.sha256,
            friendlyName: certificate.friendlyName,
          });
        }
        const byHash = (a: ExpectedCertificate, b: ExpectedCertificate): number =>
          a.sha256 < b.sha256 ? -1 : 1;
        const wanted = additional.map(({ serialHex, sha256: hash, friendlyName }) => ({
          serialHex,
          sha256: hash,
          friendlyName,
        }));
        expect(rest.map(summary).toSorted(byHash), file).toEqual(wanted.toSorted(byHash));
        opened++;
      }
      expect(opened).toBe(30);
    });
  }

  test('native alone opens what needs no RC2, and refuses the rest with its own code', async () => {
    const codes: Record<string, number> = {};
    for (const { file, password, opensslInfo } of pkcs12) {
      const rc2 = opensslInfo.some((line) => line.includes('RC2'));
      const code = await codeOf(readCorpus(`pkcs12/${file}`), password, 'native');
      expect(code, file).toBe(rc2 ? 'crypto-engine-unavailable' : 'opened');
      codes[code] = (codes[code] ?? 0) + 1;
    }
    expect(codes).toEqual({ opened: 28, 'crypto-engine-unavailable': 2 });
  });

  test('a wrong password has its code in every file, and none its own', async () => {
    for (const { file, password } of pkcs12) {
      const octets = readCorpus(`pkcs12/${file}`);
      expect(await codeOf(octets, 'wrong'), file).toBe('crypto-password-wrong');
      const withNone = password === '' ? 'opened' : 'crypto-password-missing';
      expect(await codeOf(octets, undefined), file).toBe(withNone);
      expect(await codeOf(octets, ''), file).toBe(withNone);
    }
  });

  test('a changed octet of the contents makes the MAC wrong', async () => {
    for (const { file, password } of pkcs12) {
      const octets = readCorpus(`pkcs12/${file}`);
      // The middle is inside of the authenticated octets in each of these files.
      octets[octets.length >> 1]! ^= 1;
      expect(['crypto-password-wrong', 'crypto-password-missing'], file).toContain(
        await codeOf(octets, password),
      );
    }
  });
});

async function codeOf(octets: Uint8Array, password: string | undefined, engine?: Engine): Promise<string> {
  try {
    await parsePkcs12(octets, {
      ...(password === undefined ? {} : { password }),
      ...(engine === undefined ? {} : { engine }),
    });
    return 'opened';
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}
