import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, setOf } from '../../asn1/values.js';
import { compareOctets, der, derInteger, derOfPieces, derOid } from '../../asn1/writer.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { assertCertificates } from '../../x509/path/path-options.js';
import { CertificateList, parseCrl } from '../../x509/revocation/crl.js';
import { OcspResponse, parseOcspResponse } from '../../x509/revocation/ocsp-response.js';
import { type DerContent, DerElement, derSetAs } from '../der-pieces.js';
import { ContentTypeOid, RevocationInfoOid } from '../oids.js';
import type { SignedData } from '../signed/signed-data.js';
import { keptOid } from './kept-encodings.js';

/** A SignerInfo that is written. */
export interface WrittenSigner {
  readonly version: number;
  readonly octets: Bytes;
}

/** The fields of a SignedData (RFC 5652 §5.1) as they are written; the version follows from them. */
export interface SignedDataParts {
  readonly digestAlgorithms: readonly Bytes[];
  /** Dotted OID. */
  readonly contentType: string;
  /** The EncapsulatedContentInfo, in pieces. */
  readonly encapsulated: DerContent;
  /** CertificateChoices. */
  readonly certificates: readonly Bytes[];
  /** RevocationInfoChoices. */
  readonly revocationInfos: readonly Bytes[];
  readonly signers: readonly WrittenSigner[];
}

/** CRLs and OCSP responses that go along, parsed or as DER. */
export interface RevocationInfoInput {
  /** CRLs that go along. Default: none. */
  readonly crls?: readonly (CertificateList | Uint8Array)[];
  /** OCSP responses that go along (RFC 5940 §2). Default: none. */
  readonly ocspResponses?: readonly (OcspResponse | Uint8Array)[];
}

/** Writes the ContentInfo with the SignedData: the sets sorted, what stands in them twice written once. */
export function writeSignedData(parts: SignedDataParts): Bytes {
  const signedData = new DerElement(Tag.Sequence, [
    ...beforeContent(parts),
    parts.encapsulated,
    ...afterContent(parts),
  ]);
  const type = keptOid(ContentTypeOid.signedData);
  return new DerElement(Tag.Sequence, [type, new DerElement(0xa0, [signedData])]).encoded();
}

/** The fields before the content: version and digest algorithms. */
export function beforeContent(
  parts: Omit<SignedDataParts, 'encapsulated' | 'signers'> & {
    readonly signers: readonly Pick<WrittenSigner, 'version'>[];
  },
): readonly Bytes[] {
  return [derInteger(versionOf(parts)), derOfPieces(Tag.Set, sortedOnce(parts.digestAlgorithms))];
}

/** The fields after the content: certificates, revocation infos, signers. */
export function afterContent(
  parts: Pick<SignedDataParts, 'certificates' | 'revocationInfos' | 'signers'>,
): readonly Bytes[] {
  const certificates = sortedOnce(parts.certificates);
  const revocationInfos = sortedOnce(parts.revocationInfos);
  return [
    ...(certificates.length === 0 ? [] : [derOfPieces(0xa0, certificates)]),
    ...(revocationInfos.length === 0 ? [] : [derOfPieces(0xa1, revocationInfos)]),
    derSetAs(
      Tag.Set,
      parts.signers.map(({ octets }) => octets),
    ),
  ];
}

/** RFC 5652 §5.1: the version that readers need, by what is in it. */
function versionOf({
  certificates,
  revocationInfos,
  signers,
  contentType,
}: Parameters<typeof beforeContent>[0]): 1 | 3 | 4 | 5 {
  const has = (list: readonly Bytes[], tag: number): boolean => list.some((each) => each[0] === tag);
  if (has(certificates, 0xa3) || has(revocationInfos, 0xa1)) return 5;
  if (has(certificates, 0xa2)) return 4;
  if (has(certificates, 0xa1) || contentType !== ContentTypeOid.data) return 3;
  return signers.some(({ version }) => version === 3) ? 3 : 1;
}

function sortedOnce(elements: readonly Bytes[]): Bytes[] {
  const sorted = elements.toSorted(compareOctets);
  return sorted.filter((each, i) => i === 0 || !equalBytes(each, sorted[i - 1]!));
}

/**
 * An EncapsulatedContentInfo (RFC 5652 §5.2), without the content where the
 * signature is detached; in pieces, so that large content is copied once.
 */
export function encapsulatedContent(contentType: string, content: Bytes | undefined): DerElement {
  const type = keptOid(contentType);
  if (content === undefined) return new DerElement(Tag.Sequence, [type]);
  return new DerElement(Tag.Sequence, [
    type,
    new DerElement(0xa0, [new DerElement(Tag.OctetString, [content])]),
  ]);
}

/** The fields of a SignedData that was read, each octet for octet as it came. */
export function partsOf(signedData: SignedData): SignedDataParts {
  const fields = sequenceOf(signedData.node, 'a SignedData');
  const rest = fields.slice(3, -1);
  const octetsOf = (nodes: readonly BerNode[] | undefined): Bytes[] =>
    (nodes ?? []).map(({ bytes }) => bytes);
  const signerNodes = setOf(fields.at(-1)!, 'SignerInfos');
  return {
    digestAlgorithms: signedData.digestAlgorithms,
    contentType: signedData.eContentType,
    encapsulated: fields[2]!.bytes,
    certificates: octetsOf(rest.find((each) => each.isContext(0))?.children),
    revocationInfos: octetsOf(rest.find((each) => each.isContext(1))?.children),
    signers: signedData.signers.map(({ version }, i) => ({ version, octets: signerNodes[i]!.bytes })),
  };
}

/** DER of certificates that the caller gives. */
export function certificateOctets(name: string, list: readonly Certificate[] | undefined): Bytes[] {
  if (list === undefined) return [];
  assertCertificates(name, list);
  return list.map(({ bytes }) => bytes);
}

/** RevocationInfoChoices of what the caller gives; octets are read first, so that nothing else goes along. */
export function revocationOctets({ crls, ocspResponses }: RevocationInfoInput): Bytes[] {
  const lists = givenList(crls, 'crls').map((each) =>
    each instanceof CertificateList ? each.bytes : parseCrl(asBytes(each)).bytes,
  );
  const responses = givenList(ocspResponses, 'ocspResponses').map((each) => {
    const { bytes } = each instanceof OcspResponse ? each : parseOcspResponse(asBytes(each));
    return der(0xa1, derOid(RevocationInfoOid.ocspResponse), bytes);
  });
  return [...lists, ...responses];
}

function givenList<Item>(list: readonly Item[] | undefined, what: string): readonly Item[] {
  if (list === undefined) return [];
  if (Array.isArray(list)) return list;
  throw usage(`\`${what}\` are wanted as an array`);
}
