import { expect } from 'vitest';
import type { Bytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import type { Part } from '../../src/mime/part.js';
import { type OpenMessageOptions, openMessage } from '../../src/smime/open/open-message.js';
import type { CmsEnvelope, Layer, OpenReport } from '../../src/smime/open/report.js';
import { MessageDecryptor } from '../../src/smime/stream/message-decryptor.js';
import { MessageVerifier, type PassedVerification } from '../../src/smime/stream/message-verifier.js';
import type { StreamLimits } from '../../src/smime/stream/passed-limits.js';
import type { Seal, VerificationReport } from '../../src/smime/verify/report.js';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';

/** What both ways of verifying are held to. */
export interface Comparable {
  readonly verified: boolean;
  readonly seals: readonly unknown[];
  readonly others: readonly string[];
  readonly reasons: readonly string[];
  readonly tree: readonly string[];
}

/** What came out of a message that came in pieces, and whether octets of it were left out. */
export interface Passed<T> {
  readonly outcome: T | string;
  readonly isHollow: boolean;
}

/**
 * Holds both ways to the same outcome. An error that a reason tells of names an octet, and of a message of which octets
 * were left out those are counted without them.
 */
export function expectSame<T>(found: Passed<T>, wanted: T | string, what?: string): void {
  const comparison = found.isHollow ? withoutOffsets : (same: unknown) => same;
  expect(comparison(found.outcome), what).toEqual(comparison(wanted));
}

function withoutOffsets(facts: unknown): unknown {
  if (typeof facts === 'string') return facts.replaceAll(/\b(octet|octets at) \d+/g, '$1 N');
  if (Array.isArray(facts)) return facts.map(withoutOffsets);
  if (typeof facts !== 'object' || facts === null || facts instanceof Uint8Array) return facts;
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, withoutOffsets(fact)]));
}

/** A remark on content that was not kept, which cannot be made of it. */
const onlyOfKept = 'fits-without-canonical-line-ends';

export function comparable(report: VerificationReport): Comparable {
  return {
    verified: report.verified,
    seals: report.seals.map(sealFacts),
    others: report.others.map(({ part, kind, error }) => `${part} ${kind} ${error === undefined}`),
    reasons: report.reasons.map(({ code, message }) => `${code}: ${message}`),
    tree: tree(report.message),
  };
}

function sealFacts(seal: Seal): unknown {
  const { part, covers, coverage, form, aroundEncryption, verified, signedData, error } = seal;
  return {
    ...{ part, covers, coverage, form, aroundEncryption, verified },
    // Which damage is met first depends on the way through it.
    isUnreadable: error !== undefined,
    version: signedData?.version,
    entity: seal.entity === undefined ? undefined : tree(seal.entity),
    reasons: seal.reasons
      .filter(({ code }) => code !== onlyOfKept)
      .map(({ code, message }) => (code === 'signature-unreadable' ? code : `${code}: ${message}`)),
    signers: seal.signers.map((signer) => ({
      answers: [
        signer.content,
        signer.signature,
        signer.trust,
        signer.time,
        signer.identity,
        signer.verified,
      ],
      reasons: signer.reasons.map(({ code, message }) => `${code}: ${message}`),
      certificate:
        signer.certificate === undefined ? undefined : encodeHex(digest('sha1', signer.certificate.bytes)),
    })),
  };
}

function tree(root: Part): string[] {
  return [...root.walk()].map(
    (part) =>
      `${part.path} ${part.contentType.mediaType} ${part.transferEncoding} ${part.filename} ${part.headers.get('from')?.text} ${part.delimiters.length} ${part.epilogue === undefined}`,
  );
}

/** The outcome of `verifyMessage`, or the code of its error. */
export async function atOnce(octets: Bytes, options: VerifyMessageOptions): Promise<Comparable | string> {
  return outcome(async () => comparable(await verifyMessage(octets, options)));
}

/** The outcome of a MessageVerifier that is given chunks, each overwritten when the next is there. */
export async function inPieces(
  chunks: Iterable<Uint8Array>,
  options: VerifyMessageOptions,
  limits: StreamLimits,
): Promise<Passed<Comparable>> {
  return passed(async () => {
    const all = { ...options, limits: { ...options.limits, ...limits } };
    const { report, leftOut } = await verified(chunks, all);
    return { outcome: comparable(report), isHollow: leftOut.size > 0 };
  });
}

export async function verified(
  chunks: Iterable<Uint8Array>,
  options: ConstructorParameters<typeof MessageVerifier>[0],
): Promise<PassedVerification> {
  const verifier = new MessageVerifier(options);
  for (const chunk of chunks) await verifier.push(chunk);
  return verifier.end();
}

async function passed<T>(get: () => Promise<Passed<T>>): Promise<Passed<T>> {
  const found = await outcome(get);
  return typeof found === 'string' ? { outcome: found, isHollow: false } : found;
}

async function outcome<T>(get: () => Promise<T>): Promise<T | string> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.fault === 'usage') throw error;
    return error.code;
  }
}

/** Whether an envelope is damaged, which shows as one that is not opened or as an unreadable part, by where it is met. */
function isDamaged({ error }: CmsEnvelope): boolean {
  return error !== undefined && /^(?:asn1-|cms-malformed|cms-unsupported)/.test(error.code);
}

function withoutEncryption(seal: Seal): Seal {
  const reasons = seal.reasons.filter(({ code }) => code !== 'signed-outside-encryption');
  return { ...seal, aroundEncryption: false, reasons };
}

/** What both ways of opening are held to; with `contents`, what the message shows, too. */
function opened(report: OpenReport, contents: boolean): unknown {
  const facts = comparable(report);
  const unreadable = [
    ...report.others.filter(({ kind }) => kind === 'unreadable'),
    ...report.envelopes.filter(isDamaged),
  ].map(({ part }) => part);
  const isReadable = (layer: Layer): boolean =>
    layer.kind === 'envelope'
      ? !isDamaged(layer.envelope)
      : layer.kind === 'seal' || layer.other.kind !== 'unreadable';
  return {
    ...facts,
    others: facts.others.filter((other) => !other.includes('unreadable')),
    // Whether damage shows in the type of what is damaged depends on the way through it.
    seals: report.seals.map((seal) => sealFacts(unreadable.length > 0 ? withoutEncryption(seal) : seal)),
    unreadable,
    encrypted: report.encrypted,
    layers: report.layers.filter(isReadable).map((layer) => [layer.kind, layer.around?.kind]),
    envelopes: report.envelopes
      .filter((envelope) => !isDamaged(envelope))
      .map((envelope) => ({
        ...envelope,
        recipients: envelope.recipients.map(({ kind }) => kind),
        recipient: envelope.recipient?.kind,
        error: envelope.error?.code,
        content: contents && envelope.content,
        entity: envelope.entity === undefined ? undefined : tree(envelope.entity),
        reasons: envelope.reasons.map(({ code }) => code),
      })),
    reasons: report.reasons
      .map(({ code }) => code)
      .filter(
        (code) =>
          !/^(?:envelope-not-opened|signed-outside-encryption)$/.test(code) || unreadable.length === 0,
      ),
    headers: [...report.headers].map((field) => field.text),
    pieces: report.pieces.map(({ part, encrypted, unauthenticated, content }) => [
      part,
      encrypted,
      unauthenticated,
      contents && content.text,
    ]),
  };
}

/** The outcome of `openMessage`, or the code of its error. */
export async function openedAtOnce(
  octets: Bytes,
  options: OpenMessageOptions,
  contents: boolean,
): Promise<unknown> {
  return outcome(async () => opened(await openMessage(octets, options), contents));
}

/** The outcome of a MessageDecryptor that is given chunks. */
export async function openedInPieces(
  chunks: Iterable<Uint8Array>,
  options: OpenMessageOptions,
  limits: StreamLimits,
  contents: boolean,
): Promise<Passed<unknown>> {
  return passed(async () => {
    const decryptor = new MessageDecryptor({ ...options, limits: { ...options.limits, ...limits } });
    for (const chunk of chunks) await decryptor.push(chunk);
    const { report, leftOut } = await decryptor.end();
    return { outcome: opened(report, contents), isHollow: leftOut.size > 0 };
  });
}
