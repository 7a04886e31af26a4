import { parseContentType } from './content-type.js';
import type { MimeDefectCode } from './defects.js';
import type { MimeLimits } from './limits.js';
import { LONGEST_LINE } from './open-boundaries.js';
import { parseTransferEncoding } from './transfer-encoding.js';

/** What an entity's body is: octets, parts between delimiters, or another message. */
export type EntityKind = 'leaf' | 'multipart' | 'message';

/** What the scanner has to know of an entity before its body. */
export interface EntityStructure {
  readonly kind: EntityKind;
  /** Of a multipart, where it names one. */
  readonly boundary: string | undefined;
  /** Whether parts without Content-Type are messages (RFC 2046 §5.1.5). */
  readonly isDigest: boolean;
  readonly defects: readonly MimeDefectCode[];
}

const LEAF: EntityStructure = { kind: 'leaf', boundary: undefined, isDigest: false, defects: [] };
const ENCODED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['base64', 'quoted-printable', 'uuencode', 'x-uuencode', 'x-uue'],
]);
const MESSAGE_SUBTYPES: ReadonlySet<string> = /* @__PURE__ */ new Set(['rfc822', 'global', 'news']);

/**
 * What the values of the first Content-Type and the first
 * Content-Transfer-Encoding make of an entity's body. Everything but
 * multiparts and messages is passed by without parsing.
 */
export function entityStructure(
  contentType: string | undefined,
  transferEncoding: string | undefined,
  inDigest: boolean,
  limits: MimeLimits = {},
): EntityStructure {
  let type = inDigest && contentType === undefined ? 'message' : 'text';
  let subtype = 'rfc822';
  let boundary: string | undefined;
  if (contentType !== undefined && /^[mM(]/.test(contentType)) {
    // Here a hit of a limit never throws: it does, or is a defect, where the part's content type is asked for.
    const parsed = parseContentType(contentType, 0, { limits, onLimit: 'truncate' });
    ({ type, subtype } = parsed);
    if (type === 'multipart') boundary = trimBoundary(parsed.parameters.get('boundary'));
  }
  if (type === 'multipart') {
    const defects: MimeDefectCode[] = [];
    if (boundary === undefined) defects.push('boundary-missing');
    if (!isIdentity(transferEncoding)) defects.push('multipart-encoded');
    return { kind: 'multipart', boundary, isDigest: subtype === 'digest', defects };
  }
  if (type !== 'message' || !MESSAGE_SUBTYPES.has(subtype)) return LEAF;
  if (isIdentity(transferEncoding)) return { ...LEAF, kind: 'message' };
  return { ...LEAF, defects: ['message-encoded'] };
}

/** RFC 2046 §5.1.1: a boundary does not end in blanks; lines lose theirs on the way. One that no line can hold is none. */
function trimBoundary(boundary: string | undefined): string | undefined {
  if (boundary === undefined || boundary.length > LONGEST_LINE) return undefined;
  return boundary.replace(/[ \t]+$/, '') || undefined;
}

/** Whether the octets stand there as they are; an encoding that is not known is taken for none. */
function isIdentity(transferEncoding: string | undefined): boolean {
  return transferEncoding === undefined || !ENCODED.has(parseTransferEncoding(transferEncoding));
}
