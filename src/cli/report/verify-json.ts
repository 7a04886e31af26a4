import type { TimestampVerdict } from '../../cms/verify/verdict.js';
import type { MessageHeaders } from '../../smime/open/message-headers.js';
import type { CmsEnvelope, Layer, OpenReport } from '../../smime/open/report.js';
import type { Seal, SealSigner } from '../../smime/verify/report.js';
import type { CertificateRevocation } from '../../x509/revocation/revocation-report.js';
import { recipientJson } from './recipient-json.js';
import { shortName } from './words.js';

/** The report as `--json` prints it; docs/cli.md describes it. */
export function reportJson(report: OpenReport, at: Date, diagnosable: boolean): unknown {
  const { headers, layers } = report;
  return {
    verified: report.verified,
    at: at.toISOString(),
    signatures: report.seals.map(sealJson),
    others: layers.flatMap(otherJson),
    reasons: report.reasons,
    layers: layersJson(report),
    envelopes: report.envelopes.map(envelopeJson),
    encrypted: report.encrypted,
    headers: [...headers].map((field) => ({
      name: field.name,
      text: field.text,
      protection: headers.protection(field),
    })),
    headerProtection: headerProtectionJson(headers),
    diagnosable,
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
    layers: [{ kind: 'signature', index: 0, around: null }],
    ...nothingElse,
  };
}

/** The report on a CMS file that is no SignedData, nor anything around one. */
export function notSignedJson(kind: string, at: Date): unknown {
  return {
    verified: false,
    at: at.toISOString(),
    signatures: [],
    others: [{ part: '', kind, error: null }],
    reasons: [{ code: 'unsigned', severity: 'failure', message: `the file is ${kind}, not signedData` }],
    layers: [{ kind: 'other', index: 0, around: null }],
    ...nothingElse,
  };
}

/** What a file has that is no message. */
const nothingElse = {
  envelopes: [],
  encrypted: false,
  headers: [],
  headerProtection: null,
  diagnosable: false,
} as const;

/** What is no signature: envelopes are among them, opened or not. */
function otherJson(layer: Layer): unknown[] {
  if (layer.kind === 'envelope')
    return [{ part: layer.envelope.part, kind: layer.envelope.type, error: null }];
  if (layer.kind === 'seal') return [];
  const { part, kind, error } = layer.other;
  return [{ part, kind, error: error?.code ?? null }];
}

function layersJson({ layers, seals, envelopes }: OpenReport): unknown[] {
  const others = layers.filter(({ kind }) => kind !== 'seal');
  const places = new Map(layers.map((layer, i) => [layer, i]));
  const sealPlaces = new Map(seals.map((seal, i) => [seal, i]));
  const envelopePlaces = new Map(envelopes.map((envelope, i) => [envelope, i]));
  const otherPlaces = new Map(others.map((layer, i) => [layer, i]));
  return layers.map((layer) => ({
    kind: layer.kind === 'seal' ? 'signature' : layer.kind,
    index:
      layer.kind === 'seal'
        ? sealPlaces.get(layer.seal)
        : layer.kind === 'envelope'
          ? envelopePlaces.get(layer.envelope)
          : otherPlaces.get(layer),
    around: (layer.around === undefined ? undefined : places.get(layer.around)) ?? null,
  }));
}

function envelopeJson(envelope: CmsEnvelope): unknown {
  const { recipient, error } = envelope;
  return {
    part: envelope.part,
    covers: envelope.covers,
    coverage: envelope.coverage,
    type: envelope.type,
    opened: envelope.opened,
    cipher: envelope.cipher?.name ?? null,
    authenticated: envelope.authenticated,
    keyBound: envelope.isKeyBound,
    recipient: recipient === undefined ? null : recipientJson(recipient),
    recipients: envelope.recipients.map(recipientJson),
    error: error === undefined ? null : { code: error.code, message: error.message },
    reasons: envelope.reasons,
  };
}

function headerProtectionJson({ scheme, fromShown, fromDiffers, outer, inner }: MessageHeaders): unknown {
  return {
    scheme,
    fromShown,
    fromDiffers,
    outerFrom: outer.all('from').map(({ text }) => text),
    innerFrom: inner?.all('from').map(({ text }) => text) ?? [],
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
