import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImapConnection } from '../../examples/imap-connection.js';
import { describeMessage, type VerifiedMessage, verifyMailbox } from '../../examples/imap-verify.js';
import { bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { canonicalLineEnds } from '../../src/encoding/line-ends.js';
import type { FetchCommand } from '../../src/imap/command/command.js';
import { CommandDecoder } from '../../src/imap/framing/command-decoder.js';
import { bodyStructureOf, envelopeOf, sectionOf } from '../../src/imap/message-structure.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { FetchedSection, FetchResponse, ImapResponse } from '../../src/imap/response/response.js';
import { parseMessage } from '../../src/mime/message.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';
import { describeMailServer, MAIL_USER, type MailDaemon, startDovecot } from '../support/mail-servers.js';

const demo = new URL('../vectors/demo/', import.meta.url);
const signed = latin1FromBytes(canonicalLineEnds(readFileSync(new URL('signed.eml', demo))));
const options = {
  roots: parseCertificates(readFileSync(new URL('root.crt.pem', demo))),
  at: new Date('2027-01-01'),
};

/** The signed message as a part beside a large attachment, as mailing lists make it. */
function listed(message: string): string {
  const header = message.slice(0, message.indexOf('Content-Type:'));
  const attachment = `${'A'.repeat(76)}\r\n`.repeat(4000);
  return [
    `${header}Content-Type: multipart/mixed; boundary=list`,
    '',
    '--list',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    '',
    `${attachment}--list`,
    message.slice(header.length).replace(/\r\n$/, ''),
    '--list--',
    '',
  ].join('\r\n');
}

const plain = 'From: anna@example.jp\r\nSubject: hello\r\n\r\nNothing is signed here.\r\n';
const altered = (message: string): string => message.replace(/10,000/, '90,000');

async function verified(connection: ImapConnection): Promise<VerifiedMessage[]> {
  const messages: VerifiedMessage[] = [];
  for await (const message of verifyMailbox(connection, 'INBOX', options)) messages.push(message);
  return messages;
}

describeMailServer('dovecot', () => {
  let daemon: MailDaemon;
  beforeAll(async () => {
    daemon = await startDovecot({ tls: true });
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test('imap-verify begins TLS, logs in, and fetches what signatures need', async () => {
    const connection = await ImapConnection.open({
      host: 'localhost',
      port: daemon.imapPort,
      transport: 'starttls',
      ca: daemon.certificate!,
    });
    expect(connection.client.isEncrypted).toBe(true);
    await connection.logIn({ user: MAIL_USER.name, password: MAIL_USER.password });
    expect(connection.client.state).toBe('authenticated');
    const mails = [signed, plain, listed(signed), altered(signed), listed(altered(signed))];
    for (const mail of mails) {
      const message = { octets: bytesFromLatin1(mail) };
      await connection.run({ name: 'APPEND', mailbox: 'INBOX', messages: [{ message }] });
    }
    const messages = await verified(connection);
    await connection.close();

    expect(
      messages.map(({ uid, report, fellBack }) => [
        uid,
        report?.verified,
        report?.seals[0]?.verified,
        fellBack,
      ]),
    ).toEqual([
      [1, true, true, undefined],
      [3, false, true, undefined],
      [4, false, false, undefined],
      [5, false, false, 'a signature does not fit the sections'],
    ]);
    // Only of the one that has to be seen whole the attachment was fetched.
    expect(messages[1]!.size).toBeGreaterThan(300_000);
    expect(messages[1]!.fetched).toBeLessThan(signed.length + 1000);
    expect(messages[3]!.fetched).toBeGreaterThan(300_000);
    expect(messages[0]!.fetched).toBe(signed.length);
    expect(messages[0]).toMatchObject({ from: 'hanako@example.jp', subject: 'お見積もりの件' });
    expect(describeMessage(messages[1]!)).toMatch(
      /^NOT VERIFIED .*\n.*a good signature over part 2, and not/,
    );
  });
});

/** A server with one message, whose sections are not always what they should be. */
function inexactServer(
  mail: string,
  damage: (section: FetchedSection) => FetchedSection,
  more: Partial<FetchResponse> = {},
): Promise<Server> {
  const message = parseMessage(bytesFromLatin1(mail));
  const answer = (command: FetchCommand): ImapResponse => ({
    type: 'FETCH',
    number: 1,
    uid: 1,
    ...(command.items.includes('BODYSTRUCTURE')
      ? { bodyStructure: bodyStructureOf(message), size: mail.length, ...more }
      : {}),
    sections: command.items.flatMap((item) =>
      typeof item === 'object' && item.item === 'BODY' && 'section' in item
        ? [damage({ section: item.section, octets: sectionOf(message, item.section) })]
        : [],
    ),
  });
  const serve = (socket: Socket): void => {
    const decoder = new CommandDecoder();
    const tell = (response: ImapResponse): boolean => socket.write(encodeResponse(response));
    const status = { code: undefined, text: 'done' } as const;
    tell({ type: 'PREAUTH', tag: undefined, ...status });
    socket.on('data', (chunk) => {
      for (const event of decoder.push(chunk)) {
        if (event.type !== 'command') continue;
        const { tag, command } = event.command;
        if (command.name === 'EXAMINE') tell({ type: 'EXISTS', number: 1 });
        if (command.name === 'SEARCH') tell({ type: 'SEARCH', numbers: [1] });
        if (command.name === 'FETCH') {
          tell(answer(command));
          tell({ type: 'FETCH', number: 1, uid: 1, flags: ['\\Seen'] });
        }
        tell({ type: 'OK', tag, ...status });
      }
    });
  };
  return new Promise((done) => {
    const server = createServer(serve).listen(0, '127.0.0.1', () => done(server));
  });
}

describe('imap-verify with a server whose sections are inexact', () => {
  const cases: [string, (section: FetchedSection) => FetchedSection, string | undefined][] = [
    ['which are exact', (section) => section, undefined],
    [
      'which change octets',
      (section) =>
        section.section.part.length === 0 || section.section.text !== undefined
          ? section
          : { ...section, octets: bytesFromLatin1(altered(latin1FromBytes(section.octets!))) },
      'a signature does not fit the sections',
    ],
    [
      'which are NIL',
      (section) => (section.section.part.length === 0 ? section : { ...section, octets: undefined }),
      'the server did not give this section, or only a part of it',
    ],
  ];
  test.each(cases)('%s', async (_, damage, fellBack) => {
    const message = await firstOf(await inexactServer(listed(signed), damage));
    expect(message?.fellBack).toBe(fellBack);
    expect(message?.report?.seals[0]).toMatchObject({ coverage: 'part', verified: true });
    // Flags that come behind leave the size as it was.
    expect(message?.size).toBe(listed(signed).length);
  });

  test('tells of a message that it cannot have', async () => {
    const nothing = (section: FetchedSection): FetchedSection => ({ ...section, octets: undefined });
    const message = await firstOf(await inexactServer(listed(signed), nothing));
    expect(message).toMatchObject({ uid: 1, report: undefined, fetched: 0 });
    expect(describeMessage(message!)).toMatch(/^NOT VERIFIED {2}1 .*\n {4}the server does not give it/);
  });

  test('fetches the whole where no signature is found, and says so', async () => {
    // The parts have no types of a signature, whatever the structure says.
    const told = bodyStructureOf(parseMessage(bytesFromLatin1(signed)));
    const message = await firstOf(await inexactServer(plain, (section) => section, { bodyStructure: told }));
    expect(message?.report).toMatchObject({ verified: false, seals: [] });
    expect(describeMessage(message!)).toMatch(/^NOT VERIFIED/);
  });

  test('shows the author that was verified, whatever ENVELOPE says', async () => {
    const envelope = envelopeOf(
      parseMessage(bytesFromLatin1('From: other@example.jp\r\nSubject: x\r\n\r\n')),
    );
    const message = await firstOf(await inexactServer(signed, (section) => section, { envelope }));
    expect(message).toMatchObject({ from: 'hanako@example.jp', subject: 'お見積もりの件' });
    expect(message?.report?.verified).toBe(true);
  });
});

async function firstOf(server: Server): Promise<VerifiedMessage | undefined> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const connection = await ImapConnection.open({ host: '127.0.0.1', port: address.port, transport: 'plain' });
  try {
    const [message] = await verified(connection);
    return message;
  } finally {
    await connection.close();
    server.close();
  }
}
