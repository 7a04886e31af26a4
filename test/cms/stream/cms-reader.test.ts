import { describe, expect, test } from 'vitest';
import { der, derInteger, derOid, derSequence } from '../../../src/asn1/writer.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseSignedData } from '../../../src/cms/signed/signed-data.js';
import { CmsReader } from '../../../src/cms/stream/cms-reader.js';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { indefinite } from '../../support/sign.js';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('pieces of content', () => {
  const oid = (type: string) => derOid(`1.2.840.113549.1.7.${type}`);
  const signedOf = (count: number, piece: Uint8Array): Bytes => {
    const content = concatBytes(Array.from({ length: count }, () => piece));
    const encapsulated = indefinite(0x30, oid('1'), indefinite(0xa0, indefinite(0x24, content)));
    const signedData = indefinite(0x30, derInteger(1), der(0x31), encapsulated, der(0x31));
    return indefinite(0x30, oid('2'), indefinite(0xa0, signedData));
  };
  const limits = { nodes: 1000 };

  test.each<[string, Uint8Array]>([
    ['of one octet', Uint8Array.of(0x04, 1, 0x61)],
    ['of none', Uint8Array.of(0x04, 0)],
    ['of none, constructed', Uint8Array.of(0x24, 0x80, 0, 0)],
  ])('%s are counted as elements are', (_, piece) => {
    expect(() => new CmsReader({ limits }).push(signedOf(1001, piece))).toThrow(refused('limit-nodes'));
    expect(() => parseSignedData(signedOf(1001, piece), { limits }).content).toThrow(refused('limit-nodes'));
    const reader = new CmsReader({ limits });
    reader.push(signedOf(900, piece));
    expect(reader.end().at(-1)?.type).toBe('end');
  });

  test('that hold something are not, since none of them is kept', () => {
    // OpenSSL writes a piece for each 1,024 octets, so that a gigabyte has 1,048,576.
    const reader = new CmsReader({ limits });
    const piece = concatBytes([Uint8Array.of(0x04, 64), new Uint8Array(64)]);
    expect(reader.push(signedOf(5000, piece)).filter(({ type }) => type === 'content')).toHaveLength(5000);
    const [end] = reader.end();
    expect(end?.type === 'end' && end.structure.kind === 'signedData').toBe(true);
    if (end?.type !== 'end' || end.structure.kind !== 'signedData') return;
    expect(end.structure.signedData.node.document.length).toBeLessThan(200);
  });
});

test('what is kept is held to the limits of a tree', async () => {
  const recipients = Array.from({ length: 20 }, (_, i) => ({
    kek: new Uint8Array(16),
    id: new Uint8Array([i]),
  }));
  const p7m = await createEnvelopedData({ content: new Uint8Array(9), recipients });
  const read = (limits: object): void => {
    const reader = new CmsReader({ limits });
    reader.push(p7m);
    reader.end();
  };
  expect(() => read({})).not.toThrow();
  expect(() => read({ nodes: 20 })).toThrow(refused('limit-nodes'));
  expect(() => read({ depth: 3 })).toThrow(refused('limit-depth'));
  expect(() => read({ recipients: 19 })).toThrow(refused('limit-recipients'));
  expect(() => read({ structureOctets: 500 })).toThrow(refused('limit-octets'));
});

test('octets that are no CMS object, or another type, are refused as by the functions that read it whole', () => {
  const reader = (octets: Uint8Array): void => {
    const cms = new CmsReader();
    cms.push(octets);
    cms.end();
  };
  expect(() => reader(new Uint8Array([0x30, 0]))).toThrow(refused('cms-malformed'));
  expect(() => reader(new Uint8Array([0x02, 1, 1]))).toThrow(refused('cms-malformed'));
  expect(() => reader(new Uint8Array(0))).toThrow(refused('asn1-truncated'));
  const data = derSequence(derOid('1.2.840.113549.1.7.1'), der(0xa0, der(4, new Uint8Array(1))));
  expect(() => reader(data)).toThrow(refused('cms-wrong-type'));
  expect(() => reader(data.subarray(0, 9))).toThrow(refused('asn1-truncated'));
});

describe('what a structure lacks is told as by the functions that read it whole', () => {
  const id = (type: number) => derOid(`1.2.840.113549.1.7.${type}`);
  const info = (...fields: Uint8Array[]): Bytes =>
    derSequence(id(2), der(0xa0, derSequence(derInteger(1), der(0x31), ...fields)));
  const content = derSequence(id(1), der(0xa0, der(0x04, Uint8Array.of(0x61))));
  const lacking = 'the SignedData has no SignerInfos at its end';

  test.each<readonly [what: string, octets: Bytes, code: string, said: string]>([
    ['SignerInfos', info(content), 'asn1-unexpected', lacking],
    ['SignerInfos behind what is detached', info(derSequence(id(1))), 'asn1-unexpected', lacking],
    [
      'SignerInfos behind certificates',
      info(content, der(0xa0, der(0x30, new Uint8Array(300)))),
      'asn1-unexpected',
      lacking,
    ],
    [
      'an EncapsulatedContentInfo',
      info(der(0x31)),
      'asn1-unexpected',
      'an EncapsulatedContentInfo is wanted at octet 22, there is an element with identifier 0x31',
    ],
    [
      'all but two fields',
      info(),
      'asn1-unexpected',
      'a SignedData is wanted at octet 15, there is an element with identifier 0x30',
    ],
    [
      'all of it',
      derSequence(id(2), der(0xa0)),
      'cms-malformed',
      'this is not a CMS object: no ContentInfo stands at its start',
    ],
  ])('%s', (_, octets, code, message) => {
    const error = expect.objectContaining({ code, message }) as Error;
    expect(() => parseSignedData(octets)).toThrow(error);
    const reader = new CmsReader();
    expect(() => {
      for (const octet of octets) reader.push(Uint8Array.of(octet));
      reader.end();
    }).toThrow(error);
  });

  test.each([1, 2, 3, 5, 6, 9])('no structure of the type %d', (type) => {
    const octets = derSequence(type === 9 ? derOid('1.2.840.113549.1.9.16.1.23') : id(type), der(0xa0));
    const reader = new CmsReader();
    expect(() => {
      reader.push(octets);
      reader.end();
    }).toThrow(refused(type === 1 ? 'cms-wrong-type' : 'cms-malformed'));
  });
});

test('after an error, and after the end, nothing more is taken', () => {
  const failed = new CmsReader();
  expect(() => failed.push(new Uint8Array([0x02, 1]))).toThrow(refused('cms-malformed'));
  expect(() => failed.push(new Uint8Array(1))).toThrow(refused('usage'));
  expect(() => failed.end()).toThrow(refused('usage'));
});
