import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, setOf } from '../../asn1/values.js';
import { derOfPieces } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { CmsLimitOptions } from '../content-info.js';
import { derSetAs } from '../der-pieces.js';
import { AttributeOid } from '../oids.js';
import { counterSignatureNodes } from '../signed/counter-signatures.js';
import type { SignedData } from '../signed/signed-data.js';
import { SignerInfo } from '../signed/signer-info.js';
import { givenSignedData } from './add-signers.js';
import { partsOf, writeSignedData } from './signed-data-parts.js';
import type { SigningKey, SignOptions } from './signing-key.js';
import { attribute } from './write-attributes.js';
import { writeSigners } from './write-signer.js';

/** What {@link counterSign} takes beside the SignedData. */
export interface CounterSignOptions extends SignOptions, CmsLimitOptions {
  /** Who counter-signs; one at least. */
  readonly signers: readonly SigningKey[];
  /**
   * Which signature is signed: its place among `signers` of the SignedData, or
   * for a signature over a counter-signature the places on the way to it:
   * `[0, 1]` is the second counter-signature of the first signer. Default: the only signature.
   */
  readonly of?: number | readonly number[];
}

/**
 * Signs a signature (RFC 5652 §11.4): says that it existed, as a notary does,
 * and nothing about the content. Counter-signatures are unsigned attributes:
 * whoever forwards the message can take them off.
 *
 * @param signedData the octets of the ContentInfo (BER, DER or PEM), or what `parseSignedData` made of them
 * @returns the new ContentInfo, with the certificates of those who counter-signed.
 * @throws MailsealError as `createSignedData` and `parseSignedData`; `usage` where `of` leads to no signature.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { counterSign, counterSignatures, parseSignedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const witnessed = await counterSign(readFileSync('test/vectors/demo/smime.p7s'), {
 *   signers: [{ certificate: certificate!, privateKey, signingTime: new Date('2026-12-01') }],
 * });
 * const [signer] = parseSignedData(witnessed).signers;
 * console.log(signer && counterSignatures(signer).length); // 1
 * ```
 */
export async function counterSign(
  signedData: Uint8Array | SignedData,
  options: CounterSignOptions,
): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const before = givenSignedData(signedData, options);
  const [index, ...path] = placesOf(options.of, before);
  const signerNodes = setOf(sequenceOf(before.node).at(-1)!, 'SignerInfos');
  const signerNode = nodeAt(signerNodes, index);
  let target = signerNode;
  for (const place of path) target = nodeAt(counterSignatureNodes(new SignerInfo(target)), place);
  const added = await writeSigners(
    options.signers,
    {
      content: asBytes(new SignerInfo(target).signature),
      contentType: undefined,
      withoutSignedAttributes: false,
    },
    options,
  );
  const octets = added.signers.map((each) => each.octets);
  const parts = partsOf(before);
  return writeSignedData({
    ...parts,
    certificates: [...parts.certificates, ...added.certificates],
    signers: parts.signers.map((each, i) =>
      i === index
        ? { ...each, octets: withReplaced(signerNode, target, withCounterSignatures(target, octets)) }
        : each,
    ),
  });
}

function placesOf(
  of: number | readonly number[] | undefined,
  { signers }: SignedData,
): readonly [number, ...number[]] {
  if (of === undefined && signers.length !== 1) {
    throw usage(`there are ${signers.length} signatures: say by \`of\` which one is counter-signed`);
  }
  if (typeof of === 'object' && !Array.isArray(of)) throw usage('`of` is a number or an array of numbers');
  const [first, ...more] = typeof of === 'object' ? of : [of ?? 0];
  if (first === undefined) throw usage('`of` leads to no signature');
  return [first, ...more];
}

function nodeAt(nodes: readonly BerNode[], place: number): BerNode {
  const node = Number.isInteger(place) ? nodes[place] : undefined;
  if (node === undefined)
    throw usage(`\`of\` leads to no signature: there are ${nodes.length} at its place ${place}`);
  return node;
}

/** A SignerInfo with one more unsigned attribute, all else octet for octet as it was. */
function withCounterSignatures(signer: BerNode, octets: readonly Bytes[]): Bytes {
  const fields = sequenceOf(signer, 'a SignerInfo');
  const last = fields.at(-1)!;
  const before = last.is(0xa1) ? last.children.map(({ bytes }) => bytes) : [];
  const unsigned = derSetAs(0xa1, [...before, attribute(AttributeOid.counterSignature, ...octets)]);
  const kept = last.is(0xa1) ? fields.slice(0, -1) : fields;
  return derOfPieces(Tag.Sequence, [...kept.map(({ bytes }) => bytes), unsigned]);
}

/**
 * A SignerInfo with another one in the place of one inside it; its lengths follow. All
 * between the two is a SEQUENCE or a SET OF, also the attributes under their [1], and sets are sorted.
 */
function withReplaced(node: BerNode, target: BerNode, octets: Bytes): Bytes {
  if (node.start === target.start && node.end === target.end) return octets;
  if (target.start < node.start || target.end > node.end) return node.bytes;
  const children = node.children.map((child) => withReplaced(child, target, octets));
  return node.is(Tag.Sequence) ? derOfPieces(Tag.Sequence, children) : derSetAs(node.identifier, children);
}
