import { ContentTypeOid } from '../../cms/oids.js';
import type { CmsEvent, CmsStructure } from '../../cms/stream/cms-events.js';
import type { EncryptedDataHead, EnvelopedDataHead, SignedDataHead } from '../../cms/stream/cms-head.js';
import { CmsReader } from '../../cms/stream/cms-reader.js';
import { ContentDigester } from '../../cms/verify/passed-content.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { isCallers } from '../open/open-envelope.js';
import type { PassedCms, PassedEnvelope } from '../verify/passed-parts.js';
import { digestsOfHead } from './announced-digests.js';
import { EnvelopeReader } from './envelope-reader.js';
import type { Level } from './passed-limits.js';
import type { EntityReader, PassedMessage, PassedSink } from './passed-message.js';
import { type TransferDecoder, transferDecoder } from './transfer-decoder.js';

/** Makes the reader of the entity at a place. */
type OpenInside = (place: string, unauthenticated: boolean) => EntityReader;

/** A CMS part that was read, and what was found in its content. */
export interface ReadCmsPart {
  readonly cms: PassedCms;
  readonly inside: PassedMessage | undefined;
}

/** Reads a CMS part while it goes by: transfer encoding, structure, and the entity in a SignedData. */
export class CmsPartReader {
  readonly #level: Level;
  readonly #place: string;
  readonly #sink: PassedSink | undefined;
  readonly #decoder: TransferDecoder;
  readonly #reader: CmsReader;
  readonly #openInside: OpenInside;
  #structure: CmsStructure | MailsealError | undefined;
  #trailingOctets = 0;
  #digester: ContentDigester | undefined;
  #hasContent = false;
  #envelope: EnvelopeReader | undefined;
  #isCompressed = false;
  #inside: EntityReader | undefined;
  #found: PassedMessage | MailsealError | undefined;

  /**
   * @param place its place in the message
   * @param sink who is told of the content; nobody, of a signature that stands beside what it is over
   * @param openInside reads the entity inside, which stands at that place
   */
  constructor(
    level: Level,
    transferEncoding: string,
    place: string,
    sink: PassedSink | undefined,
    openInside: OpenInside,
  ) {
    this.#level = level;
    this.#place = place;
    this.#sink = sink;
    this.#openInside = openInside;
    this.#decoder = transferDecoder(transferEncoding);
    this.#reader = new CmsReader({ limits: { ...level.cms, structureOctets: level.structureOctets } });
  }

  /** Takes the next octets of the body. */
  async push(octets: Bytes): Promise<void> {
    if (this.#structure === undefined) await this.#read(this.#decoder.update(octets));
  }

  /** Everything was there. */
  async end(): Promise<ReadCmsPart> {
    if (this.#structure === undefined) await this.#read(this.#decoder.finish());
    if (this.#structure === undefined) await this.#takeAll(() => this.#reader.end());
    const found = this.#found;
    const inside = found instanceof MailsealError ? undefined : found;
    const cms: PassedCms = {
      contentType: this.#reader.contentType,
      structure: this.#structure!,
      trailingOctets: this.#trailingOctets,
      content: this.#hasContent ? this.#digester?.finish() : undefined,
      entity: found instanceof MailsealError ? found : inside?.root,
      envelope: this.#structure instanceof MailsealError ? undefined : this.#opened(inside),
    };
    return { cms, inside };
  }

  async #read(octets: Bytes): Promise<void> {
    if (octets.length === 0) return;
    await this.#takeAll(() => this.#reader.push(octets));
  }

  async #takeAll(read: () => CmsEvent[]): Promise<void> {
    let events: CmsEvent[];
    try {
      events = read();
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      this.#structure = error;
      return;
    }
    for (const event of events) await this.#take(event);
  }

  async #take(event: CmsEvent): Promise<void> {
    switch (event.type) {
      case 'head':
        if (event.head.kind === 'signedData') this.#beginSigned(event.head, event.hasContent);
        else if (event.head.kind === 'compressedData') this.#isCompressed = true;
        else if ('encryptedContent' in event.head) await this.#beginEnvelope(event.head, event.hasContent);
        break;
      case 'content':
        if (this.#digester !== undefined) {
          this.#digester.update(event.octets);
          await this.#tell(event.octets, this.#level.unauthenticated);
        } else if (this.#envelope !== undefined) {
          const plaintext = await this.#envelope.update(event.octets);
          await this.#tell(plaintext, this.#isUnauthenticated());
        }
        break;
      case 'content-end':
        if (this.#digester !== undefined) await this.#tellEnd();
        break;
      default:
        this.#trailingOctets = event.trailingOctets;
        if (this.#envelope !== undefined) await this.#endEnvelope(this.#envelope, event.structure);
        this.#structure = event.structure;
    }
  }

  #beginSigned({ digestAlgorithms, contentType }: SignedDataHead, hasContent: boolean): void {
    const { engine, gathered, layers, unauthenticated } = this.#level;
    const digests = digestsOfHead(digestAlgorithms);
    const by = engine === undefined ? {} : { engine };
    this.#hasContent = hasContent;
    this.#digester = new ContentDigester({ digests, keep: gathered, ...by });
    const isEntity = hasContent && contentType === ContentTypeOid.data;
    if (isEntity && this.#sink !== undefined && layers > 0)
      this.#inside = this.#openInside(this.#place, unauthenticated);
  }

  async #beginEnvelope(head: EnvelopedDataHead | EncryptedDataHead, hasContent: boolean): Promise<void> {
    const { opening, layers } = this.#level;
    if (opening === undefined || this.#sink === undefined) return;
    const envelope = new EnvelopeReader(opening, head);
    this.#envelope = envelope;
    if (!(await envelope.begin(this.#place, hasContent)) || !envelope.holdsEntity) return;
    if (layers > 0) this.#inside = this.#openInside(this.#place, this.#isUnauthenticated());
    else this.#found = new MailsealError('limit-depth', 'too many seals and envelopes inside one another');
  }

  async #endEnvelope(envelope: EnvelopeReader, structure: CmsStructure): Promise<void> {
    await envelope.finish(structure, (plaintext) => this.#tell(plaintext, this.#isUnauthenticated()));
    if (envelope.error === undefined) await this.#tellEnd();
    else this.#inside = undefined;
  }

  #isUnauthenticated(): boolean {
    return this.#envelope?.unauthenticated === true;
  }

  #opened(inside: PassedMessage | undefined): PassedEnvelope | undefined {
    if (this.#level.opening !== undefined && this.#isCompressed) return notDecompressed();
    const isWhole = inside !== undefined && inside.leftOut.size === 0;
    return this.#envelope?.outcome(isWhole ? inside.root.source : undefined);
  }

  async #tell(octets: Bytes, unauthenticated: boolean): Promise<void> {
    if (octets.length === 0) return;
    const layer = this.#envelope === undefined ? 'seal' : 'envelope';
    await this.#sink?.({
      type: 'content',
      part: this.#place,
      layer,
      octets,
      verified: false,
      unauthenticated,
    });
    await this.#goInside((inside) => inside.push(octets));
  }

  async #tellEnd(): Promise<void> {
    await this.#goInside(async (inside) => {
      this.#found = await inside.end();
    });
    await this.#sink?.({ type: 'content-end', part: this.#place });
  }

  /** A limit that the content hits is told where the judge comes to it, if he does. */
  async #goInside(work: (inside: EntityReader) => Promise<void>): Promise<void> {
    if (this.#inside === undefined) return;
    try {
      await work(this.#inside);
    } catch (error) {
      if (!(error instanceof MailsealError) || isCallers(error)) throw error;
      this.#found = error;
      this.#inside = undefined;
    }
  }
}

/** What becomes of compressed content that is not kept. */
function notDecompressed(): PassedEnvelope {
  const error = new MailsealError(
    'limit-octets',
    'what is compressed is longer than what is kept, and is opened in one piece only; raise limits.kept',
  );
  const contentType = ContentTypeOid.data;
  return {
    type: 'compressedData',
    decrypted: undefined,
    recipients: [],
    contentType,
    content: undefined,
    error,
  };
}
