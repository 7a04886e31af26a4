import type { Bytes } from '../core/bytes.js';
import { textOfHeader } from './header-text.js';
import { type PlainType, readPlainType } from './plain-type.js';
import { parseTransferEncoding } from './transfer-encoding.js';

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

  /** Takes in the field whose name is the `length` octets from `name` on, and whose value stands at `[start, end)`. */
  take(octets: Bytes, name: number, length: number, start: number, end: number): void {
    if (length === 12) {
      if (this.contentType !== undefined || !isNamed(octets, name, 'content-type')) return;
      this.contentType =
        readPlainType(octets, start, end, this.#mostParameters) ?? textOfHeader(octets, start, end).text;
    } else if (this.isEncoded === undefined && isNamed(octets, name, 'content-transfer-encoding')) {
      this.isEncoded = ENCODED.has(parseTransferEncoding(textOfHeader(octets, start, end).text));
    }
  }
}

function isNamed(octets: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    if ((octets[at + i]! | 0x20) !== name.charCodeAt(i)) return false;
  }
  return true;
}
