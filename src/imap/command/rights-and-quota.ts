import { usage } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';
import { readMailbox, writeMailbox } from '../values/mailbox-name.js';
import type { AclCommand, QuotaCommand, SetQuotaCommand } from './command.js';

/** Reads the arguments of SETACL, DELETEACL and LISTRIGHTS (RFC 4314 §3). */
export function readAcl(reader: SyntaxReader, name: AclCommand['name']): AclCommand {
  reader.space();
  const mailbox = readMailbox(reader);
  reader.space();
  const identifier = reader.astring();
  if (name !== 'SETACL') return { name, mailbox, identifier };
  reader.space();
  return { name, mailbox, identifier, rights: reader.astring() };
}

/** @throws MailsealError `usage` for SETACL without rights, and for rights elsewhere. */
export function writeAcl(writer: SyntaxWriter, { name, mailbox, identifier, rights }: AclCommand): void {
  if ((rights === undefined) === (name === 'SETACL')) {
    throw usage(name === 'SETACL' ? 'SETACL needs rights' : `${name} takes no rights`);
  }
  writer.raw(`${name} `);
  writeMailbox(writer, mailbox);
  writer.space();
  writer.astring(identifier);
  if (rights === undefined) return;
  writer.space();
  writer.astring(rights);
}

/** Reads the argument of GETQUOTA (RFC 9208 §4.1.1). */
export function readQuota(reader: SyntaxReader): QuotaCommand {
  reader.space();
  return { name: 'GETQUOTA', root: reader.astring() };
}

export function writeQuota(writer: SyntaxWriter, { root }: QuotaCommand): void {
  writer.raw('GETQUOTA ');
  writer.astring(root);
}

/** Reads the arguments of SETQUOTA (RFC 9208 §4.1.3). */
export function readSetQuota(reader: SyntaxReader): SetQuotaCommand {
  reader.space();
  const root = reader.astring();
  reader.space();
  const limits = reader.list(() => {
    const resource = reader.keyword();
    reader.space();
    return { resource, limit: reader.bigint() };
  });
  return { name: 'SETQUOTA', root, limits };
}

export function writeSetQuota(writer: SyntaxWriter, { root, limits }: SetQuotaCommand): void {
  writer.raw('SETQUOTA ');
  writer.astring(root);
  writer.space();
  writer.list(limits, ({ resource, limit }) => {
    writer.atom(resource);
    writer.space();
    writer.number(limit);
  });
}
