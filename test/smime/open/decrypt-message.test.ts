import { describe, expect, test } from 'vitest';
import { type Bytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { parseMessage } from '../../../src/mime/message.js';
import { type DecryptedMessage, decryptMessage } from '../../../src/smime/open/decrypt-message.js';
import { encrypted, messageOf, opaque, readerKey, signed, text } from '../../support/open-scene.js';
import { attachedMessage, multipart, octets, usualHeader } from '../../support/sign-message.js';
import { mallory, verify } from '../../support/sign-scene.js';

const hello = text('Hello');

function decrypt(message: Uint8Array): Promise<DecryptedMessage> {
  return decryptMessage(message, { keys: [readerKey] });
}

async function codeOf(message: Uint8Array, keys = [readerKey]): Promise<string> {
  const error: unknown = await decryptMessage(message, { keys }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MailsealError);
  return (error as MailsealError).code;
}

describe('decryptMessage', () => {
  test('gives the message that was encrypted, with the header that it came with', async () => {
    const { message, envelope } = await decrypt(messageOf(await encrypted(hello)));
    expect(latin1FromBytes(message)).toBe(`${usualHeader}MIME-Version: 1.0\r\n${latin1FromBytes(hello)}`);
    expect([envelope.authenticated, envelope.cipher?.name]).toEqual([false, 'aes128-cbc']);
  });

  test('what was signed before verifies after', async () => {
    for (const sign of [signed, opaque]) {
      const { message, envelope } = await decrypt(messageOf(await encrypted(sign(hello), 'aes256-gcm')));
      expect(envelope.authenticated).toBe(true);
      expect((await verify(message)).verified).toBe(true);
    }
  });

  test('signatures outside go with the layer, one layer of encryption at a time', async () => {
    const twice = await encrypted(await encrypted(hello, 'aes256-gcm'));
    const once = await decrypt(messageOf(signed(twice, mallory)));
    expect(parseMessage(once.message).contentType.mediaType).toBe('application/pkcs7-mime');
    expect(
      parseMessage((await decrypt(once.message)).message)
        .text()
        .trim(),
    ).toBe('Hello');
  });

  test('also from under a signature inside, which stays as it was (RFC 9788 §1.7)', async () => {
    const payload = octets(
      'From: mallory@evil.example\r\nSubject: Dinner\r\nContent-Type: text/plain; hp="cipher"\r\n\r\nHello\r\n',
    );
    const outside = 'From: alice@example.jp\r\nSubject: [...]\r\n';
    const sealed = [signed(payload), opaque(payload), opaque(signed(payload))];
    for (const content of sealed) {
      const { message } = await decrypt(messageOf(await encrypted(content), outside));
      const { headers } = parseMessage(message);
      expect([headers.get('from')?.value, headers.get('subject')?.value]).toEqual([
        'alice@example.jp',
        'Dinner',
      ]);
      const [seal] = (await verify(message)).seals;
      expect(seal?.signers[0]).toMatchObject({ content: 'intact', signature: 'valid' });
    }
    // What is encrypted once more shows no header.
    const twice = await encrypted(signed(await encrypted(payload)));
    const { message } = await decrypt(messageOf(twice, outside));
    expect(parseMessage(message).headers.get('subject')?.value).toBe('[...]');
  });

  test('protected fields take the place of those outside, but for an unbound From (RFC 9788 §4.4)', async () => {
    const payload = octets(
      'From: mallory@evil.example\r\nSubject: Dinner\r\nHP-Outer: Subject: [...]\r\nContent-Type: text/plain; hp="cipher"\r\n\r\nHello\r\n',
    );
    const { message } = await decrypt(
      messageOf(await encrypted(payload), 'From: alice@example.jp\r\nSubject: [...]\r\nX-Trace: a\r\n'),
    );
    expect([...parseMessage(message).headers].map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'From: alice@example.jp',
      'Subject: Dinner',
      'MIME-Version: 1.0',
      'Content-Type: text/plain',
    ]);
  });

  test('a field of the content does not stand in for one of the message', async () => {
    const content = octets('From: mallory@evil.example\r\nContent-Type: text/plain\r\n\r\nHello\r\n');
    const { message } = await decrypt(messageOf(await encrypted(content)));
    expect(
      parseMessage(message)
        .headers.all('from')
        .map(({ value }) => value),
    ).toEqual(['Alice <alice@example.jp>']);
  });

  test('content without a header is all body', async () => {
    const { message } = await decrypt(messageOf(await encrypted(octets('Hello,\r\n\r\nBob\r\n'))));
    expect(parseMessage(message).text()).toBe('Hello,\r\n\r\nBob\r\n');
  });

  test('a message that was wrapped whole stays wrapped', async () => {
    const { message } = await decrypt(messageOf(await encrypted(attachedMessage(messageOf(hello)))));
    const parsed = parseMessage(message);
    expect([parsed.isMessage, parsed.parts[0]?.text().trim()]).toEqual([true, 'Hello']);
  });

  test('LF line ends become CRLF in the header', async () => {
    const lf = octets(latin1FromBytes(messageOf(await encrypted(hello))).replaceAll('\r\n', '\n'));
    const { message } = await decrypt(lf);
    expect(latin1FromBytes(message)).toBe(`${usualHeader}MIME-Version: 1.0\r\n${latin1FromBytes(hello)}`);
  });

  test('what is not encrypted as a whole is told', async () => {
    expect(await codeOf(messageOf(hello))).toBe('smime-not-encrypted');
    expect(await codeOf(messageOf(signed(hello)))).toBe('smime-not-encrypted');
    await expect(decrypt(messageOf(signed(hello)))).rejects.toThrow('the message is not encrypted');
    const partly = messageOf(multipart('mixed', [hello, await encrypted(hello)]));
    expect(await codeOf(partly)).toBe('smime-not-encrypted');
    await expect(decrypt(partly)).rejects.toThrow('only parts of the message are encrypted');
  });

  test('what is damaged is told by its damage', async () => {
    const cut = messageOf(await encrypted(hello));
    expect(await codeOf(cut.subarray(0, cut.length - 100) as Bytes)).toMatch(/^(?:asn1|cms)-/);
    const part = multipart('mixed', [hello, octets('Content-Type: application/pkcs7-mime\r\n\r\nMIAG')]);
    expect(await codeOf(messageOf(part))).toBe('smime-not-encrypted');
  });

  test('who has no key, or the wrong one, is told', async () => {
    const message = messageOf(await encrypted(hello));
    expect(await codeOf(message, [])).toBe('cms-no-recipient');
    const wrong = { kek: new Uint8Array(16), id: octets('reader') };
    expect(await codeOf(message, [wrong])).toBe('crypto-decryption-failed');
  });

  test('CMS without MIME around it is no message', async () => {
    const bare = messageOf(await encrypted(octets('x'), 'aes256-gcm', '1.2.840.113549.1.7.2'));
    expect(await codeOf(bare)).toBe('cms-unsupported');
  });
});
