import { type Bytes, concatBytes } from '../../core/bytes.js';
import { LineEndCanonicalizer } from '../../encoding/line-ends.js';
import { MimeBase64Encoder } from '../../encoding/mime-base64.js';
import type { Part } from '../../mime/part.js';
import { CanonicalLines } from './canonical-lines.js';
import { LineCheck } from './line-check.js';
import { type TransferDecoder, transferDecoder } from './transfer-decoder.js';

const CR = 0x0d;
const LF = 0x0a;

/** A body that is too long to be looked at as a whole before its header is written. */
export interface LongBody {
  /** What its header is to say of the transfer encoding; `undefined` for what it said. */
  readonly encoding: 'base64' | undefined;
  /** Takes the next octets as they came, and gives those that are written. */
  update(octets: Bytes): readonly Bytes[];
  /** Gives the rest. */
  finish(): readonly Bytes[];
  /** Whether a server on the way might change what was written. */
  readonly isUnsafe: boolean;
}

/**
 * How a long body is written: in base64, which is always safe, whatever it was in before; what has an unknown transfer
 * encoding stays as it is.
 *
 * @param part with its header alone
 * @param begun the octets at hand, by which text is told from what is called so
 */
export function longBody(part: Part, begun: Bytes, transport: '7bit' | '8bit'): LongBody {
  const { transferEncoding } = part;
  switch (transferEncoding) {
    case '7bit':
    case '8bit':
    case 'binary': {
      const isText = /^(?:text|message)$/.test(part.contentType.type);
      // As for a short one: in binary content CR and LF need not be line ends.
      const isLines = transferEncoding !== 'binary' || (isText && !begun.includes(0));
      return new Base64Body(isLines ? new LineEndCanonicalizer() : transferDecoder('binary'), false);
    }
    case 'base64':
      return new Base64Body(transferDecoder(transferEncoding), true, new CanonicalLines());
    case 'quoted-printable':
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue':
      return new Base64Body(transferDecoder(transferEncoding), true);
    default:
      return new BodyAsItIs(transport, false);
  }
}

class Base64Body implements LongBody {
  readonly encoding = 'base64';
  readonly isUnsafe = false;
  readonly #decoder: TransferDecoder;
  readonly #encoder = new MimeBase64Encoder();
  readonly #wasEncoded: boolean;
  /** As long as all stands as it would be written. */
  #canonical: CanonicalLines | undefined;
  #last: number | undefined;
  /** A line end that is only written where something follows, or followed in the encoded body before. */
  #lineEnd: Bytes | undefined;

  constructor(decoder: TransferDecoder, wasEncoded: boolean, canonical?: CanonicalLines) {
    this.#decoder = decoder;
    this.#wasEncoded = wasEncoded;
    this.#canonical = canonical;
  }

  update(octets: Bytes): readonly Bytes[] {
    this.#last = octets.at(-1) ?? this.#last;
    if (this.#canonical === undefined) return this.#encoded(octets);
    const { same, rest } = this.#canonical.update(octets);
    const written = same.flatMap((lines) => this.#written(lines));
    if (rest === undefined) return written;
    this.#canonical = undefined;
    return [...written, ...this.#encoded(rest)];
  }

  finish(): readonly Bytes[] {
    const kept = this.#canonical === undefined ? [] : this.#encoded(this.#canonical.finish());
    const rest = this.#encoder.update(this.#decoder.finish());
    const written = [...kept, ...this.#written(rest), ...this.#written(this.#encoder.finish())];
    const hadLineEnd = !this.#wasEncoded || this.#last === LF || this.#last === CR;
    return hadLineEnd && this.#lineEnd !== undefined ? [...written, this.#lineEnd] : written;
  }

  #encoded(octets: Bytes): readonly Bytes[] {
    return this.#written(this.#encoder.update(this.#decoder.update(octets)));
  }

  #written(octets: Bytes): readonly Bytes[] {
    if (octets.length === 0) return [];
    const before = this.#lineEnd === undefined ? [] : [this.#lineEnd];
    this.#lineEnd = undefined;
    if (octets.at(-1) !== LF) return [...before, octets];
    this.#lineEnd = octets.slice(-2);
    return [...before, octets.subarray(0, -2)];
  }
}

/** A body of which only the line ends are made canonical. */
export class BodyAsItIs implements LongBody {
  readonly encoding = undefined;
  readonly #lines = new LineEndCanonicalizer();
  readonly #check: LineCheck;

  /** @param fragileIsGood as {@link LineCheck} has it */
  constructor(transport: '7bit' | '8bit', fragileIsGood: boolean) {
    this.#check = new LineCheck(transport, fragileIsGood);
  }

  get isUnsafe(): boolean {
    return !this.#check.isGood;
  }

  /** @param isBinary whether its line ends are none */
  update(octets: Bytes, isBinary = false): readonly Bytes[] {
    const written = isBinary ? concatBytes([this.#lines.finish(), octets]) : this.#lines.update(octets);
    this.#check.update(written);
    return [written];
  }

  finish(): readonly Bytes[] {
    this.#check.finish();
    return [];
  }
}
