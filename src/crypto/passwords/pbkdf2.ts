import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type HmacDigestName, hmacDigest } from '../digests/hmac.js';
import { pbkdf2InTypeScript } from '../digests/iterated-hmac.js';
import { engineUnavailable } from '../engines/engine-choice.js';
import { nativeCrypto } from '../engines/native-crypto.js';
import { webDerivation } from '../engines/native-web-derivation.js';
import { assertGiven } from '../given.js';

/** What {@link pbkdf2} takes beside the password. */
export interface Pbkdf2Options extends EngineOptions {
  /** The digest of the HMAC inside. */
  readonly digest: HmacDigestName;
  readonly salt: Uint8Array;
  /** At least 1. What an untrusted file asks for has to be bounded before. */
  readonly iterations: number;
  /** How many octets are wanted. */
  readonly length: number;
  /** Ends the work before it begins; once it has begun what it derives is let go, but it is not stopped. */
  readonly signal?: AbortSignalLike;
}

/** A derivation with everything checked. */
interface Derivation {
  readonly digest: HmacDigestName;
  readonly password: Bytes;
  readonly salt: Bytes;
  readonly iterations: number;
  readonly length: number;
}

/**
 * PBKDF2 (RFC 8018 §5.2): a key from a password, slowly on purpose. Native
 * code works beside the event loop, TypeScript in it.
 *
 * @throws MailsealError `usage` for an unknown digest and for numbers that are
 * not whole and positive, `aborted`, `crypto-engine-unavailable` when `engine` is
 * `native` and the runtime has it not.
 * @example
 * ```ts
 * import { pbkdf2 } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // RFC 6070 §2, the second test vector.
 * const encoder = new TextEncoder();
 * const key = await pbkdf2(encoder.encode('password'), {
 *   digest: 'sha1',
 *   salt: encoder.encode('salt'),
 *   iterations: 2,
 *   length: 20,
 * });
 * console.log(encodeHex(key)); // ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957
 * ```
 */
export async function pbkdf2(password: Uint8Array, options: Pbkdf2Options): Promise<Bytes> {
  assertGiven(options, 'the options');
  const { digest, iterations, length, engine, signal } = options;
  hmacDigest(digest);
  for (const number of [iterations, length]) {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw usage('iterations and length of PBKDF2 are whole numbers of at least 1');
    }
  }
  const asked = { digest, password: asBytes(password), salt: asBytes(options.salt), iterations, length };
  const derive = await trustedWay(engine, digest);
  throwIfAborted(signal);
  if (derive !== undefined) {
    try {
      const derived = await derive(asked);
      if (signal?.aborted === true) derived.fill(0);
      throwIfAborted(signal);
      return derived;
    } catch (cause) {
      throwIfAborted(signal);
      if (engine === 'native') throw engineUnavailable(`PBKDF2 with ${digest}`, 'refused', cause);
    }
  }
  return inTypeScript(asked);
}

function inTypeScript({ digest, password, salt, iterations, length }: Derivation): Bytes {
  return pbkdf2InTypeScript(hmacDigest(digest), password, salt, iterations, length);
}

type Way = (asked: Derivation) => Promise<Bytes>;

/** The trusted native way for each digest, `undefined` where there is none; looked for once per process. */
const trusted = /* @__PURE__ */ new Map<HmacDigestName, Promise<Way | undefined>>();

async function trustedWay(engine: Engine | undefined, digest: HmacDigestName): Promise<Way | undefined> {
  if (engine === 'typescript') return undefined;
  if (engine !== undefined && engine !== 'auto' && engine !== 'native') {
    throw usage(`${shown(engine)} is no engine; give native, typescript or auto`);
  }
  let way = trusted.get(digest);
  if (way === undefined) {
    way = firstRight(digest, [inNode, inWebCrypto]);
    trusted.set(digest, way);
  }
  const found = await way;
  if (found === undefined && engine === 'native')
    throw engineUnavailable(`PBKDF2 with ${digest}`, 'untrusted');
  return found;
}

/** The first way that derives the same as TypeScript, over two blocks and three iterations. */
async function firstRight(digest: HmacDigestName, ways: readonly Way[]): Promise<Way | undefined> {
  const password = Uint8Array.of(0x61, 0x62, 0x63);
  const salt = new Uint8Array(16).fill(0x4d);
  const asked = { digest, password, salt, iterations: 3, length: 65 };
  const known = inTypeScript(asked);
  for (const way of ways) {
    try {
      const answer = await way(asked);
      if (equalBytes(answer, known)) return way;
    } catch {
      // The next way is asked.
    }
  }
  return undefined;
}

function inNode({ digest, password, salt, iterations, length }: Derivation): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    nativeCrypto()!.pbkdf2!(password, salt, iterations, length, digest, (error, derived) => {
      if (error === null || error === undefined) resolve(asBytes(derived));
      else reject(error);
    });
  });
}

/** The digests that WebCrypto's PBKDF2 knows (W3C Web Cryptography §33). */
const webHashes: Partial<Record<HmacDigestName, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

async function inWebCrypto({ digest, password, salt, iterations, length }: Derivation): Promise<Bytes> {
  const subtle = webDerivation()!;
  const hash = webHashes[digest]!;
  const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, 8 * length));
}
