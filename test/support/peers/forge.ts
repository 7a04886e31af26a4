import { loadPeer } from '../../../bench/peers/load.mjs';
import { asBytes, type Bytes } from '../../../src/core/bytes.js';
import { encodePem } from '../../../src/encoding/pem.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import {
  type EncryptionJob,
  noOption,
  type Peer,
  type PeerCipher,
  type PeerRecipient,
  PeerRefusal,
  plainPerson,
  type SigningJob,
} from './peer.js';
import type { People } from './people.js';
import { refusing } from './pkijs.js';

type Package = Awaited<ReturnType<typeof loadPeer>>;

/** Its names, or the OIDs of what it has no name for. */
const ciphers: Readonly<Record<PeerCipher, string>> = {
  'aes128-cbc': 'aes128-CBC',
  'aes192-cbc': 'aes192-CBC',
  'aes256-cbc': 'aes256-CBC',
  'des-ede3-cbc': 'des-EDE3-CBC',
  'des-cbc': 'desCBC',
  'rc2-40-cbc': '1.2.840.113549.3.2',
  'rc2-64-cbc': '1.2.840.113549.3.2',
  'rc2-128-cbc': '1.2.840.113549.3.2',
  'aes128-gcm': '2.16.840.1.101.3.4.1.6',
  'aes192-gcm': '2.16.840.1.101.3.4.1.26',
  'aes256-gcm': '2.16.840.1.101.3.4.1.46',
  'chacha20-poly1305': '1.2.840.113549.1.9.16.3.18',
};

/** node-forge: RSA only. */
export class Forge implements Peer {
  readonly name = 'node-forge';
  readonly #people: People;
  readonly #forge: Package;

  private constructor(people: People, forge: Package) {
    this.#people = people;
    this.#forge = forge;
  }

  static async open(people: People): Promise<Forge> {
    const forge = await loadPeer('node-forge');
    return new Forge(people, forge.default ?? forge);
  }

  sign(job: SigningJob): Promise<Bytes> {
    return refusing(async () => {
      if (job.pss === true) throw noOption('RSASSA-PSS');
      if (job.byKeyIdentifier === true) throw noOption('naming signers by subjectKeyIdentifier');
      const { oids } = this.#forge.pki;
      const message = this.#forge.pkcs7.createSignedData();
      message.content = this.#forge.util.createBuffer(latin1(job.content));
      for (const { certificate, privateKey } of job.signers) {
        message.addCertificate(this.#certificate(certificate));
        message.addSigner({
          key: this.#forge.pki.privateKeyFromPem(encodePem('PRIVATE KEY', privateKey.pkcs8)),
          certificate: this.#certificate(certificate),
          digestAlgorithm: oids[job.digest],
          authenticatedAttributes:
            job.withoutSignedAttributes === true
              ? []
              : [
                  { type: oids.contentType, value: oids.data },
                  { type: oids.messageDigest },
                  { type: oids.signingTime, value: new Date() },
                ],
        });
      }
      message.addCertificate(this.#certificate(this.#people.authority));
      message.sign({ detached: job.detached === true });
      return this.#der(message.toAsn1());
    });
  }

  verify(signed: Uint8Array): Promise<Bytes> {
    return refusing(async () => this.#message(signed).verify());
  }

  encrypt({ content, recipients, cipher }: EncryptionJob): Promise<Bytes> {
    return refusing(async () => {
      const message = this.#forge.pkcs7.createEnvelopedData();
      for (const recipient of recipients)
        message.addRecipient(this.#certificate(plainPerson(recipient).certificate));
      message.content = this.#forge.util.createBuffer(latin1(content));
      message.encrypt(undefined, this.#forge.pki.oids[ciphers[cipher]] ?? ciphers[cipher]);
      return this.#der(message.toAsn1());
    });
  }

  decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    return refusing(async () => {
      const message = this.#message(enveloped);
      if (recipient.kind === 'kek' || recipient.kind === 'password')
        throw new PeerRefusal('no recipient of this kind was found');
      const { certificate, privateKey } = recipient.person;
      const found = message.findRecipient(this.#certificate(certificate));
      if (found === null) throw new PeerRefusal('findRecipient: null');
      message.decrypt(found, this.#forge.pki.privateKeyFromPem(encodePem('PRIVATE KEY', privateKey.pkcs8)));
      return octets(message.content.getBytes());
    });
  }

  makeCertsOnly(certificates: readonly Certificate[]): Promise<Bytes> {
    return refusing(async () => {
      const message = this.#forge.pkcs7.createSignedData();
      for (const each of certificates) message.addCertificate(this.#certificate(each));
      return this.#der(message.toAsn1());
    });
  }

  readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]> {
    return refusing(async () =>
      this.#message(certsOnly).certificates.map((each: Package) =>
        this.#der(this.#forge.pki.certificateToAsn1(each)),
      ),
    );
  }

  close(): void {}

  #certificate({ bytes }: Certificate): Package {
    return this.#forge.pki.certificateFromPem(encodePem('CERTIFICATE', bytes));
  }

  #message(ber: Uint8Array): Package {
    return this.#forge.pkcs7.messageFromAsn1(this.#forge.asn1.fromDer(latin1(ber)));
  }

  #der(node: Package): Bytes {
    return octets(this.#forge.asn1.toDer(node).getBytes());
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function octets(text: string): Bytes {
  return asBytes(Uint8Array.from(Buffer.from(text, 'latin1')));
}
