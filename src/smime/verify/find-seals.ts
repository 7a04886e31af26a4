import { type CmsLimits, type ContentInfo, parseContentInfo } from '../../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../../cms/oids.js';
import { type SignedData, signedDataOf } from '../../cms/signed/signed-data.js';
import { MailsealError } from '../../core/errors.js';
import type { MimeLimits } from '../../mime/limits.js';
import { parseMessage } from '../../mime/message.js';
import type { ParseOptions } from '../../mime/parse-options.js';
import type { Part } from '../../mime/part.js';
import { type DetachedParts, detachedParts, isCmsPart } from '../cms-part.js';
import { containerAmbiguity } from './container.js';
import {
  type EnvelopeType,
  type FoundEnvelope,
  type FoundLayer,
  type FoundSeal,
  isEncryption,
  type Place,
} from './found-layer.js';
import type { PassedCms, PassedParts } from './passed-parts.js';
import type { OtherCmsPart } from './report.js';

/** Bounds on looking for seals. */
export interface SealLimits extends CmsLimits {
  /** Seals and other CMS parts in one message; default 100. One more is `limit-seals`. */
  readonly seals?: number;
  /** Seals and opened envelopes inside one another, each of which has all inside it gone through; default 8. One more is `limit-depth`. */
  readonly layers?: number;
  /** Limits on parsing the message, and anew on the content of each opaque seal and envelope. */
  readonly mime?: MimeLimits;
}

/** Seals and other CMS parts that a message may have, where its reader says nothing of them. */
export const defaultSeals = 100;

/** The MIME limits among the others, as `parseMessage` takes them. */
export function mimeOptions({ mime }: SealLimits): ParseOptions {
  return mime === undefined ? {} : { limits: mime };
}

const envelopeTypes: ReadonlySet<string> = /* @__PURE__ */ new Set<EnvelopeType>([
  'envelopedData',
  'authEnvelopedData',
  'encryptedData',
  'compressedData',
]);

/** Every signature in a message, outermost first, and the CMS parts that are none. */
export interface SealSearch {
  readonly seals: readonly FoundSeal[];
  readonly others: readonly OtherCmsPart[];
}

/** A search that can go on in the content of envelopes. */
export interface LayerSearch {
  /** Outermost first, then in the order of the message; what is in an envelope is in its `inside`. */
  readonly layers: FoundLayer[];
  /** Envelopes that {@link lookInside} was not called for. */
  readonly closed: FoundEnvelope[];
  readonly limits: SealLimits;
  /** Of a message that was read in pieces. */
  readonly passed: PassedParts;
  count: number;
}

/** Looks through the tree of a message, and into the content of opaque seals. */
export function findSeals(message: Part, limits: SealLimits = {}, passed?: PassedParts): SealSearch {
  const { layers } = findLayers(message, limits, passed);
  const seals: FoundSeal[] = [];
  const others: OtherCmsPart[] = [];
  for (const layer of layers) {
    if (layer.kind === 'seal') seals.push(layer);
    else if (layer.kind === 'other') others.push(layer.other);
    else others.push(closedEnvelope(layer));
  }
  return { seals, others };
}

/** An envelope as those see it who have no key. */
function closedEnvelope({ part, type: kind }: FoundEnvelope): OtherCmsPart {
  return { part, kind, signedData: undefined, error: undefined };
}

/** Begins a search for all layers of a message. */
export function findLayers(
  message: Part,
  limits: SealLimits = {},
  passed: PassedParts = new Map(),
): LayerSearch {
  const search: LayerSearch = { layers: [], closed: [], limits, passed, count: 0 };
  const place = { prefix: '', message, whole: true, layer: 0, around: undefined };
  visit(message, place, { search, layers: search.layers });
  return search;
}

/**
 * Goes on in the content of an envelope, which is a MIME entity.
 *
 * @throws MailsealError `limit-depth`, `limit-seals`, and the limits of MIME.
 */
export function lookInside(envelope: FoundEnvelope, entity: Part, search: LayerSearch): void {
  visit(entity, placeInside(envelope, search), { search, layers: envelope.inside });
}

/** Goes on in the content of an envelope that is itself a CMS object, without MIME around it; throws as {@link lookInside}. */
export function lookInsideCms(
  envelope: FoundEnvelope,
  contentInfo: ContentInfo | MailsealError,
  search: LayerSearch,
): void {
  const place = placeInside(envelope, search);
  const { container, inside } = envelope;
  countSeal(container, search);
  visitContentInfo(contentInfo, { here: place.prefix, container, place, into: { search, layers: inside } });
}

function placeInside(envelope: FoundEnvelope, { limits }: LayerSearch): Place {
  const layer = nextLayer(envelope.container, envelope.place, limits);
  return { ...envelope.place, layer, around: envelope };
}

/** A search, and where what it finds is put. */
interface Into {
  readonly search: LayerSearch;
  readonly layers: FoundLayer[];
}

function visit(part: Part, place: Place, into: Into): void {
  const detached = detachedParts(part);
  if (detached !== undefined) visitDetached(part, detached, place, into);
  else if (isCmsPart(part)) {
    countSeal(part, into.search);
    const { limits, passed } = into.search;
    const at: CmsVisit = { here: place.prefix + part.path, container: part, place, into };
    const cms = passed.get(part)?.cms;
    if (cms !== undefined) visitPassedCms(cms, at);
    else
      visitContentInfo(
        attempt(() => parseContentInfo(part.content(), { limits })),
        at,
      );
  } else {
    for (const child of part.parts) {
      visit(child, { ...place, whole: false, message: part.isMessage ? child : place.message }, into);
    }
  }
}

function visitDetached(part: Part, detached: DetachedParts, place: Place, into: Into): void {
  const { limits, passed } = into.search;
  countSeal(part, into.search);
  const layer = nextLayer(part, place, limits);
  const { signed, signature, alone } = detached;
  const ambiguity = containerAmbiguity(part, detached, passed.get(part)?.strayLines);
  const passedEntity = passed.get(signed)?.entity;
  const passedSignature = passed.get(signature)?.cms;
  const coversPart = alone && ambiguity === undefined;
  const whole = place.whole && coversPart;
  const seal: FoundSeal = {
    kind: 'seal',
    part: place.prefix + part.path,
    covers: place.prefix + signed.path,
    coversMessage: whole,
    coversPart,
    ambiguity,
    form: 'detached',
    entity: signed,
    received: passedEntity === undefined ? signed.bytes : undefined,
    passed: passedEntity,
    signedData:
      passedSignature === undefined
        ? attempt(() => signedDataOf(parseContentInfo(signature.content(), { limits }), { limits }))
        : passedSignatureOf(passedSignature),
    embedded: passedSignature?.content,
    message: place.message,
    container: part,
    signaturePart: signature,
    around: place.around,
    aroundEncryption: false,
  };
  into.layers.push(seal);
  visit(signed, { ...place, whole, layer, around: seal }, into);
  for (const other of part.parts) {
    if (other !== signed && other !== signature) visit(other, { ...place, whole: false }, into);
  }
}

function countSeal(part: Part, search: LayerSearch): void {
  const limit = search.limits.seals ?? defaultSeals;
  if (search.count >= limit)
    throw new MailsealError('limit-seals', `more than ${limit} signed or sealed parts`, {
      offset: part.start,
    });
  search.count++;
}

function nextLayer(part: Part, { layer }: Place, { layers = 8 }: SealLimits): number {
  if (layer >= layers)
    throw new MailsealError('limit-depth', `more than ${layers} seals inside one another`, {
      offset: part.start,
    });
  return layer + 1;
}

/** A CMS part that is visited. */
interface CmsVisit {
  readonly here: string;
  readonly container: Part;
  readonly place: Place;
  readonly into: Into;
}

function visitContentInfo(contentInfo: ContentInfo | MailsealError, at: CmsVisit): void {
  const { limits } = at.into.search;
  if (contentInfo instanceof MailsealError) {
    addOther('unreadable', at, { error: contentInfo });
    return;
  }
  if (contentInfo.contentType !== ContentTypeOid.signedData) {
    const kind = contentTypeName(contentInfo.contentType);
    if (envelopeTypes.has(kind)) addEnvelope(kind as EnvelopeType, contentInfo, at);
    else addOther(kind, at);
    return;
  }
  const signedData = attempt(() => signedDataOf(contentInfo, { limits }));
  if (signedData instanceof MailsealError) addOther('unreadable', at, { error: signedData });
  else if (signedData.isCertsOnly) addOther('certs-only', at, { signedData });
  else {
    visitOpaque(at, () => {
      const content = attempt(() => signedData.content);
      if (content instanceof MailsealError)
        return { signedData: content, entity: undefined, passed: undefined };
      const isEntity = content !== undefined && signedData.eContentType === ContentTypeOid.data;
      const entity = isEntity ? parseMessage(content, mimeOptions(limits)) : undefined;
      return { signedData, entity, passed: undefined };
    });
  }
}

/** As {@link visitContentInfo}, of a part that went by. */
function visitPassedCms(cms: PassedCms, at: CmsVisit): void {
  const { structure, contentType, content, entity } = cms;
  if (structure instanceof MailsealError) {
    if (structure.code === 'cms-wrong-type' && contentType !== undefined)
      addOther(contentTypeName(contentType), at);
    else addOther('unreadable', at, { error: structure });
    // Damage does not make known what was encrypted.
    if (isEncryptionType(contentType)) markAround(at.place.around);
  } else if (structure.kind !== 'signedData') {
    if (cms.envelope !== undefined) {
      addEnvelope(cms.envelope.type, cms, at);
      return;
    }
    addOther(structure.kind, at);
    if (isEncryptionType(contentType)) markAround(at.place.around);
  } else if (structure.signedData.isCertsOnly) {
    addOther('certs-only', at, { signedData: structure.signedData });
  } else {
    visitOpaque(at, () => {
      if (entity instanceof MailsealError) throw entity;
      const passed = content === undefined ? undefined : { canonical: content, received: undefined };
      return { signedData: structure.signedData, entity, passed };
    });
  }
}

function addOther(
  kind: string,
  { here, place, into }: CmsVisit,
  { signedData, error }: Partial<Pick<OtherCmsPart, 'signedData' | 'error'>> = {},
): void {
  const other = { part: here, kind, signedData, error };
  into.layers.push({ kind: 'other', part: here, other, around: place.around });
}

function addEnvelope(
  type: EnvelopeType,
  source: FoundEnvelope['source'],
  { here, container, place, into }: CmsVisit,
): void {
  const { around } = place;
  const ambiguity = containerAmbiguity(container);
  const whole = place.whole && ambiguity === undefined;
  const envelope: FoundEnvelope = {
    kind: 'envelope',
    part: here,
    type,
    coversMessage: whole,
    ambiguity,
    source,
    container,
    around,
    inside: [],
    place: { ...place, whole, prefix: `${here}/` },
  };
  into.layers.push(envelope);
  into.search.closed.push(envelope);
  if (isEncryption(envelope)) markAround(around);
}

/** Visits a signature with its content in it; `read` gives both, and is called only where they may lie so deep. */
function visitOpaque(
  { here, container, place, into }: CmsVisit,
  read: () => Pick<FoundSeal, 'signedData' | 'entity' | 'passed'>,
): void {
  const ambiguity = containerAmbiguity(container);
  const whole = place.whole && ambiguity === undefined;
  const layer = nextLayer(container, place, into.search.limits);
  const { signedData, entity, passed } = read();
  const seal: FoundSeal = {
    kind: 'seal',
    part: here,
    covers: `${here}/`,
    coversMessage: whole,
    coversPart: ambiguity === undefined,
    ambiguity,
    form: 'opaque',
    entity,
    received: undefined,
    passed,
    embedded: undefined,
    signedData,
    message: place.message,
    container,
    signaturePart: undefined,
    around: place.around,
    aroundEncryption: false,
  };
  into.layers.push(seal);
  if (entity !== undefined) visit(entity, { ...place, whole, prefix: `${here}/`, layer, around: seal }, into);
}

/** A signature that was too long to be kept, and beside what it is over. */
function passedSignatureOf({ structure }: PassedCms): SignedData | MailsealError {
  if (structure instanceof MailsealError) return structure;
  if (structure.kind !== 'signedData')
    return new MailsealError('cms-wrong-type', `signedData is wanted, this is ${structure.kind}`);
  return structure.signedData;
}

function isEncryptionType(contentType: string | undefined): boolean {
  const kind = contentType === undefined ? '' : contentTypeName(contentType);
  return envelopeTypes.has(kind) && kind !== 'compressedData';
}

function markAround(around: FoundLayer | undefined): void {
  for (let at = around; at !== undefined; at = at.around) if (at.kind === 'seal') at.aroundEncryption = true;
}

/** A value, or the MailsealError on the way to it: a CMS part that cannot be read, a limit in it included, is an answer. */
export function attempt<T>(get: () => T): T | MailsealError {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.fault === 'usage') throw error;
    return error;
  }
}
