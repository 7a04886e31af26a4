import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src/core/bytes.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { decodePem, encodePem } from '../../../src/encoding/pem.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import {
  type EncryptionJob,
  finish,
  noOption,
  type Peer,
  type PeerCipher,
  type PeerRecipient,
  PeerRefusal,
  type SigningJob,
} from './peer.js';
import type { People, Person, PersonName } from './people.js';
import { personNames } from './people.js';

const cipherOptions: Readonly<Record<PeerCipher, string>> = {
  'aes128-cbc': '-aes-128-cbc',
  'aes192-cbc': '-aes-192-cbc',
  'aes256-cbc': '-aes-256-cbc',
  'des-ede3-cbc': '-des-ede3-cbc',
  'des-cbc': '-des-cbc',
  'rc2-40-cbc': '-rc2-40-cbc',
  'rc2-64-cbc': '-rc2-64-cbc',
  'rc2-128-cbc': '-rc2-cbc',
  'aes128-gcm': '-aes-128-gcm',
  'aes192-gcm': '-aes-192-gcm',
  'aes256-gcm': '-aes-256-gcm',
  'chacha20-poly1305': '-chacha20-poly1305',
};

const der = ['-outform', 'DER', '-binary'];
const legacy = ['-provider', 'legacy', '-provider', 'default'];

/** `openssl cms`, with the people's keys as PEM in a folder of its own. */
export class OpenSsl implements Peer {
  readonly name = 'OpenSSL';
  readonly #folder: string;
  #files = 0;

  constructor(people: People) {
    this.#folder = mkdtempSync(join(tmpdir(), 'mailseal-openssl-'));
    this.#write('root.pem', encodePem('CERTIFICATE', people.root.bytes));
    this.#write('authority.pem', encodePem('CERTIFICATE', people.authority.bytes));
    for (const name of personNames) {
      this.#write(`${name}.pem`, encodePem('CERTIFICATE', people[name].certificate.bytes));
      this.#write(`${name}.key`, encodePem('PRIVATE KEY', people[name].privateKey.pkcs8));
    }
  }

  async sign(job: SigningJob): Promise<Bytes> {
    const signers = job.signers.flatMap(({ name }) => [
      ...['-signer', `${name}.pem`, '-inkey', `${name}.key`],
      ...(job.pss === true ? ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:digest'] : []),
    ]);
    const args = [
      ...['cms', '-sign', ...der, '-md', job.digest, '-certfile', 'authority.pem', ...signers],
      ...(job.detached === true ? [] : ['-nodetach']),
      ...(job.withoutSignedAttributes === true ? ['-noattr'] : []),
      ...(job.byKeyIdentifier === true ? ['-keyid'] : []),
    ];
    return this.#run(args, job.content);
  }

  async verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes> {
    const content = detachedContent === undefined ? [] : ['-content', this.#temporary(detachedContent)];
    return this.#run(
      [
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-binary',
        '-CAfile',
        'root.pem',
        '-purpose',
        'smimesign',
        ...content,
      ],
      signed,
    );
  }

  async encrypt({ content, recipients, cipher }: EncryptionJob): Promise<Bytes> {
    const options = recipients.flatMap((recipient) => this.#recipientOptions(recipient));
    const named = recipients.some((each) => 'byKeyIdentifier' in each && each.byKeyIdentifier)
      ? ['-keyid']
      : [];
    const old = /^(des-cbc|rc2)/.test(cipher) ? legacy : [];
    return this.#run(
      ['cms', '-encrypt', ...old, ...der, cipherOptions[cipher], ...named, ...options],
      content,
    );
  }

  async decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    const key =
      recipient.kind === 'kek'
        ? ['-secretkey', encodeHex(recipient.key), '-secretkeyid', encodeHex(recipient.id)]
        : recipient.kind === 'password'
          ? ['-pwri_password', recipient.password]
          : ['-inkey', `${recipient.person.name}.key`, '-recip', `${recipient.person.name}.pem`];
    return this.#run(['cms', '-decrypt', '-inform', 'DER', '-binary', ...key], enveloped);
  }

  async makeCertsOnly(certificates: readonly Certificate[]): Promise<Bytes> {
    const files = certificates.flatMap(({ bytes }) => [
      '-certfile',
      this.#temporary(encodePem('CERTIFICATE', bytes)),
    ]);
    return this.#run(['crl2pkcs7', '-nocrl', '-outform', 'DER', ...files]);
  }

  async readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]> {
    const text = this.#run(['pkcs7', '-inform', 'DER', '-print_certs'], certsOnly);
    return decodePem(text).map(({ octets }) => octets);
  }

  /** EncryptedData under a key that both sides have. */
  encryptData(content: Uint8Array, cipher: PeerCipher, key: Uint8Array): Bytes {
    return this.#run(
      ['cms', '-EncryptedData_encrypt', ...der, cipherOptions[cipher], '-secretkey', encodeHex(key)],
      content,
    );
  }

  /** What is in EncryptedData. */
  decryptData(encrypted: Uint8Array, key: Uint8Array): Bytes {
    return this.#run(
      ['cms', '-EncryptedData_decrypt', '-inform', 'DER', '-binary', '-secretkey', encodeHex(key)],
      encrypted,
    );
  }

  /** What `cms` makes of a whole message. */
  message(...args: readonly string[]): (input: Uint8Array) => Bytes {
    return (input) => this.#run(['cms', ...args], input);
  }

  /** Arguments for the certificate and key of somebody. */
  keyOf({ name }: Person, option: '-signer' | '-recip'): string[] {
    return [option, `${name}.pem`, '-inkey', `${name}.key`];
  }

  /** Whether `pkeyutl` finds a signature good over the octets themselves. */
  isSignature(name: PersonName, octets: Uint8Array, signature: Uint8Array): boolean {
    const files = ['-in', this.#temporary(octets), '-sigfile', this.#temporary(signature)];
    const args = ['pkeyutl', '-verify', '-rawin', '-certin', '-inkey', `${name}.pem`, ...files];
    return finish('openssl', args, '', { cwd: this.#folder }).status === 0;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #recipientOptions(recipient: PeerRecipient): string[] {
    switch (recipient.kind) {
      case 'kek':
        return ['-secretkey', encodeHex(recipient.key), '-secretkeyid', encodeHex(recipient.id)];
      case 'password':
        return ['-pwri_password', recipient.password];
      case 'rsa-pkcs1':
        return ['-recip', `${recipient.person.name}.pem`];
      case 'rsa-oaep':
        return [
          ...['-recip', `${recipient.person.name}.pem`, '-keyopt', 'rsa_padding_mode:oaep'],
          ...['-keyopt', `rsa_oaep_md:${recipient.digest}`],
          ...['-keyopt', `rsa_mgf1_md:${recipient.mgfDigest ?? recipient.digest}`],
          ...(recipient.label === undefined
            ? []
            : ['-keyopt', `rsa_oaep_label:${encodeHex(recipient.label)}`]),
        ];
      case 'ecdh':
        if (recipient.ukm !== undefined) throw noOption('user keying material');
        return [
          ...['-recip', `${recipient.person.name}.pem`],
          ...(recipient.kdf === undefined ? [] : ['-keyopt', `ecdh_kdf_md:${recipient.kdf}`]),
          ...(recipient.cofactor === true ? ['-keyopt', 'ecdh_cofactor_mode:1'] : []),
          ...(recipient.wrap === undefined ? [] : [`-${recipient.wrap.replace('des-ede3', 'des3')}`]),
        ];
    }
  }

  #run(args: readonly string[], input: Uint8Array = new Uint8Array()): Bytes {
    const { status, output, errors } = finish('openssl', args, input, { cwd: this.#folder });
    if (status !== 0) throw new PeerRefusal(errors);
    return output;
  }

  #write(name: string, octets: Uint8Array | string): void {
    writeFileSync(join(this.#folder, name), octets, { mode: 0o600 });
  }

  #temporary(octets: Uint8Array | string): string {
    const name = `file-${this.#files++}`;
    this.#write(name, octets);
    return name;
  }
}
