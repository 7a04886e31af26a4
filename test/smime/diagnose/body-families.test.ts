import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../../src/core/bytes.js';
import type { Alteration, AlterationKind } from '../../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { detachedMessage, octets } from '../../support/sign-message.js';
import { alice, now, roots, signedBy } from '../../support/sign-scene.js';

const plain = 'Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n';
const ascii = 'Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n';
const noEncoding = 'Content-Type: text/plain; charset=us-ascii\r\n\r\n';
const letter =
  'Dear Bob,\r\n\r\nthe parts arrive on Monday. Please see that somebody is there to open the gate,\r\nand tell me when it is done.\r\n\r\nAlice\r\n-- \r\nAlice Example, Example Ltd\r\n';
const german = utf8('Grüße aus Köln: der Käse kostet 10 €.\r\nBis später!\r\n');

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function base64(text: string, width = 76): string {
  const encoded = Buffer.from(text, 'latin1').toString('base64');
  return width === 0 ? encoded : encoded.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\r\n').trimEnd();
}

function mixed(...parts: readonly string[]): string {
  const inner = parts.map((part) => `--in\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/mixed; boundary=in\r\n\r\n${inner}--in--\r\n`;
}

function alternative(text: string, html: string): string {
  return `Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n${noEncoding}${text}\r\n--in\r\nContent-Type: text/html; charset=us-ascii\r\n\r\n${html}\r\n--in--\r\n`;
}

async function diagnosed(original: string, received: string): Promise<Alteration> {
  const message = detachedMessage(octets(received), signedBy(alice, octets(original)));
  const report = await verifyMessage(message, { roots, at: now });
  expect(report.verified).toBe(false);
  const { alterations } = await diagnoseAlteration(message, report);
  expect(alterations).toHaveLength(1);
  return alterations[0]!;
}

interface Case {
  readonly what: string;
  readonly original: string;
  readonly received: string;
  readonly kinds: readonly AlterationKind[];
}

const long = `${'word '.repeat(400).trim()}\r\n`;

/** Text wrapped at white space, as an editor does it. */
function wrap(text: string, width: number, softEnd = ''): string {
  return text
    .split('\r\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current !== '' && `${current} ${word}`.length > width) {
          lines.push(current + softEnd);
          current = word;
        } else current = current === '' ? word : `${current} ${word}`;
      }
      return [...lines, current].join('\r\n');
    })
    .join('\r\n');
}

const cases: readonly Case[] = [
  {
    what: 'LF line ends under the signature',
    original: (ascii + letter).replaceAll('\r\n', '\n'),
    received: ascii + letter,
    kinds: ['line-ends-not-canonical'],
  },
  {
    what: 'every line end doubled',
    original: `${ascii}one\r\ntwo\r\nthree\r\n`,
    received: `${ascii}one\r\n\r\ntwo\r\n\r\nthree\r\n\r\n`,
    kinds: ['line-ends-changed'],
  },
  {
    what: 'CR CRLF instead of CRLF',
    original: `${ascii}one\r\ntwo\r\nthree\r\n`,
    received: `${ascii}one\r\r\ntwo\r\r\nthree\r\r\n`,
    kinds: ['line-ends-changed'],
  },
  {
    what: 'the blank after the signature separator cut off',
    original: ascii + letter,
    received: ascii + letter.replace('-- \r\n', '--\r\n'),
    kinds: ['trailing-blanks-removed'],
  },
  {
    what: 'the blanks of flowed text cut off',
    original: ascii + wrap(long, 72, ' '),
    received: ascii + wrap(long, 72),
    kinds: ['trailing-blanks-removed'],
  },
  {
    what: 'lines padded to 80 columns',
    original: ascii + letter.replace('-- ', '--'),
    received: (ascii + letter.replace('-- ', '--'))
      .split('\r\n')
      .map((line, i, all) => (i < 3 || i === all.length - 1 ? line : line.padEnd(80)))
      .join('\r\n'),
    kinds: ['trailing-blanks-added'],
  },
  {
    what: 'an empty line at the end more',
    original: ascii + letter,
    received: `${ascii}${letter}\r\n`,
    kinds: ['trailing-lines-added'],
  },
  {
    what: 'five empty lines at the end less',
    original: `${ascii}${letter}${'\r\n'.repeat(5)}`,
    received: ascii + letter,
    kinds: ['trailing-lines-removed'],
  },
  {
    what: 'the last line end taken away',
    original: ascii + letter,
    received: ascii + letter.trimEnd(),
    kinds: ['trailing-lines-removed'],
  },
  {
    what: 'an empty line added to a part inside',
    original: mixed(ascii + letter, `${noEncoding}second`),
    received: mixed(`${ascii}${letter}\r\n`, `${noEncoding}second`),
    kinds: ['trailing-lines-added'],
  },
  {
    what: 'From quoted',
    original: `${ascii}From here\r\n>From there\r\nFrom now on\r\n`,
    received: `${ascii}>From here\r\n>From there\r\n>From now on\r\n`,
    kinds: ['from-line-quoted'],
  },
  {
    what: 'From quoted at every depth',
    original: `${ascii}From here\r\n>From there\r\n`,
    received: `${ascii}>From here\r\n>>From there\r\n`,
    kinds: ['from-line-quoted'],
  },
  {
    what: 'the quote of From taken away',
    original: `${ascii}>From here\r\nand on\r\n`,
    received: `${ascii}From here\r\nand on\r\n`,
    kinds: ['from-line-unquoted'],
  },
  {
    what: 'dots left doubled',
    original: `${ascii}.profile\r\n..\r\nx\r\n`,
    received: `${ascii}..profile\r\n...\r\nx\r\n`,
    kinds: ['dots-doubled'],
  },
  {
    what: 'a dot lost',
    original: `${ascii}see\r\n.profile\r\n`,
    received: `${ascii}see\r\nprofile\r\n`,
    kinds: ['dots-removed'],
  },
  {
    what: 'tabs expanded to eight columns',
    original: `${ascii}\tone\r\nab\tcd\tef\r\nlast\t1\r\n`,
    received: `${ascii}        one\r\nab      cd      ef\r\nlast    1\r\n`,
    kinds: ['tabs-changed'],
  },
  {
    what: 'leading blanks compressed to tabs',
    original: `${ascii}        if (x)\r\n            y();      /* z */\r\n`,
    received: `${ascii}\tif (x)\r\n\t    y();      /* z */\r\n`,
    kinds: ['tabs-changed'],
  },
  {
    what: 'each tab made four blanks',
    original: `${ascii}a\tb\tc\r\n`,
    received: `${ascii}a    b    c\r\n`,
    kinds: ['tabs-changed'],
  },
  {
    what: 'a line broken after 998 octets',
    original: `${ascii}${'x'.repeat(2500)}\r\n`,
    received: `${ascii}${'x'.repeat(998)}\r\n${'x'.repeat(998)}\r\n${'x'.repeat(504)}\r\n`,
    kinds: ['lines-wrapped'],
  },
  {
    what: 'a line broken after 998 octets, with a blank before the rest',
    original: `${ascii}${'x'.repeat(2500)}\r\n`,
    received: `${ascii}${'x'.repeat(998)}\r\n ${'x'.repeat(997)}\r\n ${'x'.repeat(505)}\r\n`,
    kinds: ['lines-wrapped'],
  },
  {
    what: 'a line broken with an exclamation mark',
    original: `${ascii}${'x'.repeat(1500)}\r\n`,
    received: `${ascii}${'x'.repeat(989)}!\r\n ${'x'.repeat(511)}\r\n`,
    kinds: ['lines-wrapped'],
  },
  {
    what: 'a paragraph wrapped at 76',
    original: ascii + long,
    received: ascii + wrap(long, 76),
    kinds: ['lines-wrapped'],
  },
  {
    what: 'lines joined that were wrapped at 72',
    original: ascii + wrap(long, 72),
    received: ascii + long,
    kinds: ['lines-joined'],
  },
  {
    what: 'a long line of ISO-2022-JP broken',
    original: `Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$B${'$"'.repeat(60)}\x1b(B\r\n`,
    received: `Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$B${'$"'.repeat(35)}\x1b(B\r\n\x1b$B${'$"'.repeat(25)}\x1b(B\r\n`,
    kinds: ['lines-wrapped'],
  },
  {
    what: '8bit made base64',
    original: plain + german,
    received: `${plain.replace('8bit', 'base64') + base64(german)}\r\n`,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'no field made base64',
    original: noEncoding + letter,
    received: `${ascii.replace('7bit', 'base64') + base64(letter)}\r\n`,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'base64 made 8bit',
    original: `${plain.replace('8bit', 'base64') + base64(german)}\r\n`,
    received: plain + german,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'base64 in lines of 64 made lines of 76',
    original: `${plain.replace('8bit', 'base64') + base64(german.repeat(4), 64)}\r\n`,
    received: `${plain.replace('8bit', 'base64') + base64(german.repeat(4))}\r\n`,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: '8bit made quoted-printable',
    original: plain + german,
    received:
      plain.replace('8bit', 'quoted-printable') +
      german.replace(/[^ -<>-~\r\n]|=/g, (octet) => `=${octet.charCodeAt(0).toString(16).toUpperCase()}`),
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'quoted-printable made 8bit',
    original:
      plain.replace('8bit', 'quoted-printable') +
      german.replace(/[^ -<>-~\r\n]|=/g, (octet) => `=${octet.charCodeAt(0).toString(16).toUpperCase()}`),
    received: plain + german,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'quoted-printable with small digits made 8bit',
    original:
      plain.replace('8bit', 'quoted-printable') +
      german.replace(/[^ -<>-~\r\n]|=/g, (octet) => `=${octet.charCodeAt(0).toString(16)}`),
    received: plain + german,
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'the text of a multipart made base64',
    original: mixed(plain + german.trimEnd(), `${noEncoding}second`),
    received: mixed(plain.replace('8bit', 'base64') + base64(german.trimEnd()), `${noEncoding}second`),
    kinds: ['transfer-encoding-changed'],
  },
  {
    what: 'a footer of a list',
    original: ascii + letter,
    received: `${ascii}${letter}_______________\r\nlist mailing list\r\nlist@lists.example\r\n`,
    kinds: ['footer-added'],
  },
  {
    what: 'a footer after an empty line',
    original: ascii + letter,
    received: `${ascii}${letter}\r\n-- \r\nlist mailing list\r\n`,
    kinds: ['footer-added'],
  },
  {
    what: 'a banner',
    original: ascii + letter,
    received: `${ascii}[CAUTION: this mail came from outside]\r\n\r\n${letter}`,
    kinds: ['banner-added'],
  },
  {
    what: 'a banner and a footer',
    original: ascii + letter,
    received: `${ascii}[EXTERNAL]\r\n\r\n${letter}-- \r\nfooter\r\n`,
    kinds: ['footer-added', 'banner-added'],
  },
  {
    what: 'a footer in HTML',
    original: `Content-Type: text/html\r\n\r\n<html><body><p>Hello</p></body></html>\r\n`,
    received: `Content-Type: text/html\r\n\r\n<html><body><p>Hello</p><hr>checked by <b>scanner</b>\r\n</body></html>\r\n`,
    kinds: ['footer-added'],
  },
  {
    what: 'a banner in HTML',
    original: `Content-Type: text/html\r\n\r\n<html><body class="x"><p>Hello</p></body></html>\r\n`,
    received: `Content-Type: text/html\r\n\r\n<html><body class="x"><div style="a">from <b>outside</b></div><p>Hello</p></body></html>\r\n`,
    kinds: ['banner-added'],
  },
  {
    what: 'a footer in the text and the HTML',
    original: alternative('Hello\r\n', '<html><body><p>Hello</p></body></html>\r\n'),
    received: alternative('Hello\r\n-- \r\nlist\r\n', '<html><body><p>Hello</p><hr>list</body></html>\r\n'),
    kinds: ['footer-added'],
  },
  {
    what: 'a banner in the text and the HTML',
    original: alternative('Hello\r\n', '<html><body><p>Hello</p></body></html>\r\n'),
    received: alternative(
      '[EXTERNAL]\r\n\r\nHello\r\n',
      '<html><body><b>EXTERNAL</b><p>Hello</p></body></html>\r\n',
    ),
    kinds: ['banner-added'],
  },
  {
    what: 'lines in between',
    original: ascii + letter,
    received: (ascii + letter).replace('and tell', '[a link was checked]\r\nand tell'),
    kinds: ['lines-added'],
  },
  {
    what: 'a part added to the multipart',
    original: mixed(ascii + letter, `${noEncoding}second`),
    received: mixed(ascii + letter, `${noEncoding}second`, `${noEncoding}list footer\r\n`),
    kinds: ['part-added'],
  },
  {
    what: 'a multipart put around for a footer',
    original: ascii + letter,
    received: mixed(ascii + letter, `${noEncoding}list footer\r\n`),
    kinds: ['container-changed'],
  },
  {
    what: 'base64 for the way, and an empty line more',
    original: ascii + letter,
    received: `${ascii.replace('7bit', 'base64')}${base64(`${letter}\r\n`)}\r\n`,
    kinds: ['trailing-lines-added', 'transfer-encoding-changed'],
  },
  {
    what: 'From quoted and blanks cut off',
    original: `${ascii}From here \r\non\r\n-- \r\nx\r\n`,
    received: `${ascii}>From here \r\non\r\n--\r\nx\r\n`,
    kinds: ['trailing-blanks-removed', 'from-line-quoted'],
  },
  {
    what: 'a footer on base64',
    original: `${plain.replace('8bit', 'base64') + base64(german)}\r\n`,
    received: `${plain.replace('8bit', 'base64') + base64(`${german}-- \r\nlist footer\r\n`)}\r\n`,
    kinds: ['footer-added'],
  },
  {
    what: 'quoted-printable made base64 for the way, with a footer',
    original: ascii + letter,
    received: `${ascii.replace('7bit', 'base64') + base64(`${letter}-- \r\nlist footer\r\n`)}\r\n`,
    kinds: ['footer-added', 'transfer-encoding-changed'],
  },
];

describe('what relays do to a body is found and undone', () => {
  test.each(cases)('$what', async ({ original, received, kinds }) => {
    const alteration = await diagnosed(original, received);
    expect(alteration.original && latin1FromBytes(alteration.original)).toBe(original);
    expect(alteration.changes.map(({ kind }) => kind)).toEqual(kinds);
    expect(alteration.work.exhausted).toBe(false);
  });

  test('what changes the meaning is not undone', async () => {
    const changes: readonly (readonly [string, string])[] = [
      [ascii + letter, (ascii + letter).replace('Monday', 'Sunday')],
      [`${ascii}I owe you 10 yen.\r\n`, `${ascii}I owe you 90 yen.\r\n`],
      [`${ascii}I owe you 10 yen.\r\nAlice\r\n`, `${ascii}Alice\r\n`],
    ];
    for (const [original, received] of changes) {
      const alteration = await diagnosed(original, received);
      expect(alteration.original).toBeUndefined();
      expect(alteration.changes).toEqual([]);
    }
  });
});
