import type { Part } from '../mime/part.js';

const signatureTypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);
const envelopeTypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'application/pkcs7-mime',
  'application/x-pkcs7-mime',
]);

/** Whether a part is a detached signature by its type, or by its file name where the type is another (RFC 8551 §3.2.1). */
export function isSignaturePart(part: Part): boolean {
  return (
    !part.isMultipart &&
    (signatureTypes.has(part.contentType.mediaType) || /\.p7s$/i.test(part.filename ?? ''))
  );
}

/** Whether a part is a CMS object of its own: pkcs7-mime, or a file name that says so (RFC 8551 §3.9). */
export function isCmsPart(part: Part): boolean {
  if (part.isMultipart || part.isMessage) return false;
  return (
    envelopeTypes.has(part.contentType.mediaType) ||
    isSignaturePart(part) ||
    /\.p7[mcz]$/i.test(part.filename ?? '')
  );
}

/** Whether a part is named as S/MIME names its parts (RFC 8551 §3.2.1), or not at all; a file that was sent has its own name. */
export function hasNoOwnName({ filename }: Part): boolean {
  return filename === undefined || /^smime\.p7[ms]$/i.test(filename);
}

/** Whether a detached signature stands where that of a multipart/signed does, and not beside a file that it is of. */
export function isLostSeal(signature: Part): boolean {
  const parameters = signature.parent?.contentType.parameters;
  return (
    hasNoOwnName(signature) || parameters?.has('protocol') === true || parameters?.has('micalg') === true
  );
}

/** What is signed and its signature, in a multipart that has them as RFC 1847 §2.1 wants or nearly so. */
export interface DetachedParts {
  readonly signed: Part;
  readonly signature: Part;
  /** False where other parts stand beside the two, which nothing covers. */
  readonly alone: boolean;
}

/**
 * Finds the two parts of a multipart/signed. A multipart of another subtype
 * counts too when its second part is a signature: some relays and lists
 * rewrite the type. PGP/MIME (RFC 3156) is none.
 */
export function detachedParts(part: Part): DetachedParts | undefined {
  if (!part.isMultipart) return undefined;
  const [signed, second] = part.parts;
  if (signed === undefined || second === undefined) return undefined;
  const alone = part.parts.length === 2;
  if (isSignaturePart(second)) return { signed, signature: second, alone };
  const isSigned = part.contentType.mediaType === 'multipart/signed';
  if (!isSigned || /pgp/i.test(part.contentType.parameters.get('protocol') ?? second.contentType.mediaType))
    return undefined;
  // RFC 1847 §2.1: the signature is the second part; its label may be wrong, but not its place.
  return isCmsPart(second) || announcesSignature(part) ? { signed, signature: second, alone } : undefined;
}

/** Whether a multipart/signed says of itself that its second part is an S/MIME signature (RFC 8551 §3.5.3.2). */
export function announcesSignature({ contentType: { mediaType, parameters } }: Part): boolean {
  return (
    mediaType === 'multipart/signed' && signatureTypes.has((parameters.get('protocol') ?? '').toLowerCase())
  );
}
