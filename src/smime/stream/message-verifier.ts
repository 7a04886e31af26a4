import { asBytes } from '../../core/bytes.js';
import { OneRun } from '../../core/one-run.js';
import type { Part } from '../../mime/part.js';
import type { SealLimits } from '../verify/find-seals.js';
import { assertPolicyOptions } from '../verify/policy-options.js';
import type { VerificationReport } from '../verify/report.js';
import { type VerifyMessageOptions, verifyPassedMessage } from '../verify/verify-message.js';
import { outermostLevel, type StreamLimits } from './passed-limits.js';
import type { ContentEvent } from './passed-message.js';
import { PassedReader } from './passed-reader.js';

/** What {@link MessageVerifier} takes. */
export interface MessageVerifierOptions extends VerifyMessageOptions {
  readonly limits?: SealLimits & StreamLimits;
}

/** The outcome of verifying a message that came in pieces. */
export interface PassedVerification {
  /** What was still to be told of contents. */
  readonly events: readonly ContentEvent[];
  /**
   * The report of `verifyMessage`. Bodies of its parts that were not kept are empty, and offsets count octets that were
   * kept; `Seal.content` is there where it was kept.
   */
  readonly report: VerificationReport;
  /** The parts of which octets were not kept, those around them among them. */
  readonly leftOut: ReadonlySet<Part>;
  /**
   * Whether it looks as if a signature stood in octets that were not kept, in a part that no longer shows it as one: where
   * the report has no seals, `diagnoseAlteration` may tell of the message as a whole.
   */
  readonly mayHideSeals: boolean;
}

/**
 * Verifies the signatures of a message that comes in chunks of any size, in memory that does not grow with its bodies:
 * one pass, and the same verdict as `verifyMessage` gives.
 *
 * What is signed is hashed as it goes by, by the digests that the message announces and SHA-256. A signer who used
 * another has the content `missing` and the reason `needs-second-pass`, as has one whose signature is over the content
 * itself (Ed25519 without signed attributes) where that is longer than `limits.gathered`. So has what was left out of a
 * multipart that is neither signed nor mixed, of which no signature is ever verified. Of content that was not kept it
 * is not noted that the signature fits other line ends.
 *
 * What an opaque signature embeds is told as it comes, **before anything is known about it**: show and store nothing of
 * it as verified until `end` gives its verdict.
 *
 * @throws MailsealError as `verifyMessage`: from the constructor for options, from `push` and `end` for limits, and
 * `limit-octets`; `usage` for a `push` before the promise of the last is fulfilled, or after `end` or an error.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { MessageVerifier } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const verifier = new MessageVerifier({
 *   roots: parseCertificates(readFileSync('test/vectors/demo/root.crt.pem')),
 *   at: new Date('2027-01-01'),
 * });
 * const message = readFileSync('test/vectors/demo/signed.eml');
 * for (let at = 0; at < message.length; at += 1000) await verifier.push(message.subarray(at, at + 1000));
 * const { report } = await verifier.end();
 * console.log(report.verified, report.seals[0]?.signers[0]?.identity); // true match
 * ```
 */
export class MessageVerifier {
  readonly #options: MessageVerifierOptions;
  readonly #run: OneRun;
  readonly #reader: PassedReader;
  #events: ContentEvent[] = [];

  constructor(options: MessageVerifierOptions) {
    assertPolicyOptions(options);
    const { engine, limits = {} } = options;
    this.#options = options;
    this.#run = new OneRun('MessageVerifier', options.signal);
    this.#reader = new PassedReader(
      outermostLevel(limits, engine === undefined ? {} : { engine }),
      (event) => {
        this.#events.push(event);
      },
    );
  }

  /** Takes the next octets of the message; the chunk may be reused after the next `push`, not before. */
  async push(chunk: Uint8Array): Promise<ContentEvent[]> {
    return this.#run.step(false, async () => {
      await this.#reader.push(asBytes(chunk));
      return this.#taken();
    });
  }

  /** Says that no more comes, and gives the verdict. */
  async end(): Promise<PassedVerification> {
    return this.#run.step(true, async () => {
      const { root, parts, leftOut, mayHideSeals } = await this.#reader.end();
      const report = await verifyPassedMessage(root, this.#options, parts);
      return { events: this.#taken(), report, leftOut, mayHideSeals };
    });
  }

  #taken(): ContentEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
