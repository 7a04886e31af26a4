import type { CiphertextSpool } from '../../cms/stream/content-decryptor.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { callOut, callOutAndWait, OneRun } from '../../core/one-run.js';
import { shown } from '../../core/shown.js';
import type { Part } from '../../mime/part.js';
import { assertKeys } from '../open/open-envelope.js';
import { openWork } from '../open/open-layers.js';
import type { OpenLimits } from '../open/open-limits.js';
import { type OpenMessageOptions, openPassedMessage } from '../open/open-message.js';
import type { OpenReport } from '../open/report.js';
import { assertPolicyOptions } from '../verify/policy-options.js';
import type { EnvelopeOpening } from './envelope-reader.js';
import { outermostLevel, type StreamLimits } from './passed-limits.js';
import type { ContentEvent, SignedPartSink } from './passed-message.js';
import { PassedReader } from './passed-reader.js';

/** What {@link MessageDecryptor} takes. */
export interface MessageDecryptorOptions extends OpenMessageOptions {
  /**
   * Is told of the content of each seal and envelope as it may be told; the next is not told before its promise is
   * fulfilled. What it throws, `push` or `end` throws.
   */
  readonly onContent?: (event: ContentEvent) => void | Promise<void>;
  /**
   * Is told of each part that was not kept and beside which a signature stands, or may stand: for who wants to have what
   * a detached signature is over. The last octets are told before `end` gives its verdict on them.
   */
  readonly onSignedPart?: SignedPartSink;
  /**
   * Makes the place where the ciphertext of the envelope at a place of the message waits for its tag. It is never given
   * plaintext, and is the caller's to remove. Default: memory, up to `limits.withheld`.
   */
  readonly spool?: (part: string) => CiphertextSpool | Promise<CiphertextSpool>;
  readonly limits?: OpenLimits &
    StreamLimits & {
      /** Octets of ciphertext that wait in memory, for each envelope, where there is no spool; default 16 MiB. An envelope with more is not opened: `limit-octets`. */
      readonly withheld?: number;
    };
}

/** The outcome of opening a message that came in pieces. */
export interface PassedOpening {
  /**
   * The report of `openMessage`. Bodies of its parts that were not kept are empty, in `pieces` too, and offsets count
   * octets that were kept; `content` of an envelope or seal is there where it was kept.
   */
  readonly report: OpenReport;
  /** The parts of which octets were not kept, those around them among them. */
  readonly leftOut: ReadonlySet<Part>;
  /**
   * Whether it looks as if a signature stood in octets that were not kept, in a part that no longer shows it as one: where
   * the report has no seals, `diagnoseAlteration` may tell of the message as a whole.
   */
  readonly mayHideSeals: boolean;
}

/**
 * Decrypts and verifies a message that comes in chunks of any size, in memory that does not grow with its bodies, and
 * reports of it as `openMessage` does: layers inside one another, each opened while it goes by.
 *
 * Of a cipher with a tag nothing is told before that was checked: the ciphertext waits in a spool. What CBC gives is
 * told at once and marked `unauthenticated`, since anybody may have changed it on the way (EFAIL). Nothing that is told
 * is verified before `end` gives the report, and content of an envelope that fails at its end stays without
 * `content-end`: throw it away.
 *
 * Where contents are to be written to a file, take the events of one `part`: what lies in several layers is told by
 * each. `limits.octets` counts only what is not opened in pieces: what is compressed, and is opened only where it was
 * kept.
 *
 * @throws MailsealError as `openMessage`: from the constructor for options, from `push` and `end` for limits, and
 * `limit-octets`; `usage` for a `push` before the promise of the last is fulfilled, or after `end` or an error.
 * @example
 * ```ts
 * import { encryptMessage, MessageDecryptor } from 'mailseal/smime';
 *
 * const at = new Date('2027-01-01');
 * const recipient = { password: 'eight friendly herons wading' };
 * const message = new TextEncoder().encode('To: hanako@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, { recipients: [recipient], at });
 *
 * let length = 0;
 * const decryptor = new MessageDecryptor({
 *   keys: [recipient],
 *   roots: [],
 *   at,
 *   onContent(event) {
 *     if (event.type === 'content') length += event.octets.length;
 *   },
 * });
 * const octets = sealed!.message;
 * for (let i = 0; i < octets.length; i += 100) await decryptor.push(octets.subarray(i, i + 100));
 * const { report } = await decryptor.end();
 * console.log(length > 0, report.encrypted, report.envelopes[0]?.authenticated); // true true false
 * ```
 */
export class MessageDecryptor {
  readonly #options: MessageDecryptorOptions;
  readonly #opening: EnvelopeOpening;
  readonly #run: OneRun;
  readonly #reader: PassedReader;

  constructor(options: MessageDecryptorOptions) {
    assertPolicyOptions(options);
    assertKeys(options);
    assertFunctions(options);
    const { engine, limits = {}, spool, onContent, onSignedPart } = options;
    this.#options = options;
    this.#run = new OneRun('MessageDecryptor', options.signal, () => this.#wipe());
    this.#opening = {
      options,
      work: openWork(limits),
      spool,
      withheld: limits.withheld ?? 16 << 20,
      running: new Set(),
    };
    const by = engine === undefined ? {} : { engine };
    const signedPart: SignedPartSink | undefined =
      onSignedPart === undefined ? undefined : (event) => callOut(() => onSignedPart(event));
    const level = outermostLevel(limits, by, this.#opening, signedPart);
    this.#reader = new PassedReader(level, (event) => callOutAndWait(() => onContent?.(event)));
  }

  /** Takes the next octets of the message; the chunk may be reused after the next `push`, not before. */
  async push(chunk: Uint8Array): Promise<void> {
    const octets: Bytes = asBytes(chunk);
    await this.#run.step(false, () => this.#reader.push(octets));
  }

  /** Says that no more comes, and gives the report. */
  async end(): Promise<PassedOpening> {
    return this.#run.step(true, async () => {
      const { root, parts, leftOut, mayHideSeals } = await this.#reader.end();
      this.#wipe();
      return { report: await openPassedMessage(root, this.#options, parts), leftOut, mayHideSeals };
    });
  }

  /** Overwrites keys of contents; for who stops before the end. A call under way is rejected with `usage`. */
  wipe(): void {
    this.#run.stop();
  }

  #wipe(): void {
    for (const decryptor of this.#opening.running) decryptor.wipe();
    this.#opening.running.clear();
  }
}

/** The options that {@link MessageDecryptor} calls. */
function assertFunctions(options: MessageDecryptorOptions): void {
  for (const name of ['onContent', 'onSignedPart', 'spool'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'function')
      throw usage(`\`${name}\` is a function, not ${shown(value)}`);
  }
}
