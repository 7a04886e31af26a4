import { MailsealError } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { assertGiven } from '../crypto/given.js';
import { cramMd5Client } from './cram-md5.js';
import type { SaslCredentials } from './credentials.js';
import { anonymousClient, externalClient } from './external.js';
import { loginClient } from './login.js';
import type { SaslClient, SaslMechanism, ScramMechanism } from './mechanism.js';
import { oauthBearerClient, xoauth2Client } from './oauth.js';
import { plainClient } from './plain.js';
import { type ScramClientOptions, scramClient } from './scram-client.js';
import type { ScramHash } from './scram-keys.js';

/** What {@link createSaslClient} takes beside the credentials. */
export interface SaslClientOptions extends ScramClientOptions {}

/**
 * The client's side of an exchange, to hand to an IMAP, POP3 or SMTP session.
 * What it holds is in no property, so that nothing prints it.
 *
 * @param mechanism - its name, in capital or small letters; {@link chooseMechanism} chooses one.
 * @param credentials - what the mechanism needs of them has to be there.
 * @param options - `limits` on SCRAM's iterations, `random`, `engine`.
 * @throws MailsealError `sasl-unsupported` for a mechanism that is not known, `usage`
 * where credentials are missing or the mechanism cannot carry them (a NUL, half a surrogate
 * pair, an empty password in PLAIN), `sasl-malformed` where SASLprep refuses the user or
 * the password (SCRAM only; a password as octets is taken as it is).
 * @example
 * ```ts
 * import { createSaslClient } from 'mailseal/sasl';
 *
 * // RFC 4616 §4.
 * const client = createSaslClient('PLAIN', { user: 'tim', password: 'tanstaaftanstaaf' });
 * const response = await client.respond();
 * console.log(response.length, client.isComplete); // 21 true
 * ```
 */
export function createSaslClient(
  mechanism: string,
  credentials: SaslCredentials,
  options: SaslClientOptions = {},
): SaslClient {
  assertGiven(credentials, 'the credentials');
  const name = mechanismName(mechanism);
  const hash = scramHashOf(name);
  if (hash !== undefined) return scramClient(name as ScramMechanism, hash, credentials, options);
  switch (name) {
    case 'PLAIN':
      return plainClient(credentials);
    case 'LOGIN':
      return loginClient(credentials);
    case 'CRAM-MD5':
      return cramMd5Client(credentials, options);
    case 'XOAUTH2':
      return xoauth2Client(credentials);
    case 'OAUTHBEARER':
      return oauthBearerClient(credentials);
    case 'EXTERNAL':
      return externalClient(credentials);
    default:
      return anonymousClient(credentials);
  }
}

const names: readonly SaslMechanism[] = [
  'SCRAM-SHA-512-PLUS',
  'SCRAM-SHA-512',
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-1',
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'XOAUTH2',
  'OAUTHBEARER',
  'EXTERNAL',
  'ANONYMOUS',
];

/** @throws MailsealError `sasl-unsupported` for one that is not known. */
export function mechanismName(mechanism: string): SaslMechanism {
  const name = String(mechanism).toUpperCase() as SaslMechanism;
  if (names.includes(name)) return name;
  throw new MailsealError(
    'sasl-unsupported',
    `${shown(mechanism)} is no mechanism that is known: ${names.join(', ')}`,
    { fault: 'usage' },
  );
}

/** The hash of a mechanism that is SCRAM. */
export function scramHashOf(mechanism: string): ScramHash | undefined {
  return /^SCRAM-(SHA-\d+)/.exec(mechanism)?.[1] as ScramHash | undefined;
}
