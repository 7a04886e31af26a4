import { describe, expect, test } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import type { AlterationDiagnosis } from '../../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { signedData } from '../../support/sign.js';
import {
  base64Lines,
  detachedMessage,
  octets,
  textEntity,
  usualHeader,
  usualSignatureHeader,
} from '../../support/sign-message.js';
import { alice, intermediate, now, roots, signedBy } from '../../support/sign-scene.js';

const entity = textEntity();
const p7s = signedBy(alice, entity);

async function diagnosed(message: Uint8Array): Promise<AlterationDiagnosis> {
  return diagnoseAlteration(message, await verifyMessage(message, { roots, at: now }));
}

/** A multipart of parts with their headers, as the whole message. */
function multipart(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const pieces = [octets(`${usualHeader}MIME-Version: 1.0\r\nContent-Type: ${type}; boundary=out\r\n\r\n`)];
  for (const part of parts) pieces.push(octets('--out\r\n'), octets(latin1FromBytes(part)), octets('\r\n'));
  return concatBytes([...pieces, octets('--out--\r\n')]);
}

const signature = (header: string): Uint8Array => octets(`${header}\r\n${base64Lines(p7s)}`);
const nameless =
  'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n';
const note = (text: string): Uint8Array => octets(`Content-Type: text/plain\r\n\r\n${text}`);

/** Another Content-Type for the whole message. */
function relabelled(message: Uint8Array, field: string): Uint8Array {
  const text = latin1FromBytes(message);
  return octets(text.replace(/Content-Type: multipart\/signed;(?:.|\r\n[ \t])*\r\n/, field));
}

const good = detachedMessage(entity, p7s);

const hidden: readonly (readonly [string, Uint8Array, string, string])[] = [
  [
    'multipart/mixed instead of multipart/signed',
    multipart('multipart/mixed', entity, signature(usualSignatureHeader)),
    'multipart/signed',
    'multipart/mixed',
  ],
  [
    'text/plain for all of it',
    relabelled(good, 'Content-Type: text/plain\r\n'),
    'multipart/signed',
    'text/plain',
  ],
  ['no type at all', relabelled(good, ''), 'multipart/signed', 'text/plain'],
  [
    'the boundary lost',
    relabelled(good, 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"\r\n'),
    'multipart/signed',
    'multipart/signed',
  ],
  [
    'the whole multipart in base64',
    octets(
      `${usualHeader}Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(octets(latin1FromBytes(good).split('\r\n\r\n').slice(1).join('\r\n\r\n')))}\r\n`,
    ),
    'multipart/signed',
    'text/plain',
  ],
  [
    'a signature without type and name',
    multipart('multipart/mixed', entity, signature(nameless)),
    'application/pkcs7-signature',
    'application/octet-stream',
  ],
  [
    'a note before the signed part',
    multipart('multipart/mixed', note('list'), entity, signature(usualSignatureHeader)),
    'multipart/signed',
    'multipart/mixed',
  ],
  [
    'the signed part last',
    multipart('multipart/mixed', note('list'), note('list'), signature(usualSignatureHeader), entity),
    'multipart/signed',
    'multipart/mixed',
  ],
  [
    'an opaque signature without type and name',
    multipart(
      'multipart/mixed',
      note('see below'),
      octets(
        `${nameless}\r\n${base64Lines(signedData({ content: entity, embed: true, signers: [{ by: alice }], certificates: [alice, intermediate] }))}`,
      ),
    ),
    'application/pkcs7-mime',
    'application/octet-stream',
  ],
];

describe('a signature that the message no longer shows', () => {
  test.each(hidden)('%s', async (_, message, from, to) => {
    const { recovered, alterations } = await diagnosed(message);
    expect(recovered).toBe(true);
    const [alteration] = alterations;
    expect(alterations).toHaveLength(1);
    expect(alteration!.changes.map((change) => [change.kind, change.from, change.to])).toEqual([
      ['container-changed', from, to],
    ]);
    expect(latin1FromBytes(alteration!.original!)).toBe(latin1FromBytes(entity));
    expect(alteration!.fitting.map(({ signature: answer }) => answer)).toEqual(['valid']);
    expect(alteration!.message.en).toContain('the original content verifies');
  });

  test('is found with what was done to the content, too', async () => {
    const changed = concatBytes([entity, octets('\r\n')]);
    const message = relabelled(detachedMessage(changed, p7s), 'Content-Type: text/plain\r\n');
    const { alterations, recovered } = await diagnosed(message);
    expect(recovered).toBe(true);
    expect(alterations[0]!.changes.map(({ kind }) => kind)).toEqual([
      'trailing-lines-added',
      'container-changed',
    ]);
    expect(latin1FromBytes(alterations[0]!.original!)).toBe(latin1FromBytes(entity));
  });

  test('is not made up where there is none', async () => {
    const messages = [
      octets(`${usualHeader}\r\nGood morning\r\n`),
      octets(
        `${usualHeader}\r\n--b1\r\nContent-Type: application/pkcs7-signature\r\n\r\nnothing\r\n--b1--\r\n`,
      ),
      multipart('multipart/mixed', note('text'), octets(`${nameless}\r\n${base64Lines(alice.der)}`)),
      multipart('multipart/mixed', note('text'), octets(`${nameless}\r\nMAAAAAAAAAAA`)),
    ];
    for (const message of messages) {
      expect(await diagnosed(message)).toMatchObject({ recovered: false, alterations: [] });
    }
  });

  test('nothing is said of a message that is as it was', async () => {
    expect(await diagnosed(good)).toMatchObject({ recovered: false, alterations: [] });
  });
});

describe('what is said where nothing fits', () => {
  const codes = ({ alterations }: AlterationDiagnosis): readonly string[] =>
    alterations.flatMap(({ remarks }) => remarks.map(({ code }) => code));

  test('the digest is that of another part', async () => {
    const around = note('The message is attached.');
    const inner = concatBytes([
      octets('Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n'),
      around,
      octets('\r\n--i--\r\n'),
    ]);
    const message = detachedMessage(inner, p7s, { more: [entity] });
    const diagnosis = await diagnosed(message);
    expect(diagnosis.recovered).toBe(false);
    expect(codes(diagnosis)).toContain('other-part-fits');
    expect(codes(diagnosis)).toContain('nothing-fits');
  });

  test.each([
    ['text/plain; name="report.exe"', 'This attachment was removed by the gateway.'],
    ['text/plain; name="DELETED0.TXT"', 'see the administrator'],
    ['text/plain; charset=utf-8', Buffer.from('添付ファイルは削除されました。').toString('latin1')],
    ['text/plain', 'The file offer.doc contained a virus and was deleted.'],
  ])('a note for an attachment: %s', async (type, text) => {
    const parts = (second: string): Uint8Array =>
      octets(
        `Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--in\r\n${second}\r\n--in--\r\n`,
      );
    const sent = parts('Content-Type: application/octet-stream; name=report.exe\r\n\r\nMZ');
    const came = parts(`Content-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}`);
    const diagnosis = await diagnosed(detachedMessage(came, signedBy(alice, sent)));
    expect(diagnosis.recovered).toBe(false);
    expect(codes(diagnosis)).toContain('attachment-replaced');
    expect(diagnosis.alterations[0]!.remarks.find(({ code }) => code === 'attachment-replaced')!.part).toBe(
      '1.2',
    );
  });

  test('LF line ends, and a footer that is not all', async () => {
    const sent = octets('Content-Type: text/plain\r\n\r\nPay 10 yen.\r\n');
    const came = octets('Content-Type: text/plain\n\nPay 90 yen.\n_________________\nlist mailing list\n');
    const diagnosis = await diagnosed(detachedMessage(came, signedBy(alice, sent)));
    expect(diagnosis.recovered).toBe(false);
    expect(codes(diagnosis)).toEqual(
      expect.arrayContaining(['line-ends-lf', 'footer-suspected', 'nothing-fits']),
    );
  });
});
