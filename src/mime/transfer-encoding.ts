import type { Bytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import type { EncodingDefect } from '../encoding/defects.js';
import { decodeMimeBase64 } from '../encoding/mime-base64-decoder.js';
import { decodeQuotedPrintable } from '../encoding/quoted-printable.js';
import { decodeUuencode } from '../encoding/uuencode.js';
import { type MimeDefect, type MimeDefectCode, mimeDefect } from './defects.js';
import { Lexer } from './fields/lexer.js';

/** What a Content-Transfer-Encoding value names, lower case; `7bit` where it names nothing (RFC 2045 §6.1). */
export function parseTransferEncoding(value: string): string {
  switch (value) {
    case '7bit':
    case '8bit':
    case 'binary':
    case 'base64':
    case 'quoted-printable':
      return value;
    default:
  }
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

/**
 * Undoes a transfer encoding (RFC 2045 §6, and uuencode, which old mail declares); octets of an unknown one come back as
 * they are. `offset` is that of the first octet. Where `output` is given, base64 and quoted-printable are decoded to it.
 *
 * @throws MailsealError `crypto-engine-unavailable` for the engine `native` where the runtime has no base64
 */
export function undoTransferEncoding(
  encoding: string,
  octets: Bytes,
  offset: number,
  engine: Engine = 'auto',
  output?: Bytes,
): DecodedContent {
  const to = output === undefined ? undefined : { output };
  switch (encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
      return { content: octets, defects: NO_DEFECTS };
    case 'base64': {
      const { content, defects } = decodeMimeBase64(octets, { engine, ...to });
      return { content, defects: inMessage('base64-damaged', offset, defects) };
    }
    case 'quoted-printable': {
      const { content, defects } = decodeQuotedPrintable(octets, to);
      return { content, defects: inMessage('quoted-printable-damaged', offset, defects) };
    }
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue': {
      const { content, header, defects } = decodeUuencode(octets);
      return {
        content: header === undefined ? octets : content,
        defects: inMessage('uuencode-damaged', offset, defects),
      };
    }
    default:
      return { content: octets, defects: [mimeDefect('transfer-encoding-unknown', offset, encoding)] };
  }
}

const NO_DEFECTS: readonly MimeDefect[] = [];

/** An encoding's defects as those of a message, in which the encoded octets begin at `offset`. */
function inMessage(
  code: MimeDefectCode,
  offset: number,
  defects: readonly EncodingDefect[],
): readonly MimeDefect[] {
  if (defects.length === 0) return NO_DEFECTS;
  return defects.map((defect) => mimeDefect(code, offset + defect.offset, defect.message));
}
