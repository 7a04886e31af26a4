import { type Bytes, bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import { decodeText, type ImapText } from '../text.js';

/** A header field as far as HEADER.FIELDS needs it. */
interface NamedField {
  readonly name: string;
  /** All its octets with its last line end. */
  readonly raw: Bytes;
}

/**
 * The fields of these names, or all but those, in the order of the header, and
 * a blank line, which subsetting does not exclude (RFC 9051 §6.4.5.1).
 */
export function pickFields(fields: Iterable<NamedField>, names: readonly ImapText[], allBut: boolean): Bytes {
  const wanted = new Set(names.map((name) => decodeText(name).toLowerCase()));
  const picked: Bytes[] = [];
  for (const { name, raw } of fields) {
    if (wanted.has(name.toLowerCase()) === allBut) continue;
    picked.push(raw);
    // A header that ends without a line end has its last field end so all the same.
    if (raw[raw.length - 1] !== 0x0a) picked.push(LINE_END);
  }
  picked.push(LINE_END);
  return concatBytes(picked);
}

const LINE_END: Bytes = /* @__PURE__ */ bytesFromLatin1('\r\n');
