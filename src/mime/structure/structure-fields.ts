import type { Bytes } from '../../core/bytes.js';
import { textOfHeader } from '../fields/header-text.js';
import { isSpelled, type PlainType, readPlainType } from '../fields/plain-type.js';
import { parseTransferEncoding } from '../transfer-encoding.js';

/** The transfer encodings that make other octets; one that is not known is taken for none. */
const ENCODED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['base64', 'quoted-printable', 'uuencode', 'x-uuencode', 'x-uue', 'uue'],
]);

/**
 * The fields of one header block that decide on what the body is, read while
 * their octets are at hand. Where one stands twice the first counts.
 */
export class StructureFields {
  /** The content type where it is written plainly, its text where not, `undefined` where there is none. */
  contentType: PlainType | string | undefined;
  /** Whether the transfer encoding makes other octets of the body; `undefined` where there is none. */
  isEncoded: boolean | undefined;
  readonly #mostParameters: number;

  constructor(mostParameters: number) {
    this.#mostParameters = mostParameters;
  }

  clear(): void {
    this.contentType = undefined;
    this.isEncoded = undefined;
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
      this.isEncoded === undefined &&
      isSpelled(octets, name, nameEnd, 'content-transfer-encoding')
    ) {
      this.isEncoded = makesOther(octets, start, end);
    }
  }
}

/** Whether the transfer encoding at `[start, end)` makes other octets. */
function makesOther(octets: Bytes, start: number, end: number): boolean {
  let from = start;
  let to = end;
  while (from < to && octets[from] === 0x20) from++;
  while (to > from && (octets[to - 1] === 0x0a || octets[to - 1] === 0x0d)) to--;
  if (isSpelled(octets, from, to, '7bit') || isSpelled(octets, from, to, '8bit')) return false;
  if (isSpelled(octets, from, to, 'base64') || isSpelled(octets, from, to, 'quoted-printable')) return true;
  return ENCODED.has(parseTransferEncoding(textOfHeader(octets, start, end).text));
}
