import {
  type CreateCompressedDataOptions,
  createCompressedData,
} from '../../cms/compressed/create-compressed-data.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';
import { safeEntity } from '../entity/safe-entity.js';
import { pkcs7Mime } from '../entity/sealed-entity.js';
import { outerHeader, splitMessage } from '../entity/split-message.js';

/** What {@link compressMessage} takes beside the message. */
export type CompressMessageOptions = Pick<CreateCompressedDataOptions, 'deflate' | 'signal'>;

/**
 * Compresses the content of a mail message (RFC 8551 §3.6): an
 * application/pkcs7-mime with `smime-type=compressed-data` and the file name
 * `smime.p7z`, which few programs read. What comes out can be signed and
 * encrypted; what others had a part in should not be compressed and then
 * encrypted, since its length tells of it.
 *
 * @param message the octets, or what `parseMessage` gave
 * @throws MailsealError codes of `createCompressedData`; limits of `parseMessage`.
 * @example
 * ```ts
 * import { deflateSync } from 'node:zlib';
 * import { parseMessage } from 'mailseal/mime';
 * import { compressMessage } from 'mailseal/smime';
 *
 * const message = new TextEncoder().encode(`Subject: long\r\n\r\n${'The same.\r\n'.repeat(500)}`);
 * const compressed = await compressMessage(message, { deflate: (content) => [deflateSync(content)] });
 * console.log(parseMessage(compressed).filename, compressed.length < message.length / 5); // smime.p7z true
 * ```
 */
export async function compressMessage(
  message: Uint8Array | Part,
  options: CompressMessageOptions = {},
): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const { deflate, signal } = options;
  const split = splitMessage(message);
  const contentInfo = await createCompressedData({
    content: safeEntity(split.content).octets,
    ...(deflate === undefined ? {} : { deflate }),
    ...(signal === undefined ? {} : { signal }),
  });
  return pkcs7Mime(outerHeader(split), 'compressed-data', contentInfo);
}
