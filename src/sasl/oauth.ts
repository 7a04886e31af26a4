import { usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { identity, prepared, type SaslServerOptions } from './accounts.js';
import { plainText, type SaslCredentials, textOf, wanted, wantedUser } from './credentials.js';
import { ClientExchange, malformed, ServerExchange } from './exchange.js';
import { decodeSaslName, encodeSaslName } from './scram-messages.js';

const SEPARATOR = '\x01';

/** RFC 6750 §2.1: what a bearer token is made of; anything else could begin another field. */
const bearerToken = /^[A-Za-z0-9\-._~+/]+=*$/;

function wantedToken(credentials: SaslCredentials, mechanism: string): string {
  const token = wanted(credentials, 'token', mechanism);
  if (typeof token !== 'string' || !bearerToken.test(token)) {
    throw usage('`token` is no bearer token (RFC 6750 §2.1)');
  }
  return token;
}

/** OAUTHBEARER (RFC 7628). */
export function oauthBearerClient(credentials: SaslCredentials): ClientExchange {
  const token = wantedToken(credentials, 'OAUTHBEARER');
  const { actingAs = credentials.user, host, port } = credentials;
  const name = actingAs === undefined ? '' : `a=${encodeSaslName(field(actingAs, 'actingAs'))}`;
  let fields = '';
  if (host !== undefined) fields += `host=${field(host, 'host')}${SEPARATOR}`;
  if (port !== undefined) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw usage('`port` is a whole number from 1 to 65,535');
    }
    fields += `port=${port}${SEPARATOR}`;
  }
  const message = `n,${name},${SEPARATOR}${fields}auth=Bearer ${token}${SEPARATOR}${SEPARATOR}`;
  // RFC 7628 §3.2.3: a refusal is answered with one %x01, then the server fails the exchange.
  return oauthClient('OAUTHBEARER', message, SEPARATOR);
}

/** XOAUTH2, as Gmail and Outlook have it. */
export function xoauth2Client(credentials: SaslCredentials): ClientExchange {
  const token = wantedToken(credentials, 'XOAUTH2');
  const user = field(wantedUser(credentials, 'XOAUTH2'), 'user');
  const message = `user=${user}${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${SEPARATOR}`;
  return oauthClient('XOAUTH2', message, '');
}

function field(text: string, name: string): string {
  if (plainText(text, name).includes(SEPARATOR)) {
    throw usage(`\`${name}\` may not have U+0001 in it, which ends a field`);
  }
  return text;
}

function oauthClient(mechanism: string, message: string, acknowledgement: string): ClientExchange {
  let isSent = false;
  return new ClientExchange(mechanism, true, (challenge) => {
    if (!isSent) {
      isSent = true;
      return { response: bytesFromUtf8(message), isComplete: true, mayBeRefused: true };
    }
    return { response: bytesFromUtf8(acknowledgement), refusal: textOf(challenge, mechanism) };
  });
}

/** Says why it refuses, takes the acknowledgement, and ends without an outcome. */
function oauthServer(
  mechanism: string,
  options: SaslServerOptions,
  read: (message: string) => { readonly token: string; readonly actingAs: string },
): ServerExchange {
  let isRefused = false;
  return new ServerExchange(mechanism, true, async (response) => {
    if (isRefused) return { outcome: undefined };
    const { token, actingAs } = read(textOf(response!, mechanism));
    const user = await options.verifyToken?.(token);
    const wantedName = prepared(actingAs);
    if (user !== undefined && wantedName !== undefined) {
      const outcome = await identity(user, wantedName, options);
      if (outcome !== undefined) return { outcome };
    }
    isRefused = true;
    return { challenge: bytesFromUtf8('{"status":"invalid_token"}') };
  });
}

/** The server's side of OAUTHBEARER. */
export function oauthBearerServer(options: SaslServerOptions): ServerExchange {
  return oauthServer('OAUTHBEARER', options, (message) => {
    // RFC 7628 §3.1: a GS2 header without channel binding, then key-value pairs.
    const found = /^[ny],(?:a=([^,]*))?,\x01/.exec(message);
    if (found === null) throw malformed('a message of OAUTHBEARER begins with a GS2 header');
    return {
      token: tokenOf(message.slice(found[0].length), 'OAUTHBEARER'),
      actingAs: found[1] === undefined ? '' : decodeSaslName(found[1]),
    };
  });
}

/** The server's side of XOAUTH2. */
export function xoauth2Server(options: SaslServerOptions): ServerExchange {
  return oauthServer('XOAUTH2', options, (message) => {
    const found = /^user=([^\x01]*)\x01/.exec(message);
    if (found === null) throw malformed('a message of XOAUTH2 begins with "user="');
    return { token: tokenOf(message.slice(found[0].length), 'XOAUTH2'), actingAs: found[1]! };
  });
}

function tokenOf(pairs: string, mechanism: string): string {
  if (!pairs.endsWith(`${SEPARATOR}${SEPARATOR}`)) {
    throw malformed(`a message of ${mechanism} ends with two octets of value 1`);
  }
  for (const pair of pairs.split(SEPARATOR)) {
    const found = /^auth=bearer +(.*)$/is.exec(pair);
    if (found !== null && bearerToken.test(found[1]!)) return found[1]!;
  }
  throw malformed(`a message of ${mechanism} has a bearer token`);
}
