import { expect } from 'vitest';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict, VerifySignedDataOptions } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Engine } from '../../src/core/engine.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { type SignedDataSpec, type SignerSpec, signedData } from './sign.js';
import { alice, intermediate, now, roots } from './sign-scene.js';

/** What is signed where a test says nothing else. */
export const content = bytesFromUtf8('The content, which is no SET OF Attribute.\r\n');

/** The four answers of a verdict, the form of its attributes, and its reasons, notes in parentheses. */
export interface VerdictAnswers {
  readonly content: string;
  readonly signature: string;
  readonly trust: string;
  readonly time: string;
  readonly form: string | undefined;
  readonly reasons: readonly string[];
}

export function verdictAnswers(verdict: SignerVerdict): VerdictAnswers {
  return {
    content: verdict.content,
    signature: verdict.signature,
    trust: verdict.trust,
    time: verdict.time,
    form: verdict.attributesForm,
    reasons: verdict.reasons.map(({ code, severity }) => (severity === 'note' ? `(${code})` : code)),
  };
}

/** Everything good, changed as the test says. */
export function good(change: Partial<VerdictAnswers> = {}): VerdictAnswers {
  return {
    content: 'intact',
    signature: 'valid',
    trust: 'trusted',
    time: 'valid',
    form: 'der',
    reasons: [],
    ...change,
  };
}

const engines: readonly Engine[] = ['auto', 'native', 'typescript'];

/** Verifies a SignedData with every engine, which must all say the same. */
export async function verdicts(
  p7s: Uint8Array,
  options: Partial<VerifySignedDataOptions> = {},
): Promise<SignerVerdict[]> {
  const all: SignerVerdict[][] = [];
  for (const engine of engines) {
    // Parsed anew for each, so that nothing is kept from the engine before.
    all.push(
      await verifySignedData(parseSignedData(p7s), {
        roots,
        at: now,
        engine,
        // What is weak is to be seen, and the rest all the same; the policies have tests of their own.
        algorithms: algorithmPolicyOldMail,
        ...options,
      }),
    );
  }
  const [first, ...others] = all as [SignerVerdict[], ...SignerVerdict[][]];
  for (const other of others) expect(other.map(verdictAnswers)).toEqual(first.map(verdictAnswers));
  return first;
}

/** Signs {@link content} detached with one signer, and holds the answers against those expected. */
export async function expectVerdict(
  signer: Partial<SignerSpec>,
  expected: VerdictAnswers,
  change: Partial<SignedDataSpec> = {},
  options: Partial<VerifySignedDataOptions> = {},
): Promise<SignerVerdict> {
  const spec = { by: alice, ...signer };
  const p7s = signedData({
    content,
    signers: [spec],
    certificates: [spec.by, intermediate],
    ...change,
  });
  const [verdict, ...more] = await verdicts(p7s, { content, ...options });
  expect(more).toEqual([]);
  expect(verdictAnswers(verdict!)).toEqual(expected);
  return verdict!;
}
