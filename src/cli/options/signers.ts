import type { SigningKey } from '../../cms/sign/signing-key.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import type { MessageSigning } from '../../smime/sign/sign-entity.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CommandLine, UsageError } from '../files/input.js';
import type { OwnKey, OwnKeys } from './private-keys.js';

/** Who signs: the keys of a command line that are for signing, each with the certificates above its own. */
export function signersOf(
  { keys, certificates }: OwnKeys,
  { values }: CommandLine,
  algorithm: string | undefined,
): SigningKey[] {
  const files = new Map<string, (OwnKey & { certificate: Certificate })[]>();
  for (const { privateKey, certificate, file } of keys) {
    if (certificate === undefined) {
      if (file === values['key'])
        throw new UsageError(`--key ${file}: name the file with its certificate, too: --cert FILE`);
      continue;
    }
    const own = files.get(file) ?? [];
    if (maySign(certificate)) own.push({ privateKey, certificate, file });
    files.set(file, own);
  }
  for (const [file, own] of files) {
    if (own.length === 0) throw new UsageError(`${file}: the certificate in it is not for signing`);
    if (own.length > 1)
      throw new UsageError(
        `${file}: ${own.length} keys in it are for signing; --cert FILE says which is meant`,
      );
  }
  const signers = [...files.values()].flat().map(({ privateKey, certificate }) => ({
    certificate,
    privateKey,
    chain: chainOf(certificate, certificates),
    ...(algorithm === undefined ? {} : { algorithm: algorithmOf(algorithm, privateKey.publicKey) }),
    // Programs of before 2010 do not know these.
    ...(values['legacy'] === true ? { signingCertificate: false, algorithmProtection: false } : {}),
  }));
  if (signers.length === 0 && keys.length > 0)
    throw new UsageError('there is no certificate for the private key; name one with --cert FILE');
  return signers;
}

/** How they sign. */
export function signingOf(signers: readonly SigningKey[], { values }: CommandLine, at: Date): MessageSigning {
  return { signers, signingTime: at, form: values['opaque'] === true ? 'opaque' : 'detached' };
}

/** RFC 8550 §4.4.2: where keyUsage is there, it must allow signing. */
function maySign({ keyUsage }: Certificate): boolean {
  return keyUsage === undefined || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}

/** The certificates from the signer's issuer up to below the root, as far as they are at hand. */
function chainOf(certificate: Certificate, pool: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  for (let last = certificate; !last.isSelfIssued; ) {
    const issuer = pool.find(
      (each) => each.subject.equals(last.issuer) && !each.isSelfIssued && !chain.includes(each),
    );
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

const digests = ['sha256', 'sha384', 'sha512'] as const;

/** What `--algorithm` says for a signature: a digest, for the key's own scheme, or RSASSA-PSS with one. */
function algorithmOf(name: string, key: PublicKey): SignatureAlgorithm {
  const [, pss, wanted] = /^(pss-)?(sha\d+)$/.exec(name) ?? [];
  const digest = digests.find((each) => each === wanted);
  if (digest === undefined)
    throw new UsageError(
      `--algorithm ${name}: give sha256, sha384 or sha512, or pss-sha256, pss-sha384 or pss-sha512`,
    );
  const saltLength = Number(digest.slice(3)) / 8;
  if (pss !== undefined && key.kind === 'rsa')
    return { name: 'rsa-pss', digest, mgfDigest: digest, saltLength };
  if (pss === undefined && key.kind === 'rsa') return { name: 'rsa-pkcs1', digest };
  if (pss === undefined && key.kind === 'ec') return { name: 'ecdsa', digest };
  throw new UsageError(`--algorithm ${name}: that does not go with a key of the kind ${key.kind}`);
}
