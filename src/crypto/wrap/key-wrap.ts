import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import type { RandomOptions } from '../random.js';
import { unwrapWithAes, wrapWithAes } from './aes-wrap.js';
import { unwrapWithCbc, wrapWithCbc } from './cbc-wrap.js';
import { type KeyWrapName, wrapKeyLength } from './key-wrap-algorithm.js';

export type { KeyWrapName } from './key-wrap-algorithm.js';

/**
 * Encrypts a key with another one: AES Key Wrap (RFC 3394), or to write to those who
 * know nothing newer the wraps of triple DES and RC2 (RFC 3217).
 *
 * @param name the wrap
 * @param kek the key-encryption key: 16, 24 or 32 octets for AES, 24 for triple DES, 16 for RC2
 * @param key what is wrapped: for AES 16 to 8,192 octets, a multiple of 8; for triple DES 8 to
 * 256, a multiple of 8; for RC2 1 to 255
 * @throws MailsealError `usage` for an unknown name and for keys of a wrong length,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not (RC2 never is).
 * @example
 * ```ts
 * import { unwrapKey, wrapKey } from 'mailseal/crypto';
 * import { decodeHex, encodeHex } from 'mailseal/encoding';
 *
 * // RFC 3394 §4.1.
 * const kek = decodeHex('000102030405060708090a0b0c0d0e0f');
 * const wrapped = await wrapKey('aes128-wrap', kek, decodeHex('00112233445566778899aabbccddeeff'));
 * console.log(encodeHex(wrapped)); // 1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5
 * console.log(encodeHex(await unwrapKey('aes128-wrap', kek, wrapped))); // 00112233445566778899aabbccddeeff
 * ```
 */
export async function wrapKey(
  name: KeyWrapName,
  kek: Uint8Array,
  key: Uint8Array,
  options: EngineOptions & RandomOptions = {},
): Promise<Bytes> {
  const by = checkedKek(name, kek);
  const octets = asBytes(key);
  if (name === 'des-ede3-wrap' || name === 'rc2-wrap') return wrapWithCbc(name, by, octets, options);
  return wrapWithAes(by, octets, options.engine);
}

/**
 * Decrypts what {@link wrapKey} made. Each wrap has a check inside, so a wrong key is found out.
 *
 * @throws MailsealError `crypto-decryption-failed` where the key is wrong or the octets
 * were changed or cannot be of that wrap; `usage` and `crypto-engine-unavailable` as {@link wrapKey}.
 * @example
 * ```ts
 * import { unwrapKey } from 'mailseal/crypto';
 * import { decodeHex, encodeHex } from 'mailseal/encoding';
 *
 * // RFC 3217 §3.4.
 * const kek = decodeHex('255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f');
 * const wrapped = decodeHex('690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4');
 * console.log(encodeHex(await unwrapKey('des-ede3-wrap', kek, wrapped))); // 2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98
 * ```
 */
export async function unwrapKey(
  name: KeyWrapName,
  kek: Uint8Array,
  wrapped: Uint8Array,
  options: EngineOptions = {},
): Promise<Bytes> {
  const by = checkedKek(name, kek);
  const octets = asBytes(wrapped);
  if (name === 'des-ede3-wrap' || name === 'rc2-wrap') return unwrapWithCbc(name, by, octets, options);
  return unwrapWithAes(by, octets, options.engine);
}

function checkedKek(name: KeyWrapName, kek: Uint8Array): Bytes {
  const length = wrapKeyLength(name);
  const octets = asBytes(kek);
  if (octets.length === length) return octets;
  throw usage(`${name} takes a key of ${length} octets, not ${octets.length}`);
}
