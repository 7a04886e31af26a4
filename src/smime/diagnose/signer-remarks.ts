import { contentTypeAttribute } from '../../cms/attributes.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { publicDigest } from '../../crypto/digests/digest.js';
import type { AlterationRemark, AlterationRemarkCode, AlteredSigner } from './alteration.js';
import { messageDigestOf, readAttribute } from './digest-target.js';
import { remarkSentence } from './sentences.js';
import type { Subject } from './subjects.js';

/** What signers and their attributes tell, whether or not what they signed was found. */
export function signerRemarks(
  { part, received, seal }: Subject,
  signers: readonly AlteredSigner[],
  isRecovered: boolean,
  engine: Engine | undefined,
): AlterationRemark[] {
  const remarks: AlterationRemark[] = [];
  const embedded = seal?.form === 'detached' ? seal.signedData?.content : undefined;
  for (const signer of signers) {
    const say = (code: AlterationRemarkCode, detail?: string): void => {
      remarks.push({ code, part, signer, message: remarkSentence(code, detail) });
    };
    saySignature(signer, say);
    const fitsNow = fits(signer, received, engine);
    if (signer.signer.hasSignedAttributes)
      sayAttributes(signer, isRecovered || fitsNow, seal?.signedData?.eContentType, say);
    if (fitsNow && signer.content === 'altered') say('content-fits-now');
    if (embedded !== undefined && !equalBytes(embedded, received) && fits(signer, embedded, engine))
      say('embedded-content-fits');
    if (signer.digestAlgorithm === 'md5' || signer.digestAlgorithm === 'sha1')
      say('weak-digest', signer.digestAlgorithm === 'md5' ? 'MD5' : 'SHA-1');
  }
  return remarks;
}

type Say = (code: AlterationRemarkCode, detail?: string) => void;

/** Whether the signature value holds over what it is over, which is the attributes where there are any. */
function saySignature({ signer, signature, certificate }: AlteredSigner, say: Say): void {
  if (signer.hasSignedAttributes) {
    if (signature === 'invalid') say('signature-invalid');
    else if (signature === 'not-checked') say('signature-not-checked');
    else say(signature === 'weak' ? 'signature-weak' : 'signature-valid');
  } else if (certificate === undefined) say('signature-not-checked');
}

/** Which attribute differs from what came (RFC 5652 §5.6, §11.1 and §11.2). */
function sayAttributes(
  signer: AlteredSigner,
  isExplained: boolean,
  contentType: string | undefined,
  say: Say,
): void {
  if (messageDigestOf(signer) === undefined) say('attribute-missing', 'message-digest');
  else if (!isExplained) say('digest-differs');
  const type = readAttribute(signer.signer, contentTypeAttribute);
  if (type === undefined) say('attribute-missing', 'content-type');
  else if (contentType !== undefined && type !== contentType) say('content-type-differs');
}

/** Whether octets have the digest that a signer signed. */
export function fits(signer: AlteredSigner, octets: Bytes, engine: Engine | undefined): boolean {
  const wanted = messageDigestOf(signer);
  return (
    wanted !== undefined &&
    signer.digestAlgorithm !== undefined &&
    equalBytes(wanted, publicDigest(signer.digestAlgorithm, octets, engine))
  );
}
