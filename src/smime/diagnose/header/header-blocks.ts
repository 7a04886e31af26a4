import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../../core/bytes.js';
import { entityOf } from '../body/leaves.js';
import { type Replacement, replaced } from '../body/lines.js';

/** Header blocks, fields of each, and octets of them all, beyond which headers are left as they are. */
const mostBlocks = 20;
const mostFields = 40;
const mostOctets = 16_384;
/** Parameters of a field, beyond which they are left as they are. */
const mostParameters = 30;

/** One parameter of a structured field, as it is written. */
export interface RawParameter {
  /** From what is before it: blanks, semicolon, folds. */
  readonly before: string;
  readonly name: string;
  /** The equals sign, with blanks around it. */
  readonly equals: string;
  /** With its quotation marks, where it has them. */
  readonly value: string;
}

/** A field as it is written; its pieces joined are its octets. */
export interface RawField {
  readonly name: string;
  /** The colon, with blanks around it. */
  readonly colon: string;
  /** The value, or what of it stands before parameters. */
  readonly value: string;
  readonly parameters: readonly RawParameter[];
  /** What stands behind, with the line end. */
  readonly tail: string;
}

/** The fields of one entity. */
export interface RawBlock {
  readonly start: number;
  readonly end: number;
  readonly fields: readonly RawField[];
}

/** As with the entity itself: each family asks about the same octets. */
const known = /* @__PURE__ */ new WeakMap<Bytes, readonly RawBlock[]>();

/** The header blocks of an entity and of all inside it, as far as they can be told apart into pieces. */
export function blocksOf(octets: Bytes): readonly RawBlock[] {
  let blocks = known.get(octets);
  if (blocks === undefined) {
    blocks = findBlocks(octets);
    known.set(octets, blocks);
  }
  return blocks;
}

/** The octets of the header blocks of an entity that families change. */
export function headerOctetsOf(octets: Bytes): number {
  return blocksOf(octets).reduce((sum, { start, end }) => sum + end - start, 0);
}

function findBlocks(octets: Bytes): RawBlock[] {
  const entity = entityOf(octets);
  if (entity === undefined) return [];
  const blocks: RawBlock[] = [];
  let left = mostOctets;
  for (const { start, headersEnd: end } of entity.walk()) {
    if (blocks.length === mostBlocks) break;
    if (end === start || end - start > left) continue;
    left -= end - start;
    const fields = fieldsOf(latin1FromBytes(octets, start, end));
    if (fields !== undefined) blocks.push({ start, end, fields });
  }
  return blocks;
}

const fieldText = /[!-9;-~]+[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*(?:\r\n|$)/y;

function fieldsOf(text: string): RawField[] | undefined {
  const fields: RawField[] = [];
  fieldText.lastIndex = 0;
  for (let at = 0; at < text.length; at = fieldText.lastIndex) {
    const found = fieldText.exec(text);
    if (found === null || fields.length === mostFields) return undefined;
    fields.push(fieldOf(found[0]));
  }
  return fields;
}

const structured = /^content-(?:type|disposition)$/i;
const parameter =
  /([ \t\r\n]*;[ \t\r\n]*)([^\s=;"]+)([ \t\r\n]*=[ \t\r\n]*)("(?:[^"\\]|\\[\s\S])*"|[^\s;"]+)/y;

function fieldOf(text: string): RawField {
  const name = text.slice(0, text.search(/[ \t]*:/));
  const colon = /[ \t]*:[ \t]*/.exec(text)![0];
  const rest = text.slice(name.length + colon.length);
  const lineEnd = rest.endsWith('\r\n') ? '\r\n' : '';
  const body = rest.slice(0, rest.length - lineEnd.length);
  if (!structured.test(name)) return { name, colon, value: body, parameters: [], tail: lineEnd };
  const value = body.split(';', 1)[0]!.trimEnd();
  const parameters: RawParameter[] = [];
  parameter.lastIndex = value.length;
  let end = value.length;
  for (let found = parameter.exec(body); found !== null; found = parameter.exec(body)) {
    if (parameters.length === mostParameters)
      return { name, colon, value: body, parameters: [], tail: lineEnd };
    parameters.push({ before: found[1]!, name: found[2]!, equals: found[3]!, value: found[4]! });
    end = parameter.lastIndex;
  }
  return { name, colon, value, parameters, tail: body.slice(end) + lineEnd };
}

/** A field as octets are made from it. */
export function written({ name, colon, value, parameters, tail }: RawField): string {
  return name + colon + value + parameters.map(writtenParameter).join('') + tail;
}

export function writtenParameter({ before, name, equals, value }: RawParameter): string {
  return before + name + equals + value;
}

/** The octets with the fields of blocks changed; `undefined` where nothing is. */
export function withFields(
  octets: Bytes,
  blocks: readonly RawBlock[],
  change: (fields: readonly RawField[], block: number) => readonly RawField[],
): Bytes | undefined {
  const replacements = blocks.flatMap((block, i) => blockWith(block, change(block.fields, i)) ?? []);
  return replacements.length === 0 ? undefined : replaced(octets, replacements);
}

/** The octets with other fields for those of one block; `undefined` where they are the same. */
export function withBlock(octets: Bytes, block: RawBlock, fields: readonly RawField[]): Bytes | undefined {
  const replacement = blockWith(block, fields);
  return replacement && replaced(octets, [replacement]);
}

function blockWith({ start, end, fields }: RawBlock, changed: readonly RawField[]): Replacement | undefined {
  if (changed === fields) return undefined;
  const text = changed.map(written).join('');
  return text === fields.map(written).join('') ? undefined : { start, end, octets: bytesFromLatin1(text) };
}

/** The first field, of all blocks, that a change changes, before and after. */
export function firstChanged(
  blocks: readonly RawBlock[],
  change: (field: RawField) => RawField,
): readonly [RawField, RawField] | undefined {
  for (const { fields } of blocks) {
    for (const field of fields) {
      const changed = change(field);
      if (changed !== field && written(changed) !== written(field)) return [field, changed];
    }
  }
  return undefined;
}

/** A field with all its parameters changed. */
export function withParameters(
  field: RawField,
  change: (parameter: RawParameter, i: number) => RawParameter,
): RawField {
  return field.parameters.length === 0 ? field : { ...field, parameters: field.parameters.map(change) };
}
