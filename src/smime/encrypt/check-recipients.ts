import { MailsealError, usage } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type FindPathOptions, findPathSharing } from '../../x509/find-path.js';
import { algorithmPolicyNow, judgeKey } from '../../x509/path/algorithm-policy.js';
import { assertPathOptions } from '../../x509/path/path-options.js';
import type { PathProblem } from '../../x509/path/path-problem.js';
import { type PathWork, pathWork } from '../../x509/path/path-work.js';
import { checkEndEntityPurpose } from '../../x509/path/purpose.js';
import { comparable } from '../verify/identity.js';
import {
  hasCertificate,
  type MessageRecipient,
  type RecipientProblemCode,
  recipientList,
} from './message-recipient.js';

/** What certificates of recipients are held against. */
export interface RecipientChecking extends Omit<FindPathOptions, 'roots' | 'purpose'> {
  /** The moment at which the message is encrypted: now. */
  readonly at: Date;
  /**
   * Trust anchors. Where they are given, each certificate needs a path to one of them, and an address that fits.
   * Without them no path is looked for: asking for `revocation` then is `usage`, and options about paths do nothing.
   */
  readonly roots?: readonly Certificate[];
}

/** One thing that is wrong with a recipient's certificate. */
export interface RecipientProblem {
  readonly code: RecipientProblemCode;
  /** A sentence for people. */
  readonly message: string;
}

/** A recipient, and what is wrong with his certificate. */
export interface RecipientCheck {
  readonly recipient: MessageRecipient;
  /** Nothing where a message may be encrypted for him. Recipients without certificate have none. */
  readonly problems: readonly RecipientProblem[];
}

/**
 * Looks whether a message should be encrypted for these recipients: validity,
 * what the key may be used for (RFC 8550 §4.4), its size, and, where `roots` are
 * given, path, revocation and address (RFC 8550 §3). It is what `encryptMessage`
 * looks at, for a mail program to show before anything is written.
 *
 * @throws MailsealError `usage`; `aborted`; `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { checkRecipients } from 'mailseal/smime';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const [check] = await checkRecipients([{ certificate, address: 'taro@example.jp' }], {
 *   at: new Date('2099-01-01'),
 * });
 * console.log(check?.problems.map(({ code }) => code).includes('expired')); // true
 * ```
 */
export async function checkRecipients(
  recipients: readonly MessageRecipient[],
  options: RecipientChecking,
): Promise<RecipientCheck[]> {
  return checkAgainst(recipientList('recipients', recipients), options, () => []);
}

/** {@link checkRecipients} with the addresses that a message names for somebody who brings none of his own. */
export async function checkAgainst(
  recipients: readonly MessageRecipient[],
  options: RecipientChecking,
  named: (recipient: MessageRecipient) => readonly string[],
): Promise<RecipientCheck[]> {
  assertPathOptions(options);
  assertRootsForRevocation(options);
  // Lists are made once for many recipients, and what is compared of them, too.
  const comparables = new Map<readonly string[], ReadonlySet<string>>();
  const comparableOf = (addresses: readonly string[]): ReadonlySet<string> => {
    let forms = comparables.get(addresses);
    if (forms === undefined) {
      forms = new Set(addresses.map((each) => comparable(each.trim())));
      comparables.set(addresses, forms);
    }
    return forms;
  };
  const { maxSignatureChecks = 64, signal } = options;
  // A check for each, all of which share what was checked of the certificates above.
  const work = pathWork(maxSignatureChecks * Math.max(recipients.length, 1), signal);
  const checks: RecipientCheck[] = [];
  for (const recipient of recipients) {
    const problems = hasCertificate(recipient)
      ? await problemsOf(recipient.certificate, recipient, options, work, named, comparableOf)
      : [];
    checks.push({ recipient, problems });
  }
  return checks;
}

/** Revocation is a question about a path, so without a root nothing would be asked, and who asks for it would not know. */
function assertRootsForRevocation({ roots, revocation }: RecipientChecking): void {
  if (roots !== undefined || revocation === undefined || revocation.mode === 'off') return;
  throw usage('`revocation` is checked along a path to one of `roots`; give them, or leave `revocation` out');
}

async function problemsOf(
  certificate: Certificate,
  recipient: MessageRecipient,
  options: RecipientChecking,
  work: PathWork,
  named: (recipient: MessageRecipient) => readonly string[],
  comparableOf: (addresses: readonly string[]) => ReadonlySet<string>,
): Promise<RecipientProblem[]> {
  const problems: RecipientProblem[] = [];
  const add = (code: RecipientProblemCode, message: string): void => {
    // The path has its own words for what the certificate alone shows.
    if (code === 'untrusted' || !problems.some((each) => each.code === code))
      problems.push({ code, message });
  };
  try {
    checkCertificate(certificate, options, add);
    const { roots, ...others } = options;
    const addresses =
      recipient.address !== undefined ? [recipient.address] : roots === undefined ? [] : named(recipient);
    checkAddress(certificate, addresses, comparableOf(addresses), add);
    if (roots !== undefined) {
      const search = { ...others, roots, purpose: 'mail-encryption' } as const;
      for (const problem of (await findPathSharing(certificate, search, work)).problems) {
        add(codeOf(problem, certificate), problem.message);
      }
    }
  } catch (error) {
    if (!(error instanceof MailsealError) || !isDamage(error)) throw error;
    add('certificate-malformed', `the certificate cannot be read: ${error.message}`);
  }
  return problems;
}

function isDamage({ code }: MailsealError): boolean {
  return /^(?:x509|asn1)-/.test(code) || code === 'crypto-key-malformed' || code === 'crypto-unsupported';
}

type Add = (code: RecipientProblemCode, message: string) => void;

/** What the certificate says by itself. */
function checkCertificate(certificate: Certificate, options: RecipientChecking, add: Add): void {
  const { at, algorithms = algorithmPolicyNow } = options;
  const { notBefore, notAfter, subject } = certificate;
  if (at < notBefore) add('not-yet-valid', `${subject} is valid from ${notBefore.toISOString()} on`);
  if (at > notAfter) add('expired', `${subject} was valid until ${notAfter.toISOString()}`);
  checkEndEntityPurpose(certificate, 'mail-encryption', (code, what) => {
    if (code === 'key-usage' || code === 'extended-key-usage') add(code, `${subject} ${what}`);
  });
  const { publicKey } = certificate;
  const needed = neededUsage(publicKey);
  if (needed === undefined) {
    add(
      'key-unsuitable',
      `${subject} has a key of the kind ${publicKey.kind}, which nothing is encrypted to`,
    );
  } else if (certificate.keyUsage !== undefined && !certificate.keyUsage.has(needed)) {
    add('key-usage', `${subject} has a keyUsage without ${needed}, which its key needs for encrypting`);
  }
  // RFC 8551 §4.4: nothing new is encrypted to keys that are put up with for reading only.
  if (judgeKey(algorithms, publicKey) !== 'strong') add('key-weak', `${subject} has a key that is too short`);
}

/** RFC 5280 §4.2.1.3: a content key is enciphered with RSA, and agreed on with all others. */
function neededUsage({ kind }: PublicKey): 'keyEncipherment' | 'keyAgreement' | undefined {
  switch (kind) {
    case 'rsa':
      return 'keyEncipherment';
    case 'ec':
    case 'x25519':
    case 'x448':
      return 'keyAgreement';
    default:
      return undefined;
  }
}

/** RFC 8550 §3: the certificate names the address that the message goes to. */
function checkAddress(
  certificate: Certificate,
  addresses: readonly string[],
  wanted: ReadonlySet<string>,
  add: Add,
): void {
  if (addresses.length === 0) return;
  const own = certificate.emailAddresses;
  if (own.some((each) => wanted.has(comparable(each)))) return;
  const whose = own.length === 0 ? 'nobody’s address' : own.join(', ');
  add('address-differs', `${certificate.subject} names ${whose}, not ${shortList(addresses)}`);
}

function shortList(addresses: readonly string[]): string {
  return addresses.length > 4
    ? `any of ${addresses.length} addresses that the message names`
    : addresses.join(' or ');
}

function codeOf({ code, certificate }: PathProblem, own: Certificate): RecipientProblemCode {
  if (!certificate.equals(own)) {
    return code === 'revoked' || code === 'revocation-unknown' ? code : 'untrusted';
  }
  switch (code) {
    case 'expired':
    case 'not-yet-valid':
    case 'key-usage':
    case 'extended-key-usage':
    case 'revoked':
    case 'revocation-unknown':
    case 'certificate-malformed':
      return code;
    case 'on-hold':
      return 'revoked';
    default:
      return 'untrusted';
  }
}
