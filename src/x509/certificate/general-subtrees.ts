import { type BerNode, readBer } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { implicitCount, inOrder, nonEmptyChildren, taggedFields } from './extension-syntax.js';
import { type GeneralName, generalName } from './general-name.js';

/**
 * A GeneralSubtree (RFC 5280 §4.2.1.10): the names at and below a base. An
 * iPAddress base is an address and its mask, 8 or 32 octets.
 */
export interface GeneralSubtree {
  readonly base: GeneralName;
  /** Always 0 in the profile of RFC 5280. */
  readonly minimum: number;
  /** Never there in the profile of RFC 5280. */
  readonly maximum: number | undefined;
}

/** nameConstraints: subtrees of which names must, or must not, be. A list that is not there is empty. */
export interface NameConstraints {
  readonly permitted: readonly GeneralSubtree[];
  readonly excluded: readonly GeneralSubtree[];
}

/** Reads the value of nameConstraints. */
export function readNameConstraints(value: Uint8Array): NameConstraints {
  const [permitted, excluded] = taggedFields(readBer(value), 2, 'NameConstraints');
  return {
    permitted: permitted === undefined ? [] : subtrees(permitted),
    excluded: excluded === undefined ? [] : subtrees(excluded),
  };
}

function subtrees(node: BerNode): GeneralSubtree[] {
  return nonEmptyChildren(node, 'GeneralSubtrees').map((subtree) => {
    const [base, ...rest] = sequenceOf(subtree, 'a GeneralSubtree');
    if (base === undefined) throw unexpected(subtree, 'a GeneralSubtree');
    const [minimum, maximum] = inOrder(subtree, rest, 2, 'a GeneralSubtree');
    return {
      base: generalName(base),
      minimum: minimum === undefined ? 0 : implicitCount(minimum),
      maximum: maximum && implicitCount(maximum),
    };
  });
}
