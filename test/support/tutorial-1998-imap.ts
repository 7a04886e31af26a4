import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { encode } from '../../src/iso2022jp/encode.js';
import { readCorpus } from './corpus.js';

/** What one side says before the other one does. */
export interface TutorialTurn {
  readonly side: 'C' | 'S';
  readonly octets: Uint8Array<ArrayBuffer>;
}

/** The 113 octets of text that the page does not print. */
export function missingBody(): Uint8Array<ArrayBuffer> {
  const text = encode('これは、テストです。\r\nこれは、テストです。\r\n');
  const body = new Uint8Array(113).fill(0x2e);
  body.set(text);
  body.set([0x0d, 0x0a], 111);
  return body;
}

/** The session of the tutorial, by turns. */
export function readTutorialSession(): TutorialTurn[] {
  const turns: TutorialTurn[] = [];
  const lines = latin1FromBytes(readCorpus('tutorial-1998/imap-session.txt')).split(/(?<=\r\n)/);
  for (const line of lines) {
    const side = line.startsWith('C') ? 'C' : 'S';
    const text = line.slice(3);
    if (text.startsWith('(lines abbreviated')) continue;
    const octets = text.startsWith('(113 octets') ? missingBody() : bytesFromLatin1(text);
    const last = turns.at(-1);
    if (last?.side === side) turns[turns.length - 1] = { side, octets: concatBytes([last.octets, octets]) };
    else turns.push({ side, octets });
  }
  return turns;
}
