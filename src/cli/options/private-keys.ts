import type { DecryptionKey } from '../../cms/enveloped/decryption-key.js';
import { latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { parsePrivateKey } from '../../crypto/keys/parse-private-key.js';
import { type PrivateKey, wipePrivateKey } from '../../crypto/keys/private-key.js';
import { belongsTo } from '../../crypto/keys/same-public-key.js';
import type { Password } from '../../crypto/passwords/password.js';
import { parsePkcs12 } from '../../pki/pkcs12/parse-pkcs12.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CommandLine, type Options, readCertificates, readInput, UsageError } from '../files/input.js';

/** The options that say whose private keys are used. */
export const keyOptions: Options = {
  p12: { type: 'string', multiple: true },
  key: { type: 'string' },
  cert: { type: 'string' },
  chain: { type: 'string', multiple: true },
  'password-file': { type: 'string' },
};

const { chain: _, ...withoutChain } = keyOptions;

/** The keys that open what is encrypted where signatures are looked at: certificates between come with `--certs`. */
export const openingOptions: Options = withoutChain;

/** A private key, its certificate where there is one, and where it came from. */
export interface OwnKey {
  readonly privateKey: PrivateKey;
  readonly certificate: Certificate | undefined;
  readonly file: string;
}

/** The private keys that a command line names, and the certificates that came with them. */
export interface OwnKeys {
  readonly keys: readonly OwnKey[];
  readonly certificates: readonly Certificate[];
}

/** Gives the private keys to work, and wipes them afterwards. */
export async function withOwnKeys<T>(line: CommandLine, work: (keys: OwnKeys) => Promise<T>): Promise<T> {
  const own = await readOwnKeys(line);
  try {
    return await work(own);
  } finally {
    for (const { privateKey } of own.keys) wipePrivateKey(privateKey);
  }
}

/** They as what opens envelopes. */
export function decryptionKeys(keys: readonly OwnKey[]): DecryptionKey[] {
  return keys.map(({ privateKey, certificate }) =>
    certificate === undefined ? { privateKey } : { privateKey, certificate },
  );
}

/** They, where there are any. */
export function keysThatOpen({ keys }: OwnKeys): DecryptionKey[] {
  if (keys.length === 0)
    throw new UsageError('say with which key: --p12 FILE, or --key FILE and --cert FILE');
  return decryptionKeys(keys);
}

async function readOwnKeys({ values }: CommandLine): Promise<OwnKeys> {
  const p12 = (values['p12'] as string[] | undefined) ?? [];
  const keyFile = values['key'] as string | undefined;
  const certFile = values['cert'] as string | undefined;
  const chain = (values['chain'] as string[] | undefined) ?? [];
  if (p12.length === 0 && keyFile === undefined) {
    for (const option of ['cert', 'chain', 'password-file'] as const) {
      if (values[option] !== undefined)
        throw new UsageError(`--${option} goes with a private key: --p12 FILE, or --key FILE`);
    }
  }
  const named = certFile === undefined ? [] : await readCertificates([certFile], '--cert');
  const certificates = [...named, ...(await readCertificates(chain, '--chain'))];
  const password = await passwordOf(values['password-file'] as string | undefined);
  const keys: OwnKey[] = [];
  for (const file of p12) {
    const octets = await readInput(file);
    const opened = await opening('--p12', file, () =>
      parsePkcs12(octets, password === undefined ? {} : { password }),
    );
    if (opened.keys.length === 0) throw new UsageError(`--p12 ${file}: there is no private key in it`);
    certificates.push(...opened.certificates.map(({ certificate }) => certificate));
    keys.push(...opened.keys.map(({ privateKey, certificate }) => ({ privateKey, certificate, file })));
  }
  if (keyFile !== undefined) {
    const octets = await readInput(keyFile);
    const privateKey = await opening('--key', keyFile, () =>
      parsePrivateKey(octets, password === undefined ? {} : { password }),
    );
    octets.fill(0);
    const own = certificates.find((each) => isOf(each, privateKey));
    if (certFile !== undefined && own === undefined)
      throw new UsageError(`--cert ${certFile}: it is not the certificate of the key in ${keyFile}`);
    keys.push({ privateKey, certificate: own, file: keyFile });
  }
  if (named.length === 0 || keyFile !== undefined) return { keys, certificates };
  // With --p12 alone, --cert says which of its keys is meant.
  const meant = keys.filter(({ privateKey }) => named.some((each) => isOf(each, privateKey)));
  if (keys.length > 0 && meant.length === 0)
    throw new UsageError(`--cert ${certFile}: there is no private key for it`);
  return { keys: meant, certificates };
}

function isOf(certificate: Certificate, { publicKey }: PrivateKey): boolean {
  try {
    return belongsTo(certificate.publicKey, publicKey);
  } catch (error) {
    // One whose key cannot be read is not the one that is looked for.
    if (error instanceof MailsealError) return false;
    throw error;
  }
}

/** The first line of a file or, without one, the environment: the arguments of a program are for everybody to see. */
async function passwordOf(file: string | undefined): Promise<Password | undefined> {
  if (file === undefined) return process.env['MAILSEAL_PASSWORD'];
  const read = await readInput(file);
  // Some editors put the mark of UTF-8 before the text.
  const octets = latin1FromBytes(read.subarray(0, 3)) === '\xef\xbb\xbf' ? read.subarray(3) : read;
  const end = octets.findIndex((octet) => octet === 0x0a || octet === 0x0d);
  const line = end < 0 ? octets : octets.subarray(0, end);
  return strictUtf8FromBytes(line) ?? line;
}

async function opening<T>(option: string, file: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    throw new UsageError(`${option} ${file}: ${whyNot(error)}`);
  }
}

function whyNot({ code, message }: MailsealError): string {
  if (code === 'crypto-password-missing')
    return 'it has a password; give it with --password-file, or in MAILSEAL_PASSWORD';
  if (code === 'crypto-password-wrong') return 'the password is wrong';
  return `it cannot be read: ${message}`;
}
