import type { Bytes } from '../../core/bytes.js';
import { bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { parseMessage } from '../../mime/message.js';
import { Part } from '../../mime/part.js';
import { outerField } from '../entity/safe-fields.js';
import { unprotectedEntity } from '../header-protection/unprotect-entity.js';
import { findLayers, mimeOptions } from '../verify/find-seals.js';
import { type FoundEnvelope, type FoundLayer, innermostWhole, isEncryption } from '../verify/found-layer.js';
import type { OtherCmsPart } from '../verify/report.js';
import { type HeaderProtectionScheme, MessageHeaders } from './message-headers.js';
import { assertKeys, type OpenKeys } from './open-envelope.js';
import { openOne, openWork } from './open-layers.js';
import type { CmsEnvelope } from './report.js';

/** What {@link decryptMessage} gives. */
export interface DecryptedMessage {
  /**
   * The message without its outermost layer of encryption, in CRLF lines but for what was encrypted: its header
   * fields, or the protected ones where there are such, and the content as it was encrypted. From outside is always
   * what servers write, and a From that differs from the protected one, since no signature is verified here (RFC 9788
   * §4.4). Where the header was protected in that very layer, neither the parameters that say so nor the copies of
   * fields in the text are left: it would be believed once the message is sealed anew.
   */
  readonly message: Bytes;
  /** What was taken off. Where it is not `authenticated`, anybody on the way may have changed the content (EFAIL). */
  readonly envelope: CmsEnvelope;
}

/**
 * Takes the outermost layer of encryption off a message that is encrypted as a
 * whole (RFC 8551 §3.3), and gives the message in it: for archives and
 * gateways, and to see what is inside. Signatures outside of that layer go with
 * it; those inside stay. `openMessage` is for who wants to read the message.
 *
 * @param message The octets of the message, as they came (line ends may be LF), or what `parseMessage` gave.
 * @throws MailsealError `smime-not-encrypted`; `cms-no-recipient` where no key fits, `cms-unsupported`,
 * `crypto-decryption-failed` for all that fails once a private key was used; `limit-octets`, `limit-iterations`,
 * `cms-malformed` and `asn1-*` codes; and the codes of `openMessage`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePkcs12 } from 'mailseal/pki';
 * import { decryptMessage, encryptMessage } from 'mailseal/smime';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), { password: '花子の合言葉' });
 * const [{ certificate }] = keys as [Required<(typeof keys)[0]>];
 * const message = new TextEncoder().encode('To: hanako@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n');
 * const [sealed] = await encryptMessage(message, {
 *   recipients: [{ certificate }],
 *   accept: ['key-usage'],
 *   at: new Date('2027-01-01'),
 * });
 *
 * const { message: opened, envelope } = await decryptMessage(sealed!.message, { keys });
 * console.log(envelope.cipher?.name, envelope.authenticated); // aes128-cbc false
 * console.log(new TextDecoder().decode(opened).split('\r\n').at(-2)); // At nine.
 * ```
 */
export async function decryptMessage(
  message: Uint8Array | Part,
  options: OpenKeys,
): Promise<DecryptedMessage> {
  assertKeys(options);
  const limits = options.limits ?? {};
  const root = message instanceof Part ? message : parseMessage(message, mimeOptions(limits));
  const search = findLayers(root, limits);
  const found = wholeEnvelope(search.layers);
  if (found === undefined) {
    const [outermost] = search.layers;
    throw notEncrypted(
      outermost?.kind === 'other' ? outermost.other : undefined,
      search.layers.some((layer) => layer.kind === 'envelope' && isEncryption(layer)),
    );
  }
  const envelope = await openOne(found, options, openWork(limits), search);
  if (envelope.error !== undefined) throw envelope.error;
  return { message: unwrapped(root, envelope, found), envelope };
}

/** Why there is nothing to decrypt. */
export function notEncrypted(outermost: OtherCmsPart | undefined, hasParts: boolean): MailsealError {
  // What should be a CMS object and is damaged may well be encrypted: the damage is what is to be told.
  if (outermost?.part === '' && outermost.error !== undefined) return outermost.error;
  return new MailsealError(
    'smime-not-encrypted',
    hasParts
      ? 'only parts of the message are encrypted; what verifies or opens the message reads them with the same keys'
      : 'the message is not encrypted',
  );
}

/** The outermost encryption around all that the message shows. */
function wholeEnvelope(layers: readonly FoundLayer[]): FoundEnvelope | undefined {
  return layers.find(
    (layer): layer is FoundEnvelope =>
      layer.kind === 'envelope' &&
      isEncryption(layer) &&
      // What programs may see otherwise is decrypted all the same where it is the message itself.
      (layer.coversMessage || layer.part === ''),
  );
}

function unwrapped(root: Part, { entity, content }: CmsEnvelope, found: FoundEnvelope): Bytes {
  if (entity === undefined) throw noEntity(content);
  const { header, scheme } = unwrappedHeader(root, entity, payloadInside(found.inside, entity));
  return concatBytes([header, unprotectedEntity(entity, scheme)]);
}

/** That there is no message inside. */
export function noEntity(content: Bytes | undefined): MailsealError {
  return new MailsealError(
    'cms-unsupported',
    `what is encrypted is no part of a message but ${content?.length ?? 0} octets of CMS; to go on in it, open the message instead of decrypting it`,
  );
}

/** The header of a message that was decrypted, but for the fields of the content. */
export interface UnwrappedHeader {
  readonly header: Bytes;
  /** How the header was protected in that very content. */
  readonly scheme: HeaderProtectionScheme;
}

/**
 * Puts the fields of a message outside again.
 *
 * @param entity what was encrypted
 * @param payload what lies under the signatures in it
 */
export function unwrappedHeader(root: Part, entity: Part, payload: Part | undefined): UnwrappedHeader {
  const shown = new MessageHeaders({
    outer: root.headers,
    payload,
    isEncrypted: true,
    isSigned: false,
    isFromBound: false,
  });
  // RFC 8551 §3.1: a message that was wrapped whole stays wrapped: its header may be signed for.
  const fields = shown.scheme === 'wrapped' ? [...root.headers].filter(isOuter) : [...shown];
  return {
    // A CR inside of a field, which some programs take for its end, was written under the encryption and passed every server.
    header: bytesFromLatin1(`${fields.map(outerField).join('')}MIME-Version: 1.0\r\n`),
    // What is sealed inside stays as it was sealed.
    scheme: payload === entity ? shown.scheme : 'none',
  };
}

/** RFC 9788 §1.7: what lies under the seals around all of the content; nothing where that is encrypted once more. */
function payloadInside(inside: readonly FoundLayer[], entity: Part): Part | undefined {
  const last = innermostWhole(inside);
  if (last === undefined) return entity;
  return last.kind === 'seal' ? last.entity : undefined;
}

function isOuter({ name }: HeaderField): boolean {
  return !/^(?:content-.*|mime-version)$/i.test(name);
}
