import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import {
  decodeString,
  isString,
  octetString,
  sequenceOf,
  setOf,
  stringOctets,
  unexpected,
} from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { readPasswordEncryption } from '../../crypto/passwords/password-encryption.js';
import type { PasswordTrial } from './password-trial.js';
import type { Pkcs12Attribute, Pkcs12Labels } from './pkcs12.js';
import { Pkcs12Oid } from './pkcs12-oids.js';

/** A SafeBag (RFC 7292 §4.2), its value not looked into. */
export interface SafeBag {
  readonly bag: string;
  readonly value: BerNode;
  readonly labels: Pkcs12Labels;
}

/**
 * The bags of an AuthenticatedSafe (RFC 7292 §4.1), decrypted, in their order.
 *
 * @param opened takes every array of octets that was decrypted, to be wiped
 * @throws MailsealError `pki-malformed`, `crypto-unsupported`, the codes of
 * {@link PasswordTrial.decrypt}.
 */
export async function readAuthenticatedSafe(
  octets: Bytes,
  password: PasswordTrial,
  opened: (plain: Bytes) => void,
): Promise<SafeBag[]> {
  const bags: SafeBag[] = [];
  for (const contentInfo of sequenceOf(readBer(octets), 'an AuthenticatedSafe')) {
    const { type, content } = readContentInfo(contentInfo);
    switch (type) {
      case Pkcs12Oid.data:
        collectBags(readBer(octetString(content)), bags);
        break;
      case Pkcs12Oid.encryptedData: {
        const plain = await decryptContent(content, password);
        opened(plain);
        decrypted(() => collectBags(readBer(plain), bags));
        break;
      }
      default:
        throw new MailsealError(
          'crypto-unsupported',
          type === Pkcs12Oid.envelopedData
            ? 'a part is encrypted to a public key, which is not read here'
            : `a part of the content type ${type} is not read here`,
          { offset: contentInfo.start },
        );
    }
  }
  return bags;
}

/** A ContentInfo (RFC 5652 §3): its type, and what stands in its [0]. */
export function readContentInfo(node: BerNode): { type: string; content: BerNode } {
  const [type, wrapped] = sequenceOf(node, 'a ContentInfo');
  if (type === undefined || wrapped?.is(0xa0) !== true) throw unexpected(node, 'a ContentInfo');
  const [content] = wrapped.children;
  if (content === undefined) throw unexpected(wrapped, 'the content of a ContentInfo');
  return { type: decodeOid(type), content };
}

/** EncryptedData (RFC 5652 §8). */
async function decryptContent(node: BerNode, password: PasswordTrial): Promise<Bytes> {
  const [, info] = sequenceOf(node, 'an EncryptedData');
  if (info === undefined) throw unexpected(node, 'an EncryptedData');
  const [, algorithm, encrypted] = sequenceOf(info, 'an EncryptedContentInfo');
  if (algorithm === undefined || encrypted?.isContext(0) !== true) {
    throw unexpected(info, 'an EncryptedContentInfo with its content');
  }
  return password.decrypt(
    readPasswordEncryption(algorithm),
    stringOctets(encrypted, Tag.OctetString),
    isSafeContents,
  );
}

/** Whether octets have the frame of SafeContents: one SEQUENCE of SEQUENCEs, and nothing else. */
function isSafeContents(octets: Bytes): boolean {
  try {
    return sequenceOf(readBer(octets)).every((bag) => bag.is(Tag.Sequence));
  } catch {
    return false;
  }
}

function collectBags(node: BerNode, bags: SafeBag[]): void {
  for (const safeBag of sequenceOf(node, 'SafeContents')) {
    const [identifier, wrapped, attributes] = sequenceOf(safeBag, 'a SafeBag');
    const value = wrapped?.is(0xa0) === true ? wrapped.children[0] : undefined;
    if (identifier === undefined || value === undefined) throw unexpected(safeBag, 'a SafeBag');
    const bag = decodeOid(identifier);
    // RFC 7292 §4.2.6: bags in a bag; the reader's limit of depth bounds them.
    if (bag === Pkcs12Oid.safeContentsBag) collectBags(value, bags);
    else bags.push({ bag, value, labels: readLabels(attributes) });
  }
}

function readLabels(set: BerNode | undefined): Pkcs12Labels {
  let friendlyName: string | undefined;
  let localKeyId: Bytes | undefined;
  const attributes: Pkcs12Attribute[] = [];
  for (const attribute of set === undefined ? [] : setOf(set, 'the attributes of a bag')) {
    const [identifier, values] = sequenceOf(attribute, 'an attribute');
    if (identifier === undefined || values === undefined) throw unexpected(attribute, 'an attribute');
    const oid = decodeOid(identifier);
    const nodes = setOf(values, 'the values of an attribute');
    const [first] = nodes;
    if (oid === Pkcs12Oid.friendlyName && first !== undefined && isString(first)) {
      friendlyName ??= decodeString(first);
    } else if (
      oid === Pkcs12Oid.localKeyId &&
      first !== undefined &&
      (first.identifier & 0xdf) === Tag.OctetString
    ) {
      localKeyId ??= octetString(first).slice();
    } else attributes.push({ oid, values: nodes.map((value) => value.bytes.slice()) });
  }
  return {
    attributes,
    ...(friendlyName === undefined ? {} : { friendlyName }),
    ...(localKeyId === undefined ? {} : { localKeyId }),
  };
}

/** Errors of the reader quote octets: of what was decrypted only their code is passed on. */
export function decrypted<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MailsealError) || !isStructural(error)) throw error;
    throw new MailsealError('pki-malformed', `the decrypted contents cannot be read (${error.code})`);
  }
}

/** Makes errors of the reader errors of this room. */
export async function asPkiErrors<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MailsealError) || !isStructural(error)) throw error;
    throw new MailsealError('pki-malformed', `the PKCS#12 file cannot be read: ${error.message}`, {
      cause: error,
      ...(error.offset === undefined ? {} : { offset: error.offset }),
    });
  }
}

function isStructural(error: MailsealError): boolean {
  return error.code.startsWith('asn1-');
}
