import type { Bytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import { detachedParts } from '../cms-part.js';
import type { Seal, VerificationReport } from '../verify/report.js';
import type { AlteredSigner } from './alteration.js';
import { isSound } from './digest-target.js';
import type { PartDigests } from './fitting-part.js';
import type { ChangeNote } from './guess.js';

/** One content whose original is looked for. */
export interface Subject {
  readonly part: string;
  readonly covers: string;
  readonly received: Bytes;
  readonly signers: readonly AlteredSigner[];
  /** The seal as the report has it; `undefined` where the message no longer shows that there is one. */
  readonly seal: Seal | undefined;
  /** What was done to the parts around the content, where they no longer look like a seal. */
  readonly container?: ChangeNote;
}

/** A signature over a file that a message carries, as it was signed: no seal of the message, and nothing was altered. */
export interface FileSignature {
  readonly part: string;
  /** The part that holds the file. */
  readonly file: string;
}

/** What a message has that a diagnosis is about. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly files: readonly FileSignature[];
}

/** The seals of a report with a signer whose content is altered, and those whose labels were changed around it. */
export function alteredSeals({ seals }: VerificationReport, digests: PartDigests): Subjects {
  const subjects: Subject[] = [];
  const files: FileSignature[] = [];
  for (const seal of seals) {
    const { part, covers, content: received } = seal;
    if (received === undefined) continue;
    const container = relabelling(seal);
    const altered = seal.signers.filter(({ content }) => content === 'altered');
    const file = container === undefined ? undefined : fileUnder(altered, digests);
    if (file !== undefined) files.push({ part, file });
    else if (container !== undefined) {
      const signers = seal.signers.filter(({ content }) => content !== 'missing');
      if (signers.length > 0) subjects.push({ part, covers, received, signers, seal, container });
    } else if (altered.length > 0) subjects.push({ part, covers, received, signers: altered, seal });
  }
  return { subjects, files };
}

/** Where signers signed a file: in a container that says nothing of S/MIME that is a usual thing to send. */
function fileUnder(signers: readonly AlteredSigner[], digests: PartDigests): string | undefined {
  if (signers.length === 0 || !signers.every(isSound)) return undefined;
  const fitting = digests.fitting(signers.map(({ signer }) => signer));
  return fitting?.as === 'file' ? fitting.part.path : undefined;
}

/** What was done to the labels around a seal; `undefined` where they are as they should be. */
export function relabelling({ form, entity }: Seal): ChangeNote | undefined {
  const around = form === 'detached' ? entity?.parent : undefined;
  return around === undefined ? undefined : labelChange(around);
}

/** What was done to a multipart/signed, where its labels are not those that it had. */
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
