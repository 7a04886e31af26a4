import { usage } from '../../core/errors.js';
import { type RandomSource, randomHex } from './random.js';

/** What no body in quoted-printable or base64 can hold (RFC 2045 §6.7 (1)), so that only bodies that go as they are have to be searched. */
const PREFIX = '=_';
const RANDOM_OCTETS = 16;
/** Draws before a source of randomness is given up. */
const MOST_DRAWS = 8;

const LF = 0x0a;
const DASH = 0x2d;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;

/** Draws the boundaries of one message: no two are the same, and none stands at the start of a line in it. */
export class Boundaries {
  readonly #random: RandomSource | undefined;
  readonly #taken: Set<string> = new Set();

  constructor(random: RandomSource | undefined) {
    this.#random = random;
  }

  /** Notes what might be taken for a delimiter in a body that goes as it is. To be told of all of them before the first {@link draw}. */
  avoid(body: Uint8Array): void {
    for (let at = body.indexOf(DASH); at >= 0; at = body.indexOf(DASH, at + 1)) {
      if (at > 0 && body[at - 1] !== LF) continue;
      if (body[at + 1] !== DASH || body[at + 2] !== EQUALS || body[at + 3] !== UNDERSCORE) continue;
      const from = at + 2;
      this.#taken.add(String.fromCharCode(...body.subarray(from, from + PREFIX.length + 2 * RANDOM_OCTETS)));
    }
  }

  /** @throws MailsealError `usage` where the source repeats itself. */
  draw(): string {
    for (let draws = 0; draws < MOST_DRAWS; draws++) {
      const boundary = PREFIX + randomHex(this.#random, RANDOM_OCTETS);
      if (this.#taken.has(boundary)) continue;
      this.#taken.add(boundary);
      return boundary;
    }
    throw usage(`\`random\` gave the same octets ${MOST_DRAWS} times, so boundaries would not differ`);
  }
}
