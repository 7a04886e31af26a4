import { expect, test } from 'vitest';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseContentDisposition } from '../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../src/mime/fields/content-type.js';
import { parseDate } from '../../src/mime/fields/date.js';
import { decodeEncodedWords } from '../../src/mime/fields/encoded-words.js';
import { textOfHeader } from '../../src/mime/fields/header-text.js';
import { parseListCommand } from '../../src/mime/fields/list-fields.js';
import type { Address, Mailbox } from '../../src/mime/fields/mailbox.js';
import { parseMessageIds } from '../../src/mime/fields/message-id.js';
import type { Parameters } from '../../src/mime/fields/parameter-map.js';
import { parsePhraseList } from '../../src/mime/fields/phrase-list.js';
import { parseReceived } from '../../src/mime/fields/received.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';

interface Case<T> {
  readonly header: string;
  readonly expected: T;
}

interface ExpectedMailbox {
  readonly name: string | null;
  readonly address: string | null;
}

interface ExpectedGroup {
  readonly name: string | null;
  readonly addresses: readonly ExpectedMailbox[];
}

type ExpectedAddresses =
  | { readonly List: readonly ExpectedMailbox[] }
  | { readonly Group: readonly ExpectedGroup[] };

interface ExpectedContentType {
  readonly c_type: string;
  readonly c_subtype: string | null;
  readonly attributes?: readonly (readonly [string, string])[];
}

interface ExpectedDate {
  readonly [part: string]: number | boolean;
}

type ExpectedHost = { readonly Name: string } | { readonly IpAddr: string } | undefined;

interface ExpectedReceived {
  readonly from: ExpectedHost;
  readonly from_ip?: string;
  readonly from_iprev?: string;
  readonly helo: ExpectedHost;
  readonly ident?: string;
  readonly by: ExpectedHost;
  readonly via?: string;
  readonly with?: string;
  readonly id?: string;
  readonly for_?: string;
  readonly tls_version?: string;
  readonly tls_cipher?: string;
  readonly date: ExpectedDate | null;
}

/** The number of a case, or of several, and why another view is held of it. */
type OtherViews = Readonly<Record<string, string>>;

/**
 * Declares a test that every case of a file is the same, but those that are
 * named with their reasons, which are all different.
 */
function compare<T>(
  file: string,
  total: number,
  others: OtherViews,
  theirs: (expected: T) => unknown,
  ours: (value: string, expected: T) => unknown,
): void {
  const named = Object.keys(others)
    .flatMap((numbers) => numbers.split(' '))
    .map(Number)
    .sort((a, b) => a - b);
  test(`of ${total} values of ${file}.json, ${total - named.length} are the same, ${named.length} others for a reason`, () => {
    const cases = readCorpusJson<Case<T>[]>(`mail-parser/${file}.json`);
    const differing = cases.flatMap(({ header, expected }, i) =>
      JSON.stringify(ours(fieldValue(header), expected)) === JSON.stringify(theirs(expected)) ? [] : [i],
    );
    expect(cases.length).toBe(total);
    expect(differing).toEqual(named);
  });
}

/** The value as a message holds it: it ends before the first line end that no blank follows; what comes then is another field or the body. */
function fieldValue(header: string): string {
  const octets = bytesFromUtf8(header.split(/\r?\n(?![ \t\r\n]|$)/)[0]!.split('\n\n')[0]!);
  return textOfHeader(octets, 0, octets.length).text;
}

describeCorpus('mail-parser', () => {
  compare<string>(
    'unstructured',
    30,
    { '21 27 28': 'no blank is made up before an encoded word that follows a word directly' },
    (expected) => oneBlank(expected),
    // There folds and blanks become one blank; RFC 5322 §2.2.3 takes away the line end alone.
    (value) => oneBlank(decodeEncodedWords(value).text),
  );

  compare<readonly string[] | null>(
    'id',
    11,
    { '6': 'blanks and comments within an id are no part of it (RFC 5322 §4.5.4); there they are' },
    (expected) => expected ?? [],
    (value) => parseMessageIds(value),
  );

  compare<readonly string[]>(
    'list',
    7,
    {},
    (expected) => expected,
    (value) => parsePhraseList(value),
  );

  const noType = 'what has no type/subtype is text/plain with its parameters (RFC 2045 §5.2)';
  compare<ExpectedContentType | null>(
    'content_type',
    103,
    {
      '34': 'blanks between encoded words go, in quotes as well (RFC 2047 §6.2)',
      '43 62 63 65 66 71 72': noType,
      '47 48 58': 'a value with an equals sign is a parameter whose type was forgotten',
      '49': 'a parameter without text is one',
      '54': 'a type is ASCII (RFC 2045 §5.1)',
      '55 56': 'blanks at the end of the field are no part of a quoted string that has no end',
      '59 61': 'asterisks that RFC 2231 does not know are part of the name',
      '39 67 68 69': 'a disposition is one word; with a slash it is malformed',
      '76 77 78': 'a subtype has no slash in it (RFC 2045 §5.1)',
    },
    (expected) =>
      expected === null
        ? ['text', 'plain', []]
        : [expected.c_type, expected.c_subtype, [...(expected.attributes ?? [])].sort()],
    (value, expected) => {
      // There Content-Disposition is read by the same function.
      if (expected !== null && expected.c_subtype === null) {
        const { type, parameters } = parseContentDisposition(value);
        return [type, null, attributes(parameters)];
      }
      const { type, subtype, parameters } = parseContentType(value);
      return [type, subtype, expected === null ? parameters.all : attributes(parameters)];
    },
  );

  compare<ExpectedDate | null>(
    'date',
    40,
    {
      '10 12': 'a month has a name, not a number (RFC 5322 §3.3)',
      '28': 'a Received field is no date; its date is read by parseReceived',
      '30': 'a zone that RFC 5322 §4.3 does not know counts as UTC',
    },
    (expected) => timeOf(expected),
    (value) => parseDate(value)?.getTime(),
  );

  compare<ExpectedAddresses>(
    'address',
    60,
    {
      '9': 'folds are undone before quoted pairs are; there a line end can be quoted',
      '10 11': 'the comments of a group are those of no mailbox, and are no mailboxes',
      '42': 'the NO of List-Post (RFC 2369 §3.4) is no address',
    },
    (expected) => ('List' in expected ? expected.List.map(theirMailbox) : expected.Group.flatMap(theirGroup)),
    (value) => {
      // There the URLs of List-* fields are addresses.
      if (!/^(?:\([^)]*\)\s*)?<(?:https?|ftp|mailto):/.test(value))
        return parseAddressList(value).map(ourAddress);
      return parseListCommand(value).urls.map(({ url, comment }) => `${comment ?? ''}<${url}>`);
    },
  );

  compare<ExpectedReceived>(
    'received',
    181,
    {
      '28 29 30 39 125': 'a slash ends no word',
      '32 33 95': 'BSMTP is a protocol of its own',
      '50 64 65 86 87 97 116 119 120 126 129 151':
        'in user@host the user is what the client said, the host what the server saw (RFC 1413)',
      '6 98 113': 'the account that a client proved is its user',
      '68': 'words that RFC 5321 §4.4 does not know belong to the clause that they stand in',
      '13 117 118': 'a date in the order of C’s asctime is one',
      '67 163': 'PST and PDT are zones (RFC 5322 §4.3); there they are UTC',
      '89 90': 'years of two digits from 00 to 49 are those of this century (RFC 5322 §4.3)',
      '128': 'years of two digits, and nothing comes after the date (RFC 5321 §4.4)',
      '138': 'an underscore is no part of a date',
      '144': 'fractions of seconds do not end a date; there the seconds go with them',
      '123': 'of a clause that stands there twice the first counts',
      '148': 'addresses are told as they are written',
      '153': 'a recipient without a domain is one',
      '154': 'a cipher that is called OTHER is told',
      '155': 'what stands in the words of “with” is no comment on TLS',
      '165 171': 'a comment that does not begin with “from” names no client',
    },
    (expected) => [
      hostOf(expected.from),
      expected.from_ip,
      expected.from_iprev,
      hostOf(expected.helo),
      expected.ident,
      hostOf(expected.by),
      expected.via,
      expected.with?.toUpperCase(),
      expected.id,
      expected.for_,
      expected.tls_version?.replace('_', '.'),
      expected.tls_cipher,
      timeOf(expected.date),
    ],
    (value) => {
      const { from, by, via, protocol, id, for: recipient, tls, date } = parseReceived(value);
      return [
        from?.name,
        from?.address,
        from?.reverseName,
        from?.helo,
        from?.user,
        by,
        via,
        protocol,
        id,
        recipient,
        tls?.version,
        tls?.cipher,
        date?.getTime(),
      ];
    },
  );
});

function oneBlank(text: string): string {
  return text.replace(/[ \t]+/g, ' ');
}

/** There the language of a parameter is one more parameter, and the order is that of the decoding. */
function attributes(parameters: Parameters): unknown {
  return parameters.all
    .flatMap(({ name, value, language }) => [
      ...(language === undefined ? [] : [[`${name}-language`, language]]),
      [name, value],
    ])
    .sort();
}

/** There a comment is part of the name, blanks around dots and routes part of the address. */
function theirMailbox({ name, address }: ExpectedMailbox): string {
  return `${name ?? ''}<${(address ?? '').replace(/^@[^:]*:/, '').replace(/ *\. */g, '.')}>`;
}

function theirGroup({ name, addresses }: ExpectedGroup): unknown[] {
  const members = addresses.map(theirMailbox);
  return name === null ? members : [[name, members]];
}

function ourAddress(address: Address): unknown {
  return 'members' in address ? [address.name, address.members.map(ourMailbox)] : ourMailbox(address);
}

function ourMailbox({ name, address, comments }: Mailbox): string {
  const fromComment = name === comments.at(-1);
  const comment = fromComment ? '' : comments.map((each) => `${each}`).join(' ');
  return `${name ?? ''}${comment === '' ? '' : ` (${comment})`}<${address}>`;
}

function hostOf(host: ExpectedHost): string | undefined {
  return host === undefined ? undefined : 'Name' in host ? host.Name : host.IpAddr;
}

function timeOf(date: ExpectedDate | null): number | undefined {
  if (date === null) return undefined;
  const number = (name: string): number => Number(date[name]);
  const zone = (number('tz_hour') * 60 + number('tz_minute')) * (date['tz_before_gmt'] === true ? -1 : 1);
  const [year, month, day] = [number('year'), number('month') - 1, number('day')];
  return Date.UTC(year, month, day, number('hour'), number('minute') - zone, number('second'));
}
