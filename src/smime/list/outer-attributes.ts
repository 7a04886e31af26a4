import type { BerNode } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import { type CmsAttribute, singleValue } from '../../cms/attributes.js';
import { type MailListExpansion, mlExpansionHistoryAttribute } from '../../cms/ess/mail-list.js';
import { AttributeOid } from '../../cms/oids.js';
import type { AttributeInput } from '../../cms/sign/signing-key.js';
import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { Seal } from '../verify/report.js';

/** What a list takes over from the signature whose place its own takes. */
export interface OuterAttributes {
  /** What goes on under the list's signature. */
  readonly carried: readonly AttributeInput[];
  /** The value of the history, and what it says. */
  readonly historyNode: BerNode | undefined;
  readonly history: readonly MailListExpansion[];
}

/** RFC 2634 §4.2.3.2 step 3.2.3: what a list replaces, since it speaks of the signature, its key and its time. */
const replaced: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  AttributeOid.contentType,
  AttributeOid.messageDigest,
  AttributeOid.signingTime,
  AttributeOid.smimeCapabilities,
  AttributeOid.encryptionKeyPreference,
  AttributeOid.signingCertificate,
  AttributeOid.signingCertificateV2,
  AttributeOid.algorithmProtection,
  AttributeOid.mlExpansionHistory,
  AttributeOid.counterSignature,
  AttributeOid.signatureTimestamp,
]);

/** What all signers of one message have to say alike: RFC 2634 §4.1 the history, §3.1 the label. */
const alike: readonly (readonly [type: string, what: string])[] = [
  [AttributeOid.mlExpansionHistory, 'mlExpansionHistory'],
  [AttributeOid.securityLabel, 'eSSSecurityLabel'],
];

/**
 * The signed attributes of a signature that was found good.
 *
 * @throws MailsealError `smime-list-refused` where its signers differ in what they have to say alike; `cms-malformed` and
 * `asn1-*` codes.
 */
export function outerAttributes({ signers }: Seal): OuterAttributes {
  const lists = signers.map(({ signer }) => signer.signedAttributes);
  for (const [type, what] of alike) assertAlike(lists, type, what);
  const carried = new Map<string, AttributeInput>();
  for (const { type, values } of lists.flat()) {
    if (replaced.has(type) || carried.has(type)) continue;
    carried.set(type, { type, values: values.map((value) => toDer(value)) });
  }
  // The same in all that have it.
  const historian = lists.find((list) => list.some(({ type }) => type === AttributeOid.mlExpansionHistory));
  return {
    carried: [...carried.values()],
    historyNode: historian && singleValue(historian, AttributeOid.mlExpansionHistory),
    history: (historian && mlExpansionHistoryAttribute(historian)) ?? [],
  };
}

/**
 * What is carried, with the label of signatures that are taken off beside the outer one: what was labelled stays so
 * (RFC 2634 §3), and one signature has one label.
 *
 * @throws MailsealError `smime-list-refused` where they differ
 */
export function withLabelOf(outer: OuterAttributes, removed: readonly Seal[]): OuterAttributes {
  const type = AttributeOid.securityLabel;
  const carried = outer.carried.find((each) => each.type === type);
  const label = [
    ...(carried?.values ?? []),
    ...removed.flatMap(({ signers }) =>
      signers
        .flatMap(({ signer }) => singleValue(signer.signedAttributes, type) ?? [])
        .map((value) => toDer(value)),
    ),
  ];
  const [first] = label;
  if (first === undefined || (carried !== undefined && label.length === 1)) return outer;
  if (!label.every((each) => equalBytes(each, first)))
    throw new MailsealError(
      'smime-list-refused',
      'signatures that the list takes off have different security labels, and its own holds one',
    );
  return carried === undefined ? { ...outer, carried: [...outer.carried, { type, values: [first] }] } : outer;
}

function assertAlike(lists: readonly (readonly CmsAttribute[])[], type: string, what: string): void {
  const [first, ...others] = lists.flatMap((list) => singleValue(list, type) ?? []);
  if (first === undefined || others.every(({ bytes }) => equalBytes(bytes, first.bytes))) return;
  throw new MailsealError(
    'smime-list-refused',
    `the signers of the outer signature differ in ${what}, in which all have to say the same`,
  );
}
