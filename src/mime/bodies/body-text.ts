import { lookupCharset } from '../../charset/label.js';
import { type Bytes, isAscii } from '../../core/bytes.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { detectCharset } from '../../iso2022jp/detect.js';
import { textFromCharset } from '../charset-text.js';
import { type MimeDefect, type MimeDefectCode, mimeDefect } from '../defects.js';
import { holdsJisDesignation } from '../fields/header-text.js';
import { looksJapanese } from '../looks-japanese.js';
import { charsetOfHtml } from './html-charset.js';
import { withEscapes } from './lost-escapes.js';

/** A body as text, the charset that it was read in, and what was wrong with that. */
export interface BodyText {
  readonly text: string;
  /** As `lookupCharset` names it. */
  readonly charset: string;
  readonly defects: readonly MimeDefect[];
}

/** What is known of a body besides its octets. */
export interface BodyTextSource {
  /** The `charset` parameter. */
  readonly label: string | undefined;
  /** Lower case; HTML and XML may name their charset themselves. */
  readonly mediaType: string;
  /** What the defects carry. */
  readonly offset: number;
}

/** How sure detection has to be; a name of four kanji in EUC-JP is to 0.84. */
const SURE = 0.8;

/**
 * Undoes a body's charset. The order: the label, also under one of its
 * aliases; a byte order mark; what HTML says of itself; detection (UTF-8 where
 * the octets fit it, Japanese charsets, else windows-1252, which all octets
 * fit). US-ASCII with octets above 127 counts as no label.
 *
 * A label is overruled in three cases, each with `charset-contradicted`: by a
 * byte order mark after which all octets fit; by UTF-8 that fits throughout where
 * the label does not; and where 7-bit text with the escapes of ISO-2022-JP has
 * another label, or the other way round.
 */
export function bodyText(octets: Bytes, source: BodyTextSource): BodyText {
  const { label, offset } = source;
  const known = label === undefined ? undefined : lookupCharset(label)?.name;
  if (label === undefined || known === undefined || known === 'us-ascii') {
    return unlabelled(octets, source, known);
  }
  const mark = byMark(octets, known);
  if (mark !== undefined) return contradicted(octets, mark, label, offset);
  if (known === 'iso-2022-jp') {
    const restored = restoredJis(octets);
    if (restored !== undefined) {
      const detail = 'its escape characters were lost on the way and put back';
      const { text } = textFromCharset(known, restored);
      return { text, charset: known, defects: [mimeDefect('charset-damaged', offset, detail)] };
    }
  }
  const labelled = textFromCharset(label, octets);
  // The search for its escapes is quicker in a string than in octets.
  if (labelled.text.includes('\x1b') && ASCII_BASED.test(known) && looksLikeJis(octets)) {
    return contradicted(octets, 'iso-2022-jp', label, offset);
  }
  // The label is known but the platform lacks the charset.
  if (!labelled.known) return unlabelled(octets, source, undefined);
  if (!labelled.damaged) return { text: labelled.text, charset: known, defects: [] };
  const other = known === 'utf-8' ? undefined : better(octets, known);
  if (other !== undefined) return contradicted(octets, other, label, offset);
  return {
    text: labelled.text,
    charset: known,
    defects: [mimeDefect('charset-damaged', offset, label.slice(0, 40))],
  };
}

/** In these octets below 128 are ASCII, so that ISO-2022-JP's escapes have no meaning in them. */
const ASCII_BASED = /^(?:utf-8|windows-\d+|iso-8859-.+|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gbk|gb18030|big5)$/;

function unlabelled(octets: Bytes, source: BodyTextSource, known: string | undefined): BodyText {
  const { label, offset } = source;
  const { charset, how } = guess(octets, source.mediaType);
  const { text, damaged } = textFromCharset(charset, octets);
  const defects: MimeDefect[] = [];
  const missing = label === undefined || known === 'us-ascii';
  const code: MimeDefectCode = missing ? 'charset-missing' : 'charset-unknown';
  const name = missing ? '' : `${label.slice(0, 40)}; `;
  if (!missing || how !== undefined) {
    defects.push(mimeDefect(code, offset, `${name}read as ${charset}${how === undefined ? '' : `, ${how}`}`));
  }
  if (damaged) defects.push(mimeDefect('charset-damaged', offset, charset));
  return { text, charset, defects };
}

/** The likeliest charset of octets without label, and how it was found; nothing had to be found for plain ASCII. */
function guess(octets: Bytes, mediaType: string): { charset: string; how?: string } {
  const mark = byMark(octets, undefined);
  if (mark !== undefined) return { charset: mark, how: 'by its byte order mark' };
  const ascii = isAscii(octets);
  const jis = holdsJisDesignation(octets);
  if (ascii && !jis) return { charset: 'us-ascii' };
  if (/html|xml/.test(mediaType)) {
    const label = charsetOfHtml(octets);
    const name = label === undefined ? undefined : lookupCharset(label)?.name;
    if (name !== undefined && name !== 'us-ascii' && textFromCharset(name, octets).known) {
      return { charset: name, how: 'as the text says of itself' };
    }
  }
  // RFC 1468 text is recognised by its escapes, however short it is.
  if (ascii) return { charset: 'iso-2022-jp', how: 'by its escapes' };
  if (strictUtf8FromBytes(octets) !== undefined) return { charset: 'utf-8', how: 'which the octets fit' };
  const charset = detectedEightBit(octets);
  if (charset !== undefined) return { charset, how: 'by its characters' };
  return { charset: 'windows-1252', how: 'for want of a better guess' };
}

/** Shift_JIS or EUC-JP, where the octets are likely to be that. */
function detectedEightBit(octets: Bytes): string | undefined {
  const { charset, confidence } = detectCharset(octets);
  if ((charset !== 'shift_jis' && charset !== 'euc-jp') || confidence < SURE) return undefined;
  return looksJapanese(textFromCharset(charset, octets).text) ? charset : undefined;
}

/** The charset of a byte order mark, when it is not the known one's and all octets fit what it says. */
function byMark(octets: Bytes, known: string | undefined): string | undefined {
  const a = octets[0];
  const b = octets[1];
  if (a === 0xef && b === 0xbb && octets[2] === 0xbf) {
    return known !== 'utf-8' && strictUtf8FromBytes(octets) !== undefined ? 'utf-8' : undefined;
  }
  const isMark = (a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe);
  if (!isMark || known?.startsWith('utf-16') || octets.length % 2 !== 0) return undefined;
  const name = a === 0xfe ? 'utf-16be' : 'utf-16le';
  return textFromCharset(name, octets).damaged ? undefined : name;
}

function looksLikeJis(octets: Bytes): boolean {
  if (!holdsJisDesignation(octets) || !isAscii(octets)) return false;
  const { charset, confidence } = detectCharset(octets);
  return charset === 'iso-2022-jp' && confidence >= SURE && !textFromCharset(charset, octets).damaged;
}

/** ISO-2022-JP whose every ESC was stripped by some relay, with them put back. */
function restoredJis(octets: Bytes): Bytes | undefined {
  // Detection reads all of the text, so it is asked only where there is something to put back.
  const restored = octets.includes(ESC) ? undefined : withEscapes(octets);
  if (restored === undefined) return undefined;
  const { charset, confidence } = detectCharset(octets);
  return charset === 'iso-2022-jp-without-escapes' && confidence >= SURE ? restored : undefined;
}

const ESC = 0x1b;

/** Another charset that all the octets fit, where the label's they do not. */
function better(octets: Bytes, known: string): string | undefined {
  if (isAscii(octets)) return undefined;
  if (strictUtf8FromBytes(octets) !== undefined) return 'utf-8';
  if (known !== 'iso-2022-jp' || holdsJisDesignation(octets)) return undefined;
  const charset = detectedEightBit(octets);
  return charset === undefined || textFromCharset(charset, octets).damaged ? undefined : charset;
}

function contradicted(octets: Bytes, charset: string, label: string, offset: number): BodyText {
  const { text } = textFromCharset(charset, octets);
  const detail = `${label.slice(0, 40)}; read as ${charset}`;
  return { text, charset, defects: [mimeDefect('charset-contradicted', offset, detail)] };
}
