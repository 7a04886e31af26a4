import { type CreateEnvelopedDataOptions, createEnvelopedData } from '../../cms/enveloped/create.js';
import type { ContentCipherName, Recipient } from '../../cms/enveloped/recipient.js';
import { oaepOfCapability } from '../../cms/smime-capabilities.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { pkcs7Mime } from '../entity/sealed-entity.js';
import { type CipherChoice, capabilitiesOf, chooseCipher } from './choose-cipher.js';
import { hasCertificate, type MessageRecipient } from './message-recipient.js';

/** Who reads an envelope: those whom the header names, one whom it does not, the sender alone. */
export type EnvelopeRole = 'recipients' | 'bcc' | 'originator';

/** Whom one message is for. */
export interface EnvelopePlan {
  readonly role: EnvelopeRole;
  /** To whom it is sent; escrow is not among them. */
  readonly recipients: readonly MessageRecipient[];
  /** Everybody who can open it. */
  readonly readers: readonly MessageRecipient[];
}

/** Everybody whom a message is encrypted for. */
export interface Readers {
  readonly recipients: readonly MessageRecipient[];
  readonly bcc: readonly MessageRecipient[];
  readonly originator: MessageRecipient | undefined;
  readonly escrow: readonly MessageRecipient[];
}

/**
 * One envelope for all whom the header names, and one for each Bcc recipient:
 * an envelope shows everybody whom else it is for.
 *
 * @throws MailsealError `usage` where the message is for nobody.
 */
export function planEnvelopes({ recipients, bcc, originator, escrow }: Readers): EnvelopePlan[] {
  const plans: EnvelopePlan[] = [];
  const own = originator === undefined ? [] : [originator];
  if (recipients.length > 0) {
    plans.push({ role: 'recipients', recipients, readers: [...recipients, ...own, ...escrow] });
  } else if (originator !== undefined) {
    plans.push({ role: 'originator', recipients: own, readers: [...own, ...escrow] });
  }
  for (const each of bcc) plans.push({ role: 'bcc', recipients: [each], readers: [each, ...escrow] });
  if (plans.length === 0) {
    throw usage('a message is encrypted for somebody: `recipients` is empty');
  }
  return plans;
}

/** What an envelope is made with besides its content and readers. */
export type EnvelopeOptions = CipherChoice &
  Pick<CreateEnvelopedDataOptions, 'originatorInfo' | 'wrapKeys' | 'engine' | 'random' | 'signal'>;

/**
 * RFC 8551 §6: no copy of a message is weaker than another, so all envelopes have
 * one cipher where everybody reads one. Where there is none each has its own (§2.7.3).
 */
export function commonCipher(plans: readonly EnvelopePlan[], options: CipherChoice): Partial<CipherChoice> {
  if (plans.length === 1) return {};
  try {
    const all = plans.flatMap(({ readers }) => readers);
    return { cipher: chooseCipher(all, { ...options, weakCiphers: false }).cipher };
  } catch (error) {
    if (error instanceof MailsealError && error.code === 'smime-no-common-cipher') return {};
    throw error;
  }
}

/** An envelope around content, as a message. */
export async function envelopeMessage(
  header: string,
  content: Bytes,
  readers: readonly MessageRecipient[],
  options: EnvelopeOptions,
): Promise<{ message: Bytes; cipher: ContentCipherName }> {
  const { originatorInfo, wrapKeys, engine, random, signal } = options;
  const { cipher, bindAlgorithm } = chooseCipher(readers, options);
  const contentInfo = await createEnvelopedData({
    content,
    recipients: readers.map(envelopeRecipient),
    cipher,
    bindAlgorithm,
    ...(originatorInfo === undefined ? {} : { originatorInfo }),
    ...(wrapKeys === undefined ? {} : { wrapKeys }),
    ...(engine === undefined ? {} : { engine }),
    ...(random === undefined ? {} : { random }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { message: pkcs7Mime(header, envelopeType(cipher), contentInfo), cipher };
}

/** RFC 8551 §3.2.2: the type tells whether the cipher authenticates. */
export function envelopeType(cipher: ContentCipherName): 'enveloped-data' | 'authEnveloped-data' {
  return /cbc$/.test(cipher) ? 'enveloped-data' : 'authEnveloped-data';
}

/** A recipient as the envelope knows him: RSA keys get OAEP where he says that he reads it (RFC 8551 §2.3). */
export function envelopeRecipient(recipient: MessageRecipient): Recipient {
  const { address: _address, capabilities: _capabilities, accept: _accept, ...rest } = recipient;
  if (!hasCertificate(rest) || rest.transport !== undefined) return rest;
  if (rest.certificate.publicKey.kind !== 'rsa') return rest;
  for (const capability of capabilitiesOf(recipient) ?? []) {
    const transport = oaepOfCapability(capability);
    if (transport !== undefined) return { ...rest, transport };
  }
  return rest;
}
