import { type Bytes, concatBytes } from '../../core/bytes.js';
import { type PublicKey, withDsaParameters } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from './path-problem.js';

/**
 * The key of the first certificate of a chain. RFC 5280 §6.1.4 (d)–(f): DSA
 * parameters that it lacks come from the next above, if that is a DSA key too.
 * `undefined` where there is no usable key.
 */
export function chainKey(chain: readonly Certificate[]): PublicKey | undefined {
  const key = ownKey(chain[0]!);
  if (key?.kind !== 'dsa' || key.parameters !== undefined) return key;
  for (const above of chain.slice(1)) {
    const issuerKey = ownKey(above);
    if (issuerKey?.kind !== 'dsa') return undefined;
    if (issuerKey.parameters !== undefined) return withDsaParameters(key, issuerKey);
  }
  return undefined;
}

/** What {@link chainKey} is made of: equal octets are the same key, with the same parameters. */
export function chainKeyOctets(chain: readonly Certificate[]): Bytes {
  const own = chain[0]!.subjectPublicKeyInfo;
  if (chain.length === 1 || !lacksParameters(chain[0]!)) return own;
  const last = chain.findIndex((each) => !lacksParameters(each));
  return concatBytes((last < 0 ? chain : chain.slice(0, last + 1)).map((each) => each.subjectPublicKeyInfo));
}

/** Whether a key cannot be used without its issuer's: DSA parameters may be left out (RFC 3279 §2.3.2). */
export function lacksParameters(certificate: Certificate): boolean {
  const key = ownKey(certificate);
  return key?.kind === 'dsa' && key.parameters === undefined;
}

function ownKey(certificate: Certificate): PublicKey | undefined {
  return quietly(() => certificate.publicKey);
}
