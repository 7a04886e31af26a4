import type { Bytes } from '../../core/bytes.js';
import { textOfHeader } from '../fields/header-text.js';
import { isSpelled, type PlainType, readPlainType } from '../fields/plain-type.js';
import { parseTransferEncoding } from '../transfer-encoding.js';

/**
 * The fields of one header block that decide on what the body is, read while
 * their octets are at hand. Where one stands twice the first counts.
 */
export class StructureFields {
  /** The content type where it is written plainly, its text where not, `undefined` where there is none. */
  contentType: PlainType | string | undefined;
  /** The transfer encoding's name in lower case; `undefined` where there is none. */
  transferEncoding: string | undefined;
  readonly #mostParameters: number;

  constructor(mostParameters: number) {
    this.#mostParameters = mostParameters;
  }

  clear(): void {
    this.contentType = undefined;
    this.transferEncoding = undefined;
  }

  get hasContentType(): boolean {
    return this.contentType !== undefined;
  }

  /** Takes in the field whose name stands at `[name, nameEnd)` and whose value at `[start, end)`. */
  take(octets: Bytes, name: number, nameEnd: number, start: number, end: number): void {
    if (nameEnd - name === 12) {
      if (this.contentType !== undefined || !isSpelled(octets, name, nameEnd, 'content-type')) return;
      this.contentType =
        readPlainType(octets, start, end, this.#mostParameters) ?? textOfHeader(octets, start, end).text;
    } else if (
      this.transferEncoding === undefined &&
      isSpelled(octets, name, nameEnd, 'content-transfer-encoding')
    ) {
      this.transferEncoding = transferEncodingOf(octets, start, end);
    }
  }
}

/** The name of the transfer encoding at `[start, end)`. */
function transferEncodingOf(octets: Bytes, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && octets[from] === 0x20) from++;
  while (to > from && (octets[to - 1] === 0x0a || octets[to - 1] === 0x0d)) to--;
  for (const name of COMMON) if (isSpelled(octets, from, to, name)) return name;
  return parseTransferEncoding(textOfHeader(octets, start, end).text);
}

const COMMON: readonly string[] = ['7bit', 'base64', 'quoted-printable', '8bit'];
