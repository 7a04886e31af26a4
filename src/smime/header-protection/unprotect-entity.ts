import { type Bytes, bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import { type LeafChange, STALE_AT_ROOT, safeEntity } from '../entity/safe-entity.js';
import { contentTypeWith, outerField } from '../entity/safe-fields.js';
import { withoutLegacyDisplay } from './legacy-display.js';

/** How the header of a content says that it is protected. */
type Scheme = 'none' | 'clear' | 'cipher' | 'wrapped';

/** Whether the fields stand in the content's own header (RFC 9788 §2.1). */
export function isProtected(scheme: Scheme): boolean {
  return scheme === 'clear' || scheme === 'cipher';
}

/**
 * The content of a message whose protected fields stand outside again: its
 * Content fields, a blank line and its body, octet for octet. Where the header
 * was protected in it, what said so is left out (RFC 9788 §2.1): it would hide
 * the fields outside and the beginning of the text as soon as the content is
 * sealed anew. Texts that begin with a copy of the fields are written without.
 */
export function unprotectedEntity(entity: Part, scheme: Scheme): Bytes {
  const copies = isProtected(scheme) ? withoutLegacyDisplay(entity) : new Map<Part, undefined>();
  if (copies.size > 0) {
    const leaves = new Map<Part, LeafChange>();
    // RFC 9788 §4.5.3: only what was encrypted with its header has a copy of it.
    if (scheme === 'cipher')
      for (const [part, change] of copies) if (change !== undefined) leaves.set(part, change);
    return safeEntity(entity, '8bit', { leaves }).octets;
  }
  return concatBytes([unprotectedHeader(entity, scheme), entity.bodyBytes]);
}

/** The header of such an entity, with the blank line, where no text in it begins with a copy of the fields. */
export function unprotectedHeader(entity: Part, scheme: Scheme): Bytes {
  const isStale = isProtected(scheme);
  let header = '';
  let hasType = false;
  for (const field of entity.headers) {
    const name = field.name.toLowerCase();
    if (!name.startsWith('content-')) continue;
    if (isStale && name === 'content-type' && !hasType) {
      hasType = true;
      header += contentTypeWith(field, entity.contentType, [], STALE_AT_ROOT);
    } else header += outerField(field);
  }
  return bytesFromLatin1(`${header}\r\n`);
}
