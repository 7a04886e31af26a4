import { expect } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { Part } from '../../src/mime/part.js';

/** Octets of text whose characters are all U+0000–U+00FF, line ends as they are. */
export const octets = bytesFromLatin1;
/** The text of octets, one character each. */
export const latin1 = latin1FromBytes;

/** Octets of lines joined with CRLF, one at the end too. */
export function crlf(...lines: string[]): Uint8Array<ArrayBuffer> {
  return bytesFromLatin1(`${lines.join('\r\n')}\r\n`);
}

/** The octets of a message put together again from the ranges of its tree alone. */
export function writeBack(part: Part): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  write(part, pieces);
  return concatBytes(pieces);
}

function write(root: Part, pieces: Uint8Array[]): void {
  // A stack of what is to be written, last first, since trees may be thousands deep.
  const waiting: (Part | Uint8Array)[] = [root];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (item instanceof Uint8Array) {
      pieces.push(item);
      continue;
    }
    const part = item;
    const { source } = part;
    pieces.push(
      source.subarray(part.start, part.headersEnd),
      source.subarray(part.headersEnd, part.bodyStart),
    );
    const inside: (Part | Uint8Array)[] = [];
    if (part.isMultipart) {
      inside.push(source.subarray(part.preamble!.start, part.preamble!.end));
      part.delimiters.forEach((delimiter, i) => {
        inside.push(source.subarray(delimiter.start, delimiter.end));
        const child = part.parts[i];
        if (child !== undefined) inside.push(child);
      });
      if (part.epilogue !== undefined) inside.push(source.subarray(part.epilogue.start, part.epilogue.end));
    } else if (part.parts.length > 0) inside.push(...part.parts);
    else inside.push(part.bodyBytes);
    waiting.push(...inside.reverse());
  }
}

/** Asserts that ranges are ordered and nested, and that together they are the input. */
export function expectExactRanges(message: Part): void {
  for (const part of message.walk()) {
    expectOrdered(part, 'itself', [part.start, part.headersEnd, part.bodyStart, part.end]);
    const fields = [part.start];
    for (const { start, nameEnd, valueStart, end } of part.headers)
      fields.push(start, nameEnd, valueStart, end);
    expectOrdered(part, 'header fields', [...fields, part.headersEnd]);
    const inside = part.parts.flatMap((child) => [child.start, child.end]);
    expectOrdered(part, 'parts', [part.bodyStart, ...inside, part.end]);
  }
  expect([message.start, message.end]).toEqual([0, message.source.length]);
  expect(Buffer.compare(writeBack(message), message.source)).toBe(0);
}

function expectOrdered(part: Part, what: string, offsets: readonly number[]): void {
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i - 1]! > offsets[i]!) {
      expect.fail(`${what} of part "${part.path}": ${offsets[i - 1]} is before ${offsets[i]}`);
    }
  }
}

/** A part of so many header lines and a body. */
export function leaf(type: string, body: string, ...fields: string[]): string[] {
  return [`Content-Type: ${type}`, ...fields, '', body];
}

/** A multipart out of parts. */
export function multi(subtype: string, boundary: string, ...parts: string[][]): string[] {
  return [
    `Content-Type: multipart/${subtype}; boundary=${boundary}`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
}
