import { asBytes } from '../../core/bytes.js';
import { strictUtf8FromBytes } from '../../core/utf8.js';
import { encodeBase64 } from '../../encoding/base64.js';
import type {
  Alteration,
  AlterationChange,
  AlterationDiagnosis,
  AlterationRemark,
  AlteredSigner,
} from '../../smime/diagnose/alteration.js';
import type { VerificationReport } from '../../smime/verify/report.js';

/** The diagnosis as `--json` prints it; docs/cli.md describes it. */
export function diagnosisJson(report: VerificationReport, diagnosis: AlterationDiagnosis): unknown {
  const { recovered, alterations, remarks } = diagnosis;
  return {
    verified: report.verified,
    altered: alterations.length > 0,
    recovered,
    changes: alterations.flatMap(({ part, changes }) => changes.map((change) => changeJson(change, part))),
    signatures: alterations.map(alterationJson),
    remarks: remarks.map((remark) => remarkJson(remark, [])),
  };
}

function alterationJson(alteration: Alteration): unknown {
  const { part, covers, signers, received, original, fitting, digests, remarks, message, work } = alteration;
  return {
    part,
    covers,
    recovered: original !== undefined,
    signers: signers.map((signer) => signerJson(signer, fitting.includes(signer))),
    digestAlgorithms: digests,
    receivedOctets: received.length,
    originalOctets: original?.length ?? null,
    remarks: remarks.map((remark) => remarkJson(remark, signers)),
    message,
    work: { candidates: work.candidates, octets: work.octets, exhausted: work.exhausted },
  };
}

function signerJson(signer: AlteredSigner, fits: boolean): unknown {
  const { certificate, digestAlgorithm, content, signature, trust } = signer;
  return {
    subject: certificate?.subject.toString() ?? null,
    digestAlgorithm: digestAlgorithm ?? null,
    content,
    signature,
    trust,
    fits,
  };
}

function changeJson({ kind, from, to, ranges, message }: AlterationChange, part: string): unknown {
  return {
    part,
    kind,
    from: from ?? null,
    to: to ?? null,
    ranges: ranges.map(({ start, end, original }) => ({ start, end, original: octetsJson(original) })),
    message,
  };
}

function remarkJson(
  { code, part, signer, message }: AlterationRemark,
  signers: readonly AlteredSigner[],
): unknown {
  const index = signer === undefined ? -1 : signers.indexOf(signer);
  return { code, part: part ?? null, signer: index < 0 ? null : index, message };
}

function octetsJson(octets: Uint8Array): unknown {
  const text = strictUtf8FromBytes(asBytes(octets));
  return text === undefined ? { base64: encodeBase64(octets) } : { text };
}
