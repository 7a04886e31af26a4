import fc from 'fast-check';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import type {
  FetchResponse,
  ImapResponse,
  NamespaceEntry,
  ThreadNode,
} from '../../src/imap/response/response.js';
import {
  type PlainResponseCode,
  plainResponseCodes,
  type ResponseCode,
} from '../../src/imap/response/response-code.js';
import type { ImapText } from '../../src/imap/text.js';
import { tag } from './imap-commands.js';
import {
  anyValue,
  atom,
  bigint,
  bodyStructure,
  bracketedValue,
  dateTime,
  envelope,
  flags,
  imapText,
  mailbox,
  notUtf8,
  nullableOctets,
  nullableText,
  number,
  part,
  partialRange,
  record,
  section,
  sequenceRanges,
  sequenceSet,
  text,
  unknownName,
} from './imap-values.js';

const is = <Name extends string>(...names: Name[]): fc.Arbitrary<Name> => fc.constantFrom(...names);

/** Text of a status response: up to the line end. */
const line: fc.Arbitrary<ImapText> = fc.oneof(
  { weight: 5, arbitrary: text.map((content) => content.replaceAll(/[\r\n\0]/g, ' ')) },
  { weight: 1, arbitrary: fc.constantFrom('done {5}', '{3}', 'a {1+}', '~{3}', 'x [A]') },
  {
    weight: 1,
    arbitrary: notUtf8.map((octets) =>
      octets.map((octet) => (octet === 10 || octet === 13 ? 32 : octet || 32)),
    ),
  },
);

/** Behind no code, where a "[" could begin one. */
const uncodedLine = line.filter((content) =>
  typeof content === 'string' ? !content.startsWith('[') : content[0] !== 0x5b,
);

const url = fc
  .string({ unit: fc.constantFrom(...'abc/:;@.=&?%~-+ {}()0é'), minLength: 1, maxLength: 20 })
  .map((rest) => `imap://${rest}`);

export const responseCode: fc.Arbitrary<ResponseCode> = fc.oneof(
  fc
    .constantFrom(...([...plainResponseCodes] as PlainResponseCode[]))
    .map((code): ResponseCode => ({ code })),
  record({ code: is('BADCHARSET'), charsets: fc.array(imapText, { maxLength: 3 }) }),
  record({ code: is('CAPABILITY'), capabilities: fc.array(atom, { minLength: 1, maxLength: 4 }) }),
  record({ code: is('PERMANENTFLAGS'), flags }),
  record({ code: is('UIDNEXT', 'UIDVALIDITY', 'UNSEEN'), number }),
  record({ code: is('HIGHESTMODSEQ'), modseq: bigint }),
  record({ code: is('MODIFIED'), set: sequenceSet }),
  record({ code: is('APPENDUID'), uidValidity: number, uids: sequenceSet }),
  record({ code: is('COPYUID'), uidValidity: number, from: sequenceSet, to: sequenceSet }),
  record({ code: is('BADEVENT'), events: fc.array(atom, { maxLength: 3 }) }),
  record({ code: is('BADURL', 'REFERRAL'), url }),
  record({ code: is('NOUPDATE'), tag: imapText }),
  record({ code: is('MAILBOXID'), id: atom }),
  record({ code: is('METADATA'), problem: is('LONGENTRIES', 'MAXSIZE'), octets: bigint }),
  record({ code: is('METADATA'), problem: is('TOOMANY', 'NOPRIVATE') }),
  record({ code: is('MESSAGELIMIT'), limit: number }, { uid: number }),
  record({ code: is('INPROGRESS') }, { tag: imapText, progress: number, goal: number }),
  record({
    code: is('URLMECH'),
    mechanisms: fc.array(record({ name: unknownName }, { data: fc.oneof(atom, fc.constant('')) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  record({ code: is('UNDEFINED-FILTER'), filter: atom }),
  record(
    { code: is('other'), name: unknownName },
    { values: fc.array(bracketedValue, { minLength: 1, maxLength: 3 }) },
  ),
  record({
    code: is('other'),
    name: unknownName,
    octets: fc.constantFrom('(a', 'a)', 'é', 'a  b', '(a b) c)', '{x').map((octets) => bytesFromUtf8(octets)),
  }),
);

/** A code and a text, or a text alone. */
const coded: fc.Arbitrary<{ code: ResponseCode | undefined; text: ImapText }> = fc.oneof(
  record({ code: fc.constant(undefined), text: uncodedLine }),
  record({ code: responseCode, text: line }),
);

const thread: fc.Arbitrary<ThreadNode> = fc.letrec<{ node: ThreadNode; nodes: ThreadNode[] }>((tie) => ({
  nodes: fc.array(tie('node'), { maxLength: 3, depthIdentifier: 'thread' }),
  node: fc.oneof(
    { depthIdentifier: 'thread', maxDepth: 4 },
    record<ThreadNode>({ id: number, children: fc.constant([]) }),
    record<ThreadNode>({ id: number, children: tie('nodes') }),
    fc
      .array(tie('node'), { minLength: 1, maxLength: 3, depthIdentifier: 'thread' })
      .map((children): ThreadNode => ({ id: undefined, children })),
  ),
})).node;

const other = fc.array(record({ name: unknownName, value: anyValue }), { minLength: 1, maxLength: 2 });

const delimiter: fc.Arbitrary<string | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom('/', '.', '\\', '"', '^', ' '),
);

const nullable = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof(fc.constant(undefined), values);

const some = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(values, { minLength: 1, maxLength: 3 });

const any = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(values, { maxLength: 3 });

const fetch: fc.Arbitrary<FetchResponse> = record(
  { type: is('FETCH', 'UIDFETCH'), number },
  {
    uid: number,
    flags,
    internalDate: dateTime,
    size: number,
    modseq: bigint,
    envelope,
    bodyStructure: bodyStructure(true),
    body: bodyStructure(false),
    sections: some(record({ section, octets: nullableOctets }, { origin: number })),
    rfc822: some(record({ item: is('RFC822', 'RFC822.HEADER', 'RFC822.TEXT'), octets: nullableOctets })),
    binary: some(record({ part, octets: nullableOctets }, { origin: number })),
    binarySize: some(record({ part, octets: number })),
    emailId: atom,
    threadId: nullable(atom),
    saveDate: nullable(dateTime),
    preview: nullableText,
    gmailMessageId: bigint,
    gmailThreadId: bigint,
    gmailLabels: any(fc.oneof(imapText, fc.constant('\\Inbox'))),
    other,
  },
);

/** Responses by what they are called, for a wire with modified UTF-7 or with UTF-8. */
export function responsesByName(utf8: boolean): Record<string, fc.Arbitrary<ImapResponse>> {
  const name = mailbox(utf8);
  const namespaces: fc.Arbitrary<NamespaceEntry[]> = any(
    record(
      { prefix: name, delimiter },
      { extensions: some(record({ name: imapText, values: any(imapText) })) },
    ),
  );
  return {
    status: fc
      .tuple(
        fc.oneof(
          record({ type: is('OK', 'NO', 'BAD'), tag: nullable(tag) }),
          record({ type: is('PREAUTH', 'BYE'), tag: fc.constant(undefined) }),
        ),
        coded,
      )
      .map(([head, rest]): ImapResponse => ({ ...head, ...rest })),
    continuation: coded.map((rest): ImapResponse => ({ type: '+', ...rest })),
    CAPABILITY: record({ type: is('CAPABILITY', 'ENABLED'), capabilities: any(atom) }),
    LIST: record(
      { type: is('LIST', 'LSUB', 'XLIST'), attributes: flags, delimiter, mailbox: name },
      {
        childInfo: any(text),
        oldName: name,
        extended: some(
          record({
            name: imapText.filter((word) => typeof word !== 'string' || !/^(childinfo|oldname)$/i.test(word)),
            value: anyValue,
          }),
        ),
      },
    ),
    STATUS: record({
      type: is('STATUS'),
      mailbox: name,
      status: record(
        {},
        {
          messages: number,
          recent: number,
          uidNext: number,
          uidValidity: number,
          unseen: number,
          deleted: number,
          size: bigint,
          highestModSeq: bigint,
          deletedStorage: bigint,
          appendLimit: fc.oneof(bigint, is('NIL')),
          mailboxId: atom,
          other,
        },
      ),
    }),
    FLAGS: record({ type: is('FLAGS'), flags }),
    number: record({ type: is('EXISTS', 'RECENT', 'EXPUNGE'), number }),
    SEARCH: record(
      { type: is('SEARCH', 'SORT'), numbers: fc.array(number, { maxLength: 8 }) },
      { modseq: bigint },
    ),
    ESEARCH: record(
      { type: is('ESEARCH'), isUid: fc.boolean() },
      {
        correlator: imapText,
        mailbox: name,
        uidValidity: number,
        min: number,
        max: number,
        count: number,
        all: sequenceSet,
        modseq: bigint,
        addTo: any(record({ position: number, set: sequenceSet })),
        removeFrom: any(record({ position: number, set: sequenceSet })),
        partial: record({ range: partialRange, set: nullable(sequenceSet) }),
        other,
      },
    ),
    THREAD: record({ type: is('THREAD'), threads: any(thread) }),
    FETCH: fetch,
    VANISHED: record({ type: is('VANISHED'), earlier: fc.boolean(), uids: sequenceSet }),
    NAMESPACE: record({
      type: is('NAMESPACE'),
      personal: namespaces,
      otherUsers: namespaces,
      shared: namespaces,
    }),
    ID: record({ type: is('ID'), fields: nullable(any(record({ name: imapText, value: nullableText }))) }),
    QUOTA: record({
      type: is('QUOTA'),
      root: imapText,
      resources: any(record({ name: atom, usage: bigint, limit: bigint })),
    }),
    QUOTAROOT: record({ type: is('QUOTAROOT'), mailbox: name, roots: any(imapText) }),
    ACL: record({
      type: is('ACL'),
      mailbox: name,
      entries: any(record({ identifier: imapText, rights: imapText })),
    }),
    LISTRIGHTS: record({
      type: is('LISTRIGHTS'),
      mailbox: name,
      identifier: imapText,
      required: imapText,
      optional: any(imapText),
    }),
    MYRIGHTS: record({ type: is('MYRIGHTS'), mailbox: name, rights: imapText }),
    METADATA: fc.oneof(
      record({
        type: is('METADATA'),
        mailbox: name,
        entries: any(record({ name: imapText, value: nullableText })),
      }),
      record({ type: is('METADATA'), mailbox: name, changed: any(imapText) }),
    ),
    GENURLAUTH: record({ type: is('GENURLAUTH'), urls: any(imapText) }),
    URLFETCH: record({ type: is('URLFETCH'), urls: any(record({ url: imapText, octets: nullableOctets })) }),
    JMAPACCESS: record({ type: is('JMAPACCESS'), url: imapText }),
    UIDBATCHES: record({
      type: is('UIDBATCHES'),
      correlator: imapText,
      batches: fc.oneof(fc.constant([]), sequenceRanges),
    }),
    other: record({ type: is('other'), name: unknownName, values: any(anyValue) }, { number }),
  };
}
