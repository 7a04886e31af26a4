import type { Bytes } from '../core/bytes.js';
import { decodePlainBase64, plainBase64Room } from '../encoding/plain-base64.js';
import { plainHeader } from './fields/header-text.js';

/** Octets of a message as characters, all of them ASCII. */
export class PlainText {
  readonly text: string;
  /** Where the first of them stands in the message, and where the last ends. */
  readonly start: number;
  readonly end: number;
  #holdsWords: boolean | undefined;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.#holdsWords = undefined;
  }

  /** Whether an encoded word may stand in it: nearly always there is none, which is seen at once. */
  get mayHoldWords(): boolean {
    this.#holdsWords ??= this.text.includes('=?');
    return this.#holdsWords;
  }
}

/** Header blocks that begin within so many octets after the one before are many. */
const NEAR = 2048;
/** After so many of them octets are made text by whole windows. */
const FEW = 4;
const WINDOW = 16_384;
/** Longer bodies are decoded to memory of their own. */
const SMALL = 4096;
const SLAB = 8192;

const noView: DataView = /* @__PURE__ */ new DataView(new ArrayBuffer(0));

/**
 * The octets of one message, shared by its parts, and what is made of many
 * small pieces of them at once: a call of the platform's text decoder, and
 * memory of one's own, cost as much as a thousand octets each.
 */
export class MessageOctets {
  readonly source: Bytes;
  /** The same with LF for each CR that ends a line by itself. */
  readonly lines: Bytes;
  #window: PlainText | undefined;
  #lastBlock = 0;
  /** Blocks that stood near each other, one after the other; negative where windows were tried in vain. */
  #near = 0;
  #characters: DataView = noView;
  #slab: DataView = noView;
  #used = 0;

  constructor(source: Bytes, lines: Bytes) {
    this.source = source;
    this.lines = lines;
  }

  /** A text that holds the header block at `[start, end)`; `null` where that is not plain ASCII. */
  plainText(start: number, end: number): PlainText | null {
    const window = this.#window;
    if (window !== undefined && start >= window.start && end <= window.end) return window;
    const isNear = start >= this.#lastBlock && start - this.#lastBlock < NEAR;
    this.#lastBlock = start;
    if (this.#near >= 0) {
      this.#near = isNear ? this.#near + 1 : 0;
      const windowEnd = Math.min(start + WINDOW, this.lines.length);
      if (this.#near > FEW && end <= windowEnd) {
        const text = plainHeader(this.lines, start, windowEnd);
        if (text !== undefined) {
          this.#window = new PlainText(text, start, windowEnd);
          return this.#window;
        }
        this.#near = -1;
      }
    }
    const text = plainHeader(this.lines, start, end);
    return text === undefined ? null : new PlainText(text, start, end);
  }

  /** The octets of a short body of undamaged base64 at `[start, end)`, beside those of others in one memory; `undefined` for all else. */
  smallBase64(start: number, end: number): Bytes | undefined {
    if (end - start > SMALL) return undefined;
    const room = plainBase64Room(end - start);
    const { lines } = this;
    if (this.#slab.byteLength - this.#used < room) {
      if (this.#characters === noView) {
        this.#characters = new DataView(lines.buffer, lines.byteOffset, lines.length);
      }
      // No more than the rest of the message can need.
      this.#slab = new DataView(
        new ArrayBuffer(Math.max(room, Math.min(SLAB, plainBase64Room(lines.length - start)))),
      );
      this.#used = 0;
    }
    const at = this.#used;
    const to = decodePlainBase64(this.#characters, start, end, this.#slab, at);
    if (to < 0) return undefined;
    this.#used = to;
    return new Uint8Array(this.#slab.buffer as ArrayBuffer, at, to - at);
  }
}
