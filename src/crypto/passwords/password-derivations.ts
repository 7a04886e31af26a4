import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { hexOf } from '../big-integer.js';
import { digest } from '../digests/digest.js';
import { hmacDigest } from '../digests/hmac.js';
import { iterateDigest } from '../digests/iterated-digest.js';
import { engineUnavailable } from '../engines/engine-choice.js';
import { type Pbkdf2Options, pbkdf2 } from './pbkdf2.js';
import { type Pkcs12Derivation, pkcs12Key, pkcs12Rounds } from './pkcs12-kdf.js';
import { type ScryptParameters, scrypt } from './scrypt.js';

/** Runs of a digest that the passwords of one file may take. */
const mostIterations = 10_000_000;

/** Memory that scrypt may take, in octets, and how often it may fill it. */
const scryptMemory = 64 * 1024 * 1024;
const scryptPasses = 16;

/** Octets of a salt: RFC 8018 §4.1 wants eight at least, files have up to 64, and each is kept in hex until the end. */
const longestSalt = 1024;

/** A salt in the name of a derivation. */
function idOfSalt(salt: Uint8Array): string {
  if (salt.length > longestSalt) {
    throw new MailsealError(
      'crypto-unsupported',
      `a salt of ${salt.length} octets for a password; ${longestSalt} are taken at most`,
    );
  }
  return hexOf(salt);
}

/** What {@link Derivations.pbkdf1} takes. */
export interface Pbkdf1Parameters {
  readonly digest: 'md5' | 'sha1';
  readonly salt: Bytes;
  readonly iterations: number;
}

/** Which engine works, and what ends the work between one derivation and the next. */
export interface DerivationOptions extends EngineOptions {
  readonly signal?: AbortSignalLike;
}

/**
 * The derivations of keys from passwords that one call makes: those of one
 * password, which is one form of the caller's, share one limit, so that a file
 * of many small parts cannot ask for more than a file of one. Equal ones are
 * made once.
 */
export class Derivations {
  private readonly options: EngineOptions;
  private readonly limit: number;
  private readonly signal: AbortSignalLike | undefined;
  private readonly kept: Bytes[] = [];
  private readonly made = new Map<string, Promise<Bytes>>();
  /** A number for each password, so that no text is made of one. */
  private readonly passwords: Bytes[] = [];
  /** What is left of the limit to each password: one that is wrong must not use up the share of the next. */
  private readonly left: number[] = [];

  constructor(options: DerivationOptions, limit: number = mostIterations) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw usage('the limit of iterations is a whole number of at least 1');
    }
    this.options = options.engine === undefined ? {} : { engine: options.engine };
    this.limit = limit;
    this.signal = options.signal;
  }

  /** Which engine works. */
  get engine(): EngineOptions {
    return this.options;
  }

  pbkdf2(password: Bytes, asked: Omit<Pbkdf2Options, 'engine'>): Promise<Bytes> {
    const { digest, iterations, length, salt } = asked;
    const blocks = Math.ceil(length / hmacDigest(digest).length);
    const id = `pbkdf2 ${digest} ${iterations} ${length} ${idOfSalt(salt)}`;
    return this.once(id, password, iterations * blocks, () =>
      pbkdf2(password, { ...asked, ...this.options }),
    );
  }

  pkcs12(asked: Pkcs12Derivation): Promise<Bytes> {
    const { digest, iterations, length, salt, password, purpose } = asked;
    const id = `pkcs12 ${digest} ${purpose} ${iterations} ${length} ${idOfSalt(salt)}`;
    const rounds = pkcs12Rounds(digest, iterations, length);
    return this.once(id, password, rounds, async () => pkcs12Key(asked, this.options));
  }

  /** PBKDF1 (RFC 8018 §5.1): as many octets as the digest has. */
  pbkdf1(password: Bytes, asked: Pbkdf1Parameters): Promise<Bytes> {
    const { digest: name, iterations, salt } = asked;
    return this.once(`pbkdf1 ${name} ${iterations} ${idOfSalt(salt)}`, password, iterations, async () => {
      const salted = concatBytes([password, salt]);
      const first = digest(name, salted, this.options);
      const derived = iterateDigest(name, first, iterations - 1, this.options);
      salted.fill(0);
      if (derived !== first) first.fill(0);
      return derived;
    });
  }

  private count(password: number, rounds: number): void {
    if (!Number.isSafeInteger(rounds) || rounds < 1) {
      throw new MailsealError(
        'crypto-unsupported',
        'an iteration count is less than 1 or too large to count',
      );
    }
    const left = this.left[password] ?? this.limit;
    if (rounds > left) {
      throw new MailsealError(
        'limit-iterations',
        `the keys from the password take more than ${this.limit} iterations; raise limits.iterations if you trust the file`,
      );
    }
    this.left[password] = left - rounds;
  }

  scrypt(password: Bytes, asked: ScryptParameters): Promise<Bytes> {
    const { salt, cost, blockSize: r, parallelization: p, length } = asked;
    if (this.options.engine === 'native') throw engineUnavailable('scrypt', 'untrusted');
    // RFC 7914 §2: N is a power of two greater than 1.
    if (!(Number.isSafeInteger(cost) && cost > 1 && Number.isInteger(Math.log2(cost)) && r >= 1 && p >= 1)) {
      throw new MailsealError('crypto-unsupported', 'the parameters of scrypt cannot be');
    }
    if (128 * cost * r > scryptMemory || p > scryptPasses || 128 * r * p > scryptMemory) {
      throw new MailsealError(
        'limit-iterations',
        `scrypt would take more than ${scryptMemory} octets of memory or ${scryptPasses} passes`,
      );
    }
    const id = `scrypt ${cost} ${r} ${p} ${length} ${idOfSalt(salt)}`;
    return this.once(id, password, cost * r * p, async () => scrypt(password, asked));
  }

  /** Takes octets that were made of a derived key, to be wiped with it. */
  keep(octets: Bytes): Bytes {
    this.kept.push(octets);
    return octets;
  }

  /** Overwrites every key that was derived. */
  async wipe(): Promise<void> {
    for (const octets of this.kept) octets.fill(0);
    const outcomes = await Promise.allSettled(this.made.values());
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') outcome.value.fill(0);
    this.made.clear();
  }

  private idOf(password: Bytes): number {
    const known = this.passwords.findIndex((other) => equalBytes(other, password));
    return known === -1 ? this.passwords.push(password) - 1 : known;
  }

  private once(what: string, password: Bytes, rounds: number, derive: () => Promise<Bytes>): Promise<Bytes> {
    throwIfAborted(this.signal);
    const number = this.idOf(password);
    const id = `${what} ${number}`;
    let derived = this.made.get(id);
    if (derived === undefined) {
      this.count(number, rounds);
      derived = derive();
      this.made.set(id, derived);
    }
    return derived;
  }
}
