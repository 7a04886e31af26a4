import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { octetString } from '../../src/asn1/values.js';
import { derExplicit, derInteger, derOctetString, derOid, derSequence } from '../../src/asn1/writer.js';
import { asBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encryptPrivateKey } from '../../src/crypto/keys/encrypted-private-key.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { Pkcs12Oid } from '../../src/pki/pkcs12/pkcs12-oids.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';

const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
const limits = { iterations: 100_000 };
const password = '花子の合言葉';
const file = asBytes(readFileSync('test/vectors/pki/hanako.p12'));
const { certificates } = await parsePkcs12(file, { password });
const certificate = parseCertificate(certificates[0]!.certificate.bytes);

/** Whether reading gives a value or the one error that there is. */
async function holds(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    return error instanceof MailsealError;
  }
}

/** Octets with some of them changed, cut off, or put in twice. */
function damaged(octets: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: octets.length - 1 });
  return fc
    .tuple(fc.array(fc.tuple(place, fc.nat({ max: 255 })), { maxLength: 4 }), place, fc.nat({ max: 3 }))
    .map(([changes, at, how]) => {
      const copy = octets.slice();
      for (const [where, octet] of changes) copy[where] = octet;
      if (how === 0) return copy.subarray(0, at);
      if (how === 1) return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at >> 1)]);
      return copy;
    });
}

test('a damaged PKCS#12 file gives a value or a MailsealError', async () => {
  await fc.assert(
    fc.asyncProperty(damaged(file), (octets) => holds(() => parsePkcs12(octets, { password, limits }))),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (octets) => holds(() => parsePkcs12(octets))),
  );
});

test('damage where no MAC tells gives a value or a MailsealError', async () => {
  // The same contents in the clear: every layer is met.
  const made = await createPkcs12(
    { keys: [{ privateKey, friendlyName: '花' }] },
    { password, iterations: 1 },
  );
  const part = octetString(readBer(made).children[1]!.children[1]!.children[0]!);
  const inTheClear = (bags: Uint8Array): Uint8Array => {
    const data = derOid(Pkcs12Oid.data);
    const safe = derSequence(derSequence(data, derExplicit(0, derOctetString(bags))));
    return derSequence(derInteger(3), derSequence(data, derExplicit(0, derOctetString(safe))));
  };
  const withoutMac = derSequence(
    derInteger(3),
    derSequence(derOid(Pkcs12Oid.data), derExplicit(0, derOctetString(part))),
  );
  const bags = derSequence(
    derSequence(derOid(Pkcs12Oid.keyBag), derExplicit(0, privateKey.pkcs8)),
    derSequence(
      derOid(Pkcs12Oid.certBag),
      derExplicit(
        0,
        derSequence(derOid(Pkcs12Oid.x509Certificate), derExplicit(0, derOctetString(certificate.bytes))),
      ),
    ),
  );
  expect((await parsePkcs12(inTheClear(bags))).keys.length).toBe(1);
  expect((await parsePkcs12(withoutMac, { password })).keys.length).toBe(1);
  await fc.assert(
    fc.asyncProperty(damaged(bags), (octets) => holds(() => parsePkcs12(inTheClear(octets)))),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(damaged(withoutMac), (octets) => holds(() => parsePkcs12(octets, { password, limits }))),
    { numRuns: 300 },
  );
});

test('a damaged private key gives a key or a MailsealError', async () => {
  const encrypted = await encryptPrivateKey(privateKey, { password, iterations: 10 });
  await fc.assert(
    fc.asyncProperty(damaged(privateKey.pkcs8), (octets) => holds(() => parsePrivateKey(octets))),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(damaged(encrypted), (octets) =>
      holds(() => parsePrivateKey(octets, { password, limits })),
    ),
    { numRuns: 300 },
  );
  await fc.assert(fc.asyncProperty(fc.string(), (text) => holds(() => parsePrivateKey(text))));
});

test('any name and password come back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('hmac', 'pbmac1'),
      async (friendlyName, secret, kind) => {
        const options = { password: secret, iterations: 2, mac: { kind } } as const;
        const made = await createPkcs12({ keys: [{ privateKey, friendlyName }] }, options);
        const { keys } = await parsePkcs12(made, { password: secret });
        expect(keys[0]!.friendlyName).toBe(friendlyName);
        expect(encodeHex(keys[0]!.privateKey.pkcs8)).toBe(encodeHex(privateKey.pkcs8));
      },
    ),
    { numRuns: 60 },
  );
});
