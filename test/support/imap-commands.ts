import fc from 'fast-check';
import type {
  AppendedMessage,
  AppendedOctets,
  CatenatedPart,
  ImapCommand,
  ListReturn,
  MailboxFilter,
  NotifyGroup,
  PlainCommand,
  TaggedCommand,
} from '../../src/imap/command/command.js';
import type { FetchItem } from '../../src/imap/command/fetch-item.js';
import type { SearchKey, SearchReturn } from '../../src/imap/command/search-key.js';
import type { MailboxName } from '../../src/imap/values/mailbox-name.js';
import {
  anyValue,
  atom,
  bigint,
  date,
  dateTime,
  flags,
  imapText,
  listValue,
  mailbox,
  nullableText,
  number,
  octets,
  part,
  partial,
  partialRange,
  positive,
  record,
  section,
  sequenceSet,
  text,
  unknownName,
} from './imap-values.js';

export const tag: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...'ABCabc0129.-]!$'),
  minLength: 1,
  maxLength: 8,
});

const yes = fc.constant(true as const);

const PLAIN_KEYS = [
  'ALL',
  'ANSWERED',
  'DELETED',
  'DRAFT',
  'FLAGGED',
  'NEW',
  'OLD',
  'RECENT',
  'SEEN',
  'UNANSWERED',
  'UNDELETED',
  'UNDRAFT',
  'UNFLAGGED',
  'UNSEEN',
  'SAVEDATESUPPORTED',
] as const;
const TEXT_KEYS = ['BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO', 'X-GM-RAW'] as const;
const DATE_KEYS = [
  'BEFORE',
  'ON',
  'SINCE',
  'SENTBEFORE',
  'SENTON',
  'SENTSINCE',
  'SAVEDBEFORE',
  'SAVEDON',
  'SAVEDSINCE',
] as const;

export const searchKey: fc.Arbitrary<SearchKey> = fc.letrec<{ key: SearchKey }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...PLAIN_KEYS).map((key): SearchKey => ({ key })),
    record<SearchKey>({ key: fc.constantFrom(...TEXT_KEYS), text: imapText } as never),
    record<SearchKey>({ key: fc.constant('HEADER'), field: imapText, text: imapText } as never),
    record<SearchKey>({ key: fc.constantFrom('KEYWORD', 'UNKEYWORD'), keyword: atom } as never),
    record<SearchKey>({ key: fc.constantFrom(...DATE_KEYS), date } as never),
    record<SearchKey>({ key: fc.constantFrom('LARGER', 'SMALLER'), octets: number } as never),
    record<SearchKey>({ key: fc.constantFrom('OLDER', 'YOUNGER'), seconds: number } as never),
    record<SearchKey>({ key: fc.constantFrom('UIDAFTER', 'UIDBEFORE'), uid: number } as never),
    record<SearchKey>({ key: fc.constantFrom('SEQUENCE', 'UID'), set: sequenceSet } as never),
    record<SearchKey>({ key: fc.constantFrom('EMAILID', 'THREADID'), id: atom } as never),
    record<SearchKey>({ key: fc.constant('FILTER'), filter: atom } as never),
    record<SearchKey>({ key: fc.constant('X-GM-LABELS'), label: imapText } as never),
    record<SearchKey>({ key: fc.constantFrom('X-GM-MSGID', 'X-GM-THRID'), id: bigint } as never),
    record<SearchKey, { entry: object }>({ key: fc.constant('MODSEQ'), modseq: bigint } as never, {
      entry: record({ name: imapText, type: fc.constantFrom('priv', 'shared', 'all') }),
    }) as fc.Arbitrary<SearchKey>,
    record<SearchKey>({ key: fc.constantFrom('NOT', 'FUZZY'), of: tie('key') } as never),
    fc.tuple(tie('key'), tie('key')).map((of): SearchKey => ({ key: 'OR', of })),
    fc.array(tie('key'), { minLength: 1, maxLength: 3 }).map((of): SearchKey => ({ key: 'AND', of })),
  ),
})).key;

const keys = fc.array(searchKey, { minLength: 1, maxLength: 4 });

const searchReturn: fc.Arbitrary<SearchReturn> = fc.oneof(
  fc.constantFrom<SearchReturn>('MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'CONTEXT', 'UPDATE'),
  partialRange.map((range) => ({ partial: range })),
  record<{ other: string }, { value: typeof listValue extends fc.Arbitrary<infer Value> ? Value : never }>(
    { other: unknownName },
    { value: listValue },
  ),
);

const returns = fc.array(searchReturn, { maxLength: 3 });

const PLAIN_ITEMS = [
  'UID',
  'FLAGS',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'BODY',
  'MODSEQ',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
  'PREVIEW',
  'X-GM-MSGID',
  'X-GM-THRID',
  'X-GM-LABELS',
] as const;

const fetchItem: fc.Arbitrary<FetchItem> = fc.oneof(
  fc.constantFrom<FetchItem>(...PLAIN_ITEMS),
  record({ item: fc.constant('BODY' as const), section }, { peek: yes, partial }),
  record({ item: fc.constant('BINARY' as const), part }, { peek: yes, partial }),
  record({ item: fc.constant('BINARY.SIZE' as const), part }),
  fc.constant<FetchItem>({ item: 'PREVIEW', lazy: true }),
  unknownName.map((name): FetchItem => ({ item: 'other', name })),
);

const fetchItems: fc.Arbitrary<FetchItem[]> = fc.oneof(
  { weight: 6, arbitrary: fc.array(fetchItem, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom<FetchItem>('ALL', 'FAST', 'FULL').map((macro) => [macro]) },
);

const appendedOctets: fc.Arbitrary<AppendedOctets> = fc.oneof(
  record<{ octets: typeof octets extends fc.Arbitrary<infer Value> ? Value : never }, { binary: true }>(
    { octets },
    { binary: yes },
  ),
  record({ octets, utf8: yes }),
);

const appended: fc.Arbitrary<AppendedMessage> = record(
  {
    message: fc.oneof(
      appendedOctets,
      fc
        .array(fc.oneof<fc.Arbitrary<CatenatedPart>[]>(record({ url: imapText }), appendedOctets), {
          minLength: 1,
          maxLength: 3,
        })
        .map((catenate) => ({ catenate })),
    ),
  },
  { flags, date: dateTime },
);

function list<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(values, { minLength: 1, maxLength: 3 });
}

function mailboxFilter(name: fc.Arbitrary<MailboxName>): fc.Arbitrary<MailboxFilter> {
  return fc.oneof(
    fc.constantFrom<MailboxFilter>('selected', 'selected-delayed', 'inboxes', 'personal', 'subscribed'),
    record<Exclude<MailboxFilter, string>>({
      filter: fc.constantFrom('subtree' as const, 'subtree-one' as const, 'mailboxes' as const),
      mailboxes: list(name),
    }),
  );
}

const words = fc.array(unknownName, { maxLength: 3 });

const listReturn: fc.Arbitrary<ListReturn> = fc.oneof(
  fc.constantFrom<ListReturn>('SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE', 'MYRIGHTS'),
  words.map((status) => ({ status })),
  fc.array(imapText, { maxLength: 3 }).map((metadata) => ({ metadata })),
  unknownName.map((other) => ({ other })),
);

const PLAIN_COMMANDS: readonly PlainCommand['name'][] = [
  'CAPABILITY',
  'NOOP',
  'LOGOUT',
  'STARTTLS',
  'CHECK',
  'CLOSE',
  'UNSELECT',
  'EXPUNGE',
  'IDLE',
  'NAMESPACE',
  'UNAUTHENTICATE',
  'GETJMAPACCESS',
];

const mechanism = unknownName;

/** Commands by what they are called, for a wire with modified UTF-7 or with UTF-8. */
export function commandsByName(utf8: boolean): Record<string, fc.Arbitrary<ImapCommand>> {
  const name = mailbox(utf8);
  const is = <Name extends string>(...names: Name[]): fc.Arbitrary<Name> => fc.constantFrom(...names);
  const group: fc.Arbitrary<NotifyGroup> = record<NotifyGroup>({
    mailboxes: mailboxFilter(name),
    events: fc.oneof(
      fc.constant(undefined),
      list(record({ event: atom }, { items: fc.array(fetchItem, { maxLength: 2 }) })),
    ),
  });
  return {
    plain: fc.constantFrom(...PLAIN_COMMANDS).map((command) => ({ name: command })),
    LOGIN: record({ name: is('LOGIN'), user: imapText, password: imapText }),
    AUTHENTICATE: record({ name: is('AUTHENTICATE'), mechanism }, { initialResponse: octets }),
    ENABLE: record({ name: is('ENABLE'), capabilities: list(atom) }),
    SELECT: record(
      { name: is('SELECT', 'EXAMINE'), mailbox: name },
      {
        condStore: yes,
        qresync: record(
          { uidValidity: number, modseq: bigint },
          { known: sequenceSet, match: record({ sequence: sequenceSet, uids: sequenceSet }) },
        ),
        other: list(record({ name: unknownName }, { value: listValue })),
      },
    ),
    mailbox: record({
      name: is('DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE', 'GETQUOTAROOT', 'GETACL', 'MYRIGHTS'),
      mailbox: name,
    }),
    CREATE: record({ name: is('CREATE'), mailbox: name }, { use: flags }),
    RENAME: record({ name: is('RENAME'), from: name, to: name }),
    LIST: record(
      { name: is('LIST'), reference: name, patterns: list(name) },
      { select: words, return: fc.array(listReturn, { maxLength: 3 }) },
    ),
    LSUB: record({ name: is('LSUB', 'XLIST'), reference: name, patterns: name.map((pattern) => [pattern]) }),
    STATUS: record({ name: is('STATUS'), mailbox: name, items: words }),
    APPEND: record({ name: is('APPEND'), mailbox: name, messages: list(appended) }),
    REPLACE: record(
      {
        name: is('REPLACE'),
        number: fc.oneof(positive, fc.constant('*' as const)),
        mailbox: name,
        message: appended,
      },
      { uid: yes },
    ),
    SEARCH: record({ name: is('SEARCH'), keys }, { uid: yes, return: returns, charset: text }),
    ESEARCH: record(
      { name: is('ESEARCH'), keys },
      { in: list(mailboxFilter(name)), return: returns, charset: text },
    ),
    SORT: record(
      {
        name: is('SORT'),
        criteria: list(record({ by: unknownName }, { reverse: yes })),
        charset: text,
        keys,
      },
      { uid: yes, return: returns },
    ),
    THREAD: record({ name: is('THREAD'), algorithm: unknownName, charset: text, keys }, { uid: yes }),
    FETCH: record(
      { name: is('FETCH'), set: sequenceSet, items: fetchItems },
      { uid: yes, changedSince: bigint, vanished: yes, partial: partialRange },
    ),
    STORE: fc.oneof(
      record(
        {
          name: is('STORE'),
          set: sequenceSet,
          action: is('replace', 'add', 'remove'),
          flags,
        },
        { uid: yes, silent: yes, unchangedSince: bigint },
      ),
      record(
        {
          name: is('STORE'),
          set: sequenceSet,
          action: is('replace', 'add', 'remove'),
          flags: fc.array(fc.oneof(imapText, fc.constantFrom('\\Inbox', '\\\\x')), { maxLength: 3 }),
          labels: yes,
        },
        { uid: yes, silent: yes },
      ),
    ),
    COPY: record({ name: is('COPY', 'MOVE'), set: sequenceSet, mailbox: name }, { uid: yes }),
    'UID EXPUNGE': record({ name: is('UID EXPUNGE'), set: sequenceSet }),
    ID: record({
      name: is('ID'),
      fields: fc.oneof(
        fc.constant(undefined),
        fc.array(record({ name: imapText, value: nullableText }), { maxLength: 3 }),
      ),
    }),
    GETQUOTA: record({ name: is('GETQUOTA'), root: imapText }),
    SETQUOTA: record({
      name: is('SETQUOTA'),
      root: imapText,
      limits: fc.array(record({ resource: unknownName, limit: bigint }), { maxLength: 3 }),
    }),
    SETACL: record({ name: is('SETACL'), mailbox: name, identifier: imapText, rights: imapText }),
    ACL: record({ name: is('DELETEACL', 'LISTRIGHTS'), mailbox: name, identifier: imapText }),
    GETMETADATA: record(
      { name: is('GETMETADATA'), mailbox: name, entries: list(imapText) },
      { maxSize: number, depth: is('0', '1', 'infinity') },
    ),
    SETMETADATA: record({
      name: is('SETMETADATA'),
      mailbox: name,
      entries: list(record({ name: imapText, value: nullableText })),
    }),
    NOTIFY: record({
      name: is('NOTIFY'),
      set: fc.oneof(fc.constant(undefined), record({ status: fc.boolean(), groups: list(group) })),
    }),
    CANCELUPDATE: record({ name: is('CANCELUPDATE'), tags: list(imapText) }),
    COMPRESS: record({ name: is('COMPRESS'), mechanism }),
    URLFETCH: record({ name: is('URLFETCH'), urls: list(imapText) }),
    GENURLAUTH: record({ name: is('GENURLAUTH'), urls: list(record({ url: imapText, mechanism })) }),
    RESETKEY: fc.oneof(
      fc.constant<ImapCommand>({ name: 'RESETKEY' }),
      record({ name: is('RESETKEY'), mailbox: name }, { mechanisms: list(mechanism) }),
    ),
    UIDBATCHES: record(
      { name: is('UIDBATCHES'), size: positive },
      { batches: record({ from: positive, to: positive }) },
    ),
    other: record({
      name: is('other'),
      command: fc.oneof(
        unknownName,
        unknownName.map((word) => `UID ${word}`),
      ),
      values: fc.array(anyValue, { maxLength: 3 }),
    }),
  };
}

export function taggedCommand(command: fc.Arbitrary<ImapCommand>): fc.Arbitrary<TaggedCommand> {
  return record<TaggedCommand>({ tag, command });
}
