import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { asList, isSome, type SyntaxWriter } from '../syntax/writer.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import type { GenUrlAuthCommand, ResetKeyCommand, UrlCommand } from './command.js';

const SPACE = 0x20;

/** Reads the arguments of URLFETCH (RFC 4467 §7). */
export function readUrlFetch(reader: SyntaxReader): UrlCommand {
  const urls: UrlCommand['urls'][number][] = [];
  do {
    reader.space();
    urls.push(reader.astring());
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'URLFETCH', urls };
}

export function writeUrlFetch(writer: SyntaxWriter, { urls }: UrlCommand): void {
  if (!isSome(urls)) throw usage('URLFETCH needs one URL at least');
  writer.raw('URLFETCH');
  for (const url of urls) {
    writer.space();
    writer.astring(url);
  }
}

/** Reads the arguments of GENURLAUTH (RFC 4467 §7). */
export function readGenUrlAuth(reader: SyntaxReader): GenUrlAuthCommand {
  const urls: GenUrlAuthCommand['urls'][number][] = [];
  do {
    reader.space();
    const url = reader.astring();
    reader.space();
    urls.push({ url, mechanism: reader.keyword() });
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'GENURLAUTH', urls };
}

export function writeGenUrlAuth(writer: SyntaxWriter, { urls }: GenUrlAuthCommand): void {
  if (!isSome(urls)) throw usage('GENURLAUTH needs one URL at least');
  writer.raw('GENURLAUTH');
  for (const { url, mechanism } of urls) {
    writer.space();
    writer.astring(url);
    writer.space();
    writer.atom(mechanism);
  }
}

/** Reads the arguments of RESETKEY (RFC 4467 §7): none, or a mailbox with or without mechanisms. */
export function readResetKey(reader: SyntaxReader): ResetKeyCommand {
  if (!reader.skip(SPACE)) return { name: 'RESETKEY' };
  const mailbox = readMailbox(reader);
  const mechanisms: string[] = [];
  while (reader.skip(SPACE)) {
    mechanisms.push(reader.keyword());
    reader.count();
  }
  return { name: 'RESETKEY', mailbox, ...(mechanisms.length > 0 && { mechanisms }) };
}

/** @throws MailsealError `usage` for mechanisms without a mailbox. */
export function writeResetKey(writer: SyntaxWriter, { mailbox, mechanisms = [] }: ResetKeyCommand): void {
  writer.raw('RESETKEY');
  if (mailbox === undefined) {
    if (mechanisms.length > 0) throw usage('RESETKEY takes mechanisms only for a mailbox');
    return;
  }
  writer.space();
  writeMailbox(writer, mailbox);
  for (const mechanism of asList(mechanisms)) {
    writer.space();
    writer.atom(mechanism);
  }
}
