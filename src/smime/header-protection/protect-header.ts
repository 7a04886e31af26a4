import { usage } from '../../core/errors.js';
import { structuredPieces } from '../../mime/compose/compose-field.js';
import { FOLD_WIDTH, foldField } from '../../mime/compose/fold.js';
import type { HeaderField } from '../../mime/fields/header-fields.js';
import { isCmsPart } from '../cms-part.js';
import { type EntityChanges, isSealed } from '../entity/safe-entity.js';
import { outerField, safeField } from '../entity/safe-fields.js';
import type { SplitMessage } from '../entity/split-message.js';
import {
  confidentialityFunction,
  type HeaderConfidentialityPolicy,
  outsideField,
} from './confidentiality-policy.js';
import { legacyDisplay, type ShownField } from './legacy-display.js';
import { isByServers } from './server-fields.js';

/** The field that says what the sender put on the outside (RFC 9788 §2.2). */
const HP_OUTER = 'HP-Outer';

/** A message whose header goes under the seal. */
export interface ProtectedHeader {
  /** The fields that stay outside, as text, each with its CRLF. */
  readonly outside: string;
  /** What is added to the content. */
  readonly changes: EntityChanges;
}

/** Fields that people see (RFC 9787 §1.1.2), in the order in which they are shown. */
const USER_FACING: readonly string[] = [
  ...['subject', 'from', 'to', 'cc', 'date', 'reply-to', 'followup-to', 'sender'],
  ...['resent-from', 'resent-to', 'resent-cc', 'resent-date', 'resent-sender'],
];

/**
 * Header protection for a message that is signed and not encrypted (RFC 9788
 * §5.2): the fields stand outside and inside alike, and `hp="clear"` says so.
 *
 * @throws MailsealError `usage` where the content is sealed already, or there are no fields.
 */
export function protectClear(message: SplitMessage): ProtectedHeader {
  refuseSealed(message);
  let outside = '';
  let inside = '';
  for (const field of message.fields) {
    if (isHpOuter(field)) continue;
    const isProtected = isProtectable(field);
    const text = isProtected ? safeField(field) : outerField(field);
    outside += text;
    if (isProtected) inside += text;
  }
  return { outside, changes: { fields: withMimeVersion(inside), parameters: [['hp', 'clear']] } };
}

/**
 * Header protection for a message that will be encrypted (RFC 9788 §5.2): the
 * fields inside, what is left of them outside, and inside in HP-Outer once more
 * what is outside, since nobody vouches for that there.
 *
 * @throws MailsealError as {@link protectClear}; `usage` for a policy that hides what it may not.
 */
export function protectCipher(
  message: SplitMessage,
  policy: HeaderConfidentialityPolicy,
  withLegacyDisplay: boolean,
): ProtectedHeader {
  refuseSealed(message);
  const hide = confidentialityFunction(policy);
  const hidden: HeaderField[] = [];
  let outside = '';
  let inside = '';
  let copies = '';
  for (const field of message.fields) {
    if (isHpOuter(field)) continue;
    if (!isProtectable(field)) {
      outside += outerField(field);
      continue;
    }
    const kept = safeField(field);
    inside += kept;
    const shown = outsideField(field, kept, hide);
    if (shown !== kept) hidden.push(field);
    if (shown === undefined) continue;
    outside += shown;
    copies += hpOuterField(shown);
  }
  const leaves = withLegacyDisplay ? legacyDisplay(message.content, shownFields(hidden)) : undefined;
  const fields = withMimeVersion(inside + copies);
  const changes: EntityChanges = { fields, parameters: [['hp', 'cipher']] };
  return { outside, changes: leaves === undefined ? changes : { ...changes, leaves } };
}

function withMimeVersion(fields: string): string {
  return `${fields}MIME-Version: 1.0\r\n`;
}

/** RFC 9788 §2.2: it means something inside only, and there it is ours. */
function isHpOuter({ name }: HeaderField): boolean {
  return name.toLowerCase() === 'hp-outer';
}

/** What servers write on the way is not the sender's to protect. */
function isProtectable(field: HeaderField): boolean {
  return !isHpOuter(field) && !isByServers(field);
}

function shownFields(hidden: readonly HeaderField[]): ShownField[] {
  return USER_FACING.flatMap((name) =>
    hidden
      .filter((field) => field.name.toLowerCase() === name)
      .map((field): ShownField => [field.name, field.text]),
  );
}

/** `HP-Outer: Subject: [...]` of `Subject: [...]`. */
function hpOuterField(field: string): string {
  const end = field.indexOf('\r\n');
  if (HP_OUTER.length + 2 + end <= FOLD_WIDTH) return `${HP_OUTER}: ${field}`;
  return foldField(HP_OUTER, structuredPieces(field.replaceAll('\r\n', '').trim()));
}

/** RFC 9788 §1.7: the protected fields stand in the header of what is innermost, under all signatures. */
function refuseSealed({ content, fields }: SplitMessage): void {
  if (isSealed(content) || isCmsPart(content)) {
    throw usage(
      'header fields are protected inside the innermost seal, and this content is sealed already: give the message as it was before',
    );
  }
  if (!fields.some(isProtectable)) {
    throw usage('there is no header field to protect: pass the whole message');
  }
}
