import { type CmsAttribute, messageDigestAttribute } from '../../cms/attributes.js';
import type { SignerInfo } from '../../cms/signed/signer-info.js';
import type { Bytes } from '../../core/bytes.js';
import { concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { createDigest, type DigestName, publicDigest } from '../../crypto/digests/digest.js';
import { signatureFits } from '../../crypto/signatures/verify.js';
import { attempt } from '../verify/find-seals.js';
import type { AlteredSigner } from './alteration.js';
import type { PrefixGuess } from './guess.js';
import type { WorkBudget } from './work-budget.js';

/** What the original must fit: what each signer signed. */
interface Wanted {
  readonly signer: AlteredSigner;
  readonly name: DigestName;
  readonly digest: Bytes;
}

/** A prefix that fits. */
export interface FittingPrefix {
  readonly cut: number;
  readonly ending: Bytes;
  readonly octets: Bytes;
  readonly signers: readonly AlteredSigner[];
}

/**
 * Tells whether a content is what signers signed: by the message-digest
 * attribute (RFC 5652 §11.2), or by the signature value itself where a signer
 * has no signed attributes.
 */
export class DigestTarget {
  readonly #wanted: readonly Wanted[];
  readonly #unattributed: readonly AlteredSigner[];
  readonly #names: readonly DigestName[];
  readonly #budget: WorkBudget;
  readonly #engine: Engine | undefined;
  readonly #options: EngineOptions;

  constructor(signers: readonly AlteredSigner[], budget: WorkBudget, engine: Engine | undefined) {
    const wanted: Wanted[] = [];
    const unattributed: AlteredSigner[] = [];
    for (const signer of signers) {
      const name = signer.digestAlgorithm;
      if (name === undefined) continue;
      const proof = proofOf(signer);
      if (proof === 'digest') {
        const digest = messageDigestOf(signer);
        if (digest !== undefined) wanted.push({ signer, name, digest });
      } else if (proof === 'value') unattributed.push(signer);
    }
    this.#wanted = wanted;
    this.#unattributed = unattributed;
    const names = [...new Set(wanted.map(({ name }) => name))];
    // A digest also tells contents apart that were tried already.
    this.#names = names.length === 0 ? ['sha256'] : names;
    this.#budget = budget;
    this.#engine = engine;
    this.#options = engine === undefined ? {} : { engine };
  }

  /** Whether there is anything that a content could fit. */
  get isEmpty(): boolean {
    return this.#wanted.length === 0 && this.#unattributed.length === 0;
  }

  /** A content in the digests that tell; `undefined` where the budget does not last for making them. */
  digestsOf(octets: Bytes): readonly Bytes[] | undefined {
    if (!this.#budget.spendOctets(octets.length * this.#names.length)) return undefined;
    return this.#names.map((name) => publicDigest(name, octets, this.#engine));
  }

  /** The signers that signed a content, by its digests; none where the budget does not last for asking. */
  async fitting(octets: Bytes, digests: readonly Bytes[]): Promise<readonly AlteredSigner[]> {
    if (!this.#budget.spend(0)) return [];
    const fitting = this.#having(digests);
    for (const signer of this.#unattributed) if (await this.#signs(signer, octets)) fitting.push(signer);
    return fitting;
  }

  /** The signers that signed one of these digests. */
  #having(digests: readonly Bytes[]): AlteredSigner[] {
    return this.#wanted
      .filter(({ name, digest }) => equalBytes(digests[this.#names.indexOf(name)]!, digest))
      .map(({ signer }) => signer);
  }

  /**
   * The first of many contents that begin alike which signers signed. What they have in common is hashed once: at
   * each cut the digest is copied, and ended with each ending.
   */
  async fittingPrefix(guess: PrefixGuess): Promise<FittingPrefix | undefined> {
    const { octets, cuts, endings } = guess;
    if (this.#unattributed.length > 0) return this.#fittingWhole(guess);
    if (!this.#budget.spendOctets((cuts.at(-1) ?? 0) * this.#names.length)) return undefined;
    const running = this.#names.map((name) => createDigest(name, this.#options));
    let from = 0;
    for (const cut of cuts) {
      for (const digest of running) digest.update(octets.subarray(from, cut));
      from = cut;
      for (const ending of endings) {
        if (!this.#budget.spendEnding(ending.length)) return undefined;
        const found = running.map((digest) => digest.copy().update(ending).finish());
        const signers = this.#having(found);
        if (signers.length > 0) return { ...prefixOf(octets, cut, ending), signers };
      }
    }
    return undefined;
  }

  /** As {@link fittingPrefix}, where nothing but the signature value tells. */
  async #fittingWhole({ octets, cuts, endings }: PrefixGuess): Promise<FittingPrefix | undefined> {
    for (const cut of cuts) {
      for (const ending of endings) {
        const prefix = prefixOf(octets, cut, ending);
        const digests = this.digestsOf(prefix.octets);
        if (digests === undefined) return undefined;
        const signers = await this.fitting(prefix.octets, digests);
        if (signers.length > 0) return { ...prefix, signers };
        if (this.#budget.exhausted) return undefined;
      }
    }
    return undefined;
  }

  async #signs(signer: AlteredSigner, data: Bytes): Promise<boolean> {
    const { certificate, signatureAlgorithm: algorithm } = signer;
    if (certificate === undefined || algorithm === undefined || !this.#budget.spendSignature()) return false;
    try {
      return await signatureFits({
        algorithm,
        publicKey: certificate.publicKey,
        signature: signer.signer.signature,
        data,
        ...this.#options,
      });
    } catch (error) {
      if (error instanceof MailsealError && error.code !== 'crypto-engine-unavailable') return false;
      throw error;
    }
  }
}

function prefixOf(octets: Bytes, cut: number, ending: Bytes): Omit<FittingPrefix, 'signers'> {
  return { cut, ending, octets: concatBytes([octets.subarray(0, cut), ending]) };
}

/** Whether the signature value of a signer fits what it is over, be it by an algorithm that is no longer good. */
export function isSound({ signature }: AlteredSigner): boolean {
  return signature === 'valid' || signature === 'weak';
}

/**
 * What proves that a content is what a signer signed: the digest among his signed attributes, the signature value, or
 * nothing. Attributes whose signature does not hold, or was not checked, prove nothing (RFC 5652 §5.4): who wrote them
 * can have made up the digest as well.
 */
export function proofOf(signer: AlteredSigner): 'digest' | 'value' | undefined {
  if (signer.signer.hasSignedAttributes)
    return isSound(signer) && messageDigestOf(signer) !== undefined ? 'digest' : undefined;
  return signer.certificate === undefined || signer.signatureAlgorithm === undefined ? undefined : 'value';
}

/** The digest that a signer signed, where he has one that can be read. */
export function messageDigestOf({ signer }: AlteredSigner): Bytes | undefined {
  return readAttribute(signer, messageDigestAttribute);
}

/** A signed attribute; `undefined` where there is none that can be read. */
export function readAttribute<T>(
  { signedAttributes }: SignerInfo,
  read: (attributes: readonly CmsAttribute[]) => T | undefined,
): T | undefined {
  const found = attempt(() => read(signedAttributes));
  return found instanceof MailsealError ? undefined : found;
}
