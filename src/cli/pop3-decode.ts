import { concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { Pop3Command } from '../pop3/command.js';
import { decodePop3Command } from '../pop3/read-command.js';
import { Pop3ReplyDecoder, type Pop3ReplyEvent } from '../pop3/reply-decoder.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, readChunks, readInput, UsageError } from './files/input.js';
import { guessCommands } from './guess-pop3.js';
import { withoutSecrets } from './options/secrets.js';
import { printLine } from './report/terminal.js';

/** Messages of more octets are told of, and not printed. */
const longestMessage = 1024 * 1024;

/** A text of more characters no runtime has for sure. */
const longestGuess = 256 * 1024 * 1024;

/** `mailseal pop3-decode`. */
export async function pop3Decode(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { client: { type: 'string' } });
  const file = fileOf(line);
  const client = line.values['client'] as string | undefined;
  if (client === '-' && file === '-')
    throw new UsageError('the standard input cannot be both FILE and --client');
  const decoder = new Pop3ReplyDecoder();
  const printer = new ReplyPrinter();
  if (client === undefined) {
    // Which replies have lines, the commands tell: without them all has to be there to guess.
    const octets = await readInput(file);
    if (octets.length > longestGuess) {
      throw new UsageError('a capture of more than 256 MiB needs --client: nothing can be guessed of it');
    }
    for (const command of guessCommands(octets)) decoder.expect(command);
    await printer.print(decoder.push(octets));
  } else {
    for (const command of commandsOf(await readInput(client))) decoder.expect(command);
    for await (const chunk of readChunks(file)) await printer.print(decoder.push(chunk));
  }
  await printer.print(decoder.end());
  return printer.wasUnparsed ? 3 : 0;
}

/** The commands of a client; what continues an exchange of AUTH is none. */
function commandsOf(octets: Uint8Array): Pop3Command[] {
  const commands: Pop3Command[] = [];
  let start = 0;
  for (let end = octets.indexOf(0x0a); end >= 0; end = octets.indexOf(0x0a, start)) {
    const line = octets.subarray(start, end > start && octets[end - 1] === 0x0d ? end - 1 : end);
    start = end + 1;
    try {
      const command = decodePop3Command(line);
      const isExchange = commands.at(-1)?.name === 'AUTH' && command.name === 'other';
      if (!isExchange) commands.push(command);
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      // The server answered this line, too, with an error.
      commands.push({ name: 'other', keyword: 'UNKNOWN' });
    }
  }
  return commands;
}

/** Prints replies; a message in one piece, at its end. */
class ReplyPrinter {
  wasUnparsed = false;
  #pieces: Uint8Array[] = [];
  #length = 0;

  async print(events: readonly Pop3ReplyEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'message-data') {
        this.#length += event.octets.length;
        if (this.#length <= longestMessage) this.#pieces.push(event.octets.slice());
      } else if (event.type === 'lines') {
        for (const data of event.lines) await printLine({ event: 'data', ...data });
      } else await printLine(this.#eventJson(event));
    }
  }

  #eventJson(event: Exclude<Pop3ReplyEvent, { type: 'message-data' | 'lines' }>): unknown {
    switch (event.type) {
      case 'status': {
        const { command, status } = event;
        return {
          event: 'status',
          ...(command === undefined ? {} : { command: withoutSecrets(command) }),
          ...status,
        };
      }
      case 'data':
        return { event: 'data', ...event.data };
      case 'continuation':
        return { event: 'continuation', challenge: event.challenge };
      case 'end': {
        const length = this.#length;
        const octets = length <= longestMessage ? { octets: concatBytes(this.#pieces) } : {};
        this.#pieces = [];
        this.#length = 0;
        return { event: 'end', ...(length > 0 ? { length, ...octets } : {}) };
      }
      case 'unparsed': {
        this.wasUnparsed = true;
        return {
          event: 'unparsed',
          code: event.error.code,
          message: event.error.message,
          octets: event.octets,
        };
      }
    }
  }
}
