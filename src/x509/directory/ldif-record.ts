import type { Bytes } from '../../core/bytes.js';

/** The value of an attribute: its octets, or the URL at which a reader would find them (RFC 2849 §2, note 6). Nothing is fetched. */
export type LdifValue = Bytes | { readonly url: string };

/** One value of one attribute. */
export interface LdifAttribute {
  /** The attribute description as written, options included: `userCertificate;binary`. */
  readonly name: string;
  readonly value: LdifValue;
}

/** A control that goes with a change (RFC 4511 §4.1.11). */
export interface LdifControl {
  /** Dotted OID. */
  readonly oid: string;
  /** Default `false`. */
  readonly critical: boolean;
  readonly value: LdifValue | undefined;
}

/** One step of a change: what happens to the values of one attribute. */
export interface LdifModification {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  /** None with `delete` and `replace` means all values. */
  readonly values: readonly LdifValue[];
}

/** A record of an LDIF file (RFC 2849): an entry, or a change to one. */
export type LdifRecord =
  | { readonly kind: 'entry'; readonly dn: string; readonly attributes: readonly LdifAttribute[] }
  | (LdifChange & { readonly kind: 'add'; readonly attributes: readonly LdifAttribute[] })
  | (LdifChange & { readonly kind: 'delete' })
  | (LdifChange & { readonly kind: 'modify'; readonly modifications: readonly LdifModification[] })
  | (LdifChange & {
      readonly kind: 'modrdn' | 'moddn';
      readonly newRdn: string;
      readonly deleteOldRdn: boolean;
      readonly newSuperior: string | undefined;
    });

/** What all changes have. */
export interface LdifChange {
  /** The distinguished name of the entry, RFC 4514; empty for the root. */
  readonly dn: string;
  readonly controls: readonly LdifControl[];
}
