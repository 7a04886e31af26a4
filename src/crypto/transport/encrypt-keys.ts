import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { assertGiven } from '../given.js';
import type { PublicKey, RsaPublicKey } from '../keys/public-key.js';
import type { RandomOptions } from '../random.js';
import { encryptKey, encryptKeyAtOnce } from './encrypt-key.js';
import type { KeyTransportAlgorithm } from './key-transport-algorithm.js';
import { pkcs1Batch } from './pkcs1-batch.js';

/** One of those whom {@link encryptKeys} encrypts to. */
export interface KeyTransportRecipient {
  /** An RSA key. */
  readonly publicKey: PublicKey;
  /** How to encrypt. */
  readonly algorithm: KeyTransportAlgorithm;
}

/** What {@link encryptKeys} takes. */
export interface EncryptKeysOptions extends EngineOptions, RandomOptions {
  /** The key to encrypt, as many octets as its cipher takes. */
  readonly key: Uint8Array;
  /** To whom, in the order of the answer. */
  readonly recipients: readonly KeyTransportRecipient[];
  /** Ends the work between one recipient and the next. */
  readonly signal?: AbortSignalLike;
}

/**
 * Encrypts one content key to the holders of many RSA keys: what `encryptKey`
 * gives for each, without a promise for each where native code is synchronous,
 * and a few at a time where it is not. A key that comes for the first time
 * is handed over as the PKCS #1 that its certificate holds, which takes Node
 * a thirtieth of importing a SubjectPublicKeyInfo; one that comes again is
 * imported and kept.
 *
 * @returns the encrypted keys in the order of the recipients, each as long as its modulus
 * @throws MailsealError as {@link encryptKey}; `aborted`.
 * @example
 * ```ts
 * import { decryptKey, encryptKeys, generateKeyPair } from 'mailseal/crypto';
 *
 * const hanako = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const taro = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const algorithm = { name: 'rsa-pkcs1' } as const;
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const recipients = [hanako, taro].map(({ publicKey }) => ({ publicKey, algorithm }));
 * const [, encryptedKey] = await encryptKeys({ key, recipients });
 * const { privateKey } = taro;
 * const decrypted = await decryptKey({ privateKey, algorithm, encryptedKey: encryptedKey!, keyLength: 32 });
 * console.log(decrypted.every((octet, i) => octet === key[i])); // true
 * ```
 */
export async function encryptKeys(options: EncryptKeysOptions): Promise<Bytes[]> {
  assertGiven(options, 'the options');
  const { recipients } = options;
  if (!Array.isArray(recipients)) throw usage('`recipients` is wanted, a list');
  const encrypted: Bytes[] = new Array(recipients.length);
  const take: TakeEncryptedKey = (i, octets) => {
    encrypted[i] = asBytes(octets);
  };
  const later = encryptKeysAtOnce(options, options, new Uint8Array(0), take);
  if (later.length > 0) await encryptKeysLater(options, options, later, take);
  return encrypted;
}

/** A key, and to whom it is encrypted. */
export type KeyForMany = Pick<EncryptKeysOptions, 'key' | 'recipients'>;

/** How {@link encryptKeys} goes about it. */
export type EncryptKeysManner = Omit<EncryptKeysOptions, 'key' | 'recipients'>;

/** What a caller does with the encrypted key of the i-th recipient. They come in no order. */
export type TakeEncryptedKey = (i: number, encryptedKey: Uint8Array) => void;

/**
 * How many are on their way where native code answers with a promise. A browser
 * hands each to a thread of its own choice; more at once would only hold more of them in memory.
 */
const mostAtOnce = 32;

/**
 * {@link encryptKeys} for those to whom the runtime encrypts without a promise. It hands each encrypted key over as
 * soon as it is there.
 *
 * @param spare random octets to begin the paddings with; they are overwritten
 * @returns the others, for {@link encryptKeysLater}
 */
export function encryptKeysAtOnce(
  { key: given, recipients }: KeyForMany,
  manner: EncryptKeysManner,
  spare: Bytes,
  take: TakeEncryptedKey,
): readonly number[] {
  const { random, signal } = manner;
  const key = asBytes(given);
  const batch = random === undefined ? pkcs1Batch(key, recipients.length, spare, manner) : undefined;
  const later: number[] = [];
  try {
    for (let i = 0; i < recipients.length; i++) {
      const recipient = recipients[i]!;
      throwIfAborted(signal);
      assertGiven(recipient, 'a recipient');
      const { algorithm, publicKey } = recipient;
      assertGiven(algorithm, 'the algorithm');
      assertGiven(publicKey, 'the public key');
      // A promise for each of a thousand would take longer than what is around the encryption.
      const encrypted =
        (algorithm.name === 'rsa-pkcs1' && publicKey.kind === 'rsa'
          ? batch?.encrypt(publicKey as RsaPublicKey)
          : undefined) ?? encryptKeyAtOnce({ publicKey, algorithm, key, ...engineAndRandom(manner) });
      if (encrypted === undefined) later.push(i);
      else take(i, encrypted);
    }
  } finally {
    batch?.wipe();
  }
  return later;
}

/** {@link encryptKeys} for those whom {@link encryptKeysAtOnce} left. */
export async function encryptKeysLater(
  { key: given, recipients }: KeyForMany,
  manner: EncryptKeysManner,
  later: readonly number[],
  take: TakeEncryptedKey,
): Promise<void> {
  const { random, signal } = manner;
  const key = asBytes(given);
  const by = engineAndRandom(manner);
  // What a source of random octets is asked for is the same each time.
  const lanes = Math.min(later.length, random === undefined ? mostAtOnce : 1);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < later.length && !failed) {
      const i = later[next++]!;
      try {
        throwIfAborted(signal);
        const { algorithm, publicKey } = recipients[i]!;
        take(i, await encryptKey({ publicKey, algorithm, key, ...by }));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await everyLane(Array.from({ length: lanes }, lane));
}

function engineAndRandom({ engine, random }: EncryptKeysManner): EngineOptions & RandomOptions {
  return {
    ...(engine === undefined ? {} : { engine }),
    ...(random === undefined ? {} : { random }),
  };
}

/** Waits for all, so that none is at work with the key after the caller wiped it, and throws what one of them threw. */
async function everyLane(lanes: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(lanes))
    if (outcome.status === 'rejected') throw outcome.reason;
}
