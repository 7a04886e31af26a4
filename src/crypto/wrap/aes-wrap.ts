import { aeskw } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { trustedWeb } from '../engines/native-web.js';
import type { WebAgreement } from '../engines/native-web-agreement.js';

// AES Key Wrap (RFC 3394, NIST SP 800-38F KW).

/** RFC 3394 §2: the data has at least two blocks of eight octets. */
const least = 16;

/** No content key is longer; it bounds what one wrapped key may cost. */
const most = 8192;

/** One way to do both. */
interface AesWrap {
  wrap(kek: Bytes, key: Bytes): Bytes | Promise<Bytes>;
  /** Throws for whatever is wrong. */
  unwrap(kek: Bytes, wrapped: Bytes): Bytes | Promise<Bytes>;
}

/** Throws `usage` for a key that this wrap cannot take. */
export async function wrapWithAes(kek: Bytes, key: Bytes, engine: Engine | undefined): Promise<Bytes> {
  if (key.length % 8 !== 0 || key.length < least || key.length > most) {
    throw usage(`AES wraps keys of 16 to ${most} octets, a multiple of 8, not ${key.length}`);
  }
  return (await wayFor(kek.length, engine)).wrap(kek, key);
}

/** Throws `crypto-decryption-failed` for whatever is wrong with the octets. */
export async function unwrapWithAes(kek: Bytes, wrapped: Bytes, engine: Engine | undefined): Promise<Bytes> {
  const way = await wayFor(kek.length, engine);
  if (wrapped.length % 8 !== 0 || wrapped.length < least + 8 || wrapped.length > most + 8) {
    throw decryptionFailed();
  }
  try {
    // RFC 3394 §2.2.3: the key is given only when the initial value came out right; every way sees to it.
    return await way.unwrap(kek, wrapped);
  } catch {
    throw decryptionFailed();
  }
}

const inTypeScript: AesWrap = {
  wrap: (kek, key) => asBytes(aeskw(kek).encrypt(key)),
  unwrap: (kek, wrapped) => asBytes(aeskw(kek).decrypt(wrapped)),
};

async function wayFor(keyLength: number, engine: Engine | undefined): Promise<AesWrap> {
  if (engine === 'typescript') return inTypeScript;
  const id = `AES-${8 * keyLength} key wrap`;
  const native = trustedNative(engine, id, (module) => answersRightly(module, keyLength));
  if (native !== undefined) return inNode(native);
  const subtle = await trustedWeb<WebAgreement>(id, (asked) => answersRightlyOnWeb(asked, keyLength));
  if (subtle !== undefined) return onWeb(subtle);
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  return inTypeScript;
}

function inNode(native: NativeCrypto): AesWrap {
  return {
    wrap: (kek, key) => nativeWrap(native, kek, key),
    unwrap: (kek, wrapped) => nativeUnwrap(native, kek, wrapped),
  };
}

const anyKey = { name: 'HMAC', hash: 'SHA-256' } as const;

function onWeb(subtle: WebAgreement): AesWrap {
  return {
    async wrap(kek, key) {
      const by = await subtle.importKey('raw', kek, 'AES-KW', false, ['wrapKey']);
      const wrapped = await subtle.importKey('raw', key, anyKey, true, ['sign']);
      return new Uint8Array(await subtle.wrapKey('raw', wrapped, by, 'AES-KW'));
    },
    async unwrap(kek, wrapped) {
      const by = await subtle.importKey('raw', kek, 'AES-KW', false, ['unwrapKey']);
      const key = await subtle.unwrapKey('raw', wrapped, by, 'AES-KW', anyKey, true, ['sign']);
      return new Uint8Array(await subtle.exportKey('raw', key));
    },
  };
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
  const key = asBytes(cipher.update(wrapped));
  if (cipher.final().length !== 0 || key.length !== wrapped.length - 8) {
    throw new Error('the runtime gave another number of octets');
  }
  return key;
}

/** A key-encryption key, a key, and that wrapped with it; the last is changed in the second. */
function knownAnswer(keyLength: number): { kek: Bytes; key: Bytes; wrapped: Bytes; changed: Bytes } {
  const kek = Uint8Array.from({ length: keyLength }, (_, i) => 31 * i + 7);
  const key = Uint8Array.from({ length: 24 }, (_, i) => 13 * i + 5);
  const wrapped = asBytes(aeskw(kek).encrypt(key));
  return { kek, key, wrapped, changed: wrapped.map((octet, i) => octet ^ Number(i === 9)) };
}

/** Both directions, and that a changed wrapping is refused. */
function answersRightly(native: NativeCrypto, keyLength: number): boolean {
  const { kek, key, wrapped, changed } = knownAnswer(keyLength);
  if (!equalBytes(nativeWrap(native, kek, key), wrapped)) return false;
  if (!equalBytes(nativeUnwrap(native, kek, wrapped), key)) return false;
  try {
    nativeUnwrap(native, kek, changed);
    return false;
  } catch {
    return true;
  }
}

async function answersRightlyOnWeb(subtle: WebAgreement, keyLength: number): Promise<boolean> {
  const { kek, key, wrapped, changed } = knownAnswer(keyLength);
  const way = onWeb(subtle);
  if (!equalBytes(await way.wrap(kek, key), wrapped)) return false;
  if (!equalBytes(await way.unwrap(kek, wrapped), key)) return false;
  try {
    await way.unwrap(kek, changed);
    return false;
  } catch {
    return true;
  }
}
