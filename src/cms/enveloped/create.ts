import { Tag } from '../../asn1/reader.js';
import { derOctetString } from '../../asn1/writer.js';
import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { encryptAead } from '../../crypto/ciphers/aead.js';
import { encryptCbcInPieces } from '../../crypto/ciphers/cbc-once.js';
import { type ContentCipher, isAead } from '../../crypto/ciphers/content-cipher.js';
import type { RandomOptions } from '../../crypto/random.js';
import { paddingLength } from '../../crypto/transport/pkcs1-batch.js';
import { type DerContent, DerElement, setElement } from '../der-pieces.js';
import { ContentTypeOid } from '../oids.js';
import { keptOid } from '../sign/kept-encodings.js';
import { assertCipherName, newCipher, newKeyAndCipher } from './new-cipher.js';
import { encodeOriginatorInfo, type NewOriginatorInfo } from './originator-info.js';
import type { ContentCipherName, Recipient, WrapKeys } from './recipient.js';
import { sealHead } from './seal-head.js';
import { encodedVersions } from './write-recipient.js';
import { recipientInfos } from './write-recipients.js';

/** What {@link createEnvelopedData} and {@link createEncryptedData} have in common. */
export interface EncryptOptions extends EngineOptions, RandomOptions {
  /** What is encrypted, octet for octet. */
  readonly content: Uint8Array;
  /** Dotted OID of what the content is. Default `1.2.840.113549.1.7.1` (id-data), as in S/MIME. */
  readonly contentType?: string;
  /**
   * Whether the content key is bound to the cipher (RFC 9709), so that nobody
   * can have a recipient use it with a weaker one. Only programs that know
   * RFC 9709, of 2025, read it. Default `false`.
   */
  readonly bindAlgorithm?: boolean;
  /** Ends the work between one step and the next. */
  readonly signal?: AbortSignalLike;
}

/** What {@link createEnvelopedData} takes. */
export interface CreateEnvelopedDataOptions extends EncryptOptions {
  /** Whom it is for; one at least. Whoever sends a message and wants to read it later is one of them. */
  readonly recipients: readonly Recipient[];
  /** Default `aes256-gcm`, whose content nobody can change on the way; one in CBC mode for those who cannot read that. */
  readonly cipher?: ContentCipherName;
  /** Certificates, and CRLs in DER, of the sender's that go along. Default none. */
  readonly originatorInfo?: NewOriginatorInfo;
  /** Encrypts the content key for all RSA recipients. Default: here, one after the other. */
  readonly wrapKeys?: WrapKeys;
}

/**
 * Encrypts content for recipients: the DER of a ContentInfo, the octets of a
 * `smime.p7m` file. It is an AuthEnvelopedData (RFC 5083) for a cipher that
 * authenticates, else an EnvelopedData (RFC 5652 §6).
 *
 * Certificates are taken as they are: whether one is valid, and somebody's, is
 * for `encryptMessage` or the caller to see. DER sorts the recipients: do not
 * go by their order. Everybody who has the message sees who they are.
 *
 * @throws MailsealError `usage` where the options do not fit together: no
 * recipients, a key that nothing can be encrypted to, a certificate without the
 * key identifier that it is to be named by, an encrypted key of a wrong length
 * from `wrapKeys`; `crypto-key-malformed` and `crypto-unsupported` for a
 * certificate's key that cannot be read; `aborted`; `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createEnvelopedData, openEnveloped, parseEnvelopedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const certificate = keys[0]!.certificate!;
 * const content = new TextEncoder().encode('Content-Type: text/plain\r\n\r\nThe rehearsal is on Friday.\r\n');
 * const p7m = await createEnvelopedData({
 *   content,
 *   recipients: [{ certificate }, { password: 'eight friendly herons wading' }],
 * });
 *
 * const opened = await openEnveloped(parseEnvelopedData(p7m), { keys });
 * console.log(opened.cipher.name, opened.authenticated); // aes256-gcm true
 * console.log(new TextDecoder().decode(opened.content) === new TextDecoder().decode(content)); // true
 * ```
 */
export async function createEnvelopedData(options: CreateEnvelopedDataOptions): Promise<Bytes> {
  const { cipher: name = 'aes256-gcm', originatorInfo, recipients, signal } = given(options);
  if (!Array.isArray(recipients) || recipients.length === 0)
    throw usage('`recipients` is wanted, a list of one at least');
  throwIfAborted(signal);
  const along = encodeOriginatorInfo(originatorInfo);
  const { cipher, key, spare } = newKeyAndCipher(name, options.random, paddingLength(recipients.length));
  try {
    const wrapping = recipientInfos(recipients, key, spare, options);
    // Whoever wraps keys elsewhere does so while the content is encrypted here.
    const first = options.wrapKeys === undefined ? await wrapping : undefined;
    if (first !== undefined) throwIfAborted(signal);
    const sealing = seal(cipher, key, options);
    const infos = first ?? (await besides(wrapping, sealing));
    const sealed = await sealing;
    throwIfAborted(signal);
    const recipientSet = setElement(Tag.Set, infos);
    const beforeContent = along === undefined ? [recipientSet] : [along, recipientSet];
    if (sealed.mac !== undefined) {
      // RFC 5083 §2.1: the version is 0.
      const fields = [
        encodedVersions[0]!,
        ...beforeContent,
        sealed.contentInfo,
        ...sealed.attributes,
        sealed.mac,
      ];
      return contentInfo(ContentTypeOid.authEnvelopedData, fields);
    }
    const version = encodedVersions[versionFor(infos, along !== undefined)]!;
    return contentInfo(ContentTypeOid.envelopedData, [version, ...beforeContent, sealed.contentInfo]);
  } finally {
    key.fill(0);
  }
}

/** What one gives when both are over, so that none is at work with the key after it was wiped. */
async function besides<T>(one: Promise<T>, other: Promise<unknown>): Promise<T> {
  await Promise.allSettled([one, other]);
  return one;
}

/** RFC 5652 §6.1; attributes and other formats of certificates are not written. */
export function versionFor(infos: readonly Bytes[], hasOriginator: boolean): 0 | 2 | 3 {
  if (infos.some((info) => info[0] === 0xa3)) return 3;
  return !hasOriginator && infos.every(isOfVersion0) ? 0 : 2;
}

/** A KeyTransRecipientInfo whose version, the first element in it, is 0. */
function isOfVersion0(info: Bytes): boolean {
  const start = info[1]! < 0x80 ? 2 : 2 + (info[1]! & 0x7f);
  return info[0] === 0x30 && info[start + 2] === 0;
}

/** What {@link createEncryptedData} takes. */
export interface CreateEncryptedDataOptions extends EncryptOptions {
  /** As long as the cipher takes it: 16, 24 or 32 octets for AES, 24 for triple DES. */
  readonly contentKey: Uint8Array;
  /** Default `aes256-cbc`: EncryptedData has no place for the tag of a cipher that authenticates. */
  readonly cipher?: Exclude<ContentCipherName, `${string}-gcm` | 'chacha20-poly1305'>;
}

/**
 * Encrypts content with a key that the reader has already: the DER of a
 * ContentInfo with an EncryptedData (RFC 5652 §8). Nothing in it shows whether
 * it was changed.
 *
 * @throws MailsealError `usage` where the options do not fit together;
 * `aborted`; `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { createEncryptedData, openEnveloped, parseEncryptedData } from 'mailseal/cms';
 *
 * const contentKey = crypto.getRandomValues(new Uint8Array(32));
 * const encrypted = await createEncryptedData({ content: new TextEncoder().encode('秘密'), contentKey });
 * const { content } = await openEnveloped(parseEncryptedData(encrypted), { keys: [{ contentKey }] });
 * console.log(new TextDecoder().decode(content)); // 秘密
 * ```
 */
export async function createEncryptedData(options: CreateEncryptedDataOptions): Promise<Bytes> {
  const { cipher = 'aes256-cbc', signal } = given(options);
  throwIfAborted(signal);
  assertCipherName(cipher);
  if (cipher.endsWith('-gcm') || cipher === ('chacha20-poly1305' as string))
    throw usage(`EncryptedData has no place for the tag of ${cipher}`);
  const { contentInfo: encrypted } = await seal(
    newCipher(cipher, options.random),
    asBytes(options.contentKey),
    options,
  );
  return contentInfo(ContentTypeOid.encryptedData, [encodedVersions[0]!, encrypted]);
}

function given<Options extends EncryptOptions>(options: Options): Options {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  return options;
}

interface Sealed {
  /** The EncryptedContentInfo. */
  readonly contentInfo: DerElement;
  /** authAttrs, none or one element. */
  readonly attributes: readonly Bytes[];
  /** The element, `undefined` where the cipher has no tag. */
  readonly mac: Bytes | undefined;
}

async function seal(cipher: ContentCipher, key: Bytes, options: EncryptOptions): Promise<Sealed> {
  const { bindAlgorithm = false, contentType = ContentTypeOid.data, engine } = options;
  const content = asBytes(options.content);
  const { head, key: used, aad, attributes } = sealHead(cipher, key, contentType, bindAlgorithm, options);
  try {
    if (!isAead(cipher)) {
      const encrypted = encryptCbcInPieces(cipher, used, content, options);
      const pieces = encrypted instanceof Promise ? await encrypted : encrypted;
      return { contentInfo: encryptedContentInfo(head, pieces), attributes, mac: undefined };
    }
    const by = engine === undefined ? aad : { ...aad, engine };
    const { ciphertext, tag } = await encryptAead(cipher, used, content, by);
    return { contentInfo: encryptedContentInfo(head, [ciphertext]), attributes, mac: derOctetString(tag) };
  } finally {
    if (used !== key) used.fill(0);
  }
}

function encryptedContentInfo(head: readonly Bytes[], encrypted: readonly Uint8Array[]): DerElement {
  return new DerElement(Tag.Sequence, [...head, new DerElement(0x80, encrypted)]);
}

/** The DER of a ContentInfo of the elements of a SEQUENCE. */
function contentInfo(type: string, fields: readonly DerContent[]): Bytes {
  const content = new DerElement(0xa0, [new DerElement(Tag.Sequence, fields)]);
  return new DerElement(Tag.Sequence, [keptOid(type), content]).encoded();
}
