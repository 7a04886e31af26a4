import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { bitString, decodeInteger, sequenceOf, setOf } from '../../asn1/values.js';
import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { type PublicKey, parsePublicKey } from '../../crypto/keys/public-key.js';
import { parseSignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../crypto/signatures/verify.js';
import { decodePem } from '../../encoding/pem.js';
import { CertificateExtensions } from '../../x509/certificate/certificate-extensions.js';
import { type Extension, readExtensions } from '../../x509/certificate/extensions.js';
import { mailAddresses } from '../../x509/certificate/mail-addresses.js';
import { Name } from '../../x509/certificate/name.js';

/** extensionRequest (RFC 2985 §5.4.2), and Microsoft's own OID for the same. */
export const extensionRequestOid = '1.2.840.113549.1.9.14';
const extensionRequestOids: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionRequestOid,
  '1.3.6.1.4.1.311.2.1.14',
]);

/** An attribute of a request: a dotted OID and the DER of each value. */
export interface RequestAttribute {
  readonly type: string;
  readonly values: readonly Bytes[];
}

/**
 * A request for a certificate (PKCS #10, RFC 2986). Its frame is checked when
 * it is made. What it asks for is what somebody would like to have: an
 * authority takes the key once {@link verify} says `true`, and finds out the
 * rest by itself. The extensions asked for have getters as a certificate's.
 *
 * @throws MailsealError from its getters: `x509-malformed` or an `asn1-*` code
 * where a field is damaged, `crypto-unsupported` or `crypto-key-malformed`
 * from `publicKey`.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { createRequest, parseRequest } from 'mailseal/pki';
 *
 * const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const { bytes } = await createRequest({ key, subject: { commonName: 'Hanako' } });
 * const request = parseRequest(bytes);
 * console.log(`${request.subject}`, await request.verify()); // CN=Hanako true
 * ```
 */
export class CertificateRequest extends CertificateExtensions {
  /** The encoded request, a view of what was parsed. */
  readonly bytes: Bytes;
  /** Whom the certificate shall name. */
  readonly subject: Name;
  readonly attributes: readonly RequestAttribute[];
  private readonly fields: RequestFields;
  private readonly cache: { extensions?: readonly Extension[]; publicKey?: PublicKey } = {};

  /** @internal Made by {@link parseRequest}. */
  constructor(node: BerNode) {
    super();
    this.fields = requestFields(node);
    this.bytes = node.bytes;
    this.subject = new Name(this.fields.subject);
    this.attributes = this.fields.attributes.map((attribute) => {
      const [type, values, ...more] = sequenceOf(attribute, 'an Attribute');
      if (type === undefined || values === undefined || more.length > 0) throw notRequest(attribute);
      return {
        type: decodeOid(type),
        values: setOf(values, 'the values of an Attribute').map(({ bytes }) => bytes),
      };
    });
  }

  /** The key to be certified. */
  get publicKey(): PublicKey {
    this.cache.publicKey ??= parsePublicKey(this.fields.publicKey.bytes);
    return this.cache.publicKey;
  }

  /** All extensions asked for, in their order. */
  override get extensions(): readonly Extension[] {
    this.cache.extensions ??= this.attributes
      .filter(({ type }) => extensionRequestOids.has(type))
      .flatMap(({ values }) => values.flatMap((value) => readExtensions(readBer(value))));
    return this.cache.extensions;
  }

  /** The mail addresses asked for, in subjectAltName and in the subject: those that `Certificate.emailAddresses` would have. */
  get emailAddresses(): readonly string[] {
    return mailAddresses(this.subjectAltName, this.subject);
  }

  /**
   * Whether the request is signed with the private key that belongs to its
   * public key (RFC 2986 §3): whoever made it then has that key.
   *
   * @throws MailsealError `crypto-engine-unavailable`.
   */
  async verify({ engine }: EngineOptions = {}): Promise<boolean> {
    const { body, algorithm, signature } = this.fields;
    try {
      const { octets, unusedBits } = bitString(signature);
      if (unusedBits !== 0) return false;
      return await verifySignature({
        algorithm: parseSignatureAlgorithm(algorithm.bytes),
        publicKey: this.publicKey,
        signature: octets,
        data: body.bytes,
        ...(engine === undefined ? {} : { engine }),
      });
    } catch (error) {
      if (error instanceof MailsealError && error.code !== 'crypto-engine-unavailable') return false;
      throw error;
    }
  }
}

interface RequestFields {
  readonly body: BerNode;
  readonly algorithm: BerNode;
  readonly signature: BerNode;
  readonly subject: BerNode;
  readonly publicKey: BerNode;
  readonly attributes: readonly BerNode[];
}

/** Finds the fields of CertificationRequest and CertificationRequestInfo (RFC 2986 §4). */
function requestFields(node: BerNode): RequestFields {
  const [body, algorithm, signature, ...more] = sequenceOf(node, 'a CertificationRequest');
  if (body === undefined || algorithm === undefined || signature === undefined || more.length > 0)
    throw notRequest(node);
  const [version, subject, publicKey, attributes, ...rest] = sequenceOf(body, 'a CertificationRequestInfo');
  if (version === undefined || subject === undefined || publicKey === undefined || rest.length > 0)
    throw notRequest(body);
  // Some programs leave out the empty set of attributes.
  if (decodeInteger(version) !== 0 || attributes?.isContext(0) === false) throw notRequest(body);
  return { body, algorithm, signature, subject, publicKey, attributes: attributes?.children ?? [] };
}

function notRequest(node: BerNode): MailsealError {
  return new MailsealError(
    'pki-malformed',
    `the element at octet ${node.start} is not a certificate request`,
    {
      offset: node.start,
    },
  );
}

/** RFC 7468 §7, and the label of old programs. */
const requestLabels: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
]);

/**
 * Reads a certificate request (PKCS #10, RFC 2986), DER or PEM (of which the first request counts).
 *
 * @throws MailsealError `pki-malformed` when it is none, `pem-malformed` or an `asn1-*` code.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { createRequest, parseRequest } from 'mailseal/pki';
 *
 * const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const { bytes } = await createRequest({ key: privateKey, subject: { commonName: '山田花子' }, addresses: ['h@example.jp'] });
 * const request = parseRequest(bytes);
 * console.log(request.emailAddresses, await request.verify()); // [ 'h@example.jp' ] true
 * ```
 */
export function parseRequest(octets: Uint8Array | string): CertificateRequest {
  if (typeof octets !== 'string') {
    const bytes = asBytes(octets);
    if (bytes[0] === 0x30) return new CertificateRequest(readBer(bytes));
    return parseRequest(latin1FromBytes(bytes));
  }
  const block = decodePem(octets).find(({ label }) => requestLabels.has(label));
  if (block === undefined) {
    throw new MailsealError('pki-malformed', 'there is no certificate request in the input', { offset: 0 });
  }
  return new CertificateRequest(readBer(block.octets));
}
