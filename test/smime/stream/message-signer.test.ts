import { describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, equalBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { parseMessage } from '../../../src/mime/message.js';
import { type SignMessageOptions, signMessage } from '../../../src/smime/sign/sign-message.js';
import { MessageSigner } from '../../../src/smime/stream/message-signer.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { seededLengths, writtenInPieces } from '../../support/cms-objects.js';
import { hardMails } from '../../support/hard-mails.js';
import { messageOf, signed, text } from '../../support/open-scene.js';
import { testKey } from '../../support/pki.js';
import { aliceWith, intermediate, now, roots } from '../../support/sign-scene.js';
import { signingKey } from '../../support/signing-people.js';

const rsa = await signingKey(aliceWith({ key: testKey('rsa', 'Alice streams') }), {
  chain: [intermediate.certificate],
});
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const options: SignMessageOptions = { signers: [rsa], signingTime: now, random };
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
const mail = bytesFromLatin1(
  'From: Alice <alice@example.jp>\nTo: bob@example.net\nBcc: c@example.jp\nSubject: caf\xe9\nContent-Type: text/plain; charset=latin1\nContent-Transfer-Encoding: 8bit\n\nFrom caf\xe9 \n.\n',
);

async function inPieces(
  message: Bytes,
  change: Partial<SignMessageOptions>,
  lengths: () => number,
): Promise<Bytes> {
  return writtenInPieces(new MessageSigner({ ...options, ...change }), message, lengths);
}

const mails: [string, Bytes][] = [
  ['mail', mail],
  ['entity', text('only a part')],
  ['empty', bytesFromLatin1('From: a@example.jp\r\n\r\n')],
  ['signed once', messageOf(signed(text('signed before')))],
  ...Object.entries(hardMails),
];

describe.each(mails)('%s', (_, message) => {
  test('detached: the very octets of signMessage, at any split', async () => {
    for (const change of [{}, { transport: '8bit' }, { includeCertificates: false }] as const) {
      const whole = await signMessage(message, { ...options, ...change }).catch((error: unknown) => error);
      for (const lengths of [() => 1, seededLengths(5), () => message.length]) {
        const split = await inPieces(message, change, lengths).catch((error: unknown) => error);
        if (whole instanceof Error)
          expect(split).toMatchObject({ code: (whole as Error & { code: string }).code });
        else expect(equalBytes(split as Bytes, whole as Bytes)).toBe(true);
      }
    }
  });

  test('opaque: the same content, and the same at any split', async () => {
    const change = { form: 'opaque' } as const;
    const whole = await inPieces(message, change, () => message.length);
    for (const lengths of [() => 1, seededLengths(6)])
      expect(equalBytes(await inPieces(message, change, lengths), whole)).toBe(true);
    const content = async (given: Bytes): Promise<Bytes | undefined> =>
      (await verifyMessage(given, { roots, at: now })).seals[0]?.entity?.bytes;
    const wanted = await content(await signMessage(message, { ...options, ...change }));
    expect(equalBytes((await content(whole))!, wanted!)).toBe(true);
  });
});

test.each(['detached', 'opaque'] as const)('%s, with its header, and verified', async (form) => {
  const ascii = bytesFromLatin1(latin1FromBytes(mail).replaceAll('\xe9', 'e'));
  const given = await inPieces(ascii, { form, headerProtection: true }, () => 20);
  const report = await verifyMessage(given, { roots, at: now });
  expect(report.reasons).toEqual([]);
  expect(report.verified).toBe(true);
  if (form === 'detached')
    expect(equalBytes(given, await signMessage(ascii, { ...options, headerProtection: true }))).toBe(true);
});

test('a long message of which nothing is kept', async () => {
  const body = 'Lines of 7bit text that go on and on.\r\n'.repeat(100_000);
  const message = bytesFromLatin1(`From: alice@example.jp\r\nContent-Type: text/plain\r\n\r\n${body}`);
  const given = await inPieces(message, {}, () => 65_536);
  const { verified, seals } = await verifyMessage(given, { roots, at: now });
  expect(verified).toBe(true);
  expect(parseMessage(given).parts[0]!.text() === body).toBe(true);
  expect(seals.length).toBe(1);
});

describe('is refused', () => {
  test('content with the boundary that was drawn for it, wherever chunks end', async () => {
    const boundary = `=_${'07'.repeat(16)}`;
    const message = bytesFromLatin1(`From: a@example.jp\r\n\r\nbefore\r\n--${boundary}\r\nafter\r\n`);
    for (const lengths of [() => 1, seededLengths(8), () => message.length])
      await expect(inPieces(message, {}, lengths)).rejects.toThrow(refused('smime-content-unsafe'));
    // Where nothing stands around it, it does no harm.
    await inPieces(message, { form: 'opaque' }, () => 7);
  });

  test('a part that others signed and that no server passes on unchanged', async () => {
    const message = messageOf(signed(bytesFromLatin1('Content-Type: text/plain\r\n\r\n\xe9\r\n')));
    await expect(inPieces(message, {}, () => 100)).rejects.toThrow(refused('smime-content-unsafe'));
    await inPieces(message, { form: 'opaque' }, () => 100);
    await inPieces(message, { transport: '8bit' }, () => 100);
  });

  test('what is no option, and work after the end', async () => {
    expect(() => new MessageSigner(undefined as unknown as SignMessageOptions)).toThrow(refused('usage'));
    expect(() => new MessageSigner({ signers: [] })).toThrow(refused('usage'));
    expect(() => new MessageSigner({ ...options, form: 'clear' as 'opaque' })).toThrow(refused('usage'));
    await expect(inPieces(mail, { signal: { aborted: true } }, () => 9)).rejects.toThrow(refused('aborted'));
    const signer = new MessageSigner(options);
    await signer.update(mail);
    await signer.finish();
    await expect(signer.update(mail)).rejects.toThrow(refused('usage'));
    await expect(signer.finish()).rejects.toThrow(refused('usage'));
  });
});
