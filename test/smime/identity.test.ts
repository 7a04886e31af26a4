import { describe, expect, test } from 'vitest';
import { der, derExplicit, derOid, derSequence, derUtf8String } from '../../src/asn1/writer.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { sameAddress } from '../../src/smime/verify/identity.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { emailAttribute, extension, nameOf, type TestCertificate } from '../support/pki.js';
import { signedData } from '../support/sign.js';
import {
  attachedMessage,
  detachedMessage,
  octets,
  opaqueMessage,
  textEntity,
} from '../support/sign-message.js';
import {
  type Answers,
  alice,
  aliceMessage,
  aliceWith,
  expectAnswers,
  intermediate,
  mallory,
  now,
  oneSeal,
  roots,
  type SignerAnswers,
  seal,
  sealAnswers,
  signedBy,
  signer,
  verify,
} from '../support/sign-scene.js';

/** A message by Alice with these header fields. */
const withHeader = (header: string): Uint8Array => aliceMessage({ header: `${header}\r\n` });
/** A message with From alice@example.jp, signed by this certificate. */
function signedWith(by: TestCertificate, header = 'From: alice@example.jp\r\n'): Uint8Array {
  const entity = textEntity();
  return detachedMessage(entity, signedBy(by, entity), { header });
}

/** Everything good but the identity. */
const identity = (answer: SignerAnswers['identity'], ...reasons: string[]): Answers =>
  oneSeal({ identity: answer, verified: false, reasons });
const differs = identity('mismatch', 'address-differs');

describe('one From with one mailbox', () => {
  test.each([
    'From: alice@example.jp',
    'From: <alice@example.jp>',
    'From: Alice <alice@example.jp>',
    'From: alice@example.jp <alice@example.jp>',
    'FROM:\r\n\tAlice\r\n <alice@example.jp>',
    'From: alice@example.jp (Alice)',
    'From: (Alice) alice@example.jp',
    'From: alice(comment)@(another)example.jp',
    'From: "alice"@example.jp',
    'From: "al\\ice"@example.jp',
    'From: Alice@EXAMPLE.JP',
    'From: =?ISO-2022-JP?B?GyRCSCU7UhsoQg==?= <alice@example.jp>',
    'From: Alice: alice@example.jp;',
    'From: <@relay.example:alice@example.jp>',
    'From : alice@example.jp',
    'From: alice@example.jp\r\nSender: mallory@evil.example',
    'From: alice@example.jp\r\nReply-To: mallory@evil.example',
  ])('%j is the signer', async (header) => {
    await expectAnswers(withHeader(header), oneSeal());
  });

  test.each([
    'From: mallory@evil.example',
    'From: "alice@example.jp" <mallory@evil.example>',
    'From: "Alice <alice@example.jp>" <mallory@evil.example>',
    'From: alice@example.jp <mallory@evil.example>',
    'From: =?utf-8?Q?alice=40example=2Ejp?= <mallory@evil.example>',
    'From: =?utf-8?B?YWxpY2VAZXhhbXBsZS5qcA==?= <mallory@evil.example>',
    'From: =?utf-8?Q?Alice_=3Calice=40example=2Ejp=3E?= <mallory@evil.example>',
    'From: mallory@evil.example (alice@example.jp)',
    'From: (alice@example.jp) mallory@evil.example',
    'From: mallory@evil.example (<alice@example.jp>)',
    'From: alice@example.jp@evil.example',
    'From: "alice@example.jp"@evil.example',
    'From: <@example.jp:mallory@evil.example>',
    'From: alice@example.jp.evil.example',
    'From: evil.alice@example.jp',
    'From: alice@evil.example.jp',
    'From: alice+mallory@example.jp',
    'From: al.ice@example.jp',
    'From: alice@example.jp\0.evil.example',
    'From: alice@example.jp\0',
    'From: alice@exam\u00adple.jp',
    'From: alice @example.jp.',
    'From: "alice "@example.jp',
    'From: "ali ce"@example.jp',
    'From: Friends: mallory@evil.example;',
  ])('%j is not the signer', async (header) => {
    await expectAnswers(withHeader(header), differs);
  });

  test.each([
    ['Cyrillic а', 'From: \u0430lice@example.jp'],
    ['full width', 'From: \uff41lice@example.jp'],
    ['Kelvin sign', 'From: alice@example.j\u212a'],
    ['dotless i', 'From: al\u0131ce@example.jp'],
    ['zero width joiner', 'From: alice\u200d@example.jp'],
    ['ideographic full stop', 'From: alice@example\u3002jp'],
  ])('a look-alike with %s is not the signer', async (_, header) => {
    const entity = textEntity();
    const message = detachedMessage(entity, signedBy(alice, entity), {
      header: `${Buffer.from(bytesFromUtf8(header)).toString('latin1')}\r\n`,
    });
    await expectAnswers(message, differs);
  });

  test.each([
    'From:',
    'From: ',
    'From: <>',
    'From: Alice',
    'From: undisclosed:;',
    'From: =?utf-8?Q?alice=40example.jp?=',
  ])('%j names nobody', async (header) => {
    const report = await expectAnswers(withHeader(header), {
      ...identity('not-checked', 'sender-unknown'),
      ...(header.includes('<>') || /From: (Alice|=)/.test(header) ? differs : {}),
    });
    expect(report.verified).toBe(false);
  });

  test('no From at all names nobody', async () => {
    const expected = identity('not-checked', 'sender-unknown');
    await expectAnswers(withHeader('To: bob@example.net'), expected);
    await expectAnswers(withHeader('Sender: alice@example.jp'), expected);
    await expectAnswers(withHeader('Reply-To: alice@example.jp\r\nX-From: alice@example.jp'), expected);
  });

  test.each([
    'From: alice@example.jp\rFrom: mallory@evil.example',
    'From: <alice@example.jp> mallory@evil.example <',
    'From: alice@example.jp mallory@evil.example <alice@example.jp>',
    'From: mallory@evil.example <alice@example.jp>',
    'From: mallory@evil.example:alice@example.jp',
  ])('%j may be read in two ways, and is not verified', async (header) => {
    const report = await expectAnswersLoosely(withHeader(header));
    expect(report.identity).toMatch(/^(?:ambiguous|mismatch|not-checked)$/);
  });
});

describe('raw ISO-2022-JP in From', () => {
  test('is a name like any other, an @ among its octets included', async () => {
    // 積算 has an @ in its first character.
    await expectAnswers(withHeader('From: \x1b$B@Q;;\x1b(B <alice@example.jp>'), oneSeal());
  });

  test('cannot hide an address from us that others see', async () => {
    const header = 'From: \x1b$B!!<mallory@evil.example>!\x1b(B <alice@example.jp>';
    await expectAnswers(withHeader(header), identity('ambiguous', 'from-malformed'));
  });
});

describe('a display name that looks like another address', () => {
  test.each([
    'From: "mallory@evil.example" <alice@example.jp>',
    'From: =?utf-8?Q?mallory=40evil.example?= <alice@example.jp>',
    'From: "President <mallory@evil.example>" <alice@example.jp>',
    'From: alice@example.jp (mallory@evil.example)',
  ])('%j is told of, but what counts is the address', async (header) => {
    await expectAnswers(withHeader(header), oneSeal({ reasons: ['(display-name-misleading)'] }));
  });

  test('one that repeats the address is not', async () => {
    await expectAnswers(withHeader('From: "Alice@example.jp" <alice@example.jp>'), oneSeal());
  });
});

/** Whatever the reasons, such a message is not verified with any engine. */
async function expectAnswersLoosely(message: Uint8Array): Promise<SignerAnswers> {
  const report = await verify(message);
  expect(report.verified).toBe(false);
  return sealAnswers(report.seals[0]!).signers[0]!;
}

describe('a From that differs', () => {
  test('only identity is blamed', async () => {
    await expectAnswers(signedWith(mallory), differs);
  });

  test('for a caller to whom it does not matter who signed, the rest counts', async () => {
    await expectAnswers(
      signedWith(mallory),
      {
        ...differs,
        verified: true,
        reasons: [],
        seals: [seal({ signers: [signer({ identity: 'mismatch', reasons: ['address-differs'] })] })],
      },
      { requireIdentity: false },
    );
  });

  test('a Sender that matches is a remark, whatever the policy', async () => {
    const message = withHeader('From: carol@example.net\r\nSender: alice@example.jp');
    const expected = identity('mismatch', 'address-differs', '(sender-matches)');
    await expectAnswers(message, expected);
    await expectAnswers(message, expected, { acceptSender: true });
  });

  test('the caller may say whom he expects', async () => {
    const message = withHeader('From: list@example.net');
    await expectAnswers(message, oneSeal(), { address: 'alice@example.jp' });
    await expectAnswers(message, oneSeal(), { address: ' Alice@Example.jp\n' });
    await expectAnswers(message, differs, { address: 'bob@example.net' });
    await expectAnswers(aliceMessage(), differs, { address: 'bob@example.net' });
    await expectAnswers(aliceMessage(), differs, { address: '' });
  });
});

describe('several From fields', () => {
  test.each([
    'From: alice@example.jp\r\nFrom: mallory@evil.example',
    'From: mallory@evil.example\r\nFrom: alice@example.jp',
    'From: alice@example.jp\r\nSubject: x\r\nFROM: alice@example.jp',
    'From: alice@example.jp\r\nFrom : mallory@evil.example',
    'From: alice@example.jp\r\nfrom\t: mallory@evil.example',
    'From: alice@example.jp\r\nFrom:',
    'From: alice@example.jp\nFrom: mallory@evil.example',
  ])('%j is ambiguous', async (header) => {
    const expected = identity('ambiguous', 'several-from-fields');
    await expectAnswers(withHeader(header), expected);
    await expectAnswers(withHeader(header), expected, { acceptSender: true });
    await expectAnswers(withHeader(header), expected, { address: 'alice@example.jp' });
  });
});

describe('From with several mailboxes', () => {
  const header = 'From: alice@example.jp, bob@example.net';

  test('without Sender it names nobody', async () => {
    const expected = identity('ambiguous', 'several-from-mailboxes');
    await expectAnswers(withHeader(header), expected);
    await expectAnswers(withHeader(header), expected, { acceptSender: true });
    await expectAnswers(withHeader('From: Us: alice@example.jp, bob@example.net;'), expected);
    await expectAnswers(withHeader('From: bob, alice@example.jp'), expected);
  });

  test('more than the limit of addresses are too many for one', async () => {
    const many = `alice@example.jp,\r\n ${'bob@example.net,\r\n '.repeat(10_001)}carol@example.net`;
    await expectAnswers(withHeader(`From: ${many}`), identity('ambiguous', 'several-from-mailboxes'));
  });

  test('with Sender that one is compared, and counts for a caller who says so', async () => {
    const message = withHeader(`${header}\r\nSender: alice@example.jp`);
    const reasons = ['(several-from-mailboxes)'];
    await expectAnswers(message, oneSeal({ verified: false, reasons }));
    await expectAnswers(message, oneSeal({ reasons }), { acceptSender: true });
  });

  test('another Sender is not the signer', async () => {
    const message = withHeader(`${header}\r\nSender: bob@example.net`);
    const expected = identity('mismatch', 'address-differs', '(several-from-mailboxes)');
    await expectAnswers(message, expected);
    await expectAnswers(message, expected, { acceptSender: true });
  });

  test.each([
    'Sender: alice@example.jp\r\nSender: alice@example.jp',
    'Sender: alice@example.jp, bob@example.net',
    'Sender:',
  ])('%j names nobody', async (sender) => {
    await expectAnswers(
      withHeader(`${header}\r\n${sender}`),
      identity('ambiguous', 'several-from-mailboxes'),
      { acceptSender: true },
    );
  });

  test('several signers, one for each mailbox, do not make it one sender', async () => {
    const entity = textEntity();
    const bob = aliceWith({ name: 'Bob', emails: ['bob@example.net'] });
    const p7s = signedData({
      content: entity,
      signers: [{ by: alice }, { by: bob }],
      certificates: [alice, bob, intermediate],
    });
    const one = signer({ identity: 'ambiguous', verified: false, reasons: ['several-from-mailboxes'] });
    await expectAnswers(detachedMessage(entity, p7s, { header: `${header}\r\n` }), {
      verified: false,
      reasons: ['signer-not-verified'],
      seals: [seal({ signers: [one, one] })],
    });
  });
});

describe('addresses of certificates', () => {
  test('the subject’s emailAddress counts, as old certificates have it', async () => {
    const by = aliceWith({ emails: [], subject: nameOf('Alice', emailAttribute('alice@example.jp')) });
    await expectAnswers(signedWith(by), oneSeal());
    const other = aliceWith({ emails: [], subject: nameOf('Alice', emailAttribute('bob@example.net')) });
    await expectAnswers(signedWith(other), differs);
  });

  test('an address in the common name does not', async () => {
    const by = aliceWith({ name: 'alice@example.jp', emails: ['mallory@evil.example'] });
    await expectAnswers(signedWith(by), differs);
  });

  test('a certificate without address says so', async () => {
    const by = aliceWith({ name: 'alice@example.jp', emails: [] });
    await expectAnswers(signedWith(by), identity('no-address', 'certificate-without-address'));
  });

  test('any of several addresses may be the sender’s', async () => {
    const by = aliceWith({ emails: ['a@example.jp', 'alice@example.jp', 'alice@example.com'] });
    await expectAnswers(signedWith(by), oneSeal());
  });

  test('the domain may be in upper case', async () => {
    await expectAnswers(signedWith(aliceWith({ emails: ['alice@EXAMPLE.JP'] })), oneSeal());
  });

  test.each<[string, string | Uint8Array]>([
    ['with a NUL and more', octets('alice@example.jp\0.evil.example')],
    ['with a NUL at its end', octets('alice@example.jp\0')],
    ['with a blank after it', 'alice@example.jp '],
    ['with a blank before it', ' alice@example.jp'],
    ['with a line end after it', 'alice@example.jp\r\n'],
    ['in angle brackets', '<alice@example.jp>'],
    ['with a display name', 'Alice <alice@example.jp>'],
    ['among others in one name', 'alice@example.jp,mallory@evil.example'],
    ['that is empty', ''],
    ['that is a whole domain', '@example.jp'],
    ['that is a domain, as name constraints have it', 'example.jp'],
    ['with a wildcard', '*@example.jp'],
    ['as URI', 'mailto:alice@example.jp'],
  ])('an rfc822Name %s is another address', async (_, email) => {
    await expectAnswers(signedWith(aliceWith({ emails: [email] })), differs);
  });

  test.each<[string, Uint8Array, string]>([
    ['with a no-break space after it', octets('alice@example.jp\xa0'), 'alice@example.jp'],
    ['as a look-alike in UTF-8', bytesFromUtf8('\u0430lice@example.jp'), '\u0430lice@example.jp'],
    ['in ISO 8859-1', octets('\xe9lise@example.jp'), '\u00e9lise@example.jp'],
    ['in UTF-8', bytesFromUtf8('\u00e9lise@example.jp'), '\u00e9lise@example.jp'],
  ])('an rfc822Name %s is no address (RFC 9598 §3)', async (_, email, address) => {
    const by = aliceWith({ emails: [email] });
    const none = identity('no-address', 'certificate-without-address');
    await expectAnswers(signedWith(by), none);
    await expectAnswers(signedWith(by), none, { address });
  });

  test('an empty address matches nothing, an empty From included', async () => {
    const by = aliceWith({ emails: [''] });
    await expectAnswers(signedWith(by, 'From: <>\r\n'), differs);
    await expectAnswers(signedWith(by, 'From: Alice\r\n'), differs);
    await expectAnswers(signedWith(by), differs, { address: '' });
  });

  describe('SmtpUTF8Mailbox (RFC 9598)', () => {
    const withMailbox = (address: string): TestCertificate => {
      const mailbox = der(0xa0, derOid('1.3.6.1.5.5.7.8.9'), derExplicit(0, derUtf8String(address)));
      return aliceWith({
        name: '山田',
        emails: null,
        extensions: [extension('2.5.29.17', false, derSequence(mailbox))],
      });
    };
    const utf8From = (from: string): string => Buffer.from(`From: ${from}\r\n`).toString('latin1');

    test('names who stands in From in raw UTF-8 (RFC 6532)', async () => {
      const by = withMailbox('山田@例え.jp');
      await expectAnswers(signedWith(by, utf8From('山田 <山田@例え.jp>')), oneSeal());
      await expectAnswers(signedWith(by, utf8From('山田@例え．jp')), differs);
      await expectAnswers(signedWith(by, utf8From('山畑@例え.jp')), differs);
      await expectAnswers(signedWith(by, 'From: =?utf-8?B?5bGx55Sw?=@example.jp\r\n'), differs);
    });

    test('in letters that only look alike is another', async () => {
      await expectAnswers(signedWith(withMailbox('\u0430lice@example.jp')), differs);
    });
  });

  test('a certificate with two subjectAltNames is read as none', async () => {
    const second = extension('2.5.29.17', false, derSequence(der(0x81, octets('mallory@evil.example'))));
    await expectAnswers(
      signedWith(aliceWith({ extensions: [second] })),
      oneSeal({
        trust: 'untrusted',
        identity: 'no-address',
        verified: false,
        reasons: ['certificate-malformed', 'certificate-without-address'],
      }),
    );
  });

  test('addresses are the same in any ASCII letter case, and in no other way', () => {
    expect(sameAddress('Alice@Example.JP', 'alice@example.jp')).toBe(true);
    expect(sameAddress('alice@example.jp', 'alice@example.jp ')).toBe(false);
    expect(sameAddress('\u212alice@example.jp', 'klice@example.jp')).toBe(false);
    expect(sameAddress('\u00c4@example.jp', '\u00e4@example.jp')).toBe(false);
    expect(sameAddress('alice@example.jp.', 'alice@example.jp')).toBe(false);
  });
});

describe('a From that was signed', () => {
  const outside = 'From: alice@example.jp\r\n';
  const inner = (from: string): Uint8Array => octets(`${from}Subject: inside\r\n\r\ntext\r\n`);
  function wrapped(entity: Uint8Array, form: 'detached' | 'opaque'): Uint8Array {
    if (form === 'detached') return detachedMessage(entity, signedBy(alice, entity), { header: outside });
    const p7m = signedData({
      content: entity,
      embed: true,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    return opaqueMessage(p7m, { header: outside });
  }
  const changes = { detached: {}, opaque: { covers: '/', form: 'opaque' } };

  test.each(['detached', 'opaque'] as const)(
    'in a message wrapped whole (RFC 8551 §3.1), %s',
    async (form) => {
      const same = attachedMessage(inner('From: Alice <alice@example.jp>\r\n'));
      await expectAnswers(wrapped(same, form), oneSeal({}, changes[form]));
      const none = attachedMessage(inner(''));
      await expectAnswers(wrapped(none, form), oneSeal({}, changes[form]));
      const refused = { identity: 'mismatch', verified: false, reasons: ['protected-from-differs'] };
      for (const from of [
        'From: carol@example.net\r\n',
        'From: alice@example.jp\r\nFrom: carol@example.net\r\n',
        'From: alice@example.jp, carol@example.net\r\n',
      ]) {
        await expectAnswers(wrapped(attachedMessage(inner(from)), form), oneSeal(refused, changes[form]));
      }
    },
  );

  test.each(['detached', 'opaque'] as const)(
    'in the header of what is signed (RFC 9788), %s',
    async (form) => {
      const head = 'Content-Type: text/plain; hp="clear"\r\n';
      const same = octets(`From: alice@example.jp\r\n${head}\r\ntext\r\n`);
      await expectAnswers(wrapped(same, form), oneSeal({}, changes[form]));
      const other = octets(`From: carol@example.net\r\n${head}\r\ntext\r\n`);
      await expectAnswers(
        wrapped(other, form),
        oneSeal(
          { identity: 'mismatch', verified: false, reasons: ['protected-from-differs'] },
          changes[form],
        ),
      );
    },
  );
});

describe('a signature in a file of its own', () => {
  const entity = textEntity();
  const p7s = signedBy(alice, entity);
  const file = { covers: '' } as const;

  test('is held against the address that the caller gives', async () => {
    const answer = async (address?: string) =>
      sealAnswers(
        await verifySignatureFile(p7s, {
          roots,
          at: now,
          content: entity,
          ...(address === undefined ? {} : { address }),
        }),
      );
    expect(await answer('alice@example.jp')).toEqual(seal(file));
    expect(await answer('bob@example.net')).toEqual(
      seal({
        ...file,
        signers: [signer({ identity: 'mismatch', verified: false, reasons: ['address-differs'] })],
      }),
    );
    expect(await answer()).toEqual(
      seal({
        ...file,
        signers: [signer({ identity: 'not-checked', verified: false, reasons: ['sender-unknown'] })],
      }),
    );
  });

  test('content with other line ends is tried in canonical form', async () => {
    const lf = octets(Buffer.from(entity).toString('latin1').replaceAll('\r\n', '\n'));
    const answer = await verifySignatureFile(p7s, {
      roots,
      at: now,
      content: lf,
      address: 'alice@example.jp',
    });
    expect(answer.verified).toBe(true);
    expect(Buffer.from(answer.content!).equals(entity)).toBe(true);
    const overLf = signedBy(alice, lf);
    const asItIs = await verifySignatureFile(overLf, {
      roots,
      at: now,
      content: lf,
      address: 'alice@example.jp',
    });
    expect(asItIs.verified).toBe(true);
    expect(Buffer.from(asItIs.content!).equals(lf)).toBe(true);
  });

  test('without its content it is missing', async () => {
    const answer = await verifySignatureFile(p7s, { roots, at: now, address: 'alice@example.jp' });
    expect(sealAnswers(answer)).toEqual(
      seal({
        ...file,
        signers: [signer({ content: 'missing', verified: false, reasons: ['content-missing'] })],
      }),
    );
  });

  test('octets in shared memory are copied before anything waits', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(entity.length));
    shared.set(entity);
    const pending = verifySignatureFile(p7s, {
      roots,
      at: now,
      content: shared,
      address: 'alice@example.jp',
    });
    shared.fill(0x58);
    const answer = await pending;
    expect(answer.verified).toBe(true);
    expect(Buffer.from(answer.content!).equals(entity)).toBe(true);
  });
});
