import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected, unsignedBytes } from '../../asn1/values.js';
import { derInteger, derNull, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { encodeCbcAlgorithm, readCbcAlgorithm } from '../ciphers/cbc-algorithm.js';
import type { CbcAlgorithm } from '../ciphers/cbc-blocks.js';
import type { HmacDigestName } from '../digests/hmac.js';

/** A key derivation of PBES2 with its parameters. */
export type KeyDerivation =
  | {
      readonly name: 'pbkdf2';
      readonly digest: HmacDigestName;
      readonly salt: Bytes;
      readonly iterations: number;
      /** Octets of the key, where the file says so. */
      readonly keyLength?: number;
    }
  | {
      readonly name: 'scrypt';
      readonly salt: Bytes;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly keyLength?: number;
    };

/** How something is encrypted with a password, told apart by `name`. */
export type PasswordEncryption =
  /** RFC 8018 §6.2. */
  | { readonly name: 'pbes2'; readonly derivation: KeyDerivation; readonly cipher: CbcAlgorithm }
  /** RFC 8018 §6.1: broken, to read old files. */
  | {
      readonly name: 'pbes1';
      readonly digest: 'md5' | 'sha1';
      readonly cipher: 'des-cbc' | 'rc2-cbc';
      readonly salt: Bytes;
      readonly iterations: number;
    }
  /** RFC 7292 appendix C: weak, and still what many programs write. */
  | {
      readonly name: 'pkcs12-pbe';
      readonly cipher: Pkcs12Cipher;
      readonly salt: Bytes;
      readonly iterations: number;
    };

/** The ciphers of RFC 7292 appendix C. */
export type Pkcs12Cipher =
  | 'rc4-128'
  | 'rc4-40'
  | 'des-ede3-cbc'
  | 'des-ede2-cbc'
  | 'rc2-128-cbc'
  | 'rc2-40-cbc';

const pkcs5 = '1.2.840.113549.1.5.';
const pkcs12Pbe = '1.2.840.113549.1.12.1.';

const pbes1Schemes: ReadonlyMap<string, readonly ['md5' | 'sha1', 'des-cbc' | 'rc2-cbc']> =
  /* @__PURE__ */ new Map([
    [`${pkcs5}3`, ['md5', 'des-cbc']],
    [`${pkcs5}6`, ['md5', 'rc2-cbc']],
    [`${pkcs5}10`, ['sha1', 'des-cbc']],
    [`${pkcs5}11`, ['sha1', 'rc2-cbc']],
  ] as const);

const pkcs12Ciphers: ReadonlyMap<string, Pkcs12Cipher> = /* @__PURE__ */ new Map([
  [`${pkcs12Pbe}1`, 'rc4-128'],
  [`${pkcs12Pbe}2`, 'rc4-40'],
  [`${pkcs12Pbe}3`, 'des-ede3-cbc'],
  [`${pkcs12Pbe}4`, 'des-ede2-cbc'],
  [`${pkcs12Pbe}5`, 'rc2-128-cbc'],
  [`${pkcs12Pbe}6`, 'rc2-40-cbc'],
] as const);

const hmacOids: Readonly<Record<HmacDigestName, string>> = {
  md5: '1.3.6.1.5.5.8.1.1',
  sha1: '1.2.840.113549.2.7',
  sha224: '1.2.840.113549.2.8',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
  'sha512-224': '1.2.840.113549.2.12',
  'sha512-256': '1.2.840.113549.2.13',
  'sha3-224': '2.16.840.1.101.3.4.2.13',
  'sha3-256': '2.16.840.1.101.3.4.2.14',
  'sha3-384': '2.16.840.1.101.3.4.2.15',
  'sha3-512': '2.16.840.1.101.3.4.2.16',
};

const hmacsByOid: ReadonlyMap<string, HmacDigestName> = /* @__PURE__ */ new Map(
  Object.entries(hmacOids).map(([name, oid]) => [oid, name as HmacDigestName]),
);

/**
 * How something is encrypted, from its AlgorithmIdentifier.
 *
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the
 * OID for what is not known here.
 */
export function readPasswordEncryption(node: BerNode): PasswordEncryption {
  const [oid, parameters] = readAlgorithm(node);
  if (oid === `${pkcs5}13`) return readPbes2(parameters ?? node);
  const pbes1 = pbes1Schemes.get(oid);
  const pkcs12 = pkcs12Ciphers.get(oid);
  if (pbes1 === undefined && pkcs12 === undefined) throw unknown(node, 'encryption with a password', oid);
  const [salt, iterations] = sequenceOf(parameters ?? node, 'parameters of a PBE');
  if (salt === undefined || iterations === undefined) throw unexpected(node, 'parameters of a PBE');
  const shared = { salt: octetString(salt).slice(), iterations: readIterations(iterations) };
  if (pkcs12 !== undefined) return { name: 'pkcs12-pbe', cipher: pkcs12, ...shared };
  const [digest, cipher] = pbes1!;
  return { name: 'pbes1', digest, cipher, ...shared };
}

function readPbes2(parameters: BerNode): PasswordEncryption {
  const [derivation, scheme] = sequenceOf(parameters, 'PBES2-params');
  if (derivation === undefined || scheme === undefined) throw unexpected(parameters, 'PBES2-params');
  return { name: 'pbes2', derivation: readKeyDerivation(derivation), cipher: readCbcAlgorithm(scheme) };
}

/** RFC 8018 appendix A.2 and RFC 7914 §7. Throws as {@link readPasswordEncryption}. */
export function readKeyDerivation(node: BerNode): KeyDerivation {
  return keyDerivationOf(node, sequenceOf(node, 'an AlgorithmIdentifier'));
}

/** Like {@link readKeyDerivation} where another tag stands for that of the SEQUENCE. */
export function readTaggedKeyDerivation(node: BerNode): KeyDerivation {
  return keyDerivationOf(node, node.children);
}

function keyDerivationOf(node: BerNode, elements: readonly BerNode[]): KeyDerivation {
  const [oid, parameters] = algorithmOf(node, elements);
  if (parameters === undefined) throw unexpected(node, 'a key derivation with its parameters');
  const [salt, ...more] = sequenceOf(parameters, 'parameters of a key derivation');
  if (salt === undefined) throw unexpected(parameters, 'parameters of a key derivation');
  if (oid === `${pkcs5}12`) return readPbkdf2(salt, more, parameters);
  if (oid !== '1.3.6.1.4.1.11591.4.11') throw unknown(node, 'key derivation', oid);
  const [cost, blockSize, parallelization, keyLength] = more.map(decodeInteger);
  if (cost === undefined || blockSize === undefined || parallelization === undefined) {
    throw unexpected(parameters, 'scrypt-params');
  }
  const octets = octetString(salt).slice();
  const shared = { name: 'scrypt', salt: octets, cost, blockSize, parallelization } as const;
  return keyLength === undefined ? shared : { ...shared, keyLength };
}

function readPbkdf2(salt: BerNode, more: readonly BerNode[], parameters: BerNode): KeyDerivation {
  // RFC 8018 appendix A.2: the other choice of salt is for sources that nobody has defined.
  if ((salt.identifier & 0xdf) !== Tag.OctetString) {
    throw new MailsealError('crypto-unsupported', 'the salt of PBKDF2 is to come from elsewhere', {
      offset: salt.start,
    });
  }
  const iterations = more[0];
  if (iterations === undefined) throw unexpected(parameters, 'PBKDF2-params');
  const rest = more.slice(1);
  const keyLength = rest[0]?.is(Tag.Integer) === true ? decodeInteger(rest.shift()!) : undefined;
  const prf = rest[0] === undefined ? 'sha1' : readHmac(rest[0]);
  const shared = {
    name: 'pbkdf2',
    digest: prf,
    salt: octetString(salt).slice(),
    iterations: readIterations(iterations),
  } as const;
  return keyLength === undefined ? shared : { ...shared, keyLength };
}

/**
 * An iteration count.
 *
 * @throws MailsealError `limit-iterations` for one that no limit lets through, `asn1-*` when it is none.
 */
export function readIterations(node: BerNode): number {
  if (unsignedBytes(node).length <= 5) return decodeInteger(node);
  throw new MailsealError('limit-iterations', 'the file asks for more iterations than can be counted', {
    offset: node.start,
  });
}

/** The digest of an HMAC, from its AlgorithmIdentifier (RFC 8018 appendix B.1). Throws as {@link readPasswordEncryption}. */
export function readHmac(node: BerNode): HmacDigestName {
  const [oid] = readAlgorithm(node);
  const name = hmacsByOid.get(oid);
  if (name === undefined) throw unknown(node, 'HMAC', oid);
  return name;
}

function readAlgorithm(node: BerNode): readonly [oid: string, parameters: BerNode | undefined] {
  return algorithmOf(node, sequenceOf(node, 'an AlgorithmIdentifier'));
}

function algorithmOf(
  node: BerNode,
  [identifier, parameters]: readonly BerNode[],
): readonly [oid: string, parameters: BerNode | undefined] {
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  return [decodeOid(identifier), parameters];
}

function unknown(node: BerNode, what: string, oid: string): MailsealError {
  return new MailsealError('crypto-unsupported', `the ${what} ${oid} is not known here`, {
    offset: node.start,
  });
}

/** The DER of the AlgorithmIdentifier of an HMAC. */
export function encodeHmac(digest: HmacDigestName): Bytes {
  return derSequence(derOid(hmacOids[digest]), derNull());
}

/** The DER of the AlgorithmIdentifier of PBKDF2. SHA-1, being the default (RFC 8018 appendix A.2), is left out. */
export function encodePbkdf2(derivation: KeyDerivation & { readonly name: 'pbkdf2' }): Bytes {
  const { digest, salt, iterations, keyLength } = derivation;
  const parameters = [derOctetString(salt), derInteger(iterations)];
  if (keyLength !== undefined) parameters.push(derInteger(keyLength));
  if (digest !== 'sha1') parameters.push(encodeHmac(digest));
  return derSequence(derOid(`${pkcs5}12`), derSequence(...parameters));
}

/** The DER of the AlgorithmIdentifier of an encryption, PBES1 excepted, which is read only. */
export function encodePasswordEncryption(
  algorithm: Exclude<PasswordEncryption, { readonly name: 'pbes1' }>,
): Bytes {
  if (algorithm.name === 'pkcs12-pbe') {
    for (const [oid, cipher] of pkcs12Ciphers) {
      if (cipher !== algorithm.cipher) continue;
      const parameters = derSequence(derOctetString(algorithm.salt), derInteger(algorithm.iterations));
      return derSequence(derOid(oid), parameters);
    }
  } else if (algorithm.derivation.name === 'pbkdf2') {
    const parameters = derSequence(encodePbkdf2(algorithm.derivation), encodeCbcAlgorithm(algorithm.cipher));
    return derSequence(derOid(`${pkcs5}13`), parameters);
  }
  throw usage('this encryption with a password is not written');
}
