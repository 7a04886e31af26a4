import { encodeHex } from '../../encoding/hex.js';
import type { RevocationOptions } from '../../x509/revocation/revocation-options.js';
import type { SignedData } from '../signed/signed-data.js';
import type { VerifySignedDataOptions } from './verdict.js';

/** What the caller gave about revocation and what the message brings, judged as of the time of verification. */
export function revocationOf(
  signedData: SignedData,
  { revocation, at }: VerifySignedDataOptions,
): RevocationOptions | undefined {
  const { crls, ocspResponses } = signedData.revocationInfo;
  if (revocation === undefined && crls.length + ocspResponses.length === 0) return undefined;
  return {
    ...revocation,
    at: revocation?.at ?? at,
    // What anybody may have put into the message comes after what the caller gives.
    carriedCrls: [...(revocation?.carriedCrls ?? []), ...crls],
    carriedOcspResponses: [...(revocation?.carriedOcspResponses ?? []), ...ocspResponses],
    ...(revocation?.resolve === undefined ? {} : { resolve: oncePerReference(revocation.resolve) }),
  };
}

type Resolve = NonNullable<RevocationOptions['resolve']>;

/** Signers share authorities, and a path may be looked for as of several moments: what was fetched is kept. */
function oncePerReference(resolve: Resolve): Resolve {
  const fetched = new Map<string, ReturnType<Resolve>>();
  return (reference) => {
    const { kind, url, certificate, delta } = reference;
    const of = kind === 'ocsp' ? encodeHex(certificate.bytes) : '';
    const key = [kind, url, delta === true ? 'delta' : '', of].join('\n');
    let answer = fetched.get(key);
    if (answer === undefined) {
      answer = resolve(reference);
      fetched.set(key, answer);
    }
    return answer;
  };
}
