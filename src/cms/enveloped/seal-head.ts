import { der, derOid, derSequence, derSetOf } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import {
  type ContentCipher,
  contentKeyLength,
  encodeContentCipher,
  isAead,
} from '../../crypto/ciphers/content-cipher.js';
import { AttributeOid, ContentTypeOid } from '../oids.js';
import { keptOid } from '../sign/kept-encodings.js';
import { boundContentKey, encodeBoundCipher } from './bound-key.js';

/** What stands around encrypted content, and what it is encrypted with. */
export interface SealHead {
  /** The first two elements of the EncryptedContentInfo: type and cipher. */
  readonly head: readonly Bytes[];
  /** What the cipher uses: the content key, or the one that is derived from it (RFC 9709). */
  readonly key: Bytes;
  /** What the tag covers besides; none for most. */
  readonly aad: { readonly aad?: Bytes };
  /** authAttrs, none or one element. */
  readonly attributes: readonly Bytes[];
}

/** @throws MailsealError `usage` for a key of a wrong length. */
export function sealHead(
  cipher: ContentCipher,
  key: Bytes,
  contentType: string,
  bindAlgorithm: boolean,
  engine: EngineOptions,
): SealHead {
  const wanted = contentKeyLength(cipher);
  if (key.length !== wanted) throw usage(`${cipher.name} takes a key of ${wanted} octets, not ${key.length}`);
  const type = keptOid(contentType);
  const algorithm = encodeContentCipher(cipher);
  const head = [type, bindAlgorithm ? encodeBoundCipher(algorithm) : algorithm];
  const used = bindAlgorithm ? boundContentKey(key, algorithm, engine) : key;
  // RFC 5083 §2.1: the type is said under the tag unless it is id-data.
  if (!isAead(cipher) || contentType === ContentTypeOid.data)
    return { head, key: used, aad: {}, attributes: [] };
  const attribute = derSequence(derOid(AttributeOid.contentType), derSetOf(type));
  return { head, key: used, aad: { aad: derSetOf(attribute) }, attributes: [der(0xa1, attribute)] };
}
