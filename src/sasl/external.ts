import { bytesFromUtf8 } from '../core/utf8.js';
import { identity, prepared, type SaslServerOptions } from './accounts.js';
import { plainText, type SaslCredentials, textOf, wanted } from './credentials.js';
import { ClientExchange, malformed, ServerExchange } from './exchange.js';

/** EXTERNAL (RFC 4422 appendix A): the connection has proved who the client is; it says as whom to act. */
export function externalClient(credentials: SaslCredentials): ClientExchange {
  const actingAs = plainText(credentials.actingAs ?? '', 'actingAs');
  return new ClientExchange('EXTERNAL', true, () => ({
    response: bytesFromUtf8(actingAs),
    isComplete: true,
  }));
}

/** The server's side. */
export function externalServer(options: SaslServerOptions): ServerExchange {
  return new ServerExchange('EXTERNAL', true, async (response) => {
    const actingAs = textOf(response!, 'EXTERNAL');
    if (actingAs.includes('\0')) throw malformed('the identity of EXTERNAL has a NUL in it');
    const { external } = options;
    return { outcome: external === undefined ? undefined : await identity(external, actingAs, options) };
  });
}

/** ANONYMOUS (RFC 4505): nobody, who may leave a trace. */
export function anonymousClient(credentials: SaslCredentials): ClientExchange {
  const trace = plainText(wanted(credentials, 'anonymous', 'ANONYMOUS'), 'anonymous');
  return new ClientExchange('ANONYMOUS', true, () => ({ response: bytesFromUtf8(trace), isComplete: true }));
}

/** The server's side: whoever is let in is called `anonymous`. */
export function anonymousServer(options: SaslServerOptions): ServerExchange {
  return new ServerExchange('ANONYMOUS', true, async (response) => {
    const trace = prepared(textOf(response!, 'ANONYMOUS'));
    if (trace === undefined) throw malformed('the trace of ANONYMOUS has control characters');
    const isLetIn = (await options.allowAnonymous?.(trace)) === true;
    return { outcome: isLetIn ? { user: 'anonymous', actingAs: 'anonymous' } : undefined };
  });
}
