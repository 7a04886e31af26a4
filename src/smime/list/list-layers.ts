import { mlExpansionHistoryAttribute } from '../../cms/ess/mail-list.js';
import { AttributeOid } from '../../cms/oids.js';
import { MailsealError } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';
import type { CmsEnvelope, OpenReport } from '../open/report.js';
import { attempt } from '../verify/find-seals.js';
import type { Seal } from '../verify/report.js';
import type { NestLayer } from './nest.js';

/** One layer around all that a message shows. */
export type ListLayer = {
  /** The multipart/signed or the CMS part. */
  readonly container: Part;
  /** What is in it; `undefined` where it cannot be seen. */
  readonly inner: Part | undefined;
} & (
  | { readonly kind: 'signed' | 'signed-with-history'; readonly seal: Seal }
  | { readonly kind: 'enveloped'; readonly envelope: CmsEnvelope }
);

/**
 * The layers that RFC 2634 §4.2 speaks of, outermost first: signatures and envelopes around the whole message, down to
 * what is neither. What has no recipients (compressed-data, encrypted-data) is content to a list.
 *
 * @throws MailsealError `smime-list-refused` where programs may differ in what a layer is around; where the CMS of one
 * cannot be read, the error of that.
 */
export function listLayers({ layers, message }: OpenReport): readonly ListLayer[] {
  const found: ListLayer[] = [];
  let place = '';
  let container: Part | undefined = message;
  for (const layer of layers) {
    const one = layer.kind === 'seal' ? layer.seal : layer.kind === 'envelope' ? layer.envelope : layer.other;
    // What is found further down lies in a part of the content.
    if (container === undefined || one.part !== place) break;
    if (layer.kind === 'other') {
      if (layer.other.error !== undefined) throw layer.other.error;
      break;
    }
    const { coverage, entity: inner } = layer.kind === 'seal' ? layer.seal : layer.envelope;
    if (layer.kind === 'envelope' && !hasRecipients(layer.envelope)) break;
    if (coverage !== 'message') throw ambiguous(layer.kind === 'seal' ? layer.seal : layer.envelope);
    if (layer.kind === 'seal') found.push({ kind: kindOf(layer.seal), seal: layer.seal, container, inner });
    else found.push({ kind: 'enveloped', envelope: layer.envelope, container, inner });
    place = layer.kind === 'seal' ? layer.seal.covers : layer.envelope.covers;
    container = inner;
  }
  return found;
}

/** The signatures next to one another: those of the layers that no envelope is around. */
export function sealsOutside(layers: readonly ListLayer[]): readonly ListLayer[] {
  const envelope = layers.findIndex(({ kind }) => kind === 'enveloped');
  return envelope === -1 ? layers : layers.slice(0, envelope);
}

function hasRecipients({ type }: CmsEnvelope): boolean {
  return type === 'envelopedData' || type === 'authEnvelopedData';
}

/** What a list signs as one thing is not to be read as another. */
function ambiguous({ part, reasons }: Seal | CmsEnvelope): MailsealError {
  const why =
    reasons.find(({ code }) => code === 'container-ambiguous')?.message ?? 'other parts stand beside it';
  return new MailsealError('smime-list-refused', `part "${part}" is not around the whole message: ${why}`);
}

function kindOf({ signers }: Seal): Exclude<NestLayer, 'enveloped'> {
  const hasHistory = signers.some(({ signer }) => {
    const attributes = attempt(() => signer.signedAttributes);
    return (
      Array.isArray(attributes) && attributes.some(({ type }) => type === AttributeOid.mlExpansionHistory)
    );
  });
  return hasHistory ? 'signed-with-history' : 'signed';
}

/** The lists that all signatures name which can be read, wherever in the message. */
export function allExpansions({
  seals,
}: OpenReport): NonNullable<ReturnType<typeof mlExpansionHistoryAttribute>> {
  return seals.flatMap(({ signers }) =>
    signers.flatMap(({ signer }) => {
      const history = attempt(() => mlExpansionHistoryAttribute(signer.signedAttributes));
      return Array.isArray(history) ? history : [];
    }),
  );
}
