import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import type { ContentCipherName } from '../../src/cms/enveloped/recipient.js';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { type OpenMessageOptions, openMessage } from '../../src/smime/open/open-message.js';
import type { OpenReport } from '../../src/smime/open/report.js';
import type { TestCertificate } from './pki.js';
import { signedData } from './sign.js';
import { base64Lines, detachedEntity, usualHeader } from './sign-message.js';
import { alice, intermediate, now, roots, signedBy } from './sign-scene.js';

const kek = new Uint8Array(16).fill(7);
const id = bytesFromLatin1('reader');
/** What opens everything that {@link encrypted} made. */
export const readerKey: DecryptionKey = { kek, id };

/** An encrypted part, with its header. */
export async function encrypted(
  entity: Uint8Array,
  cipher: ContentCipherName = 'aes128-cbc',
  contentType?: string,
): Promise<Bytes> {
  const p7m = await createEnvelopedData({
    content: entity,
    cipher,
    recipients: [{ kek, id }],
    ...(contentType === undefined ? {} : { contentType }),
  });
  return bytesFromLatin1(
    `Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}\r\n`,
  );
}

/** An entity signed by somebody: a multipart/signed. */
export function signed(entity: Uint8Array, by: TestCertificate = alice, boundary = 'b1'): Bytes {
  return detachedEntity(entity, signedBy(by, entity), { boundary });
}

/** An entity signed by somebody: an application/pkcs7-mime. */
export function opaque(entity: Uint8Array, by: TestCertificate = alice): Bytes {
  const p7m = signedData({
    content: entity,
    embed: true,
    signers: [{ by }],
    certificates: [by, intermediate],
  });
  return bytesFromLatin1(
    `Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}\r\n`,
  );
}

/** A message of header fields and an entity. */
export function messageOf(entity: Uint8Array, header: string = usualHeader): Bytes {
  return concatBytes([bytesFromLatin1(`${header}MIME-Version: 1.0\r\n`), entity]);
}

/** A text part. */
export function text(content: string, type = 'text/plain', fields = ''): Bytes {
  return bytesFromLatin1(`Content-Type: ${type}\r\n${fields}\r\n${content}\r\n`);
}

/** Opens with the key of the reader, at the usual moment. */
export function open(message: Uint8Array, options: Partial<OpenMessageOptions> = {}): Promise<OpenReport> {
  return openMessage(message, { roots, at: now, keys: [readerKey], ...options });
}

/** What a report says of its layers, outermost first. */
export function layersOf(report: OpenReport): string[] {
  return report.layers.map((layer) => {
    if (layer.kind === 'seal') {
      const { part, coverage, form, verified } = layer.seal;
      return `${form} seal of "${part}", ${coverage}${verified ? ', verified' : ''}`;
    }
    if (layer.kind === 'other') return `${layer.other.kind} "${layer.other.part}"`;
    const { part, coverage, opened, authenticated } = layer.envelope;
    return `envelope "${part}", ${coverage}${opened ? ', opened' : ''}${authenticated ? ', authenticated' : ''}`;
  });
}

/** What a report shows: for each piece its text, the layers around it, and its marks. */
export function piecesOf(report: OpenReport): string[] {
  return report.pieces.map(({ part, layers, encrypted: secret, unauthenticated, content }) => {
    const around = layers.map(({ kind }) => kind).join(' ');
    const marks = `${secret ? ' encrypted' : ''}${unauthenticated ? ' unauthenticated' : ''}`;
    return `"${part}" [${around}]${marks}: ${(content.text ?? '').trim()}`;
  });
}

/** The codes of the reasons of a report, notes in parentheses. */
export function codesOf(reasons: OpenReport['reasons']): string[] {
  return reasons.map(({ code, severity }) => (severity === 'note' ? `(${code})` : code));
}
