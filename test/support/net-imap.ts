import { latin1FromBytes } from '../../src/core/bytes.js';
import type {
  ExtendedSearchResponse,
  ImapResponse,
  MailboxStatus,
  NamespaceEntry,
  OtherResponse,
  ThreadNode,
} from '../../src/imap/response/response.js';
import type { ResponseCode } from '../../src/imap/response/response-code.js';
import { decodeText, type ImapText } from '../../src/imap/text.js';
import { type MailboxName, mailboxToWire } from '../../src/imap/values/mailbox-name.js';
import { formatSequenceSet, type SequenceSet } from '../../src/imap/values/sequence-set.js';
import { type ImapValue, writeValues } from '../../src/imap/values/value.js';
import { written } from './imap-syntax.js';
import { fetchData } from './net-imap-fetch.js';
import { flag, integer, optional, plainValue, struct } from './net-imap-values.js';

/*
 * Our responses in the shapes of Ruby's net-imap, as the corpus has them: so
 * that two readers of the same octets can be compared value by value.
 */

const set = (value: SequenceSet): unknown => struct('SequenceSet', { string: formatSequenceSet(value) });
const mailbox = (name: MailboxName): string => decodeText(mailboxToWire(name, false));
const upper = (words: readonly string[]): string[] => words.map((word) => word.toUpperCase());

/** A response as net-imap has it, without `raw_data`. */
export function asNetImap(response: ImapResponse): unknown {
  if (response.type === '+')
    return struct('ContinuationRequest', { data: statusText(response.code, response.text) });
  if (response.type === 'OK' || response.type === 'NO' || response.type === 'BAD') {
    const data = statusText(response.code, response.text);
    if (response.tag !== undefined)
      return struct('TaggedResponse', { tag: response.tag, name: response.type, data });
    return struct('UntaggedResponse', { name: response.type, data });
  }
  if (response.type === 'other' && response.name === 'NOOP')
    return struct('IgnoredResponse', { name: 'NOOP', data: ignored(response) });
  const name = response.type === 'other' ? response.name : response.type;
  return struct('UntaggedResponse', { name, data: untaggedData(response) });
}

function ignored({ number, values }: OtherResponse): unknown {
  if (values.length === 0) return number ?? null;
  const unparsed = written(writeValues, values);
  return number === undefined
    ? struct('UnparsedData', { unparsed_data: unparsed })
    : struct('UnparsedNumericResponseData', { number, unparsed_data: unparsed });
}

function statusText(code: ResponseCode | undefined, text: ImapText): unknown {
  return struct('ResponseText', {
    code: code === undefined ? null : responseCode(code),
    text: decodeText(text),
  });
}

function responseCode(code: ResponseCode): unknown {
  const name = code.code === 'other' ? code.name.toUpperCase() : code.code;
  return struct('ResponseCode', { name, data: codeData(code) });
}

function codeData(code: ResponseCode): unknown {
  switch (code.code) {
    case 'BADCHARSET':
      return code.charsets.map((charset) => decodeText(charset));
    case 'CAPABILITY':
      return upper(code.capabilities);
    case 'PERMANENTFLAGS':
      return code.flags.map(flag);
    case 'UIDNEXT':
    case 'UIDVALIDITY':
    case 'UNSEEN':
      return code.number;
    case 'HIGHESTMODSEQ':
      return integer(code.modseq);
    case 'MODIFIED':
      return set(code.set);
    case 'APPENDUID':
      return struct('AppendUIDData', { uidvalidity: code.uidValidity, assigned_uids: set(code.uids) });
    case 'COPYUID':
      return struct('CopyUIDData', {
        uidvalidity: code.uidValidity,
        source_uids: set(code.from),
        assigned_uids: set(code.to),
      });
    case 'MAILBOXID':
      return code.id;
    case 'other': {
      const values = code.values === undefined ? null : written(writeValues, code.values);
      return struct('InvalidParseData', {
        unparsed_data: code.octets === undefined ? values : latin1FromBytes(code.octets),
      });
    }
    default:
      return null;
  }
}

function untaggedData(response: Exclude<ImapResponse, { type: '+' | 'OK' | 'NO' | 'BAD' }>): unknown {
  switch (response.type) {
    case 'PREAUTH':
    case 'BYE':
      return statusText(response.code, response.text);
    case 'CAPABILITY':
    case 'ENABLED':
      return upper(response.capabilities);
    case 'FLAGS':
      return response.flags.map(flag);
    case 'EXISTS':
    case 'RECENT':
    case 'EXPUNGE':
      return response.number;
    case 'FETCH':
      return struct('FetchData', { seqno: response.number, attr: fetchData(response) });
    case 'UIDFETCH':
      return struct('UIDFetchData', { uid: response.number, attr: fetchData(response) });
    case 'SEARCH':
    case 'SORT':
      return struct('SearchResult', {
        items: response.numbers,
        modseq: response.modseq === undefined ? null : integer(response.modseq),
      });
    case 'ESEARCH':
      return extendedSearch(response);
    case 'THREAD':
      return response.threads.map(threadMember);
    case 'VANISHED':
      return struct('VanishedData', { uids: set(response.uids), earlier: response.earlier });
    default:
      return mailboxData(response);
  }
}

function mailboxData(response: ImapResponse): unknown {
  switch (response.type) {
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return struct('MailboxList', {
        attr: response.attributes.map(flag),
        delim: response.delimiter ?? null,
        name: mailbox(response.mailbox),
      });
    case 'STATUS':
      return struct('StatusData', { mailbox: mailbox(response.mailbox), attr: statusData(response.status) });
    case 'NAMESPACE':
      return struct('Namespaces', {
        personal: response.personal.map(namespace),
        other: response.otherUsers.map(namespace),
        shared: response.shared.map(namespace),
      });
    case 'ID':
      if (response.fields === undefined) return null;
      return Object.fromEntries(
        response.fields.map(({ name, value }) => [decodeText(name), optional(value)]),
      );
    case 'QUOTA':
      return struct('MailboxQuota', {
        mailbox: decodeText(response.root),
        usage: String(response.resources[0]?.usage),
        quota: String(response.resources[0]?.limit),
      });
    case 'QUOTAROOT':
      return struct('MailboxQuotaRoot', {
        mailbox: mailbox(response.mailbox),
        quotaroots: response.roots.map((root) => decodeText(root)),
      });
    case 'ACL':
      return response.entries.map(({ identifier, rights }) =>
        struct('MailboxACLItem', {
          user: decodeText(identifier),
          rights: decodeText(rights),
          mailbox: mailbox(response.mailbox),
        }),
      );
    default:
      throw new Error(`no case of the corpus has ${response.type}`);
  }
}

function namespace({ prefix, delimiter, extensions = [] }: NamespaceEntry): unknown {
  return struct('Namespace', {
    prefix: mailbox(prefix),
    delim: delimiter ?? null,
    extensions: Object.fromEntries(
      extensions.map(({ name, values }) => [decodeText(name), values.map((value) => decodeText(value))]),
    ),
  });
}

function statusData(status: MailboxStatus): unknown {
  const known = {
    MESSAGES: status.messages,
    RECENT: status.recent,
    UIDNEXT: status.uidNext,
    UIDVALIDITY: status.uidValidity,
    UNSEEN: status.unseen,
    DELETED: status.deleted,
    HIGHESTMODSEQ: status.highestModSeq,
    'DELETED-STORAGE': status.deletedStorage,
    SIZE: status.size,
  };
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(known))
    if (value !== undefined) attributes[name] = integer(value);
  if (status.mailboxId !== undefined) attributes.MAILBOXID = status.mailboxId;
  for (const { name, value } of status.other ?? []) attributes[name.toUpperCase()] = extensionValue(value);
  return attributes;
}

/** `tagged-ext-val`: a number, a set, or values in parentheses. */
function extensionValue(value: ImapValue): unknown {
  if (value.type === 'atom' && /^\d+$/.test(value.text)) return Number(value.text);
  if (value.type === 'atom')
    return struct('ExtensionData', { data: struct('SequenceSet', { string: value.text }) });
  return struct('ExtensionData', { data: plainValue(value) });
}

function extendedSearch(search: ExtendedSearchResponse): unknown {
  const data: [string, unknown][] = [];
  if (search.min !== undefined) data.push(['MIN', search.min]);
  if (search.max !== undefined) data.push(['MAX', search.max]);
  if (search.count !== undefined) data.push(['COUNT', search.count]);
  if (search.all !== undefined) data.push(['ALL', set(search.all)]);
  if (search.modseq !== undefined) data.push(['MODSEQ', integer(search.modseq)]);
  if (search.partial !== undefined) {
    const numbers = search.partial.range.split(':').map(Number);
    data.push([
      'PARTIAL',
      struct('ESearchResult::PartialResult', {
        range: struct('Range', { begin: Math.min(...numbers), end: Math.max(...numbers), excl: false }),
        results: search.partial.set === undefined ? null : set(search.partial.set),
      }),
    ]);
  }
  return struct('ESearchResult', { tag: optional(search.correlator), uid: search.isUid, data });
}

function threadMember({ id, children }: ThreadNode): unknown {
  return struct('ThreadMember', { seqno: id ?? null, children: children.map(threadMember) });
}
