import { expect, test } from 'vitest';
import { der, derInteger, derOid, derSequence } from '../../../src/asn1/writer.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { CmsReader } from '../../../src/cms/stream/cms-reader.js';
import { indefinite } from '../../support/sign.js';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

test('content in more pieces than a tree may have elements is read: none of them is kept', () => {
  // OpenSSL writes a piece for each 1,024 octets, so that a gigabyte has 1,048,576.
  const pieces = 1_100_000;
  const content = new Uint8Array(3 * pieces);
  for (let i = 0; i < pieces; i++) content.set([4, 1, i], 3 * i);
  const oid = (type: string) => derOid(`1.2.840.113549.1.7.${type}`);
  const encapsulated = indefinite(0x30, oid('1'), indefinite(0xa0, indefinite(0x24, content)));
  const signedData = indefinite(0x30, derInteger(1), der(0x31), encapsulated, der(0x31));
  const cms = indefinite(0x30, oid('2'), indefinite(0xa0, signedData));
  const reader = new CmsReader();
  let octets = 0;
  let kept = 0;
  for (let at = 0; at < cms.length; at += 65_536) {
    for (const event of reader.push(cms.subarray(at, at + 65_536)))
      if (event.type === 'content') octets += event.octets.length;
  }
  for (const event of reader.end())
    if (event.type === 'end' && event.structure.kind === 'signedData')
      kept = event.structure.signedData.node.document.length;
  expect(octets).toBe(pieces);
  expect(kept).toBeLessThan(200);
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

test('after an error, and after the end, nothing more is taken', () => {
  const failed = new CmsReader();
  expect(() => failed.push(new Uint8Array([0x02, 1]))).toThrow(refused('cms-malformed'));
  expect(() => failed.push(new Uint8Array(1))).toThrow(refused('usage'));
  expect(() => failed.end()).toThrow(refused('usage'));
});
