import { messageWork } from '../../cms/verify/message-work.js';
import { Reasons } from '../../cms/verify/reason.js';
import { parseMessage } from '../../mime/message.js';
import { Part } from '../../mime/part.js';
import { mimeOptions } from '../verify/find-seals.js';
import type { FoundLayer, FoundSeal } from '../verify/found-layer.js';
import { checkIdentity, claimedSender } from '../verify/identity.js';
import { isAsked, judge } from '../verify/judge.js';
import type { PassedParts } from '../verify/passed-parts.js';
import { assertPolicyOptions } from '../verify/policy-options.js';
import type { SealReasonCode } from '../verify/reason.js';
import type { Seal } from '../verify/report.js';
import type { VerifyMessageOptions } from '../verify/verify-message.js';
import { isVerified, verifySeal } from '../verify/verify-seal.js';
import { enhancedServices } from './enhanced-services.js';
import { MessageHeaders, protectedFrom } from './message-headers.js';
import { assertKeys, type OpenKeys } from './open-envelope.js';
import { type OpenedLayers, openLayers, type Payload, payloadOf } from './open-layers.js';
import type { OpenLimits } from './open-limits.js';
import { piecesOf, type ReportedLayer } from './pieces.js';
import type { OpenReport } from './report.js';

/** What {@link openMessage} takes beside the message. */
export interface OpenMessageOptions extends VerifyMessageOptions, OpenKeys {
  readonly limits?: OpenLimits;
}

/**
 * Decrypts and verifies every layer of a mail message (RFC 8551 §3, RFC 2634
 * §1.1), and reports what lies under which: signed and then encrypted, the
 * other way round, thrice, or in parts only. What cannot be opened and what does
 * not verify is an answer, not an error.
 *
 * Show `pieces`, each by itself, and the fields of `headers`. `verified` speaks
 * of what is shown: where something is encrypted, a signature inside of the
 * encryption has to cover the whole message, since one outside tells only who
 * sent what he may not have written.
 *
 * @param message The octets of the message, as they came (line ends may be LF), or what `parseMessage` gave.
 * @throws MailsealError `usage` for an option that is not what it must be, a key that does not fit its
 * certificate or was wiped among them; `aborted`; `limit-depth`, `limit-parts`, `limit-headers`,
 * `limit-header-octets`, `limit-seals` for what is outside of all envelopes (one that holds more stays closed);
 * `crypto-engine-unavailable` where only the native engine is allowed.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { encryptMessage, openMessage } from 'mailseal/smime';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const [{ privateKey, certificate }] = keys as [Required<(typeof keys)[0]>];
 * const message = 'From: hanako@example.jp\r\nTo: hanako@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n';
 * const at = new Date('2027-01-01');
 * const [sealed] = await encryptMessage(new TextEncoder().encode(message), {
 *   recipients: [{ certificate }],
 *   sign: { signers: [{ certificate, privateKey }] },
 *   headerProtection: true,
 *   accept: ['key-usage'],
 *   at,
 * });
 *
 * const report = await openMessage(sealed!.message, {
 *   keys: [{ privateKey, certificate }],
 *   roots: certificates.map((each) => each.certificate),
 *   at,
 * });
 * console.log(report.layers.map(({ kind }) => kind)); // [ 'envelope', 'seal' ]
 * console.log(report.verified, report.headers.get('subject')?.text); // true Friday
 * for (const { content } of report.pieces) console.log(content.text?.trim()); // At nine.
 * ```
 */
export async function openMessage(
  message: Uint8Array | Part,
  options: OpenMessageOptions,
): Promise<OpenReport> {
  assertPolicyOptions(options);
  assertKeys(options);
  const root = message instanceof Part ? message : parseMessage(message, mimeOptions(options.limits ?? {}));
  return openPassedMessage(root, options);
}

/** As {@link openMessage} with options that were looked at, for a message that was read in pieces, of which octets were left out. */
export async function openPassedMessage(
  root: Part,
  options: OpenMessageOptions,
  passed?: PassedParts,
): Promise<OpenReport> {
  const opened = await openLayers(root, options, passed);
  const work = messageWork(options.signal);
  const asked: Seal[] = [];
  const seals: { readonly found: FoundSeal; readonly seal: Seal }[] = [];
  const reported = new Map<FoundLayer, ReportedLayer>();
  const payload = payloadOf(opened);
  const shownFrom = payload === undefined ? undefined : protectedFrom(payload.entity);
  for (const found of opened.layers) {
    const around = found.around === undefined ? undefined : reported.get(found.around)!.layer;
    if (found.kind === 'seal') {
      // Whoever signs all that is shown inside of the encryption is held against the From that is shown, not against one further out.
      const isHeldToShown = shownFrom !== undefined && found.coversMessage && !found.aroundEncryption;
      const seal = await verifySeal(isHeldToShown ? { ...found, message: shownFrom } : found, options, work);
      seals.push({ found, seal });
      if (isAsked(found, options.part)) asked.push(seal);
      reported.set(found, { found, layer: { kind: 'seal', seal, around }, entity: found.entity });
    } else if (found.kind === 'envelope') {
      const envelope = opened.envelopes.get(found)!;
      reported.set(found, {
        found,
        layer: { kind: 'envelope', envelope, around },
        entity: envelope.entity,
      });
    } else {
      reported.set(found, {
        found,
        layer: { kind: 'other', other: found.other, around },
        entity: undefined,
      });
    }
  }
  const reasons = new Reasons<SealReasonCode>();
  const all = [...reported.values()];
  const headers = headersOf(root, payload, shownFrom, seals, options);
  const judged = judge(
    seals.map(({ seal }) => seal),
    asked,
    options,
    reasons,
    true,
  );
  noteEnvelopes(opened, reasons);
  // RFC 9788 §4.4: a From that no signer is bound to is shown for want of a better one, never as verified.
  const isFromAsked = options.requireIdentity !== false && options.part === undefined;
  const isFromGood = noteFrom(headers, isFromAsked, reasons);
  const pieces = piecesOf(root, all, {
    payload: payload?.entity,
    withoutLegacyDisplay: headers.scheme === 'cipher' && payload?.isEncrypted === true,
  });
  return {
    verified: judged && isFromGood,
    layers: all.map(({ layer }) => layer),
    seals: seals.map(({ seal }) => seal),
    envelopes: all.flatMap(({ layer }) => (layer.kind === 'envelope' ? [layer.envelope] : [])),
    others: all.flatMap(({ layer }) => (layer.kind === 'other' ? [layer.other] : [])),
    encrypted: pieces.length > 0 && pieces.every((piece) => piece.encrypted),
    headers,
    services: enhancedServices(
      seals.map(({ seal }) => seal),
      options,
    ),
    pieces,
    reasons: reasons.list,
    message: root,
  };
}

function headersOf(
  root: Part,
  payload: Payload | undefined,
  from: Part | undefined,
  seals: readonly { readonly found: FoundSeal; readonly seal: Seal }[],
  options: OpenMessageOptions,
): MessageHeaders {
  // A signature around encryption does not vouch for the header that is encrypted.
  const inner = seals.filter(({ found }) => found.coversMessage && !found.aroundEncryption);
  const claimed = from === undefined ? undefined : claimedSender(from);
  const isBound = ({ seal }: { readonly seal: Seal }): boolean =>
    seal.signers.some(
      (signer) =>
        isVerified(signer, options) &&
        checkIdentity(signer.certificate, claimed, new Reasons<SealReasonCode>()) === 'match',
    );
  return new MessageHeaders({
    outer: root.headers,
    payload: payload?.entity,
    isEncrypted: payload?.isEncrypted === true,
    isSigned: inner.some(({ seal }) => seal.verified),
    isFromBound: claimed !== undefined && claimed.from.length === 1 && inner.some(isBound),
  });
}

function noteEnvelopes({ envelopes }: OpenedLayers, reasons: Reasons<SealReasonCode>): void {
  for (const { opened, part, error } of envelopes.values()) {
    if (!opened)
      reasons.note('envelope-not-opened', `part "${part}" cannot be opened: ${error?.message ?? 'no key'}`);
  }
}

/** Says where the two From differ; gives whether the one that is shown may be called verified. */
function noteFrom(
  { fromDiffers, fromShown, inner, outer }: MessageHeaders,
  isAskedFor: boolean,
  reasons: Reasons<SealReasonCode>,
): boolean {
  if (!fromDiffers) return true;
  const inside = inner?.get('from')?.text ?? '';
  const outside = outer.get('from')?.text ?? 'nobody';
  // RFC 9788 §4.4.2: a reader is warned.
  if (fromShown === 'inner') {
    reasons.note(
      'outer-from-differs',
      `the message is from ${inside} by its signature; outside it says ${outside}`,
    );
    return true;
  }
  const message = `the protected header says that it is from ${inside}, for which no signature vouches; outside it says ${outside}`;
  if (isAskedFor) reasons.fail('from-not-bound', message);
  else reasons.note('from-not-bound', message);
  return !isAskedFor;
}
