import { readableContent } from '../../mime/bodies/readable-content.js';
import { leavesOf } from '../../mime/bodies/related.js';
import type { Part } from '../../mime/part.js';
import type { FoundLayer } from '../verify/found-layer.js';
import type { Layer, ShownPiece } from './report.js';

/** A layer as it was found and as it is reported. */
export interface ReportedLayer {
  readonly found: FoundLayer;
  readonly layer: Layer;
  /** The root of what is in it, where that can be seen. */
  readonly entity: Part | undefined;
}

/** What the choosers of text are told about the pieces of one message. */
export interface PieceOptions {
  /** The root of what lies under all layers of the whole message. */
  readonly payload: Part | undefined;
  /** Whether the texts in the payload may begin with a copy of its header fields. */
  readonly withoutLegacyDisplay: boolean;
}

/**
 * Divides what a message shows by the layers that it lies in. What is in an
 * envelope is never in one piece with what is not, and what is signed not with
 * what is not: a reader could not tell who wrote what, and HTML around a
 * decrypted part could send it away (EFAIL).
 */
export function piecesOf(
  message: Part,
  reported: readonly ReportedLayer[],
  options: PieceOptions,
): readonly ShownPiece[] {
  const apart = new Set<Part>();
  /** Parts that are CMS objects whose content is shown in their place. */
  const replaced = new Set<Part>();
  for (const { found, entity } of reported) {
    if (found.kind === 'seal' && found.form === 'detached') {
      apart.add(entity!);
      if (found.signaturePart !== undefined) apart.add(found.signaturePart);
    } else if (entity !== undefined && found.kind !== 'other') {
      apart.add(found.container);
      replaced.add(found.container);
    }
  }
  const pieces: ShownPiece[] = [];
  const add = (part: string, root: Part, layers: readonly Layer[]): void => {
    if (replaced.has(root) || leavesOf(root, apart).next().done === true) return;
    pieces.push(pieceOf(part, root, layers, apart, options));
  };
  add('', message, []);
  for (const { found, layer, entity } of reported) {
    if (entity === undefined || found.kind === 'other') continue;
    const covers = found.kind === 'seal' ? found.covers : `${found.part}/`;
    // RFC 8551 §3.1: a message that is wrapped whole is what is to be shown.
    const inner = entity === options.payload && entity.isMessage ? entity.parts[0] : undefined;
    add(covers, inner ?? entity, outermostFirst(layer));
  }
  return pieces;
}

function outermostFirst(layer: Layer): Layer[] {
  const layers: Layer[] = [];
  for (let at: Layer | undefined = layer; at !== undefined; at = at.around) layers.unshift(at);
  return layers;
}

function pieceOf(
  part: string,
  root: Part,
  layers: readonly Layer[],
  apart: ReadonlySet<Part>,
  { payload, withoutLegacyDisplay }: PieceOptions,
): ShownPiece {
  const unauthenticated = isUnauthenticated(layers);
  return {
    part,
    root,
    layers,
    encrypted: layers.some(isEncryption),
    unauthenticated,
    content: readableContent(root, {
      apart,
      unauthenticated,
      withoutLegacyDisplay: withoutLegacyDisplay && root === payload,
    }),
  };
}

/** Whether a layer is one of encryption that was opened. */
function isEncryption(layer: Layer): boolean {
  return layer.kind === 'envelope' && layer.envelope.type !== 'compressedData';
}

/**
 * Whether something decrypted may have been changed by who cannot read it. A
 * tag shows that nobody did, and so does an unbroken signature inside, whoever
 * made it: nobody can sign what he cannot read. A signature outside does not.
 */
function isUnauthenticated(layers: readonly Layer[]): boolean {
  let open = false;
  for (const layer of layers) {
    if (layer.kind === 'envelope' && isEncryption(layer)) open = !layer.envelope.authenticated;
    else if (layer.kind === 'seal') open &&= !layer.seal.signers.some(isUnbroken);
  }
  return open;
}

function isUnbroken(signer: { readonly content: string; readonly signature: string }): boolean {
  return signer.content === 'intact' && signer.signature === 'valid';
}
