import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { OneRun } from '../../core/one-run.js';
import { Rekeying, type RekeyOptions } from './rekeying.js';

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
 * Lengths are definite in the new envelope where those around the old content were, so that DER stays DER. Where they
 * are not, the pieces that its content stands in depend on the chunks, and the content does not. Octets behind the old
 * ContentInfo, which nothing in it covers, are left out without a word: whatever they are, and of PEM text and other
 * blocks. PEM comes back as the octets that it stands for.
 *
 * @throws MailsealError from the constructor `usage` where the options do not fit together; from `update` and `finish`
 * the codes of `CmsReader`, of `openEnveloped` for the key and of `createEnvelopedData` for the recipients;
 * `cms-wrong-type` for another type of CMS; `cms-unsupported` also for a content key that is too short for the new
 * recipient’s key wrap (DES, RC2); `cms-malformed` where the encrypted content is not in the structure; `usage` for a call before the
 * promise of the last is fulfilled, or after `finish` or an error.
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
  readonly #rekeying: Rekeying;
  readonly #run: OneRun;

  constructor(options: RekeyOptions) {
    this.#rekeying = new Rekeying(options);
    this.#run = new OneRun('Rekeyer', options.signal);
  }

  /**
   * Takes the next octets of the old ContentInfo and gives those of the new one. They may be a view of the chunk, which
   * may be reused when they are written.
   */
  async update(chunk: Uint8Array): Promise<Bytes> {
    const octets = asBytes(chunk);
    return this.#run.step(false, async () => {
      const given: Uint8Array[] = [];
      await this.#rekeying.update(octets, given);
      const [only] = given;
      // Within DER a chunk is content and nothing else; what the reader keeps changes with its next chunk.
      return given.length === 1 && only!.buffer === octets.buffer ? (only as Bytes) : concatBytes(given);
    });
  }

  /** Gives the rest. Once only, `usage` a second time. */
  async finish(): Promise<Bytes> {
    return this.#run.giving(true, (given) => this.#rekeying.finish(given));
  }
}
