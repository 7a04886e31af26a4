import { mkdirSync, writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { type EncodeCommandOptions, encodeCommand } from '../../src/imap/command/encode-command.js';
import type { ResponseEvent, UnparsedEvent } from '../../src/imap/framing/events.js';
import { ResponseDecoder, type ResponseDecoderOptions } from '../../src/imap/framing/response-decoder.js';
import { DecodedFetch, plainFetch } from '../../src/imap/response/decoded-fetch.js';
import type { ImapResponse, StatusResponse } from '../../src/imap/response/response.js';
import type { ImapFragment } from '../../src/imap/syntax/writer.js';
import { Transcript, transcriptFolder } from './imap-transcript.js';

/** What a server answered to one command. */
export interface Answer {
  readonly tag: string;
  readonly done: StatusResponse;
  /** What came before, untagged. */
  readonly untagged: readonly ImapResponse[];
}

/**
 * A client without any memory of its own: commands out, responses in, through
 * the encoder and the decoder alone. Everything that could not be parsed is
 * kept, so that a test can tell that there was nothing.
 */
export class ImapWire {
  readonly decoder: ResponseDecoder;
  readonly unparsed: UnparsedEvent[] = [];
  readonly quirks = new Set<string>();
  /** Responses so far. */
  count = 0;
  readonly #socket: Duplex;
  readonly #transcript: Transcript | undefined;
  readonly #events: ResponseEvent[] = [];
  #wake: (() => void) | undefined;
  #hasEnded = false;
  #tags = 0;

  constructor(
    socket: Duplex,
    options: { readonly record?: boolean; readonly decoder?: ResponseDecoderOptions } = {},
  ) {
    this.#socket = socket;
    this.#transcript = options.record === true ? new Transcript() : undefined;
    this.decoder = new ResponseDecoder(options.decoder);
    socket.on('data', (octets: Buffer) => {
      this.#transcript?.add('server', octets);
      this.#take(this.decoder.push(octets));
    });
    const end = (): void => {
      if (!this.#hasEnded) {
        this.#hasEnded = true;
        this.#take(this.decoder.end());
      }
    };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', end);
  }

  #take(events: readonly ResponseEvent[]): void {
    for (const event of events) {
      if (event.type === 'unparsed') this.unparsed.push({ ...event, octets: event.octets.slice() });
      if (event.type === 'response') {
        this.count++;
        for (const quirk of event.quirks) this.quirks.add(quirk);
        // Octets of a response are views until the next push.
        this.#events.push({ ...event, response: lasting(event.response) });
      } else if (event.type === 'literal-data') this.#events.push({ ...event, octets: event.octets.slice() });
      else this.#events.push(event);
    }
    this.#wake?.();
  }

  /** The next event; an error when the connection has ended, or nothing came for long. */
  async next(milliseconds = 30_000): Promise<ResponseEvent> {
    while (this.#events.length === 0) {
      if (this.#hasEnded) throw this.#failed('the connection has ended');
      await new Promise<void>((done, failed) => {
        const timer = setTimeout(() => failed(this.#failed('the server says nothing')), milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    return this.#events.shift()!;
  }

  #failed(what: string): Error {
    return new Error(`${what}; last:\n${this.#transcript?.format([]).slice(-2000)}`);
  }

  /** The next response. */
  async nextResponse(milliseconds?: number): Promise<ImapResponse> {
    for (;;) {
      const event = await this.next(milliseconds);
      if (event.type === 'response') return event.response;
    }
  }

  /** Throws where something came that could not be parsed. */
  expectAllParsed(): void {
    const [first] = this.unparsed;
    if (first !== undefined) throw new Error(`${first.error.message}: ${latin1FromBytes(first.octets)}`);
  }

  write(octets: Uint8Array): void {
    this.#transcript?.add('client', octets);
    this.#socket.write(octets);
  }

  /** Sends a command and waits for its end. */
  async run(command: ImapCommand, options: EncodeCommandOptions = {}): Promise<Answer> {
    const tag = `a${++this.#tags}`;
    const before = await this.#send(encodeCommand({ tag, command }, options));
    return await this.answer(tag, before);
  }

  /** Sends commands all at once. Servers may end them in another order, and say untagged things for several at once. */
  async pipeline(
    commands: readonly ImapCommand[],
  ): Promise<{ done: StatusResponse[]; untagged: ImapResponse[] }> {
    const tagged = commands.map((command) => ({ tag: `a${++this.#tags}`, command }));
    const fragments = tagged.flatMap((command) => encodeCommand(command, { literals: 'LITERAL+' }));
    this.write(concatBytes(fragments.map(({ octets }) => octets)));
    const done = new Map<string, StatusResponse>();
    const untagged: ImapResponse[] = [];
    while (done.size < tagged.length) {
      const response = await this.nextResponse();
      if (isDone(response)) done.set(response.tag ?? '', response);
      else untagged.push(response);
    }
    return { done: tagged.map(({ tag }) => done.get(tag)!), untagged };
  }

  /** Writes a line as it is, for what is not in a command. */
  line(text: string): void {
    this.write(bytesFromLatin1(`${text}\r\n`));
  }

  async #send(fragments: readonly ImapFragment[]): Promise<ImapResponse[]> {
    const before: ImapResponse[] = [];
    for (const { octets, wait } of fragments) {
      this.write(octets);
      if (wait) {
        const response = await this.#untilContinued(before);
        if (response.type !== '+') {
          // Refused: it is the answer already.
          before.push(response);
          break;
        }
      }
    }
    return before;
  }

  async #untilContinued(before: ImapResponse[]): Promise<ImapResponse> {
    for (;;) {
      const response = await this.nextResponse();
      if (response.type === '+' || isDone(response)) return response;
      before.push(response);
    }
  }

  /** What is answered to the command with a tag. */
  async answer(tag: string, before: readonly ImapResponse[] = []): Promise<Answer> {
    const untagged: ImapResponse[] = [];
    for (const response of before) {
      if (isDone(response)) return { tag, done: response, untagged };
      untagged.push(response);
    }
    for (;;) {
      const response = await this.nextResponse();
      if (isDone(response)) {
        if (response.tag !== tag) throw new Error(`${response.tag} is answered, not ${tag}`);
        return { tag, done: response, untagged };
      }
      untagged.push(response);
    }
  }

  /** IDLE: what the server tells until `isEnough`; then DONE. */
  async idle(isEnough: (response: ImapResponse) => boolean, begun: () => Promise<void>): Promise<Answer> {
    const tag = `a${++this.#tags}`;
    await this.#send([{ ...encodeCommand({ tag, command: { name: 'IDLE' } })[0]!, wait: true }]);
    await begun();
    const told: ImapResponse[] = [];
    for (;;) {
      const response = await this.nextResponse();
      told.push(response);
      if (isEnough(response)) break;
    }
    this.line('DONE');
    return await this.answer(tag, told);
  }

  /** Ends the connection; keeps what was recorded under a name, where `MAILSEAL_RECORD` asks for it. */
  close(name?: string): void {
    this.#socket.destroy();
    if (name === undefined || this.#transcript === undefined || process.env['MAILSEAL_RECORD'] === undefined)
      return;
    mkdirSync(transcriptFolder, { recursive: true });
    writeFileSync(
      `${transcriptFolder}${name}.transcript`,
      this.#transcript.format([
        'A session with a real server, made by test/interop with MAILSEAL_RECORD=1.',
        `${this.count} responses.`,
      ]),
    );
  }
}

/** A response, or anything else that was decoded, as plain data, which stays what it is when octets come after it. */
export function lasting<Value>(value: Value): Value {
  return copied(value instanceof DecodedFetch ? plainFetch(value) : value) as Value;
}

function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)]));
}

function isDone(response: ImapResponse): response is StatusResponse {
  return 'tag' in response && response.tag !== undefined;
}
