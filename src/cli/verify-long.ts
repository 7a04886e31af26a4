import type { CmsStructure } from '../cms/stream/cms-events.js';
import { CmsReader } from '../cms/stream/cms-reader.js';
import { ContentDigester } from '../cms/verify/passed-content.js';
import { type Bytes, bytesFromLatin1 } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import type { DigestName } from '../crypto/digests/digest.js';
import { LineEndCanonicalizer } from '../encoding/line-ends.js';
import type { OpenReport } from '../smime/open/report.js';
import { digestsOfHead } from '../smime/stream/announced-digests.js';
import { MessageDecryptor } from '../smime/stream/message-decryptor.js';
import type { SealSigner } from '../smime/verify/report.js';
import type { VerificationPolicy } from '../smime/verify/verify-seal.js';
import { sealOfFile } from '../smime/verify/verify-signature-file.js';
import { ciphertextIn, SpoolFile } from './files/spool-file.js';
import { decryptionKeys, type OwnKeys } from './options/private-keys.js';
import { fileResult, messageResult, type VerifyResult } from './report/verify-result.js';
import {
  type ContentTaker,
  contentOf,
  filePlace,
  takingFrom,
  withCanonicalLines,
} from './signed-contents.js';

/** What verifies input that is too long to be kept. */
export interface LongVerification {
  readonly policy: VerificationPolicy;
  readonly own: OwnKeys;
  readonly contents: ContentTaker;
}

/** A result, and whether more would be known of what is read as a whole. */
export interface LongResult {
  readonly result: VerifyResult;
  readonly needsWhole: boolean;
}

type Pieces = AsyncIterable<Uint8Array>;

/** A header that makes a message of a CMS file. */
export const cmsFileHeader: Bytes = bytesFromLatin1(
  'Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n',
);

/** The type of a CMS file, from its begin; `undefined` where none is seen. */
export function cmsTypeOf(begun: Uint8Array): string | undefined {
  const reader = new CmsReader();
  try {
    reader.push(begun.subarray(0, 65_536));
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
  }
  return reader.contentType;
}

/** Opens and verifies a message while it goes by. */
export async function verifyLongMessage(
  pieces: Pieces,
  { policy, own, contents }: LongVerification,
): Promise<LongResult> {
  const spools: SpoolFile[] = [];
  const decryptor = new MessageDecryptor({
    ...policy,
    certificates: [...(policy.certificates ?? []), ...own.certificates],
    keys: decryptionKeys(own.keys),
    spool: () => {
      const spool = new SpoolFile();
      spools.push(spool);
      return ciphertextIn(spool);
    },
    ...takingFrom(contents),
  });
  try {
    for await (const octets of pieces) {
      await decryptor.push(octets);
      await contents.flushed();
    }
    const { report, mayHideSeals } = await decryptor.end();
    await contents.flushed();
    const isHidden = mayHideSeals && report.seals.length === 0;
    const result = messageResult(report, policy.at, (seal) => contentOf(seal, contents), isHidden);
    return { result, needsWhole: isHidden || needsWhole(report) };
  } finally {
    decryptor.wipe();
    for (const spool of spools) spool.remove();
  }
}

/** Whether something could not be told because it was not kept. */
function needsWhole({ seals, envelopes }: OpenReport): boolean {
  return (
    seals.some(({ signers }) => lacksDigest(signers)) ||
    envelopes.some(({ error }) => error?.code === 'limit-octets')
  );
}

function lacksDigest(signers: readonly SealSigner[]): boolean {
  return signers.some(({ reasons }) => reasons.some(({ code }) => code === 'needs-second-pass'));
}

/** Verifies a signature in a file of its own, and what stands beside it, while both go by. */
export async function verifyLongFile(
  pieces: Pieces,
  content: Pieces | undefined,
  { policy, contents }: LongVerification,
): Promise<LongResult> {
  const { structure, digests, embedded } = await readSignature(pieces, content === undefined, contents);
  if (structure.kind !== 'signedData')
    throw new MailsealError('cms-wrong-type', `signedData is wanted, this is ${structure.kind}`);
  const held = { embedded: embedded?.finish() };
  const beside = content === undefined ? undefined : await readBeside(content, digests, contents);
  const { seal, over } = await sealOfFile(structure.signedData, { ...held, ...beside }, policy);
  const result = fileResult(seal, policy.at, () => {
    if (seal.content !== undefined) return [seal.content];
    const spool = contents.of(filePlace);
    return over === 'canonical' && spool !== undefined ? withCanonicalLines(spool) : spool?.read();
  });
  return { result, needsWhole: lacksDigest(seal.signers) };
}

async function readSignature(
  pieces: Pieces,
  isContentWanted: boolean,
  contents: ContentTaker,
): Promise<{
  readonly structure: CmsStructure;
  readonly digests: readonly DigestName[];
  readonly embedded: ContentDigester | undefined;
}> {
  const reader = new CmsReader();
  let digests: readonly DigestName[] = digestsOfHead([]);
  let embedded: ContentDigester | undefined;
  let structure: CmsStructure | undefined;
  const takeAll = async (events: ReturnType<CmsReader['push']>): Promise<void> => {
    for (const event of events) {
      if (event.type === 'head' && event.head.kind === 'signedData') {
        digests = digestsOfHead(event.head.digestAlgorithms);
        if (event.hasContent) embedded = new ContentDigester({ digests });
      } else if (event.type === 'content') {
        embedded?.update(event.octets);
        if (isContentWanted) contents.take(filePlace, event.octets);
      } else if (event.type === 'end') structure = event.structure;
    }
    await contents.flushed();
  };
  for await (const octets of pieces) await takeAll(reader.push(octets));
  await takeAll(reader.end());
  return { structure: structure!, digests, embedded };
}

async function readBeside(
  content: Pieces,
  digests: readonly DigestName[],
  contents: ContentTaker,
): Promise<Pick<Parameters<typeof sealOfFile>[1], 'asItIs' | 'canonical'>> {
  const lines = new LineEndCanonicalizer();
  const received = new ContentDigester({ digests });
  const withLines = new ContentDigester({ digests });
  for await (const octets of content) {
    received.update(octets);
    withLines.update(lines.update(octets));
    contents.take(filePlace, octets);
    await contents.flushed();
  }
  const asItIs = received.finish();
  const canonical = withLines.finish();
  // Line ends are only ever made longer.
  return { asItIs, canonical: canonical.length === asItIs.length ? undefined : canonical };
}
