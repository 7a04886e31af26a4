import { mayHideSeals } from '../../smime/diagnose/hidden-seals.js';
import type { OpenReport } from '../../smime/open/report.js';
import type { Seal } from '../../smime/verify/report.js';
import { shownSeals } from './headline.js';
import { wrap } from './layout.js';
import type { TextOptions } from './report-lines.js';
import { notSignedJson, reportJson, sealReportJson } from './verify-json.js';
import { notSignedText, reportText, sealText } from './verify-text.js';

/** What `mailseal verify` prints, and what it writes where all of that is verified. */
export interface VerifyResult {
  readonly verified: boolean;
  /** Whether anything of it was decrypted. */
  readonly wasSecret: boolean;
  /** The signatures over all that is shown, outermost first. */
  readonly shown: readonly Seal[];
  /** What one of them is over, where it is at hand. */
  readonly contentOf: ContentOf;
  text(options: TextOptions): string;
  json(): unknown;
}

/** Gives the content of a seal, where it is at hand. */
export type ContentOf = (seal: Seal) => Iterable<Uint8Array> | undefined;

/** Content that is at hand as a whole. */
export function wholeContent({ content }: Seal): Iterable<Uint8Array> | undefined {
  return content === undefined ? undefined : [content];
}

/** Said where a diagnosis would help: content was altered, or a signature is not seen for what it is. */
const diagnosisHint = 'mailseal diagnose may tell what altered it.';

/**
 * The result for a message.
 *
 * @param isHidden whether a signature may be hidden in what was not kept
 */
export function messageResult(
  report: OpenReport,
  at: Date,
  contentOf: ContentOf,
  isHidden = false,
): VerifyResult {
  const isAltered =
    isHidden ||
    report.seals.some(({ signers }) => signers.some(({ content }) => content === 'altered')) ||
    (!report.verified && mayHideSeals(report));
  return {
    verified: report.verified,
    wasSecret: report.envelopes.some(({ cipher }) => cipher !== undefined),
    shown: shownSeals(report),
    contentOf,
    text: (options) => {
      const hint = isAltered ? ['', ...wrap(diagnosisHint, options.width), ''].join('\n') : '';
      return reportText(report, options) + hint;
    },
    json: () => reportJson(report, at, isAltered),
  };
}

/** The result for a signature file. */
export function fileResult(seal: Seal, at: Date, contentOf: ContentOf): VerifyResult {
  return {
    verified: seal.verified,
    wasSecret: false,
    shown: [seal],
    contentOf,
    text: (options) => sealText(seal, options),
    json: () => sealReportJson(seal, at),
  };
}

/** The result for a CMS file that is no signature, nor anything around one. */
export function notSignedResult(kind: string, at: Date): VerifyResult {
  return {
    verified: false,
    wasSecret: false,
    shown: [],
    contentOf: wholeContent,
    text: (options) => notSignedText(kind, options),
    json: () => notSignedJson(kind, at),
  };
}
