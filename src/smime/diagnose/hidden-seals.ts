import { parseContentInfo } from '../../cms/content-info.js';
import { ContentTypeOid } from '../../cms/oids.js';
import { type SignedData, signedDataOf } from '../../cms/signed/signed-data.js';
import { verifySignedData } from '../../cms/verify/verify.js';
import type { AbortSignalLike } from '../../core/abort.js';
import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import { detachedParts, isSignaturePart } from '../cms-part.js';
import { attempt } from '../verify/find-seals.js';
import type { Seal, VerificationReport } from '../verify/report.js';
import type { AlteredSigner } from './alteration.js';
import { entityOf } from './body/leaves.js';
import { linesOf } from './body/lines.js';
import { partWithDigest, someParts } from './fitting-part.js';
import type { ChangeNote } from './guess.js';
import type { Subject } from './subjects.js';

/** A signature is not longer; one with all its certificates has some kilobytes. */
const longestSignature = 1_048_576;
/** Lines that say they begin a signature, of which each is tried. */
const mostMarks = 8;
/** No answer here depends on the time: trust is not asked. */
const anyTime: Date = /* @__PURE__ */ new Date(0);

interface HiddenOptions extends EngineOptions {
  readonly signal?: AbortSignalLike;
}

/** A signature and what it may be over, found where programs do not look. */
interface Found {
  readonly part: string;
  readonly covers: string;
  readonly content: Bytes;
  readonly signedData: SignedData;
  readonly note: ChangeNote;
}

/**
 * Signatures that the message no longer shows as such, and those whose container was relabelled: relays and lists
 * change the type of a multipart/signed (RFC 1847 §2.1), or lose that of its second part.
 */
export async function hiddenSeals(report: VerificationReport, options: HiddenOptions): Promise<Subject[]> {
  const subjects = report.seals.flatMap((seal) => relabelled(seal) ?? []);
  const found = [...separated(report, options.engine)];
  if (report.seals.length === 0)
    found.push(...inText(report.message), ...unlabelled(report.message, options.engine));
  for (const { part, covers, content, signedData, note } of found) {
    const signers = await signersOf(signedData, content, options);
    if (signers.length > 0)
      subjects.push({ part, covers, received: content, signers, seal: undefined, container: note });
  }
  return subjects;
}

/** A seal that verifies though the labels around it were changed. */
function relabelled(seal: Seal): Subject | undefined {
  const container = seal.form === 'detached' ? seal.entity?.parent : undefined;
  const { content: received, part, covers } = seal;
  if (container === undefined || received === undefined) return undefined;
  const signers = seal.signers.filter(({ content }) => content === 'intact');
  const note = labelChange(container);
  if (note === undefined || signers.length === 0) return undefined;
  return { part, covers, received, signers, seal, container: note };
}

/** What was done to a multipart/signed around a content that is as it was. */
function labelChange(container: Part): ChangeNote | undefined {
  const { mediaType } = container.contentType;
  if (mediaType !== 'multipart/signed')
    return { kind: 'container-changed', from: 'multipart/signed', to: mediaType };
  const detached = detachedParts(container);
  if (detached === undefined) return undefined;
  const label = detached.signature.contentType.mediaType;
  if (!/^application\/(?:x-)?pkcs7-signature$/.test(label))
    return { kind: 'container-changed', from: 'application/pkcs7-signature', to: label };
  // RFC 1847 §2.1: it has exactly two parts.
  return detached.alone ? undefined : { kind: 'part-added' };
}

/** Detached signatures that stand as parts of their own: what they are over stands elsewhere in the message. */
function* separated({ seals, message }: VerificationReport, engine: Engine | undefined): Generator<Found> {
  for (const { part: path, form, signedData, content, signers } of seals) {
    if (form !== 'opaque' || content !== undefined || signedData === undefined) continue;
    const signature = partAt(message, path);
    if (signature === undefined || signers.length === 0) continue;
    const outer = signature.parent?.contentType.mediaType ?? message.contentType.mediaType;
    const note: ChangeNote = { kind: 'container-changed', from: 'multipart/signed', to: outer };
    const found = overOtherPart(message, signature, signedData, note, engine);
    if (found !== undefined) yield found;
  }
}

/** Leaves that hold a signature under another label. */
function* unlabelled(message: Part, engine: Engine | undefined): Generator<Found> {
  for (const part of someParts(message)) {
    if (part.isMultipart || part.isMessage || isSignaturePart(part)) continue;
    const signedData = signatureIn(part);
    if (signedData === undefined) continue;
    const to = part.contentType.mediaType;
    const { content } = signedData;
    if (content === undefined) {
      const from = 'application/pkcs7-signature';
      const note: ChangeNote = { kind: 'container-changed', from, to };
      const found = overOtherPart(message, part, signedData, note, engine);
      if (found !== undefined) yield found;
    } else {
      const note: ChangeNote = { kind: 'container-changed', from: 'application/pkcs7-mime', to };
      yield { part: part.path, covers: `${part.path}/`, content, signedData, note };
    }
  }
}

function signatureIn(part: Part): SignedData | undefined {
  if (part.end - part.bodyStart > 2 * longestSignature) return undefined;
  const octets = part.content();
  // A SEQUENCE, or PEM.
  if (octets[0] !== 0x30 && octets[0] !== 0x2d) return undefined;
  const signedData = attempt(() => {
    const contentInfo = parseContentInfo(octets);
    return contentInfo.contentType === ContentTypeOid.signedData ? signedDataOf(contentInfo) : undefined;
  });
  return signedData instanceof Error || signedData?.isCertsOnly === true ? undefined : signedData;
}

/** The part that has the signed digest; else the one before the signature, which is what it was over. */
function overOtherPart(
  message: Part,
  signature: Part,
  signedData: SignedData,
  note: ChangeNote,
  engine: Engine | undefined,
): Found | undefined {
  const siblings = signature.parent?.parts ?? [];
  const before =
    siblings[siblings.indexOf(signature) - 1] ?? siblings.find(({ start }) => start < signature.start);
  const fitting = partWithDigest(message, signedData.signers, engine);
  const over = fitting ?? before;
  if (over === undefined) return undefined;
  const content = canonicalLineEnds(over.bytes);
  return { part: signature.path, covers: over.path, content, signedData, note };
}

/** A multipart/signed whose boundary nobody looks for, since its type or the boundary in it was lost. */
function* inText(message: Part): Generator<Found> {
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
      yield { part: path, covers: `${path}/1`, content, signedData, note };
    }
  }
}

/** Boundaries of delimiters that a header of a signature follows. */
function boundariesBeforeSignatures(text: Bytes): string[] {
  const found = new Set<string>();
  const { starts, ends } = linesOf(text);
  let delimiter: string | undefined;
  for (let i = 0; i < ends.length && found.size < mostMarks; i++) {
    const start = starts[i]!;
    const length = ends[i]! - start;
    if (length === 0) delimiter = undefined;
    // RFC 2046 §5.1.1: a boundary has at most 70 characters.
    else if (text[start] === 0x2d && text[start + 1] === 0x2d && length > 2 && length <= 100)
      delimiter = latin1FromBytes(text, start + 2, ends[i]!).trimEnd();
    else if (delimiter !== undefined && (text[start]! | 0x20) === 0x63 && length < 998) {
      const line = latin1FromBytes(text, start, ends[i]!);
      const isMark = /^content-type:.{0,80}(?:pkcs7-signature|octet-stream)/i.test(line);
      if (isMark && /^[\x20-\x7e]{1,70}$/.test(delimiter) && !/["\\]/.test(delimiter)) found.add(delimiter);
    }
  }
  return [...found];
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

function partAt(message: Part, path: string): Part | undefined {
  return someParts(message).find((part) => part.path === path);
}
