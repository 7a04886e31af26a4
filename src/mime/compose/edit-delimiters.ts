import { latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { OctetRange, Part } from '../part.js';
import { declaredBoundary } from './edit-boundaries.js';

const CR = 0x0d;
const LF = 0x0a;

/** The delimiters of a multipart, for adding and removing the parts between them. */
export class Delimiters {
  readonly #multipart: Part;
  readonly #ranges: readonly OctetRange[];
  #boundary: string | undefined;

  /** @throws MailsealError `usage` where it is no multipart. */
  constructor(multipart: Part) {
    if (!multipart.isMultipart) {
      throw usage(`the part "${multipart.path}" is no multipart, so it has no parts`);
    }
    this.#multipart = multipart;
    this.#ranges = multipart.delimiters;
  }

  /** How many there are, the close delimiter included. */
  get count(): number {
    return this.#ranges.length;
  }

  /** The boundary as it stands in the message, one character an octet. @throws MailsealError `usage` where there is none */
  get boundary(): string {
    const { knownBoundary } = this;
    if (knownBoundary !== undefined) return knownBoundary;
    throw usage('the multipart names no boundary that a line can hold, so it can have no parts');
  }

  /** {@link boundary}, `undefined` where there is none. */
  get knownBoundary(): string | undefined {
    this.#boundary ??= this.#readBoundary();
    return this.#boundary;
  }

  #readBoundary(): string | undefined {
    const { source, parts, contentType } = this.#multipart;
    // A line that ends in a CR of its own ends otherwise when it is written.
    if (/[\r\n]/.test(contentType.parameters.get('boundary') ?? '')) return undefined;
    const range = this.#ranges[0];
    if (range === undefined) return declaredBoundary(this.#multipart);
    const line = latin1FromBytes(source, this.#lineStartOf(range), range.end).replace(/[ \t\r\n]+$/, '');
    // The one delimiter of a multipart without parts is its close delimiter.
    return parts.length === 0 ? line.slice(2, -2) : line.slice(2);
  }

  /** Where the line of the delimiter begins that stands before a part, or after the last; `undefined` where there is none. */
  lineStart(index: number): number | undefined {
    const range = this.#ranges[index];
    return range === undefined ? undefined : this.#lineStartOf(range);
  }

  /**
   * What goes with parts that are removed: of those in a row, from the line of
   * the delimiter before the first to that of the delimiter after the last. The
   * line end before the first one stays, as that of the delimiter that follows now.
   *
   * @param lacksLineEnd whether what follows the multipart is a delimiter of one around it without a line end of its own
   */
  rangesOf(removed: ReadonlySet<Part>, lacksLineEnd: boolean): OctetRange[] {
    const { parts, end } = this.#multipart;
    const ranges: OctetRange[] = [];
    for (let i = 0; i < parts.length; i++) {
      if (!removed.has(parts[i]!)) continue;
      const before = this.#ranges[i]!;
      while (i + 1 < parts.length && removed.has(parts[i + 1]!)) i++;
      const after = this.lineStart(i + 1);
      // Where nothing follows, the delimiter's line end goes too: the part before it never had it.
      const isLineEndLeft = after !== undefined || lacksLineEnd;
      ranges.push({ start: isLineEndLeft ? this.#lineStartOf(before) : before.start, end: after ?? end });
    }
    return ranges;
  }

  #lineStartOf({ start }: OctetRange): number {
    const { source } = this.#multipart;
    let at = start;
    if (source[at] === CR) at++;
    if (source[at] === LF) at++;
    return at;
  }
}
