import { latin1FromBytes } from '../core/bytes.js';
import type { Pop3Command } from '../pop3/command.js';

/**
 * Commands that a server's replies may be the answers to, for who has nothing
 * but those: lines follow a "+OK" where what follows is no status line.
 */
export function guessCommands(octets: Uint8Array): Pop3Command[] {
  const text = latin1FromBytes(octets);
  const commands: Pop3Command[] = [];
  let isExchange = false;
  // The first line is the greeting.
  for (let at = lineEnd(text, 0); at < text.length; ) {
    const bodyStart = lineEnd(text, at);
    const status = text.slice(at, bodyStart);
    at = bodyStart;
    if (/^\+(?!OK)/i.test(status)) {
      // A challenge of AUTH, which one of the next status lines answers.
      if (!isExchange) commands.push({ name: 'AUTH', mechanism: 'UNKNOWN' });
      isExchange = true;
      continue;
    }
    if (isExchange || !/^\+OK/i.test(status) || isStatus(text, bodyStart)) {
      if (!isExchange) commands.push({ name: 'NOOP' });
      isExchange = false;
      continue;
    }
    const end = text.startsWith('.\r\n', bodyStart) ? bodyStart : text.indexOf('\r\n.\r\n', bodyStart) + 2;
    if (end < 2) break;
    commands.push(commandOf(text.slice(bodyStart, end)));
    at = end + 3;
  }
  return commands;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function isStatus(text: string, at: number): boolean {
  return at >= text.length || /^(?:\+OK|-ERR|\+ )/i.test(text.slice(at, at + 4));
}

/** Whose list it could be; a message where it is none. */
function commandOf(body: string): Pop3Command {
  const lines = body.split('\r\n').slice(0, -1);
  if (lines.every((line) => /^\d+ \d+$/.test(line))) return { name: 'LIST' };
  if (lines.every((line) => /^\d+ [!-~]+$/.test(line))) return { name: 'UIDL' };
  if (lines.some((line) => /^(?:TOP|UIDL|USER|SASL|STLS|PIPELINING|RESP-CODES)\b/i.test(line)))
    return { name: 'CAPA' };
  return { name: 'RETR', message: 1 };
}
