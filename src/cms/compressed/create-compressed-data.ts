import { Tag } from '../../asn1/reader.js';
import { derInteger, derOid, derSequence } from '../../asn1/writer.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { DerElement } from '../der-pieces.js';
import { ContentTypeOid } from '../oids.js';
import { givenPieces } from './given-pieces.js';
import { runtimeDeflate } from './native-zlib.js';
import { zlibOid } from './open-compressed.js';

/** Compresses octets into zlib data (RFC 1950), in pieces. In Node a stream of `node:zlib` may be given. */
export type Deflate = (content: Bytes) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What {@link createCompressedData} takes. */
export interface CreateCompressedDataOptions {
  /** What is compressed. For S/MIME an entity in canonical form: `mailseal/smime` makes that. */
  readonly content: Uint8Array;
  /** Dotted OID of what it is. Default `1.2.840.113549.1.7.1` (id-data). */
  readonly contentType?: string;
  /** Default the `CompressionStream` of the runtime. */
  readonly deflate?: Deflate;
  readonly signal?: AbortSignalLike;
}

/**
 * Compresses content: the DER of a ContentInfo with a CompressedData (RFC 3274), the
 * octets of a `smime.p7z` file. What is compressed together with a secret and then encrypted
 * may give the secret away by its length: compress nothing that others had a part in.
 *
 * @throws MailsealError `cms-unsupported` where the runtime has no `CompressionStream` and no `deflate`
 * is given, `usage`, `aborted`. What `deflate` throws passes through.
 * @example
 * ```ts
 * import { deflateSync } from 'node:zlib';
 * import { contentTypeName, createCompressedData, parseContentInfo } from 'mailseal/cms';
 *
 * const p7z = await createCompressedData({
 *   content: new TextEncoder().encode('Content-Type: text/plain\r\n\r\nHello.\r\n'),
 *   deflate: (content) => [deflateSync(content, { level: 9 })],
 * });
 * console.log(contentTypeName(parseContentInfo(p7z).contentType)); // compressedData
 * ```
 */
export async function createCompressedData(options: CreateCompressedDataOptions): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) {
    throw usage('the options are wanted as an object');
  }
  const content = asBytes(options.content);
  const { contentType = ContentTypeOid.data, deflate = runtimeDeflate, signal } = options;
  throwIfAborted(signal);
  const pieces: Bytes[] = [];
  for await (const piece of givenPieces('deflate', deflate, content)) {
    throwIfAborted(signal);
    pieces.push(asBytes(piece));
  }
  // RFC 3274 §1.1: the version is 0; §2: the algorithm has no parameters.
  const compressed = new DerElement(0xa0, [new DerElement(Tag.OctetString, pieces)]);
  const body = new DerElement(Tag.Sequence, [
    derInteger(0),
    derSequence(derOid(zlibOid)),
    new DerElement(Tag.Sequence, [derOid(contentType), compressed]),
  ]);
  const type = derOid(ContentTypeOid.compressedData);
  return new DerElement(Tag.Sequence, [type, new DerElement(0xa0, [body])]).encoded();
}
