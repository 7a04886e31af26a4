import { messageDigestAttribute } from '../../cms/attributes.js';
import type { SignerInfo } from '../../cms/signed/signer-info.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { type DigestName, publicDigest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import { attempt } from '../verify/find-seals.js';
import type { WorkBudget } from './work-budget.js';

/** Parts of a message that are looked at. */
const mostParts = 100;
/** Octets of parts that are hashed; those that stand in one another are hashed for each. */
const mostOctets = 67_108_864;

/** The first parts of a message, the message itself among them. */
export function someParts(message: Part): Part[] {
  const parts: Part[] = [];
  for (const part of message.walk()) {
    if (parts.length === mostParts) break;
    parts.push(part);
  }
  return parts;
}

/** A part that has a signed digest: as a MIME entity, as S/MIME signs (RFC 8551 §3.1), or the file that it holds. */
export interface FittingPart {
  readonly part: Part;
  readonly as: 'entity' | 'file';
}

/** The digests of the parts of a message, each made once, and only as far as the budget lasts. */
export class PartDigests {
  readonly #parts: readonly Part[];
  readonly #budget: WorkBudget;
  readonly #engine: Engine | undefined;
  readonly #signal: AbortSignalLike | undefined;
  readonly #made = new Map<DigestName, readonly HashedPart[]>();
  #left = mostOctets;

  constructor(
    message: Part,
    budget: WorkBudget,
    engine: Engine | undefined,
    signal: AbortSignalLike | undefined,
  ) {
    this.#parts = someParts(message).filter((part) => part !== message);
    this.#budget = budget;
    this.#engine = engine;
    this.#signal = signal;
  }

  /** A part of the message, but not the message itself, that has the digest that one of the signers signed. */
  fitting(signers: readonly SignerInfo[]): FittingPart | undefined {
    for (const signer of signers) {
      const signed = signedDigest(signer);
      if (signed === undefined) continue;
      for (const { part, entity, file } of this.#digestsBy(signed.name)) {
        if (equalBytes(entity, signed.digest)) return { part, as: 'entity' };
        if (file !== undefined && equalBytes(file, signed.digest)) return { part, as: 'file' };
      }
    }
    return undefined;
  }

  #digestsBy(name: DigestName): readonly HashedPart[] {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const digests: HashedPart[] = [];
    for (const part of this.#parts) {
      throwIfAborted(this.#signal);
      // The entity, and at most as much again for the file in it.
      const octets = 2 * (part.end - part.start);
      if (octets > this.#left || !this.#budget.spendOctets(octets)) break;
      this.#left -= octets;
      const isLeaf = !part.isMultipart && !part.isMessage;
      digests.push({
        part,
        entity: publicDigest(name, canonicalLineEnds(part.bytes), this.#engine),
        file: isLeaf ? publicDigest(name, part.content(), this.#engine) : undefined,
      });
    }
    this.#made.set(name, digests);
    return digests;
  }
}

interface HashedPart {
  readonly part: Part;
  readonly entity: Bytes;
  readonly file: Bytes | undefined;
}

interface SignedDigest {
  readonly name: DigestName;
  readonly digest: Bytes;
}

/** The digest among the attributes that a signer signed. */
function signedDigest(signer: SignerInfo): SignedDigest | undefined {
  const found = attempt(() => {
    const digest = signer.hasSignedAttributes ? messageDigestAttribute(signer.signedAttributes) : undefined;
    return digest === undefined ? undefined : { name: parseDigestAlgorithm(signer.digestAlgorithm), digest };
  });
  return found instanceof Error ? undefined : found;
}
