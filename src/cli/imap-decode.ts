import { CommandDecoder } from '../imap/framing/command-decoder.js';
import type { CommandEvent, ResponseEvent } from '../imap/framing/events.js';
import { ResponseDecoder } from '../imap/framing/response-decoder.js';
import { plainFetch } from '../imap/response/decoded-fetch.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, readChunks } from './files/input.js';
import { hidden, withoutSecrets } from './options/secrets.js';
import { printLine } from './report/terminal.js';

/** Literals of more octets are told of, and not printed. */
const longestLiteral = 1024 * 1024;

/** `mailseal imap-decode`. */
export async function imapDecode(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { client: { type: 'boolean' }, utf8: { type: 'boolean' } });
  const options = { utf8: line.values['utf8'] === true, literals: { streamFrom: longestLiteral + 1 } };
  const isClient = line.values['client'] === true;
  const decoder = isClient ? new CommandDecoder(options) : new ResponseDecoder({ ...options, eager: true });
  let wasUnparsed = false;
  const print = async (events: readonly (ResponseEvent | CommandEvent)[]): Promise<void> => {
    for (const event of events) {
      if (event.type === 'unparsed') wasUnparsed = true;
      const shown = eventJson(event, isClient);
      if (shown !== undefined) await printLine(shown);
    }
  };
  for await (const chunk of readChunks(fileOf(line))) await print(decoder.push(chunk));
  await print(decoder.end());
  return wasUnparsed ? 3 : 0;
}

/** What stands before a literal of a client, where that is no password. */
const harmlessHead = /^[^ ]+ (?:APPEND|(?:UID )?REPLACE) /i;

function eventJson(event: ResponseEvent | CommandEvent, isClient: boolean): unknown {
  switch (event.type) {
    case 'response': {
      const { response, quirks } = event;
      const plain =
        response.type === 'FETCH' || response.type === 'UIDFETCH' ? plainFetch(response) : response;
      return { event: 'response', ...(quirks.length > 0 ? { quirks } : {}), ...plain };
    }
    case 'command': {
      const { command, quirks } = event;
      const { tag } = command;
      return {
        event: 'command',
        ...(quirks.length > 0 ? { quirks } : {}),
        tag,
        ...withoutSecrets(command.command),
      };
    }
    case 'unparsed':
      return {
        event: 'unparsed',
        code: event.error.code,
        offset: event.error.offset,
        message: event.error.message,
      };
    case 'literal-begin': {
      const head = isClient && !harmlessHead.test(event.head) ? hidden : event.head;
      return { event: 'literal', id: event.id, length: event.length, head };
    }
    default:
      return undefined;
  }
}
