import { namesCertificate } from '../../cms/certificate-identifier.js';
import type { MailListExpansion } from '../../cms/ess/mail-list.js';
import { AttributeOid } from '../../cms/oids.js';
import { Reasons } from '../../cms/verify/reason.js';
import { bytesFromLatin1 } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { parseMessage } from '../../mime/message.js';
import { isCertificate } from '../../x509/path/path-options.js';
import { assertAccept } from '../encrypt/message-recipient.js';
import { assertKeys } from '../open/open-envelope.js';
import type { OpenReport } from '../open/report.js';
import { checkIdentity, claimedSender } from '../verify/identity.js';
import type { SealReasonCode } from '../verify/reason.js';
import { isVerified } from '../verify/verify-seal.js';
import { allExpansions, type ListLayer } from './list-layers.js';
import type { ExplodeMessageOptions } from './list-options.js';

/** ub-ml-expansion-history of RFC 2634 §4.4. */
const mostExpansions = 64;

const choices: readonly (readonly [keyof ExplodeMessageOptions, readonly string[]])[] = [
  ['mode', ['re-key', 'decrypt-and-encrypt']],
  ['otherwise', ['decrypt-and-encrypt', 'refuse']],
  ['unencrypted', ['pass', 'encrypt', 'refuse']],
  ['innerSignature', ['keep', 'strip']],
];

/**
 * Refuses options that do not fit together.
 *
 * @throws MailsealError `usage`
 */
export function assertListOptions(options: ExplodeMessageOptions): void {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  assertKeys(options);
  for (const [name, values] of choices) {
    const value = options[name];
    if (value !== undefined && !values.includes(value as string))
      throw usage(`\`${name}\` is ${values.join(' or ')}, not ${shown(value)}`);
  }
  const { sign, mode = 're-key', innerSignature, inspect = true, ownCertificates = [], allow } = options;
  // RFC 2634 §4.2: the list signs, whatever it passes on.
  if (!Array.isArray(sign?.signers) || sign.signers.length === 0 || !sign.signers.every(hasCertificate))
    throw usage('`sign` is wanted, with one signer at least who has a certificate');
  if (mode === 're-key' && innerSignature === 'strip')
    throw usage('a signature inside of what is only re-keyed cannot be taken off: use decrypt-and-encrypt');
  if (mode !== 're-key' && !inspect)
    throw usage('what is decrypted is inspected: `inspect: false` goes with re-key');
  if (!Array.isArray(ownCertificates) || !ownCertificates.every(isCertificate))
    throw usage('`ownCertificates` is an array of certificates');
  assertAccept('accept', options.accept);
  if (allow !== undefined && typeof allow !== 'function') throw usage('`allow` is a function');
}

function hasCertificate(signer: { readonly certificate?: unknown } | null | undefined): boolean {
  return isCertificate(signer?.certificate);
}

/**
 * RFC 2634 §4.2.3.2 step 1: a message whose signature is not valid goes no further. Where `roots` are given each
 * signer has to be trusted as well, since the list signs anew what they said.
 *
 * @throws MailsealError `smime-list-refused`
 */
export function assertSealsGood(layers: readonly ListLayer[], options: ExplodeMessageOptions): void {
  for (const layer of layers) {
    if (layer.kind === 'enveloped') continue;
    const { part, signers } = layer.seal;
    const isGood = signers.map((signer) =>
      options.roots === undefined
        ? signer.content === 'intact' && signer.signature === 'valid'
        : isVerified(signer, options),
    );
    if (isGood.length > 0 && isGood.every(Boolean)) continue;
    const why = signers[isGood.indexOf(false)]?.reasons[0]?.message ?? 'nobody signed';
    throw new MailsealError('smime-list-refused', `the signature of part "${part}" is not good: ${why}`);
  }
}

/**
 * RFC 2634 §4.1.1: a list that finds itself in the history passes the message on no more. One further inside counts,
 * too: a message goes round in new envelopes as well.
 *
 * @throws MailsealError `smime-list-loop`
 */
export function assertNoLoop(
  report: OpenReport,
  history: readonly MailListExpansion[],
  { sign, ownCertificates = [] }: ExplodeMessageOptions,
): void {
  const own = [...sign.signers.map(({ certificate }) => certificate), ...ownCertificates];
  for (const { list, time } of allExpansions(report)) {
    if (own.some((certificate) => namesCertificate(list, certificate)))
      throw new MailsealError(
        'smime-list-loop',
        `the message was here before: its history names this list at ${time.toISOString()}`,
      );
  }
  if (history.length >= mostExpansions)
    throw new MailsealError(
      'smime-list-loop',
      `the message went through ${history.length} mailing lists, and a history holds no more`,
    );
}

/**
 * RFC 2634 §4.2: a label is judged before a message that has one goes on, and only if the signature over it is valid
 * (§3.1.1). Who may see what is the caller’s to know.
 *
 * @throws MailsealError `smime-list-refused`
 */
export async function assertMayPass(report: OpenReport, { allow }: ExplodeMessageOptions): Promise<void> {
  for (const { securityLabel, signer, seal } of report.services) {
    if (!signer.signer.signedAttributes.some(({ type }) => type === AttributeOid.securityLabel)) continue;
    if (signer.content !== 'intact' || signer.signature !== 'valid')
      throw refusal(`the signature of part "${seal.part}", over a security label, is not good`);
    if (securityLabel === undefined)
      throw refusal(`the security label of part "${seal.part}" cannot be read`);
    if (allow === undefined)
      throw refusal(`part "${seal.part}" has a security label, and there is no \`allow\` that judges it`);
  }
  if (allow !== undefined && (await allow(report)) !== true)
    throw refusal('the list does not let the message pass');
}

/**
 * Refuses what would go on in the clear as the list's own words: its signature outside makes the author of whoever
 * stands in From, and a list says only that a message came by it. What is encrypted needs no such check, since a
 * signature around that identifies nobody.
 *
 * @param outside the header that goes on
 * @throws MailsealError `smime-list-refused`
 */
export function assertNotInItsName(outside: string, { sign }: ExplodeMessageOptions): void {
  const claimed = claimedSender(parseMessage(bytesFromLatin1(`${outside}\r\n`)));
  const isItsOwn = sign.signers.some(
    ({ certificate }) => checkIdentity(certificate, claimed, new Reasons<SealReasonCode>()) === 'match',
  );
  if (isItsOwn)
    throw refusal(
      'it would go on as mail of the list itself, whose address is in its header; mail of its own is sent with signMessage',
    );
}

function refusal(message: string): MailsealError {
  return new MailsealError('smime-list-refused', message);
}
