import type { Seal, SealSigner, VerificationReport } from '../smime/report.js';

/** The report as `--json` prints it; docs/cli.md describes it. */
export function reportJson(report: VerificationReport): unknown {
  return {
    verified: report.verified,
    signatures: report.seals.map(sealJson),
    others: report.others.map(({ part, kind, error }) => ({
      part,
      kind,
      ...(error && { error: error.code }),
    })),
    reasons: report.reasons,
  };
}

/** The report on a signature file. */
export function sealReportJson(seal: Seal): unknown {
  return { verified: seal.verified, signatures: [sealJson(seal)], others: [], reasons: [] };
}

function sealJson(seal: Seal): unknown {
  return {
    part: seal.part,
    covers: seal.covers,
    coverage: seal.coverage,
    form: seal.form,
    verified: seal.verified,
    signers: seal.signers.map(signerJson),
    reasons: seal.reasons,
  };
}

function signerJson(signer: SealSigner): unknown {
  return {
    content: signer.content,
    signature: signer.signature,
    trust: signer.trust,
    time: signer.time,
    identity: signer.identity,
    verified: signer.verified,
    reasons: signer.reasons,
    subject: quietly(() => signer.certificate?.subject.toString()),
    addresses: quietly(() => signer.certificate?.emailAddresses) ?? [],
    serialNumber: signer.certificate?.serialHex ?? null,
    signingTime: signer.signingTime?.toISOString() ?? null,
    digestAlgorithm: signer.digestAlgorithm ?? null,
    signatureAlgorithm: signer.signatureAlgorithm?.name ?? null,
  };
}

function quietly<T>(get: () => T | undefined): T | null {
  try {
    return get() ?? null;
  } catch {
    return null;
  }
}
