import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { decodeBase64, encodeBase64 } from '../../encoding/base64.js';
import { CharacterBit } from '../syntax/characters.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { isSome, type SyntaxWriter } from '../syntax/writer.js';
import type {
  AuthenticateCommand,
  CompressCommand,
  EnableCommand,
  IdCommand,
  LoginCommand,
} from './command.js';
import { withoutWords } from './untold.js';

const SPACE = 0x20;
const EQUALS = 0x3d;
const CLOSE = 0x29;

/** Reads the arguments of LOGIN (RFC 9051 §6.2.3). */
export function readLogin(reader: SyntaxReader): LoginCommand {
  return withoutWords('LOGIN', () => {
    reader.space();
    const user = reader.astring();
    reader.space();
    const password = reader.astring();
    reader.expectEnd();
    return { name: 'LOGIN', user, password };
  });
}

export function writeLogin(writer: SyntaxWriter, { user, password }: LoginCommand): void {
  writer.raw('LOGIN ');
  writer.astring(user);
  writer.space();
  writer.astring(password);
}

/** Reads the arguments of AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959). */
export function readAuthenticate(reader: SyntaxReader): AuthenticateCommand {
  return withoutWords('AUTHENTICATE', () => {
    reader.space();
    const mechanism = reader.keyword();
    if (reader.isAtEnd) return { name: 'AUTHENTICATE', mechanism };
    reader.space();
    const initialResponse = readInitialResponse(reader);
    reader.expectEnd();
    return { name: 'AUTHENTICATE', mechanism, initialResponse };
  });
}

/** RFC 4959 §3: base64, or "=" for a response without octets. */
function readInitialResponse(reader: SyntaxReader): Bytes {
  const at = reader.at;
  if (reader.skip(EQUALS)) {
    if (reader.isAtEnd) return new Uint8Array(0);
    reader.at = at;
  }
  const text = reader.run(CharacterBit.atom);
  try {
    if (text !== '') return decodeBase64(text);
  } catch {
    // Said below: the place, not the octets.
  }
  return reader.fail('base64', at);
}

export function writeAuthenticate(writer: SyntaxWriter, command: AuthenticateCommand): void {
  writer.raw('AUTHENTICATE ');
  writer.atom(command.mechanism);
  if (command.initialResponse === undefined) return;
  writer.space();
  writer.raw(command.initialResponse.length === 0 ? '=' : encodeBase64(command.initialResponse));
}

/** Reads the arguments of ENABLE (RFC 9051 §6.3.1). */
export function readEnable(reader: SyntaxReader): EnableCommand {
  const capabilities: string[] = [];
  do {
    reader.space();
    capabilities.push(reader.atom());
    reader.count();
  } while (reader.peek() === SPACE);
  return { name: 'ENABLE', capabilities };
}

export function writeEnable(writer: SyntaxWriter, { capabilities }: EnableCommand): void {
  if (!isSome(capabilities)) throw usage('ENABLE needs one capability at least');
  writer.raw('ENABLE');
  for (const capability of capabilities) {
    writer.space();
    writer.atom(capability);
  }
}

/** Reads the arguments of COMPRESS (RFC 4978). */
export function readCompress(reader: SyntaxReader): CompressCommand {
  reader.space();
  return { name: 'COMPRESS', mechanism: reader.keyword() };
}

export function writeCompress(writer: SyntaxWriter, { mechanism }: CompressCommand): void {
  writer.raw('COMPRESS ');
  writer.atom(mechanism);
}

/** Reads the arguments of ID (RFC 2971 §3.1). */
export function readId(reader: SyntaxReader): IdCommand {
  reader.space();
  if (reader.nil()) return { name: 'ID', fields: undefined };
  const fields: { name: IdFieldName; value: IdFieldName | undefined }[] = [];
  reader.open();
  while (!reader.skip(CLOSE)) {
    if (fields.length > 0) reader.space();
    const name = reader.string();
    reader.space();
    fields.push({ name, value: reader.nstring() });
    reader.count();
  }
  reader.close();
  return { name: 'ID', fields };
}

type IdFieldName = NonNullable<IdCommand['fields']>[number]['name'];

export function writeId(writer: SyntaxWriter, { fields }: IdCommand): void {
  writer.raw('ID ');
  if (fields === undefined) {
    writer.raw('NIL');
    return;
  }
  writer.list(fields, ({ name, value }) => {
    writer.string(name);
    writer.space();
    writer.nstring(value);
  });
}
