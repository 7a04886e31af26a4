import { Tag } from '../../asn1/reader.js';
import {
  der,
  derExplicit,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
} from '../../asn1/writer.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { digest } from '../../crypto/digests/digest.js';
import { assertGiven } from '../../crypto/given.js';
import { encryptPrivateKeyInfo } from '../../crypto/keys/encrypted-private-key.js';
import { belongsTo } from '../../crypto/keys/same-public-key.js';
import { wipingSequence } from '../../crypto/keys/secret-der.js';
import { encryptWithPassword, type PasswordForms } from '../../crypto/passwords/password-cipher.js';
import type { Derivations } from '../../crypto/passwords/password-derivations.js';
import {
  encodePasswordEncryption,
  type PasswordEncryption,
} from '../../crypto/passwords/password-encryption.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import type { Pkcs12Contents } from './pkcs12.js';
import { Pkcs12Oid } from './pkcs12-oids.js';

/** The password in hand, and how each part is encrypted with it. */
export interface Sealing {
  readonly forms: PasswordForms;
  readonly derivations: Derivations;
  /** Gives each part a vector of its own. */
  readonly newEncryption: () => PasswordEncryption & { readonly name: 'pbes2' };
}

/**
 * The DER of an AuthenticatedSafe (RFC 7292 §4.1): one encrypted part with
 * everything but the keys, and one with encrypted keys.
 *
 * @throws MailsealError `usage` for a certificate that is not for its key.
 */
export async function encodeSafe(contents: Pkcs12Contents, sealing: Sealing): Promise<Bytes> {
  checkContents(contents);
  const { keys = [], certificates = [], crls = [], secrets = [] } = contents;
  const ofKeys = keys.flatMap(({ privateKey, certificate, friendlyName }) => {
    if (certificate === undefined) return [];
    if (!belongsTo(certificate.publicKey, privateKey.publicKey)) {
      throw usage('a certificate is not for the private key that it is given with');
    }
    return [{ certificate, friendlyName, localKeyId: keyIdOf(certificate) }];
  });
  const further = certificates.filter(
    ({ certificate }) => !ofKeys.some((own) => equalBytes(own.certificate.bytes, certificate.bytes)),
  );
  const others = [
    ...ofKeys.map((item) => certificateBag(item.certificate, labels(item.friendlyName, item.localKeyId))),
    ...further.map((item) => certificateBag(item.certificate, labels(item.friendlyName, undefined))),
    ...crls.map(({ crl, friendlyName }) =>
      typedBag(
        Pkcs12Oid.crlBag,
        Pkcs12Oid.x509Crl,
        derOctetString(crl.bytes),
        labels(friendlyName, undefined),
      ),
    ),
    ...secrets.map(({ type, value, friendlyName }) =>
      typedBag(Pkcs12Oid.secretBag, type, asBytes(value), labels(friendlyName, undefined)),
    ),
  ];
  const parts: Bytes[] = [];
  if (others.length > 0) parts.push(await encryptedPart(wipingSequence(...others), sealing));
  if (keys.length > 0) {
    const bags: Bytes[] = [];
    for (const { privateKey, certificate, friendlyName } of keys) {
      const { forms, derivations, newEncryption } = sealing;
      const shrouded = await encryptPrivateKeyInfo(privateKey, newEncryption(), forms, derivations);
      const attributes = labels(friendlyName, certificate && keyIdOf(certificate));
      bags.push(safeBag(Pkcs12Oid.shroudedKeyBag, shrouded, attributes));
    }
    parts.push(derSequence(derOid(Pkcs12Oid.data), derExplicit(0, derOctetString(derSequence(...bags)))));
  }
  return derSequence(...parts);
}

/** What key and certificate have in common. It is a name, no secret: SHA-1 serves, and is what others write. */
function keyIdOf(certificate: Certificate): Bytes {
  return digest('sha1', certificate.bytes);
}

function certificateBag(certificate: Certificate, attributes: readonly Bytes[]): Bytes {
  return typedBag(
    Pkcs12Oid.certBag,
    Pkcs12Oid.x509Certificate,
    derOctetString(certificate.bytes),
    attributes,
  );
}

/** The caller's `value` is left as it is. */
function typedBag(bag: string, type: string, value: Bytes, attributes: readonly Bytes[]): Bytes {
  return safeBag(bag, wipingSequence(derOid(type), derExplicit(0, value)), attributes);
}

/** Overwrites `value`: it may be a secret, of which every layer is a copy. */
function safeBag(bag: string, value: Bytes, attributes: readonly Bytes[]): Bytes {
  const elements = [derOid(bag), derExplicit(0, value)];
  value.fill(0);
  if (attributes.length > 0) elements.push(derSetOf(...attributes));
  return wipingSequence(...elements);
}

/** RFC 2985 §5.5.1 and §5.5.2. */
function labels(friendlyName: string | undefined, localKeyId: Bytes | undefined): Bytes[] {
  const attributes: Bytes[] = [];
  if (friendlyName !== undefined) {
    if (typeof friendlyName !== 'string') throw usage(`\`friendlyName\` is text, not ${shown(friendlyName)}`);
    attributes.push(attribute(Pkcs12Oid.friendlyName, der(Tag.BmpString, utf16(friendlyName))));
  }
  if (localKeyId !== undefined) attributes.push(attribute(Pkcs12Oid.localKeyId, derOctetString(localKeyId)));
  return attributes;
}

function attribute(oid: string, value: Bytes): Bytes {
  return derSequence(derOid(oid), derSetOf(value));
}

/** Characters beyond the BMP as surrogates, as every program writes them though BMPString has none. */
function utf16(text: string): Bytes {
  const octets = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    octets[2 * i] = text.charCodeAt(i) >> 8;
    octets[2 * i + 1] = text.charCodeAt(i);
  }
  return octets;
}

/** A ContentInfo with EncryptedData (RFC 5652 §8, version 0). */
async function encryptedPart(plain: Bytes, { forms, derivations, newEncryption }: Sealing): Promise<Bytes> {
  const algorithm = newEncryption();
  const encrypted = await encryptWithPassword(algorithm, forms, plain, derivations).finally(() =>
    plain.fill(0),
  );
  const info = derSequence(derOid(Pkcs12Oid.data), encodePasswordEncryption(algorithm), der(0x80, encrypted));
  return derSequence(derOid(Pkcs12Oid.encryptedData), derExplicit(0, derSequence(derInteger(0), info)));
}

/** Refuses what somebody without a type checker may give. */
function checkContents({ keys = [], certificates = [], crls = [], secrets = [] }: Pkcs12Contents): void {
  for (const list of [keys, certificates, crls, secrets]) {
    if (!Array.isArray(list)) throw usage('`keys`, `certificates`, `crls` and `secrets` are arrays');
    for (const item of list) assertGiven(item, 'what goes into the file');
  }
  for (const { privateKey } of keys) {
    assertGiven(privateKey, 'the `privateKey` of a key');
    assertGiven(privateKey.publicKey, 'the `publicKey` of the private key, as `parsePrivateKey` gives it,');
  }
  const own = keys.map(({ certificate }) => certificate).filter((each) => each !== undefined);
  if (![...own, ...certificates.map(({ certificate }) => certificate)].every(isCertificate))
    throw usage('a `certificate` is wanted as `parseCertificate` gives it');
  for (const { crl } of crls) assertGiven(crl, 'the `crl`');
}
