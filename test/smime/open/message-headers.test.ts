import { describe, expect, test } from 'vitest';
import { createCompressedData } from '../../../src/cms/compressed/create-compressed-data.js';
import type { Bytes } from '../../../src/core/bytes.js';
import { expectLinearAsync } from '../../support/linear-time.js';
import { codesOf, encrypted, messageOf, opaque, open, signed, text } from '../../support/open-scene.js';
import { attachedMessage, base64Lines, multipart, octets } from '../../support/sign-message.js';
import { alice, mallory, verify } from '../../support/sign-scene.js';

const outer =
  'From: alice@example.jp\r\nTo: bob@example.net\r\nSubject: [...]\r\nDate: Thu, 15 Jan 2026 18:00:00 +0900\r\n';

/** A payload with protected header fields. */
function payload(fields: string, hp = 'cipher', body = 'Hello'): Bytes {
  return octets(`${fields}Content-Type: text/plain; charset=utf-8; hp="${hp}"\r\n\r\n${body}\r\n`);
}

const fields = 'From: Alice <alice@example.jp>\r\nTo: bob@example.net\r\nSubject: Dinner\r\n';
const record =
  'HP-Outer: From: alice@example.jp\r\nHP-Outer: To: bob@example.net\r\nHP-Outer: Subject: [...]\r\n';

describe('which header is shown (RFC 9788 §4)', () => {
  test('none is protected: the outer one', async () => {
    const { headers } = await open(messageOf(await encrypted(text('Hello')), outer));
    expect([headers.scheme, headers.inner, headers.get('subject')?.value]).toEqual([
      'none',
      undefined,
      '[...]',
    ]);
    expect(headers.protection('subject')).toBe('unprotected');
  });

  test('signed and encrypted: the protected one, and only that', async () => {
    const message = messageOf(
      await encrypted(signed(payload(fields + record))),
      `${outer}Cc: mallory@evil.example\r\n`,
    );
    const { headers, verified, reasons } = await open(message);
    expect([...headers].map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'From: Alice <alice@example.jp>',
      'To: bob@example.net',
      'Subject: Dinner',
    ]);
    expect([headers.scheme, headers.fromShown, headers.fromDiffers, verified, reasons]).toEqual([
      'cipher',
      'inner',
      false,
      true,
      [],
    ]);
    expect(['from', 'to', 'subject', 'cc'].map((name) => headers.protection(name))).toEqual([
      // The display name was kept from others, which the record of what stood outside shows.
      'signed-and-encrypted',
      'signed-only',
      'signed-and-encrypted',
      'unprotected',
    ]);
    expect(headers.outer.get('subject')?.value).toBe('[...]');
  });

  test('signed only: hp="clear", nothing is secret', async () => {
    const { headers, verified } = await open(messageOf(signed(payload(fields, 'clear')), outer));
    expect([headers.scheme, headers.get('subject')?.value, headers.protection('subject'), verified]).toEqual([
      'clear',
      'Dinner',
      'signed-only',
      true,
    ]);
  });

  test('encrypted only: secret, and nobody vouches for it', async () => {
    const { headers, verified } = await open(messageOf(await encrypted(payload(fields + record)), outer));
    expect([headers.get('subject')?.value, headers.protection('subject'), headers.protection('to')]).toEqual([
      'Dinner',
      'encrypted-only',
      'unprotected',
    ]);
    expect(verified).toBe(false);
  });

  test('hp="cipher" without encryption makes nothing secret', async () => {
    const { headers } = await open(messageOf(signed(payload(fields + record)), outer));
    expect(headers.protection('subject')).toBe('signed-only');
  });

  test('a broken signature protects nothing', async () => {
    const forged = Buffer.from(signed(payload(fields, 'clear')));
    forged.write('X', forged.indexOf('Dinner'));
    const { headers, verified } = await open(messageOf(octets(forged.toString('latin1')), outer));
    expect([headers.get('subject')?.value, headers.protection('subject'), verified]).toEqual([
      'Xinner',
      'unprotected',
      false,
    ]);
  });

  test.each<[string, (content: Bytes) => Promise<Bytes> | Bytes]>([
    ['at a part of the payload', (content) => signed(multipart('mixed', [content]))],
    ['in what is not sealed', (content) => content],
    ['beside an unsigned part', (content) => multipart('mixed', [signed(content), text('footer')])],
    [
      'in an unknown form',
      (content) => signed(octets(Buffer.from(content).toString('latin1').replace('hp="clear"', 'hp="x"'))),
    ],
  ])('the parameter %s is ignored (RFC 9788 §4.1)', async (_, wrap) => {
    const { headers } = await open(messageOf(await wrap(payload(fields, 'clear')), outer));
    expect([headers.scheme, headers.get('subject')?.value]).toEqual(['none', '[...]']);
  });

  test('only the innermost layer has the payload: one that is itself a layer has none', async () => {
    const inner = Buffer.from(signed(text('Hello')))
      .toString('latin1')
      .replace(
        'Content-Type: multipart/signed;',
        'Subject: Fake\r\nContent-Type: multipart/signed; hp="clear";',
      );
    const { headers } = await open(messageOf(await encrypted(octets(inner)), outer));
    expect([headers.scheme, headers.get('subject')?.value]).toEqual(['none', '[...]']);
  });

  test('a wrapped message: what stands outside tells what is secret (RFC 9788 §4.10.2)', async () => {
    const inner = messageOf(text('Hello'), fields);
    const { headers } = await open(messageOf(await encrypted(signed(attachedMessage(inner))), outer));
    expect([headers.scheme, headers.protection('subject'), headers.protection('to')]).toEqual([
      'wrapped',
      'signed-and-encrypted',
      'signed-only',
    ]);
  });

  test('a copy of header fields in the text is left out, where it was encrypted (RFC 9788 §4.5.3)', async () => {
    const copied = octets(
      Buffer.from(payload(fields + record, 'cipher', 'Subject: Dinner\r\n\r\nHello'))
        .toString('latin1')
        .replace('hp="cipher"', 'hp="cipher"; hp-legacy-display="1"'),
    );
    const shown = async (entity: Uint8Array) =>
      (await open(messageOf(entity, outer))).pieces[0]!.content.text?.trim();
    expect(await shown(await encrypted(signed(copied)))).toBe('Hello');
    // Elsewhere it would hide what is there.
    expect(await shown(signed(copied))).toBe('Subject: Dinner\r\n\r\nHello');
    expect(await shown(copied)).toBe('Subject: Dinner\r\n\r\nHello');
  });
});

test('many fields are asked for in linear time', async () => {
  const messageWith = async (size: number): Promise<Bytes> => {
    const many = Array.from({ length: size }, (_, i) => `X-${i}: ${i}\r\nHP-Outer: X-${i}: ${i}\r\n`).join(
      '',
    );
    return messageOf(await encrypted(payload(fields + record + many), 'aes256-gcm'), outer);
  };
  const messages = new Map([
    [2000, await messageWith(2000)],
    [8000, await messageWith(8000)],
  ]);
  await expectLinearAsync(
    (size) => async () => {
      const { headers } = await open(messages.get(size)!, { limits: { mime: { headers: 1e6 } } });
      let secret = 0;
      for (const { name } of headers) if (headers.protection(name) === 'encrypted-only') secret++;
      expect([headers.length, secret]).toEqual([size + 3, 2]);
    },
    2000,
  );
});

describe('whose From is shown (RFC 9788 §4.4)', () => {
  const asAlice = payload(fields, 'clear');
  const asMallory = payload(fields.replace('Alice <alice@example.jp>', 'mallory@evil.example'), 'clear');
  const fromMallory = outer.replace('alice@example.jp', 'mallory@evil.example');

  test.each<[string, Bytes, string, string, string, boolean, readonly string[]]>([
    ['the same, signed by her', signed(asAlice), outer, 'inner', 'alice@example.jp', true, []],
    [
      'another outside, signed by who is inside',
      signed(asAlice),
      fromMallory,
      'inner',
      'alice@example.jp',
      true,
      ['(outer-from-differs)'],
    ],
    [
      'another outside, signed by who is outside',
      signed(asAlice, mallory),
      fromMallory,
      'outer',
      'mallory@evil.example',
      false,
      ['signer-not-verified', 'from-not-bound'],
    ],
    [
      'another outside, signed by who is inside and pretends outside to be Alice',
      signed(asMallory, mallory),
      outer,
      'inner',
      'mallory@evil.example',
      true,
      ['(outer-from-differs)'],
    ],
    [
      'the same, signed by another',
      signed(asAlice, mallory),
      outer,
      'inner',
      'alice@example.jp',
      false,
      ['signer-not-verified'],
    ],
  ])('%s', async (_, entity, header, shown, address, verified, reasons) => {
    for (const content of [entity, await encrypted(entity)]) {
      const report = await open(messageOf(content, header));
      expect([report.headers.fromShown, report.verified, codesOf(report.reasons)]).toEqual([
        shown,
        verified,
        reasons,
      ]);
      expect(report.headers.all('from').map(({ value }) => value.includes(address))).toEqual([true]);
      // The report holds both.
      expect(report.headers.outer.get('from')).toBeDefined();
      expect(report.headers.inner?.get('from')).toBeDefined();
    }
  });

  test('without a signature the outer one is, with a warning', async () => {
    const report = await open(messageOf(await encrypted(payload(fields)), fromMallory));
    expect([report.headers.fromShown, report.headers.get('from')?.value, codesOf(report.reasons)]).toEqual([
      'outer',
      'mallory@evil.example',
      ['unsigned', 'from-not-bound'],
    ]);
    expect(report.headers.get('subject')?.value).toBe('Dinner');
    expect(report.headers.protection('from')).toBe('unprotected');
    expect(report.reasons[1]!.message).toContain('Alice');
    expect(report.reasons[1]!.message).toContain('mallory@evil.example');
  });

  test('a signature around the encryption binds nothing', async () => {
    const report = await open(messageOf(signed(await encrypted(asAlice)), fromMallory));
    expect([report.headers.fromShown, report.verified]).toEqual(['outer', false]);
  });

  test('a signature around something encrypted is held against the From outside, which is shown', async () => {
    const parts = multipart('mixed', [text('Hello'), await encrypted(text('secret'))]);
    const content = octets(
      Buffer.from(parts)
        .toString('latin1')
        .replace(/^Content-Type: [^\r]*/, `${fields}$&; hp="clear"`),
    );
    for (const [header, isAlice] of [
      [outer, true],
      [fromMallory, false],
    ] as const) {
      const report = await open(messageOf(signed(content), header));
      expect([report.headers.scheme, report.headers.get('subject')?.value]).toEqual(['clear', 'Dinner']);
      expect([report.headers.fromShown, report.verified]).toEqual([isAlice ? 'inner' : 'outer', false]);
      expect(report.seals.map(({ aroundEncryption, verified }) => [aroundEncryption, verified])).toEqual([
        [true, isAlice],
      ]);
    }
  });

  test.each<[string, Partial<Parameters<typeof open>[1]>]>([
    ['an untrusted signer', { roots: [] }],
    ['a certificate that is not valid yet', { at: new Date('2019-01-01T00:00:00Z') }],
  ])('%s binds nothing', async (_, options) => {
    const report = await open(messageOf(signed(asAlice), fromMallory), options);
    expect(report.headers.fromShown).toBe('outer');
  });

  test('two From inside, or two addresses, are no one’s', async () => {
    for (const from of [
      'From: alice@example.jp\r\nFrom: alice@example.jp\r\n',
      'From: alice@example.jp, bob@example.net\r\nSender: alice@example.jp\r\n',
    ]) {
      const report = await open(messageOf(signed(payload(`${from}Subject: x\r\n`, 'clear')), outer));
      expect([report.headers.fromShown, report.verified]).toEqual(['outer', false]);
    }
  });

  test.each<[string, Partial<Parameters<typeof open>[1]>, boolean, string]>([
    ['default', {}, false, 'from-not-bound'],
    // The signer is the Sender that he wrote himself, and the only address shown would be that of another.
    ['acceptSender', { acceptSender: true }, false, 'from-not-bound'],
    ['acceptSender, any signer', { acceptSender: true, signers: 'any' }, false, 'from-not-bound'],
    ['address', { address: 'mallory@evil.example' }, false, 'from-not-bound'],
    ['requireIdentity: false', { requireIdentity: false }, true, '(from-not-bound)'],
  ])('what nobody signed is never shown as verified: %s', async (_, options, verified, code) => {
    const from = 'From: boss@corp.example, mallory@evil.example\r\nSender: mallory@evil.example\r\n';
    const boss = outer.replace('alice@example.jp', 'boss@corp.example');
    const wrapped = attachedMessage(octets(`${from}Subject: x\r\n\r\nHello\r\n`));
    for (const content of [payload(`${from}Subject: x\r\n`, 'clear'), wrapped]) {
      for (const header of [boss, 'Subject: no From\r\n']) {
        const report = await open(messageOf(signed(content, mallory), header), options);
        expect([report.verified, report.headers.fromShown]).toEqual([verified, 'outer']);
        expect(codesOf(report.reasons)).toContain(code);
      }
    }
  });

  test('several authors, the same outside and inside, verify by their Sender where that is accepted', async () => {
    const from = 'From: alice@example.jp, boss@corp.example\r\nSender: alice@example.jp\r\n';
    const message = messageOf(signed(payload(`${from}Subject: x\r\n`, 'clear')), from);
    expect((await open(message)).verified).toBe(false);
    expect((await open(message, { acceptSender: true })).verified).toBe(true);
    expect((await verify(message)).verified).toBe(false);
    expect((await verify(message, { acceptSender: true })).verified).toBe(true);
  });

  test('a Sender inside does not stand for several authors unless that is accepted', async () => {
    const from = 'From: boss@corp.example, mallory@evil.example\r\nSender: mallory@evil.example\r\n';
    const wrapped = attachedMessage(octets(`${from}\r\nHello\r\n`));
    for (const content of [payload(from, 'clear'), wrapped]) {
      const message = messageOf(signed(content, mallory), fromMallory);
      const report = await verify(message);
      expect([report.verified, report.seals[0]!.signers[0]!.identity]).toEqual([false, 'mismatch']);
      expect((await verify(message, { acceptSender: true })).verified).toBe(true);
    }
  });

  test('every seal around everything is held against the From that is shown', async () => {
    const twice = signed(signed(asAlice, mallory, 'b1'), alice, 'b2');
    const report = await open(messageOf(twice, fromMallory));
    expect(report.seals.map(({ verified }) => verified)).toEqual([true, false]);
    expect([report.verified, report.headers.fromShown]).toEqual([true, 'inner']);
    const others = await open(messageOf(signed(signed(asAlice, mallory, 'b1'), mallory, 'b2'), fromMallory));
    expect(others.seals.map(({ verified }) => verified)).toEqual([false, false]);
    expect([others.verified, others.headers.fromShown]).toEqual([false, 'outer']);
    // A list that signs around a signature of the author verifies nothing, and spoils nothing.
    const listed = await open(messageOf(signed(signed(asAlice, alice, 'b1'), mallory, 'b2'), fromMallory));
    expect(listed.seals.map(({ verified }) => verified)).toEqual([false, true]);
    expect(listed.verified).toBe(true);
  });

  test('compression alone brings no header (RFC 9787 §4)', async () => {
    const compressed = async (entity: Uint8Array): Promise<Bytes> =>
      octets(
        `Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(await createCompressedData({ content: entity }))}\r\n`,
      );
    const alone = (await open(messageOf(await compressed(asAlice), outer))).headers;
    expect([alone.scheme, alone.get('subject')?.value]).toEqual(['none', '[...]']);
    const inSignature = (await open(messageOf(signed(await compressed(asAlice)), outer))).headers;
    expect([inSignature.scheme, inSignature.get('subject')?.value]).toEqual(['clear', 'Dinner']);
  });

  test('verifyMessage, which shows no header, wants both to be the signer', async () => {
    const report = await verify(messageOf(signed(asAlice), fromMallory));
    expect(report.verified).toBe(false);
    expect((await verify(messageOf(opaque(asAlice), outer))).verified).toBe(true);
  });
});
