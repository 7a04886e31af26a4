import { expect, test } from 'vitest';
import { Tag } from '../../src/asn1/reader.js';
import { der, derSequence } from '../../src/asn1/writer.js';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { cheapestOf } from '../support/cpu-time.js';
import { certificate, elements, idData, p7s, readAs, signedData, signerInfo, withElement } from './shapes.js';

/** A multipart/signed around an entity, so many times. */
function signedAround(entity: Uint8Array, times: number): Uint8Array {
  let message: Uint8Array = entity;
  for (let i = 0; i < times; i++) {
    const type = `multipart/signed; protocol="application/pkcs7-signature"; boundary="b${i}."`;
    const signature = 'Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64';
    message = concatBytes([
      bytesFromLatin1(`Content-Type: ${type}\r\n\r\n--b${i}.\r\n`),
      message,
      bytesFromLatin1(`\r\n--b${i}.\r\n${signature}\r\n\r\n`),
      encodeMimeBase64(p7s),
      bytesFromLatin1(`\r\n--b${i}.--\r\n`),
    ]);
  }
  return concatBytes([bytesFromLatin1('From: a@example.jp\r\n'), message]);
}

test('each seal hashes all that is inside it: more than 8 inside one another are a limit', async () => {
  const text = bytesFromLatin1('Content-Type: text/plain\r\n\r\nhi\r\n');
  const options = { at: new Date('2027-01-01T00:00:00Z') };
  expect((await verifyMessage(signedAround(text, 8), options)).seals.length).toBe(8);
  await expect(verifyMessage(signedAround(text, 9), options)).rejects.toMatchObject({ code: 'limit-depth' });
});

/** The demo's certificate under other names, so that each of them may be the signer's. */
function namesakes(count: number): Bytes[] {
  const subject = elements(certificate).find(
    (node) => node.is(Tag.Utf8String) && node.content.length === 12,
  )!;
  return Array.from({ length: count }, (_, i) =>
    withElement(certificate, subject.start, der(Tag.Utf8String, bytesFromLatin1(`name ${i}`))),
  );
}

test('many signers, each of whom may be many, cost little more than as many that are one each', async () => {
  const [, serial, , issuer] = elements(certificate).at(-1)!.children[0]!.children;
  const value = new Uint8Array(256).fill(0x11);
  const attribute = (id: number, of: Uint8Array): Bytes =>
    derSequence(
      der(Tag.ObjectIdentifier, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, id)),
      der(Tag.Set, of),
    );
  const attributes = [attribute(3, idData), attribute(4, der(Tag.OctetString, new Uint8Array(32)))];
  const signer = signerInfo({ issuer: issuer!.bytes, serial: serial!.content, signature: value, attributes });
  const make = (candidates: number): Bytes =>
    signedData({
      content: Uint8Array.of(1),
      certificates: namesakes(candidates),
      signers: Array.from({ length: 64 }, () => signer),
    });
  const cost = (octets: Uint8Array): Promise<number> => cheapestOf(() => readAs('signature', octets), 5);
  // They must be tried, or this measures nothing.
  const seal = await verifySignatureFile(make(1), { at: new Date('2027-01-01T00:00:00Z') });
  expect(seal.signers[0]!.reasons.map(({ code }) => code)).toContain('signature-mismatch');
  const one = await cost(make(1));
  // Without a bound it is nine times as much.
  expect((await cost(make(16))) / one).toBeLessThan(5);
});
