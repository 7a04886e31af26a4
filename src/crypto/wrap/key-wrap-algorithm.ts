import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, unexpected } from '../../asn1/values.js';
import { derInteger, derNull, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';

/**
 * The ways to encrypt a key with another: AES (RFC 3394, RFC 3565 §2.3.2), and
 * to read old mail triple DES (RFC 3217 §3) and RC2 with 128 bits (§4).
 */
export type KeyWrapName = 'aes128-wrap' | 'aes192-wrap' | 'aes256-wrap' | 'des-ede3-wrap' | 'rc2-wrap';

interface WrapFacts {
  readonly oid: string;
  /** Octets of the key-encryption key. */
  readonly keyLength: number;
}

const facts: Readonly<Record<KeyWrapName, WrapFacts>> = {
  'aes128-wrap': { oid: '2.16.840.1.101.3.4.1.5', keyLength: 16 },
  'aes192-wrap': { oid: '2.16.840.1.101.3.4.1.25', keyLength: 24 },
  'aes256-wrap': { oid: '2.16.840.1.101.3.4.1.45', keyLength: 32 },
  'des-ede3-wrap': { oid: '1.2.840.113549.1.9.16.3.6', keyLength: 24 },
  'rc2-wrap': { oid: '1.2.840.113549.1.9.16.3.7', keyLength: 16 },
};

const namesByOid: ReadonlyMap<string, KeyWrapName> = /* @__PURE__ */ new Map(
  Object.entries(facts).map(([name, { oid }]) => [oid, name as KeyWrapName]),
);

/** RFC 3370 §4.1.2, §4.3.2: 58 stands for 128 effective bits, the only number that CMS wraps with. */
const rc2Version = 58;

/**
 * Octets of the key-encryption key that a wrap takes.
 *
 * @throws MailsealError `usage` for an unknown name.
 */
export function wrapKeyLength(name: KeyWrapName): number {
  if (!isKeyOf(facts, name)) throw usage(`${shown(name)} is no key wrap`);
  return facts[name].keyLength;
}

/**
 * The key wrap that an AlgorithmIdentifier names. Parameters are looked at only
 * where they say something (RC2): some programs write NULL where nothing belongs.
 *
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the OID for another algorithm.
 */
export function readKeyWrap(node: BerNode): KeyWrapName {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  const name = namesByOid.get(oid);
  if (name === undefined) {
    throw new MailsealError('crypto-unsupported', `the key wrap ${oid} is not known here`, {
      offset: node.start,
    });
  }
  if (name === 'rc2-wrap' && parameters !== undefined && !parameters.is(Tag.Null)) {
    const version = decodeInteger(parameters);
    if (version !== rc2Version) {
      throw new MailsealError(
        'crypto-unsupported',
        `the RC2 key wrap of the parameter version ${version} is not known here`,
        { offset: parameters.start },
      );
    }
  }
  return name;
}

/** Whether an AlgorithmIdentifier names one of the wraps; `asn1-*` when it is none. */
export function isKeyWrap(node: BerNode): boolean {
  const [identifier] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  return namesByOid.has(decodeOid(identifier));
}

/** The DER of the AlgorithmIdentifier: no parameters for AES (RFC 3565 §2.3.2), NULL for triple DES (RFC 3370 §4.3.1). */
export function encodeKeyWrap(name: KeyWrapName): Bytes {
  wrapKeyLength(name);
  const oid = derOid(facts[name].oid);
  if (name === 'des-ede3-wrap') return derSequence(oid, derNull());
  if (name === 'rc2-wrap') return derSequence(oid, derInteger(rc2Version));
  return derSequence(oid);
}
