import { inBody, inOrder, inPart } from './octets.js';
import { exim } from './relays.js';
import type { Chapter, Row } from './row.js';
import { coreutil, perl, perlWhole, python, sed } from './tools.js';

const mailbox = python(`import mailbox, os, tempfile
folder = tempfile.mkdtemp()
path = os.path.join(folder, 'box')
box = mailbox.mbox(path)
box.add(data.replace(b'\\r\\n', b'\\n'))
box.flush()
data = box.get_bytes(box.keys()[0]).replace(b'\\n', b'\\r\\n')
box.close()
os.remove(path)
os.rmdir(folder)`);

const blanks: readonly Row[] = [
  {
    done: 'blanks at line ends cut off, text flowed',
    by: ['sed'],
    sample: 'blanks at line ends',
    alter: inPart(inBody(sed('s/[ \\t]+$//'))),
    found: ['trailing-blanks-removed'],
  },
  {
    done: 'the blank of “-- ” cut off',
    by: ['perl'],
    sample: 'us-ascii',
    alter: inPart(perl('s/[ \\t]+$//')),
    found: ['trailing-blanks-removed'],
  },
  {
    done: 'a blank put at the end of each line',
    by: ['sed'],
    sample: 'html',
    alter: inPart(inBody(sed('s/$/ /'))),
    found: ['trailing-blanks-added'],
  },
];

const ends: readonly Row[] = [
  {
    done: 'an empty line more at the end',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(sed('$s/$/\\n/')),
    found: ['trailing-lines-added'],
  },
  {
    done: 'empty lines at the end removed',
    by: ['sed'],
    sample: 'empty lines at the end',
    alter: inPart(sed(':a; /^\\n*$/{$d; N; ba}')),
    found: ['trailing-lines-removed'],
  },
];

const quoting: readonly Row[] = [
  {
    done: '“From ” became “>From ” in a mailbox file',
    by: ['Exim'],
    sample: 'us-ascii',
    alter: exim,
    found: ['from-line-quoted'],
  },
  {
    done: '“From ” became “>From ” in a mailbox file',
    by: ['python3'],
    sample: 'us-ascii',
    alter: mailbox,
    found: ['from-line-quoted'],
  },
  {
    done: '“From ” and “>From ” got a “>” each (mboxrd)',
    by: ['perl'],
    sample: 'us-ascii',
    alter: inPart(perl('s/^(>*From )/>$1/')),
    found: ['from-line-quoted'],
  },
  {
    done: 'dots doubled for SMTP and left so',
    by: ['python3'],
    sample: 'us-ascii',
    alter: inPart(
      python(`import re
data = re.sub(rb'(?m)^\\.', b'..', data)`),
    ),
    found: ['dots-doubled'],
  },
  {
    done: 'a dot at the start of a line lost',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inBody(sed('s/^\\.//'))),
    found: ['dots-removed'],
  },
];

const moreLines: readonly Row[] = [
  {
    done: '“>From ” became “From ”',
    by: ['sed'],
    sample: 'a word at each line end',
    alter: inPart(inBody(sed('s/^>From /From /'))),
    found: ['from-line-unquoted'],
  },
  {
    done: 'blanks at line ends cut off, then “From ” became “>From ”',
    by: ['perl', 'Exim'],
    sample: 'us-ascii',
    alter: inOrder(inPart(perl('s/[ \\t]+$//')), exim),
    found: ['trailing-blanks-removed', 'from-line-quoted'],
  },
  {
    done: 'lines in LF alone, and back to CRLF with CR CR LF',
    by: ['perl'],
    sample: 'us-ascii',
    alter: inPart(inBody(perlWhole('s/\\r\\n/\\r\\r\\n/g'))),
    found: ['line-ends-changed'],
  },
];

const tabs: readonly Row[] = [
  {
    done: 'tabs became blanks',
    by: ['coreutils'],
    sample: 'us-ascii',
    alter: inPart(inBody(coreutil('expand'))),
    found: ['tabs-changed'],
  },
  {
    done: 'blanks became tabs, at the start of lines',
    by: ['coreutils'],
    sample: 'us-ascii',
    alter: inPart(inBody(coreutil('unexpand', '--first-only', '-t4'))),
    found: ['tabs-changed'],
  },
];

const wrapping: readonly Row[] = [
  {
    done: 'a long line wrapped at 72',
    by: ['coreutils'],
    sample: 'a long line',
    alter: inPart(inBody(coreutil('fold', '-s', '-w', '72'))),
    found: ['lines-wrapped'],
  },
  {
    done: 'a long line wrapped at 76, the blank lost',
    by: ['python3'],
    sample: 'a long line',
    alter: inPart(
      inBody(
        python(`import textwrap
data = b'\\r\\n'.join(
    line if len(line) < 77 else b'\\r\\n'.join(each.encode() for each in textwrap.wrap(line.decode(), 76))
    for line in data.split(b'\\r\\n'))`),
      ),
    ),
    found: ['lines-wrapped'],
  },
  {
    done: 'a long line cut at 99 octets',
    by: ['coreutils'],
    sample: 'a long line',
    alter: inPart(inBody(coreutil('fold', '-b', '-w', '99'))),
    found: ['lines-wrapped'],
  },
];

const lineEnds: readonly Row[] = [
  {
    done: 'OpenSSL signed what ended its lines in LF, and a relay sent it with CRLF, as all relays do',
    by: ['OpenSSL'],
    sample: 'us-ascii',
    alter: (octets) => octets,
    found: ['line-ends-not-canonical'],
    signedOverLf: true,
  },
  {
    done: 'the same, and a list appended a footer',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(sed('$s/$/\\n____\\nthe list/')),
    found: ['line-ends-not-canonical', 'footer-added'],
    signedOverLf: true,
  },
  {
    done: 'the same, and a server appended an empty line',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(sed('$s/$/\\n/')),
    found: ['line-ends-not-canonical', 'trailing-lines-added'],
    signedOverLf: true,
  },
  {
    done: 'a CR more at the end of each line',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inBody(sed('s/$/\\r/'))),
    found: ['line-ends-changed'],
  },
  {
    done: 'each line end twice',
    by: ['sed'],
    sample: 'us-ascii',
    alter: inPart(inBody(sed('G'))),
    found: ['line-ends-changed'],
  },
];

export const lineChapters: readonly Chapter[] = [
  { title: 'Blanks and empty lines', rows: [...blanks, ...ends, ...tabs] },
  { title: 'Lines', rows: [...quoting, ...moreLines, ...wrapping, ...lineEnds] },
];
