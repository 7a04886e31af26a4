import { headerLength, putHeader } from '../../asn1/writer.js';
import { type Bytes, concatBytes } from '../../core/bytes.js';
import { type MailsealError, usage } from '../../core/errors.js';

/** An element around the content, with what stands in it before and after the next one inside. */
export interface FrameLayer {
  readonly identifier: number;
  readonly before: readonly Uint8Array[];
  /** Octets of what follows the next one inside; needed where lengths are definite. Default 0. */
  readonly after?: number;
}

/** Octets of end-of-contents (X.690 §8.1.5). */
const endOfContents: Bytes = /* @__PURE__ */ new Uint8Array(2);

/**
 * Everything around content that is written in pieces: with definite lengths where its length is known beforehand, so
 * that all is DER; else with indefinite ones, and the content in pieces (X.690 §8.7.3).
 */
export class ContentFrame {
  /** What stands before the content, until it was given. */
  #start: readonly Bytes[];
  readonly #length: number | undefined;
  #written = 0;

  /**
   * @param layers from the outside in
   * @param identifier of the content's element, as it is where that is primitive
   * @param length octets of the content, `undefined` where that is not known
   */
  constructor(layers: readonly FrameLayer[], identifier: number, length: number | undefined) {
    this.#length = length;
    const start =
      length === undefined ? indefiniteStart(layers, identifier) : definiteStart(layers, identifier, length);
    this.#start = [start];
  }

  /** The next octets of the content as they are written, and before the first of them what stands there. */
  piece(octets: Uint8Array): Bytes {
    const pieces = this.pieces(octets);
    return pieces.length === 1 ? (pieces[0] as Bytes) : concatBytes(pieces);
  }

  /** The same with the octets themselves last, where they are not to be copied. */
  pieces(octets: Uint8Array): readonly Uint8Array[] {
    this.#written += octets.length;
    if (this.#length !== undefined && this.#written > this.#length) throw this.#wrongLength();
    const start = this.#taken();
    if (this.#length !== undefined) return [...start, octets];
    return octets.length === 0 ? start : [...start, header(0x04, octets.length), octets];
  }

  /**
   * What stands after the content; before it what was not given for want of any.
   *
   * @param after for each layer from the inside out, what follows in it
   */
  end(after: readonly (readonly Uint8Array[])[]): Bytes {
    if (this.#length !== undefined && this.#written !== this.#length) throw this.#wrongLength();
    const close = this.#length === undefined ? [endOfContents] : [];
    const closed = after.flatMap((elements) => [...elements, ...close]);
    return concatBytes([...this.#taken(), ...close, ...closed]);
  }

  #taken(): readonly Bytes[] {
    const start = this.#start;
    this.#start = [];
    return start;
  }

  #wrongLength(): MailsealError {
    return usage(
      `${this.#length} octets were announced as the length, and at least ${this.#written} came; leave the length out where it is not known`,
    );
  }
}

function indefiniteStart(layers: readonly FrameLayer[], identifier: number): Bytes {
  const opened = layers.flatMap((layer) => [Uint8Array.of(layer.identifier, 0x80), ...layer.before]);
  // X.690 §8.7.3.1: an OCTET STRING in pieces is constructed.
  return concatBytes([...opened, Uint8Array.of(identifier | 0x20, 0x80)]);
}

function definiteStart(layers: readonly FrameLayer[], identifier: number, length: number): Bytes {
  const innermost = header(identifier, length);
  const pieces: Uint8Array[] = [innermost];
  let inside = innermost.length + length;
  for (const { identifier: each, before, after = 0 } of layers.toReversed()) {
    inside += after;
    for (const piece of before) inside += piece.length;
    const own = header(each, inside);
    pieces.unshift(own, ...before);
    inside += own.length;
  }
  return concatBytes(pieces);
}

function header(identifier: number, length: number): Bytes {
  const octets = new Uint8Array(headerLength(length));
  putHeader(octets, 0, identifier, length);
  return octets;
}
