import { type Bytes, concatBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import type { WireText } from '../core/wire-text.js';
import { encodeBase64 } from '../encoding/base64.js';
import type { Pop3Command } from './command.js';
import { assertCommand, isCommandName } from './states.js';
import { asciiWord, isText, isWhole, lineOctets } from './wire-octets.js';

/**
 * A command as it goes on the wire, its CRLF included. Nothing that is passed
 * can end the line.
 *
 * @throws MailsealError `usage` for an argument that cannot be sent: with CR, LF or NUL, a number that is none,
 *   a user's name with a blank in APOP. Its message never has a password in it.
 *
 * @example
 * ```ts
 * import { encodePop3Command } from 'mailseal/pop3';
 *
 * console.log(new TextDecoder().decode(encodePop3Command({ name: 'TOP', message: 1, lines: 0 }))); // 'TOP 1 0\r\n'
 * ```
 */
export function encodePop3Command(command: Pop3Command): Bytes {
  assertCommand(command);
  switch (command.name) {
    case 'USER':
      return line('USER', lineOctets(command.user, 'the name of the user', false));
    case 'PASS':
      return line('PASS', lineOctets(command.password, 'the password'));
    case 'APOP':
      if (!isText(command.digest, /^[0-9a-f]{32}$/))
        throw usage('the digest of APOP is 32 hexadecimal digits');
      return line('APOP', concatBytes([wordOctets(command.user), bytesFromUtf8(` ${command.digest}`)]));
    case 'LIST':
    case 'UIDL':
      return line(command.name, command.message === undefined ? undefined : numbers(command.message));
    case 'RETR':
    case 'DELE':
      return line(command.name, numbers(command.message));
    case 'TOP':
      if (!isWhole(command.lines))
        throw usage(`the number of lines is whole and 0 or more, not ${shown(command.lines)}`);
      return line('TOP', numbers(command.message, command.lines));
    case 'AUTH':
      return line('AUTH', authOctets(command.mechanism, command.initialResponse));
    case 'LANG':
      return line(
        'LANG',
        command.language === undefined
          ? undefined
          : bytesFromUtf8(asciiWord(command.language, 'a language tag')),
      );
    case 'other':
      // As what it is, its reply is read rightly, and what it tells is kept where it has to be.
      if (isCommandName(asciiWord(command.keyword, 'the name of a command', 40).toUpperCase())) {
        throw usage(`${command.keyword} is known: its arguments are properties of its own`);
      }
      return line(
        command.keyword,
        command.text === undefined ? undefined : lineOctets(command.text, 'the argument'),
      );
    default:
      return line(command.name, undefined);
  }
}

/**
 * What continues an AUTH exchange (RFC 5034 §4): base64 and CRLF.
 *
 * @example
 * ```ts
 * import { encodePop3Continuation } from 'mailseal/pop3';
 *
 * console.log(new TextDecoder().decode(encodePop3Continuation(new TextEncoder().encode('a')))); // 'YQ==\r\n'
 * ```
 */
export function encodePop3Continuation(response: Uint8Array): Bytes {
  return bytesFromUtf8(`${encodeBase64(response)}\r\n`);
}

function line(name: string, argument: Bytes | undefined): Bytes {
  const pieces = [bytesFromUtf8(argument === undefined ? name : `${name} `)];
  if (argument !== undefined) pieces.push(argument);
  pieces.push(bytesFromUtf8('\r\n'));
  return concatBytes(pieces);
}

/** RFC 5034 §4: an initial response that is empty is "=". */
function authOctets(mechanism: string | undefined, initialResponse: Bytes | undefined): Bytes | undefined {
  if (mechanism === undefined) {
    if (initialResponse !== undefined) throw usage('an initial response needs a mechanism');
    return undefined;
  }
  const name = bytesFromUtf8(asciiWord(mechanism, 'the name of a mechanism'));
  if (initialResponse === undefined) return name;
  const base64 = encodeBase64(initialResponse) || '=';
  // RFC 5034 §4: the line has no more than 255 octets, CRLF and all.
  if ('AUTH  \r\n'.length + name.length + base64.length > 255) {
    throw usage(
      'the initial response is too long for the line of AUTH: send it as the response to the first challenge',
    );
  }
  return concatBytes([name, bytesFromUtf8(` ${base64}`)]);
}

function numbers(message: number, lines?: number): Bytes {
  if (!isWhole(message) || message === 0) {
    throw usage(`the number of a message is whole and 1 or more, not ${shown(message)}`);
  }
  return bytesFromUtf8(lines === undefined ? String(message) : `${message} ${lines}`);
}

function wordOctets(text: WireText): Bytes {
  const octets = lineOctets(text, 'the name of the user', false);
  if (octets.includes(0x20)) throw usage('the name of the user has a blank in it, which APOP cannot send');
  return octets;
}
