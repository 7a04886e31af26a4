import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { cbcKeyLength } from '../../crypto/ciphers/cbc-blocks.js';
import { type Password, utf8Password } from '../../crypto/passwords/password.js';
import { deriveKey } from '../../crypto/passwords/password-cipher.js';
import { type KeyDerivation, readTaggedKeyDerivation } from '../../crypto/passwords/password-encryption.js';
import { unwrapKey } from '../../crypto/wrap/key-wrap.js';
import { isKeyWrap, readKeyWrap, wrapKeyLength } from '../../crypto/wrap/key-wrap-algorithm.js';
import { readPasswordWrap, unwrapWithKek } from '../../crypto/wrap/password-wrap.js';
import { type EnvelopeContext, type KeyPath, usable } from './key-path.js';
import type { KekRecipient, PasswordRecipient } from './recipient-info.js';

/** The way of a content key that the caller has. */
export function* contentKeyPath(
  contentKey: Uint8Array,
  context: EnvelopeContext,
): Generator<KeyPath, undefined> {
  const key = asBytes(contentKey);
  yield* usable(context, () => {
    if (key.length !== context.keyLength) {
      // The file names the cipher, so the key is not said to be a fault of the caller's: it is not this file's.
      throw new MailsealError(
        'cms-no-recipient',
        `the cipher takes a contentKey of ${context.keyLength} octets, not ${key.length}`,
      );
    }
    return { recipient: undefined, isFinal: true, contentKey: async () => key.slice() };
  });
}

/** The ways of a key-encryption key: recipients of its identifier, without one those of its length. */
export function* kekPaths(
  kek: Uint8Array,
  id: Uint8Array | undefined,
  context: EnvelopeContext,
): Generator<KeyPath, undefined> {
  const key = asBytes(kek);
  for (const recipient of context.recipients) {
    if (recipient.kind !== 'kek') continue;
    if (id !== undefined && !equalBytes(recipient.keyIdentifier, id)) continue;
    yield* usable(context, () => kekPath(recipient, key, context));
  }
}

function kekPath(recipient: KekRecipient, kek: Bytes, { engine }: EnvelopeContext): KeyPath {
  const wrap = readKeyWrap(recipient.keyEncryptionAlgorithm);
  const length = wrapKeyLength(wrap);
  if (kek.length !== length) {
    throw new MailsealError(
      'cms-no-recipient',
      `the recipient takes a kek of ${length} octets (${wrap}), not ${kek.length}`,
    );
  }
  return {
    recipient,
    isFinal: false,
    contentKey: () => unwrapKey(wrap, kek, recipient.encryptedKey, engine),
  };
}

/** The ways of a password: every recipient that wants one, since nothing says which is whose. */
export function* passwordPaths(password: Password, context: EnvelopeContext): Generator<KeyPath, undefined> {
  // Kept until all is over: the derivations tell passwords apart by their octets.
  const octets = context.derivations.keep(utf8Password(password));
  for (const recipient of context.recipients) {
    if (recipient.kind === 'password') yield* usable(context, () => passwordPath(recipient, octets, context));
  }
}

function passwordPath(recipient: PasswordRecipient, password: Bytes, context: EnvelopeContext): KeyPath {
  const { derivation, keyLength, unwrap } = passwordUnwrap(recipient, context);
  // RFC 5652 §6.2.4: without a derivation the key comes from elsewhere, from a device say.
  if (derivation === undefined)
    throw new MailsealError('cms-unsupported', 'the recipient’s key is not derived from a password');
  // RFC 8018 appendix A.2: keyLength, where it is given, is that of the cipher.
  if (derivation.keyLength !== undefined && derivation.keyLength !== keyLength) {
    throw new MailsealError(
      'cms-unsupported',
      `the derived key is said to have ${derivation.keyLength} octets, the wrap takes ${keyLength}`,
    );
  }
  return {
    recipient,
    isFinal: false,
    // The derivations keep the key, for others of the same salt, and wipe it.
    contentKey: async () => unwrap(await deriveKey(derivation, password, keyLength, context.derivations)),
  };
}

/** How a recipient's key is unwrapped with one that a password gives. */
interface PasswordUnwrap {
  readonly derivation: KeyDerivation | undefined;
  readonly keyLength: number;
  readonly unwrap: (kek: Bytes) => Bytes | Promise<Bytes>;
}

function passwordUnwrap(
  { encryptedKey, keyDerivationAlgorithm, keyEncryptionAlgorithm }: PasswordRecipient,
  { engine }: EnvelopeContext,
): PasswordUnwrap {
  if (isKeyWrap(keyEncryptionAlgorithm)) {
    // RFC 5652 §6.2.4 leaves the algorithm open; some senders take a key wrap instead of id-alg-PWRI-KEK.
    const wrap = readKeyWrap(keyEncryptionAlgorithm);
    return {
      derivation: keyDerivationAlgorithm && readTaggedKeyDerivation(keyDerivationAlgorithm),
      keyLength: wrapKeyLength(wrap),
      unwrap: (kek) => unwrapKey(wrap, kek, encryptedKey, engine),
    };
  }
  const { cipher, derivation } = readPasswordWrap(keyDerivationAlgorithm, keyEncryptionAlgorithm);
  return {
    derivation,
    keyLength: cbcKeyLength(cipher),
    unwrap: (kek) => unwrapWithKek(cipher, kek, encryptedKey, engine),
  };
}
