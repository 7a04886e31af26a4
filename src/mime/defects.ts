/** What mail may have wrong with it and be read all the same. */
export type MimeDefectCode =
  // structure
  | 'headers-missing'
  | 'headers-unterminated'
  | 'header-line-malformed'
  | 'mbox-from-line'
  | 'space-before-colon'
  | 'header-duplicate'
  | 'byte-order-mark'
  | 'line-ends-lf'
  | 'line-ends-cr'
  | 'line-ends-mixed'
  | 'boundary-missing'
  | 'boundary-prefix'
  | 'delimiter-missing'
  | 'close-delimiter-missing'
  | 'multipart-encoded'
  | 'message-encoded'
  // header values
  | 'content-type-malformed'
  | 'content-disposition-malformed'
  | 'parameter-malformed'
  | 'parameter-duplicate'
  | 'parameter-encoded-word'
  | 'header-raw-8bit'
  | 'header-raw-jis'
  | 'header-nul'
  | 'header-bare-cr'
  | 'encoded-word-malformed'
  | 'encoded-word-damaged'
  | 'address-malformed'
  | 'message-id-malformed'
  | 'received-malformed'
  | 'list-field-malformed'
  | 'language-malformed'
  | 'authentication-results-malformed'
  | 'date-malformed'
  | 'date-weekday-wrong'
  | 'charset-unknown'
  // bodies
  | 'transfer-encoding-unknown'
  | 'base64-damaged'
  | 'quoted-printable-damaged'
  | 'charset-damaged'
  | 'charset-missing'
  | 'charset-contradicted'
  | 'uuencode-damaged'
  | 'tnef-damaged'
  // limits, with `onLimit: 'truncate'`
  | MimeLimitCode;

/** The codes of limits that were hit: of the errors thrown, or with `onLimit: 'truncate'` of defects. */
export type MimeLimitCode =
  | 'limit-depth'
  | 'limit-parts'
  | 'limit-headers'
  | 'limit-header-octets'
  | 'limit-parameters'
  | 'limit-parameter-sections'
  | 'limit-addresses'
  | 'limit-encoded-words';

/** One thing that is wrong with a message, where, and what was made of it. */
export interface MimeDefect {
  readonly code: MimeDefectCode;
  /** Octets from the start of the message (from the start of the value for functions that take a value alone). */
  readonly offset: number;
  /** A sentence for people. */
  readonly message: string;
}

const MESSAGES: Record<MimeDefectCode, string> = {
  'headers-missing': 'The entity does not begin with a header field; all of it is body.',
  'headers-unterminated': 'The header block ends without the blank line after it.',
  'header-line-malformed':
    'A line of the header block is no header field and no continuation; it is passed over.',
  'mbox-from-line': 'A mailbox file’s “From ” line stands before the first header field; it is passed over.',
  'space-before-colon': 'Blanks stand between a field’s name and its colon; they are not part of the name.',
  'header-duplicate': 'A field that may stand once stands there again; the first counts.',
  'byte-order-mark': 'The byte order mark of UTF-8 stands before the first header field; it is passed over.',
  'line-ends-lf': 'Lines end in LF without CR, as in files; each such line end was taken for one.',
  'line-ends-cr':
    'Lines end in CR without LF, as once on the Macintosh; each such line end was taken for one.',
  'line-ends-mixed': 'Lines of header blocks end in different ways; each was taken for a line end.',
  'boundary-prefix':
    'A multipart’s boundary begins with that of the multipart around it, or that with it; lines were compared whole.',
  'boundary-missing': 'A multipart names no boundary, so that its parts cannot be told apart.',
  'delimiter-missing': 'A multipart has no line with its boundary; all of it is preamble.',
  'close-delimiter-missing': 'A multipart ends without its closing delimiter.',
  'multipart-encoded':
    'A multipart claims a transfer encoding, which none may have; it is read as it stands.',
  'message-encoded':
    'An embedded message is transfer-encoded, so its parts have no octets of their own here.',
  'content-type-malformed':
    'The Content-Type cannot be read; text/plain (or what the context says) is assumed.',
  'content-disposition-malformed': 'The Content-Disposition cannot be read; attachment is assumed.',
  'parameter-malformed': 'A parameter is not written as it has to be; it was read as far as it goes.',
  'parameter-duplicate': 'A parameter stands there twice; the first counts.',
  'parameter-encoded-word': 'A parameter holds an encoded word, which is not allowed there; it was decoded.',
  'header-raw-8bit':
    'A header field holds octets above 127 that are not UTF-8; they were read as what they look like.',
  'header-raw-jis': 'A header field holds raw ISO-2022-JP escapes; they were decoded.',
  'header-nul': 'A header field holds a NUL octet.',
  'header-bare-cr': 'A header field holds a CR that ends no line; it was kept.',
  'encoded-word-malformed':
    'An encoded word’s text does not fit its encoding; it was decoded as far as it goes.',
  'encoded-word-damaged': 'An encoded word’s octets do not fit its charset; U+FFFD stands where they do not.',
  'address-malformed': 'An address is not written as it has to be; it was read as far as it goes.',
  'message-id-malformed': 'A message-id is not written as it has to be; it was read as far as it goes.',
  'received-malformed': 'A Received field is not written as it has to be; it was read as far as it goes.',
  'list-field-malformed':
    'A field of a mailing list is not written as it has to be; it was read as far as it goes.',
  'language-malformed': 'A language tag is not written as it has to be; it was left out.',
  'authentication-results-malformed':
    'An Authentication-Results field is not written as it has to be; what cannot be read was left out.',
  'date-malformed': 'The date is none.',
  'date-weekday-wrong': 'The date is not on the day of the week that stands beside it; the date counts.',
  'charset-unknown': 'The charset is not known.',
  'transfer-encoding-unknown': 'The transfer encoding is not known; the octets are given as they stand.',
  'base64-damaged': 'The base64 is damaged; it was decoded as far as it goes.',
  'quoted-printable-damaged': 'The quoted-printable is damaged; it was decoded as far as it goes.',
  'charset-damaged': 'The octets do not fit the charset; U+FFFD stands where they do not.',
  'charset-missing': 'The text is more than ASCII and names no charset; one was found by its octets.',
  'charset-contradicted': 'The octets are not in the charset that the text names; another was found by them.',
  'uuencode-damaged': 'The uuencoded text is damaged; it was decoded as far as it goes.',
  'tnef-damaged': 'The TNEF is damaged; it was read as far as it goes.',
  'limit-depth':
    'Entities stand deeper inside each other than limits.depth; what is inside is left as a body.',
  'limit-parts': 'There are more entities than limits.parts; those after the last are left in its body.',
  'limit-headers':
    'There are more header fields than limits.headers; the others are octets of the header block.',
  'limit-header-octets':
    'The header block is longer than limits.headerOctets; what is beyond is left as a body.',
  'limit-parameters': 'A field has more parameters than limits.parameters; the others are left out.',
  'limit-parameter-sections':
    'A parameter has more RFC 2231 sections than limits.parameterSections; the others are left out.',
  'limit-addresses': 'A field has more addresses than limits.addresses; the others are left out.',
  'limit-encoded-words':
    'A field has more encoded words than limits.encodedWords; the others stand as they are written.',
};

/** A defect with its code's sentence, and what more there is to say. */
export function mimeDefect(code: MimeDefectCode, offset: number, detail?: string): MimeDefect {
  const message = detail === undefined ? MESSAGES[code] : `${MESSAGES[code]} (${detail})`;
  return { code, offset, message };
}
