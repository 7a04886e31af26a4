import type { MimeDefectCode } from '../defects.js';
import type { ScanState } from './scan-state.js';

const CR = 0x0d;

/** What is wrong with lines of header blocks, each told once: a block of a million bad lines is one defect, not a million. */
export class HeaderNotes {
  readonly #state: ScanState;
  /** The defects told of the block's lines. */
  #noted: MimeDefectCode[] = [];
  /** How the first line of the message ends; `mixed` where another ended otherwise, or how they end is known. */
  lineEnd: 'unknown' | 'crlf' | 'lf' | 'mixed' = 'unknown';

  constructor(state: ScanState) {
    this.#state = state;
  }

  /** A block begins. */
  clear(): void {
    if (this.#noted.length > 0) this.#noted = [];
  }

  /** Tells a defect of the block that was not told yet. */
  add(code: MimeDefectCode, at: number): void {
    if (this.#noted.includes(code)) return;
    this.#noted.push(code);
    this.#state.handler.defect(code, at);
  }

  /** Lines ought to end in CRLF (RFC 5322 §2.1), and all of them alike: told where that is first seen not to hold. */
  addLineEnd(lf: number): void {
    if (this.lineEnd === 'mixed') return;
    const { window, base, handler } = this.#state;
    const lineEnd = window[lf - base - 1] === CR ? 'crlf' : 'lf';
    if (lineEnd === this.lineEnd) return;
    if (this.lineEnd === 'unknown') {
      this.lineEnd = lineEnd;
      if (lineEnd === 'lf') handler.defect('line-ends-lf', lf);
    } else {
      this.lineEnd = 'mixed';
      handler.defect('line-ends-mixed', lf);
    }
  }
}
