import type { Bytes } from '../../core/bytes.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import type { MimeDefectCode } from '../defects.js';
import { parseContentType } from '../fields/content-type.js';
import type { MimeLimits } from '../limits.js';
import { LONGEST_LINE } from './open-boundaries.js';
import type { StructureFields } from './structure-fields.js';

/** What an entity's body is: octets, parts between delimiters, or another message. */
export type EntityKind = 'leaf' | 'multipart' | 'message';

/** What the scanner has to know of an entity before its body. */
export interface EntityStructure {
  readonly kind: EntityKind;
  /** Of a multipart, where it names one. */
  readonly boundary: Bytes | undefined;
  /** Whether parts without Content-Type are messages (RFC 2046 §5.1.5). */
  readonly isDigest: boolean;
  readonly defects: readonly MimeDefectCode[];
}

const NO_DEFECTS: readonly MimeDefectCode[] = [];
const LEAF: EntityStructure = { kind: 'leaf', boundary: undefined, isDigest: false, defects: NO_DEFECTS };
const MESSAGE: EntityStructure = { ...LEAF, kind: 'message' };
const ENCODED_MESSAGE: EntityStructure = { ...LEAF, defects: ['message-encoded'] };
const MESSAGE_SUBTYPES: ReadonlySet<string> = /* @__PURE__ */ new Set(['rfc822', 'global', 'news']);

/** The transfer encodings that make other octets; one that is not known is taken for none. */
const ENCODED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['base64', 'quoted-printable', 'uuencode', 'x-uuencode', 'x-uue', 'uue'],
]);

/**
 * What the first Content-Type and the first Content-Transfer-Encoding make of
 * an entity's body. Everything but multiparts and messages is passed by
 * without parsing.
 */
export function entityStructure(
  { contentType, transferEncoding }: StructureFields,
  inDigest: boolean,
  limits: MimeLimits,
): EntityStructure {
  const isEncoded = transferEncoding !== undefined && ENCODED.has(transferEncoding);
  if (contentType === undefined) return inDigest ? messageStructure(isEncoded) : LEAF;
  if (typeof contentType === 'string') return closely(contentType, isEncoded, limits);
  const { kind, boundary, isDigest } = contentType;
  if (kind === 'leaf') return LEAF;
  if (kind === 'message') return messageStructure(isEncoded);
  return { kind, boundary, isDigest, defects: isEncoded ? ['multipart-encoded'] : NO_DEFECTS };
}

function messageStructure(isEncoded: boolean): EntityStructure {
  return isEncoded ? ENCODED_MESSAGE : MESSAGE;
}

/** The structure by a content type's text. */
function closely(contentType: string, isEncoded: boolean, limits: MimeLimits): EntityStructure {
  if (!/^[mM(]/.test(contentType)) return LEAF;
  // Here a hit of a limit never throws: it does, or is a defect, where the part's content type is asked for.
  const { type, subtype, parameters } = parseContentType(contentType, 0, { limits, onLimit: 'truncate' });
  if (type === 'multipart') {
    const boundary = trimBoundary(parameters.get('boundary'));
    const defects: MimeDefectCode[] = [];
    if (boundary === undefined) defects.push('boundary-missing');
    if (isEncoded) defects.push('multipart-encoded');
    return { kind: 'multipart', boundary, isDigest: subtype === 'digest', defects };
  }
  return type === 'message' && MESSAGE_SUBTYPES.has(subtype) ? messageStructure(isEncoded) : LEAF;
}

/** RFC 2046 §5.1.1: a boundary does not end in blanks; lines lose theirs on the way. One that no line can hold is none. */
function trimBoundary(boundary: string | undefined): Bytes | undefined {
  if (boundary === undefined || boundary.length > LONGEST_LINE) return undefined;
  // By steps: `/[ \t]+$/` takes quadratic time where blanks stand inside.
  let end = boundary.length;
  while (end > 0 && (boundary[end - 1] === ' ' || boundary[end - 1] === '\t')) end--;
  return end === 0 ? undefined : bytesFromUtf8(boundary.slice(0, end));
}
