import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { type MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { RsaPublicKey } from '../../crypto/keys/public-key.js';
import { encryptKeysAtOnce, encryptKeysLater } from '../../crypto/transport/encrypt-keys.js';
import { isCertificate } from '../../x509/path/path-options.js';
import type { CertificateRecipient, Recipient, WrapKeys } from './recipient.js';
import { agreementInfo, KeyTransport, kekInfo, passwordInfo, type WriteOptions } from './write-recipient.js';

/** What {@link recipientInfos} takes of the caller's options. */
export interface RecipientsOptions extends WriteOptions {
  readonly wrapKeys?: WrapKeys;
  readonly signal?: AbortSignalLike;
}

/**
 * The DER of a RecipientInfo for each recipient, in no order.
 *
 * @param spare random octets to begin the paddings with; they are overwritten
 */
export async function recipientInfos(
  recipients: readonly Recipient[],
  key: Bytes,
  spare: Bytes,
  options: RecipientsOptions,
): Promise<readonly Bytes[]> {
  const infos: Bytes[] = [];
  const transports: KeyTransport[] = [];
  for (const recipient of recipients) {
    throwIfAborted(options.signal);
    if (typeof recipient !== 'object' || recipient === null) throw nobody();
    if ('certificate' in recipient) {
      const { identifier } = recipient;
      if (identifier !== undefined && identifier !== 'ski' && identifier !== 'issuer-serial')
        throw usage(
          `the \`identifier\` of a recipient is 'issuer-serial' or 'ski', not ${shown(identifier)}`,
        );
      if (!isCertificate(recipient.certificate))
        throw usage('the `certificate` of a recipient is one that parseCertificate gave');
      const { publicKey } = recipient.certificate;
      if (publicKey.kind === 'rsa') transports.push(transportTo(recipient, publicKey));
      else infos.push(await agreementInfo(recipient, publicKey, key, options));
    } else if ('kek' in recipient) infos.push(await kekInfo(recipient, key, options));
    else if ('password' in recipient) infos.push(await passwordInfo(recipient, key, options));
    else throw nobody();
  }
  if (transports.length === 0) return infos;
  const written = new WrittenTransports(transports);
  const { wrapKeys } = options;
  if (wrapKeys !== undefined) await encryptThere(transports, key, written, wrapKeys);
  else {
    const wanted = { key, recipients: transports };
    const take = (i: number, encryptedKey: Uint8Array): void => written.put(i, encryptedKey);
    const later = encryptKeysAtOnce(wanted, options, spare, take);
    if (later.length > 0) await encryptKeysLater(wanted, options, later, take);
  }
  return infos.length === 0 ? written.infos : infos.concat(written.infos);
}

function nobody(): MailsealError {
  return usage('each of `recipients` has a certificate, a kek or a password');
}

function transportTo(recipient: CertificateRecipient, publicKey: RsaPublicKey): KeyTransport {
  // RFC 4055 §1.2: a key for PSS is for nothing else.
  if (publicKey.pssOnly) throw usage('the key of a recipient’s certificate is for PSS signatures only');
  return new KeyTransport(recipient, publicKey);
}

/** The elements of all recipients in one array, each in the place that its length gives it. */
class WrittenTransports {
  readonly infos: readonly Bytes[];
  private readonly transports: readonly KeyTransport[];

  constructor(transports: readonly KeyTransport[]) {
    this.transports = transports;
    let length = 0;
    for (const transport of transports) length += transport.length;
    const whole = new Uint8Array(length);
    let end = 0;
    this.infos = transports.map((transport) => {
      end += transport.length;
      return whole.subarray(end - transport.length, end);
    });
  }

  put(i: number, encryptedKey: Uint8Array): void {
    this.transports[i]!.write(this.infos[i]!, 0, encryptedKey);
  }
}

async function encryptThere(
  transports: readonly KeyTransport[],
  key: Bytes,
  written: WrittenTransports,
  wrapKeys: WrapKeys,
): Promise<void> {
  if (typeof wrapKeys !== 'function') throw usage('`wrapKeys` has to be a function');
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
    throw usage(`wrapKeys was to give ${transports.length} encrypted keys`);
  }
  for (const [i, transport] of transports.entries()) {
    const encryptedKey = asBytes(encryptedKeys[i]!);
    const { keyLength } = transport;
    if (encryptedKey.length !== keyLength) {
      throw usage(
        `wrapKeys gave an encrypted key of ${encryptedKey.length} octets for a modulus of ${keyLength}`,
      );
    }
    written.put(i, encryptedKey);
  }
}
