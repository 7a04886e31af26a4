// Validating a chain of three (RSA-2048) up to a given root, with a CRL for the
// end entity or one for each certificate: against pkijs, and against nothing but
// the signature checks that it needs. The leaf, the intermediate and the CRLs
// are read anew in each call, the root is at hand.

import { Buffer } from 'node:buffer';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineBench } from './bench.mjs';
import { expect, load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

/** @param {string} name */
const vector = (name) => new Uint8Array(readFileSync(new URL(`./vectors/chain/${name}`, import.meta.url)));

const leaf = vector('leaf.der');
const intermediate = vector('intermediate.der');
const root = vector('root.der');
const crl = vector('intermediate.crl');
const rootCrl = vector('root.crl');
const at = new Date('2026-11-01T00:00:00Z');

/** The octets of a TLV, and where the next begins. @param {Uint8Array} octets @param {number} at */
function tlv(octets, at) {
  const short = octets[at + 1] ?? 0;
  let length = short;
  let start = at + 2;
  if (short >= 0x80) {
    length = 0;
    for (const end = start + (short & 0x7f); start < end; start++)
      length = length * 256 + (octets[start] ?? 0);
  }
  return { start, end: start + length };
}

/** What was signed, and the signature. @param {Uint8Array} octets of a certificate or CRL */
function signed(octets) {
  const outer = tlv(octets, 0);
  const tbs = tlv(octets, outer.start);
  const algorithm = tlv(octets, tbs.end);
  const bits = tlv(octets, algorithm.end);
  return {
    data: octets.subarray(outer.start, tbs.end),
    signature: octets.subarray(bits.start + 1, bits.end),
  };
}

/** The key as PKCS #1, which is imported in the shortest time. @param {Uint8Array} der of a certificate */
function keyOctets(der) {
  return Buffer.from(new X509Certificate(der).publicKey.export({ type: 'pkcs1', format: 'der' }));
}

/**
 * @param {string} name
 * @param {string} title
 * @param {'check' | 'require'} mode
 * @param {Uint8Array[]} crls
 * @param {Record<string, number>} goals
 */
const pathBench = (name, title, mode, crls, goals) =>
  defineBench({
    name,
    title,
    async setup() {
      const pkijs = await loadPeer('pkijs');
      const x509 = await load('x509');
      const rootKey = createPublicKey({ key: keyOctets(root), format: 'der', type: 'pkcs1' });
      return {
        x509,
        roots: [x509.parseCertificate(root)],
        pkijs,
        trusted: pkijs.Certificate.fromBER(root),
        checks: [
          { ...signed(intermediate), key: rootKey },
          { ...signed(leaf), key: undefined },
          ...crls.map((der) => ({ ...signed(der), key: der === rootCrl ? rootKey : undefined })),
        ],
        intermediateKey: keyOctets(intermediate),
      };
    },
    contenders: {
      async ours({ x509, roots }) {
        const path = await x509.findPath(x509.parseCertificate(leaf), {
          roots,
          pool: [x509.parseCertificate(intermediate)],
          at,
          revocation: { mode, crls: crls.map(x509.parseCrl) },
        });
        expect(path.problems.length, 0);
        expect(path.certificates.length, 2);
        expect(path.revocation.length, 2);
        expect(path.revocation[0].status, 'good');
      },
      async pkijs({ pkijs, trusted }) {
        const engine = new pkijs.CertificateChainValidationEngine({
          trustedCerts: [trusted],
          certs: [pkijs.Certificate.fromBER(intermediate), pkijs.Certificate.fromBER(leaf)],
          crls: crls.map((der) => pkijs.CertificateRevocationList.fromBER(der)),
          checkDate: at,
        });
        const { result, resultMessage } = await engine.verify({ passedWhenNotRevValues: mode === 'check' });
        if (!result) throw new Error(resultMessage);
      },
      // The intermediate's key is new in each call, so that it is imported here, too.
      signatures({ checks, intermediateKey }) {
        const fresh = createPublicKey({ key: intermediateKey, format: 'der', type: 'pkcs1' });
        for (const { data, signature, key = fresh } of checks)
          expect(verify('sha256', data, key, signature), true);
      },
    },
    native: ['signatures'],
    goals,
  });

export default [
  pathBench(
    'x509-path',
    'Validate a chain of three (RSA-2048) with a CRL of 100 entries for its end entity, all but the root read anew.',
    'check',
    [crl],
    // 1 / 1.8: at most 1.8 times the time of the signature checks alone.
    { pkijs: 25, signatures: 0.556 },
  ),
  pathBench(
    'x509-path-require',
    'The same with the CRLs of both authorities, and the revocation of each certificate required to be known.',
    'require',
    [crl, rootCrl],
    { pkijs: 25 },
  ),
];
