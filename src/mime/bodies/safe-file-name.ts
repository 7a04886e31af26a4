import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';

/** What {@link safeFileName} may be told. */
export interface SafeFileNameOptions {
  /** The name where nothing is left of the sender's. Default `attachment`. */
  readonly fallback?: string;
  /** The most octets that it has in UTF-8, from 16 on. Default 255, which is what file systems take. */
  readonly maxOctets?: number;
}

/** Characters that some file system forbids, and controls; `:` also names streams of NTFS. */
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028\u2029]/g;
/** Characters without shape that reorder or hide others, so that `exe.txt` is shown where `txt.exe` stands. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** Halves of characters outside the basic plane, which UTF-8 cannot hold. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Names of devices on Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]|clock\$)[ ]*(?:\.|$)/i;
/** The longest extension that is kept when a name is cut, in characters with its dot. */
const LONGEST_EXTENSION = 16;

/**
 * Makes of the name that a sender gave a file one that can be created in a
 * folder on Linux, macOS and Windows, and lies in that folder. RFC 2183 §2.3
 * asks for it: the name comes from a stranger.
 *
 * Of a path (absolute, with a drive, or with `.` and `..`) the last part is
 * taken; other slashes and what a file system forbids become `_`. Controls,
 * line ends and characters that reorder or hide others go; so do dots and
 * blanks at the end and dots at the beginning. Names of devices (`NUL.txt`) get
 * a `_` before them. A name that is too long is cut between characters and
 * keeps its extension. Unicode is in composed form (NFC). What is safe comes
 * back as it is, and doing it twice changes nothing.
 *
 * Two names may become the same, also on file systems that do not tell case:
 * `safeFileNames` makes names for the files of one folder. The extension stays what it is: whether `invoice.pdf.exe` may be written is
 * the caller's to say.
 *
 * @param name a decoded name, such as `filename` of a part; `undefined` gives the fallback
 * @throws MailsealError `usage` for a limit below 16, and for a fallback that is not itself safe
 * @example
 * ```ts
 * import { safeFileName } from 'mailseal/mime';
 *
 * console.log(safeFileName('../../.ssh/authorized_keys')); // authorized_keys
 * console.log(safeFileName('見積 2024/05: "final".pdf')); // 見積 2024_05_ _final_.pdf
 * console.log(safeFileName('nul'), safeFileName(' . ')); // _nul attachment
 * ```
 */
export function safeFileName(name: string | undefined, options: SafeFileNameOptions = {}): string {
  const { fallback = 'attachment', maxOctets = 255 } = options;
  if (!Number.isInteger(maxOctets) || maxOctets < 16) {
    throw usage(`maxOctets is a whole number of 16 or more, not ${shown(maxOctets)}`);
  }
  if (fallback === '' || clean(fallback, maxOctets) !== fallback) {
    throw usage(`the fallback ${shown(fallback)} is not itself a safe name`);
  }
  if (name === undefined) return fallback;
  return clean(lastOfPath(name), maxOctets) || fallback;
}

/**
 * Makes names for files that are to lie in one folder: {@link safeFileName} for
 * each, and none twice, also where the file system does not tell case or
 * composed letters. The second `a.pdf` becomes `a (2).pdf`.
 *
 * @param names decoded names, in the order of the files
 * @returns as many names, in the same order
 * @throws MailsealError `usage` as {@link safeFileName}
 * @example
 * ```ts
 * import { safeFileNames } from 'mailseal/mime';
 *
 * console.log(safeFileNames(['a.pdf', 'A.PDF', undefined])); // [ 'a.pdf', 'A (2).PDF', 'attachment' ]
 * ```
 */
export function safeFileNames(
  names: readonly (string | undefined)[],
  options: SafeFileNameOptions = {},
): string[] {
  const { maxOctets = 255 } = options;
  const taken = new Set<string>();
  // The next number for a stem, so that a thousand equal names do not ask for each number again. The stem is
  // what the highest number leaves of a name: long names that differ only where they are cut share their numbers.
  const numbers = new Map<string, number>();
  // A number is given to one of the names, or passed over since one of them has it already.
  const highest = 2 * names.length + 1;
  return names.map((name) => {
    const wanted = safeFileName(name, options);
    let unique = wanted;
    if (taken.has(folded(unique))) {
      const stem = folded(numbered(wanted, highest, maxOctets));
      let number = numbers.get(stem) ?? 1;
      do unique = numbered(wanted, ++number, maxOctets);
      while (taken.has(folded(unique)));
      numbers.set(stem, number);
    }
    taken.add(folded(unique));
    return unique;
  });
}

/** Equal for names that some file system takes for one. */
function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

function numbered(name: string, number: number, maxOctets: number): string {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 && name.length - dot <= LONGEST_EXTENSION ? dot : name.length;
  const mark = ` (${number})`;
  const room = maxOctets - mark.length;
  const stem = (octets: number): string => trimmed(firstOctets(name.slice(0, at), octets));
  const short = stem(room - bytesFromUtf8(name.slice(at)).length);
  // Where there is no room for both, a name with nothing before its number is worse than one without extension.
  return short === '' ? `${stem(room)}${mark}` : `${short}${mark}${name.slice(at)}`;
}

function lastOfPath(name: string): string {
  // "AC/DC.mp3" is a name with a slash; these are places on somebody's disk.
  const isPath = /^[\s\p{Cf}]*(?:[A-Za-z]:[\\/]|[\\/]|~[\\/])|(?:^|[\\/])\.{1,2}(?:[\\/]|$)/u.test(name);
  return isPath ? name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) : name;
}

function clean(name: string, maxOctets: number): string {
  // No name needs more than this, and what follows is not done for megabytes.
  const bounded = name.length > 4096 ? name.slice(0, 3072) + name.slice(-1024) : name;
  const composed = bounded.replace(LONE_SURROGATE, '_').replace(INVISIBLE, '').normalize('NFC');
  const spaced = composed.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(FORBIDDEN, '_');
  const short = shortened(trimmed(spaced), maxOctets);
  // Only now: cutting may take away what kept a name from being that of a device.
  return DEVICE.test(short) ? shortened(`_${short}`, maxOctets) : short;
}

/** Cutting may bring a dot or blank to the end. */
function shortened(name: string, maxOctets: number): string {
  return trimmed(cut(name, maxOctets));
}

/** Windows drops dots and blanks at the end; those at the beginning hide a file or name a folder. */
function trimmed(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && /[.\s]/.test(name[start]!)) start++;
  while (end > start && /[.\s]/.test(name[end - 1]!)) end--;
  return name.slice(start, end);
}

function cut(name: string, maxOctets: number): string {
  if (bytesFromUtf8(name).length <= maxOctets) return name;
  const dot = name.lastIndexOf('.');
  const longEnough = dot > 0 && name.length - dot <= LONGEST_EXTENSION;
  let extension = longEnough ? name.slice(dot) : '';
  if (bytesFromUtf8(extension).length > maxOctets / 2) extension = '';
  const room = maxOctets - bytesFromUtf8(extension).length;
  return `${trimmed(firstOctets(name.slice(0, name.length - extension.length), room))}${extension}`;
}

/** As much of a text as has so many octets in UTF-8, cut between characters. */
function firstOctets(text: string, octets: number): string {
  let room = octets;
  let first = '';
  for (const character of text) {
    room -= bytesFromUtf8(character).length;
    if (room < 0) break;
    first += character;
  }
  return first;
}
