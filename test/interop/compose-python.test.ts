import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { composeMessage } from '../../src/mime/compose/compose.js';
import type { MessageContent } from '../../src/mime/compose/compose-content.js';
import type { ComposeOptions } from '../../src/mime/compose/compose-options.js';
import { sampleContent, withLineEnds } from '../support/compose-samples.js';
import { describeProgram, outputOf } from '../support/programs.js';

/**
 * Reads messages, each after its length in four octets, with Python's own
 * parser, and tells what it found in them as lines of JSON.
 */
const script = `
import sys, json, struct, base64
from email import message_from_bytes, policy
data = sys.stdin.buffer.read()
at = 0
while at < len(data):
    (length,) = struct.unpack('>I', data[at:at + 4])
    m = message_from_bytes(data[at + 4:at + 4 + length], policy=policy.default)
    at += 4 + length
    def boxes(name):
        field = m[name]
        return [] if field is None else [[a.display_name, a.username, a.domain] for a in field.addresses]
    leaves = []
    defects = [str(d) for d in m.defects]
    for part in m.walk():
        defects += [str(d) for d in part.defects]
        for field in part.values():
            defects += [repr(d) for d in getattr(field, 'defects', [])]
        if part.is_multipart():
            continue
        leaves.append({
            'type': part.get_content_type(),
            'charset': part.get_content_charset(),
            'filename': part.get_filename(),
            'name': part.get_param('name'),
            'disposition': part.get_content_disposition(),
            'id': part['content-id'],
            'description': part['content-description'],
            'content': base64.b64encode(part.get_payload(decode=True)).decode(),
        })
    print(json.dumps({
        'subject': m['subject'],
        'from': boxes('from'),
        'to': boxes('to'),
        'group': [[g.display_name, len(g.addresses)] for g in m['cc'].groups] if m['cc'] else None,
        'date': m['date'].datetime.isoformat(),
        'references': m['references'],
        'own': m.get_all('x-own', []),
        'leaves': leaves,
        'defects': defects,
    }))
`;

interface Leaf {
  readonly type: string;
  readonly charset: string | null;
  readonly filename: string | null;
  readonly name: string | null;
  readonly disposition: string | null;
  readonly id: string | null;
  readonly description: string | null;
  readonly content: string;
}

interface Found {
  readonly subject: string | null;
  readonly from: readonly (readonly string[])[];
  readonly to: readonly (readonly string[])[];
  readonly group: readonly (readonly [string | null, number])[] | null;
  readonly date: string;
  readonly references: string | null;
  readonly own: readonly string[];
  readonly leaves: readonly Leaf[];
  readonly defects: readonly string[];
}

function readByPython(messages: readonly Uint8Array[]): Found[] {
  const input = messages.flatMap((message) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, message.length);
    return [length, message];
  });
  const output = outputOf(['python3', '-c', script], concatBytes(input)).toString('utf8');
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Found);
}

/** Python's parser keeps the blanks between the encoded words of a display name, against RFC 2047 §6.2. */
function joined(name: string | undefined): string | undefined {
  return name?.replaceAll(' ', '');
}

/** Python's parser takes quotes away that are part of a value, after it undid its quoting. */
function unquoted(value: string): string {
  return value.length > 1 && /^".*"$/.test(value)
    ? value.slice(1, -1).replaceAll('\\\\', '\\').replaceAll('\\"', '"')
    : value;
}

describeProgram('python3', () => {
  const runs = 60;
  const options: readonly [string, Partial<MessageContent>, ComposeOptions][] = [
    ['UTF-8', {}, {}],
    ['plain names too', { plainNames: true }, {}],
    ['8bit', {}, { transport: '8bit' }],
  ];
  test.each(options)(`reads back ${runs} messages that we composed (%s)`, (_, more, around) => {
    const given = fc.sample(sampleContent, { seed: 20261122, numRuns: runs });
    const found = readByPython(given.map((each) => composeMessage({ ...each, ...more }, around)));
    expect(found.length).toBe(runs);
    found.forEach((read, index) => {
      const { text, html, inline = [], attachments = [], ...fields } = given[index]!;
      // What plain names are is against the rules, and Python says so.
      const defects = read.defects.filter(
        (defect) => more.plainNames !== true || !/encoded.word/.test(defect),
      );
      expect(defects).toEqual([]);
      expect(read.subject).toBe(fields.subject);
      const names = [fields.to].flat().map((each) => (each as { name: string }).name);
      expect(read.to.map(([name]) => joined(name))).toEqual(names.map(joined));
      expect(joined(read.from[0]?.[0])).toBe(joined((fields.from as { name: string }).name));
      expect(read.own).toEqual(fields.headers?.map(([, value]) => value));
      expect(Date.parse(read.date)).toBe(Math.floor(fields.date!.getTime() / 1000) * 1000);
      if (fields.cc !== undefined) {
        const { name, members } = fields.cc as { name: string; members: readonly unknown[] };
        expect(read.group).toEqual([[name, members.length]]);
      }
      const texts = [text, html].filter((each) => each !== undefined).map(withLineEnds);
      const files = [...inline, ...attachments];
      expect(read.leaves.length).toBe(texts.length + files.length);
      texts.forEach((each, at) => {
        expect(Buffer.from(read.leaves[at]!.content, 'base64').toString('utf8')).toBe(each);
      });
      files.forEach((each, at) => {
        const leaf = read.leaves[texts.length + at]!;
        expect(Buffer.from(leaf.content, 'base64').equals(each.content as Uint8Array)).toBe(true);
        expect(leaf.filename).toBe(unquoted(each.filename!));
        if (more.plainNames === true) expect(leaf.name).toBe(each.filename);
        expect(leaf.description).toBe(each.description);
        expect(leaf.id).toBe(each.contentId!.startsWith('<') ? each.contentId : `<${each.contentId}>`);
      });
    });
  });
});
