import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { withoutLegacyHtml } from '../../src/mime/bodies/legacy-display.js';
import { composeMessage } from '../../src/mime/compose/compose.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { safeEntity } from '../../src/smime/entity/safe-entity.js';
import { splitMessage } from '../../src/smime/entity/split-message.js';
import type { HeaderConfidentialityPolicy } from '../../src/smime/header-protection/confidentiality-policy.js';
import { protectCipher } from '../../src/smime/header-protection/protect-header.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { octets } from '../support/sign-message.js';
import { alice, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const usage = expect.objectContaining({ code: 'usage' });

/** RFC 9788 appendix C.3.1.2: the message before its header was protected. */
const rfcMessage = octets(
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 7bit\r\nSubject: smime-signed-enc-hp-baseline\r\nMessage-ID: <smime-signed-enc-hp-baseline@example>\r\nFrom: Alice <alice@smime.example>\r\nTo: Bob <bob@smime.example>\r\nDate: Sat, 20 Feb 2021 10:09:02 -0500\r\nUser-Agent: Sample MUA Version 1.0\r\n\r\nThis is the\r\nsmime-signed-enc-hp-baseline\r\nmessage.\r\n',
);

interface Protected {
  readonly outside: string;
  readonly payload: Part;
  readonly text: string;
}

function cipher(
  message: Uint8Array,
  policy: HeaderConfidentialityPolicy = 'baseline',
  display = false,
): Protected {
  const split = splitMessage(message);
  const { outside, changes } = protectCipher(split, policy, display);
  const { octets: entity } = safeEntity(split.content, '7bit', changes);
  return { outside, payload: parseMessage(entity), text: latin1FromBytes(entity) };
}

function fieldsOf(part: Part): string[] {
  return [...part.headers].map(({ name, value }) => `${name}: ${value}`);
}

describe('header protection of an encrypted message', () => {
  test('RFC 9788 §5.2: the fields stand inside, what is outside in HP-Outer, and hp="cipher"', () => {
    const { outside, payload, text } = cipher(rfcMessage);
    const kept = [
      'Message-ID: <smime-signed-enc-hp-baseline@example>',
      'From: Alice <alice@smime.example>',
      'To: Bob <bob@smime.example>',
      'Date: Sat, 20 Feb 2021 10:09:02 -0500',
      'User-Agent: Sample MUA Version 1.0',
    ];
    expect(outside.split('\r\n')).toEqual(['Subject: [...]', ...kept, '']);
    expect(fieldsOf(payload)).toEqual([
      'Subject: smime-signed-enc-hp-baseline',
      ...kept,
      'HP-Outer: Subject: [...]',
      ...kept.map((field) => `HP-Outer: ${field}`),
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset="utf-8"; hp="cipher"',
      'Content-Transfer-Encoding: 7bit',
    ]);
    expect(text).toMatch(/\r\n\r\nThis is the\r\nsmime-signed-enc-hp-baseline\r\nmessage\.\r\n$/);
  });

  test('RFC 9788 §3.2.1: baseline takes Comments and Keywords away, with no HP-Outer for them', () => {
    const message = octets('From: a@example.jp\r\nComments: c\r\nKeywords: k\r\nSubject: s\r\n\r\nx\r\n');
    const { outside, payload } = cipher(message);
    expect(outside).toBe('From: a@example.jp\r\nSubject: [...]\r\n');
    expect(payload.headers.get('comments')?.value).toBe('c');
    expect(payload.headers.get('keywords')?.value).toBe('k');
    expect(payload.headers.all('hp-outer').map(({ value }) => value)).toEqual([
      'From: a@example.jp',
      'Subject: [...]',
    ]);
  });

  test('RFC 9788 §3.2.2: shy takes names and the time zone away, too', () => {
    const message = octets(
      'From: =?utf-8?B?5bGx55Sw?= <a@example.jp>\r\nTo: Bob <b@example.jp>, Team: c@example.jp;\r\nCc: nobody:;\r\nDate: Sat, 20 Feb 2021 10:09:02 -0500\r\nSubject: s\r\n\r\nx\r\n',
    );
    const { outside, payload } = cipher(message, 'shy');
    expect(outside.split('\r\n')).toEqual([
      'From: a@example.jp',
      'To: b@example.jp, c@example.jp',
      'Cc: nobody:;',
      'Date: Sat, 20 Feb 2021 15:09:02 +0000',
      'Subject: [...]',
      '',
    ]);
    expect(payload.headers.get('from')?.text).toBe('山田 <a@example.jp>');
  });

  test('RFC 9788 §3.2.3: nothing is hidden where the policy says so', () => {
    const { outside, payload } = cipher(rfcMessage, 'none', true);
    expect(outside).toContain('Subject: smime-signed-enc-hp-baseline\r\n');
    expect(payload.contentType.parameters.get('hp')).toBe('cipher');
    expect(payload.contentType.parameters.has('hp-legacy-display')).toBe(false);
  });

  test('a policy of the caller’s may hide what it likes but From and Date', () => {
    const message = octets(
      'From: A <a@example.jp>\r\nDate: Sat, 20 Feb 2021 10:09:02 -0500\r\nTo: b@example.jp\r\n\r\nx\r\n',
    );
    const noTo = (name: string, value: string) => (name === 'To' ? undefined : value);
    expect(cipher(message, noTo).outside).not.toContain('To:');
    const named = (name: string, value: string) => (name === 'From' ? 'B <a@EXAMPLE.jp>' : value);
    expect(cipher(message, named).outside).toContain('From: B <a@EXAMPLE.jp>\r\n');
    for (const field of ['From', 'Date']) {
      const hides = (name: string, value: string) => (name === field ? undefined : value);
      expect(() => cipher(message, hides)).toThrow(usage);
    }
    expect(() => cipher(message, (name, value) => (name === 'From' ? 'b@example.jp' : value))).toThrow(usage);
    expect(() => cipher(message, () => 7 as never)).toThrow(usage);
    expect(() => cipher(message, 'bold' as never)).toThrow(usage);
    expect(() => cipher(message, () => 'a\r\nBcc: x')).toThrow();
  });

  test('RFC 9788 §11.4: Bcc, and what servers wrote, are not protected; HP-Outer from outside is dropped', () => {
    const message = octets(
      'Received: by b\r\nDKIM-Signature: v=1\r\nFrom: a@example.jp\r\nBcc: c@example.jp\r\nHP-Outer: From: z@example.jp\r\n\r\nx\r\n',
    );
    const { outside, payload } = cipher(message);
    expect(outside).toBe('Received: by b\r\nDKIM-Signature: v=1\r\nFrom: a@example.jp\r\n');
    expect(fieldsOf(payload).filter((field) => !field.startsWith('Content-'))).toEqual([
      'From: a@example.jp',
      'HP-Outer: From: a@example.jp',
      'MIME-Version: 1.0',
    ]);
  });

  test('what the content claimed of its own protection is replaced', () => {
    const message = octets(
      'From: a@example.jp\r\nContent-Type: text/plain; hp="clear"; charset=utf-8\r\n\r\nx\r\n',
    );
    const { payload } = cipher(message);
    expect(payload.headers.get('content-type')?.value).toBe('text/plain; charset="utf-8"; hp="cipher"');
  });

  test('RFC 2047: fields that are not ASCII become so, inside and outside alike', () => {
    const message = octets('From: caf\xc3\xa9 <a@example.jp>\r\nX-Note: caf\xc3\xa9\r\n\r\nx\r\n');
    const { outside, payload, text } = cipher(message);
    expect(outside + text).toMatch(/^[\t\r\n -~]*$/);
    expect(payload.headers.get('from')?.text).toBe('café <a@example.jp>');
    expect(payload.headers.get('x-note')?.text).toBe('café');
  });

  test('RFC 6532: an address that is not ASCII stays what it is', async () => {
    const from = Buffer.from('山田 <用户@例え.jp>').toString('latin1');
    const message = octets(`From: ${from}\r\nSubject: s\r\n\r\nx\r\n`);
    for (const policy of ['baseline', 'shy'] as const) {
      const { outside, payload } = cipher(message, policy);
      expect(outside).toContain(`From: ${from}\r\n`);
      expect(payload.headers.get('from')?.text).toBe('山田 <用户@例え.jp>');
      expect(payload.headers.get('hp-outer')?.text).toBe('From: 山田 <用户@例え.jp>');
    }
    const signers = [await signingKey(alice)];
    await expect(signMessage(message, { signers, headerProtection: true })).rejects.toMatchObject({
      code: 'smime-content-unsafe',
    });
    const signed = await signMessage(message, { signers, headerProtection: true, transport: '8bit' });
    expect(parseMessage(signed).parts[0]?.headers.get('from')?.text).toBe('山田 <用户@例え.jp>');
  });

  test('long fields are folded in HP-Outer, too, and say the same', () => {
    const to = Array.from({ length: 12 }, (_, i) => `somebody.number${i}@example.jp`).join(',\r\n ');
    const { payload, text } = cipher(octets(`From: a@example.jp\r\nTo: ${to}\r\n\r\nx\r\n`));
    expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
    const value = payload.headers.get('to')?.value;
    expect(payload.headers.all('hp-outer').map((field) => field.value)).toContain(`To: ${value}`);
  });

  test('RFC 9788 §1.7: content that is sealed already cannot have its header protected', async () => {
    const signers = [await signingKey(alice)];
    const signed = await signMessage(rfcMessage, { signers });
    const opaque = await signMessage(rfcMessage, { signers, form: 'opaque' });
    for (const each of [signed, opaque]) {
      expect(() => cipher(each)).toThrow(usage);
      await expect(signMessage(each, { signers, headerProtection: true })).rejects.toThrow(usage);
    }
    expect(() => cipher(octets('Content-Type: text/plain\r\n\r\nx\r\n'))).toThrow(usage);
  });
});

describe('the legacy display element', () => {
  const hidden = (content: string, subject = 'Dinner plans'): Uint8Array<ArrayBuffer> =>
    octets(`From: Alice <alice@example.net>\r\nSubject: ${subject}\r\n${content}`);

  test('RFC 9788 §5.2.2, appendix E.1: stands before a blank line in plain text', () => {
    const { payload, text } = cipher(
      hidden('Content-Type: text/plain; charset="us-ascii"\r\n\r\nLet’s meet.\r\n'.replace('’', "'")),
      'baseline',
      true,
    );
    expect(payload.headers.get('content-type')?.value).toBe(
      'text/plain; charset="us-ascii"; hp-legacy-display="1"; hp="cipher"',
    );
    expect(text).toMatch(/\r\n\r\nSubject: Dinner plans\r\n\r\nLet's meet\.\r\n$/);
  });

  test('RFC 9788 §5.2.3, appendix E.2: is the first element of an HTML body', () => {
    const { payload } = cipher(
      hidden(
        'Content-Type: text/html; charset="us-ascii"\r\n\r\n<html><head><title></title></head><BODY class="a>b">\r\n<p>\r\n</p></body></html>\r\n',
        'a < b & c',
      ),
      'baseline',
      true,
    );
    expect(payload.contentType.parameters.get('hp-legacy-display')).toBe('1');
    expect(payload.text()).toContain(
      '<BODY class="a>b">\r\n<div class="header-protection-legacy-display">\r\n<pre>Subject: a &lt; b &amp; c</pre></div>\r\n\r\n<p>',
    );
  });

  test.each([
    ['text/plain; charset=viscii', 'Ti\xaang\r\n'],
    ['text/html; charset=x-unknown', '<p>Ti\xaang</p>\r\n'],
    ['text/plain', 'Ti\xaang\r\n'],
    ['text/plain; charset=us-ascii', 'Ti\xaang\r\n'],
  ])('is not put into %s, whose octets would be written as a guess', (type, body) => {
    const message = hidden(
      `Content-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}`,
      '=?utf-8?B?5aSV6aOf?=',
    );
    const { payload } = cipher(message, 'baseline', true);
    expect(payload.contentType.parameters.has('hp-legacy-display')).toBe(false);
    expect(latin1FromBytes(payload.content())).toBe(body);
    expect(payload.contentType.parameters.get('charset')).toBe(/charset=(.*)/.exec(type)?.[1]);
  });

  test.each(['<p>a</p>\r\n', '<html><body>\r\n<p>a</p></body></html>\r\n', '<body><p>a\r\n'])(
    'HTML comes back as it was: %j',
    (html) => {
      const { payload } = cipher(
        hidden(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`),
        'baseline',
        true,
      );
      expect(payload.contentType.parameters.get('hp-legacy-display')).toBe('1');
      expect(withoutLegacyHtml(payload.text())).toBe(html);
    },
  );

  test('RFC 9788 §5.2.2: stands in all alternatives of the main body, and in no attachment', () => {
    const message = composeMessage({
      from: 'alice@example.jp',
      subject: '夕食',
      date: now,
      text: 'plain',
      html: '<p>html</p>',
      inline: [{ content: new Uint8Array([1]), contentType: 'image/png', contentId: 'a@b' }],
      attachments: [{ content: 'file\r\n', filename: 'a.txt' }],
    });
    const { payload } = cipher(message, 'baseline', true);
    const shown = [...payload.walk()].map(
      (part) =>
        `${part.contentType.mediaType} ${part.contentType.parameters.get('hp-legacy-display') ?? '-'}`,
    );
    expect(shown).toEqual([
      'multipart/mixed -',
      'multipart/alternative -',
      'text/plain 1',
      'multipart/related -',
      'text/html 1',
      'image/png -',
      'text/plain -',
    ]);
    const [plain, html] = [...payload.walk()].filter((part) =>
      part.contentType.parameters.has('hp-legacy-display'),
    );
    expect(plain?.text()).toBe('Subject: 夕食\r\n\r\nplain\r\n');
    expect(html?.text()).toContain('<pre>Subject: 夕食</pre>');
    expect(payload.parts[1]?.text()).toBe('file\r\n');
  });

  test.each([
    ['shift_jis', '\x82\xb1\x82\xf1', 'Dinner', 'shift_jis', 'Subject: Dinner\r\n\r\nこん\r\n'],
    ['shift_jis', '\x82\xb1\x82\xf1', '=?utf-8?B?5aSV6aOf?=', 'utf-8', 'Subject: 夕食\r\n\r\nこん\r\n'],
    ['iso-2022-jp', '\x1b$B$3$s\x1b(B', 'Dinner', 'iso-2022-jp', 'Subject: Dinner\r\n\r\nこん\r\n'],
    ['us-ascii', 'a', '=?utf-8?B?5aSV6aOf?=', 'utf-8', 'Subject: 夕食\r\n\r\na\r\n'],
    ['utf-16be', '\0a\0\r\0\n', 'Dinner', 'utf-8', 'Subject: Dinner\r\n\r\na\r\n'],
  ])('text in %s', (charset, body, subject, expected, read) => {
    const encoded = Buffer.from(body.endsWith('\n') ? body : `${body}\r\n`, 'latin1').toString('base64');
    const { payload } = cipher(
      hidden(
        `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`,
        subject,
      ),
      'baseline',
      true,
    );
    expect(payload.charset).toBe(expected);
    expect(payload.text()).toBe(read);
  });

  test('text that cannot be read is not touched', () => {
    const message = hidden(
      'Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n2AA=\r\n',
    );
    const { payload } = cipher(message, 'baseline', true);
    expect(payload.contentType.parameters.has('hp-legacy-display')).toBe(false);
  });
});

describe('header protection of a signed message', () => {
  test('RFC 9788 §5.2: the fields stand inside and outside alike, with hp="clear"', async () => {
    const message = octets(
      'From: Alice <alice@example.jp>\r\nSubject: signed\r\nX-Own: 1\r\nMIME-Version: 1.0\r\n\r\nx\r\n',
    );
    for (const form of ['detached', 'opaque'] as const) {
      const signers = [await signingKey(alice)];
      const signed = await signMessage(message, { signers, form, headerProtection: true });
      const report = await verifyMessage(signed, { roots, at: now });
      const entity = report.seals[0]?.entity;
      expect(entity && fieldsOf(entity)).toEqual([
        'From: Alice <alice@example.jp>',
        'Subject: signed',
        'X-Own: 1',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset="us-ascii"; hp="clear"',
      ]);
      expect(report.seals[0]?.signers[0]?.signature).toBe('valid');
      expect(report.message.headers.get('subject')?.value).toBe('signed');
    }
  });
});
