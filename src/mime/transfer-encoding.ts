import type { Bytes } from '../core/bytes.js';
import { decodeMimeBase64 } from '../encoding/mime-base64.js';
import { decodeQuotedPrintable } from '../encoding/quoted-printable.js';
import { decodeUuencode } from '../encoding/uuencode.js';
import { type MimeDefect, mimeDefect } from './defects.js';
import { Lexer } from './lexer.js';

/** What a Content-Transfer-Encoding value names, lower case; `7bit` where it names nothing (RFC 2045 §6.1). */
export function parseTransferEncoding(value: string): string {
  const lexer = new Lexer(value);
  lexer.skipCfws();
  const quoted = lexer.peek() === '"';
  const name = quoted ? lexer.quotedString().trim() : lexer.until(';(');
  return name.toLowerCase() || '7bit';
}

/** Octets with their transfer encoding undone. */
export interface DecodedContent {
  readonly content: Bytes;
  readonly defects: readonly MimeDefect[];
}

/** Undoes a transfer encoding (RFC 2045 §6, and uuencode, which old mail declares); octets of an unknown one come back as they are. `offset` is that of the first octet. */
export function undoTransferEncoding(encoding: string, octets: Bytes, offset: number): DecodedContent {
  switch (encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
      return { content: octets, defects: [] };
    case 'base64': {
      const { content, defects } = decodeMimeBase64(octets);
      return {
        content,
        defects: defects.map((defect) =>
          mimeDefect('base64-damaged', offset + defect.offset, defect.message),
        ),
      };
    }
    case 'quoted-printable': {
      const { content, defects } = decodeQuotedPrintable(octets);
      return {
        content,
        defects: defects.map((defect) =>
          mimeDefect('quoted-printable-damaged', offset + defect.offset, defect.message),
        ),
      };
    }
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue': {
      const { content, header, defects } = decodeUuencode(octets);
      return {
        content: header === undefined ? octets : content,
        defects: defects.map((defect) =>
          mimeDefect('uuencode-damaged', offset + defect.offset, defect.message),
        ),
      };
    }
    default:
      return { content: octets, defects: [mimeDefect('transfer-encoding-unknown', offset, encoding)] };
  }
}
