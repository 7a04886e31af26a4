import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { MboxFormat } from './mbox-line.js';

/** What an `MboxReader` may be told. */
export interface MboxOptions {
  /** How the file was written. Default `mboxrd`. */
  readonly format?: MboxFormat;
  /**
   * Which `From ` lines begin a message: with `dated` those that a delivering
   * program would write, so that a sentence which was not quoted stays in its
   * message; with `any` all, as the formats have it. Default `dated`.
   */
  readonly markers?: 'dated' | 'any';
  /**
   * For mboxcl and mboxcl2: how many octets may be held back to see whether a
   * Content-Length is right that reaches over a `From ` line. One that reaches
   * farther is not believed. Default 16 MiB.
   */
  readonly lookAhead?: number;
}

/** The default of {@link MboxOptions.lookAhead}. */
export const DEFAULT_LOOK_AHEAD: number = 16 * 1024 * 1024;

/**
 * The options to work with.
 *
 * @throws MailsealError `usage` for an option that is none.
 */
export function fillMboxOptions(options: MboxOptions): Required<MboxOptions> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const { format = 'mboxrd', markers = 'dated', lookAhead = DEFAULT_LOOK_AHEAD } = options;
  if (!['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'].includes(format)) {
    throw usage(`format is mboxo, mboxrd, mboxcl or mboxcl2, not ${shown(format)}`);
  }
  if (markers !== 'dated' && markers !== 'any') {
    throw usage(`markers is dated or any, not ${shown(markers)}`);
  }
  if (typeof lookAhead !== 'number' || !(lookAhead >= 0)) {
    throw usage(`lookAhead is a number of 0 or more, not ${shown(lookAhead)}`);
  }
  return { format, markers, lookAhead };
}
