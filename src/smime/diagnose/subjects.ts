import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { publicDigest } from '../../crypto/digests/digest.js';
import type { Seal, VerificationReport } from '../verify/report.js';
import type { AlterationRemark, AlteredSigner } from './alteration.js';
import { messageDigestOf } from './digest-target.js';
import type { ChangeNote } from './guess.js';
import { remarkSentence } from './sentences.js';

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

/** The seals of a report with a signer whose content is altered. */
export function alteredSeals({ seals }: VerificationReport): Subject[] {
  const subjects: Subject[] = [];
  for (const seal of seals) {
    const signers = seal.signers.filter(({ content }) => content === 'altered');
    if (signers.length === 0 || seal.content === undefined) continue;
    const { part, covers, content: received } = seal;
    subjects.push({ part, covers, received, signers, seal });
  }
  return subjects;
}

/** What the signers and their attributes tell, whether or not the original is found. */
export function signerRemarks(
  { part, received, signers, seal }: Subject,
  engine: Engine | undefined,
): AlterationRemark[] {
  const remarks: AlterationRemark[] = [];
  const say = (code: AlterationRemark['code'], detail?: string): void => {
    if (!remarks.some((each) => each.code === code))
      remarks.push({ code, part, message: remarkSentence(code, detail) });
  };
  const fits = (signer: AlteredSigner, octets: Bytes): boolean => {
    const wanted = messageDigestOf(signer);
    return (
      wanted !== undefined &&
      signer.digestAlgorithm !== undefined &&
      equalBytes(wanted, publicDigest(signer.digestAlgorithm, octets, engine))
    );
  };
  const embedded = seal?.form === 'detached' ? seal.signedData?.content : undefined;
  for (const signer of signers) {
    if (signer.signer.hasSignedAttributes) {
      if (signer.signature === 'invalid') say('signature-invalid');
      else if (signer.signature === 'not-checked') say('signature-not-checked');
      else say('signature-valid');
      if (messageDigestOf(signer) === undefined) say('attribute-missing', 'message-digest');
    }
    if (fits(signer, received)) say('content-fits-now');
    if (embedded !== undefined && !equalBytes(embedded, received) && fits(signer, embedded))
      say('embedded-content-fits');
    if (signer.digestAlgorithm === 'md5' || signer.digestAlgorithm === 'sha1')
      say('weak-digest', signer.digestAlgorithm === 'md5' ? 'MD5' : 'SHA-1');
  }
  return remarks;
}
