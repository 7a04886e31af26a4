import { describe, expect, it } from 'vitest';
import { bodyStructureOf } from '../../../src/imap/message-structure.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import { findBodies, findSignedParts } from '../../../src/imap/structure/find-parts.js';
import { bodyFileName, bodyParameter, mediaTypeOf, walkParts } from '../../../src/imap/structure/walk.js';
import type { ImapSection } from '../../../src/imap/values/section.js';
import { parseMessage } from '../../../src/mime/message.js';

function nameOf({ part, text }: ImapSection): string {
  return [...part.map(String), ...(text === undefined ? [] : [text])].join('.');
}

function structureOf(lines: readonly string[]): BodyStructure {
  return bodyStructureOf(parseMessage(new TextEncoder().encode(lines.join('\r\n'))));
}

function multipart(type: string, boundary: string, ...parts: readonly (readonly string[])[]): string[] {
  return [
    `Content-Type: multipart/${type}; boundary=${boundary}`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
}

const text = ['Content-Type: text/plain', '', 'Two at nine.'];
const html = ['Content-Type: text/html', '', '<p>Two at nine.'];
const image = ['Content-Type: image/png', '', 'x'];
const p7s = ['Content-Type: application/pkcs7-signature; name=smime.p7s', '', 'x'];
const p7m = ['Content-Type: application/pkcs7-mime; name=smime.p7m', '', 'x'];

/** The message that RFC 9051 §6.4.5.1 shows the numbers of. */
const rfcExample = multipart(
  'mixed',
  'a',
  text,
  ['Content-Type: application/octet-stream', '', 'x'],
  [
    'Content-Type: message/rfc822',
    '',
    ...multipart('mixed', 'b', text, ['Content-Type: application/octet-stream', '', 'x']),
  ],
  multipart(
    'mixed',
    'c',
    ['Content-Type: image/gif', '', 'x'],
    [
      'Content-Type: message/rfc822',
      '',
      ...multipart(
        'mixed',
        'd',
        text,
        multipart('alternative', 'e', text, ['Content-Type: text/richtext', '', 'x']),
      ),
    ],
  ),
);

describe('walking a structure', () => {
  it('numbers parts as RFC 9051 §6.4.5.1 shows', () => {
    const found = [...walkParts(structureOf(rfcExample))].map((part) => [
      part.path,
      nameOf(part.headerSection),
      nameOf(part.bodySection),
      mediaTypeOf(part.body),
    ]);
    expect(found).toEqual([
      ['', 'HEADER', 'TEXT', 'multipart/mixed'],
      ['1', '1.MIME', '1', 'text/plain'],
      ['2', '2.MIME', '2', 'application/octet-stream'],
      ['3', '3.MIME', '3', 'message/rfc822'],
      ['3.0', '3.HEADER', '3.TEXT', 'multipart/mixed'],
      ['3.1', '3.1.MIME', '3.1', 'text/plain'],
      ['3.2', '3.2.MIME', '3.2', 'application/octet-stream'],
      ['4', '4.MIME', '4', 'multipart/mixed'],
      ['4.1', '4.1.MIME', '4.1', 'image/gif'],
      ['4.2', '4.2.MIME', '4.2', 'message/rfc822'],
      ['4.2.0', '4.2.HEADER', '4.2.TEXT', 'multipart/mixed'],
      ['4.2.1', '4.2.1.MIME', '4.2.1', 'text/plain'],
      ['4.2.2', '4.2.2.MIME', '4.2.2', 'multipart/alternative'],
      ['4.2.2.1', '4.2.2.1.MIME', '4.2.2.1', 'text/plain'],
      ['4.2.2.2', '4.2.2.2.MIME', '4.2.2.2', 'text/richtext'],
    ]);
  });

  it.each([
    ['a text', text],
    ['a message', ['Content-Type: message/rfc822', '', ...text]],
    [
      'messages inside each other',
      ['Content-Type: message/rfc822', '', 'Content-Type: message/rfc822', '', ...text],
    ],
    ['a message with parts', ['Content-Type: message/rfc822', '', ...rfcExample]],
    ['the example', rfcExample],
    [
      'a message among parts',
      multipart('digest', 'x', ['', ...text], ['', ...multipart('mixed', 'y', text)]),
    ],
  ])('gives %s the places that mailseal/mime gives it', (_, lines) => {
    const message = parseMessage(new TextEncoder().encode(lines.join('\r\n')));
    const own = [...walkParts(bodyStructureOf(message))].map(({ path }) => path);
    expect(own).toEqual([...message.walk()].map(({ path }) => path));
  });

  it('looks for parameters in any letters, and for names of files', () => {
    const body = structureOf([
      'Content-Type: application/pdf; Name="a.pdf"',
      "Content-Disposition: attachment; filename*0*=utf-8''b; filename*1=c.pdf",
      '',
      'x',
    ]);
    expect(bodyParameter(body.parameters, 'NAME')).toBe('a.pdf');
    expect(bodyParameter(body.parameters, 'charset')).toBeUndefined();
    expect(bodyFileName(body)).toBe("utf-8''bc.pdf");
    expect(bodyFileName(structureOf(['Content-Type: application/pdf; NAME=a.pdf', '', 'x']))).toBe('a.pdf');
    expect(bodyFileName(structureOf(text))).toBeUndefined();
  });
});

describe('finding parts', () => {
  it('sorts texts from attachments', () => {
    const attached = ['Content-Type: text/plain', 'Content-Disposition: attachment; filename=a.txt', '', 'x'];
    const forwarded = ['Content-Type: message/rfc822', '', ...text];
    const body = structureOf(
      multipart(
        'mixed',
        'a',
        multipart(
          'signed',
          's',
          multipart('alternative', 'b', text, multipart('related', 'r', html, image)),
          p7s,
        ),
        attached,
        forwarded,
      ),
    );
    const { texts, attachments } = findBodies(body);
    expect(texts.map(({ path }) => path)).toEqual(['1.1.1', '1.1.2.1']);
    expect(attachments.map(({ path }) => path)).toEqual(['1.1.2.2', '2', '3']);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing in a text', text, []],
    ['a multipart/signed', multipart('signed', 's', text, p7s), ['detached  1 2']],
    ['an opaque message', p7m, ['cms ']],
    ['a signature under another type of multipart', multipart('mixed', 's', text, p7s), ['detached  1 2']],
    [
      'a signature under another type, by its name',
      multipart('mixed', 's', text, ['Content-Type: application/octet-stream; name="SMIME.P7S"', '', 'x']),
      ['detached  1 2'],
    ],
    ['an opaque part among others', multipart('mixed', 'm', text, p7m, image), ['cms 2']],
    [
      'a list’s footer beside a signed part, and what is signed in that',
      multipart(
        'mixed',
        'm',
        multipart('signed', 's', ['Content-Type: message/rfc822', '', ...p7m], p7s),
        text,
      ),
      ['detached 1 1.1 1.2', 'cms 1.1.0'],
    ],
    [
      'PGP/MIME',
      [
        'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s',
        ...multipart('signed', 's', text, ['Content-Type: application/pgp-signature', '', 'x']).slice(1),
      ],
      ['pgp  1 2'],
    ],
    ['a multipart/signed of something else', multipart('signed', 's', text, image), []],
    ['a multipart/signed of one part', multipart('signed', 's', text), []],
  ])('finds %s', (_, lines, wanted) => {
    const found = findSignedParts(structureOf(lines)).map(({ kind, container, signed, signature }) =>
      [kind, container.path, ...(signed === undefined ? [] : [signed.path, signature?.path])].join(' '),
    );
    expect(found).toEqual(wanted);
  });
});
