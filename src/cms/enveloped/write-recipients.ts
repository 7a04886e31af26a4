import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { RsaPublicKey } from '../../crypto/keys/public-key.js';
import { encryptKey } from '../../crypto/transport/encrypt-key.js';
import type { KeyTransportAlgorithm } from '../../crypto/transport/key-transport-algorithm.js';
import type { CertificateRecipient, Recipient, WrapKeys } from './recipient.js';
import {
  agreementInfo,
  beginTransport,
  defaultTransport,
  finishTransport,
  kekInfo,
  passwordInfo,
  type WriteOptions,
} from './write-recipient.js';

/** What {@link recipientInfos} takes of the caller's options. */
export interface RecipientsOptions extends WriteOptions {
  readonly wrapKeys?: WrapKeys;
  readonly signal?: AbortSignalLike;
}

/** A KeyTransRecipientInfo that lacks its key. */
interface Transport {
  readonly publicKey: RsaPublicKey;
  readonly algorithm: KeyTransportAlgorithm;
  readonly beginning: readonly Uint8Array[];
}

/** The DER of a RecipientInfo for each recipient, in no order. */
export async function recipientInfos(
  recipients: readonly Recipient[],
  key: Bytes,
  options: RecipientsOptions,
): Promise<Bytes[]> {
  const infos: Bytes[] = [];
  const transports: Transport[] = [];
  for (const recipient of recipients) {
    throwIfAborted(options.signal);
    if (typeof recipient !== 'object' || recipient === null) throw nobody();
    if ('certificate' in recipient) {
      const { publicKey } = recipient.certificate;
      if (publicKey.kind === 'rsa') transports.push(transportTo(recipient, publicKey));
      else infos.push(await agreementInfo(recipient, publicKey, key, options));
    } else if ('kek' in recipient) infos.push(await kekInfo(recipient, key, options));
    else if ('password' in recipient) infos.push(await passwordInfo(recipient, key, options));
    else throw nobody();
  }
  if (options.wrapKeys === undefined) await encryptHere(transports, key, infos, options);
  else await encryptThere(transports, key, infos, options.wrapKeys);
  return infos;
}

function nobody(): MailsealError {
  return new MailsealError('usage', 'each of `recipients` has a certificate, a kek or a password');
}

function transportTo(recipient: CertificateRecipient, publicKey: RsaPublicKey): Transport {
  // RFC 4055 §1.2: a key for PSS is for nothing else.
  if (publicKey.pssOnly)
    throw new MailsealError('usage', 'the key of a recipient’s certificate is for PSS signatures only');
  const algorithm = recipient.transport ?? defaultTransport;
  return { publicKey, algorithm, beginning: beginTransport(recipient, algorithm) };
}

async function encryptHere(
  transports: readonly Transport[],
  key: Bytes,
  infos: Bytes[],
  options: RecipientsOptions,
): Promise<void> {
  const { engine, random, signal } = options;
  const by = {
    ...(engine === undefined ? {} : { engine }),
    ...(random === undefined ? {} : { random }),
  };
  for (const { algorithm, beginning, publicKey } of transports) {
    throwIfAborted(signal);
    infos.push(finishTransport(beginning, await encryptKey({ publicKey, algorithm, key, ...by })));
  }
}

async function encryptThere(
  transports: readonly Transport[],
  key: Bytes,
  infos: Bytes[],
  wrapKeys: WrapKeys,
): Promise<void> {
  if (transports.length === 0) return;
  if (typeof wrapKeys !== 'function') throw new MailsealError('usage', '`wrapKeys` has to be a function');
  // A copy for each: one that its worker wipes or takes away is neither another's nor the one that encrypts.
  const jobs = transports.map(({ algorithm, publicKey }) => ({ publicKey, algorithm, key: key.slice() }));
  const copies = jobs.map((job) => job.key);
  let encryptedKeys: readonly Uint8Array[];
  try {
    encryptedKeys = await wrapKeys(jobs);
  } finally {
    // Filling one whose buffer went to a worker would throw; its length is 0 here.
    for (const copy of copies) if (copy.length > 0) copy.fill(0);
  }
  if (!Array.isArray(encryptedKeys) || encryptedKeys.length !== transports.length) {
    throw new MailsealError('usage', `wrapKeys was to give ${transports.length} encrypted keys`);
  }
  for (const [i, { beginning, publicKey }] of transports.entries()) {
    const encryptedKey = asBytes(encryptedKeys[i]!);
    const length = Math.ceil(publicKey.bits / 8);
    if (encryptedKey.length !== length) {
      throw new MailsealError(
        'usage',
        `wrapKeys gave an encrypted key of ${encryptedKey.length} octets for a modulus of ${length}`,
      );
    }
    infos.push(finishTransport(beginning, encryptedKey));
  }
}
