/** What a lenient decoder of this room may note. */
export type EncodingDefectCode =
  /** A character outside the base64 alphabet, other than white space; it was skipped. */
  | 'base64-junk'
  /** Padding that is missing, superfluous, or in a place where none can be; it was read as if it were right. */
  | 'base64-padding'
  /** Data after padding; it was decoded as another block. */
  | 'base64-concatenated'
  /** A last group of one character, which holds no octet; it was dropped. */
  | 'base64-truncated'
  /** Bits of the last character of a padded group that stand for nothing are not zero; they were dropped. */
  | 'base64-trailing-bits'
  /** A `=` that begins neither an escape nor a soft line break; it was kept as it is. */
  | 'quoted-printable-bad-escape'
  /** An octet that quoted-printable must escape (control, 8 bit, bare CR); it was kept as it is. */
  | 'quoted-printable-raw-octet'
  /** A line of uuencoded text that is too short or too long, or holds other characters; it was decoded as far as it goes. */
  | 'uuencode-damaged-line'
  /** Uuencoded text without its `end` line. */
  | 'uuencode-unterminated'
  /** No `begin` line; nothing was decoded. */
  | 'uuencode-missing';

/** One kind of departure from an encoding's rules, with the place where it was first seen. */
export interface EncodingDefect {
  /** Which kind, for programs. */
  readonly code: EncodingDefectCode;
  /** Where it was first seen, in octets from the start of the encoded text. */
  readonly offset: number;
  /** What was found and what was made of it, for people. */
  readonly message: string;
}

/** What a lenient decoder gives: everything that could be read, and what was wrong. */
export interface DecodedOctets {
  /** The decoded octets. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** At most one defect of each code, in the order in which they were found; empty for well-formed input. */
  readonly defects: readonly EncodingDefect[];
}

const messages: Record<EncodingDefectCode, string> = {
  'base64-junk': 'a character outside the base64 alphabet was skipped',
  'base64-padding': 'base64 padding is missing or out of place; it was read as if it were right',
  'base64-concatenated': 'base64 goes on after its padding; what follows was decoded as another block',
  'base64-truncated': 'base64 ends in a group of one character, which was dropped',
  'base64-trailing-bits': 'base64 ends in bits that stand for nothing and are not zero; they were dropped',
  'quoted-printable-bad-escape': '"=" begins neither an escape nor a soft line break; it was kept',
  'quoted-printable-raw-octet': 'an octet that quoted-printable must escape was kept as it is',
  'uuencode-damaged-line': 'a line of uuencoded text is damaged; it was decoded as far as it goes',
  'uuencode-unterminated': 'uuencoded text ends without its "end" line',
  'uuencode-missing': 'there is no "begin" line; nothing was decoded',
};

/** What a defect says without its place, for who knows a better one. */
export function textOfDefect({ code }: EncodingDefect): string {
  return messages[code];
}

/** Gathers defects, the first of each code only, so that hostile input does not make millions of them. */
export class DefectList {
  readonly #defects: EncodingDefect[] = [];

  add(code: EncodingDefectCode, offset: number): void {
    // There are a handful of codes, and mostly none is met.
    for (const defect of this.#defects) if (defect.code === code) return;
    this.#defects.push({ code, offset, message: `${messages[code]} (octet ${offset})` });
  }

  get all(): readonly EncodingDefect[] {
    return this.#defects;
  }
}
