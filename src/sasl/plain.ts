import { concatBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { identity, passwordFits, prepared, type SaslServerOptions } from './accounts.js';
import {
  passwordOctets,
  plainText,
  type SaslCredentials,
  textOf,
  wantedPassword,
  wantedUser,
  wiping,
} from './credentials.js';
import { ClientExchange, malformed, ServerExchange } from './exchange.js';

/** PLAIN (RFC 4616): everything in the clear, in one message. */
export function plainClient(credentials: SaslCredentials): ClientExchange {
  const user = wantedUser(credentials, 'PLAIN');
  const actingAs = plainText(credentials.actingAs ?? '', 'actingAs');
  const password = wantedPassword(credentials, 'PLAIN');
  // RFC 4616 §2: at least one character, none of them NUL.
  if (user === '' || password.length === 0) {
    throw usage('PLAIN needs a `user` and a `password` that are not empty');
  }
  if (typeof password === 'string' ? password.includes('\0') : password.includes(0)) {
    throw usage('`password` may not have a NUL in it');
  }
  return new ClientExchange('PLAIN', true, () => {
    const octets = passwordOctets(password);
    return wiping([octets], () => ({
      response: concatBytes([bytesFromUtf8(`${actingAs}\0${user}\0`), octets]),
      isComplete: true,
    }));
  });
}

/** The server's side: the answer is one message of three fields, NUL between them. */
export function plainServer(options: SaslServerOptions): ServerExchange {
  return new ServerExchange('PLAIN', true, (response) =>
    wiping([response!], async () => {
      const fields = textOf(response!, 'PLAIN').split('\0');
      const [actingAs, name, secret] = fields;
      // RFC 4616 §2: the user and the password have at least one character each.
      if (fields.length !== 3 || name === '' || secret === '') {
        throw malformed(
          'a message of PLAIN is three fields with NUL between them, user and password not empty',
        );
      }
      return { outcome: await checked(name!, secret!, actingAs!, options) };
    }),
  );
}

/** RFC 4616 §2: names and password are compared as SASLprep leaves them. */
export async function checked(
  name: string,
  secret: string,
  actingAs: string,
  options: SaslServerOptions,
): ReturnType<typeof identity> {
  const user = prepared(name);
  const password = prepared(secret);
  const other = prepared(actingAs);
  if (user === undefined || user === '' || other === undefined) return undefined;
  // RFC 4616 §2: an empty one is not asked about. Elsewhere it may mean that nobody has to prove anything.
  if (password === undefined || password === '') return undefined;
  return (await passwordFits(user, password, options)) ? identity(user, other, options) : undefined;
}
