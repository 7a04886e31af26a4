import { bytesFromUtf8 } from '../core/utf8.js';
import type { SaslServerOptions } from './accounts.js';
import {
  passwordOctets,
  type SaslCredentials,
  textOf,
  wantedPassword,
  wantedUser,
  wiping,
} from './credentials.js';
import { ClientExchange, malformed, ServerExchange } from './exchange.js';
import { checked } from './plain.js';

/**
 * LOGIN (draft-murchison-sasl-login): the server asks for the name, then for the
 * password. What it asks with differs from server to server, so the order counts.
 */
export function loginClient(credentials: SaslCredentials): ClientExchange {
  const user = wantedUser(credentials, 'LOGIN');
  const password = wantedPassword(credentials, 'LOGIN');
  let asked = 0;
  return new ClientExchange('LOGIN', false, () => {
    if (asked++ === 0) return { response: bytesFromUtf8(user) };
    return { response: passwordOctets(password), isComplete: true };
  });
}

/** The server's side; a client that knows RFC 4959 may send the name as the initial response. */
export function loginServer(options: SaslServerOptions): ServerExchange {
  let name: string | undefined;
  return new ServerExchange('LOGIN', false, (response) => {
    if (response === undefined) return { challenge: bytesFromUtf8('Username:') };
    if (name === undefined) {
      name = textOf(response, 'LOGIN');
      if (name === '') throw malformed('the user name of LOGIN is empty');
      return { challenge: bytesFromUtf8('Password:') };
    }
    const user = name;
    return wiping([response], async () => ({
      outcome: await checked(user, textOf(response, 'LOGIN'), '', options),
    }));
  });
}
