import type { CmsLimits } from '../../cms/content-info.js';
import type { EngineOptions } from '../../core/engine.js';
import { type FilledParseOptions, fillParseOptions } from '../../mime/parse-options.js';
import { defaultSeals, mimeOptions, type SealLimits } from '../verify/find-seals.js';
import type { EnvelopeOpening } from './envelope-reader.js';
import type { SignedPartSink } from './passed-message.js';

/** Bounds on what is kept of a message that is read in pieces. */
export interface StreamLimits {
  /**
   * Octets of bodies that are kept, each whole or not at all, and apart from them as many of CMS parts; default 1 MiB.
   * Of a message with less than that everything is known as if it had been read at once.
   */
  readonly kept?: number;
  /** Octets of headers, delimiters and, of each CMS part, of all but its content; default 64 MiB. One more is `limit-octets`. */
  readonly structureOctets?: number;
  /** Octets of one content that are kept for signatures which are over the content itself (Ed25519, Ed448); default 1 MiB. */
  readonly gathered?: number;
}

/** All that bounds and directs reading one level of a message: itself, or the content of a CMS part. */
export interface Level extends EngineOptions {
  readonly options: FilledParseOptions;
  readonly cms: CmsLimits;
  /** Octets of bodies, and as many of CMS parts. */
  readonly kept: number;
  readonly structureOctets: number;
  readonly gathered: number;
  /** CMS parts that are read; the judge refuses more. */
  readonly seals: number;
  /** Levels that may still be inside of this one. */
  readonly layers: number;
  /** What stands before places of parts. */
  readonly prefix: string;
  /** Whether it was decrypted without a tag. */
  readonly unauthenticated: boolean;
  /** What opens envelopes, of who wants to. */
  readonly opening: EnvelopeOpening | undefined;
  /** Who is told of octets beside which a signature may stand. */
  readonly signedPart: SignedPartSink | undefined;
}

/** The outermost level. */
export function outermostLevel(
  limits: SealLimits & StreamLimits,
  by: EngineOptions,
  opening?: EnvelopeOpening,
  signedPart?: SignedPartSink,
): Level {
  return {
    ...by,
    options: fillParseOptions(mimeOptions(limits)),
    cms: limits,
    kept: limits.kept ?? 1 << 20,
    structureOctets: limits.structureOctets ?? 64 << 20,
    gathered: limits.gathered ?? 1 << 20,
    seals: limits.seals ?? defaultSeals,
    layers: limits.layers ?? 8,
    prefix: '',
    unauthenticated: false,
    opening,
    signedPart,
  };
}

/** The level inside of a CMS part. */
export function levelInside(level: Level, place: string, kept: number, unauthenticated: boolean): Level {
  return { ...level, kept, unauthenticated, layers: level.layers - 1, prefix: `${place}/` };
}
