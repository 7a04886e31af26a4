import { lookupCharset } from '../../charset/label.js';
import { asBytes, type Bytes, isAscii } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';

import { type ContentType, parseContentType } from '../fields/content-type.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';
import { type EncodedBody, encodeTextBody, GOOD_LINE, inBase64, plainMessageBody } from './compose-body.js';
import { Boundaries } from './compose-boundary.js';
import { chooseCharset, type WriteOptions } from './compose-charset.js';
import type { AttachmentContent, EntityContent, OwnField, PartContent } from './compose-content.js';
import { writeField } from './compose-field.js';
import { messageIdText } from './compose-ids.js';
import { checkKeys, listGiven } from './compose-keys.js';
import type { ComposeOptions } from './compose-options.js';
import { type ParameterToWrite, parameterPieces } from './compose-parameters.js';
import { checkFieldText, checkStructured } from './field-check.js';
import { flowText } from './flow-text.js';
import { foldField } from './fold.js';

/** A part with a body. */
interface Leaf {
  readonly fields: string;
  readonly body: EncodedBody;
}

/** Parts together. */
interface Multipart {
  readonly subtype: 'alternative' | 'mixed' | 'related';
  readonly children: readonly Entity[];
}

type Entity = Leaf | Multipart;

/** How all parts are written. */
interface Form {
  readonly writing: WriteOptions;
  readonly transport: '7bit' | '8bit';
  readonly flowed: boolean;
  readonly plainNames: boolean;
}

/** The fields of a part that are written from its content. */
const OWN_OF_PART: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...[
    'content-type',
    'content-transfer-encoding',
    'content-disposition',
    'content-id',
    'content-description',
  ],
]);

const PART_KEYS: readonly string[] = ['content', 'contentType', 'headers'];

/** The octets of an entity in pieces: its Content fields, a blank line, its body. */
export function entityPieces(content: EntityContent, filled: WriteOptions, options: ComposeOptions): Bytes[] {
  const { transport = '7bit', random } = options;
  const { flowed = false, plainNames = false } = content;
  // Fields of parts are in the octets that are signed, and must pass a way of 7 bits.
  const form: Form = { writing: { ...filled, eai: false }, transport, flowed, plainNames };
  const entity = buildEntity(content, form);
  const boundaries = new Boundaries(random);
  const pieces: Bytes[] = [];
  for (const { encoding, octets } of bodiesOf(entity)) {
    if (encoding === '7bit' || encoding === '8bit') boundaries.avoid(octets);
  }
  writeEntity(entity, boundaries, form.writing, pieces);
  return pieces;
}

function bodiesOf(entity: Entity): EncodedBody[] {
  return 'body' in entity ? [entity.body] : entity.children.flatMap(bodiesOf);
}

function writeEntity(entity: Entity, boundaries: Boundaries, writing: WriteOptions, pieces: Bytes[]): void {
  if ('body' in entity) {
    const { encoding, octets } = entity.body;
    pieces.push(bytesFromUtf8(`${entity.fields}Content-Transfer-Encoding: ${encoding}\r\n\r\n`), octets);
    return;
  }
  const boundary = boundaries.draw();
  const parameters: ParameterToWrite[] = [{ name: 'boundary', value: boundary }];
  if (entity.subtype === 'related') {
    // RFC 2387 §3.1 wants the type of the part that the others go with.
    parameters.push({ name: 'type', value: 'text/html' });
  }
  const type = parameterPieces('Content-Type', `multipart/${entity.subtype}`, parameters, writing);
  // RFC 2045 §6.2: what is around 8bit is 8bit itself.
  const has8bit = bodiesOf(entity).some(({ encoding }) => encoding === '8bit');
  const encoding = has8bit ? 'Content-Transfer-Encoding: 8bit\r\n' : '';
  let before = `${foldField('Content-Type', type)}${encoding}\r\n`;
  for (const child of entity.children) {
    pieces.push(bytesFromUtf8(`${before}--${boundary}\r\n`));
    writeEntity(child, boundaries, writing, pieces);
    before = '\r\n';
  }
  pieces.push(bytesFromUtf8(`\r\n--${boundary}--\r\n`));
}

/** The structure that RFC 2046 §5.1 and RFC 2387 have for what is there: mixed(alternative(text, related(html, images)), files). */
function buildEntity(content: EntityContent, form: Form): Entity {
  const { text, html } = content;
  const alternatives = listGiven('alternatives', content.alternatives);
  const inline = listGiven('inline', content.inline);
  const attachments = listGiven('attachments', content.attachments);
  const forms: Entity[] = [];
  const body =
    text ??
    (html === undefined && alternatives.length + inline.length + attachments.length === 0 ? '' : undefined);
  if (body !== undefined) forms.push(textLeaf('plain', 'text', body, form));
  const images = inline.map((image) => attachmentLeaf(image, 'inline', form));
  if (html !== undefined) {
    const leaf = textLeaf('html', 'html', html, form);
    forms.push(images.length === 0 ? leaf : { subtype: 'related', children: [leaf, ...images] });
  }
  forms.push(
    ...alternatives.map((part) => {
      checkKeys('alternative', part, PART_KEYS);
      return partLeaf(part, [], '', form);
    }),
  );
  const shown: Entity[] =
    forms.length > 1 || alternatives.length > 0 ? [{ subtype: 'alternative', children: forms }] : forms;
  const files = attachments.map((file) => attachmentLeaf(file, 'attachment', form));
  const all = [...shown, ...(html === undefined ? images : []), ...files];
  // A file alone is wrapped, as a single alternative is: its octets end where its part does, whatever is added to
  // the end of the message on its way.
  if (all.length === 1 && shown.length === 1) return all[0]!;
  return { subtype: 'mixed', children: all };
}

function textLeaf(subtype: 'plain' | 'html', what: string, given: string, form: Form): Leaf {
  if (typeof given !== 'string') {
    throw usage(`\`${what}\` is text, not a value of type ${typeof given}`);
  }
  let text = given.replace(/\r\n?|\n/g, '\r\n');
  if (text !== '' && !text.endsWith('\r\n')) text += '\r\n';
  const parameters: ParameterToWrite[] = [];
  if (form.flowed && subtype === 'plain') {
    const flowed = flowText(text);
    text = flowed.text;
    parameters.push({ name: 'format', value: 'flowed' });
    if (flowed.delSp) parameters.push({ name: 'delsp', value: 'yes' });
  }
  const { writing } = form;
  const charset = chooseCharset(`the ${what}`, text, writing);
  parameters.unshift({ name: 'charset', value: charset.label });
  const type = parameterPieces('Content-Type', `text/${subtype}`, parameters, writing);
  // ISO-2022-JP has always gone as it is, and is read so where encoded text is not; its lines are as long as they came.
  const longest = charset.isJapanese ? LONGEST_LINE : GOOD_LINE;
  return {
    fields: foldField('Content-Type', type),
    body: encodeTextBody(charset.encode(text), form.transport, longest),
  };
}

function attachmentLeaf(file: AttachmentContent, disposition: 'attachment' | 'inline', form: Form): Leaf {
  checkKeys(disposition, file, [...PART_KEYS, 'filename', 'contentId', 'description']);
  const { filename, contentId, description } = file;
  const { writing } = form;
  const names: ParameterToWrite[] = [];
  const parameters: ParameterToWrite[] = [];
  if (filename !== undefined) {
    parameters.push({ name: 'filename', value: filename });
    checkFieldText('Content-Disposition', filename);
    if (form.plainNames) names.push({ name: 'name', value: filename, plain: true });
  }
  let fields = foldField(
    'Content-Disposition',
    parameterPieces('Content-Disposition', disposition, parameters, writing),
  );
  if (contentId !== undefined) {
    fields += foldField('Content-ID', [{ blanks: ' ', text: messageIdText('Content-ID', contentId, false) }]);
  }
  if (description !== undefined) fields += writeField('Content-Description', description, writing);
  return partLeaf(file, names, fields, form);
}

function partLeaf(part: PartContent, names: readonly ParameterToWrite[], fields: string, form: Form): Leaf {
  const { content } = part;
  const isText = typeof content === 'string';
  const octets = isText ? chooseCharset('the content', content, utf8Only).encode(content) : asBytes(content);
  const given = readContentType(part.contentType ?? (isText ? 'text/plain' : 'application/octet-stream'));
  if (isText) checkTextCharset(given, octets);
  const parameters: ParameterToWrite[] = given.parameters.all.map(({ name, value }) => ({ name, value }));
  if (isText && given.type === 'text' && !given.parameters.has('charset')) {
    parameters.push({ name: 'charset', value: 'utf-8' });
  }
  if (names.length > 0) {
    const at = parameters.findIndex(({ name }) => name === 'name');
    if (at >= 0) parameters.splice(at, 1);
    parameters.push(...names);
  }
  const { transport, writing } = form;
  let { mediaType } = given;
  let body: EncodedBody | undefined;
  if (given.type === 'text') body = encodeTextBody(octets, transport, GOOD_LINE);
  else if (mediaType === 'message/rfc822') {
    body = plainMessageBody(octets, transport);
    // RFC 6532 §3.7: the same, but it may be encoded.
    if (body === undefined) mediaType = 'message/global';
  }
  const type = parameterPieces('Content-Type', mediaType, parameters, writing);
  const own = ownFields(listGiven('headers', part.headers), (name) => OWN_OF_PART.has(name), writing);
  return { fields: foldField('Content-Type', type) + fields + own, body: body ?? inBase64(octets) };
}

/** Text is written in UTF-8, so nothing else may be said of it. */
function checkTextCharset({ parameters }: ContentType, octets: Uint8Array): void {
  const label = parameters.get('charset');
  if (label === undefined) return;
  const name = lookupCharset(label)?.name;
  if (name === 'utf-8' || (name === 'us-ascii' && isAscii(octets))) return;
  throw usage(
    `content that is given as text is written in UTF-8, not in ${JSON.stringify(label.slice(0, 40))}; pass octets for that`,
  );
}

const utf8Only: WriteOptions = { charsets: ['utf-8'], iso2022jp: {}, eai: false };

function readContentType(given: string): ContentType {
  checkStructured('Content-Type', given, true);
  const type = parseContentType(given);
  if (type.defects.length > 0 || !given.includes('/')) {
    throw usage(`${JSON.stringify(given.slice(0, 80))} is no media type such as "text/csv; charset=utf-8"`);
  }
  if (type.type === 'multipart') {
    throw usage(`content of type ${type.mediaType} has parts of its own; pass it as \`entity\``);
  }
  return type;
}

/**
 * Writes fields of the caller's own.
 *
 * @param isTaken - tells of a lower-case name whether it has an option of its own, and may not stand here.
 */
export function ownFields(
  headers: readonly OwnField[],
  isTaken: (name: string) => boolean,
  writing: WriteOptions,
): string {
  return headers
    .map((pair) => {
      const [name, value] = listGiven('headers', pair) as OwnField;
      const field = writeField(name, value, writing);
      if (!isTaken(name.toLowerCase())) return field;
      throw usage(`the field ${name} is written from what has its name; it cannot stand in \`headers\``);
    })
    .join('');
}
