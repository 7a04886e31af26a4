import { asBytes, latin1FromBytes } from '../../core/bytes.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import {
  attributeDescription,
  type LdifLine,
  ldifMalformed,
  ldifRecords,
  ldifText,
  ldifValue,
} from './ldif-lines.js';
import type {
  LdifAttribute,
  LdifChange,
  LdifControl,
  LdifModification,
  LdifRecord,
  LdifValue,
} from './ldif-record.js';

/** What {@link parseLdif} takes beside the file. */
export interface LdifOptions {
  readonly limits?: {
    /** Lines of the file; default 1,000,000. One more is `limit-nodes`. */
    readonly lines?: number;
  };
}

/**
 * Reads an LDIF file (RFC 2849): entries, as directories are exported, and
 * changes, in one file too. A file without `version: 1`, text that is not ASCII and not in
 * base64, and a last step of a change without `-` are read too.
 *
 * @throws MailsealError `x509-ldif-malformed` with the offset of the line,
 * `limit-nodes`
 * @example
 * ```ts
 * import { parseLdif } from 'mailseal/x509';
 *
 * const [record] = parseLdif('version: 1\ndn: cn=Hanako,dc=example,dc=jp\nmail: hanako@exam\n ple.jp\n');
 * if (record?.kind === 'entry') console.log(record.attributes[0]?.name, record.attributes.length); // mail 1
 * ```
 */
export function parseLdif(file: Uint8Array | string, options: LdifOptions = {}): LdifRecord[] {
  const octets = typeof file === 'string' ? bytesFromUtf8(file) : asBytes(file);
  const records: LdifRecord[] = [];
  let isFirst = true;
  for (const lines of ldifRecords(octets, options.limits?.lines ?? 1_000_000)) {
    const body = isFirst && lines[0]?.word === 'version' ? withoutVersion(lines) : lines;
    isFirst = false;
    if (body.length > 0) records.push(readRecord(body));
  }
  return records;
}

function withoutVersion(lines: LdifLine[]): LdifLine[] {
  const [version, ...rest] = lines;
  if (version !== undefined && ldifText(version).trim() !== '1')
    throw ldifMalformed('only version 1 of LDIF is known', version.offset);
  return rest;
}

function readRecord([first, ...rest]: LdifLine[]): LdifRecord {
  if (first?.word !== 'dn') throw ldifMalformed('a record begins with "dn:"', first?.offset ?? 0);
  const dn = ldifText(first);
  const start = rest.findIndex(({ word }) => word !== 'control');
  const type = start < 0 ? undefined : rest[start];
  if (type?.word !== 'changetype') {
    if (rest.length === 0) throw ldifMalformed('a record has no attributes', first.offset);
    // What was meant for a change is not taken for an attribute of an entry.
    const stray = rest.find(({ word }) => word === 'control' || word === 'changetype');
    if (stray !== undefined)
      throw ldifMalformed(`"${stray.word}" stands in no change, or not at its beginning`, stray.offset);
    return { kind: 'entry', dn, attributes: rest.map(attribute) };
  }
  const change: LdifChange = { dn, controls: rest.slice(0, start).map(control) };
  const body = rest.slice(start + 1);
  switch (ldifText(type).trim().toLowerCase()) {
    case 'add':
      if (body.length === 0) throw ldifMalformed('an addition has no attributes', type.offset);
      return { kind: 'add', ...change, attributes: body.map(attribute) };
    case 'delete':
      if (body[0] !== undefined) throw ldifMalformed('nothing follows a deletion', body[0].offset);
      return { kind: 'delete', ...change };
    case 'modify':
      return { kind: 'modify', ...change, modifications: modifications(body) };
    case 'modrdn':
      return { kind: 'modrdn', ...change, ...renaming(body, type.offset) };
    case 'moddn':
      return { kind: 'moddn', ...change, ...renaming(body, type.offset) };
    default:
      throw ldifMalformed('the changetype is none', type.offset);
  }
}

function attribute(line: LdifLine): LdifAttribute {
  if (line.word === '-') throw ldifMalformed('a hyphen stands alone outside of a modification', line.offset);
  return { name: line.name, value: ldifValue(line) };
}

/** RFC 2849: an OID, `true` or `false`, and a value with its own colon. */
function control(line: LdifLine): LdifControl {
  const end = line.rest.indexOf(0x3a);
  const words = latin1FromBytes(end < 0 ? line.rest : line.rest.subarray(0, end));
  const found = /^ *(\d+(?:\.\d+)*)(?: +(true|false))? *$/.exec(words);
  if (found === null) throw ldifMalformed('a control has no OID', line.offset);
  const value: LdifValue | undefined =
    end < 0 ? undefined : ldifValue({ rest: line.rest.subarray(end + 1), offset: line.offset });
  return { oid: found[1]!, critical: found[2] === 'true', value };
}

function modifications(lines: readonly LdifLine[]): LdifModification[] {
  const steps: LdifModification[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = lines[at++]!;
    const operation = head.word;
    const attributeName = operation === '-' ? '' : ldifText(head).trim();
    if (
      (operation !== 'add' && operation !== 'delete' && operation !== 'replace') ||
      !attributeDescription.test(attributeName)
    )
      throw ldifMalformed('a modification begins with add, delete or replace and an attribute', head.offset);
    const values: LdifValue[] = [];
    for (; at < lines.length && lines[at]!.word !== '-'; at++) {
      const line = lines[at]!;
      if (line.word !== attributeName.toLowerCase())
        throw ldifMalformed('a value is of another attribute than the modification', line.offset);
      values.push(ldifValue(line));
    }
    at++;
    steps.push({ operation, attribute: attributeName, values });
  }
  return steps;
}

function renaming(
  lines: readonly LdifLine[],
  offset: number,
): { newRdn: string; deleteOldRdn: boolean; newSuperior: string | undefined } {
  const [newRdn, deleteOld, superior, ...more] = lines;
  const flag = deleteOld?.word === 'deleteoldrdn' ? ldifText(deleteOld).trim() : '';
  if (
    newRdn?.word !== 'newrdn' ||
    !/^[01]$/.test(flag) ||
    (superior !== undefined && superior.word !== 'newsuperior') ||
    more.length > 0
  )
    throw ldifMalformed('a renaming has newrdn, deleteoldrdn and at most newsuperior', offset);
  return {
    newRdn: ldifText(newRdn),
    deleteOldRdn: flag === '1',
    newSuperior: superior && ldifText(superior),
  };
}
