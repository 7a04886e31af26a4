/**
 * Every code that a {@link MailsealError} may carry. The part before the first
 * dash names the room that found the fault; `limit-*` codes are hits of a
 * documented limit.
 */
export type MailsealErrorCode =
  // encoding
  | 'base64-malformed'
  | 'hex-malformed'
  | 'pem-malformed'
  | 'quoted-printable-malformed'
  | 'punycode-malformed'
  | 'domain-malformed'
  // iso2022jp, charset
  | 'charset-malformed'
  | 'charset-unencodable'
  | 'charset-unknown'
  // asn1
  | 'asn1-malformed'
  | 'asn1-truncated'
  | 'asn1-unexpected'
  // crypto
  | 'crypto-key-malformed'
  | 'crypto-unsupported'
  | 'crypto-engine-unavailable'
  | 'crypto-decryption-failed'
  | 'crypto-password-wrong'
  | 'crypto-password-missing'
  // mime
  | 'mime-incomplete'
  | 'mime-malformed'
  | 'mime-field-unsafe'
  | 'mime-address-malformed'
  | 'mime-line-too-long'
  // x509
  | 'x509-malformed'
  | 'x509-smimea-malformed'
  | 'x509-ldap-malformed'
  | 'x509-ldif-malformed'
  // cms
  | 'cms-malformed'
  | 'cms-unsupported'
  | 'cms-wrong-type'
  | 'cms-no-recipient'
  // smime
  | 'smime-content-unsafe'
  | 'smime-recipient-refused'
  | 'smime-no-common-cipher'
  | 'smime-not-encrypted'
  | 'smime-list-loop'
  | 'smime-list-refused'
  // pki
  | 'pki-malformed'
  // sasl
  | 'sasl-malformed'
  | 'sasl-refused'
  | 'sasl-unsupported'
  // imap
  | 'imap-malformed'
  | 'imap-protocol'
  | 'imap-state'
  | 'imap-refused'
  | 'mailbox-name-malformed'
  // pop3
  | 'pop3-malformed'
  | 'pop3-protocol'
  | 'pop3-state'
  // every room
  | 'limit-depth'
  | 'limit-nodes'
  | 'limit-octets'
  | 'limit-ratio'
  | 'limit-line'
  | 'limit-literal'
  | 'limit-list'
  | 'limit-parts'
  | 'limit-headers'
  | 'limit-header-octets'
  | 'limit-parameters'
  | 'limit-parameter-sections'
  | 'limit-addresses'
  | 'limit-encoded-words'
  | 'limit-signers'
  | 'limit-certificates'
  | 'limit-revocation-infos'
  | 'limit-recipients'
  | 'limit-seals'
  | 'limit-iterations'
  | 'limit-bags'
  | 'aborted'
  | 'usage';

/**
 * Whose fault it was: `input` the octets that were read, `usage` the caller's
 * arguments, `peer` the other side of a protocol.
 */
export type MailsealFault = 'input' | 'usage' | 'peer';

/** What the constructor of {@link MailsealError} takes beside code and message. */
export interface MailsealErrorOptions {
  /** Default `input`, or `usage` for the code `usage`. */
  readonly fault?: MailsealFault;
  /** Where in the input it was found, in octets (characters for strings) from its start. */
  readonly offset?: number;
  /** The error underneath, where there was one. */
  readonly cause?: unknown;
}

/**
 * The only error that mailseal throws.
 *
 * The message says what was wrong, where, and what to do about it; the code is
 * for programs. Bad input never throws anything else.
 *
 * @example
 * ```ts
 * import { MailsealError } from 'mailseal';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * try {
 *   decodeHex('0g');
 * } catch (error) {
 *   if (error instanceof MailsealError) console.log(error.code, error.offset); // 'hex-malformed' 1
 * }
 * ```
 */
export class MailsealError extends Error {
  override readonly name = 'MailsealError';
  /** What happened, for programs. */
  readonly code: MailsealErrorCode;
  /** Whose fault it was. */
  readonly fault: MailsealFault;
  /** Where in the input, from its start; `undefined` where no place can be named. */
  readonly offset: number | undefined;

  constructor(code: MailsealErrorCode, message: string, options: MailsealErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = options.fault ?? (code === 'usage' ? 'usage' : 'input');
    this.offset = options.offset;
  }
}

/** The fault of a caller who gave what cannot be taken, or asked for what cannot be done now. */
export function usage(message: string): MailsealError {
  return new MailsealError('usage', message);
}
