import { inBody, inHeader, inOrder, inPart } from './octets.js';
import type { Chapter, Row } from './row.js';
import { iconv, nkf, python, pythonCodec, sed } from './tools.js';

const label = (charset: string, encoding = '8bit') =>
  inHeader(sed(`s/charset=[^;]*/charset=${charset}/; s/^(Content-Transfer-Encoding:) .*/\\1 ${encoding}/`));

const converted = ['charset-converted'] as const;
const convertedAndSaid = ['charset-converted', 'charset-relabelled'] as const;

const kept: readonly Row[] = [
  {
    done: 'ISO-2022-JP became Shift_JIS, label kept',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-s'))),
    found: converted,
  },
  {
    done: 'ISO-2022-JP became EUC-JP, label kept',
    by: ['iconv'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(iconv('iso-2022-jp', 'euc-jp'))),
    found: converted,
  },
  {
    done: 'ISO-2022-JP became UTF-8, label kept',
    by: ['python3'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(pythonCodec('iso2022_jp', 'utf-8'))),
    found: converted,
  },
  {
    done: '① and half-width katakana of Windows became Shift_JIS, label kept',
    by: ['nkf'],
    sample: 'iso-2022-jp of Windows',
    alter: inPart(inBody(nkf('--ic=cp50221', '--oc=cp932'))),
    found: converted,
  },
  {
    done: '① and half-width katakana of Windows became UTF-8, label kept',
    by: ['nkf'],
    sample: 'iso-2022-jp of Windows',
    alter: inPart(inBody(nkf('--ic=cp50221', '--oc=utf-8'))),
    found: converted,
  },
  {
    done: 'ISO-2022-JP of a part in a multipart became EUC-JP, label kept',
    by: ['nkf'],
    sample: 'iso-2022-jp in a multipart',
    alter: inPart(inBody(nkf('-e'))),
    found: converted,
  },
];

const relabelled: readonly Row[] = [
  {
    done: 'ISO-2022-JP became Shift_JIS, and said so',
    by: ['iconv', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inOrder(inBody(iconv('iso-2022-jp', 'shift_jis')), label('Shift_JIS'))),
    found: convertedAndSaid,
  },
  {
    done: 'ISO-2022-JP became EUC-JP, and said so',
    by: ['nkf', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inOrder(inBody(nkf('-e')), label('EUC-JP'))),
    found: convertedAndSaid,
  },
  {
    done: 'ISO-2022-JP became UTF-8, and said so',
    by: ['nkf', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inOrder(inBody(nkf('-w')), label('utf-8'))),
    found: convertedAndSaid,
  },
  {
    done: 'Shift_JIS became ISO-2022-JP, and said so',
    by: ['nkf', 'sed'],
    sample: 'shift_jis',
    alter: inPart(inOrder(inBody(nkf('-X', '-S', '-j')), label('ISO-2022-JP', '7bit'))),
    found: convertedAndSaid,
  },
  {
    done: 'EUC-JP became UTF-8, and said so',
    by: ['python3', 'sed'],
    sample: 'euc-jp',
    alter: inPart(inOrder(inBody(pythonCodec('euc_jp', 'utf-8')), label('UTF-8'))),
    found: convertedAndSaid,
  },
  {
    done: 'UTF-8 became Shift_JIS, label kept',
    by: ['iconv'],
    sample: 'utf-8',
    alter: inPart(inBody(iconv('utf-8', 'shift_jis'))),
    found: converted,
  },
  {
    done: 'UTF-8 became ISO-2022-JP, and said so',
    by: ['iconv', 'sed'],
    sample: 'utf-8',
    alter: inPart(inOrder(inBody(iconv('utf-8', 'iso-2022-jp')), label('ISO-2022-JP', '7bit'))),
    found: convertedAndSaid,
  },
];

const escapes: readonly Row[] = [
  {
    done: 'ESC ( B became ESC ( J, and ESC $ B became ESC $ @',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-j', '-i@', '-oJ'))),
    found: ['iso-2022-jp-escapes-changed'],
  },
  {
    done: 'ESC $ B became ESC $ @',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(sed('s/\\x1b\\$B/\\x1b$@/g'))),
    found: ['iso-2022-jp-escapes-changed'],
  },
  {
    done: 'ESC ( B became ESC ( J',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-j', '-oJ'))),
    found: ['iso-2022-jp-escapes-changed'],
  },
  {
    done: 'every ESC stripped',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(sed('s/\\x1b//g'))),
    found: ['iso-2022-jp-escapes-lost'],
  },
];

const width: readonly Row[] = [
  {
    done: 'full-width digits became ASCII',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-j', '-Z'))),
    found: ['width-changed'],
    foldWidth: true,
  },
  {
    done: 'full-width digits became ASCII, and nobody asked for width',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-j', '-Z'))),
    found: [],
    told: ['nothing-fits'],
  },
];

const katakana: Row = {
  done: 'half-width katakana became full-width',
  by: ['nkf'],
  sample: 'iso-2022-jp of Windows',
  // Without -x, nkf does that unasked.
  alter: inPart(inBody(nkf('-X', '--ic=cp50221', '--oc=cp50221'))),
  found: ['width-changed'],
  foldWidth: true,
};

const folded: Row = {
  done: 'Shift_JIS became ISO-2022-JP, half-width katakana full-width, and said so',
  by: ['nkf', 'sed'],
  sample: 'shift_jis with half-width katakana',
  // What nkf does unless it is told not to.
  alter: inPart(inOrder(inBody(nkf('-X', '-S', '-j')), label('ISO-2022-JP', '7bit'))),
  found: [...convertedAndSaid, 'width-changed'],
  foldWidth: true,
};

const labelOnly: readonly Row[] = [
  {
    done: 'the label alone became UTF-8',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: inPart(label('UTF-8', '7bit')),
    found: ['charset-relabelled'],
  },
];

const header: readonly Row[] = [
  {
    done: 'the charset’s name in small letters',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inHeader(sed('s/ISO-2022-JP/iso-2022-jp/'))),
    found: ['field-case-changed'],
  },
  {
    done: 'names of fields in small letters',
    by: ['sed'],
    sample: 'a long header',
    alter: inPart(inHeader(sed('s/^Content-[A-Za-z-]*:/\\L&/'))),
    found: ['field-case-changed'],
  },
  {
    done: 'the charset in quotation marks',
    by: ['sed'],
    sample: 'utf-8',
    alter: inPart(inHeader(sed('s/charset=(.*)/charset="\\1"/'))),
    found: ['field-quoting-changed'],
  },
  {
    done: 'the charset without its quotation marks',
    by: ['sed'],
    sample: 'a long header',
    alter: inPart(inHeader(sed('s/charset="(.*)";/charset=\\1;/'))),
    found: ['field-quoting-changed'],
  },
  {
    done: 'a field folded',
    by: ['sed'],
    sample: 'utf-8',
    alter: inPart(inHeader(sed('s/; charset/;\\n\\tcharset/'))),
    found: ['field-refolded'],
  },
  {
    done: 'long fields folded',
    by: ['python3'],
    sample: 'a long header',
    alter: inPart(
      inHeader(
        python(`import email, email.policy
fields = email.message_from_bytes(data, policy=email.policy.compat32)
data = b''.join((name + ': ' + value.replace('; ', ';\\r\\n\\t') + '\\r\\n').encode() for name, value in fields.items())`),
      ),
    ),
    found: ['field-refolded'],
  },
  {
    done: 'fields in alphabetical order',
    by: ['python3'],
    sample: 'a long header',
    alter: inPart(inHeader(python(`data = b''.join(sorted(data.splitlines(True)))`))),
    found: ['fields-reordered'],
  },
  {
    done: 'an encoded word in Q',
    by: ['python3'],
    sample: 'a long header',
    alter: inPart(
      inHeader(
        python(`import email.charset, email.header, re
def q(match):
    (octets, charset), = email.header.decode_header(match.group(0).decode())
    kind = email.charset.Charset(charset)
    kind.header_encoding = email.charset.QP
    return email.header.Header(octets.decode(charset), kind, 900).encode().encode()
data = re.sub(rb'=\\?UTF-8\\?B\\?.*?\\?=', q, data)`),
      ),
    ),
    found: ['encoded-words-rewritten'],
  },
  {
    done: 'a field of a scanner added',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inHeader(sed('$a X-Scanned: nothing was found'))),
    found: ['field-added'],
  },
];

const moreHeader: readonly Row[] = [
  {
    done: 'a field removed',
    by: ['sed'],
    sample: 'utf-8',
    alter: inPart(inHeader(sed('/^Content-Transfer-Encoding:/d'))),
    found: ['field-removed'],
  },
  {
    done: 'two blanks after the colon',
    by: ['sed'],
    sample: 'utf-8',
    alter: inPart(inHeader(sed('s/^Content-Type: /&\\x20/'))),
    found: ['field-spacing-changed'],
  },
  {
    done: 'parameters in another order',
    by: ['sed'],
    sample: 'a word at each line end',
    alter: inPart(inHeader(sed('s/(; charset=[^;]*)(; format=[^;]*)/\\2\\1/'))),
    found: ['parameters-changed'],
  },
];

export const textChapters: readonly Chapter[] = [
  {
    title: 'The kanji code',
    rows: [...kept, ...relabelled, ...labelOnly, ...escapes, ...width, katakana, folded],
  },
  { title: 'The header of the signed part', rows: [...header, ...moreHeader] },
];
