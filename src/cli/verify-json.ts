import type { TimestampVerdict } from '../cms/verify/verdict.js';
import type { Seal, SealSigner, VerificationReport } from '../smime/verify/report.js';
import type { CertificateRevocation } from '../x509/revocation/revocation-report.js';
import { shortName } from './words.js';

/** The report as `--json` prints it; docs/cli.md describes it. */
export function reportJson(report: VerificationReport, at: Date): unknown {
  return {
    verified: report.verified,
    at: at.toISOString(),
    signatures: report.seals.map(sealJson),
    others: report.others.map(({ part, kind, error }) => ({ part, kind, error: error?.code ?? null })),
    reasons: report.reasons,
  };
}

/** The report on a signature file. */
export function sealReportJson(seal: Seal, at: Date): unknown {
  return {
    verified: seal.verified,
    at: at.toISOString(),
    signatures: [sealJson(seal)],
    others: [],
    reasons: [],
  };
}

/** The report on a CMS file that is no SignedData. */
export function notSignedJson(kind: string, at: Date): unknown {
  return {
    verified: false,
    at: at.toISOString(),
    signatures: [],
    others: [{ part: '', kind, error: null }],
    reasons: [{ code: 'unsigned', severity: 'failure', message: `the file is ${kind}, not signedData` }],
  };
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
  const { certificate, path } = signer;
  const anchor = path?.anchor === undefined || path.certificates.includes(path.anchor) ? [] : [path.anchor];
  return {
    content: signer.content,
    signature: signer.signature,
    trust: signer.trust,
    time: signer.time,
    identity: signer.identity,
    verified: signer.verified,
    reasons: signer.reasons,
    subject: quietly(() => certificate?.subject.toString()),
    issuer: quietly(() => certificate?.issuer.toString()),
    serialNumber: certificate?.serialHex ?? null,
    addresses: quietly(() => certificate?.emailAddresses) ?? [],
    notBefore: quietly(() => certificate?.notBefore.toISOString()),
    notAfter: quietly(() => certificate?.notAfter.toISOString()),
    chain: path === undefined ? [] : [...path.certificates, ...anchor].map(shortName),
    policies: path?.policies.map(({ policy }) => policy) ?? [],
    revocation: path?.revocation.map((each) => revocationJson(each)) ?? [],
    signingTime: signer.signingTime?.toISOString() ?? null,
    trustedTime: signer.trustedTime?.time.toISOString() ?? null,
    timestamps: signer.timestamps.map(timestampJson),
    digestAlgorithm: signer.digestAlgorithm ?? null,
    signatureAlgorithm: signer.signatureAlgorithm?.name ?? null,
  };
}

function revocationJson(of: CertificateRevocation): unknown {
  return {
    subject: shortName(of.certificate),
    serialNumber: of.certificate.serialHex,
    status: of.status,
    source: of.source ?? null,
    thisUpdate: of.thisUpdate?.toISOString() ?? null,
    nextUpdate: of.nextUpdate?.toISOString() ?? null,
    age: of.age === undefined ? null : Math.floor(of.age / 1000),
    revocationDate: of.revocationDate?.toISOString() ?? null,
    reason: of.reason ?? null,
    invalidityDate: of.invalidityDate?.toISOString() ?? null,
    references: of.references.map(({ kind, url }) => ({ kind, url })),
    problems: of.problems.map(({ code, message }) => ({ code, message })),
  };
}

function timestampJson({ status, info, certificate, reasons }: TimestampVerdict): unknown {
  return {
    status,
    time: info?.genTime.toISOString() ?? null,
    accuracy: info?.accuracy ?? null,
    authority: certificate === undefined ? null : shortName(certificate),
    policy: info?.policy ?? null,
    reasons,
  };
}

function quietly<T>(get: () => T | undefined): T | null {
  try {
    return get() ?? null;
  } catch {
    return null;
  }
}
