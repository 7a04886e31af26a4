import { asBytes, type Bytes } from '../core/bytes.js';
import type { Pop3Command, Pop3ListCommand, Pop3MessageCommand, Pop3TopCommand } from './command.js';
import { DotStuffer } from './dot-stuffing.js';
import { type Pop3Mailbox, type Pop3StoredMessage, topOf } from './mailbox.js';
import type { Pop3Capability, Pop3Data } from './reply.js';
import type { Pop3ServerOptions } from './server-options.js';
import type { Pop3State } from './states.js';
import { encodePop3ListLine, encodePop3Status, POP3_LIST_END } from './write-reply.js';

/** What a reply depends on beside its command. */
export interface Pop3Scene {
  readonly options: Pop3ServerOptions;
  readonly state: Pop3State;
  readonly isSecure: boolean;
  readonly mailbox: Pop3Mailbox | undefined;
  /** Indexes of deleted messages. */
  readonly deleted: ReadonlySet<number>;
}

/** The octets of a reply, made as they are asked for. */
export function replyTo(command: Pop3Command, scene: Pop3Scene): Iterable<Bytes> {
  const { mailbox, options } = scene;
  switch (command.name) {
    case 'CAPA':
      return listReply('', capabilityData(scene));
    case 'AUTH':
      return listReply(
        '',
        (options.mechanisms ?? []).map((mechanism) => ({ type: 'mechanism', mechanism })),
      );
    case 'LANG':
      return langReply(command.language, options);
    case 'NOOP':
    case 'RSET':
    case 'DELE':
      return [ok('')];
    case 'STAT':
      return mailbox === undefined ? [error('there is no mailbox')] : [stat(mailbox, scene.deleted)];
    case 'LIST':
    case 'UIDL':
      return mailbox === undefined
        ? [error('there is no mailbox')]
        : listing(command, mailbox, scene.deleted);
    case 'RETR':
    case 'TOP':
      return mailbox === undefined
        ? [error('there is no mailbox')]
        : message(command, mailbox, scene.deleted);
    default:
      return [error('this command is not known')];
  }
}

function stat({ messages }: Pop3Mailbox, deleted: ReadonlySet<number>): Bytes {
  let size = 0;
  // RFC 1939 §5: messages marked as deleted are not counted.
  messages.forEach((message, index) => {
    if (!deleted.has(index)) size += message.size;
  });
  return ok(`${messages.length - deleted.size} ${size}`);
}

function listing(
  command: Pop3ListCommand,
  mailbox: Pop3Mailbox,
  deleted: ReadonlySet<number>,
): Iterable<Bytes> {
  // What is deleted later must not show in a reply that is written later.
  if (command.message === undefined) return listReply('', listData(command.name, mailbox, new Set(deleted)));
  const stored = storedAt(command.message, mailbox, deleted);
  if (stored === undefined) return [error('there is no such message')];
  return [ok(`${command.message} ${command.name === 'LIST' ? stored.size : stored.uid}`)];
}

function message(
  command: Pop3MessageCommand | Pop3TopCommand,
  mailbox: Pop3Mailbox,
  deleted: ReadonlySet<number>,
): Iterable<Bytes> {
  const stored = storedAt(command.message, mailbox, deleted);
  if (stored === undefined) return [error('there is no such message')];
  const index = command.message - 1;
  if (command.name === 'TOP') return messageReply('', () => topOf(mailbox.retrieve(index), command.lines));
  return messageReply(`${stored.size} octets`, () => mailbox.retrieve(index));
}

function storedAt(
  number: number,
  { messages }: Pop3Mailbox,
  deleted: ReadonlySet<number>,
): Pop3StoredMessage | undefined {
  return deleted.has(number - 1) ? undefined : messages[number - 1];
}

function* listData(
  name: 'LIST' | 'UIDL',
  { messages }: Pop3Mailbox,
  deleted: ReadonlySet<number>,
): Generator<Pop3Data> {
  for (const [index, { size, uid }] of messages.entries()) {
    if (deleted.has(index)) continue;
    const message = index + 1;
    yield name === 'LIST' ? { type: 'listing', message, size } : { type: 'unique-id', message, uid };
  }
}

function* listReply(text: string, list: Iterable<Pop3Data>): Generator<Bytes> {
  yield ok(text);
  for (const data of list) yield encodePop3ListLine(data);
  yield POP3_LIST_END;
}

function* messageReply(text: string, retrieve: () => Iterable<Uint8Array>): Generator<Bytes> {
  const message = retrieve();
  yield ok(text);
  const stuffer = new DotStuffer();
  for (const chunk of message) yield* stuffer.update(asBytes(chunk));
  yield* stuffer.finish();
}

function langReply(language: string | undefined, { languages }: Pop3ServerOptions): Iterable<Bytes> {
  if (languages === undefined) return [error('this command is not known')];
  if (language === undefined)
    return listReply(
      '',
      languages.map((known) => ({ type: 'language', ...known })),
    );
  // RFC 6856 §3: "*" is the server's own choice.
  const found =
    language === '*'
      ? languages[0]
      : languages.find(({ tag }) => tag.toLowerCase() === language.toLowerCase());
  return [found === undefined ? error('this language is not known') : ok(`${found.tag} is used now`)];
}

/** RFC 2449 §6: what a server can do, in the state and under the protection that there is. */
function* capabilityData({ options, state, isSecure }: Pop3Scene): Generator<Pop3Data> {
  const isPrivate = isSecure || options.transport === 'plain';
  const list: Omit<Pop3Capability, 'type'>[] = [
    'TOP',
    'UIDL',
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
  ].map((name) => ({
    name,
    parameters: [],
  }));
  if (state === 'authorization') {
    if (isPrivate) list.push({ name: 'USER', parameters: [] });
    if (isPrivate && (options.mechanisms ?? []).length > 0)
      list.push({ name: 'SASL', parameters: options.mechanisms! });
    if (options.transport === 'stls' && !isSecure) list.push({ name: 'STLS', parameters: [] });
  }
  if (options.offersUtf8) list.push({ name: 'UTF8', parameters: [] });
  if (options.languages !== undefined) list.push({ name: 'LANG', parameters: [] });
  list.push(...(options.capabilities ?? []));
  for (const capability of list) yield { type: 'capability', ...capability };
}

function ok(text: string): Bytes {
  return encodePop3Status({ isOk: true, text });
}

function error(text: string): Bytes {
  return encodePop3Status({ isOk: false, text });
}
