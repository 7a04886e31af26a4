import { isKeyOf } from '../../core/is-key-of.js';
import type { Certificate } from '../certificate/certificate.js';
import {
  anyExtendedKeyUsageOid,
  ExtensionOid,
  emailProtectionOid,
  type KeyUsage,
} from '../certificate/extensions.js';
import type { Say } from './path-problem.js';

/**
 * What the end entity's key shall be used for. `any` asks nothing of keyUsage
 * and extendedKeyUsage.
 */
export type PathPurpose =
  | 'mail-signing'
  | 'mail-encryption'
  | 'crl-signing'
  | 'ocsp-signing'
  | 'time-stamping'
  | 'any';

/** id-kp-timeStamping and id-kp-OCSPSigning (RFC 5280 §4.2.1.12). */
const timeStampingOid = '1.3.6.1.5.5.7.3.8';
const ocspSigningOid = '1.3.6.1.5.5.7.3.9';

/** What a purpose asks of the end entity, and of extendedKeyUsage in the certificates above it. */
interface PurposeRule {
  /** What the key is for, in words. */
  readonly what: string;
  /** One of these bits must be set where keyUsage is there. */
  readonly keyUsage: readonly KeyUsage[];
  readonly keyUsageSection: string;
  /** The purpose as extendedKeyUsage names it. */
  readonly extendedKeyUsage?: { readonly oid: string; readonly name: string };
  readonly extendedKeyUsageSection: string;
  /** Whether extendedKeyUsage must be there, and anyExtendedKeyUsage does not stand for it. */
  readonly mustBeNamed?: boolean;
  /** Whether extendedKeyUsage must be critical and name nothing else. */
  readonly mustBeAlone?: boolean;
  /** Whether an authority's extendedKeyUsage, where it is there, must allow the purpose too. */
  readonly restrictsIssuers: boolean;
}

const mail = { oid: emailProtectionOid, name: 'emailProtection' } as const;

const rules: Readonly<Record<PathPurpose, PurposeRule>> = {
  // RFC 8550 §4.4.2: to sign mail, digitalSignature or nonRepudiation must be set where keyUsage is there.
  // RFC 8550 §4.4.4: emailProtection or anyExtendedKeyUsage must be in extendedKeyUsage where that is there.
  'mail-signing': {
    what: 'signing mail',
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    keyUsageSection: 'RFC 8550 §4.4.2',
    extendedKeyUsage: mail,
    extendedKeyUsageSection: 'RFC 8550 §4.4.4',
    restrictsIssuers: true,
  },
  // RFC 5280 §4.2.1.3: a content-encryption key is enciphered with the key, or agreed on.
  'mail-encryption': {
    what: 'encrypting mail',
    keyUsage: ['keyEncipherment', 'keyAgreement'],
    keyUsageSection: 'RFC 5280 §4.2.1.3',
    extendedKeyUsage: mail,
    extendedKeyUsageSection: 'RFC 8550 §4.4.4',
    restrictsIssuers: true,
  },
  // RFC 5280 §6.3.3 (f): cRLSign must be set where keyUsage is there.
  'crl-signing': {
    what: 'signing CRLs',
    keyUsage: ['cRLSign'],
    keyUsageSection: 'RFC 5280 §6.3.3 (f)',
    extendedKeyUsageSection: '',
    restrictsIssuers: false,
  },
  // RFC 6960 §4.2.2.2: a delegated responder must be named by id-kp-OCSPSigning itself.
  'ocsp-signing': {
    what: 'signing OCSP responses',
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    keyUsageSection: 'RFC 5280 §4.2.1.12',
    extendedKeyUsage: { oid: ocspSigningOid, name: 'OCSPSigning' },
    extendedKeyUsageSection: 'RFC 6960 §4.2.2.2',
    mustBeNamed: true,
    restrictsIssuers: false,
  },
  // RFC 3161 §2.3: extendedKeyUsage must be there, be critical, and name timeStamping alone.
  'time-stamping': {
    what: 'time stamping',
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    keyUsageSection: 'RFC 5280 §4.2.1.12',
    extendedKeyUsage: { oid: timeStampingOid, name: 'timeStamping' },
    extendedKeyUsageSection: 'RFC 3161 §2.3',
    mustBeNamed: true,
    mustBeAlone: true,
    restrictsIssuers: true,
  },
  any: {
    what: 'anything',
    keyUsage: [],
    keyUsageSection: '',
    extendedKeyUsageSection: '',
    restrictsIssuers: false,
  },
};

/** Whether there is such a purpose, since callers without types may ask for another. */
export function isPurpose(purpose: string): purpose is PathPurpose {
  return isKeyOf(rules, purpose);
}

/** Checks that the end entity's key may be used for the purpose. */
export function checkEndEntityPurpose(certificate: Certificate, purpose: PathPurpose, say: Say): void {
  const rule = rules[purpose];
  checkExtendedKeyUsage(certificate, rule, say);
  const usage = certificate.keyUsage;
  if (usage !== undefined && rule.keyUsage.length > 0 && !rule.keyUsage.some((bit) => usage.has(bit))) {
    say('key-usage', `has a key that is not for ${rule.what} (${list(usage)})`, rule.keyUsageSection);
  }
  if (rule.mustBeAlone !== true) return;
  const critical = certificate.extension(ExtensionOid.extendedKeyUsage)?.critical === true;
  if (certificate.extendedKeyUsage !== undefined && (!critical || certificate.extendedKeyUsage.length !== 1))
    say(
      'extended-key-usage',
      `has an extendedKeyUsage that is not critical or names more than ${rule.extendedKeyUsage?.name}`,
      rule.extendedKeyUsageSection,
    );
}

/** Checks that an authority's extendedKeyUsage does not keep it from certifying for the purpose. */
export function checkIssuerPurpose(certificate: Certificate, purpose: PathPurpose, say: Say): void {
  const rule = rules[purpose];
  if (rule.restrictsIssuers && certificate.extendedKeyUsage !== undefined)
    checkExtendedKeyUsage(certificate, { ...rule, mustBeNamed: false }, say);
}

function checkExtendedKeyUsage(certificate: Certificate, rule: PurposeRule, say: Say): void {
  const wanted = rule.extendedKeyUsage;
  if (wanted === undefined) return;
  const purposes = certificate.extendedKeyUsage;
  if (purposes === undefined ? rule.mustBeNamed !== true : purposes.includes(wanted.oid)) return;
  if (rule.mustBeNamed !== true && purposes?.includes(anyExtendedKeyUsageOid) === true) return;
  say(
    'extended-key-usage',
    `is not for ${rule.what} (extendedKeyUsage ${purposes === undefined ? 'is missing' : `lacks ${wanted.name}`})`,
    rule.extendedKeyUsageSection,
  );
}

/** The bits of a keyUsage for people. */
export function list(usage: ReadonlySet<KeyUsage>): string {
  return [...usage].join(', ') || 'no use at all';
}
