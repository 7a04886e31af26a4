import type { SmimeCapability } from '../../cms/attributes.js';
import type { CertificateRecipient, Recipient } from '../../cms/enveloped/recipient.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { isCertificate } from '../../x509/path/path-options.js';

/** Why a message should not be encrypted for a certificate. */
export type RecipientProblemCode =
  | 'not-yet-valid'
  | 'expired'
  | 'key-usage'
  | 'extended-key-usage'
  | 'key-weak'
  | 'key-unsuitable'
  | 'certificate-malformed'
  | 'untrusted'
  | 'revoked'
  | 'revocation-unknown'
  | 'address-differs';

/** All of them. */
export const recipientProblemCodes: readonly RecipientProblemCode[] = [
  'not-yet-valid',
  'expired',
  'key-usage',
  'extended-key-usage',
  'key-weak',
  'key-unsuitable',
  'certificate-malformed',
  'untrusted',
  'revoked',
  'revocation-unknown',
  'address-differs',
];

/**
 * Refuses what names no problems that may be put up with: a word misspelt would be passed over.
 *
 * @throws MailsealError `usage`
 */
export function assertAccept(name: string, accept: unknown): void {
  if (accept === undefined) return;
  if (!Array.isArray(accept)) throw usage(`\`${name}\` is an array of problem codes, not ${shown(accept)}`);
  for (const code of accept as unknown[]) {
    if (!recipientProblemCodes.includes(code as RecipientProblemCode))
      throw usage(`\`${name}\` has ${shown(code)}, which is none of ${recipientProblemCodes.join(', ')}`);
  }
}

/** What is known of a recipient besides what he decrypts with. */
export interface RecipientDetails {
  /** Whose the certificate must be. Default: where `roots` are given, one of the addresses that the message names. */
  readonly address?: string;
  /**
   * What his mail program can read, best first: the SMIMECapabilities of the
   * last message that was signed with his key and verified (RFC 8551 §2.7.1).
   * Default: what the certificate says (RFC 4262).
   */
  readonly capabilities?: readonly SmimeCapability[];
  /** Problems with his certificate that are put up with. */
  readonly accept?: readonly RecipientProblemCode[];
}

/** Whom a message is encrypted for. */
export type MessageRecipient = Recipient & RecipientDetails;

/** Whether a recipient is one by certificate. */
export function hasCertificate(recipient: Recipient): recipient is CertificateRecipient {
  return 'certificate' in recipient;
}

/**
 * Refuses what is no list of recipients.
 *
 * @throws MailsealError `usage`
 */
export function recipientList(
  name: string,
  list: readonly MessageRecipient[] | undefined,
): readonly MessageRecipient[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw usage(`\`${name}\` must be an array of recipients`);
  for (const [i, each] of list.entries()) {
    const isOne =
      typeof each === 'object' &&
      each !== null &&
      (hasCertificate(each) ? isCertificate(each.certificate) : 'kek' in each || 'password' in each);
    if (!isOne) {
      throw usage(
        `item ${i} of \`${name}\` is no recipient: an object with a \`certificate\`, a \`kek\` or a \`password\``,
      );
    }
    assertDetails(`${name}[${i}]`, each);
  }
  return list;
}

/** Refuses what is no {@link RecipientDetails}. */
function assertDetails(
  whose: string,
  { address, capabilities, accept }: Partial<Record<keyof RecipientDetails, unknown>>,
): void {
  if (address !== undefined && typeof address !== 'string')
    throw usage(`\`${whose}.address\` is a mail address, not ${shown(address)}`);
  assertAccept(`${whose}.accept`, accept);
  if (capabilities !== undefined && !(Array.isArray(capabilities) && capabilities.every(isCapability)))
    throw usage(`\`${whose}.capabilities\` is an array of capabilities, such as smimeCapability gives`);
}

function isCapability(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { capability, parameters } = value as Partial<Record<keyof SmimeCapability, unknown>>;
  return typeof capability === 'string' && (parameters === undefined || parameters instanceof Uint8Array);
}
