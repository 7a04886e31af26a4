import { readFileSync } from 'node:fs';
import { type BerNode, readBer, Tag } from '../../src/asn1/reader.js';
import { der, derExplicit, derInteger, derSequence, derSetOf } from '../../src/asn1/writer.js';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { decodePem } from '../../src/encoding/pem.js';
import { exercise, type Outcome } from './exercise.js';
import type { Kind, Subject } from './subjects.js';

const kinds: readonly Kind[] = ['message', 'signature', 'certificate'];
const policy = { at: new Date('2027-01-01T00:00:00Z'), roots: [], requireIdentity: false };

/** Reads octets as a message, as a signature and as a certificate; throws where any of it throws no MailsealError. */
export async function readAsAll(octets: Uint8Array): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const kind of kinds) outcomes.push(await readAs(kind, octets));
  return outcomes;
}

/** Reads octets as one of the three. */
export function readAs(kind: Kind, octets: Uint8Array): Promise<Outcome> {
  const subject: Subject = {
    name: kind,
    kind,
    octets: Uint8Array.of(),
    policy,
    contents: [],
    verified: false,
  };
  return exercise(subject, octets);
}

export const p7s: Bytes = new Uint8Array(readFileSync('test/vectors/demo/smime.p7s'));
export const certificate: Bytes = decodePem(readFileSync('test/vectors/demo/signer.crt.pem'))[0]!.octets;

/** A message whose body is a CMS object. */
export function mailOf(cms: Uint8Array): Bytes {
  const header = 'From: a@example.jp\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n';
  return concatBytes([
    bytesFromLatin1(`${header}Content-Transfer-Encoding: base64\r\n\r\n`),
    encodeMimeBase64(cms),
  ]);
}

/** Every element of a document, those inside first. */
export function elements(octets: Uint8Array): BerNode[] {
  const found: BerNode[] = [];
  const visit = (node: BerNode): void => {
    if (node.constructed) for (const child of node.children) visit(child);
    found.push(node);
  };
  visit(readBer(octets));
  return found;
}

/** The document with the length octets of one element replaced, all else as it was. */
export function withLength(node: BerNode, length: Uint8Array): Bytes {
  return concatBytes([
    node.document.subarray(0, node.start + 1),
    length,
    node.document.subarray(node.contentStart),
  ]);
}

/** The document with one element replaced, and the lengths around it put right. */
export function withElement(octets: Uint8Array, start: number, replacement: Uint8Array): Bytes {
  const rebuild = (node: BerNode): Bytes => {
    if (node.start === start) return replacement as Bytes;
    if (!node.constructed || start < node.start || start >= node.end) return node.bytes;
    return der(node.identifier, ...node.children.map(rebuild));
  };
  return rebuild(readBer(octets));
}

/** Elements inside one another, so many levels deep, definite lengths. */
export function nested(identifier: number, levels: number): Bytes {
  // From the inside out in one array, since der() at each level would copy all of it each time.
  const pieces: number[][] = [];
  let length = 0;
  for (let level = 0; level < levels; level++) {
    const header = [identifier, ...lengthOctets(length)];
    pieces.push(header);
    length += header.length;
  }
  return Uint8Array.from(pieces.reverse().flat());
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}

/** Elements of indefinite length inside one another, closed or not. */
export function nestedIndefinite(identifier: number, levels: number, closed: boolean): Bytes {
  const octets = new Uint8Array(levels * (closed ? 4 : 2));
  for (let level = 0; level < levels; level++) octets.set([identifier, 0x80], 2 * level);
  return octets;
}

/** An OBJECT IDENTIFIER of so many content octets: one endless arc, or as many arcs of one octet. */
export function longOid(octets: number, oneArc: boolean): Bytes {
  const content = new Uint8Array(octets).fill(oneArc ? 0x81 : 0x01);
  content[octets - 1] = 1;
  return der(Tag.ObjectIdentifier, content);
}

export const idData: Bytes = der(
  Tag.ObjectIdentifier,
  Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1),
);
export const idSignedData: Bytes = der(
  Tag.ObjectIdentifier,
  Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2),
);
const sha256: Bytes = derSequence(
  der(Tag.ObjectIdentifier, Uint8Array.of(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1)),
);
const rsa: Bytes = derSequence(
  der(Tag.ObjectIdentifier, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1)),
);

/** An element of any number of pieces: a hundred thousand arguments do not fit on the stack. */
export function derOf(identifier: number, pieces: readonly Uint8Array[]): Bytes {
  return der(identifier, concatBytes(pieces));
}

/** What {@link signedData} is made of; what is left out is as small as it can be. */
export interface SignedDataParts {
  readonly content?: Uint8Array;
  readonly certificates?: readonly Uint8Array[];
  readonly signers?: readonly Uint8Array[];
}

/** A SignedData of any parts. */
export function signedData({ content, certificates = [], signers = [] }: SignedDataParts): Bytes {
  return derSequence(
    idSignedData,
    derExplicit(
      0,
      derSequence(
        derInteger(1),
        derSetOf(sha256),
        derSequence(
          idData,
          ...(content === undefined ? [] : [derExplicit(0, der(Tag.OctetString, content))]),
        ),
        derOf(0xa0, certificates),
        derOf(Tag.Set, signers),
      ),
    ),
  );
}

/** A SignerInfo of any parts. */
export function signerInfo(parts: {
  readonly issuer?: Uint8Array;
  readonly serial?: Uint8Array;
  readonly attributes?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
}): Bytes {
  return derSequence(
    derInteger(1),
    derSequence(parts.issuer ?? derSequence(), derInteger(parts.serial ?? 1)),
    sha256,
    ...(parts.attributes === undefined ? [] : [derOf(0xa0, parts.attributes)]),
    rsa,
    der(Tag.OctetString, parts.signature ?? new Uint8Array(256)),
  );
}

/** A Name of so many attributes, each in an RDN of its own. */
export function longName(attributes: number): Bytes {
  const one = derSetOf(
    derSequence(
      der(Tag.ObjectIdentifier, Uint8Array.of(0x55, 4, 3)),
      der(Tag.Utf8String, bytesFromLatin1('a b')),
    ),
  );
  return derOf(
    Tag.Sequence,
    Array.from({ length: attributes }, () => one),
  );
}

/** The demo's certificate with one of the fields of its TBSCertificate replaced. */
export function certificateWith(
  field: 'serialNumber' | 'issuer' | 'subject' | 'key' | 'extensions',
  element: Uint8Array,
): Bytes {
  const places = { serialNumber: 1, issuer: 3, subject: 5, key: 6, extensions: 7 } as const;
  const tbs = readBer(certificate).children[0]!;
  return withElement(certificate, tbs.children[places[field]]!.start, element);
}
