import { der, derInteger, derNull, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import { belongsTo } from '../../crypto/keys/same-public-key.js';
import { createSigner, type Signer } from '../../crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { encodeSignatureAlgorithm } from '../../crypto/signatures/signature-identifier.js';
import { verifySignature } from '../../crypto/signatures/verify.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import { keyIdentifierOf } from '../certificate-identifier.js';
import { keptDigestIdentifier, keptIssuerAndSerialNumber } from './kept-encodings.js';
import type { SigningKey, SignOptions } from './signing-key.js';

/** A signer who was checked, with what is written about him. */
export interface PreparedSigner {
  readonly key: SigningKey;
  /** The version of the SignerInfo. */
  readonly version: 1 | 3;
  /** DER of the SignerIdentifier. */
  readonly identifier: Bytes;
  /** The digest of the content. */
  readonly digest: DigestName;
  readonly digestAlgorithm: Bytes;
  readonly signatureAlgorithm: Bytes;
  /** Signs octets that are not digested yet. */
  sign(data: Bytes): Promise<Bytes>;
}

/**
 * Checks what the caller gives about a signer.
 *
 * @throws MailsealError `usage` where the parts do not fit together.
 */
export function prepareSigner(
  key: SigningKey,
  withAttributes: boolean,
  options: SignOptions,
): PreparedSigner {
  if (typeof key !== 'object' || key === null) throw usage('a signer is wanted as an object');
  const { certificate } = key;
  if (!isCertificate(certificate)) throw usage('the `certificate` of a signer is a Certificate');
  checkUsage(certificate);
  const signer = signerOf(key, options);
  const { algorithm } = signer;
  if ('digest' in algorithm && (algorithm.digest === 'md5' || algorithm.digest === 'sha1')) {
    throw usage(
      `nothing new is signed with ${algorithm.digest}, of which collisions are made; take sha256 or more`,
    );
  }
  const digest = contentDigest(algorithm);
  return {
    key,
    ...identifierOf(key),
    digest,
    digestAlgorithm: digestIdentifier(algorithm, digest, withAttributes),
    signatureAlgorithm: signatureIdentifier(algorithm),
    sign:
      key.signer === undefined
        ? async (data) => asBytes(await signer.sign(data))
        : (data) => checkedSignature(signer, certificate, data, options),
  };
}

/** RFC 8550 §4.4.2: a receiver must refuse a signature by a certificate whose keyUsage allows none. */
function checkUsage(certificate: Certificate): void {
  const { keyUsage } = certificate;
  if (keyUsage === undefined || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')) return;
  throw usage(
    `the keyUsage of "${certificate.subject}" allows no signatures on messages, and every receiver would refuse them`,
  );
}

function signerOf(key: SigningKey, options: SignOptions): Signer {
  const { certificate, privateKey, signer, algorithm } = key;
  if ((privateKey === undefined) === (signer === undefined)) {
    throw usage('a signer has either a `privateKey` or a `signer`');
  }
  if (signer !== undefined) {
    if (typeof signer !== 'object' || signer === null || typeof signer.sign !== 'function') {
      throw usage('`signer` is an object with algorithm, publicKey and sign');
    }
    if (typeof signer.algorithm !== 'object' || signer.algorithm === null) {
      throw usage('the `algorithm` of a signer says how its signatures are made');
    }
    if (algorithm !== undefined) throw usage('a `signer` has its own algorithm, and none is given beside it');
    return signer;
  }
  const made = createSigner(privateKey!, {
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.random === undefined ? {} : { random: options.random }),
    ...(algorithm === undefined ? {} : { algorithm }),
  });
  if (!belongsTo(certificate.publicKey, made.publicKey)) {
    throw usage(`the private key is not the one of the certificate of "${certificate.subject}"`);
  }
  return made;
}

/** Whatever signs outside of here may fail or have another key: what does not verify is not given out. */
async function checkedSignature(
  signer: Signer,
  certificate: Certificate,
  data: Bytes,
  { engine }: SignOptions,
): Promise<Bytes> {
  // A copy: what was verified must not change when the signer uses its buffer again.
  const signature = asBytes(await signer.sign(data)).slice();
  // As where our own are checked: what is natively signed need not be natively verifiable.
  const fits = await verifySignature({
    algorithm: signer.algorithm,
    publicKey: certificate.publicKey,
    signature,
    data,
    ...(engine === 'typescript' ? { engine } : {}),
  });
  if (fits) return signature;
  throw usage(
    `the signature does not verify with the certificate of "${certificate.subject}": the signer has another key, or fails`,
  );
}

/**
 * RFC 5754 §3 and RFC 4056 §3: the digest of the content is that of the
 * signature. RFC 8419 §3.1: SHA-512 goes with Ed25519, 512 bits of SHAKE256 with Ed448.
 */
function contentDigest(algorithm: SignatureAlgorithm): DigestName {
  if (algorithm.name === 'ed25519') return 'sha512';
  return algorithm.name === 'ed448' ? 'shake256' : algorithm.digest;
}

/** id-shake256-len (RFC 8419 §2.3), whose parameter is the length of the output in bits. */
const shake256Len = '2.16.840.1.101.3.4.2.18';

function digestIdentifier(algorithm: SignatureAlgorithm, digest: DigestName, withAttributes: boolean): Bytes {
  // RFC 8419 §3.1: with signed attributes id-shake256-len and 512; §3.2: without them id-shake256.
  if (algorithm.name === 'ed448' && withAttributes) {
    return derSequence(derOid(shake256Len), derInteger(512));
  }
  return keptDigestIdentifier(digest);
}

/**
 * RFC 8551 §2.2, RFC 3370 §3.2: in CMS, RSASSA-PKCS1-v1_5 is named
 * `rsaEncryption`, which all programs read and which leaves the digest to digestAlgorithm.
 */
function signatureIdentifier(algorithm: SignatureAlgorithm): Bytes {
  return algorithm.name === 'rsa-pkcs1'
    ? derSequence(derOid('1.2.840.113549.1.1.1'), derNull())
    : encodeSignatureAlgorithm(algorithm);
}

/** RFC 5652 §5.3: version 1 goes with issuer and serial number, version 3 with a key identifier. */
function identifierOf({ certificate, identifier = 'issuer-serial' }: SigningKey): {
  version: 1 | 3;
  identifier: Bytes;
} {
  if (identifier === 'issuer-serial')
    return { version: 1, identifier: keptIssuerAndSerialNumber(certificate) };
  if (identifier !== 'ski') throw usage('`identifier` is issuer-serial or ski');
  return { version: 3, identifier: der(0x80, keyIdentifierOf(certificate)) };
}
