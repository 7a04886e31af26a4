import { expect, test } from 'vitest';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseDate } from '../../src/mime/fields/date.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectExactRanges, latin1 } from '../support/mime.js';

const codes = (part: Part): string[] => part.defects.map((defect) => defect.code);

describeCorpus('tutorial-1998', () => {
  const read = (name: string): Part => {
    const message = parseMessage(readCorpus(`tutorial-1998/${name}.eml`));
    expectExactRanges(message);
    return message;
  };

  test('clear-signed: the damaged Subject, and a signature that the page leaves out', () => {
    const message = read('clear-signed');
    const subject = message.headers.get('subject')!;
    expect(subject.text).toMatch(/^これは.*\ufffd/);
    expect(subject.defects.map((defect) => defect.code)).toEqual(['encoded-word-damaged']);
    expect(parseDate(message.headers.get('date')!.value)?.toISOString()).toBe('1998-05-28T07:56:04.000Z');
    expect(parseAddressList(message.headers.get('from')!.rawValue)).toMatchObject([
      { name: 'Watanabe Naoaki', address: 'kitarou@orangesoft.co.jp' },
    ]);
    const { contentType, preamble, source } = message;
    expect(contentType.mediaType).toBe('multipart/signed');
    expect(contentType.parameters.get('protocol')).toBe('application/x-pkcs7-signature');
    expect(contentType.parameters.get('micalg')).toBe('rsa-sha1');
    expect(contentType.parameters.get('boundary')).toBe('-----896342156-727845');
    expect(latin1(source, preamble!.start, preamble!.end)).toBe(
      'This is a multi-part message in MIME format.\r\n',
    );
    expect(codes(message)).toEqual(['close-delimiter-missing']);

    const [text, signature] = message.parts;
    expect(text!.text()).toBe('金額は 10円です。\r\n');
    // What the signature covers: the line end before the delimiter is not part of it.
    expect(latin1(text!.bytes)).toBe(
      'Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\x1b$B6b3[$O\x1b(B 10\x1b$B1_$G$9!#\x1b(B\r\n',
    );
    expect(codes(text!)).toEqual([]);
    expect(signature!.contentType.mediaType).toBe('application/x-pkcs7-signature');
    expect(signature!.filename).toBe('smime.p7s');
    expect(signature!.content().length).toBe(0);
  });

  test('enveloped: an unsigned message in damaged base64', () => {
    const message = read('enveloped');
    expect(message.contentType.mediaType).toBe('application/x-pkcs7-mime');
    expect(message.filename).toBe('smime.p7m');
    expect(message.transferEncoding).toBe('base64');
    expect([...message.content().subarray(0, 4)]).toEqual([0x30, 0x80, 0x06, 0x09]);
    expect(new Set(codes(message))).toEqual(new Set(['base64-damaged']));
  });

  test('certs-only: a capitalised type and boundary, and no end', () => {
    const message = read('certs-only');
    expect(message.contentType.mediaType).toBe('multipart/mixed');
    expect(message.parts.map((part) => part.contentType.mediaType)).toEqual([
      'text/plain',
      'application/x-pkcs7-mime',
    ]);
    expect(codes(message)).toEqual(['close-delimiter-missing']);
    const [text, certificates] = message.parts;
    expect(text!.text()).toBe('証明書を添付します。\r\n');
    expect(certificates!.contentType.parameters.get('smime-type')).toBe('certs-only');
    expect(certificates!.transferEncoding).toBe('base64');
    expect(certificates!.contentDisposition).toMatchObject({ type: 'attachment', filename: 'smime.p7c' });
    expect([...certificates!.content().subarray(0, 4)]).toEqual([0x30, 0x80, 0x06, 0x09]);
    expect(new Set(codes(certificates!))).toEqual(new Set(['base64-damaged']));
  });
});
