import { basename } from 'node:path';
import { type Bytes, concatBytes } from '../core/bytes.js';
import { bytesFromUtf8, strictUtf8FromBytes } from '../core/utf8.js';
import { composeEntity } from '../mime/compose/compose.js';
import { parseMessage } from '../mime/message.js';
import { type CommandLine, looksLikeCms, type Options, parseTime, UsageError } from './input.js';
import { writeWhole } from './output.js';

/** The options that `mailseal sign` and `mailseal encrypt` share besides those for keys. */
export const sealingOptions: Options = {
  algorithm: { type: 'string' },
  legacy: { type: 'boolean' },
  'header-protection': { type: 'boolean' },
  opaque: { type: 'boolean' },
  bare: { type: 'boolean' },
  at: { type: 'string' },
  out: { type: 'string' },
};

/** The message that is sealed: the input, or one made of bare content. */
export function messageOf(input: Bytes, file: string, isBare: boolean): Bytes {
  if (!isBare && !looksLikeCms(input) && parseMessage(input).headers.length > 0) return input;
  const text = strictUtf8FromBytes(input);
  const isText = text !== undefined && !text.includes('\0');
  const name = file === '-' ? {} : { filename: basename(file) };
  return concatBytes([
    bytesFromUtf8('MIME-Version: 1.0\r\n'),
    composeEntity(isText ? { text } : { attachments: [{ content: input, ...name }] }),
  ]);
}

/** The moment that counts as now. */
export function momentOf({ values }: CommandLine): Date {
  const wanted = values['at'] as string | undefined;
  const time = wanted === undefined ? new Date() : parseTime(wanted);
  if (time === undefined)
    throw new UsageError(`--at ${wanted}: give a date such as 2026-06-01 or 2026-06-01T09:30:00Z`);
  return time;
}

/** Refuses two files that are both the standard input. */
export function assertOneStandardInput(
  { values }: CommandLine,
  file: string,
  names: readonly string[],
): void {
  const named = names.flatMap((name) => values[name] ?? []);
  if ([file, ...named].filter((each) => each === '-').length > 1)
    throw new UsageError('the standard input can be read only once; name a file for the other');
}

/** Writes the message that came out: to `--out`, else to the standard output. */
export function writeMessage(octets: Uint8Array, out: string | undefined): void {
  if (out === undefined || out === '-') process.stdout.write(octets);
  else writeWhole(out, octets);
}
