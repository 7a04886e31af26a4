import { latin1FromBytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import type { AlterationRemark, AlterationRemarkCode, AlteredSigner } from './alteration.js';
import { entityOf } from './body/leaves.js';
import { linesOf } from './body/lines.js';
import { type PartDigests, someParts } from './fitting-part.js';
import { remarkSentence } from './sentences.js';
import type { Subject } from './subjects.js';

/** Notes that programs put in the place of an attachment say so at their beginning. */
const noteOctets = 4096;
/** Octets at the end of a text in which a footer may begin. */
const footerOctets = 4096;

/** Words with which programs tell that an attachment is gone. */
const removed =
  /\b(?:removed|deleted|stripped|blocked|quarantined|detached|replaced|discarded|rejected|disinfected|scrubbed|entfernt|gelöscht|supprimée?|eliminado)\b|(?:除去|削除|隔離|取り除|無害化)/i;
const attachment =
  /\b(?:attachments?|file|part|content|virus|malware|anhang|datei|pièce jointe|fichier|adjunto)\b|(?:添付|ファイル|ウイルス|ウィルス)/i;
/** Names that programs give such notes. */
const noteNames = /^(?:deleted\d*|warning|virus[-_ ]?warning|attachment[-_ ]?warning)/i;
const noteWords = /removed|deleted|blocked|quarantine/i;
/** File systems have no longer names. */
const longestName = 255;

/** How a line looks above which a text ends and a footer begins. */
const separator = /^(?:[-_=*~]{5,}|--|-- )$/;
const footerWords =
  /\b(?:mailing list|mailman|unsubscribe|list-?info|confidential|disclaimer|scanned|virus|avg|avast|mimecast|intended (?:only )?for|sympa|google groups)\b|(?:メーリングリスト|ウイルス|購読|機密)/i;

/** What the octets of a content tell whose original was not found. */
export function searchRemarks(
  { part, covers }: Subject,
  signers: readonly AlteredSigner[],
  entity: Part | undefined,
  digests: PartDigests,
): AlterationRemark[] {
  const remarks: AlterationRemark[] = [];
  const say = (code: AlterationRemarkCode, about: string, detail?: string): void => {
    remarks.push({ code, part: about, signer: undefined, message: remarkSentence(code, detail) });
  };
  const other = digests.fitting(signers.map(({ signer }) => signer));
  if (other?.as === 'file') say('file-signature', other.part.path, placeName(other.part.path));
  else if (other !== undefined && other.part.path !== covers)
    say('other-part-fits', other.part.path, placeName(other.part.path));
  if (entity !== undefined) {
    if (hasLfOnly(entity)) say('line-ends-lf', part);
    for (const leaf of someParts(entity)) {
      if (leaf.isMultipart || leaf.isMessage || !leaf.contentType.mediaType.startsWith('text/')) continue;
      if (leaf !== entity && isNote(leaf)) say('attachment-replaced', leaf.path, placeName(leaf.path));
      else if (endsInFooter(leaf)) say('footer-suspected', leaf.path, placeName(leaf.path));
      if (isDamaged(leaf)) say('text-damaged', leaf.path, placeName(leaf.path));
    }
  }
  return remarks;
}

/** The signed entity of a subject as it stands in the message; `undefined` where no part shows it. */
export function entityOfSubject({ seal, received }: Subject): Part | undefined {
  return seal?.entity ?? entityOf(received);
}

/** The place of a part as sentences name it. */
export function placeName(path: string): string {
  return path === '' ? '1' : path;
}

/** Whether an entity has LF line ends and no CRLF as it stands. */
function hasLfOnly({ bytes }: Part): boolean {
  return bytes.includes(0x0a) && !bytes.includes(0x0d);
}

function isNoteName(name: string): boolean {
  return (
    name.length <= longestName &&
    /\.(?:txt|html?)$/i.test(name) &&
    (noteNames.test(name) || noteWords.test(name))
  );
}

/** Whether a short text reads like one that a scanner put in the place of an attachment. */
function isNote(leaf: Part): boolean {
  if (leaf.end - leaf.bodyStart > noteOctets) return false;
  const { filename } = leaf;
  const isAttachment = filename !== undefined || leaf.contentDisposition?.type === 'attachment';
  if (filename !== undefined && isNoteName(filename)) return true;
  const text = leaf.text();
  if (!removed.test(text)) return false;
  // A text with the name of a picture or a program is not what that was.
  const isRenamed = filename !== undefined && !/\.(?:txt|html?|md|csv|log|asc)$/i.test(filename);
  return isRenamed || (attachment.test(text) && (isAttachment || leaf.parent?.parts[0] !== leaf));
}

function endsInFooter(leaf: Part): boolean {
  const content = leaf.content();
  const from = Math.max(0, content.length - footerOctets);
  const { starts, ends } = linesOf(content, from);
  for (let i = ends.length - 2; i >= 0; i--) {
    if (!separator.test(latin1FromBytes(content, starts[i]!, Math.min(ends[i]!, starts[i]! + 100)))) continue;
    // The charset of what a relay appends is its own; the words are looked for in the text as shown.
    return footerWords.test(leaf.text().slice(-footerOctets));
  }
  return false;
}

/** Whether text has octets that stand for nothing in its charset: what was converted twice, or in part. */
function isDamaged(leaf: Part): boolean {
  leaf.text();
  return leaf.defects.some(({ code }) => code === 'charset-damaged');
}
