import { readBer } from '../../asn1/reader.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { AbortSignalLike } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { PasswordLimits } from '../../crypto/keys/parse-private-key.js';
import type { Password } from '../../crypto/passwords/password.js';
import { passwordForms, wipeForms } from '../../crypto/passwords/password-cipher.js';
import { Derivations } from '../../crypto/passwords/password-derivations.js';
import { openBags } from './open-bags.js';
import { PasswordTrial } from './password-trial.js';
import type { Pkcs12, Pkcs12Integrity } from './pkcs12.js';
import { integrityOf, readPkcs12Mac } from './pkcs12-mac.js';
import { Pkcs12Oid } from './pkcs12-oids.js';
import { asPkiErrors, readAuthenticatedSafe, readContentInfo, type SafeBag } from './read-safe.js';

/** What {@link parsePkcs12} takes beside the file. */
export interface ParsePkcs12Options extends EngineOptions {
  /**
   * Default none. The empty password and none at all are two things to
   * PKCS#12, and programs disagree about which is which: for either both are tried.
   */
  readonly password?: Password;
  readonly limits?: Pkcs12Limits;
  /** Ends the work: it is asked before each key is derived from the password, and before each bag is opened. */
  readonly signal?: AbortSignalLike;
}

/** Bounds on what a PKCS#12 file may make the reader do. */
export interface Pkcs12Limits extends PasswordLimits {
  /** Keys, certificates and all else in one file; default 2,000. One more is `limit-bags`. */
  readonly bags?: number;
  /**
   * Private keys in one file; default 200. One more is `limit-bags`: the public
   * half of each is computed, which takes up to ten milliseconds.
   */
  readonly keys?: number;
}

/**
 * Opens a PKCS#12 file (RFC 7292), `.p12` or `.pfx`, BER or DER: its keys with
 * their certificates, further certificates, CRLs and secrets, with their names.
 *
 * Its MAC is checked first, that of RFC 7292 or PBMAC1 (RFC 9579). Files
 * without one are read too, and `integrity` says so. Parts may be encrypted
 * with PBES2 (PBKDF2 or scrypt, AES or triple DES), PBES1, or PKCS#12's own
 * RC2, RC4 and triple DES. Files signed with or encrypted to a public key are
 * not read.
 *
 * A key or certificate of a kind that is not known here, or that is damaged,
 * stands in `others` and keeps nobody from the rest.
 *
 * @throws MailsealError `crypto-password-wrong` when the MAC is not right or,
 * without one, nothing can be decrypted; `crypto-password-missing` likewise
 * when no password is given, or the empty one; `crypto-decryption-failed` when the MAC is right
 * and a part has another password; `pki-malformed` when it is no such file;
 * `crypto-unsupported` with the OID of what is not read here;
 * `limit-iterations`, `limit-bags`, `limit-depth`, `limit-nodes`; `aborted`; `crypto-engine-unavailable`
 * when `engine` is `native` and the runtime cannot (RC2, RC4, DES).
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * console.log(keys[0]?.friendlyName, keys[0]?.privateKey.kind, certificates.length); // 花子 ec 2
 * console.log(keys[0]?.certificate?.emailAddresses); // [ 'hanako@example.jp' ]
 * ```
 */
export async function parsePkcs12(file: Uint8Array, options: ParsePkcs12Options = {}): Promise<Pkcs12> {
  const octets = asBytes(file);
  const mostBags = limitOf(options.limits?.bags, 2000, 'bags');
  const mostKeys = limitOf(options.limits?.keys, 200, 'keys');
  const derivations = new Derivations(options, options.limits?.iterations);
  const forms = passwordForms(options.password);
  const given = options.password !== undefined && options.password.length > 0;
  const trial = new PasswordTrial(forms, given, derivations);
  const plains: Bytes[] = [];
  try {
    return await asPkiErrors(async () => {
      const { integrity, safe } = await readFrame(octets, trial);
      const bags = await readAuthenticatedSafe(safe, trial, (plain) => plains.push(plain));
      assertAtMost(bags.length, mostBags, 'keys, certificates and other bags');
      assertAtMost(bags.filter(isKey).length, mostKeys, 'private keys');
      return { integrity, ...(await openBags(bags, trial, options.signal)) };
    });
  } finally {
    for (const plain of plains) plain.fill(0);
    wipeForms(forms);
    await derivations.wipe();
  }
}

function limitOf(given: number | undefined, usual: number, name: string): number {
  const limit = given ?? usual;
  // NaN would let everything through.
  if (typeof limit === 'number' && limit >= 0) return limit;
  throw usage(`limits.${name} is a number of at least 0`);
}

function assertAtMost(count: number, most: number, what: string): void {
  if (count <= most) return;
  throw new MailsealError('limit-bags', `the file holds ${count} ${what}, more than ${most}`);
}

function isKey({ bag }: SafeBag): boolean {
  return bag === Pkcs12Oid.keyBag || bag === Pkcs12Oid.shroudedKeyBag;
}

/** The PFX (RFC 7292 §4): the AuthenticatedSafe's octets, checked against the MAC where there is one. */
async function readFrame(
  octets: Bytes,
  password: PasswordTrial,
): Promise<{ integrity: Pkcs12Integrity; safe: Bytes }> {
  // Files were seen that mail or an editor gave a line end.
  const root = readBer(octets, { allowTrailing: true });
  const [version, contentInfo, macData] = sequenceOf(root, 'a PFX');
  if (version === undefined || contentInfo === undefined) throw unexpected(root, 'a PFX');
  if (decodeInteger(version) !== 3) {
    throw new MailsealError('crypto-unsupported', 'only version 3 of PKCS#12 is read', {
      offset: version.start,
    });
  }
  const { type, content } = readContentInfo(contentInfo);
  if (type === Pkcs12Oid.signedData) {
    throw new MailsealError(
      'crypto-unsupported',
      'the file is signed with a public key, which is not read here',
    );
  }
  if (type !== Pkcs12Oid.data) {
    throw new MailsealError('pki-malformed', `the contents of a PKCS#12 file are not of the type ${type}`);
  }
  const safe = octetString(content);
  if (macData === undefined) return { integrity: { kind: 'none' }, safe };
  const mac = readPkcs12Mac(macData);
  await password.prove(mac, safe);
  return { integrity: integrityOf(mac.algorithm), safe };
}
