import { der, derExplicit, derInteger, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import { type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import { extension } from './chains.js';

/** Encoded GeneralNames (RFC 5280 §4.2.1.6). */
export const general = {
  other: (type: string, value: Uint8Array): Bytes => der(0xa0, derOid(type), derExplicit(0, value)),
  smtpUtf8: (mailbox: string): Bytes => general.other('1.3.6.1.5.5.7.8.9', derUtf8String(mailbox)),
  mail: (text: string): Bytes => der(0x81, bytesFromLatin1(text)),
  dns: (text: string): Bytes => der(0x82, bytesFromLatin1(text)),
  x400: (): Bytes => der(0xa3, derSequence()),
  directory: (name: Uint8Array): Bytes => der(0xa4, name),
  ediParty: (): Bytes => der(0xa5, derExplicit(1, derUtf8String('party'))),
  uri: (text: string): Bytes => der(0x86, bytesFromLatin1(text)),
  /** Of one or more groups of numbers, such as `192.0.2.0` and `255.255.255.0`. */
  ip: (...octets: readonly number[]): Bytes => der(0x87, Uint8Array.from(octets)),
  registered: (oid: string): Bytes => der(0x88, derOid(oid).subarray(2)),
} as const;

/** What a nameConstraints extension is made of: encoded GeneralNames, or whole GeneralSubtrees. */
export interface Subtrees {
  readonly permitted?: readonly Uint8Array[];
  readonly excluded?: readonly Uint8Array[];
}

/** A GeneralSubtree with minimum and maximum, which RFC 5280 forbids. */
export function subtree(base: Uint8Array, minimum?: number, maximum?: number): Bytes {
  const distance = (tag: number, value: number | undefined): Uint8Array[] =>
    value === undefined ? [] : [der(tag, derInteger(value).subarray(2))];
  return derSequence(base, ...distance(0x80, minimum), ...distance(0x81, maximum));
}

/** nameConstraints (RFC 5280 §4.2.1.10), critical as it has to be unless told otherwise. */
export function nameConstraints({ permitted, excluded }: Subtrees, critical = true): Bytes {
  const list = (tag: number, names: readonly Uint8Array[] | undefined): Uint8Array[] =>
    names === undefined
      ? []
      : [der(tag, ...names.map((each) => (each[0] === 0x30 ? each : derSequence(each))))];
  return extension('2.5.29.30', critical, derSequence(...list(0xa0, permitted), ...list(0xa1, excluded)));
}

/** A policy with the URIs of its practice statements, or the OID of one alone. */
export type Policy = string | readonly [policy: string, ...statements: string[]];

export const anyPolicy = '2.5.29.32.0';

/** certificatePolicies (RFC 5280 §4.2.1.4). */
export function certificatePolicies(...policies: readonly Policy[]): Bytes {
  const informations = policies.map((each) => {
    const [policy, ...statements] = typeof each === 'string' ? [each] : each;
    const qualifiers = statements.map((uri) =>
      derSequence(derOid('1.3.6.1.5.5.7.2.1'), der(0x16, bytesFromLatin1(uri))),
    );
    return derSequence(derOid(policy!), ...(qualifiers.length === 0 ? [] : [derSequence(...qualifiers)]));
  });
  return extension('2.5.29.32', false, derSequence(...informations));
}

/** policyMappings (RFC 5280 §4.2.1.5). */
export function policyMappings(...pairs: readonly (readonly [issuer: string, subject: string])[]): Bytes {
  const mappings = pairs.map(([issuer, subject]) => derSequence(derOid(issuer), derOid(subject)));
  return extension('2.5.29.33', true, derSequence(...mappings));
}

/** policyConstraints (RFC 5280 §4.2.1.11). */
export function policyConstraints(
  { explicit, mapping }: { readonly explicit?: number; readonly mapping?: number },
  critical = true,
): Bytes {
  const count = (tag: number, value: number | undefined): Uint8Array[] =>
    value === undefined ? [] : [der(tag, derInteger(value).subarray(2))];
  return extension('2.5.29.36', critical, derSequence(...count(0x80, explicit), ...count(0x81, mapping)));
}

/** inhibitAnyPolicy (RFC 5280 §4.2.1.14). */
export function inhibitAnyPolicy(certificates: number): Bytes {
  return extension('2.5.29.54', true, derInteger(certificates));
}
