import type { Bytes } from '../../core/bytes.js';
import type { HeaderFields } from '../fields/header-fields.js';
import { parseMessage } from '../message.js';
import { parseTransferEncoding, undoTransferEncoding } from '../transfer-encoding.js';

/** A block of fields that stands in a body and is read as a header block is. */
export interface FieldBlock {
  readonly headers: HeaderFields;
  /** Where what follows begins: after the blank line. 0 where the first line is no field. */
  readonly end: number;
}

/** Reads the fields at the beginning of a body, up to the first blank line. @throws MailsealError `limit-headers`, `limit-header-octets` */
export function readFieldBlock(octets: Bytes): FieldBlock {
  const { headers, bodyStart } = parseMessage(octets.subarray(0, afterBlankLine(octets, 0)));
  return { headers, end: bodyStart };
}

/**
 * The blocks of fields that a body consists of, with blank lines between them,
 * however many. A block after one that declares a transfer encoding (some
 * servers encode the second half of a report so) is undone.
 */
export function readFieldBlocks(octets: Bytes): HeaderFields[] {
  const blocks: HeaderFields[] = [];
  let encoding = '7bit';
  for (let at = 0; at < octets.length; ) {
    if (octets[at] === CR || octets[at] === LF) {
      at++;
      continue;
    }
    const end = afterBlankLine(octets, at);
    const block = octets.subarray(at, end);
    if (encoding === 'base64' || encoding === 'quoted-printable') {
      addPlainBlocks(blocks, undoTransferEncoding(encoding, block, at).content);
      encoding = '7bit';
    } else {
      const { headers } = parseMessage(block);
      if (headers.length > 0) blocks.push(headers);
      encoding = parseTransferEncoding(headers.get('content-transfer-encoding')?.value ?? '');
    }
    at = end;
  }
  return blocks;
}

/** Adds blocks that are encoded no further, so that nobody can nest them. */
function addPlainBlocks(blocks: HeaderFields[], octets: Bytes): void {
  for (let at = 0; at < octets.length; ) {
    const end = afterBlankLine(octets, at);
    const { headers } = parseMessage(octets.subarray(at, end));
    if (headers.length > 0) blocks.push(headers);
    at = end;
  }
}

const LF = 0x0a;
const CR = 0x0d;

function afterBlankLine(octets: Bytes, start: number): number {
  let at = start;
  for (;;) {
    const atLineStart = at;
    while (at < octets.length && octets[at] !== LF && octets[at] !== CR) at++;
    if (at === octets.length) return at;
    const isBlank = at === atLineStart;
    at += octets[at] === CR && octets[at + 1] === LF ? 2 : 1;
    if (isBlank) return at;
  }
}
