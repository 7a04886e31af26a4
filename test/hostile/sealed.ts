import { readAttributes } from '../../src/cms/attributes.js';
import { compressedDataOf } from '../../src/cms/compressed/compressed-data.js';
import { openCompressed } from '../../src/cms/compressed/open-compressed.js';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { checkDigestedData, digestedDataOf } from '../../src/cms/digested/digested-data.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { encryptedDataOf } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { receiptOf } from '../../src/cms/ess/receipt.js';
import { contentTypeName } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { equalBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { type Damage, damaged, type Tally } from './damage.js';
import { quietly } from './subjects.js';

/** A good CMS file that will be damaged, and what it is read with. */
export interface SealedSubject {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly keys: readonly DecryptionKey[];
  /** The content of a detached signature. */
  readonly detached?: Uint8Array;
}

/** What a file holds. */
export interface Unsealed {
  /** The field's name of its content type. */
  readonly type: string;
  readonly content: Uint8Array | undefined;
  /** Whether anything that we checked says that the content is what was put in: a tag, a signature, a checksum. */
  readonly vouched: boolean;
}

const at = new Date('2026-07-01T00:00:00Z');
/** What a damaged count of iterations may cost. */
const limits = { iterations: 100_000 };

/** Puts octets through all that reads CMS of their type. */
export async function unseal(octets: Uint8Array, { keys, detached }: SealedSubject): Promise<Unsealed> {
  const info = parseContentInfo(octets);
  const type = contentTypeName(info.contentType);
  switch (type) {
    case 'envelopedData':
    case 'authEnvelopedData': {
      const enveloped = envelopedDataOf(info);
      void [enveloped.version, quietly(() => enveloped.originatorInfo.certificates)];
      for (const recipient of enveloped.recipients)
        if (recipient.kind === 'key-transport') quietly(() => recipient.identifier);
      const { content, authenticated } = await openEnveloped(enveloped, { keys, limits });
      return { type, content, vouched: authenticated };
    }
    case 'encryptedData': {
      const { content } = await openEnveloped(encryptedDataOf(info), { keys, limits });
      return { type, content, vouched: false };
    }
    case 'compressedData': {
      const { content } = await openCompressed(compressedDataOf(info), { limits: { octets: 1 << 20 } });
      return { type, content, vouched: true };
    }
    case 'digestedData': {
      const digested = digestedDataOf(info);
      const { content } = digested;
      return { type, content, vouched: content !== undefined && checkDigestedData(digested) };
    }
    case 'signedData':
      return { type, ...(await readSigned(octets, detached)) };
    default:
      return { type, content: undefined, vouched: false };
  }
}

async function readSigned(
  octets: Uint8Array,
  detached: Uint8Array | undefined,
): Promise<Pick<Unsealed, 'content' | 'vouched'>> {
  const signedData = parseSignedData(octets);
  quietly(() => receiptOf(signedData));
  for (const signer of signedData.signers)
    quietly(() => signer.unsignedAttributes.map(({ values }) => values.map(readAttributes)));
  const verdicts = await verifySignedData(signedData, {
    at,
    roots: signedData.certificates,
    algorithms: algorithmPolicyOldMail,
    ...(detached === undefined ? {} : { content: detached }),
  });
  return { content: detached ?? signedData.content, vouched: verdicts.some(isGood) };
}

function isGood({ content, signature }: SignerVerdict): boolean {
  return content === 'intact' && signature === 'valid';
}

/**
 * Damages a file and reads it again, and fails where something else than a
 * MailsealError is thrown, where the fault of damaged octets is said to be the
 * caller's, or where what nobody sealed passes for sealed.
 */
export async function unsealDamaged(
  subject: SealedSubject,
  cases: Iterable<Damage>,
  tally: Tally,
): Promise<void> {
  const good = await unseal(subject.octets, subject);
  tally.files++;
  for (const damage of cases) {
    tally.cases++;
    try {
      const { content, vouched } = await unseal(damaged(subject.octets, damage), subject);
      if (
        vouched &&
        !(content !== undefined && good.content !== undefined && equalBytes(content, good.content))
      )
        throw new Error('content that nobody sealed passes for sealed');
      tally[vouched ? 'verified' : 'report']++;
    } catch (error) {
      if (error instanceof MailsealError && error.fault === 'input') tally.error++;
      else throw new Error(`${subject.name}, ${JSON.stringify(damage)}: ${String(error)}`, { cause: error });
    }
  }
}
