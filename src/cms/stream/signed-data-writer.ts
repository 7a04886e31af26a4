import { Tag } from '../../asn1/reader.js';
import { throwIfAborted } from '../../core/abort.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { OneRun } from '../../core/one-run.js';
import { type DigestName, digest } from '../../crypto/digests/digest.js';
import { engineOf } from '../enveloped/content-key.js';
import { ContentTypeOid } from '../oids.js';
import type { CreateSignedDataOptions } from '../sign/create-signed-data.js';
import { keptOid } from '../sign/kept-encodings.js';
import type { PreparedSigner } from '../sign/prepared-signer.js';
import {
  afterContent,
  beforeContent,
  certificateOctets,
  encapsulatedContent,
  revocationOctets,
  type SignedDataParts,
  writeSignedData,
} from '../sign/signed-data-parts.js';
import {
  certificatesOf,
  prepareSigners,
  type SubjectOfSigners,
  writePreparedSigners,
} from '../sign/write-signer.js';
import { ContentDigester } from '../verify/passed-content.js';
import { ContentFrame } from './content-frame.js';

/** What {@link SignedDataWriter} takes. */
export interface SignedDataWriterOptions
  extends Omit<CreateSignedDataOptions, 'content' | 'withoutSignedAttributes'> {
  /**
   * How many octets of content will come. With it DER is written, else BER of indefinite lengths where the content is
   * embedded. It takes signatures whose length is known before they are made: those of RSA and Edwards private keys.
   */
  readonly length?: number;
}

/**
 * Signs content as `createSignedData` does, in pieces: what it gives one after the other is the ContentInfo. Memory does
 * not grow with the content. Signatures are always over signed attributes.
 *
 * @throws MailsealError from the constructor as `createSignedData`, and `usage` for a `length` with a signature of
 * another length each time (ECDSA, DSA, a caller's signer); `usage` for more or less content than `length` said, or for a
 * call before the promise of the last is fulfilled, or after `finish` or an error.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { ContentDigester, parseSignedData, SignedDataWriter, verifySignedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const at = new Date('2027-01-01');
 * const signers = [{ certificate: certificate!, privateKey, signingTime: at }];
 * const writer = new SignedDataWriter({ signers, detached: true });
 * const digester = new ContentDigester();
 * for (const text of ['Content-Type: text/plain\r\n\r\n', 'Until Friday.\r\n']) {
 *   const octets = new TextEncoder().encode(text);
 *   await writer.update(octets);
 *   digester.update(octets);
 * }
 * const p7s = await writer.finish();
 * const roots = certificates.map((each) => each.certificate);
 * const [verdict] = await verifySignedData(parseSignedData(p7s), { content: digester.finish(), roots, at });
 * console.log(verdict?.content, verdict?.signature, verdict?.trust); // intact valid trusted
 * ```
 */
export class SignedDataWriter {
  readonly #options: SignedDataWriterOptions;
  readonly #contentType: string;
  readonly #signers: readonly PreparedSigner[];
  readonly #certificates: readonly Bytes[];
  readonly #revocationInfos: readonly Bytes[];
  readonly #digester: ContentDigester;
  #frame: Promise<ContentFrame> | undefined;
  readonly #run: OneRun;

  constructor(options: SignedDataWriterOptions) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    const { contentType = ContentTypeOid.data, signers, length, detached = false } = options;
    throwIfAborted(options.signal);
    this.#options = options;
    this.#run = new OneRun('SignedDataWriter', options.signal);
    this.#contentType = contentType;
    this.#signers = prepareSigners(signers, true, options);
    if (length !== undefined) {
      if (!(Number.isSafeInteger(length) && length >= 0)) throw usage('`length` is a number of octets');
      if (!detached) for (const signer of this.#signers) assertFixedLength(signer);
    }
    const along = certificateOctets('certificates', options.certificates);
    this.#certificates =
      options.includeCertificates === false ? along : [...certificatesOf(this.#signers), ...along];
    this.#revocationInfos = revocationOctets(options);
    const digests = [...new Set(this.#signers.map(({ digest: name }) => name))];
    this.#digester = new ContentDigester({ digests, keep: 0, ...engineOf(options) });
  }

  /**
   * Takes the next octets of the content and gives those of the ContentInfo that are settled: of a detached signature
   * none. They may be a view of the chunk.
   */
  async update(content: Uint8Array): Promise<Bytes> {
    const octets = asBytes(content);
    return this.#run.step(false, async () => {
      this.#digester.update(octets);
      if (this.#options.detached === true) return new Uint8Array(0);
      return (await this.#start()).piece(octets);
    });
  }

  /** Signs, and gives the rest. Once only, `usage` a second time. */
  async finish(): Promise<Bytes> {
    return this.#run.step(true, () => this.#sign());
  }

  async #sign(): Promise<Bytes> {
    const { length, digests } = this.#digester.finish();
    const { detached = false, length: announced } = this.#options;
    // Before anybody signs: whoever has to type a number to sign does not do so for nothing.
    if (announced !== undefined && announced !== length)
      throw usage(`${announced} octets were announced as the length, and ${length} came`);
    const frame = detached ? undefined : await this.#start();
    const { signers } = await writePreparedSigners(this.#signers, this.#subject(digests), this.#options);
    if (frame === undefined) {
      const encapsulated = encapsulatedContent(this.#contentType, undefined);
      return writeSignedData({ ...this.#parts, encapsulated, signers });
    }
    return frame.end([[], [], afterContent({ ...this.#parts, signers }), [], []]);
  }

  /** Which digests are signed: what `micalg` names, before the signatures are made. */
  get digests(): readonly DigestName[] {
    return this.#signers.map(({ digest: name }) => name);
  }

  /** The fields of the SignedData but for content and signers. */
  get #parts(): Omit<SignedDataParts, 'encapsulated' | 'signers'> {
    return {
      digestAlgorithms: this.#signers.map(({ digestAlgorithm }) => digestAlgorithm),
      contentType: this.#contentType,
      certificates: this.#certificates,
      revocationInfos: this.#revocationInfos,
    };
  }

  #subject(digests: SubjectOfSigners['digests'] & object): SubjectOfSigners {
    return {
      content: new Uint8Array(0),
      digests,
      contentType: this.#contentType,
      withoutSignedAttributes: false,
    };
  }

  #start(): Promise<ContentFrame> {
    this.#frame ??= this.#writeStart();
    return this.#frame;
  }

  async #writeStart(): Promise<ContentFrame> {
    const { length } = this.#options;
    const after = length === undefined ? 0 : await this.#lengthAfterContent();
    const layers = [
      { identifier: Tag.Sequence, before: [keptOid(ContentTypeOid.signedData)] },
      { identifier: 0xa0, before: [] },
      { identifier: Tag.Sequence, before: beforeContent({ ...this.#parts, signers: this.#signers }), after },
      { identifier: Tag.Sequence, before: [keptOid(this.#contentType)] },
      { identifier: 0xa0, before: [] },
    ];
    return new ContentFrame(layers, Tag.OctetString, length);
  }

  /** What signing anything else takes: of these keys every signature has the same length. */
  async #lengthAfterContent(): Promise<number> {
    const names = new Set(this.#signers.map(({ digest: name }) => name));
    const digests = new Map(
      [...names].map((name) => [name, digest(name, new Uint8Array(0), engineOf(this.#options))]),
    );
    const { signers } = await writePreparedSigners(this.#signers, this.#subject(digests), this.#options);
    const after = afterContent({ ...this.#parts, signers });
    return after.reduce((sum, each) => sum + each.length, 0);
  }
}

function assertFixedLength({ key }: PreparedSigner): void {
  const kind = key.privateKey?.kind;
  if (kind === 'rsa' || kind === 'ed25519' || kind === 'ed448') return;
  throw usage(
    'with `length` only RSA and Edwards private keys sign, whose signatures have a length that is known before; leave it out',
  );
}
