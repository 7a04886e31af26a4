import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { Part } from '../../mime/part.js';
import { safeEntity } from '../entity/safe-entity.js';
import { outerHeader, splitMessage, withVersion } from '../entity/split-message.js';
import { protectClear } from '../header-protection/protect-header.js';
import { type MessageSigning, signEntity } from './sign-entity.js';

/** What {@link signMessage} takes beside the message. */
export interface SignMessageOptions extends MessageSigning {
  /**
   * Whether the header fields are signed, too: copied into what is signed, with
   * `hp="clear"` (RFC 9788). For a message that will be encrypted pass the
   * signers to `encryptMessage` instead. Default `false`.
   */
  readonly headerProtection?: boolean;
  /** `7bit` (the default), or `8bit` for a way on which all servers leave octets above 127 alone. */
  readonly transport?: '7bit' | '8bit';
}

/**
 * Signs a mail message (RFC 8551 §3.5). Its content is prepared first, so that
 * no server on the way breaks the signature: CRLF line ends, transfer encodings
 * for whatever is not safe. Parts that others signed stay octet for octet.
 *
 * The header fields stay outside, but for those of the content (`Content-*`)
 * and for Bcc, which is left out: nobody is to see whom it names (RFC 5322 §3.6.3).
 * An entity that has only such fields gives an entity again, fit for
 * `composeMessage({ entity })`; all else gives a message.
 *
 * @param message the octets, or what `parseMessage` gave
 * @throws MailsealError `usage` for options that are not what they must be; codes of `createSignedData`;
 * `smime-content-unsafe` where a part that another signature covers cannot travel in the detached form;
 * `mime-line-too-long` where a field that is to be protected has a word that no line can hold; limits of
 * `parseMessage`; `aborted`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { signMessage, verifyMessage } from 'mailseal/smime';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const message = new TextEncoder().encode('From: hanako@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const at = new Date('2027-01-01');
 * const signed = await signMessage(message, {
 *   signers: [{ certificate: certificate!, privateKey }],
 *   signingTime: at,
 * });
 * const roots = certificates.map((each) => each.certificate);
 * const report = await verifyMessage(signed, { roots, at });
 * console.log(report.seals[0]?.signers[0]?.signature); // valid
 * ```
 */
export async function signMessage(message: Uint8Array | Part, options: SignMessageOptions): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const split = splitMessage(message);
  const { headerProtection = false } = options;
  const transport = transportOf(options);
  if (!headerProtection) {
    return signEntity(safeEntity(split.content, transport), outerHeader(split), options);
  }
  const { outside, changes } = protectClear(split);
  const entity = safeEntity(split.content, transport, changes);
  return signEntity(entity, withVersion(outside, split.isEntity), options);
}

/** How much of an octet the servers on the way take. */
export function transportOf({ transport = '7bit' }: SignMessageOptions): '7bit' | '8bit' {
  if (transport !== '7bit' && transport !== '8bit')
    throw usage(`\`transport\` is '7bit' or '8bit', not ${shown(transport)}`);
  return transport;
}
