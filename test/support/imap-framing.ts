import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { CommandDecoder, type CommandDecoderOptions } from '../../src/imap/framing/command-decoder.js';
import type { CommandEvent, ResponseEvent } from '../../src/imap/framing/events.js';
import { ResponseDecoder, type ResponseDecoderOptions } from '../../src/imap/framing/response-decoder.js';
import type { ImapResponse } from '../../src/imap/response/response.js';

/** An event with nothing that is read late or lies in a chunk, so that two can be compared. */
export type PlainEvent = Record<string, unknown> & { readonly type: string };

/** Octets as `«…»` of U+0000–U+00FF, everything else as it is; copies, so that chunks may be reused. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `«${latin1FromBytes(value)}»`;
  if (value instanceof Error) {
    const { code, offset } = value as Error & { code?: string; offset?: number };
    return { code, offset, message: value.message };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

export function plainEvent(event: ResponseEvent | CommandEvent): PlainEvent {
  if (event.type !== 'response') return plain(event) as PlainEvent;
  return plain({ ...event, response: withLateValues(event.response) }) as PlainEvent;
}

/** Reads what a FETCH has only when it is asked for; what is malformed is the error. */
function withLateValues(response: ImapResponse): unknown {
  if (response.type !== 'FETCH' && response.type !== 'UIDFETCH') return response;
  const late: Record<string, unknown> = {};
  for (const item of ['envelope', 'bodyStructure', 'body'] as const) {
    try {
      late[item] = response[item];
    } catch (error) {
      late[item] = error;
    }
  }
  return { ...response, ...late };
}

/** Pieces of a literal that was handed out become one: how many there are depends on the chunks. */
export function joinPieces(events: readonly PlainEvent[]): PlainEvent[] {
  const joined: PlainEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'literal-data' && last?.type === 'literal-data') {
      // Joined at the seam, since the octets themselves may be those of `»«`.
      const [begun, more] = [String(last['octets']), String(event['octets'])];
      joined[joined.length - 1] = { ...last, octets: begun.slice(0, -1) + more.slice(1) };
    } else joined.push(event);
  }
  return joined;
}

/** Chunks of the wire that end at the cuts; each in the same memory, which is overwritten for the next. */
export function* reusedChunks(wire: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  const memory = new Uint8Array(wire.length);
  let from = 0;
  for (const to of [...cuts, wire.length]) {
    memory.fill(0x21);
    memory.set(wire.subarray(from, to));
    yield memory.subarray(0, to - from);
    from = to;
  }
}

export const wireOf = (wire: string | Uint8Array): Uint8Array =>
  typeof wire === 'string' ? bytesFromLatin1(wire) : wire;

/** What a response decoder makes of a wire in chunks that end at the cuts. */
export function responsesAt(
  wire: string | Uint8Array,
  cuts: readonly number[] = [],
  options: ResponseDecoderOptions = {},
): PlainEvent[] {
  const decoder = new ResponseDecoder(options);
  const events: PlainEvent[] = [];
  for (const chunk of reusedChunks(wireOf(wire), cuts)) events.push(...decoder.push(chunk).map(plainEvent));
  return joinPieces([...events, ...decoder.end().map(plainEvent)]);
}

/** What a command decoder makes of a wire in chunks that end at the cuts. */
export function commandsAt(
  wire: string | Uint8Array,
  cuts: readonly number[] = [],
  options: CommandDecoderOptions = {},
): PlainEvent[] {
  const decoder = new CommandDecoder(options);
  const events: PlainEvent[] = [];
  for (const chunk of reusedChunks(wireOf(wire), cuts)) events.push(...decoder.push(chunk).map(plainEvent));
  return joinPieces([...events, ...decoder.end().map(plainEvent)]);
}

/** Every way to cut in two, the whole, and one octet at a time. */
export function everySplit(length: number): number[][] {
  const all = Array.from({ length: Math.max(0, length - 1) }, (_, at) => at + 1);
  return [[], all, ...all.map((at) => [at])];
}

export const joined = (pieces: readonly Uint8Array[]): Uint8Array => concatBytes(pieces);
