import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src/core/bytes.js';
import { decodePem, encodePem } from '../../../src/encoding/pem.js';
import { createPkcs12 } from '../../../src/pki/pkcs12/create-pkcs12.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import {
  type EncryptionJob,
  type Finished,
  finish,
  noOption,
  type Peer,
  type PeerRecipient,
  PeerRefusal,
  plainPerson,
  type SigningJob,
} from './peer.js';
import { type People, type Person, personNames } from './people.js';

const password = 'interop';

/** NSS by `cmsutil`, with the people's keys in a database of its own. */
export class Nss implements Peer {
  readonly name = 'NSS';
  readonly #folder: string;
  /** Whose keys the database does not take, and what it said. */
  readonly #notTaken = new Map<string, string>();

  readonly #people: People;

  private constructor(folder: string, people: People) {
    this.#folder = folder;
    this.#people = people;
  }

  static async open(people: People): Promise<Nss> {
    const nss = new Nss(mkdtempSync(join(tmpdir(), 'mailseal-nss-')), people);
    try {
      await nss.#fill(people);
    } catch (error) {
      nss.close();
      throw error;
    }
    return nss;
  }

  async #fill(people: People): Promise<void> {
    this.#addAuthorities();
    for (const name of personNames) {
      const { privateKey, certificate } = people[name];
      const file = this.#write(
        'key.p12',
        await createPkcs12(
          { keys: [{ privateKey, certificate, friendlyName: name }] },
          { password, iterations: 1 },
        ),
      );
      const args = ['-i', file, '-d', this.#database, '-W', password, '-K', ''];
      const { status, errors } = finish('pk12util', args);
      if (status !== 0) this.#notTaken.set(name, errors);
    }
  }

  async sign(job: SigningJob): Promise<Bytes> {
    if (job.pss === true) throw noOption('RSASSA-PSS');
    if (job.byKeyIdentifier === true) throw noOption('naming signers by subjectKeyIdentifier');
    if (job.signers.length !== 1) throw noOption('several signers');
    this.#assertTaken(job.signers[0]!);
    // Without attributes where none is asked for.
    const attributes = job.withoutSignedAttributes === true ? [] : ['-G', '-P'];
    const detached = job.detached === true ? ['-T'] : [];
    return this.#cmsutil(
      ['-S', '-H', job.digest.toUpperCase(), '-N', job.signers[0]!.name, ...attributes, ...detached],
      job.content,
    ).output;
  }

  async verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes> {
    const content = detachedContent === undefined ? [] : ['-c', this.#write('content', detachedContent)];
    // The status is 0 whatever it finds: what counts are the headers that `-h` asks for.
    const args = ['-D', '-i', this.#write('signed', signed), ...content];
    const headers = latin1(this.#cmsutil([...args, '-n', '-h', '1']).output);
    const statuses = [...headers.matchAll(/signer\d+\.status=(\w+)/g)].map((match) => match[1]!);
    if (statuses.length === 0 || statuses.some((status) => status !== 'GoodSignature'))
      throw new PeerRefusal(headers);
    return this.#cmsutil(args).output;
  }

  async encrypt({ content, recipients, cipher }: EncryptionJob): Promise<Bytes> {
    if (cipher !== 'aes128-cbc') throw noOption('the cipher, which is AES-128-CBC');
    const to = recipients.map((recipient) => {
      const person = plainPerson(recipient);
      this.#assertTaken(person);
      return person.address;
    });
    return this.#cmsutil(['-E', '-r', to.join(',')], content).output;
  }

  async decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    const given = recipient.kind === 'password' ? ['-p', recipient.password] : [];
    return this.#cmsutil(['-D', ...given, '-i', this.#write('enveloped', enveloped)]).output;
  }

  async makeCertsOnly(certificates: readonly Certificate[]): Promise<Bytes> {
    const names = certificates.map(({ emailAddresses }) => emailAddresses[0]);
    return this.#cmsutil(['-O', '-r', names.filter((name) => name !== undefined).join(',')]).output;
  }

  async readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]> {
    // Where the certificates are known already it does not show that it read them: a database without them.
    const folder = mkdtempSync(join(tmpdir(), 'mailseal-nss-'));
    try {
      const other = new Nss(folder, this.#people);
      other.#addAuthorities();
      other.#cmsutil(['-D', '-k', '-i', other.#write('certs-only', certsOnly)]);
      const listed = latin1(other.#tool('certutil', ['-L']).output);
      const names = [...listed.matchAll(/^(\S+@\S+) +,,/gm)].map((match) => match[1]!);
      return names.flatMap((name) =>
        decodePem(other.#tool('certutil', ['-L', '-a', '-n', name]).output).map(({ octets }) => octets),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #assertTaken({ name }: Person): void {
    const words = this.#notTaken.get(name);
    if (words !== undefined) throw new PeerRefusal(words);
  }

  get #database(): string {
    return `sql:${this.#folder}`;
  }

  #addAuthorities(): void {
    this.#tool('certutil', ['-N', '--empty-password']);
    this.#addCertificate('root', 'C,C,C', this.#people.root);
    this.#addCertificate('authority', ',,', this.#people.authority);
  }

  #addCertificate(name: string, trust: string, { bytes }: Certificate): void {
    const file = this.#write('certificate.pem', encodePem('CERTIFICATE', bytes));
    this.#tool('certutil', ['-A', '-n', name, '-t', trust, '-i', file]);
  }

  #cmsutil(args: readonly string[], input: Uint8Array | string = ''): Finished {
    return this.#tool('cmsutil', args, input);
  }

  #tool(program: string, args: readonly string[], input: Uint8Array | string = ''): Finished {
    const finished = finish(program, [...args, '-d', this.#database], input);
    if (finished.status !== 0) throw new PeerRefusal(finished.errors);
    return finished;
  }

  #write(name: string, octets: Uint8Array | string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, octets, { mode: 0o600 });
    return path;
  }
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
