import { aeskw } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { chooseNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';

// AES Key Wrap (RFC 3394, NIST SP 800-38F KW).

/** RFC 3394 §2: the data has at least two blocks of eight octets. */
const least = 16;

/** No content key is longer; it bounds what one wrapped key may cost. */
const most = 8192;

/** Throws `usage` for a key that this wrap cannot take. */
export function wrapWithAes(kek: Bytes, key: Bytes, engine: Engine | undefined): Bytes {
  if (key.length % 8 !== 0 || key.length < least || key.length > most) {
    throw new MailsealError(
      'usage',
      `AES wraps keys of 16 to ${most} octets, a multiple of 8, not ${key.length}`,
    );
  }
  const native = nativeFor(kek, engine);
  return native === undefined ? asBytes(aeskw(kek).encrypt(key)) : nativeWrap(native, kek, key);
}

/** Throws `crypto-decryption-failed` for whatever is wrong with the octets. */
export function unwrapWithAes(kek: Bytes, wrapped: Bytes, engine: Engine | undefined): Bytes {
  const native = nativeFor(kek, engine);
  if (wrapped.length % 8 !== 0 || wrapped.length < least + 8 || wrapped.length > most + 8) {
    throw decryptionFailed();
  }
  try {
    // RFC 3394 §2.2.3: the key is given only when the initial value came out right; both ways see to it.
    return native === undefined ? asBytes(aeskw(kek).decrypt(wrapped)) : nativeUnwrap(native, kek, wrapped);
  } catch {
    throw decryptionFailed();
  }
}

function nativeFor(kek: Bytes, engine: Engine | undefined): NativeCrypto | undefined {
  const bits = 8 * kek.length;
  return chooseNative(engine, `AES-${bits} key wrap`, (native) => answersRightly(native, kek.length));
}

/** RFC 3394 §2.2.3.1. */
const initialValue: Bytes = /* @__PURE__ */ new Uint8Array(8).fill(0xa6);

function nativeName(kek: Bytes): string {
  return `id-aes${8 * kek.length}-wrap`;
}

function nativeWrap(native: NativeCrypto, kek: Bytes, key: Bytes): Bytes {
  const cipher = native.createCipheriv!(nativeName(kek), kek, initialValue);
  return concatBytes([cipher.update(key), cipher.final()]);
}

function nativeUnwrap(native: NativeCrypto, kek: Bytes, wrapped: Bytes): Bytes {
  const cipher = native.createDecipheriv!(nativeName(kek), kek, initialValue);
  const key = asBytes(cipher.update(wrapped)).slice();
  if (cipher.final().length !== 0 || key.length !== wrapped.length - 8) {
    throw new Error('the runtime gave another number of octets');
  }
  return key;
}

/** Both ways, and that a changed wrapping is refused. */
function answersRightly(native: NativeCrypto, keyLength: number): boolean {
  const kek = Uint8Array.from({ length: keyLength }, (_, i) => 31 * i + 7);
  const key = Uint8Array.from({ length: 24 }, (_, i) => 13 * i + 5);
  const known = asBytes(aeskw(kek).encrypt(key));
  if (!equalBytes(nativeWrap(native, kek, key), known)) return false;
  if (!equalBytes(nativeUnwrap(native, kek, known), key)) return false;
  known[9]! ^= 1;
  try {
    nativeUnwrap(native, kek, known);
    return false;
  } catch {
    return true;
  }
}
