import { describe, expect, test } from 'vitest';
import { Tag } from '../../src/asn1/reader.js';
import { der, derExplicit, derInteger, derSequence, derSetOf } from '../../src/asn1/writer.js';
import { concatBytes } from '../../src/core/bytes.js';
import { expectLinearReading } from './linear.js';
import {
  certificate,
  certificateWith,
  derOf,
  elements,
  idSignedData,
  longName,
  longOid,
  mailOf,
  nested,
  nestedIndefinite,
  p7s,
  readAs,
  readAsAll,
  signedData,
  signerInfo,
  withElement,
  withLength,
} from './shapes.js';

/** Length octets of 2^32 − 1, 2^32, 2^40, 2^53, 2^64 − 1, of 126 octets, the reserved 0xff, and the indefinite form. */
const lengths: Readonly<Record<string, readonly number[]>> = {
  '2^31': [0x84, 0x80, 0, 0, 0],
  '2^32 - 1': [0x84, 0xff, 0xff, 0xff, 0xff],
  '2^32': [0x85, 1, 0, 0, 0, 0],
  '2^40': [0x86, 1, 0, 0, 0, 0, 0],
  '2^53': [0x87, 0x20, 0, 0, 0, 0, 0, 0],
  '2^64 - 1': [0x88, ...new Array<number>(8).fill(0xff)],
  '2^1008': [0xfe, ...new Array<number>(126).fill(0xff)],
  reserved: [0xff],
  indefinite: [0x80],
  'zero in nine octets': [0x89, ...new Array<number>(9).fill(0)],
};

describe('lengths', () => {
  test.each(Object.entries(lengths))(
    '%s at every element of a p7s and of a certificate',
    async (_, octets) => {
      const length = Uint8Array.from(octets);
      const nodes = elements(p7s);
      expect(nodes.length).toBeGreaterThan(100);
      for (const node of nodes) {
        const damaged = withLength(node, length);
        await readAs('signature', damaged);
        await readAs('message', mailOf(damaged));
      }
      for (const node of elements(certificate)) await readAs('certificate', withLength(node, length));
    },
  );

  test('nothing, and every one and two octets', async () => {
    expect(await readAsAll(Uint8Array.of())).toEqual(['report', 'error', 'report']);
    for (let first = 0; first < 256; first++) {
      await readAsAll(Uint8Array.of(first));
      for (const second of [0, 1, 0x30, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xfe, 0xff])
        await readAsAll(Uint8Array.of(first, second));
    }
  });
});

describe('depth of 10,000', () => {
  const deep = 10_000;
  const shapes: Readonly<Record<string, Uint8Array>> = {
    'SEQUENCEs of definite length': nested(Tag.Sequence, deep),
    'SETs of definite length': nested(Tag.Set, deep),
    'SEQUENCEs of indefinite length': nestedIndefinite(Tag.Sequence, deep, true),
    'SEQUENCEs that never end': nestedIndefinite(Tag.Sequence, deep, false),
    'constructed OCTET STRINGs': nested(0x24, deep),
    'constructed OCTET STRINGs of indefinite length': nestedIndefinite(0x24, deep, true),
    'constructed BIT STRINGs': nestedIndefinite(0x23, deep, true),
    'context tags': nestedIndefinite(0xa0, deep, true),
  };

  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    for (const octets of [
      shape,
      derSequence(idSignedData, derExplicit(0, shape)),
      signedData({ signers: [shape] }),
      signedData({ certificates: [shape], signers: [signerInfo({})] }),
      signedData({ signers: [signerInfo({ attributes: [shape] })] }),
      signedData({ signers: [signerInfo({ issuer: shape })] }),
      signedData({ content: shape, signers: [signerInfo({})] }),
      certificateWith('subject', shape),
      certificateWith('extensions', shape),
      certificateWith('key', shape),
      certificateWith(
        'extensions',
        derExplicit(3, derSequence(derSequence(longOid(3, false), der(Tag.OctetString, shape)))),
      ),
    ]) {
      await readAsAll(octets);
      await readAs('message', mailOf(octets));
    }
  });

  test('in the place of every element of a p7s', async () => {
    for (const node of elements(p7s)) {
      await readAs('signature', withElement(p7s, node.start, nested(Tag.Sequence, 200)));
      await readAs(
        'signature',
        withElement(p7s, node.start, nestedIndefinite(node.identifier | 0x20, 200, true)),
      );
    }
  });
});

describe('an OBJECT IDENTIFIER of 250 kB', () => {
  test.each([
    ['one arc', true],
    ['250,000 arcs', false],
  ])('of %s in the place of every other one', async (_, oneArc) => {
    const oid = longOid(250_000, oneArc);
    await readAsAll(oid);
    let places = 0;
    for (const node of elements(p7s)) {
      if (!node.is(Tag.ObjectIdentifier)) continue;
      places++;
      await readAs('signature', withElement(p7s, node.start, oid));
    }
    for (const node of elements(certificate)) {
      if (!node.is(Tag.ObjectIdentifier)) continue;
      places++;
      await readAs('certificate', withElement(certificate, node.start, oid));
    }
    expect(places).toBeGreaterThan(40);
  });
});

describe('time is linear in', () => {
  const many = (count: number, element: Uint8Array): Uint8Array[] =>
    Array.from({ length: count }, () => element);
  const attribute = derSequence(longOid(3, false), derSetOf(derInteger(1)));
  /** Certificates of the demo's issuer and serial number, each by another subject, so that all of them are candidates. */
  const namesakes = (count: number, size: number): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => certificateWith('subject', longName(size + i)));

  const signatures: Readonly<Record<string, readonly [size: number, make: (size: number) => Uint8Array]>> = {
    'octets of an OID of one arc': [
      250_000,
      (size) => derSequence(longOid(size, true), derExplicit(0, derSequence())),
    ],
    'arcs of an OID': [250_000, (size) => derSequence(longOid(size, false), derExplicit(0, derSequence()))],
    'elements of a document': [
      50_000,
      (size) => derSequence(idSignedData, derExplicit(0, derOf(Tag.Sequence, many(size, derSequence())))),
    ],
    'empty pieces of an OCTET STRING': [
      50_000,
      (size) =>
        signedData({ content: concatBytes(many(size, der(Tag.OctetString))), signers: [signerInfo({})] }),
    ],
    'signed attributes': [
      10_000,
      (size) => signedData({ signers: [signerInfo({ attributes: many(size, attribute) })] }),
    ],
    'values of an attribute': [
      20_000,
      (size) =>
        signedData({
          signers: [
            signerInfo({
              attributes: [derSequence(longOid(3, false), derOf(Tag.Set, many(size, derInteger(1))))],
            }),
          ],
        }),
    ],
    'the issuer that a signer names, beside 500 certificates': [
      2_000,
      (size) =>
        signedData({
          certificates: many(500, certificate),
          signers: [signerInfo({ issuer: longName(size), serial: serialOf(certificate) })],
        }),
    ],
    'the subjects of 100 certificates': [
      20,
      (size) =>
        signedData({ certificates: namesakes(100, size), signers: [signerInfo({ issuer: longName(1) })] }),
    ],
    'digest algorithms': [
      80_000,
      (size) =>
        derSequence(
          idSignedData,
          derExplicit(
            0,
            derSequence(
              derInteger(1),
              derOf(Tag.Set, many(size, derSequence(longOid(3, false)))),
              derSequence(longOid(3, false)),
              der(Tag.Set),
            ),
          ),
        ),
    ],
    'unsigned octets after it': [250_000, (size) => concatBytes([p7s, new Uint8Array(size)])],
    'embedded content': [
      500_000,
      (size) =>
        signedData({
          content: new Uint8Array(size),
          signers: many(8, signerInfo({ attributes: [attribute] })),
        }),
    ],
  };

  test.each(Object.entries(signatures))('%s', async (_, [size, make]) => {
    await expectLinearReading(make, (octets) => readAs('signature', octets), size);
  });

  const certificates: Readonly<Record<string, readonly [size: number, make: (size: number) => Uint8Array]>> =
    {
      'a serial number': [
        250_000,
        (size) => certificateWith('serialNumber', derInteger(new Uint8Array(size).fill(1))),
      ],
      'a name': [10_000, (size) => certificateWith('subject', longName(size))],
      'attributes of one RDN': [
        10_000,
        (size) =>
          certificateWith(
            'subject',
            derSequence(derOf(Tag.Set, many(size, derSequence(longOid(3, false), der(Tag.Utf8String))))),
          ),
      ],
      'a name in BMPString': [
        100_000,
        (size) =>
          certificateWith(
            'subject',
            derSequence(derSetOf(derSequence(longOid(3, false), der(Tag.BmpString, new Uint8Array(size))))),
          ),
      ],
      'white space in a name': [
        100_000,
        (size) =>
          certificateWith(
            'subject',
            derSequence(
              derSetOf(derSequence(longOid(3, false), der(Tag.Utf8String, new Uint8Array(size).fill(0x20)))),
            ),
          ),
      ],
      extensions: [
        10_000,
        (size) =>
          certificateWith(
            'extensions',
            derExplicit(
              3,
              derOf(
                Tag.Sequence,
                Array.from({ length: size }, (_, i) =>
                  derSequence(
                    der(
                      Tag.ObjectIdentifier,
                      Uint8Array.of(0x2a, 1 + ((i >> 14) & 0x7f), 1 + ((i >> 7) % 127), 1 + (i % 127)),
                    ),
                    der(Tag.OctetString),
                  ),
                ),
              ),
            ),
          ),
      ],
      subjectAltName: [
        20_000,
        (size) =>
          certificateWith(
            'extensions',
            extension(
              0x11,
              derOf(
                Tag.Sequence,
                Array.from({ length: size }, (_, i) => der(0x81, ascii(`a${i}@example.jp`))),
              ),
            ),
          ),
      ],
      extendedKeyUsage: [
        20_000,
        (size) =>
          certificateWith('extensions', extension(0x25, derOf(Tag.Sequence, many(size, longOid(3, false))))),
      ],
      'a key': [
        250_000,
        (size) =>
          certificateWith(
            'key',
            derSequence(
              derSequence(
                der(Tag.ObjectIdentifier, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1)),
                der(Tag.Null),
              ),
              der(
                Tag.BitString,
                Uint8Array.of(0),
                derSequence(
                  derInteger(new Uint8Array(size).fill(1)),
                  derInteger(new Uint8Array(size).fill(1)),
                ),
              ),
            ),
          ),
      ],
    };

  test.each(Object.entries(certificates))('a certificate: %s', async (_, [size, make]) => {
    await expectLinearReading(make, (octets) => readAs('certificate', octets), size);
  });
});

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function extension(id: number, value: Uint8Array): Uint8Array {
  return derExplicit(
    3,
    derSequence(
      derSequence(der(Tag.ObjectIdentifier, Uint8Array.of(0x55, 0x1d, id)), der(Tag.OctetString, value)),
    ),
  );
}

function serialOf(octets: Uint8Array): Uint8Array {
  return elements(octets).find((node) => node.is(Tag.Integer) && node.content.length > 8)!.content;
}
