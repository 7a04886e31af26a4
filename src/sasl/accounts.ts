import { asBytes, type Bytes, constantTimeEqual } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { hmacOf } from '../crypto/digests/hmac.js';
import { type RandomOptions, randomOctets } from '../crypto/random.js';
import { passwordOctets, wiping } from './credentials.js';
import { noOctets } from './exchange.js';
import type { SaslChannelBinding, SaslIdentity } from './mechanism.js';
import { saslprep } from './saslprep.js';
import { LEAST_ITERATIONS } from './scram-client.js';
import { deriveScramKeys, type ScramHash, type ScramKeys, scramHmac, scramKeyLength } from './scram-keys.js';

/** What a server keeps of a user. */
export interface SaslAccount {
  /** The password itself: CRAM-MD5 can do with nothing else. An empty one lets nobody in. */
  readonly password?: string | Uint8Array;
  /** What SCRAM keeps in its place ({@link deriveScramKeys}), by hash; PLAIN and LOGIN are checked against it, too. */
  readonly scram?: Partial<Readonly<Record<ScramHash, ScramKeys>>>;
}

/** What a server needs to know to tell who a client is. Each mechanism takes what it needs of it. */
export interface SaslServerOptions extends RandomOptions, EngineOptions {
  /** What is kept of a user, whose name comes through SASLprep; `undefined` where there is no such user. */
  readonly account?: (user: string) => SaslAccount | undefined | Promise<SaslAccount | undefined>;
  /** PLAIN and LOGIN: whether a password is the user's, for those who keep it in another way. */
  readonly verifyPassword?: (user: string, password: string) => boolean | Promise<boolean>;
  /** XOAUTH2 and OAUTHBEARER: whose token it is; `undefined` for nobody's. */
  readonly verifyToken?: (token: string) => string | undefined | Promise<string | undefined>;
  /** EXTERNAL: who the connection itself has proved the client to be. */
  readonly external?: string;
  /** ANONYMOUS: whether to let somebody in who leaves this trace. */
  readonly allowAnonymous?: (trace: string) => boolean | Promise<boolean>;
  /** Whether a user may act as somebody else. Default: nobody may. */
  readonly mayActAs?: (user: string, actingAs: string) => boolean | Promise<boolean>;
  /** The TLS channel below, by each type that the server knows; then SCRAM with `-PLUS` is offered. */
  readonly channelBindings?: readonly SaslChannelBinding[];
  /** The server's own name, which a challenge of CRAM-MD5 ends with. Default `localhost`. */
  readonly host?: string;
  /**
   * SCRAM: octets known to the server only, out of which salts are made for
   * users who are not there, so that asking twice does not tell them apart.
   * Default: drawn for each exchange, which asking twice sees through where keys are kept.
   */
  readonly decoyKey?: Uint8Array;
  /**
   * Iterations where only `password` is kept, and for users who are not there. Default 4,096.
   * Where keys are kept give the number that they were derived with: a user with another
   * number can be told from one who is not there.
   */
  readonly iterations?: number;
}

/** Who somebody is, if he may act as he wants to. */
export async function identity(
  user: string,
  actingAs: string,
  options: SaslServerOptions,
): Promise<SaslIdentity | undefined> {
  if (actingAs === '' || actingAs === user) return { user, actingAs: user };
  return (await options.mayActAs?.(user, actingAs)) === true ? { user, actingAs } : undefined;
}

/** SASLprep of what came over the wire; `undefined` where it has none, which nobody's name or password is. */
export function prepared(text: string): string | undefined {
  try {
    return saslprep(text, { allowUnassigned: true });
  } catch {
    return undefined;
  }
}

/** Whether a password that came as it is, is the user's. */
export async function passwordFits(
  user: string,
  password: string,
  options: SaslServerOptions,
): Promise<boolean> {
  if (options.verifyPassword !== undefined) return (await options.verifyPassword(user, password)) === true;
  const account = await options.account?.(user);
  const given = bytesFromUtf8(password);
  const kept = keptPassword(account);
  const [found] = Object.entries(account?.scram ?? {}) as [ScramHash, ScramKeys][];
  const [hash, keys] = found ?? ['SHA-256', decoyKeys(user, 'SHA-256', options)];
  return wiping([given, kept ?? noOctets], async () => {
    // The same work whatever is kept of a user and whether he is there: time must not tell.
    const { salt, iterations } = keys;
    // As octets, since it is prepared: code points that SASLprep refuses in what is kept fit no keys.
    const derived = await deriveScramKeys(hash, given, { salt, iterations }, options);
    const hasKeys = constantTimeEqual(derived.storedKey, keys.storedKey);
    const isSame = equalSecrets(given, kept ?? given, options);
    return kept === undefined ? found !== undefined && hasKeys : isSame;
  });
}

/** The octets of the password that is kept, prepared; `undefined` where none is or it is empty. Whoever asks wipes them. */
export function keptPassword(account: SaslAccount | undefined): Bytes | undefined {
  if (account?.password === undefined) return undefined;
  const octets = passwordOctets(account.password, (text) => prepared(text) ?? text);
  // RFC 4616 §2: an empty password is nobody's.
  return octets.length === 0 ? undefined : octets;
}

/** Keys that no password has, with a salt that is the same each time where the server has a `decoyKey`. */
export function decoyKeys(user: string, hash: ScramHash, options: SaslServerOptions): ScramKeys {
  const { iterations = LEAST_ITERATIONS } = options;
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw usage('`iterations` is a whole number of at least 1');
  }
  const key = options.decoyKey === undefined ? randomOctets(options.random, 32) : asBytes(options.decoyKey);
  const length = scramKeyLength[hash];
  return {
    salt: scramHmac(hash, key, bytesFromUtf8(user), options).subarray(0, 16),
    iterations,
    storedKey: randomOctets(options.random, length),
    serverKey: randomOctets(options.random, length),
  };
}

/** Compares in time that tells nothing of the secret that is kept, its length neither. */
export function equalSecrets(given: Bytes, kept: Bytes, options: SaslServerOptions): boolean {
  const key = randomOctets(options.random, 32);
  const { engine = 'auto' } = options;
  return constantTimeEqual(hmacOf('sha256', key, given, { engine }), hmacOf('sha256', key, kept, { engine }));
}
