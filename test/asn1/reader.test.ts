import { describe, expect, test } from 'vitest';
import { type BerNode, readBer, Tag } from '../../src/asn1/reader.js';
import { der, derInteger, derOctetString, derSequence } from '../../src/asn1/writer.js';
import { failure, nested, nestedIndefinite, octets, repeated, visit } from './support.js';

describe('lengths', () => {
  test('the short form', () => {
    const node = readBer(octets('0403616263'));
    expect([node.start, node.contentStart, node.contentEnd, node.end]).toEqual([0, 2, 5, 5]);
    expect([...node.content]).toEqual([0x61, 0x62, 0x63]);
  });

  test.each([
    ['81', '8180'],
    ['82', '820080'],
    ['84', '8400000080'],
    ['126 octets, nearly all zero', `fe${'00'.repeat(125)}80`],
  ])('the long form in %s', (_, length) => {
    const node = readBer(octets(`04${length}${'00'.repeat(128)}`));
    expect(node.content.length).toBe(128);
  });

  test('the indefinite form ends at its end-of-contents octets', () => {
    const node = readBer(octets('30800201050000'));
    expect([node.indefinite, node.contentStart, node.contentEnd, node.end]).toEqual([true, 2, 5, 7]);
    expect(node.children.length).toBe(1);
    expect([...node.bytes]).toEqual([...octets('30800201050000')]);
  });

  test('indefinite within indefinite within definite', () => {
    const node = readBer(octets('300e 3080 3080 020101 0000 0000 020102'));
    expect(node.children.map((child) => [child.start, child.end])).toEqual([
      [2, 13],
      [13, 16],
    ]);
    expect(node.children[0]!.children[0]!.children[0]!.content[0]).toBe(1);
  });

  test.each([
    ['2^31', '8480000000'],
    ['2^32 - 1', '84ffffffff'],
    ['2^32', '850100000000'],
    ['2^53', '8720000000000000'],
    ['2^64 - 1', '88ffffffffffffffff'],
    ['126 octets of 0xFF', `fe${'ff'.repeat(126)}`],
    ['one octet more than there is', '04'],
  ])('a length of %s is truncated input', (_, length) => {
    expect(failure(() => readBer(octets(`04${length}616263`)))).toEqual(['asn1-truncated', 0]);
  });

  test('the reserved length 0xFF is malformed', () => {
    expect(failure(() => readBer(octets(`04ff${'00'.repeat(127)}`)))).toEqual(['asn1-malformed', 1]);
  });

  test('a primitive element of indefinite length is malformed', () => {
    expect(failure(() => readBer(octets('0480610000')))).toEqual(['asn1-malformed', 0]);
  });

  test('a child longer than its parent is truncated, however much follows', () => {
    const node = readBer(octets('3007 3003 020201 0500'));
    expect(failure(() => visit(node))).toEqual(['asn1-truncated', 4]);
  });

  test('a child of indefinite length cannot end outside its parent', () => {
    const node = readBer(octets('3004 3080 0500 0000'), { allowTrailing: true });
    expect(failure(() => node.children)).toEqual(['asn1-truncated', 6]);
  });
});

describe('tags', () => {
  test.each([
    ['31', '1f1f00', 31],
    ['127', '1f7f00', 127],
    ['128', '1f810000', 128],
    ['2^28 - 1', '1fffffff7f00', 2 ** 28 - 1],
  ])('number %s', (_, hex, number) => {
    expect(readBer(octets(hex)).tagNumber).toBe(number);
  });

  test('a number comes to its end, whatever became of the octets since they were read', () => {
    const document = octets('1f810000');
    const node = readBer(document);
    document.fill(0xff);
    expect(node.tagNumber).toBe(2 ** 21 - 1);
  });

  test('a context tag is told by class and number, constructed or not', () => {
    expect(readBer(octets('8000')).isContext(0)).toBe(true);
    expect(readBer(octets('a000')).isContext(0)).toBe(true);
    expect(readBer(octets('bf1f00')).isContext(31)).toBe(true);
    expect(readBer(octets('0400')).isContext(4)).toBe(false);
    expect(readBer(octets('c400')).isContext(4)).toBe(false);
  });

  test.each([
    ['a number under 31 in the long form', '1f1e00'],
    ['the long form of SEQUENCE', '3f1000'],
    ['a leading zero octet', '1f801f00'],
    ['five octets', '1f818080800000'],
    ['250,000 octets', `1f${'81'.repeat(250_000)}0000`],
  ])('%s is malformed', (_, hex) => {
    expect(failure(() => readBer(octets(hex)))).toEqual(['asn1-malformed', 0]);
  });
});

describe('end-of-contents octets', () => {
  test('as the whole input they close nothing', () => {
    expect(failure(() => readBer(octets('0000')))).toEqual(['asn1-malformed', 0]);
  });

  test('in definite content they close nothing', () => {
    expect(failure(() => visit(readBer(octets('30050201050000'))))).toEqual(['asn1-malformed', 5]);
  });

  test('with a length they are the reserved tag 0', () => {
    expect(failure(() => visit(readBer(octets('3080000161 0000'))))).toEqual(['asn1-malformed', 2]);
  });

  test('with a zero length in the long form they close nothing', () => {
    expect(failure(() => visit(readBer(octets('3080 008100 0000'))))).toEqual(['asn1-malformed', 2]);
  });

  test('missing, they leave the element truncated', () => {
    expect(failure(() => readBer(octets('3080020105')))).toEqual(['asn1-truncated', 5]);
    expect(failure(() => readBer(octets('308002010500')))).toEqual(['asn1-truncated', 5]);
  });
});

describe('truncation', () => {
  const documents = {
    definite: octets('3014 0201 05 3003 0101ff 0c04 e5b1b1 41 8104 00010203'),
    indefinite: octets('3080 020105 2480 0402 6162 0400 0000 bf1f03 020107 0000'),
    'long lengths': octets('3082000a 0484000000 02 4142 0500'),
  };
  test.each(Object.entries(documents))('at every octet: %s', (_, document) => {
    visit(readBer(document));
    for (let length = 0; length < document.length; length++) {
      expect(failure(() => visit(readBer(document.slice(0, length))))[0]).toBe('asn1-truncated');
    }
  });

  test('trailing octets are refused, or allowed on demand', () => {
    expect(failure(() => readBer(octets('050000')))).toEqual(['asn1-malformed', 2]);
    expect(readBer(octets('050000'), { allowTrailing: true }).end).toBe(2);
  });
});

describe('limits', () => {
  test('64 levels below the outermost are read, and not one more', () => {
    for (const build of [nested, nestedIndefinite]) {
      expect(visit(readBer(build(64)))).toBe(65);
      expect(failure(() => visit(readBer(build(65))))[0]).toBe('limit-depth');
    }
  });

  test('a depth of 10,000 is a limit and no stack overflow', () => {
    expect(failure(() => visit(readBer(nested(10_000))))[0]).toBe('limit-depth');
    expect(failure(() => readBer(nestedIndefinite(10_000)))[0]).toBe('limit-depth');
  });

  test('a raised depth is walked without recursion', () => {
    expect(visit(readBer(nested(10_000), { limits: { depth: 10_000 } }))).toBe(10_001);
    expect(visit(readBer(nestedIndefinite(10_000), { limits: { depth: 10_000 } }))).toBe(10_001);
  });

  test('a million elements, and not one more', () => {
    const nulls = (count: number) => repeated(octets('0500'), count);
    const list = (count: number) => der(Tag.Sequence, nulls(count));
    expect(readBer(list(999_999)).children.length).toBe(999_999);
    expect(failure(() => readBer(list(1_000_000)).children)[0]).toBe('limit-nodes');
    expect(failure(() => readBer(octets('30800500050005000000'), { limits: { nodes: 3 } }))).toEqual([
      'limit-nodes',
      6,
    ]);
  });

  test('elements that are never asked for count nothing', () => {
    const node = readBer(derSequence(derSequence(derInteger(1)), derInteger(2)), { limits: { nodes: 3 } });
    expect(node.children.length).toBe(2);
    expect(failure(() => node.children[0]!.children)[0]).toBe('limit-nodes');
  });
});

describe('views', () => {
  test('nothing is copied', () => {
    const document = derSequence(derOctetString(octets('616263')));
    const child = readBer(document).children[0]!;
    expect(child.content.buffer).toBe(document.buffer);
    expect(child.bytes.buffer).toBe(document.buffer);
  });

  test('a Buffer is read as a plain view of the same memory', () => {
    const node = readBer(Buffer.from('0403616263', 'hex'));
    expect(node.content.constructor).toBe(Uint8Array);
  });

  test('shared memory is copied', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(5));
    shared.set(octets('0403616263'));
    const node = readBer(shared);
    shared.fill(0);
    expect([...node.content]).toEqual([0x61, 0x62, 0x63]);
  });

  test('what is no Uint8Array is the caller’s fault', () => {
    expect(failure(() => readBer('30' as unknown as Uint8Array))[0]).toBe('usage');
  });

  test('children of a primitive element are refused', () => {
    expect(failure(() => readBer(octets('0500')).children)[0]).toBe('asn1-unexpected');
  });

  test('children are the same objects each time', () => {
    const node = readBer(octets('30020500'));
    expect(node.children).toBe(node.children);
  });
});

describe('every header is parsed once', () => {
  // The node limit counts headers, so a limit of just the true number proves it.
  const count = (document: Uint8Array): number => visit(readBer(document));
  test.each<[string, (n: number) => Uint8Array]>([
    ['indefinite levels', (n) => nestedIndefinite(n)],
    ['definite levels', (n) => nested(n)],
    ['indefinite below definite', (n) => alternating(n)],
    ['many beside each other', (n) => der(Tag.Sequence, repeated(octets('3080020105 0400 0000'), n))],
  ])('%s', (_, build) => {
    for (const n of [1, 8, 60]) {
      const document = build(n);
      const elements = count(document);
      expect(visit(readBer(document, { limits: { nodes: elements } }))).toBe(elements);
      expect(failure(() => visit(readBer(document, { limits: { nodes: elements - 1 } })))[0]).toBe(
        'limit-nodes',
      );
    }
  });
});

function alternating(levels: number): Uint8Array {
  let document: Uint8Array = octets('0500');
  for (let i = 0; i < levels; i++) {
    document =
      i % 2 === 0
        ? Uint8Array.from([...octets('3080'), ...document, 0, 0])
        : derSequence(document, derInteger(i));
  }
  return document;
}

test('a node says where it stands', () => {
  const node: BerNode = readBer(octets('30053003020105')).children[0]!;
  expect([node.depth, node.constructed, node.is(Tag.Sequence)]).toEqual([1, true, true]);
});
