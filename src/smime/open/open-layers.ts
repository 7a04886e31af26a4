import { readBer } from '../../asn1/reader.js';
import type { ContentInfo } from '../../cms/content-info.js';
import type { OpenedContent } from '../../cms/enveloped/open.js';
import { ContentTypeOid } from '../../cms/oids.js';
import { Reasons } from '../../cms/verify/reason.js';
import { MailsealError } from '../../core/errors.js';
import { parseMessage } from '../../mime/message.js';
import type { Part } from '../../mime/part.js';
import {
  attempt,
  defaultSeals,
  findLayers,
  type LayerSearch,
  lookInside,
  lookInsideCms,
  mimeOptions,
} from '../verify/find-seals.js';
import { type FoundEnvelope, type FoundLayer, innermostWhole, isEncryption } from '../verify/found-layer.js';
import type { PassedCms, PassedParts } from '../verify/passed-parts.js';
import type { SealReasonCode } from '../verify/reason.js';
import {
  type EnvelopeContent,
  type OpenedEnvelope,
  type OpenKeys,
  type OpenWork,
  openEnvelope,
} from './open-envelope.js';
import { defaultOctets, type OpenLimits, passwordEnvelopes } from './open-limits.js';
import type { CmsEnvelope } from './report.js';

/** All layers of a message, and what became of its envelopes. */
export interface OpenedLayers {
  /** Outermost first, then in the order of the message, each before what lies in it. */
  readonly layers: readonly FoundLayer[];
  readonly envelopes: ReadonlyMap<FoundEnvelope, CmsEnvelope>;
}

/** Finds all layers of a message, and opens what can be opened, from the outside in. */
export async function openLayers(
  message: Part,
  options: OpenKeys,
  passed?: PassedParts,
): Promise<OpenedLayers> {
  const { limits = {} } = options;
  const search = findLayers(message, limits, passed);
  const work = openWork(limits);
  const envelopes = new Map<FoundEnvelope, CmsEnvelope>();
  // Grows while it is gone through.
  for (const found of search.closed) {
    envelopes.set(found, await openOne(found, options, work, search));
  }
  return { layers: [...flatten(search.layers)], envelopes };
}

/** The root of what lies under all layers of the whole message. */
export interface Payload {
  readonly entity: Part;
  readonly isEncrypted: boolean;
}

/** What a protected header would stand in; `undefined` where it cannot be seen, or nothing protects it. */
export function payloadOf({ layers, envelopes }: OpenedLayers): Payload | undefined {
  const last = innermostWhole(layers);
  const entity = last?.kind === 'envelope' ? envelopes.get(last)?.entity : last?.entity;
  if (entity === undefined) return undefined;
  let isEncrypted = false;
  let isSealed = false;
  for (let at: FoundLayer | undefined = last; at !== undefined; at = at.around) {
    if (isEncryption(at)) isEncrypted = true;
    else if (at.kind === 'seal') isSealed = true;
  }
  // RFC 9787 §4: compression protects nothing, so it brings no header.
  return isEncrypted || isSealed ? { entity, isEncrypted } : undefined;
}

/** What opening all envelopes of a message may cost. */
export function openWork({ octets = defaultOctets, seals = defaultSeals }: OpenLimits): OpenWork {
  // An honest envelope takes one attempt or two; by default one alone may take all that openEnveloped would.
  return { octets, passwords: passwordEnvelopes, attempts: 56 + 2 * seals };
}

function* flatten(layers: readonly FoundLayer[]): Generator<FoundLayer> {
  for (const layer of layers) {
    yield layer;
    if (layer.kind === 'envelope') yield* flatten(layer.inside);
  }
}

/** Opens one envelope, and goes on with the search in it; that it cannot be opened is an answer. */
export async function openOne(
  found: FoundEnvelope,
  options: OpenKeys,
  work: OpenWork,
  search: LayerSearch,
): Promise<CmsEnvelope> {
  const { source } = found;
  const passed = 'structure' in source ? source : undefined;
  const outcome =
    'structure' in source
      ? passedOutcome(source)
      : await openEnvelope({ ...found, contentInfo: source }, options, work);
  const { content, recipients } = outcome;
  if (outcome.error !== undefined) return envelopeOf(found, outcome, undefined, options);
  const before = search.closed.length;
  const entity = attempt(() => {
    if (passed?.entity !== undefined) return goOnInEntity(found, passed.entity, search);
    return content === undefined ? undefined : goOn(found, content, options, search);
  });
  if (!(entity instanceof MailsealError)) return envelopeOf(found, outcome, entity, options);
  // A limit in what was decrypted: nothing of it is shown, and all that is outside is.
  found.inside.length = 0;
  search.closed.length = before;
  const closed = { content: undefined, decrypted: undefined, recipients, error: entity };
  return envelopeOf(found, closed, undefined, options);
}

/** What became of an envelope while it went by. */
function passedOutcome({ envelope }: PassedCms): OpenedEnvelope {
  const { contentType, content, decrypted, recipients, error } = envelope!;
  return {
    content: content === undefined ? undefined : { content, contentType },
    decrypted,
    recipients,
    error,
  };
}

/** Goes on in an entity that was read already, where no limit stood against that. */
function goOnInEntity(found: FoundEnvelope, entity: Part | MailsealError, search: LayerSearch): Part {
  if (entity instanceof MailsealError) throw entity;
  lookInside(found, entity, search);
  return entity;
}

/** Goes on with the search in the content of an envelope; gives it as a MIME entity where it is one. */
function goOn(
  found: FoundEnvelope,
  content: EnvelopeContent,
  options: OpenKeys,
  search: LayerSearch,
): Part | undefined {
  if (content.contentType !== ContentTypeOid.data) {
    lookInsideCms(found, contentInfoOf(content, options), search);
    return undefined;
  }
  const entity = parseMessage(content.content, mimeOptions(options.limits ?? {}));
  return goOnInEntity(found, entity, search);
}

/** RFC 5652 §6.1 lets any content type be encrypted without MIME around it. */
function contentInfoOf(
  { content, contentType }: EnvelopeContent,
  { limits }: OpenKeys,
): ContentInfo | MailsealError {
  return attempt(() => {
    const node = readBer(content, { allowTrailing: true, ...(limits === undefined ? {} : { limits }) });
    return { contentType, content: node, trailingOctets: content.length - node.end };
  });
}

function envelopeOf(
  found: FoundEnvelope,
  { content, decrypted, recipients, error }: OpenedEnvelope,
  entity: Part | undefined,
  options: OpenKeys,
): CmsEnvelope {
  const reasons = new Reasons<SealReasonCode>();
  if (found.ambiguity !== undefined)
    reasons.fail('container-ambiguous', `programs may differ in what they show: ${found.ambiguity}`);
  if (error !== undefined) reasons.fail('envelope-not-opened', `it cannot be opened: ${error.message}`);
  if (found.source.trailingOctets > 0) {
    reasons.note(
      'trailing-octets',
      `${found.source.trailingOctets} octets follow the envelope, and are not in it`,
    );
  }
  if (decrypted !== undefined) noteStrength(decrypted, options, reasons);
  return {
    type: found.type,
    part: found.part,
    covers: `${found.part}/`,
    coverage: found.coversMessage ? 'message' : 'part',
    opened: content !== undefined || entity !== undefined,
    authenticated: decrypted?.authenticated === true,
    cipher: decrypted?.cipher,
    recipients,
    recipient: decrypted?.recipient,
    keyIndex: decrypted?.keyIndex,
    isKeyBound: decrypted?.isKeyBound === true,
    content: content?.content,
    entity,
    error,
    reasons: reasons.list,
  };
}

function noteStrength(
  { authenticated, cipher, keyIndex }: Omit<OpenedContent, 'content' | 'contentType'>,
  { keys }: OpenKeys,
  reasons: Reasons<SealReasonCode>,
): void {
  if (!authenticated) {
    reasons.note(
      'not-authenticated',
      `${cipher.name} does not show whether somebody changed the content on the way`,
    );
  }
  if (/^(?:des|rc2)/.test(cipher.name))
    reasons.note('weak-cipher', `${cipher.name} is too weak today; it is read for the sake of old mail`);
  const key = keys[keyIndex];
  if (key === undefined || !('privateKey' in key)) return;
  const { publicKey } = key.privateKey;
  if (publicKey.kind === 'rsa' && publicKey.bits < 2048)
    reasons.note('weak-key', `the RSA key of the recipient has ${publicKey.bits} bits only`);
}
