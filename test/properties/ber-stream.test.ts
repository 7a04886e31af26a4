import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BerStream, type BerVisitor, type StreamElement } from '../../src/asn1/ber-stream.js';
import { type BerNode, readBer } from '../../src/asn1/reader.js';
import { der } from '../../src/asn1/writer.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { overwrittenChunks } from '../support/cms-objects.js';
import { cut } from '../support/pieces.js';
import { indefinite } from '../support/sign.js';

/** Elements as lines, in the order of the document: what each is, where, and of primitive ones the octets. */
class Lines implements BerVisitor {
  readonly all: string[] = [];
  readonly #open: { line: string; content: string; isPrimitive: boolean }[] = [];

  begin({ identifier, start, length, depth, header }: StreamElement): boolean {
    const isPrimitive = (identifier & 0x20) === 0;
    const line = `${encodeHex(header)} at ${start} depth ${depth} length ${length}`;
    this.#open.push({ line, content: '', isPrimitive });
    if (!isPrimitive) this.all.push(line);
    return true;
  }

  octets(octets: Bytes): void {
    this.#open.at(-1)!.content += encodeHex(octets);
  }

  finish(): void {
    const { line, content, isPrimitive } = this.#open.pop()!;
    if (isPrimitive) this.all.push(`${line} ${content}`);
  }
}

type Outcome = { readonly lines: readonly string[]; readonly trailing: number } | { readonly code: string };

function orCode(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof MailsealError) return { code: error.code };
    throw error;
  }
}

const limits = { depth: 5 };

const atOnce = (octets: Bytes): Outcome =>
  orCode(() => {
    const root = readBer(octets, { allowTrailing: true, limits });
    return { lines: [...linesOf(root)], trailing: octets.length - root.end };
  });

function* linesOf(node: BerNode): Generator<string, void> {
  const { document, start, contentStart, contentEnd, depth, constructed } = node;
  const length = node.indefinite ? undefined : contentEnd - contentStart;
  const line = `${encodeHex(document.subarray(start, contentStart))} at ${start} depth ${depth} length ${length}`;
  yield constructed ? line : `${line} ${encodeHex(node.content)}`;
  if (constructed) for (const child of node.children) yield* linesOf(child);
}

const inPieces = (octets: Bytes, lengths: () => number): Outcome =>
  orCode(() => {
    const visitor = new Lines();
    const stream = new BerStream(visitor, limits);
    for (const chunk of overwrittenChunks(octets, lengths)) stream.push(chunk);
    stream.end();
    return { lines: visitor.all, trailing: stream.trailingOctets };
  });

const { element } = fc.letrec<{ element: Bytes }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(2, 4, 5, 0x80, 0x1e), fc.uint8Array({ maxLength: 20 }))
      .map(([identifier, content]) => der(identifier, content)),
    fc.constantFrom(
      Uint8Array.of(0x1f, 0x1f, 0),
      Uint8Array.of(0x9f, 0x81, 0x01, 0x82, 0, 1, 7),
      Uint8Array.of(0x04, 0x84, 0, 0, 0, 2, 7, 7),
    ),
    fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0), fc.array(tie('element'), { maxLength: 4 }), fc.boolean())
      .map(([identifier, content, isIndefinite]) =>
        isIndefinite ? indefinite(identifier, ...content) : der(identifier, ...content),
      ),
  ),
}));
const garbage = fc
  .array(fc.oneof(fc.constantFrom(0, 0, 1, 2, 4, 0x1f, 0x30, 0x80, 0x81, 0xa0, 0xff), fc.nat(255)), {
    maxLength: 24,
  })
  .map((octets) => Uint8Array.from(octets));
const documents = fc.oneof(
  fc.tuple(element, fc.oneof(fc.constant(new Uint8Array(0)), garbage)).map(concatBytes),
  fc
    .tuple(element, fc.nat(), garbage)
    .map(([whole, place, other]) =>
      concatBytes([
        whole.subarray(0, place % whole.length),
        other.subarray(0, 2),
        whole.subarray((place % whole.length) + 2),
      ]),
    ),
  garbage,
);

test('BER in pieces has the elements that it has at once, and is refused where it is refused at once', () => {
  const count = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      documents,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      (octets, places) => {
        const wanted = atOnce(octets);
        const whole = inPieces(octets, () => octets.length);
        // Of several damages one way through it meets another first.
        if ('code' in wanted) expect('code' in whole, encodeHex(octets)).toBe(true);
        else expect(whole, encodeHex(octets)).toEqual(wanted);
        const pieces = cut(octets, places).filter(({ length }) => length > 0);
        let at = 0;
        for (const lengths of [() => 1, () => pieces[at++]?.length ?? 1])
          expect(inPieces(octets, lengths), encodeHex(octets)).toEqual(whole);
        count['code' in wanted ? 'refused' : 'read']++;
      },
    ),
    { numRuns: 2000 },
  );
  console.log(count);
  expect(count.read).toBeGreaterThan(400);
  expect(count.refused).toBeGreaterThan(400);
});
