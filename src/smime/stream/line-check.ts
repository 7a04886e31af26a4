import type { Bytes } from '../../core/bytes.js';
import { concatBytes } from '../../core/bytes.js';
import { octetFacts } from '../../mime/compose/compose-body.js';
import { LONGEST_LINE } from '../../mime/structure/open-boundaries.js';

const LF = 0x0a;

/** Looks at lines that go by, ended by CRLF, whether a server on the way might change or refuse one. */
export class LineCheck {
  /** Whether all lines so far are good. */
  isGood = true;
  readonly #transport: '7bit' | '8bit';
  readonly #fragileIsGood: boolean;
  /** The beginning of a line whose end was not seen. */
  #begun: Bytes = new Uint8Array(0);

  /** @param fragileIsGood whether blanks at ends of lines, and `From ` and dots at their starts, are put up with */
  constructor(transport: '7bit' | '8bit', fragileIsGood: boolean) {
    this.#transport = transport;
    this.#fragileIsGood = fragileIsGood;
  }

  /** Takes the next octets. */
  update(octets: Bytes): void {
    if (!this.isGood) return;
    const first = octets.indexOf(LF) + 1;
    if (first === 0) {
      this.#begin(concatBytes([this.#begun, octets]));
      return;
    }
    this.#look(concatBytes([this.#begun, octets.subarray(0, first)]));
    const last = octets.lastIndexOf(LF) + 1;
    this.#look(octets.subarray(first, last));
    this.#begin(octets.slice(last));
  }

  /** Looks at the last line. */
  finish(): void {
    this.#look(this.#begun);
    this.#begun = new Uint8Array(0);
  }

  #begin(octets: Bytes): void {
    if (octets.length > LONGEST_LINE + 1) this.isGood = false;
    this.#begun = this.isGood ? octets : new Uint8Array(0);
  }

  #look(lines: Bytes): void {
    const { eightBit, forbidden, fragile, longestLine } = octetFacts(lines);
    if (forbidden || longestLine > LONGEST_LINE) this.isGood = false;
    if (eightBit > 0 && this.#transport === '7bit') this.isGood = false;
    if (fragile && !this.#fragileIsGood) this.isGood = false;
  }
}
