import { describe, expect, test } from 'vitest';
import {
  type Bytes,
  bytesFromLatin1,
  concatBytes,
  equalBytes,
  latin1FromBytes,
} from '../../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../../src/encoding/mime-base64.js';
import { encodeQuotedPrintable } from '../../../src/encoding/quoted-printable-encoder.js';
import { parseMessage } from '../../../src/mime/message.js';
import { safeEntity } from '../../../src/smime/entity/safe-entity.js';
import { EntityStream } from '../../../src/smime/stream/entity-stream.js';
import { overwrittenChunks, seededLengths } from '../../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { hardMails } from '../../support/hard-mails.js';
import { listCorpus } from '../../support/mime-corpus.js';

interface Streamed {
  readonly octets: Bytes;
  readonly unsafe: string | undefined;
}

function streamed(
  message: Bytes,
  lengths: () => number = () => message.length,
  transport: '7bit' | '8bit' = '7bit',
): Streamed {
  const stream = new EntityStream(transport);
  const pieces: Bytes[] = [];
  const take = (events: ReturnType<EntityStream['push']>): void => {
    for (const event of events) {
      if (event.type === 'root') stream.begin({});
      else pieces.push(event.octets.slice());
    }
  };
  for (const chunk of overwrittenChunks(message, lengths)) take(stream.push(chunk));
  take(stream.end());
  return { octets: concatBytes(pieces), unsafe: stream.unsafe };
}

const difference = (
  message: Bytes,
  transport: '7bit' | '8bit',
  lengths: () => number,
): string | undefined => {
  const wanted = safeEntity(parseMessage(message), transport);
  const found = streamed(message, lengths, transport);
  if (!equalBytes(found.octets, wanted.octets)) {
    const at = found.octets.findIndex((octet, i) => octet !== wanted.octets[i]);
    const near = (octets: Bytes): string =>
      JSON.stringify(latin1FromBytes(octets.slice(Math.max(0, at - 60), at + 60)));
    return `at ${at}: ${near(found.octets)}, wanted ${near(wanted.octets)}`;
  }
  return (found.unsafe === undefined) === (wanted.unsafe === undefined) ? undefined : 'safety';
};

test.each(Object.entries(hardMails))('%s: the same as at once, at any split', (_, message) => {
  for (const lengths of [() => 1, seededLengths(3), () => message.length]) {
    for (const transport of ['7bit', '8bit'] as const) {
      expect(difference(message, transport, lengths)).toBeUndefined();
    }
  }
});

/** A binary part under a foreign signature, in lines that end in LF: here only the part's own octets stay as they are. */
const known = new Set(['mail-parser/eml/thirdparty/006.eml']);
const isMail = (path: string): boolean => /\.(?:eml|msg|txt|mbox|email)$/.test(path);

describe.each([
  ['mail-parser', 50],
  ['mimekit', 40],
  ['thunderbird-smime', 60],
  ['tutorial-1998', 5],
  ['openssl-generated', 120],
] as const)('%s', (set, atLeast) => {
  describeCorpus(set, () => {
    const files = listCorpus(set, isMail);
    test(`the same as at once (${files.length} files)`, () => {
      const differences: string[] = [];
      let compared = 0;
      for (const file of files) {
        const octets = readCorpus(file);
        compared++;
        for (const lengths of [seededLengths(compared), () => 65_536]) {
          const found = difference(octets, '7bit', lengths);
          if ((found !== undefined) !== known.has(file)) differences.push(`${file} ${found}`);
        }
      }
      console.log(`${set}: ${compared} messages`);
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(atLeast);
    });
  });
});

describe('a body too long to be looked at before its header is written', () => {
  const long = 3_000_000;
  const message = (fields: string, body: Uint8Array): Bytes =>
    concatBytes([
      bytesFromLatin1(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${fields}\r\n`),
      body,
      bytesFromLatin1('\r\n--b\r\nContent-Type: text/plain\r\n\r\nafter it\r\n--b--\r\n'),
    ]);
  const binary = Uint8Array.from({ length: long }, (_, i) => (i * 7919) >> 3);
  const text = bytesFromLatin1('From the caf\xe9, \r\n'.repeat(long / 16));

  test('is the same where it was in base64, and as it should be', () => {
    const whole = message(
      'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n',
      encodeMimeBase64(binary).subarray(0, -2),
    );
    expect(difference(whole, '7bit', () => 65_536)).toBeUndefined();
    const extra = message(
      'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n',
      encodeMimeBase64(binary),
    );
    expect(difference(extra, '7bit', () => 65_536)).toBeUndefined();
  });

  test.each([
    ['binary', 'application/octet-stream', binary],
    ['quoted-printable', 'text/plain', encodeQuotedPrintable(text)],
    ['8bit', 'text/plain', text],
    ['7bit', 'text/plain', bytesFromLatin1('plain\r\n'.repeat(long / 8))],
    ['base64', 'application/pdf', encodeMimeBase64(binary, { lineLength: 60 })],
  ])('goes from %s to base64, and its content stays', (encoding, type, body) => {
    const whole = message(`Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n`, body);
    const { octets, unsafe } = streamed(whole, () => 65_536);
    expect(unsafe).toBeUndefined();
    const [first, second] = parseMessage(octets).parts;
    expect(first!.transferEncoding).toBe('base64');
    expect(equalBytes(first!.content(), parseMessage(whole).parts[0]!.content())).toBe(true);
    expect(latin1FromBytes(second!.content())).toBe('after it');
    expect(equalBytes(octets, streamed(whole, seededLengths(9)).octets)).toBe(true);
  });

  test('stays as it is where another signature covers it, and is unsafe where it was', () => {
    const sealed = (body: Uint8Array): Bytes => {
      const inner = message('Content-Type: application/octet-stream\r\n', body);
      return bytesFromLatin1(latin1FromBytes(inner).replace('multipart/mixed', 'multipart/signed'));
    };
    const good = streamed(sealed(encodeMimeBase64(binary)), () => 65_536);
    expect(equalBytes(good.octets, sealed(encodeMimeBase64(binary)))).toBe(true);
    expect(good.unsafe).toBeUndefined();
    expect(streamed(sealed(binary), () => 65_536).unsafe).toBe('');
    const inside = concatBytes([
      bytesFromLatin1('Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n'),
      sealed(binary),
      bytesFromLatin1('\r\n--outer--\r\n'),
    ]);
    expect(streamed(inside, () => 65_536).unsafe).toBe('1');
  });

  test('is passed on where it stands around parts, or none were found', () => {
    const lines = 'nobody sees this\r\n'.repeat(100_000);
    for (const whole of [
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${lines}\r\n--b\r\n\r\na part\r\n--b--\r\n${lines}`,
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${lines}`,
    ]) {
      expect(difference(bytesFromLatin1(whole), '7bit', () => 65_536)).toBeUndefined();
    }
    const unsafe = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${lines}\xe9`;
    expect(streamed(bytesFromLatin1(unsafe), () => 65_536).unsafe).toBe('');
  });
});

test('lines that end in CR alone are refused', () => {
  expect(() => streamed(bytesFromLatin1('Subject: a\rX: b\r\rbody\r'))).toThrow(
    expect.objectContaining({ code: 'usage' }) as Error,
  );
});
