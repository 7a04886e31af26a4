import { type Bytes, bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type FindPair, pairFinder } from '../../core/find-pair.js';

/**
 * Sees to it that content that is signed as it comes holds no line that begins as the delimiter around it does: whoever
 * sees the beginning of what is written could send it as the rest.
 */
export class BoundaryWatch {
  readonly #boundary: Bytes;
  readonly #find: FindPair;
  #tail: Bytes = new Uint8Array(0);

  /** @param boundary drawn by `Boundaries`: it begins with `=_`, which hardly any content has */
  constructor(boundary: string) {
    this.#boundary = bytesFromLatin1(boundary);
    this.#find = pairFinder(this.#boundary[0]!, this.#boundary[1]!, 'auto');
  }

  /** @throws MailsealError `smime-content-unsafe` where the boundary stands in the octets, or in them with those before. */
  update(octets: Bytes): void {
    const before = this.#boundary.length - 1;
    this.#look(concatBytes([this.#tail, octets.subarray(0, before)]));
    this.#look(octets);
    this.#tail =
      octets.length >= before
        ? octets.slice(octets.length - before)
        : concatBytes([this.#tail, octets]).slice(-before);
  }

  #look(octets: Bytes): void {
    const boundary = this.#boundary;
    for (let at = this.#find(octets, 0); at >= 0; at = this.#find(octets, at + 1)) {
      if (!boundary.every((octet, i) => octets[at + i] === octet)) continue;
      throw new MailsealError(
        'smime-content-unsafe',
        'the content holds the boundary that was drawn before it came; sign it once more, with another',
      );
    }
  }
}
