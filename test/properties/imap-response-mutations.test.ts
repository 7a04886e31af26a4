import fc from 'fast-check';
import { expect, it } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import { readResponse } from '../../src/imap/response/read-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { plain } from '../support/imap-response-lines.js';
import { readerOf } from '../support/imap-syntax.js';

/** Lines with something of everything. */
const samples: readonly string[] = [
  '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN ID] ready',
  'A1 NO [BADCHARSET (UTF-8 "a]b")] no {5}',
  '* OK [PERMANENTFLAGS (\\Seen $Junk \\*)] Limited',
  'A1 OK [COPYUID 38505 304,319:320 3956:3958] Done',
  '* NO [INPROGRESS ("A001" 454 NIL)] going on',
  '* OK [METADATA LONGENTRIES 2199] x',
  '* BAD [XFoo 1 (a "b" NIL)] \xc3\xa9 \x83\x65',
  '+ [ALERT] go on',
  '* LIST (\\HasChildren \\Noselect) "/" "a &ZeVnLIqe- b" ("CHILDINFO" ("SUBSCRIBED") "OLDNAME" (INBOX))',
  '* STATUS "a b" (MESSAGES 231 SIZE 18446744073709551615 MAILBOXID (F2) X-A ("b"))',
  '* NAMESPACE (("" "/")("#mh/" "/" "X-PARAM" ("FLAG1"))) NIL (("a" NIL))',
  '* SEARCH 2 5 6 (MODSEQ 917162500)',
  '* ESEARCH (TAG "a" MAILBOX b UIDVALIDITY 3) UID MIN 2 ALL 1:3,5 PARTIAL (-1:-100 NIL) MODSEQ 9',
  '* THREAD (2)(3 6 (4 23)(44 7 96))((3)(5))',
  '* VANISHED (EARLIER) 41,43:116',
  '* ID ("name" "Cyrus" "os" NIL)',
  '* QUOTA "" (STORAGE 10 512)',
  '* ACL INBOX Fred rwipslda "a b" ""',
  '* METADATA "" (/shared/comment {3}\r\na\r\n /private/x NIL)',
  '* URLFETCH imap://a {3}\r\nabc imap://b NIL',
  '* UIDBATCHES (TAG "A143") 215295:99696,7',
  '* 12 FETCH (UID 7 FLAGS (\\Seen $a) MODSEQ (5) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286)',
  '* 12 FETCH (ENVELOPE ("Wed" "a \\"b\\"" (("T" NIL "g" "c")) NIL NIL ((NIL NIL "x" NIL)) NIL NIL NIL "<i>") UID 3)',
  '* 12 FETCH (BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "x") NIL NIL "7BIT" 30 2 NIL ("inline" NIL) "en" NIL)("a" "b" NIL NIL "d" "base64" 4) "MIXED" ("BOUNDARY" "q") NIL NIL NIL))',
  '* 12 FETCH (BODY[1.2.HEADER.FIELDS (From "To")]<512> {3}\r\na\0b RFC822.TEXT "x" BINARY[1] ~{1}\r\n\0 BINARY.SIZE[2] 7)',
  '* 12 UIDFETCH (EMAILID (M1) THREADID NIL SAVEDATE NIL PREVIEW "p" X-GM-MSGID 127 X-GM-LABELS (\\Inbox "a b") X-Y (1))',
];

/** Characters that mean something, and some that do not. */
const character = fc.constantFrom(...'()[]{}"\\ *:,.<>~+-%&$0159azNILU\t\r\n\0\x7f\x80\xc3\xa9');

const edit = fc.record({
  place: fc.nat(999),
  remove: fc.nat(1),
  insert: fc.string({ unit: character, maxLength: 2 }),
});

const mutated = fc
  .tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([line, edits]) => {
    let wire = line;
    for (const { place, remove, insert } of edits) {
      const at = Math.floor((place / 1000) * wire.length);
      wire = wire.slice(0, at) + insert + wire.slice(at + remove);
    }
    return wire;
  });

function read(wire: string, eager: boolean): ImapResponse | undefined {
  try {
    return plain(readResponse(readerOf(wire), eager));
  } catch (error) {
    if (
      error instanceof MailsealError &&
      (error.code === 'imap-malformed' || error.code.startsWith('limit-'))
    )
      return undefined;
    throw error;
  }
}

/** A multipart without parts, which servers send, is written with one. */
function hasEmptyMultipart(response: ImapResponse): boolean {
  const text = JSON.stringify(response, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value));
  return text.includes('"parts":[]');
}

it('lines with mistakes are read or refused, and what is read can be written and read again', () => {
  const counts = { read: 0, refused: 0, notWritten: 0 };
  fc.assert(
    fc.property(mutated, fc.boolean(), (wire, eager) => {
      const response = read(wire, eager);
      if (response === undefined) {
        counts.refused++;
        return;
      }
      counts.read++;
      let written: string;
      try {
        written = latin1FromBytes(encodeResponse(response)).slice(0, -2);
      } catch (error) {
        // What the grammar does not allow is not written, though it was read.
        expect(error).toMatchObject({ code: 'usage' });
        counts.notWritten++;
        return;
      }
      if (!hasEmptyMultipart(response)) expect(read(written, eager)).toEqual(response);
    }),
    { numRuns: 2000 },
  );
  expect(counts.read).toBeGreaterThan(400);
  expect(counts.refused).toBeGreaterThan(400);
  console.log(`${counts.read} lines read, ${counts.refused} refused, ${counts.notWritten} not written`);
});
