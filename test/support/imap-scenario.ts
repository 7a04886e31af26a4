import { expect } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import type { EncodeCommandOptions } from '../../src/imap/command/encode-command.js';
import type { FetchItem } from '../../src/imap/command/fetch-item.js';
import type { SearchKey } from '../../src/imap/command/search-key.js';
import { sectionOf } from '../../src/imap/message-structure.js';
import type { FetchResponse, ImapResponse } from '../../src/imap/response/response.js';
import { decodeText } from '../../src/imap/text.js';
import type { MailboxName } from '../../src/imap/values/mailbox-name.js';
import { formatSection } from '../../src/imap/values/section.js';
import type { SequenceSet } from '../../src/imap/values/sequence-set.js';
import { parseMessage } from '../../src/mime/message.js';
import { hardMails } from './hard-mails.js';
import type { Answer, ImapWire } from './imap-wire.js';
import { MAIL_USER } from './mail-servers.js';

/** A sequence set from its text, such as `1:4,7:*`. */
export function set(text: string): SequenceSet {
  if (text === '$') return '$';
  const number = (digits: string): number | '*' => (digits === '*' ? '*' : Number(digits));
  return text.split(',').map((range) => {
    const [from = '', to = from] = range.split(':');
    return { from: number(from), to: number(to) };
  });
}

/** A section from its text, such as `1.2.HEADER`, with PEEK. */
export function section(text: string, fields?: readonly string[]): FetchItem {
  const match = /^((?:\d+\.?)*)([A-Z.]*)$/.exec(text);
  if (match === null) throw new Error(`not a section: ${text}`);
  const part = (match[1] ?? '')
    .split('.')
    .filter((number) => number !== '')
    .map(Number);
  const rest = match[2] as 'HEADER' | '';
  return {
    item: 'BODY',
    peek: true,
    section: { part, ...(rest === '' ? {} : { text: rest }), ...(fields === undefined ? {} : { fields }) },
  };
}

/** The capabilities that a server names in an answer to CAPABILITY. */
export function capabilitiesOf(answer: Answer): Set<string> {
  const response = answer.untagged.find(({ type }) => type === 'CAPABILITY');
  if (response?.type !== 'CAPABILITY') throw new Error('CAPABILITY is not answered');
  return new Set(response.capabilities.map((name) => name.toUpperCase()));
}

/** The messages of one answer, by their numbers. */
export function fetched(answer: Answer): Map<number, FetchResponse> {
  const messages = new Map<number, FetchResponse>();
  for (const response of answer.untagged) {
    if (response.type !== 'FETCH') continue;
    messages.set(response.number, { ...messages.get(response.number), ...response });
  }
  return messages;
}

/** UIDVALIDITY as SELECT told it. */
function selectedOf(answer: Answer): { uidValidity: number } {
  for (const each of answer.untagged) {
    if (each.type === 'OK' && each.code?.code === 'UIDVALIDITY') return { uidValidity: each.code.number };
  }
  throw new Error('SELECT does not tell UIDVALIDITY');
}

/** What is to be expected of one server. */
export interface Expected {
  /** Of its transcript. */
  readonly name: string;
  /** Capabilities that need no step of the scenario. */
  readonly capabilities: readonly (string | RegExp)[];
  /** How it departs from the grammar. */
  readonly quirks?: readonly string[];
  /** Sections of the nested mail that are not what they have to be. */
  readonly otherSections?: readonly string[];
}

/** A client that goes through all that a server offers. */
export class Scenario {
  readonly wire: ImapWire;
  capabilities: ReadonlySet<string> = new Set();
  /** Capabilities of which something was called. */
  readonly covered = new Set<string>();
  /** Commands that were called. */
  readonly commands = new Set<string>();
  /** Of the user's own mailboxes. */
  prefix = '';
  delimiter = '/';

  readonly expected: Expected;

  constructor(wire: ImapWire, expected: Expected) {
    this.wire = wire;
    this.expected = expected;
  }

  /** Whether the server offers something; if so it counts as covered. */
  has(capability: string): boolean {
    if (!this.capabilities.has(capability)) return false;
    this.covered.add(capability);
    return true;
  }

  /** A command that has to be answered with OK. */
  async ok(command: ImapCommand, options?: EncodeCommandOptions): Promise<Answer> {
    const answer = await this.any(command, options);
    expect(answer.done, `${JSON.stringify(command, bigints)}: ${answer.done.text}`).toMatchObject({
      type: 'OK',
    });
    return answer;
  }

  /** A command that has to be answered, whatever the answer is; all of it has to be understood. */
  async any(command: ImapCommand, options?: EncodeCommandOptions): Promise<Answer> {
    this.commands.add('uid' in command && command.uid === true ? `UID ${command.name}` : command.name);
    const answer = await this.wire.run(command, options);
    this.wire.expectAllParsed();
    return answer;
  }

  mailbox(...levels: readonly string[]): MailboxName {
    return this.prefix + levels.join(this.delimiter);
  }

  /** From the greeting to what the authenticated user may do. */
  async begin(): Promise<void> {
    const greeting = await this.wire.nextResponse();
    expect(['OK', 'PREAUTH']).toContain(greeting.type);
    this.capabilities = capabilitiesOf(await this.ok({ name: 'CAPABILITY' }));
    if (greeting.type === 'OK') {
      await this.any({ name: 'LOGIN', user: MAIL_USER.name, password: 'wrong' }).then(({ done }) => {
        expect(done.type).toBe('NO');
      });
      await this.ok({ name: 'LOGIN', user: MAIL_USER.name, password: MAIL_USER.password });
      this.capabilities = capabilitiesOf(await this.ok({ name: 'CAPABILITY' }));
    }
    for (const basic of ['IMAP4REV1', 'SASL-IR']) this.has(basic);
    const spaces = await this.ok({ name: 'NAMESPACE' });
    this.has('NAMESPACE');
    const personal = spaces.untagged.find(({ type }) => type === 'NAMESPACE');
    if (personal?.type === 'NAMESPACE') {
      const [first] = personal.personal;
      expect(first).toBeDefined();
      this.delimiter = first?.delimiter ?? '/';
      this.prefix = typeof first?.prefix === 'string' ? first.prefix : '';
    }
    await this.ok({ name: 'NOOP' });
    if (this.has('ID')) {
      await this.ok({ name: 'ID', fields: undefined });
      const fields = [{ name: 'name', value: 'a "client"' }];
      await this.ok({ name: 'ID', fields });
      // Cyrus 3.6 crashes at a value that is NIL.
      if (!this.capabilities.has('X-SIEVE-MAILBOX')) {
        await this.ok({ name: 'ID', fields: [...fields, { name: 'os', value: undefined }] });
      }
    }
    const unknown = await this.any({ name: 'other', command: 'XNONE', values: [] });
    expect(unknown.done.type).not.toBe('OK');
  }

  /** Mailboxes, their names and what LIST tells of them. */
  async mailboxes(): Promise<void> {
    const names = ['Entwürfe', '日本語', 'A&B', 'zwei Worte'];
    for (const name of names) await this.ok({ name: 'CREATE', mailbox: this.mailbox(name) });
    // A surrogate pair of modified UTF-7: Courier takes none.
    const flag = await this.any({ name: 'CREATE', mailbox: this.mailbox('🎌') });
    if (flag.done.type === 'OK') names.push('🎌');
    await this.ok({ name: 'CREATE', mailbox: this.mailbox('日本語', '下') });
    const listed = await this.ok({ name: 'LIST', reference: '', patterns: ['*'] });
    const found = listed.untagged.filter(({ type }) => type === 'LIST');
    for (const name of [...names, `日本語${this.delimiter}下`]) {
      expect(found).toContainEqual(
        expect.objectContaining({ mailbox: this.prefix + name, delimiter: this.delimiter }),
      );
    }
    await this.ok({ name: 'LIST', reference: '', patterns: [''] });
    await this.ok({ name: 'LIST', reference: this.prefix, patterns: ['%'] });
    await this.ok({ name: 'LIST', reference: '', patterns: [this.mailbox('日本語', '%')] });
    await this.ok({ name: 'SUBSCRIBE', mailbox: this.mailbox('日本語') });
    await this.ok({ name: 'SUBSCRIBE', mailbox: this.mailbox('日本語', '下') });
    const subscribed = await this.ok({ name: 'LSUB', reference: '', patterns: ['*'] });
    expect(subscribed.untagged).toContainEqual(
      expect.objectContaining({ type: 'LSUB', mailbox: this.mailbox('日本語') }),
    );
    await this.ok({ name: 'LSUB', reference: '', patterns: ['%'] });
    await this.ok({ name: 'UNSUBSCRIBE', mailbox: this.mailbox('日本語', '下') });
    await this.ok({ name: 'RENAME', from: this.mailbox('A&B'), to: this.mailbox('A-B ü') });
    await this.ok({ name: 'DELETE', mailbox: this.mailbox('A-B ü') });
    const missing = await this.any({ name: 'STATUS', mailbox: this.mailbox('A&B'), items: ['MESSAGES'] });
    expect(missing.done.type).toBe('NO');
    const items = ['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'];
    if (this.has('STATUS=SIZE')) items.push('SIZE');
    if (this.has('CONDSTORE')) items.push('HIGHESTMODSEQ');
    // MAILBOXID is not asked for: Cyrus 3.6 answers with what is left in freed memory.
    const status = await this.ok({ name: 'STATUS', mailbox: this.mailbox('Entwürfe'), items });
    expect(status.untagged).toContainEqual(
      expect.objectContaining({
        type: 'STATUS',
        status: expect.objectContaining({ messages: 0, uidNext: 1 }),
      }),
    );
    this.has('CHILDREN');
    if (this.has('LIST-EXTENDED')) {
      const list = { name: 'LIST', reference: '' } as const;
      await this.ok({ ...list, select: ['SUBSCRIBED'], patterns: ['*'] });
      await this.ok({ ...list, select: ['SUBSCRIBED', 'RECURSIVEMATCH'], patterns: ['%'] });
      await this.ok({ ...list, select: ['REMOTE'], patterns: ['*'], return: ['SUBSCRIBED', 'CHILDREN'] });
      await this.ok({ ...list, patterns: ['INBOX', this.mailbox('日本語', '*')], return: ['CHILDREN'] });
      if (this.has('LIST-STATUS')) {
        const told = await this.ok({
          ...list,
          patterns: ['%'],
          return: [{ status: ['MESSAGES', 'UNSEEN'] }],
        });
        expect(told.untagged.some(({ type }) => type === 'STATUS')).toBe(true);
      }
      if (this.has('LIST-MYRIGHTS')) await this.ok({ ...list, patterns: ['%'], return: ['MYRIGHTS'] });
      if (this.has('LIST-METADATA')) {
        await this.ok({ ...list, patterns: ['%'], return: [{ metadata: ['/private/comment'] }] });
      }
      if (this.has('SPECIAL-USE')) {
        const special = await this.ok({
          ...list,
          select: ['SPECIAL-USE'],
          patterns: ['*'],
          return: ['SPECIAL-USE'],
        });
        expect(special.untagged).toContainEqual(
          expect.objectContaining({
            mailbox: this.mailbox('Drafts'),
            attributes: expect.arrayContaining([expect.stringMatching(/^\\drafts$/i)]),
          }),
        );
      }
    }
    if (this.has('CREATE-SPECIAL-USE')) {
      await this.ok({ name: 'CREATE', mailbox: this.mailbox('Ablage'), use: ['\\Archive'] });
    }
    if (this.has('XLIST')) await this.ok({ name: 'XLIST', reference: '', patterns: ['*'] });
    if (this.has('ENABLE')) {
      const wanted = ['CONDSTORE', 'QRESYNC'].filter((capability) => this.has(capability));
      await this.ok({ name: 'ENABLE', capabilities: [...wanted, 'X-NOTHING'] });
    }
  }

  /** The hard mails into a mailbox, in each way that there is; they are its messages 1 to 4. */
  async append(): Promise<void> {
    const mailbox = this.mailbox('日本語');
    const date = { time: Date.UTC(2022, 1, 7, 21, 52, 25), offset: -480 };
    const { nested, eightBit, report, bare } = hardMails;
    const appended = await this.ok({
      name: 'APPEND',
      mailbox,
      messages: [{ flags: ['\\Seen', '\\Flagged', '$Forwarded', 'own'], date, message: { octets: nested } }],
    });
    if (this.has('UIDPLUS')) expect(appended.done.code).toMatchObject({ code: 'APPENDUID' });
    const literals = this.has('LITERAL+') ? 'LITERAL+' : 'synchronising';
    const one = (octets: Uint8Array<ArrayBuffer>): ImapCommand => ({
      name: 'APPEND',
      mailbox,
      messages: [{ date, message: { octets } }],
    });
    await this.ok(one(eightBit), { literals });
    if (this.has('MULTIAPPEND')) {
      const messages = [report, bare].map((octets) => ({ flags: [], date, message: { octets } }));
      await this.ok({ name: 'APPEND', mailbox, messages }, { literals });
    } else {
      await this.ok(one(report));
      await this.ok(one(bare));
    }
    // A server that does not know the mailbox refuses the literal, or takes and refuses it.
    const refused = await this.any({ ...one(bare), mailbox: this.mailbox('none') } as ImapCommand);
    expect(refused.done.type).toBe('NO');
    expect(refused.done.code).toMatchObject({ code: 'TRYCREATE' });
    this.has('APPENDLIMIT');
  }

  /** Opens the mailbox that {@link append} filled. */
  async select(): Promise<{ uidValidity: number }> {
    const mailbox = this.mailbox('日本語');
    const condStore = this.capabilities.has('CONDSTORE');
    const selected = await this.ok({ name: 'SELECT', mailbox, ...(condStore ? { condStore } : {}) });
    expect(selected.untagged).toContainEqual({ type: 'EXISTS', number: 4 });
    expect(selected.untagged.some(({ type }) => type === 'FLAGS')).toBe(true);
    return selectedOf(selected);
  }

  /** Every item of FETCH. The messages as they came are those that were appended. */
  async fetch(): Promise<ImapResponse[]> {
    const all = set('1:*');
    const ask = async (
      items: readonly FetchItem[],
      which: SequenceSet = all,
    ): Promise<Map<number, FetchResponse>> => fetched(await this.ok({ name: 'FETCH', set: which, items }));
    for (const macro of ['ALL', 'FAST', 'FULL'] as const) {
      expect((await ask([macro])).size).toBe(4);
    }
    const structures = await this.ok({
      name: 'FETCH',
      set: all,
      items: ['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE'],
    });
    const told = fetched(structures);
    const mails = Object.values(hardMails);
    const whole = await ask([section('')]);
    for (const [index, mail] of mails.entries()) {
      const message = told.get(index + 1);
      expect(message).toMatchObject({
        uid: index + 1,
        size: mail.length,
        internalDate: { time: Date.UTC(2022, 1, 7, 21, 52, 25) },
      });
      expect(message?.envelope).toBeDefined();
      expect(message?.bodyStructure).toBeDefined();
      expect(whole.get(index + 1)?.sections).toEqual([{ section: { part: [] }, octets: mail }]);
    }
    expect(told.get(1)?.flags).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
    await ask(['BODY']);
    await ask(['RFC822.HEADER']);
    await ask(['RFC822', 'RFC822.TEXT'], set('2'));
    for (const name of ['HEADER', 'TEXT', '1', '1.MIME', '2', '1.1']) await ask([section(name)]);
    const deep = [
      '1',
      '1.MIME',
      '1.1',
      '1.1.MIME',
      '1.1.1',
      '1.1.2.MIME',
      '1.2',
      '2.HEADER',
      '2.TEXT',
      '2.1',
      '2.1.MIME',
      '2.2.MIME',
      '2.2',
    ];
    const parsed = parseMessage(hardMails.nested);
    const sections = (
      await ask(
        deep.map((name) => section(name)),
        set('1'),
      )
    ).get(1)?.sections;
    expect(sections).toHaveLength(deep.length);
    // Octet for octet what we take for the sections of the message.
    const others = sections?.filter((fetched) => !equal(fetched.octets, sectionOf(parsed, fetched.section)));
    expect(others?.map((fetched) => formatSection(fetched.section))).toEqual(
      this.expected.otherSections ?? [],
    );
    await ask(
      [
        section('HEADER.FIELDS', ['From', 'X-Folded', 'Subject']),
        section('HEADER.FIELDS.NOT', ['Received', 'Date']),
        'UID',
      ],
      set('1:2'),
    );
    await ask([section('2.HEADER.FIELDS', ['Subject'])], set('1'));
    for (const [offset, length] of [
      [0, 10],
      [100, 1],
      [1_000_000, 10],
    ] as const) {
      const item = section('') as Exclude<FetchItem, string>;
      const partial = await ask([{ ...item, partial: { offset, length } } as FetchItem], set('1'));
      const [only] = partial.get(1)?.sections ?? [];
      expect(only?.origin).toBe(offset);
      expect([...(only?.octets ?? [])]).toEqual([...hardMails.nested.subarray(offset, offset + length)]);
    }
    if (this.has('BINARY')) {
      await ask(
        [
          { item: 'BINARY', part: [1, 2], peek: true },
          { item: 'BINARY.SIZE', part: [1, 2] },
        ],
        set('1'),
      );
      const decoded = await ask([{ item: 'BINARY', part: [2, 2], peek: true }], set('1'));
      expect(decoded.get(1)?.binary?.[0]?.octets).toEqual(
        Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      );
    }
    if (this.has('PREVIEW')) {
      await ask(['PREVIEW']);
      await ask([{ item: 'PREVIEW', lazy: true }, 'UID']);
    }
    if (this.has('SAVEDATE')) await ask(['SAVEDATE']);
    if (this.has('OBJECTID')) expect((await ask(['EMAILID', 'THREADID'])).get(1)?.emailId).toBeDefined();
    if (this.has('CONDSTORE')) {
      expect(typeof (await ask(['MODSEQ', 'FLAGS'])).get(1)?.modseq).toBe('bigint');
      await this.ok({ name: 'FETCH', uid: true, set: all, items: ['FLAGS'], changedSince: 1n });
    }
    // Without PEEK it marks the message as seen, and tells so.
    const seen = await ask([{ item: 'BODY', section: { part: [1] } }], set('3'));
    expect(seen.get(3)?.flags).toContain('\\Seen');
    const byUid = await this.ok({ name: 'FETCH', uid: true, set: set('2:3,*'), items: ['FLAGS'] });
    expect([...fetched(byUid).values()].map(({ uid }) => uid)).toEqual([2, 3, 4]);
    return [...structures.untagged];
  }

  /** Every key of SEARCH, then SORT and THREAD. */
  async search(): Promise<void> {
    const find = async (...keys: readonly SearchKey[]): Promise<readonly number[]> => {
      const answer = await this.ok({ name: 'SEARCH', charset: 'UTF-8', keys });
      return answer.untagged.flatMap((each) => (each.type === 'SEARCH' ? each.numbers : []));
    };
    const day = { year: 2022, month: 2, day: 7 };
    const plain = [
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
    ] as const;
    for (const key of plain) await find({ key });
    expect(await find({ key: 'ALL' })).toEqual([1, 2, 3, 4]);
    expect(await find({ key: 'FLAGGED' })).toEqual([1]);
    for (const key of ['BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO'] as const) {
      await find({ key, text: 'a "quoted" \\ text' });
    }
    expect(await find({ key: 'SUBJECT', text: '日本語' })).toEqual([1]);
    expect(await find({ key: 'BODY', text: 'Grüße' })).toContain(1);
    expect(await find({ key: 'HEADER', field: 'Message-ID', text: 'nested.1' })).toEqual([1]);
    await find({ key: 'HEADER', field: 'X-Folded', text: '' });
    for (const key of ['KEYWORD', 'UNKEYWORD'] as const) await find({ key, keyword: '$Forwarded' });
    for (const key of ['BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'] as const)
      await find({ key, date: day });
    for (const key of ['LARGER', 'SMALLER'] as const) await find({ key, octets: 500 });
    expect(await find({ key: 'SEQUENCE', set: set('2:3') })).toEqual([2, 3]);
    expect(await find({ key: 'UID', set: set('1,4:*') })).toEqual([1, 4]);
    expect(await find({ key: 'NOT', of: { key: 'SEQUENCE', set: set('1') } })).toEqual([2, 3, 4]);
    expect(
      await find({
        key: 'OR',
        of: [
          { key: 'SEQUENCE', set: set('1') },
          { key: 'AND', of: [{ key: 'SEQUENCE', set: set('4') }, { key: 'UNDELETED' }] },
        ],
      }),
    ).toEqual([1, 4]);
    await this.ok({ name: 'SEARCH', uid: true, keys: [{ key: 'ALL' }] });
    if (this.has('WITHIN'))
      for (const key of ['OLDER', 'YOUNGER'] as const) await find({ key, seconds: 86_400 });
    if (this.capabilities.has('SAVEDATE')) {
      for (const key of ['SAVEDBEFORE', 'SAVEDON', 'SAVEDSINCE'] as const) await find({ key, date: day });
      await find({ key: 'SAVEDATESUPPORTED' });
    }
    if (this.capabilities.has('CONDSTORE')) {
      const answer = await this.ok({ name: 'SEARCH', keys: [{ key: 'MODSEQ', modseq: 1n }] });
      const result = answer.untagged.find(({ type }) => type === 'SEARCH');
      expect(result?.type === 'SEARCH' && typeof result.modseq).toBe('bigint');
    }
    if (this.has('SEARCH=FUZZY')) await find({ key: 'FUZZY', of: { key: 'SUBJECT', text: 'quoted' } });
    if (this.has('ESEARCH')) {
      const answer = await this.ok({
        name: 'SEARCH',
        return: ['MIN', 'MAX', 'COUNT', 'ALL'],
        keys: [{ key: 'ALL' }],
      });
      expect(answer.untagged).toContainEqual(
        expect.objectContaining({
          type: 'ESEARCH',
          correlator: answer.tag,
          min: 1,
          max: 4,
          count: 4,
          all: set('1:4'),
        }),
      );
      await this.ok({ name: 'SEARCH', uid: true, return: ['ALL'], keys: [{ key: 'DELETED' }] });
    }
    if (this.has('SEARCHRES')) {
      await this.ok({ name: 'SEARCH', return: ['SAVE'], keys: [{ key: 'SEQUENCE', set: set('2:3') }] });
      const saved = await this.ok({ name: 'FETCH', set: '$', items: ['UID'] });
      expect([...fetched(saved).keys()]).toEqual([2, 3]);
    }
    if (this.has('CONTEXT=SEARCH')) {
      const { tag } = await this.ok({
        name: 'SEARCH',
        return: ['UPDATE', 'COUNT'],
        keys: [{ key: 'UNDELETED' }],
      });
      await this.ok({ name: 'SEARCH', return: [{ partial: '1:2' }], keys: [{ key: 'ALL' }] });
      await this.ok({ name: 'CANCELUPDATE', tags: [tag] });
    }
    if (this.has('SORT')) {
      const sort = { name: 'SORT', charset: 'UTF-8', keys: [{ key: 'ALL' }] } as const;
      for (const by of ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO'])
        await this.ok({ ...sort, criteria: [{ by }] });
      const bySize = await this.ok({ ...sort, criteria: [{ by: 'SIZE', reverse: true }, { by: 'DATE' }] });
      expect(bySize.untagged).toContainEqual(
        expect.objectContaining({ type: 'SORT', numbers: [1, 3, 2, 4] }),
      );
      await this.ok({ ...sort, uid: true, criteria: [{ by: 'DATE' }] });
      if (this.has('SORT=DISPLAY'))
        await this.ok({ ...sort, criteria: [{ by: 'DISPLAYFROM' }, { by: 'DISPLAYTO' }] });
      if (this.has('ESORT'))
        await this.ok({ ...sort, return: ['MIN', 'ALL', 'COUNT'], criteria: [{ by: 'SIZE' }] });
    }
    for (const algorithm of ['ORDEREDSUBJECT', 'REFERENCES', 'REFS']) {
      if (!this.has(`THREAD=${algorithm}`)) continue;
      const answer = await this.ok({ name: 'THREAD', algorithm, charset: 'UTF-8', keys: [{ key: 'ALL' }] });
      expect(answer.untagged.some(({ type }) => type === 'THREAD')).toBe(true);
      await this.ok({ name: 'THREAD', uid: true, algorithm, charset: 'US-ASCII', keys: [{ key: 'ALL' }] });
    }
  }

  /** STORE, COPY, MOVE and what removes messages: nothing is left in the mailbox but messages 1 to 4. */
  async change(): Promise<void> {
    const store = { name: 'STORE', set: set('1:2') } as const;
    const added = await this.ok({ ...store, action: 'add', flags: ['\\Answered', 'own2'] });
    expect(fetched(added).get(2)?.flags).toEqual(expect.arrayContaining(['\\Answered', 'own2']));
    await this.ok({ ...store, action: 'remove', flags: ['\\Answered'] });
    await this.ok({ ...store, action: 'replace', silent: true, flags: ['\\Seen'] });
    await this.ok({ ...store, uid: true, action: 'add', flags: ['$Important'] });
    if (this.capabilities.has('CONDSTORE')) {
      const late = await this.any({ ...store, action: 'add', flags: ['\\Draft'], unchangedSince: 1n });
      expect(late.done.code).toMatchObject({ code: 'MODIFIED' });
    }
    const target = this.mailbox('zwei Worte');
    const copied = await this.ok({ name: 'COPY', set: set('1:2'), mailbox: target });
    if (this.capabilities.has('UIDPLUS')) expect(copied.done.code).toMatchObject({ code: 'COPYUID' });
    await this.ok({ name: 'COPY', uid: true, set: set('3'), mailbox: target });
    await this.any({ name: 'COPY', set: set('1'), mailbox: this.mailbox('none') }).then(({ done }) => {
      expect(done.code).toMatchObject({ code: 'TRYCREATE' });
    });
    await this.ok({ name: 'CHECK' });
    const { uidValidity } = selectedOf(await this.ok({ name: 'SELECT', mailbox: target }));
    if (this.has('MOVE')) {
      const moved = await this.ok({ name: 'MOVE', set: set('1'), mailbox: this.mailbox('Entwürfe') });
      expect(moved.untagged.some(({ type }) => type === 'EXPUNGE' || type === 'VANISHED')).toBe(true);
      await this.ok({ name: 'MOVE', uid: true, set: set('2'), mailbox: this.mailbox('Entwürfe') });
    }
    await this.ok({ name: 'STORE', set: set('1:*'), action: 'add', flags: ['\\Deleted'] });
    if (this.capabilities.has('UIDPLUS')) await this.ok({ name: 'UID EXPUNGE', set: set('1:3') });
    const expunged = await this.ok({ name: 'EXPUNGE' });
    expect(expunged.done.type).toBe('OK');
    await this.ok({ name: 'CLOSE' });
    if (this.has('QRESYNC')) {
      const vanished = { type: 'VANISHED', earlier: true };
      const again = await this.ok({
        name: 'SELECT',
        mailbox: target,
        qresync: {
          uidValidity,
          modseq: 1n,
          known: set('1:3'),
          match: { sequence: set('1:3'), uids: set('1:3') },
        },
      });
      expect(again.untagged).toContainEqual(expect.objectContaining(vanished));
      const fetched = await this.ok({
        name: 'FETCH',
        uid: true,
        set: set('1:*'),
        items: ['FLAGS'],
        changedSince: 1n,
        vanished: true,
      });
      expect(fetched.untagged).toContainEqual(expect.objectContaining(vanished));
    }
    await this.ok({ name: 'EXAMINE', mailbox: this.mailbox('日本語') });
    // Read-only: some say NO, some OK and change nothing.
    await this.any({ name: 'STORE', set: set('1'), action: 'add', flags: ['\\Deleted'] });
    if (this.has('UNSELECT')) await this.ok({ name: 'UNSELECT' });
    else await this.ok({ name: 'CLOSE' });
  }

  /** Quotas, rights, metadata, URLs: what manages mailboxes. */
  async administer(): Promise<void> {
    const mailbox = this.mailbox('日本語');
    if (this.has('QUOTA')) {
      const root = await this.ok({ name: 'GETQUOTAROOT', mailbox: 'INBOX' });
      const told = root.untagged.find(({ type }) => type === 'QUOTAROOT');
      const [name = ''] = told?.type === 'QUOTAROOT' ? told.roots : [];
      await this.any({ name: 'GETQUOTA', root: name });
      await this.any({ name: 'SETQUOTA', root: name, limits: [{ resource: 'STORAGE', limit: 512n }] });
    }
    if (this.has('ACL')) {
      await this.ok({ name: 'GETACL', mailbox });
      await this.ok({ name: 'MYRIGHTS', mailbox });
      await this.ok({ name: 'LISTRIGHTS', mailbox, identifier: MAIL_USER.name });
      await this.ok({ name: 'SETACL', mailbox, identifier: 'bob', rights: 'lr' });
      const rights = await this.ok({ name: 'GETACL', mailbox });
      expect(rights.untagged).toContainEqual(
        expect.objectContaining({
          type: 'ACL',
          entries: expect.arrayContaining([{ identifier: 'bob', rights: 'lr' }]),
        }),
      );
      await this.ok({ name: 'DELETEACL', mailbox, identifier: 'bob' });
    }
    if (this.has('METADATA')) {
      const value = 'line\r\n"quoted" ü';
      await this.ok({ name: 'SETMETADATA', mailbox, entries: [{ name: '/private/comment', value }] });
      const read = await this.ok({ name: 'GETMETADATA', mailbox, entries: ['/private/comment'] });
      expect(read.untagged).toContainEqual(
        expect.objectContaining({
          type: 'METADATA',
          mailbox,
          entries: [{ name: '/private/comment', value }],
        }),
      );
      await this.ok({ name: 'GETMETADATA', mailbox, depth: 'infinity', maxSize: 4, entries: ['/private'] });
      await this.ok({
        name: 'SETMETADATA',
        mailbox,
        entries: [{ name: '/private/comment', value: undefined }],
      });
      await this.any({ name: 'GETMETADATA', mailbox: '', entries: ['/shared/comment', '/shared/admin'] });
    }
    if (this.has('NOTIFY')) {
      const told = await this.ok({
        name: 'NOTIFY',
        set: {
          status: true,
          groups: [
            {
              mailboxes: 'selected',
              events: [{ event: 'MessageNew', items: ['UID', 'FLAGS'] }, { event: 'MessageExpunge' }],
            },
            { mailboxes: 'personal', events: [{ event: 'MessageNew' }, { event: 'MessageExpunge' }] },
          ],
        },
      });
      expect(told.untagged.some(({ type }) => type === 'STATUS')).toBe(true);
      await this.ok({ name: 'NOTIFY', set: undefined });
    }
  }

  /** Messages that the server makes of pieces, and of other transfer encodings; then URLs that let others fetch. */
  async compose(uidValidity: number): Promise<void> {
    const mailbox = this.mailbox('Entwürfe');
    const name = encodeURIComponent(`${this.prefix}日本語`);
    if (this.has('CATENATE')) {
      const text = (line: string): Uint8Array<ArrayBuffer> => bytesFromLatin1(`${line}\r\n`);
      const made = await this.any({
        name: 'APPEND',
        mailbox,
        messages: [
          {
            flags: ['\\Draft'],
            message: {
              catenate: [
                { octets: text('Subject: made of pieces') },
                { octets: text('') },
                { url: `/${name};UIDVALIDITY=${uidValidity}/;UID=1/;SECTION=2` },
              ],
            },
          },
        ],
      });
      expect(made.done.type, decodeText(made.done.text)).toBe('OK');
      const missing = await this.any({
        name: 'APPEND',
        mailbox,
        messages: [{ message: { catenate: [{ url: `/${name}/;UID=99` }] } }],
      });
      expect(missing.done.code).toMatchObject({ code: 'BADURL' });
    }
    if (this.capabilities.has('BINARY')) {
      const octets = bytesFromLatin1(
        'Subject: binary\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\na\0b',
      );
      await this.any({ name: 'APPEND', mailbox, messages: [{ message: { octets, binary: true } }] });
    }
    if (this.has('URLAUTH')) {
      this.has('URLAUTH=BINARY');
      const url = `imap://${MAIL_USER.name}@mail.example/${name}/;UID=1/;SECTION=2.1;URLAUTH=user+${MAIL_USER.name}`;
      const made = await this.ok({ name: 'GENURLAUTH', urls: [{ url, mechanism: 'INTERNAL' }] });
      const urls = made.untagged.flatMap((each) => (each.type === 'GENURLAUTH' ? each.urls : []));
      expect(urls).toHaveLength(1);
      const read = await this.ok({ name: 'URLFETCH', urls });
      expect(read.untagged.some(({ type }) => type === 'URLFETCH')).toBe(true);
      await this.any({ name: 'RESETKEY', mailbox: this.mailbox('日本語') });
      await this.ok({ name: 'RESETKEY' });
    }
  }

  /** IDLE, while somebody else appends a message and removes it again. */
  async idle(other: ImapWire): Promise<void> {
    if (!this.has('IDLE')) return;
    await this.ok({ name: 'SELECT', mailbox: 'INBOX' });
    await other.nextResponse();
    await other.run({ name: 'LOGIN', user: MAIL_USER.name, password: MAIL_USER.password });
    const told = await this.wire.idle(
      ({ type }) => type === 'EXISTS',
      async () => {
        await other.run({
          name: 'APPEND',
          mailbox: 'INBOX',
          messages: [{ message: { octets: hardMails.bare } }],
        });
      },
    );
    expect(told.done.type).toBe('OK');
    expect(told.untagged).toContainEqual({ type: 'EXISTS', number: 1 });
    const gone = await this.wire.idle(
      ({ type }) => type === 'EXPUNGE' || type === 'VANISHED',
      async () => {
        await other.run({ name: 'SELECT', mailbox: 'INBOX' });
        await other.run({ name: 'STORE', set: set('1'), action: 'add', flags: ['\\Deleted'] });
        await other.run({ name: 'EXPUNGE' });
      },
    );
    expect(gone.done.type).toBe('OK');
    this.commands.add('IDLE');
    await other.run({ name: 'LOGOUT' });
    other.close();
  }

  /** All in one go: the answers come in order, and none takes what belongs to another. */
  async pipeline(): Promise<void> {
    await this.ok({ name: 'EXAMINE', mailbox: this.mailbox('日本語') });
    const fetch = (which: string, ...items: FetchItem[]): ImapCommand => ({
      name: 'FETCH',
      set: set(which),
      items,
    });
    const { done, untagged } = await this.wire.pipeline([
      fetch('1', 'UID'),
      fetch('2:3', section('')),
      { name: 'SEARCH', keys: [{ key: 'ALL' }] },
      { name: 'STATUS', mailbox: this.mailbox('Entwürfe'), items: ['MESSAGES'] },
      fetch('4', 'ENVELOPE', 'BODYSTRUCTURE'),
      // The last one: sequence numbers behind it could mean other messages (RFC 9051 §5.5).
      { name: 'NOOP' },
    ]);
    expect(done.map(({ type }) => type)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'OK']);
    const types = untagged.map(({ type }) => type).filter((type) => type !== 'OK');
    expect(types.sort()).toEqual(['FETCH', 'FETCH', 'FETCH', 'FETCH', 'SEARCH', 'STATUS']);
  }

  /**
   * All of it, from the greeting to LOGOUT.
   *
   * @param other - a second connection.
   */
  async everything(other: ImapWire): Promise<void> {
    await this.begin();
    await this.mailboxes();
    await this.append();
    const { uidValidity } = await this.select();
    await this.fetch();
    await this.search();
    await this.change();
    await this.compose(uidValidity);
    await this.pipeline();
    await this.idle(other);
    // Behind IDLE: NOTIFY NONE turns off what that tells, too (RFC 5465 §3).
    await this.administer();
    await this.end();
  }

  /** The end, and what no step was for. */
  async end(): Promise<void> {
    const { name, capabilities, quirks = [] } = this.expected;
    const left = await this.ok({ name: 'LOGOUT' });
    expect(left.untagged.some(({ type }) => type === 'BYE')).toBe(true);
    this.wire.close(name);
    const open = [...this.capabilities].filter(
      (capability) =>
        !this.covered.has(capability) &&
        !capabilities.some((other) =>
          typeof other === 'string' ? other === capability : other.test(capability),
        ),
    );
    expect(open, 'capabilities that no step is for').toEqual([]);
    expect([...this.wire.quirks].sort()).toEqual(quirks);
    console.log(`${name}: ${this.commands.size} kinds of commands, ${this.wire.count} responses`);
    this.wire.expectAllParsed();
  }
}

function equal(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
