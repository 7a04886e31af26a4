import { type CmsLimits, type ContentInfo, parseContentInfo } from '../../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../../cms/oids.js';
import { type SignedData, signedDataOf } from '../../cms/signed/signed-data.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { MimeLimits } from '../../mime/limits.js';
import { parseMessage } from '../../mime/message.js';
import type { ParseOptions } from '../../mime/parse-options.js';
import type { Part } from '../../mime/part.js';
import { detachedParts, isCmsPart } from '../cms-part.js';
import { containerAmbiguity } from './container.js';
import type { OtherCmsPart } from './report.js';

/** A signature found in a message, before anything was verified. */
export interface FoundSeal {
  readonly part: string;
  readonly covers: string;
  readonly coversMessage: boolean;
  /** Whether nothing but what is signed is shown of the part that is sealed. */
  readonly coversPart: boolean;
  /** Why programs may differ in what they show of the part that is sealed. */
  readonly ambiguity: string | undefined;
  readonly form: 'detached' | 'opaque';
  /** The signed entity; for an opaque seal the root of its parsed content. */
  readonly entity: Part | undefined;
  /** The octets of a detached signature's content, as they stand. */
  readonly received: Bytes | undefined;
  /** The signature, or why it cannot be read. */
  readonly signedData: SignedData | MailsealError;
  /** The message whose From the signer should be: the nearest around the seal. */
  readonly message: Part;
}

/** Bounds on looking for seals. */
export interface SealLimits extends CmsLimits {
  /** Seals and other CMS parts in one message; default 100. One more is `limit-seals`. */
  readonly seals?: number;
  /** Seals inside one another, each of which has all that is inside it hashed; default 8. One more is `limit-depth`. */
  readonly layers?: number;
  /** Limits on parsing the message, and anew on the content of each opaque seal. */
  readonly mime?: MimeLimits;
}

/** The MIME limits among the others, as `parseMessage` takes them. */
export function mimeOptions({ mime }: SealLimits): ParseOptions {
  return mime === undefined ? {} : { limits: mime };
}

/** Where the search stands. */
interface Place {
  /** Places of parts are written after this: `''`, or what leads into an opaque seal's content. */
  readonly prefix: string;
  readonly message: Part;
  /** Whether all that is shown lies in the part looked at. */
  readonly whole: boolean;
  readonly layer: number;
}

/** Every signature in a message, outermost first, and the CMS parts that are none. */
export interface SealSearch {
  readonly seals: FoundSeal[];
  readonly others: OtherCmsPart[];
}

/** Looks through the tree of a message, and into the content of opaque seals. */
export function findSeals(message: Part, limits: SealLimits = {}): SealSearch {
  const search: SealSearch = { seals: [], others: [] };
  visit(message, { prefix: '', message, whole: true, layer: 0 }, search, limits);
  return search;
}

function visit(part: Part, place: Place, search: SealSearch, limits: SealLimits): void {
  const detached = detachedParts(part);
  if (detached !== undefined) {
    countSeal(part, search, limits);
    const layer = nextLayer(part, place, limits);
    const { signed, signature, alone } = detached;
    const ambiguity = containerAmbiguity(part, detached);
    const coversPart = alone && ambiguity === undefined;
    const whole = place.whole && coversPart;
    search.seals.push({
      part: place.prefix + part.path,
      covers: place.prefix + signed.path,
      coversMessage: whole,
      coversPart,
      ambiguity,
      form: 'detached',
      entity: signed,
      received: signed.bytes,
      signedData: attempt(() => signedDataOf(parseContentInfo(signature.content(), { limits }), { limits })),
      message: place.message,
    });
    visit(signed, { ...place, whole, layer }, search, limits);
    for (const other of part.parts) {
      if (other !== signed && other !== signature) visit(other, { ...place, whole: false }, search, limits);
    }
  } else if (isCmsPart(part)) visitCms(part, place, search, limits);
  else {
    for (const child of part.parts) {
      visit(
        child,
        { ...place, whole: false, message: part.isMessage ? child : place.message },
        search,
        limits,
      );
    }
  }
}

function countSeal(part: Part, { seals, others }: SealSearch, limits: SealLimits): void {
  const limit = limits.seals ?? 100;
  if (seals.length + others.length >= limit)
    throw new MailsealError('limit-seals', `more than ${limit} signed or sealed parts`, {
      offset: part.start,
    });
}

function nextLayer(part: Part, { layer }: Place, { layers = 8 }: SealLimits): number {
  if (layer >= layers)
    throw new MailsealError('limit-depth', `more than ${layers} seals inside one another`, {
      offset: part.start,
    });
  return layer + 1;
}

function visitCms(part: Part, place: Place, search: SealSearch, limits: SealLimits): void {
  countSeal(part, search, limits);
  const here = place.prefix + part.path;
  const contentInfo = attempt(() => parseContentInfo(part.content(), { limits }));
  const isSigned =
    !(contentInfo instanceof MailsealError) && contentInfo.contentType === ContentTypeOid.signedData;
  const signedData = isSigned
    ? attempt(() => signedDataOf(contentInfo as ContentInfo, { limits }))
    : undefined;
  if (contentInfo instanceof MailsealError || signedData instanceof MailsealError) {
    const error = contentInfo instanceof MailsealError ? contentInfo : (signedData as MailsealError);
    search.others.push({ part: here, kind: 'unreadable', signedData: undefined, error });
    return;
  }
  if (signedData === undefined || signedData.isCertsOnly) {
    const kind = signedData === undefined ? contentTypeName(contentInfo.contentType) : 'certs-only';
    search.others.push({ part: here, kind, signedData, error: undefined });
    return;
  }
  const layer = nextLayer(part, place, limits);
  const content = attempt(() => signedData.content);
  const isEntity =
    content !== undefined &&
    !(content instanceof MailsealError) &&
    signedData.eContentType === ContentTypeOid.data;
  const entity = isEntity ? parseMessage(content, mimeOptions(limits)) : undefined;
  const ambiguity = containerAmbiguity(part);
  const whole = place.whole && ambiguity === undefined;
  search.seals.push({
    part: here,
    covers: `${here}/`,
    coversMessage: whole,
    coversPart: ambiguity === undefined,
    ambiguity,
    form: 'opaque',
    entity,
    received: undefined,
    signedData: content instanceof MailsealError ? content : signedData,
    message: place.message,
  });
  if (entity !== undefined) visit(entity, { ...place, whole, prefix: `${here}/`, layer }, search, limits);
}

/** A value, or the MailsealError on the way to it: a CMS part that cannot be read, a limit in it included, is an answer. */
function attempt<T>(get: () => T): T | MailsealError {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.fault === 'usage') throw error;
    return error;
  }
}
