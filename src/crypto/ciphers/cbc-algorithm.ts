import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derInteger, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import type { CbcAlgorithm } from './cbc-blocks.js';

/** RFC 3565 §4.1, RFC 8018 appendix B.2. */
const oids: Readonly<Record<CbcAlgorithm['name'], string>> = {
  'aes128-cbc': '2.16.840.1.101.3.4.1.2',
  'aes192-cbc': '2.16.840.1.101.3.4.1.22',
  'aes256-cbc': '2.16.840.1.101.3.4.1.42',
  'des-ede3-cbc': '1.2.840.113549.3.7',
  'des-cbc': '1.3.14.3.2.7',
  'rc2-cbc': '1.2.840.113549.3.2',
};

/** Encoded at their first use, and copied into what is written. */
const encodedOids: Map<CbcAlgorithm['name'], Bytes> = /* @__PURE__ */ new Map<CbcAlgorithm['name'], Bytes>();

const namesByOid: ReadonlyMap<string, CbcAlgorithm['name']> = /* @__PURE__ */ new Map(
  Object.entries(oids).map(([name, oid]) => [oid, name as CbcAlgorithm['name']]),
);

/** RFC 2268 §6: below 256 the version is the bits' place in a table, of which these are in use. */
const rc2Versions: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [160, 40],
  [120, 64],
  [58, 128],
]);

/**
 * The cipher in CBC mode that an AlgorithmIdentifier names, with its vector.
 *
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the
 * OID for another algorithm, or where the vector has a wrong length.
 */
export function readCbcAlgorithm(node: BerNode): CbcAlgorithm {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  const name = namesByOid.get(oid);
  if (name === undefined || parameters === undefined) {
    throw new MailsealError(
      'crypto-unsupported',
      `the cipher ${oid} is not known here${name === undefined ? '' : ' without parameters'}`,
      { offset: node.start },
    );
  }
  if (name === 'rc2-cbc') return readRc2(parameters);
  const iv = octetString(parameters).slice();
  assertVector(iv, name.startsWith('aes') ? 16 : 8, parameters);
  return { name, iv };
}

/** RFC 8018 appendix B.2.3: a bare vector means 32 bits, which no program is known to mean. */
function readRc2(parameters: BerNode): CbcAlgorithm {
  const elements = parameters.is(Tag.Sequence) ? parameters.children : [parameters];
  const vector = elements[elements.length - 1];
  if (vector === undefined || elements.length > 2) throw unexpected(parameters, 'parameters of RC2');
  const version = elements.length === 2 ? decodeInteger(elements[0]!) : undefined;
  const bits = version === undefined ? 32 : version >= 256 ? version : rc2Versions.get(version);
  if (bits === undefined || bits > 1024) {
    throw new MailsealError(
      'crypto-unsupported',
      `RC2 of the parameter version ${version} is not known here`,
      {
        offset: parameters.start,
      },
    );
  }
  const iv = octetString(vector).slice();
  assertVector(iv, 8, vector);
  return { name: 'rc2-cbc', iv, effectiveKeyBits: bits };
}

function assertVector(iv: Bytes, length: number, node: BerNode): void {
  if (iv.length === length) return;
  throw new MailsealError(
    'crypto-unsupported',
    `the initialization vector has ${iv.length} octets, not ${length}`,
    { offset: node.start },
  );
}

/** The DER of the AlgorithmIdentifier of a cipher. Throws `usage` for an unknown name, and RC2 of an unusual number of bits. */
export function encodeCbcAlgorithm(algorithm: CbcAlgorithm): Bytes {
  if (algorithm.name !== 'rc2-cbc')
    return derSequence(encodedOid(algorithm.name), derOctetString(algorithm.iv));
  for (const [version, bits] of rc2Versions) {
    if (bits === algorithm.effectiveKeyBits) {
      const parameters = derSequence(derInteger(version), derOctetString(algorithm.iv));
      return derSequence(derOid(oids['rc2-cbc']), parameters);
    }
  }
  throw usage('RC2 is written with 40, 64 or 128 effective bits only');
}

function encodedOid(name: CbcAlgorithm['name']): Bytes {
  if (!isKeyOf(oids, name)) {
    throw usage(`${shown(name)} is the name of no cipher`);
  }
  let encoded = encodedOids.get(name);
  if (encoded === undefined) {
    encoded = derOid(oids[name]);
    encodedOids.set(name, encoded);
  }
  return encoded;
}
