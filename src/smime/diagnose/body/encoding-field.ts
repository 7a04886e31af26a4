import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../../core/bytes.js';
import type { Part } from '../../../mime/part.js';
import { linesOf, noOctets, type Replacement } from './lines.js';

const name = 'Content-Transfer-Encoding';

/**
 * What has to be replaced in the header of a leaf so that it names a transfer encoding, the likeliest way first. A
 * relay that changed the encoding changed the value, or added the field: then there was none.
 */
export function encodingFieldBefore(octets: Bytes, leaf: Part, encoding: string): Replacement[] {
  const found = fieldOf(octets, leaf, 'content-transfer-encoding');
  if (found === undefined) return fieldInserted(octets, leaf, encoding);
  const value = tokenOf(octets, found);
  const text = latin1FromBytes(octets.subarray(value.start, value.end));
  const choices: Replacement[] = [];
  // As it was written in the field that stands there, in capitals as well.
  const asWritten = text === text.toUpperCase() && /[A-Z]/.test(text) ? encoding.toUpperCase() : encoding;
  choices.push({ ...value, octets: bytesFromLatin1(asWritten) });
  // RFC 2045 §6.1: without the field it is 7bit, and some leave it out with 8bit as well.
  if (/^(?:7bit|8bit|binary)$/.test(encoding)) choices.push({ ...found, octets: noOctets });
  else choices.push({ ...value, octets: bytesFromLatin1(capitalised(encoding)) });
  choices.push({ ...value, octets: bytesFromLatin1(encoding.toUpperCase()) });
  return choices;
}

/** The field put after Content-Type, or at the end of the header. */
function fieldInserted(octets: Bytes, leaf: Part, encoding: string): Replacement[] {
  const field = bytesFromLatin1(`${name}: ${encoding}\r\n`);
  const type = fieldOf(octets, leaf, 'content-type');
  const places = [...new Set([...(type === undefined ? [] : [type.end]), leaf.headersEnd])];
  return places.map((at) => ({ start: at, end: at, octets: field }));
}

function capitalised(encoding: string): string {
  return encoding.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The first field of a name with its continuation lines and line end. */
function fieldOf(octets: Bytes, { start, headersEnd }: Part, wanted: string): Range | undefined {
  const { starts } = linesOf(octets, start, headersEnd);
  for (let i = 0; i + 1 < starts.length; i++) {
    const line = latin1FromBytes(octets.subarray(starts[i]!, Math.min(starts[i + 1]!, starts[i]! + 64)));
    if (line.slice(0, wanted.length).toLowerCase() !== wanted || !/^[ \t]*:/.test(line.slice(wanted.length)))
      continue;
    let end = i + 1;
    while (end + 1 < starts.length && (octets[starts[end]!] === 0x20 || octets[starts[end]!] === 0x09)) end++;
    return { start: starts[i]!, end: starts[end]! };
  }
  return undefined;
}

/** The token in a field: after the colon and blanks, up to what follows it. */
function tokenOf(octets: Bytes, { start, end }: Range): Range {
  let from = octets.indexOf(0x3a, start) + 1;
  const isSpace = (octet: number): boolean => octet === 0x20 || (octet >= 0x09 && octet <= 0x0d);
  while (from < end && isSpace(octets[from]!)) from++;
  let to = from;
  while (to < end && !isSpace(octets[to]!) && octets[to] !== 0x3b && octets[to] !== 0x28) to++;
  return { start: from, end: to };
}
