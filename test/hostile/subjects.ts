import { readFileSync } from 'node:fs';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { MailsealError } from '../../src/core/errors.js';
import type { Seal, VerificationReport } from '../../src/smime/verify/report.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import type { VerificationPolicy } from '../../src/smime/verify/verify-seal.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { type Certificate, parseCertificates } from '../../src/x509/certificate/certificate.js';
import { readCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';

/** What a file is, and so which functions it goes through. */
export type Kind = 'message' | 'signature' | 'certificate';

/** A good file that will be damaged, and what it verifies with. */
export interface Subject {
  readonly name: string;
  readonly kind: Kind;
  readonly octets: Uint8Array<ArrayBuffer>;
  /** A policy under which as much as possible of the undamaged file is good. */
  readonly policy: VerificationPolicy;
  /**
   * The contents that the undamaged file's seals are over: the only ones that
   * may ever count as intact. `undefined` where the file was tampered with
   * before: undoing that would be right.
   */
  readonly contents: readonly Uint8Array[] | undefined;
  /** Whether the undamaged file is verified. */
  readonly verified: boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  eml: 'message',
  p7s: 'signature',
  p7m: 'signature',
  p7c: 'signature',
  crt: 'certificate',
  cer: 'certificate',
  pem: 'certificate',
};

/** The kind of a file by its name; `undefined` for those that no function here reads. */
export function kindOf(path: string): Kind | undefined {
  return kinds[/\.([^./]+)$/.exec(path)?.[1] ?? ''];
}

/** The sets of the corpus that hold messages, signatures or certificates. */
export const corpusSets = [
  'mail-parser',
  'mimekit',
  'openssl-generated',
  'pkits',
  'rfc4134',
  'thunderbird-smime',
  'tutorial-1998',
] as const;

/** Paths of one set's files that are read here. */
export function subjectPaths(set: string): string[] {
  return listCorpus(set, (path) => kindOf(path) !== undefined);
}

/** Our own few files. */
export const ownPaths = [
  'test/vectors/demo/signed.eml',
  'test/vectors/demo/smime.p7s',
  'test/vectors/demo/signer.crt.pem',
] as const;

/** Makes a subject of a file of the corpus. */
export function corpusSubject(path: string): Promise<Subject> {
  return subject(path, readCorpus(path));
}

/** Makes a subject of one of our own files. */
export function ownSubject(path: (typeof ownPaths)[number]): Promise<Subject> {
  return subject(path, new Uint8Array(readFileSync(path)));
}

const someTime = new Date('2020-01-01T00:00:00Z');

async function subject(name: string, octets: Uint8Array<ArrayBuffer>): Promise<Subject> {
  const kind = kindOf(name)!;
  const blind: VerificationPolicy = { at: someTime, roots: [], requireIdentity: false };
  const bare = { name, kind, octets, policy: blind, contents: [], verified: false };
  if (kind === 'certificate') {
    const roots = quietly(() => parseCertificates(octets)) ?? [];
    return { ...bare, policy: { ...blind, at: middle(roots[0]), roots } };
  }
  const first = await sealsOf(kind, octets, blind);
  const signer = first.seals.find((seal) => seal.signers[0]?.certificate !== undefined)?.signers[0];
  // Its own certificates serve as roots: what is tested is damage, not whom to trust.
  const carried =
    kind === 'signature'
      ? (quietly(() => parseSignedData(octets).certificates) ?? [])
      : first.seals.flatMap((seal) => seal.signedData?.certificates ?? []);
  const others = carried.filter((each) => signer?.certificate?.equals(each) !== true);
  const policy = {
    ...blind,
    at: middle(signer?.certificate),
    roots: others.length > 0 ? others : carried,
  };
  const { seals, verified } = await sealsOf(kind, octets, policy);
  const altered = seals.some((seal) => seal.signers.some(({ content }) => content === 'altered'));
  const contents = seals.flatMap((seal) => (seal.content === undefined ? [] : [seal.content]));
  return { ...bare, policy, contents: altered ? undefined : contents, verified };
}

/** The seals of a message or of a signature file. */
export async function sealsOf(
  kind: Kind,
  octets: Uint8Array,
  policy: VerificationPolicy,
): Promise<{ seals: readonly Seal[]; verified: boolean; report?: VerificationReport }> {
  if (kind === 'message') {
    const report = await verifyMessage(octets, policy);
    return { seals: report.seals, verified: report.verified, report };
  }
  try {
    const seal = await verifySignatureFile(octets, policy);
    return { seals: [seal], verified: seal.verified };
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return { seals: [], verified: false };
  }
}

function middle(certificate: Certificate | undefined): Date {
  return (
    (certificate &&
      quietly(() => new Date((certificate.notBefore.getTime() + certificate.notAfter.getTime()) / 2))) ??
    someTime
  );
}

/** A value, or `undefined` where there is a MailsealError in its place. */
export function quietly<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
