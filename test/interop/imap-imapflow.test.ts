// A client that many people use, against the example server.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPeer } from '../../bench/peers/load.mjs';
import { serveImap } from '../../examples/imap-server.js';
import { describeWith } from '../support/requirement.js';

const user = 'anna@example.jp';
const password = 'pass "wörd"';

const plain = [
  'From: Anna <anna@example.jp>',
  'To: Bob <bob@example.jp>, Carl <carl@example.jp>',
  'Subject: Tea at nine',
  'Date: Mon, 5 Jan 2026 09:00:00 +0900',
  'Message-ID: <tea@example.jp>',
  '',
  'Two cups.',
  '',
].join('\r\n');
const japanese = [
  'From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>',
  'To: anna@example.jp',
  'Subject: =?ISO-2022-JP?B?GyRCMnE1RCROJCpDTiRpJDsbKEI=?=',
  'Date: Tue, 6 Jan 2026 10:00:00 +0900',
  'Message-ID: <meeting@example.jp>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="=_1"',
  '',
  '--=_1',
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('場所は三階です。\r\n').toString('base64'),
  '--=_1',
  'Content-Type: application/pdf; name="plan.pdf"',
  'Content-Disposition: attachment; filename="plan.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('%PDF-1.7 a plan').toString('base64'),
  '--=_1',
  'Content-Type: message/rfc822',
  '',
  plain,
  '--=_1--',
  '',
].join('\r\n');

/** Of the peer only what is used here. */
interface FlowMessage {
  readonly seq: number;
  readonly uid: number;
  readonly flags: Set<string>;
  readonly size: number;
  readonly source: Buffer;
  readonly internalDate: Date;
  readonly envelope: {
    readonly subject: string;
    readonly messageId: string;
    readonly date: Date;
    readonly from: readonly { readonly name: string; readonly address: string }[];
  };
  readonly bodyStructure: {
    readonly type: string;
    readonly childNodes?: readonly { readonly part: string; readonly type: string; readonly size: number }[];
  };
  readonly bodyParts: Map<string, Buffer>;
}
interface Flow {
  readonly mailbox: { readonly path: string; readonly exists: number; readonly readOnly: boolean };
  connect(): Promise<void>;
  logout(): Promise<void>;
  list(
    options?: object,
  ): Promise<readonly { readonly path: string; readonly status?: { readonly messages: number } }[]>;
  status(path: string, query: object): Promise<{ readonly messages: number; readonly unseen: number }>;
  mailboxOpen(path: string, options?: object): Promise<unknown>;
  mailboxCreate(path: string): Promise<unknown>;
  mailboxRename(path: string, to: string): Promise<unknown>;
  mailboxDelete(path: string): Promise<unknown>;
  fetchAll(range: string, query: object, options?: object): Promise<readonly FlowMessage[]>;
  fetchOne(range: string, query: object, options?: object): Promise<FlowMessage>;
  search(query: object, options?: object): Promise<readonly number[]>;
  download(
    range: string,
    part?: string,
    options?: object,
  ): Promise<{
    readonly meta: { readonly contentType: string; readonly filename?: string };
    readonly content: AsyncIterable<Buffer>;
  }>;
  messageFlagsAdd(range: string, flags: readonly string[], options?: object): Promise<boolean>;
  messageFlagsRemove(range: string, flags: readonly string[], options?: object): Promise<boolean>;
  append(
    path: string,
    content: string | Buffer,
    flags?: readonly string[],
    date?: Date,
  ): Promise<{ readonly uid: number }>;
  messageCopy(
    range: string,
    path: string,
    options?: object,
  ): Promise<{ readonly uidMap: Map<number, number> }>;
  messageMove(
    range: string,
    path: string,
    options?: object,
  ): Promise<{ readonly uidMap: Map<number, number> }>;
  messageDelete(range: string, options?: object): Promise<boolean>;
  idle(): Promise<boolean>;
  noop(): Promise<void>;
  on(event: string, listener: (told: { count: number; prevCount: number; seq: number }) => void): void;
}

const installed = existsSync(new URL('../../bench/peers/node_modules/imapflow', import.meta.url));

describeWith('imapflow in bench/peers', installed, () => {
  let folder: string;
  let server: Server;
  const clients: Flow[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-imap-'));
    mkdirSync(join(folder, 'Archive', 'Old & new'), { recursive: true });
    writeFileSync(join(folder, '1.eml'), plain.replaceAll('\r\n', '\n'));
    writeFileSync(join(folder, '2.eml'), japanese);
    server = await serveImap({ folder, user, password });
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.logout().catch(() => {})));
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  async function connect(auth: object = { user, pass: password }): Promise<Flow> {
    const { ImapFlow } = await loadPeer('imapflow');
    const { port } = server.address() as AddressInfo;
    const client: Flow = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      auth,
      logger: false,
      disableAutoIdle: true,
    });
    await client.connect();
    clients.push(client);
    return client;
  }

  test('logs in, and not with another password', async () => {
    await connect();
    await connect({ user, pass: password, loginMethod: 'LOGIN' });
    await expect(connect({ user, pass: 'wrong' })).rejects.toMatchObject({ authenticationFailed: true });
  });

  test('lists mailboxes', async () => {
    const client = await connect();
    const list = await client.list({ statusQuery: { messages: true } });
    expect(list.map(({ path, status }) => [path, status?.messages])).toEqual([
      ['INBOX', 2],
      ['Archive', 0],
      ['Archive/Old & new', 0],
    ]);
    expect(await client.status('INBOX', { messages: true, unseen: true })).toMatchObject({
      messages: 2,
      unseen: 2,
    });
  });

  test('fetches envelopes, structures, sections and whole messages', async () => {
    const client = await connect();
    await client.mailboxOpen('INBOX', { readOnly: true });
    expect(client.mailbox).toMatchObject({ path: 'INBOX', exists: 2, readOnly: true });
    const query = { uid: true, flags: true, envelope: true, bodyStructure: true, size: true, source: true };
    const [first, second] = await client.fetchAll('1:*', query);
    expect(first!.source.toString('latin1')).toBe(plain);
    expect(second!.source.toString('latin1')).toBe(japanese);
    expect([first!.size, second!.size]).toEqual([plain.length, japanese.length]);
    expect(second!.envelope).toMatchObject({ subject: '会議のお知らせ', messageId: '<meeting@example.jp>' });
    expect(second!.envelope.from).toEqual([{ name: '山田', address: 'yamada@example.jp' }]);
    expect(second!.envelope.date.toISOString()).toBe('2026-01-06T01:00:00.000Z');
    expect(first!.bodyStructure).toMatchObject({ type: 'text/plain' });
    expect(second!.bodyStructure.childNodes?.map(({ part, type }) => [part, type])).toEqual([
      ['1', 'text/plain'],
      ['2', 'application/pdf'],
      ['3', 'message/rfc822'],
    ]);
    const parts = await client.fetchOne('2', {
      bodyParts: ['3.header', '3.1', '2.mime', { key: '1', start: 4, maxLength: 8 }],
    });
    const shown = Object.fromEntries(
      [...parts.bodyParts].map(([key, octets]) => [key, octets.toString('latin1')]),
    );
    expect(shown['3.1']).toBe('Two cups.\r\n');
    expect(shown['3.header']).toBe(plain.slice(0, plain.indexOf('Two cups')));
    expect(shown['2.mime']).toContain('filename="plan.pdf"');
    expect(shown['1']).toBe(Buffer.from('場所は三階です。\r\n').toString('base64').slice(4, 12));
    expect((await client.fetchOne('2', { flags: true })).flags).toEqual(new Set());
  });

  test('downloads parts, decoded', async () => {
    const client = await connect();
    await client.mailboxOpen('INBOX');
    const read = async (part: string) => {
      const { meta, content } = await client.download('2', part);
      const pieces: Buffer[] = [];
      for await (const piece of content) pieces.push(piece);
      return [meta.contentType, meta.filename, Buffer.concat(pieces).toString()];
    };
    expect(await read('1')).toEqual(['text/plain', undefined, '場所は三階です。\r\n']);
    expect(await read('2')).toEqual(['application/pdf', 'plan.pdf', '%PDF-1.7 a plan']);
  });

  test.each<[what: object, found: readonly number[]]>([
    [{ all: true }, [1, 2]],
    [{ subject: '会議' }, [2]],
    [{ subject: 'TEA' }, [1]],
    [{ body: '三階' }, [2]],
    [{ text: 'cups' }, [1, 2]],
    [{ from: 'anna' }, [1]],
    [{ to: 'anna@example.jp' }, [2]],
    [{ from: '山田', unseen: true }, [2]],
    [{ or: [{ from: 'anna' }, { from: 'yamada' }] }, [1, 2]],
    [{ not: { from: 'anna' } }, [2]],
    [{ header: { 'message-id': '<tea@example.jp>' } }, [1]],
    [{ larger: plain.length }, [2]],
    [{ smaller: japanese.length }, [1]],
    [{ sentOn: '2026-01-06' }, [2]],
    [{ sentBefore: new Date('2026-01-06') }, [1]],
    [{ since: new Date('2030-01-01') }, []],
    [{ uid: '2:*' }, [2]],
    [{ seq: '1' }, [1]],
    [{ deleted: true }, []],
    [{ keyword: 'nothing' }, []],
  ])('finds by %j', async (query, found) => {
    const client = clients[0]!;
    await client.mailboxOpen('INBOX');
    expect(await client.search(query)).toEqual(found);
  });

  test('changes flags', async () => {
    const client = clients[0]!;
    await client.mailboxOpen('INBOX');
    expect(await client.messageFlagsAdd('1', ['\\Flagged', 'invoice'])).toBe(true);
    expect((await client.fetchOne('1', { flags: true })).flags).toEqual(new Set(['\\Flagged', 'invoice']));
    expect(await client.search({ keyword: 'INVOICE' })).toEqual([1]);
    expect(await client.messageFlagsRemove('1', ['\\Flagged', 'invoice'])).toBe(true);
    expect(await client.search({ flagged: true })).toEqual([]);
  });

  test('makes, renames and removes mailboxes, with any letters', async () => {
    const client = clients[0]!;
    await client.mailboxCreate('Entwürfe/下書き');
    await client.mailboxRename('Entwürfe/下書き', 'Archive/"50 %" & 下書き');
    expect((await client.list()).map(({ path }) => path).sort()).toEqual([
      'Archive',
      'Archive/"50 %" & 下書き',
      'Archive/Old & new',
      'Entwürfe',
      'INBOX',
    ]);
    await client.mailboxDelete('Archive/"50 %" & 下書き');
    await client.mailboxDelete('Entwürfe');
    await expect(client.mailboxCreate('../outside')).rejects.toThrow();
    expect(readdirSync(folder).sort()).toEqual(['.uidvalidity', '1.eml', '2.eml', 'Archive']);
  });

  test('appends, copies, moves and deletes; another client that idles is told', async () => {
    const client = clients[0]!;
    const other = await connect();
    const told: string[] = [];
    other.on('exists', ({ count, prevCount }) => told.push(`${prevCount} → ${count}`));
    other.on('expunge', ({ seq }) => told.push(`expunge ${seq}`));
    await other.mailboxOpen('INBOX');
    const idle = other.idle();

    await client.mailboxOpen('INBOX');
    const large = `Subject: large\r\n\r\n${'0123456789abcdef\r\n'.repeat(20_000)}`;
    const { uid } = await client.append('INBOX', large, ['\\Seen'], new Date('2020-02-29T12:00:00Z'));
    expect(uid).toBe(3);
    await client.noop();
    const stored = await client.fetchOne(
      '3',
      { source: true, flags: true, internalDate: true },
      { uid: true },
    );
    expect([stored.source.toString(), [...stored.flags]]).toEqual([large, ['\\Seen']]);
    expect(stored.internalDate.toISOString()).toBe('2020-02-29T12:00:00.000Z');

    const copied = await client.messageCopy('3', 'Archive', { uid: true });
    expect([...copied.uidMap]).toEqual([[3, 1]]);
    const moved = await client.messageMove('3', 'Archive', { uid: true });
    expect([...moved.uidMap]).toEqual([[3, 2]]);
    expect((await client.status('Archive', { messages: true })).messages).toBe(2);
    await client.mailboxOpen('Archive');
    expect(await client.messageDelete('1:*')).toBe(true);
    expect(client.mailbox.exists).toBe(0);
    expect(readdirSync(join(folder, 'Archive'))).toEqual(['Old & new']);

    await other.noop();
    await idle;
    expect(told).toEqual(['2 → 3', 'expunge 3']);
  });
});
