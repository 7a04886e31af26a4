import type { BerNode } from '../../asn1/reader.js';
import { bitString, decodeInteger, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { type CertificateIdentifier, readCertificateIdentifier } from '../certificate-identifier.js';

/**
 * One of the recipients of a key agreement (RFC 5652 §6.2.2, RecipientEncryptedKey).
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const content = new TextEncoder().encode('秘密');
 * const p7m = await createEnvelopedData({ content, recipients: [{ certificate: keys[0]!.certificate! }] });
 * for (const recipient of parseEnvelopedData(p7m).recipients) {
 *   if (recipient.kind !== 'key-agreement') continue;
 *   const [first] = recipient.recipients;
 *   console.log(first?.identifier.kind, first?.encryptedKey.length); // issuerAndSerialNumber 40
 * }
 * ```
 */
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

/**
 * Recipients who agree on a key with the sender (RFC 5652 §6.2.2): ECDH, X25519, X448.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createEnvelopedData, parseEnvelopedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const content = new TextEncoder().encode('秘密');
 * const p7m = await createEnvelopedData({ content, recipients: [{ certificate: keys[0]!.certificate! }] });
 * for (const recipient of parseEnvelopedData(p7m).recipients) {
 *   if (recipient.kind === 'key-agreement') console.log(recipient.originator.kind); // originatorKey
 * }
 * ```
 */
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
    const { octets, unusedBits } = bitString(publicKey);
    if (unusedBits !== 0) throw unexpected(publicKey, 'a public key of whole octets');
    return { kind: 'originatorKey', algorithm, publicKey: octets };
  }
}
