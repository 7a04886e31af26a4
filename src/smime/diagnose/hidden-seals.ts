import { parseContentInfo } from '../../cms/content-info.js';
import { ContentTypeOid } from '../../cms/oids.js';
import { type SignedData, signedDataOf } from '../../cms/signed/signed-data.js';
import { verifySignedData } from '../../cms/verify/verify.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import { detachedParts, hasNoOwnName, isLostSeal, isSignaturePart } from '../cms-part.js';
import { longestSignature, SignatureMarks } from '../signature-marks.js';
import { attempt } from '../verify/find-seals.js';
import type { Seal, VerificationReport } from '../verify/report.js';
import type { AlteredSigner } from './alteration.js';
import { entityOf } from './body/leaves.js';
import { isSound } from './digest-target.js';
import { type PartDigests, someParts } from './fitting-part.js';
import type { ChangeNote } from './guess.js';
import { type FileSignature, relabelling, type Subject, type Subjects } from './subjects.js';
import type { WorkBudget } from './work-budget.js';

/** No answer here depends on the time: trust is not asked. */
const anyTime: Date = /* @__PURE__ */ new Date(0);

/** Signatures that are verified. */
const mostHidden = 16;

/** What a search for hidden seals takes. */
export interface HiddenOptions extends EngineOptions {
  readonly budget: WorkBudget;
  readonly digests: PartDigests;
  readonly signal?: AbortSignalLike | undefined;
}

/** A signature found where programs do not look; without content it is over some other part. */
interface Candidate {
  readonly part: string;
  readonly signedData: SignedData;
  readonly note: ChangeNote;
  /** What it is over, where that is known by where it stands. */
  readonly over?: { readonly covers: string; readonly content: Bytes };
  /** The part with the signature, where what it is over stands elsewhere. */
  readonly apart?: Part;
}

/**
 * Signatures that the message no longer shows as such: relays and lists change the type of a multipart/signed
 * (RFC 1847 §2.1), or lose that of its second part.
 */
export async function hiddenSeals(report: VerificationReport, options: HiddenOptions): Promise<Subjects> {
  const { budget, digests, signal } = options;
  const subjects: Subject[] = [];
  const files: FileSignature[] = [];
  let tried = 0;
  for (const candidate of candidates(report)) {
    throwIfAborted(signal);
    if (tried++ === mostHidden) break;
    const { part, signedData, note, apart } = candidate;
    const over = candidate.over ?? overOtherPart(report, apart!, signedData, digests);
    if (over === undefined) continue;
    if ('file' in over) {
      files.push({ part, file: over.file });
      continue;
    }
    const { covers, content: received } = over;
    if (!budget.spendOctets(received.length * signedData.signers.length)) break;
    const signers = await signersOf(signedData, received, options);
    if (signers.length > 0)
      subjects.push({ part, covers, received, signers, seal: undefined, container: note });
  }
  return { subjects, files };
}

/** Whether a message looks as if it had such a signature, or one that was relabelled; nothing is hashed or verified for that. */
export function mayHideSeals(report: VerificationReport): boolean {
  if (report.seals.some((seal) => relabelling(seal) !== undefined)) return true;
  for (const { apart } of candidates(report)) if (apart === undefined || isLostSeal(apart)) return true;
  return false;
}

function* candidates(report: VerificationReport): Generator<Candidate> {
  yield* separated(report);
  if (report.seals.length > 0) return;
  yield* inText(report.message);
  yield* unlabelled(report.message);
}

/** Detached signatures that stand as parts of their own: what they are over stands elsewhere in the message. */
function* separated({ seals, message }: VerificationReport): Generator<Candidate> {
  for (const { part, form, signedData, content, signers } of seals) {
    if (form !== 'opaque' || content !== undefined || signedData === undefined) continue;
    // What went by and was not kept was there.
    if (signers.some((signer) => signer.content !== 'missing')) continue;
    const apart = someParts(message).find(({ path }) => path === part);
    if (apart === undefined || signers.length === 0) continue;
    const outer = apart.parent?.contentType.mediaType ?? message.contentType.mediaType;
    yield {
      part,
      signedData,
      apart,
      note: { kind: 'container-changed', from: 'multipart/signed', to: outer },
    };
  }
}

/** Leaves that hold a signature under another label. */
function* unlabelled(message: Part): Generator<Candidate> {
  for (const leaf of someParts(message)) {
    if (leaf.isMultipart || leaf.isMessage || isSignaturePart(leaf)) continue;
    const signedData = signatureIn(leaf);
    if (signedData === undefined) continue;
    const { path: part } = leaf;
    const to = leaf.contentType.mediaType;
    const { content } = signedData;
    if (content === undefined) {
      const note: ChangeNote = { kind: 'container-changed', from: 'application/pkcs7-signature', to };
      yield { part, signedData, note, apart: leaf };
    } else if (hasNoOwnName(leaf) && isMimeEntity(content)) {
      const note: ChangeNote = { kind: 'container-changed', from: 'application/pkcs7-mime', to };
      yield { part, signedData, note, over: { covers: `${part}/`, content } };
    }
  }
}

/** Whether octets are what S/MIME signs (RFC 8551 §3.1): a signed file begins with no header. */
function isMimeEntity(content: Bytes): boolean {
  return entityOf(content)?.headers.get('content-type') !== undefined;
}

function signatureIn(part: Part): SignedData | undefined {
  if (part.end - part.bodyStart > longestSignature) return undefined;
  const octets = part.content();
  // A SEQUENCE, or PEM.
  if (octets[0] !== 0x30 && octets[0] !== 0x2d) return undefined;
  const signedData = attempt(() => {
    const contentInfo = parseContentInfo(octets);
    return contentInfo.contentType === ContentTypeOid.signedData ? signedDataOf(contentInfo) : undefined;
  });
  return signedData instanceof Error || signedData?.isCertsOnly === true ? undefined : signedData;
}

/** The part that has the signed digest; else the one before the signature, where that is what it was over. */
function overOtherPart(
  { seals }: VerificationReport,
  signature: Part,
  signedData: SignedData,
  digests: PartDigests,
): { readonly covers: string; readonly content: Bytes } | { readonly file: string } | undefined {
  const fitting = digests.fitting(signedData.signers);
  if (fitting?.as === 'file') return { file: fitting.part.path };
  let over = fitting?.part;
  // Under a signature that holds nothing was altered since.
  if (over === undefined && isLostSeal(signature) && !seals.some((seal) => isIntactAround(seal, signature))) {
    const siblings = signature.parent?.parts ?? [];
    over = siblings[siblings.indexOf(signature) - 1] ?? siblings.find(({ start }) => start < signature.start);
  }
  return over && { covers: over.path, content: canonicalLineEnds(over.bytes) };
}

function isIntactAround({ covers, signers }: Seal, { path }: Part): boolean {
  return (
    path.startsWith(`${covers}.`) && signers.some((signer) => signer.content === 'intact' && isSound(signer))
  );
}

/** A multipart/signed whose boundary nobody looks for, since its type or the boundary in it was lost. */
function* inText(message: Part): Generator<Candidate> {
  for (const leaf of someParts(message)) {
    if (leaf.parts.length > 0 || leaf.end === leaf.bodyStart) continue;
    const text = leaf.content();
    for (const boundary of boundariesBeforeSignatures(text)) {
      const restored = entityOf(
        concatBytes([
          bytesFromLatin1(`Content-Type: multipart/signed; boundary="${boundary}"\r\n\r\n`),
          text,
        ]),
      );
      const detached = restored === undefined ? undefined : detachedParts(restored);
      const signedData = detached === undefined ? undefined : signatureIn(detached.signature);
      if (detached === undefined || signedData === undefined) continue;
      const content = canonicalLineEnds(detached.signed.bytes);
      const to = leaf.contentType.mediaType;
      const note: ChangeNote = { kind: 'container-changed', from: 'multipart/signed', to };
      const { path } = leaf;
      yield { part: path, signedData, note, over: { covers: `${path}/1`, content } };
    }
  }
}

function boundariesBeforeSignatures(text: Bytes): string[] {
  const marks = new SignatureMarks();
  marks.update(text);
  return marks.finish();
}

async function signersOf(
  signedData: SignedData,
  content: Bytes,
  { engine, signal }: HiddenOptions,
): Promise<readonly AlteredSigner[]> {
  try {
    return await verifySignedData(signedData, {
      at: anyTime,
      content,
      ...(engine === undefined ? {} : { engine }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // What looked like a signature and cannot be read is none.
    if (
      !(error instanceof MailsealError) ||
      error.fault === 'usage' ||
      error.code === 'crypto-engine-unavailable'
    )
      throw error;
    return [];
  }
}
