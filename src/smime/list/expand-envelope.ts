import { parseContentInfo } from '../../cms/content-info.js';
import { cipherOf, findTransportedKey, mostAttempts } from '../../cms/enveloped/content-key.js';
import { envelopedDataOf } from '../../cms/enveloped/enveloped-data.js';
import type { ContentCipherName } from '../../cms/enveloped/recipient.js';
import { Rekeying } from '../../cms/stream/rekeying.js';
import { type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { envelopeMessage, envelopeRecipient } from '../encrypt/envelope.js';
import type { MessageRecipient } from '../encrypt/message-recipient.js';
import { pkcs7Mime } from '../entity/sealed-entity.js';
import { assertSealsGood } from './list-checks.js';
import { type ListLayer, sealsOutside } from './list-layers.js';
import type { ExplodeMessageOptions, ListMessage } from './list-options.js';
import type { OldCipher } from './member-groups.js';

/** A new envelope as a part of a message, without the header of that. */
export interface Expanded extends Pick<ListMessage, 'way' | 'cipher'> {
  readonly octets: Bytes;
}

/** An envelope whose readers become others. */
export interface Expansion {
  /** Where it may be re-keyed. */
  readonly old: OldCipher | undefined;
  /** A copy for members whom it stays as it was for. */
  rekeyed(members: readonly MessageRecipient[]): Promise<Expanded>;
  /** A copy for members who need another cipher. */
  encrypted(members: readonly MessageRecipient[], cipher: ContentCipherName): Promise<Expanded>;
  /** Overwrites what was found out for all copies. */
  wipe(): Promise<void>;
}

/** How content that is not in an envelope comes into one. */
export function enclosing(content: Bytes, options: ExplodeMessageOptions): Expansion {
  return {
    old: undefined,
    rekeyed: () => Promise.reject(usage('there is no envelope to be re-keyed')),
    encrypted: async (members, cipher) => {
      const { message: octets } = await envelopeMessage('', content, members, { ...options, cipher });
      return { octets, cipher, way: 'encrypted' };
    },
    wipe: async () => {},
  };
}

/**
 * How an envelope gets other readers (RFC 2634 §4.2.3.1).
 *
 * @param inside the layers under it
 * @throws MailsealError where the list cannot open it, the error of that.
 */
export function expansionOf(
  { container, envelope }: Extract<ListLayer, { readonly kind: 'enveloped' }>,
  inside: readonly ListLayer[],
  options: ExplodeMessageOptions,
): Expansion {
  const { mode = 're-key', inspect = true, limits = {} } = options;
  if (inspect && envelope.error !== undefined) throw envelope.error;
  const octets = container.content();
  const enveloped = envelopedDataOf(parseContentInfo(octets, { limits }), { limits });
  const cipher = cipherOf(enveloped);
  const { name } = cipher;
  const old = { cipher: name, bindAlgorithm: enveloped.encryptedContent.isKeyBound };
  // Once for all copies: a smart card takes its time for each use of a key, or wants a number typed.
  let found: Promise<Bytes> | undefined;
  const key = (): Promise<Bytes> => {
    const budget = { attempts: mostAttempts };
    found ??= findTransportedKey(enveloped, cipher, options, budget).then((each) => each.key);
    return found;
  };
  return {
    old: mode === 're-key' ? old : undefined,
    rekeyed: async (members) => {
      // RFC 2634 §4.2.3.1 step 2: what the originator sent along gives way to what the list does.
      const rekeying = new Rekeying(
        {
          ...options,
          recipients: members.map(envelopeRecipient),
          mode: 'replace',
          originatorInfo: options.originatorInfo ?? {},
        },
        async () => (await key()).slice(),
      );
      const given: Uint8Array[] = [];
      await rekeying.update(octets, given);
      await rekeying.finish(given);
      const type = enveloped.kind === 'envelopedData' ? 'enveloped-data' : 'authEnveloped-data';
      return { octets: pkcs7Mime('', type, concatBytes(given)), cipher: name, way: 're-keyed' };
    },
    encrypted: (members, fresh) =>
      enclosing(contentOf(envelope, inside, options), options).encrypted(members, fresh),
    wipe: async () => {
      const [outcome] = await Promise.allSettled([found]);
      if (outcome.status === 'fulfilled') outcome.value?.fill(0);
    },
  };
}

/** The content for a new envelope, octet for octet what was in the old one, or in the signatures in that. */
function contentOf(
  { entity, content }: Extract<ListLayer, { readonly kind: 'enveloped' }>['envelope'],
  inside: readonly ListLayer[],
  options: ExplodeMessageOptions,
): Bytes {
  if (entity === undefined || content === undefined)
    throw new MailsealError(
      'cms-unsupported',
      'what is encrypted is no part of a message, and can only be re-keyed',
    );
  if (options.innerSignature !== 'strip') return content;
  return strippedOf(inside, options)?.bytes ?? content;
}

/**
 * What is signed, under the signatures next to one another; `undefined` where there are none. They have to be good,
 * since nobody can see that afterwards.
 *
 * @throws MailsealError `smime-list-refused`
 */
export function strippedOf(
  layers: readonly ListLayer[],
  options: ExplodeMessageOptions,
): NonNullable<ListLayer['inner']> | undefined {
  const seals = sealsOutside(layers);
  if (seals.length < layers.length)
    throw new MailsealError(
      'smime-list-refused',
      'there is an envelope in the envelope: whatever signature is in that cannot be taken off',
    );
  assertSealsGood(seals, options);
  return seals.at(-1)?.inner;
}
