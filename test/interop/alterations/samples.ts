import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { octetsOf, textOf } from './octets.js';

const japanese = 'お見積もりの件\n\n金額は 10,000円です。\n半角の ABC と全角の１２３。\n\n-- \n山田太郎\n';

/** A text in an encoding of Japan, by iconv. */
function recoded(text: string, charset: string): string {
  return textOf(execFileSync('iconv', ['-f', 'utf-8', '-t', charset], { input: text }));
}

/** In Shift_JIS: 日本語, half-width カタカナ, 語. */
const shiftJis = '\x93\xfa\x96{\x8c\xea\xb6\xc0\xb6\xc5\x8c\xea\nFrom 10:00\n';
/** ①半角ｶﾅ, as Windows writes it: a cell of NEC, and half-width katakana after ESC ( I. */
const windows = '\x1b$B-!H>3Q\x1b(I6E\x1b(B\nFrom 10:00\n';

const plain = (charset: string, encoding: string, body: string): string =>
  `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;

const base64 = (text: string): string =>
  Buffer.from(text.replaceAll('\n', '\r\n'))
    .toString('base64')
    .replace(/.{1,76}/g, '$&\n');

const english = `Dear Hanako,

From the office I send you what we spoke of.
>From him nothing came.
.hidden is the name of the file
Name:\tvalue\tother value
    four blanks and\ta tab

Yours
-- 
Taro
`;

const longLine = `${'All of this stands in one line that goes on and on, as programs write them that leave it to others to wrap. '.repeat(3).trimEnd()}\n`;

const html = `Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html>
<body>
<p>The amount is 10,000 yen.</p>
</body>
</html>
`;

const attachment = `Content-Type: application/octet-stream; name="data.bin"
Content-Disposition: attachment; filename="data.bin"
Content-Transfer-Encoding: base64

${base64('\0\u0001\u0002 some octets of a file that is no text, again and again and again and again')}`;

const mixed = `Content-Type: multipart/mixed; boundary="inner"

--inner
${plain('us-ascii', '7bit', english)}
--inner
${attachment}
--inner--
`;

const header = `Content-Type: text/plain; charset="utf-8"; format=flowed; delsp=no
Content-Transfer-Encoding: 8bit
Content-Description: =?UTF-8?B?44GK6KaL56mN44KC44KK44Gu5Lu2?=
Content-Disposition: inline; filename="a text with a name that is long.txt"; size=1234
Content-Language: ja

お見積もりの件
`;

/** The entities that are signed, with LF line ends, one character an octet. */
const entities = {
  'iso-2022-jp': () => plain('ISO-2022-JP', '7bit', recoded(japanese, 'iso-2022-jp')),
  'iso-2022-jp of Windows': () => plain('ISO-2022-JP', '7bit', windows),
  'shift_jis with half-width katakana': () => plain('Shift_JIS', '8bit', shiftJis),
  'iso-2022-jp in a multipart': () =>
    `Content-Type: multipart/mixed; boundary="inner"\n\n--inner\n${plain('ISO-2022-JP', '7bit', recoded(japanese, 'iso-2022-jp'))}\n--inner\n${attachment}\n--inner--\n`,
  shift_jis: () => plain('Shift_JIS', '8bit', recoded(japanese, 'shift_jis')),
  'euc-jp': () => plain('EUC-JP', '8bit', recoded(japanese, 'euc-jp')),
  'utf-8': () => plain('UTF-8', '8bit', latin1(japanese)),
  'utf-8 in base64': () => plain('UTF-8', 'base64', base64(japanese)),
  'utf-8 in quoted-printable': () => plain('UTF-8', 'quoted-printable', textOf(quotedPrintable(japanese))),
  'us-ascii': () => plain('us-ascii', '7bit', english),
  'blanks at line ends': () =>
    plain(
      'us-ascii; format=flowed',
      '7bit',
      'This paragraph is flowed, so that \neach line but its last \nends in a blank.\n\nYours\n-- \nTaro\n',
    ),
  'empty lines at the end': () => plain('us-ascii', '7bit', `${english}\n\n`),
  'a word at each line end': () =>
    plain('us-ascii; format=flowed; delsp=no', '7bit', 'One\ntwo\nthree.\n\n>From here\nfour.\n'),
  'a long line': () => plain('us-ascii', '7bit', `Before.\n${longLine}After.\n`),
  html: () => html,
  'an attachment': () => mixed,
  'a long header': () => latin1(header),
} as const satisfies Record<string, () => string>;

function latin1(text: string): string {
  return textOf(Buffer.from(text));
}

/** By Python, whose soft line breaks stand where others put them, too. */
function quotedPrintable(text: string): Buffer {
  return execFileSync(
    'python3',
    ['-c', 'import quopri, sys; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, False)'],
    {
      input: text,
    },
  );
}

export type SampleName = keyof typeof entities;

/** What is signed, its lines ending in CRLF. */
export function entityOf(name: SampleName): Buffer {
  return octetsOf(entities[name]().replaceAll('\n', '\r\n'));
}

/** Somebody who signs by OpenSSL. */
export class OpensslSigner {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mailseal-alterations-'));
  readonly #signed = new Map<string, Buffer>();

  constructor() {
    writeFileSync(
      join(this.#folder, 'req.cnf'),
      '[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=Taro\n[v3]\nsubjectAltName=email:taro@example.jp\n',
    );
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '3',
      '-config',
      'req.cnf',
    );
  }

  /** A multipart/signed as it leaves its sender, over exactly these octets. */
  sign(entity: Buffer, ...options: readonly string[]): Buffer {
    const known = `${options.join(' ')} ${textOf(entity)}`;
    let message = this.#signed.get(known);
    if (message === undefined) {
      writeFileSync(join(this.#folder, 'entity'), entity);
      const signed = this.#openssl(
        ...[
          'cms',
          '-sign',
          '-binary',
          '-in',
          'entity',
          '-signer',
          'cert.pem',
          '-inkey',
          'key.pem',
          ...options,
        ],
        ...['-from', 'taro@example.jp', '-to', 'hanako@example.jp', '-subject', 'test'],
      );
      // OpenSSL ends its own lines in LF, whatever those of the entity end in.
      message = octetsOf(textOf(signed).replace(/\r?\n/g, '\r\n'));
      this.#signed.set(known, message);
    }
    return message;
  }

  stop(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openssl(...args: readonly string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
