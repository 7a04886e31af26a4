import { Tag } from '../../asn1/reader.js';
import {
  der,
  derExplicit,
  derInteger,
  derOctetString,
  derSequence,
  headerLength,
  putHeader,
} from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type AgreementKey, agreeEphemerally } from '../../crypto/agreement/ephemeral-agreement.js';
import {
  deriveKek,
  encodeKeyAgreement,
  type KeyAgreementScheme,
} from '../../crypto/agreement/key-agreement.js';
import { coordinateLength } from '../../crypto/keys/curves.js';
import { defaultIterations, newPasswordEncryption } from '../../crypto/keys/encrypted-private-key.js';
import type { PublicKey, RsaPublicKey } from '../../crypto/keys/public-key.js';
import type { RandomOptions } from '../../crypto/random.js';
import {
  encodeKeyTransportAlgorithm,
  type KeyTransportAlgorithm,
} from '../../crypto/transport/key-transport-algorithm.js';
import { wrapKey } from '../../crypto/wrap/key-wrap.js';
import { encodeKeyWrap, type KeyWrapName } from '../../crypto/wrap/key-wrap-algorithm.js';
import { encodePasswordWrap, wrapKeyWithPassword } from '../../crypto/wrap/password-wrap.js';
import { issuerAndSerialNumber, keyIdentifierOf } from '../certificate-identifier.js';
import { encodeOriginatorKey } from './originator-key.js';
import type { CertificateRecipient, KekRecipientInput, PasswordRecipientInput } from './recipient.js';

/** What writing recipients takes from the caller's options. */
export interface WriteOptions extends EngineOptions, RandomOptions {}

/** The DER of the versions (RFC 5652 §10.2.5). */
export const encodedVersions: readonly Bytes[] = /* @__PURE__ */ [0, 1, 2, 3, 4].map((version) =>
  derInteger(version),
);

/** Key transport as every program reads it (RFC 8551 §2.3). */
const defaultTransport: KeyTransportAlgorithm = { name: 'rsa-pkcs1' };
const defaultIdentifier = /* @__PURE__ */ encodeKeyTransportAlgorithm(defaultTransport);

/**
 * A KeyTransRecipientInfo (RFC 5652 §6.2.1) whose key is not encrypted yet. Its
 * length is known, so that a thousand are written into one array.
 */
export class KeyTransport {
  readonly publicKey: RsaPublicKey;
  readonly algorithm: KeyTransportAlgorithm;
  /** Octets of the encrypted key. */
  readonly keyLength: number;
  /** Octets of the whole element. */
  readonly length: number;
  private readonly contentLength: number;
  private readonly encodedAlgorithm: Bytes;
  private readonly keyIdentifier: Bytes | undefined;
  private readonly issuer: Bytes;
  private readonly serialNumber: Bytes;

  constructor(
    { certificate, identifier, transport = defaultTransport }: CertificateRecipient,
    publicKey: RsaPublicKey,
  ) {
    this.publicKey = publicKey;
    this.algorithm = transport;
    this.encodedAlgorithm =
      transport === defaultTransport ? defaultIdentifier : encodeKeyTransportAlgorithm(transport);
    this.keyIdentifier = identifier === 'ski' ? keyIdentifierOf(certificate) : undefined;
    this.issuer = certificate.issuer.bytes;
    this.serialNumber = certificate.serialNumber;
    this.keyLength = publicKey.modulus.length;
    this.contentLength =
      encodedVersions[0]!.length +
      elementLength(this.keyIdentifier?.length ?? this.nameLength()) +
      this.encodedAlgorithm.length +
      elementLength(this.keyLength);
    this.length = elementLength(this.contentLength);
  }

  private nameLength(): number {
    return this.issuer.length + elementLength(this.serialNumber.length);
  }

  /** Writes the DER with a key of {@link keyLength} octets, and gives the place after it. */
  write(target: Bytes, start: number, encryptedKey: Uint8Array): number {
    const { encodedAlgorithm, issuer, keyIdentifier, serialNumber } = this;
    let at = putHeader(target, start, Tag.Sequence, this.contentLength);
    at = put(target, at, encodedVersions[keyIdentifier === undefined ? 0 : 2]!);
    if (keyIdentifier === undefined) {
      at = put(target, putHeader(target, at, Tag.Sequence, this.nameLength()), issuer);
      at = put(target, putHeader(target, at, Tag.Integer, serialNumber.length), serialNumber);
    } else at = put(target, putHeader(target, at, 0x80, keyIdentifier.length), keyIdentifier);
    at = put(target, at, encodedAlgorithm);
    return put(target, putHeader(target, at, Tag.OctetString, encryptedKey.length), encryptedKey);
  }
}

function elementLength(contentLength: number): number {
  return headerLength(contentLength) + contentLength;
}

function put(target: Bytes, at: number, octets: Uint8Array): number {
  target.set(octets, at);
  return at + octets.length;
}

/** The DER of a KeyAgreeRecipientInfo (RFC 5652 §6.2.2) with a key that was made for it alone (RFC 5753 §3.1). */
export async function agreementInfo(
  { agreement = {}, certificate, identifier }: CertificateRecipient,
  publicKey: PublicKey,
  key: Bytes,
  options: WriteOptions,
): Promise<Bytes> {
  if (typeof agreement !== 'object' || agreement === null)
    throw usage(`the \`agreement\` of a recipient is an object, not ${shown(agreement)}`);
  const scheme = agreement.scheme ?? defaultScheme(publicKey);
  const wrap = agreement.wrap ?? wrapFor(key);
  const ukm = agreement.ukm === undefined ? undefined : asBytes(agreement.ukm);
  const own = await agreeEphemerally(agreementKey(publicKey), options);
  const secrets: Bytes[] = [own.secret];
  let encryptedKey: Bytes;
  try {
    const { secret } = own;
    const kek = deriveKek({ scheme, wrap, secret, ...(ukm === undefined ? {} : { ukm }), ...by(options) });
    secrets.push(kek);
    encryptedKey = await wrapKey(wrap, kek, key, options);
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
  const rid =
    identifier === 'ski'
      ? der(0xa0, derOctetString(keyIdentifierOf(certificate)))
      : issuerAndSerialNumber(certificate);
  return der(
    0xa1,
    encodedVersions[3]!,
    derExplicit(0, encodeOriginatorKey(own.publicKey)),
    ...(ukm === undefined ? [] : [derExplicit(1, derOctetString(ukm))]),
    encodeKeyAgreement(scheme, wrap),
    derSequence(derSequence(rid, derOctetString(encryptedKey))),
  );
}

function agreementKey(key: PublicKey): AgreementKey {
  if (key.kind === 'ec' || key.kind === 'x25519' || key.kind === 'x448') return key as AgreementKey;
  throw usage(`nothing can be encrypted to a key of the kind ${key.kind}`);
}

/** As strong as the curve; for X25519 and X448 what RFC 8418 §2 has and RFC 8551 §2.3 wants. */
function defaultScheme(key: PublicKey): KeyAgreementScheme {
  if (key.kind === 'x25519') return { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha256' };
  if (key.kind === 'x448') return { name: 'ecdh-std', kdf: 'hkdf', digest: 'sha512' };
  const length = key.kind === 'ec' ? coordinateLength(key.curve) : 0;
  const digest = length <= 32 ? 'sha256' : length <= 48 ? 'sha384' : 'sha512';
  return { name: 'ecdh-std', kdf: 'x963', digest };
}

/** RFC 8551 §2.3: the wrap as strong as the cipher. */
function wrapFor(key: Bytes): KeyWrapName {
  return key.length <= 16 ? 'aes128-wrap' : key.length <= 24 ? 'aes192-wrap' : 'aes256-wrap';
}

/** The DER of a KEKRecipientInfo (RFC 5652 §6.2.3). */
export async function kekInfo(
  { id, kek, wrap }: KekRecipientInput,
  key: Bytes,
  options: WriteOptions,
): Promise<Bytes> {
  const name = wrap ?? wrapOfLength(asBytes(kek).length);
  const encryptedKey = await wrapKey(name, kek, key, options);
  return der(
    0xa2,
    encodedVersions[4]!,
    derSequence(derOctetString(asBytes(id))),
    encodeKeyWrap(name),
    derOctetString(encryptedKey),
  );
}

function wrapOfLength(length: number): KeyWrapName {
  if (length === 16) return 'aes128-wrap';
  if (length === 24) return 'aes192-wrap';
  if (length === 32) return 'aes256-wrap';
  throw usage(`a kek has 16, 24 or 32 octets, not ${length}`);
}

/** The DER of a PasswordRecipientInfo (RFC 5652 §6.2.4, RFC 3211). */
export async function passwordInfo(
  { digest, iterations = defaultIterations, password }: PasswordRecipientInput,
  key: Bytes,
  options: WriteOptions,
): Promise<Bytes> {
  const { random } = options;
  const algorithm = newPasswordEncryption({
    iterations,
    ...(digest === undefined ? {} : { digest }),
    ...(random === undefined ? {} : { random }),
  });
  const encryptedKey = await wrapKeyWithPassword(key, { algorithm, password, ...options });
  const { derivation, encryption } = encodePasswordWrap(algorithm);
  return der(0xa3, encodedVersions[0]!, derivation!, encryption, derOctetString(encryptedKey));
}

function by({ engine }: WriteOptions): EngineOptions {
  return engine === undefined ? {} : { engine };
}
