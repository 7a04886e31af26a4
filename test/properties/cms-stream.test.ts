import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Tag } from '../../src/asn1/reader.js';
import { der, derInteger, derOid } from '../../src/asn1/writer.js';
import { CmsReader } from '../../src/cms/stream/cms-reader.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { overwrittenChunks } from '../support/cms-objects.js';
import { inOnePiece, inPieces } from '../support/cms-outcomes.js';
import { cut } from '../support/pieces.js';
import { indefinite } from '../support/sign.js';

/** An element that holds others or octets, in a form of BER that is drawn. */
type Build = (identifier: number, ...content: readonly Uint8Array[]) => Bytes;

const octets = fc.uint8Array({ maxLength: 30 }).map((array) => Uint8Array.from(array));
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

/** Forms of lengths, one after the other: definite, longer than need be, indefinite. */
const builder: fc.Arbitrary<Build> = fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }).map((forms) => {
  let at = 0;
  return (identifier, ...content) => {
    const form = forms[at++ % forms.length]!;
    if (form === 2) return indefinite(identifier, ...content);
    if (form === 0) return der(identifier, ...content);
    const all = concatBytes(content);
    return concatBytes([Uint8Array.of(identifier, 0x83, 0, all.length >> 8, all.length & 0xff), all]);
  };
});

/** Octets of a string in one piece, in several, or in pieces of pieces. */
const stringOf = (build: Build, content: Bytes, cuts: readonly number[], primitive: number): Bytes => {
  if (cuts.length === 0) return der(primitive, content);
  const pieces = cut(content, cuts.slice(1)).map((piece) => der(Tag.OctetString, piece));
  const some = pieces.length > 2 ? [build(0x24, ...pieces.slice(0, 2)), ...pieces.slice(2)] : pieces;
  return build(primitive | 0x20, ...some);
};

const oid = (arcs: string): Bytes => derOid(`1.2.840.113549.1.${arcs}`);
const aes = (iv: Bytes): Bytes => der(0x30, derOid('2.16.840.1.101.3.4.1.2'), der(4, iv));

interface Drawn {
  readonly build: Build;
  readonly content: Bytes;
  readonly cuts: readonly number[];
  readonly has: boolean;
  readonly extra: boolean;
  readonly iv: Bytes;
}

/** Structures of every kind that is read in pieces, by the name of the kind. */
const structures: Readonly<Record<string, (drawn: Drawn) => readonly [type: string, structure: Bytes]>> = {
  signedData: ({ build, content, cuts, has, extra }) => {
    const inside = has ? [build(0xa0, stringOf(build, content, cuts, Tag.OctetString))] : [];
    const fields = [derInteger(1), build(0x31), build(0x30, oid('7.1'), ...inside)];
    if (extra) fields.push(build(0xa1));
    return ['7.2', build(0x30, ...fields, build(0x31))];
  },
  'signedData with content of PKCS #7': ({ build, content }) => {
    const inside = build(0xa0, build(0x30, der(4, content), build(0x31, derInteger(7))));
    return ['7.2', build(0x30, derInteger(1), build(0x31), build(0x30, oid('7.1'), inside), build(0x31))];
  },
  digestedData: ({ build, content, cuts, has }) => {
    const inside = has ? [build(0xa0, stringOf(build, content, cuts, Tag.OctetString))] : [];
    const algorithm = build(0x30, derOid('2.16.840.1.101.3.4.2.1'));
    return [
      '7.5',
      build(0x30, derInteger(0), algorithm, build(0x30, oid('7.1'), ...inside), der(4, content)),
    ];
  },
  compressedData: ({ build, content, cuts }) => {
    const inside = build(0xa0, stringOf(build, content, cuts, Tag.OctetString));
    return [
      '9.16.1.9',
      build(0x30, derInteger(0), build(0x30, oid('9.16.3.8')), build(0x30, oid('7.1'), inside)),
    ];
  },
  encryptedData: ({ build, content, cuts, has, iv, extra }) => {
    const inside = has ? [stringOf(build, content, cuts, 0x80)] : [];
    const fields = [derInteger(0), build(0x30, oid('7.1'), aes(iv), ...inside)];
    if (extra) fields.push(build(0xa1, build(0x30, oid('9.3'), build(0x31, oid('7.1')))));
    return ['7.6', build(0x30, ...fields)];
  },
  envelopedData: ({ build, content, cuts, has, iv, extra }) => {
    const inside = has ? [stringOf(build, content, cuts, 0x80)] : [];
    const recipient = build(0xa2, derInteger(4), build(0x30, der(4, iv)), aes(iv), der(4, iv));
    const fields = [derInteger(2)];
    if (extra) fields.push(build(0xa0));
    fields.push(build(0x31, recipient), build(0x30, oid('7.1'), aes(iv), ...inside));
    return ['7.3', build(0x30, ...fields)];
  },
  authEnvelopedData: ({ build, content, cuts, has, iv, extra }) => {
    const inside = has ? [stringOf(build, content, cuts, 0x80)] : [];
    const recipient = build(0xa2, derInteger(4), build(0x30, der(4, iv)), aes(iv), der(4, iv));
    const fields = [derInteger(0), build(0x31, recipient), build(0x30, oid('7.1'), aes(iv), ...inside)];
    if (extra) fields.push(build(0xa1, build(0x30, oid('9.3'), build(0x31, oid('7.1')))));
    return ['9.16.1.23', build(0x30, ...fields, der(4, iv))];
  },
};

const objects = fc
  .tuple(
    fc.constantFrom(...Object.values(structures)),
    fc.record({
      build: builder,
      content: octets,
      cuts: places,
      has: fc.boolean(),
      extra: fc.boolean(),
      iv: octets,
    }),
    fc.oneof({ weight: 3, arbitrary: fc.constant(new Uint8Array(0)) }, { weight: 1, arbitrary: octets }),
  )
  .map(([structure, drawn, trailing]) => {
    const [type, node] = structure(drawn);
    return concatBytes([drawn.build(0x30, oid(type), drawn.build(0xa0, node)), trailing]);
  });

/** Octets of which some are others, missing, or too many. */
const damaged = (whole: fc.Arbitrary<Bytes>): fc.Arbitrary<Bytes> =>
  fc
    .tuple(
      whole,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.oneof(fc.constantFrom(0, 4, 0x24, 0x30, 0x31, 0x80, 0xa0, 0xff), fc.nat(255)),
      fc.constantFrom(0, 1, 1, 1, 1, 1, 2),
    )
    .map(([octetsOf, place, octet, skipped]) => {
      const at = Math.floor(place * octetsOf.length);
      return concatBytes([octetsOf.subarray(0, at), Uint8Array.of(octet), octetsOf.subarray(at + skipped)]);
    });

/** The splits that are held to each other: whole, octet by octet, and at places that are drawn. */
const lengthsOf = (whole: Bytes, cuts: readonly number[]): readonly (() => number)[] => {
  const pieces = cut(whole, cuts).filter(({ length }) => length > 0);
  let at = 0;
  return [() => whole.length, () => 1, () => pieces[at++]?.length ?? 1];
};

describe('CmsReader', () => {
  test('reads every kind of structure, in every form of BER, as the function that reads it whole', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(objects, places, (whole, cuts) => {
        const wanted = inOnePiece(whole);
        const kind = typeof wanted === 'string' ? wanted : wanted.kind;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        for (const lengths of lengthsOf(whole, cuts))
          expect(inPieces(whole, lengths), encodeHex(whole)).toEqual(wanted);
      }),
      { numRuns: 600 },
    );
    console.log([...kinds].map(([kind, count]) => `${count} ${kind}`).join(', '));
    for (const kind of ['signedData', 'digestedData', 'compressedData', 'encryptedData', 'envelopedData'])
      expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(20);
  });
});

/** What a reader gives for one split: its events in short, or its error. */
function told(whole: Bytes, lengths: () => number): readonly string[] {
  const reader = new CmsReader();
  const lines: string[] = [];
  let content = '';
  const take = (events: ReturnType<CmsReader['push']>): void => {
    for (const event of events) {
      if (event.type === 'content') content += encodeHex(event.octets);
      else lines.push(`${event.type} after ${content}`);
    }
  };
  try {
    for (const chunk of overwrittenChunks(whole, lengths)) take(reader.push(chunk));
    take(reader.end());
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    lines.push(`${error.code} ${error.offset} ${error.message}`);
  }
  return lines;
}

describe('damage', () => {
  test('is met at the same place at any split, and where it is read whole, too', () => {
    const count = { read: 0, refused: 0 };
    fc.assert(
      fc.property(damaged(objects), places, (whole, cuts) => {
        const [first, ...others] = lengthsOf(whole, cuts).map((lengths) => told(whole, lengths));
        for (const other of others) {
          // What comes before an error in the same chunk is not told.
          if (first!.at(-1)!.startsWith('end')) expect(other, encodeHex(whole)).toEqual(first);
          else expect(other.at(-1), encodeHex(whole)).toBe(first!.at(-1));
        }
        const wanted = inOnePiece(whole);
        const found = inPieces(whole, () => whole.length);
        if (typeof wanted === 'string' || typeof found === 'string')
          expect([typeof found, encodeHex(whole)]).toEqual([typeof wanted, encodeHex(whole)]);
        else expect(found, encodeHex(whole)).toEqual(wanted);
        count[typeof wanted === 'string' ? 'refused' : 'read']++;
      }),
      { numRuns: 800 },
    );
    console.log(count);
    expect(count.read).toBeGreaterThan(20);
    expect(count.refused).toBeGreaterThan(200);
  });
});
