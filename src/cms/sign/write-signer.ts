import { derInteger, derOctetString, derSequence } from '../../asn1/writer.js';
import { throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { type DigestName, digest } from '../../crypto/digests/digest.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { readsAsAttributes } from '../attributes.js';
import { ContentTypeOid } from '../oids.js';
import { type PreparedSigner, prepareSigner } from './prepared-signer.js';
import { certificateOctets, type WrittenSigner } from './signed-data-parts.js';
import type { SigningKey, SignOptions } from './signing-key.js';
import { signedAttributes, unsignedAttributes } from './write-attributes.js';

/** What several signers sign. */
export interface SubjectOfSigners {
  readonly content: Bytes;
  /** Digests of the content that were made as it went by; `content` is empty then. */
  readonly digests?: ReadonlyMap<DigestName, Bytes>;
  /** Dotted OID; `undefined` for a signature value that is counter-signed. */
  readonly contentType: string | undefined;
  readonly withoutSignedAttributes: boolean;
}

/** What signing adds to a SignedData. */
export interface AddedSigners {
  readonly signers: readonly WrittenSigner[];
  readonly digestAlgorithms: readonly Bytes[];
  /** Those of the signers, of their chains, and those that they want to be written to with. */
  readonly certificates: readonly Bytes[];
}

/** Signs with one key after the other; all are checked before the first one signs. */
export async function writeSigners(
  keys: readonly SigningKey[],
  subject: SubjectOfSigners,
  options: SignOptions,
): Promise<AddedSigners> {
  if (subject.withoutSignedAttributes) checkBare(subject);
  return writePreparedSigners(
    prepareSigners(keys, !subject.withoutSignedAttributes, options),
    subject,
    options,
  );
}

/** Checks all signers. */
export function prepareSigners(
  keys: readonly SigningKey[],
  withAttributes: boolean,
  options: SignOptions,
): readonly PreparedSigner[] {
  if (!Array.isArray(keys) || keys.length === 0) throw usage('`signers` is an array of one signer at least');
  return keys.map((key: SigningKey) => prepareSigner(key, withAttributes, options));
}

/** Signs with one after the other. */
export async function writePreparedSigners(
  prepared: readonly PreparedSigner[],
  subject: SubjectOfSigners,
  options: SignOptions,
): Promise<AddedSigners> {
  const digests = new Map(subject.digests);
  const signers: WrittenSigner[] = [];
  for (const signer of prepared) {
    throwIfAborted(options.signal);
    signers.push({
      version: signer.version,
      octets: await writeSigner(signer, subject, digests, options),
    });
  }
  return {
    signers,
    digestAlgorithms: prepared.map(({ digestAlgorithm }) => digestAlgorithm),
    certificates: certificatesOf(prepared),
  };
}

/** The certificates that go along with signers. */
export function certificatesOf(prepared: readonly PreparedSigner[]): readonly Bytes[] {
  return prepared.flatMap(({ key }) => [
    ...certificateOctets('certificate', [key.certificate]),
    ...certificateOctets('chain', key.chain),
    ...certificateOctets('encryptionCertificate', listOf(key.encryptionCertificate)),
  ]);
}

function listOf(certificate: Certificate | undefined): readonly Certificate[] {
  return certificate === undefined ? [] : [certificate];
}

/** A SignerInfo (RFC 5652 §5.3). */
async function writeSigner(
  signer: PreparedSigner,
  subject: SubjectOfSigners,
  digests: Map<DigestName, Bytes>,
  options: SignOptions,
): Promise<Bytes> {
  let attributes: Bytes | undefined;
  if (subject.withoutSignedAttributes) checkNothingToSay(signer.key);
  else {
    const { contentType } = subject;
    attributes = signedAttributes(signer, { contentType, digest: digestOf(signer) }, options);
  }
  const signature = await signer.sign(attributes ?? subject.content);
  const unsigned = unsignedAttributes(signer);
  const signed = attributes?.slice();
  // RFC 5652 §5.4: what is signed has the tag of a SET, what is sent has [0].
  if (signed !== undefined) signed[0] = 0xa0;
  return derSequence(
    derInteger(signer.version),
    signer.identifier,
    signer.digestAlgorithm,
    ...(signed === undefined ? [] : [signed]),
    signer.signatureAlgorithm,
    derOctetString(signature),
    ...(unsigned === undefined ? [] : [unsigned]),
  );

  /** Signers who use the same digest share it. */
  function digestOf({ digest: name }: PreparedSigner): Bytes {
    let found = digests.get(name);
    if (found === undefined) {
      // Content that went by is not there to be digested now.
      if (subject.digests !== undefined) throw usage(`the content went by without a digest by ${name}`);
      found = digest(name, subject.content, options.engine === undefined ? {} : { engine: options.engine });
      digests.set(name, found);
    }
    return found;
  }
}

function checkBare({ content, contentType }: SubjectOfSigners): void {
  // RFC 5652 §5.3: signed attributes must be present unless the content is id-data.
  if (contentType !== undefined && contentType !== ContentTypeOid.data) {
    throw usage(`content of type ${contentType} is always signed with attributes`);
  }
  if (readsAsAttributes(content)) {
    throw usage(
      'the content has the form of signed attributes: signed without attributes, it could pass for those of another signature',
    );
  }
}

function checkNothingToSay(key: SigningKey): void {
  const said = ['signingTime', 'capabilities', 'encryptionCertificate', 'signedAttributes'] as const;
  const given = said.find((name) => key[name] !== undefined);
  if (given !== undefined) throw usage(`\`${given}\` is a signed attribute, and there shall be none`);
}
