import { asBytes, type Bytes, concatBytes, constantTimeEqual } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError, usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { type RandomOptions, randomOctets } from '../crypto/random.js';
import { encodeBase64 } from '../encoding/base64.js';
import { plainText, type SaslCredentials, textOf, wanted, wantedUser, wiping } from './credentials.js';
import { ClientExchange, type ClientStep, malformed, noOctets } from './exchange.js';
import type { SaslChannelBinding, ScramMechanism } from './mechanism.js';
import { saslprep } from './saslprep.js';
import { keysOfSalted, type ScramHash, saltedPassword, scramHmac } from './scram-keys.js';
import {
  attributesOf,
  base64Attribute,
  encodeSaslName,
  isNonce,
  iterationCount,
  leadingAttributes,
} from './scram-messages.js';

/** What a client of SCRAM may be told to accept. */
export interface ScramClientOptions extends RandomOptions, EngineOptions {
  readonly limits?: ScramLimits;
}

/** Between which numbers of iterations a client does the work. */
export interface ScramLimits {
  /** A server that asks for fewer is refused: it makes guessing cheap (RFC 7677 §4). Default 4,096. */
  readonly leastIterations?: number;
  /**
   * A server that asks for more is refused (`limit-iterations`): it keeps the client busy, and where
   * there is no native PBKDF2 nothing else runs meanwhile. Default 600,000.
   */
  readonly iterations?: number;
}

export const LEAST_ITERATIONS = 4096;
const MOST_ITERATIONS = 600_000;

/** SCRAM (RFC 5802): proves to know the password, has the server prove the same, tells neither. */
export function scramClient(
  mechanism: ScramMechanism,
  hash: ScramHash,
  credentials: SaslCredentials,
  options: ScramClientOptions,
  nonce: string = encodeBase64(randomOctets(options.random, 24)),
): ClientExchange {
  const user = saslprep(wantedUser(credentials, mechanism));
  if (user === '') throw usage('nothing is left of `user` by SASLprep');
  const password = wanted(credentials, 'password', mechanism);
  // Refused now rather than in the middle of the exchange.
  if (typeof password === 'string') saslprep(password);
  const actingAs = plainText(credentials.actingAs ?? '', 'actingAs');
  const binding = bindingOf(mechanism, credentials.channelBinding);
  const gs2Header = `${binding.flag},${actingAs === '' ? '' : `a=${encodeSaslName(actingAs)}`},`;
  const firstBare = `n=${encodeSaslName(user)},r=${nonce}`;
  let serverSignature: Bytes | undefined;
  let turn = 0;

  const prove = async (challenge: Bytes): Promise<ClientStep> => {
    const serverFirst = textOf(challenge, mechanism);
    const [serverNonce, saltText, count] = leadingAttributes(serverFirst, 'rsi') as [string, string, string];
    // RFC 5802 §5.1: the nonce begins with the client's own; else the answer is to somebody else's question.
    if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length || !isNonce(serverNonce)) {
      throw malformed("the server's nonce does not go on from the client's");
    }
    const salt = base64Attribute(saltText);
    if (salt.length === 0) throw malformed('the salt of SCRAM is empty');
    const iterations = iterationCount(count);
    checkIterations(iterations, options.limits ?? {});
    const bound = concatBytes([bytesFromUtf8(gs2Header), binding.data]);
    const finalBare = `c=${encodeBase64(bound)},r=${serverNonce}`;
    const authMessage = bytesFromUtf8(`${firstBare},${serverFirst},${finalBare}`);
    const salted = await saltedPassword(hash, password, { salt, iterations }, options);
    const { clientKey, storedKey, serverKey } = keysOfSalted(hash, salted, options);
    return wiping([salted, clientKey, storedKey, serverKey], () => {
      const signature = scramHmac(hash, storedKey, authMessage, options);
      const proof = clientKey.map((octet, at) => octet ^ signature[at]!);
      serverSignature = scramHmac(hash, serverKey, authMessage, options);
      return { response: bytesFromUtf8(`${finalBare},p=${encodeBase64(proof)}`) };
    });
  };

  const checkServer = (challenge: Bytes): ClientStep => {
    const [[name, value]] = attributesOf(textOf(challenge, mechanism)) as [readonly [string, string]];
    if (name === 'e') {
      throw new MailsealError('sasl-refused', `the server refuses: ${JSON.stringify(value)} (RFC 5802 §7)`, {
        fault: 'peer',
      });
    }
    if (name !== 'v') throw malformed('the last message of a server of SCRAM begins with "v=" or "e="');
    // RFC 5802 §5: a server that does not know the password cannot make this.
    if (!constantTimeEqual(base64Attribute(value), serverSignature!)) {
      throw new MailsealError('sasl-refused', 'the server does not prove that it knows the password', {
        fault: 'peer',
      });
    }
    return { response: noOctets, isComplete: true };
  };

  return new ClientExchange(mechanism, true, (challenge) => {
    turn++;
    if (turn === 1) return { response: bytesFromUtf8(gs2Header + firstBare) };
    return turn === 2 ? prove(challenge) : checkServer(challenge);
  });
}

function checkIterations(iterations: number, limits: ScramLimits): void {
  const { leastIterations = LEAST_ITERATIONS, iterations: most = MOST_ITERATIONS } = limits;
  if (iterations < leastIterations) {
    throw new MailsealError(
      'sasl-refused',
      `the server asks for ${iterations} iterations, fewer than limits.leastIterations (${leastIterations})`,
      { fault: 'peer' },
    );
  }
  if (iterations > most) {
    throw new MailsealError(
      'limit-iterations',
      `the server asks for ${iterations} iterations, more than limits.iterations (${most})`,
      { fault: 'peer' },
    );
  }
}

interface Binding {
  readonly flag: string;
  readonly data: Bytes;
}

/**
 * RFC 5802 §6: `p` binds to the channel; `y` says that the client could have and
 * that the server did not offer it, so that a server which did finds out; `n` that it could not.
 */
function bindingOf(mechanism: ScramMechanism, binding: SaslChannelBinding | undefined): Binding {
  if (!mechanism.endsWith('-PLUS')) return { flag: binding === undefined ? 'n' : 'y', data: noOctets };
  if (binding === undefined) {
    throw usage(`${mechanism} needs \`channelBinding\` among the credentials`);
  }
  if (!/^[A-Za-z0-9.-]+$/.test(binding.type)) {
    throw usage('the type of a channel binding is letters, digits, "." and "-"');
  }
  return { flag: `p=${binding.type}`, data: asBytes(binding.data).slice() };
}
