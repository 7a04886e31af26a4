import { type Bytes, equalBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import type { PrivateKey } from '../../crypto/keys/private-key.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { belongsTo } from '../../crypto/keys/same-public-key.js';
import type { Password } from '../../crypto/passwords/password.js';
import type { Decryptor } from '../../crypto/transport/decryptor.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import { type CertificateIdentifier, namesCertificate } from '../certificate-identifier.js';

/** What opens an envelope, told apart by what it has. */
export type DecryptionKey =
  /** The certificate says which recipient it is; without one only a key identifier or a single recipient can. */
  | { readonly privateKey: PrivateKey; readonly certificate?: Certificate }
  /** A smart card or another keeper of a private key that does not give it away. */
  | { readonly decryptor: Decryptor; readonly certificate?: Certificate }
  /** A key-encryption key, which fits recipients of its `id`; without one all whose wrap takes its length. */
  | { readonly kek: Uint8Array; readonly id?: Uint8Array }
  | { readonly password: Password }
  /** The key that the content is encrypted with, for EncryptedData, or where it was kept from another time. */
  | { readonly contentKey: Uint8Array };

/** A private key, wherever it is, and how recipients name it. */
export interface KeyHolder {
  readonly publicKey: PublicKey;
  readonly privateKey: PrivateKey | undefined;
  readonly decryptor: Decryptor | undefined;
  readonly certificate: Certificate | undefined;
}

/**
 * The holder that a decryption key with a private key is.
 *
 * @throws MailsealError `usage` where the certificate is of another key, or there is no key.
 */
export function keyHolderOf(key: DecryptionKey): KeyHolder {
  const privateKey = 'privateKey' in key ? key.privateKey : undefined;
  const decryptor = 'decryptor' in key ? key.decryptor : undefined;
  const publicKey = (privateKey ?? decryptor)?.publicKey;
  if (publicKey === undefined) {
    throw usage('each of `keys` has a privateKey, a decryptor, a kek, a password or a contentKey');
  }
  const certificate = 'certificate' in key ? key.certificate : undefined;
  if (certificate !== undefined && !isCertificate(certificate))
    throw usage('the `certificate` of a key is a Certificate');
  if (certificate !== undefined && !belongsTo(certificate.publicKey, publicKey)) {
    throw usage('the private key is not the one of the certificate given with it');
  }
  return { publicKey, privateKey, decryptor, certificate };
}

/** Whether a recipient is named as the holder of this key: by his certificate, else by a hash of the key. */
export function names(
  recipient: { readonly identifier: CertificateIdentifier },
  holder: KeyHolder,
  keyHashes: readonly Bytes[],
): boolean {
  let identifier: CertificateIdentifier;
  try {
    identifier = recipient.identifier;
    if (holder.certificate !== undefined) return namesCertificate(identifier, holder.certificate);
  } catch (error) {
    // A recipient whose name is damaged is nobody; the others stand.
    if (error instanceof MailsealError) return false;
    throw error;
  }
  if (identifier.kind !== 'subjectKeyIdentifier') return false;
  const { keyIdentifier } = identifier;
  return keyHashes.some((hash) => equalBytes(keyIdentifier, hash));
}

/** What most key identifiers are (RFC 5280 §4.2.1.2, RFC 7093 §2): the SHA-1 of a key's octets, or the start of a longer hash. */
export function hashesOfKey(key: PublicKey): Bytes[] {
  const octets = octetsOf(key);
  if (octets === undefined) return [];
  const longer = (['sha256', 'sha384', 'sha512'] as const).map((name) => digest(name, octets).slice(0, 20));
  return [digest('sha1', octets), ...longer];
}

function octetsOf(key: PublicKey): Bytes | undefined {
  if (key.kind === 'rsa') return key.pkcs1;
  if (key.kind === 'ec') return key.point;
  return key.kind === 'dsa' ? undefined : key.key;
}
