import type { AbortSignalLike } from '../../core/abort.js';
import type { EngineOptions } from '../../core/engine.js';
import type { PrivateKey } from '../../crypto/keys/private-key.js';
import type { RandomOptions } from '../../crypto/random.js';
import type { Signer } from '../../crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { SmimeCapability } from '../attributes.js';

/** An attribute to be written (RFC 5652 §5.3). */
export interface AttributeInput {
  /** Dotted OID. */
  readonly type: string;
  /** Each value as one DER element; one at least. */
  readonly values: readonly Uint8Array[];
}

/** Who signs, and what he says under his signature. Either `privateKey` or `signer` is given. */
export interface SigningKey {
  /** The signer's certificate. It goes along with the signature. */
  readonly certificate: Certificate;
  /** The private key of the certificate. */
  readonly privateKey?: PrivateKey;
  /** Whatever else signs with that key: a smart card, a key server. Its signatures are checked before they are given out. */
  readonly signer?: Signer;
  /** How `privateKey` signs; default see `defaultSignatureAlgorithm`. A {@link Signer} has its own way. */
  readonly algorithm?: SignatureAlgorithm;
  /** Certificates between the signer's and the root, which go along. Default: none. */
  readonly chain?: readonly Certificate[];
  /** How the certificate is named: by issuer and serial number (default), or by its subject key identifier. */
  readonly identifier?: 'issuer-serial' | 'ski';
  /** The signing-time attribute (RFC 5652 §11.3), to the second. Default: none, since there is no clock in here. */
  readonly signingTime?: Date;
  /** The SMIMECapabilities attribute (RFC 8551 §2.5.2), best first; see `ownSmimeCapabilities`. Default: none. */
  readonly capabilities?: readonly SmimeCapability[];
  /** With which certificate the signer wants to be written to (RFC 8551 §2.5.3). It goes along. Default: none. */
  readonly encryptionCertificate?: Certificate;
  /** Whether the signature is bound to the certificate by signingCertificateV2 (RFC 5035 §3). Default `true`. */
  readonly signingCertificate?: boolean;
  /** Whether the algorithms are named under the signature, too (RFC 6211). Default `true`. */
  readonly algorithmProtection?: boolean;
  /** More signed attributes, of types that nothing else here writes. */
  readonly signedAttributes?: readonly AttributeInput[];
  /** Attributes that the signature does not cover, of any types. */
  readonly unsignedAttributes?: readonly AttributeInput[];
}

/** What all functions that sign take. */
export interface SignOptions extends EngineOptions, RandomOptions {
  /** Ends the work when it is aborted: what was begun throws `aborted` then. */
  readonly signal?: AbortSignalLike;
}
