import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import { encodeHex } from '../../encoding/hex.js';
import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { smimeaMalformed } from './smimea-malformed.js';
import { smimeaRdata } from './smimea-text.js';

/** What a record says of a certificate (RFC 6698 §2.1.1): certificate usages by the names of RFC 7218. */
export const SmimeaUsage = { pkixTa: 0, pkixEe: 1, daneTa: 2, daneEe: 3, privCert: 255 } as const;
/** Which part of the certificate counts (RFC 6698 §2.1.2). */
export const SmimeaSelector = { cert: 0, spki: 1, privSel: 255 } as const;
/** How that part is written (RFC 6698 §2.1.3). */
export const SmimeaMatching = { full: 0, sha256: 1, sha512: 2, privMatch: 255 } as const;

/** An SMIMEA record (RFC 8162 §2), whose form is TLSA's (RFC 6698 §2.1). */
export interface SmimeaRecord {
  /** 0–255; see {@link SmimeaUsage}. */
  readonly usage: number;
  /** 0–255; see {@link SmimeaSelector}. */
  readonly selector: number;
  /** 0–255; see {@link SmimeaMatching}. */
  readonly matchingType: number;
  /** The certificate association data: the selected part or its digest. */
  readonly data: Bytes;
}

/** Which kind of record {@link smimeaRecord} makes; by default `3 0 0`, the whole end-entity certificate. */
export interface SmimeaKind {
  readonly usage?: number;
  readonly selector?: number;
  readonly matchingType?: number;
}

/**
 * Reads an SMIMEA record.
 *
 * @param rdata the octets of its RDATA, or its presentation form as in a zone
 * file: `3 0 1 c93f…` (RFC 6698 §2.2), or `\# 35 030001c93f…` as programs write
 * records of a type that they do not know (RFC 3597 §5). Blanks and parentheses
 * may stand between the digits, comments from a semicolon to the end of a line
 * @throws MailsealError `x509-smimea-malformed`
 * @example
 * ```ts
 * import { parseSmimea } from 'mailseal/x509';
 *
 * const { usage, selector, matchingType, data } = parseSmimea('3 1 1 ( 31d0 7e71 )');
 * console.log(usage, selector, matchingType, data.length); // 3 1 1 4
 * ```
 */
export function parseSmimea(rdata: Uint8Array | string): SmimeaRecord {
  const octets = typeof rdata === 'string' ? smimeaRdata(rdata) : asBytes(rdata);
  if (octets.length < 4) throw smimeaMalformed('a record has three octets and data behind them', 0);
  return {
    usage: octets[0]!,
    selector: octets[1]!,
    matchingType: octets[2]!,
    data: octets.subarray(3),
  };
}

/**
 * The octets of a record's RDATA (RFC 6698 §2.1).
 *
 * @throws MailsealError `usage` when a number is not 0–255 or there are no data
 * @example
 * ```ts
 * import { encodeHex } from 'mailseal/encoding';
 * import { encodeSmimea, parseSmimea } from 'mailseal/x509';
 *
 * console.log(encodeHex(encodeSmimea(parseSmimea('1 1 1 d2ab')))); // 010101d2ab
 * ```
 */
export function encodeSmimea({ usage, selector, matchingType, data }: SmimeaRecord): Bytes {
  const octets = asBytes(data);
  const numbers = [usage, selector, matchingType];
  if (numbers.some((each) => !Number.isInteger(each) || each < 0 || each > 255) || octets.length === 0)
    throw new MailsealError('usage', 'an SMIMEA record has three numbers from 0 to 255 and some data');
  return concatBytes([Uint8Array.from(numbers), octets]);
}

/**
 * A record in the form of a zone file (RFC 6698 §2.2), on one line.
 *
 * @throws MailsealError as {@link encodeSmimea}
 * @example
 * ```ts
 * import { printSmimea } from 'mailseal/x509';
 *
 * console.log(printSmimea({ usage: 3, selector: 1, matchingType: 1, data: new Uint8Array([0xca, 0xfe]) })); // 3 1 1 cafe
 * ```
 */
export function printSmimea(record: SmimeaRecord): string {
  const octets = encodeSmimea(record);
  return `${octets.subarray(0, 3).join(' ')} ${encodeHex(octets.subarray(3))}`;
}

/**
 * Makes the record that publishes a certificate. Only with matching type 0 can
 * others take the certificate, or its key, from the record and encrypt to it.
 *
 * @throws MailsealError `usage` for a selector or matching type that is not 0–1, 0–2
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate, printSmimea, smimeaRecord } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const record = smimeaRecord(certificate, { selector: 1, matchingType: 1 });
 * console.log(printSmimea(record).length); // 70
 * ```
 */
export function smimeaRecord(certificate: Certificate, kind: SmimeaKind = {}): SmimeaRecord {
  const {
    usage = SmimeaUsage.daneEe,
    selector = SmimeaSelector.cert,
    matchingType = SmimeaMatching.full,
  } = kind;
  const data = associationData(certificate, selector, matchingType);
  if (data === undefined)
    throw new MailsealError(
      'usage',
      `selector ${selector} with matching type ${matchingType} is none that RFC 6698 defines`,
    );
  return { usage, selector, matchingType, data };
}

/** RFC 6698 §2.1.2 and §2.1.3; `undefined` for values that they do not define. */
function associationData(
  certificate: Certificate,
  selector: number,
  matchingType: number,
): Bytes | undefined {
  if (selector !== SmimeaSelector.cert && selector !== SmimeaSelector.spki) return undefined;
  const part = selector === SmimeaSelector.cert ? certificate.bytes : certificate.subjectPublicKeyInfo;
  switch (matchingType) {
    case SmimeaMatching.full:
      return part;
    case SmimeaMatching.sha256:
      return digest('sha256', part);
    case SmimeaMatching.sha512:
      return digest('sha512', part);
    default:
      return undefined;
  }
}

/**
 * The certificate that a record carries whole, if it does (selector 0 and
 * matching type 0).
 *
 * @throws MailsealError the codes of `parseCertificate` when what it carries is no certificate
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate, smimeaCertificate, smimeaRecord } from 'mailseal/x509';
 *
 * const record = smimeaRecord(parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem')));
 * console.log(smimeaCertificate(record)?.emailAddresses); // [ 'hanako@example.jp' ]
 * ```
 */
export function smimeaCertificate(record: SmimeaRecord): Certificate | undefined {
  const isWhole = record.selector === SmimeaSelector.cert && record.matchingType === SmimeaMatching.full;
  return isWhole ? parseCertificate(record.data) : undefined;
}

/** A record that fits a certificate of a chain, and what else has to hold before the end entity may be trusted. */
export interface SmimeaMatch {
  readonly record: SmimeaRecord;
  /** The certificate that fits. */
  readonly certificate: Certificate;
  /**
   * `nothing`: the record vouches for the end entity itself (usage 3).
   * `path-to-certificate`: the end entity needs a valid path to `certificate`
   * as its root (usage 2). `path-to-root`: it needs a valid path, through
   * `certificate`, to a root that the caller trusts anyway (usages 0 and 1).
   */
  readonly needs: 'nothing' | 'path-to-certificate' | 'path-to-root';
}

/**
 * Compares SMIMEA records with a chain (RFC 8162 §2, RFC 6698 §2.1): those of
 * usages 1 and 3 with the end entity, those of 0 and 2 with the certificates
 * above it. Records of other usages, selectors or matching types fit nothing.
 *
 * It only compares. The caller takes records from answers that DNSSEC has
 * validated, and nothing else makes them worth anything; and where a match
 * needs a path, `findPath` looks for it.
 *
 * @param chain the end entity first, then the certificates that may lead up from it
 * @returns all matches in the order of the records
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { matchSmimea, parseCertificate, smimeaRecord } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const records = [smimeaRecord(certificate, { matchingType: 1 })];
 * console.log(matchSmimea(records, [certificate])[0]?.needs); // nothing
 * ```
 */
export function matchSmimea(records: readonly SmimeaRecord[], chain: readonly Certificate[]): SmimeaMatch[] {
  const [endEntity, ...above] = chain;
  const known = new Map<string, Bytes | undefined>();
  return records.flatMap((record): SmimeaMatch[] => {
    const isAuthority = record.usage === SmimeaUsage.pkixTa || record.usage === SmimeaUsage.daneTa;
    const isEndEntity = record.usage === SmimeaUsage.pkixEe || record.usage === SmimeaUsage.daneEe;
    if (endEntity === undefined || !(isAuthority || isEndEntity)) return [];
    const candidates = isAuthority ? above : [endEntity];
    const certificate = candidates.find((each, n) => {
      // Many records, one chain: each certificate is hashed once for each kind.
      const key = `${isAuthority ? n : 'end'} ${record.selector} ${record.matchingType}`;
      if (!known.has(key)) known.set(key, associationData(each, record.selector, record.matchingType));
      const data = known.get(key);
      return data !== undefined && equalBytes(data, record.data);
    });
    if (certificate === undefined) return [];
    const needs =
      record.usage === SmimeaUsage.daneEe
        ? 'nothing'
        : record.usage === SmimeaUsage.daneTa
          ? 'path-to-certificate'
          : 'path-to-root';
    return [{ record, certificate, needs }];
  });
}
