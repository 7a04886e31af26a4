import { asBytes } from '../core/bytes.js';
import { units, windowLength } from '../iso2022jp/runs.js';
import { stringFromScratch } from '../iso2022jp/units.js';
import { dosCodePages } from './dos-tables.js';

const REPLACEMENT = 0xfffd;

/** What windows-1252 has at 0x80–0x9F where ISO 8859-1 has controls; its five unassigned octets stay those controls. */
const windows1252Specials = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** What {@link SingleOctetDecoder} decodes. */
export type SingleOctetCharset = 'us-ascii' | 'windows-1252' | 'ibm437' | 'ibm850' | 'ibm852' | 'ibm858';

/**
 * Decodes US-ASCII, windows-1252 and code pages of DOS. They are not left to the platform: it has no
 * US-ASCII and of DOS only ibm866, and one popular runtime's windows-1252 was ISO 8859-1 for a while.
 */
export class SingleOctetDecoder {
  readonly charset: string;
  readonly #units: Uint16Array;
  #replacements = 0;

  constructor(charset: SingleOctetCharset) {
    this.charset = charset;
    this.#units = tableOf(charset);
  }

  get replacements(): number {
    return this.#replacements;
  }

  update(chunk: Uint8Array): string {
    const input = asBytes(chunk);
    const table = this.#units;
    let text = '';
    for (let from = 0; from < input.length; from += windowLength) {
      const end = Math.min(from + windowLength, input.length);
      for (let at = from; at < end; at++) {
        const unit = table[input[at]!]!;
        units[at - from] = unit;
        if (unit === REPLACEMENT) this.#replacements++;
      }
      text += stringFromScratch(end - from);
    }
    return text;
  }

  finish(): string {
    return '';
  }
}

const tables = /* @__PURE__ */ new Map<string, Uint16Array>();

/** The unit of every octet. Kept, since most of a mail's texts are shorter than the table. */
function tableOf(charset: SingleOctetCharset): Uint16Array {
  let table = tables.get(charset);
  if (table === undefined) {
    table = Uint16Array.from({ length: 256 }, (_, octet) => {
      if (octet < 0x80) return octet;
      if (charset === 'us-ascii') return REPLACEMENT;
      if (charset !== 'windows-1252') return dosCodePages[charset]!.charCodeAt(octet - 0x80);
      return octet < 0xa0 ? windows1252Specials.charCodeAt(octet - 0x80) : octet;
    });
    tables.set(charset, table);
  }
  return table;
}
