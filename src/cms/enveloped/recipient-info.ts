import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type CertificateIdentifier, readCertificateIdentifier } from '../certificate-identifier.js';
import { KeyAgreementRecipient } from './key-agreement-recipient.js';

/**
 * A recipient whose key was sent under his public key (RFC 5652 §6.2.1): RSA.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const certificate = parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const content = new TextEncoder().encode('秘密');
 * const p7m = await createEnvelopedData({ content, recipients: [{ certificate }] });
 * for (const recipient of parseEnvelopedData(p7m).recipients) {
 *   if (recipient.kind === 'key-transport') console.log(recipient.identifier.kind); // issuerAndSerialNumber
 * }
 * ```
 */
export class KeyTransportRecipient {
  readonly kind = 'key-transport';
  /** 0 with an issuer and serial number, 2 with a key identifier. */
  readonly version: number;
  /** The AlgorithmIdentifier of the key transport. */
  readonly keyEncryptionAlgorithm: BerNode;
  /** The content-encryption key, encrypted. */
  readonly encryptedKey: Bytes;
  private readonly rid: BerNode;
  private named: CertificateIdentifier | undefined;

  /** @internal Made by `parseEnvelopedData`. */
  constructor(node: BerNode) {
    const [version, rid, algorithm, encryptedKey] = sequenceOf(node, 'a KeyTransRecipientInfo');
    if (version === undefined || rid === undefined || algorithm === undefined || encryptedKey === undefined)
      throw unexpected(node, 'a KeyTransRecipientInfo');
    this.version = decodeInteger(version);
    this.rid = rid;
    this.keyEncryptionAlgorithm = algorithm;
    this.encryptedKey = octetString(encryptedKey);
    this.named = undefined;
  }

  /** How the recipient's certificate is named. */
  get identifier(): CertificateIdentifier {
    this.named ??= readCertificateIdentifier(this.rid);
    return this.named;
  }
}

/**
 * A recipient who holds a key-encryption key already (RFC 5652 §6.2.3).
 *
 * @example
 * ```ts
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const kek = crypto.getRandomValues(new Uint8Array(32));
 * const id = new TextEncoder().encode('archive 2026');
 * const content = new TextEncoder().encode('秘密');
 * const p7m = await createEnvelopedData({ content, recipients: [{ kek, id }] });
 * for (const recipient of parseEnvelopedData(p7m).recipients) {
 *   if (recipient.kind !== 'kek') continue;
 *   console.log(new TextDecoder().decode(recipient.keyIdentifier)); // archive 2026
 * }
 * ```
 */
export class KekRecipient {
  readonly kind = 'kek';
  /** 4. */
  readonly version: number;
  /** Which key it is. */
  readonly keyIdentifier: Bytes;
  /** The AlgorithmIdentifier of the key wrap. */
  readonly keyEncryptionAlgorithm: BerNode;
  /** The content-encryption key, wrapped. */
  readonly encryptedKey: Bytes;
  private readonly dateNode: BerNode | undefined;

  /** @internal Made by `parseEnvelopedData`. */
  constructor(node: BerNode) {
    const [version, kekid, algorithm, encryptedKey] = node.children;
    if (version === undefined || kekid === undefined || algorithm === undefined || encryptedKey === undefined)
      throw unexpected(node, 'a KEKRecipientInfo');
    this.version = decodeInteger(version);
    const [keyIdentifier, date] = sequenceOf(kekid, 'a KEKIdentifier');
    if (keyIdentifier === undefined) throw unexpected(kekid, 'a KEKIdentifier');
    this.keyIdentifier = octetString(keyIdentifier);
    this.dateNode = date?.is(Tag.GeneralizedTime) === true ? date : undefined;
    this.keyEncryptionAlgorithm = algorithm;
    this.encryptedKey = octetString(encryptedKey);
  }

  /** Which of several keys of one identifier it is, where the sender says so. */
  get date(): Date | undefined {
    return this.dateNode && decodeTime(this.dateNode);
  }
}

/**
 * A recipient who knows a password (RFC 5652 §6.2.4, RFC 3211).
 *
 * @example
 * ```ts
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const content = new TextEncoder().encode('秘密');
 * const recipients = [{ password: 'eight friendly herons wading' }];
 * const p7m = await createEnvelopedData({ content, recipients });
 * for (const recipient of parseEnvelopedData(p7m).recipients) {
 *   if (recipient.kind === 'password') console.log(recipient.encryptedKey.length); // 48
 * }
 * ```
 */
export class PasswordRecipient {
  readonly kind = 'password';
  /** 0. */
  readonly version: number;
  /** The AlgorithmIdentifier of the key derivation; absent where the key-encryption key comes from elsewhere. */
  readonly keyDerivationAlgorithm: BerNode | undefined;
  /** The AlgorithmIdentifier of the key wrap. */
  readonly keyEncryptionAlgorithm: BerNode;
  /** The content-encryption key, wrapped. */
  readonly encryptedKey: Bytes;

  /** @internal Made by `parseEnvelopedData`. */
  constructor(node: BerNode) {
    const [version, ...rest] = node.children;
    this.keyDerivationAlgorithm = rest[0]?.is(0xa0) === true ? rest.shift() : undefined;
    const [algorithm, encryptedKey] = rest;
    if (version === undefined || algorithm === undefined || encryptedKey === undefined)
      throw unexpected(node, 'a PasswordRecipientInfo');
    this.version = decodeInteger(version);
    this.keyEncryptionAlgorithm = algorithm;
    this.encryptedKey = octetString(encryptedKey);
  }
}

/**
 * A recipient of a kind that is not known here (RFC 5652 §6.2.5), or one that cannot be read: kept as it is.
 *
 * @example
 * ```ts
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 *
 * const content = new TextEncoder().encode('秘密');
 * const recipients = [{ password: 'eight friendly herons wading' }];
 * const p7m = await createEnvelopedData({ content, recipients });
 * const others = parseEnvelopedData(p7m).recipients.filter(({ kind }) => kind === 'other');
 * console.log(others.length); // 0
 * ```
 */
export class OtherRecipient {
  readonly kind = 'other';
  /** Dotted OID of OtherRecipientInfo; `undefined` where there is none. */
  readonly type: string | undefined;
  /** The whole element. */
  readonly bytes: Bytes;

  /** @internal Made by `parseEnvelopedData`. */
  constructor(node: BerNode, type: string | undefined) {
    this.type = type;
    this.bytes = node.bytes;
  }
}

/** A RecipientInfo (RFC 5652 §6.2), told apart by `kind`. */
export type RecipientInfo =
  | KeyTransportRecipient
  | KeyAgreementRecipient
  | KekRecipient
  | PasswordRecipient
  | OtherRecipient;

/** Reads a RecipientInfo; what is damaged or unknown is kept, since others may be meant for the reader. */
export function readRecipientInfo(node: BerNode): RecipientInfo {
  try {
    switch (node.identifier) {
      case Tag.Sequence:
        return new KeyTransportRecipient(node);
      case 0xa1:
        return new KeyAgreementRecipient(node);
      case 0xa2:
        return new KekRecipient(node);
      case 0xa3:
        return new PasswordRecipient(node);
      case 0xa4: {
        const type = node.children[0];
        return new OtherRecipient(node, type && decodeOid(type));
      }
    }
  } catch (error) {
    if (!(error instanceof MailsealError) || !error.code.startsWith('asn1-')) throw error;
  }
  return new OtherRecipient(node, undefined);
}

/** How many recipients an element is for. */
export function recipientCount(recipient: RecipientInfo): number {
  return recipient.kind === 'key-agreement' ? Math.max(1, recipient.recipients.length) : 1;
}
