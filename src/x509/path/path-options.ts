import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { Certificate } from '../certificate/certificate.js';
import { isPurpose } from './purpose.js';

/** The options of a search as somebody gave them, whom no compiler may have told what they must be. */
type Given<K extends string> = { readonly [key in K]?: unknown };

/** Options that {@link assertPathOptions} knows; others are passed over. */
export type PathOptionsGiven = Given<
  | 'at'
  | 'roots'
  | 'pool'
  | 'maxSignatureChecks'
  | 'signal'
  | 'purpose'
  | 'policies'
  | 'algorithms'
  | 'revocation'
  | 'findIssuers'
>;

/**
 * Refuses options that are not what they must be. What is compared with
 * nothing, or with no number, would look fine, so that a slip of the caller's
 * would make a certificate pass. Roots may be missing here: `findPath` asks
 * for them itself.
 *
 * @throws MailsealError `usage` that names the option and says what it must be.
 */
export function assertPathOptions(options: PathOptionsGiven): void {
  const { at, roots, pool, maxSignatureChecks, signal, purpose, policies, algorithms, revocation } = objectOf(
    'the options',
    options,
  ) as PathOptionsGiven;
  // Comparing with no time is never true: every certificate would pass for valid.
  if (!isMoment(at)) throw usage('`at` must be a valid Date: the time at which the path must be valid');
  assertList('roots', roots, isCertificate, 'certificates');
  assertList('pool', pool, isCertificate, 'certificates');
  assertNumber('maxSignatureChecks', maxSignatureChecks);
  if (signal !== undefined && typeof (objectOf('`signal`', signal) as Given<'aborted'>).aborted !== 'boolean')
    throw usage('`signal` must be an AbortSignal, or an object whose `aborted` is true or false');
  if (purpose !== undefined && !(typeof purpose === 'string' && isPurpose(purpose)))
    throw usage(`there is no purpose ${shown(purpose)} of a certificate`);
  assertFunction('findIssuers', options.findIssuers);
  if (policies !== undefined) assertPolicies(policies);
  if (algorithms !== undefined) assertAlgorithms(algorithms);
  if (revocation !== undefined) assertRevocation(revocation);
}

/** Refuses what is no array of certificates. */
export function assertCertificates(name: string, list: unknown): void {
  if (list === undefined) throw usage(`\`${name}\` must be an array of certificates; none was given`);
  assertList(name, list, isCertificate, 'certificates');
}

/** Whether something is a certificate that was parsed, by this copy of the library or another. */
export function isCertificate(value: unknown): boolean {
  return (
    value instanceof Certificate ||
    (isObject(value) && 'tbsBytes' in value && 'subjectPublicKeyInfo' in value)
  );
}

function assertRevocation(given: unknown): void {
  const revocation = objectOf('`revocation`', given) as Given<
    | 'mode'
    | 'at'
    | 'maxAge'
    | 'crls'
    | 'carriedCrls'
    | 'ocspResponses'
    | 'carriedOcspResponses'
    | 'ocspNonce'
    | 'resolve'
  >;
  const { mode, at, maxAge, ocspNonce } = revocation;
  if (mode !== undefined && mode !== 'require' && mode !== 'check' && mode !== 'off')
    throw usage(`\`revocation.mode\` must be 'require', 'check' or 'off', not ${shown(mode)}`);
  if (at !== undefined && !isMoment(at)) throw usage('`revocation.at` must be a valid Date');
  assertNumber('revocation.maxAge', maxAge);
  for (const name of ['crls', 'carriedCrls'] as const)
    assertList(`revocation.${name}`, revocation[name], isCrl, 'CRLs that parseCrl gave');
  for (const name of ['ocspResponses', 'carriedOcspResponses'] as const)
    assertList(
      `revocation.${name}`,
      revocation[name],
      isOcspResponse,
      'responses that parseOcspResponse gave',
    );
  if (ocspNonce !== undefined && !(ocspNonce instanceof Uint8Array))
    throw usage('`revocation.ocspNonce` must be a Uint8Array');
  assertFunction('revocation.resolve', revocation.resolve);
}

function assertAlgorithms(given: unknown): void {
  const algorithms = objectOf('`algorithms`', given) as Given<'refused' | 'weak'>;
  for (const part of ['refused', 'weak'] as const) {
    const name = `algorithms.${part}`;
    const rule = objectOf(`\`${name}\``, algorithms[part]) as Given<'digests' | 'rsaBits' | 'dsaBits'>;
    if (rule.digests === undefined) throw usage(`\`${name}.digests\` must be an array of names of digests`);
    assertList(`${name}.digests`, rule.digests, isString, 'names of digests');
    for (const bits of ['rsaBits', 'dsaBits'] as const) {
      if (rule[bits] === undefined) throw usage(`\`${name}.${bits}\` must be a number of bits, 0 for none`);
      assertNumber(`${name}.${bits}`, rule[bits]);
    }
  }
}

function assertPolicies(given: unknown): void {
  const policies = objectOf('`policies`', given) as Given<'acceptable' | (typeof policySwitches)[number]>;
  assertList('policies.acceptable', policies.acceptable, isOid, 'dotted OIDs');
  for (const name of policySwitches) {
    if (policies[name] !== undefined && typeof policies[name] !== 'boolean')
      throw usage(`\`policies.${name}\` must be true or false`);
  }
}

const policySwitches = ['requireExplicit', 'inhibitMapping', 'inhibitAny'] as const;

function assertList(name: string, list: unknown, is: (item: unknown) => boolean, what: string): void {
  if (list === undefined) return;
  if (!Array.isArray(list)) throw usage(`\`${name}\` must be an array of ${what}`);
  const wrong = list.findIndex((each) => !is(each));
  if (wrong >= 0) throw usage(`\`${name}\` must hold ${what}, and item ${wrong} is none`);
}

function assertNumber(name: string, value: unknown): void {
  // No comparison with NaN is true: a bound that is none would bound nothing.
  if (value !== undefined && !(typeof value === 'number' && value >= 0))
    throw usage(`\`${name}\` must be a number of 0 or more, not ${shown(value)}`);
}

function assertFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw usage(`\`${name}\` must be a function`);
}

function objectOf(what: string, value: unknown): object {
  if (!isObject(value) || Array.isArray(value)) throw usage(`${what} must be an object, not ${shown(value)}`);
  return value;
}

function isMoment(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isCrl(value: unknown): boolean {
  return isObject(value) && 'tbsBytes' in value && 'thisUpdate' in value;
}

function isOcspResponse(value: unknown): boolean {
  return isObject(value) && 'status' in value && 'responses' in value;
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isOid(value: unknown): boolean {
  return typeof value === 'string' && /^[012](?:\.\d+)+$/.test(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
