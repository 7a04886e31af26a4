import { MailsealError } from '../../core/errors.js';
import { bytesFromUtf8, utf8FromBytes } from '../../core/utf8.js';
import { hexDigitValue } from '../../encoding/hex.js';

/**
 * Attributes of a directory that hold certificates and CRLs, as a client asks
 * for them (RFC 4523 §2, §4; RFC 2798 §2.8). All but the S/MIME one are
 * transferred with `;binary`.
 */
export const LdapAttribute = {
  userCertificate: 'userCertificate;binary',
  /** A certs-only PKCS #7 message with the person's chain. */
  userSmimeCertificate: 'userSMIMECertificate',
  caCertificate: 'cACertificate;binary',
  crossCertificatePair: 'crossCertificatePair;binary',
  certificateRevocationList: 'certificateRevocationList;binary',
  authorityRevocationList: 'authorityRevocationList;binary',
  deltaRevocationList: 'deltaRevocationList;binary',
  mail: 'mail',
} as const;

/**
 * A text as it may stand as a value in a search filter (RFC 4515 §3):
 * parentheses, asterisks, backslashes and NUL as a backslash and hexadecimal.
 *
 * @example
 * ```ts
 * import { escapeLdapFilter } from 'mailseal/x509';
 *
 * console.log(escapeLdapFilter('*)(uid=*')); // \2a\29\28uid=\2a
 * ```
 */
export function escapeLdapFilter(value: string): string {
  return value.replace(
    /[()*\\\0]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/**
 * The search filter (RFC 4515) for the people that have a mail address and a
 * certificate. Ask with it for `userCertificate;binary` and
 * `userSMIMECertificate` ({@link LdapAttribute}).
 *
 * @param address `local@domain`; directories compare it in any letter case
 * @example
 * ```ts
 * import { ldapMailFilter } from 'mailseal/x509';
 *
 * console.log(ldapMailFilter('hanako@example.jp'));
 * // (&(mail=hanako@example.jp)(|(userCertificate=*)(userCertificate;binary=*)(userSMIMECertificate=*)(userSMIMECertificate;binary=*)))
 * ```
 */
export function ldapMailFilter(address: string): string {
  const present = ['userCertificate', 'userSMIMECertificate']
    .flatMap((name) => [`(${name}=*)`, `(${name};binary=*)`])
    .join('');
  return `(&(mail=${escapeLdapFilter(address)})(|${present}))`;
}

/** Where and how to search a directory (RFC 4516 §2). */
export interface LdapReference {
  /** Whether the scheme was `ldaps`. */
  readonly secure: boolean;
  /** `undefined` where the URL leaves it to the client to know a server. */
  readonly host: string | undefined;
  /** Default 389, for `ldaps` 636. */
  readonly port: number;
  /** The distinguished name of the base object, RFC 4514; empty for the root. */
  readonly dn: string;
  /** Attribute descriptions asked for; none for all. */
  readonly attributes: readonly string[];
  /** Default `base`. */
  readonly scope: 'base' | 'one' | 'sub';
  /** RFC 4515. Default `(objectClass=*)`. */
  readonly filter: string;
  /** An extension with `critical` that the caller does not know forbids to use the URL (§2). */
  readonly extensions: readonly {
    readonly type: string;
    readonly value: string;
    readonly critical: boolean;
  }[];
}

/**
 * Reads an LDAP URL (RFC 4516), as cRLDistributionPoints and authorityInfoAccess
 * hold them.
 *
 * @throws MailsealError `x509-ldap-malformed`
 * @example
 * ```ts
 * import { parseLdapUrl } from 'mailseal/x509';
 *
 * const { host, dn, attributes } = parseLdapUrl(
 *   'ldap://ldap.example.jp/cn=Example%20CA,c=JP?certificateRevocationList;binary',
 * );
 * console.log(host, dn, attributes[0]); // ldap.example.jp cn=Example CA,c=JP certificateRevocationList;binary
 * ```
 */
export function parseLdapUrl(url: string): LdapReference {
  const found = /^(ldaps?):\/\/([^/?#]*)(?:\/([^?#]*)((?:\?[^?#]*){0,4}))?$/i.exec(url);
  if (found === null) throw ldapMalformed('this is no LDAP URL');
  const [, scheme = '', server = '', dn = '', query = ''] = found;
  const [, attributes = '', scope = '', filter = '', extensions = ''] = query.split('?');
  const secure = scheme.toLowerCase() === 'ldaps';
  return {
    secure,
    ...hostAndPort(server, secure),
    dn: percentDecoded(dn),
    attributes: listOf(attributes).map(percentDecoded),
    scope: scopeOf(scope),
    filter: filter === '' ? '(objectClass=*)' : percentDecoded(filter),
    extensions: listOf(extensions).map((each) => {
      const critical = each.startsWith('!');
      const [type = '', ...value] = each.slice(critical ? 1 : 0).split('=');
      return { type: percentDecoded(type), value: percentDecoded(value.join('=')), critical };
    }),
  };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

function hostAndPort(server: string, secure: boolean): { host: string | undefined; port: number } {
  // An address of version 6 stands in brackets and has colons itself (RFC 3986 §3.2.2).
  const found = /^(\[[0-9A-Fa-f:.]+\]|[^:@[\]]*)(?::(\d{0,5}))?$/.exec(server);
  const port = found?.[2] === undefined || found[2] === '' ? (secure ? 636 : 389) : Number(found[2]);
  if (found === null || port > 65_535 || port === 0) throw ldapMalformed('its server is none');
  const host = percentDecoded(found[1] ?? '');
  return { host: host === '' ? undefined : host.replace(/^\[(.*)\]$/, '$1'), port };
}

function scopeOf(text: string): 'base' | 'one' | 'sub' {
  const scope = text.toLowerCase();
  if (scope === '') return 'base';
  if (scope !== 'base' && scope !== 'one' && scope !== 'sub') throw ldapMalformed('its scope is none');
  return scope;
}

/** RFC 3986 §2.1: percent-encoded octets, UTF-8 together. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  const octets = bytesFromUtf8(text);
  let to = 0;
  for (let at = 0; at < octets.length; at++) {
    if (octets[at] !== 0x25) octets[to++] = octets[at]!;
    else {
      const high = hexDigitValue(octets[at + 1] ?? 0);
      const low = hexDigitValue(octets[at + 2] ?? 0);
      if (high < 0 || low < 0) throw ldapMalformed('a percent sign in it has no two digits behind it');
      octets[to++] = high * 16 + low;
      at += 2;
    }
  }
  return utf8FromBytes(octets.subarray(0, to));
}

function ldapMalformed(what: string): MailsealError {
  return new MailsealError('x509-ldap-malformed', `an LDAP URL (RFC 4516) cannot be used: ${what}`, {
    offset: 0,
  });
}
