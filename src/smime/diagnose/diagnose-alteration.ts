import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { Part } from '../../mime/part.js';
import type { VerificationReport } from '../verify/report.js';
import type { Alteration, AlterationDiagnosis, AlterationRemarkCode, DiagnosisLimits } from './alteration.js';
import { changesOf } from './changed-ranges.js';
import { proofOf } from './digest-target.js';
import { PartDigests } from './fitting-part.js';
import { hiddenSeals } from './hidden-seals.js';
import { messageRemarks } from './message-remarks.js';
import { Originals, type SignedAlike } from './originals.js';
import { entityOfSubject, searchRemarks } from './remarks.js';
import type { Solution } from './search.js';
import {
  changeClause,
  lostSentence,
  recoveredSentence,
  remarkSentence,
  unprovenSentence,
} from './sentences.js';
import { signerRemarks } from './signer-remarks.js';
import { alteredSeals, type Subject } from './subjects.js';
import { WorkBudget } from './work-budget.js';

/** What {@link diagnoseAlteration} takes beside the message and its report. */
export interface DiagnoseOptions extends EngineOptions {
  /**
   * Whether full-width digits, letters and katakana are also tried as half-width ones, and the other way. Default
   * `false`: that changes what people read, be it ever so little.
   */
  readonly foldWidth?: boolean;
  readonly limits?: DiagnosisLimits;
  /** Ends the work when it is aborted: what was begun throws `aborted` then. */
  readonly signal?: AbortSignalLike;
}

/**
 * Finds out what was done on the way to a message whose content is no longer
 * what was signed: undoes what relays, servers, lists and scanners are known to
 * do, alone and in the combinations that occur, until the digest fits that the
 * signer signed (RFC 5652 §11.2).
 *
 * What fits is what was signed, octet for octet, since nobody can make another
 * content with the same digest (but for MD5 and SHA-1, which is told), and only
 * digests count that a signature holds over. It is evidence of what was signed,
 * not a valid signature over what came, and it says nothing of who signed it:
 * the report stays as it is, and `trust` of the signers is that of the report.
 *
 * @param message The octets that were verified, or the message as parsed.
 * @param report What `verifyMessage` or `openMessage` said of it.
 * @throws MailsealError `usage` for what is no report, a report of another message, or a limit that is not a number of 0 or more;
 * `aborted`; `crypto-engine-unavailable` where only the native engine is allowed.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { diagnoseAlteration, verifyMessage } from 'mailseal/smime';
 *
 * const sent = readFileSync('test/vectors/demo/signed.eml', 'latin1');
 * // What a relay makes of it that writes the kanji code of 1978.
 * const came = Buffer.from(sent.replaceAll('\x1b$B', '\x1b$@'), 'latin1');
 * const report = await verifyMessage(came, { at: new Date('2027-01-01') });
 * const { recovered, alterations } = await diagnoseAlteration(came, report);
 * console.log(report.verified, recovered, alterations[0]?.changes[0]?.kind);
 * // false true iso-2022-jp-escapes-changed
 * console.log(alterations[0]?.message.en.slice(0, 19)); // 'altered in transit:'
 * ```
 */
export async function diagnoseAlteration(
  message: Uint8Array | Part,
  report: VerificationReport,
  options: DiagnoseOptions = {},
): Promise<AlterationDiagnosis> {
  const octets = message instanceof Part ? message.source : asBytes(message);
  if (!(report?.message instanceof Part))
    throw usage('`report` is what `verifyMessage` or `openMessage` gave');
  if (options === null || typeof options !== 'object') throw usage('`options` is an object, or left out');
  if (!equalBytes(octets, report.message.source))
    throw usage('the report is of another message than the one given');
  const { engine, signal } = options;
  throwIfAborted(signal);
  const budget = new WorkBudget(options.limits);
  const digests = new PartDigests(report.message, budget, engine, signal);
  const shown = alteredSeals(report, digests);
  const hidden = await hiddenSeals(report, { ...options, budget, digests });
  const context = { foldWidth: options.foldWidth ?? false };
  const searches = [...shown.subjects, ...hidden.subjects].map((subject) => ({
    subject,
    originals: new Originals(subject, { budget, context, engine, signal }),
  }));
  for (const { originals } of searches) await originals.searchByDigest();
  for (const { originals } of searches) await originals.searchByValue();
  const alterations: Alteration[] = [];
  let areShared = true;
  for (const { subject, originals } of searches) {
    const alike = originals.all();
    // What another signer signed is what came.
    const isShared = alike.length === 1 && othersFit(subject);
    areShared &&= isShared;
    for (const each of alike) alterations.push(alterationOf(subject, each, isShared, digests, engine));
  }
  return {
    recovered:
      areShared && alterations.length > 0 && alterations.every(({ original }) => original !== undefined),
    alterations,
    remarks: messageRemarks(
      report,
      [...shown.files, ...hidden.files],
      report.seals.length + alterations.length > 0,
    ),
  };
}

/** Whether no signer of a seal says that what came is what he signed, while others signed something else. */
function othersFit({ seal, signers }: Subject): boolean {
  return (
    seal === undefined || seal.signers.every((each) => each.content !== 'intact' || signers.includes(each))
  );
}

function alterationOf(
  subject: Subject,
  { signers, solution, work }: SignedAlike,
  isShared: boolean,
  digests: PartDigests,
  engine: Engine | undefined,
): Alteration {
  const { part, covers, received } = subject;
  const remarks = signerRemarks(subject, signers, solution !== undefined, engine);
  const say = (code: AlterationRemarkCode): void => {
    remarks.push({ code, part, signer: undefined, message: remarkSentence(code) });
  };
  if (!isShared) say('signers-differ');
  if (solution !== undefined) return { ...recovered(subject, solution), remarks, work };
  const isProvable = signers.some((signer) => proofOf(signer) !== undefined);
  if (!remarks.some(({ code }) => code === 'content-fits-now')) {
    remarks.push(...searchRemarks(subject, signers, entityOfSubject(subject), digests));
    say(isProvable ? 'nothing-fits' : 'nothing-provable');
  }
  if (work.exhausted) say('budget-exhausted');
  return {
    part,
    covers,
    signers,
    received,
    original: undefined,
    fitting: [],
    changes: [],
    digests: [],
    remarks,
    message: isProvable ? lostSentence : unprovenSentence,
    work,
  };
}

function recovered(subject: Subject, { last, signers }: Solution): Omit<Alteration, 'remarks' | 'work'> {
  const changes = changesOf(last);
  const { part, covers, received, container } = subject;
  if (container !== undefined) {
    const { kind, from, to } = container;
    // Nothing in the content itself was changed by that.
    changes.push({ kind, from, to, ranges: [], message: changeClause(container) });
  }
  return {
    part,
    covers,
    signers,
    received,
    original: last.octets,
    fitting: signers,
    changes,
    digests: [...new Set(signers.flatMap(({ digestAlgorithm }) => digestAlgorithm ?? []))],
    message: recoveredSentence(changes, signers),
  };
}
