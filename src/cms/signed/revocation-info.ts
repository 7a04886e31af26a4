import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type CertificateList, parseCrl } from '../../x509/revocation/crl.js';
import { type OcspResponse, parseOcspResponse } from '../../x509/revocation/ocsp-response.js';
import { RevocationInfoOid } from '../oids.js';

/** What a SignedData brings along about revocation (RFC 5652 §10.2.1): nothing in it is believed before it was checked. */
export interface RevocationInfo {
  readonly crls: readonly CertificateList[];
  /** OCSP responses (RFC 5940 §2). */
  readonly ocspResponses: readonly OcspResponse[];
  /** What is neither, or cannot be read: its dotted OID where it has one, and its octets. */
  readonly others: readonly { readonly format: string | undefined; readonly octets: Bytes }[];
}

/** Reads RevocationInfoChoices; one that is damaged spoils no other. */
export function readRevocationInfo(nodes: readonly BerNode[]): RevocationInfo {
  const crls: CertificateList[] = [];
  const ocspResponses: OcspResponse[] = [];
  const others: { format: string | undefined; octets: Bytes }[] = [];
  for (const node of nodes) {
    try {
      if (node.is(Tag.Sequence)) {
        crls.push(parseCrl(node.bytes));
        continue;
      }
      // OtherRevocationInfoFormat is tagged [1] implicitly: an OID, and what it says.
      const [format, value] = node.is(0xa1) ? node.children : [];
      if (
        format !== undefined &&
        value !== undefined &&
        decodeOid(format) === RevocationInfoOid.ocspResponse
      ) {
        ocspResponses.push(parseOcspResponse(value.bytes));
        continue;
      }
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
    }
    others.push({ format: formatOf(node), octets: node.bytes });
  }
  return { crls, ocspResponses, others };
}

function formatOf(node: BerNode): string | undefined {
  try {
    const format = node.is(0xa1) ? node.children[0] : undefined;
    return format && decodeOid(format);
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
