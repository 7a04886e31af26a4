import { decodeOid } from '../../asn1/oid.js';
import type { BerNode } from '../../asn1/reader.js';
import { octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { hexOf } from '../../crypto/big-integer.js';
import { isPrivateKeyInfo } from '../../crypto/keys/encrypted-private-key.js';
import { readPrivateKeyInfo } from '../../crypto/keys/private-key-info.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { textOfPublicKey } from '../../crypto/keys/same-public-key.js';
import { readPasswordEncryption } from '../../crypto/passwords/password-encryption.js';
import { type Certificate, parseCertificate } from '../../x509/certificate/certificate.js';
import { parseCrl } from '../../x509/revocation/crl.js';
import type { PasswordTrial } from './password-trial.js';
import type {
  Pkcs12Certificate,
  Pkcs12Crl,
  Pkcs12Key,
  Pkcs12Labels,
  Pkcs12Other,
  Pkcs12Secret,
} from './pkcs12.js';
import { Pkcs12Oid } from './pkcs12-oids.js';
import { decrypted, type SafeBag } from './read-safe.js';

/** What the bags hold. */
interface BagContents {
  readonly keys: Pkcs12Key[];
  readonly certificates: Pkcs12Certificate[];
  readonly crls: Pkcs12Crl[];
  readonly secrets: Pkcs12Secret[];
  readonly others: Pkcs12Other[];
}

/**
 * Looks into every bag.
 *
 * @throws MailsealError the codes of {@link PasswordTrial.decrypt}, and those of limits and engines.
 */
export async function openBags(
  bags: readonly SafeBag[],
  password: PasswordTrial,
  signal: AbortSignalLike | undefined,
): Promise<BagContents> {
  const contents: BagContents = { keys: [], certificates: [], crls: [], secrets: [], others: [] };
  for (const { bag, value, labels } of bags) {
    throwIfAborted(signal);
    if (bag === Pkcs12Oid.keyBag) addKey(contents, bag, value.bytes, labels, password);
    else if (bag === Pkcs12Oid.shroudedKeyBag) {
      const plain = await decryptKey(value, password);
      try {
        addKey(contents, bag, plain, labels, password);
      } finally {
        plain.fill(0);
      }
    } else {
      try {
        addPublic(contents, bag, value, labels);
      } catch (problem) {
        addOther(contents, bag, value.bytes, labels, problem);
      }
    }
  }
  const certificateFor = certificatesByKey(contents.certificates);
  contents.keys.forEach((key, i) => {
    const certificate = certificateFor(key);
    if (certificate !== undefined) contents.keys[i] = { ...key, certificate };
  });
  return contents;
}

async function decryptKey(value: BerNode, password: PasswordTrial): Promise<Bytes> {
  const { algorithm, octets } = decrypted(() => {
    const [identifier, encrypted] = sequenceOf(value, 'an EncryptedPrivateKeyInfo');
    if (identifier === undefined || encrypted === undefined) {
      throw unexpected(value, 'an EncryptedPrivateKeyInfo');
    }
    return { algorithm: readPasswordEncryption(identifier), octets: octetString(encrypted) };
  });
  return password.decrypt(algorithm, octets, isPrivateKeyInfo);
}

function addKey(
  contents: BagContents,
  bag: string,
  octets: Bytes,
  labels: Pkcs12Labels,
  password: PasswordTrial,
): void {
  try {
    contents.keys.push({ privateKey: readPrivateKeyInfo(octets, password.derivations.engine), ...labels });
  } catch (problem) {
    addOther(contents, bag, octets, labels, problem);
  }
}

/** A certificate, a CRL or a secret: its type, and what stands in its [0] (RFC 7292 §4.2.3 to §4.2.5). */
function addPublic(contents: BagContents, bag: string, value: BerNode, labels: Pkcs12Labels): void {
  if (bag !== Pkcs12Oid.certBag && bag !== Pkcs12Oid.crlBag && bag !== Pkcs12Oid.secretBag) {
    throw new MailsealError('crypto-unsupported', `bags of the type ${bag} are not read here`);
  }
  decrypted(() => {
    const [identifier, wrapped] = sequenceOf(value, 'a typed value');
    const inner = wrapped?.is(0xa0) === true ? wrapped.children[0] : undefined;
    if (identifier === undefined || inner === undefined) throw unexpected(value, 'a typed value');
    const type = decodeOid(identifier);
    // What was decrypted is wiped at the end, so everything is copied.
    if (bag === Pkcs12Oid.secretBag)
      contents.secrets.push(hideValue({ type, value: inner.bytes.slice(), ...labels }));
    else if (bag === Pkcs12Oid.certBag && type === Pkcs12Oid.x509Certificate) {
      const certificate = parseCertificate(octetString(inner).slice());
      contents.certificates.push({ certificate, ...labels });
    } else if (bag === Pkcs12Oid.crlBag && type === Pkcs12Oid.x509Crl) {
      contents.crls.push({ crl: parseCrl(octetString(inner).slice()), ...labels });
    } else throw new MailsealError('crypto-unsupported', `values of the type ${type} are not read here`);
  });
}

/** Keeps what could not be read, unless the caller's limits or choices are why. */
function addOther(
  contents: BagContents,
  bag: string,
  octets: Bytes,
  labels: Pkcs12Labels,
  problem: unknown,
): void {
  if (!(problem instanceof MailsealError) || problem.fault === 'usage' || problem.code.startsWith('limit-')) {
    throw problem;
  }
  contents.others.push(hideValue({ bag, value: octets.slice(), problem, ...labels }));
}

function hideValue<Item extends object>(item: Item): Item {
  return Object.defineProperty(item, 'value', { enumerable: false });
}

/** The certificates of one public key: the first, and the first of each localKeyId. */
interface CertificatesOfKey {
  readonly first: Certificate;
  readonly byId: Map<string, Certificate>;
}

/**
 * Finds the certificate for a key: that of its localKeyId before others, and
 * only one that has its public key. Each certificate is looked into once.
 */
function certificatesByKey(
  certificates: readonly Pkcs12Certificate[],
): (key: Pkcs12Key) => Certificate | undefined {
  const byKey = new Map<string, CertificatesOfKey>();
  for (const { certificate, localKeyId } of certificates) {
    const publicKey = publicKeyOf(certificate);
    if (publicKey === undefined) continue;
    const text = textOfPublicKey(publicKey);
    let same = byKey.get(text);
    if (same === undefined) {
      same = { first: certificate, byId: new Map() };
      byKey.set(text, same);
    }
    const id = localKeyId && hexOf(localKeyId);
    if (id !== undefined && !same.byId.has(id)) same.byId.set(id, certificate);
  }
  return ({ privateKey, localKeyId }) => {
    const same = byKey.get(textOfPublicKey(privateKey.publicKey));
    return (localKeyId && same?.byId.get(hexOf(localKeyId))) ?? same?.first;
  };
}

function publicKeyOf(certificate: Certificate): PublicKey | undefined {
  try {
    return certificate.publicKey;
  } catch {
    // The certificate's key is of a kind that is not read here: it is for another.
    return undefined;
  }
}
