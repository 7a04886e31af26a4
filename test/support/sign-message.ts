import { asBytes, type Bytes, bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { type SignedDataSpec, signedData } from './sign.js';

/** Octets of a string, one each; line ends as they stand. */
export const octets = bytesFromLatin1;

/** base64 in lines of 76 characters. */
export function base64Lines(content: Uint8Array): string {
  return Buffer.from(content)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n')
    .trimEnd();
}

/** こんにちは。 in ISO-2022-JP. */
export const greetingJis = '\x1b$B$3$s$K$A$O!#\x1b(B';
/** The same in Shift_JIS. */
export const greetingSjis = '\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd\x81B';

/** The entity that is signed where a test says nothing else. */
export function textEntity(text: string = greetingJis, charset = 'ISO-2022-JP'): Bytes {
  return octets(
    `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${text}\r\n`,
  );
}

/** Everything that a test may want to say about a multipart/signed message. */
export interface DetachedSpec {
  /** Header fields of the message, without those of its content. */
  readonly header?: string;
  readonly mimeVersion?: boolean;
  readonly boundary?: string;
  readonly micalg?: string;
  /** Instead of the whole Content-Type field, its line end included. */
  readonly contentTypeField?: string;
  readonly preamble?: string;
  readonly epilogue?: string;
  /** Header of the signature's part. */
  readonly signatureHeader?: string;
  /** More parts, header and body each, after the two; with `before`, before them. */
  readonly more?: readonly Uint8Array[];
  readonly before?: readonly Uint8Array[];
}

export const usualFrom = 'From: Alice <alice@example.jp>\r\n';
export const usualHeader = `${usualFrom}To: bob@example.net\r\nSubject: =?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\nDate: Thu, 15 Jan 2026 18:00:00 +0900\r\n`;

export const usualSignatureHeader =
  'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7s"\r\n';

/** The Content-Type field of a multipart/signed. */
export function signedField(
  boundary = 'b1',
  micalg = 'sha-256',
  protocol = 'application/pkcs7-signature',
): string {
  return `Content-Type: multipart/signed; protocol="${protocol}";\r\n\tmicalg=${micalg}; boundary="${boundary}"\r\n`;
}

/** A multipart/signed of two octet strings: a message, or without `header` a part. */
export function detachedEntity(entity: Uint8Array, p7s: Uint8Array, spec: DetachedSpec = {}): Bytes {
  const { boundary = 'b1' } = spec;
  const delimiter = octets(`\r\n--${boundary}\r\n`);
  const pieces: Uint8Array[] = [
    octets(spec.header ?? ''),
    octets(spec.contentTypeField ?? signedField(boundary, spec.micalg)),
    octets(`\r\n${spec.preamble ?? 'This is an S/MIME signed message'}`),
  ];
  const signature = octets(`${spec.signatureHeader ?? usualSignatureHeader}\r\n${base64Lines(p7s)}`);
  for (const part of [...(spec.before ?? []), entity, signature, ...(spec.more ?? [])])
    pieces.push(delimiter, part);
  pieces.push(octets(`\r\n--${boundary}--\r\n${spec.epilogue ?? ''}`));
  return concatBytes(pieces);
}

/** A message whose whole content is signed. */
export function detachedMessage(entity: Uint8Array, p7s: Uint8Array, spec: DetachedSpec = {}): Bytes {
  const version = spec.mimeVersion === false ? '' : 'MIME-Version: 1.0\r\n';
  return detachedEntity(entity, p7s, { ...spec, header: (spec.header ?? usualHeader) + version });
}

/** A message whose content is inside the CMS object. */
export function opaqueMessage(
  p7m: Uint8Array,
  {
    header = usualHeader,
    contentHeader = 'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n',
  }: { readonly header?: string; readonly contentHeader?: string } = {},
): Bytes {
  return octets(`${header}MIME-Version: 1.0\r\n${contentHeader}\r\n${base64Lines(p7m)}\r\n`);
}

/** A multipart of any subtype. */
export function multipart(
  subtype: string,
  parts: readonly Uint8Array[],
  header = '',
  boundary = 'm1',
): Bytes {
  const pieces: Uint8Array[] = [
    octets(`${header}Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n`),
  ];
  parts.forEach((part, i) => {
    pieces.push(octets(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n`), part);
  });
  pieces.push(octets(`\r\n--${boundary}--\r\n`));
  return concatBytes(pieces);
}

/** A message/rfc822 part around a message. */
export function attachedMessage(message: Uint8Array, header = ''): Bytes {
  return concatBytes([octets(`${header}Content-Type: message/rfc822\r\n\r\n`), message]);
}

/** A detached signature over an entity. */
export function signatureOver(entity: Uint8Array, spec: Omit<SignedDataSpec, 'content'>): Bytes {
  return signedData({ ...spec, content: entity });
}

/** Octets with every CRLF as LF. */
export function toLf(message: Uint8Array): Bytes {
  return octets(Buffer.from(message).toString('latin1').replaceAll('\r\n', '\n'));
}

/** Octets with one text replaced by another; fails when it is not there. */
export function replaced(message: Uint8Array, from: string, to: string): Bytes {
  const text = Buffer.from(message).toString('latin1');
  if (!text.includes(from)) throw new Error(`"${from}" is not in the message`);
  return asBytes(octets(text.replace(from, () => to)));
}
