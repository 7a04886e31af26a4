import fc from 'fast-check';
import { exactModifiedUtf7 } from '../../src/charset/modified-utf7.js';
import type { Bytes } from '../../src/core/bytes.js';
import { bytesFromUtf8, strictUtf8FromBytes } from '../../src/core/utf8.js';
import type {
  BodyExtension,
  BodyParameter,
  BodySinglePart,
  BodyStructure,
} from '../../src/imap/structure/body-structure.js';
import type { ImapText } from '../../src/imap/text.js';
import type { ImapDate, ImapDateTime } from '../../src/imap/values/date-time.js';
import type { ImapAddress, ImapEnvelope } from '../../src/imap/values/envelope.js';
import type { MailboxName } from '../../src/imap/values/mailbox-name.js';
import type { ImapPartial, ImapSection } from '../../src/imap/values/section.js';
import type { SequenceRange, SequenceSet } from '../../src/imap/values/sequence-set.js';
import type { ImapValue } from '../../src/imap/values/value.js';

/*
 * Values as decoding gives them: every value of these types that decoding can
 * give may come, and no other one, so that encoding and decoding must give it
 * back.
 */

/** An object of which some properties may be missing. */
export function record<Type extends object>(
  required: { [Name in keyof Type]: fc.Arbitrary<Type[Name]> },
): fc.Arbitrary<Type>;
export function record<Type extends object, Rest extends object>(
  required: { [Name in keyof Type]: fc.Arbitrary<Type[Name]> },
  optional: { [Name in keyof Rest]: fc.Arbitrary<Rest[Name]> },
): fc.Arbitrary<Type & Partial<Rest>>;
export function record(required: object, optional: object = {}): fc.Arbitrary<object> {
  const arbitraries = { ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(arbitraries, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

const asciiCharacters = Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i));
const atomCharacters = asciiCharacters.filter((character) => !'(){%*"\\]'.includes(character));

/** An atom that is not NIL. */
export const atom: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...atomCharacters), minLength: 1, maxLength: 12 })
  .filter((text) => text.toUpperCase() !== 'NIL');

/** An atom in capital letters that begins with X-, so that it is none that has a meaning. */
export const unknownName: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...'ABCXYZ019-.'), maxLength: 8 })
  .map((text) => `X-${text}`);

/** Octets that are not UTF-8. */
export const notUtf8: fc.Arbitrary<Bytes> = fc
  .tuple(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(0xff, 0x83, 0xc3),
    fc.uint8Array({ maxLength: 12 }),
  )
  .map(([before, odd, after]) => Uint8Array.from([...before, odd, ...after], (octet) => octet || 0x30))
  .filter((octets) => strictUtf8FromBytes(octets) === undefined);

const wellFormed = fc
  .string({ unit: 'binary', maxLength: 30 })
  .filter((text) => !/\p{Surrogate}/u.test(text));

/** The characters that matter are hit often. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom(...asciiCharacters, ' '), maxLength: 20 }) },
  {
    weight: 3,
    arbitrary: fc.string({ unit: fc.constantFrom(...'"\\{}()[]*%~+ \r\n\0 1a&'), maxLength: 12 }),
  },
  { weight: 2, arbitrary: wellFormed },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'NIL', 'nil', '{3}', '{1+}\r\na', '\ufeffa', 'a'.repeat(1200)),
  },
  { weight: 1, arbitrary: fc.constantFrom('日本語', 'é', '😀', 'é'.repeat(600)) },
);

/** Text as it may stand in any string: without NUL (RFC 9051 §9 CHAR8). */
export const text: fc.Arbitrary<string> = anyText.map((content) => content.replaceAll('\0', '0'));

/** {@link ImapText}: text, or octets that are none. */
export const imapText: fc.Arbitrary<ImapText> = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: notUtf8 },
);

export const nullableText: fc.Arbitrary<ImapText | undefined> = fc.oneof(fc.constant(undefined), imapText);

/** Octets of any kind. */
export const octets: fc.Arbitrary<Bytes> = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)) },
  { weight: 6, arbitrary: anyText.map((content) => bytesFromUtf8(content)) },
  // Around what is kept among the lines, and what LITERAL- may send at once.
  {
    weight: 1,
    arbitrary: fc.constantFrom(4095, 4096, 4097, 9000).map((length) => new Uint8Array(length).fill(0x61)),
  },
);

export const nullableOctets: fc.Arbitrary<Bytes | undefined> = fc.oneof(fc.constant(undefined), octets);

export const number: fc.Arbitrary<number> = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(0));

/** 1 to 2^32 − 1. */
export const positive: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: 0xffff_ffff }),
  fc.constant(0xffff_ffff),
);

export const bigint: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
);

const sequenceNumber: fc.Arbitrary<number | '*'> = fc.oneof(
  { weight: 4, arbitrary: positive },
  { weight: 1, arbitrary: fc.constant('*' as const) },
);

export const sequenceRanges: fc.Arbitrary<SequenceRange[]> = fc.array(
  fc.oneof(
    record<SequenceRange>({ from: sequenceNumber, to: sequenceNumber }),
    sequenceNumber.map((from): SequenceRange => ({ from, to: from })),
  ),
  { minLength: 1, maxLength: 6 },
);

export const sequenceSet: fc.Arbitrary<SequenceSet> = fc.oneof(
  { weight: 6, arbitrary: sequenceRanges },
  { weight: 1, arbitrary: fc.constant('$' as const) },
);

export const flag: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('\\Seen', '\\Answered', '\\*', '$Junk', '\\Recent'),
  atom,
  atom.map((word) => `\\${word}`),
);

export const flags: fc.Arbitrary<string[]> = fc.array(flag, { maxLength: 5 });

const decodedName: fc.Arbitrary<string> = fc
  .oneof(text, fc.constantFrom('INBOX', 'Entwürfe', 'a&b', '台北/日本語', '😀', 'a/b.c'))
  .filter((name) => name === 'INBOX' || name.toUpperCase() !== 'INBOX');

/** Names that are not what encoding gives. */
const rawName: fc.Arbitrary<MailboxName> = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'&-AOQ/ é,+a'), minLength: 1, maxLength: 10 }),
    fc.constantFrom('&', 'a & b', '&AGE-', 'é'),
  )
  .filter((name) => exactModifiedUtf7(name) === undefined)
  .map((raw) => ({ raw }));

/** A mailbox name as it is on a wire with modified UTF-7, or with UTF-8. */
export function mailbox(utf8: boolean): fc.Arbitrary<MailboxName> {
  const octetsName: fc.Arbitrary<MailboxName> = notUtf8.map((raw) => ({ raw }));
  const others = utf8 ? [octetsName] : [octetsName, rawName];
  return fc.oneof(
    { weight: 5, arbitrary: decodedName },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}

const SECOND = 1000;
const FIRST_SECOND = Date.UTC(2000, 0, 1) / SECOND - 730_485 * 86_400;

/** Moments of the years 0 to 9999 in their zone. */
export const dateTime: fc.Arbitrary<ImapDateTime> = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: FIRST_SECOND, max: Date.UTC(9999, 11, 31, 23, 59, 59) / SECOND }),
      fc.integer({ min: 0, max: 2 ** 32 }),
    ),
    fc.oneof(fc.integer({ min: -5999, max: 5999 }), fc.constantFrom(0, -420, 345, 540)),
  )
  .map(([local, offset]) => ({ time: (local - offset * 60) * SECOND, offset }));

export const date: fc.Arbitrary<ImapDate> = record<ImapDate>({
  year: fc.integer({ min: 0, max: 9999 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 31 }),
}).map(({ year, month, day }) => ({
  year,
  month,
  day:
    month === 2
      ? Math.min(day, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28)
      : [4, 6, 9, 11].includes(month)
        ? Math.min(day, 30)
        : day,
}));

export const part: fc.Arbitrary<number[]> = fc.array(positive, { maxLength: 4 });

export const section: fc.Arbitrary<ImapSection> = fc.oneof(
  part.map((numbers): ImapSection => ({ part: numbers })),
  record<ImapSection>({ part, text: fc.constantFrom('HEADER' as const, 'TEXT' as const) }),
  fc
    .array(positive, { minLength: 1, maxLength: 4 })
    .map((numbers): ImapSection => ({ part: numbers, text: 'MIME' })),
  record<ImapSection>({
    part,
    text: fc.constantFrom('HEADER.FIELDS' as const, 'HEADER.FIELDS.NOT' as const),
    fields: fc.array(imapText, { minLength: 1, maxLength: 4 }),
  }),
);

export const partial: fc.Arbitrary<ImapPartial> = record<ImapPartial>({
  offset: number,
  length: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

/** A range of PARTIAL. */
export const partialRange: fc.Arbitrary<string> = fc
  .tuple(positive, positive, fc.boolean())
  .map(([from, to, isFromEnd]) => (isFromEnd ? `-${from}:-${to}` : `${from}:${to}`));

/** A value of no known meaning; its atoms of the characters that are given, its strings as they are given. */
export function value(
  characters = asciiCharacters.filter((one) => !'(){"'.includes(one)),
  strings = imapText,
): fc.Arbitrary<ImapValue> {
  const valueAtom = fc
    .string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 8 })
    .filter((word) => word.toUpperCase() !== 'NIL');
  return fc.letrec<{ value: ImapValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constant<ImapValue>({ type: 'nil' }),
      valueAtom.map((word): ImapValue => ({ type: 'atom', text: word })),
      strings.map((string): ImapValue => ({ type: 'string', text: string })),
      fc.array(tie('value'), { maxLength: 4 }).map((items): ImapValue => ({ type: 'list', items })),
    ),
  })).value;
}

export const anyValue: fc.Arbitrary<ImapValue> = value();

/** A list of values, which is what may stand where only parentheses tell a value from a word. */
export const listValue: fc.Arbitrary<ImapValue> = fc
  .array(anyValue, { maxLength: 3 })
  .map((items): ImapValue => ({ type: 'list', items }));

/** For values inside the brackets of a response code. */
export const bracketedValue: fc.Arbitrary<ImapValue> = value(
  asciiCharacters.filter((one) => !'(){"]'.includes(one)),
  imapText.map((content) =>
    typeof content === 'string'
      ? content.replaceAll(/[\r\n]/g, ' ')
      : content.map((octet) => (octet === 10 || octet === 13 ? 32 : octet)),
  ),
);

const address: fc.Arbitrary<ImapAddress> = record<ImapAddress>({
  name: nullableText,
  route: nullableText,
  mailbox: nullableText,
  host: nullableText,
});

const addresses = fc.array(address, { maxLength: 3 });

export const envelope: fc.Arbitrary<ImapEnvelope> = record<ImapEnvelope>({
  date: nullableText,
  subject: nullableText,
  from: addresses,
  sender: addresses,
  replyTo: addresses,
  to: addresses,
  cc: addresses,
  bcc: addresses,
  inReplyTo: nullableText,
  messageId: nullableText,
});

const parameters: fc.Arbitrary<BodyParameter[]> = fc.array(
  record<BodyParameter>({ name: imapText, value: imapText }),
  { maxLength: 3 },
);

const extensionFields: fc.Arbitrary<Required<Pick<BodyExtension, 'language' | 'further'>> & BodyExtension> =
  record({
    disposition: fc.oneof(fc.constant(undefined), record({ type: imapText, parameters })),
    language: fc.array(imapText, { maxLength: 3 }),
    location: nullableText,
    further: fc.array(anyValue, { minLength: 1, maxLength: 2 }),
  });

/** So many of the fields, in their order: what follows a missing one is missing as well. */
const extension: fc.Arbitrary<BodyExtension> = fc.tuple(extensionFields, fc.nat(4)).map(([fields, count]) => {
  const names = ['disposition', 'language', 'location', 'further'] as const;
  return Object.fromEntries(names.slice(0, count).map((name) => [name, fields[name]]));
});

/** Content-MD5 and what follows it; or nothing. */
const singleExtension: fc.Arbitrary<BodyExtension & { md5?: ImapText | undefined }> = fc
  .tuple(fc.boolean(), nullableText, extension)
  .map(([isSent, md5, rest]) => (isSent ? { md5, ...rest } : {}));

function letterCases(word: string): fc.Arbitrary<string> {
  return fc.constantFrom(word, word.toLowerCase(), word.charAt(0) + word.slice(1).toLowerCase());
}

/** What every part but a multipart has. */
const base = {
  parameters,
  id: nullableText,
  description: nullableText,
  encoding: fc.oneof(fc.constantFrom('7BIT', 'BASE64', 'quoted-printable'), imapText),
  octets: number,
};

type Base = Omit<BodySinglePart, 'type' | 'subtype' | 'md5' | keyof BodyExtension>;

/** A structure as BODYSTRUCTURE has it, or (not `extended`) as BODY has it. */
export function bodyStructure(extended: boolean): fc.Arbitrary<BodyStructure> {
  const none = fc.constant({});
  const single = extended ? singleExtension : none;
  const multi = extended
    ? fc
        .tuple(fc.boolean(), parameters, extension)
        .map(([isSent, sent, rest]) => (isSent ? { parameters: sent, ...rest } : {}))
    : none;
  return fc.letrec<{ body: BodyStructure }>((tie) => ({
    body: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc
        .tuple(
          record<Base & { type: ImapText; subtype: ImapText }>({
            ...base,
            type: fc.constantFrom('APPLICATION', 'image', 'X-Other', 'é', 'AUDIO'),
            subtype: fc.oneof(fc.constantFrom('PDF', 'pkcs7-mime', 'OCTET-STREAM'), imapText),
          }),
          single,
        )
        .map(([fields, rest]): BodyStructure => ({ kind: 'basic', ...fields, ...rest })),
      fc
        .tuple(
          record<Base & { type: ImapText; subtype: ImapText; lines: number }>({
            ...base,
            type: letterCases('TEXT'),
            subtype: fc.oneof(fc.constantFrom('PLAIN', 'html'), imapText),
            lines: number,
          }),
          single,
        )
        .map(([fields, rest]): BodyStructure => ({ kind: 'text', ...fields, ...rest })),
      fc
        .tuple(
          record<
            Base & {
              type: ImapText;
              subtype: ImapText;
              envelope: ImapEnvelope;
              body: BodyStructure;
              lines: number;
            }
          >({
            ...base,
            type: letterCases('MESSAGE'),
            subtype: fc.oneof(letterCases('RFC822'), letterCases('GLOBAL')),
            envelope,
            body: tie('body'),
            lines: number,
          }),
          single,
        )
        .map(([fields, rest]): BodyStructure => ({ kind: 'message', ...fields, ...rest })),
      fc
        .tuple(
          fc.array(tie('body'), { minLength: 1, maxLength: 3 }),
          fc.oneof(fc.constantFrom('MIXED', 'signed', 'ALTERNATIVE'), imapText),
          multi,
        )
        .map(([parts, subtype, rest]): BodyStructure => ({ kind: 'multipart', parts, subtype, ...rest })),
    ),
  })).body;
}
