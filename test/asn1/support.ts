import type { BerNode } from '../../src/asn1/reader.js';
import { concatBytes } from '../../src/core/bytes.js';
import { MailsealError, type MailsealErrorCode } from '../../src/core/errors.js';

/** Octets from hexadecimal with spaces. */
export function octets(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** Hexadecimal of octets. */
export function hex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}

/** Code and offset of the MailsealError that a call throws; anything else thrown is thrown on, and nothing thrown fails. */
export function failure(run: () => unknown): [MailsealErrorCode, number | undefined] {
  try {
    run();
  } catch (error) {
    if (error instanceof MailsealError) return [error.code, error.offset];
    throw error;
  }
  throw new Error('a MailsealError was expected, and nothing was thrown');
}

/** The number of elements of a tree, all of them visited. */
export function visit(root: BerNode): number {
  const waiting = [root];
  let count = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    count++;
    if (node.constructed) for (const child of node.children) waiting.push(child);
  }
  return count;
}

/** The same octets many times over. */
export function repeated(piece: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  return concatBytes(new Array<Uint8Array>(count).fill(piece));
}

/** NULL inside so many SEQUENCEs of definite length. Its inner lengths are written backwards, in linear time. */
export function nested(levels: number): Uint8Array<ArrayBuffer> {
  const headers: Uint8Array[] = [octets('0500')];
  let length = 2;
  for (let i = 0; i < levels; i++) {
    const header =
      length < 128
        ? [0x30, length]
        : length < 256
          ? [0x30, 0x81, length]
          : length < 65_536
            ? [0x30, 0x82, length >> 8, length & 0xff]
            : [0x30, 0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
    headers.push(Uint8Array.from(header));
    length += header.length;
  }
  return concatBytes(headers.reverse());
}

/** NULL inside so many SEQUENCEs of indefinite length. */
export function nestedIndefinite(levels: number): Uint8Array<ArrayBuffer> {
  return concatBytes([repeated(octets('3080'), levels), octets('0500'), new Uint8Array(2 * levels)]);
}
