import type { GeneralName } from '../certificate/general-name.js';
import { asciiLower, comparableDomain } from '../certificate/internet-names.js';
import type { Name } from '../certificate/name.js';

/**
 * The name forms that a constraint speaks about. An rfc822Name constraint
 * covers SmtpUTF8Mailbox too (RFC 9598 §6); otherNames are a form for each type.
 */
export type NameForm = string;

/** The form of a name. */
export function formOf(name: GeneralName): NameForm {
  switch (name.kind) {
    case 'rfc822Name':
    case 'smtpUtf8Mailbox':
      return 'mailbox';
    case 'otherName':
      return `otherName ${name.type}`;
    default:
      return name.kind;
  }
}

interface PreparedMailbox {
  readonly form: 'mailbox';
  readonly localPart: string;
  /** The local part in lower case. */
  readonly foldedPart: string;
  readonly host: string;
}

/** A name made ready to be held against many constraints; `undefined` where it is none of its form. */
export type PreparedName =
  | PreparedMailbox
  | { readonly form: 'host'; readonly host: string; readonly isWildcard: boolean }
  | { readonly form: 'octets'; readonly octets: Uint8Array }
  | { readonly form: 'directory'; readonly text: string };

/** Prepares a name of a certificate; `undefined` where it is malformed or its form is not known. */
export function prepareName(name: GeneralName): PreparedName | undefined {
  switch (name.kind) {
    case 'rfc822Name':
      return prepareMailbox(name.value);
    case 'smtpUtf8Mailbox':
      return prepareMailbox(name.value);
    case 'dNSName': {
      const isWildcard = name.value.startsWith('*.');
      const host = hostName(isWildcard ? name.value.slice(2) : name.value);
      return host === undefined ? undefined : { form: 'host', host, isWildcard };
    }
    case 'uniformResourceIdentifier': {
      const host = hostOfUri(name.value);
      return host === undefined ? undefined : { form: 'host', host, isWildcard: false };
    }
    case 'iPAddress':
      return name.value.length === 4 || name.value.length === 16
        ? { form: 'octets', octets: name.value }
        : undefined;
    case 'directoryName':
      return { form: 'directory', text: directoryText(name.value) };
    default:
      return undefined;
  }
}

/** A test of names of one form against one base; `undefined` where the base is malformed or its form is not known. */
export type Matcher = (name: PreparedName, ifExcluded: boolean) => boolean;

/** Makes the test for a GeneralSubtree's base (RFC 5280 §4.2.1.10). */
export function matcherOf(base: GeneralName): Matcher | undefined {
  switch (base.kind) {
    case 'rfc822Name':
      return mailboxMatcher(base.value);
    case 'dNSName':
      return dnsMatcher(base.value);
    case 'uniformResourceIdentifier':
      return uriMatcher(base.value);
    case 'iPAddress':
      return addressMatcher(base.value);
    case 'directoryName':
      return directoryMatcher(base.value);
    // RFC 5280 §4.2.1.10 defines no meaning for the others.
    default:
      return undefined;
  }
}

/** RFC 5280 §4.2.1.10: one mailbox, all on a host, or with a leading period all in a domain. RFC 9598 §6: hosts as A-labels. */
function mailboxMatcher(base: string): Matcher | undefined {
  // An empty constraint is every mailbox.
  if (base === '') return () => true;
  if (base.includes('@')) {
    const wanted = prepareMailbox(base);
    if (wanted === undefined) return undefined;
    // RFC 5280 §7.5: the host in any letter case, the local part exactly. Mail servers and those who show the
    // sender take the local part in any case, too (RFC 5321 §2.4): another case is no way out of what is excluded.
    return (name, ifExcluded) =>
      name.form === 'mailbox' &&
      name.host === wanted.host &&
      (ifExcluded ? name.foldedPart === wanted.foldedPart : name.localPart === wanted.localPart);
  }
  const inDomain = base.startsWith('.');
  const host = mailHost(inDomain ? base.slice(1) : base);
  if (host === undefined) return undefined;
  return (name) =>
    name.form === 'mailbox' && (inDomain ? name.host.endsWith(`.${host}`) : name.host === host);
}

/** RFC 5280 §4.2.1.10: the name itself, or with labels added to the left. */
function dnsMatcher(base: string): Matcher | undefined {
  if (base === '') return () => true;
  const host = hostName(base);
  if (host === undefined) return undefined;
  return (name, ifExcluded) => {
    if (name.form !== 'host') return false;
    if (isBelow(name.host, host)) return true;
    // A wildcard stands for names below it: excluded is it when one of them is.
    return ifExcluded && name.isWildcard && host.endsWith(`.${name.host}`);
  };
}

/** RFC 5280 §4.2.1.10: one host, or with a leading period the hosts with labels added to the left, and not the domain itself. */
function uriMatcher(base: string): Matcher | undefined {
  if (base === '') return () => true;
  const inDomain = base.startsWith('.');
  const host = hostName(inDomain ? base.slice(1) : base);
  if (host === undefined) return undefined;
  return (name) => name.form === 'host' && (inDomain ? name.host.endsWith(`.${host}`) : name.host === host);
}

/** RFC 5280 §4.2.1.10: an address and a mask as in RFC 4632, for IPv4 or IPv6. */
function addressMatcher(base: Uint8Array): Matcher | undefined {
  if (base.length !== 8 && base.length !== 32) return undefined;
  const length = base.length / 2;
  const mask = base.subarray(length);
  if (!isPrefix(mask)) return undefined;
  return (name) => {
    if (name.form !== 'octets' || name.octets.length !== length) return false;
    for (let i = 0; i < length; i++) {
      if (((name.octets[i]! ^ base[i]!) & mask[i]!) !== 0) return false;
    }
    return true;
  };
}

/** RFC 5280 §4.2.1.10, §7.1: the RDNs of the base are the first ones of the name. */
function directoryMatcher(base: Name): Matcher {
  const text = directoryText(base);
  return (name) => name.form === 'directory' && name.text.startsWith(text);
}

/** A name so that the text of its first RDNs is the beginning of its own. */
function directoryText(name: Name): string {
  return name.isEmpty ? '' : `${name.normalized}\u0004`;
}

/** Whether a mask is ones and then zeros (RFC 4632 §3.1). */
function isPrefix(mask: Uint8Array): boolean {
  let ended = false;
  for (const octet of mask) {
    if (ended ? octet !== 0 : ![0, 128, 192, 224, 240, 248, 252, 254, 255].includes(octet)) return false;
    ended ||= octet !== 255;
  }
  return true;
}

function isBelow(host: string, base: string): boolean {
  return host === base || host.endsWith(`.${base}`);
}

/** A dot-atom, dots anywhere as old mobile providers gave them out, other characters than ASCII's as in SmtpUTF8Mailbox. */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u0080-\u{10ffff}-]+$/u;
const quotedString = /^"((?:[^"\\]|\\.)*)"$/su;

/** The parts of a mailbox: what a quoted local part says, since quoting makes no other mailbox (RFC 5321 §4.1.2). */
function prepareMailbox(mailbox: string): PreparedMailbox | undefined {
  const at = mailbox.lastIndexOf('@');
  const host = at < 0 ? undefined : mailHost(mailbox.slice(at + 1));
  if (host === undefined) return undefined;
  const local = mailbox.slice(0, at);
  const quoted = quotedString.exec(local)?.[1];
  if (quoted === undefined && !dotAtom.test(local)) return undefined;
  const localPart = quoted?.replace(/\\(.)/gsu, '$1') ?? local;
  return { form: 'mailbox', localPart, foldedPart: asciiLower(localPart), host };
}

/** A host of mail: a host name, or an address literal, which is compared as it stands. */
function mailHost(text: string): string | undefined {
  return /^\[[\x21-\x5a\x5e-\x7e]*\]$/.test(text) ? text.toLowerCase() : hostName(text);
}

/** A host name in lower case and A-labels (RFC 9598 §5); `undefined` where it is none. */
function hostName(text: string): string | undefined {
  const host = comparableDomain(text);
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(host) && host.length <= 253 ? host : undefined;
}

/** The host of a URI (RFC 3986 §3.2); `undefined` where it is none or an address, which RFC 5280 §4.2.1.10 rejects under a constraint. */
function hostOfUri(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/, '');
  return /^[0-9.]+$/.test(host) ? undefined : hostName(host);
}
