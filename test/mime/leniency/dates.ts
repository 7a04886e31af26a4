import type { Probe } from './probe.js';

const moment = { date: '1998-11-20T13:03:23.000Z' };

/** Date fields (RFC 5322 §3.3 and §4.3). */
export const dates: readonly Probe[] = [
  {
    id: 'date-two-digit-year',
    title: 'A year of two digits, a zone’s name.',
    source: 'RFC 5322 §4.3',
    input: ['Date: Fri, 20 Nov 98 08:03:23 EST', ''],
    expected: moment,
  },
  {
    id: 'date-three-digit-year',
    title: 'A year of three digits, counted from 1900.',
    source: 'RFC 5322 §4.3',
    input: ['Date: Tue, 20 Nov 101 13:03:23 +0000', ''],
    expected: { date: '2001-11-20T13:03:23.000Z' },
  },
  {
    id: 'date-comments',
    title: 'Comments in the middle and at the end.',
    source: 'RFC 5322 appendix A.5; nodemailer/mailparser #305',
    input: ['Date: Fri, 20 (twenty) Nov 1998 22:03:23 +0900 (JST)', ''],
    expected: moment,
  },
  {
    id: 'date-no-weekday',
    title: 'No day of the week, no seconds, one digit.',
    source: 'mailslurper/mailslurper #25',
    input: ['Date: 2 Nov 1998 22:03 +0900', ''],
    expected: { date: '1998-11-02T13:03:00.000Z' },
  },
  {
    id: 'date-wrong-weekday',
    title: 'A day of the week that is not that day’s.',
    input: ['Date: Mon, 20 Nov 1998 13:03:23 +0000', ''],
    expected: moment,
  },
  {
    id: 'date-asctime',
    title: 'The order of C’s asctime.',
    source: 'MailCore/mailcore2 #1270',
    input: ['Date: Fri Nov 20 13:03:23 1998', ''],
    expected: moment,
  },
  {
    id: 'date-folded',
    title: 'A fold after the day of the week.',
    source: 'stalwartlabs/mail-parser #133',
    input: ['Date: Fri,', ' 20 Nov', '\t1998 13:03:23 +0000', ''],
    expected: moment,
  },
  {
    id: 'date-jst',
    title: 'Japan’s zone by its name.',
    input: ['Date: Fri, 20 Nov 1998 22:03:23 JST', ''],
    expected: moment,
  },
  {
    id: 'date-zone-with-colon',
    title: 'A colon in the zone, GMT before it.',
    input: ['Date: Fri, 20 Nov 1998 22:03:23 GMT+09:00', ''],
    expected: moment,
  },
  {
    id: 'date-hyphens',
    title: 'Hyphens between day, month and year.',
    input: ['Date: Fri, 20-Nov-1998 13:03:23 GMT', ''],
    expected: moment,
  },
  {
    id: 'date-unknown-zone',
    title: 'A zone’s name that nobody knows counts as UTC.',
    source: 'RFC 5322 §4.3',
    input: ['Date: Fri, 20 Nov 1998 13:03:23 XYZT', ''],
    expected: moment,
  },
  {
    id: 'date-long-names',
    title: 'Names of day and month in full.',
    input: ['Date: Friday, 20 November 1998 13:03:23 +0000', ''],
    expected: moment,
  },
  {
    id: 'date-iso-8601',
    title: 'ISO 8601 instead of RFC 5322.',
    source: 'scripts that send mail; SpamScope/mail-parser #71',
    input: ['Date: 1998-11-20T22:03:23+09:00', ''],
    expected: moment,
  },
];
