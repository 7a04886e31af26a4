import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseCompressedData } from '../../src/cms/compressed/compressed-data.js';
import { openCompressed } from '../../src/cms/compressed/open-compressed.js';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { compressMessage } from '../../src/smime/compress/compress-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { octets } from '../support/sign-message.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const message = octets(
  `From: alice@example.jp\r\nSubject: s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ncaf\xc3\xa9 \n${'x'.repeat(200)}\r\n`,
);

describe('compressMessage', () => {
  test('RFC 8551 §3.6: is application/pkcs7-mime, compressed-data, smime.p7z', async () => {
    const compressed = await compressMessage(message);
    const outer = parseMessage(compressed);
    expect(outer.contentType.mediaType).toBe('application/pkcs7-mime');
    expect(outer.contentType.parameters.get('smime-type')).toBe('compressed-data');
    expect(outer.contentType.parameters.get('name')).toBe('smime.p7z');
    expect(outer.contentDisposition?.filename).toBe('smime.p7z');
    expect(outer.headers.get('subject')?.value).toBe('s');
    const { content } = await openCompressed(parseCompressedData(outer.content()));
    expect(latin1FromBytes(content)).toMatch(/^Content-Type: text\/plain; charset=utf-8\r\n[^\0\x80-\xff]*$/);
    expect(parseMessage(content).text()).toBe(`café \r\n${'x'.repeat(200)}\r\n`);
  });

  test('the caller’s deflate compresses; what comes out can be signed', async () => {
    const compressed = await compressMessage(message, {
      deflate: (content) => [deflateSync(content, { level: 9 })],
    });
    const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];
    const report = await verifyMessage(await signMessage(compressed, { signers }), { roots, at: now });
    expect(report.verified).toBe(true);
    expect(report.others.map(({ part }) => part)).toEqual(['1']);
  });

  test('options that are none are the caller’s fault', async () => {
    await expect(compressMessage(message, null as never)).rejects.toMatchObject({ code: 'usage' });
    await expect(compressMessage(message, { signal: { aborted: true } })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
