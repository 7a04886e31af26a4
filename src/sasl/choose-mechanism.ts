import { MailsealError } from '../core/errors.js';
import { assertGiven } from '../crypto/given.js';
import type { SaslCredentials } from './credentials.js';
import type { SaslMechanism } from './mechanism.js';

/** What {@link chooseMechanism} goes by. */
export interface ChooseMechanismOptions {
  /** Whether the connection is under TLS. */
  readonly isEncrypted: boolean;
  /** Whether passwords and tokens may go over a connection that everybody can read. Default false. */
  readonly allowPlaintext?: boolean;
}

/** Best first. A password that TLS covers goes in the clear rather than through MD5. */
const byPassword: readonly SaslMechanism[] = [
  'SCRAM-SHA-512-PLUS',
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-512',
  'SCRAM-SHA-256',
  'SCRAM-SHA-1',
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
];
const byToken: readonly SaslMechanism[] = ['OAUTHBEARER', 'XOAUTH2'];

/** Those that say the password or the token itself. */
const sayTheSecret: readonly SaslMechanism[] = ['PLAIN', 'LOGIN', 'OAUTHBEARER', 'XOAUTH2'];

/**
 * The best mechanism that the server offers and the credentials are for: a
 * certificate before a token before a password; of the ways to prove a password SCRAM with channel
 * binding, SCRAM, then the others.
 *
 * @param offered - what the server says that it takes, in any order and case
 * (IMAP's capabilities `AUTH=…` without `AUTH=`).
 * @param credentials - what there is to prove who the client is.
 * @param options - whether the connection is under TLS.
 * @throws MailsealError `sasl-unsupported` when none fits, `sasl-refused` when only such fit
 * that would say a secret where everybody can read it (RFC 9051 §11.3).
 * @example
 * ```ts
 * import { chooseMechanism } from 'mailseal/sasl';
 *
 * const credentials = { user: 'tim', password: 'tanstaaftanstaaf' };
 * const offered = ['PLAIN', 'LOGIN', 'SCRAM-SHA-256'];
 * console.log(chooseMechanism(offered, credentials, { isEncrypted: true })); // SCRAM-SHA-256
 * ```
 */
export function chooseMechanism(
  offered: Iterable<string>,
  credentials: SaslCredentials,
  options: ChooseMechanismOptions,
): SaslMechanism {
  assertGiven(credentials, 'the credentials');
  assertGiven(options, 'the options');
  const names = new Set([...offered].map((name) => name.toUpperCase()));
  const fitting = usable(credentials).filter((mechanism) => names.has(mechanism));
  if (fitting.length === 0) {
    throw new MailsealError(
      'sasl-unsupported',
      `the server offers ${[...names].join(', ') || 'no mechanism'}, which the credentials are not for`,
      { fault: 'peer' },
    );
  }
  const mayBePlain = options.isEncrypted === true || options.allowPlaintext === true;
  const chosen = fitting.find((mechanism) => mayBePlain || !sayTheSecret.includes(mechanism));
  if (chosen === undefined) {
    throw new MailsealError(
      'sasl-refused',
      `${fitting.join(' and ')} would say the secret without TLS; start TLS first, or allow it (allowPlaintext)`,
      { fault: 'usage' },
    );
  }
  return chosen;
}

function usable(credentials: SaslCredentials): SaslMechanism[] {
  const { user, password, token, channelBinding } = credentials;
  const found: SaslMechanism[] = [];
  if (credentials.external === true) found.push('EXTERNAL');
  if (token !== undefined) {
    found.push(...byToken.filter((mechanism) => mechanism !== 'XOAUTH2' || user !== undefined));
  }
  if (user !== undefined && password !== undefined) {
    found.push(
      ...byPassword.filter((mechanism) => {
        if (mechanism.endsWith('-PLUS')) return channelBinding !== undefined;
        // These two cannot act as somebody else.
        return credentials.actingAs === undefined || (mechanism !== 'LOGIN' && mechanism !== 'CRAM-MD5');
      }),
    );
  }
  if (credentials.anonymous !== undefined) found.push('ANONYMOUS');
  return found;
}
