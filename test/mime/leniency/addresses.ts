import type { Probe } from './probe.js';

/** Address fields (RFC 5322 §3.4 and §4.4). */
export const addresses: readonly Probe[] = [
  {
    id: 'address-group',
    title: 'A group with members, and one without.',
    source: 'RFC 5322 §3.4',
    input: ['To: A Group: "Ed" <ed@example.com>, joe@example.org; Undisclosed recipients:;', ''],
    expected: {
      to: [
        {
          name: 'A Group',
          members: [
            { name: 'Ed', address: 'ed@example.com' },
            { name: '', address: 'joe@example.org' },
          ],
        },
        { name: 'Undisclosed recipients', members: [] },
      ],
    },
  },
  {
    id: 'address-route',
    title: 'A source route before the address.',
    source: 'RFC 5322 §4.4',
    input: ['To: "Joe" <@relay.example,@other.example:joe@example.org>', ''],
    expected: { to: [{ name: 'Joe', address: 'joe@example.org' }] },
  },
  {
    id: 'address-comment-name',
    title: 'The name in a comment behind the address.',
    source: 'RFC 822',
    input: ['From: pete@example.org (Pete Smith)', ''],
    expected: { from: [{ name: 'Pete Smith', address: 'pete@example.org' }] },
  },
  {
    id: 'address-comments-inside',
    title: 'Comments in all places, one with an escaped parenthesis.',
    source: 'RFC 5322 appendix A.5',
    input: ['From: Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ''],
    expected: { from: [{ name: 'Pete', address: 'pete@silly.test' }] },
  },
  {
    id: 'address-blanks-inside',
    title: 'Blanks around dots and at signs.',
    source: 'RFC 5322 §4.4 and appendix A.6.3',
    input: ['From: John . Doe @ example . org', ''],
    expected: { from: [{ name: '', address: 'John.Doe@example.org' }] },
  },
  {
    id: 'address-blanks-in-brackets',
    title: 'Blanks inside the angle brackets.',
    source: 'jstedfast/MailKit #355',
    input: ['From: DHL Worldwide Delivery < delivery@example.com >', ''],
    expected: { from: [{ name: 'DHL Worldwide Delivery', address: 'delivery@example.com' }] },
  },
  {
    id: 'address-no-closing-bracket',
    title: 'The closing bracket is missing.',
    source: 'jstedfast/MimeKit #55',
    input: ['From: =?UTF-8?Q?r_f=C3=BCr_At?= <info-mail@relay.example', ''],
    expected: { from: [{ name: 'r für At', address: 'info-mail@relay.example' }] },
    defects: ['address-malformed'],
  },
  {
    id: 'address-semicolons',
    title: 'Semicolons between addresses, as Outlook’s users type them.',
    source: 'jstedfast/MimeKit #233',
    input: ['To: a@example.org; "B" <b@example.org>; c@example.org', ''],
    expected: {
      to: [
        { name: '', address: 'a@example.org' },
        { name: 'B', address: 'b@example.org' },
        { name: '', address: 'c@example.org' },
      ],
    },
  },
  {
    id: 'address-empty-elements',
    title: 'Commas with nothing between them, and one at the end.',
    source: 'RFC 5322 §4.4',
    input: ['To: a@example.org,, ,b@example.org,', ''],
    expected: {
      to: [
        { name: '', address: 'a@example.org' },
        { name: '', address: 'b@example.org' },
      ],
    },
  },
  {
    id: 'address-unquoted-address-as-name',
    title: 'The name is an address without quotes.',
    source: 'haraka/node-address-rfc2822 #36, jstedfast/MailKit #414',
    input: ['From: test@example.com <other@example.com>', ''],
    expected: { from: [{ name: 'test@example.com', address: 'other@example.com' }] },
  },
  {
    id: 'address-spoofed-name',
    title: 'The name is another’s address in quotes: what is in the brackets counts.',
    source: 'how people are deceived',
    input: ['From: "alice@example.jp" <mallory@example.net>', ''],
    expected: { from: [{ name: 'alice@example.jp', address: 'mallory@example.net' }] },
  },
  {
    id: 'address-word-with-brackets',
    title: 'An encoded word hides quotes, brackets and a comma: it is name, and no more.',
    source: 'bertjohnson/OpaqueMail #70',
    input: ['From: =?utf-8?Q?=22Bank=22_=3Cbank=40example.com=3E=2C_x?= <mallory@example.net>', ''],
    expected: { from: [{ name: '"Bank" <bank@example.com>, x', address: 'mallory@example.net' }] },
  },
  {
    id: 'address-word-in-quotes',
    title: 'Encoded words inside quotes.',
    source: 'RFC 2047 §5 forbids it',
    input: ['From: "=?utf-8?Q?Andr=C3=A9?=" <andre@example.fr>', ''],
    expected: { from: [{ name: 'André', address: 'andre@example.fr' }] },
  },
  {
    id: 'address-word-in-comment',
    title: 'Encoded words inside a comment that is the name.',
    input: ['From: andre@example.fr (=?iso-8859-1?Q?Andr=E9?=)', ''],
    expected: { from: [{ name: 'André', address: 'andre@example.fr' }] },
  },
  {
    id: 'address-raw-utf-8',
    title: 'Raw UTF-8 in name and local part.',
    source: 'RFC 6532',
    input: ['From: Pel\xc3\xa9 <pel\xc3\xa9@example.com>', ''],
    expected: { from: [{ name: 'Pelé', address: 'pelé@example.com' }] },
  },
  {
    id: 'address-raw-jis',
    title: 'Raw ISO-2022-JP in a name, with an angle bracket among its octets.',
    source: 'nodemailer/mailparser #56',
    input: ['From: \x1b$B>.NS\x1b(B <kobayashi@example.jp>', ''],
    expected: { from: [{ name: '小林', address: 'kobayashi@example.jp' }] },
    defects: ['header-raw-jis'],
  },
  {
    id: 'address-open-quote',
    title: 'A quote without its end.',
    input: ['From: "John Doe <john@example.com>', ''],
    expected: { from: [{ name: 'John Doe', address: 'john@example.com' }] },
    defects: ['address-malformed'],
  },
  {
    id: 'address-colon-in-brackets',
    title: 'A colon within square brackets in a name begins no group.',
    source: 'jstedfast/MimeKit #1042',
    input: ['From: First Last [COMPANY/ AREA:] <user@example.com>', ''],
    expected: { from: [{ name: 'First Last [COMPANY/ AREA:]', address: 'user@example.com' }] },
  },
  {
    id: 'address-apostrophe',
    title: 'An apostrophe in a name.',
    source: 'andris9/mimelib #15',
    input: ["To: Jane O'Neill <jane@example.org>, 'Joe' <joe@example.org>", ''],
    expected: {
      to: [
        { name: "Jane O'Neill", address: 'jane@example.org' },
        { name: "'Joe'", address: 'joe@example.org' },
      ],
    },
  },
  {
    id: 'address-dot-in-name',
    title: 'Dots in a name without quotes.',
    source: 'RFC 5322 §4.1',
    input: ['From: John Q. Public Jr. <john@example.com>', ''],
    expected: { from: [{ name: 'John Q. Public Jr.', address: 'john@example.com' }] },
  },
  {
    id: 'address-dots-in-local-part',
    title: 'A local part with two dots in a row and one at its end, as mobile carriers gave out.',
    source: 'Japanese mobile mail',
    input: ['From: Taro <taro..yamada.@mobile.example.jp>', ''],
    expected: { from: [{ name: 'Taro', address: 'taro..yamada.@mobile.example.jp' }] },
  },
  {
    id: 'address-quoted-local-part',
    title: 'A local part that needs its quotes.',
    source: 'RFC 5322 §3.4.1',
    input: ['To: <"john doe"@example.com>', ''],
    expected: {
      to: [{ name: '', address: '"john doe"@example.com' }],
    },
  },
  {
    id: 'address-escaped-quotes',
    title: 'Escaped quotes in a name, and a comma.',
    input: ['From: "Doe, John \\"Jack\\"" <john@example.com>', ''],
    expected: { from: [{ name: 'Doe, John "Jack"', address: 'john@example.com' }] },
  },
  {
    id: 'address-folded-quotes',
    title: 'A fold within quotes.',
    input: ['From: "John', ' Doe" <john@example.com>', ''],
    expected: { from: [{ name: 'John Doe', address: 'john@example.com' }] },
  },
  {
    id: 'address-empty-brackets',
    title: 'Nothing in the brackets.',
    source: 'dinhvh/libetpan #247',
    input: ['From: "admin" <>', ''],
    expected: { from: [{ name: 'admin', address: '' }] },
  },
  {
    id: 'address-literal',
    title: 'An IP address as domain.',
    source: 'RFC 5322 §3.4.1',
    input: ['From: Joe <joe@[192.0.2.1]>', ''],
    expected: { from: [{ name: 'Joe', address: 'joe@[192.0.2.1]' }] },
  },
  {
    id: 'address-no-comma',
    title: 'Two addresses without a comma between them.',
    input: ['To: "A" <a@example.org> "B" <b@example.org>', ''],
    expected: {
      to: [
        { name: 'A', address: 'a@example.org' },
        { name: 'B', address: 'b@example.org' },
      ],
    },
    defects: ['address-malformed'],
  },
];
