import { type Bytes, bytesFromLatin1, concatBytes } from '../../core/bytes.js';
import { encodeMimeBase64 } from '../../encoding/mime-base64.js';
import { Boundaries } from '../../mime/compose/compose-boundary.js';
import type { RandomSource } from '../../mime/compose/random.js';
import { typeField } from './safe-fields.js';

/** What an application/pkcs7-mime part says that it is (RFC 8551 §3.2.2; for receipts RFC 2634 §2.4). */
export type SmimeType =
  | 'signed-data'
  | 'enveloped-data'
  | 'authEnveloped-data'
  | 'certs-only'
  | 'compressed-data'
  | 'signed-receipt';

/** RFC 8551 §3.2.1: names of eight characters and an extension that says what is inside. */
const fileNames: Readonly<Record<SmimeType, string>> = {
  'signed-data': 'smime.p7m',
  'enveloped-data': 'smime.p7m',
  'authEnveloped-data': 'smime.p7m',
  'certs-only': 'smime.p7c',
  'compressed-data': 'smime.p7z',
  'signed-receipt': 'smime.p7m',
};

/** A message, or part, whose content is a CMS object (RFC 8551 §3.2). */
export function pkcs7Mime(header: string, smimeType: SmimeType, contentInfo: Uint8Array): Bytes {
  return concatBytes([bytesFromLatin1(header + pkcs7MimeHeader(smimeType)), encodeMimeBase64(contentInfo)]);
}

/** The fields of such a part, and the blank line. */
export function pkcs7MimeHeader(smimeType: SmimeType): string {
  const name = fileNames[smimeType];
  const type = `Content-Type: application/pkcs7-mime; smime-type=${smimeType};\r\n name="${name}"\r\n`;
  return type + fileFields(name);
}

/**
 * A message, or part, with its signature beside it (RFC 1847 §2.1, RFC 8551
 * §3.5.3). The entity is taken over octet for octet.
 *
 * @param micalg the digests, as RFC 8551 §3.5.3.2 names them, with commas between several
 */
export function multipartSigned(
  header: string,
  entity: Bytes,
  signature: Uint8Array,
  micalg: string,
  random: RandomSource | undefined,
): Bytes {
  const boundaries = new Boundaries(random);
  boundaries.avoid(entity);
  const boundary = boundaries.draw();
  const { before, between, after } = signedFrame(boundary, micalg);
  return concatBytes([
    bytesFromLatin1(header + before),
    entity,
    bytesFromLatin1(between),
    encodeMimeBase64(signature),
    bytesFromLatin1(after),
  ]);
}

/** What stands around an entity and its signature in base64. */
export interface SignedFrame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/** The octets of a multipart/signed besides its two parts. */
export function signedFrame(boundary: string, micalg: string): SignedFrame {
  const type = typeField('Content-Type', 'multipart/signed', [
    ['protocol', 'application/pkcs7-signature'],
    ['micalg', micalg],
    ['boundary', boundary],
  ]);
  const second = 'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n';
  return {
    before: `${type}\r\n--${boundary}\r\n`,
    between: `\r\n--${boundary}\r\n${second}${fileFields('smime.p7s')}`,
    after: `\r\n--${boundary}--\r\n`,
  };
}

function fileFields(name: string): string {
  return `Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n`;
}
