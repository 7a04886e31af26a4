import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { ContentFrame } from './content-frame.js';

/** Octets that are held back by default while keys are wrapped elsewhere. */
const heldByDefault = 16 << 20;

/**
 * How many octets are held back: only who wraps keys elsewhere gains by it, since here nothing else runs meanwhile.
 *
 * @param given as the caller says it
 */
export function mostHeld(wrapKeys: unknown, given: number | undefined): number {
  return wrapKeys === undefined ? 0 : (given ?? heldByDefault);
}

/** @throws MailsealError `usage` for what is no number of octets. */
export function assertHeldOctets(given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= 0)) return;
  throw usage('`heldOctets` is a number of octets');
}

/**
 * A frame whose start is not known yet, since the recipients' keys are still being wrapped: content that comes
 * meanwhile is held back, up to a limit. Its pieces stay as they came, so that what is written does not depend on how
 * long the keys took.
 */
export class ComingFrame {
  readonly #coming: Promise<ContentFrame>;
  readonly #most: number;
  readonly #held: Bytes[] = [];
  #octets = 0;
  #frame: ContentFrame | undefined;
  #failed = false;

  /** @param most octets that are held back; beyond them the content waits for the frame */
  constructor(coming: Promise<ContentFrame>, most: number) {
    this.#coming = coming;
    this.#most = most;
    coming.then(
      (frame) => {
        this.#frame = frame;
      },
      // Whoever adds content next, or ends it, is told.
      () => {
        this.#failed = true;
      },
    );
  }

  /**
   * Gives the octets of the content as they are written, and before them all that was held back.
   *
   * @param octets if they are held back, a copy is
   * @param given gets what is settled: views of the octets, too
   */
  async add(octets: Bytes, given: Uint8Array[]): Promise<void> {
    if (this.#isHeld(octets)) {
      if (octets.length > 0) this.#held.push(octets.slice());
      this.#octets += octets.length;
    } else given.push(...(await this.#ready(given)).pieces(octets));
  }

  /** What stands after the content, and before it all that was held back; the parameter as of `ContentFrame.end`. */
  async end(after: readonly (readonly Uint8Array[])[], given: Uint8Array[]): Promise<void> {
    given.push((await this.#ready(given)).end(after));
  }

  #isHeld({ length }: Bytes): boolean {
    if (this.#frame !== undefined || this.#failed || this.#most === 0) return false;
    return this.#octets + length <= this.#most;
  }

  async #ready(given: Uint8Array[]): Promise<ContentFrame> {
    const frame = this.#frame ?? (await this.#coming);
    for (const octets of this.#held) given.push(...frame.pieces(octets));
    this.#held.length = 0;
    return frame;
  }
}
