import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asBytes, type Bytes } from '../../../src/core/bytes.js';
import { decodePem } from '../../../src/encoding/pem.js';
import {
  type EncryptionJob,
  finish,
  noOption,
  type Peer,
  type PeerRecipient,
  PeerRefusal,
  plainPerson,
  type SigningJob,
} from './peer.js';
import { type People, type Person, personNames } from './people.js';

/** What `--cipher-algo` is told; what it does not know it calls invalid. */
const cipherNames: Readonly<Record<string, string>> = {
  'aes128-cbc': 'AES128',
  'aes192-cbc': 'AES192',
  'aes256-cbc': 'AES256',
  'des-ede3-cbc': '3DES',
  'des-cbc': 'DES',
  'rc2-40-cbc': 'RFC2268_40',
  'rc2-64-cbc': 'RFC2268_64',
  'rc2-128-cbc': 'RFC2268_128',
  'aes128-gcm': 'AES128.GCM',
  'aes192-gcm': 'AES192.GCM',
  'aes256-gcm': 'AES256.GCM',
  'chacha20-poly1305': 'CHACHA20',
};

/** `gpgsm` with its agent, in a home of its own where nothing asks for a passphrase. */
export class Gpgsm implements Peer {
  readonly name = 'GnuPG';
  readonly #home: string;

  constructor(people: People) {
    // Sockets stand in the home: its path must be short.
    this.#home = mkdtempSync(join(tmpdir(), 'ms-gpg-'));
    const fingerprint = createHash('sha1').update(people.root.bytes).digest('hex').toUpperCase();
    this.#write('trustlist.txt', `${fingerprint} S relax\n`);
    this.#write(
      'gpgsm.conf',
      ['batch', 'no-tty', 'yes', 'disable-dirmngr', 'disable-crl-checks', 'disable-policy-checks'].join('\n'),
    );
    mkdirSync(join(this.#home, 'private-keys-v1.d'), { mode: 0o700 });
    for (const certificate of [
      people.root,
      people.authority,
      ...personNames.map((n) => people[n].certificate),
    ])
      this.#gpgsm(['--import'], certificate.bytes);
    for (const name of personNames) this.#addKey(people[name]);
  }

  async sign(job: SigningJob): Promise<Bytes> {
    if (job.pss === true) throw noOption('RSASSA-PSS');
    if (job.withoutSignedAttributes === true) throw noOption('leaving out signed attributes');
    if (job.byKeyIdentifier === true) throw noOption('naming signers by subjectKeyIdentifier');
    return this.#made(
      [
        job.detached === true ? '--detach-sign' : '--sign',
        ...['--digest-algo', job.digest.toUpperCase()],
        ...job.signers.flatMap(({ address }) => ['-u', address]),
      ],
      job.content,
    );
  }

  async verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes> {
    if (detachedContent === undefined)
      return this.#good(this.#gpgsm(['--status-fd', '2', '--output', '-', '--verify'], signed));
    const signature = this.#write('signature', signed);
    const content = this.#write('signed', detachedContent);
    this.#good(this.#gpgsm(['--status-fd', '2', '--verify', signature, content]));
    return asBytes(detachedContent);
  }

  async encrypt({ content, recipients, cipher }: EncryptionJob): Promise<Bytes> {
    const to = recipients.flatMap((recipient) => ['-r', plainPerson(recipient).address]);
    const name = cipherNames[cipher]!;
    return this.#made(['--encrypt', '--cipher-algo', name, ...to], content);
  }

  async decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes> {
    if (recipient.kind !== 'password') {
      const { status, output, errors } = this.#gpgsm(['--status-fd', '2', '--decrypt'], enveloped);
      // A recipient whose certificate it does not have counts as an error, though another's key opened the envelope.
      if (status !== 0 && !errors.includes('[GNUPG:] DECRYPTION_OKAY')) throw new PeerRefusal(errors);
      return output;
    }
    const options = ['--pinentry-mode', 'loopback', '--passphrase-fd', '0'];
    const file = this.#write('enveloped', enveloped);
    return this.#made([...options, '--decrypt', file], Buffer.from(recipient.password));
  }

  async makeCertsOnly(): Promise<Bytes> {
    throw noOption('certs-only messages');
  }

  async readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]> {
    const { status, errors } = this.#gpgsm(['--status-fd', '2', '--import'], certsOnly);
    if (status !== 0) throw new PeerRefusal(errors);
    const fingerprints = [...errors.matchAll(/IMPORT_OK \d+ ([0-9A-F]{40})/g)].map((match) => match[1]!);
    // What follows a certificate are those above it, which it looks up.
    return [...new Set(fingerprints)].map((each) => {
      const { output } = this.#gpgsm(['--armor', '--export', `0x${each}`]);
      return decodePem(output)[0]!.octets;
    });
  }

  close(): void {
    finish('gpgconf', ['--kill', 'all'], '', { env: { ...process.env, GNUPGHOME: this.#home } });
    rmSync(this.#home, { recursive: true, force: true });
  }

  #gpgsm(args: readonly string[], input: Uint8Array | string = '') {
    return finish('gpgsm', ['--homedir', this.#home, ...args], input);
  }

  #made(args: readonly string[], input: Uint8Array): Bytes {
    const { status, output, errors } = this.#gpgsm(args, input);
    // An algorithm that it does not know it replaces, and says so.
    if (status !== 0 || /selected .* algorithm is invalid/.test(errors)) throw new PeerRefusal(errors);
    return output;
  }

  #good({ status, output, errors }: ReturnType<typeof finish>): Bytes {
    const good = errors.match(/GOODSIG/g)?.length ?? 0;
    if (status !== 0 || good === 0 || good !== (errors.match(/TRUST_FULLY/g)?.length ?? 0))
      throw new PeerRefusal(errors);
    return output;
  }

  /** Puts an unprotected key where the agent looks for it: gpgsm itself takes only PKCS#12 with ciphers of its own choice. */
  #addKey(person: Person): void {
    const { output } = this.#gpgsm(['--with-colons', '--with-keygrip', '--list-keys', person.address]);
    const grip = /^grp:+([0-9A-F]{40}):/m.exec(Buffer.from(output).toString('latin1'))?.[1];
    const expression = privateKeyExpression(person);
    if (grip !== undefined && expression !== undefined)
      this.#write(join('private-keys-v1.d', `${grip}.key`), encodeExpression(expression));
  }

  #write(name: string, octets: Uint8Array | string): string {
    const path = join(this.#home, name);
    writeFileSync(path, octets, { mode: 0o600 });
    return path;
  }
}

type Expression = string | Uint8Array | readonly Expression[];

/** The canonical form of an S-expression. */
function encodeExpression(expression: Expression): Buffer {
  if (typeof expression !== 'string' && !(expression instanceof Uint8Array))
    return Buffer.concat([Buffer.from('('), ...expression.map(encodeExpression), Buffer.from(')')]);
  const octets = Buffer.from(expression as Uint8Array);
  return Buffer.concat([Buffer.from(`${octets.length}:`), octets]);
}

/** Octets of a number that is not negative. */
function number(octets: Uint8Array): Uint8Array {
  return octets[0]! & 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets;
}

const curveNames: Readonly<Record<string, string>> = {
  'P-256': 'NIST P-256',
  'P-384': 'NIST P-384',
  'P-521': 'NIST P-521',
};

function privateKeyExpression({ privateKey: key }: Person): Expression | undefined {
  if (key.kind === 'rsa') {
    const { modulus, exponent } = key.publicKey;
    // Its u is the inverse of p modulo q, so that our q is its p.
    const numbers = { n: modulus, e: exponent, d: key.d, p: key.q, q: key.p, u: key.qInv };
    return [
      'private-key',
      ['rsa', ...Object.entries(numbers).map(([name, octets]) => [name, number(octets)])],
    ];
  }
  if (key.kind === 'ec') {
    const curve = curveNames[key.publicKey.curve] ?? key.publicKey.curve;
    return ['private-key', ['ecc', ['curve', curve], ['q', key.publicKey.point], ['d', number(key.scalar)]]];
  }
  if (key.kind === 'ed448')
    return ['private-key', ['ecc', ['curve', 'Ed448'], ['q', key.publicKey.key], ['d', key.seed]]];
  if (key.kind !== 'ed25519') return undefined;
  const q = Buffer.concat([Buffer.of(0x40), key.publicKey.key]);
  return ['private-key', ['ecc', ['curve', 'Ed25519'], ['flags', 'eddsa'], ['q', q], ['d', key.seed]]];
}
