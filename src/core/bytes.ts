import { MailsealError, usage } from './errors.js';
import { kindOf } from './shown.js';

/** Octets in a buffer of their own kind, as every exported function returns them (`Blob` and WebCrypto refuse wider types). */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Normalises what a caller passed as octets. A plain `Uint8Array` comes back
 * as it is; a subclass (Node's `Buffer`, whose `slice` aliases instead of
 * copying) becomes a plain view of the same memory; a view of shared memory is
 * copied, since another thread could change it after it was verified.
 *
 * @throws MailsealError `usage` when it is no Uint8Array, or one whose memory was transferred.
 */
export function asBytes(octets: Uint8Array): Bytes {
  if (!(octets instanceof Uint8Array)) {
    throw usage(`octets are wanted as a Uint8Array, not ${kindOf(octets)}`);
  }
  const { buffer } = octets;
  if (!(buffer instanceof ArrayBuffer)) return new Uint8Array(octets);
  // Its own length is not asked: where views of resizable memory were met, V8 may give that from before the transfer.
  if (buffer.byteLength === 0 && isDetached(buffer)) {
    throw usage(
      'these octets are detached: their memory was transferred to somebody else; pass a copy made before that',
    );
  }
  if (octets.constructor === Uint8Array) return octets as Bytes;
  return new Uint8Array(buffer, octets.byteOffset, octets.byteLength);
}

/** An array over such memory has no octets, as an empty one has none; only making another tells them apart. */
function isDetached(buffer: ArrayBuffer): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Joins pieces into one new array, or in memory at hand that has room for all. */
export function concatBytes(pieces: readonly Uint8Array[], memory?: Bytes): Bytes {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole =
    memory === undefined || memory.length < length ? new Uint8Array(length) : memory.subarray(0, length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether two arrays hold the same octets. Not for secrets: it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Compares two secrets in time that depends on their lengths only. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** Whether all octets are below 128. */
export function isAscii(octets: Uint8Array): boolean {
  const { length } = octets;
  let at = 0;
  if (length >= 128) {
    const view = new DataView(octets.buffer, octets.byteOffset, length);
    for (; at + 8 <= length; at += 8) {
      if (((view.getInt32(at) | view.getInt32(at + 4)) & 0x80808080) !== 0) return false;
    }
  }
  for (; at < length; at++) if (octets[at]! > 0x7f) return false;
  return true;
}

/** The characters U+0000–U+00FF of octets, one each (ISO 8859-1: `TextDecoder('latin1')` is windows-1252 and is not this). */
export function latin1FromBytes(octets: Uint8Array, start = 0, end: number = octets.length): string {
  let text = '';
  if (end - start <= 64) {
    for (let at = start; at < end; at++) text += String.fromCharCode(octets[at]!);
    return text;
  }
  // fromCharCode takes its arguments on the stack, so in pieces.
  for (let at = start; at < end; at += 4096) {
    const piece = octets.subarray(at, Math.min(at + 4096, end));
    // A spread goes through the array's iterator and takes six times as long; apply reads any array-like.
    text += String.fromCharCode.apply(null, piece as unknown as number[]);
  }
  return text;
}

/**
 * Octets of a string whose characters are all U+0000–U+00FF.
 *
 * @throws MailsealError `usage` with the character's position when one is higher.
 */
export function bytesFromLatin1(text: string): Bytes {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      throw new MailsealError(
        'usage',
        `character ${i} (U+${unit.toString(16).padStart(4, '0').toUpperCase()}) is not a single octet`,
        { offset: i },
      );
    }
    octets[i] = unit;
  }
  return octets;
}
