import { concatBytes } from '../../src/core/bytes.js';
import type { Pop3Client, Pop3ClientEvent } from '../../src/pop3/client.js';
import type { Pop3Command } from '../../src/pop3/command.js';
import type { Pop3Data } from '../../src/pop3/reply.js';
import {
  Pop3ReplyDecoder,
  type Pop3ReplyEvent,
  type Pop3ReplyOptions,
} from '../../src/pop3/reply-decoder.js';
import type { Pop3ServerEvent } from '../../src/pop3/server-events.js';

/** Octets of text whose characters are U+0000–U+00FF. */
export function wire(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The characters U+0000–U+00FF of octets. */
export function unwire(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
}

type AnyEvent = Pop3ReplyEvent | Pop3ClientEvent;

/** Events as they are the same for every split: the octets of a message in one piece, errors by their codes. */
export function settled(events: readonly AnyEvent[]): unknown[] {
  const list: unknown[] = [];
  let message = '';
  for (const event of events) {
    if (event.type === 'message-data') {
      message += unwire(event.octets);
      continue;
    }
    if (message !== '') list.push(['message', message]);
    message = '';
    if (event.type === 'unparsed') list.push(['unparsed', event.error.code]);
    else if (event.type === 'status') {
      const { isOk, code, text } = event.status;
      list.push([isOk ? '+OK' : '-ERR', ...(code === undefined ? [] : [code]), text]);
    } else if (event.type === 'data') {
      list.push(plain(event.data));
    } else if (event.type === 'lines') {
      list.push(...[...event.lines].map(plain));
    } else if (event.type === 'continuation') list.push(['+', unwire(event.challenge)]);
    else if (event.type === 'state') list.push(['state', event.to]);
    else list.push('end');
  }
  if (message !== '') list.push(['message', message]);
  return list;
}

function plain(data: Pop3Data): unknown {
  return data.type === 'line' ? ['line', unwire(data.octets)] : data;
}

/** Copies what is valid until the next push only. */
export function kept<Event extends AnyEvent>(events: readonly Event[]): Event[] {
  return events.map((event) => ('octets' in event ? { ...event, octets: event.octets.slice() } : event));
}

/** What the replies to commands, which come in these chunks, say. */
export function repliesTo(
  commands: readonly Pop3Command[],
  chunks: readonly Uint8Array[],
  options: Pop3ReplyOptions = {},
): unknown[] {
  const decoder = new Pop3ReplyDecoder({ greeting: false, ...options });
  for (const command of commands) decoder.expect(command);
  // A chunk may be used again behind its push: what was kept must not see that.
  const events = chunks.flatMap((chunk) => {
    const copy = Uint8Array.from(chunk);
    const found = kept(decoder.push(copy));
    copy.fill(0x21);
    return found;
  });
  return settled([...events, ...decoder.end()]);
}

/** What a server's events send, as text. */
export function sent(events: readonly Pop3ServerEvent[]): string {
  return unwire(concatBytes(events.flatMap((event) => (event.type === 'send' ? [...event.octets] : []))));
}

/** A client that has logged in over TLS. */
export function logIn(client: Pop3Client): void {
  client.push(wire('+OK ready\r\n'));
  client.send({ name: 'USER', user: 'kitarou' });
  client.push(wire('+OK\r\n'));
  client.send({ name: 'PASS', password: 'nazonazo' });
  client.push(wire('+OK\r\n'));
}
