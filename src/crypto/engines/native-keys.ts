import { derBitString, derInteger, derOid, derSequence } from '../../asn1/writer.js';
import { latin1FromBytes } from '../../core/bytes.js';
import { coordinateLength, oidOfCurve } from '../keys/curves.js';
import type { PublicKey, RsaPublicKey } from '../keys/public-key.js';
import type { NativeCrypto, NativeKey, NativeKeyInput, NativeRsaKey } from './native-crypto.js';

const importedKeys = /* @__PURE__ */ new WeakMap<PublicKey, NativeKey>();

/** The RSA keys met last. A weak set of all of them would cost the collector of garbage more than the imports do. */
const recentKeys: (RsaPublicKey | undefined)[] = [];
const mostRecentKeys = 16;
let nextRecentKey = 0;

/**
 * An RSA key and a padding for one `publicDecrypt`. Most keys come with a message and are used
 * once: their DER is passed as it is, which spares a key object. A key that is
 * met again, a root's, is imported.
 */
export function nativeRsaKey(native: NativeCrypto, key: RsaPublicKey, padding: number): NativeRsaKey {
  const imported = importedKeys.get(key);
  if (imported !== undefined) return { key: imported, padding };
  const met = recentKeys.indexOf(key);
  if (met !== -1) {
    const kept = nativeKey(native, key);
    recentKeys[met] = undefined;
    return { key: kept, padding };
  }
  remember(key);
  return { key: key.pkcs1, format: 'der', type: 'pkcs1', padding };
}

/**
 * Says that a key will be used more than once: its first use imports it then,
 * which takes longer than one use of its DER and shorter than two.
 */
export function expectReuse(key: PublicKey): void {
  if (key.kind !== 'rsa' || importedKeys.has(key) || recentKeys.includes(key)) return;
  remember(key);
}

function remember(key: RsaPublicKey): void {
  recentKeys[nextRecentKey] = key;
  nextRecentKey = (nextRecentKey + 1) % mostRecentKeys;
}

/** Keys that something was encrypted to once. The operation takes so long that a weak set costs nothing beside it. */
const recipientKeys = /* @__PURE__ */ new WeakSet<RsaPublicKey>();

/** Those that were imported: some 3.5 kB of OpenSSL's each, of which the collector of garbage knows nothing. */
const keptKeys: (WeakRef<RsaPublicKey> | undefined)[] = [];
const mostKeptKeys = 8192;
let nextKeptKey = 0;

/**
 * A recipient's RSA key and a padding. The first time its DER is passed as it is, since to import it takes
 * half as long as to encrypt to it; one that comes again is a correspondent's, and is imported and kept. Beyond
 * some thousand that their holders still have, as with a list of a hundred thousand, more are not kept.
 */
export function nativeRecipientKey(native: NativeCrypto, key: RsaPublicKey, padding: number): NativeRsaKey {
  const imported = importedKeys.get(key);
  if (imported !== undefined) return { key: imported, padding };
  if (recipientKeys.has(key) && mayKeep(key)) return { key: nativeKey(native, key), padding };
  recipientKeys.add(key);
  return { key: key.pkcs1, format: 'der', type: 'pkcs1', padding };
}

/** Whether the next place is free, of which one is looked at each time. */
function mayKeep(key: RsaPublicKey): boolean {
  const place = nextKeptKey;
  nextKeptKey = (place + 1) % mostKeptKeys;
  if (keptKeys[place]?.deref() !== undefined) return false;
  keptKeys[place] = new WeakRef(key);
  return true;
}

/** The key as `node:crypto` holds it, imported once. Throws what the runtime throws for a key that it refuses. */
export function nativeKey(native: NativeCrypto, key: PublicKey): NativeKey {
  let imported = importedKeys.get(key);
  if (imported === undefined) {
    imported = native.createPublicKey!(nativeKeyInput(key));
    importedKeys.set(key, imported);
  }
  return imported;
}

/**
 * The form that Node imports fastest. Measured on Node 20: RSA as PKCS#1 3 µs,
 * as SubjectPublicKeyInfo 150; Ed25519 as JWK 7, as SubjectPublicKeyInfo 110;
 * P-256 as JWK 98 against 160, but P-384 and P-521 the other way round, 600
 * and 1,000 against 150, since a JWK's point is multiplied by the order.
 */
function nativeKeyInput(key: PublicKey): NativeKeyInput {
  switch (key.kind) {
    case 'rsa':
      return { key: key.pkcs1, format: 'der', type: 'pkcs1' };
    case 'ec':
      if (key.curve === 'P-256' && key.point[0] === 4) {
        const length = coordinateLength(key.curve);
        const x = base64url(key.point.subarray(1, 1 + length));
        const y = base64url(key.point.subarray(1 + length));
        return { key: { kty: 'EC', crv: key.curve, x, y }, format: 'jwk' };
      }
      return spki([derOid('1.2.840.10045.2.1'), derOid(oidOfCurve(key.curve))], key.point);
    case 'dsa': {
      const { p, q, g } = key.parameters!;
      const parameters = derSequence(derInteger(p), derInteger(q), derInteger(g));
      return spki([derOid('1.2.840.10040.4.1'), parameters], derInteger(key.y));
    }
    default: {
      const crv = { ed25519: 'Ed25519', ed448: 'Ed448', x25519: 'X25519', x448: 'X448' }[key.kind];
      return { key: { kty: 'OKP', crv, x: base64url(key.key) }, format: 'jwk' };
    }
  }
}

function spki(algorithm: readonly Uint8Array[], subjectPublicKey: Uint8Array): NativeKeyInput {
  const key = derSequence(derSequence(...algorithm), derBitString(subjectPublicKey));
  return { key, format: 'der', type: 'spki' };
}

/** RFC 7515 §2; every runtime with `node:crypto` has `btoa`. */
function base64url(octets: Uint8Array): string {
  const { btoa } = globalThis as unknown as { btoa: (text: string) => string };
  return btoa(latin1FromBytes(octets)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
