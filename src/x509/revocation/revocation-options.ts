import type { EngineOptions } from '../../core/engine.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../certificate/certificate.js';
import type { AlgorithmPolicy } from '../path/algorithm-policy.js';
import type { CheckBudget } from '../path/path-work.js';
import type { CertificateList } from './crl.js';
import type { OcspResponse } from './ocsp-response.js';
import type { RevocationMemory } from './revocation-memory.js';
import type { RevocationReference } from './revocation-report.js';

/** What is asked about revocation, and what is at hand to answer it. */
export interface RevocationOptions {
  /**
   * `require`: a path is valid only when every certificate below its anchor is
   * known not to be revoked. `check`: one that is revoked is refused, and where
   * nothing is known that is only reported. `off`: nothing is looked at.
   * Default `check`.
   */
  readonly mode?: 'require' | 'check' | 'off';
  /**
   * The moment at which CRLs and OCSP responses must be the latest ones.
   * Default: that of the path. Where the path is looked at as of a trusted time
   * in the past, the present, since a revocation becomes known later.
   */
  readonly at?: Date;
  /** CRLs at hand, in any order, complete and delta. */
  readonly crls?: readonly CertificateList[];
  /**
   * CRLs that came with what is being verified. Anybody may have put them
   * there: they are looked at after {@link crls}.
   */
  readonly carriedCrls?: readonly CertificateList[];
  /** OCSP responses at hand, in any order. */
  readonly ocspResponses?: readonly OcspResponse[];
  /**
   * OCSP responses that came with what is being verified. Anybody may have put
   * them there: they are looked at after {@link ocspResponses}, and those that
   * prove forged use up no trial of these.
   */
  readonly carriedOcspResponses?: readonly OcspResponse[];
  /**
   * The nonce that the OCSP requests carried, and that references ask with: a
   * response that does not repeat it counts for nothing (RFC 9654 §2.1).
   * Default: none is asked for, so that responses signed in advance count.
   */
  readonly ocspNonce?: Uint8Array;
  /**
   * Fetches what a reference names: a CRL (DER or PEM), an OCSP response (DER)
   * or certificates. `undefined` where it is not to be had; what it throws is
   * reported, not passed on. Called only where what is at hand does not answer,
   * for each reference at most once in a search.
   */
  readonly resolve?: (reference: RevocationReference) => Promise<Uint8Array | undefined>;
  /**
   * Greatest age of a CRL or OCSP response in milliseconds, beside what its
   * nextUpdate says. Default: no other bound; without one, a CRL that has no
   * nextUpdate says with `require` of nobody that he is good, and an OCSP
   * response that has none does so for a day.
   */
  readonly maxAge?: number;
}

/** The signer of a CRL or of an OCSP response, after its path was validated. */
export interface ValidatedSigner {
  /** Its key, with inherited DSA parameters. */
  readonly publicKey: PublicKey;
}

/** What checking revocation needs from the path search that asks for it. */
export interface RevocationContext extends EngineOptions {
  readonly options: RevocationOptions;
  /** The moment at which what is at hand must be the latest. */
  readonly at: Date;
  /** All certificates at hand, roots too, where signers of CRLs may be among. */
  readonly certificates: readonly Certificate[];
  /** Which signatures of CRLs and OCSP responses are too weak to say that a certificate is good. */
  readonly algorithms: AlgorithmPolicy;
  /** What may still be checked about revocation: a reserve that the search for a path cannot spend. */
  readonly budget: CheckBudget;
  /** What this search and those it starts know; one for all of them. */
  readonly memory: RevocationMemory;
  /**
   * Validates the path from a signer's certificate to the given anchor and no
   * other (RFC 5280 §6.3.3 f), with its own revocation; `undefined` when there
   * is none. A certificate whose revocation is being looked at further up must
   * not be looked at again: cyclic signers find no path.
   * `search-limit` where the work allowed was used up before it was known.
   */
  readonly findSignerPath: (
    signer: Certificate,
    anchor: Certificate,
    purpose: 'crl-signing' | 'ocsp-signing',
  ) => Promise<ValidatedSigner | 'search-limit' | undefined>;
}
