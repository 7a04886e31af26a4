import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { der, derExplicit, derInteger, derOctetString, derOid, derSequence } from '../../src/asn1/writer.js';
import { checkDigestedData, parseDigestedData } from '../../src/cms/digested/digested-data.js';
import { digest } from '../../src/crypto/digests/digest.js';
import { digestAlgorithmIdentifier } from '../../src/crypto/digests/digest-algorithm.js';
import { engines, errorCode, octetsOf } from '../crypto/support.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';

function digested(eContent: readonly Uint8Array[], over: Uint8Array<ArrayBuffer>): Uint8Array {
  const body = derSequence(
    derInteger(0),
    digestAlgorithmIdentifier('sha256'),
    derSequence(derOid('1.2.840.113549.1.7.1'), ...eContent),
    derOctetString(digest('sha256', over)),
  );
  return derSequence(derOid('1.2.840.113549.1.7.5'), derExplicit(0, body));
}

test('the digest is compared with that of the content, inside or given', () => {
  const content = octetsOf(100);
  const inside = parseDigestedData(digested([derExplicit(0, derOctetString(content))], content));
  const beside = parseDigestedData(digested([], content));
  expect(inside.content).toEqual(content);
  expect(beside.content).toBeUndefined();
  for (const engine of engines) {
    expect(checkDigestedData(inside, { engine })).toBe(true);
    expect(checkDigestedData(inside, { engine, content: octetsOf(99) })).toBe(false);
    expect(checkDigestedData(beside, { engine, content })).toBe(true);
    expect(errorCode(() => checkDigestedData(beside, { engine }))).toBe('usage');
  }
});

test('content in pieces, and content of PKCS #7 that is no OCTET STRING', () => {
  const content = octetsOf(10);
  const pieces = der(0x24, derOctetString(content.subarray(0, 3)), derOctetString(content.subarray(3)));
  expect(checkDigestedData(parseDigestedData(digested([derExplicit(0, pieces)], content)))).toBe(true);
  const element = derSequence(derInteger(5));
  const inner = element.slice(2);
  expect(checkDigestedData(parseDigestedData(digested([derExplicit(0, element)], inner)))).toBe(true);
});

test('another type, and a damaged one', () => {
  const data = derSequence(derOid('1.2.840.113549.1.7.1'), derExplicit(0, derOctetString(octetsOf(1))));
  expect(errorCode(() => parseDigestedData(data))).toBe('cms-wrong-type');
  const empty = derSequence(derOid('1.2.840.113549.1.7.5'), derExplicit(0, derSequence()));
  expect(errorCode(() => parseDigestedData(empty))).toBe('asn1-unexpected');
});

describeCorpus('rfc4134', () => {
  test('6.0 is intact and holds the sample content', () => {
    const read = parseDigestedData(readCorpus('rfc4134/6.0.bin'));
    expect(read.content).toEqual(readCorpus('rfc4134/ExContent.bin'));
    for (const engine of engines) expect(checkDigestedData(read, { engine })).toBe(true);
  });
});

describeCorpus('openssl-generated', () => {
  test('digesteddata.p7m is intact', () => {
    const read = parseDigestedData(readCorpus('openssl-generated/cms/digesteddata.p7m'));
    expect(checkDigestedData(read)).toBe(true);
    expect(createHash('sha256').update(read.content!).digest('hex')).toBe(
      '9acd2a7719ca705a05489ebda22463baa1cdff846a72722e95033c147049d0db',
    );
  });
});
