import { expect } from 'vitest';
import type { Engine } from '../../src/core/engine.js';
import type { Seal, VerificationReport } from '../../src/smime/verify/report.js';
import { type VerifyMessageOptions, verifyMessage } from '../../src/smime/verify/verify-message.js';
import { type CertificateSpec, issue, type TestCertificate, testKey } from './pki.js';
import type { SignerSpec } from './sign.js';
import { type DetachedSpec, detachedMessage, signatureOver, textEntity } from './sign-message.js';

/** The moment of verification where a test says nothing else. */
export const now = new Date('2026-03-01T00:00:00Z');

export const root: TestCertificate = issue({ name: 'Test Root', key: testKey('p256', 'root'), ca: true });
export const otherRoot: TestCertificate = issue({
  name: 'Other Root',
  key: testKey('p256', 'other root'),
  ca: true,
});
export const intermediate: TestCertificate = issue({
  name: 'Test Intermediate',
  key: testKey('p256', 'intermediate'),
  issuer: root,
  ca: true,
  pathLength: 0,
});
export const roots = [root.certificate];

/** A certificate of alice@example.jp under the intermediate, changed as the test says. */
export function aliceWith(change: Partial<CertificateSpec> = {}): TestCertificate {
  return issue({
    name: 'Alice',
    key: testKey('p256', 'alice'),
    issuer: intermediate,
    emails: ['alice@example.jp'],
    ...change,
  });
}

export const alice: TestCertificate = aliceWith();
export const mallory: TestCertificate = issue({
  name: 'Mallory',
  key: testKey('p256', 'mallory'),
  issuer: intermediate,
  emails: ['mallory@evil.example'],
});

/** A signature by somebody over an entity, with the intermediate's certificate. */
export function signedBy(
  by: TestCertificate,
  entity: Uint8Array,
  change: Partial<SignerSpec> = {},
): Uint8Array {
  return signatureOver(entity, { signers: [{ by, ...change }], certificates: [by, intermediate] });
}

/** The usual message, signed by Alice. */
export function aliceMessage(spec: DetachedSpec = {}, change: Partial<SignerSpec> = {}): Uint8Array {
  const entity = textEntity();
  return detachedMessage(entity, signedBy(alice, entity, change), spec);
}

/** All that a report answers, in plain values, without the sentences. */
export interface Answers {
  readonly verified: boolean;
  readonly reasons: readonly string[];
  readonly seals: readonly SealAnswers[];
}

export interface SealAnswers {
  readonly part: string;
  readonly covers: string;
  readonly coverage: string;
  readonly form: string;
  readonly verified: boolean;
  readonly reasons: readonly string[];
  readonly signers: readonly SignerAnswers[];
}

export interface SignerAnswers {
  readonly content: string;
  readonly signature: string;
  readonly trust: string;
  readonly time: string;
  readonly identity: string;
  readonly verified: boolean;
  readonly reasons: readonly string[];
}

function codes(reasons: readonly { readonly code: string; readonly severity: string }[]): string[] {
  return reasons.map(({ code, severity }) => (severity === 'note' ? `(${code})` : code));
}

export function sealAnswers(seal: Seal): SealAnswers {
  return {
    part: seal.part,
    covers: seal.covers,
    coverage: seal.coverage,
    form: seal.form,
    verified: seal.verified,
    reasons: codes(seal.reasons),
    signers: seal.signers.map((signer) => ({
      content: signer.content,
      signature: signer.signature,
      trust: signer.trust,
      time: signer.time,
      identity: signer.identity,
      verified: signer.verified,
      reasons: codes(signer.reasons),
    })),
  };
}

export function answersOf(report: VerificationReport): Answers {
  return {
    verified: report.verified,
    reasons: codes(report.reasons),
    seals: report.seals.map(sealAnswers),
  };
}

const engines: readonly Engine[] = ['auto', 'native', 'typescript'];

/** Verifies with every engine, which must all say the same. */
export async function verify(
  message: Uint8Array,
  options: Partial<VerifyMessageOptions> = {},
): Promise<VerificationReport> {
  const reports: VerificationReport[] = [];
  for (const engine of engines)
    reports.push(await verifyMessage(message, { roots, at: now, engine, ...options }));
  const [first, ...others] = reports as [VerificationReport, ...VerificationReport[]];
  for (const other of others) expect(answersOf(other)).toEqual(answersOf(first));
  return first;
}

/** A signer with nothing to complain about, changed as the test says. */
export function signer(change: Partial<SignerAnswers> = {}): SignerAnswers {
  return {
    content: 'intact',
    signature: 'valid',
    trust: 'trusted',
    time: 'valid',
    identity: 'match',
    verified: true,
    reasons: [],
    ...change,
  };
}

/** A good detached seal around the whole message, changed as the test says. */
export function seal(change: Partial<SealAnswers> = {}): SealAnswers {
  const signers = change.signers ?? [signer()];
  return {
    part: '',
    covers: '1',
    coverage: 'message',
    form: 'detached',
    verified: signers.length > 0 && signers.every((each) => each.verified),
    reasons: [],
    ...change,
    signers,
  };
}

/** A report on one seal over the whole message. */
export function oneSeal(change: Partial<SignerAnswers> = {}, sealChange: Partial<SealAnswers> = {}): Answers {
  const only = seal({ signers: [signer(change)], ...sealChange });
  return {
    verified: only.verified && only.coverage === 'message',
    reasons:
      only.coverage !== 'message' ? ['covers-part-only'] : only.verified ? [] : ['signer-not-verified'],
    seals: [only],
  };
}

/** Verifies and holds all answers against those expected. */
export async function expectAnswers(
  message: Uint8Array,
  expected: Answers,
  options: Partial<VerifyMessageOptions> = {},
): Promise<VerificationReport> {
  const report = await verify(message, options);
  expect(answersOf(report)).toEqual(expected);
  return report;
}
