import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { signedData } from '../support/sign.js';
import {
  detachedMessage,
  greetingJis,
  greetingSjis,
  octets,
  opaqueMessage,
  replaced,
  textEntity,
  toLf,
  usualHeader,
} from '../support/sign-message.js';
import {
  alice,
  aliceMessage,
  expectAnswers,
  intermediate,
  mallory,
  oneSeal,
  seal,
  signedBy,
  signer,
} from '../support/sign-scene.js';

const altered = oneSeal({ content: 'altered', verified: false, reasons: ['digest-mismatch'] });

describe('what was signed and what is shown', () => {
  test('a good message verifies, detached', async () => {
    const report = await expectAnswers(aliceMessage(), oneSeal());
    expect(report.seals[0]!.entity?.text()).toBe('こんにちは。\r\n');
  });

  test('and opaque', async () => {
    const entity = textEntity();
    const p7m = signedData({
      content: entity,
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const report = await expectAnswers(opaqueMessage(p7m), oneSeal({}, { covers: '/', form: 'opaque' }));
    expect(report.seals[0]!.entity?.text()).toBe('こんにちは。\r\n');
  });

  test('a body with one letter changed is altered, and nothing else is blamed', async () => {
    const entity = textEntity('I owe you 10 yen.', 'us-ascii');
    const message = detachedMessage(entity, signedBy(alice, entity));
    await expectAnswers(message, oneSeal());
    await expectAnswers(replaced(message, '10 yen', '90 yen'), altered);
  });

  test('so is a header field of the signed part', async () => {
    await expectAnswers(replaced(aliceMessage(), 'charset=ISO-2022-JP', 'charset=UTF-8'), altered);
  });

  test('and a blank at the end of a line, or a line end more', async () => {
    await expectAnswers(replaced(aliceMessage(), '\x1b(B\r\n', '\x1b(B \r\n'), altered);
    await expectAnswers(replaced(aliceMessage(), '\x1b(B\r\n', '\x1b(B\r\n\r\n'), altered);
  });

  test('fields of the message that nobody signed may change', async () => {
    await expectAnswers(replaced(aliceMessage(), 'To: bob', 'To: carol'), oneSeal());
  });

  test('a message turned from ISO-2022-JP to Shift_JIS is altered, whether its label was changed or kept', async () => {
    const kept = replaced(aliceMessage(), greetingJis, greetingSjis);
    const report = await expectAnswers(kept, altered);
    // It is read in spite of the label, and that is told.
    const entity = report.seals[0]!.entity!;
    expect(entity.text()).toBe('こんにちは。\r\n');
    expect(entity.defects.map(({ code }) => code)).toContain('charset-contradicted');
    const changed = replaced(kept, 'charset=ISO-2022-JP', 'charset=Shift_JIS');
    const second = await expectAnswers(changed, altered);
    // A reader sees the same text, but it is not what was signed.
    expect(second.seals[0]!.entity?.text()).toBe('こんにちは。\r\n');
  });

  test('a message signed in Shift_JIS verifies as it stands', async () => {
    const entity = textEntity(greetingSjis, 'Shift_JIS');
    const report = await expectAnswers(detachedMessage(entity, signedBy(alice, entity)), oneSeal());
    expect(report.seals[0]!.entity?.text()).toBe('こんにちは。\r\n');
  });

  test('content embedded beside other content shown is refused', async () => {
    const embedded = textEntity('What Alice signed.', 'us-ascii');
    const shown = textEntity('What Mallory shows.', 'us-ascii');
    const p7s = signedData({
      content: embedded,
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    await expectAnswers(
      detachedMessage(shown, p7s),
      oneSeal({
        content: 'altered',
        verified: false,
        reasons: ['digest-mismatch', 'embedded-content-differs'],
      }),
    );
    // The other way round: what is shown was signed, something else is embedded.
    const reversed = signedData({
      content: shown,
      embed: embedded,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    await expectAnswers(
      detachedMessage(shown, reversed),
      oneSeal({ content: 'altered', verified: false, reasons: ['embedded-content-differs'] }),
    );
    // The same content twice is no contradiction.
    await expectAnswers(detachedMessage(embedded, p7s), oneSeal());
  });

  test('a signature of which the signer’s bits were changed is invalid over intact content', async () => {
    await expectAnswers(
      aliceMessage({}, { spoil: true }),
      oneSeal({ signature: 'invalid', verified: false, reasons: ['signature-mismatch'] }),
    );
  });

  test('without signed attributes the signature itself tells of the content', async () => {
    const entity = textEntity();
    const message = detachedMessage(entity, signedBy(alice, entity, { attributes: 'none' }));
    await expectAnswers(message, oneSeal({ reasons: ['(signing-time-missing)'] }));
    await expectAnswers(
      replaced(message, 'charset=ISO-2022-JP', 'charset=UTF-8'),
      oneSeal({
        content: 'altered',
        signature: 'invalid',
        verified: false,
        reasons: ['signature-mismatch', '(signing-time-missing)'],
      }),
      {},
    );
  });
});

describe('line ends', () => {
  test('LF-only storage verifies', async () => {
    await expectAnswers(toLf(aliceMessage()), oneSeal());
    const entity = textEntity();
    const unattributed = detachedMessage(entity, signedBy(alice, entity, { attributes: 'none' }));
    await expectAnswers(toLf(unattributed), oneSeal({ reasons: ['(signing-time-missing)'] }));
  });

  test('a signature over text with bare LFs does not count, but the report says what it fits', async () => {
    const entity = textEntity();
    const message = detachedMessage(entity, signedBy(alice, toLf(entity)));
    const expected = oneSeal(
      { content: 'altered', verified: false, reasons: ['digest-mismatch'] },
      { reasons: ['(fits-without-canonical-line-ends)'] },
    );
    await expectAnswers(message, expected);
    await expectAnswers(toLf(message), expected);
  });

  test('with the transfer encoding binary the octets count as they stand, bare LFs and all', async () => {
    const entity = octets(
      'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\na\nb\r\nc\rd\x00\xff\r\n',
    );
    const message = detachedMessage(entity, signedBy(alice, entity));
    const report = await expectAnswers(message, oneSeal());
    expect(Buffer.from(report.seals[0]!.content!).equals(entity)).toBe(true);
    await expectAnswers(replaced(message, 'a\nb', 'a\r\nb'), altered);
  });

  test('the same octets labelled 7bit are text and must be canonical', async () => {
    const entity = octets('Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n\r\na\nb\r\n');
    await expectAnswers(
      detachedMessage(entity, signedBy(alice, entity)),
      oneSeal(
        { content: 'altered', verified: false, reasons: ['digest-mismatch'] },
        { reasons: ['(fits-without-canonical-line-ends)'] },
      ),
    );
  });

  test('a CR alone is an octet like any other', async () => {
    const entity = textEntity('a\rb', 'us-ascii');
    await expectAnswers(detachedMessage(entity, signedBy(alice, entity)), oneSeal());
  });
});

describe('the frame of a signature', () => {
  test('certificates alone are no signature', async () => {
    const p7c = signedData({ content: new Uint8Array(), signers: [], certificates: [alice, intermediate] });
    const message = opaqueMessage(p7c, {
      contentHeader:
        'Content-Type: application/pkcs7-mime; smime-type=certs-only; name="smime.p7c"\r\nContent-Transfer-Encoding: base64\r\n',
    });
    const report = await expectAnswers(message, { verified: false, reasons: ['unsigned'], seals: [] });
    expect(report.others.map(({ kind, part }) => [kind, part])).toEqual([['certs-only', '']]);
    // Where a signature should be they are no signature either, whatever the policy.
    const entity = textEntity();
    const expected = {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ signers: [], reasons: ['signature-unreadable'] })],
    };
    await expectAnswers(detachedMessage(entity, p7c), expected);
    await expectAnswers(detachedMessage(entity, p7c), expected, { signers: 'any', requireIdentity: false });
  });

  test('a truncated or unreadable signature is a verdict', async () => {
    const entity = textEntity();
    const p7s = signedBy(alice, entity);
    const unreadable = {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ signers: [], reasons: ['signature-unreadable'] })],
    };
    await expectAnswers(detachedMessage(entity, p7s.subarray(0, p7s.length >> 1)), unreadable);
    await expectAnswers(detachedMessage(entity, new Uint8Array()), unreadable);
    const report = await expectAnswers(detachedMessage(entity, octets('What is this?')), unreadable);
    expect(report.seals[0]!.error?.code).toBe('asn1-truncated');
  });

  test('so is one whose damage shows only when it is used', async () => {
    const entity = textEntity();
    const empty = octets('\x30\x00');
    const p7s = signedData({ content: entity, signers: [{ by: alice, raw: empty }] });
    await expectAnswers(detachedMessage(entity, p7s), {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ signers: [], reasons: ['signature-unreadable'] })],
    });
  });

  test('octets after the signature are told of', async () => {
    const entity = textEntity();
    const p7s = signedData({
      content: entity,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
      trailing: octets('\0\0\0'),
    });
    await expectAnswers(detachedMessage(entity, p7s), oneSeal({}, { reasons: ['(trailing-octets)'] }));
  });

  test.each(['sha-256', 'sha256', 'md5', 'unknown', '"made up"', '', 'sha-1,sha-256'])(
    'micalg %s changes nothing',
    async (micalg) => {
      await expectAnswers(aliceMessage({ micalg }), oneSeal());
    },
  );

  test('neither does its absence', async () => {
    const contentTypeField =
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b1"\r\n';
    await expectAnswers(aliceMessage({ contentTypeField }), oneSeal());
  });

  test.each([
    'application/pkcs7-signature',
    'application/x-pkcs7-signature',
    'Application/X-PKCS7-Signature',
    'application/octet-stream; name=smime.p7s',
    'application/pkcs7-mime; name="smime.p7s"',
  ])('a signature labelled %s is found', async (type) => {
    const signatureHeader = `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n`;
    await expectAnswers(aliceMessage({ signatureHeader }), oneSeal());
  });

  test.each([
    'application/pkcs7-mime; smime-type=signed-data',
    'application/pkcs7-mime',
    'application/pkcs7-mime; smime-type=enveloped-data',
    'application/x-pkcs7-mime; smime-type=signed-data',
    'application/octet-stream; name="smime.p7m"',
    'application/octet-stream; name="SMIME.P7M"',
    'application/octet-stream; name="smime.p7s"',
  ])('opaque content labelled %s is found', async (type) => {
    const p7m = signedData({
      content: textEntity(),
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const contentHeader = `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n`;
    await expectAnswers(opaqueMessage(p7m, { contentHeader }), oneSeal({}, { covers: '/', form: 'opaque' }));
  });

  test('a file name in the disposition is as good, and the CMS may stand there without transfer encoding', async () => {
    const p7m = signedData({
      content: textEntity(),
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const message = concatBytes([
      octets(
        `${usualHeader}MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n\r\n`,
      ),
      p7m,
    ]);
    await expectAnswers(message, oneSeal({}, { covers: '/', form: 'opaque' }));
  });

  test('detached CMS where content should be inside it lacks its content', async () => {
    const p7m = signedBy(alice, textEntity());
    await expectAnswers(
      opaqueMessage(p7m),
      oneSeal(
        { content: 'missing', verified: false, reasons: ['content-missing'] },
        { covers: '/', form: 'opaque' },
      ),
    );
  });

  test('several seals inside one another are listed from the outside in', async () => {
    const text = textEntity();
    const inner = detachedMessage(text, signedBy(alice, text), {
      header: '',
      mimeVersion: false,
      boundary: 'inner',
    });
    const p7m = signedData({
      content: inner,
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    await expectAnswers(opaqueMessage(p7m), {
      verified: true,
      reasons: [],
      seals: [seal({ covers: '/', form: 'opaque' }), seal({ part: '/', covers: '/1' })],
    });
    // A second signature by somebody else outside breaks nothing, and signs nothing for Alice.
    const outside = signedData({
      content: inner,
      embed: true,
      signers: [{ by: mallory }],
      certificates: [alice, intermediate, mallory],
    });
    await expectAnswers(opaqueMessage(outside), {
      verified: true,
      reasons: [],
      seals: [
        seal({
          covers: '/',
          form: 'opaque',
          signers: [signer({ identity: 'mismatch', verified: false, reasons: ['address-differs'] })],
        }),
        seal({ part: '/', covers: '/1' }),
      ],
    });
  });

  test('a broken seal around a good one spoils it', async () => {
    const text = textEntity();
    const inner = detachedMessage(text, signedBy(alice, text), {
      header: '',
      mimeVersion: false,
      boundary: 'inner',
    });
    const message = detachedMessage(inner, signedBy(alice, textEntity('other')));
    await expectAnswers(message, {
      verified: false,
      reasons: ['seal-broken'],
      seals: [
        seal({ signers: [signer({ content: 'altered', verified: false, reasons: ['digest-mismatch'] })] }),
        seal({ part: '1', covers: '1.1' }),
      ],
    });
  });
});
