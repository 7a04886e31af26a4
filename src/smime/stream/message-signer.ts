import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { OneRun } from '../../core/one-run.js';
import type { Part } from '../../mime/part.js';
import type { EntityChanges } from '../entity/safe-entity.js';
import { outerHeader, splitMessage, withVersion } from '../entity/split-message.js';
import { protectClear } from '../header-protection/protect-header.js';
import { type SignMessageOptions, transportOf } from '../sign/sign-message.js';
import { type EntityEvent, EntityStream } from './entity-stream.js';
import { type PieceOutput, pieceOutput } from './piece-output.js';
import { SigningStage } from './seal-stages.js';

/**
 * Signs a message that comes in pieces, as `signMessage` does: any split gives the same octets, but for those that are
 * random. Memory does not grow with the message.
 *
 * Where a body is longer than 1 MiB it goes in base64, whatever its transfer encoding was, since its header is written
 * before all of it was seen; so is a part that others signed told by its type multipart/signed alone. In the detached form
 * what is signed is given as it comes: **the message is whole, and signed, only when `finish` gave its end**.
 *
 * @throws MailsealError from the constructor `usage` and the codes of `SignedDataWriter`; from `update` and `finish` as
 * `signMessage`, `smime-content-unsafe` also where the content holds the boundary that was drawn for it; after an error,
 * or `finish`, `usage`. Nothing that was given before an error is a message.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { MessageSigner, verifyMessage } from 'mailseal/smime';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const at = new Date('2027-01-01');
 * const signer = new MessageSigner({ signers: [{ certificate: certificate!, privateKey }], signingTime: at });
 * const pieces: Uint8Array[] = [];
 * for (const text of ['From: hanako@example.jp\r\nSubject: Fri', 'day\r\n\r\nAt nine.\r\n']) {
 *   pieces.push(await signer.update(new TextEncoder().encode(text)));
 * }
 * pieces.push(await signer.finish());
 * const signed = new Uint8Array(pieces.flatMap((piece) => [...piece]));
 * const report = await verifyMessage(signed, { roots: certificates.map((each) => each.certificate), at });
 * console.log(report.seals[0]?.signers[0]?.signature); // valid
 * ```
 */
export class MessageSigner {
  readonly #options: SignMessageOptions;
  readonly #run: OneRun;
  readonly #entity: EntityStream;
  readonly #stage: SigningStage;

  constructor(options: SignMessageOptions) {
    if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
    this.#options = options;
    this.#run = new OneRun('MessageSigner', options.signal);
    this.#entity = new EntityStream(transportOf(options));
    this.#stage = new SigningStage(options);
  }

  /** Takes the next octets of the message and gives those of the signed one; the chunk may be reused when the promise is fulfilled. */
  async update(chunk: Uint8Array, options?: PieceOutput): Promise<Bytes> {
    const output = pieceOutput(options, chunk);
    const work = async (given: Uint8Array[]): Promise<void> => {
      this.#stage.writeTo(output);
      await this.#sign(this.#entity.push(chunk), given);
      this.#stage.takeEncoded(given);
    };
    return this.#run.giving(false, work, !this.#stage.isDetached, output);
  }

  /** Signs, and gives the rest. Once only, `usage` a second time. */
  finish(): Promise<Bytes> {
    return this.#run.giving(true, async (given) => {
      await this.#sign(this.#entity.end(), given);
      await this.#stage.finish(given);
      this.#stage.takeEncoded(given);
    });
  }

  async #sign(events: Iterable<EntityEvent>, given: Uint8Array[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'root') this.#entity.begin(this.#begin(event.root));
      else await this.#stage.update(event.octets, given);
      this.#refuseUnsafe();
    }
    this.#refuseUnsafe();
  }

  #begin(root: Part): EntityChanges {
    const split = splitMessage(root);
    if (this.#options.headerProtection !== true) {
      this.#stage.begin(outerHeader(split));
      return {};
    }
    const { outside, changes } = protectClear(split);
    this.#stage.begin(withVersion(outside, split.isEntity));
    return changes;
  }

  #refuseUnsafe(): void {
    const { unsafe } = this.#entity;
    if (unsafe === undefined || !this.#stage.isDetached) return;
    // RFC 8551 §3.1.3: what is signed beside its signature must be 7-bit, and what is signed already cannot be encoded anew.
    throw new MailsealError(
      'smime-content-unsafe',
      `the part "${unsafe}" cannot pass a server on the way unchanged and may not be encoded anew; sign with \`form: 'opaque'\`, or with \`transport: '8bit'\` if all servers take that`,
    );
  }
}
