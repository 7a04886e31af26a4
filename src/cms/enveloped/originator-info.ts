import { type BerNode, Tag } from '../../asn1/reader.js';
import { derOfPieces } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import type { CmsLimits } from '../content-info.js';
import { derSetAs } from '../der-pieces.js';

/** What the sender of an envelope sends along about himself (RFC 5652 §6.1). Nothing vouches for any of it. */
export interface OriginatorInfo {
  /** Certificates that can be read as such. */
  readonly certificates: readonly Certificate[];
  /** DER of the CRLs. */
  readonly crls: readonly Bytes[];
}

/** Holds what a sender sends along to the limits, before any of it is read. */
export function checkOriginator(node: BerNode | undefined, limits: CmsLimits): void {
  const count = (identifier: number): number =>
    (node?.children ?? []).reduce((sum, each) => sum + (each.is(identifier) ? each.children.length : 0), 0);
  const [certificates, crls] = [count(0xa0), count(0xa1)];
  const { certificates: mostCertificates = 1000, revocationInfos: mostCrls = 1000 } = limits;
  if (certificates > mostCertificates)
    throw new MailsealError(
      'limit-certificates',
      `${certificates} certificates of the sender’s, the limit is ${mostCertificates}`,
    );
  if (crls > mostCrls)
    throw new MailsealError(
      'limit-revocation-infos',
      `${crls} CRLs of the sender’s, the limit is ${mostCrls}`,
    );
}

/** Reads an OriginatorInfo; a damaged certificate spoils nothing else. */
export function readOriginatorInfo(node: BerNode | undefined): OriginatorInfo {
  const certificates: Certificate[] = [];
  const crls: Bytes[] = [];
  for (const each of node?.children ?? []) {
    if (each.is(0xa0)) for (const inner of each.children) addCertificate(inner, certificates);
    else if (each.is(0xa1))
      crls.push(...each.children.flatMap((inner) => (inner.is(Tag.Sequence) ? [inner.bytes] : [])));
  }
  return { certificates, crls };
}

function addCertificate(node: BerNode, certificates: Certificate[]): void {
  if (!node.is(Tag.Sequence)) return;
  try {
    certificates.push(new Certificate(node));
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
  }
}

/** Certificates, and CRLs in DER, of the sender's that go along. */
export interface NewOriginatorInfo {
  /** Default none. */
  readonly certificates?: readonly Certificate[];
  /** Default none. */
  readonly crls?: readonly Uint8Array[];
}

/**
 * The DER of an OriginatorInfo as [0], `undefined` where there is nothing to say.
 *
 * @throws MailsealError `usage` for what is none
 */
export function encodeOriginatorInfo(info: NewOriginatorInfo = {}): Bytes | undefined {
  if (typeof info !== 'object' || info === null) throw usage('`originatorInfo` is an object');
  const { certificates = [], crls = [] } = info;
  if (!Array.isArray(certificates) || !certificates.every(isCertificate))
    throw usage('`originatorInfo.certificates` is an array of certificates');
  if (!Array.isArray(crls) || !crls.every((crl) => crl instanceof Uint8Array))
    throw usage('`originatorInfo.crls` is an array of CRLs in DER');
  const sets: Bytes[] = [];
  if (certificates.length > 0)
    sets.push(
      derSetAs(
        0xa0,
        certificates.map(({ bytes }) => bytes),
      ),
    );
  if (crls.length > 0) sets.push(derSetAs(0xa1, crls));
  return sets.length === 0 ? undefined : derOfPieces(0xa0, sets);
}
