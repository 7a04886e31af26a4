import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { CompressedData } from './compressed-data.js';
import { givenPieces } from './given-pieces.js';
import { runtimeInflate } from './native-zlib.js';

/** id-alg-zlibCompress (RFC 3274 §2). */
export const zlibOid = '1.2.840.113549.1.9.16.3.8';

/** What decompressing may give. */
export interface DecompressionLimits {
  /** Octets of the content; default 268,435,456 (256 MiB). One more is `limit-octets`. */
  readonly octets?: number;
  /** How many times the compressed octets the content may be, beyond its first MiB; default 200. More is `limit-ratio`. */
  readonly ratio?: number;
}

/**
 * Decompresses zlib data (RFC 1950), in pieces: no more are asked for once a
 * limit is hit. `mostOctets` is for decompressors that give all at once, and may throw where
 * there is more. A piece must not change later. In Node a stream of `node:zlib` may be given.
 * Octets behind the end of the data are damage or nothing, as the decompressor has it.
 */
export type Inflate = (
  compressed: Bytes,
  mostOctets: number,
) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What {@link openCompressed} takes beside the CompressedData. */
export interface OpenCompressedOptions {
  /** Default the `DecompressionStream` of the runtime. */
  readonly inflate?: Inflate;
  readonly limits?: DecompressionLimits;
  /** Ends the work between two pieces: it throws `aborted` then. */
  readonly signal?: AbortSignalLike;
}

/** What was compressed. */
export interface DecompressedContent {
  readonly content: Bytes;
  /** Dotted OID of what it is. */
  readonly contentType: string;
}

const defaultOctets = 268_435_456;
const defaultRatio = 200;

/** Small content may be compressed as well as it can be: nobody is hurt by a MiB. */
const freeOctets = 1_048_576;

/**
 * Decompresses a CompressedData (RFC 3274). A few octets may stand for gigabytes: the work
 * ends at the limits.
 *
 * @throws MailsealError `limit-octets`, `limit-ratio`; `cms-unsupported` for another compression than zlib,
 * and where the runtime has no `DecompressionStream` and no `inflate` is given; `cms-malformed` where
 * the octets cannot be decompressed (`cause` is what `inflate` threw); `usage`, `aborted`.
 * @example
 * ```ts
 * import { createInflate } from 'node:zlib';
 * import { createCompressedData, openCompressed, parseCompressedData } from 'mailseal/cms';
 *
 * const p7z = await createCompressedData({ content: new TextEncoder().encode('密'.repeat(2000)) });
 * const { content } = await openCompressed(parseCompressedData(p7z), {
 *   inflate: (compressed) => createInflate().end(compressed),
 *   limits: { octets: 10_000 },
 * });
 * console.log(content.length); // 6000
 * ```
 */
export async function openCompressed(
  compressed: CompressedData,
  options: OpenCompressedOptions = {},
): Promise<DecompressedContent> {
  const { contentType, compressionAlgorithm } = compressed;
  if (compressionAlgorithm !== zlibOid) {
    throw new MailsealError('cms-unsupported', `the compression ${compressionAlgorithm} is not known here`);
  }
  const octets = compressed.compressedContent;
  const { inflate = runtimeInflate, limits = {}, signal } = options;
  const most = bound(octets.length, limits);
  const pieces: Bytes[] = [];
  let length = 0;
  throwIfAborted(signal);
  try {
    for await (const piece of givenPieces('inflate', inflate, octets, most.octets)) {
      throwIfAborted(signal);
      const octetsOfPiece = asBytes(piece);
      length += octetsOfPiece.length;
      if (length > most.octets) throw most.refusal();
      pieces.push(octetsOfPiece);
    }
  } catch (cause) {
    if (cause instanceof MailsealError) throw cause;
    throw new MailsealError('cms-malformed', 'the compressed content cannot be decompressed', { cause });
  }
  return { content: concatBytes(pieces), contentType };
}

/** How many octets may come out, and what is said of more. */
function bound(
  compressed: number,
  limits: DecompressionLimits,
): { octets: number; refusal: () => MailsealError } {
  const { octets = defaultOctets, ratio = defaultRatio } = limits;
  for (const limit of [octets, ratio]) {
    if (typeof limit === 'number' && limit >= 0) continue;
    throw usage('the limits of decompression are numbers of 0 or more');
  }
  const byRatio = Math.max(freeOctets, ratio * compressed);
  return octets <= byRatio
    ? {
        octets,
        refusal: () =>
          new MailsealError('limit-octets', `more than ${octets} octets are compressed; raise limits.octets`),
      }
    : {
        octets: byRatio,
        refusal: () =>
          new MailsealError(
            'limit-ratio',
            `${compressed} octets stand for more than ${ratio} times as many; raise limits.ratio if you trust them`,
          ),
      };
}
