import { describe, expect, test } from 'vitest';
import { type Bytes, latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { compressMessage } from '../../src/smime/compress/compress-message.js';
import { type EncryptMessageOptions, encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { encrypted, messageOf, open, readerKey, signed } from '../support/open-scene.js';
import { attachedMessage, multipart, octets } from '../support/sign-message.js';
import { alice, intermediate, now } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime: now })];
const header = 'From: alice@example.jp\r\nTo: bob@example.net\r\nSubject: Friday\r\n';
// The key of open-scene.ts as its writer names it.
const reader = { kek: new Uint8Array(16).fill(7), id: octets('reader') };

async function encrypt(message: Uint8Array, change: Partial<EncryptMessageOptions> = {}): Promise<Bytes> {
  const [sealed] = await encryptMessage(message, { recipients: [reader], at: now, ...change });
  return sealed!.message;
}

/** What a reader sees: subject and texts. */
async function shown(message: Uint8Array): Promise<readonly (string | undefined)[]> {
  const { headers, pieces } = await open(message);
  return [headers.get('subject')?.value, ...pieces.map(({ content }) => content.text)];
}

async function decrypt(message: Uint8Array): Promise<Bytes> {
  return (await decryptMessage(message, { keys: [readerKey] })).message;
}

const text = 'First paragraph\r\n\r\nSecond\r\n';
const html = '<body><div class="header-protection-legacy-display">First paragraph</div>Second';
const stale = [
  'hp="cipher"',
  'hp="clear"; hp-legacy-display=1',
  "hp*=us-ascii''cipher; hp-legacy-display*0=1",
];

describe('what header protection said of a message before (RFC 9788 §2.1) hides nothing when it is sealed anew', () => {
  test.each(stale)('%s at its root', async (parameters) => {
    const message = octets(`${header}Content-Type: text/plain; ${parameters}; format=fixed\r\n\r\n${text}`);
    const seen = ['Friday', text];
    expect(await shown(await signMessage(message, { signers }))).toEqual(seen);
    expect(await shown(await signMessage(message, { signers, form: 'opaque' }))).toEqual(seen);
    expect(await shown(await signMessage(message, { signers, headerProtection: true }))).toEqual(seen);
    expect(await shown(await encrypt(message))).toEqual(seen);
    expect(await shown(await encrypt(message, { sign: { signers } }))).toEqual(seen);
    expect(await shown(await encrypt(message, { headerProtection: true, legacyDisplay: false }))).toEqual(
      seen,
    );
    expect(await shown(await encrypt(message, { headerProtection: 'none' }))).toEqual(seen);
    expect(await shown(await encrypt(message, { headerProtection: true }))).toEqual(seen);
    expect(await shown(await compressMessage(message))).toEqual(seen);
  });

  test('hp-legacy-display at its parts', async () => {
    const part = octets(`Content-Type: text/plain; hp-legacy-display="1"\r\n\r\n${text}`);
    const second = octets(`Content-Type: text/html; hp-legacy-display="1"\r\n\r\n${html}`);
    const both = latin1FromBytes(multipart('alternative', [part, second]));
    const message = octets(
      header + both.replace('multipart/alternative;', 'multipart/alternative; hp="cipher";'),
    );
    for (const headerProtection of [false, 'none', true] as const) {
      const report = await open(await encrypt(message, { headerProtection, sign: { signers } }));
      expect(report.verified).toBe(true);
      expect(report.headers.get('subject')?.value).toBe('Friday');
      expect(report.pieces[0]?.content.text).toContain('First paragraph');
      expect(report.pieces[0]?.content.html).toContain('First paragraph');
    }
  });

  test('attached messages and what others signed keep theirs', async () => {
    const attached = messageOf(
      octets(`Content-Type: text/plain; hp="clear"; hp-legacy-display="1"\r\n\r\n${text}`),
      header,
    );
    const message = octets(
      header +
        latin1FromBytes(multipart('mixed', [octets('\r\nx'), attachedMessage(attached), signed(attached)])),
    );
    const count = (octetsOf: Uint8Array): number =>
      latin1FromBytes(octetsOf).match(/hp="clear"; hp-legacy-display="1"/g)!.length;
    expect(count(await signMessage(message, { signers }))).toBe(count(message));
    const alone = octets(header + latin1FromBytes(signed(attached)));
    expect((await open(await encrypt(alone))).headers).toMatchObject({ scheme: 'clear' });
  });

  test('a message without any keeps its Content-Type as it is written', async () => {
    const field = 'Content-Type: text/plain; charset=utf-8; (a comment) format=fixed\r\n';
    expect(latin1FromBytes(await signMessage(octets(`${header}${field}\r\nx\r\n`), { signers }))).toContain(
      field,
    );
  });
});

describe('decryptMessage puts protected fields outside, and says no more that they are inside', () => {
  const plain = octets(`${header}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`);

  test('so that the message can be sealed anew', async () => {
    const once = await decrypt(await encrypt(plain, { headerProtection: true }));
    expect(latin1FromBytes(once)).not.toMatch(/hp|HP|\[\.\.\.\]/);
    expect(parseMessage(once).text()).toBe(text);
    expect(await shown(await encrypt(once))).toEqual(['Friday', text]);
    // By whomever: what hp says was true of the layer that is off.
    expect(await shown(messageOf(await encrypted(once), header))).toEqual(['Friday', text]);
  });

  test.each([
    ['plain text', 'text/plain; charset=iso-2022-jp', '\x1b$B$"\x1b(B\r\n\r\nSecond\r\n'],
    ['HTML', 'text/html; charset=shift_jis', '<html><body bgcolor="a>b"><p>x</p></body></html>\r\n'],
    ['text of 8 bits', 'text/plain; charset=utf-8', 'caf\xc3\xa9\r\n\r\nSecond\r\n'],
  ])('copies of fields go from %s', async (_, type, body) => {
    const before = octets(`${header}Content-Type: ${type}\r\n\r\n${body}`);
    const sealed = await encrypt(before, { headerProtection: true });
    const once = await decrypt(sealed);
    const words = (octetsOf: Uint8Array): string => parseMessage(octetsOf).text().replace(/\s+/g, ' ').trim();
    expect(words(once).replace('> <', '><')).toBe(words(before));
    expect(parseMessage(once).contentType.parameters.has('hp-legacy-display')).toBe(false);
    expect(latin1FromBytes(once)).not.toContain('<pre>Subject');
  });

  test('where there is no copy the body stays octet for octet', async () => {
    const body = 'a \nFrom here\r\n.\r\n';
    const inner = octets(
      `${header}Content-Type: text/plain; hp="cipher"\r\nContent-Language: ja\r\n\r\n${body}`,
    );
    const { message } = await decryptMessage(messageOf(await encrypted(inner), header), {
      keys: [readerKey],
    });
    expect(latin1FromBytes(message)).toBe(
      `${header}MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Language: ja\r\n\r\n${body}`,
    );
  });

  test('what is signed inside keeps all of it', async () => {
    const once = await decrypt(await encrypt(plain, { headerProtection: true, sign: { signers } }));
    const report = await open(once);
    expect([report.verified, report.headers.scheme, report.headers.get('subject')?.value]).toEqual([
      true,
      'cipher',
      'Friday',
    ]);
  });
});

describe('what servers write is taken from outside (RFC 8601 §5)', () => {
  const forged = [
    'Received: from bank.example',
    'Return-Path: <boss@corp.example>',
    'Authentication-Results: mx.example.net; dkim=pass header.d=corp.example',
    'ARC-Seal: i=1; cv=pass',
    'DKIM-Signature: v=1; d=corp.example',
    'Received-SPF: pass',
    'Delivered-To: boss@corp.example',
    'X-Spam-Status: No',
  ];
  const inside = octets(
    `${header}${forged.join('\r\n')}\r\nContent-Type: text/plain; hp="cipher"\r\n\r\nHello\r\n`,
  );
  const traces =
    'Received: from mail.example\r\nAuthentication-Results: mx.example.net; dkim=fail\r\nReturn-Path: <mallory@evil.example>\r\n';
  const outside = `${traces}${header.replace('Friday', '[...]')}Cc: mallory@evil.example\r\n`;

  test.each<[string, (entity: Bytes) => Bytes]>([
    ['encrypted', (entity) => entity],
    ['signed, too', (entity) => signed(entity)],
  ])('in the header to show: %s', async (_, wrap) => {
    const { headers } = await open(messageOf(await encrypted(wrap(inside)), outside));
    expect([...headers].map(({ name, value }) => `${name}: ${value}\r\n`).join('')).toBe(traces + header);
    expect(headers.all('received').map(({ value }) => value)).toEqual(['from mail.example']);
    expect(
      ['received', 'authentication-results', 'arc-seal'].map((name) => headers.protection(name)),
    ).toEqual(['unprotected', 'unprotected', 'unprotected']);
    expect(headers.inner?.get('received')?.value).toBe('from bank.example');
  });

  test('in a message that was wrapped whole', async () => {
    const wrapped = attachedMessage(octets(latin1FromBytes(inside).replace('; hp="cipher"', '')));
    const { headers } = await open(messageOf(await encrypted(wrapped), outside));
    expect(headers.scheme).toBe('wrapped');
    expect(headers.get('authentication-results')?.value).toBe('mx.example.net; dkim=fail');
    expect(headers.get('x-spam-status')).toBeUndefined();
  });

  test('in what decryptMessage gives', async () => {
    const message = await decrypt(messageOf(await encrypted(inside), outside));
    expect(latin1FromBytes(message)).toBe(
      `${traces}${header}MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n`,
    );
  });

  test('a CR in a field inside begins no other field outside', async () => {
    const cr = octets(latin1FromBytes(inside).replace('Friday', 'hi\rFrom: boss@corp.example'));
    const message = await decrypt(messageOf(await encrypted(cr), outside));
    expect(latin1FromBytes(message)).toContain('Subject: hi From: boss@corp.example\r\n');
    const bare = octets('Content-Type: text/plain\rX: y\r\n\r\nHello\r\n');
    const other = await decrypt(messageOf(await encrypted(bare), outside));
    expect(latin1FromBytes(other)).not.toMatch(/\r(?!\n)/);
  });
});
