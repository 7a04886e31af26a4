import type { Engine } from '../core/engine.js';
import { usage } from '../core/errors.js';
import { fillLimits } from '../core/limits.js';
import { shown } from '../core/shown.js';
import { DEFAULT_MIME_LIMITS, type FilledMimeLimits, type MimeLimits } from './limits.js';

/**
 * What happens where a limit is hit: `throw` a `MailsealError`, or `truncate`:
 * go on with a defect of the same code, and leave what is beyond the limit in
 * octets. Nothing is lost either way.
 */
export type OnLimit = 'throw' | 'truncate';

/** What `parseMessage` and `MimeReader` may be told. */
export interface ParseOptions {
  /** What the message may hold at most; see {@link MimeLimits} for the defaults. */
  readonly limits?: MimeLimits;
  /** What happens where a limit is hit; see {@link OnLimit}. Default `throw`. */
  readonly onLimit?: OnLimit;
  /** Which implementation looks for octets and decodes bodies; see {@link Engine}. Default `auto`. */
  readonly engine?: Engine;
}

/** {@link ParseOptions} with every default filled in. */
export interface FilledParseOptions {
  readonly limits: FilledMimeLimits;
  readonly onLimit: OnLimit;
  readonly engine: Engine;
}

/**
 * The options to work with.
 *
 * @throws MailsealError `usage` for a value that an option cannot have.
 */
export function fillParseOptions(options?: ParseOptions): FilledParseOptions {
  if (options === undefined) return DEFAULTS;
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const { onLimit = 'throw', engine = 'auto' } = options;
  oneOf('onLimit', onLimit, ['throw', 'truncate']);
  oneOf('engine', engine, ['auto', 'native', 'typescript']);
  return { limits: fillLimits(DEFAULT_MIME_LIMITS, options.limits), onLimit, engine };
}

const DEFAULTS: FilledParseOptions = /* @__PURE__ */ Object.freeze({
  limits: DEFAULT_MIME_LIMITS,
  onLimit: 'throw',
  engine: 'auto',
});

function oneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  const words = allowed.map((word) => `"${word}"`).join(', ');
  throw usage(`the option ${name} is one of ${words}, not ${shown(value)}`);
}
