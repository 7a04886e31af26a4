import type { Reason } from '../../cms/verify/reason.js';
import type { SealReasonCode } from '../../smime/verify/reason.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { beside, pad, wrap } from './layout.js';
import { safe, type Terminal, type Tone } from './terminal.js';

/** What a report is judged by and how it is shown. */
export interface TextOptions extends Terminal {
  readonly at: Date;
  /** Whether `at` is the present, because nobody gave another time. */
  readonly isNow: boolean;
  /** Whether the claimed signing time was accepted. */
  readonly acceptSigningTime: boolean;
  /** Whether the signer had to be the sender. */
  readonly requireIdentity: boolean;
  /** Whether to show who the message says that it is from, and its subject. Default `true`. */
  readonly header?: boolean;
  /** The certificates of the keys that were given, in their order. Default none. */
  readonly keys?: readonly (Certificate | undefined)[];
}

/** A label and what stands beside it. */
export function row(label: string, text: string, { width }: TextOptions): string[] {
  return beside(`  ${pad(label, labelWidth)}`, text, width);
}

/** Columns of the labels (Signer, signature, …) and of the answers beside them. */
const labelWidth = 12;
const answerWidth = 14;

/** What is shown beside an answer, and the tone of its mark. */
export interface Shown {
  readonly tone: Tone;
  readonly value: string;
  readonly details: readonly string[];
}

/** One answer: its mark, its label, and what it is. */
export function answerLines(answer: string, { tone, value, details }: Shown, options: TextOptions): string[] {
  const { paint, width } = options;
  const label = `  ${marks[tone]} ${pad(answer, labelWidth - 2)}${pad(value, answerWidth)}`;
  const [first = [], ...rest] = details.map((each) => wrap(safe(each), width - label.length));
  const under = [...first.slice(1), ...rest.flat()].map((line) => ' '.repeat(label.length) + line);
  const head = `  ${paint(tone, marks[tone])} ${pad(answer, labelWidth - 2)}${tone === 'good' ? value : paint(tone, value)}`;
  const tail =
    first[0] === undefined ? '' : `${' '.repeat(Math.max(0, answerWidth - value.length))}${first[0]}`;
  return [`${head}${tail}`, ...under];
}

const marks: Readonly<Record<Tone, string>> = { good: '✔', bad: '✘', warn: '•', faint: '•', strong: '•' };

/** Why something is as it is. */
export function reasonLines(
  { severity, message }: Reason<SealReasonCode>,
  indent: string,
  options: TextOptions,
): string[] {
  const tone = severity === 'note' ? 'warn' : 'bad';
  const [first, ...rest] = beside(`${indent}${marks[tone]} `, safe(message), options.width);
  return [`${indent}${options.paint(tone, marks[tone])}${first!.slice(indent.length + 1)}`, ...rest];
}

/** A remark that is less than an answer. */
export function remarkLines(text: string, { width, paint }: TextOptions): string[] {
  return beside('  ', `(${safe(text)})`, width).map((line) => paint('faint', line));
}

/** The title of a layer. */
export function titleLines(text: string, { width, paint }: TextOptions): string[] {
  return wrap(text, width).map((line) => paint('strong', line));
}
