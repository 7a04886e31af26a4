import { type Bytes, concatBytes } from '../../core/bytes.js';
import { parseMessage } from '../../mime/message.js';
import type { Part } from '../../mime/part.js';
import { withoutLegacyDisplay } from '../header-protection/legacy-display.js';
import { isProtected, unprotectedEntity, unprotectedHeader } from '../header-protection/unprotect-entity.js';
import { noEntity, notEncrypted, unwrappedHeader } from './decrypt-message.js';
import type { CmsEnvelope, Layer, OpenReport } from './report.js';

/** What `decryptMessage` makes of a message that went by. */
export interface PassedDecryption {
  readonly envelope: CmsEnvelope;
  /** What stands before the body of the message, with the blank line. */
  readonly header: Bytes;
  /** Where the body begins among the octets that were told of `envelope.part`. */
  readonly bodyStart: number;
  /** Makes the message of all octets of the content, where its texts are to be changed, too. */
  readonly whole: ((content: Bytes) => Bytes) | undefined;
}

/**
 * `decryptMessage` by the report on a message that was read in pieces, for who kept what was told of its outermost
 * encryption.
 *
 * @throws MailsealError as `decryptMessage`
 */
export function passedDecryption(report: OpenReport): PassedDecryption {
  const envelope = wholeEnvelope(report.layers);
  if (envelope === undefined) {
    const [outermost] = report.layers;
    throw notEncrypted(
      outermost?.kind === 'other' ? outermost.other : undefined,
      report.layers.some((layer) => layer.kind === 'envelope' && layer.envelope.type !== 'compressedData'),
    );
  }
  if (envelope.error !== undefined) throw envelope.error;
  const { entity } = envelope;
  if (entity === undefined) throw noEntity(envelope.content);
  const payload = payloadInside(report.layers, envelope, entity);
  const { header, scheme } = unwrappedHeader(report.message, entity, payload);
  const hasCopies = isProtected(scheme) && withoutLegacyDisplay(entity).size > 0;
  return {
    envelope,
    header: concatBytes([header, unprotectedHeader(entity, scheme)]),
    bodyStart: entity.bodyStart,
    whole: hasCopies
      ? (content) => concatBytes([header, unprotectedEntity(parseMessage(content), scheme)])
      : undefined,
  };
}

/** The outermost encryption around all that the message shows, or the message itself. */
function wholeEnvelope(layers: readonly Layer[]): CmsEnvelope | undefined {
  for (const layer of layers) {
    if (layer.kind !== 'envelope' || enclosing(layer) !== undefined) continue;
    const { envelope } = layer;
    if (envelope.type === 'compressedData') continue;
    if (envelope.coverage === 'message' || envelope.part === '') return envelope;
  }
  return undefined;
}

/** The envelope next outside. */
function enclosing({ around }: Layer): CmsEnvelope | undefined {
  for (let at = around; at !== undefined; at = at.around) if (at.kind === 'envelope') return at.envelope;
  return undefined;
}

/** RFC 9788 §1.7, as for a message that is there as a whole. */
function payloadInside(layers: readonly Layer[], envelope: CmsEnvelope, entity: Part): Part | undefined {
  const inside = layers.filter((layer) => enclosing(layer) === envelope);
  const last = inside.findLast(
    (layer) =>
      (layer.kind === 'seal' && layer.seal.coverage === 'message') ||
      (layer.kind === 'envelope' && layer.envelope.coverage === 'message'),
  );
  if (last === undefined) return entity;
  return last.kind === 'seal' ? last.seal.entity : undefined;
}
