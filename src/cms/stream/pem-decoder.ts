import { Tag } from '../../asn1/reader.js';
import { type Bytes, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import { MimeBase64Decoder } from '../../encoding/mime-base64-decoder.js';
import { endedByAnother, notBase64, pemBoundary, pemBoundaryOctets, unended } from '../../encoding/pem.js';
import { isPem, notContentInfo, octetsToTellPem } from '../content-info.js';

const HT = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HYPHEN = 0x2d;

/** Octets of a line by which it is told whether it is a header field. */
const headerOctets = 1000;

/**
 * Where in the file the next octet is: outside of blocks, among the header fields of one (RFC 1421), or in its base64;
 * and where in its line: behind blanks or nothing, in the part that is kept to be judged, or behind that.
 */
type Section = 'outside' | 'headers' | 'body';
type Place = 'indent' | 'judged' | 'rest';

/** A block that has begun. */
interface OpenBlock {
  readonly label: string;
  readonly offset: number;
  readonly decoder: MimeBase64Decoder;
  /** Where in the file the first octet stood that the decoder got. */
  bodyStart: number;
  hasHeader: boolean;
}

/**
 * Gives the octets of a CMS object that comes as it is or in PEM, as `parseContentInfo` finds them: what does not begin
 * as PEM is passed on, else the first block is decoded and the others are only checked. Of a line nothing is kept but
 * its beginning.
 *
 * @throws MailsealError from both methods: `pem-malformed` for a block without its END line, with the END line of
 * another label, or with content that is not base64; `cms-malformed` where no block is whole.
 */
export class PemDecoder {
  #form: 'unknown' | 'bare' | 'pem' = 'unknown';
  #start: Bytes = new Uint8Array(0);
  #section: Section = 'outside';
  #place: Place = 'indent';
  #line: Bytes = new Uint8Array(0);
  #isIndented = false;
  #block: OpenBlock | undefined;
  #blocks = 0;
  /** Octets of the file before the chunk. */
  #offset = 0;

  /** Takes the next octets of the file and gives those of the object that are settled; they may be the chunk. */
  update(chunk: Bytes): Bytes {
    if (this.#form === 'bare') return chunk;
    if (this.#form === 'pem') return this.#decode(chunk);
    if (this.#start.length === 0 && chunk[0] === Tag.Sequence) {
      this.#form = 'bare';
      return chunk;
    }
    this.#start = concatBytes([this.#start, chunk]);
    const mayBePem = /^\s*(?:-|$)/.test(latin1FromBytes(this.#start.subarray(0, octetsToTellPem)));
    return mayBePem && this.#start.length < octetsToTellPem ? new Uint8Array(0) : this.#decide();
  }

  /** The file ends. */
  finish(): Bytes {
    const octets = this.#form === 'unknown' ? this.#decide() : new Uint8Array(0);
    if (this.#form === 'bare') return octets;
    const given = [octets];
    if (this.#place === 'judged') this.#judge(given);
    if (this.#block !== undefined) throw unended(this.#block);
    if (this.#blocks === 0) throw notContentInfo();
    return concatBytes(given);
  }

  #decide(): Bytes {
    const start = this.#start;
    this.#start = new Uint8Array(0);
    this.#form = isPem(start) ? 'pem' : 'bare';
    return this.#form === 'pem' ? this.#decode(start) : start;
  }

  #decode(chunk: Bytes): Bytes {
    const given: Bytes[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'indent') at = this.#passIndent(chunk, at, given);
      else if (this.#place === 'judged') at = this.#keepLine(chunk, at, given);
      else if (this.#section === 'headers') at = this.#passLine(chunk, at);
      else at = this.#passLines(chunk, at, given);
    }
    this.#offset += chunk.length;
    return given.length === 1 ? given[0]! : concatBytes(given);
  }

  /** Blanks and line ends, up to the first octet of a line that is neither. */
  #passIndent(chunk: Bytes, start: number, given: Bytes[]): number {
    let at = start;
    for (; at < chunk.length && isSpace(chunk[at]!); at++) this.#isIndented = isBlank(chunk[at]!);
    this.#body(chunk, start, at, given);
    if (at === chunk.length) return at;
    this.#place = chunk[at] === HYPHEN || this.#section === 'headers' ? 'judged' : 'rest';
    return at;
  }

  /** A line that may begin or end a block, or be a header field. */
  #keepLine(chunk: Bytes, start: number, given: Bytes[]): number {
    const most = this.#section === 'headers' ? headerOctets : pemBoundaryOctets;
    const last = Math.min(chunk.length, start + most - this.#line.length);
    let end = start;
    while (end < last && chunk[end] !== LF && chunk[end] !== CR) end++;
    this.#line = concatBytes([this.#line, chunk.subarray(start, end)]);
    if (end < chunk.length) this.#judge(given, end);
    return end;
  }

  /** The rest of a header field. */
  #passLine(chunk: Bytes, start: number): number {
    let at = start;
    while (at < chunk.length && chunk[at] !== LF && chunk[at] !== CR) at++;
    if (at < chunk.length) this.#beginLine();
    return at;
  }

  /** Lines up to one that begins with a hyphen. */
  #passLines(chunk: Bytes, start: number, given: Bytes[]): number {
    let hyphen = chunk.indexOf(HYPHEN, start);
    while (hyphen >= 0 && !isLineStart(chunk, start, hyphen)) hyphen = chunk.indexOf(HYPHEN, hyphen + 1);
    const end = hyphen < 0 ? chunk.length : hyphen;
    this.#body(chunk, start, end, given);
    if (hyphen >= 0) this.#place = 'judged';
    else if (isLineStart(chunk, start, end)) this.#beginLine();
    return end;
  }

  #beginLine(): void {
    this.#place = 'indent';
    this.#isIndented = false;
  }

  /** @param end where in the chunk the part of the line ends that was kept */
  #judge(given: Bytes[], end = 0): void {
    const kept = this.#line;
    this.#line = new Uint8Array(0);
    this.#place = 'rest';
    const offset = this.#offset + end - kept.length;
    const match = pemBoundary.exec(latin1FromBytes(kept.subarray(0, pemBoundaryOctets)));
    if (match !== null) this.#boundary(match[1] as 'BEGIN' | 'END', match[2]!, offset, given);
    else if (this.#section === 'body') this.#decodeBody(kept, given);
    else if (this.#section === 'headers' && !this.#isHeader(kept)) {
      this.#section = 'body';
      this.#block!.bodyStart = offset;
      this.#decodeBody(kept, given);
    }
  }

  #isHeader(kept: Bytes): boolean {
    const block = this.#block!;
    const line = (this.#isIndented ? ' ' : '') + latin1FromBytes(kept);
    if (line.indexOf(':') > 0) block.hasHeader = true;
    else if (!(block.hasHeader && /^ +\S/.test(line)) && line.trim() !== '') return false;
    return true;
  }

  #boundary(kind: 'BEGIN' | 'END', label: string, offset: number, given: Bytes[]): void {
    const block = this.#block;
    if (kind === 'BEGIN') {
      if (block !== undefined) throw unended(block);
      this.#block = { label, offset, decoder: new MimeBase64Decoder(), bodyStart: 0, hasHeader: false };
      this.#section = 'headers';
    } else if (block !== undefined) {
      if (label !== block.label) throw endedByAnother(block, label, offset);
      this.#give(block, block.decoder.finish(), given);
      this.#block = undefined;
      this.#blocks++;
      this.#section = 'outside';
    }
  }

  #body(chunk: Bytes, start: number, end: number, given: Bytes[]): void {
    if (end > start && this.#section === 'body') this.#decodeBody(chunk.subarray(start, end), given);
  }

  #decodeBody(characters: Bytes, given: Bytes[]): void {
    const block = this.#block!;
    this.#give(block, block.decoder.update(characters), given);
  }

  #give(block: OpenBlock, octets: Bytes, given: Bytes[]): void {
    const [defect] = block.decoder.defects;
    if (defect !== undefined) throw notBase64(block, defect, block.bodyStart);
    if (this.#blocks === 0 && octets.length > 0) given.push(octets);
  }
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === HT;
}

function isSpace(octet: number): boolean {
  return isBlank(octet) || octet === LF || octet === CR;
}

/** Whether nothing but blanks stands between a line end and there. */
function isLineStart(chunk: Bytes, start: number, place: number): boolean {
  let at = place - 1;
  while (at >= start && isBlank(chunk[at]!)) at--;
  return at >= start && (chunk[at] === LF || chunk[at] === CR);
}
