import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageEditor } from '../../src/mime/compose/edit.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { latin1, octets } from '../support/mime.js';

/** An entity, down to a depth: what is often met, and what is often wrong. */
const fields = fc.array(
  fc.constantFrom(
    'Subject: a',
    'X-A: b',
    'x-long:  folded\r\n  here',
    'X-8: \xe9',
    'Bad : x',
    'junk',
    'X-E:',
    ' X-B: blank',
    'To: a@b.test',
  ),
  { maxLength: 4 },
);
const bodies = fc.constantFrom(
  '',
  'text',
  'text\r\n',
  '\r\n\r\n',
  'a \r\n.\r\nFrom x\r\n',
  '--other\r\n',
  '\xff\x00',
  '-- \r\n',
  'From me\r\nx',
);

function entity(depth: number): fc.Arbitrary<string> {
  const leaf = fc
    .tuple(fields, bodies, fc.boolean())
    .map(([lines, body, blank]) =>
      [...lines, ...(blank || lines.length === 0 ? ['', body] : [])].join('\r\n'),
    );
  if (depth === 0) return leaf;
  const boundary = `b${depth}`;
  const multipart = fc
    .tuple(
      fields,
      fc.constantFrom('', 'preamble\r\n', '\r\n'),
      fc.array(entity(depth - 1), { minLength: 0, maxLength: 3 }),
      fc.constantFrom(`--${boundary}--`, `--${boundary}--\r\n`, `--${boundary}-- \r\nepilogue`, ''),
      fc.constantFrom('', ' ', '\t '),
    )
    .map(([lines, preamble, parts, close, blanks]) => {
      const header = [...lines, `Content-Type: multipart/mixed; boundary="${boundary}"`, '', ''].join('\r\n');
      const inside = parts.map((part) => `--${boundary}${blanks}\r\n${part}\r\n`).join('');
      return header + preamble + inside + close;
    });
  const message = entity(depth - 1).map((inner) => `Content-Type: message/rfc822\r\n\r\n${inner}`);
  return fc.oneof(
    { weight: 1, arbitrary: leaf },
    { weight: 4, arbitrary: multipart },
    { weight: 1, arbitrary: message },
  );
}

const source = fc
  .tuple(
    fc.constantFrom('', '', 'From someone\r\n', '\xef\xbb\xbf'),
    entity(3),
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([from, text, lineEnd]) => (from + text).replaceAll('\r\n', lineEnd));
const NEW = 'X-New';
/** What is done to a part, and to which of its fields or parts, as far as there are any. */
const edit = fc.record({
  kind: fc.constantFrom(
    'none',
    'none',
    'addField',
    'removeField',
    'removeAll',
    'replaceField',
    'addPart',
    'removePart',
    'replacePart',
  ),
  at: fc.nat(3),
});

/** What is left of a message's tree: the parts that were there before, with their fields and bodies, and how many are new. */
interface Outline {
  readonly parts: string[];
  fresh: number;
}

describe('for any message and any edits', () => {
  test('what is not edited stays, octet for octet, and what is edited is there', () => {
    let edits = 0;
    fc.assert(
      fc.property(source, fc.array(edit, { minLength: 1, maxLength: 12 }), (input, plan) => {
        const before = parseMessage(octets(input));
        const editor = new MessageEditor(before);
        const expected: Outline = { parts: [], fresh: 0 };
        edits += editTree(before, editor, plan, expected);
        const after = parseMessage(editor.finish());
        const found: Outline = { parts: [], fresh: 0 };
        outline(after, found);
        expect(found.parts).toEqual(expected.parts);
        expect(found.fresh).toBe(expected.fresh);
      }),
      { numRuns: 2000 },
    );
    expect(edits).toBeGreaterThan(2000);
  });

  test('without edits the message is the same', () => {
    fc.assert(
      fc.property(source, (input) => {
        expect(latin1(new MessageEditor(parseMessage(octets(input))).finish())).toBe(input);
      }),
      { numRuns: 500 },
    );
  });
});

/** Edits a tree by a plan, one step a part; tells what is to be found afterwards. */
function editTree(
  root: Part,
  editor: MessageEditor,
  plan: readonly { kind: string; at: number }[],
  expected: Outline,
): number {
  let step = 0;
  let edits = 0;
  const lf = root.source.indexOf(0x0a);
  const lineEnd = lf > 0 && root.source[lf - 1] !== 0x0d ? '\n' : '\r\n';
  const fresh = octets(`${NEW}: part\r\n\r\nnew`);
  const visit = (part: Part): void => {
    const { kind, at } = plan[step++ % plan.length]!;
    const names = [...part.headers].map((field) => latin1(field.raw));
    // Content fields make the structure; without them other parts would be found.
    const own = [...part.headers].filter((field) => !/^content-/i.test(field.name));
    const field = own[at % Math.max(own.length, 1)];
    edits++;
    if (kind === 'addField') {
      editor.addField(part, NEW, 'field', at === 0 ? 'first' : at === 1 ? (field ?? 'last') : 'last');
      expected.fresh++;
    } else if (kind === 'removeField' && field !== undefined) {
      editor.removeField(field);
      names.splice([...part.headers].indexOf(field), 1);
    } else if (kind === 'removeAll') {
      for (const each of own) editor.removeField(each);
      for (const each of own.reverse()) names.splice([...part.headers].indexOf(each), 1);
    } else if (kind === 'replaceField' && field !== undefined) {
      editor.replaceField(field, field.name === 'To' ? 'new@b.test' : 'new');
      names[[...part.headers].indexOf(field)] =
        `${field.name}: ${field.name === 'To' ? 'new@b.test' : 'new'}${lineEnd}`;
    } else edits--;
    const added = kind === 'addPart' && part.isMultipart;
    expected.parts.push(describePart(part, names));
    const removed = new Set<Part>();
    if (added) {
      edits++;
      expected.fresh++;
      editor.addPart(part, fresh, part.parts[at]);
    }
    for (const [index, child] of part.parts.entries()) {
      const next = plan[step % plan.length]!;
      if (next.kind === 'replacePart') {
        step++;
        edits++;
        editor.replacePart(child, fresh);
        expected.fresh++;
      } else if (
        next.kind === 'removePart' &&
        part.isMultipart &&
        (added || removed.size < part.parts.length - 1)
      ) {
        step++;
        edits++;
        editor.removePart(part.parts[index]!);
        removed.add(child);
      } else visit(child);
    }
  };
  visit(root);
  return edits;
}

function outline(root: Part, found: Outline): void {
  for (const part of root.walk()) {
    const fields = [...part.headers];
    if (fields[0]?.name === NEW && fields[0].value === 'part') {
      expect(latin1(part.bodyBytes)).toBe('new');
      found.fresh++;
      continue;
    }
    const old = fields.filter((field) => field.name !== NEW);
    found.fresh += fields.length - old.length;
    found.parts.push(
      describePart(
        part,
        old.map((field) => latin1(field.raw)),
      ),
    );
  }
}

/** Its fields, and its body where that is octets alone. Whether the last field has a line end depends on what follows. */
function describePart(part: Part, fields: readonly string[]): string {
  const kind = part.isMultipart ? 'multipart' : part.isMessage ? 'message' : 'leaf';
  const body = kind === 'leaf' ? latin1(part.bodyBytes) : kind;
  return JSON.stringify([fields.map((field) => field.replace(/\r?\n$/, '')), body]);
}

/** Multiparts within one another, of few boundaries, so that they are the same or begin alike; most are never closed. */
const { entity: clashing } = fc.letrec<{ entity: string }>((tie) => ({
  entity: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant('X: leaf\n\nleaf\n'),
    fc
      .tuple(
        fc.constantFrom('a', 'a', 'b', 'ab'),
        fc.array(tie('entity'), { minLength: 1, maxLength: 2 }),
        fc.constantFrom('', '', 'close'),
      )
      .map(([boundary, entities, end]) => {
        const parts = entities.map((each) => `--${boundary}\n${each}`).join('');
        return `Content-Type: multipart/mixed; boundary=${boundary}\n\n${parts}${end && `--${boundary}--\n`}`;
      }),
  ),
}));

test('a part that is added stands last in its multipart, whatever is open there', () => {
  fc.assert(
    fc.property(clashing, fc.infiniteStream(fc.boolean()), (source, chosen) => {
      const message = parseMessage(octets(source));
      const editor = new MessageEditor(message);
      const grown = [...message.walk()].filter((part) => part.isMultipart && chosen.next().value);
      for (const part of grown) editor.addPart(part, octets(`N: ${part.path}.\r\n\r\nhi`));
      const found = [...parseMessage(editor.finish()).walk()].filter((part) => part.headers.get('N'));
      const places = found.map(({ headers, parent }) => [headers.get('N')!.text, `${parent!.path}.`]);
      expect(new Set(places.map(([wanted]) => wanted)).size).toBe(grown.length);
      for (const [wanted, place] of places) expect(place).toBe(wanted);
      for (const part of found) expect(part.parent!.parts.at(-1)).toBe(part);
    }),
    { numRuns: 1000 },
  );
});
