import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeOid, oidContent, oidFromContent } from '../../src/asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../src/asn1/reader.js';
import { decodeTime } from '../../src/asn1/time.js';
import { isDer, toDer } from '../../src/asn1/to-der.js';
import {
  bitAt,
  bitString,
  bitStringContent,
  decodeBoolean,
  decodeInteger,
  decodeString,
  integerBytes,
  octetString,
  sequenceOf,
  setOf,
  stringOctets,
  unsignedBytes,
} from '../../src/asn1/values.js';
import {
  der,
  derBitString,
  derInteger,
  derOctetString,
  derOid,
  derSetOf,
  derTime,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { hex, visit } from '../asn1/support.js';

/** A value tree, of which both DER and many BER encodings can be written. */
type Tree =
  | { readonly kind: 'primitive'; readonly identifier: number; readonly content: Uint8Array }
  | { readonly kind: 'string'; readonly tag: number; readonly content: Uint8Array }
  | { readonly kind: 'bits'; readonly content: Uint8Array; readonly unused: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'high'; readonly tag: number; readonly children: readonly Tree[] }
  | { readonly kind: 'constructed'; readonly identifier: number; readonly children: readonly Tree[] };

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.record({
    kind: fc.constant('primitive' as const),
    identifier: fc.constantFrom(0x02, 0x05, 0x06, 0x0a, 0x80, 0x81, 0x9e, 0xc3),
    content: fc.uint8Array({ maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('string' as const),
    tag: fc.constantFrom(0x04, 0x07, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1e),
    content: fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ minLength: 120, maxLength: 300 })),
  }),
  fc
    .record({ content: fc.uint8Array({ maxLength: 12 }), unused: fc.nat(7) })
    .map(({ content, unused }): Tree => {
      const used = content.length === 0 ? 0 : unused;
      const clean = Uint8Array.from(content);
      if (used > 0) clean[clean.length - 1]! &= 0xff << used;
      return { kind: 'bits', content: clean, unused: used };
    }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
);

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constant('constructed' as const),
      identifier: fc.constantFrom(0x30, 0x31, 0x31, 0xa0, 0xa3, 0x60, 0xe1),
      children: fc.array(tie('tree'), { maxLength: 5 }),
    }),
    fc.record({
      kind: fc.constant('high' as const),
      tag: fc.integer({ min: 31, max: 2 ** 28 - 1 }),
      children: fc.array(tie('tree'), { maxLength: 3 }),
    }),
  ),
}));

function highTag(tag: number): Uint8Array {
  const octets = [tag & 0x7f];
  for (let rest = tag >>> 7; rest > 0; rest >>>= 7) octets.unshift((rest & 0x7f) | 0x80);
  return Uint8Array.from([0xbf, ...octets]);
}

function derOf(value: Tree): Uint8Array {
  switch (value.kind) {
    case 'primitive':
      return der(value.identifier, value.content);
    case 'string':
      return der(value.tag, value.content);
    case 'bits':
      return derBitString(value.content, value.unused);
    case 'boolean':
      return der(Tag.Boolean, Uint8Array.of(value.value ? 0xff : 0));
    case 'high': {
      const rest = der(Tag.Sequence, ...value.children.map(derOf)).subarray(1);
      return concatBytes([highTag(value.tag), rest]);
    }
    default: {
      const children = value.children.map(derOf);
      return value.identifier === Tag.Set ? derSetOf(...children) : der(value.identifier, ...children);
    }
  }
}

/** Decisions of a BER writer, drawn from a list of random octets; the same list gives the same encoding. */
class Whims {
  /** OpenSSL takes a length of zero in the long form only where something follows. */
  readonly longZero: boolean;
  private readonly source: Uint8Array;
  private at = 0;

  constructor(source: Uint8Array, longZero = true) {
    this.source = source;
    this.longZero = longZero;
  }

  next(below: number): number {
    const drawn = this.source.length === 0 ? 0 : this.source[this.at++ % this.source.length]!;
    return drawn % below;
  }
}

function length(value: number, whims: Whims): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  if (value < 128 && (whims.next(3) !== 0 || (value === 0 && !whims.longZero))) return Uint8Array.of(value);
  const padding = new Array<number>(whims.next(4)).fill(0);
  const all = [...padding, ...(octets.length === 0 ? [0] : octets)];
  return Uint8Array.from([0x80 | all.length, ...all]);
}

function wrap(identifier: Uint8Array, constructed: boolean, content: Uint8Array, whims: Whims): Uint8Array {
  if (constructed && whims.next(2) === 0)
    return concatBytes([identifier, Uint8Array.of(0x80), content, new Uint8Array(2)]);
  return concatBytes([identifier, length(content.length, whims), content]);
}

/** A string in one piece or several, nested for a few levels. */
function pieces(tag: number, own: number, content: Uint8Array, whims: Whims, level = 0): Uint8Array {
  if (level > 3 || whims.next(2) === 0) return wrap(Uint8Array.of(own), false, content, whims);
  const inner: Uint8Array[] = [];
  let at = 0;
  for (let count = whims.next(4); count > 0 && at < content.length; count--) {
    const end = at + whims.next(content.length - at + 1);
    inner.push(content.subarray(at, end));
    at = end;
  }
  inner.push(content.subarray(at));
  // X.690 §8.23: pieces of a character string are OCTET STRINGs; its own type is met too.
  const encoded = inner.map((piece) =>
    pieces(tag, whims.next(2) === 0 ? Tag.OctetString : tag, piece, whims, level + 1),
  );
  return wrap(Uint8Array.of(own | 0x20), true, concatBytes(encoded), whims);
}

function bitPieces(content: Uint8Array, unused: number, whims: Whims): Uint8Array {
  const dirty = Uint8Array.from(content);
  // Unused bits may be anything in BER.
  if (unused > 0) dirty[dirty.length - 1]! |= whims.next(1 << unused);
  const primitive = (octets: Uint8Array, rest: number): Uint8Array =>
    wrap(Uint8Array.of(Tag.BitString), false, concatBytes([Uint8Array.of(rest), octets]), whims);
  if (whims.next(2) === 0 || content.length < 2) return primitive(dirty, unused);
  const cut = 1 + whims.next(content.length - 1);
  const encoded = [primitive(dirty.subarray(0, cut), 0), primitive(dirty.subarray(cut), unused)];
  return wrap(Uint8Array.of(Tag.BitString | 0x20), true, concatBytes(encoded), whims);
}

function berOf(value: Tree, whims: Whims): Uint8Array {
  switch (value.kind) {
    case 'primitive':
      return wrap(Uint8Array.of(value.identifier), false, value.content, whims);
    case 'string':
      return pieces(value.tag, value.tag, value.content, whims);
    case 'bits':
      return bitPieces(value.content, value.unused, whims);
    case 'boolean':
      return wrap(
        Uint8Array.of(Tag.Boolean),
        false,
        Uint8Array.of(value.value ? 1 + whims.next(255) : 0),
        whims,
      );
    case 'high': {
      const children = value.children.map((child) => berOf(child, whims));
      return wrap(highTag(value.tag), true, concatBytes(children), whims);
    }
    default: {
      const children = value.children.map((child) => berOf(child, whims));
      if (value.identifier === Tag.Set && children.length > 1) {
        for (let i = children.length - 1; i > 0; i--) {
          const j = whims.next(i + 1);
          [children[i], children[j]] = [children[j]!, children[i]!];
        }
      }
      return wrap(Uint8Array.of(value.identifier), true, concatBytes(children), whims);
    }
  }
}

describe('random trees', () => {
  test('what is written is read', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const encoded = derOf(value);
        const node = readBer(encoded);
        compare(node, value);
        expect(hex(toDer(node))).toBe(hex(encoded));
      }),
      { numRuns: 500 },
    );
  });

  test('every BER encoding of a value has the DER of that value', () => {
    fc.assert(
      fc.property(tree, fc.uint8Array({ minLength: 1, maxLength: 60 }), (value, decisions) => {
        const expected = derOf(value);
        const encoded = berOf(value, new Whims(decisions));
        const node = readBer(encoded);
        expect([node.start, node.end]).toEqual([0, encoded.length]);
        expect(hex(toDer(node))).toBe(hex(expected));
        // It may doubt what is DER, since an implicit tag hides a SET, but believes nothing else.
        if (isDer(node)) expect(hex(encoded)).toBe(hex(expected));
      }),
      { numRuns: 2000 },
    );
  });

  test('normalizing twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        const once = attempt(() => toDer(readBer(garbage, { allowTrailing: true })));
        if (once !== undefined) expect(hex(toDer(readBer(once)))).toBe(hex(once));
      }),
      { numRuns: 2000 },
    );
  });

  test('openssl asn1parse sees the same elements at the same places', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 6 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        (values, decisions) => {
          const whims = new Whims(decisions, false);
          const encoded = wrap(
            Uint8Array.of(Tag.Sequence),
            true,
            concatBytes(values.map((value) => berOf(value, whims))),
            whims,
          );
          expect(ours(readBer(encoded))).toEqual(openssl(encoded));
        },
      ),
      { numRuns: 40 },
    );
  });
});

function compare(node: BerNode, value: Tree): void {
  switch (value.kind) {
    case 'primitive':
      expect([node.identifier, hex(node.content)]).toEqual([value.identifier, hex(value.content)]);
      break;
    case 'string':
      expect([node.identifier, hex(stringOctets(node, value.tag))]).toEqual([value.tag, hex(value.content)]);
      break;
    case 'bits': {
      const bits = bitString(node);
      expect([hex(bits.octets), bits.unusedBits]).toEqual([hex(value.content), value.unused]);
      break;
    }
    case 'boolean':
      expect(decodeBoolean(node)).toBe(value.value);
      break;
    default: {
      const tag = value.kind === 'high' ? value.tag : value.identifier & 0x1f;
      expect([node.tagNumber, node.constructed]).toEqual([tag, true]);
      const order = value.kind === 'constructed' && value.identifier === Tag.Set;
      const children = order
        ? value.children.toSorted((a, b) => Buffer.compare(derOf(a), derOf(b)))
        : value.children;
      expect(node.children.length).toBe(children.length);
      node.children.forEach((child, i) => {
        compare(child, children[i]!);
      });
    }
  }
}

/** Offset, depth and header length of every element, in the order of the document. */
function ours(node: BerNode): string[] {
  const header = `${node.start}:d=${node.depth} hl=${node.contentStart - node.start}`;
  const size = node.indefinite ? 'inf' : `${node.contentEnd - node.contentStart}`;
  const inside = node.constructed ? node.children.flatMap(ours) : [];
  return [`${header} l=${size} ${node.constructed ? 'cons' : 'prim'}`, ...inside];
}

function openssl(encoded: Uint8Array): string[] {
  const output = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], {
    input: encoded,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString('latin1');
  return [...output.matchAll(/^ *(\d+):d=(\d+) +hl=(\d+) +l= *(inf|\d+) +(cons|prim): +(.*)$/gm)].flatMap(
    ([, offset, depth, header, size, form, what]) =>
      what!.startsWith('EOC') ? [] : [`${offset}:d=${depth} hl=${header} l=${size} ${form}`],
  );
}

describe('integers', () => {
  test('a bigint comes back from its octets', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), (value) => {
        const content = integerBytes(readBer(derInteger(value)));
        expect(BigInt.asIntN(content.length * 8, BigInt(`0x${hex(content)}`))).toBe(value);
        // X.690 §8.3.2: the first nine bits are not all alike.
        if (content.length > 1) expect([0, 0x1ff]).not.toContain((content[0]! << 1) | (content[1]! >> 7));
      }),
    );
  });

  test('a number comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }), (value) => {
        expect(decodeInteger(readBer(derInteger(value)))).toBe(value);
        expect(hex(derInteger(value))).toBe(hex(derInteger(BigInt(value))));
      }),
    );
  });

  test('unsigned octets come back without their leading zeros', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (octets) => {
        const value = BigInt(`0x0${hex(octets)}`);
        expect(hex(derInteger(octets))).toBe(hex(derInteger(value)));
        expect(BigInt(`0x${hex(unsignedBytes(readBer(derInteger(octets))))}`)).toBe(value);
      }),
    );
  });
});

describe('object identifiers', () => {
  const arc = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }));
  const dotted = fc
    .tuple(fc.constantFrom(0n, 1n, 2n), arc, fc.array(arc, { maxLength: 12 }))
    .map(([first, second, rest]) => [first, first < 2n ? second % 40n : second, ...rest].join('.'));

  test('come back, arcs of 128 bits too', () => {
    fc.assert(
      fc.property(dotted, (oid) => {
        expect(decodeOid(readBer(derOid(oid)))).toBe(oid);
      }),
      { numRuns: 1000 },
    );
  });

  test('octets that are one come back as the same octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (content) => {
        const oid = attempt(() => oidFromContent(content));
        if (oid !== undefined) expect(hex(oidContent(oid))).toBe(hex(content));
      }),
      { numRuns: 2000 },
    );
  });
});

test('times come back to the second', () => {
  const date = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (time) => {
      expect(decodeTime(readBer(derTime(time))).getTime()).toBe(Math.floor(time.getTime() / 1000) * 1000);
    }),
  );
});

test('text comes back from UTF8String, and bits one by one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.boolean(), { maxLength: 40 }), (text, flags) => {
      expect(decodeString(readBer(derUtf8String(text)))).toBe(text);
      const octets = new Uint8Array(Math.ceil(flags.length / 8));
      flags.forEach((flag, i) => {
        if (flag) octets[i >> 3]! |= 0x80 >> (i & 7);
      });
      const bits = bitString(readBer(derBitString(octets, octets.length * 8 - flags.length)));
      expect(Array.from({ length: flags.length + 3 }, (_, i) => bitAt(bits, i))).toEqual([
        ...flags,
        false,
        false,
        false,
      ]);
    }),
  );
});

describe('garbage gives a value or a MailsealError', () => {
  const octet = fc.oneof(
    fc.constantFrom(0, 0x80, 0x81, 0x84, 0xff, 0x1f, 0x30, 0x24, 0x23, 0x31, 1, 2, 3, 4, 6, 0x17, 0x0c, 0xa0),
    fc.nat(255),
  );
  const garbage = fc.array(octet, { maxLength: 80 }).map((octets) => Uint8Array.from(octets));

  test('readBer and a visit of everything', () => {
    fc.assert(
      fc.property(garbage, fc.boolean(), (document, allowTrailing) => {
        const count = attempt(() => visit(readBer(document, { allowTrailing })));
        if (count !== undefined) expect(count).toBeLessThanOrEqual(document.length);
      }),
      { numRuns: 3000 },
    );
  });

  const decoders: Readonly<Record<string, (node: BerNode) => unknown>> = {
    decodeBoolean,
    decodeInteger,
    integerBytes,
    unsignedBytes,
    octetString,
    bitString,
    bitStringContent,
    decodeString,
    decodeOid,
    decodeTime,
    sequenceOf,
    setOf,
    toDer,
    isDer,
    implicit: (node) => stringOctets(node, Tag.OctetString),
  };
  test.each(Object.keys(decoders))('%s', (name) => {
    fc.assert(
      fc.property(garbage, (document) => {
        attempt(() => decoders[name]!(readBer(document, { allowTrailing: true })));
      }),
      { numRuns: 1000 },
    );
  });

  test('every decoder on every element of a damaged document', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(255), (value, place, octet) => {
        const damaged = Uint8Array.from(derOf(value));
        damaged[place % damaged.length] = octet;
        const root = attempt(() => readBer(damaged, { allowTrailing: true }));
        const waiting = root === undefined ? [] : [root];
        for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
          const here = node;
          for (const decode of Object.values(decoders)) attempt(() => decode(here));
          waiting.push(...(attempt(() => (here.constructed ? here.children : [])) ?? []));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an OCTET STRING is its content, whatever that is', () => {
    fc.assert(
      fc.property(garbage, (content) => {
        expect(hex(octetString(readBer(derOctetString(content))))).toBe(hex(content));
      }),
    );
  });
});

/** The value, or `undefined` for a MailsealError; anything else that is thrown fails the test. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
