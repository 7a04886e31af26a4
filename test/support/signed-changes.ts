import { parseMessage } from '../../src/mime/message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';

/** Characters that are octets, as octets. */
export function octetsOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** Octets as characters. */
export function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

/** What verifying says of each seal of a message. */
export async function verdictOn(octets: Uint8Array): Promise<unknown> {
  const { seals, others, verified } = await verifyMessage(octets, { roots: [], at: new Date('2025-01-01') });
  return {
    verified,
    others: others.map(({ part, kind }) => ({ part, kind })),
    seals: seals.map(({ part, covers, coverage, form, signers, error }) => ({
      part,
      covers,
      coverage,
      form,
      error: error?.code,
      signers: signers.map(({ content, signature, identity }) => ({ content, signature, identity })),
    })),
  };
}

/** A message split into the fields that its content has, and all others. */
function splitHeader(octets: Uint8Array): { envelope: string; content: string } {
  const message = parseMessage(octets);
  let envelope = '';
  let fields = '';
  for (const { name, raw } of message.headers) {
    if (/^content-/i.test(name)) fields += textOf(raw);
    else if (!/^mime-version$/i.test(name)) envelope += textOf(raw);
  }
  return { envelope, content: `${fields}\r\n${textOf(message.bodyBytes)}` };
}

/** A part that a list adds. */
export const footer = 'Content-Type: text/plain\r\n\r\n-- \r\nA list of people.';

/** Without it Courier takes all of a message for a text. */
const VERSION = 'MIME-Version: 1.0\r\n';

/** What happens to signed messages on their way. Their lines end in CRLF. */
export const changes = {
  'as it is': textOf,
  'with a footer of a list': (octets) => {
    const { envelope, content } = splitHeader(octets);
    return (
      `${envelope}${VERSION}Content-Type: multipart/mixed; boundary="=_list"\r\n\r\nOf a list\r\n` +
      `--=_list\r\n${content}\r\n--=_list\r\n${footer}\r\n--=_list--\r\n`
    );
  },
  'behind a large part, two deep': (octets) => {
    const { envelope, content } = splitHeader(octets);
    return (
      `${envelope}${VERSION}Content-Type: multipart/mixed; boundary="=_a"\r\n\r\n` +
      `--=_a\r\n\r\n${'large line\r\n'.repeat(5000)}\r\n` +
      `--=_a\r\nContent-Type: multipart/digest; boundary="=_b"\r\n\r\n` +
      `--=_b\r\n\r\nSubject: other\r\n\r\nother\r\n--=_b\r\n${content}\r\n--=_b--\r\n--=_a--\r\n`
    );
  },
  forwarded: (octets) =>
    `From: forwarder@example.jp\r\n${VERSION}Content-Type: multipart/mixed; boundary="=_f"\r\n\r\n` +
    `--=_f\r\n\r\nSee below\r\n--=_f\r\nContent-Type: message/rfc822\r\n\r\n${textOf(octets)}\r\n` +
    `--=_f\r\n${footer}\r\n--=_f--\r\n`,
  'as all of a message': (octets) =>
    `From: forwarder@example.jp\r\n${VERSION}Content-Type: message/rfc822\r\n\r\n${textOf(octets)}`,
  'forwarded, as all of a message, with a footer': (octets) =>
    `From: forwarder@example.jp\r\n${VERSION}Content-Type: message/rfc822\r\n\r\n${withFooter(octets)}`,
} satisfies Readonly<Record<string, (octets: Uint8Array) => string>>;

function withFooter(octets: Uint8Array): string {
  return changes['with a footer of a list'](octets);
}

/** The name of a change. */
export type Change = keyof typeof changes;

/** A third part in the multipart that a message is, beside what is signed and its signature. */
export function withThirdPart(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = textOf(octets);
  const boundary = /boundary="?([^";\r\n]+)/.exec(text)?.[1] ?? '';
  return octetsOf(text.replace(`--${boundary}--`, `--${boundary}\r\n${footer}\r\n--${boundary}--`));
}

/** A multipart/signed whose signed part is a multipart, with no line between their delimiters. */
export const tightMultipart: Uint8Array<ArrayBuffer> = octetsOf(
  `${VERSION}Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\r\n\r\n` +
    '--s\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ntext\r\n--i--\r\n' +
    '--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nMIIB\r\n--s--\r\n',
);
