import { type Bytes, latin1FromBytes } from '../core/bytes.js';
import { wireTextOf } from '../core/wire-text.js';
import type { QuirkNote } from './read-data.js';
import type { Pop3Status } from './reply.js';

/**
 * Reads a status line; `undefined` where it is none. A status indicator ends
 * with a blank or with the line (RFC 1939 §3).
 */
export function readStatus(line: Bytes, quirk: QuirkNote): Pop3Status | undefined {
  const isOk = startsWithWord(line, '+OK', quirk);
  if (!isOk && !startsWithWord(line, '-ERR', quirk)) return undefined;
  const rest = line.subarray(isOk ? 4 : 5);
  const code = readCode(rest);
  if (code === undefined) return { isOk, text: wireTextOf(rest) };
  const after = rest.subarray(code.length + 2);
  return { isOk, code: code.toUpperCase(), text: wireTextOf(after[0] === 0x20 ? after.subarray(1) : after) };
}

function startsWithWord(line: Bytes, word: string, quirk: QuirkNote): boolean {
  const { length } = word;
  if (line.length < length || (line.length > length && line[length] !== 0x20)) return false;
  const found = latin1FromBytes(line, 0, length);
  return found === word || (found.toUpperCase() === word && quirk('lower-case-status'));
}

/** RFC 2449 §8: a code is made of levels with slashes between them; what else may stand in brackets is text. */
function readCode(rest: Bytes): string | undefined {
  if (rest[0] !== 0x5b) return undefined;
  const end = rest.subarray(0, 256).indexOf(0x5d);
  if (end < 2) return undefined;
  const code = latin1FromBytes(rest, 1, end);
  return /^[!-.0-Z^-~]+(?:\/[!-.0-Z^-~]+)*$/.test(code) ? code : undefined;
}

/** What a continuation request says: base64 (RFC 5034 §4); `undefined` where the line is none. */
export function readContinuation(line: Bytes): Bytes | undefined {
  if (line[0] !== 0x2b || (line.length > 1 && line[1] !== 0x20)) return undefined;
  return line.subarray(2);
}
