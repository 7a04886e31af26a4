import { expect, test } from 'vitest';
import { parseAddressList } from '../../src/mime/address.js';
import { parseDate } from '../../src/mime/date.js';
import type { Address } from '../../src/mime/mailbox.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';

interface ExpectedMailbox {
  readonly name: string | null;
  readonly address: string | null;
}

type ExpectedAddresses =
  | { readonly List: readonly ExpectedMailbox[] }
  | {
      readonly Group: readonly {
        readonly name: string | null;
        readonly addresses: readonly ExpectedMailbox[];
      }[];
    };

interface ExpectedDate {
  readonly [part: string]: number | boolean;
}

describeCorpus('mail-parser', () => {
  const addressCases =
    readCorpusJson<{ header: string; expected: ExpectedAddresses }[]>('mail-parser/address.json');
  // Web addresses of List-* fields are no mailboxes; the line ends of two cases begin another field or a body.
  const isMailboxes = ({ header }: { header: string }): boolean =>
    !/<(?:https?|ftp|mailto):|^NO |\n(?:\n|invalid)/.test(header);
  const mailboxCases = addressCases.filter(isMailboxes);

  test(`of ${addressCases.length} address fields, ${mailboxCases.length} hold mailboxes and have the same ones`, () => {
    const differing: [header: string, theirs: string[], ours: string[]][] = [];
    for (const { header, expected } of mailboxCases) {
      // There a comment is a name, and even an address of its own.
      const hasComment = header.includes('(');
      const list = 'List' in expected ? expected.List : expected.Group.flatMap((group) => group.addresses);
      const theirs = list
        .filter((each) => !hasComment || each.address !== null)
        .map((each) => `${hasComment ? '' : (each.name ?? '')}<${plain(each.address ?? '')}>`);
      const ours = parseAddressList(header)
        .flatMap((address: Address) => ('members' in address ? address.members : [address]))
        .map((each) => `${hasComment ? '' : (each.name ?? '')}<${each.address}>`);
      if (ours.join() !== theirs.join()) differing.push([header, theirs, ours]);
    }
    expect(mailboxCases.length).toBeGreaterThan(40);
    // A name behind the address names nobody here.
    expect(differing).toEqual([['<a@b.com> =?utf-8?q?Doe?=\n', ['Doe<a@b.com>'], ['<a@b.com>']]]);
  });

  const dateCases =
    readCorpusJson<{ header: string; expected: ExpectedDate | null }[]>('mail-parser/date.json');

  test(`of ${dateCases.length} dates, all but five are the same`, () => {
    const differing: string[] = [];
    for (const { header, expected } of dateCases) {
      if (parseDate(header)?.getTime() !== timeOf(expected)) differing.push(header.trim().slice(0, 24));
    }
    expect(dateCases.length).toBe(40);
    expect(differing).toEqual([
      // A month's number for its name; numbers without any; a Received field: no dates (RFC 5322 §3.3).
      '20 11 (some \n 44 comment',
      '4 8 15 16 23 42, 4 8 15 ',
      // The nested comment does end; there it does not.
      'Tue, 1 Jul 2003 ((invali',
      'by 2002:aa7:cd10:0:b0:45',
      // A zone that RFC 5322 does not know counts as UTC.
      'Thu, 10 Jul 1997 14:53:3',
    ]);
  });
});

/** Blanks around dots, and routes, which are not part of an address, stand there in what is expected. */
function plain(address: string): string {
  return address.replace(/^@[^:]*:/, '').replace(/ *\. */g, '.');
}

function timeOf(date: ExpectedDate | null): number | undefined {
  if (date === null) return undefined;
  const number = (name: string): number => Number(date[name]);
  const zone = (number('tz_hour') * 60 + number('tz_minute')) * (date['tz_before_gmt'] === true ? -1 : 1);
  const [year, month, day] = [number('year'), number('month') - 1, number('day')];
  return Date.UTC(year, month, day, number('hour'), number('minute') - zone, number('second'));
}
