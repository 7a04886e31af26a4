import type { Bytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { hmacOf } from '../crypto/digests/hmac.js';
import { randomOctets } from '../crypto/random.js';
import { encodeHex } from '../encoding/hex.js';
import { equalSecrets, prepared, type SaslServerOptions } from './accounts.js';
import {
  passwordOctets,
  type SaslCredentials,
  textOf,
  wantedPassword,
  wantedUser,
  wiping,
} from './credentials.js';
import { ClientExchange, malformed, ServerExchange } from './exchange.js';

/** CRAM-MD5 (RFC 2195): the HMAC of a challenge with the password as its key. */
export function cramMd5Client(credentials: SaslCredentials, options: EngineOptions): ClientExchange {
  const user = wantedUser(credentials, 'CRAM-MD5');
  const password = wantedPassword(credentials, 'CRAM-MD5');
  return new ClientExchange('CRAM-MD5', false, async (challenge) => {
    const mac = await macOf(password, challenge, options);
    return { response: bytesFromUtf8(`${user} ${mac}`), isComplete: true };
  });
}

function macOf(password: string | Uint8Array, challenge: Bytes, options: EngineOptions): Promise<string> {
  const { engine = 'auto' } = options;
  const key = passwordOctets(password);
  return wiping([key], () => encodeHex(hmacOf('md5', key, challenge, { engine })));
}

/** The server's side. */
export function cramMd5Server(options: SaslServerOptions): ServerExchange {
  let challenge: Bytes | undefined;
  return new ServerExchange('CRAM-MD5', false, async (response) => {
    if (challenge === undefined) {
      if (response !== undefined) throw malformed('the client spoke first, in CRAM-MD5 the server does');
      const unique = encodeHex(randomOctets(options.random, 16));
      // RFC 2195 §2: in the form of a Message-ID.
      challenge = bytesFromUtf8(`<${unique}@${options.host ?? 'localhost'}>`);
      return { challenge };
    }
    const text = textOf(response!, 'CRAM-MD5');
    // A name may have spaces; the digest has none.
    const space = text.lastIndexOf(' ');
    const digest = text.slice(space + 1);
    if (space < 1 || !/^[0-9a-f]{32}$/.test(digest)) {
      throw malformed('a response of CRAM-MD5 is a user name, a space and 32 hexadecimal digits');
    }
    const user = prepared(text.slice(0, space));
    const account = user === undefined ? undefined : await options.account?.(user);
    // As much work for a user who is not there.
    const right = await macOf(account?.password ?? '', challenge, options);
    const fits = equalSecrets(bytesFromUtf8(digest), bytesFromUtf8(right), options);
    const isKept = account?.password !== undefined && account.password.length > 0;
    if (!fits || user === undefined || !isKept) return { outcome: undefined };
    return { outcome: { user, actingAs: user } };
  });
}
