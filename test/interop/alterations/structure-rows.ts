import { inBody, inHeader, inLf, inOrder, inPart } from './octets.js';
import { altermime, exim, reformime } from './relays.js';
import type { Chapter, Row } from './row.js';
import { coreutil, iconv, nkf, perlWhole, python, sed } from './tools.js';

const encoding = (name: string) => inHeader(sed(`s/^(Content-Transfer-Encoding:) .*/\\1 ${name}/`));
const reencoded = ['transfer-encoding-changed'] as const;

/** As Python's email package writes a part anew whose text it was given. */
const pythonText = (charset: string, kind: string) =>
  python(`import email, email.policy
part = email.message_from_bytes(data, policy=email.policy.SMTP)
part.set_content(part.get_content(), charset='${charset}', cte='${kind}')
del part['MIME-Version']
data = part.as_bytes()`);

const encodings: readonly Row[] = [
  {
    done: '7bit became base64, lines of 76',
    by: ['perl', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(
      inOrder(inBody(perlWhole('$_ = encode_base64($_, "\\r\\n")', 'MIME::Base64')), encoding('base64')),
    ),
    found: reencoded,
  },
  {
    done: '8bit became base64, lines of 60',
    by: ['python3', 'sed'],
    sample: 'utf-8',
    alter: inPart(
      inOrder(
        inBody(
          python(`import base64
data = b''.join(base64.b64encode(data[i:i + 45]) + b'\\r\\n' for i in range(0, len(data), 45))`),
        ),
        encoding('base64'),
      ),
    ),
    found: reencoded,
  },
  {
    done: '8bit became quoted-printable',
    by: ['maildrop'],
    sample: 'utf-8',
    alter: inPart(reformime('-r7')),
    found: [...reencoded, 'field-added'],
  },
  {
    done: '8bit became quoted-printable',
    by: ['perl', 'sed'],
    sample: 'utf-8',
    alter: inPart(
      inOrder(
        inBody(perlWhole('s/\\r\\n/\\n/g; $_ = encode_qp($_, "\\r\\n")', 'MIME::QuotedPrint')),
        encoding('quoted-printable'),
      ),
    ),
    found: reencoded,
  },
  {
    done: 'quoted-printable became 8bit',
    by: ['maildrop'],
    sample: 'utf-8 in quoted-printable',
    alter: inPart(reformime('-r8')),
    found: [...reencoded, 'field-added'],
  },
  {
    done: 'quoted-printable became 8bit',
    by: ['perl', 'sed'],
    sample: 'utf-8 in quoted-printable',
    alter: inPart(inOrder(inBody(perlWhole('$_ = decode_qp($_)', 'MIME::QuotedPrint')), encoding('8bit'))),
    found: reencoded,
  },
  {
    done: 'base64 became 8bit',
    by: ['perl', 'sed'],
    sample: 'utf-8 in base64',
    alter: inPart(inOrder(inBody(perlWhole('$_ = decode_base64($_)', 'MIME::Base64')), encoding('8bit'))),
    found: reencoded,
  },
  {
    done: 'base64 became quoted-printable',
    by: ['python3', 'sed'],
    sample: 'utf-8 in base64',
    alter: inPart(
      inOrder(
        inBody(
          python(`import base64, quopri
data = quopri.encodestring(base64.b64decode(data).replace(b'\\r\\n', b'\\n')).replace(b'\\n', b'\\r\\n')`),
        ),
        encoding('quoted-printable'),
      ),
    ),
    found: reencoded,
  },
  {
    done: 'base64 in lines of 64 instead of 76',
    by: ['perl', 'coreutils', 'sed'],
    sample: 'utf-8 in base64',
    alter: inPart(
      inBody(inOrder(inLf(perlWhole('s/\\n//g')), coreutil('fold', '-w', '64'), sed('$s/$/\\n/'))),
    ),
    found: reencoded,
  },
  {
    done: 'the text written anew by a program: 8bit became base64, and its header another',
    by: ['python3'],
    sample: 'utf-8',
    alter: inPart(pythonText('utf-8', 'base64')),
    found: [...reencoded, 'field-quoting-changed', 'field-case-changed'],
  },
];

const footer =
  '_______________________________________________\nA list of people\nhttps://lists.example.org/people\n';

const additions: readonly Row[] = [
  {
    done: 'a footer put below the text',
    by: ['altermime'],
    sample: 'us-ascii',
    alter: inPart(altermime('--disclaimer=footer')),
    found: ['footer-added'],
  },
  {
    done: 'a footer of a list put below the text',
    by: ['python3'],
    sample: 'utf-8',
    alter: inPart(
      python(`data = data + b'\\r\\n' + ${JSON.stringify(footer)}.replace('\\n', '\\r\\n').encode()`),
    ),
    found: ['footer-added'],
  },
  {
    done: 'a banner put above the text',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inBody(sed('1s/^/[EXTERNAL] This message came from outside.\\n\\n/'))),
    found: ['banner-added'],
  },
  {
    done: 'a footer put into HTML',
    by: ['sed'],
    sample: 'html',
    alter: inPart(inBody(sed('s#^</body>#<p>This message was scanned.</p>\\n&#'))),
    found: ['footer-added'],
  },
  {
    done: 'a part of a scanner added to a multipart',
    by: ['python3'],
    sample: 'an attachment',
    alter: inPart(
      python(`note = b'--inner\\r\\nContent-Type: text/plain\\r\\n\\r\\nThis message was scanned.\\r\\n--inner--'
data = data.replace(b'--inner--', note)`),
    ),
    found: ['part-added'],
  },
  {
    done: 'an attachment replaced by a note',
    by: ['python3'],
    sample: 'an attachment',
    alter: inPart(
      python(`import email, email.policy
message = email.message_from_bytes(data, policy=email.policy.SMTP)
part = list(message.iter_attachments())[-1]
part.set_content('The attachment data.bin was removed by a virus scanner.\\n')
data = message.as_bytes()`),
    ),
    found: [],
    told: ['attachment-replaced'],
  },
];

const containers: readonly Row[] = [
  {
    done: 'multipart/signed became multipart/mixed',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: sed('0,/multipart.signed/s#multipart/signed#multipart/mixed#'),
    found: ['container-changed'],
  },
  {
    done: 'multipart/signed became multipart/mixed, with a part of a list',
    by: ['python3'],
    sample: 'iso-2022-jp',
    alter: python(`import email, email.message
message = email.message_from_bytes(data)
kind = message['Content-Type'].replace('multipart/signed', 'multipart/mixed').split(';')[0]
boundary = message.get_boundary()
head, body = data.split(b'\\r\\n\\r\\n', 1)
note = '--%s\\r\\nContent-Type: text/plain\\r\\n\\r\\nA list of people\\r\\n--%s--' % (boundary, boundary)
body = body.replace(('--%s--' % boundary).encode(), note.encode())
fields = [each for each in email.message_from_bytes(head).items() if each[0].lower() != 'content-type']
fields.append(('Content-Type', '%s; boundary="%s"' % (kind, boundary)))
data = ''.join('%s: %s\\r\\n' % each for each in fields).encode() + b'\\r\\n' + body`),
    found: ['container-changed'],
  },
  {
    done: 'the type of the whole message lost: plain text',
    by: ['sed'],
    sample: 'us-ascii',
    alter: sed('s#^Content-Type: multipart/signed.*#Content-Type: text/plain#'),
    found: ['container-changed'],
  },
  {
    done: 'the type of the signature became application/octet-stream',
    by: ['sed'],
    sample: 'us-ascii',
    alter: sed('s#^Content-Type: application/(x-)?pkcs7-signature#Content-Type: application/octet-stream#'),
    found: ['container-changed'],
  },
];

const several: readonly Row[] = [
  {
    done: 'ISO-2022-JP became Shift_JIS, then blanks at line ends were cut off',
    by: ['nkf', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(inOrder(nkf('-s'), sed('s/[ \\t]+$//')))),
    found: ['charset-converted', 'trailing-blanks-removed'],
  },
  {
    done: 'ISO-2022-JP became UTF-8 and base64, and said so',
    by: ['iconv', 'perl', 'sed'],
    sample: 'iso-2022-jp',
    alter: inPart(
      inOrder(
        inBody(iconv('iso-2022-jp', 'utf-8')),
        inBody(perlWhole('$_ = encode_base64($_, "\\r\\n")', 'MIME::Base64')),
        encoding('base64'),
        inHeader(sed('s/ISO-2022-JP/UTF-8/')),
      ),
    ),
    found: ['charset-converted', 'charset-relabelled', 'transfer-encoding-changed'],
  },
  {
    done: 'ISO-2022-JP became Shift_JIS, and a footer was put below',
    by: ['nkf', 'python3'],
    sample: 'iso-2022-jp',
    alter: inPart(
      inOrder(
        inBody(nkf('-s')),
        python(`data = data + b'\\r\\n' + ${JSON.stringify(footer)}.replace('\\n', '\\r\\n').encode()`),
      ),
    ),
    found: ['charset-converted', 'footer-added'],
  },
  {
    done: 'a footer put below, then “From ” became “>From ”',
    by: ['altermime', 'Exim'],
    sample: 'us-ascii',
    alter: inOrder(inPart(altermime('--disclaimer=footer')), exim),
    found: ['footer-added', 'from-line-quoted'],
  },
  {
    done: 'the header refolded, and an empty line more at the end',
    by: ['sed'],
    sample: 'utf-8',
    alter: inPart(inOrder(inHeader(sed('s/; charset/;\\n\\tcharset/')), sed('$s/$/\\n/'))),
    found: ['field-refolded', 'trailing-lines-added'],
  },
  {
    done: '8bit became quoted-printable, then an empty line more at the end',
    by: ['maildrop', 'sed'],
    sample: 'utf-8',
    alter: inPart(inOrder(reformime('-r7'), sed('$s/$/\\n/'))),
    found: ['transfer-encoding-changed', 'field-added', 'trailing-lines-added'],
  },
];

const signatures: readonly Row[] = [
  {
    done: 'no signed attributes, so that the signature itself has to fit: ISO-2022-JP became EUC-JP',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-e'))),
    found: ['charset-converted'],
    signing: ['-noattr'],
  },
  {
    done: 'no signed attributes: “From ” became “>From ”',
    by: ['Exim'],
    sample: 'us-ascii',
    alter: exim,
    found: ['from-line-quoted'],
    signing: ['-noattr'],
  },
  {
    done: 'signed with SHA-1: ISO-2022-JP became Shift_JIS',
    by: ['nkf'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(nkf('-s'))),
    found: ['charset-converted'],
    told: ['weak-digest'],
    signing: ['-md', 'sha1'],
  },
  {
    done: 'signed with MD5: an empty line more at the end',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(sed('$s/$/\\n/')),
    found: ['trailing-lines-added'],
    told: ['weak-digest'],
    signing: ['-md', 'md5'],
  },
  {
    done: 'signed with SHA-512: blanks at line ends cut off',
    by: ['sed'],
    sample: 'blanks at line ends',
    alter: inPart(inBody(sed('s/[ \\t]+$//'))),
    found: ['trailing-blanks-removed'],
    signing: ['-md', 'sha512'],
  },
];

const meaning: readonly Row[] = [
  {
    done: '10,000 yen became 90,000 yen',
    by: ['sed'],
    sample: 'iso-2022-jp',
    alter: inPart(inBody(sed('s/10,000/90,000/'))),
    found: [],
    told: ['nothing-fits'],
  },
  {
    done: 'a word removed',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inBody(sed('s/ nothing / /'))),
    found: [],
    told: ['nothing-fits'],
  },
];

export const structureChapters: readonly Chapter[] = [
  { title: 'The transfer encoding', rows: encodings },
  { title: 'What is added and replaced', rows: additions },
  { title: 'The container', rows: containers },
  { title: 'Several, one after the other', rows: several },
  { title: 'Other signatures', rows: signatures },
  { title: 'Changes of meaning, which nothing undoes', rows: meaning },
];
