import { messageDigestAttribute } from '../../cms/attributes.js';
import type { SignerInfo } from '../../cms/signed/signer-info.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { type DigestName, publicDigest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import { attempt } from '../verify/find-seals.js';

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

/** A part of a message, but not the message itself, whose octets have the digest that one of the signers signed. */
export function partWithDigest(
  message: Part,
  signers: readonly SignerInfo[],
  engine: Engine | undefined,
): Part | undefined {
  const wanted = signers.flatMap((signer) => signedDigest(signer) ?? []);
  const names = [...new Set(wanted.map(({ name }) => name))];
  let left = mostOctets;
  for (const part of someParts(message)) {
    left -= (part.end - part.start) * names.length;
    if (part === message || wanted.length === 0) continue;
    if (left < 0) break;
    const content = canonicalLineEnds(part.bytes);
    for (const each of names) {
      const found = publicDigest(each, content, engine);
      if (wanted.some(({ name, digest }) => name === each && equalBytes(found, digest))) return part;
    }
  }
  return undefined;
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
