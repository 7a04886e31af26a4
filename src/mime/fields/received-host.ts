/** What the comments of a Received field say of the client. */
export interface FromDetails {
  /** The address of the connection as the server saw it: IPv4 or IPv6, without brackets, port and zone. */
  readonly address: string | undefined;
  /** The name that the server found for that address. */
  readonly reverseName: string | undefined;
  /** What the client said in its HELO, EHLO or LHLO, where the server tells it apart. */
  readonly helo: string | undefined;
  /** The account that the client proved or claimed (SMTP AUTH, IDENT). */
  readonly user: string | undefined;
  /** The envelope sender, where the server tells it. */
  readonly envelopeFrom: string | undefined;
}

/** What the comments of a Received field say of TLS. */
export interface ReceivedTls {
  /** Such as `TLSv1.3`. */
  readonly version: string | undefined;
  /** As it is written: servers use the names of their libraries. */
  readonly cipher: string | undefined;
}

/** What was found so far; the first finding of each kind counts. */
type Found = { -readonly [Key in keyof FromDetails]: FromDetails[Key] };

/** Comments beyond this are not looked into; the longest that servers write are a tenth of it. */
const LONGEST_COMMENT = 2000;
/** Comments beyond so many are not looked into. */
const MOST_COMMENTS = 16;

/** Reads the texts of comments, and words in brackets, that stand behind `from`. */
export function hostDetails(comments: readonly string[]): FromDetails {
  const found: Found = {
    address: undefined,
    reverseName: undefined,
    helo: undefined,
    user: undefined,
    envelopeFrom: undefined,
  };
  for (const comment of readable(comments)) {
    const account =
      /^auth(?:enticated)? sender: *(\S+)|^auth: \S+ ([^\s,]+)|^account (\S+)|^authenticated user (\S+)/i.exec(
        comment,
      );
    found.user ??= account?.slice(1).find((each) => each !== undefined);
    const envelope = /^envelope-(?:from|sender)[ :=]+<?([^\s<>,]*)>?/i.exec(comment);
    if (envelope !== null) {
      found.envelopeFrom ??= envelope[1] || undefined;
      continue;
    }
    readWords(comment, found, account !== null);
  }
  return found;
}

function readWords(comment: string, found: Found, hasAccount: boolean): void {
  // Postfix and others write `name[address]` without a blank.
  const words = comment.replace(/([^\s=@])(\[[0-9A-Fa-f.:]+)/g, '$1 $2').split(/[\s,()<>]+/);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const named = /^(helo|ehlo|lhlo|ident)([=:])(.*)$/i.exec(word);
    if (/^[hel]{2}lo$/i.test(word)) {
      const helo = words[++i];
      if (helo !== undefined && helo !== '') found.helo ??= plainHost(helo);
    } else if (named !== null && named[1]!.toLowerCase() !== 'ident') {
      if (named[3] !== '') found.helo ??= plainHost(named[3]!);
    } else if (named !== null && named[2] === '=')
      found.user ??= named[3]!.replace(/^\[|\]$/g, '') || undefined;
    else if (word.includes('@')) {
      // `user@host`, by IDENT (RFC 1413): what stands behind the last @ is the server's own finding.
      const at = word.lastIndexOf('@');
      if (!hasAccount) found.user ??= word.slice(word.startsWith('IDENT:') ? 6 : 0, at) || undefined;
      readHost(word.slice(at + 1), found);
    } else readHost(word, found);
  }
}

function readHost(word: string, found: Found): void {
  const address = addressOf(word);
  if (address !== undefined) found.address ??= address;
  else if (
    found.address === undefined &&
    /^[A-Za-z0-9_][A-Za-z0-9._-]*\.[A-Za-z][A-Za-z0-9-]*\.?$/.test(word)
  ) {
    found.reverseName ??= word;
  }
}

/** A host as it is written: an address without brackets and port, a name as it stands there. */
export function plainHost(word: string): string {
  return addressOf(word) ?? withoutBrackets(word);
}

/** In linear time, which `/[\]>]+$/` does not take. */
function withoutBrackets(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && '[<'.includes(word[start]!)) start++;
  while (end > start && ']>'.includes(word[end - 1]!)) end--;
  return word.slice(start, end);
}

/** The IPv4 or IPv6 address that a word is, with or without brackets and port. */
function addressOf(word: string): string | undefined {
  const match = /^\[?(?:IPv6:)?([0-9A-Fa-f.:]{2,45})(?:%\w+)?\]?(?::\d+)?$/i.exec(word);
  if (match === null) return undefined;
  const text = match[1]!;
  const v4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/.exec(text);
  if (v4 !== null) return v4[1];
  return /^[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){1,7}(?::\d{1,3}(?:\.\d{1,3}){3})?$/.test(text) &&
    text.indexOf(':') !== text.lastIndexOf(':')
    ? text
    : undefined;
}

/** The ways in which servers write the cipher: OpenSSL's and Exchange's, Exim's, Courier's, qmail's. */
const CIPHERS: readonly RegExp[] = [
  /\b(?:TLS|SSL)[^\s:]*:([A-Z0-9_-]+):\d+/i,
  /\bcipher[ =]+([A-Z0-9_-]+)/i,
  /\d+bits, ?([A-Z0-9_-]+)/i,
  /\/TLS\/([A-Z0-9_-]+)/i,
];

/** The version and cipher that comments, and words after `with`, tell. */
export function tlsOf(texts: readonly string[]): ReceivedTls | undefined {
  for (const text of readable(texts)) {
    const version = /\b(TLS|SSL)[ _-]?v?([1-3])(?:[._]([0-3]))?(?![0-9A-Z])/i.exec(text);
    const cipher = CIPHERS.map((form) => form.exec(text)?.[1]).find((each) => each !== undefined);
    if (version === null && cipher === undefined) continue;
    return { version: version === null ? undefined : spellVersion(version), cipher };
  }
  return undefined;
}

function spellVersion([, name, major, minor = '0']: RegExpExecArray): string {
  return name!.toUpperCase() === 'TLS' ? `TLSv${major}.${minor}` : `SSLv${major}`;
}

function readable(comments: readonly string[]): readonly string[] {
  return comments.slice(0, MOST_COMMENTS).map((comment) => comment.slice(0, LONGEST_COMMENT).trim());
}
