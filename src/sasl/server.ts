import { usage } from '../core/errors.js';
import { assertGiven } from '../crypto/given.js';
import type { SaslServerOptions } from './accounts.js';
import { mechanismName, scramHashOf } from './client.js';
import { cramMd5Server } from './cram-md5.js';
import { anonymousServer, externalServer } from './external.js';
import { loginServer } from './login.js';
import type { SaslServer, ScramMechanism } from './mechanism.js';
import { oauthBearerServer, xoauth2Server } from './oauth.js';
import { plainServer } from './plain.js';
import { scramServer } from './scram-server.js';

/**
 * The server's side of an exchange. A wrong password, an unknown user and one who
 * may not act as he wants to all end the same way: without an `outcome`.
 *
 * @param mechanism - its name, in capital or small letters.
 * @param options - what the mechanism needs of them has to be there: `account` or
 * `verifyPassword` for passwords, `verifyToken`, `external`, `allowAnonymous`.
 * @throws MailsealError `sasl-unsupported` for a mechanism that is not known, `usage`
 * where an option is missing.
 * @example
 * ```ts
 * import { createSaslClient, createSaslServer } from 'mailseal/sasl';
 *
 * const accounts = new Map([['tim', { password: 'tanstaaftanstaaf' }]]);
 * const server = createSaslServer('SCRAM-SHA-256', { account: (user) => accounts.get(user) });
 * const client = createSaslClient('SCRAM-SHA-256', { user: 'tim', password: 'tanstaaftanstaaf' });
 *
 * let challenge = await server.challenge(await client.respond());
 * while (challenge !== undefined) challenge = await server.challenge(await client.respond(challenge));
 * console.log(client.isComplete, server.outcome?.user); // true tim
 * ```
 */
export function createSaslServer(mechanism: string, options: SaslServerOptions): SaslServer {
  assertGiven(options, 'the options');
  const name = mechanismName(mechanism);
  const hash = scramHashOf(name);
  if (hash !== undefined) {
    assertOption(options.account, 'account', name);
    if (name.endsWith('-PLUS')) assertOption(options.channelBindings?.[0], 'channelBindings', name);
    return scramServer(name as ScramMechanism, hash, options);
  }
  switch (name) {
    case 'PLAIN':
    case 'LOGIN':
      assertOption(options.verifyPassword ?? options.account, 'account` or `verifyPassword', name);
      return name === 'PLAIN' ? plainServer(options) : loginServer(options);
    case 'CRAM-MD5':
      assertOption(options.account, 'account', name);
      return cramMd5Server(options);
    case 'XOAUTH2':
    case 'OAUTHBEARER':
      assertOption(options.verifyToken, 'verifyToken', name);
      return name === 'XOAUTH2' ? xoauth2Server(options) : oauthBearerServer(options);
    case 'EXTERNAL':
      return externalServer(options);
    default:
      assertOption(options.allowAnonymous, 'allowAnonymous', name);
      return anonymousServer(options);
  }
}

function assertOption(value: unknown, option: string, mechanism: string): void {
  if (value === undefined) throw usage(`a server of ${mechanism} needs \`${option}\``);
}
