import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { attribute, Oid, signedData } from '../support/sign.js';
import {
  attachedMessage,
  base64Lines,
  type DetachedSpec,
  detachedEntity,
  detachedMessage,
  multipart,
  octets,
  opaqueMessage,
  replaced,
  signedField,
  textEntity,
  usualFrom,
  usualHeader,
  usualSignatureHeader,
} from '../support/sign-message.js';
import {
  type Answers,
  alice,
  aliceMessage,
  expectAnswers,
  intermediate,
  mallory,
  oneSeal,
  type SealAnswers,
  seal,
  signedBy,
  signer,
} from '../support/sign-scene.js';

const evil = octets('Content-Type: text/plain\r\n\r\nPay Mallory.');
const entity = textEntity();
const p7s = signedBy(alice, entity);
const signedPart = detachedEntity(entity, p7s);
const header = `${usualHeader}MIME-Version: 1.0\r\n`;
const p7m = signedData({
  content: entity,
  embed: true,
  signers: [{ by: alice }],
  certificates: [alice, intermediate],
});
const opaquePart = octets(
  `Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}`,
);

/** A report on a seal that is good, but only of a part. */
function partOnly(change: Partial<SealAnswers>): Answers {
  return {
    verified: false,
    reasons: ['covers-part-only'],
    seals: [seal({ coverage: 'part', ...change })],
  };
}
const ambiguous = partOnly({ reasons: ['container-ambiguous'] });

describe('a genuine signed part inside a forged message', () => {
  test('beside an unsigned part', async () => {
    const message = multipart('mixed', [evil, signedPart], header);
    await expectAnswers(message, partOnly({ part: '2', covers: '2.1' }));
    await expectAnswers(
      multipart('mixed', [signedPart, evil], header),
      partOnly({ part: '1', covers: '1.1' }),
    );
  });

  test('opaque, beside an unsigned part', async () => {
    await expectAnswers(
      multipart('mixed', [evil, opaquePart], header),
      partOnly({ part: '2', covers: '2/', form: 'opaque' }),
    );
  });

  test('alone in a multipart/mixed, whose preamble nobody signed', async () => {
    await expectAnswers(multipart('mixed', [signedPart], header), partOnly({ part: '1', covers: '1.1' }));
  });

  test('as an alternative to an unsigned part', async () => {
    await expectAnswers(
      multipart('alternative', [evil, signedPart], header),
      partOnly({ part: '2', covers: '2.1' }),
    );
  });

  test('in a message/rfc822 that is attached', async () => {
    const message = multipart('mixed', [evil, attachedMessage(aliceMessage())], header);
    await expectAnswers(message, partOnly({ part: '2.0', covers: '2.1' }));
  });

  test('in a message/rfc822 that is the whole message', async () => {
    await expectAnswers(attachedMessage(aliceMessage(), header), partOnly({ part: '1.0', covers: '1.1' }));
  });

  test('a message inside another is held against its own From', async () => {
    const inside = aliceMessage({ header: 'From: carol@example.net\r\n' });
    await expectAnswers(
      multipart('mixed', [evil, attachedMessage(inside)], header),
      partOnly({
        part: '2.0',
        covers: '2.1',
        signers: [signer({ identity: 'mismatch', verified: false, reasons: ['address-differs'] })],
      }),
    );
  });

  test('with the signed part as an attachment', async () => {
    const attachment = detachedEntity(entity, p7s, {
      header: 'Content-Disposition: attachment; filename="letter.eml"\r\n',
    });
    await expectAnswers(
      multipart('mixed', [evil, attachment], header),
      partOnly({ part: '2', covers: '2.1' }),
    );
  });

  test('under a seal of the forger’s own', async () => {
    const forged = multipart('mixed', [evil, signedPart]);
    const message = detachedMessage(forged, signedBy(mallory, forged), { boundary: 'outer' });
    await expectAnswers(message, {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [
        seal({ signers: [signer({ identity: 'mismatch', verified: false, reasons: ['address-differs'] })] }),
        seal({ part: '1.2', covers: '1.2.1', coverage: 'part' }),
      ],
    });
  });
});

describe('parts beside the two of a multipart/signed', () => {
  test('a third part', async () => {
    await expectAnswers(aliceMessage({ more: [evil] }), partOnly({}));
    await expectAnswers(aliceMessage({ more: [octets(`${usualSignatureHeader}\r\n${base64Lines(p7s)}`)] }), {
      verified: false,
      reasons: ['covers-part-only'],
      seals: [
        seal({ coverage: 'part' }),
        seal({
          part: '3',
          covers: '3/',
          form: 'opaque',
          coverage: 'part',
          signers: [signer({ content: 'missing', verified: false, reasons: ['content-missing'] })],
        }),
      ],
    });
  });

  test('a part before them, so that the signature is not the second', async () => {
    const report = await expectAnswers(aliceMessage({ before: [evil] }), {
      verified: false,
      reasons: ['covers-part-only'],
      seals: [
        seal({ coverage: 'part', signers: [], reasons: ['container-ambiguous', 'signature-unreadable'] }),
        seal({
          part: '3',
          covers: '3/',
          form: 'opaque',
          coverage: 'part',
          signers: [signer({ content: 'missing', verified: false, reasons: ['content-missing'] })],
        }),
      ],
    });
    expect(report.seals[0]!.covers).toBe('1');
  });

  test('the signature first', async () => {
    const signaturePart = octets(`${usualSignatureHeader}\r\n${base64Lines(p7s)}`);
    const message = multipart(
      'signed; protocol="application/pkcs7-signature"; micalg=sha-256',
      [signaturePart, entity],
      header,
    );
    await expectAnswers(message, {
      verified: false,
      reasons: ['covers-part-only'],
      seals: [
        seal({ signers: [], reasons: ['container-ambiguous', 'signature-unreadable'], coverage: 'part' }),
        seal({
          part: '1',
          covers: '1/',
          form: 'opaque',
          coverage: 'part',
          signers: [signer({ content: 'missing', verified: false, reasons: ['content-missing'] })],
        }),
      ],
    });
  });

  test('one part only', async () => {
    const only = multipart('signed; protocol="application/pkcs7-signature"', [entity], header);
    await expectAnswers(only, { verified: false, reasons: ['unsigned'], seals: [] });
    const none = octets(`${header}${signedField()}\r\n`);
    await expectAnswers(none, { verified: false, reasons: ['unsigned'], seals: [] });
  });

  test('two multiparts that claim one signature', async () => {
    // The inner one holds the text alone; the signature that follows it is the outer one's.
    const inner = octets(
      `${signedField('inner')}\r\n--inner\r\n${Buffer.from(entity).toString('latin1')}\r\n--inner--\r\n`,
    );
    await expectAnswers(detachedMessage(inner, p7s), {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [
        seal({ signers: [signer({ content: 'altered', verified: false, reasons: ['digest-mismatch'] })] }),
      ],
    });
  });
});

describe('the part that a caller names', () => {
  const message = multipart('mixed', [evil, signedPart], header);

  test('verifies by its place or by that of its multipart', async () => {
    const verified = {
      verified: true,
      reasons: [],
      seals: [seal({ part: '2', covers: '2.1', coverage: 'part' })],
    };
    await expectAnswers(message, verified, { part: '2' });
    await expectAnswers(message, verified, { part: '2.1' });
  });

  test('another is not signed', async () => {
    const expected = {
      verified: false,
      reasons: ['part-not-signed'],
      seals: [seal({ part: '2', covers: '2.1', coverage: 'part' })],
    };
    for (const part of ['', '1', '2.2', '3', '2.1.1', 'x']) await expectAnswers(message, expected, { part });
  });

  test('a multipart with more in it than was signed verifies only by the signed part', async () => {
    const third = aliceMessage({ more: [evil] });
    await expectAnswers(third, partOnly({}), { part: '' });
    await expectAnswers(third, { ...partOnly({}), verified: true, reasons: [] }, { part: '1' });
  });

  test('an attached message verifies by itself', async () => {
    const attached = multipart('mixed', [evil, attachedMessage(aliceMessage())], header);
    await expectAnswers(
      attached,
      { verified: true, reasons: [], seals: [seal({ part: '2.0', covers: '2.1', coverage: 'part' })] },
      { part: '2.1' },
    );
  });

  test('an opaque part verifies by its place', async () => {
    const opaque = multipart('mixed', [evil, opaquePart], header);
    const expected = {
      verified: true,
      reasons: [],
      seals: [seal({ part: '2', covers: '2/', form: 'opaque', coverage: 'part' })],
    };
    await expectAnswers(opaque, expected, { part: '2' });
    await expectAnswers(opaque, expected, { part: '2/' });
  });

  test('a part altered is told apart', async () => {
    await expectAnswers(
      replaced(message, 'charset=ISO-2022-JP', 'charset=UTF-8'),
      {
        verified: false,
        reasons: ['signer-not-verified'],
        seals: [
          seal({
            part: '2',
            covers: '2.1',
            coverage: 'part',
            signers: [signer({ content: 'altered', verified: false, reasons: ['digest-mismatch'] })],
          }),
        ],
      },
      { part: '2' },
    );
  });
});

describe('a container that programs read differently covers a part only', () => {
  const field = signedField();
  const plainText = 'Content-Type: text/plain\r\n';
  const specs: [string, DetachedSpec][] = [
    ['two Content-Type fields, ours first', { contentTypeField: field + plainText }],
    ['two equal Content-Type fields', { contentTypeField: field + field }],
    [
      'Content-Type with a blank before the colon as well',
      { contentTypeField: `${field}Content-Type : text/html\r\n` },
    ],
    ['two boundaries', { contentTypeField: field.replace('boundary=', 'boundary="b1"; boundary=') }],
    [
      'two boundaries, the second another',
      { contentTypeField: field.replace('boundary="b1"', 'boundary="b1"; boundary="b2"') },
    ],
    [
      'an extended boundary beside the plain one',
      { contentTypeField: field.replace('boundary="b1"', `boundary="b2"; boundary*=us-ascii''b1`) },
    ],
    [
      'a boundary in sections',
      { contentTypeField: field.replace('boundary="b1"', 'boundary*0=b; boundary*1=1') },
    ],
    [
      'an extended boundary alone',
      { contentTypeField: field.replace('boundary="b1"', `boundary*=us-ascii''b1`) },
    ],
    [
      'a boundary in a comment before the true one',
      { contentTypeField: field.replace('boundary="b1"', '(; boundary=b2) boundary="b1"') },
    ],
    ['a boundary as an encoded word', { contentTypeField: field.replace('"b1"', '"=?us-ascii?Q?b1?="') }],
    ['a boundary with an escape', { contentTypeField: field.replace('"b1"', '"b\\1"') }],
    [
      'a boundary inside another parameter',
      { contentTypeField: field.replace('boundary=', 'x="; boundary=b2"; boundary=') },
    ],
    ['a CR alone in the header', { header: `${usualFrom}Subject: x\rFrom: mallory@evil.example\r\n` }],
    [
      'a CR alone that hides a Content-Type',
      { header: `${usualFrom}Subject: x\rContent-Type: text/plain\r\n` },
    ],
    ['a line in the header that is no field', { header: `${usualFrom}Pay Mallory.\r\n` }],
    ['the transfer encoding base64', { header: `${usualFrom}Content-Transfer-Encoding: base64\r\n` }],
    [
      'the transfer encoding quoted-printable',
      { header: `${usualFrom}Content-Transfer-Encoding: quoted-printable\r\n` },
    ],
    ['an unknown transfer encoding', { header: `${usualFrom}Content-Transfer-Encoding: x-uuencode\r\n` }],
    [
      'two transfer encodings',
      { header: `${usualFrom}Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n` },
    ],
    [
      'a delimiter more in the preamble, by its beginning',
      { preamble: 'x\r\n--b1x\r\nContent-Type: text/plain\r\n\r\nPay Mallory.' },
    ],
    ['a delimiter more behind a CR', { preamble: 'x\r--b1\r\rPay Mallory.' }],
    [
      'a delimiter more in the epilogue',
      { epilogue: '--b1\r\nContent-Type: text/plain\r\n\r\nPay Mallory.\r\n--b1--\r\n' },
    ],
    [
      'a signature labelled text/plain',
      {
        signatureHeader: 'Content-Type: text/plain; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n',
      },
    ],
    [
      'a signature labelled text/html',
      { signatureHeader: 'Content-Type: text/html; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n' },
    ],
    [
      'a signature without label but with a name',
      {
        signatureHeader:
          'Content-Disposition: attachment; filename=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n',
      },
    ],
    [
      'a signature with two labels',
      { signatureHeader: `${usualSignatureHeader}Content-Type: text/html\r\n` },
    ],
    [
      'a signature with two transfer encodings',
      { signatureHeader: `${usualSignatureHeader}Content-Transfer-Encoding: 7bit\r\n` },
    ],
    [
      'the subtype alternative',
      { contentTypeField: field.replace('multipart/signed', 'multipart/alternative') },
    ],
    ['the subtype related', { contentTypeField: field.replace('multipart/signed', 'multipart/related') }],
    ['the subtype digest', { contentTypeField: field.replace('multipart/signed', 'multipart/digest') }],
  ];

  test.each(specs)('%s', async (_, spec) => {
    await expectAnswers(aliceMessage(spec), ambiguous);
    // Who names the signed part is not misled by what stands around it.
    await expectAnswers(aliceMessage(spec), { ...ambiguous, verified: true, reasons: [] }, { part: '1' });
  });

  test('a boundary that begins a line of what is signed', async () => {
    const inner = multipart('mixed', [entity, evil], '', 'b1-inner');
    await expectAnswers(detachedMessage(inner, signedBy(alice, inner)), ambiguous);
    await expectAnswers(detachedMessage(inner, signedBy(alice, inner), { boundary: 'b2' }), oneSeal());
    // The very boundary of an inner multipart: what belongs to whom is anybody's guess.
    const same = multipart('mixed', [entity, evil], '', 'b1');
    await expectAnswers(detachedMessage(same, signedBy(alice, same)), ambiguous);
  });

  test('a header that ends without a blank line', async () => {
    const message = replaced(
      aliceMessage({ preamble: '' }),
      'boundary="b1"\r\n\r\n\r\n--b1\r\n',
      'boundary="b1"\r\n--b1\r\n',
    );
    await expectAnswers(message, ambiguous);
  });

  test('a seal inside is no better than the container around it', async () => {
    const outer = detachedMessage(signedPart, signedBy(mallory, signedPart), {
      boundary: 'outer',
      contentTypeField: signedField('outer') + plainText,
    });
    await expectAnswers(outer, {
      verified: false,
      reasons: ['covers-part-only'],
      seals: [
        seal({
          coverage: 'part',
          reasons: ['container-ambiguous'],
          signers: [signer({ identity: 'mismatch', verified: false, reasons: ['address-differs'] })],
        }),
        seal({ part: '1', covers: '1.1', coverage: 'part' }),
      ],
    });
  });

  test.each([
    ['text/plain', 'Content-Type: text/plain; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n'],
    ['text/html', 'Content-Type: text/html; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n'],
    [
      'no label',
      'Content-Disposition: attachment; filename="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n',
    ],
    [
      'two labels',
      'Content-Type: application/pkcs7-mime\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n',
    ],
    [
      'two transfer encodings',
      'Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit\r\n',
    ],
  ])('opaque content with %s', async (_, contentHeader) => {
    await expectAnswers(
      opaqueMessage(p7m, { contentHeader }),
      partOnly({ covers: '/', form: 'opaque', reasons: ['container-ambiguous'] }),
    );
  });

  test('a web page hidden in the unsigned octets of a signature', async () => {
    const page = attribute('1.2.3.4', octets('\x04\x14<h1>Pay Mallory</h1>'));
    const polyglot = signedData({
      content: entity,
      embed: true,
      signers: [{ by: alice, unsignedAttributes: [page] }],
      certificates: [alice, intermediate],
    });
    const message = concatBytes([
      octets(`${header}Content-Type: text/html; name=x.p7m\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
      polyglot,
    ]);
    await expectAnswers(message, partOnly({ covers: '/', form: 'opaque', reasons: ['container-ambiguous'] }));
  });
});

describe('what does not make a container ambiguous', () => {
  const field = signedField();
  test.each<[string, DetachedSpec]>([
    ['no MIME-Version', { mimeVersion: false }],
    ['a charset of the multipart', { contentTypeField: field.replace('micalg', 'charset=UTF-8; micalg') }],
    ['a comment', { contentTypeField: field.replace('micalg', '(S/MIME) micalg') }],
    [
      'a preamble and an epilogue',
      { preamble: '--b\r\nThis is\r\n -- b1', epilogue: '\r\nThe end.\r\n--b\r\n' },
    ],
    ['no preamble', { preamble: '' }],
    ['an unquoted boundary', { contentTypeField: field.replace('"b1"', 'b1') }],
    [
      'a boundary with an equals sign, unquoted',
      { boundary: '=_b1', contentTypeField: signedField('=_b1').replace('"=_b1"', '=_b1') },
    ],
    ['a boundary of specials', { boundary: "'()+_,-./:=?" }],
    ['a boundary with a blank inside', { boundary: 'a b' }],
    ['a boundary in upper case letters', { contentTypeField: field.replace('boundary', 'BOUNDARY') }],
    [
      'the first parameter',
      {
        contentTypeField:
          'Content-Type: multipart/signed; boundary="b1"; micalg=sha1; protocol="application/pkcs7-signature"\r\n',
      },
    ],
    ['the transfer encoding 8bit', { header: `${usualFrom}Content-Transfer-Encoding: 8bit\r\n` }],
    ['another protocol', { contentTypeField: signedField('b1', 'sha-256', 'application/x-pkcs7-signature') }],
    ['no protocol', { contentTypeField: 'Content-Type: multipart/signed; boundary=b1\r\n' }],
    [
      'the subtype mixed, as some lists write it',
      { contentTypeField: 'Content-Type: multipart/mixed; boundary=b1\r\n' },
    ],
    [
      'a mailbox file’s first line',
      { header: `From alice@example.jp Thu Jan 15 18:00:00 2026\r\n${usualHeader}` },
    ],
    [
      'two Received and other fields',
      { header: `Received: a\r\nReceived: b\r\nSubject: x\r\nSubject: y\r\n${usualFrom}` },
    ],
  ])('%s', async (_, spec) => {
    await expectAnswers(aliceMessage(spec), oneSeal());
  });

  test('a missing close delimiter', async () => {
    await expectAnswers(replaced(aliceMessage(), '\r\n--b1--\r\n', '\r\n'), oneSeal());
  });

  test('what the signer himself wrote in two ways', async () => {
    const odd = octets('Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n');
    await expectAnswers(detachedMessage(odd, signedBy(alice, odd)), oneSeal());
  });
});

describe('an empty boundary', () => {
  test('divides nothing', async () => {
    const contentTypeField = signedField('');
    await expectAnswers(aliceMessage({ boundary: '', contentTypeField }), {
      verified: false,
      reasons: ['unsigned'],
      seals: [],
    });
  });
});

describe('what is signed but is no part of a message', () => {
  test('a time stamp under Alice’s key is no mail from her', async () => {
    const signers = [{ by: alice }];
    const certificates = [alice, intermediate];
    const stamp = signedData({
      content: entity,
      embed: true,
      eContentType: Oid.tstInfo,
      signers,
      certificates,
    });
    await expectAnswers(opaqueMessage(stamp), {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ covers: '/', form: 'opaque', verified: false, reasons: ['content-not-mime'] })],
    });
    const detached = signedData({ content: entity, eContentType: Oid.tstInfo, signers, certificates });
    await expectAnswers(detachedMessage(entity, detached), {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ verified: false, reasons: ['content-not-mime'] })],
    });
  });
});
