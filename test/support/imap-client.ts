import { latin1FromBytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { ImapClientEvent } from '../../src/imap/session/client-events.js';
import type { ImapClientOptions } from '../../src/imap/session/client-options.js';

/** Lines as they are on the wire. */
export function wire(...lines: string[]): Uint8Array<ArrayBuffer> {
  return bytesFromUtf8(lines.map((line) => `${line}\r\n`).join(''));
}

/** What octets say, as characters U+0000–U+00FF. */
export function shown(octets: readonly Uint8Array[]): string {
  return octets.map((each) => latin1FromBytes(each)).join('');
}

/** An event as plain data that stays when the next octets come. */
export function lasting(event: ImapClientEvent): unknown {
  if (event.type === 'send') return { type: 'send', text: shown(event.octets) };
  if (event.type === 'response' && (event.response.type === 'FETCH' || event.response.type === 'UIDFETCH')) {
    return { ...event, response: structuredClone(plainFetch(event.response)) };
  }
  if ('error' in event) {
    const { error, ...rest } = event;
    return { ...structuredClone(rest), error: error.message };
  }
  return structuredClone(event);
}

/** An event in few words, for tests of what happens in which order. */
export function inWords(event: ImapClientEvent): string {
  switch (event.type) {
    case 'send':
      return `send ${shown(event.octets).replaceAll('\r\n', '⏎')}`;
    case 'response':
      return `${event.response.type}${event.tag === undefined ? '' : ` for ${event.tag}`}`;
    case 'command-done':
      return `${event.tag} ${event.name} ${event.outcome}`;
    case 'command-dropped':
      return `${event.tag} ${event.name} dropped: ${event.error.code}`;
    case 'state':
      return `→ ${event.state}`;
    case 'capabilities':
      return event.capabilities === undefined
        ? 'capabilities forgotten'
        : `capabilities ${[...event.capabilities].join(' ')}`;
    case 'expunged':
      return `expunged ${event.sequence} uid ${event.uid}`;
    case 'vanished':
      return `vanished ${event.messages.map(({ sequence, uid }) => `${sequence}=${uid}`).join(' ')}`;
    case 'protocol-error':
      return `${event.isFatal ? 'fatal' : 'fault'}: ${event.error.message}`;
    case 'challenge':
      return `challenge "${shown([event.octets])}"`;
    case 'start-compression':
      return `start-compression ${event.mechanism} ${event.octets.length}`;
    default:
      return event.type;
  }
}

/** A client with what it writes and tells, as tests want to see it. */
export class ClientUnderTest {
  readonly client: ImapClient;

  constructor(options: Partial<ImapClientOptions> = {}) {
    this.client = new ImapClient({ transport: 'tls', ...options });
  }

  /** One that has been greeted, and authenticated or has a mailbox selected. */
  static in(
    state: 'not-authenticated' | 'authenticated' | 'selected',
    options: Partial<ImapClientOptions> = {},
    capabilities = 'IMAP4rev1',
  ): ClientUnderTest {
    const test = new ClientUnderTest(options);
    test.push(`* ${state === 'not-authenticated' ? 'OK' : 'PREAUTH'} [CAPABILITY ${capabilities}] ready`);
    if (state === 'selected') {
      test.send({ name: 'SELECT', mailbox: 'INBOX' }, 'S0');
      test.push('* 10 EXISTS', 'S0 OK [READ-WRITE] done');
    }
    return test;
  }

  /** What is written at once for a command. */
  send(command: ImapCommand, tag?: string): string {
    return shown(this.client.send(command, tag).octets).replaceAll('\r\n', '⏎');
  }

  /** What the client tells when the server sends lines. */
  push(...lines: string[]): string[] {
    return this.client.push(wire(...lines)).map(inWords);
  }
}
