import type { Bytes } from '../../../core/bytes.js';
import type { AlterationKind } from '../alteration.js';
import type { Family, WholeGuess } from '../guess.js';
import { bodyStartOf, CR, crlf, LF, linesOf, noOctets, type Replacement, replaced } from './lines.js';

/**
 * Line ends: RFC 8551 §3.1.1 wants CRLF under a signature. Some signers hash LF all the same, and some ways of mail
 * double a line end or take a CR inside a line for one.
 */
export const lineEnds: Family = {
  name: 'line ends',
  stage: 85,
  cost: 1,
  *guesses(octets) {
    const body = bodyStartOf(octets);
    const bare = countBareReturns(octets);
    if (bare === 0) yield* notCanonical(octets, body);
    if (bare > 0) {
      for (const [instead, name, cost] of [
        // CRLF that was taken for a CR and an LF, and got another CR.
        [noOctets, 'CRLF', 2],
        [crlf, 'CRLF', 3],
        [Uint8Array.of(LF), 'LF', 5],
      ] as const) {
        yield guess(
          withBareReturns(octets, bare, instead),
          'line-ends-changed',
          name,
          cost,
          instead === noOctets ? 'CR CRLF' : 'CR',
        );
      }
    }
    const single = withoutEverySecondLine(octets, body);
    if (single !== undefined) yield guess(single, 'line-ends-changed', 'CRLF', 3, 'CRLF CRLF');
    if (bare > 0) return;
    const onlyCr = withLineEnd(octets, 0, Uint8Array.of(CR));
    if (onlyCr !== undefined) yield guess(onlyCr, 'line-ends-not-canonical', 'CR', 5);
  },
};

/** The signer hashed other line ends than CRLF, which cannot be told apart where a CR stands for itself. */
function* notCanonical(octets: Bytes, body: number): Generator<WholeGuess> {
  const all = withLineEnd(octets, 0, Uint8Array.of(LF));
  if (all !== undefined) yield guess(all, 'line-ends-not-canonical', 'LF', 1);
  const bodyOnly = withLineEnd(octets, body, Uint8Array.of(LF));
  if (bodyOnly !== undefined) yield guess(bodyOnly, 'line-ends-not-canonical', 'LF', 2);
}

function guess(octets: Bytes, kind: AlterationKind, from: string, cost: number, to = 'CRLF'): WholeGuess {
  return { octets, notes: [{ kind, from, to }], cost };
}

/** The octets with another line end for every CRLF from a place on; `undefined` where there is none. */
function withLineEnd(octets: Bytes, from: number, lineEnd: Bytes): Bytes | undefined {
  const out = new Uint8Array(octets.length);
  out.set(octets.subarray(0, from));
  let to = from;
  for (let at = from; at < octets.length; at++) {
    if (octets[at] === CR && octets[at + 1] === LF) {
      out[to++] = lineEnd[0]!;
      at++;
    } else out[to++] = octets[at]!;
  }
  return to === octets.length ? undefined : out.slice(0, to);
}

/** How many CRs are not before LF. */
function countBareReturns(octets: Uint8Array): number {
  let count = 0;
  for (let at = octets.indexOf(CR); at >= 0; at = octets.indexOf(CR, at + 1))
    if (octets[at + 1] !== LF) count++;
  return count;
}

/** The octets with something else for each CR that is not before LF, which there are so many of. */
function withBareReturns(octets: Bytes, count: number, instead: Bytes): Bytes {
  const out = new Uint8Array(octets.length + count * (instead.length - 1));
  let to = 0;
  for (let at = 0; at < octets.length; at++) {
    if (octets[at] === CR && octets[at + 1] !== LF) for (const octet of instead) out[to++] = octet;
    else out[to++] = octets[at]!;
  }
  return out;
}

/** The text without its 2nd, 4th, … line, where these are all empty. */
function withoutEverySecondLine(octets: Bytes, body: number): Bytes | undefined {
  const { starts, ends } = linesOf(octets, body);
  if (ends.length < 2) return undefined;
  const removals: Replacement[] = [];
  for (let i = 1; i < ends.length; i += 2) {
    if (starts[i] !== ends[i]) return undefined;
    removals.push({ start: starts[i]!, end: starts[i + 1]!, octets: noOctets });
  }
  return replaced(octets, removals);
}
