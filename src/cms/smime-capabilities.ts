import { decodeOid } from '../asn1/oid.js';
import { readBer } from '../asn1/reader.js';
import { derInteger, derOid, derSequence } from '../asn1/writer.js';
import { asBytes, type Bytes, equalBytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import {
  encodeKeyTransportAlgorithm,
  type KeyTransportAlgorithm,
  parseKeyTransportAlgorithm,
} from '../crypto/transport/key-transport-algorithm.js';
import type { SmimeCapability } from './attributes.js';

/**
 * The capabilities that S/MIME programs announce, by the names that they have
 * here (RFC 8551 §2.5.2, RFC 8103, RFC 9709).
 */
export type SmimeCapabilityName =
  | 'aes128-gcm'
  | 'aes192-gcm'
  | 'aes256-gcm'
  | 'chacha20-poly1305'
  | 'aes128-cbc'
  | 'aes192-cbc'
  | 'aes256-cbc'
  | 'des-ede3-cbc'
  | 'rc2-128-cbc'
  | 'rc2-64-cbc'
  | 'rc2-40-cbc'
  | 'des-cbc'
  | 'rsa-pkcs1'
  | 'rsa-oaep'
  | 'cek-hkdf-sha256'
  | 'prefer-binary-inside'
  | 'compressed-data'
  | 'sha256-rsa'
  | 'sha384-rsa'
  | 'sha512-rsa'
  | 'rsa-pss'
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'ed25519'
  | 'ed448';

const named: readonly (readonly [name: SmimeCapabilityName, oid: string, parameter?: number])[] = [
  ['aes128-gcm', '2.16.840.1.101.3.4.1.6'],
  ['aes192-gcm', '2.16.840.1.101.3.4.1.26'],
  ['aes256-gcm', '2.16.840.1.101.3.4.1.46'],
  ['chacha20-poly1305', '1.2.840.113549.1.9.16.3.18'],
  ['aes128-cbc', '2.16.840.1.101.3.4.1.2'],
  ['aes192-cbc', '2.16.840.1.101.3.4.1.22'],
  ['aes256-cbc', '2.16.840.1.101.3.4.1.42'],
  ['des-ede3-cbc', '1.2.840.113549.3.7'],
  // The parameter of RC2 is the plain number of bits here, not the version number of RFC 2268.
  ['rc2-128-cbc', '1.2.840.113549.3.2', 128],
  ['rc2-64-cbc', '1.2.840.113549.3.2', 64],
  ['rc2-40-cbc', '1.2.840.113549.3.2', 40],
  ['des-cbc', '1.3.14.3.2.7'],
  ['rsa-pkcs1', '1.2.840.113549.1.1.1'],
  ['rsa-oaep', '1.2.840.113549.1.1.7'],
  ['cek-hkdf-sha256', '1.2.840.113549.1.9.16.3.31'],
  ['prefer-binary-inside', '1.2.840.113549.1.9.16.11.1'],
  ['compressed-data', '1.2.840.113549.1.9.16.3.8'],
  ['sha256-rsa', '1.2.840.113549.1.1.11'],
  ['sha384-rsa', '1.2.840.113549.1.1.12'],
  ['sha512-rsa', '1.2.840.113549.1.1.13'],
  ['rsa-pss', '1.2.840.113549.1.1.10'],
  ['ecdsa-sha256', '1.2.840.10045.4.3.2'],
  ['ecdsa-sha384', '1.2.840.10045.4.3.3'],
  ['ecdsa-sha512', '1.2.840.10045.4.3.4'],
  ['ed25519', '1.3.101.112'],
  ['ed448', '1.3.101.113'],
];

/**
 * A capability by its name, to announce it (RFC 8551 §2.5.2).
 *
 * @throws MailsealError `usage` where there is no such name.
 * @example
 * ```ts
 * import { smimeCapability } from 'mailseal/cms';
 *
 * console.log(smimeCapability('aes256-gcm').capability); // 2.16.840.1.101.3.4.1.46
 * ```
 */
export function smimeCapability(name: SmimeCapabilityName): SmimeCapability {
  if (name === 'rsa-oaep') return oaepCapability({ name, digest: 'sha256', mgfDigest: 'sha256' });
  const found = named.find(([each]) => each === name);
  if (found === undefined) throw usage(`there is no capability ${shown(name)}`);
  const [, capability, parameter] = found;
  return { capability, parameters: parameter === undefined ? undefined : derInteger(parameter) };
}

/**
 * The name of a capability, as {@link smimeCapability} takes it; `undefined`
 * for those that have none here, which every reader has to take gracefully
 * (RFC 8551 §2.5.2).
 *
 * @example
 * ```ts
 * import { smimeCapability, smimeCapabilityName } from 'mailseal/cms';
 *
 * console.log(smimeCapabilityName(smimeCapability('rc2-40-cbc'))); // rc2-40-cbc
 * console.log(smimeCapabilityName({ capability: '1.2.3', parameters: undefined })); // undefined
 * ```
 */
export function smimeCapabilityName({
  capability,
  parameters,
}: SmimeCapability): SmimeCapabilityName | undefined {
  for (const [name, oid, parameter] of named) {
    if (oid !== capability) continue;
    // RFC 8551 §2.5.2: NULL must not be written for parameters that are absent, and some programs do.
    if (parameter === undefined) return name;
    if (parameters !== undefined && equalBytes(parameters, derInteger(parameter))) return name;
  }
  return undefined;
}

/** RFC 3560 §5: the capability has the parameters of the algorithm, unlike those of other algorithms. */
function oaepCapability(algorithm: KeyTransportAlgorithm): SmimeCapability {
  const [oid, parameters] = readBer(encodeKeyTransportAlgorithm(algorithm)).children;
  return { capability: decodeOid(oid!), parameters: parameters?.bytes };
}

/**
 * The RSAES-OAEP that a reader says he can do, with its digests (RFC 3560 §5);
 * `undefined` where the capability is another one, or has parameters that are
 * not known here.
 *
 * @example
 * ```ts
 * import { oaepOfCapability, smimeCapability } from 'mailseal/cms';
 *
 * console.log(oaepOfCapability(smimeCapability('rsa-oaep'))?.name); // rsa-oaep
 * console.log(oaepOfCapability(smimeCapability('aes128-cbc'))); // undefined
 * ```
 */
export function oaepOfCapability(capability: SmimeCapability): KeyTransportAlgorithm | undefined {
  if (smimeCapabilityName(capability) !== 'rsa-oaep') return undefined;
  const { capability: oid, parameters } = capability;
  try {
    return parseKeyTransportAlgorithm(
      derSequence(derOid(oid), ...(parameters === undefined ? [] : [asBytes(parameters)])),
    );
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

/** What this package can read, in the order of its preference; the kinds of algorithms each by themselves (RFC 8551 §2.5.2). */
const readable: readonly SmimeCapabilityName[] = [
  'aes256-gcm',
  'aes128-gcm',
  'chacha20-poly1305',
  'aes256-cbc',
  'aes192-cbc',
  'aes128-cbc',
  'rsa-oaep',
  'cek-hkdf-sha256',
];

/**
 * The capabilities that a signer may announce who reads his mail with this
 * package (RFC 8551 §2.5.2), the most preferred first. A signer whose mail is
 * read by another program has to announce what that one can.
 *
 * @example
 * ```ts
 * import { ownSmimeCapabilities, smimeCapabilityName } from 'mailseal/cms';
 *
 * console.log(ownSmimeCapabilities().map(smimeCapabilityName)[0]); // aes256-gcm
 * ```
 */
export function ownSmimeCapabilities(): readonly SmimeCapability[] {
  own ??= Object.freeze(readable.map((name) => Object.freeze(smimeCapability(name))));
  return own;
}

/** They are said under every signature on mail, so they are made once. */
let own: readonly SmimeCapability[] | undefined;
let ownEncoded: Bytes | undefined;

/**
 * DER of SMIMECapabilities: the value of the signed attribute, and of the
 * certificate extension (RFC 8551 §2.5.2, RFC 4262 §2).
 *
 * @example
 * ```ts
 * import { encodeSmimeCapabilities, smimeCapability } from 'mailseal/cms';
 *
 * console.log(encodeSmimeCapabilities([smimeCapability('aes128-cbc')]).length); // 15
 * ```
 */
export function encodeSmimeCapabilities(capabilities: readonly SmimeCapability[]): Bytes {
  if (!Array.isArray(capabilities)) throw usage('capabilities must be an array of SmimeCapability');
  if (capabilities !== own) return encode(capabilities);
  ownEncoded ??= encode(capabilities);
  return ownEncoded.slice();
}

function encode(capabilities: readonly SmimeCapability[]): Bytes {
  return derSequence(
    ...capabilities.map((each) => {
      if (typeof each !== 'object' || each === null)
        throw usage('capabilities must be an array of SmimeCapability');
      const { capability, parameters } = each;
      return derSequence(derOid(capability), ...(parameters === undefined ? [] : [asBytes(parameters)]));
    }),
  );
}
