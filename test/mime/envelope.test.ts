import { describe, expect, test } from 'vitest';
import { Envelope } from '../../src/mime/envelope.js';
import { parseMessage } from '../../src/mime/message.js';
import { octets } from '../support/mime.js';

function envelopeOf(...lines: string[]): Envelope {
  return new Envelope(parseMessage(octets(`${lines.join('\r\n')}\r\n\r\ntext`)).headers);
}

test('each field is read as what it is', () => {
  const envelope = envelopeOf(
    'From: =?utf-8?Q?=C3=84nne?= <a@b.test>',
    'Sender: s@b.test',
    'Reply-To: r@b.test',
    'To: g: c@d.test, e@f.test;',
    'Cc: i@j.test',
    'Bcc: ;',
    'Subject: =?utf-8?B?44GT44KT?=',
    'Date: Fri, 20 Nov 1998 22:03:23 +0900',
    'Message-ID: <1@b.test>',
    'In-Reply-To: <0@b.test>',
    'References: <x@b.test> <0@b.test>',
  );
  expect(envelope.from).toMatchObject([{ name: 'Änne', address: 'a@b.test' }]);
  expect(envelope.sender).toMatchObject([{ address: 's@b.test' }]);
  expect(envelope.replyTo).toMatchObject([{ address: 'r@b.test' }]);
  expect(envelope.to).toMatchObject([
    { name: 'g', members: [{ address: 'c@d.test' }, { address: 'e@f.test' }] },
  ]);
  expect(envelope.cc).toMatchObject([{ address: 'i@j.test' }]);
  expect(envelope.bcc).toEqual([]);
  expect(envelope.bcc.defects.map(({ code }) => code)).toEqual(['address-malformed']);
  expect(envelope.subject).toBe('こん');
  expect(envelope.date?.toISOString()).toBe('1998-11-20T13:03:23.000Z');
  expect(envelope.messageId).toBe('1@b.test');
  expect(envelope.inReplyTo).toEqual(['0@b.test']);
  expect(envelope.references).toEqual(['x@b.test', '0@b.test']);
});

test('without a field there is nothing, and From stands for Sender and Reply-To', () => {
  const nothing = envelopeOf('X-Other: a');
  expect([
    ...nothing.from,
    ...nothing.sender,
    ...nothing.replyTo,
    ...nothing.to,
    ...nothing.references,
  ]).toEqual([]);
  expect([nothing.subject, nothing.date, nothing.messageId]).toEqual([undefined, undefined, undefined]);
  const { sender, replyTo } = envelopeOf('From: a@b.test');
  expect([sender[0], replyTo[0]]).toMatchObject([{ address: 'a@b.test' }, { address: 'a@b.test' }]);
});

describe('the first of two fields counts', () => {
  test.each([
    ['From', 'a@b.test', 'c@d.test'],
    ['Subject', 'one', 'two'],
    ['Message-ID', '<a@b.test>', '<c@d.test>'],
    ['Date', '20 Nov 1998 22:03:23 +0900', '21 Nov 1998 22:03:23 +0900'],
    ['List-ID', '<a.test>', '<b.test>'],
  ])('%s', (name, first, second) => {
    const both = parseMessage(octets(`${name}: ${first}\r\n${name}: ${second}\r\n\r\n`));
    const one = new Envelope(parseMessage(octets(`${name}: ${first}\r\n\r\n`)).headers);
    const envelope = new Envelope(both.headers);
    expect([envelope.from, envelope.subject, envelope.messageId, envelope.date]).toEqual([
      one.from,
      one.subject,
      one.messageId,
      one.date,
    ]);
    expect(both.defects).toMatchObject([
      { code: 'header-duplicate', offset: name.length + first.length + 4 },
    ]);
  });
});

test('what is asked for again is not read again', () => {
  const envelope = envelopeOf('To: a@b.test', 'References: <a@b.test>');
  expect(envelope.to).toBe(envelope.to);
  expect(envelope.references).toBe(envelope.references);
});

test('limits are those that it is given', () => {
  const { headers } = parseMessage(octets('To: a@b.test, c@d.test\r\n\r\n'));
  expect(() => new Envelope(headers, { limits: { addresses: 1 } }).to).toThrow(
    expect.objectContaining({ code: 'limit-addresses' }),
  );
  const { to } = new Envelope(headers, { limits: { addresses: 1 }, onLimit: 'truncate' });
  expect([to.length, to.defects[0]?.code]).toEqual([1, 'limit-addresses']);
});
