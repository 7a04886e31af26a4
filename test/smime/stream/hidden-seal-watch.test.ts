import { describe, expect, test } from 'vitest';
import { type Bytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { mayHideSeals } from '../../../src/smime/diagnose/hidden-seals.js';
import { SignatureMarks } from '../../../src/smime/signature-marks.js';
import { MessageDecryptor } from '../../../src/smime/stream/message-decryptor.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { seededLengths } from '../../support/cms-objects.js';
import { verified } from '../../support/passed-reports.js';
import { signedData } from '../../support/sign.js';
import {
  base64Lines,
  detachedMessage,
  octets,
  opaqueMessage,
  textEntity,
  usualHeader,
} from '../../support/sign-message.js';
import { alice, intermediate, now, roots, signedBy } from '../../support/sign-scene.js';

const policy = { roots, at: now };
const entity = textEntity('A line - of text.\r\n--\r\n-- \r\n--x\r\nContent-Type\r\n'.repeat(200));
const detached = latin1FromBytes(detachedMessage(entity, signedBy(alice, entity)));
const opaque = latin1FromBytes(
  opaqueMessage(
    signedData({
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
      content: entity,
      embed: true,
    }),
  ),
);
const typeField = /Content-Type:.*\r\n(?:[ \t].*\r\n)*/;
const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4);

const types = [
  'text/plain',
  'multipart/mixed',
  'multipart/mixed; boundary=other',
  'multipart/alternative; boundary=b1',
  'multipart/signed; boundary=other; protocol="application/pgp-signature"',
  'multipart/signed; boundary=other; protocol="application/pkcs7-signature"',
  'multipart/signed; protocol="application/pkcs7-signature"',
  'message/rfc822',
  'application/pkcs7-mime',
  'application/pkcs7-signature; name=smime.p7s',
  'application/octet-stream; name=smime.p7m',
  'application/octet-stream; name=a.bin',
  'application/octet-stream',
];

/** The message that lost its type, in a multipart/signed that is none of S/MIME. */
function underForeignSignature(protocol: string | undefined): string {
  const parameter = protocol === undefined ? '' : `; protocol="${protocol}"`;
  const second = 'Content-Type: application/x-other\r\n\r\nsignature';
  return (
    `Content-Type: multipart/signed; boundary=outer${parameter}\r\n\r\n` +
    `--outer\r\nContent-Type: text/plain\r\n\r\n${bodyOf(detached)}\r\n--outer\r\n${second}\r\n--outer--\r\n`
  );
}

/** Whether somebody who reads a message in pieces is told that a signature may be hidden, where he is told of none. */
async function isToldOf(message: Bytes, kept: number): Promise<boolean> {
  const decryptor = new MessageDecryptor({ ...policy, keys: [], limits: { kept } });
  for (let at = 0; at < message.length; at += 700) await decryptor.push(message.subarray(at, at + 700));
  const { report, ...told } = await decryptor.end();
  return mayHideSeals(report) || (told.mayHideSeals && report.seals.length === 0);
}

describe('a signature that the message no longer shows is told of, kept or not', () => {
  const changed = (message: string): (readonly [string, string])[] =>
    types.flatMap((type) => {
      const field = `Content-Type: ${type}\r\n`;
      return [
        [`${type} instead`, message.replace(typeField, field)],
        [`${type} before the type`, message.replace(typeField, (own) => field + own)],
        [`${type} behind the type`, message.replace(typeField, (own) => own + field)],
      ] as const;
    });

  test.each<readonly [what: string, message: string]>([
    ...changed(detached).map(([what, message]) => [`detached: ${what}`, message] as const),
    ...changed(opaque).map(([what, message]) => [`opaque: ${what}`, message] as const),
    [
      'in base64',
      `${usualHeader}Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(octets(bodyOf(detached)))}`,
    ],
    ...['application/x-other', 'application/pgp-signature', undefined].map(
      (protocol) => [`under a signature of ${protocol}`, underForeignSignature(protocol)] as const,
    ),
    ['without a name', opaque.replace(typeField, '').replace(/Content-Disposition:.*\r\n/, '')],
    ['none', `${usualHeader}\r\n${latin1FromBytes(entity)}`],
    [
      'none in a multipart',
      detached.replace(/pkcs7-signature|smime\.p7s/g, 'x').replace('signed;', 'mixed;'),
    ],
    ['none in base64', `${usualHeader}Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(entity)}`],
  ])('%s', async (_, text) => {
    const message = octets(text);
    const report = await verifyMessage(message, policy);
    const wanted = !report.verified && mayHideSeals(report);
    expect(await isToldOf(message, 1000)).toBe(wanted);
    expect(await isToldOf(message, 1 << 20)).toBe(wanted);
  });

  test('and by whom nothing is opened', async () => {
    const message = octets(detached.replace(typeField, (own) => `Content-Type: text/plain\r\n${own}`));
    expect((await verified([message], { ...policy, limits: { kept: 1000 } })).mayHideSeals).toBe(true);
    expect((await verified([message], policy)).mayHideSeals).toBe(false);
  });
});

describe('marks of signatures in a text', () => {
  const long = `--${'b'.repeat(3000)}\r\n`;
  const mark = (type: string): string => `Content-type: application/${type}; a\r\n`;
  const text = octets(
    [
      `--a\r\n${mark('pkcs7-signature')}`,
      `\n--b\nContent-ID: <1>\n${mark('x-pkcs7-signature')}`,
      `\r\n--c\r\n\r\n${mark('pkcs7-signature')}`,
      ` --d\r\n${mark('pkcs7-signature')}\r\n`,
      `-\r\n--e\r\n${long}c${long}${mark('octet-stream')}\r\n`,
      `${long}--"f"\r\n${mark('pkcs7-signature')}`,
      `--g \r\n${mark('pkcs7-mime')}Content-Type: application/pkcs7-signature`,
    ].join(''),
  );

  test('are the same in any pieces', () => {
    for (let seed = 0; seed < 300; seed++) {
      const length = seed === 0 ? () => text.length : seededLengths(seed);
      const marks = new SignatureMarks();
      for (let at = 0; at < text.length; ) {
        const end = at + length();
        marks.update(text.subarray(at, end));
        at = end;
      }
      expect(marks.finish()).toEqual(['a', 'b', 'e', 'g']);
    }
  });

  test('are eight at most', () => {
    const marks = new SignatureMarks();
    for (let i = 0; i < 20; i++) marks.update(octets(`--${i}\r\n${mark('pkcs7-signature')}`));
    expect(marks.finish()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });
});
