import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, stringOctets, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';

/** id-alg-cek-hkdf-sha256 (RFC 9709 §2): the content key is derived from the one that recipients hold. */
export const boundKeyOid = '1.2.840.113549.1.9.16.3.31';

/**
 * An EncryptedContentInfo (RFC 5652 §6.1).
 *
 * @example
 * ```ts
 * import { createEncryptedData, parseEncryptedData } from 'mailseal/cms';
 *
 * const contentKey = crypto.getRandomValues(new Uint8Array(32));
 * const encrypted = await createEncryptedData({ content: new Uint8Array(100), contentKey });
 * const { encryptedContent } = parseEncryptedData(encrypted);
 * console.log(encryptedContent.contentType, encryptedContent.octets?.length); // 1.2.840.113549.1.7.1 112
 * ```
 */
export class EncryptedContent {
  /** Dotted OID of the type of what is encrypted. */
  readonly contentType: string;
  /**
   * The AlgorithmIdentifier of the cipher. Where the key is bound to it
   * (RFC 9709) the one inside.
   */
  readonly algorithm: BerNode;
  /** Whether the content key is derived from the cipher's identifier (RFC 9709), so that nobody can have it used with another. */
  readonly isKeyBound: boolean;
  private readonly contentNode: BerNode | undefined;

  /** @internal */
  constructor(node: BerNode) {
    const [type, algorithm, content] = sequenceOf(node, 'an EncryptedContentInfo');
    if (type === undefined || algorithm === undefined || content?.isContext(0) === false)
      throw unexpected(node, 'an EncryptedContentInfo');
    this.contentType = decodeOid(type);
    const [identifier, parameters] = sequenceOf(algorithm, 'an AlgorithmIdentifier');
    if (identifier === undefined) throw unexpected(algorithm, 'an AlgorithmIdentifier');
    this.isKeyBound = decodeOid(identifier) === boundKeyOid;
    if (this.isKeyBound && parameters === undefined)
      throw unexpected(algorithm, 'the cipher that the key is bound to');
    this.algorithm = this.isKeyBound ? parameters! : algorithm;
    this.contentNode = content;
  }

  /** The encrypted octets; `undefined` where they are kept elsewhere. Pieces are joined anew at each call. */
  get octets(): Bytes | undefined {
    return this.contentNode && stringOctets(this.contentNode, Tag.OctetString);
  }
}
