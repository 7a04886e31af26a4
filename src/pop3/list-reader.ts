import type { Bytes } from '../core/bytes.js';
import type { ReadLatin1 } from '../core/native-latin1.js';
import type { Pop3Command } from './command.js';
import { Pop3Lines } from './lines.js';
import type { QuirkNote } from './read-data.js';
import { type UniqueIdRuns, uniqueIdRuns } from './unique-id-runs.js';

const LF = 0x0a;

/** Divides a list that comes in pieces into lines. */
export class ListReader {
  readonly #command: Pop3Command;
  readonly #latin1: ReadLatin1;
  readonly #quirk: QuirkNote;
  /** Of a line that has not ended yet. */
  #pieces: string[] = [];

  constructor(command: Pop3Command, latin1: ReadLatin1, quirk: QuirkNote) {
    this.#command = command;
    this.#latin1 = latin1;
    this.#quirk = quirk;
  }

  /** Takes the next octets, without the dots of the wire; gives the lines that ended. */
  read(octets: Bytes): Pop3Lines[] {
    const given: Pop3Lines[] = [];
    const end = octets.lastIndexOf(LF) + 1;
    if (end > 0) {
      // What began earlier is a text of its own: one that is joined of two is slower to go through.
      const from = this.#pieces.length === 0 ? 0 : octets.indexOf(LF) + 1;
      if (from > 0) {
        this.#pieces.push(this.#latin1(octets, 0, from));
        given.push(this.#lines(this.#pieces.join('')));
        this.#pieces = [];
      }
      if (end > from) given.push(this.#lines(this.#latin1(octets, from, end)));
    }
    if (end < octets.length) this.#pieces.push(this.#latin1(octets, end, octets.length));
    return given;
  }

  /**
   * Reads lines of UIDL as they are on the wire, as far as they are as they should be: then none of them can be the end
   * of the list, which need not be looked for. `undefined` where there are none.
   *
   * @param from where a line begins
   * @param most octets that are read
   */
  readUniqueIds(
    octets: Bytes,
    from: number,
    most: number,
  ): { readonly lines: Pop3Lines; readonly end: number } | undefined {
    const found = uniqueIdRuns(octets, from, Math.min(octets.length, from + most));
    if (found === undefined) return undefined;
    return { lines: this.#lines(this.#latin1(octets, from, found.end), found), end: found.end };
  }

  #lines(text: string, runs?: UniqueIdRuns): Pop3Lines {
    return new Pop3Lines(text, this.#command, this.#quirk, runs);
  }
}
