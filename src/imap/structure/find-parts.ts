import { decodeText } from '../text.js';
import type { BodyStructure } from './body-structure.js';
import { bodyFileName, mediaTypeOf, type PlacedPart, parameterText, placeParts, walkParts } from './walk.js';

/** A part that is signed, or holds something of CMS. */
export interface SignedPart {
  /**
   * `detached`: a multipart/signed of S/MIME (RFC 8551 §3.5.3); `cms`: a part
   * whose content is a CMS object, signed or sealed (RFC 8551 §3.5.2 — only
   * its octets tell); `pgp`: a multipart/signed of PGP/MIME (RFC 3156 §5).
   */
  readonly kind: 'detached' | 'cms' | 'pgp';
  /** The multipart, or the part that holds the CMS object. */
  readonly container: PlacedPart;
  /** What the signature is over; `undefined` for `cms`. */
  readonly signed: PlacedPart | undefined;
  /** The signature; `undefined` for `cms`. */
  readonly signature: PlacedPart | undefined;
}

const signatureTypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);
const cmsTypes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'application/pkcs7-mime',
  'application/x-pkcs7-mime',
  ...signatureTypes,
]);

/**
 * Every part of a structure that says that it is signed, outermost first.
 * What it covers, and whether it is true, only verifying tells.
 *
 * Like `verifyMessage` of mailseal/smime it goes by the types and, where those
 * were changed on the way, by names of files (`.p7s`, `.p7m`); it does not go
 * into a CMS object.
 *
 * @param body what BODYSTRUCTURE gave; BODY does as far as types tell.
 *
 * @example
 * ```ts
 * import { type BodyStructure, findSignedParts } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [], octets: 10 };
 * const body: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'SIGNED',
 *   parts: [
 *     { ...common, kind: 'text', type: 'TEXT', subtype: 'PLAIN', lines: 1 },
 *     { ...common, kind: 'basic', type: 'APPLICATION', subtype: 'X-PKCS7-SIGNATURE' },
 *   ],
 * };
 * const [found] = findSignedParts(body);
 * console.log(found?.kind, found?.signature?.path); // detached 2
 * ```
 */
export function findSignedParts(body: BodyStructure | PlacedPart): SignedPart[] {
  const found: SignedPart[] = [];
  const within = new Set<PlacedPart>();
  for (const part of walkParts(body)) {
    // The signature of a container is no object beside it.
    if (within.has(part)) continue;
    const signed = signedPart(part);
    if (signed === undefined) continue;
    found.push(signed);
    if (signed.signature !== undefined) within.add(signed.signature);
  }
  return found;
}

function signedPart(container: PlacedPart): SignedPart | undefined {
  const { body } = container;
  if (body.kind === 'message') return undefined;
  if (body.kind !== 'multipart') {
    return isCms(body) ? { kind: 'cms', container, signed: undefined, signature: undefined } : undefined;
  }
  const [signed, signature] = container.parts;
  if (signed === undefined || signature === undefined) return undefined;
  if (isSignature(signature.body)) return { kind: 'detached', container, signed, signature };
  if (mediaTypeOf(body) !== 'multipart/signed') return undefined;
  const type = mediaTypeOf(signature.body);
  const protocol = parameterText(body.parameters, 'protocol').toLowerCase();
  if (/pgp/.test(protocol || type)) {
    return type === 'application/pgp-signature' ? { kind: 'pgp', container, signed, signature } : undefined;
  }
  return signatureTypes.has(protocol) || isCms(signature.body)
    ? { kind: 'detached', container, signed, signature }
    : undefined;
}

function isSignature(body: BodyStructure): boolean {
  if (body.kind === 'multipart') return false;
  return signatureTypes.has(mediaTypeOf(body)) || /\.p7s$/i.test(fileNameText(body));
}

function isCms(body: BodyStructure): boolean {
  if (body.kind === 'multipart' || body.kind === 'message') return false;
  return cmsTypes.has(mediaTypeOf(body)) || /\.p7[smcz]$/i.test(fileNameText(body));
}

function fileNameText(body: BodyStructure): string {
  return decodeText(bodyFileName(body) ?? '').trim();
}

/** What a reader of mail shows as the text of a message, and what beside it. */
export interface FoundBodies {
  /** Texts to show in their order; of alternatives those in plain text and in HTML. */
  readonly texts: readonly PlacedPart[];
  /** All other parts that hold something, messages among them, but for signatures. */
  readonly attachments: readonly PlacedPart[];
}

/**
 * Sorts the parts of a structure into texts and attachments. What is inside an
 * attached message belongs to that.
 *
 * A text counts as one unless its disposition is `attachment` or it has a
 * file's name. Of a multipart/related with a text first, the rest are
 * attachments, though HTML may show them.
 *
 * @example
 * ```ts
 * import { type BodyStructure, findBodies } from 'mailseal/imap';
 *
 * const common = { id: undefined, description: undefined, encoding: '7BIT', parameters: [], octets: 10 };
 * const body: BodyStructure = {
 *   kind: 'multipart',
 *   subtype: 'MIXED',
 *   parts: [
 *     { ...common, kind: 'text', type: 'TEXT', subtype: 'PLAIN', lines: 1 },
 *     { ...common, kind: 'basic', type: 'IMAGE', subtype: 'PNG' },
 *   ],
 * };
 * const { texts, attachments } = findBodies(body);
 * console.log(texts[0]?.path, attachments[0]?.path); // 1 2
 * ```
 */
export function findBodies(body: BodyStructure | PlacedPart): FoundBodies {
  const root = 'kind' in body ? placeParts(body) : body;
  const texts: PlacedPart[] = [];
  const attachments: PlacedPart[] = [];
  const signatures = new Set(findSignedParts(root).map(({ signature }) => signature));
  const waiting: PlacedPart[] = [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.body.kind === 'multipart') {
      for (let at = part.parts.length - 1; at >= 0; at--) waiting.push(part.parts[at]!);
    } else if (signatures.has(part)) continue;
    else if (isShownText(part.body)) texts.push(part);
    else attachments.push(part);
  }
  return { texts, attachments };
}

function isShownText(body: BodyStructure): boolean {
  if (body.kind !== 'text') return false;
  const subtype = decodeText(body.subtype).toLowerCase();
  if (subtype !== 'plain' && subtype !== 'html' && subtype !== 'enriched') return false;
  const disposition = decodeText(body.disposition?.type ?? '').toLowerCase();
  return disposition !== 'attachment' && (disposition === 'inline' || bodyFileName(body) === undefined);
}
