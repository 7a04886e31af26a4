import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { bitString, decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type CertificateIdentifier, readCertificateIdentifier } from '../certificate-identifier.js';

/** A recipient whose key was sent under his public key (RFC 5652 §6.2.1): RSA. */
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

/** One of the recipients of a key agreement (RFC 5652 §6.2.2, RecipientEncryptedKey). */
export class RecipientEncryptedKey {
  /** The content-encryption key, wrapped. */
  readonly encryptedKey: Bytes;
  private readonly rid: BerNode;
  private named: CertificateIdentifier | undefined;

  /** @internal */
  constructor(node: BerNode) {
    const [rid, encryptedKey] = sequenceOf(node, 'a RecipientEncryptedKey');
    if (rid === undefined || encryptedKey === undefined) throw unexpected(node, 'a RecipientEncryptedKey');
    this.rid = rid;
    this.encryptedKey = octetString(encryptedKey);
    this.named = undefined;
  }

  /** How the recipient's certificate is named. */
  get identifier(): CertificateIdentifier {
    this.named ??= this.readIdentifier();
    return this.named;
  }

  private readIdentifier(): CertificateIdentifier {
    const { rid } = this;
    if (!rid.is(0xa0)) return readCertificateIdentifier(rid);
    // RecipientKeyIdentifier: a date and something else may follow, which name the key no further.
    const keyIdentifier = rid.children[0];
    if (keyIdentifier === undefined) throw unexpected(rid, 'a RecipientKeyIdentifier');
    return { kind: 'subjectKeyIdentifier', keyIdentifier: octetString(keyIdentifier) };
  }
}

/** Who agrees on a key with the recipients (RFC 5652 §6.2.2, OriginatorIdentifierOrKey). */
export type KeyAgreementOriginator =
  | CertificateIdentifier
  | {
      readonly kind: 'originatorKey';
      /** The AlgorithmIdentifier of the key; its parameters may be absent, being those of the recipient's. */
      readonly algorithm: BerNode;
      /** The octets of the key, for an elliptic curve a point. */
      readonly publicKey: Bytes;
    };

/** Recipients who agree on a key with the sender (RFC 5652 §6.2.2): ECDH, X25519, X448. */
export class KeyAgreementRecipient {
  readonly kind = 'key-agreement';
  /** 3. */
  readonly version: number;
  /** The AlgorithmIdentifier of the agreement, whose parameters name the key wrap. */
  readonly keyEncryptionAlgorithm: BerNode;
  /** User keying material, which makes the agreed key another one. */
  readonly ukm: Bytes | undefined;
  /** Whom the key was wrapped for. */
  readonly recipients: readonly RecipientEncryptedKey[];
  private readonly originatorNode: BerNode;

  /** @internal Made by `parseEnvelopedData`. */
  constructor(node: BerNode) {
    const [version, originator, ...rest] = node.children;
    const ukm = rest[0]?.is(0xa1) === true ? rest.shift()!.children[0] : undefined;
    const [algorithm, recipients] = rest;
    if (version === undefined || originator?.is(0xa0) !== true || originator.children.length !== 1)
      throw unexpected(node, 'a KeyAgreeRecipientInfo');
    if (algorithm === undefined || recipients === undefined)
      throw unexpected(node, 'a KeyAgreeRecipientInfo');
    this.version = decodeInteger(version);
    this.originatorNode = originator.children[0]!;
    this.ukm = ukm && octetString(ukm);
    this.keyEncryptionAlgorithm = algorithm;
    this.recipients = sequenceOf(recipients, 'RecipientEncryptedKeys').map(
      (each) => new RecipientEncryptedKey(each),
    );
  }

  /** The sender's key, or the name of his certificate. */
  get originator(): KeyAgreementOriginator {
    const node = this.originatorNode;
    if (!node.is(0xa1)) return readCertificateIdentifier(node);
    const [algorithm, publicKey] = node.children;
    if (algorithm === undefined || publicKey === undefined) throw unexpected(node, 'an OriginatorPublicKey');
    return { kind: 'originatorKey', algorithm, publicKey: bitString(publicKey).octets };
  }
}

/** A recipient who holds a key-encryption key already (RFC 5652 §6.2.3). */
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

/** A recipient who knows a password (RFC 5652 §6.2.4, RFC 3211). */
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

/** A recipient of a kind that is not known here (RFC 5652 §6.2.5), or one that cannot be read: kept as it is. */
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
