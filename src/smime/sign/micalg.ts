import { parseSignedData } from '../../cms/signed/signed-data.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';

/** RFC 8551 §3.5.3.2: the names of digests in `micalg`. */
const names: Partial<Record<DigestName, string>> = {
  md5: 'md5',
  sha1: 'sha-1',
  sha224: 'sha-224',
  sha256: 'sha-256',
  sha384: 'sha-384',
  sha512: 'sha-512',
};

/** The `micalg` parameter for a signature: its digests, each once, with commas between them; `unknown` for those without a name. */
export function micalgOf(contentInfo: Bytes): string {
  const found = new Set<string>();
  for (const { digestAlgorithm } of parseSignedData(contentInfo).signers) found.add(nameOf(digestAlgorithm));
  return [...found].join(',');
}

/** The same for signers whose signatures are not made yet. */
export function micalgOfDigests(digests: readonly DigestName[]): string {
  return [...new Set(digests.map((digest) => names[digest] ?? 'unknown'))].join(',');
}

function nameOf(digestAlgorithm: Bytes): string {
  try {
    return names[parseDigestAlgorithm(digestAlgorithm)] ?? 'unknown';
  } catch (error) {
    // Another signer's, which nobody here can check.
    if (error instanceof MailsealError) return 'unknown';
    throw error;
  }
}
