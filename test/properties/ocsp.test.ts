import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { octetString } from '../../src/asn1/values.js';
import { asBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { algorithmPolicyNow } from '../../src/x509/path/algorithm-policy.js';
import { checkOcsp } from '../../src/x509/revocation/ocsp-check.js';
import { buildOcspRequest } from '../../src/x509/revocation/ocsp-request.js';
import { type OcspResponse, parseOcspResponse } from '../../src/x509/revocation/ocsp-response.js';
import { noCheck, ocspExtension, ocspResponse, ocspSigning } from '../support/ocsp.js';
import { issue, testKey } from '../support/pki.js';

const root = issue({ name: 'Root', key: testKey('p256', 'ocsp root'), ca: true });
const authority = issue({ name: 'Mail CA', key: testKey('p256', 'ocsp ca'), issuer: root, ca: true });
const alice = issue({ name: 'Alice', key: testKey('p256', 'ocsp alice'), issuer: authority });
const responder = issue({
  name: 'Responder',
  key: testKey('p256', 'ocsp responder'),
  issuer: authority,
  extendedKeyUsage: [ocspSigning],
  extensions: [noCheck],
});
const revoked = ocspResponse({
  answers: [{ about: alice, issuer: authority, status: { revoked: '2026-02-01T00:00:00Z', reason: 1 } }],
  by: responder,
  extensions: [ocspExtension('1.3.6.1.5.5.7.48.1.2', Uint8Array.of(4, 2, 1, 2))],
});

/** Reads all that there is to read. */
function readAll(response: OcspResponse): unknown[] {
  const { status, responderId, producedAt, responses, extensions, nonce, certificates } = response;
  return [status, responderId, producedAt, responses, extensions, nonce, certificates, response.signature];
}

function holds(octets: Uint8Array): boolean {
  try {
    return readAll(parseOcspResponse(octets)).length > 0;
  } catch (error) {
    return error instanceof MailsealError;
  }
}

test('garbage gives a value or a MailsealError', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), holds));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) =>
      holds(Uint8Array.from([0x30, tail.length, ...tail])),
    ),
  );
});

test('a damaged response gives a value or a MailsealError, and never that the certificate is good', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(revoked.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(revoked.length),
      async (place, change, cut) => {
        for (const octets of [revoked.slice(0, cut), revoked.slice()]) {
          if (place < octets.length) octets[place]! ^= change;
          expect(holds(octets)).toBe(true);
          let response: OcspResponse;
          try {
            response = parseOcspResponse(octets);
          } catch {
            continue;
          }
          const { revocation } = await checkOcsp(
            alice.certificate,
            { certificate: authority.certificate, publicKey: authority.certificate.publicKey },
            root.certificate,
            {
              options: { ocspResponses: [response] },
              at: new Date('2026-06-01'),
              certificates: [],
              algorithms: algorithmPolicyNow,
              budget: { signatureChecks: 64 },
              findSignerPath: async () => undefined,
            },
          );
          expect(['revoked', undefined]).toContain(revocation?.status);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a request asks about each certificate that it was made for, in their order', () => {
  const people = { alice, responder };
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<keyof typeof people>('alice', 'responder'), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('sha1', 'sha256', 'sha384', 'sha512'),
      fc.uint8Array({ minLength: 1, maxLength: 128 }),
      (names, hash, nonce) => {
        const entries = names.map((name) => ({
          certificate: people[name].certificate,
          issuer: authority.certificate,
        }));
        const [tbs] = readBer(buildOcspRequest(entries, { hash, nonce })).children;
        const [requests, extensions] = tbs!.children;
        const serials = requests!.children.map((each) => each.children[0]!.children[3]!.bytes);
        expect(serials).toEqual(names.map((name) => people[name].serial));
        const value = extensions!.children[0]!.children[0]!.children[1]!.content;
        expect(octetString(readBer(value))).toEqual(asBytes(nonce));
      },
    ),
  );
});
