import { mlExpansionHistoryAttribute } from '../../cms/ess/mail-list.js';
import { AttributeOid } from '../../cms/oids.js';
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
 */
export function listLayers({ layers, message }: OpenReport): readonly ListLayer[] {
  const found: ListLayer[] = [];
  let container: Part | undefined = message;
  for (const layer of layers) {
    if (container === undefined || layer.kind === 'other') break;
    if (layer.kind === 'seal') {
      const { seal } = layer;
      if (seal.coverage !== 'message' || seal.signedData === undefined) break;
      found.push({ kind: kindOf(seal), seal, container, inner: seal.entity });
      container = seal.entity;
    } else {
      const { envelope } = layer;
      const { type, coverage } = envelope;
      if (coverage !== 'message' || (type !== 'envelopedData' && type !== 'authEnvelopedData')) break;
      found.push({ kind: 'enveloped', envelope, container, inner: envelope.entity });
      container = envelope.entity;
    }
  }
  return found;
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
