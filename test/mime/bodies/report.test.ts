import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../../src/encoding/mime-base64.js';
import { parseDeliveryStatus } from '../../../src/mime/bodies/delivery-status.js';
import { parseDispositionNotification } from '../../../src/mime/bodies/disposition-notification.js';
import { parseReport } from '../../../src/mime/bodies/report.js';
import { parseMessage } from '../../../src/mime/message.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import { expectLinear } from '../../support/linear-time.js';
import { crlf, octets } from '../../support/mime.js';
import { withCrlf } from '../../support/mime-corpus.js';

describe('delivery-status (RFC 3464)', () => {
  const encoded = (count: number) => {
    const half = encodeMimeBase64(octets('Final-Recipient: rfc822; a@b.example\r\n\r\n'.repeat(count)));
    const first = octets('Reporting-MTA: dns; mx.example\r\nContent-Transfer-Encoding: base64\r\n\r\n');
    return concatBytes([first, half]);
  };

  test('as many recipients as its encoded half has', () => {
    const { recipients, defects } = parseDeliveryStatus(encoded(9_999));
    expect([recipients.length, defects]).toEqual([9_999, []]);
  });

  test.each<[string, Uint8Array, number]>([
    ['plain', octets('a:b\n\n'.repeat(10_001)), 50_000],
    ['encoded', encoded(10_000), 69],
  ])('has as many blocks as a message has parts: %s', (_, content, offset) => {
    expect(() => parseDeliveryStatus(content)).toThrow(
      expect.objectContaining({ code: 'limit-parts', offset }),
    );
    const { recipients, defects } = parseDeliveryStatus(content, { onLimit: 'truncate' });
    expect(recipients).toHaveLength(9_999);
    expect(defects.map((defect) => [defect.code, defect.offset])).toEqual([['limit-parts', offset]]);
    expect(parseDeliveryStatus(content, { limits: { parts: 1e6 } }).recipients).toHaveLength(10_000);
    expect(parseDeliveryStatus(content.subarray(0, offset)).defects).toEqual([]);
  });

  test('tells the limits that its blocks hit', () => {
    const { recipients, defects } = parseDeliveryStatus(octets('A: b\n\nAction: failed\nB: c\n'), {
      limits: { headers: 1 },
      onLimit: 'truncate',
    });
    expect(recipients.map(({ action }) => action)).toEqual(['failed']);
    expect(defects.map(({ code, offset }) => [code, offset])).toEqual([['limit-headers', 21]]);
  });

  test('every field of it', () => {
    const status = parseDeliveryStatus(
      crlf(
        'Original-Envelope-Id: abc',
        'Reporting-MTA: dns; mx.example',
        'DSN-Gateway: dns; gw.example',
        'Received-From-MTA: dns; from.example',
        'Arrival-Date: Mon, 29 Jul 1996 02:12:50 -0700',
        '',
        'Original-Recipient: rfc822; a@b.example',
        'Final-Recipient: RFC822; c@d.example',
        'Action: Failed (for good)',
        'Status: 5.1.1 (no such user)',
        'Remote-MTA: dns; remote.example',
        'Diagnostic-Code: smtp; 550 5.1.1',
        ' no such; user',
        'Last-Attempt-Date: Mon, 29 Jul 1996 02:12:51 -0700',
        'Final-Log-ID: 42',
        'Will-Retry-Until: Tue, 30 Jul 1996 02:12:50 -0700',
      ),
    );
    expect(status).toMatchObject({
      originalEnvelopeId: 'abc',
      reportingMta: { type: 'dns', value: 'mx.example' },
      dsnGateway: { type: 'dns', value: 'gw.example' },
      receivedFromMta: { type: 'dns', value: 'from.example' },
      arrivalDate: new Date('1996-07-29T09:12:50Z'),
      recipients: [
        {
          originalRecipient: { type: 'rfc822', value: 'a@b.example' },
          finalRecipient: { type: 'rfc822', value: 'c@d.example' },
          action: 'failed',
          status: { class: 5, subject: 1, detail: 1 },
          remoteMta: { type: 'dns', value: 'remote.example' },
          diagnosticCode: { type: 'smtp', value: '550 5.1.1 no such; user' },
          lastAttemptDate: new Date('1996-07-29T09:12:51Z'),
          finalLogId: '42',
          willRetryUntil: new Date('1996-07-30T09:12:50Z'),
        },
      ],
    });
    expect(status.recipients[0]!.fields.length).toBe(9);
  });

  test.each([
    ['two recipients', 'A: b\n\nFinal-Recipient: rfc822; a\n\nFinal-Recipient: rfc822; b\n', ['a', 'b']],
    ['many blank lines', '\n\nA: b\n\n\n\nFinal-Recipient: rfc822; a\n\n\n', ['a']],
    ['all in one block', 'Reporting-MTA: dns; x\nFinal-Recipient: rfc822; a\n', ['a']],
    ['no type', 'A: b\n\nFinal-Recipient: a@b\n', ['a@b']],
    ['utf-8', 'A: b\n\nFinal-Recipient: utf-8; \\x{79C1}@\\x{110000}\n', ['私@\\x{110000}']],
    ['no last line end', 'A: b\r\n\r\nFinal-Recipient: rfc822;a', ['a']],
    ['nothing', '', []],
    ['no fields', 'prose\n\nmore prose\n', []],
  ])('%s', (_, text, recipients) => {
    const status = parseDeliveryStatus(octets(text));
    expect(status.recipients.map((recipient) => recipient.finalRecipient?.value)).toEqual(recipients);
  });

  test.each(['5.1', 'five', '5.1.1.1', ''])('%j is no status', (status) => {
    const { recipients } = parseDeliveryStatus(octets(`A: b\n\nAction: failed\nStatus: ${status}\n`));
    expect(recipients[0]!.status).toBeUndefined();
  });

  test.each(['A: b\n\n', '\n', 'A: b\n'])('in linear time: %j', (piece) => {
    expectLinear((size) => {
      const text = octets(piece.repeat(Math.min(size / piece.length, piece === 'A: b\n' ? 2000 : 1e9)));
      return () => void parseDeliveryStatus(text, { limits: { parts: 1e9 } });
    }, 40_000);
  });
});

describe('disposition-notification (RFC 8098)', () => {
  test.each([
    ['manual-action/MDN-sent-manually; displayed', 'manual-action', 'mdn-sent-manually', 'displayed', []],
    [
      'automatic-action/MDN-sent-automatically;deleted/error,x',
      'automatic-action',
      'mdn-sent-automatically',
      'deleted',
      ['error', 'x'],
    ],
    ['odd; dispatched', 'odd', '', 'dispatched', []],
  ])('%s', (value, actionMode, sendingMode, type, modifiers) => {
    const receipt = parseDispositionNotification(octets(`Disposition: ${value}\nError: one\nError: two\n`));
    expect(receipt.disposition).toEqual({ actionMode, sendingMode, type, modifiers });
    expect(receipt.errors).toEqual(['one', 'two']);
  });

  test('without anything', () => {
    const receipt = parseDispositionNotification(octets('Disposition: displayed\n'));
    expect([receipt.disposition, receipt.originalMessageId]).toEqual([undefined, undefined]);
    expect(parseDispositionNotification(octets('')).fields).toBeUndefined();
  });
});

describe('multipart/report', () => {
  test('another multipart is none', () => {
    expect(parseReport(parseMessage(crlf('Content-Type: multipart/mixed; boundary=b', '')))).toBeUndefined();
  });

  describe('with more fields than there may be', () => {
    const fields = 'Action: failed\n'.repeat(10_001);
    const of = (type: string, rest = fields) =>
      octets(
        `Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/${type}\n\n${rest}\n` +
          `--b\nContent-Type: text/rfc822-headers\n\n${fields}--b--\n`,
      );

    test.each(['delivery-status', 'disposition-notification', 'feedback-report'])('%s', (type) => {
      expect(() => parseReport(parseMessage(of(type)))).toThrow(
        expect.objectContaining({ code: 'limit-headers' }),
      );
      const raised = parseReport(parseMessage(of(type), { limits: { headers: 1e6 } }))!;
      const cut = parseReport(parseMessage(of(type), { onLimit: 'truncate' }))!;
      for (const [report, count] of [
        [raised, 10_001],
        [cut, 10_000],
      ] as const) {
        const { deliveryStatus, dispositionNotification, originalHeaders } = report;
        const read = deliveryStatus?.fields ?? dispositionNotification?.fields ?? report.fields;
        expect([read!.length, originalHeaders!.length]).toEqual([count, count]);
      }
      expect(cut.deliveryStatus?.defects.map(({ code }) => code) ?? ['limit-headers']).toEqual([
        'limit-headers',
      ]);
    });

    test('the limits of structure are not those of its blocks', () => {
      const source = of('feedback-report', 'Content-Type: message/rfc822\nA: b\n');
      const { fields: read } = parseReport(
        parseMessage(source, { limits: { depth: 2, parts: 3, headers: 1e6 } }),
      )!;
      expect(read!.length).toBe(2);
    });
  });

  test('one without parts', () => {
    const report = parseReport(parseMessage(crlf('Content-Type: multipart/report; boundary=b', '')));
    expect(report).toMatchObject({ reportType: '', report: undefined, original: undefined });
  });

  test('of any content it gives a value', () => {
    const line = fc.constantFrom(
      ...['--b', 'Content-Type: message/delivery-status', 'Content-Type: message/disposition-notification'],
      ...[
        'Content-Type: text/rfc822-headers',
        'Content-Type: message/rfc822',
        'Content-Type: message/partial',
      ],
      ...['', '', 'Action: failed', 'Disposition: a/b; c/d', 'Final-Recipient: ;', 'Status: 5', 'x', '\xff'],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const report = parseReport(
          parseMessage(crlf('Content-Type: multipart/report; boundary=b', '', ...lines)),
        );
        expect(report!.original === undefined).toBe(report!.originalHeaders === undefined);
      }),
      { numRuns: 1000 },
    );
  });
});

describeCorpus('mimekit/messages', () => {
  const reportOf = (name: string, convert = withCrlf) =>
    parseReport(parseMessage(convert(readCorpus(`mimekit/messages/${name}`))))!;

  test.each<[string, (string | undefined)[], (string | undefined)[]]>([
    ['bounce.txt', ['failed'], ['5.1.1']],
    ['delivery-status.txt', ['failed'], [undefined]],
    ['delivery-status2.txt', ['failed'], ['5.0.0']],
    ['delivery-status-no-blank-line.txt', ['failed'], [undefined]],
    ['delivery-status-multiple-blank-lines.txt', [undefined], ['5.5.0']],
  ])('%s', (name, actions, codes) => {
    const { reportType, deliveryStatus, description } = reportOf(name);
    expect(reportType).toBe('delivery-status');
    expect(description?.contentType.mediaType ?? 'text/plain').toBe('text/plain');
    expect(deliveryStatus!.recipients.map(({ action }) => action)).toEqual(actions);
    const statuses = deliveryStatus!.recipients.map(
      ({ status }) => status && `${status.class}.${status.subject}.${status.detail}`,
    );
    expect(statuses).toEqual(codes);
  });

  test('disposition-notification.txt', () => {
    const { reportType, dispositionNotification, originalHeaders } = reportOf('disposition-notification.txt');
    expect(reportType).toBe('disposition-notification');
    expect(dispositionNotification).toMatchObject({
      reportingUa: 'joes-pc.cs.example.com; Foomail 97.1',
      originalRecipient: { type: 'rfc822', value: 'Joe_Recipient@example.com' },
      originalMessageId: '199509192301.23456@example.org',
      disposition: {
        actionMode: 'manual-action',
        sendingMode: 'mdn-sent-manually',
        type: 'displayed',
        modifiers: [],
      },
    });
    expect(originalHeaders!.get('message-id')?.value).toBe('<199509192301.23456@example.org>');
  });

  test('feedback-report.txt', () => {
    // Before its first field stands a byte order mark, which is no matter of reports.
    const { reportType, fields, originalHeaders } = reportOf('feedback-report.txt', (file) =>
      withCrlf(file.slice(3)),
    );
    expect(reportType).toBe('feedback-report');
    expect(fields!.get('feedback-type')?.value).toBe('abuse');
    expect(fields!.all('reported-uri').length).toBe(2);
    expect(originalHeaders!.get('subject')?.value).toBe('Earn money');
  });
});
