import { describe, expect, test } from 'vitest';
import { createCompressedData } from '../../../src/cms/compressed/create-compressed-data.js';
import type { ContentCipherName } from '../../../src/cms/enveloped/recipient.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import {
  codesOf,
  encrypted,
  layersOf,
  messageOf,
  opaque,
  open,
  piecesOf,
  signed,
  text,
} from '../../support/open-scene.js';
import { attachedMessage, base64Lines, multipart, octets, usualHeader } from '../../support/sign-message.js';
import { alice, mallory, now, roots } from '../../support/sign-scene.js';

const hello = text('Hello');
const fromMallory = usualHeader.replace('alice@example.jp', 'mallory@evil.example');

describe('one layer', () => {
  test.each<[ContentCipherName, boolean]>([
    ['aes128-cbc', false],
    ['aes256-gcm', true],
    ['chacha20-poly1305', true],
  ])('%s: authenticated is %s, and nothing is verified', async (cipher, authenticated) => {
    const report = await open(messageOf(await encrypted(hello, cipher)));
    expect(layersOf(report)).toEqual([
      `envelope "", message, opened${authenticated ? ', authenticated' : ''}`,
    ]);
    expect(piecesOf(report)).toEqual([
      `"/" [envelope] encrypted${authenticated ? '' : ' unauthenticated'}: Hello`,
    ]);
    expect([report.verified, report.encrypted, codesOf(report.reasons)]).toEqual([false, true, ['unsigned']]);
  });

  test('without a key it stays closed, and is a file', async () => {
    const report = await open(messageOf(await encrypted(hello)), { keys: [] });
    expect(layersOf(report)).toEqual(['envelope "", message']);
    expect([report.encrypted, report.envelopes[0]?.error?.code]).toEqual([false, 'cms-no-recipient']);
    expect(report.pieces.map(({ content }) => [content.text, content.attachments.length])).toEqual([
      [undefined, 1],
    ]);
    expect(codesOf(report.reasons)).toEqual(['unsigned', '(envelope-not-opened)']);
  });

  test('a message that is neither is one piece', async () => {
    const report = await open(messageOf(hello));
    expect([piecesOf(report), report.encrypted, report.verified]).toEqual([['"" []: Hello'], false, false]);
  });

  test('a signed message is what verifyMessage says', async () => {
    const octetsOfMessage = messageOf(signed(hello));
    const report = await open(octetsOfMessage);
    const other = await verifyMessage(octetsOfMessage, { roots, at: now });
    expect([report.verified, report.seals.map(({ verified }) => verified), report.reasons]).toEqual([
      other.verified,
      other.seals.map(({ verified }) => verified),
      other.reasons,
    ]);
    expect(piecesOf(report)).toEqual(['"1" [seal]: Hello']);
  });
});

describe('signed, then encrypted: the signature is over what is shown', () => {
  test.each<[string, (entity: Uint8Array) => Uint8Array, string]>([
    ['detached', signed, '"/1"'],
    ['opaque', opaque, '"//"'],
  ])('%s', async (form, sign, place) => {
    for (const cipher of ['aes128-cbc', 'aes256-gcm'] as const) {
      const report = await open(messageOf(await encrypted(sign(hello), cipher)));
      expect(layersOf(report)[1]).toBe(`${form} seal of "/", message, verified`);
      // What somebody signed he could read: nobody changed it without being able to.
      expect(piecesOf(report)).toEqual([`${place} [envelope seal] encrypted: Hello`]);
      expect([report.verified, codesOf(report.reasons)]).toEqual([true, []]);
    }
  });

  test('by another than From it is not verified, but authenticated', async () => {
    const report = await open(messageOf(await encrypted(signed(hello, mallory))));
    expect([report.verified, report.pieces[0]!.unauthenticated]).toEqual([false, false]);
  });

  test('a broken signature does not authenticate', async () => {
    const forged = signed(hello).map((octet) => octet);
    const at = Buffer.from(forged).indexOf('Hello');
    forged[at] = 0x4a;
    const report = await open(messageOf(await encrypted(forged)));
    expect(piecesOf(report)).toEqual(['"/1" [envelope seal] encrypted unauthenticated: Jello']);
    expect(report.verified).toBe(false);
  });
});

describe('encrypted, then signed: whoever takes a ciphertext can sign it', () => {
  test.each<[string, (entity: Uint8Array, by?: typeof alice) => Uint8Array]>([
    ['detached', signed],
    ['opaque', opaque],
  ])('%s, with AES-GCM too', async (_, sign) => {
    for (const cipher of ['aes128-cbc', 'aes256-gcm'] as const) {
      const secret = await encrypted(hello, cipher);
      const stolen = await open(messageOf(sign(secret, mallory), fromMallory));
      expect([stolen.verified, stolen.seals[0]!.verified, codesOf(stolen.reasons)]).toEqual([
        false,
        true,
        ['signed-outside-encryption'],
      ]);
      expect(codesOf(stolen.seals[0]!.reasons)).toEqual(['(signed-outside-encryption)']);
      expect(stolen.pieces[0]!.unauthenticated).toBe(cipher === 'aes128-cbc');
    }
  });

  test('nor is it verified where it cannot be opened; without keys only what is there is judged', async () => {
    const message = messageOf(signed(await encrypted(hello)));
    const closed = await open(message, { keys: [] });
    expect([closed.verified, codesOf(closed.reasons)]).toEqual([
      false,
      ['signed-outside-encryption', '(envelope-not-opened)'],
    ]);
    const outside = await verifyMessage(message, { roots, at: now });
    expect([outside.verified, codesOf(outside.seals[0]!.reasons)]).toEqual([
      true,
      ['(signed-outside-encryption)'],
    ]);
  });

  test('an encrypted part among signed ones spoils it as well', async () => {
    const body = multipart('mixed', [text('See below.'), await encrypted(hello)]);
    const report = await open(messageOf(signed(body)));
    expect(piecesOf(report)).toEqual([
      '"1" [seal]: See below.',
      '"1.2/" [seal envelope] encrypted unauthenticated: Hello',
    ]);
    expect([report.verified, report.encrypted]).toEqual([false, false]);
  });
});

describe('a triple wrap (RFC 2634 §1.1)', () => {
  test('by one person is verified by its inner signature', async () => {
    const report = await open(messageOf(signed(await encrypted(signed(hello)), alice, 'outer')));
    expect(layersOf(report)).toEqual([
      'detached seal of "", message, verified',
      'envelope "1", message, opened',
      'detached seal of "1/", message, verified',
    ]);
    expect(piecesOf(report)).toEqual(['"1/1" [seal envelope seal] encrypted: Hello']);
    expect([report.verified, report.reasons]).toEqual([true, []]);
    expect(
      report.layers.map(({ around }) => (around === undefined ? -1 : report.layers.indexOf(around))),
    ).toEqual([-1, 0, 1]);
  });

  test('with another outside is verified by who is in From, inside', async () => {
    const inside = await encrypted(signed(hello));
    const relayed = await open(messageOf(signed(inside, mallory, 'outer')));
    expect([relayed.verified, relayed.seals.map(({ verified }) => verified)]).toEqual([true, [false, true]]);
    const claimed = await open(messageOf(signed(inside, mallory, 'outer'), fromMallory));
    expect([claimed.verified, claimed.seals.map(({ verified }) => verified)]).toEqual([false, [true, false]]);
  });

  test('with a broken outer signature is not', async () => {
    const message = messageOf(signed(await encrypted(signed(hello)), alice, 'outer'));
    const at = Buffer.from(message).indexOf('name=smime.p7m');
    const report = await open(message.map((octet, i) => (i === at ? 0x4e : octet)));
    expect([report.verified, codesOf(report.reasons)]).toEqual([false, ['seal-broken']]);
  });
});

describe('other ways to put layers together', () => {
  test('encrypted twice', async () => {
    const report = await open(messageOf(await encrypted(await encrypted(hello), 'aes256-gcm')));
    expect(layersOf(report)).toEqual([
      'envelope "", message, opened, authenticated',
      'envelope "/", message, opened',
    ]);
    expect(piecesOf(report)).toEqual(['"//" [envelope envelope] encrypted unauthenticated: Hello']);
    const inner = await open(messageOf(await encrypted(await encrypted(hello, 'aes256-gcm'))));
    // The tag of the inner one holds against all changes.
    expect(inner.pieces[0]!.unauthenticated).toBe(false);
  });

  test('a whole message wrapped as message/rfc822 is shown as that (RFC 8551 §3.1)', async () => {
    const inner = messageOf(hello, usualHeader.replace('Subject:', 'X-Was: x\r\nSubject:'));
    const report = await open(
      messageOf(
        await encrypted(signed(attachedMessage(inner))),
        'From: alice@example.jp\r\nSubject: ...\r\n',
      ),
    );
    expect([report.headers.scheme, report.headers.get('x-was')?.value, report.verified]).toEqual([
      'wrapped',
      'x',
      true,
    ]);
    expect(piecesOf(report)).toEqual(['"/1" [envelope seal] encrypted: Hello']);
  });

  test('SignedData that is encrypted without MIME around it (RFC 5652 §6.1)', async () => {
    const { signedData } = await import('../../support/sign.js');
    const { readBer } = await import('../../../src/asn1/reader.js');
    const contentInfo = readBer(signedData({ content: hello, embed: true, signers: [{ by: alice }] }));
    const bare = contentInfo.children[1]!.children[0]!.bytes;
    const report = await open(messageOf(await encrypted(bare, 'aes256-gcm', '1.2.840.113549.1.7.2')));
    expect(report.layers.map(({ kind }) => kind)).toEqual(['envelope', 'seal']);
    expect(report.pieces.map(({ content }) => content.text?.trim())).toEqual(['Hello']);
    expect(report.seals[0]!.signers[0]!.signature).toBe('valid');
    const garbage = await open(messageOf(await encrypted(octets('x'), 'aes256-gcm', '1.2.840.113549.1.7.2')));
    expect(layersOf(garbage)[1]).toBe('unreadable "/"');
  });

  test('compressed content, signed before or after, under its name alone (RFC 8551 §3.2.1, §3.6)', async () => {
    const compressed = async (entity: Uint8Array): Promise<Uint8Array> => {
      const p7z = await createCompressedData({ content: entity });
      return octets(
        `Content-Type: application/octet-stream; name=smime.p7z\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7z)}\r\n`,
      );
    };
    for (const [entity, kinds] of [
      [signed(await compressed(hello)), 'seal envelope'],
      [await compressed(signed(hello)), 'envelope seal'],
    ] as const) {
      const report = await open(messageOf(entity), { keys: [] });
      expect(report.layers.map(({ kind }) => kind).join(' ')).toBe(kinds);
      expect([report.verified, report.encrypted, report.pieces[0]!.unauthenticated]).toEqual([
        true,
        false,
        false,
      ]);
      expect(report.pieces.map(({ content }) => content.text?.trim())).toEqual(['Hello']);
    }
    const secret = await open(messageOf(await encrypted(await compressed(hello))));
    expect(secret.pieces[0]!.unauthenticated).toBe(true);
  });

  test('what is in a forwarded message is a part only', async () => {
    const forwarded = attachedMessage(messageOf(await encrypted(signed(hello))));
    const report = await open(messageOf(multipart('mixed', [text('See below.'), forwarded])));
    expect(layersOf(report)).toEqual([
      'envelope "2.0", part, opened',
      'detached seal of "2.0/", part, verified',
    ]);
    expect(report.verified).toBe(false);
    expect(piecesOf(report)[0]).toBe('"" []: See below.');
    const asked = await open(messageOf(multipart('mixed', [text('See below.'), forwarded])), {
      part: '2.0/',
    });
    expect(asked.verified).toBe(true);
  });

  test('a signed part beside an encrypted one and a plain one: three pieces, none joined', async () => {
    const message = messageOf(
      multipart('mixed', [text('Plain'), signed(text('Signed')), await encrypted(text('Secret'))]),
    );
    const report = await open(message);
    expect(piecesOf(report)).toEqual([
      '"" []: Plain',
      '"2.1" [seal]: Signed',
      '"3/" [envelope] encrypted unauthenticated: Secret',
    ]);
    expect(report.pieces[0]!.content.attachments).toEqual([]);
  });

  test('LF line ends outside change nothing', async () => {
    const crlf = messageOf(signed(await encrypted(signed(hello)), alice, 'outer'));
    const lf = octets(Buffer.from(crlf).toString('latin1').replaceAll('\r\n', '\n'));
    expect((await open(lf)).verified).toBe(true);
  });

  test('files stay with the piece that they are in', async () => {
    const csv = text('1;2', 'text/csv', 'Content-Disposition: attachment; filename=a.csv\r\n');
    const report = await open(messageOf(await encrypted(multipart('mixed', [hello, csv]), 'aes256-gcm')));
    expect(report.pieces.map(({ content }) => content.attachments.map(({ filename }) => filename))).toEqual([
      ['a.csv'],
    ]);
  });
});
