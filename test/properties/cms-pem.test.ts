import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPem } from '../../src/cms/content-info.js';
import { PemDecoder } from '../../src/cms/stream/pem-decoder.js';
import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeBase64 } from '../../src/encoding/base64.js';
import { decodePem, encodePem } from '../../src/encoding/pem.js';
import { cut, pieces, singly } from '../support/pieces.js';

type Outcome = { readonly octets: Bytes } | { readonly code: string };

function orCode(work: () => Bytes): Outcome {
  try {
    return { octets: work() };
  } catch (error) {
    if (error instanceof MailsealError) return { code: error.code };
    throw error;
  }
}

/** What `parseContentInfo` reads of a file. */
function atOnce(file: Bytes): Outcome {
  return orCode(() => {
    if (!isPem(file)) return file;
    const [block] = decodePem(file);
    if (block === undefined) throw new MailsealError('cms-malformed', 'no block');
    return block.octets;
  });
}

function inPieces(chunks: readonly Uint8Array[]): Outcome {
  return orCode(() => {
    const decoder = new PemDecoder();
    const given = chunks.map((chunk) => decoder.update(chunk.slice()).slice());
    return concatBytes([...given, decoder.finish()]);
  });
}

const label = fc.constantFrom('CMS', 'CMS', 'PKCS7', 'CERTIFICATE');
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r', ' \n');
const indent = fc.constantFrom('', '', '', ' ', '\t ');
const base64Lines = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 4, 64, 76, 1000))
  .map(([octets, length]) => encodeBase64(octets).replaceAll(new RegExp(`(.{${length}})`, 'g'), '$1\n'));
const line = fc.oneof(
  label.map((name) => `-----BEGIN ${name}-----`),
  label.map((name) => `-----END ${name}-----`),
  fc.constantFrom(
    'Proc-Type: 4,ENCRYPTED',
    ' and more',
    '-',
    '--',
    '-----',
    '-----BEGIN CMS-----x',
    `-----END CMS-----${' '.repeat(300)}x`,
    'prose',
    '',
    'TWFp=',
    'TWE',
    '\xe9',
    '\v',
    ':',
    'a-----END CMS-----',
  ),
  base64Lines,
);
const block = fc
  .tuple(label, lineEnd, fc.constantFrom('', 'Comment: x\n', 'A: b\n  c\n\n', '\n'), base64Lines)
  .map(([name, end, header, body]) =>
    `-----BEGIN ${name}-----\n${header}${body}\n-----END ${name}-----\n`.replaceAll('\n', end),
  );
const fileOf = (lines: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<Bytes> =>
  fc
    .array(
      fc.tuple(indent, lines, lineEnd).map((texts) => texts.join('')),
      { maxLength },
    )
    .map((texts) => bytesFromLatin1(texts.join('')));
const files = fc.oneof(
  fileOf(block, 4),
  fileOf(fc.oneof({ weight: 3, arbitrary: block }, { weight: 1, arbitrary: line }), 6),
  fc
    .tuple(indent, fc.oneof(lineEnd, fc.constant('x\n')), fc.oneof(fileOf(line, 10), fileOf(block, 2)))
    .map(([blanks, end, rest]) => concatBytes([bytesFromLatin1(`${blanks}-----BEGIN CMS-----${end}`), rest])),
  fc.uint8Array({ maxLength: 300 }).map((octets) => Uint8Array.from(octets)),
);

/** The text of what it throws. */
function saidOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('PEM of CMS in pieces', () => {
  test('gives what is read of it at once, whole, octet by octet and in random chunks', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        files.chain((file) => fc.tuple(fc.constant(file), pieces(fc.constant(file)))),
        ([file, chunks]) => {
          const wanted = atOnce(file);
          const kind = 'code' in wanted ? wanted.code : isPem(file) ? 'PEM' : 'bare';
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
          for (const split of [[file], chunks, singly(file)]) {
            expect(inPieces(split), JSON.stringify(latin1FromBytes(file))).toEqual(wanted);
          }
        },
      ),
      { numRuns: 1500 },
    );
    console.log([...seen].map(([kind, count]) => `${count} ${kind}`).join(', '));
    for (const kind of ['PEM', 'bare', 'pem-malformed', 'cms-malformed'])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(kind === 'cms-malformed' ? 5 : 100);
  });

  test.each([
    ['no END line', '-----BEGIN CMS-----\nTWFp\n', 0],
    ['a block in another', '\n-----BEGIN CMS-----\nTWFp\n-----BEGIN CMS-----\n', 1],
    ['another END line', '-----BEGIN CMS-----\nTWFp\n-----END PKCS7-----\n', 25],
    ['what is not base64', '-----BEGIN CMS-----\nA: b\n\nTWFp\nTW!p\n-----END CMS-----\n', 33],
    ['long junk', `-----BEGIN CMS-----\n${'!'.repeat(3000)}\n-----END CMS-----\n`, 20],
    ['long junk behind a header', `-----BEGIN CMS-----\nA: b\n!${'b'.repeat(2000)}\n-----END CMS-----\n`, 25],
    [
      'junk behind blanks',
      `  -----BEGIN CMS-----\r\n\r\n\t !${'x'.repeat(2000)}\r\n-----END CMS-----\r\n`,
      27,
    ],
    ['long hyphens', `-----BEGIN CMS-----\nTWFp\n${'-'.repeat(3000)}\n-----END CMS-----\n`, 25],
    ['a letter that is not ASCII', '-----BEGIN CMS-----\nTWFp\nTW\u{e9}p\n-----END CMS-----\n', 27],
    ['base64 that is cut off', '-----BEGIN CMS-----\nTWFpT\n-----END CMS-----\n', 26],
    ['damage in a later block', `${encodePem('CMS', Uint8Array.of(1))}-----BEGIN X-----\n`, 43],
  ])('names the place of %s', (_, text, offset) => {
    const file = bytesFromLatin1(text);
    const error = expect.objectContaining({ code: 'pem-malformed', offset }) as Error;
    expect(() => decodePem(file)).toThrow(error);
    const said = saidOf(() => decodePem(file));
    expect(said.match(/\w+ \d+/g)).toEqual([`offset ${offset}`]);
    for (const split of [[file], singly(file), cut(file, [0.3, 0.8])]) {
      const decode = (): void => {
        const decoder = new PemDecoder();
        for (const chunk of split) decoder.update(chunk.slice());
        decoder.finish();
      };
      expect(decode).toThrow(error);
      expect(saidOf(decode)).toBe(said);
    }
  });

  test('keeps nothing of a line of base64 that has no end', () => {
    const decoder = new PemDecoder();
    decoder.update(bytesFromLatin1('-----BEGIN CMS-----\n'));
    const characters = bytesFromLatin1('TWFp'.repeat(1000));
    // The first is held back as far as a header field may go.
    let given = decoder.update(characters).length;
    for (let i = 0; i < 50; i++) {
      const { length } = decoder.update(characters);
      expect(length).toBe(3000);
      given += length;
    }
    decoder.update(bytesFromLatin1('\n-----END CMS-----'));
    expect(given + decoder.finish().length).toBe(51 * 3000);
  });
});
