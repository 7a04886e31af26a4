import type { ContentCipherName } from '../../cms/enveloped/recipient.js';
import { throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { RandomOptions } from '../../crypto/random.js';
import { parseAddressList } from '../../mime/fields/address.js';
import { mailboxesIn } from '../../mime/fields/mailbox.js';
import type { Part } from '../../mime/part.js';
import { safeEntity } from '../entity/safe-entity.js';
import { outerHeader, type SplitMessage, splitMessage, withVersion } from '../entity/split-message.js';
import type { HeaderConfidentialityPolicy } from '../header-protection/confidentiality-policy.js';
import { type ProtectedHeader, protectCipher } from '../header-protection/protect-header.js';
import { isAboutContent } from '../header-protection/server-fields.js';
import { type MessageSigning, signEntity } from '../sign/sign-entity.js';
import type { RecipientChecking } from './check-recipients.js';
import {
  commonCipher,
  type EnvelopeOptions,
  type EnvelopeRole,
  envelopeMessage,
  planEnvelopes,
  type Readers,
} from './envelope.js';
import { type MessageRecipient, recipientList } from './message-recipient.js';
import { type RecipientAcceptance, refuseRecipients } from './refuse-recipients.js';

/** What {@link encryptMessage} takes beside the message. */
export interface EncryptMessageOptions
  extends RecipientChecking,
    RecipientAcceptance,
    EnvelopeOptions,
    RandomOptions {
  /** Whom the header names: To and Cc. */
  readonly recipients: readonly MessageRecipient[];
  /** Whom nobody else shall see: each gets an envelope of his own. Default: nobody. */
  readonly bcc?: readonly MessageRecipient[];
  /** The sender, who wants to read it later (RFC 8551 §3.3). Default: nobody. */
  readonly originator?: MessageRecipient;
  /** Who must be able to read everything by policy; they are among the readers of each envelope, and everybody sees that. Default: nobody. */
  readonly escrow?: readonly MessageRecipient[];
  /** Signs the message first, inside the envelope. Default: not. */
  readonly sign?: MessageSigning;
  /**
   * Whether header fields go inside, too (RFC 9788), and what then is shown of
   * them outside; `true` is `baseline`, which hides the subject. Default `false`.
   */
  readonly headerProtection?: boolean | HeaderConfidentialityPolicy;
  /** Whether hidden fields stand at the top of the text, too, for readers who do not know header protection. Default `true`. */
  readonly legacyDisplay?: boolean;
}

/** One envelope as a message. */
export interface EncryptedMessage {
  readonly message: Bytes;
  /** `recipients` for those whom the header names, `bcc` for one whom it does not, `originator` for a copy that only the sender reads. */
  readonly role: EnvelopeRole;
  /** To whom it is to be sent; where the sender has a copy in the same envelope, he is not among them, nor is escrow. */
  readonly recipients: readonly MessageRecipient[];
  /** What it is encrypted with. */
  readonly cipher: ContentCipherName;
}

/**
 * Encrypts a mail message (RFC 8551 §3.3, §3.4), signed first where `sign` is
 * given. One message comes out for all whom the header names, and one for each
 * Bcc recipient. Bcc fields are left out of all of them, and so is what servers
 * wrote about the content (DKIM-Signature, ARC-*, X-Spam-*).
 *
 * Each recipient's certificate is looked at first: validity, what its key is
 * for, and with `roots` path, revocation and address. What is wrong refuses the
 * whole message, unless `accept` names it. Where no `cipher` is given it is
 * chosen by what the recipients say that they can read (RFC 8551 §2.7.1). One
 * whose certificate says nothing is taken to read AES in CBC mode, which has no
 * tag, and no GCM, unless `unknownCapabilities` is `aes256-gcm`: it is
 * AES-128-CBC where nobody says anything.
 *
 * @param message the octets, or what `parseMessage` gave
 * @throws MailsealError `smime-recipient-refused` naming each certificate that is not good enough, and why;
 * `smime-no-common-cipher`; `usage`; `mime-line-too-long` where a field that is to be protected has a word that no
 * line can hold; codes of `createSignedData` and `createEnvelopedData`; limits of
 * `parseMessage`; `aborted`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseMessage } from 'mailseal/mime';
 * import { encryptMessage } from 'mailseal/smime';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const message = new TextEncoder().encode('To: hanako@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, {
 *   recipients: [{ certificate, address: 'hanako@example.jp' }],
 *   accept: ['key-usage'], // this certificate is for signing; without that it is refused
 *   headerProtection: true,
 *   at: new Date('2027-01-01'),
 * });
 * console.log(sealed?.role, sealed?.cipher); // recipients aes128-cbc
 * console.log(parseMessage(sealed!.message).headers.get('subject')?.value); // [...]
 * ```
 */
export async function encryptMessage(
  message: Uint8Array | Part,
  options: EncryptMessageOptions,
): Promise<EncryptedMessage[]> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const readers = readersOf(options);
  const plans = planEnvelopes(readers);
  const split = withoutTelltales(splitMessage(message));
  await refuseBad(readers, split, options);
  const { headerProtection = false, sign, signal } = options;
  const header = headerProtection === false ? undefined : protectedHeader(split, headerProtection, options);
  const entity = safeEntity(split.content, '7bit', header?.changes);
  // Inside an envelope no server changes anything.
  const content =
    sign === undefined
      ? entity.octets
      : await signEntity({ ...entity, unsafe: undefined }, '', withEngine(sign, options));
  const outside = header === undefined ? outerHeader(split) : withVersion(header.outside, split.isEntity);
  const common = { ...options, ...commonCipher(plans, options) };
  const messages: EncryptedMessage[] = [];
  for (const { role, recipients, readers: all } of plans) {
    throwIfAborted(signal);
    messages.push({ ...(await envelopeMessage(outside, content, all, common)), role, recipients });
  }
  return messages;
}

/** Everybody whom a message is encrypted for, by the options. */
export function readersOf({
  recipients,
  bcc,
  originator,
  escrow,
}: Pick<EncryptMessageOptions, 'recipients' | 'bcc' | 'originator' | 'escrow'>): Readers {
  return {
    recipients: recipientList('recipients', recipients),
    bcc: recipientList('bcc', bcc),
    originator: originator === undefined ? undefined : recipientList('originator', [originator])[0],
    escrow: recipientList('escrow', escrow),
  };
}

/** What servers wrote about the content would tell outside what is inside. */
export function withoutTelltales(split: SplitMessage): SplitMessage {
  return { ...split, fields: split.fields.filter((field) => !isAboutContent(field)) };
}

/** The header under the envelope, and what is left of it outside. */
export function protectedHeader(
  split: SplitMessage,
  policy: true | HeaderConfidentialityPolicy,
  { legacyDisplay = true }: EncryptMessageOptions,
): ProtectedHeader {
  return protectCipher(split, policy === true ? 'baseline' : policy, legacyDisplay);
}

/** How a message is signed inside an envelope: with the engine, randomness and signal of that, where it brings none of its own. */
export function withEngine(
  sign: MessageSigning,
  { engine, random, signal }: Pick<EncryptMessageOptions, 'engine' | 'random' | 'signal'>,
): MessageSigning {
  return {
    ...(engine === undefined ? {} : { engine }),
    ...(random === undefined ? {} : { random }),
    ...(signal === undefined ? {} : { signal }),
    ...sign,
  };
}

/** Refuses the message where a certificate is not good enough and nobody says that it will do. */
export async function refuseBad(
  readers: Readers,
  split: SplitMessage,
  options: EncryptMessageOptions,
): Promise<void> {
  const { recipients, bcc, originator, escrow } = readers;
  const named = addressesIn(split, ['to', 'cc']);
  const authors = addressesIn(split, ['from', 'sender']);
  const inHeader = new Set(recipients);
  const all = [...recipients, ...bcc, ...(originator === undefined ? [] : [originator]), ...escrow];
  await refuseRecipients(all, options, (each) =>
    each === originator ? authors : inHeader.has(each) ? named : [],
  );
}

function addressesIn({ fields }: SplitMessage, names: readonly string[]): string[] {
  return fields
    .filter(({ name }) => names.includes(name.toLowerCase()))
    .flatMap(({ value }) => mailboxesIn(parseAddressList(value, { onLimit: 'truncate' })))
    .map(({ address }) => address)
    .filter((address) => address !== '');
}
