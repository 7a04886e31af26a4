import { compressedDataOf } from '../../cms/compressed/compressed-data.js';
import { type Inflate, openCompressed } from '../../cms/compressed/open-compressed.js';
import type { ContentInfo } from '../../cms/content-info.js';
import type { OpenBudget } from '../../cms/enveloped/content-key.js';
import type { DecryptionKey } from '../../cms/enveloped/decryption-key.js';
import { encryptedDataOf } from '../../cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../../cms/enveloped/enveloped-data.js';
import { type OpenedContent, openSharing } from '../../cms/enveloped/open.js';
import type { OriginatorInfo } from '../../cms/enveloped/originator-info.js';
import type { RecipientInfo } from '../../cms/enveloped/recipient-info.js';
import type { AbortSignalLike } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { assertLimits } from '../../core/limits.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { assertCertificates } from '../../x509/path/path-options.js';
import type { FoundEnvelope } from '../verify/found-layer.js';
import type { OpenLimits } from './open-limits.js';

/** What opens envelopes. */
export interface OpenKeys extends EngineOptions {
  /** What may open them, tried in this order. */
  readonly keys: readonly DecryptionKey[];
  /** More certificates, of senders who agreed on a key with theirs among others. */
  readonly certificates?: readonly Certificate[];
  /** Decompresses what is compressed (RFC 3274). Default the `DecompressionStream` of the runtime. */
  readonly inflate?: Inflate;
  readonly limits?: OpenLimits;
  readonly signal?: AbortSignalLike;
}

/** What all envelopes of one message may cost together. */
export interface OpenWork extends OpenBudget {
  octets: number;
  /** Envelopes with recipients by password that may be tried: each may cost what deriving a key from one may. */
  passwords: number;
}

/** What an envelope holds. */
export interface EnvelopeContent {
  readonly content: Bytes;
  readonly contentType: string;
}

/** What came of opening one envelope. */
export interface OpenedEnvelope {
  readonly content: EnvelopeContent | undefined;
  /** How it was decrypted, where it was encrypted. */
  readonly decrypted: Omit<OpenedContent, 'content' | 'contentType'> | undefined;
  readonly recipients: readonly RecipientInfo[];
  readonly error: MailsealError | undefined;
}

/** Refuses what is no {@link OpenKeys}. Without a list of keys nothing could be opened, and that is more likely a slip than meant. */
export function assertKeys(options: OpenKeys | undefined): void {
  if (!Array.isArray(options?.keys))
    throw usage('`keys` is wanted, a list of what may open the message; `[]` for none');
  const { certificates, inflate, limits } = options;
  if (certificates !== undefined) assertCertificates('certificates', certificates);
  if (inflate !== undefined && typeof inflate !== 'function')
    throw usage('`inflate` is a function that decompresses content');
  assertLimits(limits, ['mime']);
}

/** Opens one envelope that was found; that it cannot be is an answer. */
export async function openEnvelope(
  found: Pick<FoundEnvelope, 'type' | 'container'> & { readonly contentInfo: ContentInfo },
  options: OpenKeys,
  work: OpenWork,
): Promise<OpenedEnvelope> {
  let recipients: readonly RecipientInfo[] = [];
  try {
    if (found.type === 'compressedData') {
      const content = await decompress(found, options, work);
      return { content, decrypted: undefined, recipients, error: undefined };
    }
    const enveloped = readEnvelope(found, options);
    if (enveloped.kind !== 'encryptedData') ({ recipients } = enveloped);
    const keys = affordable(options.keys, recipients, work);
    // What is decrypted is no longer than the part.
    takeOctets(found.container.content().length, work);
    const { engine, signal, certificates } = options;
    const iterations = options.limits?.iterations;
    const decrypted = await openSharing(
      enveloped,
      {
        keys,
        ...(engine === undefined ? {} : { engine }),
        ...(signal === undefined ? {} : { signal }),
        ...(iterations === undefined ? {} : { limits: { iterations } }),
        ...senders(enveloped, certificates),
      },
      work,
    );
    return { content: decrypted, decrypted, recipients, error: undefined };
  } catch (error) {
    if (!(error instanceof MailsealError) || isCallers(error)) throw error;
    return { content: undefined, decrypted: undefined, recipients, error };
  }
}

function readEnvelope(
  { contentInfo, type }: { readonly contentInfo: ContentInfo; readonly type: FoundEnvelope['type'] },
  { limits }: OpenKeys,
): ReturnType<typeof envelopedDataOf> | ReturnType<typeof encryptedDataOf> {
  if (type === 'encryptedData') return encryptedDataOf(contentInfo);
  return envelopedDataOf(contentInfo, limits === undefined ? {} : { limits });
}

/** Whether an error is no fault of the message, and ends the work. */
export function isCallers({ code, fault }: MailsealError): boolean {
  return fault === 'usage' || code === 'aborted' || code === 'crypto-engine-unavailable';
}

async function decompress(
  { contentInfo }: { readonly contentInfo: ContentInfo },
  { inflate, limits, signal }: OpenKeys,
  work: OpenWork,
): Promise<OpenedEnvelope['content']> {
  const content = await openCompressed(compressedDataOf(contentInfo), {
    ...(inflate === undefined ? {} : { inflate }),
    ...(signal === undefined ? {} : { signal }),
    limits: { octets: work.octets, ...(limits?.ratio === undefined ? {} : { ratio: limits.ratio }) },
  });
  takeOctets(content.content.length, work);
  return content;
}

function takeOctets(length: number, work: OpenWork): void {
  if (length > work.octets) {
    throw new MailsealError(
      'limit-octets',
      'the contents of all envelopes together are longer than the limit; raise limits.octets',
    );
  }
  work.octets -= length;
}

/**
 * The keys to try.
 *
 * @throws MailsealError `limit-iterations` where passwords were tried often enough.
 */
export function affordable(
  keys: readonly DecryptionKey[],
  recipients: readonly RecipientInfo[],
  work: OpenWork,
): readonly DecryptionKey[] {
  const isCostly =
    recipients.some(({ kind }) => kind === 'password') && keys.some((key) => 'password' in key);
  if (!isCostly || --work.passwords >= 0) return keys;
  throw new MailsealError(
    'limit-iterations',
    'more envelopes with recipients by password than are tried in one message',
  );
}

/** Who gives certificates adds them to those that came along. */
export function senders(
  enveloped:
    | { readonly kind: 'encryptedData' }
    | {
        readonly kind: 'envelopedData' | 'authEnvelopedData';
        readonly originatorInfo: OriginatorInfo;
      },
  certificates: readonly Certificate[] | undefined,
): { certificates?: readonly Certificate[] } {
  if (certificates === undefined || certificates.length === 0) return {};
  const own = enveloped.kind === 'encryptedData' ? [] : enveloped.originatorInfo.certificates;
  return { certificates: [...own, ...certificates] };
}
