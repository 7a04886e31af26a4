import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type MimeDefect, type MimeLimitCode, mimeDefect } from '../defects.js';
import { DEFAULT_MIME_LIMITS, type MimeLimits } from '../limits.js';
import type { OnLimit } from '../parse-options.js';

/** What the functions that read one header value may be told; what `parseMessage` was told serves as well. */
export interface ValueOptions {
  /** What a value may hold at most; see {@link MimeLimits} for the defaults. */
  readonly limits?: MimeLimits;
  /** What happens where a limit is hit; see {@link OnLimit}. Default `throw`. */
  readonly onLimit?: OnLimit;
}

/**
 * The limits that a caller gave.
 *
 * @throws MailsealError `usage`
 */
export function limitsOf(options: ValueOptions): MimeLimits {
  if (typeof options !== 'object' || options === null)
    throw usage(`the options are wanted as an object, not ${shown(options)}`);
  return options.limits ?? {};
}

/** The limits that count inside one header value, and the codes of their hits. */
type ValueLimitName = 'parameters' | 'parameterSections' | 'addresses' | 'encodedWords';

const CODES: Readonly<Record<ValueLimitName, MimeLimitCode>> = {
  parameters: 'limit-parameters',
  parameterSections: 'limit-parameter-sections',
  addresses: 'limit-addresses',
  encodedWords: 'limit-encoded-words',
};

/** Whether a limit is a number of 0 or more, for those who read the most frequent forms before anything is counted. */
export function isLimit(most: unknown): most is number {
  return typeof most === 'number' && most >= 0;
}

/** Counts what stands in one value against a limit. */
export class ValueLimit {
  readonly #name: ValueLimitName;
  readonly #most: number;
  readonly #throws: boolean;
  #count = 0;
  /** Where the text begins that offsets given to {@link takes} count from. */
  base: number;
  /** The defect of the hit, where one was met and did not throw. */
  hit: MimeDefect | undefined;

  /**
   * @throws MailsealError `usage` for a limit that is not a number of 0 or more.
   */
  constructor(name: ValueLimitName, options: ValueOptions, base = 0) {
    const most = limitsOf(options)[name] ?? DEFAULT_MIME_LIMITS[name];
    if (!isLimit(most)) throw usage(`the limit ${name} is a number of 0 or more, not ${shown(most)}`);
    this.#name = name;
    this.#most = most;
    this.#throws = options.onLimit !== 'truncate';
    this.base = base;
  }

  /**
   * Whether one more is within the limit. If not it is to be left where it stands.
   *
   * @throws MailsealError the limit's code, unless hits are to be defects.
   */
  takes(at: number): boolean {
    if (this.#count < this.#most) {
      this.#count++;
      return true;
    }
    if (this.hit !== undefined) return false;
    const code = CODES[this.#name];
    const offset = this.base + at;
    if (this.#throws) {
      throw new MailsealError(
        code,
        `a header value has more than ${this.#most} (${this.#name}) at ${offset}; raise limits.${this.#name} or say onLimit: 'truncate' to read it`,
        { offset },
      );
    }
    this.hit = mimeDefect(code, offset);
    return false;
  }
}
