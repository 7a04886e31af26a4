import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import type { Part } from '../mime/part.js';
import { commandLine, readInput } from './input.js';
import type { ExitCode } from './main.js';
import { colours, painter, safe, type Tone } from './terminal.js';

/** `mailseal inspect`. */
export function inspect(args: readonly string[]): ExitCode {
  const line = commandLine(args, { json: { type: 'boolean' } });
  const message = parseMessage(readInput(line.positionals[0]));
  if (message.headers.length === 0 && message.parts.length === 0) {
    throw new MailsealError('mime-malformed', 'this is no mail message: it has no header fields', {
      offset: 0,
    });
  }
  if (line.values.json === true) process.stdout.write(`${JSON.stringify(partJson(message), undefined, 2)}\n`);
  else process.stdout.write(`${partLines(message, '', painter(colours(process.stdout))).join('\n')}\n`);
  return 0;
}

function partJson(part: Part): unknown {
  return {
    part: part.path,
    start: part.start,
    bodyStart: part.bodyStart,
    end: part.end,
    type: part.contentType.mediaType,
    parameters: Object.fromEntries(part.contentType.parameters.all.map(({ name, value }) => [name, value])),
    transferEncoding: part.transferEncoding,
    filename: part.filename ?? null,
    headers: [...part.headers].map((field) => ({
      name: field.name,
      text: field.text,
      start: field.start,
      end: field.end,
    })),
    defects: part.defects,
    parts: part.parts.map(partJson),
  };
}

function partLines(part: Part, indent: string, paint: (tone: Tone, text: string) => string): string[] {
  const title = part.path === '' ? 'message' : part.path;
  const name = part.filename === undefined ? '' : `  ${JSON.stringify(safe(part.filename))}`;
  const charset = part.contentType.parameters.get('charset');
  const lines = [
    `${indent}${paint('strong', title)}  ${safe(part.contentType.mediaType)}${charset === undefined ? '' : `; charset=${safe(charset)}`}` +
      `  ${safe(part.transferEncoding)}${name}`,
    `${indent}  ${paint('faint', `octets ${part.start}–${part.end}, header to ${part.headersEnd}, body from ${part.bodyStart} (${part.end - part.bodyStart} octets)`)}`,
  ];
  for (const field of part.headers) lines.push(`${indent}  ${safe(field.name)}: ${safe(field.text)}`);
  for (const defect of part.defects) {
    lines.push(
      `${indent}  ${paint('warn', 'defect:')} ${defect.code} at octet ${defect.offset}: ${safe(defect.message)}`,
    );
  }
  for (const child of part.parts) lines.push('', ...partLines(child, `${indent}  `, paint));
  return lines;
}
