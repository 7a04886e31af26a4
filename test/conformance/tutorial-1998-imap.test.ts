import { expect, test } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { TaggedCommand } from '../../src/imap/command/command.js';
import { encodeCommand } from '../../src/imap/command/encode-command.js';
import { CommandDecoder } from '../../src/imap/framing/command-decoder.js';
import { decodeResponses } from '../../src/imap/framing/response-decoder.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { describeCorpus } from '../support/corpus.js';
import { ClientUnderTest, inWords, lasting, shown } from '../support/imap-client.js';
import { missingBody, readTutorialSession, type TutorialTurn } from '../support/tutorial-1998-imap.js';

const set = [{ from: 1235, to: 1235 }];
const header = { part: [], text: 'HEADER.FIELDS', fields: ['DATE', 'FROM', 'SUBJECT'] } as const;

/** What the client asks, in the tutorial's tags: A4 stands there twice. */
const commands: readonly TaggedCommand[] = [
  { tag: 'A1', command: { name: 'LOGIN', user: 'kitarou', password: 'nazonazo' } },
  { tag: 'A2', command: { name: 'SELECT', mailbox: 'INBOX' } },
  { tag: 'A3', command: { name: 'FETCH', set, items: ['BODYSTRUCTURE'] } },
  { tag: 'A4', command: { name: 'FETCH', set, items: [{ item: 'BODY', section: header }] } },
  { tag: 'A4', command: { name: 'FETCH', set, items: [{ item: 'BODY', section: { part: [1] } }] } },
];

/** Goes through the session; what the server says comes in two pieces where `split` lies in it. */
function clientSide(turns: readonly TutorialTurn[], split: number): { words: string[]; events: unknown[] } {
  const test = new ClientUnderTest({ transport: 'plain' });
  const words: string[] = [];
  const events: unknown[] = [];
  let at = 0;
  let asked = 0;
  for (const { side, octets } of turns) {
    if (side === 'C') {
      const { command, tag } = commands[asked++]!;
      expect(shown(test.client.send(command, tag).octets)).toBe(latin1FromBytes(octets));
      continue;
    }
    const cut = Math.min(Math.max(split - at, 0), octets.length);
    for (const piece of split < 0
      ? [...octets].map((octet) => Uint8Array.of(octet))
      : [octets.slice(0, cut), octets.slice(cut)]) {
      for (const event of test.client.push(piece)) {
        words.push(inWords(event));
        events.push(lasting(event));
      }
    }
    at += octets.length;
  }
  expect(test.client.isQuiet).toBe(true);
  expect([test.client.state, test.client.mailbox?.exists, test.client.mailbox?.recent]).toEqual([
    'selected',
    1241,
    7,
  ]);
  return { words, events };
}

describeCorpus('tutorial-1998', () => {
  const turns = readTutorialSession();
  const server = concatBytes(turns.flatMap(({ side, octets }) => (side === 'S' ? [octets] : [])));
  const client = concatBytes(turns.flatMap(({ side, octets }) => (side === 'C' ? [octets] : [])));

  test(`the IMAP session, the client's side, at all ${server.length + 1} splits and octet by octet`, () => {
    const whole = clientSide(turns, 0);
    expect(whole.words).toEqual([
      'greeting',
      '→ not-authenticated',
      '→ authenticated',
      'A1 LOGIN OK',
      'EXISTS for A2',
      'RECENT for A2',
      '→ selected',
      'A2 SELECT OK',
      'FETCH for A3',
      'EXISTS',
      'RECENT',
      'A3 FETCH OK',
      'FETCH for A4',
      'EXISTS',
      'RECENT',
      'A4 FETCH OK',
      'FETCH for A4',
      'EXISTS',
      'RECENT',
      'A4 FETCH OK',
    ]);
    for (let split = -1; split <= server.length; split++) {
      expect(clientSide(turns, split).events).toEqual(whole.events);
    }
  });

  test('the values that the server tells, exactly', () => {
    const fetched = decodeResponses(server).flatMap((event) =>
      event.type === 'response' && event.response.type === 'FETCH' ? [plainFetch(event.response)] : [],
    );
    expect(fetched).toHaveLength(3);
    const common = { id: undefined, description: undefined, language: [] };
    expect(fetched[0]).toEqual({
      type: 'FETCH',
      number: 1235,
      bodyStructure: {
        kind: 'multipart',
        subtype: 'SIGNED',
        parameters: [
          { name: 'PROTOCOL', value: 'application/x-pkcs7-signature' },
          { name: 'MICALG', value: 'rsa-sha1' },
          { name: 'BOUNDARY', value: '-----911557871-23039209' },
        ],
        disposition: undefined,
        language: [],
        parts: [
          {
            ...common,
            kind: 'text',
            type: 'TEXT',
            subtype: 'PLAIN',
            parameters: [{ name: 'CHARSET', value: 'iso-2022-jp' }],
            encoding: '7BIT',
            octets: 113,
            lines: 10,
            md5: undefined,
            disposition: undefined,
          },
          {
            ...common,
            kind: 'basic',
            type: 'APPLICATION',
            subtype: 'X-PKCS7-SIGNATURE',
            parameters: [{ name: 'NAME', value: 'smime.p7s' }],
            encoding: 'BASE64',
            octets: 3630,
            md5: undefined,
            disposition: { type: 'ATTACHMENT', parameters: [{ name: 'FILENAME', value: 'smime.p7s' }] },
          },
        ],
      },
    });
    const lines = [
      'Subject: =?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=',
      'From: Watanabe Naoaki <kitarou@orangesoft.co.jp>',
      'Date: Fri, 20 Nov 1998 19:31:12 +0900',
      '',
      '',
    ];
    expect(fetched[1]?.sections?.map(({ section, octets }) => [section, shown([octets!])])).toEqual([
      [header, lines.join('\r\n')],
    ]);
    expect(fetched[2]?.sections).toEqual([{ section: { part: [1] }, octets: missingBody() }]);
  });

  test(`the server's side, at all ${client.length + 1} splits and octet by octet`, () => {
    const decode = (pieces: readonly Uint8Array[]): unknown[] => {
      const decoder = new CommandDecoder();
      const events = pieces.flatMap((piece) => structuredClone(decoder.push(piece)));
      return [...events, ...decoder.end()];
    };
    const expected = commands.map((command) => ({ type: 'command', command, quirks: [] }));
    for (let split = 0; split <= client.length; split++) {
      expect(decode([client.slice(0, split), client.slice(split)])).toEqual(expected);
    }
    expect(decode([...client].map((octet) => Uint8Array.of(octet)))).toEqual(expected);
    const written = commands.flatMap((command) => encodeCommand(command).map(({ octets }) => octets));
    expect(shown(written)).toBe(latin1FromBytes(client));
  });

  test('what the server tells can be told again, and is read as the same', () => {
    const responses = (octets: Uint8Array): ImapResponse[] =>
      decodeResponses(octets).flatMap((event) =>
        event.type === 'response'
          ? [event.response.type === 'FETCH' ? plainFetch(event.response) : event.response]
          : [],
      );
    const told = responses(server);
    expect(told).toHaveLength(17);
    expect(responses(concatBytes(told.map((response) => encodeResponse(response))))).toEqual(told);
  });
});
