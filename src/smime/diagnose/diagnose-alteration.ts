import type { AbortSignalLike } from '../../core/abort.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { type OctetRange, Part } from '../../mime/part.js';
import type { VerificationReport } from '../verify/report.js';
import type {
  Alteration,
  AlterationChange,
  AlterationDiagnosis,
  AlterationRemark,
  ChangedRange,
  DiagnosisLimits,
} from './alteration.js';
import { entityOf } from './body/leaves.js';
import { DigestTarget } from './digest-target.js';
import { editsBetween, mapBack } from './edits.js';
import { families } from './families.js';
import { hiddenSeals } from './hidden-seals.js';
import { entityOfSubject, searchRemarks } from './remarks.js';
import { type Solution, type Step, search } from './search.js';
import { changeClause, lostSentence, recoveredSentence, remarkSentence } from './sentences.js';
import { alteredSeals, type Subject, signerRemarks } from './subjects.js';
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
 * content with the same digest (but for MD5 and SHA-1, which is told). It is
 * evidence of what was sent, not a valid signature over what came: the report
 * stays as it is.
 *
 * @param message The octets that were verified, or the message as parsed.
 * @param report What `verifyMessage` or `openMessage` said of it.
 * @throws MailsealError `usage` for a report of another message, or a limit that is not a number of 0 or more;
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
  if (!equalBytes(octets, report.message.source))
    throw new MailsealError('usage', 'the report is of another message than the one given');
  const budget = new WorkBudget(options.limits);
  const alterations: Alteration[] = [];
  const subjects = [...alteredSeals(report), ...(await hiddenSeals(report, options))];
  for (const subject of subjects) alterations.push(await diagnose(subject, report, budget, options));
  return {
    recovered: alterations.length > 0 && alterations.every(({ original }) => original !== undefined),
    alterations,
    remarks: [],
  };
}

async function diagnose(
  subject: Subject,
  report: VerificationReport,
  budget: WorkBudget,
  options: DiagnoseOptions,
): Promise<Alteration> {
  const { part, covers, received, signers } = subject;
  const before = budget.since();
  const remarks: AlterationRemark[] = signerRemarks(subject, options.engine);
  const target = new DigestTarget(signers, budget, options.engine);
  const fitsAlready = remarks.some(({ code }) => code === 'content-fits-now');
  const intact = subject.container === undefined ? [] : signers.filter(({ content }) => content === 'intact');
  const solution: Solution | undefined =
    intact.length > 0
      ? { last: { octets: received, from: undefined, notes: [] }, signers: intact }
      : target.isEmpty || fitsAlready
        ? undefined
        : await search(received, {
            target,
            families,
            budget,
            context: { foldWidth: options.foldWidth ?? false },
            signal: options.signal,
          });
  const work = budget.since(before);
  if (solution !== undefined) return { ...recovered(subject, solution), remarks, work };
  if (!fitsAlready)
    remarks.push(...searchRemarks(subject, entityOfSubject(subject), report.message, options.engine));
  if (work.exhausted)
    remarks.push({ code: 'budget-exhausted', part, message: remarkSentence('budget-exhausted') });
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
    message: lostSentence,
    work,
  };
}

function recovered(subject: Subject, { last, signers }: Solution): Omit<Alteration, 'remarks' | 'work'> {
  const changes = changesOf(last);
  const { container } = subject;
  if (container !== undefined) {
    const { kind, from, to } = container;
    // Nothing in the content itself was changed by that.
    changes.push({ kind, from, to, ranges: [], message: changeClause(container) });
  }
  const digests = [...new Set(signers.flatMap(({ digestAlgorithm }) => digestAlgorithm ?? []))];
  return {
    part: subject.part,
    covers: subject.covers,
    signers: subject.signers,
    received: subject.received,
    original: last.octets,
    fitting: signers,
    changes,
    digests,
    message: recoveredSentence(
      changes,
      digests.every((name) => name === 'md5' || name === 'sha1'),
    ),
  };
}

/** What was undone, told as it was done: what was undone last had been done first. */
function changesOf(last: Step): AlterationChange[] {
  const chain: Step[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.from) chain.unshift(step);
  const changes: AlterationChange[] = [];
  const undone: ChangedRange[][] = [];
  for (const [i, step] of chain.entries()) {
    const previous = chain[i - 1];
    if (previous === undefined) continue;
    const edits = editsBetween(step.octets, previous.octets);
    const headers = step.notes.some(({ region }) => region !== undefined) ? headersIn(previous.octets) : [];
    const told = step.notes.map((note) => {
      const { kind, from, to, region } = note;
      const own = edits.filter(
        (edit) => region === undefined || (region === 'header') === headers.some(isIn(edit)),
      );
      const ranges = undone.reduceRight((mapped, earlier) => mapBack(mapped, earlier), own);
      return { kind, from, to, ranges, message: changeClause(note) };
    });
    changes.unshift(...told);
    undone.push(edits);
  }
  return changes;
}

const isIn =
  (edit: OctetRange) =>
  ({ start, end }: OctetRange): boolean =>
    edit.start >= start && edit.end <= end;

/** The header blocks of an entity and of the parts in it. */
function headersIn(octets: Bytes): OctetRange[] {
  const entity = entityOf(octets);
  if (entity === undefined) return [];
  return [...entity.walk()].map(({ start, headersEnd: end }) => ({ start, end }));
}
