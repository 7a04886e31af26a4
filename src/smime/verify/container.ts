import { type FindPair, pairFinder } from '../../core/find-pair.js';
import type { Part } from '../../mime/part.js';
import type { DetachedParts } from '../cms-part.js';

/** Labels under which no program shows the octets of a CMS object as text. */
const inertTypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'application/pkcs7-mime',
  'application/x-pkcs7-mime',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/octet-stream',
]);

/**
 * Why programs may differ in what they show of a sealed container, as a
 * clause; `undefined` where they agree. Nothing of the container itself is
 * signed, neither its header nor what stands around its parts, so whoever
 * sends a genuine signature on can write there what he likes: what is read in
 * two ways shows one message to the verifier and another to the reader.
 *
 * @param strayLines lines that begin with its boundary, of octets that the container was left without
 */
export function containerAmbiguity(
  container: Part,
  detached?: DetachedParts,
  strayLines = 0,
): string | undefined {
  const found = headerAmbiguity(container);
  if (found !== undefined) return found;
  if (detached === undefined) return labelAmbiguity(container);
  return (
    multipartAmbiguity(container, detached, strayLines) ??
    headerAmbiguity(detached.signature) ??
    labelAmbiguity(detached.signature)
  );
}

function headerAmbiguity(part: Part): string | undefined {
  // RFC 5322 §3.6 and RFC 2045 allow each once; some programs take the first, others the last.
  for (const name of ['Content-Type', 'Content-Transfer-Encoding']) {
    const count = part.headers.all(name).length;
    if (count > 1) return `it has ${count} ${name} fields`;
  }
  const { headerBytes } = part;
  for (let at = headerBytes.indexOf(0x0d); at >= 0; at = headerBytes.indexOf(0x0d, at + 1)) {
    // RFC 5322 §2.2: CR stands only before LF; some programs begin a new line at any.
    if (headerBytes[at + 1] !== 0x0a) return 'its header has a CR that ends no line';
  }
  const { defects } = part;
  if (defects.some(({ code }) => code === 'header-line-malformed'))
    return 'its header has a line that is no field';
  if (defects.some(({ code }) => code === 'headers-unterminated'))
    return 'no blank line stands after its header';
  return undefined;
}

function labelAmbiguity(part: Part): string | undefined {
  const { mediaType } = part.contentType;
  return inertTypes.has(mediaType)
    ? undefined
    : `the signature is labelled ${mediaType}, and may be shown as that`;
}

function multipartAmbiguity(
  container: Part,
  { alone }: DetachedParts,
  strayLines: number,
): string | undefined {
  const { mediaType, parameters } = container.contentType;
  // Of alternatives only one is shown, of related parts the root, and in a digest an unlabelled part is a message.
  if (mediaType !== 'multipart/signed' && mediaType !== 'multipart/mixed')
    return `it is a ${mediaType}, of which not every part is shown alike`;
  // RFC 2045 §6.4: a multipart has none of the other encodings; some programs undo them all the same.
  if (!/^(?:7bit|8bit|binary)$/.test(container.transferEncoding))
    return `it claims the transfer encoding ${container.transferEncoding}`;
  const boundary = parameters.get('boundary') ?? '';
  const value = container.headers.get('content-type')?.value ?? '';
  if (plainBoundary(value) !== boundary) return 'its boundary is written so that it can be read in two ways';
  // RFC 2046 §5.1.1: it suffices for a delimiter that a line begins with it, so none but the true ones may.
  const lines = linesBeginningWith(container.bodyBytes, `--${boundary}`) + strayLines;
  if (alone && lines !== container.delimiters.length)
    return 'more lines than its delimiters begin with its boundary';
  return undefined;
}

/** The boundary as the simplest reading of the field has it; `undefined` where it could be there twice or in another form. */
function plainBoundary(value: string): string | undefined {
  if ((value.match(/boundary[*\d\s]*=/gi)?.length ?? 0) !== 1) return undefined;
  const found = /;\s{0,998}boundary\s{0,998}=\s{0,998}(?:"([^"\\]*)"|([^\s;"()]+))/i.exec(value);
  // RFC 2046 §5.1.1: a boundary does not end in blanks.
  return (found?.[1] ?? found?.[2])?.trimEnd();
}

/** Octets for each `--` that is looked at before it is no longer the runtime that looks for them. */
const octetsPerHyphens = 256;

/**
 * Counts lines that begin with an ASCII text, itself beginning with `--` as delimiters do, whatever ends lines. The
 * runtime looks for the two hyphens, as long as they are rare.
 */
export function linesBeginningWith(octets: Uint8Array, text: string, find: FindPair = findHyphens): number {
  let count = 0;
  let hits = 0;
  for (let at = find(octets, 0); at >= 0; at = find(octets, at + 1)) {
    if (++hits * octetsPerHyphens > at + 65_536) return count + linesFrom(octets, at, text);
    if (isLineStart(octets, at) && beginsWith(octets, at, text)) count++;
  }
  return count;
}

const findHyphens: FindPair = /* @__PURE__ */ pairFinder(0x2d, 0x2d, 'auto');

/**
 * The same from one place on. The octet where the text would end
 * says how far ahead it can begin at the earliest (Horspool), and octets are
 * compared at beginnings of lines alone: as the text has no line end in it, no
 * octet is compared twice.
 */
function linesFrom(octets: Uint8Array, from: number, text: string): number {
  const last = text.length - 1;
  const steps = new Uint32Array(256).fill(text.length);
  for (let i = 0; i < last; i++) steps[text.charCodeAt(i)] = last - i;
  const ending = text.charCodeAt(last);
  let count = 0;
  for (let at = from; at + last < octets.length; ) {
    const octet = octets[at + last]!;
    if (octet === ending && isLineStart(octets, at) && beginsWith(octets, at, text)) count++;
    at += steps[octet]!;
  }
  return count;
}

function isLineStart(octets: Uint8Array, at: number): boolean {
  const before = octets[at - 1];
  return before === undefined || before === 0x0a || before === 0x0d;
}

/** Whether a text of one octet for each character stands there; other text stands nowhere. */
export function beginsWith(octets: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (octets[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
