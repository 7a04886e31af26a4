import { type BerNode, Tag } from '../../asn1/reader.js';
import { derInteger } from '../../asn1/writer.js';
import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { RandomOptions } from '../../crypto/random.js';
import { setPieces } from '../der-pieces.js';
import {
  type ContentKeyOptions,
  cipherOf,
  findTransportedKey,
  mostAttempts,
} from '../enveloped/content-key.js';
import { versionFor } from '../enveloped/create.js';
import type { Recipient, WrapKeys } from '../enveloped/recipient.js';
import { recipientInfos } from '../enveloped/write-recipients.js';
import { ContentTypeOid } from '../oids.js';
import { keptOid } from '../sign/kept-encodings.js';
import { EnvelopedDataHead } from './cms-head.js';
import { type CmsEvent, CmsReader, type CmsReaderLimits } from './cms-reader.js';
import { ContentFrame } from './content-frame.js';

/** Who is to be able to open an envelope from now on, beside {@link ContentKeyOptions.keys}, which open it now. */
export interface RekeyOptions extends Omit<ContentKeyOptions, 'limits'>, RandomOptions {
  /** Those who are added, or take the place of those who were. */
  readonly recipients: readonly Recipient[];
  /**
   * `replace`: only `recipients` can open the new envelope; `add`: those of the old one can, too.
   * Default `replace`.
   */
  readonly mode?: 'replace' | 'add';
  /**
   * What becomes of recipients of kinds that are not known here (RFC 5652 §6.2.5) when the others are replaced: nobody
   * can tell who they are. Default `drop`.
   */
  readonly unknownRecipients?: 'keep' | 'drop';
  /** Encrypts the content key for all RSA recipients. Default: here, one after the other. */
  readonly wrapKeys?: WrapKeys;
  readonly limits?: CmsReaderLimits & ContentKeyOptions['limits'];
}

/**
 * Gives an EnvelopedData or AuthEnvelopedData other recipients, in one pass and without touching its content: the
 * content key is decrypted once and encrypted anew, and the octets that it encrypted stay the very same.
 *
 * **It cannot take away what somebody has.** Whoever could open the old envelope may have kept its content key, which
 * opens the new one as well; and where he has the old one he needs no key. To keep what comes from now on from a former
 * recipient is what replacing him is for; to keep from him what he could read, nothing is.
 *
 * Whether the content key is the right one is seen where it was wrapped with a check (OAEP, AES key wrap). RSA with PKCS
 * #1 v1.5 always gives one (RFC 3218), so that a damaged envelope stays damaged and nobody is told.
 *
 * @throws MailsealError from the constructor `usage` where the options do not fit together; from `update` and `finish`
 * the codes of `CmsReader`, of `openEnveloped` for the key and of `createEnvelopedData` for the recipients;
 * `cms-wrong-type` for another type of CMS; `cms-malformed` where the encrypted content is not in the structure.
 * @example
 * ```ts
 * import { createEnvelopedData, openEnveloped, parseEnvelopedData, Rekeyer } from 'mailseal/cms';
 *
 * const [old, fresh] = ['eight friendly herons wading', 'nine quiet otters asleep'].map((password) => ({ password }));
 * const p7m = await createEnvelopedData({ content: new TextEncoder().encode('秘密'), recipients: [old!] });
 *
 * const rekeyer = new Rekeyer({ keys: [old!], recipients: [fresh!] });
 * const pieces = [await rekeyer.update(p7m.subarray(0, 99)), await rekeyer.update(p7m.subarray(99)), await rekeyer.finish()];
 * const rekeyed = parseEnvelopedData(new Uint8Array(pieces.flatMap((piece) => [...piece])));
 * const { content } = await openEnveloped(rekeyed, { keys: [fresh!] });
 * console.log(new TextDecoder().decode(content), rekeyed.recipients.length); // 秘密 1
 * ```
 */
export class Rekeyer {
  readonly #options: RekeyOptions;
  readonly #reader: CmsReader;
  #frame: ContentFrame | undefined;
  #finished = false;

  constructor(options: RekeyOptions) {
    if (typeof options !== 'object' || options === null)
      throw new MailsealError('usage', 'the options are wanted as an object');
    const { recipients, mode = 'replace', limits } = options;
    if (!Array.isArray(recipients) || recipients.length === 0)
      throw new MailsealError('usage', '`recipients` is wanted, a list of one at least');
    if (mode !== 'replace' && mode !== 'add')
      throw new MailsealError('usage', `"${String(mode)}" is no mode; give replace or add`);
    this.#options = options;
    this.#reader = new CmsReader(limits === undefined ? {} : { limits });
  }

  /** Takes the next octets of the old ContentInfo and gives those of the new one; the chunk may be reused when the promise is fulfilled. */
  async update(chunk: Uint8Array): Promise<Bytes> {
    this.#assertOpen();
    throwIfAborted(this.#options.signal);
    return this.#orFailed(() => this.#written(this.#reader.push(asBytes(chunk))));
  }

  /** Gives the rest. Once only, `usage` a second time. */
  async finish(): Promise<Bytes> {
    this.#assertOpen();
    this.#finished = true;
    return this.#written(this.#reader.end());
  }

  /** What failed once gives nothing more, which nobody could put in its place. */
  async #orFailed(work: () => Promise<Bytes>): Promise<Bytes> {
    try {
      return await work();
    } catch (error) {
      this.#finished = true;
      throw error;
    }
  }

  async #written(events: readonly CmsEvent[]): Promise<Bytes> {
    const pieces: Uint8Array[] = [];
    for (const event of events) {
      if (event.type === 'head') {
        if (!(event.head instanceof EnvelopedDataHead)) throw wrongType(event.head.kind);
        if (!event.hasContent) throw contentElsewhere();
        this.#frame = await rekeyedFrame(event.head, this.#options);
      } else if (event.type === 'content') pieces.push(...this.#frame!.pieces(event.octets));
      else if (event.type === 'end' && 'enveloped' in event.structure)
        pieces.push(this.#frame!.end([[], afterContentInfo(event.structure.enveloped.node), [], []]));
    }
    return concatBytes(pieces);
  }

  #assertOpen(): void {
    if (this.#finished)
      throw new MailsealError(
        'usage',
        'this Rekeyer is finished, or failed; make another for another envelope',
      );
  }
}

async function rekeyedFrame(head: EnvelopedDataHead, options: RekeyOptions): Promise<ContentFrame> {
  const { keys, certificates, limits, signal, engine } = options;
  const opening: ContentKeyOptions = {
    keys,
    ...(certificates === undefined ? {} : { certificates }),
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
    ...(engine === undefined ? {} : { engine }),
  };
  // The key that recipients hold: where it is bound to the cipher (RFC 9709), the new ones derive as the old ones did.
  const { key } = await findTransportedKey(head, cipherOf(head), opening, { attempts: mostAttempts });
  try {
    throwIfAborted(signal);
    const fresh = await recipientInfos(options.recipients, key, new Uint8Array(0), options);
    const fields = fieldsOf(head.node);
    const infos = [...keptInfos(head, fields.recipientInfos, options), ...fresh];
    const isAuthenticated = head.kind === 'authEnvelopedData';
    const type = isAuthenticated ? ContentTypeOid.authEnvelopedData : ContentTypeOid.envelopedData;
    const originator = fields.originatorInfo === undefined ? [] : [fields.originatorInfo.bytes];
    const version = isAuthenticated ? 0 : versionOf(head.version, infos, originator.length > 0);
    const [contentType, algorithm] = fields.encryptedContentInfo.children;
    const layers = [
      { identifier: Tag.Sequence, before: [keptOid(type)] },
      { identifier: 0xa0, before: [] },
      {
        identifier: Tag.Sequence,
        before: [derInteger(version), ...originator, ...setPieces(Tag.Set, infos)],
      },
      { identifier: Tag.Sequence, before: [contentType!.bytes, algorithm!.bytes] },
    ];
    return new ContentFrame(layers, 0x80, undefined);
  } finally {
    key.fill(0);
  }
}

interface EnvelopeFields {
  readonly originatorInfo: BerNode | undefined;
  readonly recipientInfos: BerNode;
  readonly encryptedContentInfo: BerNode;
}

/** The fields of a head that was read, so that they are there. */
function fieldsOf(node: BerNode): EnvelopeFields {
  const [, ...fields] = node.children;
  const originatorInfo = fields[0]?.is(0xa0) === true ? fields.shift() : undefined;
  return { originatorInfo, recipientInfos: fields[0]!, encryptedContentInfo: fields[1]! };
}

/** The RecipientInfos that stay, octet for octet. */
function keptInfos(head: EnvelopedDataHead, node: BerNode, options: RekeyOptions): readonly Bytes[] {
  const { mode = 'replace', unknownRecipients = 'drop' } = options;
  const stays = (i: number): boolean =>
    mode === 'add' || (unknownRecipients === 'keep' && head.recipients[i]!.kind === 'other');
  return node.children.flatMap(({ bytes }, i) => (stays(i) ? [bytes] : []));
}

/** RFC 5652 §6.1. Attributes and certificates of other formats stay as they were, and the version that they asked for. */
function versionOf(was: number, infos: readonly Bytes[], hasOriginator: boolean): number {
  const wanted = infos.some((info) => info[0] === 0xa4) ? 3 : versionFor(infos, hasOriginator);
  if (hasOriginator && was > 3) return was;
  return was === 0 ? wanted : Math.max(wanted, 2);
}

/** What follows the EncryptedContentInfo: attributes, and the tag. */
function afterContentInfo(node: BerNode): readonly Bytes[] {
  const { encryptedContentInfo } = fieldsOf(node);
  return node.children.slice(node.children.indexOf(encryptedContentInfo) + 1).map(({ bytes }) => bytes);
}

function wrongType(kind: string): MailsealError {
  return new MailsealError('cms-wrong-type', `envelopedData or authEnvelopedData is wanted, this is ${kind}`);
}

function contentElsewhere(): MailsealError {
  return new MailsealError(
    'cms-malformed',
    'the encrypted content is not in the structure, so there is nothing to re-key',
  );
}
