import type { SmimeCapability } from '../../cms/attributes.js';
import { assertCipherName } from '../../cms/enveloped/new-cipher.js';
import type { ContentCipherName } from '../../cms/enveloped/recipient.js';
import { type SmimeCapabilityName, smimeCapabilityName } from '../../cms/smime-capabilities.js';
import { MailsealError } from '../../core/errors.js';
import { hasCertificate, type MessageRecipient } from './message-recipient.js';

/** Ciphers for content, the strongest first; ties between recipients are decided by this order. */
const strength: readonly ContentCipherName[] = [
  'aes256-gcm',
  'chacha20-poly1305',
  'aes192-gcm',
  'aes128-gcm',
  'aes256-cbc',
  'aes192-cbc',
  'aes128-cbc',
  'des-ede3-cbc',
];

/** What the recipients of one envelope have in common. */
export interface ChosenCipher {
  readonly cipher: ContentCipherName;
  /** Whether all of them know RFC 9709. */
  readonly bindAlgorithm: boolean;
}

/** How a cipher is chosen. */
export interface CipherChoice {
  /** Default: by what is known of the recipients. */
  readonly cipher?: ContentCipherName;
  /**
   * The cipher for recipients of whom nothing is known. RFC 8551 §2.7.1.2 leaves
   * AES-256-GCM and AES-128-CBC. Default `aes128-cbc`, since widespread programs
   * cannot read the other yet.
   */
  readonly unknownCapabilities?: ContentCipherName;
  /** Whether triple DES may be chosen for somebody who can read nothing else (RFC 8551 §2.7.2). Default `false`. */
  readonly weakCiphers?: boolean;
  /** Whether the content key is bound to the cipher (RFC 9709). Default: where all recipients say that they know it. */
  readonly bindAlgorithm?: boolean;
}

/** What a recipient's program can read, if anybody said it. */
export function capabilitiesOf(recipient: MessageRecipient): readonly SmimeCapability[] | undefined {
  return recipient.capabilities ?? certificateCapabilities(recipient);
}

/** RFC 4262: what the certificate says. A damaged extension says nothing. */
function certificateCapabilities(recipient: MessageRecipient): readonly SmimeCapability[] | undefined {
  if (!hasCertificate(recipient)) return undefined;
  try {
    return recipient.certificate.smimeCapabilities?.map(({ algorithm, parameters }) => ({
      capability: algorithm,
      parameters,
    }));
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

/**
 * Chooses the cipher for an envelope (RFC 8551 §2.7.1): for one recipient the
 * first that he names and that there is here; for several the one that stands
 * highest with him who likes it least. A weak one never, unless it is asked for.
 *
 * @throws MailsealError `smime-no-common-cipher`; `usage` for a `cipher` that is none
 */
export function chooseCipher(recipients: readonly MessageRecipient[], choice: CipherChoice): ChosenCipher {
  const known = recipients.filter((each) => hasCertificate(each) || each.capabilities !== undefined);
  const capabilities = known.map((each) =>
    capabilitiesOf(each)
      ?.map(smimeCapabilityName)
      .filter((name) => name !== undefined),
  );
  const bindAlgorithm =
    choice.bindAlgorithm ??
    (capabilities.length > 0 && capabilities.every((each) => each?.includes('cek-hkdf-sha256') === true));
  if (choice.cipher !== undefined) {
    assertCipherName(choice.cipher);
    return { cipher: choice.cipher, bindAlgorithm };
  }
  const lists = capabilities.map((each) => cipherList(each, choice));
  return { cipher: bestOf(lists, choice), bindAlgorithm };
}

/**
 * Whether a recipient reads a cipher, as far as anybody knows, and it may be used: one with a password or a key alone
 * reads all that are not too weak.
 */
export function readsCipher(
  recipient: MessageRecipient,
  { cipher, bindAlgorithm }: { readonly cipher: string; readonly bindAlgorithm: boolean },
  choice: CipherChoice,
): boolean {
  const isStrong = strength.some((each) => each === cipher) && cipher !== 'des-ede3-cbc';
  if (!isStrong && (cipher !== 'des-ede3-cbc' || choice.weakCiphers !== true)) return false;
  const names = capabilitiesOf(recipient)?.map(smimeCapabilityName);
  if (names === undefined && !hasCertificate(recipient)) return true;
  if (bindAlgorithm && names?.includes('cek-hkdf-sha256') !== true) return false;
  const known = names?.filter((name) => name !== undefined);
  return cipherList(known, choice).some((each) => each === cipher);
}

/** The ciphers of a recipient in his order. */
function cipherList(
  capabilities: readonly SmimeCapabilityName[] | undefined,
  { unknownCapabilities = 'aes128-cbc' }: CipherChoice,
): readonly ContentCipherName[] {
  const named = strength.filter((each) => capabilities?.includes(each) === true);
  if (capabilities !== undefined && named.length > 0) {
    return named.sort((a, b) => capabilities.indexOf(a) - capabilities.indexOf(b));
  }
  // RFC 8551 §2.7 and RFC 5751 §2.7: AES-128-CBC is what all of them read; the stronger ones of the mode come with it.
  return [...new Set<ContentCipherName>([unknownCapabilities, 'aes128-cbc', 'aes192-cbc', 'aes256-cbc'])];
}

function bestOf(lists: readonly (readonly ContentCipherName[])[], choice: CipherChoice): ContentCipherName {
  const { unknownCapabilities = 'aes128-cbc', weakCiphers = false } = choice;
  if (lists.length === 0) return unknownCapabilities;
  let best: ContentCipherName | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const cipher of strength) {
    // RFC 8551 §2.7.1: a weak one is used only where the sender said so, and only where nothing else is left.
    if (cipher === 'des-ede3-cbc' && (!weakCiphers || best !== undefined)) continue;
    const ranks = lists.map((list) => list.indexOf(cipher));
    if (ranks.includes(-1)) continue;
    const rank = Math.max(...ranks);
    if (rank < bestRank) {
      best = cipher;
      bestRank = rank;
    }
  }
  if (best !== undefined) return best;
  throw new MailsealError(
    'smime-no-common-cipher',
    `the recipients have no cipher in common that is strong: ${weakCiphers ? 'pass `cipher`, or' : 'pass `cipher` or `weakCiphers`, or'} write to them one by one`,
    { fault: 'usage' },
  );
}
