import { basename } from 'node:path';
import { type Bytes, concatBytes } from '../core/bytes.js';
import { bytesFromUtf8, strictUtf8FromBytes } from '../core/utf8.js';
import { composeEntity } from '../mime/compose/compose.js';
import { parseMessage } from '../mime/message.js';
import { type CommandLine, looksLikeCms, type Options, parseTime, UsageError } from './input.js';

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

/**
 * The message without its Bcc fields, which is said on the standard error: what is sealed goes to everybody, and
 * nobody is to see whom Bcc names (RFC 5322 §3.6.3).
 */
export function withoutBcc(message: Bytes, hint: string): Bytes {
  const fields = [...parseMessage(message).headers].filter(({ name }) => /^(?:resent-)?bcc$/i.test(name));
  if (fields.length === 0) return message;
  process.stderr.write(`mailseal: the field Bcc is left out${hint}\n`);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of fields) {
    pieces.push(message.subarray(from, start));
    from = end;
  }
  return concatBytes([...pieces, message.subarray(from)]);
}
