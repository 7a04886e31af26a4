import type { Part } from '../part.js';
import { relatedRoot } from './related.js';

/** The leaves of a message by what they are for, as RFC 8621 §4.1.4 chooses them. */
export interface BodyChoice {
  /** What to show to a reader of plain text, in order: text, HTML where there is no text for it, media in between. */
  readonly textBody: readonly Part[];
  /** What to show to a reader of HTML. */
  readonly htmlBody: readonly Part[];
  /** What is in neither, or in only one of the two where that one alone would not show it. */
  readonly attachments: readonly Part[];
}

/** One multipart that is being gone through. */
interface Frame {
  readonly parts: readonly Part[];
  next: number;
  /** Lower case, such as `alternative`. */
  readonly subtype: string;
  readonly inAlternative: boolean;
  /** Which of its parts is the root, for multipart/related. */
  readonly root: Part | undefined;
  /** `undefined` once the other form was chosen for this place. */
  textBody: Part[] | undefined;
  htmlBody: Part[] | undefined;
  readonly textLength: number;
  readonly htmlLength: number;
}

/**
 * Chooses what is body and what is attachment (RFC 8621 §4.1.4, which is what
 * mail programs do). Messages inside the message are not gone into. Unlike
 * there the root of a multipart/related is what its `start` names, and a
 * multipart without a single part is text, since nothing else would show it.
 *
 * @param apart parts that are left out with all inside them
 */
export function chooseBodies(message: Part, apart: ReadonlySet<Part> = NONE): BodyChoice {
  const textBody: Part[] = [];
  const htmlBody: Part[] = [];
  const attachments: Part[] = [];
  // A stack, since limits may allow trees that are thousands deep.
  const frames: Frame[] = [frameOf([message], 'mixed', undefined, false, textBody, htmlBody)];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const part = frame.parts[frame.next];
    if (part === undefined) {
      endAlternative(frame);
      frames.pop();
      continue;
    }
    frame.next++;
    if (part !== message && apart.has(part)) continue;
    if (part.isMultipart && part.parts.length > 0) {
      const { subtype } = part.contentType;
      const inAlternative = frame.inAlternative || subtype === 'alternative';
      const root = subtype === 'related' ? relatedRoot(part) : undefined;
      frames.push(frameOf(part.parts, subtype, root, inAlternative, frame.textBody, frame.htmlBody));
    } else if (isShown(frame, part)) show(frame, part, attachments);
    else attachments.push(part);
  }
  return { textBody, htmlBody, attachments };
}

const NONE: ReadonlySet<Part> = /* @__PURE__ */ new Set();

/**
 * The first text of each side alone. Joined texts are how an attacker gets at
 * what he cannot read: his HTML begins an address before it and ends it after.
 */
export function firstTexts({ textBody, htmlBody, attachments }: BodyChoice): BodyChoice {
  const first = (parts: readonly Part[]): readonly Part[] =>
    parts.filter((part) => !isMedia(part)).slice(0, 1);
  const texts = first(textBody);
  const htmls = first(htmlBody);
  const left = [...textBody, ...htmlBody].filter((part) => !texts.includes(part) && !htmls.includes(part));
  return { textBody: texts, htmlBody: htmls, attachments: [...new Set([...attachments, ...left])] };
}

function frameOf(
  parts: readonly Part[],
  subtype: string,
  root: Part | undefined,
  inAlternative: boolean,
  textBody: Part[] | undefined,
  htmlBody: Part[] | undefined,
): Frame {
  const textLength = textBody?.length ?? -1;
  const htmlLength = htmlBody?.length ?? -1;
  return { parts, next: 0, subtype, root, inAlternative, textBody, htmlBody, textLength, htmlLength };
}

/** Image, audio or video, which may stand between texts. */
export function isMedia(part: Part): boolean {
  return /^(?:image|audio|video)$/.test(part.contentType.type);
}

/** What a part is taken for; a multipart without parts is the text that it holds. */
export function shownType(part: Part): string {
  return part.isMultipart ? 'text/plain' : part.contentType.mediaType;
}

function isShown(frame: Frame, part: Part): boolean {
  if (part.contentDisposition?.type === 'attachment') return false;
  const type = shownType(part);
  if (type !== 'text/plain' && type !== 'text/html' && !isMedia(part)) return false;
  if (frame.subtype === 'related') return part === frame.root;
  // A type that cannot be read counts as text/plain (RFC 2045 §5.2), but with a name it is some file.
  const isUnreadable = part.contentType.defects.some(({ code }) => code === 'content-type-malformed');
  if (isUnreadable && part.filename !== undefined) return false;
  // A text with a file name that is not the first part is a file that is text.
  return frame.next === 1 || isMedia(part) || part.filename === undefined;
}

function show(frame: Frame, part: Part, attachments: Part[]): void {
  const type = shownType(part);
  if (frame.subtype === 'alternative') {
    if (type === 'text/plain') frame.textBody?.push(part);
    else if (type === 'text/html') frame.htmlBody?.push(part);
    else attachments.push(part);
    return;
  }
  if (frame.inAlternative) {
    if (type === 'text/plain') frame.htmlBody = undefined;
    if (type === 'text/html') frame.textBody = undefined;
  }
  frame.textBody?.push(part);
  frame.htmlBody?.push(part);
  if ((frame.textBody === undefined || frame.htmlBody === undefined) && isMedia(part)) attachments.push(part);
}

/** Where only one of two alternatives is there, it serves for both. */
function endAlternative({ subtype, textBody, htmlBody, textLength, htmlLength }: Frame): void {
  if (subtype !== 'alternative' || textBody === undefined || htmlBody === undefined) return;
  const texts = textBody.slice(textLength);
  const htmls = htmlBody.slice(htmlLength);
  // One by one: arguments go on the stack, which has no room for all parts of every message.
  if (texts.length === 0) for (const part of htmls) textBody.push(part);
  else if (htmls.length === 0) for (const part of texts) htmlBody.push(part);
}
