import { asBytes, type Bytes, concatBytes, constantTimeEqual, equalBytes } from '../core/bytes.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { randomOctets } from '../crypto/random.js';
import { encodeBase64 } from '../encoding/base64.js';
import {
  decoyKeys,
  identity,
  keptPassword,
  prepared,
  type SaslAccount,
  type SaslServerOptions,
} from './accounts.js';
import { textOf, wiping } from './credentials.js';
import { malformed, noOctets, ServerExchange, type ServerStep } from './exchange.js';
import type { SaslIdentity, ScramMechanism } from './mechanism.js';
import { deriveScramKeys, type ScramHash, type ScramKeys, scramDigest, scramHmac } from './scram-keys.js';
import { base64Attribute, decodeSaslName, isNonce, leadingAttributes } from './scram-messages.js';

/** What the first message of a client says. */
interface ClientFirst {
  readonly gs2Header: string;
  readonly flag: string;
  readonly actingAs: string;
  readonly bare: string;
  readonly user: string;
  readonly nonce: string;
}

function readClientFirst(message: string): ClientFirst {
  const header = /^(n|y|p=[A-Za-z0-9.-]+),(?:a=([^,]+))?,/.exec(message);
  if (header === null) throw malformed('a client of SCRAM begins with a GS2 header');
  const bare = message.slice(header[0].length);
  const [name, nonce] = leadingAttributes(bare, 'nr') as [string, string];
  if (!isNonce(nonce)) throw malformed("the client's nonce has characters that none may have");
  return {
    gs2Header: header[0],
    flag: header[1]!,
    actingAs: header[2] === undefined ? '' : decodeSaslName(header[2]),
    bare,
    user: decodeSaslName(name),
    nonce,
  };
}

/** The server's side of SCRAM (RFC 5802). Who is not there gets a salt, too, and fails as with a wrong password. */
export function scramServer(
  mechanism: ScramMechanism,
  hash: ScramHash,
  options: SaslServerOptions,
  ownNonce: string = encodeBase64(randomOctets(options.random, 18)),
): ServerExchange {
  let first: ClientFirst | undefined;
  let binding: Bytes | undefined;
  let keys: ScramKeys | undefined;
  let user: string | undefined;
  let serverFirst = '';
  let nonce = '';
  let authenticated: SaslIdentity | undefined;

  const begin = async (message: string): Promise<ServerStep> => {
    first = readClientFirst(message);
    binding = boundTo(mechanism, first.flag, options);
    if (binding === undefined) return { outcome: undefined };
    const name = prepared(first.user);
    const account = name === undefined || name === '' ? undefined : await options.account?.(name);
    const found = await keysOf(name ?? first.user, account, hash, options);
    user = found.areKept ? name : undefined;
    keys = found.keys;
    nonce = first.nonce + ownNonce;
    serverFirst = `r=${nonce},s=${encodeBase64(keys.salt)},i=${keys.iterations}`;
    return { challenge: bytesFromUtf8(serverFirst) };
  };

  const check = async (message: string): Promise<ServerStep> => {
    const proofAt = message.lastIndexOf(',p=');
    if (proofAt < 0) throw malformed('the last message of a client of SCRAM ends with its proof');
    const finalBare = message.slice(0, proofAt);
    const proof = base64Attribute(message.slice(proofAt + 3));
    const [bound, clientNonce] = leadingAttributes(finalBare, 'cr') as [string, string];
    const expected = concatBytes([bytesFromUtf8(first!.gs2Header), binding!]);
    // RFC 5802 §5.1: header and channel are the same that the exchange began with.
    const isSameChannel = equalBytes(base64Attribute(bound), expected);
    const authMessage = bytesFromUtf8(`${first!.bare},${serverFirst},${finalBare}`);
    const signature = scramHmac(hash, keys!.storedKey, authMessage, options);
    if (proof.length !== signature.length) return { outcome: undefined };
    const clientKey = proof.map((octet, at) => octet ^ signature[at]!);
    const isRight = await wiping([clientKey, signature], () =>
      constantTimeEqual(scramDigest(hash, clientKey, options), keys!.storedKey),
    );
    if (!isRight || !isSameChannel || clientNonce !== nonce || user === undefined)
      return { outcome: undefined };
    const actingAs = prepared(first!.actingAs);
    authenticated = actingAs === undefined ? undefined : await identity(user, actingAs, options);
    if (authenticated === undefined) return { outcome: undefined };
    const proven = scramHmac(hash, keys!.serverKey, authMessage, options);
    return { challenge: bytesFromUtf8(`v=${encodeBase64(proven)}`) };
  };

  return new ServerExchange(mechanism, true, (response) => {
    // The server's proof is out; the client answers it with nothing.
    if (authenticated !== undefined) {
      if (response!.length > 0) throw malformed('a client of SCRAM has nothing to say at the end');
      return { outcome: authenticated };
    }
    const message = textOf(response!, mechanism);
    return first === undefined ? begin(message) : check(message);
  });
}

/** The channel's octets that the client has to have bound to; `undefined` where it may not go on. */
function boundTo(mechanism: ScramMechanism, flag: string, options: SaslServerOptions): Bytes | undefined {
  const offered = options.channelBindings ?? [];
  if (mechanism.endsWith('-PLUS')) {
    const binding = offered.find(({ type }) => flag === `p=${type}`);
    return binding === undefined ? undefined : asBytes(binding.data).slice();
  }
  // RFC 5802 §6: "y" where channel binding was offered means that somebody took the offer out of the list.
  if (flag === 'y' && offered.length > 0) return undefined;
  if (flag.startsWith('p')) throw malformed(`${mechanism} does not bind to a channel; "-PLUS" does`);
  return new Uint8Array(0);
}

/** The keys that a user is checked against, and whether they are somebody's. */
async function keysOf(
  user: string,
  account: SaslAccount | undefined,
  hash: ScramHash,
  options: SaslServerOptions,
): Promise<{ readonly keys: ScramKeys; readonly areKept: boolean }> {
  const decoy = decoyKeys(user, hash, options);
  const password = keptPassword(account);
  const octets = password ?? noOctets;
  // The same work whatever is kept of a user and whether he is there: time must not tell.
  const derived = await wiping([octets], () => deriveScramKeys(hash, octets, decoy, options));
  const kept = account?.scram?.[hash] ?? (password === undefined ? undefined : derived);
  return { keys: kept ?? decoy, areKept: kept !== undefined };
}
