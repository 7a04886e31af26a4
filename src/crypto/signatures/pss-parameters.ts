import type { BerNode } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, unexpected } from '../../asn1/values.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../digests/digest.js';
import { readDigestAlgorithm } from '../digests/digest-algorithm.js';
import { readMaskFunction } from '../digests/mask-generation.js';

/** The parameters of RSASSA-PSS (RFC 4055 §3.1, RFC 8017 §A.2.3). */
export interface PssParameters {
  /** The digest of the data. */
  readonly digest: DigestName;
  /** The digest of MGF1; a SHAKE stands for itself as mask generation function (RFC 8702 §3.2.1). */
  readonly mgfDigest: DigestName;
  /** Length of the salt in octets. */
  readonly saltLength: number;
}

/** The longest salt that fits the largest RSA key which is read here. */
const longestSalt = 2048;

/**
 * Reads RSASSA-PSS-params.
 *
 * @throws MailsealError `asn1-unexpected` or `asn1-malformed` for another
 * syntax, `crypto-unsupported` for a mask function other than MGF1 or a digest
 * that is not known.
 */
export function parsePssParameters(node: BerNode): PssParameters {
  let digest: DigestName = 'sha1';
  let mgfDigest: DigestName = 'sha1';
  let saltLength = 20;
  let previous = -1;
  for (const field of sequenceOf(node, 'RSASSA-PSS-params')) {
    if ((field.identifier & 0xe0) !== 0xa0 || field.tagNumber > 3 || field.tagNumber <= previous) {
      throw unexpected(field, 'a field of RSASSA-PSS-params, each once and in order,');
    }
    previous = field.tagNumber;
    const [value, ...more] = field.children;
    if (value === undefined || more.length > 0) throw unexpected(field, 'one element in an explicit tag');
    if (previous === 0) digest = readDigestAlgorithm(value);
    else if (previous === 1) mgfDigest = readMaskFunction(value);
    else if (previous === 2) saltLength = decodeInteger(value);
    else if (decodeInteger(value) !== 1) {
      // RFC 4055 §3.1: the trailer field is 1, for the octet 0xBC.
      throw new MailsealError('crypto-unsupported', 'the trailer field of RSASSA-PSS is not 1');
    }
  }
  if (saltLength < 0 || saltLength > longestSalt) {
    throw new MailsealError('crypto-unsupported', `a PSS salt of ${saltLength} octets fits no key`);
  }
  return { digest, mgfDigest, saltLength };
}
