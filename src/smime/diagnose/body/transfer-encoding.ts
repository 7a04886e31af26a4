import { type Bytes, concatBytes, isAscii } from '../../../core/bytes.js';
import { canonicalLineEnds } from '../../../encoding/line-ends.js';
import { encodeMimeBase64 } from '../../../encoding/mime-base64.js';
import type { Part } from '../../../mime/part.js';
import type { ChangeNote, Family, WholeGuess } from '../guess.js';
import { type Saying, sayings } from '../header/sayings.js';
import { isPlain, leavesOf } from './leaves.js';
import { CR, crlf, endWithoutLineEnds, LF, noOctets, type Replacement, replaced } from './lines.js';
import { encodeInStyle, quotedPrintableStyles } from './qp-styles.js';

/** Leaves that are tried one by one. */
const mostSingle = 6;
/** Characters on a line of base64 in programs; 0: all on one line. */
const widths: readonly number[] = [76, 72, 64, 60, 0];

/** Text that a relay encoded as base64 or quoted-printable for the way (RFC 6152 §3 has it do so), decoded again. */
export const decoded: Family = {
  name: 'transfer encoding undone',
  stage: 20,
  cost: 1,
  *guesses(octets) {
    const leaves = leavesOf(octets).filter(({ transferEncoding }) => isEncoded(transferEncoding));
    for (const chosen of choicesOf(leaves)) yield* decodedLeaves(octets, chosen);
  },
};

function* decodedLeaves(octets: Bytes, leaves: readonly Part[]): Generator<WholeGuess> {
  const contents = leaves.map((leaf) => canonicalLineEnds(leaf.content()));
  const encodings = contents.every((content) => isAscii(content)) ? ['7bit', '8bit'] : ['8bit', 'binary'];
  for (const [rank, encoding] of encodings.entries())
    yield* withBodies(octets, leaves, contents, {
      encoding,
      cost: 1 + rank,
      sayings: waysOf(leaves, encoding),
    });
}

/** One way in which bodies of leaves may have been encoded. */
interface Encoding {
  readonly name: 'base64' | 'quoted-printable';
  readonly cost: number;
  readonly ways: number;
  readonly bodyOf: (leaf: Part) => Bytes;
}

/** Text that was encoded when it was signed, and is decoded now, or encoded in another way. */
export const encodedAnew: Family = {
  name: 'transfer encoding redone',
  stage: 80,
  cost: 2,
  *guesses(octets) {
    const leaves = leavesOf(octets).filter((leaf) => isPlain(leaf) || isEncoded(leaf.transferEncoding));
    const choices = [...choicesOf(leaves)];
    if (choices.length === 0) return;
    const said = {
      base64: choices.map((chosen) => waysOf(chosen, 'base64')),
      'quoted-printable': choices.map((chosen) => waysOf(chosen, 'quoted-printable')),
    };
    const encodings = [...base64Encodings(octets), ...quotedPrintableEncodings()];
    for (const { name, cost, ways, bodyOf } of encodings.sort((a, b) => a.cost - b.cost)) {
      for (const [i, chosen] of choices.entries())
        yield* withBodies(octets, chosen, chosen.map(bodyOf), {
          encoding: name,
          cost,
          sayings: said[name][i]!.slice(0, ways),
        });
    }
  },
};

/** Content in lines of base64, without the last line end. */
function base64Lines(content: Bytes, width: number): Bytes {
  const body = inLines(content, width);
  return body.subarray(0, endWithoutLineEnds(body, 0, body.length));
}

function base64Encodings(octets: Bytes): Encoding[] {
  return widths.flatMap((width, rank) => {
    // As many line ends at the end as there are, or one more or less.
    const present = ({ bodyStart, end }: Part): Bytes =>
      octets.subarray(endWithoutLineEnds(octets, bodyStart, end), end);
    const other = (leaf: Part): Bytes => (present(leaf).length > 0 ? noOctets : crlf);
    const cost = rank === 0 ? 2 : 3;
    const lines = (leaf: Part): Bytes => base64Lines(leaf.content(), width);
    // A text file that was attached as it stood, and got CRLF when it was decoded for the way.
    const ofFile = (leaf: Part): Bytes => base64Lines(bareLineFeeds(leaf.content()), width);
    return [
      { name: 'base64', cost, ways: 4, bodyOf: (leaf) => concatBytes([lines(leaf), present(leaf)]) },
      { name: 'base64', cost: cost + 1, ways: 2, bodyOf: (leaf) => concatBytes([lines(leaf), other(leaf)]) },
      {
        name: 'base64',
        cost: cost + 2,
        ways: 2,
        bodyOf: (leaf) => concatBytes([ofFile(leaf), present(leaf)]),
      },
    ];
  });
}

function quotedPrintableEncodings(): Encoding[] {
  return quotedPrintableStyles.map(({ style, cost }) => ({
    name: 'quoted-printable',
    cost,
    ways: cost > 3 ? 2 : 4,
    bodyOf: (leaf) => encodeInStyle(leaf.content(), style),
  }));
}

function bareLineFeeds(content: Bytes): Bytes {
  return content.filter((octet, i) => octet !== 0x0d || content[i + 1] !== 0x0a) as Bytes;
}

function inLines(content: Bytes, width: number): Bytes {
  if (width > 0) return encodeMimeBase64(content, { lineLength: width });
  return encodeMimeBase64(content).filter((octet) => octet !== CR && octet !== LF) as Bytes;
}

/** What the encoding was, and how the headers may have told it. */
interface Told {
  readonly encoding: string;
  readonly cost: number;
  readonly sayings: readonly Saying[];
}

function waysOf(leaves: readonly Part[], transferEncoding: string): Saying[] {
  return sayings(leaves, { transferEncoding }).slice(0, 4);
}

/** The leaves with other bodies, in the likeliest of the ways in which their headers may have told the encoding. */
function* withBodies(
  octets: Bytes,
  leaves: readonly Part[],
  bodies: readonly Bytes[],
  { encoding, cost, sayings: said }: Told,
): Generator<WholeGuess> {
  const to = [...new Set(leaves.map(({ transferEncoding }) => transferEncoding))].join(', ');
  const changed: ChangeNote = { kind: 'transfer-encoding-changed', from: encoding, to };
  const replacedBodies = leaves.map((leaf, i): Replacement => {
    return { start: leaf.bodyStart, end: leaf.end, octets: bodies[i]! };
  });
  for (const { replacements, cost: more } of said) {
    for (const { removals, names } of addedFields(leaves)) {
      const all = [...replacedBodies, ...replacements, ...removals].sort((a, b) => a.start - b.start);
      const notes: ChangeNote[] = [changed];
      if (names !== '') notes.push({ kind: 'field-added', to: names, region: 'header' });
      yield { octets: replaced(octets, all), notes, cost: cost + more };
    }
  }
}

/** The fields with which some programs tell that they changed the encoding, which go with it. */
function addedFields(leaves: readonly Part[]): { removals: Replacement[]; names: string }[] {
  const found = leaves.flatMap(({ headers }) => headers.get('x-mime-autoconverted') ?? []);
  if (found.length === 0) return [{ removals: [], names: '' }];
  const versions = leaves.flatMap(({ headers }) => headers.get('mime-version') ?? []);
  const removals = ({ start, end }: (typeof found)[number]): Replacement => ({
    start,
    end,
    octets: noOctets,
  });
  const names = (fields: typeof found): string => [...new Set(fields.map(({ name }) => name))].join(', ');
  const choices = [{ removals: found.map(removals), names: names(found) }];
  const both = [...versions, ...found];
  if (versions.length > 0) choices.unshift({ removals: both.map(removals), names: names(both) });
  return choices;
}

function isEncoded(encoding: string): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable';
}

/** All leaves, those with text, then each alone. */
function* choicesOf(leaves: readonly Part[]): Generator<readonly Part[]> {
  if (leaves.length === 0) return;
  yield leaves;
  if (leaves.length === 1) return;
  const text = leaves.filter(({ contentType }) => contentType.mediaType.startsWith('text/'));
  if (text.length > 0 && text.length < leaves.length) yield text;
  for (const leaf of leaves.slice(0, mostSingle)) if (text.length !== 1 || leaf !== text[0]) yield [leaf];
}
