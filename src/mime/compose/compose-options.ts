import { usage } from '../../core/errors.js';
import { assertObject } from '../../core/limits.js';
import { shown } from '../../core/shown.js';
import type { ComposeCharset, Iso2022jpOptions, WriteOptions } from './compose-charset.js';
import type { RandomSource } from './random.js';

/** How header fields are written. */
export interface FieldOptions {
  /**
   * The charset of what is not ASCII; of several, for each text the first that
   * has all its characters. Default `utf-8`.
   */
  readonly charset?: ComposeCharset | readonly ComposeCharset[];
  /**
   * How ISO-2022-JP is written; default the characters of RFC 1468 alone, half-width katakana in full width (which
   * counts as having them), others refused.
   */
  readonly iso2022jp?: Iso2022jpOptions;
  /**
   * Whether the fields of the message go in UTF-8 as they are (RFC 6532), and
   * addresses outside ASCII may be written: all servers on the way must have
   * SMTPUTF8 (RFC 6531). Fields of parts stay ASCII. Default `false`.
   */
  readonly eai?: boolean;
  /** Minutes east of UTC in which a `Date` is written. Default 0. */
  readonly dateOffset?: number;
}

/** What surrounds the composing of a message: where what is not in its content comes from, and how it will travel. */
export interface ComposeOptions {
  /** Gives the date of a message that has none of its own. No clock is read unless it is passed here. */
  readonly now?: () => Date;
  /** Gives as many random octets as it is asked for, for boundaries and ids. Default `crypto.getRandomValues`. */
  readonly random?: RandomSource;
  /**
   * `7bit` (the default): no octet above 127 anywhere in the bodies, so that what is
   * signed passes any server. `8bit`: text may go as it is, for servers with 8BITMIME.
   */
  readonly transport?: '7bit' | '8bit';
}

const CHARSETS: readonly string[] = ['utf-8', 'iso-2022-jp'];

/**
 * The options for writing fields, with every default.
 *
 * @throws MailsealError `usage` for a value that an option cannot have.
 */
export function fillFieldOptions(options: Omit<FieldOptions, 'dateOffset'>): WriteOptions {
  assertObject(options, 'the options');
  const { charset = 'utf-8', iso2022jp = {}, eai = false } = options;
  const charsets = typeof charset === 'string' ? [charset] : charset;
  if (iso2022jp === null || typeof iso2022jp !== 'object') {
    throw usage(`iso2022jp is an object of options, not ${shown(iso2022jp)}`);
  }
  if (
    !Array.isArray(charsets) ||
    charsets.length === 0 ||
    charsets.some((each) => !CHARSETS.includes(each))
  ) {
    throw usage(`charset is 'utf-8' or 'iso-2022-jp', not ${shown(charset)}`);
  }
  return { charsets, iso2022jp, eai };
}
