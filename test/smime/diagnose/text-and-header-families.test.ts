import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../../src/core/bytes.js';
import { type EncodeOptions, encode } from '../../../src/iso2022jp/encode.js';
import type { Alteration, AlterationKind } from '../../../src/smime/diagnose/alteration.js';
import { type DiagnoseOptions, diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { encodePaired } from '../../../src/smime/diagnose/text/japanese-octets.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { detachedMessage, octets, signatureOver } from '../../support/sign-message.js';
import { alice, intermediate, mallory, now, roots, signedBy } from '../../support/sign-scene.js';

const text = '金額は 10円です。\r\n髙島屋①で～お待ちします。\r\n';
const plainText = '金額は 10円です。\r\nよろしくお願いします。\r\n';

function jis(of: string, options: EncodeOptions = {}): string {
  return latin1FromBytes(encode(of, options));
}
function sjis(of: string): string {
  return latin1FromBytes(encodePaired('shift_jis', of)!);
}
function euc(of: string): string {
  return latin1FromBytes(encodePaired('euc-jp', of)!);
}
function utf8(of: string): string {
  return Buffer.from(of, 'utf8').toString('latin1');
}
function labelled(charset: string, encoding: string, body: string): string {
  return `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

async function diagnosed(
  original: string,
  received: string,
  options: DiagnoseOptions = {},
): Promise<Alteration> {
  const message = detachedMessage(octets(received), signedBy(alice, octets(original)));
  const report = await verifyMessage(message, { roots, at: now });
  const diagnosis = await diagnoseAlteration(message, report, options);
  expect(diagnosis.alterations).toHaveLength(1);
  // Whatever is found, the report stays what it was.
  expect(report.verified).toBe(false);
  expect(report.seals[0]!.signers[0]!.content).toBe('altered');
  return diagnosis.alterations[0]!;
}

interface Case {
  readonly what: string;
  readonly original: string;
  readonly received: string;
  readonly kinds: readonly AlterationKind[];
  readonly from?: string;
  readonly to?: string;
  readonly options?: DiagnoseOptions;
}

const converted: readonly AlterationKind[] = ['charset-converted'];
const convertedAndSaid: readonly AlterationKind[] = ['charset-converted', 'charset-relabelled'];

const charsets: readonly Case[] = [
  ...(
    [
      ['Shift_JIS', sjis],
      ['EUC-JP', euc],
      ['UTF-8', utf8],
    ] as const
  ).flatMap(([to, write]): Case[] => [
    {
      what: `JIS became ${to}, label kept`,
      original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
      received: labelled('ISO-2022-JP', '7bit', write(plainText)),
      kinds: converted,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `JIS became ${to}, and said so`,
      original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
      received: labelled(to, '8bit', write(plainText)),
      kinds: convertedAndSaid,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `JIS with a small label in quotation marks became ${to}, and said so`,
      original: labelled('"iso-2022-jp"', '7bit', jis(plainText)),
      received: labelled(to, '8bit', write(plainText)),
      kinds: convertedAndSaid,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `JIS of Windows became ${to}`,
      original: labelled('ISO-2022-JP', '7bit', jis(text, { profile: 'ms' })),
      received: labelled(to, '8bit', write(text)),
      kinds: convertedAndSaid,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `JIS with ESC ( J became ${to}`,
      original: labelled('ISO-2022-JP', '7bit', jis(plainText).replaceAll('\x1b(B', '\x1b(J')),
      received: labelled(to, '8bit', write(plainText)),
      kinds: convertedAndSaid,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `JIS of 1978 became ${to}`,
      original: labelled(
        'ISO-2022-JP',
        '7bit',
        jis(plainText).replaceAll('\x1b$B', '\x1b$@').replaceAll('\x1b(B', '\x1b(J'),
      ),
      received: labelled('ISO-2022-JP', '7bit', write(plainText)),
      kinds: converted,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `half-width katakana in JIS became ${to}`,
      original: labelled('ISO-2022-JP', '7bit', jis('ｶﾅと仮名\r\n', { profile: 'ms', halfwidth: 'escape' })),
      received: labelled(to, '8bit', write('ｶﾅと仮名\r\n')),
      kinds: convertedAndSaid,
      from: 'ISO-2022-JP',
      to,
    },
    {
      what: `${to} became JIS`,
      original: labelled(to, '8bit', write(plainText)),
      received: labelled('ISO-2022-JP', '7bit', jis(plainText)),
      kinds: convertedAndSaid,
      from: to,
      to: 'ISO-2022-JP',
    },
  ]),
  {
    what: 'UTF-8 with a wave dash became Shift_JIS',
    original: labelled('UTF-8', '8bit', utf8('10〜20−5\r\n')),
    received: labelled('Shift_JIS', '8bit', sjis('10～20－5\r\n')),
    kinds: convertedAndSaid,
    from: 'UTF-8',
    to: 'Shift_JIS',
  },
  {
    what: 'UTF-8 with a full-width tilde became EUC-JP',
    original: labelled('UTF-8', '8bit', utf8('１０～２０の金額\r\n')),
    received: labelled('EUC-JP', '8bit', euc('１０～２０の金額\r\n')),
    kinds: convertedAndSaid,
    from: 'UTF-8',
    to: 'EUC-JP',
  },
  {
    what: 'EUC-JP became UTF-8, label kept',
    original: labelled('EUC-JP', '8bit', euc(plainText)),
    received: labelled('EUC-JP', '8bit', utf8(plainText)),
    kinds: converted,
    from: 'EUC-JP',
    to: 'UTF-8',
  },
  {
    what: 'Latin-1 became UTF-8',
    original: labelled('ISO-8859-1', '8bit', 'Gr\xfc\xdfe\r\n'),
    received: labelled('UTF-8', '8bit', utf8('Grüße\r\n')),
    kinds: convertedAndSaid,
    from: 'ISO-8859-1',
    to: 'UTF-8',
  },
  {
    what: 'two parts in JIS became UTF-8',
    original: `Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n${labelled('ISO-2022-JP', '7bit', jis(plainText))}\r\n--in\r\n${labelled('ISO-2022-JP', '7bit', jis('別の文\r\n'))}\r\n--in--\r\n`,
    received: `Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n${labelled('UTF-8', '8bit', utf8(plainText))}\r\n--in\r\n${labelled('UTF-8', '8bit', utf8('別の文\r\n'))}\r\n--in--\r\n`,
    kinds: convertedAndSaid,
    from: 'ISO-2022-JP',
    to: 'UTF-8',
  },
  {
    what: 'ESC $ B became ESC $ @',
    original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
    received: labelled('ISO-2022-JP', '7bit', jis(plainText).replaceAll('\x1b$B', '\x1b$@')),
    kinds: ['iso-2022-jp-escapes-changed'],
  },
  {
    what: 'ESC ( J inside lines became ESC ( B',
    original: labelled('ISO-2022-JP', '7bit', jis(plainText).replaceAll('\x1b(B ', '\x1b(J ')),
    received: labelled('ISO-2022-JP', '7bit', jis(plainText)),
    kinds: ['iso-2022-jp-escapes-changed'],
  },
  {
    what: 'ESC stripped',
    original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
    received: labelled('ISO-2022-JP', '7bit', jis(plainText).replaceAll('\x1b', '')),
    kinds: ['iso-2022-jp-escapes-lost'],
  },
  {
    what: 'the label alone',
    original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
    received: labelled('us-ascii', '7bit', jis(plainText)),
    kinds: ['charset-relabelled'],
    from: 'ISO-2022-JP',
    to: 'us-ascii',
  },
];

const fold: DiagnoseOptions = { foldWidth: true };
const widths: readonly Case[] = [
  {
    what: 'digits became full-width in JIS',
    original: labelled('ISO-2022-JP', '7bit', jis(plainText)),
    received: labelled('ISO-2022-JP', '7bit', jis(plainText.replace('10', '１０'))),
    kinds: ['width-changed'],
    options: fold,
  },
  {
    what: 'some digits became ASCII in UTF-8',
    original: labelled('UTF-8', '8bit', utf8('１０円と20円\r\n')),
    received: labelled('UTF-8', '8bit', utf8('10円と20円\r\n')),
    kinds: ['width-changed'],
    options: fold,
  },
  {
    what: 'half-width katakana became full-width in Shift_JIS',
    original: labelled('Shift_JIS', '8bit', sjis('ｶﾞｲﾄﾞとﾊﾟﾝ\r\n')),
    received: labelled('Shift_JIS', '8bit', sjis('ガイドとパン\r\n')),
    kinds: ['width-changed'],
    options: fold,
  },
];

const body = '\r\nHello.\r\n';
const words = 'Content-Description: =?UTF-8?B?44GK6KaL56mN44KK?=\r\n';
const headers: readonly Case[] = [
  ['folded', 'field-refolded', 'text/plain; charset=us-ascii', 'text/plain;\r\n\tcharset=us-ascii'],
  ['unfolded', 'field-refolded', 'text/plain;\r\n charset=us-ascii', 'text/plain; charset=us-ascii'],
  [
    'fold with a blank for a tab',
    'field-refolded',
    'text/plain;\r\n\tcharset=x',
    'text/plain;\r\n charset=x',
  ],
  ['blank lost', 'field-spacing-changed', 'text/plain; charset=us-ascii', 'text/plain;charset=us-ascii'],
  [
    'charset in small letters',
    'field-case-changed',
    'text/plain; charset=US-ASCII',
    'text/plain; charset=us-ascii',
  ],
  [
    'type in small letters',
    'field-case-changed',
    'TEXT/PLAIN; charset=us-ascii',
    'text/plain; charset=us-ascii',
  ],
  ['quoted', 'field-quoting-changed', 'text/plain; charset=us-ascii', 'text/plain; charset="us-ascii"'],
  ['not quoted', 'field-quoting-changed', 'text/plain; charset="us-ascii"', 'text/plain; charset=us-ascii'],
  [
    'parameters in another order',
    'parameters-changed',
    'text/plain; format=flowed; charset=us-ascii',
    'text/plain; charset=us-ascii; format=flowed',
  ],
  ['parameter added', 'parameters-changed', 'text/plain', 'text/plain; x-scanned=yes'],
  [
    'parameter removed',
    'parameters-changed',
    'text/plain; charset=us-ascii; format=flowed',
    'text/plain; charset=us-ascii',
  ],
].map(
  ([what, kind, was, is]): Case => ({
    what: what!,
    original: `Content-Type: ${was}\r\nContent-Transfer-Encoding: 7bit\r\n${body}`,
    received: `Content-Type: ${is}\r\nContent-Transfer-Encoding: 7bit\r\n${body}`,
    kinds: [kind as AlterationKind],
  }),
);
const fields: readonly Case[] = [
  {
    what: 'fields in another order',
    original: `Content-Transfer-Encoding: 7bit\r\nContent-Type: text/plain\r\n${body}`,
    received: `Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n${body}`,
    kinds: ['fields-reordered'],
  },
  {
    what: 'a field added',
    original: `Content-Type: text/plain\r\n${body}`,
    received: `Content-Type: text/plain\r\nX-Virus-Scanned: yes\r\n${body}`,
    kinds: ['field-added'],
    to: 'X-Virus-Scanned',
  },
  {
    what: 'a field removed',
    original: `Content-Type: text/plain\r\nContent-Disposition: inline\r\n${body}`,
    received: `Content-Type: text/plain\r\n${body}`,
    kinds: ['field-removed'],
    from: 'Content-Disposition',
  },
  {
    what: 'names of fields in small letters',
    original: `Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n${body}`,
    received: `content-type: text/plain\r\ncontent-transfer-encoding: 7bit\r\n${body}`,
    kinds: ['field-case-changed'],
  },
  {
    what: 'an encoded word in Q',
    original: `Content-Type: text/plain\r\n${words}${body}`,
    received: `Content-Type: text/plain\r\nContent-Description: =?UTF-8?Q?=E3=81=8A=E8=A6=8B=E7=A9=8D=E3=82=8A?=\r\n${body}`,
    kinds: ['encoded-words-rewritten'],
    from: 'B',
    to: 'Q',
  },
  {
    what: 'an encoded word in B and small letters',
    original: `Content-Type: text/plain\r\nContent-Description: =?iso-8859-1?Q?Gr=FC=DFe_an_alle!?=\r\n${body}`,
    received: `Content-Type: text/plain\r\nContent-Description: =?ISO-8859-1?b?R3L832UgYW4gYWxsZSE=?=\r\n${body}`,
    kinds: ['encoded-words-rewritten'],
    from: 'Q',
    to: 'B',
  },
  {
    what: 'an encoded word in another charset',
    original: `Content-Type: text/plain\r\nContent-Description: =?ISO-2022-JP?B?GyRCJCo4K0BRJGobKEI=?=\r\n${body}`,
    received: `Content-Type: text/plain\r\n${words}${body}`,
    kinds: ['encoded-words-rewritten'],
    to: 'B',
  },
  {
    what: 'charset in small letters and folded',
    original: `Content-Type: text/plain; charset=ISO-2022-JP\r\n${body}`,
    received: `Content-Type: text/plain;\r\n\tcharset=iso-2022-jp\r\n${body}`,
    kinds: ['field-case-changed', 'field-refolded'],
  },
];

for (const [title, cases] of [
  ['the kanji code', charsets],
  ['width, where it was asked for', widths],
  ['values of header fields', headers],
  ['header fields', fields],
] as const) {
  describe(`${title} (${cases.length} cases)`, () => {
    test.each(cases)('$what', async ({ original, received, kinds, from, to, options }) => {
      const found = await diagnosed(original, received, options);
      expect(found.changes.map(({ kind }) => kind)).toEqual(kinds);
      expect(latin1FromBytes(found.original!)).toBe(original);
      const [change] = found.changes;
      if (from !== undefined) expect(change!.from).toBe(from);
      if (to !== undefined) expect(change!.to).toBe(to);
      expect(undone(found)).toBe(original);
      expect(found.message.en).toMatch(
        /^altered in transit: .+; the original content verifies; the certificate that signed it is trusted$/,
      );
      expect(found.message.ja).toMatch(
        /^配送中に変更されています：.+。元の内容は署名と一致します。署名した証明書は信頼されています。$/,
      );
      expect(`${found.message.en}${found.message.ja}`).not.toContain('undefined');
    });
  });
}

/** The original as the ranges tell it, where one step was undone: they hold all that was changed. */
function undone({ received, original, changes }: Alteration): string {
  const isOneStep = changes.every(({ kind }) => kind.startsWith('charset-')) || changes.length === 1;
  if (!isOneStep) return latin1FromBytes(original!);
  const ranges = changes.flatMap((change) => change.ranges).toSorted((a, b) => a.start - b.start);
  let text = '';
  let at = 0;
  for (const { start, end, original: was } of ranges) {
    expect(start).toBeGreaterThanOrEqual(at);
    text += latin1FromBytes(received, at, start) + latin1FromBytes(was);
    at = end;
  }
  return text + latin1FromBytes(received, at);
}

describe('the signer', () => {
  const original = labelled('ISO-2022-JP', '7bit', jis(plainText));
  const received = labelled('Shift_JIS', '8bit', sjis(plainText));
  const of = async (p7s: Uint8Array): Promise<Alteration> => {
    const message = detachedMessage(octets(received), p7s);
    const report = await verifyMessage(message, { roots, at: now });
    const { alterations } = await diagnoseAlteration(message, report);
    return alterations[0]!;
  };
  const codes = ({ remarks }: Alteration): string[] => remarks.map(({ code }) => code);

  test('who signed no attributes is held to by the signature itself', async () => {
    const found = await of(signedBy(alice, octets(original), { attributes: 'none' }));
    expect(latin1FromBytes(found.original!)).toBe(original);
    expect(found.fitting).toHaveLength(1);
  });

  test('whose signature over the attributes is broken proves nothing, and nothing is looked for', async () => {
    const found = await of(signedBy(alice, octets(original), { spoil: true }));
    expect(found.original).toBeUndefined();
    expect(found.work.candidates).toBe(0);
    expect(codes(found)).toContain('signature-invalid');
  });

  test('whose digest is SHA-1 gives evidence that is told as weak', async () => {
    const found = await of(signedBy(alice, octets(original), { digest: 'sha1' }));
    expect(latin1FromBytes(found.original!)).toBe(original);
    expect(found.digests).toEqual(['sha1']);
    expect(codes(found)).toContain('weak-digest');
    expect(found.message.en).toContain('can be forged');
    expect(found.message.ja).toContain('偽造');
  });

  test('is one of two, of whom each signed another digest of the same content', async () => {
    const both = signatureOver(octets(original), {
      signers: [{ by: alice }, { by: mallory, digest: 'sha512' }],
      certificates: [alice, mallory, intermediate],
    });
    const found = await of(both);
    expect(latin1FromBytes(found.original!)).toBe(original);
    expect(found.fitting).toHaveLength(2);
    expect(found.digests.toSorted()).toEqual(['sha256', 'sha512']);
  });
});

describe('what is no alteration by a relay', () => {
  test('an amount that was changed is not recovered', async () => {
    const found = await diagnosed(
      labelled('ISO-2022-JP', '7bit', jis(plainText)),
      labelled('ISO-2022-JP', '7bit', jis(plainText.replace('10', '90'))),
    );
    expect(found.original).toBeUndefined();
    expect(found.fitting).toEqual([]);
    expect(found.remarks.map(({ code }) => code)).toContain('nothing-fits');
    expect(found.work.exhausted).toBe(false);
  });

  test('digits that became full-width are not recovered unless that was asked for', async () => {
    const found = await diagnosed(
      labelled('UTF-8', '8bit', utf8('10円\r\n')),
      labelled('UTF-8', '8bit', utf8('１０円\r\n')),
    );
    expect(found.original).toBeUndefined();
  });
});

describe('the search', () => {
  const original = labelled('ISO-2022-JP', '7bit', jis(plainText));
  const received = labelled('Shift_JIS', '8bit', sjis(plainText));

  test('ends where its limits are hit, and says so', async () => {
    const few = await diagnosed(original, received, { limits: { candidates: 1 } });
    expect(few.original).toBeUndefined();
    expect(few.work).toMatchObject({ exhausted: true });
    expect(few.remarks.map(({ code }) => code)).toContain('budget-exhausted');
    const short = await diagnosed(original, received, { limits: { octets: 1_000 } });
    expect(short.original).toBeUndefined();
    expect(short.work.octets).toBeLessThanOrEqual(1_000);
    expect(short.work.exhausted).toBe(true);
  });

  test('goes no further than as many changes as it may', async () => {
    const folded = received.replace('text/plain; ', 'text/plain;\r\n\t');
    const two = await diagnosed(original, folded);
    expect(two.changes.map(({ kind }) => kind)).toEqual([
      'field-refolded',
      'charset-converted',
      'charset-relabelled',
    ]);
    const one = await diagnosed(original, folded, { limits: { changes: 1 } });
    expect(one.original).toBeUndefined();
  });

  test('ends when the caller says so', async () => {
    const message = detachedMessage(octets(received), signedBy(alice, octets(original)));
    const report = await verifyMessage(message, { roots, at: now });
    await expect(diagnoseAlteration(message, report, { signal: { aborted: true } })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  test('refuses a report of another message, and limits that are no numbers', async () => {
    const message = detachedMessage(octets(received), signedBy(alice, octets(original)));
    const report = await verifyMessage(message, { roots, at: now });
    await expect(diagnoseAlteration(octets('Subject: other\r\n\r\n'), report)).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(
      diagnoseAlteration(message, report, { limits: { octets: Number.NaN } }),
    ).rejects.toMatchObject({ code: 'usage' });
  });

  test('has nothing to say of a message that is intact', async () => {
    const message = detachedMessage(octets(original), signedBy(alice, octets(original)));
    const report = await verifyMessage(message, { roots, at: now });
    expect(await diagnoseAlteration(message, report)).toMatchObject({ recovered: false, alterations: [] });
  });
});
