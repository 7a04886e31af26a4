import { describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, equalBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { parseMessage } from '../../../src/mime/message.js';
import { encryptMessage } from '../../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../../src/smime/open/decrypt-message.js';
import {
  MessageEncryptor,
  type MessageEncryptorOptions,
} from '../../../src/smime/stream/message-encryptor.js';
import { seededLengths, writtenInPieces } from '../../support/cms-objects.js';
import { holder } from '../../support/envelopes.js';
import { hardMails } from '../../support/hard-mails.js';
import { messageOf, open, readerKey, signed, text } from '../../support/open-scene.js';
import { alice, intermediate, now } from '../../support/sign-scene.js';
import { signingKey } from '../../support/signing-people.js';

const reader = readerKey as { kek: Uint8Array; id: Uint8Array };
const signer = await signingKey(alice, { chain: [intermediate.certificate] });
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const options: MessageEncryptorOptions = { recipients: [reader], at: now, random };
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
const mail = bytesFromLatin1(
  'From: Alice <alice@example.jp>\nTo: bob@example.net\nDKIM-Signature: bh=x\nBcc: c@example.jp\nSubject: secret\nContent-Type: text/plain; charset=latin1\nContent-Transfer-Encoding: 8bit\n\nFrom caf\xe9 \n.\n',
);
const mails: [string, Bytes][] = [
  ['mail', mail],
  ['entity', text('only a part')],
  ['signed once', messageOf(signed(text('signed before')))],
  ...Object.entries(hardMails),
];

async function inPieces(
  message: Bytes,
  change: Partial<MessageEncryptorOptions>,
  lengths: () => number,
): Promise<Bytes> {
  return writtenInPieces(new MessageEncryptor({ ...options, ...change }), message, lengths);
}

const decrypted = async (message: Bytes): Promise<Bytes> =>
  (await decryptMessage(message, { keys: [reader] })).message;

describe.each(mails)('%s', (_, message) => {
  test.each(['aes128-cbc', 'aes256-gcm', 'chacha20-poly1305'] as const)(
    '%s: the same message inside as at once, and the same octets at any split',
    async (cipher) => {
      const whole = await inPieces(message, { cipher }, () => message.length);
      for (const lengths of [() => 1, seededLengths(5)])
        expect(equalBytes(await inPieces(message, { cipher }, lengths), whole)).toBe(true);
      const [once] = await encryptMessage(message, { ...options, cipher });
      const headerOf = (given: Bytes): string => latin1FromBytes(given).split('\r\n\r\n')[0]!;
      expect(headerOf(whole)).toBe(headerOf(once!.message));
      expect(equalBytes(await decrypted(whole), await decrypted(once!.message))).toBe(true);
    },
  );
});

test.each(['detached', 'opaque'] as const)(
  'signed inside, %s, with a header that is protected',
  async (form) => {
    const sign = { signers: [signer], signingTime: now, form };
    const given = await inPieces(mail, { sign, headerProtection: true }, () => 33);
    const report = await open(given);
    expect(report.reasons.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(report.verified).toBe(true);
    expect(report.headers.get('subject')?.value).toBe('secret');
    expect(parseMessage(given).headers.get('subject')?.value).toBe('[...]');
    expect(parseMessage(given).headers.get('dkim-signature')).toBeUndefined();
  },
);

test('a long message, for several readers, one of them the sender', async () => {
  const body = 'Lines of 7bit text that go on and on.\r\n'.repeat(100_000);
  const message = bytesFromLatin1(`From: alice@example.jp\r\nContent-Type: text/plain\r\n\r\n${body}`);
  const { certificate, privateKey } = await holder('rsa');
  const given = await inPieces(
    message,
    { recipients: [{ certificate }], originator: reader, escrow: [{ password: 'eight friendly herons' }] },
    () => 65_536,
  );
  for (const key of [reader, { certificate, privateKey }]) {
    const { message: inside, envelope } = await decryptMessage(given, { keys: [key] });
    expect(parseMessage(inside).text() === body).toBe(true);
    expect(envelope.recipients.length).toBe(3);
  }
});

describe('is refused', () => {
  test('as encryptMessage does, before anything is given', async () => {
    const { certificate } = await holder('rsa');
    const encryptor = new MessageEncryptor({ recipients: [{ certificate }], at: new Date('2999-01-01') });
    expect(encryptor.cipher).toBe('aes128-cbc');
    expect((await encryptor.update(mail.subarray(0, 20))).length).toBe(0);
    await expect(encryptor.update(mail.subarray(20))).rejects.toThrow(refused('smime-recipient-refused'));
    await expect(encryptor.finish()).rejects.toThrow(refused('usage'));
  });

  test('Bcc, for nobody, and what is no option', async () => {
    const bcc = { ...options, bcc: [reader] };
    expect(() => new MessageEncryptor(bcc)).toThrow(refused('usage'));
    expect(() => new MessageEncryptor({ ...options, recipients: [] })).toThrow(refused('usage'));
    expect(() => new MessageEncryptor(undefined as unknown as MessageEncryptorOptions)).toThrow(
      refused('usage'),
    );
    await expect(inPieces(mail, { signal: { aborted: true } }, () => 9)).rejects.toThrow(refused('aborted'));
    const stopped = new MessageEncryptor(options);
    await stopped.update(mail);
    stopped.wipe();
    await expect(stopped.finish()).rejects.toThrow(refused('usage'));
  });
});
