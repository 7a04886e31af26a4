import type { AlterationKind, AlterationRemarkCode } from '../../../src/smime/diagnose/alteration.js';
import type { Alter } from './octets.js';
import type { SampleName } from './samples.js';
import type { Tool } from './tools.js';

/** One thing that happens to signed messages, done by tools of others, and what we say of it. */
export interface Row {
  /** What was done, as docs/alterations.md has it. */
  readonly done: string;
  readonly by: readonly Tool[];
  readonly sample: SampleName;
  readonly alter: Alter;
  /** The changes that are found, in the order in which they were done; none where the original is not recovered. */
  readonly found: readonly AlterationKind[];
  /** What is told beside, or instead. */
  readonly told?: readonly AlterationRemarkCode[];
  /** Whether width is folded, which nobody does unasked. */
  readonly foldWidth?: true;
  /** Options of `openssl cms -sign`. */
  readonly signing?: readonly string[];
  /** Whether OpenSSL signs what ends its lines in LF. */
  readonly signedOverLf?: true;
}

export interface Chapter {
  readonly title: string;
  readonly rows: readonly Row[];
}
