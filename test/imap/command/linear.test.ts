import { describe, it } from 'vitest';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { encodeCommand } from '../../../src/imap/command/encode-command.js';
import { decodeCommands } from '../../../src/imap/framing/command-decoder.js';
import { expectLinear } from '../../support/linear-time.js';

/** For each, a piece that is repeated, and what stands before and behind. */
const shapes: Readonly<Record<string, readonly [before: string, piece: string, behind: string]>> = {
  'a long set': ['FETCH ', '1:2,', '3 UID'],
  'many search keys': ['SEARCH ', 'SUBJECT "a b" ', 'ALL'],
  'a long OR': ['SEARCH ', 'OR SEEN ', 'ALL'],
  'many parentheses': ['SEARCH ', '(', ''],
  'a long conjunction': ['SEARCH (', 'UNSEEN ', 'ALL)'],
  'many flags': ['STORE 1 FLAGS (', '\\Seen ', 'x)'],
  'many items': ['FETCH 1 (', 'BODY[1] ', 'UID)'],
  'many header fields': ['FETCH 1 BODY[HEADER.FIELDS (', 'a ', 'b)]'],
  'many patterns': ['LIST "" (', 'a ', '%)'],
  'many small literals': ['APPEND x', ' {1+}\r\na', ''],
  'many small strings': ['ID (', '"a" {1+}\r\nb ', '"c" NIL)'],
  'an unknown command with deep lists': ['XFOO ', '(', ''],
  'a long quoted string': ['GETQUOTA "', '\\"', '"'],
  'a long line without end': ['GETQUOTA "', 'abcd', ''],
  'many blanks at the end': ['NOOP', ' ', ''],
  'many blanks behind what is malformed': ['NOOP x', ' ', ''],
  'blanks within': ['NOOP', ' ', 'x'],
};

describe('reading a command costs as much as it is long', () => {
  for (const [what, [before, piece, behind]] of Object.entries(shapes)) {
    it(what, () => {
      expectLinear((size) => {
        const wire = bytesFromLatin1(
          `A ${before}${piece.repeat(Math.ceil(size / piece.length))}${behind}\r\n`,
        );
        return () => void decodeCommands(wire);
      }, 40_000);
    });
  }
});

describe('writing a command costs as much as it is long', () => {
  it('many search keys', () => {
    expectLinear((size) => {
      const keys = Array.from({ length: size / 10 }, () => ({ key: 'FROM', text: 'é' }) as const);
      return () => void encodeCommand({ tag: 'A', command: { name: 'SEARCH', charset: 'UTF-8', keys } });
    }, 40_000);
  });

  it('many messages', () => {
    const octets = bytesFromLatin1('abc');
    expectLinear((size) => {
      const messages = Array.from({ length: size / 10 }, () => ({ flags: ['\\Seen'], message: { octets } }));
      return () => void encodeCommand({ tag: 'A', command: { name: 'APPEND', mailbox: 'x', messages } });
    }, 40_000);
  });
});
