// IMAP, POP3 and SASL: what stands on the runtime's own searches, texts and digests.

import { decodeResponses, encodeCommand, ImapClient, plainFetch } from 'mailseal/imap';
import { decodePop3Command, dotStuff, encodePop3Command, Pop3ReplyDecoder } from 'mailseal/pop3';
import { createSaslClient, createSaslServer } from 'mailseal/sasl';
import { equal } from './suite.mjs';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const engines = /** @type {const} */ (['auto', 'typescript']);

/** A response with a literal, raw UTF-8 and an octet that is none. */
const wire = Uint8Array.from([
  ...encoder.encode('* 2 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (9007199254740993) ENVELOPE (NIL {3}\r\nab'),
  0xe9,
  ...encoder.encode(' (("é" NIL "a" "b.example")) NIL NIL NIL NIL NIL NIL "<i@d>"))\r\n* OK done {5}\r\n'),
]);

/** @param {readonly any[]} events */
const told = (events) =>
  events.map((event) =>
    event.type !== 'response'
      ? event.type
      : event.response.type === 'FETCH'
        ? JSON.stringify(plainFetch(event.response), (_, value) =>
            typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
          )
        : event.response.text,
  );

/** @type {import('./suite.mjs').Case[]} */
export const protocolCases = engines.flatMap((engine) => [
  {
    name: `an IMAP response is read, whole and octet by octet (${engine})`,
    run() {
      const [fetch, ok] = told(decodeResponses(wire, { engine }));
      equal(ok, 'done {5}');
      const { uid, modseq, envelope } = JSON.parse(String(fetch));
      equal(
        [uid, modseq, envelope.subject, envelope.from[0].name],
        [7, '9007199254740993n', [97, 98, 233], 'é'],
      );
      const client = new ImapClient({ transport: 'tls' });
      client.push(encoder.encode('* PREAUTH ready\r\n'));
      const { octets } = client.send({ name: 'SELECT', mailbox: 'Entwürfe' });
      equal(octets.map((piece) => decoder.decode(piece)).join(''), 'A1 SELECT Entw&APw-rfe\r\n');
      const singly = [...wire].flatMap((octet) => client.push(Uint8Array.of(octet)));
      equal(told(singly.filter(({ type }) => type === 'response')), [fetch, ok]);
    },
  },
  {
    name: `a POP3 message is read, whole and octet by octet (${engine})`,
    run() {
      const message = encoder.encode('a\r\n.\r\n..b\r\n\n.\n');
      const reply = Uint8Array.from([
        ...encoder.encode('+OK\r\n'),
        ...dotStuff(message, { engine }),
        ...encoder.encode('+OK'),
      ]);
      for (const size of [1, reply.length]) {
        const replies = new Pop3ReplyDecoder({ greeting: false, engine });
        replies.expect(decodePop3Command(encodePop3Command({ name: 'RETR', message: 1 }).subarray(0, -2)));
        let text = '';
        for (let at = 0; at < reply.length; at += size) {
          for (const event of replies.push(reply.slice(at, at + size))) {
            if (event.type === 'message-data') text += decoder.decode(event.octets);
          }
        }
        equal(text, 'a\r\n.\r\n..b\r\n\n.\n\r\n');
      }
    },
  },
  ...['SCRAM-SHA-1', 'SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN'].map((mechanism) => ({
    name: `${mechanism} says who is there (${engine})`,
    async run() {
      const account = () => ({ password: 'pencil' });
      const server = createSaslServer(mechanism, { account, engine });
      const client = createSaslClient(mechanism, { user: 'user', password: 'pencil' }, { engine });
      let challenge = await server.challenge(client.isClientFirst ? await client.respond() : undefined);
      while (challenge !== undefined) challenge = await server.challenge(await client.respond(challenge));
      equal([server.outcome?.user, client.isComplete], ['user', true]);
    },
  })),
]);

protocolCases.push({
  name: 'an IMAP command waits where a literal has to be asked for',
  run() {
    const command = /** @type {const} */ ({ name: 'LOGIN', user: 'a', password: 'é' });
    const fragments = encodeCommand({ tag: 't', command });
    equal(
      fragments.map(({ octets, wait }) => [decoder.decode(octets), wait]),
      [
        ['t LOGIN a {2}\r\n', true],
        ['é\r\n', false],
      ],
    );
  },
});
