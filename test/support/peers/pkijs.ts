import { createHash } from 'node:crypto';
import { loadPeer } from '../../../bench/peers/load.mjs';
import { asBytes, type Bytes } from '../../../src/core/bytes.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import {
  type EncryptionJob,
  noOption,
  type Peer,
  type PeerCipher,
  type PeerDigest,
  type PeerRecipient,
  PeerRefusal,
  type SigningJob,
} from './peer.js';
import type { People, Person } from './people.js';

/** What there is of the package; its own types are not within the tests' reach. */
type Package = Awaited<ReturnType<typeof loadPeer>>;

const digests: Readonly<Record<PeerDigest, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

const ciphers: Readonly<Partial<Record<PeerCipher, { name: string; length: number }>>> = {
  'aes128-cbc': { name: 'AES-CBC', length: 128 },
  'aes192-cbc': { name: 'AES-CBC', length: 192 },
  'aes256-cbc': { name: 'AES-CBC', length: 256 },
  'aes128-gcm': { name: 'AES-GCM', length: 128 },
  'aes192-gcm': { name: 'AES-GCM', length: 192 },
  'aes256-gcm': { name: 'AES-GCM', length: 256 },
};

const dataOid = '1.2.840.113549.1.7.1';
const signedDataOid = '1.2.840.113549.1.7.2';
const envelopedDataOid = '1.2.840.113549.1.7.3';

/** pkijs over the runtime's WebCrypto. */
export class Pkijs implements Peer {
  readonly name = 'pkijs';
  readonly #people: People;
  readonly #pkijs: Package;
  readonly #asn1js: Package;

  private constructor(people: People, pkijs: Package, asn1js: Package) {
    this.#people = people;
    this.#pkijs = pkijs;
    this.#asn1js = asn1js;
  }

  static async open(people: People): Promise<Pkijs> {
    return new Pkijs(people, await loadPeer('pkijs'), await loadPeer('asn1js'));
  }

  sign(job: SigningJob): Promise<Bytes> {
    return refusing(() => this.#sign(job));
  }

  verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes> {
    return refusing(() => this.#verify(signed, detachedContent));
  }

  encrypt(job: EncryptionJob): Promise<Bytes> {
    return refusing(() => this.#encrypt(job));
  }

  decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    return refusing(() => this.#decrypt(enveloped, recipient));
  }

  makeCertsOnly(certificates: readonly Certificate[]): Promise<Bytes> {
    return refusing(async () =>
      this.#contentInfo(
        signedDataOid,
        new this.#pkijs.SignedData({
          version: 1,
          encapContentInfo: new this.#pkijs.EncapsulatedContentInfo({ eContentType: dataOid }),
          certificates: certificates.map((each) => this.#certificate(each)),
        }).toSchema(true),
      ),
    );
  }

  readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]> {
    return refusing(async () => {
      const { certificates } = this.#signedData(certsOnly);
      return certificates.map((each: Package) => asBytes(new Uint8Array(each.toSchema(true).toBER())));
    });
  }

  close(): void {}

  async #sign(job: SigningJob): Promise<Bytes> {
    const { SignedData, EncapsulatedContentInfo, SignerInfo, Attribute, SignedAndUnsignedAttributes } =
      this.#pkijs;
    const { OctetString, ObjectIdentifier, UTCTime, Primitive } = this.#asn1js;
    const hash = createHash(job.digest).update(job.content).digest();
    const signedData = new SignedData({
      version: job.byKeyIdentifier === true ? 3 : 1,
      encapContentInfo: new EncapsulatedContentInfo({
        eContentType: dataOid,
        ...(job.detached === true ? {} : { eContent: new OctetString({ valueHex: buffer(job.content) }) }),
      }),
      certificates: [...job.signers.map(({ certificate }) => certificate), this.#people.authority].map(
        (each) => this.#certificate(each),
      ),
    });
    const attribute = (type: string, value: Package): Package => new Attribute({ type, values: [value] });
    for (const { certificate } of job.signers) {
      const theirs = this.#certificate(certificate);
      signedData.signerInfos.push(
        new SignerInfo({
          version: job.byKeyIdentifier === true ? 3 : 1,
          sid:
            job.byKeyIdentifier === true
              ? new Primitive({
                  idBlock: { tagClass: 3, tagNumber: 0 },
                  valueHex: buffer(certificate.subjectKeyIdentifier!),
                })
              : new this.#pkijs.IssuerAndSerialNumber({
                  issuer: theirs.issuer,
                  serialNumber: theirs.serialNumber,
                }),
          ...(job.withoutSignedAttributes === true
            ? {}
            : {
                signedAttrs: new SignedAndUnsignedAttributes({
                  type: 0,
                  attributes: [
                    attribute('1.2.840.113549.1.9.3', new ObjectIdentifier({ value: dataOid })),
                    attribute('1.2.840.113549.1.9.5', new UTCTime({ valueDate: new Date() })),
                    attribute('1.2.840.113549.1.9.4', new OctetString({ valueHex: buffer(hash) })),
                  ],
                }),
              }),
        }),
      );
    }
    for (const [n, person] of job.signers.entries()) {
      const key = await this.#signingKey(person, job);
      await signedData.sign(key, n, digests[job.digest], buffer(job.content));
    }
    return this.#contentInfo(signedDataOid, signedData.toSchema(true));
  }

  async #verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes> {
    const signedData = this.#signedData(signed);
    for (const [signer] of signedData.signerInfos.entries()) {
      const { signatureVerified, message } = await signedData.verify({
        signer,
        trustedCerts: [this.#certificate(this.#people.root)],
        checkChain: true,
        extendedMode: true,
        ...(detachedContent === undefined ? {} : { data: buffer(detachedContent) }),
      });
      if (signatureVerified !== true) throw new PeerRefusal(message || 'the signature is not good');
    }
    if (detachedContent !== undefined) return asBytes(detachedContent);
    return asBytes(new Uint8Array(signedData.encapContentInfo.eContent.getValue()));
  }

  async #encrypt({ content, recipients, cipher }: EncryptionJob): Promise<Bytes> {
    const enveloped = new this.#pkijs.EnvelopedData();
    for (const recipient of recipients) this.#addRecipient(enveloped, recipient);
    const algorithm = ciphers[cipher];
    if (algorithm === undefined) throw noOption('the cipher, which WebCrypto lacks');
    if (algorithm.name === 'AES-GCM') throw noOption('AuthEnvelopedData');
    await enveloped.encrypt(algorithm, buffer(content));
    return this.#contentInfo(envelopedDataOid, enveloped.toSchema());
  }

  #addRecipient(enveloped: Package, recipient: PeerRecipient): void {
    if ('byKeyIdentifier' in recipient && recipient.byKeyIdentifier)
      throw noOption('naming this recipient by subjectKeyIdentifier');
    switch (recipient.kind) {
      case 'kek':
        enveloped.addRecipientByPreDefinedData(
          buffer(recipient.key),
          {
            keyIdentifier: buffer(recipient.id),
            keyEncryptionAlgorithm: { name: 'AES-KW', length: 8 * recipient.key.length },
          },
          1,
        );
        break;
      case 'password':
        // Not the wrap of RFC 3211, but that of AES as it is.
        enveloped.addRecipientByPreDefinedData(
          Uint8Array.from(Buffer.from(recipient.password)).buffer,
          {},
          2,
        );
        break;
      default:
        enveloped.addRecipientByCertificate(
          this.#certificate(recipient.person.certificate),
          this.#parameters(recipient),
        );
    }
  }

  #parameters(recipient: Exclude<PeerRecipient, { kind: 'kek' | 'password' }>): object {
    if (recipient.kind === 'rsa-pkcs1') return { useOAEP: false };
    if (recipient.kind === 'rsa-oaep') {
      if (recipient.label !== undefined) throw noOption('a label of RSAES-OAEP');
      if (recipient.mgfDigest !== undefined) throw noOption('another hash of the mask generation');
      return { oaepHashAlgorithm: digests[recipient.digest] };
    }
    if (recipient.cofactor === true) throw noOption('cofactor Diffie-Hellman');
    const length = /^aes(\d+)-wrap$/.exec(recipient.wrap ?? 'aes256-wrap')?.[1];
    if (length === undefined) throw noOption('a key wrap other than AES');
    return { kdfAlgorithm: digests[recipient.kdf ?? 'sha256'], kekEncryptionLength: Number(length) };
  }

  async #decrypt(octets: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    const info = this.#pkijs.ContentInfo.fromBER(buffer(octets));
    if (info.contentType !== envelopedDataOid)
      throw new PeerRefusal(`no class for the content type ${info.contentType}`);
    const enveloped = new this.#pkijs.EnvelopedData({ schema: info.content });
    const given =
      recipient.kind === 'kek'
        ? { preDefinedData: buffer(recipient.key) }
        : recipient.kind === 'password'
          ? { preDefinedData: Uint8Array.from(Buffer.from(recipient.password)).buffer }
          : {
              recipientCertificate: this.#certificate(recipient.person.certificate),
              recipientPrivateKey: buffer(recipient.person.privateKey.pkcs8),
            };
    // It does not look for the recipient itself: all of his kind are tried.
    const variant = { 'rsa-pkcs1': 1, 'rsa-oaep': 1, ecdh: 2, kek: 3, password: 4 }[recipient.kind];
    let refusal: unknown = new PeerRefusal('no recipient of this kind was found');
    for (const [index, each] of enveloped.recipientInfos.entries()) {
      if (each.variant !== variant) continue;
      try {
        return asBytes(new Uint8Array(await enveloped.decrypt(index, given)));
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  async #signingKey({ privateKey }: Person, job: SigningJob): Promise<Package> {
    const hash = digests[job.digest];
    const algorithm =
      privateKey.kind === 'rsa'
        ? { name: job.pss === true ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash }
        : privateKey.kind === 'ec'
          ? { name: 'ECDSA', namedCurve: privateKey.publicKey.curve }
          : { name: privateKey.kind === 'ed25519' ? 'Ed25519' : 'Ed448' };
    return globalThis.crypto.subtle.importKey('pkcs8', privateKey.pkcs8, algorithm, true, ['sign']);
  }

  #certificate({ bytes }: Certificate): Package {
    return this.#pkijs.Certificate.fromBER(buffer(bytes));
  }

  #signedData(octets: Uint8Array): Package {
    const info = this.#pkijs.ContentInfo.fromBER(buffer(octets));
    return new this.#pkijs.SignedData({ schema: info.content });
  }

  #contentInfo(contentType: string, content: Package): Bytes {
    const info = new this.#pkijs.ContentInfo({ contentType, content });
    return asBytes(new Uint8Array(info.toSchema().toBER(false)));
  }
}

/** A copy without anything around it: what pkijs and WebCrypto take. */
function buffer(octets: Uint8Array): ArrayBuffer {
  return Uint8Array.from(octets).buffer;
}

/** Whatever a library throws is its refusal. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PeerRefusal) throw error;
    throw new PeerRefusal(error instanceof Error ? error.message : JSON.stringify(error), { cause: error });
  }
}
