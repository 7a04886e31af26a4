import { type BerNode, Tag } from '../../asn1/reader.js';
import { derInteger } from '../../asn1/writer.js';
import { throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { RandomOptions } from '../../crypto/random.js';
import { setPieces } from '../der-pieces.js';
import {
  type ContentKeyOptions,
  cipherOf,
  findTransportedKey,
  mostAttempts,
} from '../enveloped/content-key.js';
import { type CreateEnvelopedDataOptions, versionFor } from '../enveloped/create.js';
import { encodeOriginatorInfo } from '../enveloped/originator-info.js';
import type { Recipient, WrapKeys } from '../enveloped/recipient.js';
import { recipientInfos } from '../enveloped/write-recipients.js';
import { ContentTypeOid } from '../oids.js';
import { keptOid } from '../sign/kept-encodings.js';
import type { CmsEvent, CmsReaderLimits } from './cms-events.js';
import { EnvelopedDataHead } from './cms-head.js';
import { CmsReader } from './cms-reader.js';
import { assertHeldOctets, ComingFrame, mostHeld } from './coming-frame.js';
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
  /**
   * Certificates and CRLs that go along in the place of those that the sender sent; with none, nothing goes along.
   * Default: those of the sender stay. Who was sent a key that the sender agreed on may need his certificate.
   */
  readonly originatorInfo?: CreateEnvelopedDataOptions['originatorInfo'];
  /** Encrypts the content key for all RSA recipients. Default: here, one after the other. */
  readonly wrapKeys?: WrapKeys;
  /** Octets of content that may be held back while `wrapKeys` is at work, as `EnvelopedDataWriter` does. Default 16 MiB. */
  readonly heldOctets?: number;
  readonly limits?: CmsReaderLimits & ContentKeyOptions['limits'];
}

/** Gives the key that recipients hold, in octets that are overwritten after its use. */
export type KeyFinder = (head: EnvelopedDataHead, options: RekeyOptions) => Promise<Bytes>;

type HeadEvent = Extract<CmsEvent, { readonly type: 'head' }>;

/**
 * What `Rekeyer` does, without joining what it gives.
 *
 * @throws MailsealError as `Rekeyer`, but for its use after the end.
 */
export class Rekeying {
  /** Until there is a head. */
  #options: RekeyOptions | undefined;
  readonly #findKey: KeyFinder;
  readonly #reader: CmsReader;
  #frame: ComingFrame | undefined;

  /** @param findKey for who has it already; default: `keys` open the envelope */
  constructor(options: RekeyOptions, findKey: KeyFinder = transportedKey) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    const { recipients, mode = 'replace', limits } = options;
    if (!Array.isArray(recipients) || recipients.length === 0)
      throw usage('`recipients` is wanted, a list of one at least');
    if (mode !== 'replace' && mode !== 'add') throw usage(`${shown(mode)} is no mode; give replace or add`);
    assertHeldOctets(options.heldOctets);
    this.#options = options;
    this.#findKey = findKey;
    this.#reader = new CmsReader(limits === undefined ? {} : { limits });
  }

  /** Takes the next octets; what is given may be views of them. */
  update(chunk: Bytes, given: Uint8Array[]): Promise<void> {
    return this.#write(this.#reader.push(chunk), given);
  }

  /** Gives the rest. */
  finish(given: Uint8Array[]): Promise<void> {
    return this.#write(this.#reader.end(), given);
  }

  async #write(events: readonly CmsEvent[], given: Uint8Array[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'head') this.#frame = await this.#begin(event);
      else if (event.type === 'content') await this.#frame!.add(event.octets, given);
      else if (event.type === 'end' && 'enveloped' in event.structure)
        await this.#frame!.end([[], afterContentInfo(event.structure.enveloped.node), [], []], given);
    }
  }

  async #begin(event: HeadEvent): Promise<ComingFrame> {
    const { head, hasContent } = event;
    if (!(head instanceof EnvelopedDataHead)) throw wrongType(head.kind);
    if (!hasContent) throw contentElsewhere();
    const options = this.#options!;
    // A thousand certificates that nobody needs any more would be looked at by each collection while the content passes.
    this.#options = undefined;
    const key = await this.#findKey(head, options);
    return new ComingFrame(
      rekeyedFrame({ ...event, head }, key, options),
      mostHeld(options.wrapKeys, options.heldOctets),
    );
  }
}

/** The content key, to be wiped: the one that recipients hold. Where it is bound to the cipher (RFC 9709), the new ones derive as the old ones did. */
async function transportedKey(head: EnvelopedDataHead, options: RekeyOptions): Promise<Bytes> {
  return (await findTransportedKey(head, cipherOf(head), options, { attempts: mostAttempts })).key;
}

async function rekeyedFrame(
  { head, lengths }: HeadEvent & { readonly head: EnvelopedDataHead },
  key: Bytes,
  options: RekeyOptions,
): Promise<ContentFrame> {
  try {
    throwIfAborted(options.signal);
    assertWrappable(key, options.recipients);
    const fresh = await recipientInfos(options.recipients, key, new Uint8Array(0), options);
    const fields = fieldsOf(head.node);
    const infos = [...keptInfos(head, fields.recipientInfos, options), ...fresh];
    const isAuthenticated = head.kind === 'authEnvelopedData';
    const type = isAuthenticated ? ContentTypeOid.authEnvelopedData : ContentTypeOid.envelopedData;
    const originator =
      options.originatorInfo === undefined
        ? fields.originatorInfo?.bytes
        : encodeOriginatorInfo(options.originatorInfo);
    const was = options.originatorInfo === undefined ? head.version : Math.min(head.version, 2);
    const version = isAuthenticated ? 0 : versionOf(was, infos, originator !== undefined);
    const [contentType, algorithm] = fields.encryptedContentInfo.children;
    const layers = [
      { identifier: Tag.Sequence, before: [keptOid(type)] },
      { identifier: 0xa0, before: [] },
      {
        identifier: Tag.Sequence,
        before: [
          derInteger(version),
          ...(originator === undefined ? [] : [originator]),
          ...setPieces(Tag.Set, infos),
        ],
        after: lengths?.after ?? 0,
      },
      { identifier: Tag.Sequence, before: [contentType!.bytes, algorithm!.bytes] },
    ];
    return new ContentFrame(layers, 0x80, lengths?.content);
  } finally {
    key.fill(0);
  }
}

/** RFC 3394 §2: the AES wrap takes whole blocks of 8 octets, two at least, which old ciphers’ keys are not. */
function assertWrappable(key: Bytes, recipients: readonly Recipient[]): void {
  if (key.length >= 16 && key.length % 8 === 0) return;
  const at = recipients.findIndex(
    (each) => 'kek' in each || ('certificate' in each && each.certificate.publicKey.kind !== 'rsa'),
  );
  if (at < 0) return;
  throw new MailsealError(
    'cms-unsupported',
    `the content key has ${key.length} octets, which no key wrap takes: item ${at} of \`recipients\` can have it with an RSA key or a password only`,
  );
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
