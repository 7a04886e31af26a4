import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { type DeriveKekOptions, deriveKek, readKeyAgreement } from '../../crypto/agreement/key-agreement.js';
import { deriveSharedSecret } from '../../crypto/agreement/shared-secret.js';
import { decryptionFailed } from '../../crypto/ciphers/cbc.js';
import { hasUsablePoint } from '../../crypto/keys/check-public-key.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { decryptKey } from '../../crypto/transport/decrypt-key.js';
import { type Decryptor, decryptKeyWith } from '../../crypto/transport/decryptor.js';
import { readKeyTransportAlgorithm } from '../../crypto/transport/key-transport-algorithm.js';
import { unwrapKey } from '../../crypto/wrap/key-wrap.js';
import { hashesOfKey, type KeyHolder, names } from './decryption-key.js';
import type { KeyAgreementRecipient, RecipientEncryptedKey } from './key-agreement-recipient.js';
import { type EnvelopeContext, type KeyPath, usable } from './key-path.js';
import { originatorKey } from './originator-key.js';
import type { KeyTransportRecipient } from './recipient-info.js';

/** The ways of a private key that is named: by its certificate, or by a hash of it. */
export function* namedPaths(holder: KeyHolder, context: EnvelopeContext): Generator<KeyPath, undefined> {
  const hashes = holder.certificate === undefined ? hashesOfKey(holder.publicKey) : [];
  for (const recipient of fitting(holder, context)) {
    if (recipient.kind === 'key-transport') {
      if (!names(recipient, holder, hashes)) continue;
      context.named.add(recipient);
      yield* usable(context, () => transportPath(recipient, holder, context));
    } else {
      const own = recipient.recipients.filter((each) => names(each, holder, hashes));
      if (own.length === 0) continue;
      context.named.add(recipient);
      yield* agreementPaths(recipient, own, holder, context);
    }
  }
}

/**
 * The way of a private key without a certificate to the only recipient of its
 * kind, if that names no other key. A guess, to be made after {@link namedPaths} of all keys.
 */
export function* guessedPaths(holder: KeyHolder, context: EnvelopeContext): Generator<KeyPath, undefined> {
  if (holder.certificate !== undefined) return;
  // Nothing tells which of several recipients a key is, and trying it on each makes it an oracle.
  const [recipient, ...others] = fitting(holder, context);
  if (recipient === undefined || others.length > 0 || context.named.has(recipient)) return;
  if (recipient.kind === 'key-transport') {
    yield* usable(context, () => transportPath(recipient, holder, context));
    return;
  }
  if (recipient.recipients.length === 1)
    yield* agreementPaths(recipient, recipient.recipients, holder, context);
}

/** The recipients of a key's kind. */
function fitting(
  { publicKey }: KeyHolder,
  { recipients }: EnvelopeContext,
): readonly (KeyTransportRecipient | KeyAgreementRecipient)[] {
  const kind = kindFor(publicKey);
  return recipients.filter(
    (each): each is KeyTransportRecipient | KeyAgreementRecipient => each.kind === kind,
  );
}

function kindFor({ kind }: PublicKey): 'key-transport' | 'key-agreement' | undefined {
  if (kind === 'rsa') return 'key-transport';
  return kind === 'ec' || kind === 'x25519' || kind === 'x448' ? 'key-agreement' : undefined;
}

function transportPath(
  recipient: KeyTransportRecipient,
  holder: KeyHolder,
  { engine, keyLength }: EnvelopeContext,
): KeyPath {
  const algorithm = readKeyTransportAlgorithm(recipient.keyEncryptionAlgorithm);
  const { encryptedKey } = recipient;
  const { decryptor, privateKey } = holder;
  const contentKey = async (): Promise<Bytes> => {
    if (privateKey !== undefined)
      return decryptKey({ privateKey, algorithm, encryptedKey, keyLength, ...engine });
    return decryptKeyWith(decryptor!, algorithm, encryptedKey, keyLength);
  };
  if (privateKey === undefined && decryptor?.decryptKey === undefined) throw cannot('decryptKey');
  return { recipient, isFinal: algorithm.name === 'rsa-pkcs1', contentKey };
}

function isUsage(error: unknown): boolean {
  return error instanceof MailsealError && error.fault === 'usage';
}

/** What all keys under one agreement are wrapped with. */
interface Agreement extends Omit<DeriveKekOptions, 'secret'> {
  readonly publicKey: PublicKey;
}

/** The ways to keys of one agreement, which is read once, since there may be thousands. */
function* agreementPaths(
  recipient: KeyAgreementRecipient,
  own: readonly RecipientEncryptedKey[],
  holder: KeyHolder,
  context: EnvelopeContext,
): Generator<KeyPath, undefined> {
  for (const agreement of usable(context, () => readAgreement(recipient, holder, context))) {
    for (const { encryptedKey } of own) yield agreementPath(recipient, encryptedKey, agreement, holder);
  }
}

function readAgreement(
  { keyEncryptionAlgorithm, originator, ukm }: KeyAgreementRecipient,
  { decryptor, privateKey, publicKey: own }: KeyHolder,
  { certificates, engine }: EnvelopeContext,
): Agreement {
  const { scheme, wrap, keyInfo } = readKeyAgreement(keyEncryptionAlgorithm);
  const publicKey = originatorKey(originator, own, certificates);
  if (privateKey === undefined && decryptor?.agree === undefined) throw cannot('agree');
  return { publicKey, scheme, wrap, keyInfo, ...(ukm === undefined ? {} : { ukm }), ...engine };
}

function agreementPath(
  recipient: KeyAgreementRecipient,
  encryptedKey: Bytes,
  { publicKey, ...shared }: Agreement,
  { decryptor, privateKey }: KeyHolder,
): KeyPath {
  const { engine, wrap } = shared;
  const by = engine === undefined ? {} : { engine };
  const contentKey = async (): Promise<Bytes> => {
    const secret =
      privateKey === undefined
        ? await keptSecret(decryptor!, publicKey)
        : await deriveSharedSecret({ privateKey, publicKey, ...by });
    let kek: Bytes | undefined;
    try {
      kek = deriveKek({ ...shared, secret });
      return await unwrapKey(wrap, kek, encryptedKey, by);
    } finally {
      secret.fill(0);
      kek?.fill(0);
    }
  };
  return { recipient, isFinal: false, contentKey };
}

async function keptSecret(decryptor: Decryptor, publicKey: PublicKey): Promise<Bytes> {
  // SEC 1 §3.2.2: a keeper that takes points off the curve gives its key away bit by bit.
  if (!hasUsablePoint(publicKey)) throw decryptionFailed();
  try {
    return asBytes(await decryptor.agree!(publicKey)).slice();
  } catch (error) {
    if (isUsage(error)) throw error;
    throw decryptionFailed();
  }
}

function cannot(what: 'decryptKey' | 'agree'): MailsealError {
  return usage(`the decryptor has no \`${what}\`, which the recipient’s algorithm takes`);
}
