import type { Part } from '../../mime/part.js';
import type { OpenReport } from '../open/report.js';
import type { VerificationReport } from '../verify/report.js';
import type { AlterationRemark, AlterationRemarkCode } from './alteration.js';
import { placeName } from './remarks.js';
import { remarkSentence } from './sentences.js';
import type { FileSignature } from './subjects.js';

const encryption: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'envelopedData',
  'authEnvelopedData',
  'encryptedData',
]);

/** What can be said of a message as a whole: above all why nothing can be said of some of its content. */
export function messageRemarks(
  report: VerificationReport | OpenReport,
  files: readonly FileSignature[],
  isSealed: boolean,
): AlterationRemark[] {
  const remarks: AlterationRemark[] = [];
  const say = (code: AlterationRemarkCode, part: Part['path'], detail?: string): void => {
    remarks.push({ code, part, signer: undefined, message: remarkSentence(code, detail) });
  };
  const envelopes = 'envelopes' in report ? report.envelopes : [];
  for (const { part, type, opened } of envelopes) {
    if (!opened && encryption.has(type)) say('encrypted', part, placeName(part));
  }
  for (const { part, kind } of report.others) {
    if (encryption.has(kind)) say('encrypted', part, placeName(part));
    else if (kind === 'unreadable') say('signature-unreadable', part, placeName(part));
  }
  for (const { part, error, content, signers } of report.seals) {
    if (error !== undefined) say('signature-unreadable', part, placeName(part));
    // Where its content stands elsewhere, the hidden seals tell.
    else if (content !== undefined && signers.some((signer) => signer.content === 'missing'))
      say('content-unknown', part, placeName(part));
  }
  for (const { part, file } of files) say('file-signature', part, placeName(file));
  if (remarks.length === 0 && !isSealed) say('not-signed', '');
  return remarks;
}
