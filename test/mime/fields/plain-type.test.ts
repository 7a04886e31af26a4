import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseContentDisposition } from '../../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../../src/mime/fields/content-type.js';
import { readPlainType } from '../../../src/mime/fields/plain-type.js';
import { DEFAULT_MIME_LIMITS } from '../../../src/mime/limits.js';
import { entityStructure } from '../../../src/mime/structure/entity-kind.js';
import { StructureFields } from '../../../src/mime/structure/structure-fields.js';
import { latin1, octets } from '../../support/mime.js';

const limits = DEFAULT_MIME_LIMITS;
const piece = fc.constantFrom(
  ...['multipart/', 'Multipart/', 'message/', 'text/', 'multipart', 'm', '/', 'mixed', 'digest', 'rfc822'],
  ...[
    'MESSAGE/RFC822',
    'global',
    'news',
    ';',
    ';',
    ';',
    '; ',
    ';\r\n\t',
    ' ',
    '\r\n',
    '(c)',
    'charset=utf-8',
  ],
  ...['boundary=', 'Boundary=', 'boundary*=', 'boundary*0=', 'boundary', '=', '"', '"b"', '"b c"', '"b "'],
  ...['b', '=_b', '----=_Part', '\\', '"\\""', '=?utf-8?Q?b?=', '\xe9', '\0', ',', '?', "us-ascii''b", '""'],
);
const value = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc
    .array(piece, { maxLength: 4 })
    .map((pieces) => `multipart/mixed; charset="x"; boundary="b"${pieces.join('')}`),
);

test('a content type that is read from its octets is what its text says', () => {
  let read = 0;
  fc.assert(
    fc.property(value, (text) => {
      const source = octets(text);
      const plain = readPlainType(source, 0, source.length, limits.parameters);
      if (plain === undefined) return;
      read++;
      const { type, subtype, parameters } = parseContentType(text);
      const holds = type === 'message' && ['rfc822', 'global', 'news'].includes(subtype);
      expect(plain.kind).toBe(type === 'multipart' ? 'multipart' : holds ? 'message' : 'leaf');
      if (plain.kind === 'leaf') return;
      expect(plain.isDigest).toBe(type === 'multipart' && subtype === 'digest');
      if (plain.kind === 'multipart') expect(latin1(plain.boundary!)).toBe(parameters.get('boundary'));
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(1000);
});

test('the structure of an entity is the same by octets and by text', () => {
  const encodings = fc.constantFrom(
    'base64',
    ' Base64 ',
    '7bit',
    '8BIT',
    'quoted-printable',
    '(c)base64',
    'x',
    '',
  );
  fc.assert(
    fc.property(value, encodings, (text, encoding) => {
      const fields = (name: string, what: string, into: StructureFields): StructureFields => {
        const source = octets(`${name}:${what}\r\n`);
        into.take(source, 0, name.length, name.length + 1, source.length);
        return into;
      };
      const byOctets = fields('Content-Type', text, new StructureFields(limits.parameters));
      fields('Content-Transfer-Encoding', encoding, byOctets);
      // With no parameter allowed for, the octets are given up on.
      const byText = fields('Content-Type', text, new StructureFields(-1));
      fields('Content-Transfer-Encoding', `(c) ${encoding}`, byText);
      expect(entityStructure(byOctets, false, limits)).toEqual(entityStructure(byText, false, limits));
    }),
    { numRuns: 5000 },
  );
});

test('a disposition that is written plainly says what a comment before it does not change', () => {
  const parameter = fc.constantFrom(
    ...[
      '; filename=a.txt',
      '; filename="a b.txt"',
      ';size=5',
      "; filename*=utf-8''a",
      '; a=(c)b',
      ';',
      '"',
      ' x',
    ],
  );
  fc.assert(
    fc.property(
      fc.constantFrom('attachment', 'inline', 'Attachment', 'form-data'),
      fc.array(parameter, { maxLength: 4 }),
      (type, parameters) => {
        const text = type + parameters.join('');
        const { parameters: all, ...rest } = parseContentDisposition(text);
        const { parameters: slow, ...slowRest } = parseContentDisposition(`(c)${text}`);
        expect(rest.type).toBe(slowRest.type);
        expect(rest.filename).toBe(slowRest.filename);
        expect(rest.defects.map(({ code }) => code)).toEqual(slowRest.defects.map(({ code }) => code));
        expect(all.all).toEqual(slow.all);
      },
    ),
    { numRuns: 2000 },
  );
});
