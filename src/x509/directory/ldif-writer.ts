import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { encodeBase64 } from '../../encoding/base64.js';
import { attributeDescription, longestName } from './ldif-lines.js';
import type { LdifAttribute, LdifRecord, LdifValue } from './ldif-record.js';

/** How {@link encodeLdif} writes. */
export interface EncodeLdifOptions {
  /** Characters after which a line is folded; default 76, at least 2. */
  readonly lineLength?: number;
}

/**
 * Writes an LDIF file (RFC 2849), in ASCII: whatever is not plain text without
 * blanks at its ends goes in base64, so that no value can be taken for a line.
 * What `parseLdif` makes of it is the same records. They are all entries or all
 * changes.
 *
 * @throws MailsealError `usage` for a name, URL, OID, kind or operation that is
 * none, for entries among changes, and for what adds nothing
 * @example
 * ```ts
 * import { encodeLdif } from 'mailseal/x509';
 *
 * const mail = { name: 'mail', value: new TextEncoder().encode('hanako@example.jp') };
 * const file = encodeLdif([{ kind: 'entry', dn: 'cn=花子,c=JP', attributes: [mail] }]);
 * console.log(file.split('\n')[2]); // dn:: Y2496Iqx5a2QLGM9SlA=
 * ```
 */
export function encodeLdif(records: readonly LdifRecord[], options: EncodeLdifOptions = {}): string {
  const length = options.lineLength ?? 76;
  if (!Number.isInteger(length) || length < 2) throw usage('a line of LDIF has at least 2 characters');
  const lines = ['version: 1'];
  let first: LdifRecord | undefined;
  for (const record of listOf(records, 'records')) {
    if (typeof record !== 'object') throw usage('a record of LDIF is an object');
    // RFC 2849: a file is of entries or of changes.
    first ??= record;
    if ((first.kind === 'entry') !== (record.kind === 'entry'))
      throw usage('a file of LDIF holds entries or changes, not both');
    lines.push('');
    for (const line of linesOf(record)) fold(line, length, lines);
  }
  lines.push('');
  return lines.join('\n');
}

/** RFC 2849, note 2: a line goes on in the next after one blank. */
function fold(line: string, length: number, lines: string[]): void {
  lines.push(line.slice(0, length));
  for (let at = length; at < line.length; at += length - 1) lines.push(` ${line.slice(at, at + length - 1)}`);
}

const kinds: ReadonlySet<string> = /* @__PURE__ */ new Set(['add', 'delete', 'modify', 'modrdn', 'moddn']);
const operations: ReadonlySet<string> = /* @__PURE__ */ new Set(['add', 'delete', 'replace']);

function* linesOf(record: LdifRecord): Generator<string> {
  yield `dn${textSpec(record.dn)}`;
  if (record.kind === 'entry') {
    for (const { name } of listOf(record.attributes, 'attributes')) {
      if (/^(?:changetype|control)$/i.test(name))
        throw usage(`an entry with the attribute ${name} would be read as a change`);
    }
    yield* attributeLines(record.attributes);
    return;
  }
  if (!kinds.has(record.kind)) throw usage(`there is no record of the kind ${shown(record.kind)}`);
  for (const { oid, critical, value } of listOf(record.controls, 'controls')) {
    if (!/^\d+(?:\.\d+)*$/.test(oid)) throw usage(`the control ${shown(oid)} is no OID`);
    if (typeof critical !== 'boolean') throw usage('a control is critical, true or false');
    yield `control: ${oid} ${critical}${value === undefined ? '' : valueSpec(value)}`;
  }
  yield `changetype: ${record.kind}`;
  if (record.kind === 'add') yield* attributeLines(record.attributes);
  else if (record.kind === 'modify') {
    for (const { operation, attribute, values } of listOf(record.modifications, 'modifications')) {
      if (!operations.has(operation)) throw usage(`there is no operation ${shown(operation)}`);
      // RFC 4511 §4.6: without values only delete and replace mean something.
      if (listOf(values, 'values').length === 0 && operation === 'add')
        throw usage(`the step that adds ${shown(attribute)} has no values`);
      yield `${operation}: ${checked(attribute)}`;
      for (const value of values) yield attribute + valueSpec(value);
      yield '-';
    }
  } else if (record.kind !== 'delete') {
    yield `newrdn${textSpec(record.newRdn)}`;
    yield `deleteoldrdn: ${record.deleteOldRdn ? 1 : 0}`;
    if (record.newSuperior !== undefined) yield `newsuperior${textSpec(record.newSuperior)}`;
  }
}

function* attributeLines(attributes: readonly LdifAttribute[]): Generator<string> {
  // RFC 2849: both attrval-record and change-add have one at least.
  if (listOf(attributes, 'attributes').length === 0)
    throw usage('an entry of LDIF, also one that is added, has attributes');
  for (const { name, value } of attributes) yield checked(name) + valueSpec(value);
}

function listOf<Item>(list: readonly Item[], what: string): readonly Item[] {
  if (Array.isArray(list) && list.every((each) => each !== null && each !== undefined)) return list;
  throw usage(`the ${what} of LDIF are an array without holes`);
}

function checked(name: string): string {
  // No longer than is read again.
  if (typeof name === 'string' && name.length <= longestName && attributeDescription.test(name)) return name;
  throw usage(`${shown(name)} is no name of an attribute`);
}

function textSpec(text: string): string {
  if (typeof text !== 'string') throw usage('a name of LDIF is a string');
  return valueSpec(bytesFromUtf8(text));
}

function valueSpec(value: LdifValue): string {
  if (!(value instanceof Uint8Array)) {
    if (typeof value !== 'object' || value === null || typeof value.url !== 'string')
      throw usage('a value of LDIF is a Uint8Array, or an object with a url');
    if (!/^[!-~]+$/.test(value.url)) throw usage('a URL in LDIF is of printable ASCII characters');
    return `:< ${value.url}`;
  }
  const octets = asBytes(value);
  if (octets.length === 0) return ':';
  return isPlain(octets) ? `: ${latin1FromBytes(octets)}` : `:: ${encodeBase64(octets)}`;
}

/** RFC 2849, SAFE-STRING, without controls, and without a blank at the end, which editors take away. */
function isPlain(octets: Bytes): boolean {
  const first = octets[0];
  if (first === 0x20 || first === 0x3a || first === 0x3c || octets.at(-1) === 0x20) return false;
  return octets.every((octet) => octet >= 0x20 && octet <= 0x7e);
}
