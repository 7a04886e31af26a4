import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { bitAt, bitStringContent, sequenceOf, unexpected } from '../../asn1/values.js';
import { derOfPieces } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import {
  implicitBoolean,
  nonEmptyChildren,
  nonEmptySequence,
  onlyChild,
  taggedFields,
} from './extension-syntax.js';
import { type GeneralName, generalName } from './general-name.js';
import { type Name, parseName } from './name.js';

/** A bit of ReasonFlags (RFC 5280 §4.2.1.13), in the order of the bits. */
export type ReasonFlag =
  | 'unused'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** All bits of ReasonFlags in their order; `unused` is no reason. */
export const reasonFlags: readonly ReasonFlag[] = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
];

/**
 * Where a CRL is, or what it is called: whole names that all mean the same
 * CRL, or the DER of one RelativeDistinguishedName to be put behind the name of
 * the CRL's issuer ({@link nameUnder}).
 */
export type DistributionPointName =
  | { readonly kind: 'fullName'; readonly names: readonly GeneralName[] }
  | { readonly kind: 'nameRelativeToCRLIssuer'; readonly relativeName: Bytes };

/** A DistributionPoint (RFC 5280 §4.2.1.13). */
export interface DistributionPoint {
  readonly name: DistributionPointName | undefined;
  /** The reasons that the CRL covers; `undefined` for all. */
  readonly reasons: ReadonlySet<ReasonFlag> | undefined;
  /** Who signs the CRL; empty when the certificate's issuer does. */
  readonly crlIssuer: readonly GeneralName[];
}

/** issuingDistributionPoint of a CRL (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | undefined;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** The reasons that the CRL covers; `undefined` for all. */
  readonly onlySomeReasons: ReadonlySet<ReasonFlag> | undefined;
  readonly indirectCrl: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** Reads CRLDistributionPoints, the value of cRLDistributionPoints and freshestCRL. */
export function readDistributionPoints(value: Uint8Array): readonly DistributionPoint[] {
  return nonEmptySequence(readBer(value), 'CRLDistributionPoints').map((node) => {
    const [name, reasons, issuer] = taggedFields(node, 3, 'a DistributionPoint');
    return {
      name: name && distributionPointName(name),
      reasons: reasons && reasonSet(reasons),
      crlIssuer: issuer === undefined ? [] : nonEmptyChildren(issuer, 'cRLIssuer').map(generalName),
    };
  });
}

/** Reads the value of issuingDistributionPoint. */
export function readIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const [name, users, authorities, reasons, indirect, attributes] = taggedFields(
    readBer(value),
    6,
    'an IssuingDistributionPoint',
  );
  const flag = (node: BerNode | undefined): boolean => node !== undefined && implicitBoolean(node);
  return {
    name: name && distributionPointName(name),
    onlyContainsUserCerts: flag(users),
    onlyContainsCACerts: flag(authorities),
    onlySomeReasons: reasons && reasonSet(reasons),
    indirectCrl: flag(indirect),
    onlyContainsAttributeCerts: flag(attributes),
  };
}

/** Reads a DistributionPointName under its tag, which is explicit, the type being a CHOICE. */
function distributionPointName(node: BerNode): DistributionPointName {
  const choice = onlyChild(node);
  if (choice.isContext(0))
    return { kind: 'fullName', names: nonEmptyChildren(choice, 'fullName').map(generalName) };
  if (!choice.isContext(1)) throw unexpected(choice, 'a DistributionPointName');
  const attributes = nonEmptyChildren(choice, 'nameRelativeToCRLIssuer');
  return {
    kind: 'nameRelativeToCRLIssuer',
    relativeName: derOfPieces(
      Tag.Set,
      attributes.map(({ bytes }) => bytes),
    ),
  };
}

function reasonSet(node: BerNode): ReadonlySet<ReasonFlag> {
  const bits = bitStringContent(node);
  return new Set(reasonFlags.filter((_, n) => bitAt(bits, n)));
}

/**
 * The name that a nameRelativeToCRLIssuer stands for (RFC 5280 §4.2.1.13): the
 * issuer's with one more RelativeDistinguishedName behind it.
 *
 * @param relativeName DER of the RelativeDistinguishedName, a SET
 * @throws MailsealError the codes of `parseName`
 * @example
 * ```ts
 * import { derOid, derSequence, derSetOf, derUtf8String } from 'mailseal/asn1';
 * import { nameUnder, parseName } from 'mailseal/x509';
 *
 * const rdn = (type: string, value: string) => derSetOf(derSequence(derOid(type), derUtf8String(value)));
 * const issuer = parseName(derSequence(rdn('2.5.4.10', '例示商事')));
 * console.log(`${nameUnder(issuer, rdn('2.5.4.3', 'CRL 1'))}`); // CN=CRL 1,O=例示商事
 * ```
 */
export function nameUnder(issuer: Name, relativeName: Uint8Array): Name {
  const above = sequenceOf(readBer(issuer.bytes), 'a Name').map(({ bytes }) => bytes);
  return parseName(derOfPieces(Tag.Sequence, [...above, relativeName]));
}
