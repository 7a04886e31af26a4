import { NO_MATCH } from './open-boundaries.js';
import { type BodyRegion, MORE, type ScanState, type ScanStop } from './scan-state.js';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** Octets that are gone through one by one before a table is made to pass over more. */
const NEAR = 64;

/**
 * The other half of the scanner: goes through a body to the next delimiter
 * line and tells the octets before it. It keeps a line end, or a line that may
 * be a delimiter, at the end of what is at hand. All offsets are absolute.
 */
export class BodyScan {
  readonly #state: ScanState;
  #region: BodyRegion = 'body';
  /** No dash that matters is before. */
  #searched = 0;
  /** Where a line begins that is looked at; -1 within a line. */
  #line = -1;
  /** A line end before this is not part of a delimiter. */
  #floor = 0;

  constructor(state: ScanState) {
    this.#state = state;
  }

  /** Goes on at `at` in a body; `line` is where a line begins, or -1; line ends from `at` on may belong to a delimiter. */
  begin(region: BodyRegion, at: number, line: number): void {
    this.#region = region;
    this.#state.at = at;
    this.#line = line;
    this.#floor = at;
    this.#searched = at;
  }

  /** Goes on after `begin` behind a delimiter line that is body, since what it would begin is beyond a limit; `next` is behind it. */
  passOver(next: number): void {
    this.#searched = next;
  }

  /** Goes through the octets at hand. */
  scan(): ScanStop {
    const state = this.#state;
    const { window, base, open, find, final } = state;
    const { length } = window;
    if (open.size === 0) {
      this.#tell(length + base);
      this.#line = -1;
      this.#floor = length + base;
      this.#searched = length + base;
      return MORE;
    }
    let from = this.#searched - base;
    const near = from + NEAR;
    for (;;) {
      const dash = this.#nextDash(from, near);
      if (dash < 0) break;
      if (dash + base !== this.#line && (dash === 0 || window[dash - 1] !== LF)) {
        const next = this.#nextLine(dash, near);
        if (next < 0) break;
        from = next;
        continue;
      }
      if (dash + 1 < length && window[dash + 1] !== DASH) {
        from = dash + 1;
        continue;
      }
      const lf = find(window, LF, dash);
      const line = dash + base;
      if (lf < 0 && !final && length - dash <= open.longestLine) {
        this.#tell(state.lineEndBefore(line, this.#floor));
        this.#line = line;
        this.#searched = line;
        return MORE;
      }
      const match = dash + 1 < length ? open.match(window, dash + 2, lf < 0 ? length : lf) : NO_MATCH;
      if (match !== NO_MATCH) {
        const end = state.lineEndBefore(line, this.#floor);
        this.#tell(end);
        return state.stopAtDelimiter(match, end, line, lf < 0 ? -1 : lf + base);
      }
      if (lf < 0) break;
      from = lf + 1;
    }
    this.#keepLineEnd();
    return MORE;
  }

  /** The next dash that may begin a delimiter line, in octets of the window; -1 where there is none. */
  #nextDash(from: number, near: number): number {
    const { window, find, findsFast, open } = this.#state;
    if (findsFast) return find(window, DASH, from);
    let at = from;
    const stop = Math.min(near, window.length);
    for (; at < stop; at++) if (window[at] === DASH) return at;
    return find(window, DASH, open.skip(window.length - at)?.next(window, at) ?? at);
  }

  /** Behind a dash within a line: where to look on, at the end of its line or further; -1 where the line goes on. */
  #nextLine(dash: number, near: number): number {
    const { window, find, open } = this.#state;
    const skip = dash < near ? undefined : open.skip(window.length - dash);
    if (skip !== undefined) return skip.next(window, dash);
    // Text with many dashes is quicker to go through by its lines.
    const lf = find(window, LF, dash);
    return lf < 0 ? -1 : lf + 1;
  }

  /** Tells all but a line end that the octets to come may make part of a delimiter. */
  #keepLineEnd(): void {
    const { window, base, final } = this.#state;
    const end = window.length + base;
    let hold = end;
    const last = window[window.length - 1];
    if (!final && end > this.#floor) {
      if (last === LF) hold = this.#state.lineEndBefore(end, this.#floor);
      else if (last === CR) hold = end - 1;
    }
    if (window.length > 0) this.#line = last === LF ? end : -1;
    this.#tell(hold);
    this.#searched = end;
  }

  #tell(end: number): void {
    const { at, handler } = this.#state;
    if (end <= at) return;
    handler.body(this.#region, at, end);
    this.#state.at = end;
  }
}
