import { asBytes, type Bytes } from '../../core/bytes.js';
import { MimeBase64Decoder } from '../../encoding/mime-base64-decoder.js';
import { QuotedPrintableDecoder } from '../../encoding/quoted-printable.js';
import { UuencodeDecoder } from '../../encoding/uuencode.js';

/** Undoes a transfer encoding in pieces. */
export interface TransferDecoder {
  /** Takes the next octets and gives those that are settled; they may be a view of the chunk. */
  update(chunk: Uint8Array): Bytes;
  /** Gives the rest. */
  finish(): Bytes;
}

/**
 * What `Part.content()` does, in pieces: octets of an unknown transfer encoding come as they are. Uuencode without its
 * `begin` line gives nothing here, since whether one comes is known at the end alone.
 */
export function transferDecoder(encoding: string): TransferDecoder {
  switch (encoding) {
    case 'base64':
      return new MimeBase64Decoder();
    case 'quoted-printable':
      return new QuotedPrintableDecoder();
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue':
      return new UuencodeDecoder();
    default:
      return { update: (chunk) => asBytes(chunk), finish: () => new Uint8Array(0) };
  }
}
