import type { Pop3Capability } from './reply.js';

/** What a server can do, by the registered capabilities (RFC 2449 §6, RFC 2595 §4, RFC 3206 §4, RFC 5034 §2, RFC 6856). */
export interface Pop3Abilities {
  /** TOP is understood. */
  readonly top: boolean;
  /** USER and PASS are. */
  readonly user: boolean;
  readonly uidl: boolean;
  /** Text in brackets behind "+OK" and "-ERR" is a response code. */
  readonly respCodes: boolean;
  /** A refused password is told from other troubles: AUTH, SYS/TEMP, SYS/PERM. */
  readonly authRespCode: boolean;
  readonly pipelining: boolean;
  readonly stls: boolean;
  readonly lang: boolean;
  /** Mechanisms of AUTH, in capital letters; empty where there is none. */
  readonly sasl: readonly string[];
  /** Where UTF8 is understood: whether USER, PASS and APOP may be in UTF-8, too. */
  readonly utf8?: { readonly user: boolean };
  /** How many days mail is kept; 0: it may go when it was fetched. */
  readonly expire?: { readonly days: number | 'NEVER'; readonly isPerUser: boolean };
  /** How long to wait between two sessions. */
  readonly loginDelay?: { readonly seconds: number; readonly isPerUser: boolean };
  /** What program it is. */
  readonly implementation?: string;
}

/**
 * What a server can do, from the lines of CAPA. Parameters that are none leave
 * their capability out, but for those that stand alone.
 *
 * @param capabilities - `capabilities` of a `Pop3Client`; `undefined` where CAPA was not sent.
 *
 * @example
 * ```ts
 * import { pop3Abilities } from 'mailseal/pop3';
 *
 * const { sasl, expire } = pop3Abilities([
 *   { name: 'SASL', parameters: ['PLAIN', 'SCRAM-SHA-256'] },
 *   { name: 'EXPIRE', parameters: ['60', 'USER'] },
 * ]);
 * console.log(sasl, expire); // [ 'PLAIN', 'SCRAM-SHA-256' ] { days: 60, isPerUser: true }
 * ```
 */
export function pop3Abilities(
  capabilities: readonly Omit<Pop3Capability, 'type'>[] | undefined = [],
): Pop3Abilities {
  const found = new Map(capabilities.map(({ name, parameters }) => [name.toUpperCase(), parameters]));
  const expire = found.get('EXPIRE');
  const days = expire?.[0]?.toUpperCase() === 'NEVER' ? 'NEVER' : wholeNumber(expire?.[0]);
  const delay = found.get('LOGIN-DELAY');
  const seconds = wholeNumber(delay?.[0]);
  const utf8 = found.get('UTF8');
  const implementation = found.get('IMPLEMENTATION');
  return {
    top: found.has('TOP'),
    user: found.has('USER'),
    uidl: found.has('UIDL'),
    respCodes: found.has('RESP-CODES'),
    authRespCode: found.has('AUTH-RESP-CODE'),
    pipelining: found.has('PIPELINING'),
    stls: found.has('STLS'),
    lang: found.has('LANG'),
    sasl: (found.get('SASL') ?? []).map((mechanism) => mechanism.toUpperCase()),
    ...(utf8 === undefined ? {} : { utf8: { user: hasWord(utf8, 'USER') } }),
    ...(days === undefined ? {} : { expire: { days, isPerUser: hasWord(expire, 'USER') } }),
    ...(seconds === undefined ? {} : { loginDelay: { seconds, isPerUser: hasWord(delay, 'USER') } }),
    ...(implementation === undefined ? {} : { implementation: implementation.join(' ') }),
  };
}

function hasWord(parameters: readonly string[] | undefined, word: string): boolean {
  return parameters?.some((parameter) => parameter.toUpperCase() === word) ?? false;
}

function wholeNumber(word: string | undefined): number | undefined {
  return word !== undefined && /^[0-9]{1,15}$/.test(word) ? Number(word) : undefined;
}
