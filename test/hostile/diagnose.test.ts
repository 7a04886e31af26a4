import { describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { diagnoseAlteration } from '../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectLinearAsync } from '../support/linear-time.js';
import { listCorpus } from '../support/mime-corpus.js';
import { changedOctets, diagnosisOf } from '../support/random-alterations.js';
import { seededDraw } from '../support/seeded.js';
import { signedData } from '../support/sign.js';
import { base64Lines, detachedMessage } from '../support/sign-message.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';

const text = (charset: string, encoding: string, body: string): string =>
  `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
const repeated = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));

/** What could make a family work more than once for each octet. */
const shapes: Readonly<Record<string, (size: number) => string>> = {
  'lines of text': (size) => text('utf-8', '7bit', repeated('Some words in a line.\r\n', size)),
  'one line': (size) => text('utf-8', '7bit', repeated('word ', size)),
  'one word': (size) => text('utf-8', '7bit', repeated('word', size)),
  'empty lines': (size) => text('utf-8', '7bit', repeated('\r\n', size)),
  blanks: (size) => text('utf-8', '7bit', repeated(' ', size)),
  tabs: (size) => text('utf-8', '7bit', repeated('\t', size)),
  'a tab in each line': (size) => text('utf-8', '7bit', repeated('a\tb\r\n', size)),
  'blanks at line ends': (size) => text('utf-8', '7bit', repeated('a  \r\n', size)),
  'quoted From': (size) => text('utf-8', '7bit', repeated('>>>>From \r\n', size)),
  'marks of quoting': (size) => text('utf-8', '7bit', repeated('>', size)),
  dots: (size) => text('utf-8', '7bit', repeated('..\r\n', size)),
  'CR alone': (size) => text('utf-8', '8bit', repeated('\r', size)),
  'signature lines': (size) => text('utf-8', '7bit', repeated('-- \r\n', size)),
  escapes: (size) => text('iso-2022-jp', '7bit', repeated('\x1b$B\x1b(B', size)),
  Shift_JIS: (size) => text('shift_jis', '8bit', repeated('\x82\xa0\x82\xa2', size)),
  'UTF-8': (size) => text('utf-8', '8bit', repeated('\xe3\x81\x82', size)),
  'octets of no charset': (size) => text('utf-8', '8bit', repeated('\xff\x80', size)),
  base64: (size) => text('utf-8', 'base64', repeated(`${'QUFB'.repeat(19)}\r\n`, size)),
  'quoted-printable': (size) => text('utf-8', 'quoted-printable', repeated('=E3=81=82', size)),
  'soft line breaks': (size) => text('utf-8', 'quoted-printable', repeated('=\r\n', size)),
  html: (size) => `Content-Type: text/html\r\n\r\n${repeated('<p>a</body></html>\r\n', size)}`,
  'header fields': (size) =>
    `Content-Type: text/plain\r\n${repeated('X-A: b\r\n', Math.min(size, 60_000))}\r\ntext\r\n`,
  parameters: (size) => `Content-Type: text/plain${repeated('; a=b', Math.min(size, 4000))}\r\n\r\ntext\r\n`,
  'encoded words': (size) =>
    `Subject: ${repeated('=?utf-8?Q?a?=\r\n ', Math.min(size, 100_000))}\r\nContent-Type: text/plain\r\n\r\ntext\r\n`,
  delimiters: (size) =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${repeated(`--b\r\n\r\n${'text '.repeat(30)}\r\n`, size)}--b--\r\n`,
};

describe('diagnosing what was made to be slow', () => {
  test.each(Object.entries(shapes))('%s: each content costs in proportion to its octets', async (_, make) => {
    await expectLinearAsync((size) => {
      const signed = bytesFromLatin1(make(size));
      const received = bytesFromLatin1(`${make(size)}#`);
      return () => diagnosisOf(bytesFromLatin1(`${latin1FromBytes(signed)}!`), received, { candidates: 60 });
    }, 15_000);
  });

  test('nothing but a MailsealError comes out, however parts are nested or hidden', async () => {
    const nested = `${Array.from({ length: 90 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('')}\r\ntext\r\n`;
    const many = `--b\r\n\r\n`.repeat(20_000);
    const hidden = `Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(bytesFromLatin1(many))}\r\n`;
    for (const entity of [nested, hidden, '', '\r\n', '\r\n\r\n', 'Content-Type', '\0'.repeat(100)]) {
      const { recovered } = await diagnosisOf(
        bytesFromLatin1('Content-Type: text/plain\r\n\r\nwhat was signed\r\n'),
        bytesFromLatin1(entity),
        { candidates: 2000 },
      );
      expect(recovered).toBe(false);
    }
  });

  test('of many signers without signed attributes no more signatures are checked than the limit says', async () => {
    const content = bytesFromLatin1(shapes['lines of text']!(2000));
    const sealed = signedData({
      content,
      signers: Array.from({ length: 40 }, () => ({ by: alice, attributes: 'none' as const })),
      certificates: [alice, intermediate],
    });
    const message = detachedMessage(
      bytesFromLatin1(`${latin1FromBytes(content)}no footer\r\nthat was`),
      sealed,
    );
    const report = await verifyMessage(message, { roots, at: now });
    expect(report.seals[0]!.signers).toHaveLength(40);
    const { alterations } = await diagnoseAlteration(message, report, { limits: { signatures: 150 } });
    expect(alterations[0]!.work.exhausted).toBe(true);
  });
});

describeCorpus('openssl-generated', () => {
  test('damaged messages give a diagnosis or a MailsealError, and only what was signed', async () => {
    const draw = seededDraw(3);
    const limits = { candidates: 100 };
    let told = 0;
    let refused = 0;
    for (const path of listCorpus('openssl-generated/messages', (each) => each.endsWith('.eml'))) {
      let octets: Bytes = readCorpus(path);
      for (let round = 0; round < 3; round++) {
        octets = changedOctets(octets, draw);
        try {
          const report = await verifyMessage(octets, { roots, at: now });
          await diagnoseAlteration(octets, report, { limits });
          told++;
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          refused++;
        }
      }
    }
    console.log(`${told} damaged messages told of, ${refused} refused`);
    expect(told).toBeGreaterThan(300);
  });
});
